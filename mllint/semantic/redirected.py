"""Version specifiers that the shell takes for redirections: `pip install torch>=2.0` without quotes."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.packages.requirement import Install, Requirement
from mllint.regex import regex
from mllint.shell.command import Redirect
from mllint.source import Span

#: What stands behind `<` or `>` in a specifier: `=2.0`, `1.26.*`, `=1.20,!=1.21`, `=$TORCH`. `log.txt` is a file.
_VERSION = regex(r"=[^/]*|v?\d+(?:\.(?:\d+|\*))*(?:[-_.]?(?:a|b|rc|post|dev)\d*)?(?:,.*)?", re.DOTALL)
#: apt, yum and npm write versions otherwise.
_ECOSYSTEMS = frozenset({"python", "conda"})


class LostSpecifier(NamedTuple):
    """A requirement whose specifier never reaches the installer."""

    #: As the installer sees it: the name alone.
    requirement: Requirement
    #: The whole of it as written: `torch>=2.0,<3`.
    span: Span
    redirects: tuple[Redirect, ...]

    @property
    def fails(self) -> bool:
        """Whether the command cannot start: `<` reads a file, and no file has such a name."""
        return any(each.operator == "<" for each in self.redirects)


def lost_specifiers(install: Install) -> tuple[LostSpecifier, ...]:
    """The requirements of a command that lose their specifiers to the shell, in order."""
    if not install.command.redirects or (install.ecosystem not in _ECOSYSTEMS and install.manager != "apk"):
        return ()
    words = [word.span for word in install.command.words]
    found = []
    for requirement in install.requirements:
        word = next((each for each in words if each.covers(requirement.span)), None)
        taken = _behind(word, install.command.redirects) if word is not None and not requirement.specifier else ()
        if word is not None and taken:
            found.append(LostSpecifier(requirement, word.to(taken[-1].span), taken))
    return tuple(found)


def _behind(word: Span, redirects: tuple[Redirect, ...]) -> tuple[Redirect, ...]:
    """The redirections that are written right behind a word and look like clauses of a specifier."""
    taken: list[Redirect] = []
    end = word.end
    for each in redirects:
        if each.span.start == end and _is_clause(each):
            taken.append(each)
            end = each.span.end
    return tuple(taken)


def _is_clause(redirect: Redirect) -> bool:
    target = redirect.target
    return redirect.operator in ("<", ">") and target is not None and _VERSION.fullmatch(target.raw) is not None
