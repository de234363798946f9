"""Asking git, and nothing else: the one place where a process is started. Nothing that a repository sets up is run."""

from __future__ import annotations

import os
from typing import NamedTuple

#: What git sets for its hooks, and what would make it look at another repository than the folder's.
_VARIABLES = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
)  # fmt: skip
_SECONDS = 60


class Ran(NamedTuple):
    """How a call of git ended; `error` is what it complained of, in one line."""

    code: int
    out: bytes
    error: str


def run(folder: str, *arguments: str) -> Ran:
    """Calls git in a folder. Raises OSError where it is not installed, or does not answer in a minute."""
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in _VARIABLES}
    command = ["git", "-c", "core.fsmonitor=false", "-C", folder, *arguments]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, env=environment, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"git did not answer in {_SECONDS} seconds") from None
    return Ran(done.returncode, done.stdout, " ".join(done.stderr.decode("utf-8", "replace").split()))


def output(folder: str, *arguments: str) -> bytes | None:
    """What git prints in a folder; None when it fails."""
    try:
        ran = run(folder, *arguments)
    except OSError:
        return None
    return ran.out if ran.code == 0 else None
