"""Python requirements as installers take them (PEP 508, URLs, paths), from a command line or a requirements file."""

from __future__ import annotations

import re

from mllint.packages.arguments import WORD_LIMIT, inner_span, written
from mllint.packages.requirement import Requirement
from mllint.packages.version import archive_name_version, is_archive, normalize_name
from mllint.regex import regex
from mllint.shell.command import Word
from mllint.source import Span

_HEAD = r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[(?P<extras>[^\]$`]*)\])?\s*"
_OPERATORS = r"(?:===|==|~=|!=|<=|>=|<|>|=|\(|@)"
_NAMED = regex(rf"{_HEAD}(?P<rest>(?:[;]|{_OPERATORS}).*?)?\s*", re.DOTALL)
_SPECIFIED = regex(_HEAD + _OPERATORS)
_EXTRAS = regex(r"(.+?)\[([^\]]*)\]")
_SCHEME = regex(r"(?:(?P<vcs>git|hg|svn|bzr)\+[\w+]+|git|https?|ftp|(?P<file>file)):", re.IGNORECASE)
_EGG = regex(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?")


def requirement(word: Word, *, editable: bool = False) -> Requirement | None:
    """The requirement that a word is; None when pip would refuse it, or when its name is not static."""
    if len(word.raw) > WORD_LIMIT:
        return None
    text = written(word)
    span = inner_span(word)
    found = direct_reference(text, span) if editable or _looks_direct(text) else _named(text, span)
    if found is None:
        return None
    if word.value is None and found.kind == "path" and re.match(r"[$`]", text) and not is_archive(text):
        return None
    return found._replace(editable=editable)


def _looks_direct(text: str) -> bool:
    """As pip decides: a URL; no name with a specifier; a path (it has a slash or starts with a dot); an archive."""
    if _SCHEME.match(text):
        return True
    if _SPECIFIED.match(text):
        return False
    head = text.partition(";")[0].strip()
    return "/" in head or head.startswith((".", "~")) or is_archive(head)


def direct_reference(text: str, span: Span, name: str | None = None, extras: str = "") -> Requirement | None:
    """A URL, a repository or a path, with `; marker` behind it and `[extras]` at its end."""
    reference, marker = _split_marker(text, "; " if _SCHEME.match(text) else ";")
    scheme = _SCHEME.match(reference)
    if scheme is None and (match := _EXTRAS.fullmatch(reference)) is not None:
        reference, extras = match[1], match[2]
    if not reference or (scheme is None and re.fullmatch(r"[$`][^/]*", reference)):
        return None
    if (egg := _EGG.search(reference)) is not None:
        name, extras = name or egg[1], extras or egg[2] or ""
    if name is None:
        name = archive_name_version(reference)[0]
    kind = "path"
    if scheme is not None and not scheme["file"]:
        kind = "vcs" if scheme["vcs"] or reference.startswith("git:") else "url"
    return Requirement(
        name=normalize_name(name) if name is not None else None,
        extras=_extras(extras),
        specifier="",
        kind=kind,
        url=reference,
        span=span,
        marker=marker,
    )


def _named(text: str, span: Span) -> Requirement | None:
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    rest: str = match["rest"] or ""
    extras = match["extras"] or ""
    if rest.startswith("@") and (_SCHEME.match(rest[1:].strip()) or "/" in rest):
        return direct_reference(rest[1:].strip(), span, match["name"], extras)
    specifier, marker = _split_marker(rest, ";")
    return Requirement(normalize_name(match["name"]), _extras(extras), specifier, "index", None, span, marker=marker)


def _split_marker(text: str, separator: str) -> tuple[str, str | None]:
    head, found, marker = text.partition(separator)
    return head.strip(), marker.strip() if found and marker.strip() else None


def _extras(text: str) -> tuple[str, ...]:
    return tuple(normalize_name(extra.strip()) for extra in text.split(",") if extra.strip())
