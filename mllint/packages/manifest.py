"""Files that name packages: requirements files, pyproject.toml, environment.yml, locks …, all read to a Manifest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from mllint.packages.requirement import Index, Option, Requirement
from mllint.shell.command import Word
from mllint.source import Source

#: Locks of large projects have some megabytes, hashed requirements one; what people write is far smaller. In bytes.
LOCK_LIMIT = 8 * 1024 * 1024
SIZE_LIMIT = 256 * 1024

Groups = tuple[tuple[str, tuple[Requirement, ...]], ...]


class Manifest(NamedTuple):
    """What a file says about packages."""

    source: Source
    #: "requirements", "constraints", "pyproject", "setup.cfg", "environment" (conda), "pipfile", "pixi", "lock".
    kind: str
    #: The default dependencies. A lock's are exact, one for each locked package.
    requirements: tuple[Requirement, ...]
    #: Dependency groups (PEP 735, poetry, pdm, uv's dev-dependencies, Pipfile's categories) by name; what a group
    #: includes is in it. Of a lock: what the defaults don't need already.
    groups: Groups = ()
    #: Optional dependencies (`pip install .[gpu]`) by name, normalised.
    extras: Groups = ()
    #: The groups that an install takes in when it names none (uv's and poetry's `dev`).
    default_groups: tuple[str, ...] = ()
    #: `-r FILE` and `-c FILE`, relative to this file's folder; a value with a variable is None.
    files: tuple[Word, ...] = ()
    constraints: tuple[Word, ...] = ()
    #: Index lines, conda's channels, the indexes and sources of uv, poetry, pdm and pipenv.
    indexes: tuple[Index, ...] = ()
    #: The names of a requirements file's options that stand on lines of their own (`--pre`, `--require-hashes` …).
    options: frozenset[str] = frozenset()
    #: Options on a requirement's own line that pip passes over there: `torch --index-url …`.
    misplaced: tuple[Option, ...] = ()
    #: As a specifier: `>=3.10,<3.13`.
    requires_python: str | None = None
    #: The project's or the environment's own name, else None; a project's is normalised.
    name: str | None = None
    #: False when the file leaves some of it to others: dependencies that setup.py computes.
    complete: bool = True

    def group(self, name: str) -> tuple[Requirement, ...]:
        """The requirements of a group; () when there is no such group."""
        return next((members for each, members in self.groups if each == name), ())

    def extra(self, name: str) -> tuple[Requirement, ...]:
        """The requirements of an extra; () when there is no such extra."""
        return next((members for each, members in self.extras if each == name), ())


def read_manifest(source: Source, default: str | None = None) -> Manifest | None:
    """What a file says about packages, by its name; None when it is no manifest, or a broken one.

    `default` is what a file of any other name is: "requirements" behind `-r`, "constraints" behind `-c`,
    "environment" behind conda's `--file`.
    """
    kind = _kind(source.path, default)
    reader = _READERS.get(kind) if kind is not None else None
    return reader(source) if reader is not None else None


def text_limit(path: str) -> int:
    """How many bytes a manifest of that name may have to be read."""
    name = path.rpartition("/")[2].lower()
    return LOCK_LIMIT if "lock" in name or name.endswith((".txt", ".yml", ".yaml")) else SIZE_LIMIT


def _kind(path: str, default: str | None) -> str | None:
    name = path.replace("\\", "/").rpartition("/")[2]
    known = next((kind for pattern, kind in _NAMES if re.fullmatch(pattern, name)), None)
    if known in ("requirements", "environment", None) and default is not None:
        return default
    return known


# Each reader is loaded when the first of its files is met.
def _requirements(source: Source) -> Manifest | None:
    from mllint.packages import conda_lock, requirements_file

    return conda_lock.parse_explicit(source) or requirements_file.parse_requirements(source)


def _constraints(source: Source) -> Manifest | None:
    from mllint.packages import requirements_file

    return requirements_file.parse_requirements(source, "constraints")


def _pyproject(source: Source) -> Manifest | None:
    from mllint.packages import pyproject

    return pyproject.parse_pyproject(source)


def _setup_cfg(source: Source) -> Manifest | None:
    from mllint.packages import setup_cfg

    return setup_cfg.parse_setup_cfg(source)


def _environment(source: Source) -> Manifest | None:
    """An environment file; a lock, or a list of specifications behind `conda install --file`."""
    from mllint.packages import conda_lock, environment

    if source.path.endswith((".yml", ".yaml")):
        return conda_lock.parse_conda_lock(source) or environment.parse_environment(source)
    return conda_lock.parse_explicit(source) or environment.parse_specifications(source)


def _pipfile(source: Source) -> Manifest | None:
    from mllint.packages import pipfile

    return pipfile.parse_pipfile(source)


def _pipfile_lock(source: Source) -> Manifest | None:
    from mllint.packages import pipfile

    return pipfile.parse_pipfile_lock(source)


def _uv_lock(source: Source) -> Manifest | None:
    from mllint.packages import uv_lock

    return uv_lock.parse_uv_lock(source)


def _poetry_lock(source: Source) -> Manifest | None:
    from mllint.packages import toml_locks

    return toml_locks.parse_poetry_lock(source)


def _pdm_lock(source: Source) -> Manifest | None:
    from mllint.packages import toml_locks

    return toml_locks.parse_pdm_lock(source)


def _pylock(source: Source) -> Manifest | None:
    from mllint.packages import toml_locks

    return toml_locks.parse_pylock(source)


def _pixi_lock(source: Source) -> Manifest | None:
    from mllint.packages import conda_lock

    return conda_lock.parse_pixi_lock(source)


def _pixi(source: Source) -> Manifest | None:
    from mllint.packages import pixi

    return pixi.parse_pixi(source)


_READERS: dict[str, Callable[[Source], Manifest | None]] = {
    "requirements": _requirements,
    "constraints": _constraints,
    "pyproject": _pyproject,
    "setup.cfg": _setup_cfg,
    "environment": _environment,
    "pipfile": _pipfile,
    "pipfile-lock": _pipfile_lock,
    "uv-lock": _uv_lock,
    "poetry-lock": _poetry_lock,
    "pdm-lock": _pdm_lock,
    "pylock": _pylock,
    "pixi-lock": _pixi_lock,
    "pixi": _pixi,
}
#: A file's name (a regular expression) → its reader; the first that fits.
_NAMES = (
    (r"pyproject\.toml", "pyproject"),
    (r"setup\.cfg", "setup.cfg"),
    (r"Pipfile", "pipfile"),
    (r"Pipfile\.lock", "pipfile-lock"),
    (r"uv\.lock", "uv-lock"),
    (r"poetry\.lock", "poetry-lock"),
    (r"pdm(?:\..+)?\.lock", "pdm-lock"),
    (r"pylock(?:\..+)?\.toml", "pylock"),
    (r"pixi\.lock", "pixi-lock"),
    (r"pixi\.toml", "pixi"),
    (r".*\.ya?ml", "environment"),
    (r"(?i).*constraint.*\.(?:txt|in|pip)|constraints", "constraints"),
    (r"(?i).*requirement.*|.*\.(?:txt|in|pip)", "requirements"),
)
