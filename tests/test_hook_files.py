"""The pre-commit hook: which files it takes, and what it runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from mllint.cli import main

ROOT = Path(__file__).parent.parent
HOOK, FIXING = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def takes(path: str) -> bool:
    """As pre-commit decides it: both patterns are searched for in the path from the repository's root."""
    return bool(re.search(HOOK["files"], path)) and not re.search(HOOK["exclude"], path)


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile", "dockerfile", "Containerfile", "Dockerfile.gpu", "Dockerfile-train", "Dockerfile_gpu",
        "gpu.Dockerfile", "gpu.dockerfile", "train-Dockerfile", "serve.containerfile", "docker/Dockerfile",
        "docker/cuda12.4/Dockerfile.j2", "Dockerfile.in", "a b/DOCKERFILE",
    ],
)  # fmt: skip
def test_dockerfiles_are_taken(path):
    assert takes(path)


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile.dockerignore", "Dockerfile.md", "Dockerfile.bak", "Dockerfile.lock", "Dockerfile.orig",
        "dockerfile.py", "dockerfile_parser.py", "Dockerfile_test.sh", "Containerfile.containerignore", "README.md",
        ".dockerignore", "Dockerfile/README", "mydockerfile", "Dockerfiles", "docker-compose.yml",
    ],
)  # fmt: skip
def test_other_files_are_not(path):
    assert not takes(path)


def test_it_runs_a_command_that_exists_and_heeds_exclude(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[tool.mllint]\nexclude = ["legacy"]\n', encoding="utf-8")
    (tmp_path / "legacy").mkdir()
    for name in ("Dockerfile", "legacy/Dockerfile"):
        (tmp_path / name).write_text("FROM python\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    program, *arguments = HOOK["entry"].split()
    run = CliRunner().invoke(main, [*arguments, "--format", "concise", "Dockerfile", "legacy/Dockerfile"])

    assert program == "mllint"
    assert run.exit_code == 1
    assert "Dockerfile:1:" in run.output
    assert "legacy" not in run.output


def test_the_hook_that_fixes_takes_the_same_files_and_writes_them(tmp_path, monkeypatch):
    assert {key: FIXING[key] for key in ("files", "exclude", "types")} == {
        key: HOOK[key] for key in ("files", "exclude", "types")
    }
    path = tmp_path / "Dockerfile"
    path.write_text("FROM python:3.12.7-slim\nRUN pip install numpy==2.1.0\nUSER 1000\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    program, *arguments = FIXING["entry"].split()
    run = CliRunner().invoke(main, [*arguments, "Dockerfile"])

    assert (program, run.exit_code) == ("mllint", 0)
    assert "pip install --no-cache-dir numpy" in path.read_text(encoding="utf-8")
