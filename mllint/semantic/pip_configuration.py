"""What pip and uv are told besides options and variables: `pip config set`, and configuration files that are copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.requirement import Index
from mllint.regex import regex
from mllint.semantic.files import file_at
from mllint.semantic.order import derive_first
from mllint.semantic.scope import Timeline
from mllint.semantic.steps import InstallStep
from mllint.shell.command import Command
from mllint.source import Source

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

_FILES = {
    "pip": ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf"),
    "uv": ("/etc/uv/uv.toml", "/etc/xdg/uv/uv.toml", "~/.config/uv/uv.toml"),
}
_KEYS = {"index-url": "index-url", "extra-index-url": "extra-index-url", "find-links": "find-links"}
_LINE = regex(r"^[ \t]*(index-url|extra-index-url|find-links)[ \t]*[=:][ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_VALUE = regex(r"[^\s\"'\[\],]+")


class Setting(NamedTuple):
    """A line of pip's configuration, as `pip config set` writes it."""

    #: Without its section: "index-url", "break-system-packages".
    name: str
    value: str | None
    command: Command


class Settings:
    """What `pip config set` has set through a stage, over what its parents did."""

    def __init__(self, inherited: Mapping[str, Setting]) -> None:
        self._inherited = inherited
        self._own: dict[str, Timeline[Setting | None]] = {}

    def set(self, order: int, setting: Setting) -> None:
        """`order` is the place of the command among all of the stage."""
        if setting.name not in self._own:
            self._own[setting.name] = Timeline(self._inherited.get(setting.name))
        self._own[setting.name].set(order, setting)

    def before(self, name: str, order: int) -> Setting | None:
        """The setting that is in force when a command begins."""
        timeline = self._own.get(name)
        return timeline.before(order) if timeline is not None else self._inherited.get(name)

    def at_end(self) -> Mapping[str, Setting]:
        """What children inherit."""
        if not self._own:
            return self._inherited
        last = ((name, timeline.last) for name, timeline in self._own.items())
        return {**self._inherited, **{name: setting for name, setting in last if setting is not None}}


def pip_settings(stage: Stage) -> Settings:
    """What the `pip config set` commands of a stage and its parents set."""
    derive_first(stage, "pip_settings")
    settings = Settings(stage.parent.pip_settings.at_end() if stage.parent is not None else {})
    for step in stage.steps:
        found = _setting(step.command)
        if found is not None:
            settings.set(stage.writes.order[id(step.command)], found)
    return settings


def _setting(command: Command) -> Setting | None:
    values = command.values()
    if not (command.name or "").startswith(("pip", "python")) or "config" not in values or "set" not in values:
        return None
    words = [value for value in values[values.index("set") + 1 :] if value is None or not value.startswith("-")]
    if len(words) < 2 or words[0] is None:
        return None
    return Setting(words[0].rpartition(".")[2].replace("_", "-"), words[1], command)


def pip_setting(stage: Stage, name: str, step: InstallStep) -> Setting | None:
    """The setting of pip's configuration that is in force at an install of the stage."""
    order = stage.writes.order
    return stage.pip_settings.before(name, order.get(id(step.install.command), len(order)))


def configured_indexes(stage: Stage, step: InstallStep) -> Iterator[Index]:
    """The indexes that configuration files name."""
    manager = step.install.manager
    if manager == "pip":
        for name, kind in _KEYS.items():
            setting = pip_setting(stage, name, step)
            if setting is not None:
                place = setting.command.words[-1].span
                yield from (Index(kind, value, place) for value in (setting.value or "").split())
    if manager in _FILES:
        for source in stage.configuration_files[manager]:
            yield from _listed(source)


def configuration_files(stage: Stage) -> dict[str, tuple[Source, ...]]:
    """The configuration files of pip and uv that a stage, or one of its parents, copies from the context."""
    derive_first(stage, "configuration_files")
    none: dict[str, tuple[Source, ...]] = dict.fromkeys(_FILES, ())
    above = stage.parent.configuration_files if stage.parent is not None else none
    if not any(_may_hold(source) for step in stage.copies for _, source in step.sources):
        return above
    uv = (f"{stage.workdir}/uv.toml",) if stage.workdir is not None else ()
    return {"pip": _found(stage, _FILES["pip"]), "uv": _found(stage, (*_FILES["uv"], *uv))}


def _found(stage: Stage, paths: Iterable[str]) -> tuple[Source, ...]:
    expanded = (path.replace("~", home) for path in paths for home in ("/root", "~"))
    found = (file_at(stage, path) for path in dict.fromkeys(expanded))
    return tuple(source for source in found if source is not None)


def _may_hold(source: str | None) -> bool:
    return source is not None and source.rstrip("/").endswith(("pip.conf", "uv.toml", "pip", "uv", ".config", "."))


def _listed(source: Source) -> Iterator[Index]:
    for match in _LINE.finditer(source.text):
        for value in _VALUE.finditer(match[2]):
            start = match.start(2) + value.start()
            yield Index(_KEYS[match[1]], value[0], source.span(start, start + len(value[0])))


#: Words of an instruction that speaks of indexes, or of the files and variables that may name them.
_SPEAKS = regex(
    r"pip\.(?:conf|ini)\b|\buv\.toml\b|\bpip3? config\b|\.config/(?:pip|uv)\b"
    r"|\b(?:PIP|UV)_(?:CONFIG|DEFAULT|EXTRA|FIND|INDEX|TORCH)\w*"
)


def speaks_of_indexes(stage: Stage) -> bool:
    """Whether an instruction of a stage or its parents may set an index that cannot be read here.

    A `pip.conf` that is not in the context or mounted as a secret, a variable without a value, a file that a command
    writes. Ask it where no index is known.
    """
    return any(each.names_indexes for each in stage.ancestry)


def names_indexes(stage: Stage) -> bool:
    """The same of a stage's own instructions."""
    return any(_SPEAKS.search(each.span.text) for each in stage.body)
