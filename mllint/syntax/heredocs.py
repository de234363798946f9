"""Here-documents: which ones an instruction opens, and where their bodies end."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.source import Source, Span, Text
from mllint.syntax.expand import Lexer, MalformedWordError
from mllint.syntax.nodes import Heredoc
from mllint.syntax.words import command, json_array

#: The instructions that take here-documents.
_TAKERS = frozenset({"RUN", "COPY", "ADD"})
_WORD = re.compile(r"\d*<<(-?)[\t\n\f\r ]*([^<]*)")
_LEADING_TABS = re.compile(r"^\t+", re.MULTILINE)


class Opening(NamedTuple):
    """`<<EOF` on an instruction's line."""

    name: str
    expands: bool
    #: `<<-`: the leading tabs of the body and of the end word do not count.
    chomps: bool
    span: Span


def openings(line: Text, escape: str) -> list[Opening]:
    """The here-documents that a line opens, in order; there are none in JSON form, and with an open quote."""
    if "<<" not in line.value or not _takes_heredocs(line, escape):
        return []
    try:
        places = Lexer(line.value, None).words()
    except MalformedWordError:
        return []
    return [found for start, end in places if (found := opening(line.slice(start, end))) is not None]


def opening(word: Text) -> Opening | None:
    """The here-document that a word stands for."""
    match = _WORD.fullmatch(word.value)
    if match is None or not match[2]:
        return None
    lexer = Lexer(match[2], None)
    try:
        name = lexer.value()
        count = len(Lexer(match[2], None).words())
    except MalformedWordError:
        return None
    if not name or count != 1:
        return None
    return Opening(name, not lexer.quoted, match[1] == "-", word.span)


def _takes_heredocs(line: Text, escape: str) -> bool:
    parts = command(line, escape)
    if parts.keyword.value.upper() == "ONBUILD":
        parts = command(parts.arguments, escape)
    if parts.keyword.value.upper() not in _TAKERS:
        return False
    array = json_array(parts.arguments)
    return array is None or array.end != len(parts.arguments.value)


def read_body(opening: Opening, source: Source, lines: list[str], first: int) -> tuple[Heredoc, int]:
    """The here-document whose body begins at a line (from 0), and the number of the line behind its end word."""
    starts = source.line_starts
    for number in range(first, len(lines)):
        candidate = lines[number].rstrip("\r")
        if (candidate.lstrip("\t") if opening.chomps else candidate) == opening.name:
            closing = source.span(starts[number], starts[number] + len(candidate))
            return _heredoc(opening, source.span(starts[first], starts[number]), closing), number + 1
    end = len(source.text)
    begin = starts[first] if first < len(lines) else end
    return _heredoc(opening, source.span(begin, end), None), len(lines)


def _heredoc(opening: Opening, body: Span, closing: Span | None) -> Heredoc:
    text = Text.plain(body)
    if opening.chomps:
        text = _without_tabs(text)
    return Heredoc(opening.name, text, opening.expands, opening.span, closing)


def _without_tabs(text: Text) -> Text:
    pieces = []
    at = 0
    for tabs in _LEADING_TABS.finditer(text.value):
        pieces.append(text.slice(at, tabs.start()))
        at = tabs.end()
    pieces.append(text.slice(at, len(text.value)))
    return Text.join(pieces, source=text.source)
