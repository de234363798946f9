"""Variable expansion by Docker's rules (ENV, ARG, FROM, COPY … words; a shell expands its own).

The rules are those of BuildKit's `shell.Lex`. They resemble the shell's and are not the same: there is no command
substitution, patterns know `*` and `?` only, and inside double quotes the escape character escapes `"`, `$` and itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from enum import Enum

from mllint.source import Span, Text
from mllint.syntax.patterns import BadPatternError, replace, trim_prefix, trim_suffix
from mllint.syntax.spaces import SPACES


class Unset(Enum):
    """The value of a variable that is known not to be set (as opposed to None, which is not known)."""

    UNSET = "unset"


UNSET = Unset.UNSET

#: What a variable holds: its value, UNSET when it is certain that there is none, None when it is not known.
Lookup = Callable[[str], "str | Unset | None"]

_SPECIAL = re.compile(r"[$'\"]")
_PLAIN = re.compile(rf"[^$'\"\\`}}/<{SPACES}]+")
_IN_QUOTES = re.compile(r"[^$\"\\`]+")
#: A here-document's word may stand apart from its `<<`.
_ANGLES = re.compile(r"<<[\t\r ]*|<")
_PARAMETERS = frozenset("@*#?-$!0")
#: `${a:-${b:-…}}` deeper than this is given up as malformed; it keeps hostile input off the interpreter's stack.
_DEEPEST = 50
#: Characters. A value that variables make longer is given up as unknown: `ARG A1=$A0$A0`, `ARG A2=$A1$A1`, … doubles
#: with each line. Linux starts no process with a variable that has more than 128 KiB.
_LONGEST = 128 * 1024


def expand(text: str, lookup: Lookup, escape: str = "\\") -> str | None:
    """The value of a word: quotes and escapes taken off, variables put in; None when a part of it is not known.

    A malformed word, one that Docker refuses (`${`, an open quote, `${v:?message}` without a value), is None as well.
    """
    if escape not in text and not _SPECIAL.search(text):
        return text
    try:
        return Lexer(text, lookup, escape).value()
    except MalformedWordError:
        return None


def variables(text: Text, escape: str = "\\") -> tuple[tuple[str, Span], ...]:
    """The variables that a word refers to, in order, each with the range of its reference (`$v`, `${v:-x}`).

    References inside others follow the one that holds them. Of a malformed word: those before the fault.
    """
    if "$" not in text.value:
        return ()
    lexer = Lexer(text.value, None, escape)
    with suppress(MalformedWordError):
        lexer.value()
    return tuple((name, text.at(start, end)) for start, end, name in sorted(lexer.references))


class MalformedWordError(Exception):
    """A word that Docker refuses."""


class Lexer:
    """One pass over a text. An unknown value is None and makes everything that it becomes part of None."""

    def __init__(self, text: str, lookup: Lookup | None, escape: str = "\\") -> None:
        """Without a lookup, references stay in the value as they are written."""
        self._text = text
        self._at = 0
        self._lookup = lookup
        self._escape = escape
        self._depth = 0
        self._nested_words = 0
        #: Start, end and name of each reference.
        self.references: list[tuple[int, int, str]] = []
        #: Whether quotes were taken off.
        self.quoted = False

    def value(self) -> str | None:
        """All of the text as one word. Raises MalformedWordError."""
        return self._until("", raw=False)

    def words(self) -> list[tuple[int, int]]:
        """Where the words start and end, split at white space outside quotes. Raises MalformedWordError.

        As in Docker's splitter a word loses what stands before a `${v:-x}` in it, which only the search for
        here-documents gets to see.
        """
        found = []
        start = None
        while self._at < len(self._text):
            begin = self._at
            if self._text[begin] in SPACES:
                self._at += 1
                if start is not None:
                    found.append((start, begin))
                start = None
                continue
            nested = self._nested_words
            self._piece(raw=True)
            if start is None or self._nested_words != nested:
                start = begin
        if start is not None:
            found.append((start, self._at))
        return found

    def _until(self, stop: str, *, raw: bool) -> str | None:
        """The value up to a character, which is passed; "" is the text's end. `raw` keeps the escape characters."""
        parts = _Parts(len(self._text))
        while self._at < len(self._text):
            if self._text[self._at] == stop:
                break
            parts.add(self._piece(raw=raw))
        else:
            if stop:
                raise MalformedWordError(f"no {stop}")
        self._at += len(stop)
        return parts.value()

    def _nested(self, stop: str, *, raw: bool) -> str | None:
        """A word inside `${…}`."""
        if self._depth == _DEEPEST:
            raise MalformedWordError("too deep")
        self._depth += 1
        word = self._until(stop, raw=raw)
        self._depth -= 1
        self._nested_words += 1
        return word

    def _piece(self, *, raw: bool) -> str | None:
        """The value of the next piece, which is at least a character."""
        char = self._text[self._at]
        if char == "$":
            return self._dollar()
        if char == "'":
            return self._single_quoted()
        if char == '"':
            return self._double_quoted(raw=raw)
        if char == self._escape:
            return self._escaped(raw=raw)
        match = (_ANGLES if char == "<" else _PLAIN).match(self._text, self._at)
        piece = match[0] if match else char
        self._at += len(piece)
        return piece

    def _escaped(self, *, raw: bool) -> str:
        """An escape character and the one behind it; at the end of the text it is dropped."""
        pair = self._text[self._at : self._at + 2]
        self._at += len(pair)
        return pair if raw else pair[1:]

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end == -1:
            raise MalformedWordError("open quote")
        inner = self._text[self._at + 1 : end]
        self._at = end + 1
        self.quoted = True
        return inner

    def _double_quoted(self, *, raw: bool) -> str | None:
        self._at += 1
        parts = _Parts(len(self._text))
        while (char := self._peek()) != '"':
            if not char:
                raise MalformedWordError("open quote")
            if char == "$":
                parts.add(self._dollar())
            elif char == self._escape:
                parts.add(self._escaped_in_quotes(raw=raw))
            else:
                match = _IN_QUOTES.match(self._text, self._at)
                piece = match[0] if match else char
                parts.add(piece)
                self._at += len(piece)
        self._at += 1
        self.quoted = True
        return parts.value()

    def _escaped_in_quotes(self, *, raw: bool) -> str:
        """Only quotes, dollars and the escape character itself can be escaped; before others it stays."""
        pair = self._text[self._at : self._at + 2]
        if len(pair) == 2 and pair[1] in ('"', "$", self._escape):
            self._at += 2
            return pair if raw else pair[1]
        self._at += 1
        return self._escape * 2 if raw else self._escape

    def _dollar(self) -> str | None:
        start = self._at
        self._at += 1
        if self._peek() == "{":
            self._at += 1
            value = self._braced(start)
        else:
            name = self._name()
            if not name:
                return "$"
            value = self._plain(start, name)
        return value if self._lookup is not None else self._text[start : self._at]

    def _braced(self, start: int) -> str | None:
        if self._peek() in ("", "{", "}", ":"):
            raise MalformedWordError("bad substitution")
        name = self._name()
        operator = self._next()
        if operator == "}":
            return self._plain(start, name)
        if operator == "/":
            return self._replaced(start, name)
        or_empty = operator == ":"
        if or_empty:
            operator = self._next()
        elif not operator or operator not in "+-?#%":
            raise MalformedWordError("unsupported modifier")
        trims = operator in ("#", "%")
        if or_empty and trims:
            raise MalformedWordError("unsupported modifier")
        word = self._nested("}", raw=trims)
        value = self._get(start, name)
        if value is None:
            return None
        return _trimmed(operator, value, word) if trims else _chosen(operator, value, word, or_empty=or_empty)

    def _replaced(self, start: int, name: str) -> str | None:
        every = self._peek() == "/"
        if every:
            self._at += 1
        pattern = self._nested("/", raw=True)
        replacement = self._nested("}", raw=True)
        value = self._get(start, name)
        if value is None or pattern is None or replacement is None:
            return None
        if every and not isinstance(value, Unset) and len(value) * len(replacement) > _LONGEST:
            return None
        try:
            return replace("" if value is UNSET else value, pattern, replacement, every=every)
        except BadPatternError as error:
            raise MalformedWordError(str(error)) from error

    def _plain(self, start: int, name: str) -> str | None:
        value = self._get(start, name)
        return "" if value is UNSET else value

    def _get(self, start: int, name: str) -> str | Unset | None:
        self.references.append((start, self._at, name))
        return self._lookup(name) if self._lookup is not None else None

    def _name(self) -> str:
        """A name, a number, or one of the shell's special parameters, which Docker never sets."""
        char = self._peek()
        if char.isdecimal():
            return self._run(str.isdecimal)
        if char in _PARAMETERS:
            self._at += 1
            return char
        return self._run(_in_name)

    def _run(self, belongs: Callable[[str], bool]) -> str:
        start = self._at
        while self._at < len(self._text) and belongs(self._text[self._at]):
            self._at += 1
        return self._text[start : self._at]

    def _peek(self) -> str:
        """The next character, "" at the end."""
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        self._at += len(char)
        return char


