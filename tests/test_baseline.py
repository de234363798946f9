"""`mllint baseline` and `--baseline`: what is known is not reported, what is new is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mllint.cli import main

TEXT = """\
FROM python:3.12.7-slim
RUN pip install --no-cache-dir numpy
RUN pip install --no-cache-dir networkx==3.3 \\
    sympy
RUN pip install --no-cache-dir pandas
USER app
"""
NAME = ".mllint-baseline.json"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs the command in a folder with a Dockerfile of three unpinned packages."""
    for name in ("GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(TEXT, encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(main, arguments, prog_name="mllint")


Run = Callable[..., Any]


def edit(old: str, new: str, name: str = "Dockerfile") -> None:
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def found(run: Run, *arguments: str) -> list[str]:
    """The texts of the findings of ML201 that are reported."""
    known = ("--baseline", NAME) if Path(NAME).exists() else ()
    result = run("--isolated", "--select", "ML201", "--format", "json", *known, *arguments, ".")
    document = json.loads(result.stdout)
    shown = [each for each in document["findings"] if each["suppressed"] is None]
    assert result.exit_code == (1 if shown else 0), result.stderr
    texts = {path: Path(path).read_text(encoding="utf-8").split("\n") for path in {each["path"] for each in shown}}
    return [texts[each["path"]][each["line"] - 1][each["column"] - 1 : each["end_column"] - 1] for each in shown]


def entries() -> list[dict[str, Any]]:
    document = json.loads(Path(NAME).read_text(encoding="utf-8"))
    assert document["version"] == 1
    return list(document["findings"])


def test_what_is_known_is_not_reported_and_what_is_new_is(run: Run) -> None:
    result = run("baseline", "create", "--isolated")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"mllint: {NAME}: 3 findings in 1 file")
    assert found(run) == []
    edit("USER app", "RUN pip install --no-cache-dir scipy\nUSER app")
    assert found(run) == ["scipy"]


def test_edits_elsewhere_change_nothing(run: Run) -> None:
    run("baseline", "create", "--isolated")
    edit("FROM", "# A comment.\nARG MODE=fast\nFROM")
    edit(" \\\n    sympy", " sympy")
    assert found(run) == []


def test_the_findings_of_an_instruction_come_back_with_its_change(run: Run) -> None:
    run("baseline", "create", "--isolated")
    edit("    sympy", "    jinja2==3.1.4 sympy")
    assert found(run) == ["sympy"]


def test_a_second_instruction_of_the_same_text_is_new(run: Run) -> None:
    run("baseline", "create", "--isolated")
    edit("USER app", "RUN pip install --no-cache-dir pandas\nUSER app")
    assert found(run) == ["pandas"]


