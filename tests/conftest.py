"""The command as users start it: in a process of its own, from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent

# How fast a machine is that does other things besides says nothing about the code.
settings.register_profile("mllint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mllint")


class Ran(NamedTuple):
    """How a process ended, and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def environment() -> dict[str, str]:
    """The variables of a process that imports mllint from the checkout; nothing in them asks for colour."""
    ours = (
        "PYTHONPATH", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "CI", "GITHUB_WORKSPACE",
        "GITHUB_STEP_SUMMARY",
    )  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("MLLINT")}
    return {**kept, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "rules"))), "PYTHONUTF8": "1"}


@pytest.fixture
def process(tmp_path: Path, environment: dict[str, str]) -> Callable[..., Ran]:
    """Runs `mllint` with arguments in an empty folder; `stdin` is what it reads, `code` a program in its place."""

    def run(*arguments: str, stdin: str | bytes = b"", code: str | None = None, **more: Any) -> Ran:
        start = ["-m", "mllint"] if code is None else ["-c", code]
        data = stdin.encode() if isinstance(stdin, str) else stdin
        options = {"cwd": tmp_path, "env": environment, "timeout": 120, "input": data} | more
        done = subprocess.run([sys.executable, *start, *arguments], capture_output=True, check=False, **options)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
