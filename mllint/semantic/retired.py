"""Names that are gone: what the tables of retired packages and commands say about a stage."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.versions import numbers
from mllint.packages.specifiers import allows, compare
from mllint.regex import regex
from mllint.shell.command import Command
from mllint.source import Span

if TYPE_CHECKING:
    from mllint.knowledge import retired
    from mllint.packages.requirement import Requirement
    from mllint.semantic.installations import Installation, Wanted
    from mllint.semantic.stage import Stage

#: What adds package sources beside the release's own: such a package may come from there.
_SOURCES = regex(r"sources\.list|add-apt-repository|apt-add-repository|extrepo|apt/preferences|snapshot\.debian")
#: Indexes that hold what the package index does not; the names of their owner may well be found there.
_ELSEWHERE = ("index-url", "extra-index-url", "find-links")


class RetiredName(NamedTuple):
    """A requirement that will not give what its name says."""

    requirement: Requirement
    row: retired.Project
    #: The install asks an index of another owner as well, which may hold it.
    elsewhere: bool = False


def retired_in(installation: Installation, wanted: Wanted) -> RetiredName | None:
    """What the tables say against a requirement of an install.

    None for releases from before its end, where the command may fail, and for names that their owner may have on
    another index that is asked: detectron2's wheels behind `-f`, NVIDIA's index.
    """
    install = installation.step.install
    row = _project(wanted)
    if row is None or install.command.guarded or "--no-index" in install.options:
        return None
    elsewhere = any(index.kind in _ELSEWHERE and not index.official for index in installation.indexes)
    if elsewhere and (row.kind != "fails" or row.name.startswith("nvidia-")):
        return None
    return RetiredName(wanted.requirement, row, elsewhere)


def _project(wanted: Wanted) -> retired.Project | None:
    from mllint.knowledge import retired as table

    requirement = wanted.requirement
    if requirement.kind != "index" or requirement.ecosystem != "python" or requirement.name is None:
        return None
    for extra in requirement.extras:
        named = f"{requirement.name}[{extra}]=={wanted.version}"
        unresolved = next((row for row in table.UNRESOLVED if row.name == named), None)
        if unresolved is not None:
            return unresolved
    row = table.project(requirement.name)
    if row is None or row.kind == "deprecated":
        return None
    if not row.since:
        return row
    if wanted.version is not None:
        order = compare(wanted.version, row.since)
        return row if order is not None and order >= 0 else None
    if not requirement.specifier:
        return row
    return row if allows(requirement.specifier, row.since) else None


class Gone(NamedTuple):
    """An apt package that a release does not have."""

    row: retired.SystemPackage
    #: "Debian 13", "Ubuntu 24.04".
    release: str
    #: Both the release of the image and the absence rest on a source.
    sure: bool
    #: The image is known to be of that release; False for a tag that moves from one to the next.
    release_known: bool


def gone_package(name: str, stage: Stage) -> Gone | None:
    """Why a release of Debian or Ubuntu has no such package; None when it has, or when that is not known."""
    from mllint.knowledge import retired as table

    row = table.system_package(name)
    base = stage.base
    if row is None or base is None or base.os_version is None or base.os not in ("debian", "ubuntu"):
        return None
    since, sure = (row.debian, row.sure_debian) if base.os == "debian" else (row.ubuntu, row.sure_ubuntu)
    if not since or numbers(base.os_version) < numbers(since):
        return None
    release = f"{base.os.capitalize()} {base.os_version}"
    known = base.sure_of("os", "os_version")
    return Gone(row, release, sure and known, known)


def adds_sources(stage: Stage) -> bool:
    """Whether something in a stage or its parents adds package sources, or may."""
    for each in stage.ancestry:
        for run in each.runs:
            if _SOURCES.search(run.arguments.value) or any(_SOURCES.search(here.body.value) for here in run.heredocs):
                return True
        if any((copy.target or "/etc/apt").startswith("/etc/apt") for copy in each.copies):
            return True
    return False


class RetiredUse(NamedTuple):
    """A command that later releases of its package no longer have."""

    row: retired.Command
    #: From the program to the last word that the row names.
    span: Span


def retired_use(command: Command) -> RetiredUse | None:
    """The row of a command: its program, then the subcommands in order, then the options anywhere."""
    for row, rest in _by_program().get(command.name or "", ()):
        last = _match(command, rest)
        if last is not None:
            return RetiredUse(row, command.words[0].span.to(last))
    return None


@cache
def _by_program() -> dict[str, list[tuple[retired.Command, list[str]]]]:
    """The rows by their program, each with its other words."""
    from mllint.knowledge import retired as table

    found: dict[str, list[tuple[retired.Command, list[str]]]] = {}
    for row in table.COMMANDS:
        head, *rest = row.words.split()
        found.setdefault(head, []).append((row, rest))
    return found


def _match(command: Command, wanted: list[str]) -> Span | None:
    """The place of the last word that is asked for; None when one is missing."""
    last = command.words[0].span
    plain = [word for word in command.arguments if not (word.value or "").startswith("-")]
    subcommands = [word for word in wanted if not word.startswith("-")]
    for word, name in zip(plain, subcommands, strict=False):
        if word.value != name:
            return None
        last = word.span
    if len(plain) < len(subcommands):
        return None
    for option in (word for word in wanted if word.startswith("-")):
        found = next((word for word in command.arguments if word.value == option), None)
        if found is None:
            return None
        last = found.span
    return last
