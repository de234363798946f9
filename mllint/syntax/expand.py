"""Variable expansion by Docker's rules (ENV, ARG, FROM, COPY … words; a shell expands its own)."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class Unset(Enum):
    """The value of a variable that is known not to be set (as opposed to None, which is not known)."""

    UNSET = "unset"


UNSET = Unset.UNSET

#: What a variable holds: its value, UNSET when it is certain that there is none, None when it is not known.
Lookup = Callable[[str], "str | Unset | None"]


def expand(text: str, lookup: Lookup, escape: str = "\\") -> str | None:
    """The value of a word: quotes and escapes taken off, variables put in; None when a part of it is not known."""
    raise NotImplementedError
