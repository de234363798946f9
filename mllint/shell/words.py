"""The value of a shell word where it is static: quotes and escapes taken off, variables put in."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from mllint.shell.parameters import parameter
from mllint.shell.quoting import braces, closing
from mllint.shell.variables import Variables
from mllint.source import Text
from mllint.syntax.expand import Unset

#: Characters as they are written, one for one.
LITERAL = 0
#: The value of an escape or of a quoted expansion: it stays in one word.
FIXED = 1
#: The value of an unquoted expansion, which the shell splits at blanks.
SPLIT = 2

#: What makes a word differ from what is written.
SPECIAL = re.compile(r"[\\'\"$`{(]")

#: One string with nothing in it to work out.
_QUOTED = re.compile(r"""'[^']*'|"[^"\\$`]*["]""")
_BRACE = re.compile(r"(?<!\$)\{")
_BLANK_RUN = re.compile(r"[ \t\n]+")
_RUN = re.compile(r"[^\\'\"$`]+")
_DOUBLE_RUN = re.compile(r"[^\\\"$`]+")
_HEREDOC_RUN = re.compile(r"[^\\$`]+")
_QUOTE = re.compile(r"['\"]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL_NAMES = frozenset("?@*#-!$0123456789")
_ANSI = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))", re.DOTALL
)
_ANSI_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}
_DEEPEST = 20


class Piece(NamedTuple):
    """A part of a word; a value of None is not known before the script runs."""

    kind: int
    value: str | None
    start: int
    end: int


def fields(text: str, start: int, end: int, variables: Variables) -> list[str] | None:
    """The values of the words that a word becomes: none for an unquoted empty expansion, several after splitting.

    None when a part of it is not known.
    """
    if _QUOTED.fullmatch(text, start, end):
        return [text[start + 1 : end - 1]]
    if _BRACE.search(text, start, end):
        words = braces(text[start:end])
        if words is None:
            return None
        if len(words) > 1:
            return _all_fields(words, variables)
    return _split(scan(text, start, end, variables))


def joined(text: str, start: int, end: int, variables: Variables) -> str | None:
    """The value where the shell does not split words (assignments, redirections); None when not known."""
    return _join(scan(text, start, end, variables))


def script_text(text: Text, masked: str, start: int, end: int, variables: Variables, *, heredoc: bool = False) -> Text:
    """The value of a word that is itself a program, with the way back to the file.

    What is not known stays as written: the inner script meets the same unknown variable. `masked` is the text to
    read, of the same length as `text`; `heredoc` reads the body of a here-document whose end word is not quoted.
    """
    pieces = scan(masked, start, end, variables, heredoc=heredoc)
    parts = [_mapped(text, piece) for piece in pieces]
    return parts[0] if len(parts) == 1 else Text.join(parts or [text.slice(start, start)], source=text.source)


def constant(text: Text, value: str, start: int, end: int) -> Text:
    """A value that is not written out in the file; each part of it leads back to `text[start:end]` as a whole."""
    source, first, last = text.at(start, end)
    size = max(len(value), 1)
    return Text(source, value, tuple(range(size)), (first,) * size, (max(last - first, 1),) * size)


def scan(
    text: str, start: int, end: int, variables: Variables, *, heredoc: bool = False, depth: int = 0
) -> list[Piece]:
    """The pieces of the word `text[start:end]`, in order."""
    scanner = _Scanner(text, start, end, variables, depth)
    if heredoc:
        scanner.quoted(_HEREDOC_RUN, "$`\\\n")
    else:
        scanner.word()
    return scanner.pieces


def _evaluate(variables: Variables, depth: int, word: str) -> str | None:
    return _join(scan(word, 0, len(word), variables, depth=depth)) if depth <= _DEEPEST else None


def _join(pieces: list[Piece]) -> str | None:
    values: list[str] = []
    for piece in pieces:
        if piece.value is None:
            return None
        values.append(piece.value)
    return "".join(values)


def _split(pieces: list[Piece]) -> list[str] | None:
    words: list[str] = []
    word: str | None = None  # the word that has begun
    for kind, value, _, _ in pieces:
        if value is None:
            return None
        if kind != SPLIT:
            word = (word or "") + value
        elif value:
            first, *others = _BLANK_RUN.split(value)
            if first or word is not None:
                word = (word or "") + first
            for other in others:
                if word is not None:
                    words.append(word)
                word = other or None
    if word is not None:
        words.append(word)
    return words


def _all_fields(words: list[str], variables: Variables) -> list[str] | None:
    values: list[str] = []
    for word in words:
        parts = _split(scan(word, 0, len(word), variables))
        if parts is None:
            return None
        values += parts
    return values


