from __future__ import annotations

import pytest

from mllint.report.excerpt import crop, excerpts
from mllint.source import Source


@pytest.mark.parametrize(
    ("line", "start", "end", "text", "marked"),
    [
        ("FROM a", 5, 6, "FROM a", (5, 6)),
        ("FROM a", 6, 6, "FROM a", (6, 7)),
        ("", 0, 0, "", (0, 1)),
        ("\tENV A=1", 5, 8, "    ENV A=1", (8, 11)),
        ("a\tb", 2, 3, "a   b", (4, 5)),
        ("L 名前 x", 5, 6, "L 名前 x", (7, 8)),
        ("L 名前 x", 2, 4, "L 名前 x", (2, 6)),
        ("e\u0301 x", 3, 4, "e\u0301 x", (2, 3)),
        ("a\x1b[31mb", 1, 2, "a\\x1b[31mb", (1, 5)),
        ("a\u202eb", 2, 3, "a\\u202eb", (7, 8)),
        ("FROM\u00a0a", 4, 5, "FROM\\xa0a", (4, 8)),
        ("\ufeffFROM a", 1, 5, "FROM a", (0, 4)),
        ("🚀 x", 2, 3, "🚀 x", (3, 4)),
    ],
)
def test_what_a_line_looks_like(line: str, start: int, end: int, text: str, marked: tuple[int, int]) -> None:
    assert crop(line, start, end, 40) == (text, *marked)


def test_without_unicode_everything_is_ascii() -> None:
    assert crop("é名x", 2, 3, 40, unicode=False) == ("\\xe9\\u540dx", 10, 11)


LINE = "".join(f"{number:03}" for number in range(100, 200))


@pytest.mark.parametrize("room", [20, 33, 74])
@pytest.mark.parametrize("start", [0, 1, 10, 19, 20, 73, 74, 75, 150, 279, 290, 299, 300])
@pytest.mark.parametrize("length", [0, 1, 5, 18, 40, 300])
@pytest.mark.parametrize("unicode", [True, False])
def test_a_long_line_is_cut_around_the_mark(room: int, start: int, length: int, unicode: bool) -> None:
    end = min(300, start + length)
    text, first, behind = crop(LINE, start, end, room, unicode=unicode)
    more = "…" if unicode else "..."
    kept = text.strip(more[0])
    at = LINE.index(kept)
    before = more if at > 0 else ""
    after = more if at + len(kept) < len(LINE) else ""
    assert text == before + kept + after
    assert len(text) <= room
    assert at + first - len(before) == start
    if end - start <= room // 2:
        assert behind - first == max(1, end - start)
        assert text[first:behind] == LINE[start : max(end, start + 1)]
    else:
        assert first < behind <= len(text)


def test_both_ends_are_marked_as_cut() -> None:
    text, first, behind = crop(LINE, 150, 155, 40)
    assert text[0] == text[-1] == "…"
    assert text[first:behind] == LINE[150:155]


def test_wide_characters_are_cut_by_their_width() -> None:
    text, first, behind = crop("名" * 200, 100, 102, 41)
    assert sum(2 if char == "名" else 1 for char in text) <= 41
    assert behind - first == 4


def test_a_line_of_megabytes_is_looked_at_around_the_mark_only() -> None:
    line = "x" * 5_000_000 + "MARK" + "y" * 5_000_000
    text, first, behind = crop(line, 5_000_000, 5_000_004, 60)
    assert text[first:behind] == "MARK"
    assert len(text) <= 60


def test_a_range_of_lines() -> None:
    source = Source("f", "RUN a \\\n  b \\\n  c \\\n  d \\\n  e\nUSER x\n")
    found = excerpts(source.span(4, source.text.index("USER")), 40)
    assert [line.number for line in found.lines] == [1, 2, 3]
    assert found.hidden == 2


def test_one_line_more_than_the_limit_is_shown() -> None:
    source = Source("f", "a\nb\nc\nd\n")
    found = excerpts(source.span(0, 7), 40)
    assert [line.text for line in found.lines] == ["a", "b", "c", "d"]
    assert found.hidden == 0


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_end_is_not_another_line(end: str) -> None:
    source = Source("f", f"FROM a{end}USER b{end}")
    found = excerpts(source.span(0, 6 + len(end)), 40)
    assert [(line.number, line.text, line.start, line.end) for line in found.lines] == [(1, "FROM a", 0, 6)]
