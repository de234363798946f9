"""GitHub's line hash, by which code scanning knows an alert again after the lines above it have changed.

The hash of a line covers the 100 characters that follow its start, over line ends: an edit of the next line changes it.
Characters are UTF-16 units; spaces and tabs do not count, every line end counts as one LF, and 65535 ends the text.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, deque
from itertools import chain, repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WINDOW = 100
_BASE = 37
_MASK = (1 << 64) - 1
_LEAVING = pow(_BASE, _WINDOW, 1 << 64)
_LF = 10
_END = 65535


def line_hashes(text: str) -> dict[int, str]:
    """The hash of each line, by line number from 1; a second line with the same hash gets `:2`, and so on.

    A CR alone ends a line here, unlike in a Dockerfile: the numbers are those that GitHub counts. A byte order mark
    counts as a character.
    """
    seen: Counter[int] = Counter()
    hashes: dict[int, str] = {}
    for line, value in enumerate(_line_values(_units(text)), start=1):
        seen[value] += 1
        hashes[line] = f"{value:x}:{seen[value]}"
    return hashes


def _units(text: str) -> array[int]:
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    encoding = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
    units = array("H", kept.encode(encoding, "surrogatepass"))
    units.append(_END)
    return units


def _line_values(units: array[int]) -> Iterator[int]:
    """The rolling hash at the moment when exactly the window's units from a line's start have been read."""
    starts: deque[int] = deque()
    value = 0
    at_start = True
    length = len(units)
    leaving = chain(repeat(0, _WINDOW), units)
    for at, (unit, old) in enumerate(zip(chain(units, repeat(0, _WINDOW)), leaving, strict=True)):
        if starts and at - starts[0] == _WINDOW:
            starts.popleft()
            yield value
        if at_start and at < length:
            starts.append(at)
        at_start = unit == _LF
        value = (value * _BASE + unit - old * _LEAVING) & _MASK
