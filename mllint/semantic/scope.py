"""Variables through a stage: ENV over ARG, what was inherited below both, at each instruction."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from mllint.semantic.fact import Variable
from mllint.syntax.expand import UNSET, Lookup, Unset

T = TypeVar("T")

#: ARGs that BuildKit sets by itself; in the global scope they need no declaration.
PLATFORM_ARGS = frozenset(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
) | {"TARGETSTAGE", "BUILDKIT_SBOM_SCAN_STAGE", "BUILDKIT_MULTI_PLATFORM"}

#: Proxy ARGs that may be passed without a declaration.
PREDEFINED_ARGS = frozenset(
    name
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (proxy, proxy.lower())
)

#: Variables that stages may inherit, all in all; each stage that sets one copies those of its parent. Where there are
#: more (a thousand stages, two thousand variables), what is inherited is not known.
MOST_INHERITED = 2_000_000


class Timeline(Generic[T]):
    """A value that instructions replace: what was inherited, then the changes by the position that makes them."""

    __slots__ = ("_first", "_positions", "_values")

    def __init__(self, first: T, changes: Iterable[tuple[int, T]] = ()) -> None:
        """The positions must not go back."""
        self._first = first
        self._positions: list[int] = []
        self._values: list[T] = []
        for position, value in changes:
            self.set(position, value)

    def set(self, position: int, value: T) -> None:
        """The instruction at `position`, not before any that was given, sets the value."""
        self._positions.append(position)
        self._values.append(value)

    def before(self, position: int) -> T:
        """The value when the instruction at `position` begins."""
        index = bisect_left(self._positions, position)
        return self._values[index - 1] if index else self._first

    @property
    def last(self) -> T:
        """The value at the end."""
        return self._values[-1] if self._values else self._first


class History:
    """The variables that instructions set, over those inherited."""

    def __init__(self, inherited: Mapping[str, Variable]) -> None:
        self.inherited = inherited
        self._changed: dict[str, Timeline[Variable | None]] = {}

    def set(self, name: str, position: int, variable: Variable) -> None:
        """Positions must not go back."""
        if name not in self._changed:
            self._changed[name] = Timeline(self.inherited.get(name))
        self._changed[name].set(position, variable)

    def before(self, name: str, position: int) -> Variable | None:
        """What the name holds when the instruction at `position` begins."""
        timeline = self._changed.get(name)
        return timeline.before(position) if timeline is not None else self.inherited.get(name)

    def at_end(self) -> Mapping[str, Variable]:
        """All names with their last value; the inherited mapping itself when nothing was set."""
        if not self._changed:
            return self.inherited
        last = ((name, timeline.last) for name, timeline in self._changed.items())
        return {**self.inherited, **{name: value for name, value in last if value is not None}}


class Scope:
    """The environment and the build arguments of a stage."""

    def __init__(self, environment: History, arguments: History, *, complete: bool) -> None:
        """`complete` says that the base image's environment is known in full."""
        self.environment = environment
        self.arguments = arguments
        self.complete = complete

    def variable(self, name: str, position: int) -> Variable | None:
        return self.environment.before(name, position) or self.arguments.before(name, position)

    def get(self, name: str, position: int) -> str | Unset | None:
        """The value, UNSET when it is certain that there is none, None when it is not known."""
        variable = self.variable(name, position)
        if variable is not None:
            return variable.value
        return UNSET if self.complete and name not in PREDEFINED_ARGS else None

    def lookup(self, position: int) -> Lookup:
        return lambda name: self.get(name, position)
