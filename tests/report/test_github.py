from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from mllint.finding import Confidence, Severity
from mllint.report.github import write
from mllint.report.run import ErrorReport, Run
from mllint.report.style import Style
from mllint.source import Source


@pytest.fixture(autouse=True)
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the job summary; there is one only where a test sets the variable."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return tmp_path / "summary.md"


def lines(run: Run, **style: Any) -> list[str]:
    out = io.StringIO()
    write(run, out, Style()._replace(**style))
    return out.getvalue().splitlines()


def test_annotations(run: Run) -> None:
    assert lines(run) == [
        "::error file=bad/Dockerfile,title=mllint::is not UTF-8",
        "::error title=mllint::rule ML999 failed",
        (
            "::error file=app/Dockerfile,line=3,endLine=3,col=69,endColumn=74,title=ML303 unknown-cuda-wheel-index::"
            "`cu122` was never published by PyTorch, so that pip finds no torch 2.1.0 and the build stops here."
        ),
        (
            "::warning file=app/Dockerfile,line=9,endLine=9,col=1,endColumn=10,title=ML501 root-user::"
            "The container runs as root."
        ),
        (
            "::warning file=app/requirements.txt,line=2,endLine=2,col=1,endColumn=9,title=ML203 unpinned-requirements::"
            "Any later torch."
        ),
        # Less sure than the others of its level; over several lines, so without columns.
        "::warning file=app/Dockerfile,line=4,endLine=8,title=ML201 unpinned-package::Four packages have no version.",
        (
            "::notice file=app/Dockerfile,line=1,endLine=1,col=6,endColumn=41,title=ML102 base-image-without-digest::"
            "The tag may move."
        ),
        "1 error, 3 warnings, 1 note in 2 files (2 fixable; 1 suppressed); 2 problems",
    ]


def test_escaping(make: Any) -> None:
    source = Source("dir,x/Docker:file", "FROM a\n")
    odd = make.finding(source.span(0, 4), name="a,b:c", message="100%\nsecond line, x::y\r\nthird \x1b[2J")
    assert lines(make.run(odd))[0] == (
        "::warning file=dir%2Cx/Docker%3Afile,line=1,endLine=1,col=1,endColumn=5,title=ML101 a%2Cb%3Ac::"
        "100%25%0Asecond line, x::y%0Athird \\x1b[2J"
    )


def test_ten_of_each_level_and_the_worst_of_them(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n" * 40)
    spans = [source.span(7 * line, 7 * line + 4) for line in range(30)]
    findings = [
        *(make.finding(span, "ML201", confidence=Confidence.LOW) for span in spans[:8]),
        *(make.finding(span, "ML202") for span in spans[8:16]),
        *(make.finding(span, "ML303", Severity.ERROR) for span in spans[16:29]),
    ]
    written = lines(make.run(*findings, errors=(ErrorReport(None, "oh"),)), color=True)
    commands = [line for line in written if line.startswith("::")]
    assert sum(line.startswith("::error") for line in commands) == 10
    assert sum(line.startswith("::warning") for line in commands) == 10
    assert [line for line in commands if "ML202" in line] == [line for line in commands if "ML20" in line][:8]
    at = written.index("10 more findings (GitHub shows 10 annotations of each level):")
    assert written[at + 1] == "Dockerfile:3:1: warning ML201 Something is wrong."
    assert len(written[at + 1 : -1]) == 10
    assert written[-1] == "13 errors, 16 warnings in 1 file; 1 problem"


@pytest.mark.parametrize("path", ["::error::x", " ::set-output name=a::b", "a##[error]b"])
def test_a_plain_line_is_never_a_command(make: Any, path: str) -> None:
    source = Source(path, "FROM a\n")
    findings = [make.finding(source.span(0, 4), message="##[add-mask]x\n::error::y")] * 12
    plain = [line for line in lines(make.run(*findings)) if not line.startswith("::warning file=")]
    assert len(plain) == 4
    for line in plain:
        assert not re.match(r"\s*::", line)
        assert "##[" not in line


def test_a_clean_run(make: Any) -> None:
    assert lines(make.run()) == ["No findings in 0 files"]
    assert lines(make.run(), quiet=True) == []


def test_the_job_summary(run: Run, summary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary.write_text("# Of the step before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    shown = lines(run)
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("# Of the step before\n## mllint\n\n1 error, 3 warnings, 1 note in 2 files")
    assert [code in text for code in ("ML303", "ML501", "ML203", "ML201", "ML102", "ML601")] == [True] * 5 + [False]
    assert shown[-1].startswith("1 error, 3 warnings")
    lines(run)
    assert summary.read_text(encoding="utf-8").count("## mllint") == 2


def test_a_summary_that_would_be_too_long_is_cut_or_left_out(
    make: Any, summary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    source = Source("Dockerfile", "FROM a\n")
    notes = [make.finding(source.span(0, 4), "ML102", Severity.INFO, message="x" * 1000)] * 2000
    found = make.run(*notes, make.finding(source.span(0, 4), "ML303", Severity.ERROR))
    lines(found)
    first = summary.read_text(encoding="utf-8")
    assert 850 * 1024 < len(first) <= 900 * 1024
    assert first.index("ML303") < first.index("ML102")
    assert "more findings left out here" in first
    lines(found)
    assert summary.stat().st_size <= 900 * 1024


def test_a_summary_that_cannot_be_written_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    assert lines(run)[-1] == "The job summary cannot be written: Is a directory"
