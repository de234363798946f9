"""The parts of an instruction: keyword and flags, words, quoted words, JSON arrays, the comment behind them."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.source import Span, Text
from mllint.syntax.nodes import Flag
from mllint.syntax.spaces import ASCII_SPACES, SPACES, strip


class Command(NamedTuple):
    """A line taken apart, whatever the instruction is."""

    keyword: Text
    flags: tuple[Flag, ...]
    #: All behind the keyword and the flags, stripped.
    arguments: Text


class JsonArray(NamedTuple):
    """The decoded strings of an array, and where it ends in the text."""

    strings: tuple[Text, ...]
    end: int


#: Flags are split byte by byte: of the characters beyond ASCII only these two end like a blank.
_FLAG_BREAKS = "\t\n\v\f\r \x85\xa0"
_PLAIN_FLAG = re.compile(rf"--[^'\"\\`{_FLAG_BREAKS}]*(?=[{_FLAG_BREAKS}]|\Z)")
_FLAG_GAP = re.compile("[\x85\xa0]?[\t\n\v\f\r ]*")

_QUOTED_WORDS = {
    escape: re.compile(
        rf"""(?:[^{SPACES}'"{quoted}]+"""
        rf"""|{quoted}[\s\S]"""
        r"""|'[^']*(?:'|\Z)"""
        rf"""|"[^"{quoted}]*(?:{quoted}[\s\S][^"{quoted}]*)*(?:"|(?={quoted}?\Z)))+"""
    )
    for escape, quoted in (("\\", r"\\"), ("`", "`"))
}

_JSON_OPEN = re.compile(r"\[[ \t\n\r]*")
_JSON_STRING = re.compile(
    r'"([^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*)"[ \t\n\r]*([,\]])[ \t\n\r]*'
)
_JSON_ESCAPE = re.compile(r"\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|u.{4}|.)")
_JSON_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
#: What an array of anything but strings can start with.
_JSON_OTHER = re.compile(r'\[[ \t\n\r]*(?:["\[{tfn]|-?\d)')


def command(line: Text, escape: str) -> Command:
    """A stripped line taken apart."""
    value = line.value
    space = ASCII_SPACES.search(value)
    if space is None:
        return Command(line, (), line.slice(len(value), len(value)))
    start = space.end()
    flags: list[Flag] = []
    while value.startswith("--", start):
        pieces, end = _flag_word(value, start, escape)
        word = Text.join([line.slice(*piece) for piece in pieces], source=line.source)
        span = line.at(start, end)
        gap = _FLAG_GAP.match(value, end)
        start = gap.end() if gap else end
        if word.value == "--":
            break
        flags.append(_flag(word, span))
    arguments = line.slice(start, len(value))
    return Command(line.slice(0, space.start()), tuple(flags), strip(arguments))


def _flag_word(value: str, start: int, escape: str) -> tuple[list[tuple[int, int]], int]:
    """The ranges of a flag's characters without quotes and escapes, and where the flag ends."""
    plain = _PLAIN_FLAG.match(value, start)
    if plain is not None:
        return [plain.span()], plain.end()
    pieces: list[tuple[int, int]] = []
    quote = ""
    at = start
    while at < len(value):
        char = value[at]
        if char == quote:
            quote = ""
        elif not quote and char in _FLAG_BREAKS:
            break
        elif not quote and char in "'\"":
            quote = char
        elif char == escape:
            at += 1
            _extend(pieces, at, len(value))
        else:
            _extend(pieces, at, len(value))
        at += 1
    return pieces, min(at, len(value))


def _extend(pieces: list[tuple[int, int]], at: int, end: int) -> None:
    """Add the character at an offset to the ranges, if there is one."""
    if at >= end:
        return
    if pieces and pieces[-1][1] == at:
        pieces[-1] = (pieces[-1][0], at + 1)
    else:
        pieces.append((at, at + 1))


def _flag(word: Text, span: Span) -> Flag:
    name, equals, _ = word.value.partition("=")
    value = word.slice(len(name) + 1, len(word.value)) if equals else None
    return Flag(name.removeprefix("--"), value, span)


