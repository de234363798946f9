"""pipenv's Pipfile and Pipfile.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mllint.packages.manifest import Manifest
from mllint.packages.poetry import dependency
from mllint.packages.requirement import Index, Requirement
from mllint.packages.toml import TomlFile, read_toml
from mllint.packages.version import normalize_name
from mllint.source import Source, Span

#: Tables of a Pipfile that are no categories of packages.
_OTHER = frozenset(("source", "packages", "requires", "scripts", "pipenv"))
#: Keys of an entry that are variables of a marker: `sys_platform = "== 'win32'"`.
_VARIABLES = ("os_name", "sys_platform", "platform_machine", "platform_system", "python_version")
#: Sections of a Pipfile.lock → the names that they have in the Pipfile.
_SECTIONS = {"default": "packages", "develop": "dev-packages"}


def parse_pipfile(source: Source) -> Manifest | None:
    """Reads a Pipfile; None when it is no TOML."""
    toml = read_toml(source)
    if toml is None:
        return None
    categories = [name for name, value in toml.data.items() if isinstance(value, dict) and name not in _OTHER]
    python = toml.text("requires", "python_full_version") or toml.text("requires", "python_version")
    return Manifest(
        source=source,
        kind="pipfile",
        requirements=tuple(_category(toml, "packages")),
        groups=tuple((name, tuple(_category(toml, name))) for name in categories),
        indexes=tuple(_indexes(toml)),
        requires_python=_python(python),
    )


def parse_pipfile_lock(source: Source) -> Manifest | None:
    """Reads a Pipfile.lock; None when it is none."""
    import json

    try:
        data = json.loads(source.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("_meta"), dict):
        return None
    sections = {name: value for name, value in data.items() if name != "_meta" and isinstance(value, dict)}
    found = {name: tuple(_locked(source, name, value)) for name, value in sections.items()}
    default = found.pop("default", ())
    names = {each.name for each in default}
    return Manifest(
        source=source,
        kind="lock",
        requirements=default,
        groups=tuple(
            (_SECTIONS.get(name, name), tuple(each for each in members if each.name not in names))
            for name, members in found.items()
        ),
        requires_python=_python((data["_meta"].get("requires") or {}).get("python_version")),
    )


def _python(version: Any) -> str | None:
    if not isinstance(version, str):
        return None
    return f"=={version}" if version.count(".") >= 2 else f"=={version}.*"


def _category(toml: TomlFile, table: str) -> Iterator[Requirement]:
    for name, value in toml.table(table).items():
        if isinstance(value, (str, dict)):
            entry = {"version": value} if isinstance(value, str) else value
            yield _marked(dependency(name, entry, toml.entry(table, name)), entry)


def _marked(requirement: Requirement, entry: dict[str, Any]) -> Requirement:
    parts = [f"{name} {entry[name]}" for name in _VARIABLES if isinstance(entry.get(name), str)]
    if not parts:
        return requirement
    own = [f"({requirement.marker})"] if requirement.marker is not None else []
    return requirement._replace(marker=" and ".join((*own, *parts)))


def _indexes(toml: TomlFile) -> Iterator[Index]:
    """[[source]]: the first is where all comes from, the others serve the packages that name them."""
    users: dict[str, tuple[str, ...]] = {}
    for table in (name for name in toml.data if name == "packages" or name not in _OTHER):
        for package, value in toml.table(table).items():
            if isinstance(value, dict) and isinstance(index := value.get("index"), str):
                users[index] = (*users.get(index, ()), normalize_name(package))
    for at, each in enumerate(toml.array("source")):
        if not isinstance(each, dict) or not isinstance(url := each.get("url"), str):
            continue
        name = each.get("name") if isinstance(each.get("name"), str) else None
        index = Index("extra-index-url" if at else "index-url", url, toml.span("source", at, "url"), name)
        if not at:
            yield index
        if named := users.get(name or ""):
            yield index._replace(packages=named)


def _locked(source: Source, section: str, packages: dict[str, Any]) -> Iterator[Requirement]:
    places = _Places(source, section)
    for name, value in packages.items():
        if isinstance(value, dict):
            found = dependency(name, {**value, "version": None}, places.version(name))
            version = value.get("version")
            yield found._replace(specifier=version if isinstance(version, str) else "")


class _Places:
    """Where the entries of a section stand, in the layout that pipenv writes: four blanks a level."""

    def __init__(self, source: Source, section: str) -> None:
        self._source = source
        opening = re.search(rf'^ {{4}}"{re.escape(section)}": \{{\n', source.text, re.MULTILINE)
        self._section = source.span(*opening.span()) if opening is not None else source.span(0, 0)
        self._entries: dict[str, Span] = {}
        if opening is not None:
            closing = re.compile(r"^ {4}\}", re.MULTILINE).search(source.text, opening.end())
            end = closing.start() if closing is not None else len(source.text)
            for entry in re.compile(r'^ {8}"([^"]+)": \{\n(?:(?! {8}\}).*\n)*', re.MULTILINE).finditer(
                source.text, opening.end(), end
            ):
                self._entries[entry[1]] = self._place(entry)

    def version(self, name: str) -> Span:
        """The place of an entry's version; else its name's, else the section's."""
        return self._entries.get(name, self._section)

    def _place(self, entry: re.Match[str]) -> Span:
        version = re.compile(r'^ {12}"version": "([^"]*)"', re.MULTILINE).search(self._source.text, *entry.span())
        return self._source.span(*(version.span(1) if version is not None else entry.span(1)))
