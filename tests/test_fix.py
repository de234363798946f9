"""`--fix`, `--unsafe-fixes` and `--diff`: what is written, what is shown, and what is left alone."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mllint.cli import main
from mllint.commands import CLEAN, FOUND, MISUSED

Run = Callable[..., Any]

#: A safe fix (ML205), an unsafe one (ML510), and findings without one.
FAULTY = 'FROM python:3.12.7-slim\nRUN pip install numpy==2.1.0\nCMD ["uvicorn", "app:app"]\n'
SAFE = FAULTY.replace("install", "install --no-cache-dir")
ALL = SAFE.replace('"app:app"', '"app:app", "--host", "0.0.0.0"')


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`mllint check --isolated …` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["check", "--isolated", *words], prog_name="mllint")


@pytest.fixture
def dockerfile(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(FAULTY.encode())
    return path


def test_safe_fixes_are_written_and_the_rest_is_reported(run: Run, dockerfile: Path) -> None:
    result = run("--fix", "Dockerfile")
    assert dockerfile.read_text() == SAFE
    assert "Dockerfile: 1 finding fixed (ML205)" in result.stderr
    assert "ML205" not in result.stdout
    assert "ML510" in result.stdout
    assert result.exit_code == FOUND


def test_unsafe_fixes_are_asked_for(run: Run, dockerfile: Path) -> None:
    result = run("--fix", "--unsafe-fixes", "Dockerfile")
    assert dockerfile.read_text() == ALL
    assert "2 findings fixed (ML205, ML510)" in result.stderr


def test_a_second_run_writes_nothing(run: Run, dockerfile: Path) -> None:
    run("--fix", "--unsafe-fixes", "Dockerfile")
    before = dockerfile.stat().st_mtime_ns
    assert "fixed" not in run("--fix", "--unsafe-fixes", "Dockerfile").stderr
    assert dockerfile.stat().st_mtime_ns == before


def test_only_the_rules_that_are_selected(run: Run, dockerfile: Path) -> None:
    run("--fix", "--unsafe-fixes", "--select", "ML510", "Dockerfile")
    assert dockerfile.read_text() == ALL.replace(" --no-cache-dir", "")


@pytest.mark.parametrize("form", ["crlf", "byte order mark", "no line end", "mode"])
def test_the_rest_of_the_file_stays_as_it_is(run: Run, dockerfile: Path, form: str) -> None:
    def shaped(text: str) -> bytes:
        return {
            "crlf": text.replace("\n", "\r\n"), "byte order mark": f"\ufeff{text}", "no line end": text.rstrip("\n"),
        }.get(form, text).encode()  # fmt: skip

    dockerfile.write_bytes(shaped(FAULTY))
    dockerfile.chmod(0o640)
    run("--fix", "Dockerfile")
    assert dockerfile.read_bytes() == shaped(SAFE)
    assert stat.S_IMODE(dockerfile.stat().st_mode) == 0o640
    assert os.listdir(dockerfile.parent) == ["Dockerfile"]


def test_what_is_ignored_or_known_is_not_fixed(run: Run, dockerfile: Path) -> None:
    ignored = FAULTY.replace("RUN", "# mllint ignore=ML205 on purpose\nRUN")
    dockerfile.write_text(ignored)
    run("--fix", "Dockerfile")
    assert dockerfile.read_text() == ignored
    dockerfile.write_text(FAULTY)
    CliRunner().invoke(main, ["baseline", "create", "--isolated", "."])
    run("--fix", "--unsafe-fixes", "--baseline", ".mllint-baseline.json", "Dockerfile")
    assert dockerfile.read_text() == FAULTY


def test_the_difference_is_shown_and_nothing_written(run: Run, dockerfile: Path) -> None:
    result = run("--diff", "Dockerfile")
    assert (result.exit_code, result.stderr) == (FOUND, "")
    assert dockerfile.read_text() == FAULTY
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "apply", "-"], input=result.stdout.encode(), check=True)
    assert dockerfile.read_text() == SAFE
    assert (run("--diff", "Dockerfile").exit_code, run("--diff", "Dockerfile").output) == (CLEAN, "")
    assert run("--diff", "--unsafe-fixes", "--exit-zero", "Dockerfile").exit_code == CLEAN


def test_the_difference_of_a_file_without_a_line_end(run: Run, dockerfile: Path) -> None:
    dockerfile.write_text(FAULTY.rstrip("\n"))
    result = run("--diff", "--unsafe-fixes", "Dockerfile")
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "apply", "-"], input=result.stdout.encode(), check=True)
    assert dockerfile.read_text() == ALL.rstrip("\n")


def test_the_difference_can_be_written_to_a_file(run: Run, dockerfile: Path) -> None:
    result = run("--diff", "--output", "fixes.patch", "Dockerfile")
    assert result.stdout == ""
    assert (dockerfile.parent / "fixes.patch").read_text().startswith("--- a/Dockerfile\n+++ b/Dockerfile\n@@ ")


def test_a_file_that_cannot_be_written(run: Run, dockerfile: Path) -> None:
    (dockerfile.parent / "Dockerfile.mllint").write_text("of somebody else")
    result = run("--fix", "Dockerfile")
    assert dockerfile.read_text() == FAULTY
    assert "cannot be written" in result.output
    assert result.exit_code == MISUSED


def test_a_file_that_cannot_be_read_is_reported_once_and_the_others_are_fixed(run: Run, dockerfile: Path) -> None:
    (dockerfile.parent / "Dockerfile.bad").write_bytes(b"FROM \xff\n")
    result = run("--fix", "Dockerfile.bad", "Dockerfile")
    assert dockerfile.read_text() == SAFE
    assert result.output.count("is not UTF-8") == 1
    assert result.exit_code == MISUSED


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--unsafe-fixes", "Dockerfile"], "--unsafe-fixes goes with --fix or --diff"),
        (["--fix", "--diff", "Dockerfile"], "take one of them"),
        (["--fix", "-"], "--fix works on files"),
        (["--diff", "-"], "--diff works on files"),
        (["--fix", "--add-ignore", "why not", "Dockerfile"], "take one of them"),
        (["--diff", "--format", "json", "Dockerfile"], "--diff is a report of its own"),
    ],
)
def test_options_that_do_not_go_together(run: Run, dockerfile: Path, options: list[str], said: str) -> None:
    result = run(*options)
    assert result.exit_code == MISUSED
    assert said in result.stderr
    assert dockerfile.read_text() == FAULTY
