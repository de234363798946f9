"""From an install command to its `Installation`: requirements files, constraints, projects and locks are followed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mllint.packages.requirement import Index, Requirement
from mllint.semantic.environments import environment_of
from mllint.semantic.files import Origin, context_manifest, origin_of
from mllint.semantic.installations import Installation, ManifestUse, Wanted
from mllint.semantic.layers import in_force
from mllint.semantic.steps import InstallStep
from mllint.semantic.wheels import wheel_indexes
from mllint.semantic.writes import join_home, path_text
from mllint.shell.command import Command, Word

if TYPE_CHECKING:
    from mllint.packages.manifest import Manifest
    from mllint.semantic.stage import Stage

#: Commands that write a lock's content as a requirements file: program → its subcommands.
_EXPORTS = {"poetry": ("export",), "uv": ("export",), "pdm": ("export",), "pipenv": ("requirements",)}
_HASHES = ("--require-hashes",)
#: How many files one command may lead to.
_MOST_FILES = 64


def read_installation(stage: Stage, step: InstallStep) -> Installation:
    """Everything that an install command of a stage asks for."""
    reading = Reading(stage, step)
    reading.read()
    return Installation(
        step=step,
        wanted=tuple(reading.wanted()),
        manifests=tuple(reading.uses),
        complete=reading.complete,
        indexes=wheel_indexes(step, stage, reading.indexes),
        environment=reading.environment,
        locked=reading.locked,
        resolved=tuple(reading.resolved()),
    )


class Reading:
    """What was read of an install so far."""

    def __init__(self, stage: Stage, step: InstallStep) -> None:
        self.stage = stage
        self.step = step
        self.install = step.install
        self.environment = environment_of(stage, step)
        self.folder = stage.writes.folders.get(id(step.install.command))
        self.requirements: list[Requirement] = []
        self.constraints: list[Requirement] = []
        #: What the locks that drive the install hold, those that it needs only for others included.
        self.entries: list[Requirement] = []
        self.uses: list[ManifestUse] = []
        self.indexes: list[Index] = []
        self.complete = not step.install.incomplete
        self.locked = False
        self._seen: set[tuple[str, bool]] = set()

    def read(self) -> None:
        install = self.install
        self.requirements += install.requirements
        if install.ecosystem == "system":
            return
        for word in install.files:
            self.named_file(word)
        for word in install.constraints:
            self.constrain(word)
        if install.ecosystem == "python":
            self._variables()
            self._projects()
        elif install.manager == "pixi":
            self.complete = False
        self.locked = self.locked or bool(install.options.intersection(_HASHES))

    def _projects(self) -> None:
        from mllint.semantic.projects import read_project, read_source

        for requirement in self.install.sources:
            read_source(self, requirement)
        read_project(self)

    def _variables(self) -> None:
        """PIP_CONSTRAINT and UV_CONSTRAINT; what a base image sets is a file that nobody here can see."""
        name = {"pip": "PIP_CONSTRAINT", "uv": "UV_CONSTRAINT"}.get(self.install.manager)
        variable = in_force(name, self.install.command, self.step.instruction, self.stage) if name else None
        if variable is not None and variable.span is not None:
            for path in (variable.value or "").split():
                self.constrain(Word(variable.span, path, path))

    # Files

    def named_file(self, word: Word) -> None:
        """`-r FILE`, conda's `-f FILE`."""
        default = "environment" if self.install.ecosystem == "conda" else "requirements"
        path = self.path(word)
        origin = self.origin(path)
        if origin is None or path is None:
            self.complete = False
        elif origin.context is None:
            self._made(origin, word)
        else:
            self._file(origin, path, default, word)

    def path(self, word: Word) -> str | None:
        return join_home(self.folder, path_text(word))

    def origin(self, path: str | None) -> Origin | None:
        if path is None:
            return None
        return origin_of(self.stage, path, self.install.command, self.step.instruction)

    def manifest(self, path: str | None, default: str | None = None) -> Manifest | None:
        """The manifest at a path of the container."""
        origin = self.origin(path)
        if origin is None or origin.context is None:
            return None
        return context_manifest(self.stage, origin.context, default)

    def _file(self, origin: Origin, path: str, default: str, word: Word | None) -> None:
        """A requirements file, and those that it names."""
        waiting = [(origin, path, default, word)]
        while waiting and len(self.uses) < _MOST_FILES:
            origin, path, default, word = waiting.pop(0)
            manifest = context_manifest(self.stage, origin.context or "", default)
            if (path, default == "constraints") in self._seen:
                continue
            self._seen.add((path, default == "constraints"))
            if manifest is None:
                self.complete = False
                continue
            if default == "constraints":
                self.uses.append(ManifestUse(manifest, word, drives=False))
                self.constraints += _kept(manifest, origin, self)
            else:
                self.uses.append(ManifestUse(manifest, word, drives=True))
                self._drive(manifest, origin)
            for inner, kind in (
                *((each, default) for each in manifest.files),
                *((each, "constraints") for each in manifest.constraints),
            ):
                below = join_home(posixpath.dirname(path), path_text(inner))
                found = self.origin(below)
                if found is None or found.context is None or below is None:
                    self.complete = False
                else:
                    waiting.append((found, below, "requirements" if kind == "environment" else kind, word))

    def _drive(self, manifest: Manifest, origin: Origin) -> None:
        kept = _kept(manifest, origin, self)
        self.requirements += kept
        self.indexes += manifest.indexes
        self.complete = self.complete and manifest.complete
        hashed = any(each.hashes for each in kept) or bool(manifest.options.intersection(_HASHES))
        self.locked = self.locked or hashed or manifest.kind == "lock"

    def constrain(self, word: Word) -> None:
        """`-c FILE`."""
        path = self.path(word)
        origin = self.origin(path)
        if origin is None or origin.context is None or path is None:
            self.complete = False
        else:
            self._file(origin, path, "constraints", word)

    def _made(self, origin: Origin, word: Word) -> None:
        """A file that a command makes: what it exports from a lock is known, other things are not."""
        write = origin.write
        command = write.command if write is not None else None
        lock_folder = _exported_from(command) if command is not None else None
        if command is None or lock_folder is None or origin.stage is None:
            self.complete = False
            return
        from mllint.semantic.projects import read_export

        folder = join_home(origin.stage.writes.folders.get(id(command)), lock_folder)
        if folder is None or not read_export(self, command, folder, origin.stage, word):
            self.complete = False

    # Results

    def holds(self, requirement: Requirement) -> bool | None:
        """Whether a requirement's marker is true where the packages go; None when not known."""
        if requirement.marker is None:
            return True
        from mllint.packages.specifiers import marker_holds

        python = self.environment.python
        return marker_holds(requirement.marker, python=python.value if python is not None else None)

    def wanted(self) -> Iterator[Wanted]:
        constraints, locked = _by_name(self.constraints), _by_name(self.entries)
        for requirement in self.requirements:
            holds = self.holds(requirement)
            if holds is False:
                continue
            fixed = self._fixed(locked.get(requirement.name or "", ()))
            if fixed is None and requirement.version is None:
                fixed = self._fixed(constraints.get(requirement.name or "", ()))
            version, place = (requirement.version, None) if fixed is None else (fixed.version, fixed.span)
            yield Wanted(requirement, version if holds else None, place if holds else None)

    def resolved(self) -> Iterator[Wanted]:
        """The entries of the locks that no requirement names."""
        direct = {requirement.name for requirement in self.requirements}
        for name, entries in _by_name(self.entries).items():
            fixed = self._fixed(entries) if name not in direct else None
            if fixed is not None:
                yield Wanted(fixed, fixed.version)

    def _fixed(self, entries: Iterable[Requirement]) -> Requirement | None:
        """The entry that decides the version; None when there are several, or when it may not count."""
        exact = [each for each in entries if each.version is not None and self.holds(each) is not False]
        versions = {each.version for each in exact}
        sure = all(self.holds(each) for each in exact)
        return exact[0] if len(versions) == 1 and (sure or len(exact) == 1) and self.holds(exact[0]) else None


