"""Whether the user of the final container can write to a folder, as far as the file tells."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.regex import regex
from mllint.semantic.layers import is_opaque
from mllint.syntax.nodes import Run, Words

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.shell.command import Command

_ROOT = frozenset({"root", "0"})
#: Commands that give a folder to somebody, or make it under another owner.
_GIVING = frozenset({"chown", "chmod", "chgrp", "install", "setfacl", "fix-permissions", "rsync", "cp", "mv"})
#: Where everybody may write.
_OPEN = ("/tmp", "/var/tmp", "/dev/shm", "/run/user")
_HOME = regex(r"/home/[^/]+(?:/|$)")


def is_unprivileged(stage: Stage) -> bool | None:
    """Whether the container's user is another than root and not in root's group; None when it is not known."""
    if stage.user is None:
        return None
    user, _, group = stage.user.value.partition(":")
    return user not in _ROOT and group not in _ROOT


def is_closed(stage: Stage, path: str) -> bool:
    """Whether an absolute folder is known to belong to root, so that another user cannot write to it or make it.

    False too when that is not known: what a base image that the tables do not know holds, scripts that may do
    anything, a `chown` whose words are not known.
    """
    path = posixpath.normpath(path)
    base = stage.base
    if base is None or base.user not in _ROOT or not path.startswith("/"):
        return False
    if path.startswith(_OPEN) or _HOME.match(path):
        return False
    return not any(_may_open(each, path) for each in stage.ancestry)


def _may_open(stage: Stage, path: str) -> bool:
    """Whether an instruction of a stage may let another user write to a folder."""
    for step in stage.copies:
        target = step.target
        owned = step.instruction.flag("chown") is not None or step.instruction.flag("chmod") is not None
        if owned and (target is None or _related(target, path)):
            return True
    for instruction in stage.body:
        if isinstance(instruction, Words) and instruction.keyword == "VOLUME":
            words = [stage.expand(word, instruction) for word in instruction.words]
            if any(word is None or _related(word.strip('[]",'), path) for word in words):
                return True
        elif isinstance(instruction, Run) and _run_may_open(stage, instruction, path):
            return True
    return False


def _run_may_open(stage: Stage, run: Run, path: str) -> bool:
    script = stage.script(run)
    if not script.known or script.has_error or script.python is not None:
        return True
    user = stage.user_at(run)
    # What another user makes is that user's; for an unknown one nothing is said.
    if user is None or user.value.partition(":")[0] not in _ROOT:
        return True
    folder = stage.writes.folders
    return any(_command_may_open(each, path, folder.get(id(each))) for each in script.commands)


def _command_may_open(command: Command, path: str, folder: str | None) -> bool:
    if {"su -c", "sudo", "gosu", "runuser", "su-exec"}.intersection(command.wrappers):
        return True
    if command.name in _GIVING:
        operands = list(_operands(command, folder))
        return any(each is None or _related(each, path) for each in operands)
    if command.name in ("useradd", "adduser"):
        # `-d /data` makes the folder the user's home.
        return any(value is not None and path.startswith(value) and value.startswith("/") for value in command.values())
    return is_opaque(command) and not (command.name or "").startswith("python")


def _operands(command: Command, folder: str | None) -> Iterator[str | None]:
    """The paths among the words, absolute; None for one that is not known."""
    for word in command.arguments:
        if word.value is None:
            yield None
        elif not word.value.startswith("-"):
            yield word.value if word.value.startswith("/") else posixpath.join(folder, word.value) if folder else None


def _related(target: str, path: str) -> bool:
    """Whether one of the folders is the other, or holds it."""
    first, second = (posixpath.normpath(each).rstrip("/*") + "/" for each in (target, path))
    return first.startswith(second) or second.startswith(first)
