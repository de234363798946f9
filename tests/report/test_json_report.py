from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import mllint
from mllint.report.encode import encode
from mllint.report.json_report import write
from mllint.report.run import Run
from mllint.report.style import Style
from mllint.source import Source

SCHEMA = json.loads((Path(mllint.__file__).parent / "schemas" / "report.schema.json").read_text(encoding="utf-8"))


def written(run: Run) -> Any:
    out = io.StringIO()
    write(run, out, Style())
    return json.loads(out.getvalue())


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every description of an object in the schema."""
    found = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
    items = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return found + [inner for item in items for inner in objects(item)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_is_closed_and_says_what_everything_is() -> None:
    described = objects(SCHEMA)
    assert len(described) == 10
    for item in described:
        assert item["additionalProperties"] is False
        assert set(item["required"]) == set(item["properties"])
        for name, property_ in item["properties"].items():
            assert property_.get("description") or "$ref" in property_, name


def test_a_full_run_follows_the_schema(run: Run) -> None:
    jsonschema.validate(written(run), SCHEMA)


def test_an_empty_run_follows_the_schema() -> None:
    document = written(Run("1"))
    jsonschema.validate(document, SCHEMA)
    assert document["findings"] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.pop("summary"),
        lambda document: document.update(extra=1),
        lambda document: document["findings"][0].update(line=0),
        lambda document: document["findings"][0].update(severity="fatal"),
        lambda document: document["findings"][2]["fix"]["edits"][0].pop("content"),
        lambda document: document["files"][0].update(role=3),
    ],
)
def test_the_schema_refuses_what_is_not_so(run: Run, spoil: Any) -> None:
    document = written(run)
    spoil(document)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_a_finding_in_full(run: Run) -> None:
    document = written(run._replace(rules={"ML303": run.rules["ML303"]._replace(url="https://docs.example/ML303")}))
    (found,) = [item for item in document["findings"] if item["rule"] == "ML303"]
    place = {"path": "app/Dockerfile", "line": 3, "column": 69, "end_line": 3, "end_column": 74}
    assert found == {
        "rule": "ML303",
        "name": "unknown-cuda-wheel-index",
        "severity": "error",
        "confidence": "high",
        "message": "`cu122` was never published by PyTorch, so that pip finds no torch 2.1.0 and the build stops here.",
        **place,
        "stage": "serve",
        "related": [
            {
                "path": "app/Dockerfile",
                "line": 1,
                "column": 6,
                "end_line": 1,
                "end_column": 41,
                "message": "The base image brings CUDA 12.2.",
            },
            {
                "path": "app/requirements.txt",
                "line": 2,
                "column": 1,
                "end_line": 2,
                "end_column": 9,
                "message": "Wanted here.",
            },
        ],
        "fix": {
            "title": "Use the index for CUDA 12.1",
            "applicability": "safe",
            "edits": [{**place, "content": "cu121"}],
        },
        "url": "https://docs.example/ML303",
        "suppressed": None,
    }


def test_the_rest_of_the_document(run: Run) -> None:
    document = written(run)
    assert document["version"] == "1.2.3"
    assert document["files"][0] == {
        "path": "app/Dockerfile",
        "role": "serving",
        "stages": [{"name": "serve", "index": 0, "base": "nvidia/cuda:12.2.0", "line": 1, "final": True}],
    }
    assert document["errors"] == [
        {"path": "bad/Dockerfile", "message": "is not UTF-8"},
        {"path": None, "message": "rule ML999 failed"},
    ]
    assert document["summary"] == {"files": 2, "error": 1, "warning": 3, "info": 1, "suppressed": 1, "fixable": 2}
    (hidden,) = [item for item in document["findings"] if item["suppressed"]]
    assert hidden["suppressed"] == {"kind": "comment", "reason": "it is tiny"}
    assert [item["url"] for item in document["findings"]] == [None] * 6


def test_a_line_per_finding_in_ascii(run: Run, make: Any) -> None:
    odd = make.finding(Source("é", "x\udc80").span(0, 2), message="名前 \x1b \udc80 \u2028")
    out = io.StringIO()
    write(run._replace(findings=(*run.findings, odd)), out, Style())
    text = out.getvalue()
    assert text.isascii()
    assert sum(line.startswith('    {"rule"') for line in text.splitlines()) == 7
    assert json.loads(text)["findings"][-1]["message"] == odd.message


def test_numbers_that_json_lacks_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encode({"a": [float("nan")]}, depth=1)


@pytest.mark.parametrize("value", [{}, [], {"a": []}, [[], {}], {"a": {"b": [1, None, "x", True]}}])
@pytest.mark.parametrize("depth", range(4))
def test_layout_changes_no_value(value: Any, depth: int) -> None:
    assert json.loads(encode(value, depth)) == value
