"""Where a part of a stage's image stands: in FROM itself, or in the default of the ARG that it comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.regex import regex
from mllint.semantic.fact import Variable
from mllint.source import Span, Text

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

_REFERENCE = regex(r"\$(?:(\w+)|\{(\w+)(?::?-([^{}$\"']*))?\})")


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
    #: What stands for it in the variable's own default: the same characters, or a reference to another variable.
    written: Span | None = None


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
    inside = _inside_default(found)
    if inside is not None:
        return Place(inside, (Related(image.span, "this FROM uses it"),), replaceable=False)
    related = tuple(
        Related(piece.variable.span, f"`{piece.name}` is set here")
        for piece, _, _ in found
        if piece.variable is not None and piece.variable.span is not None
    )
    first, last = found[0], found[-1]
    raw_start = first[0].first if first[0].name else first[0].first + first[1]
    raw_end = last[0].last if last[0].name else last[0].first + last[2]
    return Place(image.at(raw_start, raw_end), related, not any(piece.name for piece, _, _ in found))


def _inside_default(found: list[tuple[_Piece, int, int]]) -> Span | None:
    """The characters in the default of one ARG that several pieces come from; None where they come from several."""
    (first, left, _), (last, _, right) = found[0], found[-1]
    start, end = first.written, last.written
    if start is None or end is None or any(piece.first != first.first for piece, _, _ in found):
        return None
    return start.source.span(
        start.start + (left if start == first.origin else 0),
        end.start + right if end == last.origin else end.end,
    )


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
        found = _variable_pieces(stage, image, match)
        if found is None:
            return None
        pieces += found
        at = match.end()
    if at < len(text) or not pieces:
        pieces.append(_Piece(text[at:], at, len(text)))
    return None if any("$" in piece.value for piece in pieces) else pieces


def _variable_pieces(stage: Stage, image: Text, match: re.Match[str]) -> list[_Piece] | None:
    name = match[1] or match[2]
    variable = stage.build.global_argument(name)
    if match[3] is not None and (variable is None or not variable.value):
        return [_Piece(match[3], match.start(), match.end(), image.at(match.start(3), match.end(3)), None, name)]
    if variable is None or variable.value is None:
        return None
    return [
        _Piece(part.value, match.start(), match.end(), part.origin, variable, name, part.written)
        for part in _parts(stage, variable, _DEPTH)
    ]


class _Part(NamedTuple):
    """A part of a variable's value; see `_Piece`."""

    value: str
    origin: Span | None
    written: Span | None


#: How far defaults are followed that are made of other variables.
_DEPTH = 4


def _parts(stage: Stage, variable: Variable, depth: int) -> list[_Part]:
    """A variable's value, cut where its default names other variables."""
    value = variable.value or ""
    default = _default(variable)
    if default is not None and default.text == value:
        return [_Part(value, default, default)]
    parts = _referring(stage, default, depth) if default is not None and depth > 0 else []
    return parts if parts and "".join(part.value for part in parts) == value else [_Part(value, None, None)]


def _referring(stage: Stage, default: Span, depth: int) -> list[_Part]:
    """The parts of a default such as `nvidia/cuda:${CUDA}-base`; empty for forms that are not followed."""
    text, parts, at = default.text, list[_Part](), 0
    for match in _REFERENCE.finditer(text):
        if match.start() > at:
            parts.append(_literal(default, at, match.start()))
        inner = stage.build.global_argument(match[1] or match[2])
        if inner is None or inner.value is None:
            return []
        reference = default.source.span(default.start + match.start(), default.start + match.end())
        parts += [part._replace(written=reference) for part in _parts(stage, inner, depth - 1)]
        at = match.end()
    return [*parts, _literal(default, at, len(text))] if at < len(text) else parts


def _literal(default: Span, start: int, end: int) -> _Part:
    span = default.source.span(default.start + start, default.start + end)
    return _Part(span.text, span, span)


def _default(variable: Variable) -> Span | None:
    """What is written behind `NAME=`, without quotes around it; None when the file does not give the value."""
    span = variable.span
    if span is None:
        return None
    _, equals, written = span.text.partition("=")
    bare = written.strip("\"'")
    if not equals or not bare:
        return None
    start = span.start + span.text.index(bare, len(span.text) - len(written))
    return span.source.span(start, start + len(bare))
