"""Applying fixes: edits that do not overlap, made to the text, which is then linted again before anybody gets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from mllint.finding import Applicability, Edit, Finding, Severity
from mllint.lint import FileResult, decode
from mllint.source import Source

#: One repair can open the way for the next, but a file is not turned round for ever.
_ROUNDS = 10

Lint = Callable[[Source], FileResult]


class Fixed(NamedTuple):
    """A text whose fixes are made."""

    source: Source
    #: The findings that are gone, in the order in which they were mended.
    mended: tuple[Finding, ...]


def fix(source: Source, lint: Lint, *, unsafe: bool = False) -> Fixed:
    """The text with all fixes made that are safe; with `unsafe`, also those that somebody should look at.

    `lint` marks what is suppressed, and that is left alone. A fix stays only when the text can be read as before, the
    finding is gone, and there are no more errors than before; all are tried together first, then one after the other.
    """
    mended: list[Finding] = []
    refused: set[tuple[str, str, str]] = set()
    before = lint(source)
    for _ in range(_ROUNDS):
        chosen = _without_overlaps(each for each in _fixable(before, source, unsafe) if _key(each) not in refused)
        if not chosen:
            break
        found = _tried(source, before, chosen, lint)
        if found is None:
            # One of them spoils it for the others: each is added to those that get on.
            kept: list[Finding] = []
            for each in chosen:
                more = _tried(source, before, [*kept, each], lint)
                if more is None:
                    refused.add(_key(each))
                else:
                    kept, found = [*kept, each], more
            chosen = kept
        if found is not None:
            source, before = found
            mended += chosen
    return Fixed(source, tuple(mended))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; they must not overlap."""
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end), reverse=True):
        text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    return text


def _fixable(result: FileResult, source: Source, unsafe: bool) -> list[Finding]:
    """The findings whose fix may be made, all of it in the file itself."""
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    return [
        each
        for each in result.findings
        if each.suppressed is None
        and each.fix is not None
        and each.fix.edits
        and each.fix.applicability in allowed
        and all(edit.span.source is source for edit in each.fix.edits)
    ]


def _without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in order, without those whose edits touch an earlier one's; the same edit is made once."""
    taken: list[Edit] = []
    chosen: list[Finding] = []
    for each in findings:
        edits = each.fix.edits if each.fix is not None else ()
        if not any(_touch(edit, other) for edit in edits for other in taken):
            taken += edits
            chosen.append(each)
    return chosen


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits are in each other's way; insertions at one place are, for their order would be chance."""
    if one == other:
        return True
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def _tried(source: Source, before: FileResult, chosen: list[Finding], lint: Lint) -> tuple[Source, FileResult] | None:
    """The text with the fixes and what is said of it; None when that is not better."""
    edits = [edit for each in chosen if each.fix is not None for edit in each.fix.edits]
    text = edited(source.text, edits)
    # As it will be read from the disk.
    fresh = decode(source.path, text.encode("utf-8"))
    after = lint(fresh)
    if after.report is None or len(after.errors) > len(before.errors):
        return None
    was, left = _counted(before), _counted(after)
    if any(left[rule] > was[rule] - count for rule, count in Counter(each.rule for each in chosen).items()):
        return None
    return (fresh, after) if _errors(after) <= _errors(before) else None


def _counted(result: FileResult) -> Counter[str]:
    return Counter(each.rule for each in result.findings if each.suppressed is None)


def _errors(result: FileResult) -> int:
    return sum(each.severity is Severity.ERROR for each in result.findings if each.suppressed is None)


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.span.text, finding.message
