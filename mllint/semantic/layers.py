"""What a RUN leaves in its layer: folders that mounts keep out, folders that it empties again, variables in force."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from mllint.finding import Edit
from mllint.packages.requirement import Install
from mllint.regex import regex
from mllint.semantic.fact import Origin, Variable
from mllint.semantic.scope import Timeline
from mllint.semantic.stage import Stage
from mllint.shell.command import Assignment, Command
from mllint.source import Span
from mllint.syntax.nodes import Run

#: What installs packages, by package names: some MB, and a new one changes how the rest is installed, not what is.
INSTALLERS = frozenset(
    {"pip", "setuptools", "wheel", "uv", "poetry", "pipx", "pipenv", "pdm", "virtualenv", "conda", "mamba", "packaging"}
)
_HOME = regex(r"^(?:~|\$HOME|\$\{HOME\}|/root|/home/[^/*]+)(?=/|$)")
_GLOB_END = regex(r"(?:/+(?:\*+|\.\*|\.\[[^\]]*\]\*|\.\?\?\*|\{\*,[^}]*\}))*/*$")
_CLEANER = regex(r"clean|purge|tidy", re.IGNORECASE)
_REMOVERS = frozenset({"rm", "unlink", "shred", "rmdir"})
#: What an option of find does with what it finds.
_DELETING = frozenset({"-delete", "-exec", "-execdir", "-ok"})
#: Programs that run what the file does not show.
_OPAQUE = regex(r"(?:ba|da|z|k|a)?sh|\.|source|make|ansible.*|puppet|chef.*|python[\d.]*|perl|eval|.*\.(?:sh|bash|py)")


class DownloadCache(NamedTuple):
    """Where an installer keeps its downloads, and what tells it otherwise."""

    #: Below the user's home.
    folder: str
    #: The variable that moves the cache.
    moved: str
    #: The variable that switches it off; "" when there is none.
    off: str
    #: The options that switch it off.
    options: frozenset[str]
    #: The subcommands that fill it.
    fills: frozenset[str]
    #: Below XDG_CACHE_HOME.
    name: str


#: By the installer.
DOWNLOAD_CACHES = {
    "pip": DownloadCache(
        "~/.cache/pip",
        "PIP_CACHE_DIR",
        "PIP_NO_CACHE_DIR",
        frozenset({"--no-cache-dir"}),
        frozenset({"install"}),
        "pip",
    ),
    "uv": DownloadCache(
        "~/.cache/uv",
        "UV_CACHE_DIR",
        "UV_NO_CACHE",
        frozenset({"--no-cache"}),
        frozenset({"pip install", "pip sync", "sync", "add", "tool install"}),
        "uv",
    ),
    # `--no-cache` leaves the archives, but what it does has changed before, so nothing is said about it.
    "poetry": DownloadCache(
        "~/.cache/pypoetry",
        "POETRY_CACHE_DIR",
        "",
        frozenset({"--no-cache"}),
        frozenset({"install", "add", "sync", "update"}),
        "pypoetry",
    ),
}


class Cleared(Enum):
    """Whether a command empties a folder."""

    YES = "yes"
    NO = "no"
    #: It removes something that only the running shell knows, or it is a script with a telling name.
    MAYBE = "maybe"


def canonical(path: str, home: str | None = None) -> str:
    """A path with the home folder in front written as `~` and without a slash at its end.

    `/root`, `/home/<name>`, `$HOME` and `home` are all `~`: whose home it is seldom matters, and is seldom known.
    """
    if home and home != "/" and (path == home or path.startswith(f"{home}/")):
        path = "~" + path[len(home) :]
    return _HOME.sub("~", path).rstrip("/") or "/"


def mounted(run: Run, folder: str, home: str | None = None) -> bool:
    """Whether a mount keeps what is written to `folder` out of the layer. Targets with variables are taken to do so."""
    wanted = canonical(folder, home)
    for mount in run.mounts:
        if mount.type not in ("cache", "tmpfs", "bind"):
            continue
        target = next((mount.options[key] for key in ("target", "dst", "destination") if key in mount.options), None)
        if target is None:
            continue
        target = canonical(target.strip("\"'"), home)
        if "$" in target or wanted == target or wanted.startswith(target.rstrip("/") + "/"):
            return True
    return False


def clears(command: Command, folder: str, *, cwd: str | None = None, home: str | None = None) -> Cleared:
    """Whether a command empties `folder`; `cwd` is where an earlier `cd` of the script went."""
    name = command.name
    if name in _REMOVERS:
        return _removed(command, folder, cwd, home)
    if name == "find":
        return _found(command, canonical(folder, home), home)
    return Cleared.MAYBE if may_clear(command) else Cleared.NO


def may_clear(command: Command) -> bool:
    """Whether a command may empty any folder: a remover, or a script with a telling name."""
    if command.name in _REMOVERS or command.name == "find":
        return True
    return any(word.value is not None and _may_clean(word.value) for word in command.words[:2])


@lru_cache(maxsize=4096)
def _may_clean(path: str) -> bool:
    """Whether it is a script with a telling name: `./cleanup`, `cleanup.sh`."""
    return ("/" in path or path.endswith((".sh", ".bash", ".py"))) and _CLEANER.search(
        path.rpartition("/")[2]
    ) is not None


def _removed(command: Command, folder: str, cwd: str | None, home: str | None) -> Cleared:
    if "xargs" in command.wrappers:
        return Cleared.MAYBE
    wanted = canonical(folder, home)
    result = Cleared.NO
    for word in command.arguments:
        text = word.value if word.value is not None else word.raw.replace('"', "").replace("'", "")
        if text.startswith("-"):
            continue
        if not text.startswith(("/", "~", "$")) and cwd is not None:
            text = posixpath.normpath(f"{cwd.rstrip('/')}/{text}")
        path = canonical(text, home)
        if _covers(path, wanted):
            return Cleared.YES
        if "$" in path or "`" in path or (path.startswith(f"{wanted}/") and "*" in path):
            result = Cleared.MAYBE
    return result


def _covers(path: str, wanted: str) -> bool:
    """Whether removing `path`, which may end in wildcards, removes all below `wanted`."""
    bare = _GLOB_END.sub("", path)
    if bare and (wanted == bare or wanted.startswith(f"{bare}/")):
        return True
    if not path.startswith(("/", "~")) or not any(mark in path for mark in "*?["):
        return False
    from fnmatch import fnmatchcase

    parts = wanted.split("/")
    return any(fnmatchcase("/".join(parts[:count]), path) for count in range(2, len(parts) + 1))


def _found(command: Command, wanted: str, home: str | None) -> Cleared:
    values = command.values()
    places = []
    for value in values:
        if value is not None and value.startswith(("-", "(", "!")):
            break
        places.append(value)
    if not any(value in _DELETING for value in values):
        return Cleared.NO
    if any(place is None for place in places):
        return Cleared.MAYBE
    # Tests such as -name narrow it down, so it may be only a part.
    inside = any(place is not None and _covers(canonical(place, home), wanted) for place in places)
    return Cleared.MAYBE if inside else Cleared.NO


def is_opaque(command: Command) -> bool:
    """Whether a command runs something that the file does not show: a script, `make`, `curl … | bash`."""
    if not command.words or command.python is not None:
        return False
    name = command.name
    if name is None:
        return True
    if name.startswith("python"):
        values = command.values()
        return not values or not any(value in ("-m", "-V", "--version") for value in values[:1])
    return _is_opaque_program(name)


@lru_cache(maxsize=4096)
def _is_opaque_program(name: str) -> bool:
    return _OPAQUE.fullmatch(name) is not None


def working_folders(commands: Iterable[Command]) -> Iterator[tuple[Command, str | None]]:
    """Each command with the folder that the last `cd` before it went to (None: there was none, or it is unknown)."""
    folder: str | None = None
    for command in commands:
        yield command, folder
        if command.name in ("cd", "pushd") and command.arguments:
            folder = command.arguments[0].value


def in_force(name: str, command: Command, run: Run, stage: Stage) -> Variable | None:
    """What sets an environment variable of a command in a RUN; None when nothing is known to set it.

    In this order: `NAME=x command`, an assignment or `export` earlier in the RUN, ENV, a build argument, the base
    image's environment.
    """
    for assignment in reversed(command.assignments):
        if assignment.name == name:
            return _assigned(assignment)
    declared = _declared(run, stage)
    earlier = declared.variables.get(name)
    found = earlier.before(declared.positions.get(id(command), len(declared.positions))) if earlier else None
    return found or stage.scope.variable(name, stage.position(run))


_DECLARING = frozenset({"export", "declare", "readonly", "typeset"})


class _Declared(NamedTuple):
    """What the commands of a RUN set for those behind them."""

    #: By the identity of the command.
    positions: dict[int, int]
    variables: dict[str, Timeline[Variable | None]]


@lru_cache(maxsize=1)
def _declared(run: Run, stage: Stage) -> _Declared:
    commands = stage.script(run).commands
    variables: dict[str, Timeline[Variable | None]] = {}
    for position, command in enumerate(commands):
        if command.assignments and (not command.words or command.name in _DECLARING):
            for assignment in command.assignments:
                variables.setdefault(assignment.name, Timeline(None)).set(position, _assigned(assignment))
    return _Declared({id(command): position for position, command in enumerate(commands)}, variables)


def _assigned(assignment: Assignment) -> Variable:
    value = assignment.value.value if assignment.value is not None else ""
    return Variable(value, assignment.span, Origin.LITERAL)


def appended(run: Run, stage: Stage, command: str) -> Edit | None:
    """Puts `&& command` behind the last command of a RUN, in the style of its lines; None where that is not possible.

    It is for a RUN in shell form without here-documents. Behind a comment, or behind a command that is not complete,
    the words would not be read as a command.
    """
    text = run.arguments.value
    commands = stage.script(run).commands
    if (
        run.argv is not None
        or run.heredocs
        or not commands
        or " #" in text
        or text.endswith((";", "&", "|", "\\", "`"))
    ):
        return None
    span = run.arguments.span
    join = _joint(span.text.splitlines(), stage.build.dockerfile.escape)
    return Edit(span.source.span(span.end, span.end), f"{join}{command}")


def _joint(lines: list[str], escape: str) -> str:
    """`&&` as the lines of a RUN have it: in front of a line, behind it, or in the only one."""
    if len(lines) == 1:
        return " && "
    found = reversed(list(itertools.pairwise(lines)))
    for above, line in found:
        indent = line[: len(line) - len(line.lstrip())]
        if line.lstrip().startswith("&&"):
            return f" {escape}\n{indent}&& "
        if above.rstrip(f" {escape}").endswith("&&"):
            return f" && {escape}\n{indent}"
    return f" {escape}\n    && "


def head_span(install: Install) -> Span:
    """The words that say what is done: `pip install`, `python3 -m pip install`, `apt-get -y install`."""
    words = install.command.words
    last = install.subcommand.rpartition(" ")[2]
    end = next((word for word in words[1:] if word.value == last), words[0])
    return words[0].span.to(end.span)
