"""Facts with their evidence. What is not known is None, never 0 or an empty string."""

from __future__ import annotations

from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from mllint.source import Span

T_co = TypeVar("T_co", covariant=True)


class Origin(Enum):
    """Where a fact comes from."""

    LITERAL = "the file"
    ARGUMENT = "a build argument"
    OPTION = "the user's options"
    INHERITED = "the base image"
    KNOWLEDGE = "the tables"
    DERIVED = "several facts"


class Fact(Generic[T_co]):
    """A known value, where it stands (None when in no file), and how it is known.

    `sure` is False for what is recalled or inferred: never enough for an error.
    """

    __slots__ = ("origin", "reason", "span", "sure", "value")

    def __init__(
        self,
        value: T_co,
        span: Span | None = None,
        origin: Origin = Origin.LITERAL,
        reason: str = "",
        sure: bool = True,
    ) -> None:
        self.value = value
        self.span = span
        self.origin = origin
        self.reason = reason
        self.sure = sure

    def __repr__(self) -> str:
        return f"Fact({self.value!r}, {self.origin.name})"


class Variable(NamedTuple):
    """A variable in force: the value is None when the file does not tell it (an ARG without a default)."""

    value: str | None
    #: The key and value that set it; None for what a base image brings or the user gave.
    span: Span | None
    origin: Origin


class BuildOptions(NamedTuple):
    """What the user says about a build; everything is optional."""

    build_args: dict[str, str] = {}  # noqa: RUF012 - never written to
    target: str | None = None
    role: str | None = None
    #: The host's NVIDIA driver version, e.g. "535.104.05".
    driver: str | None = None
    gpu: str | None = None
    #: The folder that is sent as the build context.
    context: str | None = None
