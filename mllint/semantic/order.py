"""The order in which stages are derived: what a stage reads of others is there before it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.images.reference import ImageReference

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage


def derive_first(stage: Stage, name: str) -> None:
    """Derives a property of the stages that this one reads, in their order in the file."""
    waiting = [stage]
    needed: set[Stage] = set()
    while waiting:
        each = waiting.pop()
        for origin in (each.parent, *(step.origin for step in each.copies)):
            if origin is None or isinstance(origin, ImageReference) or origin in needed or name in origin.__dict__:
                continue
            needed.add(origin)
            waiting.append(origin)
    for each in sorted(needed, key=lambda one: one.index):
        getattr(each, name)
