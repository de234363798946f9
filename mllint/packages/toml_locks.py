"""poetry.lock, pdm.lock and pylock.toml: exact versions, each with the groups that need it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from mllint.packages.locks import Edge, Entry, Graph, is_broken, sections, tables, without
from mllint.packages.manifest import Groups, Manifest
from mllint.packages.poetry_versions import to_pep440
from mllint.packages.requirement import Requirement
from mllint.packages.version import normalize_name
from mllint.regex import regex
from mllint.source import Source

_FIELD = regex(
    r"^(name|version|optional|category|groups|markers?|vcs|git|revision|path|directory|url) = (.*?)\r?$", re.MULTILINE
)
_QUOTED = regex(r'"((?:[^"\\\n]|\\.)*)"')
_STRING = regex(r'"[^"\n]+"')
_SUBTABLE = regex(r"^\[+([\w.-]+)\]", re.MULTILINE)
_DEPENDENCY = regex(r'^"?([A-Za-z0-9][\w.-]*)"? = (?:"|\{|\[)', re.MULTILINE)
_INLINE = regex(r'(\w[\w-]*) = "([^"\n]*)"')
_MEMBERSHIP = regex(r"['\"]([^'\"]+)['\"] in (extras|dependency_groups)")


class _Table(NamedTuple):
    """A `[[package]]`: its own fields, and the text of its subtables."""

    requirement: Requirement
    fields: dict[str, str]
    inner: dict[str, str]

    def strings(self, field: str) -> tuple[str, ...]:
        return tuple(_QUOTED.findall(self.fields.get(field, "")))


def parse_poetry_lock(source: Source) -> Manifest | None:
    """Reads a poetry.lock; None when it is none.

    Locks of poetry 1.5 to 1.8 don't say which group needs a package; there all of them are requirements.
    """
    found = _read(source, "package", "content-hash", _poetry_marker)
    if found is None:
        return None
    graph = Graph(
        Entry(table.requirement, tuple(Edge(normalize_name(name)) for name in _needed(table)), {}) for table in found
    )
    main = [table for table in found if table.fields.get("optional") != "true" and "main" in _poetry_groups(table)]
    default = tuple(table.requirement for table in main)
    names = dict.fromkeys(name for table in found for name in _poetry_groups(table) if name != "main")
    groups = ((name, tuple(table.requirement for table in found if name in _poetry_groups(table))) for name in names)
    python = _top(source, "python-versions")
    return Manifest(
        source=source,
        kind="lock",
        requirements=default,
        groups=without(groups, default),
        extras=without(_poetry_extras(source, graph), default),
        default_groups=tuple(names),
        requires_python=to_pep440(python) if python is not None else None,
    )


def parse_pdm_lock(source: Source) -> Manifest | None:
    """Reads a pdm.lock; None when it is none. Its extras stand among its groups."""
    found = _read(source, "package", "content_hash", lambda table: _first(table.strings("marker")))
    if found is None:
        return None
    default = tuple(table.requirement for table in found if "default" in (table.strings("groups") or ("default",)))
    names = dict.fromkeys(name for table in found for name in table.strings("groups") if name != "default")
    groups = ((name, tuple(table.requirement for table in found if name in table.strings("groups"))) for name in names)
    return Manifest(
        source=source,
        kind="lock",
        requirements=default,
        groups=without(groups, default),
        default_groups=tuple(names),
        requires_python=_top(source, "requires_python"),
    )


def parse_pylock(source: Source) -> Manifest | None:
    """Reads a pylock.toml (PEP 751); None when it is none."""
    found = _read(source, "packages", "lock-version", lambda table: _first(table.strings("marker")))
    if found is None:
        return None
    default = tuple(table.requirement for table in found if not _memberships(table))
    chosen = [(kind, name, table.requirement) for table in found for name, kind in _memberships(table)]
    return Manifest(
        source=source,
        kind="lock",
        requirements=default,
        groups=_named((name, each) for kind, name, each in chosen if kind == "dependency_groups"),
        extras=_named((name, each) for kind, name, each in chosen if kind == "extras"),
        default_groups=tuple(_QUOTED.findall(_line(source, "default-groups"))),
        requires_python=_top(source, "requires-python"),
    )


def _read(source: Source, header: str, sign: str, marker: Callable[[_Table], str | None]) -> tuple[_Table, ...] | None:
    """The packages of a lock; None without the key that its tool always writes."""
    if is_broken(source.text) or not re.search(rf"^{sign} = ", source.text, re.MULTILINE):
        return None
    found = (_table(source, start, end) for start, end in tables(source, header))
    known = (table for table in found if table is not None)
    return tuple(table._replace(requirement=table.requirement._replace(marker=marker(table))) for table in known)


def _table(source: Source, start: int, end: int) -> _Table | None:
    subtables = list(_SUBTABLE.finditer(source.text, start, end))
    behind = next((match.start() for match in subtables if not match[1].startswith("package")), end)
    subtables = [match for match in subtables if match.start() < behind]
    head_end = subtables[0].start() if subtables else behind
    matches = {match[1]: match for match in _FIELD.finditer(source.text, start, head_end)}
    fields = {name: _whole(source, match, head_end) for name, match in matches.items()}
    places = {name: matches[name].span(2) for name in ("name", "version") if _STRING.fullmatch(fields.get(name, ""))}
    if "name" not in places:
        return None
    inner = {header[1].partition(".")[2]: source.text[at:stop] for header, at, stop in sections(subtables, behind)}
    kind, url = _reference(fields, inner)
    version = fields["version"].strip('"') if "version" in places else ""
    first, last = places.get("version", places["name"])
    return _Table(
        Requirement(
            name=normalize_name(fields["name"].strip('"')),
            extras=(),
            specifier=f"=={version}" if version else "",
            kind=kind,
            url=url,
            span=source.span(first + 1, last - 1),
        ),
        fields,
        inner,
    )


def _whole(source: Source, match: re.Match[str], end: int) -> str:
    """A field's value; of an array over several lines all of them."""
    if match[2] != "[":
        return match[2]
    closing = source.text.find("\n]", match.end(), end)
    return source.text[match.start(2) : closing if closing != -1 else end]


