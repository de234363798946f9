"""The cases of the rules: `fixtures/cases/<ID>/<name>.Dockerfile`, or a folder that is its own build context."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parents[2] / "fixtures" / "cases"


def case_files(rule_id: str) -> list[Path]:
    """The Dockerfiles of a rule's cases."""
    folder = CASES / rule_id
    return sorted([*folder.glob("*.Dockerfile"), *folder.glob("*/Dockerfile*"), *folder.glob("*/*.Dockerfile")])


def is_folder_case(path: Path) -> bool:
    """Whether the folder of a Dockerfile is its build context."""
    return path.parent.parent.parent == CASES
