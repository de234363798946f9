"""What a project's hadolint configuration says that holds for mllint too.

hadolint reads `.hadolint.yaml` or `.hadolint.yml` in the folder that it is started in, and else one in the user's home.
Here it is the folder of mllint's own configuration, and never the home: what holds must not depend on who runs it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mllint.config import files, values
from mllint.config.errors import ConfigError
from mllint.knowledge import hadolint

NAMES = (".hadolint.yaml", ".hadolint.yml")


class HadolintConfig(NamedTuple):
    """What is read of the file: its path, the codes that it ignores, and the registries that it trusts."""

    path: str
    ignored: tuple[str, ...]
    trusted_registries: tuple[str, ...]


def find(folder: str) -> str | None:
    """The path of the configuration in a folder."""
    paths = (os.path.join(folder, name) for name in NAMES)
    return next((path for path in paths if os.path.isfile(path)), None)


def read(path: str) -> HadolintConfig:
    """Reads the keys that matter here, and leaves the others to hadolint. Raises ConfigError."""
    table = files.read_yaml(path)
    try:
        return HadolintConfig(path, _words(table, "ignored"), _words(table, "trustedRegistries"))
    except ConfigError as error:
        raise ConfigError(f"{files.shown(path)}: {error}") from None


def _words(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    """A list of strings, or one string in its place, as hadolint takes them."""
    value = table.get(key)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else values.texts(value, key)


def corresponding(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The ids of the rules that are meant by codes of hadolint, each with the codes that mean it, in order."""
    wanted = set(codes)
    found: dict[str, tuple[str, ...]] = {}
    for each in hadolint.RULES:
        if each.same and each.code in wanted:
            found[each.rule] = (*found.get(each.rule, ()), each.code)
    return dict(sorted(found.items()))


def ignored_rules(folder: str) -> tuple[str, ...]:
    """The ids of the rules that the configuration in a folder leaves out. Raises ConfigError where there is none."""
    path = find(folder)
    if path is None:
        raise ConfigError(f'"hadolint" is true, but there is no {NAMES[0]} beside the file')
    return tuple(corresponding(read(path).ignored))
