from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.shell.command import Script
from mllint.shell.parser import parse_script
from mllint.source import Source, Text
from mllint.syntax.expand import UNSET, Unset

VALUES = {"V": "1.2.3", "LIST": "a b", "EMPTY": "", "SPACED": " a b ", "TORCH": "2.4.0"}


def lookup(name: str) -> str | Unset | None:
    """`UNKNOWN…` is not known, the names of VALUES are, all others are not set."""
    return None if name.startswith("UNKNOWN") else VALUES.get(name, UNSET)


@pytest.fixture
def plain() -> Callable[[str], Text]:
    """A text that stands in the file as it is."""
    return lambda text: Text.plain(Source("Dockerfile", text).span(0, len(text)))


@pytest.fixture
def joined() -> Callable[[str], Text]:
    """A text whose continued lines (`\\` and line end) are taken out, as the Dockerfile parser does it."""

    def join(text: str) -> Text:
        source = Source("Dockerfile", text)
        pieces, at = [], 0
        for line in text.split("\\\n"):
            pieces.append(Text.plain(source.span(at, at + len(line))))
            at += len(line) + 2
        return Text.join(pieces, source=source)

    return join


@pytest.fixture
def parse(plain: Callable[[str], Text]) -> Callable[[str], Script]:
    return lambda text: parse_script(plain(text), lookup)


@pytest.fixture
def known() -> Callable[[str], str | Unset | None]:
    return lookup
