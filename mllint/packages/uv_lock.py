"""uv.lock: exact versions, and what the project, its extras and its groups need of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.packages.locks import Edge, Entry, Graph, is_broken, registries, sections, tables, without
from mllint.packages.manifest import Manifest
from mllint.packages.requirement import Requirement
from mllint.regex import regex
from mllint.source import Source, Span

_NAME = regex(r'name = "([^"\n]+)"\r?\n(?:version = "([^"\n]+)"\r?\n)?')
_SOURCE = regex(r'^source = \{ (\w+) = "([^"\n]*)"', re.MULTILINE)
#: The lines of an array are indented, so that a search for its end never goes far.
_LINES = r"\r?\n((?:[ \t][^\n]*\n)*)"
_MARKERS = regex(rf"^resolution-markers = \[{_LINES}\]", re.MULTILINE)
_SUBTABLE = regex(r"^\[package\.([\w.-]+)\]", re.MULTILINE)
_ARRAY = regex(rf"^([\w.-]+) = \[(?:{_LINES}|([^\n]*))\]", re.MULTILINE)
_EDGE = regex(
    r'\{ name = "([^"\n]+)"(?:, version = "([^"\n]+)")?(?:, source = \{[^}\n]*\})?'
    r'(?:, extra = \[([^\]\n]*)\])?(?:, marker = "([^"\n]*)")? \}'
)
_QUOTED = regex(r'"([^"]*)"')
#: Key of `source` → `Requirement.kind`.
_KINDS = {
    "registry": "index",
    "git": "vcs",
    "url": "url",
    "path": "path",
    "directory": "path",
    "editable": "path",
    "virtual": "path",
}


class _Package(NamedTuple):
    entry: Entry
    #: "registry", "git", "editable", "virtual" …, and what it says.
    source: tuple[str, str, Span]
    groups: dict[str, tuple[Edge, ...]]


def parse_uv_lock(source: Source) -> Manifest | None:
    """Reads the lock; None when it is none."""
    text = source.text
    if is_broken(text) or not re.search(r"^version = \d", text, re.MULTILINE):
        return None
    packages = [package for start, end in tables(source, "package") if (package := _package(source, start, end))]
    roots = _roots(packages)
    python = re.search(r'^requires-python = "([^"\n]+)"', text, re.MULTILINE)
    graph = Graph(package.entry for package in packages)
    own = {package.entry.requirement.span for package in roots}
    everything = tuple(package.entry.requirement for package in packages)
    default = graph.reached(edge for root in roots for edge in root.entry.edges) if roots else everything
    extras = [(name, graph.reached(edges)) for root in roots for name, edges in root.entry.extras.items()]
    groups = [(name, graph.reached(edges)) for root in roots for name, edges in root.groups.items()]
    return Manifest(
        source=source,
        kind="lock",
        requirements=tuple(each for each in default if each.span not in own),
        groups=without(groups, default),
        extras=without(extras, default),
        default_groups=tuple(name for name, _ in groups if name == "dev"),
        indexes=registries(
            (url, span, package.entry.requirement.name or "")
            for package in packages
            for kind, url, span in (package.source,)
            if kind == "registry"
        ),
        requires_python=python[1] if python is not None else None,
        name=roots[0].entry.requirement.name if len(roots) == 1 else None,
    )


def _roots(packages: list[_Package]) -> list[_Package]:
    """The project; the members of a workspace that has none at its root."""
    members = [package for package in packages if package.source[0] in ("editable", "virtual")]
    return [package for package in members if package.source[1] == "."] or members


def _package(source: Source, start: int, end: int) -> _Package | None:
    named = _NAME.match(source.text, start, end)
    if named is None:
        return None
    subtables = [*_SUBTABLE.finditer(source.text, start, end)]
    head = source.text[named.end() : subtables[0].start() if subtables else end]
    inner = {header[1]: source.text[at:behind] for header, at, behind in sections(subtables, end)}
    origin = _SOURCE.search(source.text, named.end(), named.end() + len(head))
    kind, url = (origin[1], origin[2]) if origin is not None else ("registry", "")
    span = source.span(*named.span(2 if named[2] is not None else 1))
    entry = Entry(
        _requirement(named, kind, url, _marker(head), span),
        _arrays(head).get("dependencies", ()),
        _arrays(inner.get("optional-dependencies", "")),
    )
    place = source.span(*origin.span(2)) if origin is not None else span
    return _Package(entry, (kind, url, place), _arrays(inner.get("dev-dependencies", "")))


def _requirement(named: re.Match[str], kind: str, url: str, marker: str | None, span: Span) -> Requirement:
    written = f"git+{url.partition('?')[0]}@{url.rpartition('#')[2]}" if kind == "git" else url
    return Requirement(
        name=named[1],
        extras=(),
        specifier=f"=={named[2]}" if named[2] is not None else "",
        kind=_KINDS.get(kind, "index"),
        url=None if _KINDS.get(kind, "index") == "index" else written,
        span=span,
        marker=marker,
        editable=kind == "editable",
    )


def _marker(head: str) -> str | None:
    """The parts of a forked lock that a package is for."""
    found = _MARKERS.search(head)
    markers = _QUOTED.findall(found[1]) if found is not None else []
    return (" or ".join(f"({marker})" for marker in markers) if len(markers) > 1 else markers[0]) if markers else None


def _arrays(text: str) -> dict[str, tuple[Edge, ...]]:
    """The arrays of dependencies by their keys."""
    return {match[1]: _edges(match[2] or match[3] or "") for match in _ARRAY.finditer(text)}


def _edges(text: str) -> tuple[Edge, ...]:
    return tuple(
        Edge(match[1], match[2], tuple(_QUOTED.findall(match[3] or "")), match[4]) for match in _EDGE.finditer(text)
    )
