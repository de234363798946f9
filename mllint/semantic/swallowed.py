"""Commands that an installer takes for packages, because nothing parts them from the install before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mllint.packages.requirement import Install
from mllint.regex import regex
from mllint.shell.command import Word
from mllint.source import Span

_PIP = r"install|uninstall|download|cache|config|freeze"
_CONDA = r"install|create|clean|update|config|init|env|activate|run"
_APT = r"install|update|upgrade|clean|autoclean|autoremove|remove|purge|dist-upgrade|-.*"
#: A program → what behind it makes the two a command, and nothing that somebody wants to install.
_COMMANDS = {
    "pip": _PIP,
    "pip3": _PIP,
    "conda": _CONDA,
    "mamba": _CONDA,
    "micromamba": _CONDA,
    "apt-get": _APT,
    "apt": _APT,
    "yum": r"install|update|clean|remove",
    "dnf": r"install|update|clean|remove",
    "uv": r"pip|sync|venv|add|tool",
    "npm": r"install|ci|run",
    "python": r"-c|setup\.py|.*/.*\.py",
    "python3": r"-c|setup\.py|.*/.*\.py",
    "rm": r"-[rfv]+|/.*",
    "mkdir": r"-p|/.*",
    "ln": r"-[sfn]+",
    "cd": r".*/.*|\.\.",
    "git": r"clone|checkout|config|submodule",
    "make": r"install|-j\d*",
    "wget": r"(?:https?|ftp)://.*",
    "curl": r"(?:https?|ftp)://.*",
    "chmod": r"[+0-7].*|-R",
    "export": r"\w+=.*",
    "echo": r".*",
}
#: Options that stand between the two: `apt-get -y install`.
_OPTION = regex(r"-{1,2}[A-Za-z].*")
#: Instructions that do not begin a line of their own any more, because the line above ends in a backslash.
_INSTRUCTIONS = frozenset(("RUN", "COPY", "ADD", "ENV", "ARG", "WORKDIR", "CMD", "ENTRYPOINT", "USER", "EXPOSE"))


class Swallowed(NamedTuple):
    """Where another command begins among the packages of an install."""

    #: From its program to the word that tells.
    span: Span
    #: Whether it is an instruction of the Dockerfile rather than a program.
    instruction: bool


def swallowed_commands(install: Install) -> tuple[Swallowed, ...]:
    """The commands among the packages of an install, in order; their words are no packages of it."""
    return tuple(_found(install))


def _found(install: Install) -> Iterator[Swallowed]:
    packages = {each.span for each in install.requirements if each.kind == "index" and not each.specifier}
    words = install.command.words
    for at, word in enumerate(words):
        if word.span not in packages or word.value is None:
            continue
        if word.value in _INSTRUCTIONS and _begins_line(word.span):
            yield Swallowed(word.span, instruction=True)
        telling = _telling(word.value, words[at + 1 :])
        if telling is not None:
            yield Swallowed(word.span.to(telling.span), instruction=False)


def _telling(program: str, rest: tuple[Word, ...]) -> Word | None:
    """The word behind a program's name that makes it a command; None when the name may be that of a package."""
    pattern = _COMMANDS.get(program)
    if pattern is None:
        return None
    for word in rest:
        if word.value is not None and re.fullmatch(pattern, word.value, re.DOTALL):
            return word
        if word.value is None or not _OPTION.fullmatch(word.value):
            return None
    return None


def _begins_line(span: Span) -> bool:
    """Whether only blanks stand in front of it on its line."""
    return not span.source.line(span.first.line)[: span.first.column - 1].strip()
