"""reviewdog's format, against a schema of the messages that are documented, and by applying suggestions."""

from __future__ import annotations

import io
import json
from typing import Any

import jsonschema
import pytest

from mllint.finding import Applicability, Edit, Fix
from mllint.report import rdjson
from mllint.report.run import Run
from mllint.report.style import Style
from mllint.source import Source


def message(required: list[str], **properties: Any) -> dict[str, Any]:
    """A message of the format: its reader refuses fields that it does not know."""
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_POSITION = message(
    ["line", "column"], line={"type": "integer", "minimum": 1}, column={"type": "integer", "minimum": 1}
)
_RANGE = message(["start", "end"], start=_POSITION, end=_POSITION)
_DIAGNOSTIC = message(
    ["message", "location", "severity", "code"],
    message={"type": "string", "minLength": 1},
    location=message(["path", "range"], path={"type": "string", "pattern": "^[^/.]"}, range=_RANGE),
    severity={"enum": ["ERROR", "WARNING", "INFO"]},
    code=message(["value"], value={"type": "string"}, url={"type": "string"}),
    suggestions={"type": "array", "items": message(["range", "text"], range=_RANGE, text={"type": "string"})},
)
SCHEMA = message(
    ["source", "diagnostics"],
    source=message(["name"], name={"const": "mllint"}),
    diagnostics={"type": "array", "items": _DIAGNOSTIC},
)


def written(run: Run) -> list[dict[str, Any]]:
    out = io.StringIO()
    rdjson.write(run, out, Style())
    document = json.loads(out.getvalue())
    jsonschema.validate(document, SCHEMA)
    found = document["diagnostics"]
    assert isinstance(found, list)
    return found


def offset(data: bytes, position: dict[str, int]) -> int:
    """Where a position is in the bytes of a file: lines and bytes count from 1."""
    lines = data.split(b"\n")
    return sum(len(line) + 1 for line in lines[: position["line"] - 1]) + position["column"] - 1


def applied(source: Source, suggestion: dict[str, Any]) -> str:
    data = source.text.encode()
    start, end = (offset(data, suggestion["range"][side]) for side in ("start", "end"))
    return (data[:start] + suggestion["text"].encode() + data[end:]).decode()


def test_diagnostics(run: Run) -> None:
    found = written(run)
    assert [each["code"]["value"] for each in found] == ["ML102", "ML303", "ML201", "ML501", "ML203"]
    assert [each["severity"] for each in found] == ["INFO", "ERROR", "WARNING", "WARNING", "WARNING"]
    error = found[1]
    assert error["location"] == {
        "path": "app/Dockerfile",
        "range": {"start": {"line": 3, "column": 69}, "end": {"line": 3, "column": 74}},
    }
    assert error["message"].splitlines()[1:] == [
        "app/Dockerfile:1: The base image brings CUDA 12.2.",
        "app/requirements.txt:2: Wanted here.",
    ]
    source = next(finding.span.source for finding in run.findings if finding.rule == "ML303")
    assert applied(source, error["suggestions"][0]) == source.text.replace("/cu122", "/cu121")
    assert found[-1]["location"]["path"] == "app/requirements.txt"


def test_columns_are_bytes(make: Any) -> None:
    source = Source("Dockerfile", 'FROM a\nLABEL x="é🚀" y=z\n')
    at = source.text.index("y=z")
    (found,) = written(make.run(make.finding(source.span(at, at + 3))))
    place = found["location"]["range"]
    data = source.text.encode()
    assert data[offset(data, place["start"]) : offset(data, place["end"])] == b"y=z"


def test_several_edits_are_one_suggestion(make: Any) -> None:
    source = Source("Dockerfile", "FROM é\nRUN a b c\nUSER x\n")
    spans = [source.span(source.text.index(each), source.text.index(each) + 1) for each in ("é", "b", "x")]
    edits = tuple(Edit(span, text) for span, text in zip(reversed(spans), ("app", "", "ü"), strict=True))
    (found,) = written(make.run(make.finding(source.span(0, 4), fix=Fix("Mend it", edits))))
    (suggestion,) = found["suggestions"]
    assert applied(source, suggestion) == "FROM ü\nRUN a  c\nUSER app\n"


def test_an_insertion(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    fix = Fix("Add a user", (Edit(source.span(7, 7), "USER app\n"),))
    (found,) = written(make.run(make.finding(source.span(0, 4), fix=fix)))
    assert applied(source, found["suggestions"][0]) == "FROM a\nUSER app\n"


@pytest.mark.parametrize("kind", ["shown only", "no edits", "another file"])
def test_fixes_that_are_no_suggestions(make: Any, kind: str) -> None:
    source = Source("Dockerfile", "FROM a\n")
    other = Source("requirements.txt", "torch\n")
    edit = Edit(source.span(0, 1), "f")
    fix = {
        "shown only": Fix("See", (edit,), Applicability.DISPLAY),
        "no edits": Fix("See"),
        "another file": Fix("See", (edit, Edit(other.span(0, 1), "T"))),
    }[kind]
    (found,) = written(make.run(make.finding(source.span(0, 4), fix=fix)))
    assert "suggestions" not in found
