from __future__ import annotations

import pytest

from mllint.semantic.failures import stops_build


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("x", True),
        ("a && x && b", True),
        ("x || exit 1", True),
        ("a; x", True),
        ("set -e; x; b", True),
        ("set -euo pipefail; x | b", True),
        ("x; b", False),
        ("x && a; b", False),
        ("x || true", False),
        ("x | b", False),
        ("b | x", True),
        ("x & b", False),
        ("if x; then b; fi", False),
        ("if a; then x; fi", False),
        ("echo $(x)", False),
        ("! x", False),
    ],
)
def test_whether_a_failure_stops_the_build(build, script: str, expected: bool) -> None:
    stage = build(f"FROM scratch\nRUN {script}\n").final
    (step,) = (step for step in stage.steps if step.command.name == "x")
    assert stops_build(step, stage) is expected


def test_the_options_of_shell_hold(build) -> None:
    stage = build('FROM scratch\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN x | a; b\n').final
    (step,) = (step for step in stage.steps if step.command.name == "x")
    assert stops_build(step, stage)
