#!/usr/bin/env python3
"""Shows how mllint's time grows with the length of a file and with the number of files.

    python benchmarks/growth.py

Each row lints a made-up file of so many instructions (a mix of RUN, COPY, ENV and comments) in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

BLOCK = (
    "# step {n}\n"
    "RUN apt-get update && apt-get install -y --no-install-recommends p{n} \\\n"
    "    && rm -rf /var/lib/apt/lists/*\n"
    "COPY s/{n} /a/{n}\n"
    "ENV V{n}=v{n}\n"
    "RUN pip install --no-cache-dir l{n}==1.0\n"
)
#: Instructions of a block.
STEP = 4


def seconds(paths: list[str]) -> float:
    """The wall time of one run over files."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "mllint", "check", "--isolated", "--format", "json", *paths]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main() -> None:
    """Prints both tables."""
    with tempfile.TemporaryDirectory() as folder:
        print("instructions   seconds   µs an instruction")
        for count in (100, 1_000, 10_000, 100_000):
            path = Path(folder, f"{count}.Dockerfile")
            path.write_text("FROM ubuntu:22.04\n" + "".join(BLOCK.format(n=n) for n in range(count // STEP)))
            taken = seconds([str(path)])
            print(f"{count:12,}{taken:10.2f}{taken * 1e6 / count:20.0f}")
        print("\n       files   seconds          ms a file")
        for count in (1, 10, 100, 1_000):
            paths = []
            for number in range(count):
                path = Path(folder, f"{count}-{number}.Dockerfile")
                path.write_text("FROM ubuntu:22.04\n" + "".join(BLOCK.format(n=n) for n in range(5)))
                paths.append(str(path))
            taken = seconds(paths)
            print(f"{count:12,}{taken:10.2f}{taken * 1e3 / count:19.2f}")


if __name__ == "__main__":
    main()
