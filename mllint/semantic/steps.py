"""What the instructions of a stage come down to: commands, installs, copies."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.reference import ImageReference
from mllint.packages.requirement import Install
from mllint.shell.command import Command
from mllint.source import Text
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage


class Step(NamedTuple):
    """A command and the instruction that runs it."""

    instruction: Run
    command: Command


class InstallStep(NamedTuple):
    """An install command and the instruction that runs it."""

    instruction: Run
    install: Install


class CopyStep(NamedTuple):
    """What a COPY or ADD takes, and where it puts it."""

    instruction: Copy
    #: Each source as written and with its variables expanded (None when not known).
    sources: tuple[tuple[Text, str | None], ...]
    #: Absolute, with a trailing slash where the file has one; None when not known.
    target: str | None
    #: The stage or the image that `--from` names; None for the build context (see `from_context`).
    origin: Stage | ImageReference | None

    @property
    def from_context(self) -> bool:
        return self.instruction.flag("from") is None

    @property
    def whole_context(self) -> bool:
        """`COPY . …` (or `./`, `/`, `*`) from the build context."""
        return self.from_context and any(value is not None and is_whole(value) for _, value in self.sources)


def is_whole(source: str) -> bool:
    """Whether a source of COPY is the whole build context: `.`, `/`, `*`."""
    return posixpath.normpath(f"/{source}").lstrip("/") in ("", "*")


#: Linux opens no longer path.
_PATH_MAX = 4096


def join_path(folder: str | None, path: str | None) -> str | None:
    """A path made absolute and normal, its trailing slash kept.

    None when the folder matters and is not known, and for a path that is too long to exist.
    """
    if path is None:
        return None
    if not path.startswith("/"):
        if folder is None:
            return None
        path = f"{folder}/{path}"
    if len(path) > _PATH_MAX:
        return None
    slash = "/" if path.endswith("/") and path.strip("/") else ""
    return "/" + posixpath.normpath(path).lstrip("/") + slash
