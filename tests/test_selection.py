"""Which rules are on: ruff's rules of precedence, severities, profiles, options."""

from __future__ import annotations

import pytest

from mllint.config.errors import ConfigError
from mllint.config.settings import Selectors, Settings
from mllint.finding import Severity
from mllint.plugins import Registry
from mllint.rule import Option, Rule
from mllint.selection import Selector, enabled, select
from mllint.source import Source


def make(rule_id: str, name: str, *, default: bool = True, severity: Severity = Severity.WARNING) -> type[Rule]:
    return type(name, (Rule,), {"id": rule_id, "name": name, "default": default, "severity": severity})


class Sized(Rule):
    """A rule with an option."""

    id, name, severity = "ML401", "model-baked-in", Severity.WARNING
    max_size = Option(10, "Size.")


REGISTRY = Registry.of(
    make("ML101", "unpinned-base-image"),
    make("ML102", "base-image-without-digest", default=False, severity=Severity.INFO),
    make("ML103", "end-of-life-base"),
    make("ML201", "unpinned-package", severity=Severity.INFO),
    Sized,
    make("ACME001", "no-latest"),
)


def on(*layers: Selectors, profile: str = "default") -> str:
    return " ".join(sorted(enabled(REGISTRY, Settings(selectors=layers, profile=profile))))


def lists(**named: str) -> Selectors:
    return Selectors(**{key: tuple(value.split()) for key, value in named.items()})


@pytest.mark.parametrize(
    ("layer", "ids"),
    [
        (lists(), "ACME001 ML101 ML103 ML201 ML401"),
        (lists(select="ALL"), "ACME001 ML101 ML103 ML201 ML401"),
        (lists(select="ML"), "ML101 ML103 ML201 ML401"),
        (lists(select=""), ""),
        (lists(select="ML1"), "ML101 ML103"),
        (lists(select="ml1"), "ML101 ML103"),
        (lists(select="ML102"), "ML102"),
        (lists(select="base-image-without-digest"), "ML102"),
        (lists(extend_select="ML102"), "ACME001 ML101 ML102 ML103 ML201 ML401"),
        (lists(extend_select="ML10"), "ACME001 ML101 ML103 ML201 ML401"),
        (lists(ignore="ML1"), "ACME001 ML201 ML401"),
        (lists(ignore="ML1", extend_ignore="ML2"), "ACME001 ML401"),
        (lists(select="ML", ignore="ML10"), "ML201 ML401"),
        (lists(select="ML10", ignore="ML"), "ML101 ML103"),
        (lists(select="ML101", ignore="ML1"), "ML101"),
        (lists(select="ML1", ignore="ML101"), "ML103"),
        (lists(select="ML101", ignore="ML101"), ""),
        (lists(select="ML101", ignore="unpinned-base-image"), ""),
        (lists(select="unpinned-base-image", ignore="ML101"), ""),
        (lists(select="unpinned-base-image", ignore="ML10"), "ML101"),
        (lists(select="ML1", ignore="ALL"), "ML101 ML103"),
        (lists(select="ALL", ignore="ML1", extend_select="ML101"), "ACME001 ML101 ML201 ML401"),
        (lists(select="ML2", extend_select="ML4"), "ML201 ML401"),
        (lists(select="ML102", ignore="ML10"), "ML102"),
    ],
)
def test_one_place(layer: Selectors, ids: str) -> None:
    assert on(layer) == ids


@pytest.mark.parametrize(
    ("file", "line", "ids"),
    [
        (lists(select="ML1"), lists(select="ML2"), "ML201"),
        (lists(select="ML1"), lists(extend_select="ML2"), "ML101 ML103 ML201"),
        (lists(select="ML1"), lists(ignore="ML101"), "ML103"),
        # A weaker selector of the command line wins over a stronger one of the file.
        (lists(select="ML101"), lists(ignore="ML"), ""),
        (lists(ignore="ML101"), lists(extend_select="ML1"), "ACME001 ML101 ML103 ML201 ML401"),
        # A `select` on the command line drops the file's `ignore` …
        (lists(ignore="ML101"), lists(select="ML1"), "ML101 ML103"),
        (lists(select="ML", ignore="ML101"), lists(select="ML1"), "ML101 ML103"),
        # … but for a file that only ignores.
        (lists(select="", ignore="ML101"), lists(select="ML1"), "ML103"),
        (lists(select="", ignore="ML1"), lists(select="ML101"), "ML101"),
        (lists(ignore="ML101"), lists(ignore="ML103"), "ACME001 ML201 ML401"),
        (lists(), lists(), "ACME001 ML101 ML103 ML201 ML401"),
    ],
)
def test_the_command_line_over_the_file(file: Selectors, line: Selectors, ids: str) -> None:
    assert on(file, line) == ids


