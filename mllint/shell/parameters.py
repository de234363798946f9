"""`${…}`: the operators of POSIX shells and bash on values that are known."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate

from mllint.shell.variables import Variables
from mllint.syntax.expand import Unset

_PARAMETER = re.compile(r"(#?)([A-Za-z_]\w*)(.*)", re.ASCII | re.DOTALL)
_SUBSTRING = re.compile(r"(?:(\d+)| +-(\d+)|\( *-(\d+) *\))(?::(\d+))?", re.ASCII)
_GLOB = re.compile(r"[*?\[]")

#: Patterns are tried on every part of a value, so that long ones are left unknown.
_LONGEST_CUT = 1000
_LONGEST_REPLACE = 64

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
    if pattern is None or "\\" in pattern or len(text) > _LONGEST_CUT:
        return None
    matches = re.compile(translate(pattern)).match
    cuts = range(len(text) + 1)
    if operator == "#":
        cut = next((at for at in (reversed(cuts) if longest else cuts) if matches(text[:at])), 0)
        return text[cut:]
    cut = next((at for at in (cuts if longest else reversed(cuts)) if matches(text[at:])), len(text))
    return text[:cut]


def _replace(text: str, rest: str, evaluate: Evaluate) -> str | None:
    """`/` and `//`; the anchored forms `/#` and `/%` are left unknown."""
    everywhere = rest.startswith("/")
    old, _, new = rest[everywhere:].partition("/")
    pattern, replacement = evaluate(old), evaluate(new)
    if not pattern or replacement is None or "\\" in old or old[0] in "#%":
        return None
    if not _GLOB.search(pattern):
        return text.replace(pattern, replacement, -1 if everywhere else 1)
    if len(text) > _LONGEST_REPLACE:
        return None
    return _replace_glob(text, re.compile(translate(pattern)), replacement, everywhere)


def _replace_glob(text: str, pattern: re.Pattern[str], replacement: str, everywhere: bool) -> str:
    parts: list[str] = []
    at = 0
    while at < len(text):
        end = next((end for end in range(len(text), at, -1) if pattern.match(text[at:end])), at)
        if end == at:
            parts.append(text[at])
            at += 1
            continue
        parts.append(replacement)
        at = end
        if not everywhere:
            break
    return "".join(parts) + text[at:]


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
