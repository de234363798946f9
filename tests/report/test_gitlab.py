"""GitLab's Code Quality report, against what GitLab's documentation and its reader ask of an issue."""

from __future__ import annotations

import io
import json
from typing import Any

import jsonschema

from mllint.finding import Severity, Suppression
from mllint.report import gitlab
from mllint.report.run import Run
from mllint.report.style import Style
from mllint.source import Source

_POSITION = {
    "type": "object",
    "required": ["line", "column"],
    "additionalProperties": {"type": "integer", "minimum": 1},
}
SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1, "pattern": "^[^\\n]*$"},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines", "positions"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\.{0,2}/)[^\\]+$"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": {"type": "integer", "minimum": 1},
                    },
                    "positions": {"type": "object", "properties": {"begin": _POSITION, "end": _POSITION}},
                },
            },
        },
    },
}


def written(run: Run) -> list[dict[str, Any]]:
    out = io.StringIO()
    gitlab.write(run, out, Style())
    assert not out.getvalue().startswith("\ufeff")
    document = json.loads(out.getvalue())
    jsonschema.validate(document, SCHEMA)
    assert len({issue["fingerprint"] for issue in document}) == len(document)
    assert isinstance(document, list)
    return document


def test_issues(run: Run) -> None:
    issues = written(run)
    assert [issue["check_name"] for issue in issues] == ["ML102", "ML303", "ML201", "ML501", "ML203"]
    assert [issue["severity"] for issue in issues] == ["info", "critical", "major", "major", "major"]
    error = issues[1]
    assert error["description"].startswith("ML303: `cu122` was never published")
    assert error["location"] == {
        "path": "app/Dockerfile",
        "lines": {"begin": 3, "end": 3},
        "positions": {"begin": {"line": 3, "column": 69}, "end": {"line": 3, "column": 74}},
    }
    assert issues[-1]["location"]["path"] == "app/requirements.txt"


def test_clean_is_an_empty_list(make: Any) -> None:
    hidden = make.finding(Source("Dockerfile", "FROM a\n").span(0, 4), suppressed=Suppression("baseline", None))
    assert written(make.run()) == []
    assert written(make.run(hidden)) == []


def test_fingerprints_tell_equal_findings_apart_and_do_not_move(make: Any) -> None:
    def fingerprints(text: str) -> list[str]:
        source = Source("Dockerfile", text)
        at = [number for number, char in enumerate(text) if char == "R"]
        found = [
            make.finding(source.span(start, start + 3), key="k1") for start in at if text[start:].startswith("RUN")
        ]
        return [issue["fingerprint"] for issue in written(make.run(*found))]

    before = fingerprints("FROM a\nRUN x\nRUN x\n")
    assert len(before) == 2
    assert fingerprints("ARG v\nFROM a\n# more\nRUN x\nENV a=b\nRUN x\n") == before
    assert fingerprints("FROM a\nRUN x\n") == before[:1]


def test_rule_path_and_instruction_each_matter(make: Any) -> None:
    span = Source("Dockerfile", "FROM a\n").span(0, 4)
    other = Source("b/Dockerfile", "FROM a\n").span(0, 4)
    findings = [
        make.finding(span, key="k1"),
        make.finding(span, key="k2"),
        make.finding(span, "ML102", Severity.INFO, key="k1"),
        make.finding(other, key="k1"),
    ]
    assert len({issue["fingerprint"] for issue in written(make.run(*findings))}) == 4
