"""`.dockerignore`: which files of the folder a build does not send.

The semantics are those of the builder's pattern matcher: patterns are anchored at the context's root, a folder that
matches takes all below it along, `!` takes files back, and the last pattern that matches decides.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from mllint.context.patterns import path_expression


class Pattern(NamedTuple):
    """One line of a `.dockerignore`."""

    #: Cleaned: no `./`, no slash at either end.
    text: str
    #: `!pattern`.
    negated: bool
    #: Where it stands, from 1.
    line: int = 0


class Ignore:
    """The patterns of a file, in order."""

    def __init__(self, patterns: Iterable[Pattern] = ()) -> None:
        self.patterns = tuple(patterns)
        #: Neighbours of the same sign as one expression, the last ones first: (what they say, expression).
        self._runs = tuple(_runs(self.patterns))[::-1]
        self._returning = tuple(pattern.text for pattern in self.patterns if pattern.negated)

    def excludes(self, path: str) -> bool:
        """Whether the build leaves out `path` (relative to the context, with `/`); its root is never left out."""
        for excluded, expression in self._runs:
            if expression.fullmatch(path):
                return excluded
        return False

    def decisive(self, path: str) -> Pattern | None:
        """The pattern that decides about a path: the last one that matches it, or a folder around it."""
        for pattern in reversed(self.patterns):
            expression = path_expression(pattern.text)
            if expression is not None and re.fullmatch(f"(?:{expression})(?:/.*)?", path, re.DOTALL):
                return pattern
        return None

    def prunes(self, folder: str) -> bool:
        """Whether nothing below `folder` is sent, so that there is no need to look into it."""
        return self.excludes(folder) and not any(_reaches_below(text, folder) for text in self._returning)


def _runs(patterns: tuple[Pattern, ...]) -> Iterable[tuple[bool, re.Pattern[str]]]:
    for negated, group in groupby(patterns, key=lambda pattern: pattern.negated):
        expressions = [found for pattern in group if (found := path_expression(pattern.text)) is not None]
        if expressions:
            # What matches a folder matches all below it.
            yield not negated, re.compile(f"(?:{'|'.join(expressions)})(?:/.*)?", re.DOTALL)


def _reaches_below(pattern: str, folder: str) -> bool:
    """Whether a pattern could match something below a folder, judged by the part in front of its first wildcard."""
    literal = re.split(r"[*?\[\\]", pattern, maxsplit=1)[0]
    below = f"{folder}/"
    return literal.startswith(below) or (literal != pattern and below.startswith(literal))


def parse_ignore(text: str) -> Ignore:
    """The patterns of a `.dockerignore`; a pattern that the builder refuses matches nothing."""
    patterns = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        # Only a `#` in the first column makes a comment; blanks are taken off afterwards.
        if line.startswith("#"):
            continue
        written = line.strip()
        negated = written.startswith("!")
        cleaned = _clean(written[1:].strip() if negated else written)
        if cleaned:
            patterns.append(Pattern(cleaned, negated, number))
    return Ignore(patterns)


def _clean(pattern: str) -> str:
    """`./a//b/`, `/a/b` and `a/x/../b` are all `a/b`; "" for what names the context itself."""
    cleaned = posixpath.normpath(pattern) if pattern else "."
    return "" if cleaned == "." else cleaned.lstrip("/")
