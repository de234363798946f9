"""File name patterns as the builder reads them, turned into regular expressions.

`*` and `?` stop at slashes, `[a-z]` and `[^a-z]` are classes, a backslash takes the next character as it is.
"""

from __future__ import annotations

import re


def path_expression(pattern: str) -> str | None:
    """The expression for a `.dockerignore` pattern, where `**` is any number of folders; None when it is malformed."""
    if pattern.startswith("**") and not re.match(r"/|.*[*?\[\]\\]", pattern[2:], re.DOTALL):
        # The builder looks for such a pattern at the end of the path, also inside a name.
        return f".*{re.escape(pattern[2:])}"
    parts = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**", at):
            at += 2
            at += pattern.startswith("/", at)
            parts.append(".*" if at == len(pattern) else "(?:.*/)?")
            continue
        found = _token(pattern, at)
        if found is None:
            return None
        piece, at = found
        parts.append(piece)
    return _checked("".join(parts))


def name_expression(pattern: str) -> str | None:
    """The expression for one component of a COPY wildcard, where `**` is no more than `*`."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        found = _token(pattern, at)
        if found is None:
            return None
        piece, at = found
        if not (piece == "[^/]*" and parts and parts[-1] == piece):
            parts.append(piece)
    return _checked("".join(parts))


def is_wildcard(pattern: str) -> bool:
    """Whether COPY would look for files that match, and not for a file of that name."""
    return re.search(r"[*?\[\\]", pattern) is not None


def _checked(expression: str) -> str | None:
    """None for what cannot be compiled: a range that runs backwards."""
    try:
        re.compile(expression)
    except re.error:
        return None
    return expression


def _token(pattern: str, at: int) -> tuple[str, int] | None:
    """The expression for the token at an offset and the offset behind it; None for a class that is not closed."""
    character = pattern[at]
    if character == "*":
        return "[^/]*", at + 1
    if character == "?":
        return "[^/]", at + 1
    if character == "\\":
        return (re.escape(pattern[at + 1]), at + 2) if at + 1 < len(pattern) else None
    if character == "[":
        return _class(pattern, at + 1)
    return re.escape(character), at + 1


def _class(pattern: str, at: int) -> tuple[str, int] | None:
    """The class whose `[` stands in front of the offset."""
    negated = pattern.startswith("^", at)
    at += negated
    items: list[str] = []
    while at < len(pattern):
        character = pattern[at]
        if character == "]" and items:
            return f"[{'^' if negated else ''}{''.join(items)}]", at + 1
        ranged = character == "-" and bool(items) and items[-1] != "-" and pattern[at + 1 : at + 2] != "]"
        if character == "\\":
            at += 1
            character = pattern[at : at + 1]
        items.append("-" if ranged else re.escape(character))
        at += 1
    return None
