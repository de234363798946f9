#!/usr/bin/env python3
"""Writes what is generated: the expected reports of fixtures/projects, the schema of the configuration, the rules'
pages under docs/rules, and the marked parts of README.md and of the guides in docs/.

    python -m tools.regenerate

The tests compare all of it with what mllint says; run this after a change that is meant, and read the difference.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from mllint.cli import main
from mllint.commands.configuration import schema_text
from mllint.plugins import load_plugins
from tools.documentation import DOCS, RULES, TABLES, rule_files

ROOT = Path(__file__).resolve().parent.parent
PROJECTS = ROOT / "fixtures" / "projects"
CONFIG_SCHEMA = ROOT / "mllint" / "schemas" / "config.schema.json"
_BLOCK = re.compile(r"(<!-- generated: (?P<command>[^>]*?) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)


def report(command: str) -> str:
    """What `mllint …` prints, run in the repository's root."""
    result = CliRunner().invoke(main, shlex.split(command)[1:], prog_name="mllint")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def project_report(name: str) -> str:
    """The expected report of a project: one finding a line, paths from the project's folder."""
    text = report(f"mllint check --isolated --format concise {shlex.quote(f'fixtures/projects/{name}')}")
    return text.replace(f"fixtures/projects/{name}/", "")


def config_schema() -> str:
    """The schema of the configuration, for the built-in rules."""
    return schema_text(load_plugins(isolated=True))


def filled(text: str) -> str:
    """The text of a page with its generated parts made anew."""

    def fill(match: re.Match[str]) -> str:
        return f"{match[1]}{_part(match['command'])}{match[4]}"

    return _BLOCK.sub(fill, text)


def _part(command: str) -> str:
    """What stands between the marks: a table, or a command and what a terminal shows."""
    if command in TABLES:
        return TABLES[command]()
    if "--format markdown" in command:
        return report(command)
    lints = "/" in command.split()[1] and "--format" not in command
    shown = f"{command} --format full" if lints else command
    return f"```console\n$ {command}\n{report(shown).rstrip()}\n```\n"


def guides() -> list[Path]:
    """The pages that are written by hand."""
    return sorted(DOCS.glob("*.md"))


def run() -> None:
    """Writes all of it."""
    for project in sorted(PROJECTS.iterdir()):
        (project / "expected.txt").write_text(project_report(project.name), encoding="utf-8")
    CONFIG_SCHEMA.write_text(config_schema(), encoding="utf-8")
    write_docs()
    _fill(ROOT / "README.md")


def write_docs() -> None:
    """Writes what is generated under docs/, and removes the pages of rules that are gone."""
    files = rule_files()
    RULES.mkdir(parents=True, exist_ok=True)
    for path in RULES.iterdir():
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (RULES / name).write_text(text, encoding="utf-8")
    for path in guides():
        _fill(path)


def _fill(path: Path) -> None:
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    run()
