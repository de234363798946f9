"""`--diff-base REV`: findings on instructions that changed since a git revision."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mllint.changes import Changes
from mllint.cli import main
from mllint.finding import Confidence, Finding, Related, Severity
from mllint.lint import FileResult
from mllint.report.run import FileReport
from mllint.source import Source

TEXT = """\
FROM nvidia/cuda:12.1.1-runtime-ubuntu22.04
RUN pip install --no-cache-dir numpy
RUN pip install --no-cache-dir torch==2.4.0 --index-url https://download.pytorch.org/whl/cu122
USER app
"""


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def commit(message: str = "more") -> None:
    git("add", "-A")
    git("commit", "-q", "-m", message)


Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in a repository with one commit, on the branch `work`."""
    for name in ("GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main", ".")
    Path("Dockerfile").write_text(TEXT, encoding="utf-8")
    commit()
    git("checkout", "-q", "-b", "work")
    return lambda *arguments, **more: CliRunner().invoke(main, arguments, prog_name="mllint", **more)


def edit(old: str, new: str, name: str = "Dockerfile") -> None:
    text = Path(name).read_text(encoding="utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new), encoding="utf-8")


def found(run: Run, *paths: str, base: str = "main") -> list[str]:
    options = ("--isolated", "--select", "ML201,ML203,ML303", "--format", "json", "--diff-base", base)
    result = run(*options, *(paths or (".",)))
    document = json.loads(result.stdout)
    shown = [f"{each['rule']}:{each['path']}" for each in document["findings"] if each["suppressed"] is None]
    assert result.exit_code == (1 if shown else 0), result.stderr
    return shown


def test_nothing_changed(run: Run) -> None:
    assert run("--isolated", "--select", "ML201,ML303", "Dockerfile").exit_code == 1
    assert found(run) == []
    result = run("--isolated", "--select", "ML201", "--show-suppressed", "--diff-base", "main", "Dockerfile")
    assert "[suppressed by unchanged: not changed since main]" in result.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FROM", "# A comment.\nARG MODE=fast\nFROM"),
        ("--no-cache-dir numpy", "--no-cache-dir \\\n    numpy"),
        ("\n", "\r\n"),
        ("RUN pip install --no-cache-dir numpy\n", ""),
    ],
)
def test_other_lines_and_layout_are_no_change(run: Run, old: str, new: str) -> None:
    edit(old, new)
    assert found(run) == []


def test_an_instruction_that_changed(run: Run) -> None:
    edit("numpy", "numpy scipy==1.14.0")
    assert found(run) == ["ML201:Dockerfile"]
    commit()
    assert found(run) == ["ML201:Dockerfile"]
    assert found(run, base="HEAD") == []
    assert found(run, base="HEAD~1") == ["ML201:Dockerfile"]


def test_an_instruction_that_is_there_once_more(run: Run) -> None:
    edit("USER app", "RUN pip install --no-cache-dir numpy\nUSER app")
    assert found(run) == ["ML201:Dockerfile"]


def test_a_related_place_that_changed(run: Run) -> None:
    """The wheel index is as it was; the base image that it has to fit is not."""
    edit("cuda:12.1.1", "cuda:12.2.2")
    source = Source("Dockerfile", Path("Dockerfile").read_text(encoding="utf-8"))
    image, index = (source.span(source.text.index(each), source.text.index(each) + 4) for each in ("nvidia", "cu122"))
    alone = Finding("ML303", "name", Severity.ERROR, Confidence.HIGH, "message", index)
    because = alone._replace(related=(Related(image, "This is why."),))
    result = Changes("main").apply(FileResult("Dockerfile", FileReport("Dockerfile"), (alone, because), ()))
    assert [each.suppressed is None for each in result.findings] == [False, True]


