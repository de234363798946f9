"""Version specifiers (PEP 440) and markers (PEP 508) by the library `packaging`, imported when a question is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from mllint.regex import regex

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

#: The minor versions that an unknown Python 3 may have.
_MINORS = range(6, 20)
#: Patch levels below and above every real one.
_PATCHES = (0, 99)
#: What an image on Linux x86_64 says of itself.
_LINUX = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
}
#: Variables of a marker that the kernel or the locker decides.
_OPEN = regex(r"\b(?:platform_release|platform_version|extras|dependency_groups)\b")
_EXTRA = regex(r"\bextra\s*(?:==|!=)\s*['\"]([^'\"]*)['\"]|['\"]([^'\"]*)['\"]\s*(?:==|!=)\s*extra\b")


def allows(specifier: str, version: str) -> bool | None:
    """Whether a specifier takes a version; None when either cannot be read.

    A pre-release is taken as `pip install --pre` does: whether it is chosen is another question. A local version
    (`2.1.0+cu118`) satisfies `==2.1.0`.
    """
    wanted, known = _specifier(specifier), _version(version)
    return wanted.contains(known, prereleases=True) if wanted is not None and known is not None else None


def newest_allowed(specifier: str, versions: Iterable[str]) -> str | None:
    """The newest of the versions that the specifier takes, as it is written; None when there is none.

    Pre-releases count only where the specifier names one. Versions that cannot be read are passed over.
    """
    wanted = _specifier(specifier)
    if wanted is None:
        return None
    pre = bool(wanted.prereleases)
    readable = [(known, text) for text in versions if (known := _version(text)) is not None]
    return max((pair for pair in readable if wanted.contains(pair[0], prereleases=pre)), default=(None, None))[1]


def compare(left: str, right: str) -> int | None:
    """-1, 0 or 1 in the order of PEP 440 (`2.0rc1` is before `2.0`); None when either cannot be read."""
    a, b = _version(left), _version(right)
    return (a > b) - (a < b) if a is not None and b is not None else None


def marker_holds(marker: str, *, python: str | None) -> bool | None:
    """Whether a marker holds on Linux x86_64; `python` is its version (`3.11`, `3.11.9`), None for any Python 3.

    None when it hangs on what is not known: the Python, its patch level, an extra, the kernel; or cannot be read.
    """
    if _OPEN.search(marker):
        return None
    return _holds(marker, python)


@lru_cache(maxsize=4096)
def _holds(marker: str, python: str | None) -> bool | None:
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        parsed = Marker(marker)
        answers = {parsed.evaluate(environment) for environment in _environments(marker, python)}
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
        return None
    return answers.pop() if len(answers) == 1 else None


def _environments(marker: str, python: str | None) -> Iterator[dict[str, str]]:
    """The environments that the image may be, as far as the marker asks."""
    extras = dict.fromkeys(("", *(one or other for one, other in _EXTRA.findall(marker))))
    for full in _pythons(python) if "python" in marker or "implementation" in marker else ("3.12.0",):
        for extra in extras:
            yield {
                **_LINUX,
                "extra": extra,
                "implementation_version": full,
                "python_full_version": full,
                "python_version": ".".join(full.split(".")[:2]),
            }


def _pythons(python: str | None) -> tuple[str, ...]:
    if python is None:
        return tuple(f"3.{minor}.{patch}" for minor in _MINORS for patch in _PATCHES)
    parts = python.split(".")
    if len(parts) == 1:
        return tuple(f"{python}.{minor}.{patch}" for minor in _MINORS for patch in _PATCHES)
    return tuple(f"{python}.{patch}" for patch in _PATCHES) if len(parts) == 2 else (python,)


@lru_cache(maxsize=4096)
def _specifier(text: str) -> SpecifierSet | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(text.strip().removeprefix("(").removesuffix(")"))
    except InvalidSpecifier:
        return None


@lru_cache(maxsize=4096)
def _version(text: str) -> Version | None:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text)
    except InvalidVersion:
        return None
