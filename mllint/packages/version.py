"""Versions and pins as text: what is exact, what is pinned, and how releases compare.

This reads only what rules ask about often; the full PEP 440 needs `packaging`, which costs start-up time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mllint.regex import regex

_CLAUSE = regex(r"(?s)\s*(===|==|=~|~=|!=|<=|>=|<|>|=|~|@)?\s*(.*?)\s*")
_RELEASE = regex(r"(?s)v?(?:\d+!)?(\d+(?:\.\d+)*)(.*)")
_ARCHIVE = regex(r"(?i)\.(?:zip|whl|tar\.(?:gz|bz2|xz|lz|lzma)|tgz|tbz|txz|tlz|tar)$")
_SEMVER = regex(r"\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")
_UNKNOWN = regex(r"[$`]")
_BRANCH_ARCHIVE = regex(r"/(?:archive|zipball|tarball)/(?:refs/heads/.+|(?:main|master|develop|dev|HEAD)(?:\.\w|$).*)")
_COMMIT = regex(r"(?i)[0-9a-f]{7,40}|(?:[\w-]+[-_/])?v?\d+(?:\.\d+)+[\w.+-]*")


class Version(NamedTuple):
    """A version cut in two: `2.1.0+cu118` is (2, 1, 0) and "cu118"."""

    release: tuple[int, ...]
    #: What stands between the release and `+`: "rc1", ".post1", ".dev3", a Debian revision; "" when there is nothing.
    suffix: str
    #: Behind `+`, lower case; "" when there is nothing.
    local: str


def parse_version(text: str) -> Version | None:
    """The parts of a version; None when it doesn't start with a number. An epoch (`1!`) is left out."""
    match = _RELEASE.fullmatch(text.strip())
    if match is None:
        return None
    suffix, _, local = match[2].partition("+")
    return Version(tuple(map(int, match[1].split("."))), suffix, local.lower())


def compare_releases(left: tuple[int, ...], right: tuple[int, ...]) -> int:
    """-1, 0 or 1; missing parts count as 0 (2.1 is 2.1.0)."""
    width = max(len(left), len(right))
    a, b = (parts + (0,) * (width - len(parts)) for parts in (left, right))
    return (a > b) - (a < b)


def clauses(specifier: str) -> tuple[tuple[str, str], ...]:
    """The operators and versions of a specifier: `>=2,<3` is ((">=", "2"), ("<", "3")); a bare version has ""."""
    pairs = []
    for part in specifier.strip().removeprefix("(").removesuffix(")").split(","):
        match = _CLAUSE.fullmatch(part)
        if match is not None and match[2]:
            pairs.append((match[1] or "", match[2]))
    return tuple(pairs)


def exact_version(specifier: str, ecosystem: str) -> str | None:
    """The one version that a specifier allows, None when there are several or when a part of it is unknown."""
    if not specifier or _UNKNOWN.search(specifier):
        return None
    if ecosystem == "conda":
        return _exact_conda(specifier)
    if ecosystem == "system":
        version = specifier.lstrip("=-")
        return (
            version if specifier[0] in "=-" and version and not version.startswith("~") and "*" not in version else None
        )
    if ecosystem == "npm":
        version = specifier.removeprefix("@")
        return version if _SEMVER.fullmatch(version) else None
    return _exact_python(specifier)


def _exact_python(specifier: str) -> str | None:
    for operator, version in clauses(specifier):
        if operator == "===" or (operator == "==" and "*" not in version):
            return version
        if operator == "@" and _RELEASE.fullmatch(version) and "*" not in version:
            return version
    return None


def _exact_conda(specifier: str) -> str | None:
    for operator, written in clauses(specifier):
        version, _, build = written.replace(" ", "=").partition("=")
        if set("*|") & set(written) or operator not in ("=", "==", ""):
            continue
        parsed = parse_version(version)
        if operator != "=" or build or (parsed is not None and len(parsed.release) >= 3):
            return version
    return None


def is_pinned(specifier: str, ecosystem: str, kind: str, url: str | None) -> bool:
    """Whether two builds get the same release; see `Requirement.pinned` for what counts."""
    if kind == "path":
        return True
    if kind == "vcs":
        ref = vcs_ref(url or "")
        return ref is not None and bool(_COMMIT.fullmatch(ref) or _UNKNOWN.search(ref))
    if kind == "url":
        return not _BRANCH_ARCHIVE.search(url or "")
    if exact_version(specifier, ecosystem) is not None:
        return True
    return any(_holds(operator, version, ecosystem) for operator, version in clauses(specifier))


def _holds(operator: str, version: str, ecosystem: str) -> bool:
    """Whether a clause that is not exact still fixes the release: an unknown pin, or a fuzzy one of two numbers."""
    if _UNKNOWN.search(version):
        return operator in ("==", "===", "=", "@", "")
    if ecosystem not in ("conda", "system") or operator not in ("=", "==", "=~", "~", "") or "|" in version:
        return False
    parsed = parse_version(version)
    return parsed is not None and len(parsed.release) >= 2


def is_archive(path: str) -> bool:
    """Whether a path or URL ends as a wheel or a source archive does, fragment and query left out."""
    return _ARCHIVE.search(_file_name(path)) is not None


def archive_name_version(path: str) -> tuple[str | None, str | None]:
    """The project and the version in the name of a wheel or source archive; None for what it doesn't say."""
    file = _file_name(path)
    ending = _ARCHIVE.search(file)
    if ending is None:
        return None, None
    stem = file[: ending.start()].replace("%2B", "+").replace("%2b", "+")
    if ending[0].lower() == ".whl":
        parts = stem.split("-")
        name, version = parts[0], parts[1] if len(parts) >= 5 else ""
    else:
        name, _, version = stem.rpartition("-")
    known_name = name if name and re.fullmatch(r"[\w.-]+", name) else None
    known_version = version if version[:1].isdigit() and not re.search(r"[*?$`{\[]", version) else None
    return (known_name if known_version is not None or ending[0].lower() == ".whl" else None), known_version


def _file_name(path: str) -> str:
    return path.partition("#")[0].partition("?")[0].rpartition("/")[2]


def vcs_ref(url: str) -> str | None:
    """What stands behind `@` in the path of `git+https://host/path@ref#egg=name`; None when there is nothing."""
    _, _, rest = url.partition("#")[0].partition("://")
    path = rest.partition("/")[2]
    _, at, ref = path.rpartition("@")
    return ref if at and ref else None


@lru_cache(maxsize=4096)
def normalize_name(name: str) -> str:
    """A Python project's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
