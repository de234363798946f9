"""The repository lints its own Dockerfile, and the image gets the versions that the project allows."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner
from packaging.requirements import Requirement

from mllint.cli import main

ROOT = Path(__file__).parent.parent


def test_the_image_passes_the_strict_profile(monkeypatch):
    monkeypatch.chdir(ROOT)
    run = CliRunner().invoke(main, ["check", "--isolated", "--profile", "strict", "--fail-on", "info", "Dockerfile"])

    assert run.exit_code == 0, run.output
    assert "ignore=" not in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_pins_what_the_project_needs():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^dependencies = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    needed = [Requirement(text) for text in re.findall(r'"(.+)",', listed)]
    lines = (ROOT / "container" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))

    for requirement in needed:
        if requirement.marker is None or requirement.marker.evaluate({"python_version": "3.12"}):
            assert requirement.specifier.contains(pinned[requirement.name]), requirement.name


def test_everything_that_is_copied_is_sent():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [word for line in re.findall(r"^COPY (?!--)(.+)$", text, re.MULTILINE) for word in line.split()[:-1]]
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert copied
    assert [name for name in copied if f"!{name}" not in sent or not (ROOT / name).exists()] == []
