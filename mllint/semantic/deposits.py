"""What the instructions of a build put into its layers, and what later ones remove or write anew.

A layer keeps its bytes for good: a removal in a later instruction hides files, and `chown -R` stores them once more.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.arguments import written
from mllint.semantic.apt_lists import LISTS, apt_lists
from mllint.semantic.deposit import (
    Deposit,
    DepositKind,
    archive_bytes,
    copied,
    names,
    package_bytes,
    part_bytes,
    placed,
    settled,
)
from mllint.semantic.downloads import FETCHERS
from mllint.semantic.layers import Cleared, clears, head_span, may_clear, mounted
from mllint.semantic.repositories import folders
from mllint.semantic.steps import InstallStep
from mllint.semantic.system_caches import CACHE_FOLDERS, fills_cache, kept_cache
from mllint.semantic.weights import known_size
from mllint.shell.command import Command, Word
from mllint.source import Span
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.packages.requirement import Install
    from mllint.semantic.build import Build
    from mllint.semantic.stage import Stage

#: Commands are compared with the files that are there; a stage with more of them forgets the oldest.
_MOST = 32
#: What apt's lists take on Debian 12, in bytes, compressed as in Docker's images.
_LISTS_SIZE = 19_000_000
#: Where images put conda, with all its environments.
_CONDA = "/opt/conda"
_REMOVING = frozenset({"remove", "erase", "autoremove", "purge", "del"})
#: Programs that unpack, install or run the file that a word of theirs names.
_USERS = frozenset(
    {
        "tar", "bsdtar", "unzip", "7z", "7za", "7zr", "unrar", "cpio", "dpkg", "dpkg-deb", "rpm", "gdebi", "ar", "bash",
        "sh",
    }
)  # fmt: skip
#: Commands that may remove what a path names.
_REMOVERS = frozenset({"rm", "rmdir", "unlink", "shred", "find"})
_REPLACING = frozenset({"gunzip", "bunzip2", "unxz", "unzstd"})


class Removal(NamedTuple):
    """A command that removes what an earlier instruction put into its layer."""

    stage: Stage
    run: Run
    command: Command
    deposit: Deposit
    #: The part of a folder that goes, as written, with its size in bytes; None when all of it goes.
    part: tuple[str, int | None] | None = None

    @property
    def size(self) -> int | None:
        """The bytes that stay; None when not known."""
        return self.deposit.size if self.part is None else self.part[1]


class Rewrite(NamedTuple):
    """A `chown -R` or `chmod -R` over what earlier instructions put into their layers."""

    stage: Stage
    run: Run
    command: Command
    #: The word that names the folder, and its absolute path.
    word: Word
    path: str
    deposits: tuple[Deposit, ...]


class Deposits(NamedTuple):
    """What becomes of all deposits of a build."""

    #: The files and folders that the stage which brings them keeps, and no stage below it removes.
    kept: tuple[Deposit, ...]
    #: The system packages that are there at the end of the final stage, without those of its base image.
    packages: tuple[Deposit, ...]
    removals: tuple[Removal, ...]
    rewrites: tuple[Rewrite, ...]


class _Live(NamedTuple):
    """What is there at a point of a stage."""

    #: The last files and folders.
    files: list[Deposit]
    #: By their folder: the lists of apt, the caches of dnf, yum, zypper and apk.
    indexes: dict[str, Deposit]
    #: System packages by name, where they come first.
    packages: dict[str, Deposit]

    def copy(self) -> _Live:
        return _Live(self.files[:], dict(self.indexes), dict(self.packages))


@lru_cache(maxsize=1)
def deposits(build: Build) -> Deposits:
    """Follows the instructions of all stages, parents first."""
    ends: dict[Stage, _Live] = {}
    removals: list[Removal] = []
    rewrites: list[Rewrite] = []
    lists = _lists(build)
    for stage in build.stages:
        walk = _Walk(stage, ends[stage.parent].copy() if stage.parent is not None else _Live([], {}, {}), lists)
        walk.follow()
        ends[stage] = walk.live
        removals += walk.removals
        rewrites += walk.rewrites
    gone = {id(each.deposit) for each in removals if each.part is None}
    kept = (each for stage, live in ends.items() for each in live.files if each.stage is stage and id(each) not in gone)
    packages = ends[build.final].packages.values() if build.final is not None else ()
    return Deposits(tuple(kept), tuple(packages), tuple(removals), tuple(rewrites))


def _lists(build: Build) -> dict[int, Install]:
    """The updates, by their RUN, whose lists stay; not a lone one for later installs, which is to be joined to them."""
    found = apt_lists(build)
    needed = {id(use.update.instruction) for use in found.uses if use.update is not None and use.update.alone}
    return {id(each.instruction): each.install for each in found.kept if id(each.instruction) not in needed}


class _Walk:
    """The instructions of a stage, in order."""

    def __init__(self, stage: Stage, live: _Live, lists: dict[int, Install]) -> None:
        self.stage = stage
        self.live = live
        self.lists = lists
        self.removals: list[Removal] = []
        self.rewrites: list[Rewrite] = []
        self.copies = {id(step.instruction): step for step in stage.copies}
        self.clones = {id(clone.command): clone for clone in stage.clones}
        #: `apk add --virtual .build-deps gcc` is removed under that name.
        self.groups: dict[str, list[str]] = {}

    def follow(self) -> None:
        for instruction in self.stage.body:
            if isinstance(instruction, Copy):
                self.live.files.extend(copied(self.copies[id(instruction)], self.stage))
            elif isinstance(instruction, Run):
                self._run(instruction)
            del self.live.files[:-_MOST]

    def _run(self, run: Run) -> None:
        script = self.stage.script(run)
        if not script.known or script.has_error or script.python is not None:
            # It may remove anything.
            self.live = _Live([], {}, {})
            return
        for command, folder in folders(script.commands, self.stage.workdir_at(run)):
            self._command(command, folder, run)
        lists, kept = self.lists.get(id(run)), kept_cache(run, self.stage)
        if lists is not None:
            self._index(run, lists, LISTS, "apt's package lists", _LISTS_SIZE)
        if kept is not None:
            self._index(run, kept, CACHE_FOLDERS[kept.manager][0], f"{kept.manager}'s cache", None)

    def _command(self, command: Command, folder: str | None, run: Run) -> None:
        install = self.stage.install_of(command)
        if install is not None:
            self._packages(install, run)
            self._environment(install, run)
            self._use(command, folder, always=install.adds)
        elif command.name in ("chown", "chmod", "chgrp"):
            self._rewrite(command, folder, run)
        elif command.name == "apt-mark":
            # What is marked as not needed goes with the next `apt-get autoremove`.
            self.live.packages.clear()
        elif command.name == "mv":
            self._move(command, folder)
        else:
            self._remove(command, folder, run)
            self._fetch(command, folder, run)
            self._use(command, folder)

    # What comes

    def _put(self, kind: DepositKind, run: Run, span: Span, path: str, label: str, size: int | None) -> None:
        if not mounted(run, path):
            folder = kind is not DepositKind.DOWNLOAD
            self.live.files.append(Deposit(kind, self.stage, run, span, settled(path), label, size, folder=folder))
            del self.live.files[:-_MOST]

    def _index(self, run: Run, install: Install, path: str, label: str, size: int | None) -> None:
        span = head_span(install)
        self.live.indexes[path] = Deposit(DepositKind.INDEX, self.stage, run, span, path, label, size, folder=True)

    def _fetch(self, command: Command, folder: str | None, run: Run) -> None:
        if command.name in FETCHERS:
            self._download(command, folder, run)
        clone = self.clones.get(id(command))
        if clone is not None and clone.folder is not None:
            self._put(DepositKind.CLONE, run, clone.url.span, clone.folder, posixpath.basename(clone.folder), None)

    def _download(self, command: Command, folder: str | None, run: Run) -> None:
        from mllint.semantic.downloaders import fetched_files

        for url, target in fetched_files(command):
            path = placed(folder, target) if target is not None else None
            if path is not None and not path.startswith("/dev/"):
                label = posixpath.basename(path)
                size = archive_bytes(label)
                size = known_size(written(url)) if size is None else size
                self._put(DepositKind.DOWNLOAD, run, url.span, path, label, size)

    def _packages(self, install: Install, run: Run) -> None:
        if install.ecosystem != "system":
            return
        manager = install.manager
        caches = CACHE_FOLDERS.get(manager, ())
        if (manager == "apt" and install.subcommand == "update") or (caches and fills_cache(install)):
            # From here on a removal is meant for the new ones.
            for path in caches or (LISTS,):
                self.live.indexes.pop(path, None)
        if install.subcommand == "clean":
            self._gone([self.live.indexes.pop(path, None) for path in caches], install.command, run)
        elif install.subcommand in _REMOVING:
            self._uninstall(install, run)
        elif install.adds:
            self._install(install, run)

    def _install(self, install: Install, run: Run) -> None:
        group = install.setting("--virtual")
        for each in install.requirements:
            if each.kind == "index" and each.name is not None:
                size = package_bytes(install, each.name)
                package = Deposit(DepositKind.PACKAGE, self.stage, run, each.span, "", each.name, size, folder=False)
                self.live.packages.setdefault(each.name, package)
                if group is not None:
                    self.groups.setdefault(written(group), []).append(each.name)

    def _uninstall(self, install: Install, run: Run) -> None:
        found = []
        for word in install.command.arguments:
            text = written(word)
            found += [self.live.packages.pop(name, None) for name in self.groups.pop(text, [text])]
        self._gone(found, install.command, run)
        if install.incomplete:
            self.live.packages.clear()

    def _environment(self, install: Install, run: Run) -> None:
        """The folder of a virtual environment or of conda that gets packages."""
        if not install.adds or install.ecosystem not in ("python", "conda"):
            return
        place = self.stage.environment_of(InstallStep(run, install))
        path = {"venv": place.key, "conda": place.key.removeprefix("conda:")}.get(place.kind, "")
        if place.kind == "conda" and not path.startswith("/"):
            path = _CONDA
        if path.startswith("/"):
            self._put(DepositKind.ENVIRONMENT, run, head_span(install), path, path, None)

    # What goes

    def _gone(self, found: list[Deposit | None], command: Command, run: Run) -> None:
        """Notes the deposits of earlier instructions among those that a command removes: their bytes stay."""
        if not command.conditional:
            later = (each for each in found if each is not None and each.instruction is not run)
            self.removals += [Removal(self.stage, run, command, each) for each in later]

    def _remove(self, command: Command, folder: str | None, run: Run) -> None:
        if not may_clear(command):
            return
        for path in tuple(self.live.indexes):
            verdict = clears(command, path, cwd=folder)
            if verdict is not Cleared.NO:
                self._gone([self.live.indexes.pop(path)] if verdict is Cleared.YES else [], command, run)
        verdicts = [_verdict(command, each.path, folder) for each in self.live.files]
        pairs = list(zip(self.live.files, verdicts, strict=True))
        # What may be gone is nothing to speak of.
        self.live.files[:] = [each for each, verdict in pairs if verdict is Cleared.NO]
        self._gone([each for each, verdict in pairs if verdict is Cleared.YES], command, run)
        if command.name == "rm" and not command.conditional:
            for each in self.live.files:
                if each.folder and each.instruction is not run:
                    self._remove_part(command, folder, run, each)

    def _remove_part(self, command: Command, folder: str | None, run: Run, deposit: Deposit) -> None:
        """`rm -rf /app/data` after `COPY . /app`, `rm -rf repo/.git` after a clone."""
        above = f"{deposit.path.rstrip('/')}/"
        for word in command.arguments:
            path = placed(folder, written(word)) if not written(word).startswith("-") else None
            if path is None or not path.startswith(above):
                continue
            inner = path.removeprefix(above)
            size = part_bytes(deposit, inner)
            if size is not None or (deposit.kind is DepositKind.CLONE and inner == ".git"):
                self.removals.append(Removal(self.stage, run, command, deposit, (written(word), size)))

    def _move(self, command: Command, folder: str | None) -> None:
        words = [written(word) for word in command.arguments if not written(word).startswith("-")]
        target = placed(folder, words[-1]) if len(words) > 1 else None
        sources = [placed(folder, word) for word in words[:-1]]
        for index, each in enumerate(self.live.files):
            if target is not None and any(names(source, each.path) for source in sources):
                name = posixpath.basename(each.path)
                # A target with another ending is taken for a folder.
                alike = posixpath.splitext(target)[1] == posixpath.splitext(name)[1]
                self.live.files[index] = each._replace(path=settled(target if alike else f"{target}/{name}"))

    # What is done with it

    def _use(self, command: Command, folder: str | None, *, always: bool = False) -> None:
        """Notes the deposits that a command unpacks, installs or runs."""
        program = written(command.words[0]) if command.words else ""
        by_path = program.startswith(("./", "/", "~"))
        if not (always or by_path or command.name in _USERS or command.name in _REPLACING):
            return
        files = self.live.files
        words = command.words if by_path else command.arguments
        paths = [placed(folder, _operand(written(word))) for word in words] if files else []
        used = [each for each in files if each.is_file and any(names(path, each.path) for path in paths)]
        if command.name in _REPLACING:
            files[:] = [each for each in files if each not in used]
        elif used:
            files[:] = [each._replace(uses=(*each.uses, command)) if each in used else each for each in files]

    def _rewrite(self, command: Command, folder: str | None, run: Run) -> None:
        words = [word for word in command.arguments if not written(word).startswith("-")]
        options = [written(word) for word in command.arguments if written(word).startswith("-")]
        recursive = any(re.match(r"-[a-zA-Z]*R|--recursive", each) for each in options)
        if not recursive or command.conditional or any(each.startswith("--reference") for each in options):
            return
        keeps = _keeper(command.name, written(words[0])) if words else None
        for word in words[1:]:
            path = placed(folder, written(word))
            found = tuple(
                each
                for each in self.live.files
                if each.instruction is not run and not (keeps and keeps(each)) and _covers(path, each)
            )
            if path is not None and found:
                self.rewrites.append(Rewrite(self.stage, run, command, word, path, found))


def _verdict(command: Command, path: str, folder: str | None) -> Cleared:
    """Whether a command removes a path; one that works in an unknown folder may remove all files of that name."""
    found = clears(command, path, cwd=folder)
    if found is Cleared.NO and folder is None and command.name in _REMOVERS:
        operands = (posixpath.normpath(written(word)) for word in command.arguments)
        relative = (text for text in operands if not text.startswith(("/", "~", "-")))
        if any(text == "." or names(posixpath.basename(text), posixpath.basename(path)) for text in relative):
            return Cleared.MAYBE
    return found


def _operand(text: str) -> str:
    """The word, or the value of an option that is written with it (`--file=x.tar`)."""
    return text.partition("=")[2] if text.startswith("--") and "=" in text else text


def _keeper(name: str | None, value: str) -> Callable[[Deposit], bool] | None:
    """Tells of which deposits a `chown` or `chgrp` to that value changes nothing: builders do not store them again."""
    if name == "chown":
        return lambda deposit: _user(value) == _user(deposit.owner)
    if name == "chgrp":
        return lambda deposit: _root_as_nothing(value) == _group(deposit.owner)
    return None


def _covers(path: str | None, deposit: Deposit) -> bool:
    """Whether a deposit is a path, or lies below it."""
    if path is None:
        return False
    bare = re.sub(r"(/+\*+)+$", "", path) or "/"
    return deposit.path == bare or deposit.path.startswith(f"{bare.rstrip('/')}/") or names(path, deposit.path)


def _user(owner: str) -> str:
    """The user of `name:group`; root as ""."""
    return _root_as_nothing(re.split(r"[:.]", owner)[0])


def _group(owner: str) -> str:
    """The group of `name:group`; root's as "". Without one it is the user's own, which has the same name."""
    user, mark, group = owner.partition(":")
    return _root_as_nothing(group if mark else user)


def _root_as_nothing(name: str) -> str:
    return "" if name in ("root", "0") else name
