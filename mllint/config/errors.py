"""What is said when a configuration cannot be used."""

from __future__ import annotations

from collections.abc import Iterable


class ConfigError(Exception):
    """A configuration that cannot be used. The message is ready for the user: it names the file and the key."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, or None when nothing is near."""
    from difflib import get_close_matches

    originals = {each.lower(): each for each in known}
    close = get_close_matches(word.lower(), originals, n=1, cutoff=0.6)
    return originals[close[0]] if close else None


def hint(word: str, known: Iterable[str], *, what: str = "") -> str:
    """The end of a message about an unknown word: the nearest known one, else all of them after `what` (if given)."""
    choices = list(known)
    near = nearest(word, choices)
    if near is not None:
        return f' (did you mean "{near}"?)'
    return f"; {what} {', '.join(choices)}" if what else ""
