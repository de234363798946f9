#!/usr/bin/env python3
"""Runs the hook of .pre-commit-hooks.yaml with pre-commit and prek, as somebody's repository would.

    python tools/try_hooks.py

What this working tree holds is committed to a repository in a temporary folder, and `try-repo` runs its hook on another
one. The hook's environment is built by pip, which needs the package index. Exits with 1 and a line for each thing that
is wrong.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CLIENTS = ("pre-commit", "prek")
_FOUND = ("Dockerfile", "Dockerfile-train", "docker/gpu.dockerfile")
_LEFT = ("Dockerfile.dockerignore", "README.md", "legacy/Dockerfile")
_FAULTY = "FROM python\n"
_CLEAN = "FROM python:3.12.7-slim\nUSER 1000\n"


def _git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=mllint", "-c", "user.email=mllint@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def _commit(folder: Path) -> None:
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--no-verify", "--message", "All")


def _hook_repository(folder: Path) -> None:
    """What the wheel is built from, as it is now."""
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if name.split("/")[0] in ("fixtures", "tests", "docs", "benchmarks") or not (ROOT / name).is_file():
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    _commit(folder)


def _user_repository(folder: Path, text: str) -> None:
    for name in (*_FOUND, *_LEFT):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "legacy" / "Dockerfile").write_text(_FAULTY, encoding="utf-8")
    (folder / "pyproject.toml").write_text('[tool.mllint]\nexclude = ["legacy"]\n', encoding="utf-8")
    _commit(folder)


def _wrong(client: str, hooks: Path, user: Path, store: Path, faulty: bool) -> list[str]:
    """What is not as it should be when a client runs the hook on a repository."""
    variables = {**os.environ, "PRE_COMMIT_HOME": str(store), "PREK_HOME": str(store), "NO_COLOR": "1"}
    command = [client, "try-repo", str(hooks), "mllint", "--all-files", "--verbose"]
    done = subprocess.run(command, cwd=user, env=variables, check=False, capture_output=True, text=True)
    said = done.stdout + done.stderr
    starts = tuple(f"{name}:1:" for name in _FOUND) if faulty else ("mllint...",)
    lines = [line.strip() for line in said.splitlines()]
    wrong = [f"does not say {start!r}" for start in starts if not any(line.startswith(start) for line in lines)]
    wrong += [f"lints {name}" for name in _LEFT if f"{name}:1:" in said]
    if done.returncode != int(faulty):
        wrong.append(f"exits with {done.returncode}")
    kind = "faulty" if faulty else "clean"
    return [f"{client}, {kind} repository: {problem}\n{said}" for problem in wrong]


def main() -> int:
    """Runs both clients on a faulty and a clean repository; returns the exit code."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder) / name for name in ("hooks", "faulty", "clean")}
        for place in places.values():
            place.mkdir()
        _hook_repository(places["hooks"])
        _user_repository(places["faulty"], _FAULTY)
        _user_repository(places["clean"], _CLEAN)
        for client in _CLIENTS:
            for kind in ("faulty", "clean"):
                store = Path(folder) / f"store-{client}"
                wrong += _wrong(client, places["hooks"], places[kind], store, faulty=kind == "faulty")
            version = subprocess.run([client, "--version"], check=True, capture_output=True, text=True).stdout.strip()
            print(f"{version}: ran the hook")
    for problem in wrong:
        print(problem, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
