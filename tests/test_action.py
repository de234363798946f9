"""action.yml and the GitLab template, run step by step as their runners do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tools.check_ci_files import jobs_of

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
FAULTY = 'FROM python\nCMD ["python"]\n'
CLEAN = "FROM python:3.12.7-slim\nUSER 1000\n"


class Job(NamedTuple):
    """How the action ended, what it printed, its outputs, and the actions it would have called with what."""

    code: int
    out: str
    outputs: dict[str, str]
    called: dict[str, dict[str, str]]
    summary: str


def holds(condition: str, values: dict[str, str]) -> bool:
    """Conditions of the form `a == 'b' && c != 'd'`."""
    for part in condition.split(" && "):
        name, operator, literal = part.split(" ")
        if (values.get(name, "") == literal.strip("'")) != (operator == "=="):
            return False
    return True


def play(workspace: Path, runner: Path, base: dict[str, str], **inputs: str) -> Job:
    """Runs the steps in order in a workspace, until one fails."""
    values = {f"inputs.{name}": entry["default"] for name, entry in ACTION["inputs"].items()}
    values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    out, code, called = "", 0, {}
    summary = workspace / "summary.md"

    def filled(text: str) -> str:
        return EXPRESSION.sub(lambda found: values.get(found[1], ""), text)

    for number, step in enumerate(ACTION["runs"]["steps"]):
        installed = step["name"] == "Install mllint" and (runner / "mllint" / "bin" / "mllint").exists()
        if installed or not holds(step.get("if", "'' == ''"), values):
            continue
        if "uses" in step:
            called[step["uses"]] = {name: filled(value) for name, value in step["with"].items()}
            continue
        output = runner / f"output-{number}"
        output.write_text("", encoding="utf-8")
        given = {name: filled(value) for name, value in step.get("env", {}).items()}
        own = {"GITHUB_ACTION_PATH": str(ROOT), "GITHUB_WORKSPACE": str(workspace), "RUNNER_TEMP": str(runner)}
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        # As the runner calls a step with `shell: bash`.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled(step["run"])]
        done = subprocess.run(command, cwd=workspace, env={**base, **own, **files, **given}, capture_output=True,
                              text=True, check=False, timeout=300)  # fmt: skip
        out, code = out + done.stdout + done.stderr, done.returncode
        for line in output.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            values[f"steps.{step['id']}.outputs.{name}"] = value
        if code:
            break
    outputs = {name: filled(entry["value"]) for name, entry in ACTION["outputs"].items()}
    return Job(code, out, outputs, called, summary.read_text(encoding="utf-8") if summary.exists() else "")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's folder for temporary files; mllint is installed there once, which takes most of the time."""
    return tmp_path_factory.mktemp("runner")


@pytest.fixture
def job(tmp_path: Path, runner: Path) -> Callable[..., Job]:
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(("GITHUB_", "PYTHONPATH", "COV_"))}

    def run(dockerfile: str, **inputs: str) -> Job:
        (tmp_path / ".git").mkdir()
        (tmp_path / "Dockerfile").write_text(dockerfile, encoding="utf-8")
        return play(tmp_path, runner, kept, **inputs)

    return run


def sarif(folder: Path, name: str = "mllint.sarif") -> list[dict[str, Any]]:
    return json.loads((folder / name).read_text(encoding="utf-8"))["runs"][0]["results"]


@pytest.mark.installs
class TestAction:
    def test_a_clean_repository(self, job, tmp_path):
        done = job(CLEAN)

        assert done.code == 0, done.out
        assert done.outputs == {"exit-code": "0", "sarif-file": "mllint.sarif"}
        assert "::error" not in done.out
        assert "::warning" not in done.out
        assert sarif(tmp_path) == []
        assert done.called == {}

    def test_a_faulty_repository_is_annotated_uploaded_and_then_red(self, job, tmp_path):
        done = job(FAULTY, upload_sarif="true", category="images")

        assert done.code == 1
        assert done.outputs["exit-code"] == "1"
        assert re.search(r"^::(error|warning) .*file=Dockerfile,line=1,", done.out, re.MULTILINE)
        assert "ML101" in done.summary
        assert "ML101" in {result["ruleId"] for result in sarif(tmp_path)}
        assert list(done.called.values()) == [{"sarif_file": "mllint.sarif", "category": "images"}]

    def test_the_level_decides_what_is_red_and_the_report_keeps_all(self, job, tmp_path):
        done = job(FAULTY, fail_on="never")

        assert done.code == 0, done.out
        assert sarif(tmp_path) != []

    def test_a_wrong_input_is_said_and_not_uploaded(self, job, tmp_path):
        done = job(CLEAN, profile="lenient", upload_sarif="true")

        assert done.code == 2
        assert "lenient" in done.out
        assert done.outputs["sarif-file"] == ""
        assert done.called == {}

    @pytest.mark.parametrize("name", ["paths", "profile", "config", "baseline", "diff_base", "sarif_file"])
    def test_no_input_is_run_by_the_shell(self, job, tmp_path, name):
        job(CLEAN, **{name: "$(touch ran) `touch ran`; touch ran\nx' \"; touch ran #"})

        assert not (tmp_path / "ran").exists()


def test_no_script_contains_an_expression():
    assert [step["name"] for step in ACTION["runs"]["steps"] if EXPRESSION.search(step.get("run", ""))] == []


def test_actions_are_pinned_by_commit():
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]

    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) for name in used)


@pytest.mark.parametrize(("dockerfile", "code"), [(CLEAN, 0), (FAULTY, 1)])
def test_the_gitlab_job(tmp_path, environment, dockerfile, code):
    job = yaml.safe_load(jobs_of((ROOT / "templates" / "mllint.yml").read_text(encoding="utf-8")))["mllint"]
    install, *lint = job["script"]
    (tmp_path / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    # The checkout stands in for the package that the first line installs.
    start = 'mllint() { "$PYTHON" -m mllint "$@"; }\n'
    variables = {**environment, "PYTHON": sys.executable, **job["variables"], "CI_PROJECT_DIR": str(tmp_path)}
    done = subprocess.run(["bash", "-ec", start + "\n".join(lint)], cwd=tmp_path, env=variables, capture_output=True,
                          text=True, check=False, timeout=120)  # fmt: skip
    report = json.loads((tmp_path / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))

    assert '"$MLLINT_PACKAGE"' in install
    assert done.returncode == code, done.stderr
    assert bool(report) == bool(code)
    assert ("Dockerfile:1:" in done.stdout) == bool(code)
