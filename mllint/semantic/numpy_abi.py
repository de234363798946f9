"""Packages that were built for NumPy 1, and the NumPy 2 that they meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.specifiers import allows, compare
from mllint.regex import regex
from mllint.semantic.fact import Origin

if TYPE_CHECKING:
    from mllint.semantic.environments import Environment
    from mllint.semantic.inventory import Package
    from mllint.semantic.stage import Stage
    from mllint.source import Span

#: Packages that need no NumPy, or take any.
_TAKE_ANY_NUMPY = frozenset(
    {
        *("pip", "setuptools", "wheel", "uv", "packaging", "ninja", "cython"),
        *("torch", "torchvision", "torchaudio", "torchtext", "pillow", "imageio"),
        *(
            "requests",
            "httpx",
            "tqdm",
            "pyyaml",
            "pydantic",
            "click",
            "boto3",
            "flask",
            "fastapi",
            "uvicorn",
            "gunicorn",
        ),
    }
)
#: The first of them that is there brings numpy along. torch itself does not need it.
_NEED_NUMPY = frozenset({"torchvision", "imageio", "transformers", "diffusers", "accelerate"})
#: Packages of a distribution that bring no NumPy.
_PLAIN_SYSTEM = regex(r"python3(?:\.\d+)?(?:-(?:pip|venv|dev|setuptools|wheel|distutils|full|minimal))?")
#: One of each series of NumPy 2.
_NUMPY_2 = ("2.0.2", "2.1.3", "2.2.6", "2.3.5")
#: NumPy 2 is for this Python and newer.
_FIRST_PYTHON = "3.9"


class Old(NamedTuple):
    """A package that was built for NumPy 1."""

    package: Package
    #: The first release that works with NumPy 2, "" for none, and what happens to the older ones.
    since: str
    effect: str
    #: Its own metadata holds NumPy below 2.
    capped: bool
    sure: bool


class Break(NamedTuple):
    """Such packages together with NumPy 2."""

    old: tuple[Old, ...]
    #: None where nothing names it.
    numpy: Package | None
    #: What asks for NumPy, where the file names it; else the first of the packages.
    span: Span
    sure: bool
    #: The installer refuses the pair.
    refused: bool = False


def numpy_breaks(stage: Stage) -> Iterator[Break]:
    """What a stage's installs break, one for each environment."""
    if not _concerns(stage):
        return
    for environment in dict.fromkeys(each.environment for each in stage.installations):
        found = _break(stage, environment)
        if found is not None:
            yield found


def _concerns(stage: Stage) -> bool:
    """Whether the stage installs NumPy or a package of the table; the inventory is asked only then."""
    from mllint.knowledge import numpy_abi as table

    named = {each.requirement.name or "" for one in stage.installations for each in (*one.wanted, *one.resolved)}
    return any(name == "numpy" or table.find(name) is not None for name in named)


def _break(stage: Stage, environment: Environment) -> Break | None:
    packages = tuple(each for each in stage.inventory.packages if each.environment == environment.key)
    old = tuple(found for each in packages if (found := _old(each)) is not None)
    if not old:
        return None
    numpy = stage.inventory.get("numpy", environment.key)
    if numpy is not None and (numpy.ecosystem != "python" or not numpy.sure):
        return None
    if numpy is not None and numpy.version is not None:
        return _with_exact(old, numpy, stage)
    return _with_open(old, numpy, packages, environment, stage)


def _old(package: Package) -> Old | None:
    from mllint.knowledge import numpy_abi as table

    row = table.find(package.name) if package.ecosystem == "python" else None
    if row is None or package.version is None or not package.sure:
        return None
    if row.since and (compare(package.version, row.since) or 0) >= 0:
        return None
    capped = any(allows(each, package.version) for each in row.capped)
    return Old(package, row.since, row.effect, capped, row.sure)


# NumPy's version is known


def _with_exact(old: tuple[Old, ...], numpy: Package, stage: Stage) -> Break | None:
    if (compare(numpy.version or "", "2") or 0) < 0 or numpy.span is None:
        return None
    refused = tuple(each for each in old if each.capped and _together(each.package, numpy))
    broken = refused or tuple(each for each in old if not (each.capped and _is_later(each.package, numpy)))
    here = [each for each in (numpy, *(one.package for one in broken)) if each.instruction in stage.body]
    asked = [each for each in here if each.origin is Origin.LITERAL] or here
    if not broken or not asked:
        return None
    span = asked[0].span or numpy.span
    return Break(broken, numpy, span, broken[0].sure, refused=bool(refused))


def _together(package: Package, numpy: Package) -> bool:
    """Whether one resolution decides about both."""
    installation = package.installation
    return (
        installation is not None
        and installation is numpy.installation
        and "--no-deps" not in installation.step.install.options
        and not installation.locked
    )


