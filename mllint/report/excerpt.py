"""Lines of a source as a terminal can show them: tabs expanded, control characters escaped, long lines cut."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from mllint.report.text import ended, visible

if TYPE_CHECKING:
    from mllint.source import Source, Span

_TAB = 4
_CONTEXT = 8
"""How many cells to show before a mark that is too long to be shown whole."""


class Excerpt(NamedTuple):
    """A line as it is shown. The mark covers the terminal cells from `start` to `end` of `text`."""

    number: int
    text: str
    start: int
    end: int


class Excerpts(NamedTuple):
    """The first lines of a range, and how many more it has."""

    lines: tuple[Excerpt, ...]
    hidden: int


def excerpts(span: Span, room: int, *, limit: int = 3, unicode: bool = True) -> Excerpts:
    """The lines of a range, each at most `room` cells wide; a single line that is one too many is shown as well."""
    span = ended(span)
    source = span.source
    first, last = span.first.line, span.last.line
    shown = last - first + 1 if last - first <= limit else limit
    lines = tuple(_excerpt(source, number, span, room, unicode) for number in range(first, first + shown))
    return Excerpts(lines, last - first + 1 - shown)


def _excerpt(source: Source, number: int, span: Span, room: int, unicode: bool) -> Excerpt:
    begin = source.line_starts[number - 1]
    line = source.line(number)
    start = min(max(span.start - begin, 0), len(line))
    end = min(max(span.end - begin, start), len(line))
    if span.start < begin:
        start = min(len(line) - len(line.lstrip()), end)
    text, first, behind = crop(line, start, end, room, unicode=unicode)
    return Excerpt(number, text, first, behind)


def crop(line: str, start: int, end: int, room: int, *, unicode: bool = True) -> tuple[str, int, int]:
    """The part of a line around the characters `start` to `end` that fits in `room` cells, and the cells they take.

    What is cut off is replaced by `…`. An empty range is marked by the character behind it, or one cell at the end.
    """
    end = max(end, min(start + 1, len(line)))
    # Every character takes a cell or more (but for combining ones), so what lies farther away than that cannot be
    # seen; without this a line of megabytes would be measured to its end.
    low = max(0, start - room)
    high = min(len(line), max(min(end, start + room), start) + room)
    pieces = _pieces(line[low:high], unicode)
    edges = [0, *accumulate(_cells(piece) for piece in pieces)]
    mark = edges[start - low], edges[min(end, high) - low]
    if low == 0 and high == len(line) and edges[-1] <= room:
        return "".join(pieces), mark[0], max(mark[1], mark[0] + 1)

    more = "…" if unicode else "..."
    left = _left_edge(mark, edges[-1], room, len(more), cut=low > 0)
    before = more if left > 0 or low > 0 else ""
    first = bisect_left(edges, left + len(before)) if before else 0
    space = room - len(before)
    last = bisect_right(edges, edges[first] + space) - 1
    after = ""
    if last < len(pieces) or high < len(line):
        after = more
        last = max(first, bisect_right(edges, edges[first] + space - len(more)) - 1)
    shift = len(before) - edges[first]
    text = before + "".join(pieces[first:last]) + after
    marked = mark[0] + shift
    return text, marked, max(min(mark[1], edges[last]) + shift, marked + 1)


def _left_edge(mark: tuple[int, int], total: int, room: int, dots: int, *, cut: bool) -> int:
    """The first cell to show: 0 when the mark fits so, else as much before the mark as after it."""
    if not cut and mark[1] <= room - dots:
        return 0
    spare = room - 2 * dots - (mark[1] - mark[0])
    context = max(spare // 2, min(_CONTEXT, room // 4))
    return max(0, min(mark[0] - context - dots, total - room))


def _pieces(text: str, unicode: bool) -> list[str]:
    """What each character of a line is shown as."""
    pieces = []
    column = 0
    for char in text:
        if char == "\t":
            piece = " " * (_TAB - column % _TAB)
        elif char == "\ufeff":
            piece = ""
        else:
            piece = visible(char, unicode=unicode)
        pieces.append(piece)
        column += _cells(piece)
    return pieces


def _cells(piece: str) -> int:
    """How many terminal cells it takes: East Asian wide characters take two, combining ones none."""
    if piece.isascii():
        return len(piece)
    from unicodedata import category, east_asian_width

    if category(piece) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(piece) in ("W", "F") else 1