def test_a_new_file_is_new_throughout(run: Run) -> None:
    Path("other").mkdir()
    Path("other/Dockerfile").write_text(TEXT, encoding="utf-8")
    assert sorted(found(run)) == ["ML201:other/Dockerfile", "ML303:other/Dockerfile"]


def test_a_file_that_moved_is_not(run: Run) -> None:
    Path("other").mkdir()
    git("mv", "Dockerfile", "other/Dockerfile")
    commit()
    assert found(run) == []


def test_other_files(run: Run) -> None:
    edit("pip install --no-cache-dir numpy", "pip install --no-cache-dir -r requirements.txt")
    edit("RUN pip install --no-cache-dir -r", "COPY requirements.txt .\nRUN pip install --no-cache-dir -r")
    Path("requirements.txt").write_text("numpy\nscipy==1.14.0\n", encoding="utf-8")
    commit()
    git("checkout", "-q", "-b", "more")
    assert found(run, base="work") == []
    edit("scipy", "pandas\nscipy", "requirements.txt")
    assert found(run, base="work") == []
    edit("numpy", "numpy>=1", "requirements.txt")
    assert found(run, base="work") == ["ML203:requirements.txt"]


def test_what_happened_on_the_other_branch_is_no_change(run: Run) -> None:
    git("checkout", "-q", "main")
    edit("numpy", "numpy scipy==1.14.0")
    commit()
    git("checkout", "-q", "work")
    assert found(run) == []


def test_another_folder_than_the_root(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("numpy", "numpy scipy==1.14.0")
    Path("sub").mkdir()
    monkeypatch.chdir("sub")
    assert found(run, "../Dockerfile") == ["ML201:../Dockerfile"]


def test_standard_input_needs_a_name(run: Run) -> None:
    options = ("--isolated", "--select", "ML201", "--diff-base", "main")
    result = run(*options, "-", input=TEXT)
    assert (result.exit_code, "--stdin-filename" in result.stderr) == (2, True)
    assert run(*options, "--stdin-filename", "Dockerfile", "-", input=TEXT).exit_code == 0
    assert run(*options, "--stdin-filename", "Dockerfile", "-", input=TEXT.replace("numpy", "scipy")).exit_code == 1


@pytest.mark.parametrize("revision", ["nowhere", "-x", "--help", "HEAD:Dockerfile"])
def test_an_unknown_revision(run: Run, revision: str) -> None:
    result = run(f"--diff-base={revision}", "Dockerfile")
    assert result.exit_code == 2
    assert result.stderr == f'mllint: --diff-base: git knows no revision "{revision}" here\n'


def test_an_empty_revision(run: Run) -> None:
    result = run("--diff-base", "", "Dockerfile")
    assert (result.exit_code, "the revision is empty" in result.stderr) == (2, True)


def test_a_shallow_clone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("numpy", "scipy")
    commit()
    git("clone", "-q", "--depth", "1", "--branch", "work", f"file://{tmp_path}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    result = run("--diff-base", "HEAD~1", "Dockerfile")
    assert result.exit_code == 2
    assert "the clone is shallow, fetch more of its history" in result.stderr


def test_outside_of_a_repository(run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("plain") / "Dockerfile"
    path.write_text(TEXT, encoding="utf-8")
    result = run("--diff-base", "main", str(path))
    assert result.exit_code == 2
    assert "--diff-base: fatal: not a git repository" in result.stderr


def test_without_git(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = run("--diff-base", "main", "Dockerfile")
    assert result.exit_code == 2
    assert result.stderr == "mllint: --diff-base needs git, which is not installed\n"


def test_nothing_of_the_repository_is_run(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "hook"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n", encoding="utf-8")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "diff.x.textconv", "filter.x.clean", "filter.x.smudge"):
        git("config", name, str(script))
    Path(".gitattributes").write_text("Dockerfile diff=x filter=x\n", encoding="utf-8")
    edit("numpy", "scipy")
    assert found(run) == ["ML201:Dockerfile"]
    assert not (tmp_path / "ran").exists()
