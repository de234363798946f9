"""Installs of a project: `uv sync`, `poetry install`, `pdm sync`, `pipenv install`: which files, and what of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from mllint.packages.manifest import Manifest
from mllint.packages.requirement import Install, Requirement
from mllint.packages.version import normalize_name
from mllint.shell.command import Word


class Project(NamedTuple):
    """The files that an install reads without naming them."""

    #: The folder that an option names (`--project`, `--directory`, `-C`); None for the working directory.
    folder: Word | None
    #: "pyproject.toml", "Pipfile", "environment.yml".
    manifest: str
    #: The lock that fixes the versions when it is there, else None.
    lock: str | None


class Selection(NamedTuple):
    """What of a project's dependencies an install takes."""

    #: False when only groups are installed (`--only-group`, `--only dev`).
    main: bool = True
    extras: tuple[str, ...] = ()
    all_extras: bool = False
    groups: tuple[str, ...] = ()
    all_groups: bool = False
    #: Whether the groups come that are installed when none is named.
    default_groups: bool = True
    #: Groups and extras that are left out.
    without: tuple[str, ...] = ()
    #: Whether the project itself is installed, not only what it needs.
    project: bool = True


def project_of(install: Install) -> Project | None:
    """The project that an install reads; None when it reads none, or names its files."""
    subcommands, manifest, lock, folders = _PROJECTS.get(install.manager, ((), "", None, ()))
    if install.subcommand not in subcommands or (manifest == "environment.yml" and install.files):
        return None
    if install.options & {"--no-project", "--no-sync", "--script"} or (install.files and install.manager == "pipenv"):
        return None
    ignored = {"--no-lock", "--skip-lock"} & install.options
    folder = next((word for name in folders if (word := install.setting(name)) is not None), None)
    return Project(folder, manifest, None if ignored else lock)


def selection(install: Install) -> Selection:
    """What of a project's (or a named pyproject.toml's) dependencies the options choose."""
    reader = _SELECTIONS.get(install.manager)
    return reader(install) if reader is not None else Selection(default_groups=False)


def chosen(manifest: Manifest, selected: Selection) -> tuple[Requirement, ...]:
    """The requirements of a manifest that a selection takes, each once."""
    found: list[Requirement] = list(manifest.requirements) if selected.main else []
    without = {normalize_name(name) for name in selected.without}
    wanted = {normalize_name(name) for name in selected.groups}
    if selected.default_groups:
        wanted.update(normalize_name(name) for name in manifest.default_groups)
    for name, members in manifest.groups:
        known = normalize_name(name)
        if (selected.all_groups or known in wanted) and known not in without:
            found.extend(members)
    extras = {normalize_name(name) for name in selected.extras}
    for name, members in manifest.extras:
        if (selected.all_extras or name in extras) and name not in without:
            found.extend(members)
    return tuple(dict.fromkeys(found))


def _values(install: Install, *names: str) -> tuple[str, ...]:
    """The values of options that may be given several times, with several names each."""
    given = (option.value.value for option in install.settings if option.name in names and option.value is not None)
    return tuple(name for value in given for name in re.split(r"[,\s]+", value or "") if name)


def _uv(install: Install) -> Selection:
    options = install.options
    only = _values(install, "--only-group") + (("dev",) if "--only-dev" in options else ())
    project = install.subcommand != "pip install"
    return Selection(
        main=not only,
        extras=_values(install, "--extra"),
        all_extras="--all-extras" in options,
        groups=_values(install, "--group") + only + (("dev",) if "--dev" in options else ()),
        all_groups="--all-groups" in options,
        default_groups=project and not only and "--no-default-groups" not in options,
        without=_values(install, "--no-group", "--no-extra") + (("dev",) if "--no-dev" in options else ()),
        project=project and not only and not options & {"--no-install-project", "--no-install-workspace"},
    )


def _poetry(install: Install) -> Selection:
    options = install.options
    only = _values(install, "--only")
    exports = install.subcommand == "export"
    return Selection(
        main=(not only or "main" in only) and "--only-root" not in options,
        extras=_values(install, "--extras"),
        all_extras="--all-extras" in options,
        groups=_values(install, "--with") + only,
        all_groups="--all-groups" in options,
        default_groups=not only and not exports and not options & {"--no-dev", "--only-root"},
        without=_values(install, "--without"),
        project=not only and not exports and not options & {"--no-root", "--no-directory"},
    )


def _pdm(install: Install) -> Selection:
    options = install.options
    named = _values(install, "--group")
    return Selection(
        main="--no-default" not in options,
        extras=named,
        all_extras=":all" in named,
        groups=named,
        all_groups=":all" in named,
        default_groups="--production" not in options,
        without=_values(install, "--without"),
        project="--no-self" not in options,
    )


def _pipenv(install: Install) -> Selection:
    categories = _values(install, "--categories")
    return Selection(
        main=not categories or "packages" in categories,
        groups=(*categories, *(("dev-packages",) if "--dev" in install.options else ())),
        default_groups=False,
        project=False,
    )


def _pip(install: Install) -> Selection:
    """`pip install --group NAME`, or `PATH:NAME`."""
    named = tuple(name.rpartition(":")[2] for name in _values(install, "--group"))
    return Selection(main=not named, groups=named, default_groups=False)


_SELECTIONS: dict[str, Callable[[Install], Selection]] = {
    "uv": _uv,
    "poetry": _poetry,
    "pdm": _pdm,
    "pipenv": _pipenv,
    "pip": _pip,
}
_CONDA = (("env create", "env update"), "environment.yml", None, ())
#: Manager → subcommands, manifest, lock, the options that name the folder.
_PROJECTS: dict[str, tuple[tuple[str, ...], str, str | None, tuple[str, ...]]] = {
    "uv": (("sync", "run", "add", "export"), "pyproject.toml", "uv.lock", ("--project", "--directory")),
    "poetry": (
        ("install", "sync", "add", "update", "export"),
        "pyproject.toml",
        "poetry.lock",
        ("--project", "--directory"),
    ),
    "pdm": (("install", "sync", "add", "update", "export"), "pyproject.toml", "pdm.lock", ("--project",)),
    "pipenv": (("install", "sync", "update", "requirements"), "Pipfile", "Pipfile.lock", ()),
    "pixi": (("install", "add", "update"), "pixi.toml", "pixi.lock", ()),
    "conda": _CONDA,
    "mamba": _CONDA,
    "micromamba": _CONDA,
}
