"""What the readers of locks share: which locked packages a default install takes in, which a group or an extra."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mllint.packages.manifest import Groups
from mllint.packages.requirement import Index, Requirement
from mllint.regex import regex
from mllint.source import Source, Span

_CONFLICT = regex(r"^(?:<{7}|>{7}) ", re.MULTILINE)


class Edge(NamedTuple):
    """A dependency as a lock names it."""

    name: str
    #: Where the lock has several versions of it, else None.
    version: str | None = None
    extras: tuple[str, ...] = ()
    marker: str | None = None


class Entry(NamedTuple):
    """A locked package."""

    requirement: Requirement
    edges: tuple[Edge, ...]
    #: Extra → what it needs.
    extras: dict[str, tuple[Edge, ...]]


class Graph:
    """The locked packages and what they need."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.requirement.name or "", []).append(entry)

    def reached(self, roots: Iterable[Edge]) -> tuple[Requirement, ...]:
        """What the roots need, in the lock's order; a package that only some systems need has a marker for it.

        Where markers follow each other on the way to a package, the last of them is taken.
        """
        found: dict[tuple[Span, tuple[str, ...]], set[str]] = {}
        always: set[Span] = set()
        waiting = [(edge, edge.marker) for edge in roots]
        while waiting:
            edge, marker = waiting.pop()
            for entry in self._matching(edge):
                span = entry.requirement.span
                markers = found.setdefault((span, edge.extras), set())
                if (marker or "") in markers or "" in markers:
                    continue
                markers.add(marker or "")
                needed = entry.edges + tuple(one for extra in edge.extras for one in entry.extras.get(extra, ()))
                waiting += [(one, one.marker or marker) for one in needed]
        conditions: dict[Span, set[str]] = {}
        for (span, _), markers in found.items():
            conditions.setdefault(span, set()).update(markers)
        always = {span for span, markers in conditions.items() if "" in markers}
        return tuple(
            each if each.span in always else each._replace(marker=_either(each.marker, conditions[each.span]))
            for each in self._requirements()
            if each.span in conditions
        )

    def _matching(self, edge: Edge) -> list[Entry]:
        entries = self._entries.get(edge.name, [])
        if edge.version is None:
            return entries
        return [entry for entry in entries if entry.requirement.version == edge.version]

    def _requirements(self) -> list[Requirement]:
        every = [entry.requirement for entries in self._entries.values() for entry in entries]
        return sorted(every, key=lambda each: each.span.start)


def _either(own: str | None, markers: set[str]) -> str:
    """A package's own marker (of its place in a forked lock) and one of those on the way to it."""
    joined = " or ".join(f"({marker})" for marker in sorted(markers)) if len(markers) > 1 else next(iter(markers))
    return joined if own in (None, joined) else f"({own}) and ({joined})"


def without(groups: Iterable[tuple[str, tuple[Requirement, ...]]], default: Iterable[Requirement]) -> Groups:
    """The groups with what the defaults don't need already, on every system."""
    there = {each.span for each in default if each.marker is None}
    return tuple((name, tuple(each for each in members if each.span not in there)) for name, members in groups)


def tables(source: Source, header: str) -> Iterator[tuple[int, int]]:
    """The start (behind its header) and the end of each `[[header]]` table of a lock that a tool wrote.

    Reading two megabytes with a TOML parser takes a second and more; the layout of generated files is fixed.
    """
    starts = [match.span() for match in re.finditer(rf"^\[\[{header}\]\]\r?\n", source.text, re.MULTILINE)]
    ends = [start for start, _ in starts[1:]] + [len(source.text)]
    return ((start, end) for (_, start), end in zip(starts, ends, strict=False))


def sections(headers: list[re.Match[str]], end: int) -> Iterator[tuple[re.Match[str], int, int]]:
    """Each header with the start and the end of what stands below it."""
    ends = [*(header.start() for header in headers[1:]), end]
    return ((header, header.end(), behind) for header, behind in zip(headers, ends, strict=False))


def is_broken(text: str) -> bool:
    """Whether a merge left its marks in a generated file."""
    return _CONFLICT.search(text) is not None


def registries(found: Iterable[tuple[str, Span, str]]) -> tuple[Index, ...]:
    """The indexes that packages were locked from, given as (URL, place, package).

    The one with the most packages is the default; each other serves the packages that are locked from it.
    """
    places: dict[str, Span] = {}
    packages: dict[str, dict[str, None]] = {}
    for url, span, name in found:
        places.setdefault(url, span)
        packages.setdefault(url, {})[name] = None
    ranking = Counter({url: len(names) for url, names in packages.items()}).most_common()
    return tuple(
        Index("extra-index-url" if at else "index-url", url, places[url], None, tuple(packages[url]) if at else ())
        for at, (url, _) in enumerate(ranking)
    )
