"""Where brackets close, and which words braces stand for."""

from __future__ import annotations

import re
from itertools import pairwise

_TOKEN = re.compile(r"""\\.|\$\{|\$?\(|["'`)}]""", re.DOTALL)
_CLOSERS = {"(": ")", "$(": ")", "${": "}", '"': '"', "`": "`"}
_INERT_IN_DOUBLE_QUOTES = frozenset("'()}")

_BRACE_TOKEN = re.compile(r"""\\.|'[^']*'|\$\{|\$\(|["`{},]""", re.DOTALL)
_RANGE = re.compile(r"(-?\d{1,6})\.\.(-?\d{1,6})|([A-Za-z])\.\.([A-Za-z])", re.ASCII)
_MOST_WORDS = 256
_MOST_GROUPS = 64
_DEEPEST = 10


def closing(text: str, at: int, end: int) -> int:
    """The offset behind what closes the `$(`, `(`, `${`, `"` or backtick at `at`; `end` when nothing does."""
    stack: list[str] = []
    while match := _TOKEN.search(text, at, end):
        token, at = match.group(), match.end()
        top = stack[-1] if stack else ""
        if token[0] == "\\" or (top == '"' and token in _INERT_IN_DOUBLE_QUOTES):
            continue
        if token == top:
            stack.pop()
            if not stack:
                return at
        elif token == "'":
            quote = text.find("'", at, end)
            at = quote + 1 if quote != -1 else end
        elif token in _CLOSERS:
            stack.append(_CLOSERS[token])
    return end


def braces(raw: str, depth: int = 0) -> list[str] | None:
    """The words that an unquoted `{a,b}` or `{1..3}` makes of a word; None when they are too many to list."""
    words = [""]
    at = 0
    for _ in range(_MOST_GROUPS):
        group = _group(raw, at)
        if group is None:
            return [word + raw[at:] for word in words]
        start, end, parts = group
        choices = _choices(parts, depth + 1)
        if choices is None or len(words) * len(choices) > _MOST_WORDS:
            return None
        head = raw[at:start]
        words = [word + head + choice for word in words for choice in choices]
        at = end
    return None


def _choices(parts: list[str], depth: int) -> list[str] | None:
    choices: list[str] = []
    for part in parts:
        inner = [part]
        if "{" in part:
            nested = braces(part, depth) if depth <= _DEEPEST else None
            if nested is None:
                return None
            inner = nested
        choices += inner
    return choices


def _group(raw: str, at: int) -> tuple[int, int, list[str]] | None:
    """The next brace group that has alternatives: where it starts and ends, and what it offers."""
    opened: list[tuple[int, list[int]]] = []
    found: tuple[int, int, list[str]] | None = None
    while match := _BRACE_TOKEN.search(raw, at):
        token, at = match.group(), match.end()
        if token in ('"', "`", "${", "$("):
            at = closing(raw, match.start(), len(raw))
        elif token == "{":
            opened.append((match.start(), []))
        elif opened and token == ",":
            opened[-1][1].append(match.start())
        elif opened and token == "}":
            start, commas = opened.pop()
            parts = _alternatives(raw, start, commas, match.start())
            if parts and (found is None or start < found[0]):
                found = (start, at, parts)
            if found and not opened:
                return found
    return found


def _alternatives(raw: str, start: int, commas: list[int], end: int) -> list[str]:
    if commas:
        edges = [start, *commas, end]
        return [raw[left + 1 : right] for left, right in pairwise(edges)]
    match = _RANGE.fullmatch(raw, start + 1, end)
    if match is None:
        return []
    low, high, first, last = match.groups()
    a, b = (int(low), int(high)) if low else (ord(first), ord(last))
    if abs(a - b) >= _MOST_WORDS:
        return []
    numbers = range(a, b + 1) if a <= b else range(a, b - 1, -1)
    return [str(number) if low else chr(number) for number in numbers]
