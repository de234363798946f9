"""What the reading of one body shares: the commands found so far, the variables, and the limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mllint.shell.command import Assignment, Command, Redirect
from mllint.shell.simple import Node
from mllint.shell.variables import Variables

#: Gives the root of the syntax tree of a text in ASCII; None when the text is given up.
Grammar = Callable[[bytes], "Node | None"]

#: Statements within statements; deeper ones are not read.
DEEPEST = 50
#: Scripts within a script (`sh -c`, `eval`, here-documents fed to a shell).
_MOST_SCRIPTS = 200


class Context(NamedTuple):
    """What holds for all commands of a part of the script."""

    conditional: bool = False
    guarded: bool = False
    subshell: int = 0
    wrappers: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Session:
    """The state of one reading; the commands come out in the order in which they are written."""

    __slots__ = ("commands", "depth", "grammar", "has_error", "operator", "scripts", "variables")

    def __init__(self, variables: Variables, grammar: Grammar) -> None:
        self.commands: list[Command] = []
        self.variables = variables
        self.grammar = grammar
        self.has_error = False
        #: What stands between the command before and the next one.
        self.operator = ""
        self.depth = 0
        self.scripts = 0

    def may_read_script(self) -> bool:
        self.scripts += 1
        if self.scripts > _MOST_SCRIPTS:
            self.has_error = True
        return self.scripts <= _MOST_SCRIPTS