class _Parts:
    """The parts of a value; when one is not known, or there are too many characters, nor is the whole."""

    __slots__ = ("_known", "_left", "_parts")

    def __init__(self, length: int) -> None:
        """`length` is that of the text, which the value may always have."""
        self._parts: list[str] = []
        self._left = max(length, _LONGEST)
        self._known = True

    def add(self, part: str | None) -> None:
        if part is None:
            self._known = False
        elif self._known:
            self._left -= len(part)
            self._known = self._left >= 0
            self._parts.append(part)

    def value(self) -> str | None:
        return "".join(self._parts) if self._known else None


def _in_name(char: str) -> bool:
    return char == "_" or char.isalpha() or char.isdecimal()


def _chosen(operator: str, value: str | Unset, word: str | None, *, or_empty: bool) -> str | None:
    """The value of `${v-x}`, `${v+x}` and `${v?x}`; `or_empty` with a colon before the operator."""
    missing = value is UNSET or (or_empty and value == "")
    plain = "" if isinstance(value, Unset) else value
    if operator == "-":
        return word if missing else plain
    if operator == "+":
        return "" if missing else word
    if operator == "?" and not missing:
        return plain
    raise MalformedWordError("unsupported modifier, or a value is required")


def _trimmed(operator: str, value: str | Unset, word: str | None) -> str | None:
    """The value of `${v#x}` and `${v%x}`; a doubled operator takes the longest match."""
    if word is None:
        return None
    plain = "" if isinstance(value, Unset) else value
    longest = word.startswith(operator)
    trim = trim_prefix if operator == "#" else trim_suffix
    try:
        return trim(plain, word[longest:], longest=longest)
    except BadPatternError as error:
        raise MalformedWordError(str(error)) from error
