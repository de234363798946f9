"""Finding and reading the configuration of each linted file.

The nearest of `.mllint.yaml`, `.mllint.yml` and a pyproject.toml with `[tool.mllint]` holds, looked for from the folder
of the file upwards to the root of its repository. Files are never merged; the command line overrides what they say.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from mllint.config import files
from mllint.config.errors import ConfigError
from mllint.config.settings import Selectors, Settings, check

_NAMES = (".mllint.yaml", ".mllint.yml", "pyproject.toml")


class Configuration:
    """Where the settings of each file come from; every configuration file is read once."""

    def __init__(
        self, *, config: str | None = None, isolated: bool = False, overrides: Mapping[str, object] | None = None
    ) -> None:
        """`config` is the one file to use; `isolated` reads none.

        `overrides` are the values of the command line by key; those that are None were not given. Raises ConfigError.
        """
        self._overrides = check({name: value for name, value in (overrides or {}).items() if value is not None}, "--")
        self._folders: dict[str, Settings] = {}
        self._fixed: Settings | None = None
        if config is not None:
            self._fixed = self._settings(config, files.read_named(config))
        elif isolated:
            self._fixed = self._without_file

    def for_file(self, path: str) -> Settings:
        """The settings for a file (which need not exist). Raises ConfigError."""
        return self._fixed or self.for_folder(os.path.dirname(path) or os.curdir)

    def for_folder(self, folder: str) -> Settings:
        """The settings for the files of a folder; one and the same value for all that share a file."""
        if self._fixed is not None:
            return self._fixed
        at, passed, found = os.path.abspath(folder), [], None
        while at not in self._folders:
            passed.append(at)
            found = self._read(at)
            above = os.path.dirname(at)
            if found is not None or above == at or os.path.lexists(os.path.join(at, ".git")):
                break
            at = above
        else:
            found = self._folders[at]
        settings = found or self._without_file
        self._folders.update(dict.fromkeys(passed, settings))
        return settings

    def _read(self, folder: str) -> Settings | None:
        for name in _NAMES:
            path = os.path.join(folder, name)
            table = files.read_found(path) if os.path.isfile(path) else None
            if table is not None:
                return self._settings(path, table)
        return None

    @cached_property
    def _without_file(self) -> Settings:
        return self._merged(Settings(root=os.getcwd()), {}, Selectors())

    def _settings(self, path: str, found: files.Found) -> Settings:
        shown = files.shown(path)
        try:
            fields = check(found.table, found.prefix)
        except ConfigError as error:
            raise ConfigError(f"{shown}: {error}") from None
        root = os.path.dirname(os.path.abspath(path))
        for name in ("context", "baseline"):
            if fields.get(name) is not None:
                fields[name] = os.path.join(root, fields[name])
        origin = f"{shown}: "
        written = frozenset(fields)
        lists = Selectors(**_taken(fields), origin=origin + found.prefix)
        if fields.get("hadolint"):
            lists = lists._replace(from_hadolint=_ignored_by_hadolint(root, origin))
        settings = Settings(path=path, root=root, origin=origin, prefix=found.prefix, in_file=written, **fields)
        return self._merged(settings, fields, lists)

    def _merged(self, settings: Settings, fields: dict[str, Any], lists: Selectors) -> Settings:
        """The settings with the command line's values over them; tables are merged by key."""
        overrides = dict(self._overrides)
        in_call = frozenset(overrides)
        given = Selectors(**_taken(overrides), origin="--")
        for name, value in overrides.items():
            if isinstance(value, dict) and name in fields:
                overrides[name] = {**fields[name], **value}
        return settings._replace(selectors=(lists, given), in_call=in_call, **overrides)


def _ignored_by_hadolint(root: str, origin: str) -> tuple[str, ...]:
    """The ids of the rules that the hadolint configuration in a folder leaves out. Raises ConfigError."""
    from mllint.config.hadolint import ignored_rules

    try:
        return ignored_rules(root)
    except ConfigError as error:
        raise ConfigError(f"{origin}{error}") from None


def _taken(fields: dict[str, Any]) -> dict[str, Any]:
    """Takes the values of `Selectors` out of `fields`."""
    return {name: fields.pop(name) for name in Selectors._fields if name in fields}
