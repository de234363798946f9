"""What is taken over from a hadolint configuration, and the table of correspondences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mllint.config import hadolint
from mllint.config.errors import ConfigError
from mllint.config.load import Configuration
from mllint.knowledge import hadolint as table
from mllint.plugins import Registry, load_plugins
from mllint.selection import enabled

ALL_CODES = [each.code for each in table.RULES]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins(isolated=True)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def off(registry: Registry, ours: str, theirs: str, name: str = ".hadolint.yaml", **overrides: object) -> set[str]:
    """The rules that a configuration turns off beside one of hadolint."""
    Path(".mllint.yaml").write_text(ours, encoding="utf-8")
    Path(name).write_text(theirs, encoding="utf-8")
    default = {each for each in registry.ids if registry.load(each).default}
    return default - enabled(registry, Configuration(overrides=overrides).for_file("Dockerfile"))


def test_the_table_and_the_aliases_of_the_rules_say_the_same(registry: Registry) -> None:
    aliases = {
        (alias, rule_id) for rule_id in registry.ids for alias in registry.load(rule_id).aliases if alias[:2] == "DL"
    }

    assert {(each.code, each.rule) for each in table.RULES} == aliases


def test_the_table_is_sorted_and_dated() -> None:
    assert sorted(set(ALL_CODES)) == ALL_CODES
    assert all(re.fullmatch(r"DL\d{4}", code) for code in ALL_CODES)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", table.CHECKED)


def test_codes_that_mean_the_same_rule_are_gathered() -> None:
    assert hadolint.corresponding(["DL3042", "DL3007", "SC2086", "DL3006"]) == {
        "ML101": ("DL3006", "DL3007"),
        "ML205": ("DL3042",),
    }


@pytest.mark.parametrize("code", [each.code for each in table.RULES if not each.same])
def test_what_only_meets_is_not_taken_over(code: str) -> None:
    """Who allows `cd` in a RUN has not said that a lost one is fine."""
    assert hadolint.corresponding([code]) == {}


def test_the_key_leaves_out_what_hadolint_ignores(registry: Registry) -> None:
    theirs = "ignored: [DL3008, DL3013, DL3003, SC2046]\nfailure-threshold: error\n"

    assert off(registry, "hadolint: true\n", theirs) == {"ML201"}
    assert off(registry, "hadolint: true\n", theirs, ".hadolint.yml") == {"ML201"}


def test_without_the_key_hadolint_s_file_says_nothing(registry: Registry) -> None:
    assert off(registry, "", "ignored: [DL3013]\n") == set()
    assert off(registry, "hadolint: false\n", "ignored: 3\n") == set()


def test_the_first_name_holds_alone(registry: Registry, repository: Path) -> None:
    (repository / ".hadolint.yml").write_text("ignored: [DL3042]\n", encoding="utf-8")

    assert off(registry, "hadolint: true\n", "ignored: [DL3013]\n") == {"ML201"}


def test_a_prefix_does_not_turn_it_on_again_and_a_code_or_name_does(registry: Registry) -> None:
    assert "ML201" in off(registry, "hadolint: true\nselect: [ML, ML2, ML20]\n", "ignored: [DL3013]\n")
    assert off(registry, "hadolint: true\nextend-select: [ML201]\n", "ignored: [DL3013]\n") == set()
    assert off(registry, "hadolint: true\nextend-select: [unpinned-package]\n", "ignored: [DL3013]\n") == set()
    assert off(registry, "hadolint: true\n", "ignored: [DL3013]\n", **{"extend-select": ["ML2"]}) == set()


def test_the_file_beside_the_configuration_is_read(registry: Registry, repository: Path) -> None:
    (repository / "services").mkdir()
    (repository / "services" / ".hadolint.yaml").write_text("ignored: [DL3042]\n", encoding="utf-8")
    off(registry, "hadolint: true\n", "ignored: [DL3013]\n")
    settings = Configuration().for_file("services/Dockerfile")

    assert settings.selectors[0].from_hadolint == ("ML201",)


@pytest.mark.parametrize(
    ("theirs", "message"),
    [
        (None, '.mllint.yaml: "hadolint" is true, but there is no .hadolint.yaml beside the file'),
        ("ignored: 3\n", '.mllint.yaml: .hadolint.yaml: "ignored" must be a list of strings, not a whole number'),
        ("ignored: [3]\n", '.mllint.yaml: .hadolint.yaml: "ignored[0]" must be a string, not a whole number'),
        ("ignored: [\n", ".mllint.yaml: .hadolint.yaml: not valid YAML"),
        ("- DL3013\n", ".mllint.yaml: .hadolint.yaml: a configuration must be a table"),
    ],
)
def test_what_cannot_be_used(repository: Path, theirs: str | None, message: str) -> None:
    (repository / ".mllint.yaml").write_text("hadolint: true\n", encoding="utf-8")
    if theirs is not None:
        (repository / ".hadolint.yaml").write_text(theirs, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Configuration().for_file("Dockerfile")

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "registries"),
    [
        ("trustedRegistries: [docker.io, '*.example.com']\n", ("docker.io", "*.example.com")),
        ("trustedRegistries: docker.io\n", ("docker.io",)),
        ("trustedRegistries:\n", ()),
        ("", ()),
    ],
)
def test_the_trusted_registries_are_read(repository: Path, text: str, registries: tuple[str, ...]) -> None:
    path = repository / ".hadolint.yaml"
    path.write_text(text, encoding="utf-8")

    assert hadolint.read(str(path)).trusted_registries == registries
