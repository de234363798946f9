"""Patterns for paths, as in ruff: relative to the folder of the configuration, or matching a name in any folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from mllint.regex import regex

_TOKEN = regex(r"\*\*/|\*+|\?|\[!?\]?[^\]]*\]|\{[^{}]*\}|.", re.DOTALL)


class Globs:
    """Some patterns below a root (an absolute path).

    `*` matches any characters, slashes too; `**/` matches any folders or none; `?`, `[abc]`, `[!abc]` and `{a,b}` are
    known. A pattern is tried against the whole path and against the last name.
    """

    def __init__(self, patterns: Iterable[str], root: str) -> None:
        self._root = _slashed(root).rstrip("/")
        sources = [source for pattern in patterns if pattern for source in self._sources(pattern)]
        self._regex = re.compile("|".join(sources), re.DOTALL) if sources else None

    def _sources(self, pattern: str) -> tuple[str, str]:
        """The regular expressions for the whole path and for the name alone."""
        pattern, root = _slashed(pattern), self._root
        pattern = pattern.rstrip("/") or pattern
        while pattern.startswith(("./", "../")):
            step, _, pattern = pattern.partition("/")
            root = root if step == "." else root.rpartition("/")[0]
        translated = translate(pattern)
        whole = translated if os.path.isabs(pattern) else f"{re.escape(root)}/{translated}"
        return whole, translated

    def match(self, path: str) -> bool:
        """Whether a pattern matches the path (absolute) or its last name."""
        if self._regex is None:
            return False
        path = _slashed(path)
        return self._regex.fullmatch(path) is not None or self._regex.fullmatch(path.rpartition("/")[2]) is not None

    def covers(self, path: str, top: str = "") -> bool:
        """Whether a pattern matches the path (absolute), or a folder above it.

        Only folders below both the root and `top` (an absolute path, if given) count.
        """
        if self._regex is None:
            return False
        path = _slashed(path)
        limits = [self._root, _slashed(top).rstrip("/")] if top else [self._root]
        tops = [each for each in limits if path.startswith(f"{each}/")]
        at = max(map(len, tops), default=path.rfind("/")) + 1
        while (at := path.find("/", at)) != -1:
            if self.match(path[:at]):
                return True
            at += 1
        return self.match(path)


def translate(pattern: str) -> str:
    """The regular expression of a glob."""
    return "".join(_token(each.group()) for each in _TOKEN.finditer(pattern))


def _token(token: str) -> str:
    if token == "**/":
        return "(?:.*/)?"
    if token.startswith("*"):
        return ".*"
    if token == "?":
        return "."
    if len(token) > 2 and token[0] == "[":
        return _character_class(token)
    if len(token) > 1 and token[0] == "{":
        return f"(?:{'|'.join(translate(each) for each in token[1:-1].split(','))})"
    return re.escape(token)


def _character_class(token: str) -> str:
    inner = token[1:-1].replace("\\", "\\\\").replace("[", "\\[")
    source = f"[^{inner[1:]}]" if inner.startswith("!") and len(inner) > 1 else f"[{inner}]"
    try:
        re.compile(source)
    except re.error:
        # A range that runs backwards: the characters stand for themselves.
        return re.escape(token)
    return source


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/") if os.sep != "/" else path
