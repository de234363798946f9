"""From what a TOML or YAML file, or an option, holds to typed values.

Each function takes the value and the dotted key under which it stands, and raises `ConfigError` with a sentence that
begins with that key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from mllint.config.errors import ConfigError, hint
from mllint.finding import Severity
from mllint.regex import regex

_DRIVER = regex(r"\d+(\.\d+){0,3}")


def kind_of(value: object) -> str:
    """What people call a value of this type."""
    if value is None:
        return "nothing"
    names = {bool: "a boolean", int: "a whole number", float: "a number", str: "a string", list: "a list"}
    return names.get(type(value), "a table" if isinstance(value, Mapping) else f"a {type(value).__name__}")


def wrong(key: str, wanted: str, value: object) -> ConfigError:
    return ConfigError(f'"{key}" must be {wanted}, not {kind_of(value)}')


def text(value: object, key: str) -> str:
    """A string that is not empty."""
    if not isinstance(value, str):
        raise wrong(key, "a string", value)
    if not value.strip():
        raise ConfigError(f'"{key}" must not be empty')
    return value


def texts(value: object, key: str) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, (list, tuple)):
        raise wrong(key, "a list of strings", value)
    for index, each in enumerate(value):
        if not isinstance(each, str):
            raise wrong(f"{key}[{index}]", "a string", each)
    return tuple(value)


def flag(value: object, key: str) -> bool:
    """A boolean."""
    if not isinstance(value, bool):
        raise wrong(key, "true or false", value)
    return value


def choice(value: object, key: str, choices: Iterable[str]) -> str:
    """One of some words."""
    known = tuple(choices)
    word = text(value, key)
    if word not in known:
        listed = ", ".join(f'"{each}"' for each in known)
        raise ConfigError(f'"{key}" must be one of {listed}, not "{word}"{hint(word, known)}')
    return word


def severity(value: object, key: str) -> Severity:
    """`error`, `warning` or `info`."""
    return Severity(choice(value, key, [each.value for each in Severity]))


def driver(value: object, key: str) -> str:
    """The version of an NVIDIA driver: `535.104.05`, `535`."""
    if isinstance(value, float):
        raise ConfigError(f'"{key}" must be a string: write the driver\'s version in quotes')
    version = str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value, key)
    if not _DRIVER.fullmatch(version):
        raise ConfigError(f'"{key}" must be the version of an NVIDIA driver such as "535.104.05", not "{version}"')
    return version


def gpu(value: object, key: str) -> str:
    """A GPU that is known: `H100`, `RTX 4090`, `sm_90`."""
    from mllint.images import gpus

    name = text(value, key)
    if gpus.find_gpu(name) is None:
        from difflib import get_close_matches

        known = {each.lower(): each for each in gpus.names()}
        near = [known[each] for each in get_close_matches(name.lower(), known, n=4, cutoff=0.4)]
        like = f"did you mean {', '.join(near)}?" if near else "GPUs are written like H100, A100, L4, RTX 4090 or sm_90"
        raise ConfigError(f'"{key}" must be a GPU that is known, not "{name}" ({like})')
    return name


def table(value: object, key: str) -> Mapping[str, object]:
    """A table whose keys are strings."""
    if not isinstance(value, Mapping):
        raise wrong(key, "a table", value)
    for name in value:
        if not isinstance(name, str):
            raise ConfigError(f'"{key}" has the key {name!r}, which must be a string')
    return cast("Mapping[str, object]", value)


def build_args(value: object, key: str) -> dict[str, str]:
    """A table of strings, or a list of `NAME=value`; numbers and booleans stand for their text."""
    if isinstance(value, (list, tuple)):
        pairs = [each.partition("=") for each in texts(value, key)]
        for name, separator, _ in pairs:
            if not separator or not name:
                raise ConfigError(f'"{key}" must hold NAME=value, not "{name}"')
        return {name: content for name, _, content in pairs}
    return {name: _scalar(each, f"{key}.{name}") for name, each in table(value, key).items()}


def like(default: object, value: object, key: str) -> object:
    """A value of the type that `default` has: the value of a rule's option. Sequences become tuples."""
    if isinstance(default, bool):
        return flag(value, key)
    if isinstance(default, (int, float)):
        return _number(default, value, key)
    if isinstance(default, str):
        return text(value, key)
    if isinstance(default, (tuple, list, frozenset)):
        return type(default)(_items(default, value, key))
    if isinstance(default, Mapping):
        return dict(table(value, key))
    return value


def _number(default: float, value: object, key: str) -> object:
    whole = isinstance(default, int)
    accepted: tuple[type, ...] = (int,) if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, accepted):
        raise wrong(key, "a whole number" if whole else "a number", value)
    return value if whole else float(cast("float", value))


def _items(default: Iterable[Any], value: object, key: str) -> tuple[object, ...]:
    if not isinstance(value, (list, tuple)):
        raise wrong(key, "a list", value)
    sample = next(iter(default), "")
    return tuple(like(sample, each, f"{key}[{index}]") for index, each in enumerate(value))


def _scalar(value: object, key: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, str)):
        return str(value)
    if isinstance(value, float):
        raise ConfigError(f'"{key}" must be a string: write the value in quotes')
    raise wrong(key, "a string", value)
