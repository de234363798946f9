"""What the next build runs again after an edit of the project's own code, when all else is in the cache.

As BuildKit does it: an instruction is taken from the cache while what is above it, and the files that it reads, are the
same; a COPY from another stage reads the files that it takes, so that what an edit does not reach stays.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from mllint.semantic.steps import is_whole
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mllint.semantic.build import Build
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep
    from mllint.syntax.nodes import Instruction

#: Names of folders that hold code, for where the context cannot be asked.
_CODE = frozenset({"src", "app", "api", "backend", "server", "service", "code"})


class Reach(NamedTuple):
    """How far an edit gets into a stage."""

    #: The RUN, COPY and ADD that run again, in order.
    instructions: tuple[Instruction, ...]
    #: Where the code goes; None for a place that is not known.
    targets: tuple[str | None, ...]

    @property
    def computes(self) -> bool:
        """Whether commands run again, which may change any file."""
        return any(isinstance(each, Run) for each in self.instructions)

    def touches(self, path: str | None) -> bool:
        """Whether the edit may change a file or folder of the stage."""
        if self.computes or path is None or None in self.targets:
            return bool(self.instructions)
        return any(target is not None and _overlap(path, target) for target in self.targets)


def reruns(build: Build) -> dict[Stage, Reach]:
    """What runs again in each stage; empty for a stage that an edit does not reach."""
    found: dict[Stage, Reach] = {}
    for stage in build.stages:
        found[stage] = _reach(stage, found)
    return found


def _reach(stage: Stage, found: dict[Stage, Reach]) -> Reach:
    parent = found.get(stage.parent) if stage.parent is not None else None
    again: list[Instruction] = []
    targets = list(parent.targets) if parent is not None else []
    below = parent is not None and bool(parent.instructions)
    steps = {id(step.instruction): step for step in stage.copies}
    for instruction in stage.body:
        if isinstance(instruction, Copy):
            step = steps.get(id(instruction))
            changed = step is not None and _reads_edit(step, stage, found)
            # A linked layer does not depend on those above it.
            if changed or (below and instruction.flag("link") is None):
                again.append(instruction)
            if changed and step is not None:
                targets.append(step.target)
        elif isinstance(instruction, Run) and (below or _mounts_edit(instruction, stage, found)):
            again.append(instruction)
        below = below or bool(again)
    inherited = parent.instructions if parent is not None else ()
    return Reach((*inherited, *again), tuple(targets))


def _reads_edit(step: CopyStep, stage: Stage, found: dict[Stage, Reach]) -> bool:
    values = [value for _, value in step.sources]
    if step.from_context:
        return any(value is not None and _is_code(value, stage) for value in values)
    origin = found.get(step.origin) if step.origin in stage.build.stages else None
    return origin is not None and any(origin.touches(value and f"/{value.lstrip('/')}") for value in values)


def _is_code(path: str, stage: Stage) -> bool:
    """Whether a source of the context is, or holds, Python code; what cannot be asked goes by its name."""
    if is_whole(path):
        return True
    if "://" in path or path.startswith("git@"):
        return False
    bare = posixpath.normpath(path).lstrip("/")
    context = stage.build.context
    if bare.endswith(".py"):
        return True
    if context is not None and context.exists(bare):
        return context.is_dir(bare) and any(file.path.endswith(".py") for file in context.files_under(bare).files)
    return posixpath.basename(bare.removesuffix("/*")).lower() in _CODE


def _mounts_edit(run: Run, stage: Stage, found: dict[Stage, Reach]) -> bool:
    for mount in run.mounts:
        if mount.type != "bind":
            continue
        source = mount.options.get("source", mount.options.get("src", "."))
        name = mount.options.get("from")
        if name is None and _is_code(source, stage):
            return True
        origin = stage.build.copy_origin(name, stage) if name is not None else None
        reach: Reach | None = next((found[each] for each in _earlier(stage) if each is origin), None)
        if reach is not None and reach.touches(f"/{source.strip('./')}"):
            return True
    return False


def _earlier(stage: Stage) -> Sequence[Stage]:
    return stage.build.stages[: stage.index]


def _overlap(one: str, other: str) -> bool:
    first, second = (f"{each.rstrip('/')}/" for each in (one, other))
    return first.startswith(second) or second.startswith(first)
