"""Whether a release of a package is for a Python: by its wheels, or by what its metadata asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mllint.images.versions import numbers
from mllint.semantic.fact import Fact, Origin

if TYPE_CHECKING:
    from mllint.semantic.environments import Environment
    from mllint.semantic.stage import Stage

#: Patch levels below and above every real one.
_PATCHES = ("0", "99")


class Unsupported(NamedTuple):
    """Why a release cannot be installed for a Python, or not as a wheel."""

    #: Whether pip finds nothing to install; False: it builds the release from its sources.
    stops: bool
    #: Whether the Python is newer than what the release is for.
    too_new: bool
    #: The Pythons that it has wheels for ("3.9 to 3.13"), "" when it is not known.
    pythons: str = ""
    #: Its Requires-Python, where that decides, else "".
    requires: str = ""
    #: The release that is next to it and for this Python; None when not known.
    instead: str | None = None
    #: False: the tables only recall it.
    sure: bool = True


class Row(Protocol):
    """A row of a table of releases."""

    @property
    def version(self) -> str:
        """The release."""
        ...

    @property
    def pythons(self) -> str:
        """The Pythons that it has wheels for, separated by blanks."""
        ...


def unsupported(name: str, version: str | None, specifier: str, python: str) -> Unsupported | None:
    """What keeps a release from being installed for a Python ("3.12" or "3.12.7").

    Without a version, what keeps every release of a specifier from it. None when nothing does, or when it is not known.
    """
    minor = ".".join(python.split(".")[:2])
    if numbers(minor) < (3,) or "." not in minor:
        return None
    rows = _releases(name)
    if version is None:
        return _range(rows, specifier, minor, sure=_is_sure(name)) if specifier and rows else None
    if rows:
        from mllint.knowledge.lookup import by_version

        row = by_version(rows, version)
        return _by_tags(row, rows, minor, sure=_is_sure(name)) if row is not None else None
    return _by_range(name, version, minor) or _by_metadata(name, version, python)


def refuses(requires_python: str, python: str) -> bool:
    """Whether a Requires-Python is known not to take a Python; of "3.12" the patch level is open."""
    from mllint.packages.specifiers import allows

    exact = python.count(".") > 1
    candidates = (python,) if exact else tuple(f"{python}.{patch}" for patch in _PATCHES)
    return bool(requires_python) and all(allows(requires_python, each) is False for each in candidates)


def least_python(stage: Stage, environment: Environment) -> Fact[str] | None:
    """The oldest Python that a tag such as `python:3` can mean: the newest of the tables, for the tag only moves up.

    None for tags of systems that no longer get new Pythons (`python:3-buster`), and for other images.
    """
    root = stage.root
    if environment.key != "image" or environment.python is not None or root.base is None:
        return None
    image = root.image
    if root.base.family != "python" or image is None or image.digest is not None or root.base.mirrored:
        return None
    from mllint.knowledge.python_releases import HORIZON, IMAGE_VARIANTS

    first, _, rest = (image.tag or "latest").partition("-")
    if first not in ("3", "latest", "slim", "alpine", "bookworm", "trixie"):
        return None
    variant = rest if first in ("3", "latest") else "-".join(filter(None, (first, rest)))
    current = next(row.suffixes for row in IMAGE_VARIANTS if row.version == HORIZON).split()
    if variant not in ("", "slim", "alpine", *current):
        return None
    return Fact(HORIZON, (root.opening.image or root.opening).span, Origin.KNOWLEDGE, f"`{root.base_name}` moves up")


@lru_cache(maxsize=32)
def _releases(name: str) -> tuple[Row, ...]:
    """The rows that say for which Pythons a package has wheels, oldest first; none for other packages."""
    reader = _TABLES.get(name)
    return tuple(reader()) if reader is not None else ()


def _torch() -> Iterable[Row]:
    from mllint.knowledge import torch

    return torch.RELEASES


def _tensorflow() -> Iterable[Row]:
    from mllint.knowledge import tensorflow

    return tensorflow.RELEASES


def _tensorflow_gpu() -> Iterable[Row]:
    from mllint.knowledge import tensorflow

    last = numbers(tensorflow.GPU_PACKAGE_LAST)
    return (row for row in tensorflow.RELEASES if numbers(row.version) <= last)


def _jax() -> Iterable[Row]:
    from mllint.knowledge import jax

    return jax.RELEASES


def _onnxruntime() -> Iterable[Row]:
    from mllint.knowledge import onnxruntime

    return onnxruntime.RELEASES


_TABLES: dict[str, Callable[[], Iterable[Row]]] = {
    "torch": _torch,
    "tensorflow": _tensorflow,
    "tensorflow-cpu": _tensorflow,
    "tensorflow-gpu": _tensorflow_gpu,
    "jax": _jax,
    "jaxlib": _jax,
    "onnxruntime-gpu": _onnxruntime,
}
#: Packages that share the table of another, whose Pythons theirs are said to be; jax itself is for every Python, and
#: needs the jaxlib of its own version or an older one.
_SHARING = frozenset({"tensorflow-cpu", "tensorflow-gpu", "jax"})


def _is_sure(name: str) -> bool:
    return name not in _SHARING


def _by_tags(row: Row, rows: Iterable[Row], python: str, *, sure: bool) -> Unsupported | None:
    pythons = _sorted(row.pythons)
    if python in pythons:
        return None
    too_new = numbers(python) > numbers(pythons[-1])
    if not too_new and numbers(python) > numbers(pythons[0]):
        # A gap in the middle is no reason that a person could check.
        return None
    fitting = [each.version for each in rows if python in each.pythons.split()]
    near = next(iter(fitting), None) if too_new else next(reversed(fitting), None)
    return Unsupported(True, too_new, _span(pythons), instead=near, sure=sure and getattr(row, "sure", True))


def _range(rows: tuple[Row, ...], specifier: str, python: str, *, sure: bool) -> Unsupported | None:
    """What keeps all releases of a range from a Python.

    Releases that are newer than the table may be for newer Pythons, never for older ones.
    """
    from mllint.packages.specifiers import allows

    taken = [row for row in rows if allows(specifier, row.version)]
    if not taken or any(python in row.pythons.split() for row in taken):
        return None
    pythons = _sorted(" ".join(row.pythons for row in taken))
    too_new = numbers(python) > numbers(pythons[-1])
    # A range that takes the newest of the table takes newer ones too; releases older than the table are not known.
    is_open = taken[-1] is rows[-1] if too_new else taken[0] is rows[0]
    if is_open or (not too_new and numbers(python) > numbers(pythons[0])):
        return None
    fitting = [each.version for each in rows if python in each.pythons.split()]
    near = next(iter(fitting), None) if too_new else next(reversed(fitting), None)
    return Unsupported(True, too_new, _span(pythons), instead=near, sure=sure)


def _by_range(name: str, version: str, python: str) -> Unsupported | None:
    """By the first and last release with a wheel for a Python."""
    from mllint.knowledge import pypi_packages, python_wheels
    from mllint.packages.specifiers import compare

    row = python_wheels.wheels(name, python) if python in python_wheels.PYTHONS else None
    if row is None:
        return None
    only_wheels = name in pypi_packages.NO_SDIST
    # A local version (`0.23.0+cu118`) is the same release, though it counts as newer.
    version = version.partition("+")[0]
    if compare(version, row.first) == -1:
        return Unsupported(only_wheels, True, instead=row.first)
    if row.last and compare(version, row.last) == 1:
        return Unsupported(True, False, instead=row.last, sure=only_wheels or name in python_wheels.REFUSING)
    return None


def _by_metadata(name: str, version: str, python: str) -> Unsupported | None:
    """By Requires-Python, where the tables have it for that release."""
    from mllint.knowledge import accelerators, pypi_packages
    from mllint.knowledge.lookup import canonical

    release = accelerators.release(name, version)
    requires = release.requires_python if release is not None else ""
    latest = pypi_packages.find(name)
    if not requires and latest is not None and canonical(latest.latest) == canonical(version):
        requires = latest.requires_python
    if not refuses(requires, python):
        return None
    older = any(not refuses(requires, f"3.{each}") for each in range(numbers(python)[1]))
    return Unsupported(True, older, requires=requires)


def _sorted(pythons: str) -> list[str]:
    """The Pythons of a row in order, without the free-threaded builds (`3.13t`)."""
    found = {each for each in pythons.split() if not each.endswith("t")}
    return sorted(found, key=numbers)


def _span(pythons: list[str]) -> str:
    """As a message says them: from "3.9" to "3.13"."""
    return pythons[0] if len(pythons) == 1 else f"{pythons[0]} to {pythons[-1]}"