def _is_later(package: Package, numpy: Package) -> bool:
    """Whether a package is installed after NumPy, so that its own metadata decides about it again."""
    one, other = package.installation, numpy.installation
    if one is None or other is None:
        return one is not None
    return one.step.install.command.span.start >= other.step.install.command.span.start


# The installer chooses NumPy


def _with_open(
    old: tuple[Old, ...],
    numpy: Package | None,
    packages: tuple[Package, ...],
    environment: Environment,
    stage: Stage,
) -> Break | None:
    others = [each for each in packages if each.name != "numpy"]
    caps = [_caps_numpy(each) for each in others]
    fresh = tuple(each for each in old if not each.capped and _is_fresh(each.package, environment, stage))
    if not fresh or True in caps or _may_be_there(environment, stage) or not _allows_numpy_2(numpy, environment, stage):
        return None
    needed = any(each.package.name != "torch" for each in fresh) or any(each.name in _NEED_NUMPY for each in others)
    certain = None not in caps and stage.inventory.complete and not _asks_pytorch_alone(others)
    if numpy is None and not (needed and certain):
        return None
    first = fresh[0]
    named = numpy is not None and numpy.instruction in stage.body and numpy.origin is Origin.LITERAL
    span = numpy.span if named and numpy is not None else first.package.span
    return Break(fresh, numpy, span, certain and first.sure) if span is not None else None


def _asks_pytorch_alone(packages: list[Package]) -> bool:
    """Whether one comes from PyTorch's index alone, which holds some releases of NumPy, not always the newest."""
    asked = (index for each in packages if each.installation is not None for index in each.installation.indexes)
    return any(index.official and index.kind == "index-url" for index in asked)


def _caps_numpy(package: Package) -> bool | None:
    """Whether the metadata of a package holds NumPy below 2; None when not known."""
    from mllint.knowledge import numpy_abi as table

    row = table.find(package.name)
    if row is not None:
        return package.version is not None and any(allows(each, package.version) for each in row.capped)
    return False if package.name in _TAKE_ANY_NUMPY else None


def _is_fresh(package: Package, environment: Environment, stage: Stage) -> bool:
    """Whether a wheel of it is installed by this stage, in a command that chooses its NumPy itself."""
    from mllint.semantic.pins import is_held

    installation = package.installation
    if installation is None or package.instruction not in stage.body or package.version is None:
        return False
    if installation.locked or installation.step.install.ecosystem != "python" or is_held(installation.step, stage):
        return False
    return "--no-deps" not in installation.step.install.options and _has_wheel(package, environment)


def _has_wheel(package: Package, environment: Environment) -> bool:
    """Without a wheel for the Python it is built from source, against a NumPy of the builder's choice."""
    from mllint.knowledge import python_wheels, tensorflow, torch

    minor = _minor(environment)
    if minor is None or package.version is None:
        return False
    tables = {"torch": torch, "tensorflow": tensorflow}
    if package.name in tables:
        row = tables[package.name].release(package.version)
        return row is not None and minor in row.pythons.split()
    if package.name not in python_wheels.NAMES:
        return True
    wheels = python_wheels.wheels(package.name, minor)
    return wheels is not None and (compare(package.version, wheels.first) or 0) >= 0


def _minor(environment: Environment) -> str | None:
    """The Python, "3.11"; None where it is not known or too old for NumPy 2."""
    python = environment.python
    if python is None or not environment.sure or (compare(python.value, _FIRST_PYTHON) or -1) < 0:
        return None
    return ".".join(python.value.split(".")[:2])


def _may_be_there(environment: Environment, stage: Stage) -> bool:
    """Whether a NumPy can be there already that nobody sees."""
    base = stage.base
    if base is None or base.frameworks or base.purpose is not None or environment.kind in ("conda", "tool", "unknown"):
        return True
    packages = stage.inventory.packages
    systems = [each.name for each in packages if each.ecosystem == "system" and each.name.startswith("python3")]
    return environment.kind == "system" and not all(_PLAIN_SYSTEM.fullmatch(name) for name in systems)


def _allows_numpy_2(numpy: Package | None, environment: Environment, stage: Stage) -> bool:
    """Whether no requirement and no constraint keeps NumPy 2 out."""
    asked = [numpy.specifier] if numpy is not None else []
    for installation in stage.installations:
        if installation.environment.key == environment.key:
            asked += [each.requirement.specifier for each in installation.wanted if each.requirement.name == "numpy"]
            for use in installation.manifests:
                if use.manifest.kind == "constraints":
                    asked += [each.specifier for each in use.manifest.requirements if each.name == "numpy"]
    return any(all(allows(each, version) for each in asked if each) for version in _NUMPY_2)
