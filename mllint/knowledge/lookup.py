"""Finding the row of a version: the one comparison that all tables share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Versioned(Protocol):
    """A row that is about one release."""

    @property
    def version(self) -> str:
        """The release, as its publisher writes it."""
        ...


Row = TypeVar("Row", bound=Versioned)


def canonical(version: str) -> str:
    """What a table is searched for: "2.1", "2.1.0" and "2.1.0+cu121" are one release."""
    public = version.partition("+")[0]
    while public.endswith(".0"):
        public = public[: -len(".0")]
    return public


def by_version(rows: Iterable[Row], version: str) -> Row | None:
    """The row of a release; None when the table doesn't have it."""
    wanted = canonical(version)
    return next((row for row in rows if canonical(row.version) == wanted), None)
