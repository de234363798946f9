"""A small reader of commands, so that these tests do not hang on the shell layer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mllint.shell.command import Assignment, Command, Word
from mllint.source import Source, Span

_WORD = re.compile(r"(?:[^\s\"']|\"[^\"]*\"|'[^']*')+")
_UNKNOWN = re.compile(r"\$|`")


def read_command(text: str, variables: dict[str, str] | None = None, wrappers: tuple[str, ...] = ()) -> Command:
    """Splits at blanks and takes quotes off; `$NAME` and `${NAME}` are unknown when they are not in `variables`."""
    source = Source("Dockerfile", text)
    words = []
    assignments = []
    for match in _WORD.finditer(text):
        word = _word(source, match.start(), match.end(), variables or {})
        name, equals, _ = match[0].partition("=")
        if not words and equals and name.isidentifier():
            value = _word(source, match.start() + len(name) + 1, match.end(), variables or {})
            assignments.append(Assignment(name, value, word.span))
        else:
            words.append(word)
    return Command(
        words=tuple(words),
        assignments=tuple(assignments),
        redirects=(),
        span=Span(source, 0, len(text)),
        operator="",
        wrappers=wrappers,
        conditional=False,
        guarded=False,
        subshell=0,
        python=None,
    )


def _word(source: Source, start: int, end: int, variables: dict[str, str]) -> Word:
    raw = source.text[start:end]
    known = re.sub(r"\$\{?(\w+)\}?", lambda match: variables.get(match[1], match[0]), raw)
    value = None if _UNKNOWN.search(known) and "'" not in raw else re.sub("[\"']", "", known)
    if raw.startswith(("'", '"')) and raw.endswith(raw[0]) and raw.count(raw[0]) == 2:
        value = None if raw[0] == '"' and _UNKNOWN.search(known) else known[1:-1]
    return Word(Span(source, start, end), raw, value)


@pytest.fixture
def command() -> Callable[..., Command]:
    return read_command
