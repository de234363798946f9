"""From a command to the `Install` that it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from mllint.packages.program import RUNNERS, Program, is_interpreter, program
from mllint.packages.requirement import Index, Install
from mllint.regex import regex
from mllint.shell.command import Command, Word


# Each manager's module is loaded when the first of its commands is met.
def _pip(run: Program) -> Install | None:
    from mllint.packages import pip

    return pip.read(run)


def _uv(run: Program) -> Install | None:
    from mllint.packages import uv

    return uv.read_uvx(run) if run.name == "uvx" else uv.read(run)


def _conda(run: Program) -> Install | None:
    from mllint.packages import conda

    return conda.read_lock(run) if run.name == "conda-lock" else conda.read(run)


def _system(run: Program) -> Install | None:
    from mllint.packages import system

    return system.read(run)


def _other(run: Program) -> Install | None:
    from mllint.packages import other

    return other.read(run)


def _node(run: Program) -> Install | None:
    from mllint.packages import other

    return other.read_node(run)


_PIP = regex(r"pip[\d.]+")
#: Program → what reads its arguments. `pip3` and `pip3.11` are looked up as "pip".
READERS: dict[str, Callable[[Program], Install | None]] = {
    "pip": _pip,
    # OpenMMLab's installer hands its words and options on to pip.
    "mim": _pip,
    "uv": _uv,
    "uvx": _uv,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "pixi": _conda,
    "conda-lock": _conda,
    "poetry": _other,
    "pdm": _other,
    "pipenv": _other,
    "pipx": _other,
    "npm": _node,
    "yarn": _node,
    "pnpm": _node,
    "apt": _system,
    "apt-get": _system,
    "aptitude": _system,
    "apt-fast": _system,
    "nala": _system,
    "apk": _system,
    "yum": _system,
    "dnf": _system,
    "dnf5": _system,
    "microdnf": _system,
    "tdnf": _system,
    "zypper": _system,
}
#: Variable → (manager, `Index.kind`): what the environment says about indexes. Values may be lists parted by blanks.
INDEX_VARIABLES: dict[str, tuple[str, str]] = {
    "PIP_INDEX_URL": ("pip", "index-url"),
    "PIP_EXTRA_INDEX_URL": ("pip", "extra-index-url"),
    "PIP_FIND_LINKS": ("pip", "find-links"),
    "UV_DEFAULT_INDEX": ("uv", "index-url"),
    "UV_INDEX_URL": ("uv", "index-url"),
    "UV_INDEX": ("uv", "extra-index-url"),
    "UV_EXTRA_INDEX_URL": ("uv", "extra-index-url"),
    "UV_FIND_LINKS": ("uv", "find-links"),
    "UV_TORCH_BACKEND": ("uv", "torch-backend"),
}
#: Variable → manager: constraints files, parted by blanks.
CONSTRAINT_VARIABLES = {"PIP_CONSTRAINT": "pip", "UV_CONSTRAINT": "uv"}
#: Variables that are not called as their option is.
_VARIABLE_OPTIONS = {"UV_SYSTEM_PYTHON": "--system"}


def installs(command: Command) -> Install | None:
    """What the command installs (or cleans, or removes: see `Install.adds`); None when it is no package manager's."""
    if command.name is not None and not _may_install(command.name):
        return None
    run = program(command)
    if run is None:
        return None
    reader = READERS.get("pip" if _PIP.fullmatch(run.name) else run.name)
    found = reader(run) if reader is not None else None
    if found is None or not command.assignments:
        return found
    switched = (variable_option(one.name, one.value.value, found.manager) for one in command.assignments if one.value)
    return found._replace(
        indexes=_assigned(command, found.manager) + found.indexes,
        options=found.options.union(option for option in switched if option is not None),
        constraints=found.constraints + _constraints(command, found.manager),
    )


def synced(command: Command) -> Install | None:
    """The project's install that comes with a command: `uv run train.py` syncs first; None when none does."""
    if "uv run" not in command.wrappers:
        return None
    from mllint.packages import uv

    return uv.read_synced(command)


@lru_cache(maxsize=4096)
def _may_install(name: str) -> bool:
    """Whether a program is a package manager, or may start one (`python -m pip`, `poetry run pip`)."""
    return name in READERS or name in RUNNERS or _PIP.fullmatch(name) is not None or is_interpreter(name)


def variable_option(name: str, value: str | None, manager: str) -> str | None:
    """The option that a variable switches on: `--break-system-packages` of PIP_BREAK_SYSTEM_PACKAGES=1, else None.

    Every flag of pip and most of uv's have such a variable. None also for a value that is not known.
    """
    prefix, _, rest = name.partition("_")
    if prefix.lower() != manager or manager not in ("pip", "uv") or not rest or name in INDEX_VARIABLES:
        return None
    if value is None or value.lower() in ("", "0", "false", "no", "off", "n", "f"):
        return None
    return _VARIABLE_OPTIONS.get(name, f"--{rest.lower().replace('_', '-')}")


def _constraints(command: Command, manager: str) -> tuple[Word, ...]:
    """The files of `PIP_CONSTRAINT="a.txt b.txt" pip install …`; one of several has the place of all."""
    given = (one.value for one in command.assignments if CONSTRAINT_VARIABLES.get(one.name) == manager)
    return tuple(
        word._replace(value=part)
        for word in given
        if word is not None
        for part in ((word.value or "").split() if word.value is not None else (None,))
    )


def _assigned(command: Command, manager: str) -> tuple[Index, ...]:
    """The indexes of `PIP_INDEX_URL=… pip install …`."""
    found = []
    for assignment in command.assignments:
        owner, kind = INDEX_VARIABLES.get(assignment.name, ("", ""))
        if owner == manager and assignment.value is not None:
            found.append(Index(kind, assignment.value.value, assignment.value.span))
    return tuple(found)
