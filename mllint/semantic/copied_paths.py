"""From a path in the container to the sources of COPY and ADD that may have put a file there."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from mllint.semantic.steps import CopyStep, join_path
from mllint.semantic.writes import working_folder

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

#: How many copies into one folder, the last ones first, are looked at for a file.
_MOST = 100


class Candidate(NamedTuple):
    """A file that a COPY may have put at a path."""

    #: The instruction's place in the body.
    position: int
    step: CopyStep
    #: In the build context, or in the stage that the COPY takes it from.
    source: str


class CopiedPaths:
    """The sources of a stage's copies, by where they land."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        #: By the path itself: a target that is the file, a file in a target that is a folder.
        self._files: dict[str, list[Candidate]] = {}
        #: By the target: sources that are folders, or that have wildcards.
        self._folders: dict[str, list[Candidate]] = {}
        for step in stage.copies:
            target = step.target or self._target(step)
            if target is not None:
                self._add(step, target.rstrip("/"))

    def _target(self, step: CopyStep) -> str | None:
        """The target where nobody knows the folder that the base image starts in."""
        written = step.instruction.target
        folder = working_folder(self._stage, step.instruction)
        return join_path(folder, self._stage.expand(written, step.instruction)) if written is not None else None

    def _add(self, step: CopyStep, folder: str) -> None:
        position = self._stage.position(step.instruction)
        for _, written in step.sources:
            if written is None or "://" in written:
                continue
            source = posixpath.normpath(written.lstrip("/") or ".")
            found = Candidate(position, step, source)
            for path in dict.fromkeys((folder or "/", f"{folder}/{posixpath.basename(source)}")):
                self._files.setdefault(path, []).append(found)
            if self._is_folder(step, source):
                self._folders.setdefault(folder or "/", []).append(found)

    def _is_folder(self, step: CopyStep, source: str) -> bool:
        if not step.from_context or "*" in source:
            return True
        context = self._stage.build.context
        return context is not None and context.is_dir(source)

    def at(self, path: str, end: int) -> list[Candidate]:
        """What may have put a file at an absolute path before the instruction at `end`, the last ones first."""
        found = _last(self._files.get(path, []), end)
        folder = path
        # A path below `~` ends at nothing, one that begins with two slashes at those.
        while folder.strip("/"):
            folder = posixpath.dirname(folder)
            for each in _last(self._folders.get(folder, []), end):
                rest = path[len(folder.rstrip("/")) + 1 :]
                above = posixpath.dirname(each.source) if "*" in each.source else each.source
                found.append(each._replace(source=posixpath.normpath(posixpath.join(above, rest))))
        return sorted(found, key=_position, reverse=True)


def _last(candidates: list[Candidate], end: int) -> list[Candidate]:
    before = bisect_left(candidates, end, key=_position)
    return candidates[max(before - _MOST, 0) : before]


def _position(candidate: Candidate) -> int:
    return candidate.position
