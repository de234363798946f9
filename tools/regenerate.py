#!/usr/bin/env python3
"""Writes what is generated: the expected reports of fixtures/projects and the marked parts of README.md.

    python tools/regenerate.py

The tests compare both with what mllint says; run this after a change that is meant, and read the difference.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from mllint.cli import main

ROOT = Path(__file__).resolve().parent.parent
PROJECTS = ROOT / "fixtures" / "projects"
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


def readme(text: str) -> str:
    """The README with its generated parts made anew."""

    def fill(match: re.Match[str]) -> str:
        command = match["command"]
        if "--format markdown" in command:
            return f"{match[1]}{report(command)}{match[4]}"
        # The README shows what a terminal shows.
        shown = command if "--" in command else f"{command} --format full"
        return f"{match[1]}```console\n$ {command}\n{report(shown).rstrip()}\n```\n{match[4]}"

    return _BLOCK.sub(fill, text)


def run() -> None:
    """Writes all of it."""
    for project in sorted(PROJECTS.iterdir()):
        (project / "expected.txt").write_text(project_report(project.name), encoding="utf-8")
    path = ROOT / "README.md"
    path.write_text(readme(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    run()
