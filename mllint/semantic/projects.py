"""Installs of a project: `uv sync`, `poetry install`, `pdm install`, `pipenv install`, `pip install .`, and exports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.requirement import Install, Requirement
from mllint.packages.uv import UNSYNCED
from mllint.semantic.files import context_manifest, origin_of
from mllint.semantic.installations import ManifestUse
from mllint.semantic.layers import in_force
from mllint.semantic.writes import join_home, path_text
from mllint.shell.command import Command, Word

if TYPE_CHECKING:
    from mllint.packages.manifest import Groups, Manifest
    from mllint.semantic.installation_reader import Reading
    from mllint.semantic.stage import Stage

#: By the manager: its project file, its locks, the subcommands that install the project.
_PROJECTS = {
    "uv": ("pyproject.toml", ("uv.lock",), frozenset({"sync", "add", "run"})),
    "poetry": ("pyproject.toml", ("poetry.lock",), frozenset({"install", "sync", "add", "update"})),
    "pdm": ("pyproject.toml", ("pdm.lock", "pylock.toml"), frozenset({"install", "sync", "add", "update"})),
    "pipenv": ("Pipfile", ("Pipfile.lock",), frozenset({"install", "sync", "update"})),
}
#: Subcommands that look for new versions, whatever the lock says.
_RESOLVING = frozenset({"update", "upgrade"})


class Choice(NamedTuple):
    """Which parts of a project are installed."""

    default: bool
    #: None for all.
    groups: frozenset[str] | None
    extras: frozenset[str] | None
    #: Whether the groups that install by themselves do so.
    usual: bool
    without: frozenset[str] = frozenset()


def read_project(reading: Reading) -> None:
    """The project that a command installs, if it is one that does."""
    install = reading.install
    project = _PROJECTS.get(install.manager)
    if project is None or install.subcommand not in project[2]:
        return
    if install.subcommand == "run" and (install.options & UNSYNCED or _is_unsynced(reading)):
        return
    if install.manager == "pipenv" and (install.requirements or install.files) and install.subcommand == "install":
        return
    word = install.setting("--project") or install.setting("--directory")
    folder = join_home(reading.folder, path_text(word) if word is not None else ".")
    chosen = _choice(install.manager, settings(install))
    if folder is None or not _read(reading, reading.stage, folder, install.manager, chosen, None):
        reading.complete = False


def _is_unsynced(reading: Reading) -> bool:
    """Whether UV_NO_SYNC or UV_NO_PROJECT keeps `uv run` from installing."""
    command, run = reading.install.command, reading.step.instruction
    found = (in_force(name, command, run, reading.stage) for name in ("UV_NO_SYNC", "UV_NO_PROJECT"))
    return any(each is not None and each.value not in ("", "0", "false") for each in found)


def read_export(reading: Reading, command: Command, folder: str, stage: Stage, word: Word) -> bool:
    """What a command such as `poetry export` wrote into a requirements file; False when its lock is not known."""
    manager = command.name or ""
    given: list[tuple[str, str | None]] = []
    words = [each.value or "" for each in command.arguments]
    for at, text in enumerate(words):
        if text.startswith("-"):
            name, equals, value = text.partition("=")
            following = words[at + 1] if at + 1 < len(words) and not words[at + 1].startswith("-") else None
            given.append((name, value if equals else following))
    chosen = _choice(manager, given)
    if manager == "poetry" and chosen.groups == frozenset() and not {"--with", "--only"} & {name for name, _ in given}:
        # `poetry export` takes the main dependencies alone.
        chosen = chosen._replace(usual=False)
    return _read(reading, stage, folder, manager, chosen, word, lock_needed=True)


def _read(
    reading: Reading,
    stage: Stage,
    folder: str,
    manager: str,
    chosen: Choice,
    word: Word | None,
    *,
    lock_needed: bool = False,
) -> bool:
    file, locks, _ = _PROJECTS[manager]
    manifest = _manifest(reading, stage, f"{folder}/{file}")
    lock = next((found for name in locks if (found := _manifest(reading, stage, f"{folder}/{name}"))), None)
    if reading.install.subcommand in _RESOLVING and word is None:
        lock = None
    if lock_needed and lock is None:
        return False
    if lock is not None:
        reading.uses.append(ManifestUse(lock, word, drives=True))
        reading.entries += _selected(lock, chosen)
        reading.indexes += lock.indexes if manifest is None else ()
        reading.locked = True
    if manifest is not None:
        reading.uses.append(ManifestUse(manifest, word if lock is None else None, drives=lock is None))
        reading.requirements += _selected(manifest, chosen)
        reading.indexes += [each for each in manifest.indexes if _in_choice(each.choice, chosen)]
        reading.complete = reading.complete and (manifest.complete or lock is not None)
    elif lock is not None:
        reading.requirements += _selected(lock, chosen)
    return manifest is not None or lock is not None


def _in_choice(name: str | None, chosen: Choice) -> bool:
    if name is None or chosen.extras is None or chosen.groups is None:
        return True
    return name in chosen.extras or name in chosen.groups


def _manifest(reading: Reading, stage: Stage, path: str) -> Manifest | None:
    if stage is reading.stage:
        return reading.manifest(path)
    origin = origin_of(stage, path)
    return context_manifest(stage, origin.context) if origin is not None and origin.context is not None else None


def _selected(manifest: Manifest, chosen: Choice) -> list[Requirement]:
    """The requirements of the parts of a manifest that are installed."""
    found = list(manifest.requirements) if chosen.default else []
    usual = manifest.default_groups if chosen.usual else ()
    for name, members in manifest.groups:
        if name not in chosen.without and (chosen.groups is None or name in chosen.groups or name in usual):
            found += members
    found += _members(manifest.extras, chosen.extras)
    return list(dict.fromkeys(found))


def _members(groups: Groups, names: frozenset[str] | None) -> list[Requirement]:
    return [each for name, members in groups if names is None or name in names for each in members]


def _choice(manager: str, given: Iterable[tuple[str, str | None]]) -> Choice:
    """The groups and extras that options choose."""
    values: dict[str, set[str]] = {}
    for name, value in given:
        values.setdefault(name, set()).update((value or "").replace(",", " ").split())
    flags = frozenset(values)

    def named(*names: str) -> frozenset[str]:
        return frozenset(each for name in names for each in values.get(name, ()))

    if manager == "pipenv":
        dev = bool(flags & {"--dev", "-d"})
        return Choice(True, named("--categories") | ({"dev-packages"} if dev else set()), frozenset(), usual=False)
    only = named("--only", "--only-group")
    alone = bool(only) or bool(flags & {"--only-dev", "--only-root"})
    with_main = not alone or "main" in only
    if manager == "pdm" and flags & {"--no-default"}:
        with_main = False
    groups = named("--group", "--with", "-G") | only | ({"dev"} if flags & {"--only-dev", "--dev"} else frozenset())
    extras = named("--extra", "--extras", "-E")
    if manager == "pdm":
        # Extras and groups have the same option.
        extras, groups = extras | groups, extras | groups
    usual = not alone and not flags & {
        "--no-dev",
        "--no-default-groups",
        "--prod",
        "--production",
        "--no-group-default",
    }
    return Choice(
        with_main,
        None if "--all-groups" in flags or ":all" in groups else groups,
        None if flags & {"--all-extras"} or ":all" in groups else extras,
        usual=usual,
        without=named("--without", "--no-group"),
    )


# `pip install .`


def read_source(reading: Reading, requirement: Requirement) -> None:
    """A folder that is installed: `pip install .`, `-e ./package[extra]`. Archives say nothing of what they need."""
    folder = join_home(reading.folder, (requirement.url or ".").removeprefix("file://").rstrip("/") or "/")
    if folder is None or folder.endswith((".whl", ".gz", ".zip", ".deb")):
        reading.complete = False
        return
    if "--no-deps" in reading.install.options:
        return
    found = False
    for name in ("pyproject.toml", "setup.cfg"):
        manifest = reading.manifest(f"{folder}/{name}")
        if manifest is None:
            continue
        chosen = Choice(True, frozenset(), frozenset(requirement.extras), usual=False)
        members = _selected(manifest, chosen)
        if members or manifest.complete:
            found = True
            reading.uses.append(ManifestUse(manifest, None, drives=True))
            reading.requirements += members
            reading.complete = reading.complete and manifest.complete
            if reading.install.manager == "uv":
                reading.indexes += manifest.indexes
    reading.complete = reading.complete and found


def settings(install: Install) -> list[tuple[str, str | None]]:
    """The options of an install with their values."""
    return [(option.name, option.value.value if option.value is not None else None) for option in install.settings]
