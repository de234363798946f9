#!/usr/bin/env python3
"""Has the SARIF of fixtures checked by the validator that knows GitHub's rules, and read by sarif-tools.

    npm install --prefix DIR @microsoft/sarif-multitool@5
    pip install sarif-tools
    python tools/validate_sarif.py DIR [--all]

It takes the projects and the first cases of each rule; with --all every case, which the validator needs half a minute
for.
The validator's exit code says nothing (it is 0 for a file that breaks the schema), so that its output is read. It also
works out the line hashes on its own: they have to be those that are in the file.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
#: How many files of each rule are taken where not all are.
_CASES = 2
#: A bare machine has no ICU, which .NET asks for unless it is told that one language is enough.
_ENVIRONMENT = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
_PROGRAM = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
_PROBLEM = re.compile(r": (?:error|warning)\b.*")


def fixtures(everything: bool) -> list[str]:
    """What is linted, from the folder of the fixtures."""
    if everything:
        return ["."]
    cases = [sorted(each.glob("*.Dockerfile"))[:_CASES] for each in sorted((FIXTURES / "cases").iterdir())]
    return ["projects", *(str(path.relative_to(FIXTURES)) for paths in cases for path in paths)]


def written(folder: Path, paths: list[str]) -> Path:
    """The SARIF of fixtures, made from another folder than the root: the paths must not depend on it."""
    path = folder / "mllint.sarif"
    command = [sys.executable, "-m", "mllint", "--isolated", "--profile", "strict", "--format", "sarif"]
    done = subprocess.run([*command, "--output", str(path), *paths], cwd=FIXTURES, check=False)
    if done.returncode != 1:
        sys.exit(f"mllint exits with {done.returncode} where there are findings to report")
    return path


def problems(program: Path, path: Path) -> list[str]:
    """What the validator says of a file, errors and warnings."""
    command = [str(program), "validate", str(path), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    report = ["-o", str(path.with_suffix(".report")), "--log", "ForceOverwrite"]
    done = subprocess.run([*command, *report], capture_output=True, text=True, check=False, env=_ENVIRONMENT)
    if "Analysis completed successfully" not in done.stdout:
        return [done.stdout + done.stderr]
    return [line for line in done.stdout.splitlines() if _PROBLEM.search(line)]


def hashes(document: Any) -> list[tuple[str, int, str]]:
    """File, line and fingerprint of each result."""
    found = []
    for result in document["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        fingerprint = result.get("partialFingerprints", {}).get("primaryLocationLineHash", "")
        found.append((place["artifactLocation"]["uri"], place["region"]["startLine"], fingerprint))
    return found


def computed(program: Path, path: Path) -> list[tuple[str, int, str]]:
    """The same with the fingerprints taken out, and made by the validator."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for result in document["runs"][0]["results"]:
        result.pop("partialFingerprints", None)
    bare, filled = path.with_name("bare.sarif"), path.with_name("filled.sarif")
    bare.write_text(json.dumps(document), encoding="utf-8")
    insert = ["--insert", "RollingHashPartialFingerprints", "--uriBaseIds", f"%SRCROOT%={ROOT.as_uri()}/"]
    subprocess.run(
        [str(program), "rewrite", str(bare), "-o", str(filled), "--log", "ForceOverwrite", *insert],
        stdout=subprocess.DEVNULL,
        check=True,
        env=_ENVIRONMENT,
    )
    return hashes(json.loads(filled.read_text(encoding="utf-8-sig")))


def run(folder: str, everything: bool) -> int:
    """Checks everything; the exit code is the result."""
    program = Path(folder) / _PROGRAM
    # npm leaves it without this bit where it does not run the package's own script.
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with tempfile.TemporaryDirectory() as temporary:
        path = written(Path(temporary), fixtures(everything))
        found = problems(program, path)
        ours, theirs = hashes(json.loads(path.read_text(encoding="utf-8"))), computed(program, path)
        found += [
            f"line hash: {mine} here, {other} there" for mine, other in zip(ours, theirs, strict=True) if mine != other
        ]
        summary = subprocess.run(
            [sys.executable, "-m", "sarif", "summary", str(path)], capture_output=True, text=True, check=False
        )
        counts = re.findall(r"^(?:error|warning|note): (\d+)", summary.stdout, re.MULTILINE)
        if sum(map(int, counts)) != len(ours):
            found.append(f"sarif-tools reads {counts} of {len(ours)} results: {summary.stderr}")
    print(*found, f"{len(ours)} results, {len(found)} problems", sep="\n")
    return 1 if found or not ours else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], everything="--all" in sys.argv[2:]))
