"""Whether a command that fails ends the build."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mllint.regex import regex
from mllint.shell.command import Command

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import Step

_ERREXIT = regex(r"-[a-zA-Z]*e[a-zA-Z]*")


def stops_build(step: Step, stage: Stage) -> bool:
    """Whether the failure of a command fails its RUN.

    It does not where something catches it (`|| true`, an `if`), where it may not run, in `$(…)`, in front of a pipe
    without `pipefail`, and in front of `;` or a new line without `set -e`.
    """
    command = step.command
    if command.guarded or command.conditional or command.subshell:
        return False
    commands = [each for each in stage.script(step.instruction).commands if not each.subshell]
    at = next((at for at, each in enumerate(commands) if each is command), len(commands))
    shell = stage.shell_at(step.instruction)
    behind = [each.operator for each in commands[at + 1 :]]
    if behind[:1] == ["|"] and not _is_on("pipefail", commands[:at], shell):
        return False
    if "&" in behind[:1]:
        return False
    return ";" not in behind or _is_on("errexit", commands[:at], shell)


def _is_on(option: str, before: Sequence[Command], shell: Sequence[str]) -> bool:
    """Whether SHELL or a `set` above switches an option of the shell on."""
    given = [list(shell[1:])] + [[value or "" for value in each.values()] for each in before if each.name == "set"]
    return any(option in words or (option == "errexit" and _has_errexit(words)) for words in given)


def _has_errexit(words: Sequence[str]) -> bool:
    return any(_ERREXIT.fullmatch(word) for word in words)
