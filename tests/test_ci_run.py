"""What CI runs: every check that there is, and so that each of them can fail it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
_PREFIXES = ("check_", "try_", "validate_")
CHECKS = sorted(path.name for path in (ROOT / "tools").glob("*.py") if path.name.startswith(_PREFIXES))


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_is_run(name: str) -> None:
    assert f"python tools/{name}" in SCRIPT


def test_the_list_has_checks() -> None:
    assert len(CHECKS) >= 4


def test_no_check_stands_in_front_of_another() -> None:
    """`set -e` does not stop at a command that fails in front of `&&`."""
    assert "set -euo pipefail" in SCRIPT
    steps = SCRIPT.partition('echo "== lint"')[2]
    assert "mypy" in steps
    assert not re.search(r"&&|\|\||\bif\b|;\s*true", steps)


def test_it_is_a_shell_script(tmp_path: Path) -> None:
    done = subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
