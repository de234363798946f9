"""Where a command of a RUN runs: its folder, its variables, the Pythons that it meets, the environment that is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mllint.regex import regex
from mllint.semantic.environments import Environment
from mllint.semantic.layers import in_force
from mllint.semantic.writes import join_home, path_text
from mllint.shell.command import Command, Word
from mllint.syntax.nodes import Run

if TYPE_CHECKING:
    from mllint.semantic.interpreters import Interpreters
    from mllint.semantic.stage import Stage

_NAME_OPTION = regex(r"(?:^|[\s\"',])(?:-n|--name|-p|--prefix)(?:=|[\s\"',]+)([^\s\"',]+)")


class Here(NamedTuple):
    """The surroundings of a command."""

    stage: Stage
    run: Run
    command: Command
    pythons: Interpreters
    #: The absolute working folder; None when not known.
    folder: str | None
    #: The key of the environment that is on (`source …/activate`, `conda activate`), else None.
    on: str | None

    @property
    def active(self) -> str | None:
        """The key of the environment that tools such as uv and poetry take for active: VIRTUAL_ENV counts too."""
        path = self.join(self.variable("VIRTUAL_ENV")) if self.on is None else None
        if not path:
            return self.on
        return self.pythons.presumed_at(path) or self.pythons.put(Environment(path, "venv", None, False), path)

    def variable(self, name: str) -> str | None:
        """The value of an environment variable of the command; None when it is not set, or not known."""
        found = in_force(name, self.command, self.run, self.stage)
        return found.value if found is not None else None

    def switched_on(self, name: str) -> bool:
        """Whether a variable is set to something that means yes."""
        return (self.variable(name) or "").lower() in ("1", "true", "yes", "on")

    def path(self, word: Word | None) -> str | None:
        """A word as an absolute path; None when it is not known."""
        return self.join(path_text(word)) if word is not None else None

    def join(self, path: str | None) -> str | None:
        """A path made absolute; one below the home folder starts with `~`."""
        return join_home(self.folder, path)

    def environment(self, key: str) -> Environment:
        return self.pythons.environments[key]

    def folder_of(self, key: str) -> str | None:
        return self.pythons.prefixes.get(key)


def wrapped_environment(command: Command) -> str | None:
    """The name or the folder in `conda run -n NAME` in front of a command."""
    head = command.span.source.text[command.span.start : command.words[0].span.start] if command.words else ""
    match = _NAME_OPTION.search(head)
    return match[1] if match is not None else None
