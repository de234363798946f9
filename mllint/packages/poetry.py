"""[tool.poetry]: dependencies, groups, extras and sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mllint.packages.manifest import Groups
from mllint.packages.poetry_versions import to_pep440
from mllint.packages.requirement import Index, Requirement
from mllint.packages.toml import TomlFile
from mllint.packages.version import clauses, normalize_name
from mllint.regex import regex
from mllint.source import Span

_POETRY = ("tool", "poetry")
_EXTRA = regex(r"\bextra\s*==\s*['\"]([\w.-]+)['\"]")
#: `priority` of a source → `Index.kind`; a source that says none is a primary one.
_KINDS = {
    "default": "index-url",
    "primary": "index-url",
    "secondary": "extra-index-url",
    "supplemental": "extra-index-url",
    "explicit": "extra-index-url",
}


def dependencies(toml: TomlFile) -> tuple[Requirement, ...]:
    """[tool.poetry.dependencies] without Python itself and without what only extras need."""
    return tuple(found for found, optional in _table(toml, *_POETRY, "dependencies") if not optional)


def groups(toml: TomlFile) -> Groups:
    """[tool.poetry.group.NAME.dependencies], and `dev` of [tool.poetry.dev-dependencies]."""
    found = [(name, _members(toml, *_POETRY, "group", name, "dependencies")) for name in toml.table(*_POETRY, "group")]
    if toml.table(*_POETRY, "dev-dependencies"):
        found.append(("dev", _members(toml, *_POETRY, "dev-dependencies")))
    return tuple(found)


def optional_groups(toml: TomlFile) -> frozenset[str]:
    """The groups that install only when they are named."""
    names = toml.table(*_POETRY, "group")
    return frozenset(name for name in names if toml.get(*_POETRY, "group", name, "optional") is True)


def extras(toml: TomlFile) -> Groups:
    """[tool.poetry.extras], which name optional dependencies."""
    optional = [found for found, _ in _table(toml, *_POETRY, "dependencies")]
    return tuple(
        (
            normalize_name(name),
            tuple(each for each in optional if each.name in {normalize_name(str(one)) for one in given}),
        )
        for name, given in toml.table(*_POETRY, "extras").items()
        if isinstance(given, list)
    )


def requires_python(toml: TomlFile) -> str | None:
    """The constraint on Python as PEP 440 writes it."""
    written = toml.text(*_POETRY, "dependencies", "python")
    return to_pep440(written) or None if written is not None else None


def indexes(toml: TomlFile) -> Iterator[Index]:
    """[[tool.poetry.source]]; an explicit one serves only the packages that name it."""
    users = _users(toml)
    for at, each in enumerate(toml.array(*_POETRY, "source")):
        if not isinstance(each, dict) or not isinstance(url := each.get("url"), str):
            continue
        name = each.get("name") if isinstance(each.get("name"), str) else None
        priority = "secondary" if each.get("secondary") is True else each.get("priority", "primary")
        kind = _KINDS.get(str(priority), "extra-index-url")
        index = Index(kind, url, toml.span(*_POETRY, "source", at, "url"), name)
        if priority != "explicit":
            yield index
        for choice, named in users.get(name or "", {}).items():
            yield index._replace(packages=tuple(dict.fromkeys(named)), choice=choice)


def _users(toml: TomlFile) -> dict[str, dict[str | None, list[str]]]:
    """Source → the packages that name it, those of an extra (`markers = "extra == 'cpu'"`) by its name."""
    paths: list[tuple[str, ...]] = [(*_POETRY, "dependencies"), (*_POETRY, "dev-dependencies")]
    paths += [(*_POETRY, "group", name, "dependencies") for name in toml.table(*_POETRY, "group")]
    found: dict[str, dict[str | None, list[str]]] = {}
    for path in paths:
        for package, value in toml.table(*path).items():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict) and isinstance(source := each.get("source"), str):
                    extra = _EXTRA.search(str(each.get("markers") or ""))
                    choices = found.setdefault(source, {})
                    choices.setdefault(extra[1] if extra is not None else None, []).append(normalize_name(package))
    return found


def _members(toml: TomlFile, *path: str) -> tuple[Requirement, ...]:
    return tuple(found for found, _ in _table(toml, *path))


def _table(toml: TomlFile, *path: str) -> Iterator[tuple[Requirement, bool]]:
    """The dependencies of a table, and whether each is optional."""
    for name, value in toml.table(*path).items():
        if name == "python":
            continue
        several = isinstance(value, list)
        for at, each in enumerate(value if several else [value]):
            span = toml.span(*path, name, at) if several else toml.entry(*path, name)
            optional = isinstance(each, dict) and each.get("optional") is True
            if isinstance(each, (str, dict)):
                yield dependency(name, {"version": each} if isinstance(each, str) else each, span), optional


def dependency(name: str, value: dict[str, Any], span: Span) -> Requirement:
    """`name = { version = "^1.2", extras = […], markers = "…" }` of poetry and Pipfile."""
    version = value.get("version")
    given = value.get("extras")
    kind, url = _reference(value)
    return Requirement(
        name=normalize_name(name),
        extras=tuple(normalize_name(str(extra)) for extra in given) if isinstance(given, list) else (),
        specifier=to_pep440(version) if isinstance(version, str) and url is None else "",
        kind=kind,
        url=url,
        span=span,
        marker=_marker(value),
        editable=value.get("develop") is True or value.get("editable") is True,
    )


def _reference(value: dict[str, Any]) -> tuple[str, str | None]:
    git = value.get("git")
    if isinstance(git, str):
        refs = (value.get(key) for key in ("rev", "ref", "tag", "branch"))
        ref = next((each for each in refs if isinstance(each, str)), None)
        return "vcs", f"git+{git.removeprefix('git+')}" + (f"@{ref}" if ref is not None else "")
    for key, kind in (("path", "path"), ("file", "path"), ("url", "url")):
        if isinstance(found := value.get(key), str):
            return "url" if "://" in found else kind, found
    return "index", None


def _marker(value: dict[str, Any]) -> str | None:
    """The markers of an entry: `markers`, and `python` and `platform`, which are short for some."""
    parts = [value["markers"]] if isinstance(value.get("markers"), str) else []
    if isinstance(platform := value.get("platform"), str):
        parts.append(f"sys_platform == '{platform}'")
    if isinstance(python := value.get("python"), str):
        parts.extend(_python_clauses(to_pep440(python)))
    return " and ".join(f"({part})" for part in parts) if len(parts) > 1 else next(iter(parts), None)


def _python_clauses(specifier: str) -> Iterator[str]:
    for operator, version in clauses(specifier):
        if operator:
            variable = "python_version" if version.count(".") < 2 or "*" in version else "python_full_version"
            yield f"{variable} {operator} '{version}'"
