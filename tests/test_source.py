"""Texts lead back to the characters that they were read from: through slices, continued lines and JSON escapes."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.source import Position, Source, Span, Text
from mllint.syntax.nodes import Exec, Run
from mllint.syntax.parser import parse

PIECES = st.lists(st.tuples(st.text("ab \t$\"'é", max_size=6), st.text("\\\n#x", max_size=4)), min_size=1, max_size=6)


class Model(NamedTuple):
    """A text, and where each of its characters begins and ends in the file."""

    text: Text
    places: list[tuple[int, int]]


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Texts joined from runs of characters, some with an escape before them, with others in between left out."""
    written, values = "", []
    for kept, dropped in draw(PIECES):
        values.append((len(written), kept, None))
        written += kept
        if draw(st.booleans()):
            escape = draw(st.sampled_from(["\\n", '\\"', "\\\\", "\\u00e9"]))
            values.append((len(written), json.loads(f'"{escape}"'), len(escape)))
            written += escape
        written += dropped
    source = Source("Dockerfile", written)
    parts, places = [], []
    for start, value, width in values:
        if width is None:
            parts.append(Text.plain(source.span(start, start + len(value))))
            places += [(at, at + 1) for at in range(start, start + len(value))]
        else:
            parts.append(Text(source, value, (0,), (start,), (width,)))
            places.append((start, start + width))
    return Model(Text.join(parts, source=source), places)


def place(model: Model, start: int, end: int) -> tuple[int, int]:
    return model.places[start][0], model.places[end - 1][1]


def cut(data: st.DataObject, length: int) -> tuple[int, int]:
    start = data.draw(st.integers(0, length))
    return start, data.draw(st.integers(start, length))


@given(models(), st.data())
def test_every_part_stands_where_it_was_written(model: Model, data: st.DataObject) -> None:
    start, end = cut(data, len(model.places))
    span = model.text.at(start, end)
    if start == end:
        assert span.text == ""
    else:
        assert (span.start, span.end) == place(model, start, end)
        assert model.text.origin(start) == span.start


@given(models(), st.data())
def test_slices_of_slices_keep_their_places(model: Model, data: st.DataObject) -> None:
    left, right = cut(data, len(model.places))
    piece = model.text.slice(left, right)
    assert piece.value == model.text.value[left:right]
    start, end = cut(data, len(piece.value))
    inner = piece.slice(start, end)
    assert inner.value == model.text.value[left + start : left + end]
    assert inner.span == piece.at(start, end)
    if start < end:
        assert (inner.span.start, inner.span.end) == place(model, left + start, left + end)


@given(models(), st.data())
def test_a_text_cut_and_joined_is_the_same(model: Model, data: st.DataObject) -> None:
    whole = model.text
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole.value)), max_size=5)))
    edges = [0, *cuts, len(whole.value)]
    parts = [whole.slice(start, end) for start, end in pairwise(edges)]
    again = Text.join(parts, source=whole.source)
    assert again.value == whole.value
    start, end = cut(data, len(whole.value))
    if start < end:
        assert again.at(start, end) == whole.at(start, end)


def run(text: str) -> Exec:
    (instruction,) = (each for each in parse(Source("Dockerfile", text)).instructions if isinstance(each, Run))
    return instruction


@given(st.lists(st.text('a"\\/é\n\t\U0001f600', max_size=8), min_size=1, max_size=3), st.booleans(), st.data())
def test_json_words_lead_back_through_their_escapes(words: list[str], ascii_only: bool, data: st.DataObject) -> None:
    argv = run(f"FROM scratch\nRUN {json.dumps(words, ensure_ascii=ascii_only)}\n").argv
    assert argv is not None
    assert [word.value for word in argv] == words
    for word in argv:
        start, end = cut(data, len(word.value))
        assert json.loads(f'"{word.at(start, end).text}"') == word.value[start:end]


@given(st.lists(st.text("ab$ ", min_size=1, max_size=6), min_size=2, max_size=5), st.data())
def test_continued_lines_lead_back_to_each_line(lines: list[str], data: st.DataObject) -> None:
    lines = [f"x{line}y" for line in lines]
    text = run("FROM scratch\nRUN " + "\\\n# a comment\n\n".join(lines) + "\n").arguments
    assert text.value == "".join(lines)
    start, end = cut(data, len(text.value))
    assert text.at(start, end).text.replace("\\\n# a comment\n\n", "") == text.value[start:end]


def test_an_escape_across_a_continued_line() -> None:
    argv = run('FROM scratch\nRUN ["a\\u00\\\ne9b"]\n').argv
    assert argv is not None
    assert argv[0].value == "aéb"
    assert argv[0].at(1, 2).text == "\\u00\\\ne9"


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\u2028b", 2, (1, 3)),
        ("é\U0001f600x", 2, (1, 3)),
        ("a\n", 2, (2, 1)),
    ],
)
def test_positions_count_lines_and_code_points(text: str, offset: int, expected: tuple[int, int]) -> None:
    assert Source("Dockerfile", text).position(offset) == Position(*expected)


@given(st.text("a\r\n", max_size=12))
def test_lines_and_positions_agree(text: str) -> None:
    source = Source("Dockerfile", text)
    assert [source.line(number) for number in range(1, len(source.line_starts) + 1)] == [
        line.rstrip("\r") for line in text.split("\n")
    ]
    for offset in range(len(text) + 1):
        found = source.position(offset)
        assert source.line_starts[found.line - 1] + found.column - 1 == offset


def test_spans() -> None:
    source, other = Source("Dockerfile", "abcdef"), Source("Dockerfile", "abcdef")
    outer, inner = source.span(1, 5), source.span(2, 4)
    assert (inner.text, inner.first, inner.last) == ("cd", Position(1, 3), Position(1, 5))
    assert source.span(0, 2).to(inner) == Span(source, 0, 4)
    assert outer.covers(inner)
    assert outer.covers(outer)
    assert not inner.covers(outer)
    assert not outer.covers(other.span(2, 4))
