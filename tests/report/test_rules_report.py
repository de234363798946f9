from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import mllint
from mllint.cli import main
from mllint.finding import Severity
from mllint.report.rules_report import write_page, write_rules
from mllint.report.style import Style

SCHEMA = json.loads((Path(mllint.__file__).parent / "schemas" / "rules.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def rules(make: Any) -> list[Any]:
    return [
        make.rule("ML303", Severity.ERROR, name="unknown-cuda-wheel-index", summary="An index | that was never there."),
        make.rule("ML101", name="unpinned", summary="It floats.", url="https://docs.example/ML101", tags=("base",)),
    ]


def listed(rules: list[Any], name: str, **style: Any) -> str:
    out = io.StringIO()
    write_rules(rules, name, out, Style()._replace(**style))
    return out.getvalue()


def test_text(rules: list[Any]) -> None:
    assert listed(rules, "text") == (
        "ML101  warning  unpinned                  It floats.\n"
        "ML303  error    unknown-cuda-wheel-index  An index | that was never there.\n"
    )


def test_text_is_wrapped_on_a_terminal_only(rules: list[Any]) -> None:
    long = [rules[0]._replace(summary="word " * 30)]
    assert len(listed(long, "text").splitlines()) == 1
    wrapped = listed(long, "text", color=True).splitlines()
    assert len(wrapped) > 2
    assert wrapped[1].startswith(" " * 42 + "word")


def test_a_rule_without_a_summary(rules: list[Any]) -> None:
    assert listed([rules[1]._replace(summary="")], "text") == "ML101  warning  unpinned\n"


def test_json(rules: list[Any]) -> None:
    first, second = json.loads(listed(rules, "json"))
    assert first == {
        "id": "ML101",
        "name": "unpinned",
        "severity": "warning",
        "summary": "It floats.",
        "help": "One sentence.\n",
        "url": "https://docs.example/ML101",
        "tags": ["base"],
        "security_severity": None,
        "confidence": "high",
        "plugin": None,
    }
    assert second["url"] is None


def test_the_schema_of_the_listing_is_closed() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    rule = SCHEMA["$defs"]["rule"]

    assert rule["additionalProperties"] is False
    assert rule["required"] == list(rule["properties"])
    assert all(member["description"].endswith(".") for member in rule["properties"].values())


def test_the_listing_follows_its_schema(rules: list[Any]) -> None:
    foreign = rules[0]._replace(plugin="acme-rules", security_severity="8.0")
    jsonschema.validate(json.loads(listed([*rules, foreign], "json")), SCHEMA)
    printed = json.loads(CliRunner().invoke(main, ["rules", "--isolated", "--format", "json"]).output)
    jsonschema.validate(printed, SCHEMA)

    assert len(printed) > 80
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**printed[0], "severity": "note"}], SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**printed[0], "more": 1}], SCHEMA)


def test_a_plugin_s_rule_says_where_it_comes_from(rules: list[Any]) -> None:
    foreign = [rules[1]._replace(plugin="acme-rules"), rules[0]._replace(summary="", plugin="acme-rules")]
    first, second = listed(foreign, "text").splitlines()
    assert first.endswith("  It floats. [acme-rules]")
    assert second.endswith("  [acme-rules]")
    assert "| It floats. [acme-rules] |" in listed(foreign, "markdown")
    assert [each["plugin"] for each in json.loads(listed(foreign, "json"))] == ["acme-rules"] * 2
    out = io.StringIO()
    write_page(foreign[0], out, Style())
    assert "Level: **warning**, from acme-rules\n" in out.getvalue()


def test_markdown(rules: list[Any]) -> None:
    assert listed(rules, "markdown").splitlines() == [
        "| code | level | name | what it finds |",
        "|---|---|---|---|",
        "| [ML101](https://docs.example/ML101) | warning | unpinned | It floats. |",
        "| ML303 | error | unknown-cuda-wheel-index | An index \\| that was never there. |",
    ]


def test_no_rules() -> None:
    assert listed([], "text") == ""
    assert json.loads(listed([], "json")) == []


def test_an_unknown_format_writes_nothing(rules: list[Any]) -> None:
    with pytest.raises(ValueError, match="unknown format 'xml'; known formats: text, json, markdown"):
        listed(rules, "xml")


PAGE = """It floats.

## Why is this bad?

`latest` moves.

```dockerfile
FROM a
```
"""


def page(rule: Any, **style: Any) -> str:
    out = io.StringIO()
    write_page(rule, out, Style()._replace(**style))
    return out.getvalue()


def test_a_page_in_a_pipe_is_markdown(rules: list[Any]) -> None:
    rule = rules[1]._replace(help=PAGE)
    expected = f"# ML101 unpinned\n\nLevel: **warning**\n\n{PAGE.strip()}\n\nhttps://docs.example/ML101\n"
    assert page(rule) == expected
    assert page(rule, color=True, unicode=False) == expected


def test_a_page_on_a_terminal_is_laid_out(rules: list[Any]) -> None:
    text = page(rules[1]._replace(help=PAGE), color=True)
    assert "Why is this bad?" in text
    assert "##" not in text
    assert "```" not in text
    # No background of its own: it would be a blot on a light terminal.
    assert "\x1b[40m" not in text
    assert ";40m" not in text


def test_a_rule_without_a_page_has_its_summary(rules: list[Any]) -> None:
    assert "An index | that was never there." in page(rules[0]._replace(help=""))
