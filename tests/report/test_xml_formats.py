"""Checkstyle and JUnit, read with an XML parser and with junitparser."""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree

import pytest
from junitparser import Error, Failure, JUnitXml

from mllint.finding import Severity
from mllint.report import checkstyle, junit
from mllint.report.run import ErrorReport, Run
from mllint.report.style import Style
from mllint.source import Source


def written(run: Run, writer: Any) -> str:
    out = io.StringIO()
    writer.write(run, out, Style())
    return out.getvalue()


def test_checkstyle(run: Run) -> None:
    root = ElementTree.fromstring(written(run, checkstyle))
    assert (root.tag, root.get("version")) == ("checkstyle", "4.3")
    files = {file.get("name"): file.findall("error") for file in root}
    assert list(files) == ["bad/Dockerfile", "mllint", "app/Dockerfile", "app/requirements.txt"]
    error = files["app/Dockerfile"][1]
    assert error.attrib == {
        "line": "3",
        "column": "69",
        "severity": "error",
        "source": "mllint.ML303",
        "message": (
            "ML303: `cu122` was never published by PyTorch, so that pip finds no torch 2.1.0 and the build stops here."
        ),
    }
    assert [each.get("severity") for each in files["app/Dockerfile"]] == ["info", "error", "warning", "warning"]
    assert files["bad/Dockerfile"][0].get("message") == "is not UTF-8"


def test_junit(run: Run, tmp_path: Any) -> None:
    path = tmp_path / "report.xml"
    path.write_text(written(run, junit), encoding="utf-8")
    report = JUnitXml.fromfile(str(path))
    suites = {suite.name: list(suite) for suite in report}
    assert (report.tests, report.failures, report.errors) == (8, 4, 2)
    assert sum(len(cases) for cases in suites.values()) == report.tests
    (clean,) = suites["clean/Dockerfile"]
    assert clean.is_passed
    note, error, packages, root = suites["app/Dockerfile"]
    # Advice fails nothing.
    assert note.is_passed
    assert note.system_out.startswith("app/Dockerfile:1:6: The tag may move.")
    assert (error.name, error.classname) == ("ML303 unknown-cuda-wheel-index (3:69)", "app/Dockerfile")
    (failure,) = error.result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message.split(" ")[0]) == ("error", "`cu122`")
    assert failure.text.startswith("app/Dockerfile:3:69: error ML303 ")
    assert packages.result[0].type == root.result[0].type == "warning"
    (broken,) = suites["bad/Dockerfile"]
    assert isinstance(broken.result[0], Error)
    (pinned,) = suites["app/requirements.txt"]
    assert pinned.name.startswith("ML203")


def test_there_is_no_clock(run: Run) -> None:
    text = written(run, junit)
    assert "timestamp" not in text
    assert "hostname" not in text
    assert text == written(run, junit)


@pytest.mark.parametrize("writer", [checkstyle, junit])
def test_characters_that_xml_does_not_have(make: Any, writer: Any) -> None:
    source = Source('a&b<"\udc80>/Dockerfile', "FROM a\n")
    odd = make.finding(source.span(0, 4), severity=Severity.ERROR, message='<x a="1">&\x00\x1b[2J\ufffe]]>\nmore é🚀')
    text = written(make.run(odd, errors=(ErrorReport("\x07", "a\x0bb"),)), writer)
    assert text.isascii()
    root = ElementTree.fromstring(text)
    values = [value for each in root.iter() for value in (*each.attrib.values(), each.text or "")]
    assert any(value.startswith('a&b<"\\udc80>/Dockerfile') for value in values)
    assert any('<x a="1">&\\x00\\x1b[2J\\ufffe]]>' in value and "more é🚀" in value for value in values)


@pytest.mark.parametrize("writer", [checkstyle, junit])
def test_a_clean_run(make: Any, writer: Any) -> None:
    assert list(ElementTree.fromstring(written(make.run(), writer))) == []
