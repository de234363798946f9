"""A rule's own table in the configuration: its options and its severity, checked against what the rule declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mllint.config import values
from mllint.config.errors import ConfigError, hint
from mllint.finding import Severity
from mllint.rule import Option, Rule


class RuleTable(NamedTuple):
    """The checked contents of `rules.<name>`: the options by attribute, and the severity if it is given."""

    settings: Mapping[str, object] = {}
    severity: Severity | None = None


def check_rule_table(rule: type[Rule], table: Mapping[str, object], key: str) -> RuleTable:
    """Checks `table`, which stands under `key`. Raises ConfigError that names the key and the nearest valid one."""
    options = {name.replace("-", "_"): option for name, option in rule.options().items()}
    settings: dict[str, object] = {}
    severity: Severity | None = None
    for written, value in table.items():
        shown = f"{key}.{written}"
        option = options.get(written.replace("-", "_"))
        if option is not None:
            if option.attribute in settings:
                raise ConfigError(f'"{shown}" is written twice')
            settings[option.attribute] = _checked(option, value, shown)
        elif written == "severity":
            severity = values.severity(value, shown)
        else:
            known = [*rule.options(), "severity"]
            raise ConfigError(
                f'unknown key "{shown}": {rule.id} ({rule.name}) has no such option'
                f"{hint(written, known, what='it has')}"
            )
    return RuleTable(settings, severity)


def _checked(option: Option[object], value: object, key: str) -> object:
    if option.choices and all(isinstance(each, str) for each in option.choices):
        if isinstance(option.default, str):
            return values.choice(value, key, [str(each) for each in option.choices])
        words = values.texts(value, key)
        return tuple(values.choice(word, key, [str(each) for each in option.choices]) for word in words)
    checked = values.like(option.default, value, key)
    if option.choices and checked not in option.choices:
        raise ConfigError(f'"{key}" must be one of {", ".join(map(str, option.choices))}')
    return checked
