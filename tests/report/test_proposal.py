from __future__ import annotations

import pytest

from mllint.finding import Edit
from mllint.report.proposal import Change, changes
from mllint.source import Source

TEXT = "FROM a\nRUN b\nRUN c\nCMD d\n"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([(5, 6, "x")], [(1, ("FROM a",), ("FROM x",))]),
        ([(7, 7, "ARG x\n")], [(2, (), ("ARG x",))]),
        ([(7, 13, "")], [(2, ("RUN b",), ())]),
        ([(25, 25, "USER x\n")], [(5, (), ("USER x",))]),
        ([(24, 24, "\nUSER x")], [(5, (), ("USER x",))]),
        ([(6, 6, "\nUSER x")], [(2, (), ("USER x",))]),
        ([(0, 0, "ARG v\n"), (5, 6, "x")], [(1, ("FROM a",), ("ARG v", "FROM x"))]),
        ([(23, 24, "z"), (5, 6, "x")], [(1, ("FROM a",), ("FROM x",)), (4, ("CMD d",), ("CMD z",))]),
        ([(11, 12, "x"), (5, 6, "x"), (5, 5, "y/")], [(1, ("FROM a",), ("FROM y/x",)), (2, ("RUN b",), ("RUN x",))]),
        ([(12, 17, " && ")], [(2, ("RUN b", "RUN c"), ("RUN b && c",))]),
        ([], []),
    ],
)
def test_changes(
    edits: list[tuple[int, int, str]], expected: list[tuple[int, tuple[str, ...], tuple[str, ...]]]
) -> None:
    source = Source("f", TEXT)
    found = changes(Edit(source.span(start, end), content) for start, end, content in edits)
    assert found == [Change("f", *change) for change in expected]


def test_line_ends_of_either_kind_are_not_shown() -> None:
    source = Source("f", "FROM a\r\nRUN b\r\n")
    assert changes([Edit(source.span(8, 8), "ARG x\r\n")]) == [Change("f", 2, (), ("ARG x",))]


def test_two_files() -> None:
    one, other = Source("a", "x\n"), Source("b", "y\n")
    found = changes([Edit(other.span(0, 1), "2"), Edit(one.span(0, 1), "1")])
    assert found == [Change("a", 1, ("x",), ("1",)), Change("b", 1, ("y",), ("2",))]


def test_text_without_a_final_line_end() -> None:
    source = Source("f", "FROM a")
    assert changes([Edit(source.span(6, 6), "\nUSER b\n")]) == [Change("f", 2, (), ("USER b",))]
