"""The packages of a stage: what the base ships, then each install in order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mllint.semantic.fact import Origin
from mllint.semantic.scope import Timeline

if TYPE_CHECKING:
    from mllint.semantic.installations import Installation
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import InstallStep
    from mllint.source import Span
    from mllint.syntax.nodes import Instruction

#: The environment's key and the name, as `identity` spells it.
Key = tuple[str, str]


class Package(NamedTuple):
    """A package that is in a stage."""

    #: Normalised as its ecosystem compares names.
    name: str
    #: "python", "conda" or "system".
    ecosystem: str
    #: The exact version where it is known, a local part (`+cu121`) included.
    version: str | None
    #: As it is asked for; "" when nothing is.
    specifier: str
    #: "cu121", "cpu", "rocm6.0" …: from the local version, the index or conda's build; None when unknown or none.
    variant: str | None
    #: The key of its environment; "" for system packages.
    environment: str
    #: Where it is asked for; the image of FROM for what the base ships.
    span: Span | None
    #: INHERITED for what the base ships, LITERAL for what an install asks for, DERIVED for an entry of a lock that is
    #: no direct requirement, KNOWLEDGE for what another package brings.
    origin: Origin
    #: None for what the base ships.
    instruction: Instruction | None = None
    installation: Installation | None = None
    #: The package that brings it ("torchvision"), or the file of the lock; "" when it is asked for.
    via: str = ""
    #: False: the version rests on memory or inference, or the install may not run; never enough for an error.
    sure: bool = True

    @property
    def identity(self) -> str:
        """The name under which Python's and conda's packages meet: `pytorch` of conda is `torch`."""
        return identity(self.name, self.ecosystem)


class Change(NamedTuple):
    """An install over a package that was there in the same environment."""

    package: Package
    previous: Package


def identity(name: str, ecosystem: str) -> str:
    """The name under which Python's and conda's packages meet; system packages keep to themselves."""
    if ecosystem == "conda":
        from mllint.knowledge.conda import python_name

        return python_name(name)
    return f"system:{name}" if ecosystem == "system" else name


class Inventory:
    """The packages of a stage at a point in time, usually its end."""

    def __init__(self, history: History, order: int | None = None) -> None:
        """`order` is the number of the install, among those of the stage, that is about to begin; None at the end."""
        self.history = history
        self._order = order

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """Those that are there, the base's first."""
        found = (self._at(key) for key in self.history.every_key())
        return tuple(package for package in found if package is not None)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What installs of this stage's own instructions replaced, in order."""
        known = self.history.changes
        return tuple(change for order, change in known if self._order is None or order < self._order)

    @property
    def complete(self) -> bool:
        """Whether every install of the stage and its parents could be read in full."""
        return self.history.complete

    def get(self, name: str, environment: str | None = None) -> Package | None:
        """A package by name, in an environment, or in any, the default one first; `pytorch` of conda is `torch`."""
        if environment is not None:
            return next((found for found in self.all(name) if found.environment == environment), None)
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> tuple[Package, ...]:
        """The packages of that name, Python's and conda's in the default environment first, the system's last."""
        from mllint.packages.version import normalize_name

        own, alias = normalize_name(name), identity(name.lower(), "conda")
        found: list[Package] = []
        for each in dict.fromkeys((own, alias, f"system:{name.lower()}")):
            keys = self.history.environments_with(each)
            ordered = sorted(keys, key=lambda environment: environment != self.history.default)
            packages = [self._at((environment, each)) for environment in ordered]
            # conda's `tensorflow-gpu` is tensorflow; pip's `tensorflow` is no `tensorflow-gpu`.
            other = each == alias != own
            found += [one for one in packages if one is not None and (one.ecosystem == "conda" or not other)]
        return tuple(found)

    def before(self, at: Instruction | InstallStep) -> Inventory:
        """What is there when an instruction, or an install of it, begins."""
        return Inventory(self.history, self.history.order_of(at))

    def _at(self, key: Key) -> Package | None:
        return self.history.at(key, self._order)


class History:
    """How the packages of a stage came to be: those inherited, and what each install changed."""

    def __init__(self, stage: Stage, inherited: dict[Key, Package], *, complete: bool) -> None:
        self.stage = stage
        self.inherited = inherited
        self.complete = complete
        self.changes: list[tuple[int, Change]] = []
        #: The environments that took wheels of which nobody can say what they are.
        self.unread: set[str] = set()
        self._own: dict[Key, Timeline[Package | None]] = {}
        #: By the identity of the command, and of the instruction of its first one.
        self._orders: dict[int, int] = {}
        self._count = 0

    def begin(self, instruction: Instruction, marker: object) -> None:
        """The next event: an install (its command is the marker), or an instruction that copies packages."""
        self._orders.setdefault(id(instruction), self._count)
        self._orders[id(marker)] = self._count
        self._count += 1

    def set(self, key: Key, package: Package | None) -> None:
        """What is there from the current event on."""
        if key not in self._own:
            self._own[key] = Timeline(self.inherited.get(key))
        self._own[key].set(self._count - 1, package)
        self.__dict__.pop("_by_name", None)

    def change(self, package: Package, previous: Package) -> None:
        self.changes.append((self._count - 1, Change(package, previous)))

    def at(self, key: Key, order: int | None = None) -> Package | None:
        """What is there when the event of that number begins; at the end of what is known so far without one."""
        timeline = self._own.get(key)
        if timeline is None:
            return self.inherited.get(key)
        return timeline.last if order is None else timeline.before(order)

    def every_key(self) -> Iterator[Key]:
        yield from self.inherited
        yield from (key for key in self._own if key not in self.inherited)

    def at_end(self) -> dict[Key, Package]:
        """What children inherit; the inherited mapping itself where nothing changed."""
        if not self._own:
            return self.inherited
        found = ((key, self.at(key)) for key in self.every_key())
        return {key: package for key, package in found if package is not None}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for environment, name in self.every_key():
            found.setdefault(name, []).append(environment)
        return found

    def environments_with(self, name: str) -> list[str]:
        return self._by_name.get(name, [])

    @property
    def default(self) -> str:
        return self.stage.environment.key

    def order_of(self, at: Instruction | InstallStep) -> int:
        """The number of the event that an instruction, or an install, is or would be."""
        from mllint.semantic.steps import InstallStep

        if isinstance(at, InstallStep):
            found = self._orders.get(id(at.install.command))
            if found is not None:
                return found
            at = at.instruction
        position = self.stage.position(at)
        later = (each for each in self.stage.body[position:] if id(each) in self._orders)
        following = next(later, None)
        return self._orders[id(following)] if following is not None else self._count


def inventory_of(stage: Stage) -> Inventory:
    """What is in a stage at its end."""
    from mllint.semantic.inventory_events import history_of

    return Inventory(history_of(stage))
