"""`mllint check --add-ignore REASON`: writes ignore comments for what is found now."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from mllint.commands import CLEAN, FAILED, MISUSED
from mllint.commands.console import complain, say
from mllint.commands.rewriting import replace
from mllint.lint import FileResult, Linter, ReadError, decode, read_source
from mllint.report.run import ErrorReport
from mllint.report.text import counted
from mllint.suppress import Region, Suppressions
from mllint.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mllint.finding import Finding
    from mllint.source import Source
    from mllint.syntax.nodes import Dockerfile

#: What a report would need, and this command does not write.
_REPORTING = ("format_name", "output", "statistics", "show_files", "show_suppressed")


def check_reason(reason: str, options: Mapping[str, Any]) -> None:
    """Raises click.UsageError for what is no reason, and for options of a report."""
    if (
        not re.search(r"\w", re.sub(r"(?i)\b(until ?= ?\S*|reason\s*=)", "", reason))
        or "\n" in reason
        or "\r" in reason
    ):
        raise click.BadParameter("say why in one line; until=2027-01-31 may stand before it", param_hint="--add-ignore")
    if any(options[name] for name in _REPORTING):
        raise click.UsageError("--add-ignore writes comments into the files, and no report")


def add_ignores(
    files: Iterable[str],
    reason: str,
    linter: Linter,
    take_back: Callable[[FileResult], FileResult],
) -> int:
    """Writes the comments; `take_back` marks what a baseline knows. The exit code is the result.

    A file is written only when it parses to the same instructions afterwards, and exactly what the comments are for is
    taken back. Raises ConfigError.
    """
    errors: list[ErrorReport] = []
    crashed = False
    for path in files:
        try:
            source = read_source(path)
        except ReadError as error:
            errors.append(ErrorReport(path, str(error)))
            continue
        before = linter.lint(source)
        errors.extend(before.errors)
        crashed = crashed or before.crashed
        text, count = with_ignores(source, take_back(before).findings, reason, linter)
        if not count:
            continue
        try:
            after = decode(path, text.encode())
            if not _fits(before, source, linter.lint(after), after):
                raise ReadError("is left as it is: the comments would change more than they should")
            replace(path, text)
        except ReadError as error:
            errors.append(ErrorReport(path, str(error)))
        else:
            say(f"{path}: {counted(count, 'ignore comment')} added")
    complain(errors)
    if crashed:
        return FAILED
    return MISUSED if errors else CLEAN


def with_ignores(source: Source, findings: Iterable[Finding], reason: str, linter: Linter) -> tuple[str, int]:
    """The text with a comment above each instruction that has findings, and how many there are.

    What is found in no instruction (in the `.dockerignore`, say) gets one comment for the file, above the first
    instruction. What ML003 says of comments is never ignored.
    """
    dockerfile = parse(source)
    suppressions = Suppressions.parse(dockerfile, linter.registry)
    codes: dict[Region, set[str]] = {}
    for finding in findings:
        if finding.suppressed is None and finding.rule != "ML003":
            codes.setdefault(suppressions.regions(finding)[0], set()).add(finding.rule)
    text, count = source.text, 0
    # From the end, so that the places of those before stay; the file's own comes above the first instruction's.
    for region in sorted(codes, key=lambda each: (each.scope == "instruction", each.at), reverse=True):
        at = region.at if region.scope == "instruction" else 0
        if at < len(dockerfile.instructions):
            scope = "" if region.scope == "instruction" else "global "
            comment = f"# mllint {scope}ignore={','.join(sorted(codes[region]))} {reason.strip()}"
            text = _above(text, dockerfile, at, comment)
            count += 1
    return text, count


def _above(text: str, dockerfile: Dockerfile, index: int, comment: str) -> str:
    """The text with a line above an instruction, indented and ended as its own first line is."""
    source = dockerfile.source
    place = dockerfile.instructions[index].span.start
    start = source.line_starts[source.position(place).line - 1]
    if start == 0 and source.text.startswith("\ufeff"):
        start = 1
    line_end = source.text.find("\n", place)
    newline = "\r\n" if line_end > 0 and source.text[line_end - 1] == "\r" else "\n"
    return f"{text[:start]}{source.text[start:place]}{comment}{newline}{text[start:]}"


def _fits(before: FileResult, old: Source, after: FileResult, new: Source) -> bool:
    """Whether a file is the same but for comments, finds the same, and reports less of it."""
    one, two = parse(old), parse(new)
    same = (
        [each.span.text for each in one.instructions] == [each.span.text for each in two.instructions]
        and [each.value for each in one.directives] == [each.value for each in two.directives]
        and [each.message for each in one.problems] == [each.message for each in two.problems]
        and not Counter(each.text for each in one.comments) - Counter(each.text for each in two.comments)
    )
    if not same or after.errors:
        return False
    left, was = _reported(after), _reported(before)
    # A comment that takes nothing back would be a finding more (ML003).
    return not left - was and left != was and _found(before) == _found(after)


def _reported(result: FileResult) -> Counter[tuple[str, str]]:
    return Counter((each.rule, each.span.text) for each in result.findings if each.suppressed is None)


def _found(result: FileResult) -> Counter[tuple[str, str]]:
    return Counter((each.rule, each.span.text) for each in result.findings)
