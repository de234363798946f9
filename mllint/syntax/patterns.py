"""The patterns of `${v#p}`, `${v%p}` and `${v/p/r}`: `*` is any text, `?` any character, all else stands for itself.

A pattern is matched piece by piece between its stars, so that the time grows with the text and never with the number
of ways in which the stars could share it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_REFERENCE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


class BadPatternError(Exception):
    """A pattern that Docker refuses (`\\x`), or a value whose match is not worth a guess (it has line ends)."""


class _Match(NamedTuple):
    start: int
    end: int


#: What stands between two stars: characters, or None for `?`.
_Piece = list["str | None"]


def trim_prefix(value: str, pattern: str, *, longest: bool) -> str:
    """`${v#p}` and, with `longest`, `${v##p}`. Raises BadPatternError."""
    return _after_prefix(value, _pieces(pattern, value), longest=longest)


def trim_suffix(value: str, pattern: str, *, longest: bool) -> str:
    """`${v%p}` and, with `longest`, `${v%%p}`. Raises BadPatternError."""
    mirrored = [piece[::-1] for piece in reversed(_pieces(pattern, value))]
    return _after_prefix(value[::-1], mirrored, longest=longest)[::-1]


def replace(value: str, pattern: str, replacement: str, *, every: bool) -> str:
    """`${v/p/r}` and, with `every`, `${v//p/r}`: each match is the leftmost and longest. Raises BadPatternError."""
    searches = [_compiled(piece) for piece in _pieces(pattern, value)]
    if not every:
        match = _search(searches, value, 0)
        return value if match is None else value[: match.start] + replacement + value[match.end :]
    parts = []
    done = at = 0
    while at <= len(value) and (match := _search(searches, value, at)) is not None:
        parts.append(value[done : match.start])
        if match.end > done or match.start == 0:  # an empty match right behind another one is none
            parts.append(_filled(replacement, value[match.start : match.end]))
        done = match.end
        at = max(at + 1, match.end)
    return "".join(parts) + value[done:]


def _pieces(pattern: str, value: str) -> list[_Piece]:
    """The pattern cut at its stars."""
    if "\n" in value:
        raise BadPatternError("Docker's patterns do not reach across line ends")
    pieces: list[_Piece] = [[]]
    characters = iter(pattern)
    for char in characters:
        if char == "*":
            pieces.append([])
        elif char == "?":
            pieces[-1].append(None)
        elif char == "\\":
            pieces[-1].append(_escaped(next(characters, "")))
        else:
            pieces[-1].append(char)
    return pieces


def _escaped(char: str) -> str:
    if char and char in "}/*?\\":
        return char
    raise BadPatternError(f"invalid escape \\{char}")


def _compiled(piece: _Piece) -> re.Pattern[str]:
    return re.compile("".join("." if char is None else re.escape(char) for char in piece))


def _after_prefix(value: str, pieces: list[_Piece], *, longest: bool) -> str:
    first, *rest = (_compiled(piece) for piece in pieces)
    start = first.match(value)
    end = None if start is None else _match_rest(rest, value, start.end(), longest=longest)
    return value if end is None else value[end:]


def _search(searches: list[re.Pattern[str]], value: str, at: int) -> _Match | None:
    """The leftmost match from an offset on. When the rest fails behind the first place, it fails behind the others."""
    first = searches[0].search(value, at)
    if first is None:
        return None
    end = _match_rest(searches[1:], value, first.end(), longest=True)
    return None if end is None else _Match(first.start(), end)


def _match_rest(searches: list[re.Pattern[str]], value: str, at: int, *, longest: bool) -> int | None:
    """Where the pieces behind the first star end; each as early as possible, the last as late with `longest`."""
    for search in searches:
        found = search.search(value, at)
        if found is None:
            return None
        at = found.end()
    if searches and longest:
        return _last_end(searches[-1], value, at)
    return at


def _last_end(search: re.Pattern[str], value: str, at: int) -> int:
    """The end of the last match; one is known to end at `at`. All matches of a piece have the same length."""
    matches = (search.match(value, start) for start in range(len(value), -1, -1))
    return next(max(found.end(), at) for found in matches if found is not None)


def _filled(replacement: str, match: str) -> str:
    """A replacement of `${v//p/r}`, where Docker reads `$0` as the match and any other reference as nothing."""

    def fill(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        return "$" if name is None else match if name == "0" else ""

    return _REFERENCE.sub(fill, replacement)