def _mapped(text: Text, piece: Piece) -> Text:
    if piece.kind == LITERAL or piece.value is None:
        return text.slice(piece.start, piece.end)
    return constant(text, piece.value, piece.start, piece.end)


class _Scanner:
    """Reads a word from left to right, each character once."""

    __slots__ = ("at", "depth", "end", "pieces", "text", "variables")

    def __init__(self, text: str, start: int, end: int, variables: Variables, depth: int) -> None:
        self.text = text
        self.at = start
        self.end = end
        self.variables = variables
        self.depth = depth
        self.pieces: list[Piece] = []

    def add(self, kind: int, value: str | None, start: int, end: int) -> None:
        self.pieces.append(Piece(kind, value, start, end))
        self.at = end

    def literal(self, start: int, end: int) -> None:
        self.pieces.append(Piece(LITERAL, self.text[start:end], start, end))

    def word(self) -> None:
        """Unquoted text with quotes in it."""
        while self.at < self.end:
            char = self.text[self.at]
            if char == "\\":
                self.escape("")
            elif char == "'":
                self.single()
            elif char == '"':
                self.double()
            elif char == "$":
                self.dollar(SPLIT)
            elif char == "`":
                self.add(FIXED, None, self.at, closing(self.text, self.at, self.end))
            else:
                self.run(_RUN)

    def quoted(self, run: re.Pattern[str], escapes: str) -> None:
        """Text in double quotes, up to the quote, or the body of a here-document."""
        while self.at < self.end:
            char = self.text[self.at]
            if char == "\\":
                self.escape(escapes)
            elif char == "$":
                self.dollar(FIXED)
            elif char == "`":
                self.add(FIXED, None, self.at, closing(self.text, self.at, self.end))
            elif char == '"' and run is _DOUBLE_RUN:
                return
            else:
                self.run(run)

    def run(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at, self.end)
        end = match.end() if match else self.at + 1
        self.literal(self.at, end)
        self.at = end

    def escape(self, only: str) -> None:
        """A backslash; inside double quotes it is one only before the characters of `only`."""
        char = self.text[self.at + 1] if self.at + 1 < self.end else ""
        if char == "\n":
            pass
        elif not char or (only and char not in only):
            self.literal(self.at, self.at + 1 + len(char))
        else:
            self.literal(self.at + 1, self.at + 2)
        self.at += 1 + len(char)

    def single(self) -> None:
        quote = self.text.find("'", self.at + 1, self.end)
        end = quote if quote != -1 else self.end
        self.literal(self.at + 1, end)
        self.at = min(end + 1, self.end)

    def double(self) -> None:
        self.at += 1
        self.literal(self.at, self.at)  # `""` is a word
        self.quoted(_DOUBLE_RUN, '$`"\\\n')
        self.at = min(self.at + 1, self.end)

    def dollar(self, kind: int) -> None:
        at, end = self.at, self.end
        char = self.text[at + 1] if at + 1 < end else ""
        if char == "{":
            close = closing(self.text, at, end)
            body = self.text[at + 2 : close - 1]
            value = parameter(body, self.variables, partial(_evaluate, self.variables, self.depth + 1))
            # A quoted default is not split; an expansion to nothing is no word.
            self.add(FIXED if value and _QUOTE.search(body) else kind, value, at, close)
        elif char == "(":
            self.add(kind, None, at, closing(self.text, at, end))
        elif char in ("'", '"') and kind == SPLIT:
            self.at += 1
            if char == "'":
                self.ansi()
        elif match := _NAME.match(self.text, at + 1, end):
            self.add(kind, self.value(match.group()), at, match.end())
        elif char == "[" and kind == SPLIT and (close := self.text.find("]", at, end)) != -1:
            self.add(kind, None, at, close + 1)
        elif char and char in _SPECIAL_NAMES:
            self.add(kind, None, at, at + 2)
        else:
            self.literal(at, at + 1)
            self.at += 1

    def value(self, name: str) -> str | None:
        value = self.variables.get(name)
        return "" if isinstance(value, Unset) else value

    def ansi(self) -> None:
        """`$'…'`, from its quote on."""
        at = self.at + 1
        self.literal(at, at)
        while at < self.end and self.text[at] != "'":
            if self.text[at] == "\\" and (match := _ANSI.match(self.text, at, self.end)):
                self.add(FIXED, _ansi_value(match), at, match.end())
                at = match.end()
            else:
                self.literal(at, at + 1)
                at += 1
        self.at = min(at + 1, self.end)


def _ansi_value(match: re.Match[str]) -> str | None:
    byte, short, long, octal, control, letter = match.groups()
    digits = byte or short or long
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else None
    if octal:
        return chr(int(octal, 8) & 0xFF)
    if control:
        return chr(ord(control) & 0x1F)
    return _ANSI_LETTERS.get(letter, letter if letter in "\\'\"?" else "\\" + letter)