def _kept(manifest: Manifest, origin: Origin, reading: Reading) -> list[Requirement]:
    """The requirements that are left when a command has edited the file before: those that it does not speak of."""
    if origin.write is None:
        return list(manifest.requirements)
    reading.complete = reading.complete and _only_line_ends(origin.write.command)
    spoken = "".join(word.raw for word in origin.write.command.words).lower().replace("_", "-")
    if "$" in re.sub(r"\\?\$(?=[/'\"]|$)", "", spoken):
        return []
    return [each for each in manifest.requirements if each.name is None or each.name not in spoken]


def _only_line_ends(command: Command) -> bool:
    """Whether an edit changes nothing but the ends of lines: `sed -i 's/\\r$//'`, `dos2unix`."""
    return command.name == "dos2unix" or any("\\r" in word.raw for word in command.words)


def _exported_from(command: Command) -> str | None:
    """The folder whose lock a command exports, relative to its own; None when it exports none."""
    words = [word.value or "" for word in command.arguments]
    verbs = _EXPORTS.get(command.name or "", ())
    if not any(word in verbs for word in words):
        return None
    options = ("--directory", "-C", "--project", "-P", "-p")
    return next((words[at + 1] for at, word in enumerate(words[:-1]) if word in options), ".")


def _by_name(requirements: Iterable[Requirement]) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for each in requirements:
        if each.name is not None:
            found.setdefault(each.name, []).append(each)
    return found
