"""`${…}`: the operators of POSIX shells and bash on values that are known."""

from __future__ import annotations

import re
from collections.abc import Callable

from mllint.shell.variables import Variables
from mllint.syntax.expand import Unset
from mllint.syntax.patterns import replace, trim_prefix, trim_suffix

_PARAMETER = re.compile(r"(#?)([A-Za-z_]\w*)(.*)", re.ASCII | re.DOTALL)
_SUBSTRING = re.compile(r"(?:(\d{1,9})| +-(\d{1,9})|\( *-(\d{1,9}) *\))(?::(\d{1,9}))?", re.ASCII)
_NOT_PLAIN = re.compile(r"[\[\\]")

_CASES: dict[str, Callable[[str], str]] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda value: value[:1].upper() + value[1:],
    ",": lambda value: value[:1].lower() + value[1:],
}

#: Gives the value of the word inside an expansion, or None.
Evaluate = Callable[[str], "str | None"]


def parameter(body: str, variables: Variables, evaluate: Evaluate) -> str | None:
    """The value of `${body}`; None when it is not known, or when the operator is none that we follow."""
    match = _PARAMETER.fullmatch(body)
    if match is None:
        return None
    length, name, rest = match.groups()
    value = variables.get(name)
    if rest:
        return None if length else _operate(name, value, rest, variables, evaluate)
    if value is None:
        return None
    text = "" if isinstance(value, Unset) else value
    return str(len(text)) if length else text


def _operate(name: str, value: str | Unset | None, rest: str, variables: Variables, evaluate: Evaluate) -> str | None:
    if value is None:
        return None
    colon = rest[0] == ":"
    operator = rest[1:2] if colon else rest[0]
    if operator and operator in "-=?+":
        return _default(name, value, operator, colon, rest[2 if colon else 1 :], variables, evaluate)
    text = "" if isinstance(value, Unset) else value
    if rest[0] in "#%":
        return _cut(text, rest, evaluate)
    if rest[0] == "/":
        return _replace(text, rest[1:], evaluate)
    if colon:
        return _substring(text, rest[1:])
    change = _CASES.get(rest)
    return change(text) if change else None


def _default(
    name: str, value: str | Unset, operator: str, colon: bool, word: str, variables: Variables, evaluate: Evaluate
) -> str | None:
    """`-`, `=`, `?` and `+`; with a colon an empty value counts as unset."""
    missing = isinstance(value, Unset) or (colon and value == "")
    if operator == "+":
        return "" if missing else evaluate(word)
    if not missing:
        return value if isinstance(value, str) else ""
    if operator == "?":
        return None
    default = evaluate(word)
    if operator == "=":
        variables.assign(name, default)
    return default


def _cut(text: str, rest: str, evaluate: Evaluate) -> str | None:
    """`#`, `##`, `%` and `%%`: without the shortest or longest head or tail that matches."""
    operator = rest[0]
    longest = rest[1:2] == operator
    pattern = evaluate(rest[2 if longest else 1 :])
    if pattern is None or not _is_plain(pattern, text):
        return None
    trim = trim_prefix if operator == "#" else trim_suffix
    return trim(text, pattern, longest=longest)


def _replace(text: str, rest: str, evaluate: Evaluate) -> str | None:
    """`/` and `//`; the anchored forms `/#` and `/%` are left unknown."""
    every = rest.startswith("/")
    old, _, new = rest[every:].partition("/")
    pattern, replacement = evaluate(old), evaluate(new)
    if not pattern or replacement is None or old[0] in "#%":
        return None
    if not _is_plain(pattern, text) or "\\" in old or "$" in replacement:
        return None
    return replace(text, pattern, replacement, every=every)


def _is_plain(pattern: str, text: str) -> bool:
    """Whether shells and Docker agree on the pattern: Docker has no `[a-z]`, and reads no further than a line."""
    return not _NOT_PLAIN.search(pattern) and "\n" not in text


def _substring(text: str, rest: str) -> str | None:
    """`:offset`, `:offset:length`, and `: -offset` from the end."""
    match = _SUBSTRING.fullmatch(rest)
    if match is None:
        return None
    offset, *from_end, length = match.groups()
    back = from_end[0] or from_end[1]
    start = int(offset) if offset is not None else len(text) - int(back)
    if start < 0:
        return ""
    return text[start:] if length is None else text[start : start + int(length)]
