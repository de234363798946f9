"""From a simple command as written to what really runs: without its wrappers, or the commands of its script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from mllint.shell.command import Command, Word
from mllint.shell.session import Context, Session
from mllint.shell.simple import Simple
from mllint.shell.words import constant
from mllint.shell.wrappers import SHELLS, WRAPPERS, Unwrapped, base_name, is_python, python_code, unwrap
from mllint.source import Span, Text
from mllint.syntax.expand import UNSET

#: Reads a text as shell commands in a context.
ReadScript = Callable[[Session, Text, Context], None]

_NOT_WRAPPED = Unwrapped(0)
_SHEBANG = re.compile(r"#![ \t]*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?")
#: Files that set the variables of an environment manager and leave all others alone.
_ACTIVATE = re.compile(r"(?:.*/)?(?:activate|conda\.sh|mamba\.sh|nvm\.sh|cargo/env|setup\.bash)")
_ENVIRONMENT_HOOK = re.compile(
    r"""["']?\$\((?:\S*/)?(?:conda|mamba|micromamba|pyenv|direnv|ssh-agent)\b[^()]*\)["']?"""
)
_DECLARES = frozenset({"export", "declare", "typeset", "local", "readonly"})
#: Programs whose arguments name variables that they fill.
_READS = frozenset({"read", "mapfile", "readarray", "getopts", "printf"})


class Interpreter(NamedTuple):
    """What the first line of a body asks for: "sh", "python", or None for another program."""

    kind: str | None


def shebang(value: str) -> Interpreter | None:
    """The interpreter that `#!…` names in the first line; None without such a line."""
    match = _SHEBANG.match(value)
    if match is None:
        return None
    program, argument = (part.rpartition("/")[2] if part else "" for part in match.groups())
    name = argument if program == "env" else program
    return Interpreter("sh" if name in SHELLS else "python" if is_python(name) else None)


def emit(session: Session, simple: Simple, context: Context, read: ReadScript) -> tuple[int, int] | None:
    """Adds what a simple command runs to the session.

    Returns the range of the script's text that was read as a program of its own, whose substitutions belong to it.
    """
    words = simple.words
    operator, session.operator = session.operator, ";"
    name = base_name(words[0]) if words else None
    unwrapped = unwrap(words) if name in WRAPPERS else _NOT_WRAPPED
    inner = _program(session, simple, unwrapped)
    if inner is not None and session.may_read_script():
        before = len(session.commands)
        session.operator = operator
        _read_inner(session, simple, context, unwrapped, inner, read)
        session.operator = ";"
        if len(session.commands) > before:
            return _consumed(simple, unwrapped)
    command = _command(session, simple, context, unwrapped, operator)
    session.commands.append(command)
    _apply_effects(session, simple, command)
    return None


def _program(session: Session, simple: Simple, unwrapped: Unwrapped) -> Text | None:
    """The shell text that the command runs."""
    if unwrapped.script is not None:
        return simple.word_text(unwrapped.script)
    if unwrapped.evaluated:
        return _evaluated(simple, unwrapped.skip)
    if simple.input is None:
        return None
    if unwrapped.reads_stdin:
        return simple.input.value(session.variables)
    if not simple.words and not simple.assignments:
        # `RUN <<EOF`: Docker hands the body to the shell as it is.
        found = shebang(simple.input.body.value)
        return simple.input.body if found is None or found.kind == "sh" else None
    return None


def _evaluated(simple: Simple, first: int) -> Text:
    """The words of eval, joined by spaces."""
    texts: list[Text] = []
    for index in range(first, len(simple.words)):
        text = simple.word_text(index)
        if texts:
            texts.append(constant(text, " ", 0, 0))
        texts.append(text)
    return Text.join(texts, source=texts[0].source)


def _read_inner(
    session: Session, simple: Simple, context: Context, unwrapped: Unwrapped, inner: Text, read: ReadScript
) -> None:
    """The commands of a script run by this command: in its context, and in a process of their own unless it is eval."""
    wrappers = unwrapped.wrappers
    if unwrapped.reads_stdin:
        wrappers = (*wrappers, base_name(simple.words[unwrapped.skip]) or "sh")
    assignments = (*simple.assignments, *unwrapped.assignments)
    redirects = tuple(redirect for redirect in simple.redirects if redirect.heredoc is None)
    deeper = context._replace(
        wrappers=context.wrappers + wrappers,
        assignments=context.assignments + assignments,
        redirects=redirects + context.redirects,
    )
    if unwrapped.evaluated:
        read(session, inner, deeper)
        return
    with session.variables.subshell():
        for assignment in assignments:
            session.variables.assign(assignment.name, assignment.value.value if assignment.value else None)
        read(session, inner, deeper)


def _consumed(simple: Simple, unwrapped: Unwrapped) -> tuple[int, int] | None:
    first = unwrapped.script if unwrapped.script is not None else unwrapped.skip if unwrapped.evaluated else None
    if first is None:
        return None
    start = simple.marks[first]
    end = simple.marks[-1] if unwrapped.evaluated else start
    return (start[0], end[1]) if start and end else None


def _command(session: Session, simple: Simple, context: Context, unwrapped: Unwrapped, operator: str) -> Command:
    words = tuple(simple.words[unwrapped.skip :])
    return Command(
        words,
        (*context.assignments, *simple.assignments, *unwrapped.assignments),
        (*simple.redirects, *context.redirects),
        _span(simple),
        operator,
        context.wrappers + unwrapped.wrappers,
        context.conditional,
        context.guarded,
        context.subshell,
        _python(session, simple, words, unwrapped.skip),
    )


def _span(simple: Simple) -> Span:
    parts = simple.words or simple.assignments or simple.redirects
    return parts[0].span.to(parts[-1].span)


def _python(session: Session, simple: Simple, words: tuple[Word, ...], skip: int) -> Text | None:
    if not words:
        found = shebang(simple.input.body.value) if simple.input and not simple.assignments else None
        return simple.input.body if simple.input and found and found.kind == "python" else None
    name = base_name(words[0])
    code = python_code(words) if name is not None and is_python(name) else None
    if code is None:
        return None
    if code.word is not None:
        return simple.word_text(skip + code.word)
    return simple.input.value(session.variables) if simple.input else None


def _apply_effects(session: Session, simple: Simple, command: Command) -> None:
    """What the command does to the variables of the script."""
    name = command.name
    if not simple.words or name in _DECLARES:
        _assign(session, simple, command)
    elif name == "unset" or name in _READS:
        value = UNSET if name == "unset" and not command.conditional else None
        for word in command.arguments:
            if word.value is not None:
                session.variables.assign(word.value, value)
    elif (name in (".", "source") and not _is_activation(command)) or (name == "eval" and not _is_hook(command)):
        session.variables.forget()


def _is_activation(command: Command) -> bool:
    script = command.words[1].value if len(command.words) > 1 else None
    return script is not None and _ACTIVATE.fullmatch(script) is not None


def _is_hook(command: Command) -> bool:
    return all(_ENVIRONMENT_HOOK.fullmatch(word.raw) for word in command.arguments)


def _assign(session: Session, simple: Simple, command: Command) -> None:
    for assignment in simple.assignments:
        value = assignment.value.value if assignment.value else None
        session.variables.assign(assignment.name, None if command.conditional else value)
