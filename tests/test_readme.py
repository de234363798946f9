"""What the README shows is what mllint does."""

from __future__ import annotations

import re

import pytest

from mllint.config.load import Configuration
from tools.regenerate import ROOT, filled

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_the_generated_parts_are_up_to_date(monkeypatch):
    monkeypatch.chdir(ROOT)

    assert filled(TEXT) == TEXT, "run tools/regenerate.py and read the difference"


def test_the_first_screen_has_exactly_two_commands():
    commands = blocks("sh")

    assert len(commands) == 2
    assert commands[0].rstrip().endswith(".venv/bin/mllint fixtures/projects/first-look/Dockerfile")
    assert commands[1].rstrip().endswith(".venv/bin/python -m pytest")


def test_ci_runs_the_same_tests():
    assert "python -m pytest" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_configuration_example_is_accepted(tmp_path):
    (example,) = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(example, encoding="utf-8")
    settings = Configuration().for_file(str(tmp_path / "Dockerfile"))

    assert settings.driver == "535.104.05"
    assert settings.rules == {"model-baked-in": {"max-model-size": 50}}


def test_the_python_example_runs(capsys):
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})

    assert "ML101 1 " in capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES)
def test_links_within_the_repository_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]

    assert [link for link in targets if not (ROOT / link).exists()] == []
