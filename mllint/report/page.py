"""The layout of the full text. Loaded only when there is something to print, for it needs rich."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console  # noqa: TID253 (this module itself is imported late)
from rich.style import Style as Look  # noqa: TID253
from rich.text import Text  # noqa: TID253

from mllint.finding import Applicability, Finding, Fix, Related, Severity
from mllint.report.excerpt import Excerpt, crop, excerpts
from mllint.report.mask import Mask
from mllint.report.proposal import Change, changes
from mllint.report.text import counted, place, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from mllint.report.run import ErrorReport, FileReport, Run
    from mllint.report.style import Style
    from mllint.source import Span

_PROSE = 96
"""Columns at which prose is wrapped even where the terminal is wider: longer lines are hard to read."""

_MOST_RELATED = 4
_LONGEST_PROPOSAL = 8
"""Lines of a proposal that are still shown; of a longer one only the title is."""

_LONGEST_UNBROKEN = 48
"""Characters of a piece of code in the prose that is kept on one line."""

_KEPT = "\ue000"
"""Stands for a space that no line is broken at; for private use, so that no text has a meaning for it."""

_DIFFERENCE = 24
"""Characters of a changed line to show from where it begins to differ."""

# The terminal's own colours, so that they suit dark and light backgrounds alike; white and black are never used.
_LOOKS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_FIX_LABELS = {
    Applicability.SAFE: ("fix", ""),
    Applicability.UNSAFE: ("fix", " (check it first)"),
    Applicability.DISPLAY: ("hint", ""),
}


class Page:
    """Prints the findings of a run, one file after the other."""

    def __init__(self, run: Run, out: TextIO, style: Style) -> None:
        self._run = run
        self._style = style
        self._files = {file.path: file for file in run.files}
        self._mask = Mask(run.findings)
        self._console = Console(
            file=out,
            width=style.width,
            height=25,
            color_system="standard" if style.color else None,
            force_terminal=style.color,
            no_color=not style.color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        self._digits = 2
        self._bar, self._thick, self._mark, self._thin, self._more = (
            ("│", "┃", "━", "─", "…") if style.unicode else ("|", ">", "^", "-", "...")
        )

    def write(self, findings: list[Finding]) -> None:
        """Prints the findings, which are in the order of their files, and the run's errors."""
        for path, group in groupby(findings, key=lambda finding: finding.span.source.path):
            chosen = list(group)
            self._digits = max(2, *(len(str(line)) for finding in chosen for line in _lines_named(finding)))
            self._print(self._file_header(path, self._files.get(path)), Text())
            for finding in chosen:
                for line in self._finding(finding):
                    self._print(line)
                self._print(Text())
        for error in self._run.errors:
            self._print(*self._error(error))
        if self._run.errors:
            self._print(Text())

    def _print(self, *lines: Text) -> None:
        for line in lines:
            line.rstrip()
            self._console.print(line, soft_wrap=True)

    def _text(self, text: str, look: str = "") -> Text:
        return Text(visible(text, unicode=self._style.unicode), look)

    def _message(self, text: str, look: str = "") -> Text:
        """Prose, in which code stands between backticks; short code is not broken."""
        parts = visible(text, unicode=self._style.unicode).split("`")
        if len(parts) % 2 == 0:
            return self._text(text, look)
        message = Text(style=look)
        for number, part in enumerate(parts):
            if number % 2 == 0:
                message.append(part)
            else:
                code = part.replace(" ", _KEPT) if len(part) <= _LONGEST_UNBROKEN else part
                message.append(f"`{code}`", look or "cyan")
        return message

    def _wrapped(self, message: Text) -> list[Text]:
        """The lines of a message that `_message` made."""
        lines = [*message.wrap(self._console, min(self._room, _PROSE))]
        for line in lines:
            line.plain = line.plain.replace(_KEPT, " ").rstrip()
        return lines

    # The parts of the page, from the outside in.

    def _file_header(self, path: str, file: FileReport | None) -> Text:
        dash = self._thin
        header = Text.assemble((f"{dash}{dash} ", "dim"), self._text(path, "bold"))
        if file is not None and file.role is not None:
            header.append_text(Text.assemble((f" {dash} ", "dim"), self._text(file.role)))
        rest = self._style.width - header.cell_len - 1
        return header.append(f" {dash * rest}" if rest > 0 else "", "dim")

    def _finding(self, finding: Finding) -> Iterator[Text]:
        if finding.suppressed is not None:
            yield from self._headline(finding, "dim")
            yield from self._suppressed(finding)
            return
        yield from self._headline(finding, _LOOKS[finding.severity])
        if finding.severity is Severity.INFO:
            yield from self._prose(finding.message)
            return
        yield from self._excerpt(finding.span, _LOOKS[finding.severity], self._mark)
        yield from self._prose(finding.message)
        for related in finding.related[:_MOST_RELATED]:
            yield from self._related(related, finding)
        hidden = len(finding.related) - _MOST_RELATED
        if hidden > 0:
            yield from self._prose(f"{self._more} and {counted(hidden, 'more place')}", "dim")
        if finding.fix is not None:
            yield from self._fix(finding.fix)

    def _headline(self, finding: Finding, look: str) -> Iterator[Text]:
        rule = self._run.rules.get(finding.rule)
        link = rule.url if rule is not None and self._style.links else ""
        head = Text.assemble(
            (finding.severity.value, look),
            " ",
            Text(visible(finding.rule), Look(bold=look != "dim", dim=look == "dim", link=link or None)),
            " ",
            self._text(finding.name, "dim" if look == "dim" else ""),
        )
        where = self._text(place(finding.span), "dim")
        if head.cell_len + 2 + where.cell_len <= self._style.width:
            yield Text.assemble(head, "  ", where)
        else:
            yield head
            yield Text.assemble(" " * self._gutter, where)

    def _suppressed(self, finding: Finding) -> Iterator[Text]:
        if finding.suppressed is not None:
            kind, reason = finding.suppressed
            yield from self._prose(finding.message, "dim")
            yield from self._prose(f"suppressed by {kind}{f': {reason}' if reason else ''}", "dim italic")

    def _related(self, related: Related, finding: Finding) -> Iterator[Text]:
        if related.span.source is not finding.span.source:
            yield Text.assemble(" " * self._gutter, self._text(place(related.span), "dim"))
        lines = list(self._excerpt(related.span, "cyan", self._thin, limit=1))
        message = self._message(related.message)
        message.plain = message.plain.replace(_KEPT, " ")
        room = min(self._style.width, self._gutter + _PROSE) - lines[-1].cell_len - 1
        if "\n" not in related.message and message.cell_len <= room and not related.message.isspace():
            lines[-1] = Text.assemble(lines[-1], " ", message)
            yield from lines
        else:
            yield from lines
            yield from self._prose(related.message)

    def _fix(self, fix: Fix) -> Iterator[Text]:
        label, aside = _FIX_LABELS[fix.applicability]
        first, *others = self._wrapped(Text.assemble(self._message(fix.title), (aside, "dim")))
        yield Text.assemble((label.rjust(self._gutter - 1), "green"), " ", first)
        yield from (Text.assemble(" " * self._gutter, line) for line in others)
        proposal = changes(map(self._mask.edit, fix.edits))
        if sum(len(change.removed) + len(change.added) for change in proposal) <= _LONGEST_PROPOSAL:
            for change in proposal:
                yield from self._change(change)

    def _change(self, change: Change) -> Iterator[Text]:
        paired = len(change.removed) == len(change.added)
        for index, line in enumerate(change.removed):
            other = change.added[index] if paired else ""
            yield self._changed_line(str(change.line + index), "-", line, _difference(line, other), "red", "dim")
        for index, line in enumerate(change.added):
            other = change.removed[index] if paired else ""
            number = "" if change.removed else str(change.line + index)
            yield self._changed_line(number, "+", line, _difference(line, other), "green", "green")

    def _changed_line(
        self, number: str, sign: str, line: str, span: tuple[int, int], sign_look: str, look: str
    ) -> Text:
        text, _, _ = crop(line, *span, self._room, unicode=self._style.unicode)
        return Text.assemble(self._number(number), (sign, sign_look), " ", (text, look))

    def _excerpt(self, span: Span, look: str, mark: str, *, limit: int = 3) -> Iterator[Text]:
        found = excerpts(self._mask.span(span), self._room, limit=limit, unicode=self._style.unicode)
        several = len(found.lines) + found.hidden > 1 and limit > 1
        for line in found.lines:
            bar = Text(self._thick, look) if several else Text(self._bar, "dim")
            yield Text.assemble(self._number(str(line.number)), bar, " ", line.text)
            if not several:
                yield self._underline(line, look, mark)
        if found.hidden and several:
            yield Text.assemble(
                self._number(""), (self._thick, look), (f" {self._more} {counted(found.hidden, 'more line')}", "dim")
            )

    def _underline(self, line: Excerpt, look: str, mark: str) -> Text:
        blank = " " * (line.start + 1)
        return Text.assemble(self._number(""), (self._bar, "dim"), blank, (mark * (line.end - line.start), look))

    def _prose(self, text: str, look: str = "") -> Iterator[Text]:
        """Wrapped text that stands under the source."""
        indent = " " * self._gutter
        for paragraph in text.splitlines() or [""]:
            for line in self._wrapped(self._message(paragraph, look)):
                yield Text.assemble(indent, line)

    def _error(self, error: ErrorReport) -> tuple[Text, ...]:
        where = "mllint" if error.path is None else error.path
        message = self._text(" ".join(error.message.split()))
        return (Text.assemble(("error", _LOOKS[Severity.ERROR]), " ", self._text(where, "bold"), ": ", message),)

    def _number(self, number: str) -> Text:
        return Text(f"{number.rjust(self._gutter - 3)} ", "dim")

    @property
    def _gutter(self) -> int:
        """Columns before the source text: two, the digits, a space, the bar, a space."""
        return self._digits + 5

    @property
    def _room(self) -> int:
        return max(20, self._style.width - self._gutter)


def _lines_named(finding: Finding) -> Iterator[int]:
    """Line numbers that may stand in the gutter."""
    yield finding.span.last.line
    for related in finding.related:
        yield related.span.first.line
    for edit in finding.fix.edits if finding.fix is not None else ():
        yield edit.span.last.line


def _difference(line: str, other: str) -> tuple[int, int]:
    """Where a line begins to differ from the other one: the characters that must be seen of it."""
    pairs = enumerate(zip(line, other, strict=False))
    start = next((at for at, (left, right) in pairs if left != right), min(len(line), len(other)))
    return start, min(len(line), start + _DIFFERENCE)
