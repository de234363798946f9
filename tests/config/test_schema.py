"""The schema of the configuration: it is valid, it is what is shipped, and it agrees with the loader."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from mllint.config.errors import ConfigError
from mllint.config.load import Configuration
from mllint.config.options import check_rule_table
from mllint.config.schema import DescribedRule, schema
from mllint.config.settings import KEYS, Kind
from mllint.pages import page
from mllint.plugins import Registry, load_plugins
from mllint.rule import Option, Rule
from mllint.selection import Selection
from tools.regenerate import CONFIG_SCHEMA, ROOT, config_schema

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REGISTRY = load_plugins(isolated=True)
SCHEMA = json.loads(config_schema())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

GOOD: list[dict[str, Any]] = [
    {},
    {"select": []},
    {"select": ["ALL", "all", "ML", "ml3", "ML30", "ML303", "ml303", "unknown-cuda-wheel-index"]},
    {"extend-select": ["base-image-without-digest"], "extend-ignore": ["ML5"]},
    {"extend_select": ["ML102"], "extend_ignore": ["ML5"], "per_file_ignores": {}},
    {"per-file-ignores": {"notebooks/*": ["ML5", "root-user"], "!docker/*": ["ALL"], "": []}},
    {"severity": {"ML601": "error", "ML5": "info", "root-user": "warning", "ALL": "info"}},
    {"profile": "strict", "fail-on": "never", "role": "job"},
    {"driver": "535"},
    {"driver": "535.104.05"},
    {"driver": 535},
    {"gpu": "H100", "target": "runtime", "context": "..", "baseline": "known.json"},
    {"build-args": {"CUDA": "12.4.1", "PORT": 80, "DEBUG": True, "EMPTY": ""}},
    {"build-args": ["CUDA=12.4", "A=", "B=x=y"]},
    {"exclude": [], "extend-exclude": ["third_party", ""], "respect-gitignore": False, "force_exclude": True},
    {"require-ignore-reason": True, "hadolint": False},
    {"hadolint": True},
    {"rules": {"model-baked-in": {"max-model-size": 50, "severity": "error"}, "ML503": {}, "no-command": {}}},
    {"rules": {"ML401": {"max_model_size": -1}, "open-jupyter": {"gateway": True}}},
]

BAD: list[dict[str, Any]] = [
    {"selct": []},
    {"select": "ML1"},
    {"select": ["ML9"]},
    {"select": ["ML1", ""]},
    {"select": ["M"]},
    {"select": ["ML3033"]},
    {"ignore": ["DL3006"]},
    {"ignore": ["rootuser"]},
    {"ignore": [3]},
    {"ignore": None},
    {"per-file-ignores": ["ML5"]},
    {"per-file-ignores": {"notebooks/*": "ML5"}},
    {"per-file-ignores": {"notebooks/*": ["nothing-of-ours"]}},
    {"severity": {"ML601": "fatal"}},
    {"severity": {"nothing-of-ours": "error"}},
    {"severity": "error"},
    {"profile": "lax"},
    {"profile": None},
    {"fail-on": "Error"},
    {"fail-on": True},
    {"role": "server"},
    {"driver": 535.1},
    {"driver": "latest"},
    {"driver": "1.2.3.4.5"},
    {"driver": True},
    {"driver": -535},
    {"gpu": ""},
    {"target": " "},
    {"target": 1},
    {"context": []},
    {"build-args": {"CUDA": 12.4}},
    {"build-args": {"CUDA": ["12.4"]}},
    {"build-args": ["CUDA"]},
    {"build-args": ["=12"]},
    {"exclude": "third_party"},
    {"exclude": [1]},
    {"respect-gitignore": "yes"},
    {"force-exclude": 1},
    {"hadolint": ".hadolint.yaml"},
    {"rules": []},
    {"rules": {"nothing-of-ours": {}}},
    {"rules": {"ML4": {}}},
    {"rules": {"ALL": {}}},
    {"rules": {"model-baked-in": 50}},
    {"rules": {"model-baked-in": {"max-size": 50}}},
    {"rules": {"model-baked-in": {"max-model-size": "50"}}},
    {"rules": {"model-baked-in": {"max-model-size": 0.5}}},
    {"rules": {"ML401": {"severity": "fatal"}}},
    {"rules": {"open-jupyter": {"gateway": 1}}},
    {"rules": {"root-user": {"gateway": True}}},
]

#: What the schema leaves to the loader, and what the loader takes besides, out of kindness.
LEFT_TO_THE_LOADER: list[dict[str, Any]] = [
    {"fail-on": "error", "fail_on": "info"},
    {"rules": {"ML401": {}, "model-baked-in": {}}},
    {"rules": {"ML401": {"max-model-size": 1, "max_model_size": 2}}},
]
NOT_AS_SHOWN: list[dict[str, Any]] = [
    {"ignore": ["Root-User"]},
    {"rules": {"ml401": {}}},
    {"per_file-ignores": {}},
]


def accepted(table: dict[str, Any], folder: Path) -> bool:
    """Whether mllint takes a configuration, in a folder where one of hadolint lies."""
    (folder / ".hadolint.yaml").write_text("ignored: [DL3013]\n", encoding="utf-8")
    (folder / ".mllint.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")
    try:
        Selection(REGISTRY, Configuration().for_file(str(folder / "Dockerfile"))).rules("Dockerfile")
    except ConfigError:
        return False
    return True


def documented() -> Iterator[dict[str, Any]]:
    """The configurations that the guides and the README show; that of the plugin's guide has the plugin's rule."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        for language, block in re.findall(r"^```(toml|yaml)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            table = tomllib.loads(block).get("tool", {}).get("mllint") if language == "toml" else yaml.safe_load(block)
            known = {name for key in KEYS for name in (key.name, key.field)}
            if path.name != "plugins.md" and isinstance(table, dict) and known & set(table):
                yield table


def test_it_is_valid_draft_07() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMA["additionalProperties"] is False


def test_the_shipped_schema_is_up_to_date() -> None:
    assert CONFIG_SCHEMA.read_text(encoding="utf-8") == config_schema(), "run `python -m tools.regenerate`"


def test_every_key_is_described() -> None:
    assert list(SCHEMA["properties"]) == [key.name for key in KEYS]
    for key in KEYS:
        assert SCHEMA["properties"][key.name]["description"] == key.doc


def test_every_rule_has_a_table_by_its_name_and_its_code() -> None:
    tables = SCHEMA["properties"]["rules"]["properties"]
    rules = [REGISTRY.load(each) for each in REGISTRY.ids]

    assert set(tables) == {rule.name for rule in rules} | {rule.id for rule in rules}
    for rule in rules:
        assert set(tables[rule.name]["properties"]) == {"severity", *rule.options()}
        assert tables[rule.name]["title"] == f"{rule.id} {rule.name}"
        assert tables[rule.name]["description"] == page(rule).summary


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', config_schema()))

    assert len(references) > 90
    for reference in references:
        found = SCHEMA
        for part in reference.split("/"):
            found = found[part]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_defaults_and_examples_are_accepted(key: Any, tmp_path: Path) -> None:
    described = SCHEMA["properties"][key.name]
    for value in (*described.get("examples", ()), *([described["default"]] if "default" in described else [])):
        assert accepted({key.name: value}, tmp_path)
        assert VALIDATOR.is_valid({key.name: value})


@pytest.mark.parametrize("table", GOOD, ids=json.dumps)
def test_both_accept(table: dict[str, Any], tmp_path: Path) -> None:
    assert accepted(table, tmp_path)
    assert [error.message for error in VALIDATOR.iter_errors(table)] == []


@pytest.mark.parametrize("table", BAD, ids=json.dumps)
def test_both_refuse(table: dict[str, Any], tmp_path: Path) -> None:
    assert not accepted(table, tmp_path)
    assert not VALIDATOR.is_valid(table)


@pytest.mark.parametrize("table", LEFT_TO_THE_LOADER, ids=json.dumps)
def test_what_a_schema_does_not_say(table: dict[str, Any], tmp_path: Path) -> None:
    assert VALIDATOR.is_valid(table)
    assert not accepted(table, tmp_path)


@pytest.mark.parametrize("table", NOT_AS_SHOWN, ids=json.dumps)
def test_what_is_taken_besides(table: dict[str, Any], tmp_path: Path) -> None:
    assert accepted(table, tmp_path)
    assert not VALIDATOR.is_valid(table)


def test_the_documented_configurations_are_valid(tmp_path: Path) -> None:
    tables = list(documented())

    assert len(tables) >= 4
    for table in tables:
        assert accepted(table, tmp_path)
        assert [error.message for error in VALIDATOR.iter_errors(table)] == []


class Everything(Rule):
    """A rule with an option of each type."""

    id, name = "ACME001", "no-latest"
    number = Option(10, "A whole number.")
    ratio = Option(0.5, "A number.")
    flag = Option(False, "A flag.")
    word = Option("a", "A word.")
    mode = Option("fast", "One of two.", choices=("fast", "slow"))
    some_words = Option((".pt",), "Words.")
    ports = Option(frozenset({80}), "Numbers.")
    only = Option(("a",), "Some of two.", choices=("a", "b"))
    level = Option(1, "One or two.", choices=(1, 2))
    sizes: Option[dict[str, object]] = Option({}, "A table.")
    anything: Option[str | None] = Option(None, "Whatever.")


PLUGIN_SCHEMA = schema([DescribedRule(Everything, "It floats.")])
VALUES = (0, -1, 1, 2, 0.5, True, "", "a", "fast", [], ["a"], ["c"], [80], [True], {}, {"a": 1}, [[]])


@pytest.mark.parametrize("name", sorted(Everything.options()))
def test_options_are_checked_as_the_loader_does(name: str) -> None:
    validator = jsonschema.Draft7Validator(PLUGIN_SCHEMA)
    for value in VALUES:
        try:
            check_rule_table(Everything, {name: value}, "rules.no-latest")
            fits = True
        except ConfigError:
            fits = False
        for key in (name, name.replace("-", "_")):
            assert validator.is_valid({"rules": {"no-latest": {key: value}}}) is fits, (name, value)


def test_a_plugin_s_rules_are_known() -> None:
    jsonschema.Draft7Validator.check_schema(PLUGIN_SCHEMA)
    validator = jsonschema.Draft7Validator(PLUGIN_SCHEMA)
    for word in ("ACME001", "acme0", "ACME", "no-latest", "ALL"):
        assert validator.is_valid({"select": [word]}), word
    assert not validator.is_valid({"select": ["ML1"]})
    assert PLUGIN_SCHEMA["properties"]["rules"]["properties"]["no-latest"]["properties"]["some-words"] == {
        "description": "Words.",
        "type": "array",
        "items": {"type": "string", "pattern": r"\S"},
        "default": [".pt"],
    }


def test_there_is_a_schema_for_every_kind() -> None:
    for kind in Kind:
        assert any(key.kind is kind for key in KEYS), kind


def test_the_registry_of_the_tests_is_that_of_the_built_in_rules() -> None:
    assert isinstance(REGISTRY, Registry)
    assert len(REGISTRY.ids) > 80
