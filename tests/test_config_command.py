"""`mllint config`: the settings of a file, and the schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from mllint.cli import main
from mllint.commands.configuration import view
from mllint.config.load import Configuration
from mllint.config.settings import KEYS, Settings
from mllint.plugins import load_plugins
from tools.regenerate import config_schema

TOML = """\
[tool.mllint]
driver = "535.104.05"
extend-select = ["base-image-without-digest"]
ignore = ["ML503"]
per-file-ignores = { "notebooks/*" = ["ML5"] }
severity = { ML601 = "error" }
build-args = { CUDA = "12.4.1", TAG = "a" }
baseline = "known.json"

[tool.mllint.rules.model-baked-in]
max-model-size = 50
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a configuration, as the current folder."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(TOML, encoding="utf-8")
    for name in ("Dockerfile", "notebooks/Dockerfile", "app/.keep"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("FROM scratch\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["config", *arguments])


def shown(*arguments: str) -> dict[str, Any]:
    result = run("show", "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)  # type: ignore[no-any-return]


def test_each_value_says_where_it_comes_from() -> None:
    settings = shown("--gpu", "H100", "--build-arg", "TAG=b", "--fail-on", "error")["settings"]

    assert settings["driver"] == {"value": "535.104.05", "from": "pyproject.toml"}
    assert settings["gpu"] == {"value": "H100", "from": "the command line"}
    assert settings["fail-on"] == {"value": "error", "from": "the command line"}
    assert settings["profile"] == {"value": "default", "from": "default"}
    assert settings["target"] == {"value": None, "from": "default"}
    assert settings["build-args"] == {
        "value": {"CUDA": "12.4.1", "TAG": "b"},
        "from": "pyproject.toml and the command line",
    }
    assert settings["severity"] == {"value": {"ML601": "error"}, "from": "pyproject.toml"}
    assert list(settings) == [key.name for key in KEYS]


def test_the_command_line_replaces_what_is_no_table() -> None:
    assert shown("--driver", "550")["settings"]["driver"] == {"value": "550", "from": "the command line"}


def test_the_rules_that_are_on_depend_on_the_file() -> None:
    def codes(path: str) -> set[str]:
        return {rule["id"] for rule in shown(path)["rules"]}

    assert "ML501" in codes("Dockerfile")
    assert "ML501" not in codes("notebooks/Dockerfile")
    assert codes(".") == codes("Dockerfile")
    assert "ML503" not in codes(".")
    assert "ML102" in codes(".")


def test_the_file_is_named() -> None:
    assert shown("notebooks")["file"] == "pyproject.toml"
    assert shown("--isolated")["file"] is None
    assert run("show", "--isolated").output.startswith("# The settings for .; there is no configuration file.\n")


def meaning(settings: Settings) -> dict[str, Any]:
    """What settings come to, whatever they were read from."""
    left_out = {"path", "origin", "prefix", "in_file", "in_call", "selectors"}
    kept = {name: value for name, value in settings._asdict().items() if name not in left_out}
    # Paths of the command line are relative to the current folder, which is the configuration's here.
    for name in ("context", "baseline"):
        kept[name] = str(Path(kept[name]).resolve()) if kept[name] is not None else None
    return kept


Fed = Callable[..., "tuple[Settings, Settings]"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"driver": "550.54.14", "gpu": "L4", "role": "job", "fail-on": "info"},
        {"context": "app", "baseline": "other.json"},
        {"select": ["ML1"], "ignore": ["ML104"]},
        {"extend-select": ["ML5"], "profile": "strict"},
        {"build-args": {"A": "true", "B": "08"}, "extend-exclude": ["x", "*.y"], "respect-gitignore": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("text", [TOML, "[tool.mllint]\n", '[tool.mllint]\nhadolint = true\nselect = ["ML"]\n'])
def test_what_is_shown_can_be_fed_back(repository: Path, text: str, options: dict[str, Any]) -> None:
    registry = load_plugins(isolated=True)
    (repository / "pyproject.toml").write_text(text, encoding="utf-8")
    (repository / ".hadolint.yaml").write_text("ignored: [DL3013, DL3006]\n", encoding="utf-8")
    before = Configuration(overrides=options).for_file("Dockerfile")
    arguments = [word for name, value in options.items() for word in as_options(name, value)]
    result = run("show", *arguments)
    assert result.exit_code == 0, result.output
    (repository / ".mllint.yaml").write_text(result.output, encoding="utf-8")
    after = Configuration().for_file("Dockerfile")

    assert after.path is not None
    assert after.path.endswith(".mllint.yaml")
    assert meaning(after) == meaning(before)
    assert view("", "Dockerfile", after, registry).off == view("", "Dockerfile", before, registry).off
    jsonschema.validate(yaml.safe_load(result.output), json.loads(config_schema()), jsonschema.Draft7Validator)


def as_options(name: str, value: Any) -> list[str]:
    if name == "build-args":
        return [word for pair in value.items() for word in ("--build-arg", "=".join(pair))]
    if name == "respect-gitignore":
        return ["--no-respect-gitignore"]
    if name == "extend-exclude":
        return [word for each in value for word in ("--exclude", each)]
    return [f"--{name}", ",".join(value) if isinstance(value, list) else value]


def test_hadolint_s_part_is_told(repository: Path) -> None:
    (repository / ".hadolint.yaml").write_text("ignored: [DL3013]\n", encoding="utf-8")
    (repository / ".mllint.yaml").write_text("hadolint: true\n", encoding="utf-8")
    lines = run("show").output.splitlines()

    assert "hadolint: true  # .mllint.yaml" in lines
    assert "# left out by hadolint's configuration: ML201" in lines
    assert lines[-1].startswith("# off: ")
    assert "ML201" in lines[-1].split()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), 'there is no file or folder "nowhere"'),
        (("--config", "nowhere.yaml"), "nowhere.yaml: No such file"),
        (("--ignore", "ML9"), 'unknown rule "ML9"'),
        (("--driver", "latest"), '"--driver" must be the version'),
        (("--isolated", "--config", "pyproject.toml"), "--isolated reads no configuration"),
        (("--format", "toml"), "'toml' is not one of"),
    ],
)
def test_what_cannot_be_shown(arguments: tuple[str, ...], message: str) -> None:
    result = run("show", *arguments)

    assert result.exit_code == 2
    assert message in result.output


def test_a_wrong_file_is_an_error(repository: Path) -> None:
    (repository / ".mllint.yaml").write_text("rules:\n  root-user:\n    size: 1\n", encoding="utf-8")
    result = run("show", "notebooks/Dockerfile")

    assert result.exit_code == 2
    assert '.mllint.yaml: unknown key "rules.root-user.size"' in result.output


def test_the_schema_is_printed_or_written(repository: Path) -> None:
    assert run("schema", "--isolated").output == config_schema()
    assert run("schema", "--isolated", "-o", "schema.json").output == ""
    assert (repository / "schema.json").read_text(encoding="utf-8") == config_schema()


def test_a_folder_that_is_called_config_can_be_linted(repository: Path) -> None:
    (repository / "config").mkdir()
    (repository / "config" / "Dockerfile").write_text("FROM python\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--isolated", "config"])

    assert "config/Dockerfile:1:" in result.output
