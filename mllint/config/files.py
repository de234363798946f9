"""Reading configuration files: TOML and YAML, whose readers are imported only when such a file is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from mllint.config.errors import ConfigError

#: The keys at the top of a configuration of the other tool named mllint, a linter for machine-learning projects.
_OTHER_TOOL = frozenset({"rules", "git", "code-quality", "linters", "testing", "dependency-management"})
_OTHER_RULES = frozenset({"disabled", "custom"})


class Found(NamedTuple):
    """The table of a file, and what stands before its keys: `tool.mllint.` in a pyproject.toml."""

    table: Mapping[str, object]
    prefix: str = ""


def read_named(path: str) -> Found:
    """The table of a file that the user named. Raises ConfigError."""
    extension = os.path.splitext(path)[1].lower()
    if extension in (".yaml", ".yml"):
        return Found(_yaml(path, _bytes(path)))
    if extension != ".toml":
        raise ConfigError(f"{shown(path)}: a configuration is a .toml, .yaml or .yml file")
    document = _toml(path, _bytes(path))
    found = _section(path, document)
    if found is None and os.path.basename(path) == "pyproject.toml":
        raise ConfigError(f"{shown(path)}: there is no [tool.mllint]")
    return found or Found(document)


def read_found(path: str) -> Found | None:
    """The table of a file that stands above a linted one; None when it holds nothing for us. Raises ConfigError."""
    data = _bytes(path)
    if path.endswith(".toml"):
        # Parsing costs some milliseconds, and most pyproject.toml files are not for us.
        return _section(path, _toml(path, data)) if b"mllint" in data else None
    table = _yaml(path, data)
    if path.endswith(".yml") and _of_other_tool(table):
        return None
    return Found(table)


def read_yaml(path: str) -> Mapping[str, object]:
    """The table of a YAML file of another tool. Raises ConfigError."""
    return _yaml(path, _bytes(path))


def shown(path: str) -> str:
    """A path as messages show it: relative when it lies below the current folder."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f"{shown(path)}: {error.strerror or error}") from None


def _text(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown(path)}: not UTF-8 text (byte {error.start})") from None


def _toml(path: str, data: bytes) -> dict[str, Any]:
    from mllint.packages.toml import parse_toml

    text = _text(path, data).replace("\r\n", "\n")
    try:
        return parse_toml(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{shown(path)}: not valid TOML: {error}") from None


def _section(path: str, document: Mapping[str, Any]) -> Found | None:
    """`[tool.mllint]` of a TOML document."""
    tool = document.get("tool", {})
    if not isinstance(tool, Mapping) or "mllint" not in tool:
        return None
    table = tool["mllint"]
    if not isinstance(table, Mapping):
        raise ConfigError(f'{shown(path)}: "tool.mllint" must be a table')
    if _of_other_tool(table):
        raise ConfigError(
            f"{shown(path)}: [tool.mllint] configures another tool of the same name, a linter for whole "
            "machine-learning projects; put the settings for Dockerfiles into a .mllint.yaml beside it"
        )
    return Found(table, "tool.mllint.")


def _of_other_tool(table: Mapping[str, object]) -> bool:
    rules = table.get("rules", {})
    theirs = isinstance(rules, Mapping) and _OTHER_RULES.issuperset(rules)
    return bool(table) and _OTHER_TOOL.issuperset(table) and theirs


def _yaml(path: str, data: bytes) -> Mapping[str, object]:
    import yaml

    try:
        table = yaml.load(_text(path, data), Loader=_loader())
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"{shown(path)}: not valid YAML: {_yaml_problem(error)}") from None
    if table is None:
        return {}
    if not isinstance(table, Mapping):
        raise ConfigError(f"{shown(path)}: a configuration must be a table of keys and values")
    return cast("Mapping[str, object]", table)


def _yaml_problem(error: Exception) -> str:
    """The problem in a sentence with its line and column, from 1."""
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    if problem is None or mark is None:
        return " ".join(str(error).split())
    return f"{problem} (at line {mark.line + 1}, column {mark.column + 1})"


def _loader() -> type[Any]:
    """A safe loader that refuses a key that is written twice (PyYAML keeps the last one silently)."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            seen: set[object] = set()
            for key, _ in node.value:
                if key.tag == "tag:yaml.org,2002:merge":
                    continue
                if key.value in seen and isinstance(key, yaml.ScalarNode):
                    problem = f'the key "{key.value}" is written twice'
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                if isinstance(key, yaml.ScalarNode):
                    seen.add(key.value)
            return super().construct_mapping(node, deep)

    return Loader
