"""pixi.toml, and [tool.pixi] of a pyproject.toml: conda's dependencies and those from the Python index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mllint.packages.manifest import Manifest
from mllint.packages.poetry import dependency
from mllint.packages.requirement import Index, Requirement
from mllint.packages.toml import TomlFile, read_toml
from mllint.source import Source, Span

#: What a Linux image takes of `[target.….dependencies]`.
_TARGETS = ("linux-64", "linux", "unix")


def parse_pixi(source: Source) -> Manifest | None:
    """Reads the default feature and the others as groups; None when it is no TOML."""
    toml = read_toml(source)
    if toml is None:
        return None
    head = "workspace" if "workspace" in toml.data else "project"
    return Manifest(
        source=source,
        kind="pixi",
        requirements=tuple(dependencies(toml)),
        groups=tuple((name, tuple(dependencies(toml, "feature", name))) for name in toml.table("feature")),
        indexes=tuple(Index("channel", word.value, word.span) for word in toml.words(head, "channels")),
        name=toml.text(head, "name"),
    )


def dependencies(toml: TomlFile, *root: str) -> Iterator[Requirement]:
    """The dependencies of a feature, those for Linux included."""
    for place in (root, *((*root, "target", name) for name in _TARGETS)):
        for name, value in toml.table(*place, "dependencies").items():
            yield _conda(name, value, toml.entry(*place, "dependencies", name))
        for name, value in toml.table(*place, "pypi-dependencies").items():
            entry = value if isinstance(value, dict) else {"version": value}
            yield dependency(name, entry, toml.entry(*place, "pypi-dependencies", name))


def _conda(name: str, value: Any, span: Span) -> Requirement:
    """`pytorch = "2.5.*"`, or `{ version = "2.5.*", build = "*cuda*", channel = "conda-forge" }`."""
    entry = value if isinstance(value, dict) else {"version": value}
    version, build, channel = (entry.get(key) for key in ("version", "build", "channel"))
    specifier = version if isinstance(version, str) and version != "*" else ""
    if isinstance(build, str):
        specifier = f"{specifier or '*'} {build}"
    known = channel if isinstance(channel, str) else None
    return Requirement(name.lower(), (), specifier, "index", None, span, "conda", channel=known)
