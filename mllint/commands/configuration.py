"""`mllint config`: the schema of the configuration, and the settings that hold for a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TextIO

import click

from mllint.commands import CLEAN
from mllint.commands.console import write
from mllint.commands.inputs import check_options, read_configuration
from mllint.config import files
from mllint.config.settings import KEYS, Selectors, Settings
from mllint.finding import Severity
from mllint.plugins import Registry, load_plugins
from mllint.report.encode import encode
from mllint.report.text import visible
from mllint.rule import Rule
from mllint.selection import enabled, select

#: Where a value comes from that no file gives.
_CALL, _DEFAULT = "the command line", "default"
_WIDTH = 100

# The schema


def show_schema(output: str | None, isolated: bool) -> int:
    """Runs `mllint config schema`; the exit code is the result. Raises what `mllint.cli.usage_errors` shows."""
    text = schema_text(load_plugins(isolated))
    write(output, lambda out: out.write(text))
    return CLEAN


def schema_text(registry: Registry) -> str:
    """The schema as JSON text, for the rules of a registry."""
    import json

    from mllint.config.schema import DescribedRule, schema
    from mllint.pages import page

    rules = [DescribedRule(registry.load(each), page(registry.load(each)).summary) for each in sorted(registry.ids)]
    return json.dumps(schema(rules), indent=2, ensure_ascii=False) + "\n"


# The settings


class Shown(NamedTuple):
    """A key, its value as a configuration file has it (None when it has none), and where that comes from."""

    key: str
    value: object
    origin: str


class View(NamedTuple):
    """What is shown for a path: the file that was read, the value of each key, and the rules that are on and off."""

    path: str
    file: str | None
    keys: tuple[Shown, ...]
    on: tuple[Rule, ...]
    off: tuple[str, ...]
    from_hadolint: tuple[str, ...]


def show_settings(path: str, options: dict[str, Any]) -> int:
    """Runs `mllint config show`; the exit code is the result. Raises what `mllint.cli.usage_errors` shows."""
    check_options(options)
    if not os.path.exists(path):
        raise click.BadParameter(f'there is no file or folder "{path}"', param_hint="PATH")
    registry = load_plugins(options["isolated"])
    # Which rules are on may depend on the name; a folder stands for the file that is usual in it.
    name = os.path.join(path, "Dockerfile") if os.path.isdir(path) else path
    shown = view(path, name, read_configuration(options).for_file(name), registry)
    writer = {"yaml": _write_yaml, "json": _write_json}[options["format_name"]]
    write(options["output"], lambda out: writer(shown, out))
    return CLEAN


def view(path: str, name: str, settings: Settings, registry: Registry) -> View:
    """What is shown for `path`, where `name` is the file that is linted. Raises ConfigError and PluginError."""
    on = select(registry, settings, name)
    return View(
        path,
        files.shown(settings.path) if settings.path is not None else None,
        tuple(effective(settings, registry)),
        on,
        tuple(sorted(set(registry.ids) - {rule.id for rule in on})),
        settings.selectors[0].from_hadolint,
    )


def effective(settings: Settings, registry: Registry) -> Iterator[Shown]:
    """The value of each key, such that a configuration file in the same folder with these values means the same."""
    lists = _lists(settings, registry)
    for key in KEYS:
        if key.field in Selectors._fields:
            value, origin = lists[key.field]
        else:
            value, origin = getattr(settings, key.field), _origin(settings, key.field)
        if key.name in ("context", "baseline") and value is not None:
            value = os.path.relpath(os.path.abspath(value), settings.root).replace(os.sep, "/")
        yield Shown(key.name, _written(value), origin)


def _origin(settings: Settings, field: str) -> str:
    in_file, in_call = field in settings.in_file, field in settings.in_call
    if in_call:
        # Of the values that both give, only tables are merged.
        both = in_file and isinstance(getattr(settings, field), Mapping)
        return f"{_file(settings)} and {_CALL}" if both else _CALL
    return _file(settings) if in_file else _DEFAULT


def _file(settings: Settings) -> str:
    return files.shown(settings.path) if settings.path is not None else ""


def _lists(settings: Settings, registry: Registry) -> dict[str, tuple[Any, str]]:
    """The lists of rules, by field, with their origin.

    Those of a file and those of a call over them cannot stand in one file; the rules that they come to can.
    """
    names = set(Selectors._fields)
    in_file, in_call = settings.selectors
    if settings.in_call & names and (settings.in_file & names or in_file.from_hadolint):
        rules = tuple(sorted(enabled(registry, settings)))
        lists = Selectors(select=rules)
        origins = {"select": f"{_file(settings)} and {_CALL}"}
    elif settings.in_call & names:
        lists, origins = in_call, dict.fromkeys(settings.in_call, _CALL)
    else:
        lists, origins = in_file, dict.fromkeys(settings.in_file, _file(settings))
    return {name: (value, origins.get(name, _DEFAULT)) for name, value in lists._asdict().items()}


def _written(value: object) -> object:
    """A value as YAML and JSON have it."""
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_written(each) for each in value]
    return value.value if isinstance(value, Severity) else value


def _write_json(shown: View, out: TextIO) -> None:
    document = {
        "path": shown.path,
        "file": shown.file,
        "settings": {each.key: {"value": each.value, "from": each.origin} for each in shown.keys},
        "rules": [{"id": rule.id, "name": rule.name} for rule in shown.on],
    }
    out.write(encode(document, depth=2) + "\n")


def _write_yaml(shown: View, out: TextIO) -> None:
    """A configuration that can be used; what is no part of one is in comments."""
    read = f"the file is {shown.file}" if shown.file is not None else "there is no configuration file"
    out.write(f"# The settings for {visible(shown.path)}; {visible(read)}.\n")
    out.writelines(map(_yaml, shown.keys))
    out.write(_listed("left out by hadolint's configuration", shown.from_hadolint))
    out.write(_listed(f"{len(shown.on)} rules are on", [rule.id for rule in shown.on]))
    out.write(_listed("off", shown.off))


def _yaml(shown: Shown) -> str:
    """A line, or some, with the origin behind the value, or behind the key of a table."""
    import yaml

    if shown.value is None or shown.value == {}:
        return f"# {shown.key}: not set\n"
    nested = isinstance(shown.value, (dict, list))
    value = {shown.key: shown.value} if nested else shown.value
    text = yaml.safe_dump(value, default_flow_style=None, width=_WIDTH, sort_keys=False, allow_unicode=True)
    lines = text.splitlines() if nested else [f"{shown.key}: {text.splitlines()[0]}"]
    lines[0 if lines[0].endswith(":") else -1] += f"  # {visible(shown.origin)}"
    return "\n".join(lines) + "\n"


def _listed(title: str, codes: Sequence[str]) -> str:
    """Codes in lines of a comment."""
    from textwrap import fill

    if not codes:
        return ""
    return fill(f"{title}: {' '.join(codes)}", _WIDTH, initial_indent="# ", subsequent_indent="#   ") + "\n"
