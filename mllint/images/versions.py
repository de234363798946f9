"""Versions as numbers: "535.104.05" is newer than "535.86.09"."""

from __future__ import annotations

import re

from mllint.regex import regex

_NUMBERS = regex(r"v?(\d+(?:\.\d+)*)", re.ASCII)


def numbers(text: str) -> tuple[int, ...]:
    """The leading dotted number of a text, as integers; empty when it starts with none."""
    match = _NUMBERS.match(text)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def minor(text: str) -> tuple[int, int] | None:
    """The first two numbers of a version; None when it has fewer."""
    found = numbers(text)
    return (found[0], found[1]) if len(found) > 1 else None
