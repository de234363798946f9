"""apt's package lists through a build: where they are fetched, kept, emptied, and which installs rely on them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.reference import parse_reference
from mllint.packages.requirement import Install
from mllint.semantic.layers import Cleared, clears, is_opaque, mounted, working_folders
from mllint.semantic.stage import Stage
from mllint.semantic.steps import InstallStep
from mllint.shell.command import Command
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.images.known import ImageFacts
    from mllint.semantic.build import Build

LISTS = "/var/lib/apt/lists"

#: Publishers whose Dockerfiles end each apt step in `rm -rf /var/lib/apt/lists/*`, or whose images never had lists.
_EMPTY_BASES = frozenset({"debian", "ubuntu", "python", "nvidia/cuda"})
#: Packages that the images above hold, so that apt-get has nothing to fetch.
_PREINSTALLED = frozenset(
    {
        *("apt", "apt-utils", "base-files", "bash", "bsdutils", "ca-certificates", "coreutils", "dash", "debconf"),
        *("diffutils", "dpkg", "e2fsprogs", "findutils", "gnupg2", "gpgv", "grep", "gzip", "hostname", "libc-bin"),
        *("libc6", "libssl3", "libssl3t64", "login", "mount", "ncurses-base", "ncurses-bin", "netbase", "passwd"),
        *("perl-base", "procps", "sed", "sysvinit-utils", "tar", "tzdata", "ubuntu-keyring", "util-linux", "zlib1g"),
    }
)
_INSTALLING = frozenset({"install", "reinstall", "build-dep"})
_REFRESHING = frozenset({"add-apt-repository", "apt-add-repository", "extrepo"})


class Update(NamedTuple):
    """An `apt-get update` whose lists stay in the layer of its RUN."""

    stage: Stage
    instruction: Run
    install: Install
    #: The RUN installs nothing after it.
    alone: bool


class Use(NamedTuple):
    """An `apt-get install` that reads lists which its own RUN did not fetch."""

    stage: Stage
    step: InstallStep
    #: Where they come from; None where there are none.
    update: Update | None
    #: The command that emptied them, where the file has one; None where the base image brings none.
    emptied: Command | None


class AptLists(NamedTuple):
    """What becomes of the lists in a build."""

    kept: tuple[Update, ...]
    uses: tuple[Use, ...]
    #: RUN instructions (by identity) below which something may read the lists that the file does not show.
    opaque_after: frozenset[int]


class _State(NamedTuple):
    """The lists at a point of a stage; neither `update` nor `empty`: not known."""

    update: Update | None = None
    empty: bool = False
    emptied: Command | None = None
    #: What was installed so far, in the chain of parents.
    installed: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def apt_lists(build: Build) -> AptLists:
    """Follows the lists through all stages, parents first."""
    ends: dict[Stage, _State] = {}
    kept: list[Update] = []
    uses: list[Use] = []
    opaque: set[int] = set()
    for stage in build.stages:
        state = ends[stage.parent] if stage.parent is not None else _at_base(stage)
        for instruction in stage.body:
            if isinstance(instruction, Copy):
                state = _after_copy(instruction, state)
            elif isinstance(instruction, Run):
                walk = _Walk(stage, instruction, state)
                state = walk.follow()
                uses += walk.uses
                kept += [walk.fetched] if walk.fetched is not None else []
                opaque |= {id(instruction)} if walk.opaque else set()
        ends[stage] = state
    return AptLists(tuple(kept), tuple(uses), frozenset(opaque))


def _at_base(stage: Stage) -> _State:
    base = stage.base or _without_digest(stage.base_name)
    if base is None or stage.is_scratch or base.mirrored or base.family not in _EMPTY_BASES:
        return _State()
    debian = base.os in ("debian", "ubuntu")
    # The full python image brings some 400 packages, nvidia/cuda devel dozens: an install of those needs no lists.
    return _State(empty=debian and base.flavour != "full" and base.sure_of("os"))


def _without_digest(name: str | None) -> ImageFacts | None:
    """The facts by name and tag, where examples cut the digest short (`ubuntu:22.04@sha256:abc…`)."""
    head, at, _ = (name or "").partition("@sha256:")
    reference = parse_reference(head) if at else None
    if reference is None:
        return None
    from mllint.images.known import facts

    return facts(reference)


def _after_copy(instruction: Copy, state: _State) -> _State:
    """A copy onto the root of the file system may bring lists, or take their place."""
    target = instruction.target.value.strip("\"'") if instruction.target is not None else ""
    trees = instruction.flag("from") is not None or instruction.keyword == "ADD"
    unknown = target.startswith("/var") or (trees and target == "/")
    return _State(installed=state.installed) if unknown else state


class _Walk:
    """The commands of one RUN, in order."""

    def __init__(self, stage: Stage, instruction: Run, state: _State) -> None:
        self.stage = stage
        self.instruction = instruction
        self.state = state
        self.uses: list[Use] = []
        #: The last update whose lists are still there, if it is one of this RUN.
        self.fetched: Update | None = None
        self.alone = True
        self.opaque = False

    def follow(self) -> _State:
        script = self.stage.script(self.instruction)
        if mounted(self.instruction, LISTS):
            return self.state
        if not script.known or script.has_error or script.python is not None:
            self.opaque = True
            return _State(installed=self.state.installed)
        for command, cwd in working_folders(script.commands):
            install = self.stage.install_of(command)
            if install is not None and install.manager == "apt":
                self._apt(install)
            else:
                self._other(command, cwd)
        if self.fetched is not None:
            self.fetched = self.fetched._replace(alone=self.alone)
            self.state = self.state._replace(update=self.fetched)
        return self.state

    def _apt(self, install: Install) -> None:
        if install.subcommand == "update":
            self.fetched = Update(self.stage, self.instruction, install, alone=True)
            self.alone = True
            self.state = self.state._replace(update=self.fetched, empty=False, emptied=None)
        elif install.subcommand in ("distclean", "dist-clean"):
            self._forget()
        elif install.adds:
            self._install(install)

    def _install(self, install: Install) -> None:
        self.alone = False
        command = install.command
        names = [each.name for each in install.requirements if each.kind == "index" and each.name is not None]
        sure = not (command.guarded or command.conditional) and install.subcommand in _INSTALLING
        missing = [name for name in names if name not in self.state.installed and name not in _PREINSTALLED]
        relied = self.state.update if self.state.update is not self.fetched else None
        step = InstallStep(self.instruction, install)
        if sure and missing and (relied is not None or self.state.empty):
            self.uses.append(Use(self.stage, step, relied, self.state.emptied))
        if missing:
            self.state = self.state._replace(installed=self.state.installed.union(missing))
        if self.state.empty and sure and missing:
            self.state = _State(installed=self.state.installed)

    def _other(self, command: Command, cwd: str | None) -> None:
        cleared = clears(command, LISTS, cwd=cwd)
        if cleared is Cleared.YES:
            self.fetched = None
            certain = not command.conditional
            self.state = _State(empty=certain, emptied=command if certain else None, installed=self.state.installed)
        elif cleared is Cleared.MAYBE or command.name in _REFRESHING:
            self._forget()
        elif is_opaque(command):
            self.opaque = self.opaque or command.name not in ("make", "perl")
            if self.state.empty:
                self.state = _State(installed=self.state.installed)

    def _forget(self) -> None:
        self.fetched = None
        self.state = _State(installed=self.state.installed)
