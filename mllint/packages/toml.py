"""TOML with places: the standard library reads the values, a scan of the text finds where each of them stands."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from mllint.regex import regex
from mllint.shell.command import Word
from mllint.source import Source, Span

#: Keys and indexes from the root: ("project", "dependencies", 0).
Path = tuple[str | int, ...]

_BLANKS = regex(r"[ \t\r]*")
_GAP = regex(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = regex(
    r"\"\"\"(?:[^\\]|\\.)*?\"\"\"\"{0,2}|'''.*?''''{0,2}|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = regex(r"[A-Za-z0-9_-]+")
_SCALAR = regex(r"[^,\]}\n#]+")
_HEADER_END = regex(r"\]{1,2}")


class _Place(NamedTuple):
    """Where a value stands: from its key (or its table's header), and by itself."""

    key: int
    start: int
    end: int


class TomlFile:
    """The values of a file and their places."""

    def __init__(self, source: Source, data: dict[str, Any]) -> None:
        self.source = source
        self.data = data
        self._places = _Scanner(source.text).scan()

    def get(self, *path: str | int) -> Any:
        """The value at a path; None when there is none."""
        value: Any = self.data
        for part in path:
            if isinstance(part, str) and isinstance(value, dict):
                value = value.get(part)
            elif isinstance(part, int) and isinstance(value, list) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def table(self, *path: str | int) -> dict[str, Any]:
        """The table at a path; an empty one when there is none."""
        value = self.get(*path)
        return value if isinstance(value, dict) else {}

    def array(self, *path: str | int) -> list[Any]:
        """The array at a path; an empty one when there is none."""
        value = self.get(*path)
        return value if isinstance(value, list) else []

    def text(self, *path: str | int) -> str | None:
        """The string at a path; None when there is none."""
        value = self.get(*path)
        return value if isinstance(value, str) else None

    def words(self, *path: str | int) -> Iterator[Word]:
        """The strings of an array, or the string itself."""
        value = self.get(*path)
        if isinstance(value, str):
            yield self.word(*path)
        elif isinstance(value, list):
            for at, each in enumerate(value):
                if isinstance(each, str):
                    yield self.word(*path, at)

    def word(self, *path: str | int) -> Word:
        """The string at a path with its place, quotes left out."""
        span = self.span(*path)
        return Word(span, span.text, self.text(*path))

    def span(self, *path: str | int) -> Span:
        """The value's place, without quotes; where it is not found, that of what holds it."""
        place = self._nearest(path)
        start, end = place.start, place.end
        text = self.source.text[start:end]
        if _STRING.fullmatch(text):
            width = 3 if text.startswith(('"""', "'''")) else 1
            start, end = start + width, end - width
        return Span(self.source, start, end)

    def entry(self, *path: str | int) -> Span:
        """The place of `key = value`, from the key on; of a table with a header, the header."""
        place = self._nearest(path)
        return Span(self.source, place.key, place.end)

    def _nearest(self, path: Path) -> _Place:
        for length in range(len(path), 0, -1):
            found = self._places.get(path[:length])
            if found is not None:
                return found
        return _Place(0, 0, 0)


def read_toml(source: Source) -> TomlFile | None:
    """The file; None when it is no TOML."""
    try:
        return TomlFile(source, parse_toml(source.text.removeprefix("\ufeff")))
    except (ValueError, RecursionError):
        return None


def parse_toml(text: str) -> dict[str, Any]:
    """The values of a text; ValueError says what is no TOML, RecursionError that it is nested too deeply."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


class _Scanner:
    """Walks over a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 1 if text.startswith("\ufeff") else 0
        self._found: dict[Path, _Place] = {}
        #: How many `[[tables]]` of a name there are so far.
        self._counts: dict[Path, int] = {}

    def scan(self) -> dict[Path, _Place]:
        table: Path = ()
        while True:
            self._skip(_GAP)
            if self._at >= len(self._text):
                return self._found
            if self._text[self._at] == "[":
                table = self._header()
            elif not self._pair(table):
                return self._found

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match is not None else self._at

    def _header(self) -> Path:
        start = self._at
        many = self._text.startswith("[[", start)
        self._at += 2 if many else 1
        names = self._key()
        self._skip(_HEADER_END)
        path: Path = ()
        for name in names[:-1]:
            path = self._last((*path, name))
        path = (*path, *names[-1:])
        if many:
            self._counts[path] = self._counts.get(path, 0) + 1
        path = self._last(path)
        self._found.setdefault(path, _Place(start, start, self._at))
        return path

    def _last(self, path: Path) -> Path:
        """The path of the last table when there are several of the name."""
        return (*path, self._counts[path] - 1) if path in self._counts else path

    def _key(self) -> tuple[str, ...]:
        """The parts of `a."b.c".d`."""
        parts: list[str] = []
        while True:
            self._skip(_BLANKS)
            match = _BARE_KEY.match(self._text, self._at) or _STRING.match(self._text, self._at)
            if match is None:
                return tuple(parts)
            parts.append(match[0].strip("\"'"))
            self._at = match.end()
            self._skip(_BLANKS)
            if not self._text.startswith(".", self._at):
                return tuple(parts)
            self._at += 1

    def _pair(self, table: Path) -> bool:
        """Reads `key = value`; False where there is none."""
        start = self._at
        key = self._key()
        if not key or not self._text.startswith("=", self._at):
            return False
        self._at += 1
        path = (*table, *key)
        self._value(path, start)
        for length in range(len(table) + 1, len(path)):
            self._found.setdefault(path[:length], self._found[path])
        return True

    def _value(self, path: Path, key: int | None = None) -> None:
        self._skip(_BLANKS)
        start = self._at
        opening = self._text[start : start + 1]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            match = _STRING.match(self._text, start) or _SCALAR.match(self._text, start)
            self._at = start + len(match[0].rstrip()) if match is not None else start
        self._found[path] = _Place(start if key is None else key, start, self._at)

    def _array(self, path: Path) -> None:
        self._at += 1
        count = 0
        while True:
            self._skip(_GAP)
            if self._closes("]"):
                return
            before = self._at
            self._value((*path, count))
            count += 1
            self._comma()
            if self._at == before:
                return

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while True:
            self._skip(_GAP)
            if self._closes("}") or not self._pair(path):
                return
            self._comma()

    def _closes(self, bracket: str) -> bool:
        if self._at >= len(self._text):
            return True
        closed = self._text[self._at] == bracket
        self._at += closed
        return closed

    def _comma(self) -> None:
        self._skip(_GAP)
        if self._text.startswith(",", self._at):
            self._at += 1
