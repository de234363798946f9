"""What a RUN changes in its own shell only, and does not use: `cd`, `export`, `source …/activate` at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.arguments import written
from mllint.regex import regex
from mllint.shell.command import Command
from mllint.syntax.nodes import Run

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

#: Files that only set up the shell that reads them; another one may install something.
_ENVIRONMENT = regex(
    r"(^|/)(activate(\.sh|\.fish|\.csh)?|\.?(bash|z)rc|\.(bash_)?profile|bash\.bashrc|profile|\.?env|conda\.sh|nvm\.sh|"
    r"vars?\.sh|setvars\.sh|environment)$|^/opt/ros/.*/setup\.(ba)?sh$"
)
_CONDA = frozenset({"conda", "mamba", "micromamba"})


class LostEffect(NamedTuple):
    """A command at the end of a RUN whose effect ends with the RUN's shell."""

    run: Run
    command: Command
    #: "cd", "export", "alias", "source" (a file of settings) or "conda" (`conda activate`).
    kind: str
    #: Nothing else is in the RUN.
    alone: bool


def lost_effects(stage: Stage) -> tuple[LostEffect, ...]:
    """The effects that no command of their RUN uses; the first of each RUN."""
    return tuple(effect for run in stage.runs if (effect := _of(run, stage)) is not None)


def _of(run: Run, stage: Stage) -> LostEffect | None:
    script = stage.script(run)
    if not script.known or script.has_error or script.python is not None:
        return None
    commands = script.commands
    found: LostEffect | None = None
    for index in range(len(commands) - 1, -1, -1):
        command = commands[index]
        kind = effect_of(command)
        following = commands[index + 1] if index + 1 < len(commands) else None
        if kind is None or command.conditional or command.subshell or _is_piped(command, following):
            return found
        if kind == "cd" and any(effect_of(each) == "cd" for each in commands[:index]):
            # It goes back to where it came from.
            return found
        found = LostEffect(run, command, kind, alone=index == 0)
    return found


def _is_piped(command: Command, following: Command | None) -> bool:
    return command.operator in ("|", "&") or (following is not None and following.operator in ("|", "&", "||"))


def effect_of(command: Command) -> str | None:
    """The kind of a command that does nothing but change its shell; None for the others."""
    name = command.name
    if not command.words:
        values = [each.value for each in command.assignments]
        plain = bool(values) and all(value is None or value.value is not None for value in values)
        return "export" if plain and not command.redirects else None
    arguments = [written(word) for word in command.arguments]
    if name in ("cd", "pushd") and arguments and arguments[0] not in ("-", "..", "~", "/"):
        return "cd"
    if name in ("export", "declare", "typeset") and command.assignments and "-f" not in arguments:
        return "export"
    if name == "alias" and any("=" in each for each in arguments):
        return "alias"
    if name in ("source", ".") and arguments:
        return "source" if arguments[0] == "activate" or _ENVIRONMENT.search(arguments[0]) else None
    if name in _CONDA and arguments[:1] == ["activate"]:
        return "conda"
    return "conda" if name == "activate" else None
