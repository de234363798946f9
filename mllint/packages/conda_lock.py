"""Locks of conda: conda-lock.yml, pixi.lock and lists of URLs behind @EXPLICIT, each read for Linux on x86_64."""

from __future__ import annotations

import re

from mllint.packages.locks import is_broken, without
from mllint.packages.manifest import Manifest
from mllint.packages.requirement import Index, Requirement
from mllint.packages.version import archive_name_version, normalize_name
from mllint.regex import regex
from mllint.source import Source, Span

_PLATFORM = "linux-64"
_ITEM = regex(r"^ *- name: .*\n(?:(?! *- name: |\S).*(?:\n|\Z))*", re.MULTILINE)
_FIELD = regex(
    r"^([ -]*)(name|version|manager|platform|url|category): (?:'([^'\n]*)'|\"([^\"\n]*)\"|(\S*))\r?$", re.MULTILINE
)
_CHANNEL = regex(r"^ *- url: (\S+)\s*$", re.MULTILINE)
_PIXI_ITEM = regex(r" +- (conda|pypi): (\S+)\s*\n")
_URL = regex(r"^[ \t]*(\S+?\.(?:conda|tar\.bz2))(?:#\S*)?[ \t]*\r?$", re.MULTILINE)


def parse_conda_lock(source: Source) -> Manifest | None:
    """Reads a conda-lock.yml as the tool writes it; None when it is none. Its categories are groups, `main` apart."""
    text = source.text
    body = re.search(r"^package:[ \t]*\r?\n", text, re.MULTILINE)
    if is_broken(text) or body is None:
        return None
    found = [pair for match in _ITEM.finditer(text, body.end()) if (pair := _item(source, match)) is not None]
    default = tuple(each for category, each in found if category == "main")
    names = dict.fromkeys(category for category, _ in found if category != "main")
    groups = ((name, tuple(each for category, each in found if category == name)) for name in names)
    return Manifest(
        source=source,
        kind="lock",
        requirements=default,
        groups=without(groups, default),
        default_groups=tuple(names),
        indexes=tuple(
            Index("channel", match[1], source.span(*match.span(1)))
            for match in _CHANNEL.finditer(text, 0, body.start())
        ),
    )


def parse_pixi_lock(source: Source) -> Manifest | None:
    """Reads the default environment of a pixi.lock; None when there is none."""
    text = source.text
    default = re.search(r"^  default:\r?\n((?:    .*\n|\s*\n)*)", text, re.MULTILINE)
    if is_broken(text) or default is None:
        return None
    platform = re.compile(rf"^ +{_PLATFORM}:\r?\n", re.MULTILINE).search(text, *default.span())
    found = []
    match = _PIXI_ITEM.match(text, platform.end()) if platform is not None else None
    while match is not None:
        found.append(_of_url(match[1], source.span(*match.span(2))))
        match = _PIXI_ITEM.match(text, match.end())
    return Manifest(source, "lock", tuple(each for each in found if each is not None))


def parse_explicit(source: Source) -> Manifest | None:
    """Reads a list that `conda list --explicit` wrote; None when it is none."""
    start = re.search(r"^@EXPLICIT\s*$", source.text, re.MULTILINE)
    if start is None:
        return None
    urls = _URL.finditer(source.text, start.end())
    found = (_of_url("conda", source.span(*match.span(1))) for match in urls)
    return Manifest(source, "lock", tuple(each for each in found if each is not None))


def _item(source: Source, match: re.Match[str]) -> tuple[str, Requirement] | None:
    """The category and the requirement of an entry; None when it is for another platform."""
    fields: dict[str, str] = {}
    places: dict[str, Span] = {}
    margin = match[0].index("name: ")
    for field in _FIELD.finditer(source.text, match.start(), match.end()):
        # Deeper are the names of dependencies.
        if len(field[1]) == margin:
            group = next((at for at in (3, 4, 5) if field[at] is not None), 5)
            fields[field[2]] = field[group]
            places[field[2]] = source.span(*field.span(group))
    if fields.get("platform") != _PLATFORM or not fields.get("version"):
        return None
    url, span = fields.get("url", ""), places["version"]
    category = fields.get("category") or "main"
    if fields.get("manager") == "pip":
        name = normalize_name(fields["name"])
        return category, Requirement(name, (), f"=={fields['version']}", "index", None, span)
    found = _conda(url, span, fields["name"], fields["version"])
    return category, found


def _of_url(manager: str, span: Span) -> Requirement | None:
    """The requirement of a package's URL (pixi adds nothing else)."""
    url = span.text
    if manager == "pypi":
        name, version = archive_name_version(url)
        if name is None:
            return None
        return Requirement(normalize_name(name), (), f"=={version}" if version else "", "url", url, span)
    stem = _stem(url)
    if stem.count("-") < 2:
        return None
    name, version, _ = stem.rsplit("-", 2)
    return _conda(url, span, name, version)


def _conda(url: str, span: Span, name: str, version: str) -> Requirement:
    """An exact conda package; the build stands in its file's name only."""
    build = _stem(url).rpartition("-")[2]
    specifier = f"=={version}={build}" if build and _stem(url).endswith(f"-{version}-{build}") else f"=={version}"
    return Requirement(name.lower(), (), specifier, "index", None, span, "conda", channel=_channel(url))


def _stem(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".conda").removesuffix(".tar.bz2")


def _channel(url: str) -> str | None:
    """`conda-forge` of `https://host/conda-forge/linux-64/…`."""
    parts = url.split("/")
    return parts[-3] if len(parts) >= 6 else None
