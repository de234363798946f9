"""A list of problems in the making, and the words that they share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from mllint.source import Span, Text
from mllint.syntax.nodes import Problem
from mllint.syntax.spaces import lookalike


class Report:
    """Collects what Docker refuses."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = list(problems)

    def add(self, span: Span, message: str) -> None:
        self.problems.append(Problem(span, message))

    def add_words(self, text: Text, span: Span, message: str) -> None:
        """Report that the words of a text are too few or too many, or none that Docker knows.

        When the text has a character that only looks like a blank, this is what causes it.
        """
        found = lookalike(text)
        if found is None:
            self.add(span, message)
        else:
            self.add(found[0], f"{message} ({found[1]} is not white space to Docker)")


@lru_cache(maxsize=1024)
def nearest(name: str, known: tuple[str, ...]) -> str | None:
    """The known name that is most like another one, None when none is."""
    if not name.replace("-", "").isalpha() or len(name) > 20:  # prose and data, not a slip of the pen
        return None
    import difflib

    return next(iter(difflib.get_close_matches(name, known, n=1)), None)
