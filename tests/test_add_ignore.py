"""`--add-ignore`: the comments take back what is found, nothing else changes, and a second run has nothing to do."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mllint.cli import main
from mllint.commands import CLEAN, MISUSED
from mllint.config.load import Configuration
from mllint.lint import Linter
from mllint.plugins import load_plugins
from mllint.source import Source
from mllint.syntax.parser import parse

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`mllint check --isolated …` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["check", "--isolated", *words], prog_name="mllint")


PLAIN = "FROM python:3\nRUN pip install torch\nCMD uvicorn app:app\n"
TEXTS = {
    "plain": PLAIN,
    "no line end": PLAIN.rstrip("\n"),
    "crlf": PLAIN.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + PLAIN,
    "directives": "# syntax=docker/dockerfile:1\n# escape=`\n" + PLAIN.replace("install torch", "install `\n  torch"),
    "continued, with a comment inside": PLAIN.replace("RUN pip", "RUN true && \\\n    # why\n\n    pip"),
    "here-document": PLAIN.replace(
        "RUN pip install torch", "RUN <<EOF\n# a comment of the script\npip install torch\nEOF"
    ),
    "indented": PLAIN.replace("RUN", "  RUN").replace("CMD", "\tCMD"),
    "a comment that is there": PLAIN.replace("RUN", "# mllint ignore=ML205 kept\nRUN"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_all_is_taken_back_and_nothing_else_changes(run: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(text.encode())
    assert run("--fail-on", "info", "Dockerfile").exit_code == 1
    assert run("--add-ignore", "the vendor retags", "Dockerfile").exit_code == CLEAN
    written = path.read_bytes().decode()
    ours = [line for line in written.removeprefix("\ufeff").splitlines() if "the vendor retags" in line]
    assert ours
    assert run("--fail-on", "info", "Dockerfile").exit_code == 0
    # Without our lines it is the text that it was.
    kept = [line for line in written.removeprefix("\ufeff").splitlines(keepends=True) if line.strip("\r\n") not in ours]
    assert "".join(kept) == text.removeprefix("\ufeff")
    assert written.startswith("\ufeff") == text.startswith("\ufeff")
    old, new = (parse(Source("Dockerfile", each)) for each in (text, written))
    assert [each.span.text for each in new.instructions] == [each.span.text for each in old.instructions]
    assert [each.value for each in new.directives] == [each.value for each in old.directives]
    # Once more: nothing to do.
    again = run("--add-ignore", "the vendor retags", "Dockerfile")
    assert (again.exit_code, again.output) == (CLEAN, "")
    assert path.read_bytes().decode() == written


def test_the_line_ends_are_those_of_the_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(TEXTS["crlf"].encode())
    run("--add-ignore", "why", "Dockerfile")
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 3


def test_one_comment_for_each_instruction(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(PLAIN, encoding="utf-8")
    result = run("--select", "ML201,ML205", "--add-ignore", "until=2999-01-31 the vendor", "Dockerfile")
    assert path.read_text(encoding="utf-8") == PLAIN.replace(
        "RUN", "# mllint ignore=ML201,ML205 until=2999-01-31 the vendor\nRUN"
    )
    assert result.stderr == "mllint: Dockerfile: 1 ignore comment added\n"
    assert result.stdout == ""


@pytest.mark.parametrize("reason", ["", "  ", "--", "two\nlines", "until=2027-01-31", "reason="])
def test_a_reason_is_one_line_of_words(run: Run, tmp_path: Path, reason: str) -> None:
    (tmp_path / "Dockerfile").write_text(PLAIN, encoding="utf-8")
    assert run("--add-ignore", reason, "Dockerfile").exit_code == MISUSED
    assert (tmp_path / "Dockerfile").read_text(encoding="utf-8") == PLAIN


@pytest.mark.parametrize("option", [["--format", "json"], ["--statistics"], ["--show-files"], ["-o", "out"]])
def test_there_is_no_report(run: Run, tmp_path: Path, option: list[str]) -> None:
    (tmp_path / "Dockerfile").write_text(PLAIN, encoding="utf-8")
    result = run("--add-ignore", "why", *option, "Dockerfile")
    assert result.exit_code == MISUSED
    assert "--add-ignore" in result.stderr


@pytest.mark.parametrize("reason", ["until=2001-01-31 long ago", ",ML101 more # mllint role=nobody"])
def test_comments_that_would_not_do_are_not_written(run: Run, tmp_path: Path, reason: str) -> None:
    (tmp_path / "Dockerfile").write_text(PLAIN, encoding="utf-8")
    result = run("--add-ignore", reason, "Dockerfile")
    assert result.exit_code == MISUSED
    assert "left as it is" in result.stderr
    assert (tmp_path / "Dockerfile").read_text(encoding="utf-8") == PLAIN
    assert os.listdir(tmp_path) == ["Dockerfile"]


def test_what_cannot_be_read_is_said_and_the_others_are_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "Dockerfile.bad").write_bytes(b"FROM \xff\n")
    result = run("--add-ignore", "why", "Dockerfile", "Dockerfile.bad")
    assert result.exit_code == MISUSED
    assert "Dockerfile.bad: is not UTF-8" in result.stderr
    assert "ignore=" in (tmp_path / "Dockerfile").read_text(encoding="utf-8")


def test_the_mode_and_links_stay(run: Run, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text(PLAIN, encoding="utf-8")
    real.chmod(0o640)
    (tmp_path / "Dockerfile").symlink_to("real")
    assert run("--add-ignore", "why", "Dockerfile").exit_code == CLEAN
    assert (tmp_path / "Dockerfile").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "ignore=" in real.read_text(encoding="utf-8")


def test_what_is_in_the_baseline_needs_no_comment(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(PLAIN, encoding="utf-8")
    CliRunner().invoke(main, ["baseline", "create", "--isolated", "Dockerfile"], prog_name="mllint")
    result = run("--baseline", ".mllint-baseline.json", "--add-ignore", "why", "Dockerfile")
    assert (result.exit_code, result.output) == (CLEAN, "")
    assert (tmp_path / "Dockerfile").read_text(encoding="utf-8") == PLAIN


def test_the_configuration_asks_for_reasons(tmp_path: Path) -> None:
    (tmp_path / ".mllint.yaml").write_text("require-ignore-reason: true\n", encoding="utf-8")
    linter = Linter(Configuration(config=str(tmp_path / ".mllint.yaml")), load_plugins(isolated=True))
    findings = linter.lint(Source("Dockerfile", PLAIN.replace("CMD", "# mllint ignore=all\nCMD"))).findings
    (asked,) = [each for each in findings if each.rule == "ML003"]
    assert asked.suppressed is None
    assert "gives no reason" in asked.message
