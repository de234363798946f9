#!/usr/bin/env python3
"""Shows what a large build context costs: 200,000 files and a sparse one of 2 GB, copied as a whole and in parts.

    python benchmarks/context.py [FILES]

The goal is 3 seconds and 150 MB. Each row is a process of its own; nothing is removed but the temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DOCKERFILES = {
    "COPY . .": "FROM python:3.12.7-slim\nWORKDIR /app\nCOPY . .\nUSER 1000\n",
    "ten stages": "".join(f"FROM python:3.12.7-slim AS s{n}\nWORKDIR /app\nCOPY . .\n" for n in range(10)),
    "COPY images/0 /app": "FROM python:3.12.7-slim\nCOPY images/0 /app/images\nUSER 1000\n",
    "COPY app.py /app/": "FROM python:3.12.7-slim\nCOPY app.py /app/\nUSER 1000\n",
}
#: Files of a folder.
EACH = 1_000
LARGE = 2_000_000_000


def make(folder: Path, count: int) -> None:
    """The files of a context, spread over folders of a thousand."""
    for number in range(count // EACH):
        inside = folder / "images" / str(number)
        inside.mkdir(parents=True)
        for name in range(EACH):
            os.close(os.open(inside / f"frame_{name:04}.jpg", os.O_CREAT | os.O_WRONLY))
    (folder / "app.py").write_text("print('ok')\n")
    (folder / "recording.raw").touch()
    os.truncate(folder / "recording.raw", LARGE)
    (folder / ".dockerignore").write_text(".git\n**/__pycache__\n*.md\n!README.md\n")


def measure(dockerfile: Path, context: Path) -> tuple[float, float, int]:
    """Seconds, MB at the peak, and the number of findings of one run."""
    command = [sys.executable, "-m", "mllint", "check", "--isolated", "--format", "concise", "-q"]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--context", str(context), str(dockerfile)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = process.stdout.read().count("\n")
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss / 1000, lines


def main() -> None:
    """Prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as top:
        context = Path(top, "context")
        context.mkdir()
        make(context, count)
        print(f"{count:,} files and one of 2 GB   seconds   MB   findings")
        for name, text in DOCKERFILES.items():
            path = Path(top, "Dockerfile")
            path.write_text(text)
            seconds, memory, lines = measure(path, context)
            print(f"{name:31}{seconds:8.2f}{memory:6.0f}{lines:8}")


if __name__ == "__main__":
    main()
