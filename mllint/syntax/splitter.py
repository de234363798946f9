"""Where instructions start and end.

dockerfile-parse joins the lines of an instruction. It is asked about marks, one short line for each line that counts:
it would read here-documents as instructions, end an instruction at an empty line inside it, take any white space of
Unicode for a blank, join lines behind an escaped escape character, and lose an instruction whose last line is
continued. What is found here is the official parser's view: BuildKit's `parser.Parse`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mllint.source import Source, Text
from mllint.syntax.heredocs import openings, read_body
from mllint.syntax.nodes import Comment, Directive, Heredoc, Problem
from mllint.syntax.spaces import SPACES, strip

#: Docker's reader stops at a longer line (bytes of UTF-8, without the line end).
LONGEST_LINE = 65_535

_BOM = "\ufeff"
_DIRECTIVE = re.compile(r"([A-Za-z][A-Za-z0-9]*)[ \t\n\f\r]*=[ \t\n\f\r]*(.+?)[ \t\n\f\r]*\Z")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})


class Statement(NamedTuple):
    """An instruction as the file has it; lines count from 1."""

    first_line: int
    #: The last line that belongs to it, comments in continuations and here-documents included.
    last_line: int
    #: Its text, joined over continued lines, without comments and here-document bodies, stripped.
    line: Text
    heredocs: tuple[Heredoc, ...]


class Layout(NamedTuple):
    """A file taken apart into statements, comments and directives."""

    escape: str
    directives: tuple[Directive, ...]
    statements: list[Statement]
    comments: tuple[Comment, ...]
    problems: list[Problem]


class _Mark(str):
    """A line whose text is of no interest: dockerfile-parse adds up the lines, which would take quadratic time."""

    __slots__ = ()

    def __add__(self, other: str) -> _Mark:
        return self


#: The marks: a line that is continued, and one that ends an instruction.
_CONTINUED = _Mark("\\\n")
_LAST = _Mark("x\n")


class _Marks:
    """The marks as a file that dockerfile-parse can read."""

    def __init__(self, marks: list[_Mark]) -> None:
        self._marks = marks

    def seek(self, offset: int) -> None:
        """Do nothing: there is one reading."""

    def readlines(self) -> list[_Mark]:
        return self._marks


def _ranges(marks: list[_Mark]) -> list[tuple[int, int]]:
    """The first and the last mark of each instruction."""
    from dockerfile_parse import DockerfileParser

    structure = DockerfileParser(fileobj=_Marks(marks)).structure
    return [(instruction["startline"], instruction["endline"]) for instruction in structure]


def split(source: Source) -> Layout:
    """The statements, comments and directives of a file."""
    lines = source.text.split("\n")
    if not lines[-1]:
        lines.pop()
    problems = _too_long(source, lines)
    escape, directives = _directives(source, lines, problems)
    reader = _Reader(source, lines, escape)
    reader.classify(len(directives))
    statements = reader.statements()
    return Layout(escape, directives, statements, tuple(reader.comments()), problems)


def _too_long(source: Source, lines: list[str]) -> list[Problem]:
    problems = []
    if len(source.text) * 4 > LONGEST_LINE:
        for number, line in enumerate(lines):
            if len(line) * 4 > LONGEST_LINE and len(line.encode(errors="surrogatepass")) > LONGEST_LINE:
                start = source.line_starts[number]
                message = f"the line is longer than {LONGEST_LINE:,} bytes, where Docker stops reading the file"
                problems.append(Problem(source.span(start, start + len(line)), message))
    return problems


def _directives(source: Source, lines: list[str], problems: list[Problem]) -> tuple[str, tuple[Directive, ...]]:
    """The escape character and the directives; they end at the first line that is none."""
    escape = "\\"
    found: dict[str, Directive] = {}
    directives = []
    for number, line in enumerate(lines):
        directive = _directive(source, number, line)
        if directive is None:
            break
        directives.append(directive)
        if directive.name in found:
            message = f"a second {directive.name} directive, where Docker takes one"
            problems.append(Problem(directive.span, message))
            continue
        found[directive.name] = directive
        if directive.name == "escape":
            if directive.value in ("\\", "`"):
                escape = directive.value
            else:
                message = f"the escape character is {directive.value!r}; Docker takes a backslash or a backtick"
                problems.append(Problem(directive.span, message))
    return escape, tuple(directives)


def _directive(source: Source, number: int, line: str) -> Directive | None:
    text = _unmarked(line, number).lstrip(SPACES)
    if not text.startswith("#"):
        return None
    match = _DIRECTIVE.match(text.rstrip("\r")[1:].lstrip(SPACES))
    if match is None or match[1].lower() not in _DIRECTIVES:
        return None
    start = source.line_starts[number] + len(line) - len(text)
    return Directive(match[1].lower(), match[2], source.span(start, start + len(text.rstrip(SPACES))))


class _Reader:
    """The lines of a file on their way to statements; line numbers count from 0."""

    def __init__(self, source: Source, lines: list[str], escape: str) -> None:
        self._source = source
        self._lines = lines
        self._escape = escape
        #: The lines that are neither empty nor comments, and whether each is continued.
        self._numbers: list[int] = []
        self._marks: list[_Mark] = []
        self._comments: list[int] = []
        #: The first line of each run of here-document bodies, and the one behind it.
        self._bodies: list[tuple[int, int]] = []

    def classify(self, first: int) -> None:
        """Look at each line, from one on."""
        escape = self._escape
        for number in range(first, len(self._lines)):
            line = _unmarked(self._lines[number], number).strip(SPACES)
            if not line:
                continue
            if line[0] == "#":
                self._comments.append(number)
                continue
            continued = line[-1] == escape and self._is_continued(number)
            self._numbers.append(number)
            self._marks.append(_CONTINUED if continued else _LAST)

    def _is_continued(self, number: int) -> bool:
        """Whether the escape character at a line's end stands alone there, but for blanks behind it."""
        line = self._lines[number].rstrip("\r").rstrip(" \t")
        return line.endswith(self._escape) and not line.endswith(self._escape * 2)

    def statements(self) -> list[Statement]:
        """The statements in order."""
        if not self._marks:
            return []
        runs_out = self._marks[-1] is _CONTINUED
        self._marks[-1] = _LAST
        found = []
        taken = 0
        for first, last in _ranges(self._marks):
            numbers = self._numbers[first : last + 1]
            if numbers[-1] < taken:
                continue
            if numbers[0] < taken:  # the first lines belong to a here-document, the others to one instruction
                numbers = [number for number in numbers if number >= taken]
            at_end = runs_out and last == len(self._marks) - 1
            line = self._join(numbers, cut_last=at_end)
            end = len(self._lines) if at_end else numbers[-1] + 1
            heredocs = []
            for opening in openings(line, self._escape):
                heredoc, end = read_body(opening, self._source, self._lines, end)
                heredocs.append(heredoc)
            if heredocs:
                self._bodies.append((numbers[-1] + 1, end))
                taken = end
            found.append(Statement(numbers[0] + 1, end, line, tuple(heredocs)))
        return found

    def _join(self, numbers: list[int], *, cut_last: bool) -> Text:
        """The text of an instruction's lines; all but the last one are continued, and so is that with `cut_last`."""
        values = []
        starts = []
        origins = []
        length = 0
        for number in numbers:
            line = self._lines[number].rstrip("\r")
            if cut_last or number != numbers[-1]:
                line = line.rstrip(" \t")[:-1]
            skipped = 0
            if not length:
                skipped = len(line) - len(_unmarked(line, number).lstrip(SPACES))
            if skipped < len(line):
                starts.append(length)
                origins.append(self._source.line_starts[number] + skipped)
                values.append(line[skipped:])
                length += len(line) - skipped
        if not values:
            return Text.plain(
                self._source.span(self._source.line_starts[numbers[0]], self._source.line_starts[numbers[0]])
            )
        return strip(Text(self._source, "".join(values), tuple(starts), tuple(origins)))

    def comments(self) -> Iterator[Comment]:
        """The comment lines outside here-documents; to be asked for when the statements are found."""
        bodies = iter([*self._bodies, (len(self._lines), len(self._lines))])
        begin, end = next(bodies)
        for number in self._comments:
            while number >= end:
                begin, end = next(bodies)
            if number < begin:
                yield self._comment(number)

    def _comment(self, number: int) -> Comment:
        line = self._lines[number]
        text = _unmarked(line, number).strip(SPACES)
        start = self._source.line_starts[number] + line.index(text)
        return Comment(self._source.span(start, start + len(text)), text[1:].strip(SPACES))


def _unmarked(line: str, number: int) -> str:
    """A line without the byte order mark that the first one may have."""
    return line.removeprefix(_BOM) if number == 0 else line
