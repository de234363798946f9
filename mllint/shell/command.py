"""The commands of a shell script, flat and in order, each word with its place in the Dockerfile."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from mllint.source import Span, Text


class Word(NamedTuple):
    """A word of a command. `value` is None when only the running shell knows it (`$(…)`, an unknown variable)."""

    span: Span
    #: As written (continuations taken out), quotes and variables included.
    raw: str
    value: str | None


class Assignment(NamedTuple):
    """`NAME=value` in front of a command, by itself, or as an argument of export/declare/local/readonly."""

    name: str
    value: Word | None
    span: Span


class Redirect(NamedTuple):
    """`> file`, `2>&1`, `<<EOF`. The target is None for here-documents, whose text is `heredoc`."""

    operator: str
    target: Word | None
    heredoc: Text | None
    span: Span


class _Parts(NamedTuple):
    """What a command is made of."""

    #: The program and its arguments; empty for a bare assignment or redirection.
    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    redirects: tuple[Redirect, ...]
    #: From the first word that is written (wrappers included) to the last.
    span: Span
    #: What stands between this command and the one before it: "" for the first, "&&", "||", ";", "&" or "|".
    operator: str
    #: The wrappers that were taken off, outermost first: "sudo", "env", "exec", "time", "xargs", "sh -c", "conda run" …
    wrappers: tuple[str, ...]
    #: True inside if/while/for/case/functions, or to the right of `||` or of a test's `&&`: it may not run.
    conditional: bool
    #: True when its failure does not fail the script (`cmd || true`, `cmd || …`, `! cmd`, an `if` condition).
    guarded: bool
    #: 0 at the top level; commands in `( … )` and `$( … )` have a greater depth.
    subshell: int
    #: Python source that the command runs from its words or standard input (`python -c "…"`, `python3 <<EOF`).
    python: Text | None


class Command(_Parts):
    """A simple command after wrappers were taken off (`sudo -E env A=1 pip install x` is `pip install x`)."""

    # Nearly every rule asks for these of every command.

    @cached_property
    def name(self) -> str | None:
        """The program without its folder (`/usr/bin/pip3` is `pip3`); None when unknown or when there is none."""
        if not self.words or self.words[0].value is None:
            return None
        return self.words[0].value.rpartition("/")[2]

    @cached_property
    def arguments(self) -> tuple[Word, ...]:
        return self.words[1:]

    @cached_property
    def _values(self) -> tuple[str | None, ...]:
        return tuple([word.value for word in self.words[1:]])

    def values(self) -> tuple[str | None, ...]:
        """The values of the arguments."""
        return self._values


class Script(NamedTuple):
    """A parsed body. An unknown shell (PowerShell, cmd) gives no commands and `known` False: nothing can be said."""

    commands: tuple[Command, ...]
    known: bool
    #: True where tree-sitter met a syntax error; the commands are then what could be read.
    has_error: bool
    #: Set when the body itself is Python (`RUN <<EOF` with a `#!/usr/bin/env python3` line, SHELL ["python", "-c"]).
    python: Text | None = None


NO_COMMANDS = Script((), known=True, has_error=False)
UNKNOWN_SHELL = Script((), known=False, has_error=False)