def test_the_file_is_sorted_and_the_same_every_time(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Dockerfile").write_text(TEXT, encoding="utf-8")
    run("baseline", "create", "--isolated")
    first = Path(NAME).read_bytes()
    Path(NAME).unlink()
    run("baseline", "create", "--isolated", "a", "Dockerfile")
    assert Path(NAME).read_bytes() == first
    run("baseline", "update", "--isolated")
    run("baseline", "prune", "--isolated")
    assert Path(NAME).read_bytes() == first
    order = [(entry["file"], entry.get("in", ""), entry["rule"], entry["key"]) for entry in entries()]
    assert order == sorted(order)
    assert {entry["file"] for entry in entries()} == {"Dockerfile", "a/Dockerfile"}
    assert first.count(b"\n") == len(entries()) + 5


def test_paths_are_relative_to_the_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("baseline", "create", "--isolated")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert run("--isolated", "--select", "ML201", "--baseline", f"../{NAME}", "../Dockerfile").exit_code == 0
    assert run("--isolated", "--select", "ML201", "--baseline", f"../{NAME}", str(tmp_path)).exit_code == 0


def test_findings_in_other_files(run: Run) -> None:
    Path("requirements.txt").write_text("numpy==1.26.4\nscikit-learn\n", encoding="utf-8")
    edit("--no-cache-dir pandas", "--no-cache-dir -r requirements.txt")
    edit("FROM python:3.12.7-slim", "FROM python:3.12.7-slim\nCOPY requirements.txt .")
    assert found(run, "--select", "ML203") == ["numpy", "sympy", "scikit-learn"]
    run("baseline", "create", "--isolated")
    assert [entry["rule"] for entry in entries() if entry.get("in") == "requirements.txt"] == ["ML203"]
    assert found(run, "--select", "ML203") == []
    edit("numpy", "# The order does not matter.\nnumpy", "requirements.txt")
    assert found(run, "--select", "ML203") == []
    edit("scikit-learn", "scikit-learn>=1.4", "requirements.txt")
    assert found(run, "--select", "ML203") == ["scikit-learn>=1.4"]


def test_update_adds_and_takes_out(run: Run) -> None:
    run("baseline", "create", "--isolated")
    edit("pandas", "scipy")
    edit("USER", "RUN pip install --no-cache-dir fsspec\nUSER")
    result = run("baseline", "update", "--isolated")
    assert result.exit_code == 0
    assert "(2 added, 1 taken out)" in result.stderr
    assert found(run) == []


def test_prune_takes_out_and_adds_nothing(run: Run) -> None:
    run("baseline", "create", "--isolated")
    edit("pandas", "scipy")
    assert "(0 added, 1 taken out)" in run("baseline", "prune", "--isolated").stderr
    assert found(run) == ["scipy"]


def test_what_is_gone_is_said(run: Run) -> None:
    run("baseline", "create", "--isolated")
    assert run("--isolated", "--baseline", NAME, "Dockerfile").stderr == ""
    edit("--no-cache-dir numpy", "--no-cache-dir numpy==1.26.4")
    edit("sympy", "sympy==1.13.1")
    result = run("--isolated", "--baseline", NAME, "Dockerfile")
    assert "holds 2 findings that mllint no longer makes; `mllint baseline prune`" in result.stderr
    # What a selection leaves out is not gone.
    assert run("--isolated", "--baseline", NAME, "--select", "ML3", "Dockerfile").stderr == ""


def test_files_that_were_not_linted_keep_their_entries(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text(TEXT, encoding="utf-8")
    run("baseline", "create", "--isolated")
    before = entries()
    (tmp_path / "b" / "Dockerfile").write_bytes(b"FROM \xff\n")
    (tmp_path / "c" / "Dockerfile").unlink()
    for action in ("update", "prune"):
        result = run("baseline", action, "--isolated", "Dockerfile", "b/Dockerfile")
        # The file that cannot be read is said, and loses nothing.
        assert result.exit_code == 2
        assert "b/Dockerfile: is not UTF-8" in result.stderr
        assert entries() == [entry for entry in before if not entry["file"].startswith("c/")]


def test_suppressed_findings_are_not_kept(run: Run) -> None:
    edit("RUN pip install --no-cache-dir pandas", "# mllint ignore=ML201 known\nRUN pip install --no-cache-dir pandas")
    assert "2 findings" in run("baseline", "create", "--isolated").stderr


def test_the_configuration_names_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".mllint.yaml").write_text("baseline: known.json\n", encoding="utf-8")
    assert run("baseline", "create").exit_code == 0
    assert (tmp_path / "known.json").exists()
    assert run("Dockerfile").exit_code == 0
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert run("../Dockerfile").exit_code == 0


@pytest.mark.parametrize("format_name", ["sarif", "gitlab", "rdjson", "checkstyle", "junit", "github", "markdown"])
def test_no_report_shows_what_is_known(run: Run, format_name: str) -> None:
    assert "ML201" in run("--isolated", "--select", "ML201", "--format", format_name, "Dockerfile").stdout
    run("baseline", "create", "--isolated")
    shown = run("--isolated", "--select", "ML201", "--format", format_name, "--baseline", NAME, "Dockerfile").stdout
    assert '"ruleId"' not in shown
    assert format_name == "sarif" or "ML201" not in shown


def test_what_is_known_is_shown_on_request(run: Run) -> None:
    run("baseline", "create", "--isolated")
    result = run("--isolated", "--baseline", NAME, "--show-suppressed", "Dockerfile")
    assert "[suppressed by baseline]" in result.stdout
    assert "3 suppressed" in result.stdout


def test_create_replaces_nothing(run: Run) -> None:
    Path(NAME).write_text("{}", encoding="utf-8")
    result = run("baseline", "create")
    assert result.exit_code == 2
    assert "is there already; `mllint baseline update`" in result.stderr
    assert Path(NAME).read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("action", [["baseline", "update"], ["baseline", "prune"], ["--baseline", NAME, "Dockerfile"]])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no baseline"),
        ("", "is no JSON"),
        ("{\n<<<<<<< HEAD\n}", "a merge left its marks in it"),
        ("[]", "is not a baseline of mllint"),
        ('{"version": 1}', "is not a baseline of mllint"),
        ('{"version": 2, "findings": []}', "has version 2; this mllint reads version 1"),
        ('{"version": 1, "findings": [{"file": "a", "rule": "b", "key": "c"}]}', "in its entry 1"),
        ('{"version": 1, "findings": [{"file": "a", "rule": "b", "key": "c", "count": true}]}', "in its entry 1"),
        ('{"version": 1, "findings": [7]}', "in its entry 1"),
    ],
)
def test_files_that_are_none(run: Run, action: list[str], text: str | None, words: str) -> None:
    if text is not None:
        Path(NAME).write_text(text, encoding="utf-8")
    result = run(*action)
    assert result.exit_code == 2
    assert words in result.stderr
    assert NAME in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_text(run: Run) -> None:
    Path(NAME).write_bytes(b"\xff\xfe")
    assert "cannot be read: it is not UTF-8" in run("--baseline", NAME, "Dockerfile").stderr


def test_a_folder_that_cannot_be_written(run: Run) -> None:
    result = run("baseline", "create", "--baseline", "nowhere/known.json")
    assert result.exit_code == 2
    assert "--baseline" in result.stderr
    assert "cannot be written" in result.stderr
