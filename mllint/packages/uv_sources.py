"""[tool.uv]: indexes, and the sources that single packages come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mllint.packages.requirement import Index, Requirement
from mllint.packages.toml import TomlFile
from mllint.packages.version import normalize_name

_UV = ("tool", "uv")
#: Keys of [tool.uv] and [tool.uv.pip] → `Index.kind`.
_KEYS = {
    "index-url": "index-url",
    "extra-index-url": "extra-index-url",
    "find-links": "find-links",
    "torch-backend": "torch-backend",
}


class _Sourced(NamedTuple):
    """One source of a package: `torch = [{ index = "cu124", extra = "gpu" }]`."""

    package: str
    source: dict[str, Any]


def uv_indexes(toml: TomlFile) -> Iterator[Index]:
    """The indexes that uv looks into, with the packages and extras that they are for."""
    sources = tuple(_sources(toml))
    for at, each in enumerate(toml.array(*_UV, "index")):
        if not isinstance(each, dict) or not isinstance(url := each.get("url"), str):
            continue
        kind = "index-url" if each.get("default") is True else "extra-index-url"
        name = each.get("name")
        index = Index(kind, url, toml.span(*_UV, "index", at, "url"), name if isinstance(name, str) else None)
        if each.get("explicit") is not True:
            yield index
        users = [one for one in sources if name is not None and one.source.get("index") == name]
        for choice in dict.fromkeys(_choice(one.source) for one in users):
            named = dict.fromkeys(one.package for one in users if _choice(one.source) == choice)
            yield index._replace(packages=tuple(named), choice=choice)
    for table in (_UV, (*_UV, "pip")):
        for key, kind in _KEYS.items():
            for word in toml.words(*table, key):
                yield Index(kind, word.value, word.span)


def with_sources(toml: TomlFile, requirements: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    """The requirements, those with a source of their own (a repository, a path, a URL) as direct references."""
    sources: dict[str, dict[str, Any]] = {}
    for one in _sources(toml):
        sources.setdefault(one.package, one.source)
    if not sources:
        return requirements
    return tuple(_referred(each, sources.get(each.name or "", {})) for each in requirements)


def _sources(toml: TomlFile) -> Iterator[_Sourced]:
    """The sources that can apply on Linux."""
    for name, value in toml.table(*_UV, "sources").items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and not _elsewhere(each.get("marker")):
                yield _Sourced(normalize_name(name), each)


def _elsewhere(marker: object) -> bool:
    """Whether a marker cannot hold on Linux."""
    if not isinstance(marker, str):
        return False
    from mllint.packages.specifiers import marker_holds

    return marker_holds(marker, python=None) is False


def _choice(source: dict[str, Any]) -> str | None:
    chosen = source.get("extra") or source.get("group")
    return chosen if isinstance(chosen, str) else None


def _referred(requirement: Requirement, source: dict[str, Any]) -> Requirement:
    for key, kind in (("git", "vcs"), ("path", "path"), ("url", "url")):
        value = source.get(key)
        if isinstance(value, str):
            ref = next((source[each] for each in ("rev", "tag", "branch") if isinstance(source.get(each), str)), None)
            url = f"git+{value}" + (f"@{ref}" if ref is not None else "") if key == "git" else value
            return requirement._replace(kind=kind, url=url, specifier="", editable=source.get("editable") is True)
    if source.get("workspace") is True:
        return requirement._replace(kind="path", url=requirement.name, specifier="", editable=True)
    return requirement
