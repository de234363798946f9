"""The JSON Schema of a configuration, made from the table of keys and from what the rules declare.

It is draft-07, which is what editors and SchemaStore read, and describes the table itself: a whole `.mllint.yaml`, or
`[tool.mllint]` of a pyproject.toml. A key may be written in snake_case too, a code in lower case. What a schema cannot
say is left to the loader: that a key is written in both ways, or a rule both by code and by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mllint.config.settings import KEYS, Key, Kind
from mllint.finding import Severity
from mllint.rule import Option, Rule

Schema = dict[str, Any]

#: The name that SchemaStore's conventions give it.
ID = "https://json.schemastore.org/mllint-docker.json"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_SELECTOR = {"$ref": "#/definitions/rule-selector"}
_SELECTORS: Schema = {"type": "array", "items": _SELECTOR}
_SEVERITY = {"$ref": "#/definitions/severity"}


class DescribedRule(NamedTuple):
    """A rule, and the sentence that says what it finds."""

    rule: type[Rule]
    summary: str


def schema(rules: Sequence[DescribedRule]) -> Schema:
    """The schema for a configuration in which these rules are known."""
    return {
        "$schema": _DRAFT,
        "$id": ID,
        "title": "mllint",
        "description": "The configuration of mllint, a Dockerfile linter for machine-learning anti-patterns.",
        "type": "object",
        **_members({key.name: _key(key, rules) for key in KEYS}, "#/properties"),
        "definitions": {
            "rule-selector": _selector([each.rule for each in rules]),
            "severity": {"description": "How bad a finding is.", "enum": [each.value for each in Severity]},
        },
    }


def _members(properties: Mapping[str, Schema], place: str) -> Schema:
    """The members of a table that takes these and no others; `place` is where the schema has them."""
    snake = {f"^{name.replace('-', '_')}$": {"$ref": f"{place}/{name}"} for name in properties if "-" in name}
    found: Schema = {"additionalProperties": False, "properties": dict(properties)}
    return found | ({"patternProperties": snake} if snake else {})


def _key(key: Key, rules: Sequence[DescribedRule]) -> Schema:
    described: Schema = {"description": key.doc, **_value(key, rules)}
    default = _plain(key.default)
    if default not in (None, {}):
        described["default"] = default
    if key.examples:
        described["examples"] = [_plain(each) for each in key.examples]
    return described


def _value(key: Key, rules: Sequence[DescribedRule]) -> Schema:
    if key.kind is Kind.CHOICE:
        return {"type": "string", "enum": list(key.choices)}
    if key.kind is Kind.OPTIONS:
        return {"type": "object", **_tables(rules)}
    return _KINDS[key.kind]


_KINDS: dict[Kind, Schema] = {
    Kind.TEXT: _TEXT,
    Kind.GPU: _TEXT,
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
    Kind.RULES: _SELECTORS,
    Kind.FLAG: {"type": "boolean"},
    Kind.DRIVER: {
        "anyOf": [{"type": "string", "pattern": r"^[0-9]+(\.[0-9]+){0,3}$"}, {"type": "integer", "minimum": 0}]
    },
    Kind.BUILD_ARGS: {
        "anyOf": [
            {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}},
            {"type": "array", "items": {"type": "string", "pattern": "^[^=]+="}},
        ]
    },
    Kind.PATTERNS: {"type": "object", "additionalProperties": _SELECTORS},
    Kind.LEVELS: {"type": "object", "propertyNames": _SELECTOR, "additionalProperties": _SEVERITY},
}


def _plain(value: object) -> object:
    """A default or an example as JSON has it."""
    if isinstance(value, (tuple, list, frozenset)):
        items = [_plain(each) for each in value]
        return sorted(items, key=str) if isinstance(value, frozenset) else items
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value


# Rules


def _selector(rules: Sequence[type[Rule]]) -> Schema:
    codes = sorted(rule.id for rule in rules)
    return {
        "description": "Rules: a code, a prefix of codes, a name, or ALL.",
        "type": "string",
        "anyOf": [
            {"enum": ["ALL", *codes, *sorted(rule.name for rule in rules)]},
            {"pattern": f"^({'|'.join(('[Aa][Ll][Ll]', *_prefixes(codes)))})$"},
        ],
    }


def _prefixes(codes: Iterable[str]) -> list[str]:
    """For each family of codes (their letters) a pattern for the codes and their prefixes, in any case."""
    families: dict[str, set[str]] = {}
    for code in codes:
        letters = code.rstrip("0123456789")
        digits = code[len(letters) :]
        families.setdefault(letters, set()).update(digits[:length] for length in range(1, len(digits) + 1))
    return [
        "".join(f"[{letter}{letter.lower()}]" for letter in letters) + f"({'|'.join(sorted(starts))})?"
        for letters, starts in sorted(families.items())
    ]


def _tables(rules: Sequence[DescribedRule]) -> Schema:
    """The tables `rules.<name or code>`."""
    place = "#/properties/rules/properties"
    tables = {each.rule.name: _table(each, f"{place}/{each.rule.name}") for each in rules}
    codes = {each.rule.id: {"$ref": f"{place}/{each.rule.name}"} for each in rules}
    return {"additionalProperties": False, "properties": {**tables, **codes}}


def _table(described: DescribedRule, place: str) -> Schema:
    rule, summary = described
    options = {name: _option(option) for name, option in rule.options().items()}
    return {
        "title": f"{rule.id} {rule.name}",
        "description": summary,
        "type": "object",
        **_members({"severity": _SEVERITY, **options}, f"{place}/properties"),
    }


def _option(option: Option[Any]) -> Schema:
    """An option as `mllint.config.options` checks it: by the type of its default, and its choices."""
    described: Schema = {"description": option.doc, **_typed(option)}
    if option.default is not None:
        described["default"] = _plain(option.default)
    return described


def _typed(option: Option[Any]) -> Schema:
    choices = list(option.choices)
    if not choices:
        return _like(option.default)
    if all(isinstance(each, str) for each in choices) and not isinstance(option.default, str):
        return {"type": "array", "items": {"enum": choices}}
    return {"enum": choices}


def _like(default: object) -> Schema:
    """What `mllint.config.values.like` takes in place of a default."""
    for kind, made in _TYPES:
        if isinstance(default, kind):
            return made(default)
    return {}


def _items(default: Iterable[object]) -> Schema:
    return {"type": "array", "items": _like(next(iter(default), ""))}


#: A boolean is an integer for Python, so that it comes first.
_TYPES: tuple[tuple[type | tuple[type, ...], Callable[[Any], Schema]], ...] = (
    (bool, lambda _: {"type": "boolean"}),
    (int, lambda _: {"type": "integer"}),
    (float, lambda _: {"type": "number"}),
    (str, lambda _: _TEXT),
    ((tuple, list, frozenset), _items),
    (Mapping, lambda _: {"type": "object"}),
)
