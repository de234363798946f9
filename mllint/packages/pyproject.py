"""pyproject.toml: the standard's dependencies, extras and groups, and those of uv, poetry and pdm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mllint.packages import poetry
from mllint.packages.manifest import Groups, Manifest
from mllint.packages.python import requirement
from mllint.packages.requirement import Index, Requirement
from mllint.packages.toml import TomlFile, read_toml
from mllint.packages.uv_sources import uv_indexes, with_sources
from mllint.packages.version import normalize_name
from mllint.shell.command import Word
from mllint.source import Source

Requirements = tuple[Requirement, ...]


def parse_pyproject(source: Source) -> Manifest | None:
    """Reads the file; None when it is no TOML."""
    toml = read_toml(source)
    if toml is None:
        return None
    name = toml.text("project", "name") or toml.text("tool", "poetry", "name")
    known = normalize_name(name) if name is not None else None
    dynamic = toml.array("project", "dynamic")
    stands = isinstance(toml.get("project", "dependencies"), list)
    by_poetry = "poetry" in toml.table("tool")
    files = tuple(toml.words("tool", "setuptools", "dynamic", "dependencies", "file")) if not stands else ()
    requirements = read_list(toml, "project", "dependencies")
    if by_poetry and not stands:
        requirements = poetry.dependencies(toml)
    groups = _groups(toml)
    return Manifest(
        source=source,
        kind="pyproject",
        requirements=with_sources(toml, requirements),
        groups=tuple((group, with_sources(toml, members)) for group, members in groups),
        extras=tuple((extra, with_sources(toml, members)) for extra, members in _extras(toml, known)),
        default_groups=_default_groups(toml, groups),
        files=files,
        indexes=(*uv_indexes(toml), *poetry.indexes(toml), *_pdm_indexes(toml)),
        requires_python=toml.text("project", "requires-python") or poetry.requires_python(toml),
        name=known,
        complete=bool(files) or ((by_poetry or "project" in toml.data) and (stands or "dependencies" not in dynamic)),
    )


def read_list(toml: TomlFile, *path: str | int) -> Requirements:
    """The requirements of an array of strings."""
    return tuple(_read(toml.words(*path)))


def _read(words: Iterable[Word]) -> Iterator[Requirement]:
    for word in words:
        # pdm's development dependencies take `-e file:///…`.
        text = word.value or ""
        editable = text.startswith("-e ")
        found = requirement(word._replace(value=text[2:].strip()) if editable else word, editable=editable)
        if found is not None:
            yield found


def _extras(toml: TomlFile, project: str | None) -> Groups:
    written = {
        normalize_name(name): read_list(toml, "project", "optional-dependencies", name)
        for name in toml.table("project", "optional-dependencies")
    }
    own = tuple((name, _unfolded(name, written, project, frozenset())) for name in written)
    return own or poetry.extras(toml)


def _unfolded(name: str, extras: dict[str, Requirements], project: str | None, seen: frozenset[str]) -> Requirements:
    """The requirements of an extra, those that it takes over from others (`project[other]`) in their place."""
    found: list[Requirement] = []
    for each in extras.get(name, ()) if name not in seen else ():
        if each.name == project and each.extras:
            for other in each.extras:
                found.extend(_unfolded(other, extras, project, seen | {name}))
        else:
            found.append(each)
    return tuple(found)


def _groups(toml: TomlFile) -> Groups:
    """The groups of the standard, of poetry and of pdm, and uv's dev-dependencies; those of one name are one."""
    found: dict[str, Requirements] = {}
    for name in toml.table("dependency-groups"):
        found[name] = _group(toml, name, frozenset())
    for name in toml.table("tool", "pdm", "dev-dependencies"):
        found[name] = found.get(name, ()) + read_list(toml, "tool", "pdm", "dev-dependencies", name)
    if toml.array("tool", "uv", "dev-dependencies"):
        found["dev"] = found.get("dev", ()) + read_list(toml, "tool", "uv", "dev-dependencies")
    for name, members in poetry.groups(toml):
        found[name] = found.get(name, ()) + members
    return tuple(found.items())


def _group(toml: TomlFile, name: str, seen: frozenset[str]) -> Requirements:
    """A group's requirements with those of the groups that it includes (PEP 735)."""
    found: list[Requirement] = []
    for at, each in enumerate(toml.array("dependency-groups", name)):
        if isinstance(each, str):
            found.extend(_read((toml.word("dependency-groups", name, at),)))
        elif isinstance(each, dict) and isinstance(other := each.get("include-group"), str):
            spelled = _spelling(toml, other)
            found.extend(_group(toml, spelled, seen | {name}) if spelled not in (name, *seen) else ())
    return tuple(found)


def _spelling(toml: TomlFile, name: str) -> str:
    """Groups are compared as projects are: `Type_Check` is `type-check`."""
    wanted = normalize_name(name)
    return next((each for each in toml.table("dependency-groups") if normalize_name(each) == wanted), name)


def _default_groups(toml: TomlFile, groups: Groups) -> tuple[str, ...]:
    names = tuple(name for name, _ in groups)
    chosen: Any = toml.get("tool", "uv", "default-groups")
    if "poetry" in toml.table("tool"):
        optional = poetry.optional_groups(toml)
        return tuple(name for name in names if name not in optional)
    if "pdm" in toml.table("tool") or chosen == "all":
        return names
    wanted = chosen if isinstance(chosen, list) else ["dev"]
    return tuple(name for name in names if name in wanted)


def _pdm_indexes(toml: TomlFile) -> Iterator[Index]:
    for at, each in enumerate(toml.array("tool", "pdm", "source")):
        if isinstance(each, dict) and isinstance(url := each.get("url"), str):
            kind = "find-links" if each.get("type") == "find_links" else "extra-index-url"
            name = each.get("name")
            # This name stands for pdm's default index.
            kind = "index-url" if name == "pypi" else kind
            yield Index(kind, url, toml.span("tool", "pdm", "source", at, "url"), name)
