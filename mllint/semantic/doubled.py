"""Frameworks that are in an image twice: over one that is there already, or in an environment beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.specifiers import compare, newest_allowed
from mllint.semantic.fact import Origin
from mllint.semantic.inventory import Package

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

#: Full frameworks, and the servers that come as images of gigabytes.
_SERVERS = frozenset({"vllm", "sglang"})
#: Environments that do not see the packages of the Python that made them.
_CLOSED = frozenset({"venv", "conda", "custom"})
_SHARING = "system-site-packages"


class Twice(NamedTuple):
    """A framework that is there twice, in layers or in environments."""

    package: Package
    previous: Package
    #: Each has an environment of its own.
    apart: bool = False

    @property
    def in_one_layer(self) -> bool:
        """Whether one RUN installs both."""
        return self.previous.instruction is not None and self.previous.instruction is self.package.instruction


def doubled_frameworks(stage: Stage) -> Iterator[Twice]:
    """The frameworks that a stage installs over others, or beside those of its base image."""
    yield from _replaced(stage)
    yield from _beside(stage)


def _is_framework(name: str) -> bool:
    from mllint.knowledge import frameworks

    row = frameworks.framework(name)
    return name in _SERVERS or (row is not None and row.full)


def _replaced(stage: Stage) -> Iterator[Twice]:
    """Frameworks that an install of the stage puts in the place of others."""
    for change in stage.inventory.changes:
        package, previous = change
        if (
            _is_framework(package.identity)
            and package.sure
            and package.span is not None
            and _differs(change.package, previous)
        ):
            yield Twice(package, previous)
    yield from _removed_first(stage)


def _removed_first(stage: Stage) -> Iterator[Twice]:
    """`pip uninstall torch`, then another one: the removed one stays in the layers below."""
    if not stage.body:
        return
    changed = {(change.package.environment, change.package.identity) for change in stage.inventory.changes}
    for previous in stage.inventory.before(stage.body[0]).packages:
        if not _is_framework(previous.identity) or (previous.environment, previous.identity) in changed:
            continue
        package = stage.inventory.get(previous.name, previous.environment)
        own = package is not None and package.instruction in stage.body and package.sure
        if package is not None and own and package.span is not None and _differs(package, previous):
            yield Twice(package, previous)


def _differs(package: Package, previous: Package) -> bool:
    """Whether it is known that other files come than those that are there."""
    if previous.version is None or not previous.sure:
        return False
    if package.version is None:
        return _has_newer(package, previous.version)
    public, other = package.version.partition("+")[0], previous.version.partition("+")[0]
    # The image's own build may carry the local version that is asked for.
    same_build = package.variant is None or previous.variant is None or package.variant == previous.variant
    return compare(public, other) != 0 or not same_build or _forces(package)


def _forces(package: Package) -> bool:
    install = package.installation.step.install if package.installation is not None else None
    return install is not None and bool(install.options & {"--force-reinstall", "--ignore-installed", "--reinstall"})


def _has_newer(package: Package, version: str) -> bool:
    """Whether `-U`, or a range that refuses what is there, is known to find a newer release for the Python."""
    if package.installation is None or package.identity not in ("torch", "tensorflow"):
        return False
    from mllint.knowledge import tensorflow, torch

    python = package.installation.environment.python
    table = torch.RELEASES if package.identity == "torch" else tensorflow.RELEASES
    if python is None:
        return False
    minor = ".".join(python.value.split(".")[:2])
    fitting = [row.version for row in table if minor in row.pythons.split()]
    newest = newest_allowed(package.specifier, fitting)
    return newest is not None and compare(newest, version) == 1


def _beside(stage: Stage) -> Iterator[Twice]:
    """Frameworks in an environment that does not see those of the base image."""
    base = stage.base
    if base is None or not base.frameworks or _SHARING in stage.opening.span.source.text.lower().replace("_", "-"):
        return
    for shipped in stage.inventory.packages:
        if shipped.origin is not Origin.INHERITED or not _is_framework(shipped.identity):
            continue
        for package in stage.inventory.all(shipped.name):
            environment = package.installation.environment if package.installation is not None else None
            if (
                environment is not None
                and environment.kind in _CLOSED
                and package.environment != shipped.environment
                and package.instruction in stage.body
                and package.sure
                and package.span is not None
            ):
                yield Twice(package, shipped, apart=True)
