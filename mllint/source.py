"""Text with positions: the file that is read, pieces of it, and the way back to the characters.

Offsets count Unicode code points of the original text from 0; lines and columns count from 1 and are computed only
when something is printed.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple


class Position(NamedTuple):
    """A place as people write it: both numbers start at 1, the column counts Unicode code points."""

    line: int
    column: int


class Source:
    """A text and the path under which it is shown. Two sources are equal only when they are the same object."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line starts; only LF ends a line, as in Docker's own reader."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at != -1:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset (the end of the text is a valid offset)."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line end."""
        starts = self.line_starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        return Span(self, start, end)


class Span(NamedTuple):
    """A half-open range of a source: `start` is the first character, `end` the one after the last."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def first(self) -> Position:
        """Where the range begins."""
        return self.source.position(self.start)

    @property
    def last(self) -> Position:
        """Where the range ends: the position just behind its last character."""
        return self.source.position(self.end)

    def to(self, other: Span) -> Span:
        """The range from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)

    def covers(self, other: Span) -> bool:
        return self.source is other.source and self.start <= other.start and other.end <= self.end


class Text:
    """A piece of a source as the builder reads it, with the way back to the characters.

    Docker joins continued lines and drops the comments between them; JSON strings are decoded. `value` is what is
    left, and `at` says where a part of it stands in the file. Within a segment both run in step, so a piece without
    continuations has a single segment; a character that is written as several (an escape) is a segment of its own.
    """

    __slots__ = ("_origins", "_starts", "_widths", "source", "value")

    def __init__(
        self,
        source: Source,
        value: str,
        starts: tuple[int, ...],
        origins: tuple[int, ...],
        widths: tuple[int, ...] = (),
    ) -> None:
        """`starts[i]` is the offset in `value` where segment i begins, `origins[i]` the offset in the source.

        `widths[i]` says how many characters of the source the last one of segment i stands for; () is 1 throughout.
        """
        self.source = source
        self.value = value
        self._starts = starts
        self._origins = origins
        self._widths = widths

    def __repr__(self) -> str:
        return f"Text({self.value!r})"

    @classmethod
    def plain(cls, span: Span) -> Text:
        """The characters of a range as they are."""
        return cls(span.source, span.text, (0,), (span.start,))

    @classmethod
    def join(cls, pieces: list[Text], *, source: Source) -> Text:
        """The pieces one after the other; nothing is put between them."""
        starts: list[int] = []
        origins: list[int] = []
        widths: list[int] = []
        length = 0
        for piece in pieces:
            if piece.value:
                starts.extend(start + length for start in piece._starts)
                origins.extend(piece._origins)
                widths.extend(piece._widths or (1,) * len(piece._starts))
                length += len(piece.value)
        if not starts:
            return pieces[0] if pieces else cls(source, "", (0,), (0,))
        value = "".join(piece.value for piece in pieces)
        return cls(source, value, tuple(starts), tuple(origins), tuple(widths) if max(widths) > 1 else ())

    def origin(self, offset: int) -> int:
        """The offset in the source of a character of `value`."""
        if len(self._starts) == 1:
            return self._origins[0] + offset
        segment = bisect_right(self._starts, offset) - 1
        return self._origins[segment] + offset - self._starts[segment]

    def at(self, start: int, end: int) -> Span:
        """Where `value[start:end]` stands in the source, from its first character to its last."""
        segment = bisect_right(self._starts, start) - 1
        first = self._origins[segment] + start - self._starts[segment]
        if end <= start:
            return Span(self.source, first, first)
        if segment + 1 < len(self._starts) and end > self._starts[segment + 1]:
            segment = bisect_right(self._starts, end - 1) - 1
        last = self._origins[segment] + end - 1 - self._starts[segment]
        return Span(self.source, first, last + (self._widths[segment] if self._widths else 1))

    @property
    def span(self) -> Span:
        return self.at(0, len(self.value))

    def slice(self, start: int, end: int) -> Text:
        """The piece that holds `value[start:end]`."""
        if len(self._starts) == 1:
            return Text(self.source, self.value[start:end], (0,), (self._origins[0] + start,), self._widths)
        first = bisect_right(self._starts, start) - 1
        last = max(bisect_right(self._starts, max(end - 1, start)) - 1, first)
        starts = (0, *(at - start for at in self._starts[first + 1 : last + 1]))
        origins = (self.origin(start), *self._origins[first + 1 : last + 1])
        return Text(self.source, self.value[start:end], starts, origins, self._widths[first : last + 1])

    def strip(self) -> Text:
        """Without the blanks (space, tab and the other ASCII white space) at both ends."""
        blanks = " \t\n\r\f\v"
        left = len(self.value) - len(self.value.lstrip(blanks))
        right = len(self.value.rstrip(blanks))
        return self.slice(left, max(left, right))