@pytest.mark.parametrize(
    ("layer", "ids"),
    [
        (lists(), "ACME001 ML101 ML102 ML103 ML201 ML401"),
        (lists(select="ML1"), "ML101 ML102 ML103"),
        (lists(ignore="ML102"), "ACME001 ML101 ML103 ML201 ML401"),
    ],
)
def test_the_strict_profile_turns_all_rules_on(layer: Selectors, ids: str) -> None:
    assert on(layer, profile="strict") == ids


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            Selectors(select=("ML999",), origin="pyproject.toml: tool.mllint."),
            'pyproject.toml: tool.mllint.select: unknown rule "ML999"',
        ),
        (
            Selectors(ignore=("unpinned-base-imag",), origin="--"),
            '--ignore: unknown rule "unpinned-base-imag" (did you mean "unpinned-base-image"?)',
        ),
        (Selectors(extend_select=("ML7",), origin="--"), '--extend-select: unknown rule "ML7"'),
        (Selectors(extend_ignore=("M",), origin="--"), '--extend-ignore: unknown rule "M"'),
    ],
)
def test_an_unknown_selector(layer: Selectors, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        on(layer)
    assert message in str(caught.value)


def selected(settings: Settings, path: str = "/p/Dockerfile") -> list[str]:
    return [rule.id for rule in select(REGISTRY, settings, path)]


@pytest.mark.parametrize(
    ("ignores", "path", "ids"),
    [
        ({"Dockerfile": ("ML1",)}, "/p/a/Dockerfile", ["ML201"]),
        ({"Dockerfile": ("ML1",)}, "/p/a/Dockerfile.gpu", ["ML101", "ML103", "ML201"]),
        ({"a/*": ("ML101", "ML2")}, "/p/a/b/Dockerfile", ["ML103"]),
        ({"a/*": ("ML101",), "**/b/*": ("unpinned-package",)}, "/p/a/b/Dockerfile", ["ML103"]),
        ({"!a/*": ("ML1",)}, "/p/b/Dockerfile", ["ML201"]),
        ({"!a/*": ("ML1",)}, "/p/a/Dockerfile", ["ML101", "ML103", "ML201"]),
        ({"*": ("ALL",)}, "/p/a/Dockerfile", []),
    ],
)
def test_per_file_ignores(ignores: dict[str, tuple[str, ...]], path: str, ids: list[str]) -> None:
    # As in ruff, they beat even a selector that names the rule.
    layer = lists(select="ML101 ML103 ML2")

    assert selected(Settings(root="/p", selectors=(layer,), per_file_ignores=ignores), path) == ids


def test_per_file_ignores_of_an_unknown_rule() -> None:
    settings = Settings(origin="p.toml: ", prefix="tool.mllint.", per_file_ignores={"a": ("ML9",)})
    with pytest.raises(ConfigError, match=r'^p\.toml: tool\.mllint\.per-file-ignores\.a: unknown rule "ML9"'):
        selected(settings)


def severities(settings: Settings) -> dict[str, Severity]:
    source = Source("Dockerfile", "FROM x")
    rules = select(REGISTRY, settings, "/p/Dockerfile")
    return {rule.id: rule.finding(source.span(0, 1), "").severity for rule in rules}


def test_severity_overrides_by_the_most_specific_selector() -> None:
    settings = Settings(
        severity={"ML101": Severity.INFO, "ML": Severity.ERROR, "end-of-life-base": Severity.WARNING},
        rules={"unpinned-package": {"severity": "warning"}},
    )

    assert severities(settings) == {
        "ML101": Severity.INFO,
        "ML103": Severity.WARNING,
        "ML201": Severity.WARNING,
        "ML401": Severity.ERROR,
        "ACME001": Severity.WARNING,
    }


def test_strict_raises_advice_to_warnings_but_for_what_the_user_said() -> None:
    found = severities(Settings(profile="strict", severity={"ML102": Severity.INFO}))

    assert found["ML201"] is Severity.WARNING
    assert found["ML102"] is Severity.INFO


def test_severity_of_an_unknown_rule() -> None:
    with pytest.raises(ConfigError, match=r'^p\.toml: severity: unknown rule "ML9"'):
        selected(Settings(origin="p.toml: ", severity={"ML9": Severity.INFO}))


@pytest.mark.parametrize("word", ["ML401", "model-baked-in"])
def test_options_by_code_and_by_name(word: str) -> None:
    (rule,) = select(REGISTRY, Settings(selectors=(lists(select="ML4"),), rules={word: {"max-size": 3}}), "x")

    assert isinstance(rule, Sized)
    assert rule.max_size == 3


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            {"ML401": {"max-sise": 1}},
            'p.toml: unknown key "t.rules.ML401.max-sise": ML401 (model-baked-in) has no such',
        ),
        ({"model-baked": {}}, 'p.toml: t.rules: unknown rule "model-baked" (did you mean "model-baked-in"?)'),
        ({"ML4": {}}, 'p.toml: t.rules: "ML4" is not a single rule'),
        ({"ALL": {}}, 'p.toml: t.rules: "ALL" is not a single rule'),
        ({"ML401": {}, "model-baked-in": {}}, "ML401 is configured twice"),
    ],
)
def test_wrong_tables(rules: dict[str, dict[str, object]], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        selected(Settings(origin="p.toml: ", prefix="t.", rules=rules))
    assert message in str(caught.value)


def test_the_rules_of_one_configuration_are_made_once() -> None:
    selector = Selector(REGISTRY)
    settings = Settings(root="/p", per_file_ignores={"a/*": ("ML1",)})
    first = selector.select(settings, "/p/Dockerfile")

    assert selector.select(settings, "/p/b/Dockerfile") is first
    assert selector.select(settings, "/p/a/Dockerfile") is not first
    assert selector.select(settings, "/p/a/Dockerfile") is selector.select(settings, "/p/a/Dockerfile.gpu")
    assert selector.select(Settings(), "/p/Dockerfile") is not first


def test_rules_that_are_not_selected_are_not_loaded() -> None:
    from mllint.plugins import Entry

    registry = Registry({"ML101": Entry("not_there:X", "acme"), "ML201": REGISTRY._entries["ML201"]})
    registry._loaded["ML201"] = REGISTRY.load("ML201")

    assert enabled(registry, Settings(selectors=(lists(select="ML2"),))) == {"ML201"}
