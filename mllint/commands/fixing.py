"""`mllint check --fix` and `--diff`: makes the fixes in the files, or shows what they would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

import click

from mllint.commands.console import say
from mllint.commands.rewriting import replace
from mllint.fixer import Fixed, fix
from mllint.lint import FileResult, Linter, ReadError, read_source
from mllint.report.run import ErrorReport
from mllint.report.text import counted

if TYPE_CHECKING:
    from mllint.source import Source

TakeBack = Callable[[FileResult], FileResult]


def check_fixing(paths: tuple[str, ...], options: Mapping[str, Any]) -> None:
    """Raises click.UsageError for options that do not go together."""
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if not (options["fix"] or options["diff"]):
        return
    if options["fix"] and options["diff"]:
        raise click.UsageError("--diff shows what --fix would write: take one of them")
    name = "--fix" if options["fix"] else "--diff"
    if "-" in paths:
        raise click.UsageError(f"{name} works on files; the standard input is none")
    if options["add_ignore"] is not None:
        raise click.UsageError(f"{name} and --add-ignore both rewrite the files: take one of them")
    if options["diff"] and (options["format_name"] is not None or options["statistics"]):
        raise click.UsageError("--diff is a report of its own: leave --format and --statistics out")


def fix_files(files: Iterable[str], linter: Linter, known: TakeBack, *, unsafe: bool) -> list[ErrorReport]:
    """Writes the files whose fixes are made, and says so; what cannot be written comes back. Raises ConfigError.

    `known` marks what a baseline, or `--diff-base`, takes back.
    """
    errors = []
    for path, _, fixed in _fixed(files, linter, known, unsafe=unsafe):
        try:
            replace(path, fixed.source.text)
        except ReadError as error:
            errors.append(ErrorReport(path, str(error)))
        else:
            rules = ", ".join(sorted({each.rule for each in fixed.mended}))
            say(f"{path}: {counted(len(fixed.mended), 'finding')} fixed ({rules})")
    return errors


def differences(files: Iterable[str], linter: Linter, known: TakeBack, *, unsafe: bool) -> list[str]:
    """What the fixes would change: a unified diff for each file that has some. Raises ConfigError."""
    return [
        _diff(path, source.text, fixed.source.text)
        for path, source, fixed in _fixed(files, linter, known, unsafe=unsafe)
    ]


def _fixed(
    files: Iterable[str], linter: Linter, known: TakeBack, *, unsafe: bool
) -> Iterable[tuple[str, Source, Fixed]]:
    for path in files:
        try:
            source = read_source(path)
        except ReadError:
            # The report says so.
            continue
        fixed = fix(source, lambda text: known(linter.lint(text)), unsafe=unsafe)
        if fixed.mended:
            yield path, source, fixed


def _diff(path: str, before: str, after: str) -> str:
    """As `git apply` and `patch` read it: lines end as the file's do, and one without an end is marked."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Parted at line feeds alone: others, such as a form feed, are text of a line."""
    parts = text.split("\n")
    return [f"{line}\n" for line in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