def words(text: Text) -> list[Text]:
    """What stands between ASCII white space; quotes mean nothing here. The text must be stripped."""
    value = text.value
    found = []
    at = 0
    for space in ASCII_SPACES.finditer(value):
        found.append(text.slice(at, space.start()))
        at = space.end()
    if at < len(value):
        found.append(text.slice(at, len(value)))
    return found


def first_word(text: Text) -> tuple[Text, Text]:
    """What stands before and behind the first ASCII white space. The text must be stripped."""
    value = text.value
    space = ASCII_SPACES.search(value)
    start, end = space.span() if space is not None else (len(value), len(value))
    return text.slice(0, start), text.slice(end, len(value))


def quoted_words(text: Text, escape: str) -> list[Text]:
    """What stands between white space outside quotes (ENV, LABEL and ARG); quotes and escapes stay."""
    return [text.slice(*match.span()) for match in _QUOTED_WORDS[escape].finditer(text.value)]


def pair(word: Text) -> tuple[Text, Text | None]:
    """The two sides of the first equals sign."""
    key, equals, _ = word.value.partition("=")
    if not equals:
        return word, None
    return word.slice(0, len(key)), word.slice(len(key) + 1, len(word.value))


def comment_start(text: Text, escape: str, *, arguments: int = 1, free: bool = False) -> int | None:
    """Where a word that starts with `#` begins, behind at least so many words, outside quotes.

    In `free` text, where `#fff` and `#1` are plausible words, a blank or the end must follow the `#`.
    """
    value = text.value
    if "#" not in value:
        return None
    for count, match in enumerate(_QUOTED_WORDS[escape].finditer(value)):
        start = match.start()
        if count >= arguments and value[start] == "#" and not (free and match.end() - start > 1):
            return start
    return None


def json_array(text: Text) -> JsonArray | None:
    """The array of strings that a text begins with, whatever follows it."""
    value = text.value
    opening = _JSON_OPEN.match(value)
    if opening is None:
        return None
    at = opening.end()
    strings = []
    if value.startswith("]", at):
        return JsonArray((), at + 1)
    while (match := _JSON_STRING.match(value, at)) is not None:
        strings.append(_decoded(text.slice(*match.span(1))))
        if match[2] == "]":
            return JsonArray(tuple(strings), match.end(2))
        at = match.end()
    return None


def _decoded(text: Text) -> Text:
    """The text of a JSON string between its quotes, each escape in the place where it is written."""
    value = text.value
    if "\\" not in value:
        return text
    pieces = []
    at = 0
    for escape in _JSON_ESCAPE.finditer(value):
        pieces.append(text.slice(at, escape.start()))
        written = text.at(*escape.span())
        width = written.end - written.start
        pieces.append(Text(text.source, _unescaped(escape[0]), (0,), (written.start,), (width,)))
        at = escape.end()
    pieces.append(text.slice(at, len(value)))
    return Text.join(pieces, source=text.source)


def _unescaped(escape: str) -> str:
    if escape[1] != "u":
        return _JSON_SHORT.get(escape[1], escape[1])
    units = [int(unit, 16) for unit in escape.split("\\u")[1:]]
    if len(units) == 2:
        return chr(0x10000 + ((units[0] - 0xD800) << 10) + units[1] - 0xDC00)
    return "\ufffd" if 0xD800 <= units[0] < 0xE000 else chr(units[0])


def is_other_json_array(value: str) -> bool:
    """Whether a text that is no array of strings is an array of something else, which Docker refuses."""
    if not value.endswith("]") or not _JSON_OTHER.match(value):
        return False
    import json

    def number(digits: str) -> float:
        """A number; Docker's reader gives up on those that a float cannot hold."""
        if abs(float(digits)) == float("inf"):
            raise ValueError(digits)
        return float(digits)

    def no_constant(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(value, parse_float=number, parse_int=number, parse_constant=no_constant)
    except (ValueError, RecursionError):
        return False
    return True