def _reference(fields: dict[str, str], inner: dict[str, str]) -> tuple[str, str | None]:
    """Where a package comes from: poetry's [package.source], pdm's `git`, `path` and `url`, pylock's `vcs` …"""
    source = dict(_INLINE.findall(inner.get("source", "")))
    origin = source.get("type", "")
    if origin == "git":
        return "vcs", f"git+{source.get('url', '')}@{source.get('resolved_reference', '')}"
    if origin in ("directory", "file"):
        return "path", source.get("url")
    if origin == "url":
        return "url", source.get("url")
    vcs = dict(_INLINE.findall(fields.get("vcs", "") + inner.get("vcs", "")))
    git, revision = fields.get("git", "").strip('"'), fields.get("revision", "").strip('"')
    if git or "url" in vcs:
        return "vcs", f"git+{git or vcs['url']}@{revision or vcs.get('commit-id', '')}"
    for key, kind in (("path", "path"), ("directory", "path"), ("url", "url")):
        if key in fields or key in inner:
            return kind, _first(_QUOTED.findall(fields.get(key) or inner.get(key, "")))
    return "index", None


def _needed(table: _Table) -> list[str]:
    return _DEPENDENCY.findall(table.inner.get("dependencies", ""))


def _poetry_groups(table: _Table) -> tuple[str, ...]:
    """poetry 2 says the groups, poetry before 1.5 a category."""
    return table.strings("groups") or table.strings("category") or ("main",)


def _poetry_marker(table: _Table) -> str | None:
    """One for all groups, or `{main = "…", dev = "…"}`."""
    written = table.fields.get("markers", "")
    if written.startswith("{"):
        by_group = dict(re.findall(r'([\w-]+) = "((?:[^"\\\n]|\\.)*)"', written))
        return _unescaped(by_group.get("main")) if "main" in by_group else None
    return _unescaped(_first(table.strings("markers")))


def _unescaped(text: str | None) -> str | None:
    return text.replace('\\"', '"') if text is not None else None


def _poetry_extras(source: Source, graph: Graph) -> Groups:
    """[extras] names the optional packages; what these need comes with them."""
    section = re.search(r"^\[extras\]\r?\n((?:[^\[\n].*\n|\r?\n)*)", source.text, re.MULTILINE)
    found = re.findall(r"^([\w.-]+) = \[(.*)\]\r?$", section[1], re.MULTILINE) if section is not None else []
    return tuple(
        (normalize_name(name), graph.reached(Edge(_project(each)) for each in _QUOTED.findall(members)))
        for name, members in found
    )


def _project(text: str) -> str:
    """The name in `torch (>=2.0)`."""
    return normalize_name(re.split(r"[\s\[(<>=!~;]", text, maxsplit=1)[0])


def _memberships(table: _Table) -> list[tuple[str, str]]:
    marker = table.requirement.marker or ""
    return _MEMBERSHIP.findall(marker)


def _named(pairs: Iterable[tuple[str, Requirement]]) -> Groups:
    found: dict[str, tuple[Requirement, ...]] = {}
    for name, each in pairs:
        found[name] = (*found.get(name, ()), each)
    return tuple(found.items())


def _first(values: Iterable[str]) -> str | None:
    return next(iter(values), None)


def _top(source: Source, key: str) -> str | None:
    """A field that stands outside of the packages."""
    return _first(_QUOTED.findall(_line(source, key)))


def _line(source: Source, key: str) -> str:
    found = [*re.finditer(rf"^{key} = (.*)$", _outside(source.text), re.MULTILINE)]
    return found[-1][1] if found else ""


def _outside(text: str) -> str:
    """The text in front of the first package, and [metadata] at the end."""
    first = text.find("\n[[package")
    last = text.rfind("\n[metadata]")
    return text[: first if first != -1 else len(text)] + "\n" + (text[last:] if last > first != -1 else "")
