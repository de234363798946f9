"""The folders /usr/local/cuda-X.Y of a stage: what variables such as LD_LIBRARY_PATH can lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mllint.images.versions import minor
from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

_FOLDER = regex(r"/cuda-(\d+\.\d+)")


class Toolkits(NamedTuple):
    """What is known of the toolkits of a stage."""

    #: The base image's: "12.4"; None when it is not known, or when the image has none.
    base: str | None
    #: All that are there, the base's and links to them too.
    versions: frozenset[str]
    #: False: something may bring another one.
    complete: bool


def toolkits(stage: Stage) -> Toolkits:
    """The toolkits below /usr/local at the end of a stage."""
    base, found = None, set()
    for each in stage.stack.toolkits:
        version = minor(each.version.value)
        if version is None or each.source == "conda":
            continue
        text = ".".join(map(str, version))
        found.add(text)
        if each.source == "image" and each.version.sure:
            base = text
    for each_stage in stage.ancestry:
        for command in (step.command for step in each_stage.steps):
            for word in command.words:
                found.update(_FOLDER.findall(word.value if word.value is not None else word.raw))
        found.update(folder for copy in each_stage.copies for folder in _FOLDER.findall(copy.target or ""))
    return Toolkits(base, frozenset(found), complete=base is not None and not stage.stack.may_hold_more)
