"""The pages under docs/ are what the code generates, and what they show and link to exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest
import yaml
from click.testing import CliRunner

from mllint.cli import main
from mllint.config.load import Configuration
from mllint.config.settings import BY_NAME
from tools.documentation import DOCS, FAMILIES, RULES, rule_files, rules, table_of_keys
from tools.regenerate import ROOT, filled, guides

GUIDES = [path.name for path in guides()]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
STALE = "run `python -m tools.regenerate` and read the difference"


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[str]:
    return re.findall(rf"^```(?:{'|'.join(languages)})\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def calls() -> list[str]:
    """The command lines of the guides that call mllint."""
    lines = [line for name in GUIDES for block in blocks(text_of(name), "sh") for line in block.splitlines()]
    words = (re.split("[#<>]", line)[0].strip() for line in lines)
    return sorted({line for line in words if line.split()[:1] == ["mllint"]})


def paths(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command and those below it, by what one types."""
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from paths(child, f"{path} {name}")


def leaves(command: click.Command) -> Iterator[click.Command]:
    """The commands below a group."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from leaves(child)
    else:
        yield command


def test_the_rules_pages_are_up_to_date():
    assert {path.name: path.read_text(encoding="utf-8") for path in RULES.iterdir()} == rule_files(), STALE


def test_every_family_has_one_heading():
    headings = re.findall(r"^## (.+)$", rule_files()["index.md"], re.MULTILINE)
    digits = {each.rule.id[2] for each in rules()}

    assert headings == [title for digit, title in FAMILIES.items() if digit in digits]


def test_a_page_is_what_explain_prints():
    shown = CliRunner().invoke(main, ["explain", "--isolated", "--color", "never", "ML303"]).output

    assert (RULES / "ML303-unknown-cuda-wheel-index.md").read_text(encoding="utf-8") == shown


def test_fences_name_a_language_and_nothing_else():
    """Python-Markdown shows other fences as they are."""
    found = [name for name, text in rule_files().items() if re.search(r"^```\w+[^\w\n]", text, re.MULTILINE)]

    assert found == []


def test_lists_begin_after_an_empty_line():
    """Behind a line of prose, Python-Markdown shows the dashes of a list as they are; other readers do not."""
    prose_then_list = re.compile(r"^(?![-#|` ]|\d+\.).+\n- ", re.MULTILINE)
    found = [name for name, text in rule_files().items() if prose_then_list.search(text)]

    assert found == []


@pytest.mark.parametrize("name", GUIDES)
def test_the_generated_parts_of_a_guide_are_up_to_date(name, monkeypatch):
    monkeypatch.chdir(ROOT)

    assert filled(text_of(name)) == text_of(name), STALE


@pytest.mark.parametrize("name", [*GUIDES, *sorted(f"rules/{path.name}" for path in RULES.iterdir())])
def test_relative_links_lead_to_a_page(name):
    page = DOCS / name
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", FENCED.sub("", text_of(name)))
    targets = [page.parent / link for link in links if "://" not in link]

    assert [path for path in targets if not path.is_file() or DOCS not in path.resolve().parents] == []


def test_the_site_has_every_guide():
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    pages = {page for entry in config["nav"] for page in entry.values()}

    assert pages == {*GUIDES, "rules/index.md"}


def test_ci_builds_the_site_strictly():
    assert "mkdocs build --strict" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_key_has_a_row():
    assert re.findall(r"^\| `([a-z-]+)` \|", table_of_keys(), re.MULTILINE) == list(BY_NAME)


def test_the_configuration_is_the_same_in_both_languages(tmp_path):
    settings = []
    for language, name in (("toml", "pyproject.toml"), ("yaml", ".mllint.yaml")):
        (tmp_path / language).mkdir()
        (tmp_path / language / name).write_text(blocks(text_of("configuration.md"), language)[0], encoding="utf-8")
        found = Configuration().for_file(str(tmp_path / language / "Dockerfile"))
        lists = [each._replace(origin="") for each in found.selectors]
        settings.append(found._replace(path=None, root="", origin="", prefix="", selectors=tuple(lists)))

    assert settings[0] == settings[1]
    assert settings[0].driver == "535.104.05"


@pytest.mark.parametrize("name", GUIDES)
def test_the_examples_of_configurations_are_accepted(name, tmp_path):
    for block in blocks(text_of(name), "toml"):
        (tmp_path / "pyproject.toml").write_text(block, encoding="utf-8")
        settings = Configuration().for_file(str(tmp_path / "Dockerfile"))

        assert settings.path is not None or "[tool.mllint" not in block


def test_every_command_and_option_is_documented():
    text = text_of("commands.md")
    sections = dict(re.findall(r"^### (mllint[^\n]*)\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL))
    commands = dict(paths(main, "mllint"))

    assert sections.keys() == commands.keys()
    for path, command in commands.items():
        options = {name for parameter in command.params for name in parameter.opts if name.startswith("-")}
        assert {name for name in options if not re.search(rf"(?<![\w-]){name}(?![\w-])", sections[path])} == set(), path


def test_the_calls_in_the_guides_are_accepted(monkeypatch):
    for command in leaves(main):
        monkeypatch.setattr(command, "callback", lambda **_: None)

    def refused(call: str) -> bool:
        return CliRunner().invoke(main, shlex.split(call)[1:]).exit_code != 0

    assert [call for call in calls() if refused(call)] == []
    assert len(calls()) > 5
    assert refused("mllint baseline destroy")
    assert refused("mllint --no-such-option")


def test_the_codes_and_names_of_the_guides_exist():
    known = {rule.rule.id for rule in rules()}
    codes = {code for name in GUIDES for code in re.findall(r"\bML\d{3}\b", text_of(name))}

    assert codes <= known
