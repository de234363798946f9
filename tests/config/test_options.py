"""The table of a rule in the configuration."""

from __future__ import annotations

import pytest

from mllint.config.errors import ConfigError
from mllint.config.options import RuleTable, check_rule_table
from mllint.finding import Severity
from mllint.rule import Option, Rule


class Big(Rule):
    """A rule with an option of each type."""

    id, name = "ML401", "big-model"
    max_size = Option(10, "A whole number.")
    ratio = Option(0.5, "A number.")
    strict = Option(False, "A flag.")
    mode = Option("fast", "A word.", choices=("fast", "slow"))
    suffixes = Option((".pt",), "Words.")
    ports = Option((80,), "Numbers.")
    names: Option[tuple[str, ...]] = Option((), "Words, none by default.")
    only = Option(("a",), "Some of a few words.", choices=("a", "b"))
    level = Option(1, "A few numbers.", choices=(1, 2))
    sizes: Option[dict[str, object]] = Option({}, "A table.")
    anything: Option[str | None] = Option(None, "Whatever.")


@pytest.mark.parametrize(
    ("table", "settings"),
    [
        ({}, {}),
        ({"max-size": 5}, {"max_size": 5}),
        ({"max_size": 5}, {"max_size": 5}),
        ({"ratio": 1}, {"ratio": 1.0}),
        ({"strict": True}, {"strict": True}),
        ({"mode": "slow"}, {"mode": "slow"}),
        ({"suffixes": [".a", ".b"]}, {"suffixes": (".a", ".b")}),
        ({"ports": [1]}, {"ports": (1,)}),
        ({"names": ["x"]}, {"names": ("x",)}),
        ({"only": ["b"]}, {"only": ("b",)}),
        ({"level": 2}, {"level": 2}),
        ({"sizes": {"a": 1}}, {"sizes": {"a": 1}}),
        ({"anything": "x"}, {"anything": "x"}),
    ],
)
def test_options(table: dict[str, object], settings: dict[str, object]) -> None:
    checked = check_rule_table(Big, table, "rules.ML401")

    assert checked == RuleTable(settings)
    rule = Big(checked.settings)
    assert all(getattr(rule, name) == value for name, value in settings.items())


def test_severity() -> None:
    assert check_rule_table(Big, {"severity": "error"}, "r") == RuleTable({}, Severity.ERROR)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            {"max-sise": 5},
            'unknown key "rules.ML401.max-sise": ML401 (big-model) has no such option (did you mean "max-size"?)',
        ),
        ({"zzz": 5}, "; it has max-size, ratio, strict,"),
        ({"severty": "error"}, 'did you mean "severity"?'),
        ({"max-size": 5, "max_size": 6}, "is written twice"),
        ({"max-size": "5"}, '"rules.ML401.max-size" must be a whole number, not a string'),
        ({"max-size": True}, "must be a whole number, not a boolean"),
        ({"max-size": 1.5}, "must be a whole number, not a number"),
        ({"ratio": "x"}, "must be a number, not a string"),
        ({"strict": 1}, "must be true or false"),
        ({"mode": "slo"}, '"rules.ML401.mode" must be one of "fast", "slow", not "slo" (did you mean "slow"?)'),
        ({"suffixes": ".pt"}, "must be a list, not a string"),
        ({"suffixes": [1]}, '"rules.ML401.suffixes[0]" must be a string'),
        ({"ports": ["a"]}, '"rules.ML401.ports[0]" must be a whole number'),
        ({"only": ["c"]}, '"rules.ML401.only" must be one of "a", "b", not "c"'),
        ({"level": 3}, '"rules.ML401.level" must be one of 1, 2'),
        ({"sizes": []}, "must be a table, not a list"),
        ({"severity": "bad"}, '"rules.ML401.severity" must be one of "error", "warning", "info", not "bad"'),
    ],
)
def test_messages(table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_rule_table(Big, table, "rules.ML401")
    assert message in str(caught.value)
