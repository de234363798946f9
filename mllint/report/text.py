"""Small helpers for text that is shown: nothing that a linted file contains may steer the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mllint.report.run import Run
    from mllint.source import Span


def visible(text: str, *, unicode: bool = True) -> str:
    r"""The text with control, format and odd space characters written as escapes (`\x1b`, `\u202e`, `\xa0`).

    Without `unicode`, everything outside ASCII is written so.
    """
    if text.isprintable() and (unicode or text.isascii()):
        return text
    return "".join(
        char if char.isprintable() and (unicode or char.isascii()) else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def one_line(text: str) -> str:
    """The text on a single line, safe to print."""
    return visible(" ".join(line.strip() for line in text.splitlines()))


def counted(number: int, word: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def place(span: Span) -> str:
    """Where a range begins, as editors and terminals link it: `path:line:column`."""
    line, column = span.first
    return f"{visible(span.source.path)}:{line}:{column}"


def ended(span: Span) -> Span:
    """The range without the line end that it may close with: its last line is one that has characters in it."""
    end = span.end
    text = span.source.text
    if end > span.start and text[end - 1] == "\n":
        end -= 1
        if end > span.start and text[end - 1] == "\r":
            end -= 1
    return span._replace(end=end)


def summary_line(run: Run) -> str:
    """`3 errors, 5 warnings, 2 notes in 2 files (1 fixable; 1 suppressed)`, and what kept mllint from its work."""
    summary = run.summary
    levels = ((summary.error, "error"), (summary.warning, "warning"), (summary.info, "note"))
    found = ", ".join(counted(number, word) for number, word in levels if number) or "No findings"
    asides = ((summary.fixable, "fixable"), (summary.suppressed, "suppressed"))
    aside = "; ".join(f"{number:,} {word}" for number, word in asides if number)
    failed = f"; {counted(len(run.errors), 'problem')}" if run.errors else ""
    return f"{found} in {counted(summary.files, 'file')}{f' ({aside})' if aside else ''}{failed}"
