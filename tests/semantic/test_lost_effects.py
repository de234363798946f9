from __future__ import annotations

import pytest

from mllint.semantic.lost_effects import lost_effects


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("cd /app", ("cd", True)),
        ("mkdir /app && cd /app", ("cd", False)),
        ("export A=1", ("export", True)),
        ("A=1", ("export", True)),
        ("A=$(make a)", None),
        ("alias a=b", ("alias", True)),
        ("alias", None),
        ("source venv/bin/activate", ("source", True)),
        (". ~/.bashrc", ("source", True)),
        ("source /opt/ros/humble/setup.bash", ("source", True)),
        ("source setup.sh", None),
        ("conda activate a", ("conda", True)),
        ("cd a && make", None),
        ("cd a && make && cd ..", None),
        ("cd a && make && cd b", None),
        ("cd a | cat", None),
        ("cd a || true", None),
        ("(cd a)", None),
        ("if true; then cd a; fi", None),
        ("echo 'export A=1' >> ~/.bashrc", None),
    ],
)
def test_effects_at_the_end_of_a_run_are_lost(build, run, expected):
    (stage,) = build(f"FROM debian:12\nRUN {run}\n").stages
    found = lost_effects(stage)

    assert [(each.kind, each.alone) for each in found] == ([expected] if expected is not None else [])
