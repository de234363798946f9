#!/usr/bin/env python3
"""Checks action.yml, templates/mllint.yml and .pre-commit-hooks.yaml with programs that are not ours, offline.

    python tools/check_ci_files.py

check-jsonschema has the schemas of GitHub and GitLab built in, zizmor knows what is unsafe in an action, and
pre-commit reads its manifest. Exits with 1 when one of them complains.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def jobs_of(template: str) -> str:
    """The jobs of a GitLab component: its second document, in which the inputs have their defaults."""
    import yaml

    header, jobs = template.split("\n---\n")
    for name, described in yaml.safe_load(header)["spec"]["inputs"].items():
        jobs = jobs.replace(f"$[[ inputs.{name} ]]", str(described["default"]))
    return jobs


def main() -> int:
    """Runs them all; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = Path(folder) / "jobs.yml"
        jobs.write_text(jobs_of((ROOT / "templates" / "mllint.yml").read_text(encoding="utf-8")), encoding="utf-8")
        commands = (
            ["check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"],
            ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(jobs)],
            ["zizmor", "--offline", "--no-progress", "action.yml"],
            ["pre-commit", "validate-manifest", ".pre-commit-hooks.yaml"],
        )
        codes = [subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
