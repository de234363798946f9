"""Where a part of a stage's image stands: in FROM itself, or in the default of the ARG that it comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.semantic.fact import Variable
from mllint.source import Span, Text

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

_REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^{}$\"']*))?\})")


class Place(NamedTuple):
    """The characters that a finding points at."""

    span: Span
    #: The other end, where a build argument stands between the two: the FROM that uses it, or the ARG that sets it.
    related: tuple[Related, ...] = ()
    #: Whether other text in the place of `span` would replace exactly this part.
    replaceable: bool = True


class _Piece(NamedTuple):
    """A part of the expanded image: what it stands for in FROM, and where its own characters are."""

    value: str
    #: The range in FROM's words: the literal characters, or the whole reference to a variable.
    first: int
    last: int
    #: The characters of a variable's value, in the ARG or in `${…:-here}`; None for a literal, or when not found.
    origin: Span | None = None
    variable: Variable | None = None
    name: str = ""


def image_place(stage: Stage) -> Place | None:
    """The whole image of a stage's FROM; None when it is not known."""
    name = stage.base_name
    return _place(stage, 0, len(name)) if name else None


def name_place(stage: Stage) -> Place | None:
    """The image's name without tag and digest."""
    name = stage.base_name
    return _place(stage, 0, _name_end(name)) if name else None


def tag_place(stage: Stage, part: str | None = None) -> Place | None:
    """The image's tag, or the first occurrence of a part of it; the name where there is no tag.

    None when the image is not known.
    """
    name = stage.base_name
    if not name:
        return None
    start = _name_end(name)
    if name[start : start + 1] != ":":
        return _place(stage, 0, start)
    end = name.find("@", start) if "@" in name else len(name)
    at = name.find(part, start + 1, end) if part else -1
    return _place(stage, at, at + len(part)) if part and at >= 0 else _place(stage, start + 1, end)


def _name_end(name: str) -> int:
    bare = name.partition("@")[0]
    colon = bare.find(":", bare.rfind("/") + 1)
    return colon if colon >= 0 else len(bare)


def _place(stage: Stage, start: int, end: int) -> Place | None:
    """The place of `base_name[start:end]`."""
    image = stage.opening.image
    if image is None:
        return None
    pieces = _pieces(stage, image)
    if pieces is None or "".join(piece.value for piece in pieces) != stage.base_name:
        return Place(image.span, (), replaceable=False)
    found = _overlapping(pieces, start, end)
    if len(found) == 1 and found[0][0].origin is not None:
        piece, left, right = found[0]
        origin = piece.origin
        assert origin is not None
        span = origin.source.span(origin.start + left, origin.start + right)
        return Place(span, (Related(image.span, "this FROM uses it"),) if piece.variable is not None else ())
    related = tuple(
        Related(piece.variable.span, f"`{piece.name}` is set here")
        for piece, _, _ in found
        if piece.variable is not None and piece.variable.span is not None
    )
    first, last = found[0], found[-1]
    raw_start = first[0].first if first[0].name else first[0].first + first[1]
    raw_end = last[0].last if last[0].name else last[0].first + last[2]
    return Place(image.at(raw_start, raw_end), related, not any(piece.name for piece, _, _ in found))


def _overlapping(pieces: list[_Piece], start: int, end: int) -> list[tuple[_Piece, int, int]]:
    """The pieces that `start:end` touches, each with the part of its value; at least one."""
    found = []
    at = 0
    for piece in pieces:
        left, right = max(start - at, 0), min(end - at, len(piece.value))
        if left < right:
            found.append((piece, left, right))
        at += len(piece.value)
    return found or [(pieces[-1], 0, len(pieces[-1].value))]


def _pieces(stage: Stage, image: Text) -> list[_Piece] | None:
    """The image's words cut at their variables; None for forms of expansion that move characters about."""
    text = image.value
    if stage.build.dockerfile.escape in text or '"' in text or "'" in text:
        return None
    pieces = []
    at = 0
    for match in _REFERENCE.finditer(text):
        if match.start() > at:
            pieces.append(_Piece(text[at : match.start()], at, match.start()))
        piece = _variable_piece(stage, image, match)
        if piece is None:
            return None
        pieces.append(piece)
        at = match.end()
    if at < len(text) or not pieces:
        pieces.append(_Piece(text[at:], at, len(text)))
    return None if any("$" in piece.value for piece in pieces) else pieces


def _variable_piece(stage: Stage, image: Text, match: re.Match[str]) -> _Piece | None:
    name = match[1] or match[2]
    variable = stage.build.global_argument(name)
    if match[3] is not None and (variable is None or not variable.value):
        return _Piece(match[3], match.start(), match.end(), image.at(match.start(3), match.end(3)), None, name)
    if variable is None or variable.value is None:
        return None
    return _Piece(variable.value, match.start(), match.end(), _value_span(variable), variable, name)


def _value_span(variable: Variable) -> Span | None:
    """The characters of the value in `NAME=value`, without quotes; None where they are not the value itself."""
    span, value = variable.span, variable.value
    if span is None or not value:
        return None
    _, equals, written = span.text.partition("=")
    if not equals or written.strip("\"'") != value:
        return None
    start = span.start + span.text.index(value, len(span.text) - len(written))
    return span.source.span(start, start + len(value))
