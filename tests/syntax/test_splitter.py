from __future__ import annotations

import pytest

from mllint.source import Source
from mllint.syntax.splitter import split


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("", []),
        ("\n  \n# c\n", []),
        ("FROM a", [(1, 1, "FROM a")]),
        ("\n  FROM a \n\nRUN b\n", [(2, 2, "FROM a"), (4, 4, "RUN b")]),
        ("RUN a \\\n  b\n", [(1, 2, "RUN a   b")]),
        ("RUN a\\\nb\n", [(1, 2, "RUN ab")]),
        ("RUN a \\ \t\nb\n", [(1, 2, "RUN a b")]),
        ("RUN a \\\\\nb\n", [(1, 1, "RUN a \\\\"), (2, 2, "b")]),
        ("RUN a \\\n\n \t\n# c\n  # d\nb\nc", [(1, 6, "RUN a b"), (7, 7, "c")]),
        ("RUN a \\\n# c\n\n", [(1, 3, "RUN a")]),
        ("RUN a \\", [(1, 1, "RUN a")]),
        ("\\\n\\\n RUN a", [(1, 3, "RUN a")]),
        ("\\", [(1, 1, "")]),
        ("RUN a \\\r\nb\r\nRUN c\r\n", [(1, 2, "RUN a b"), (3, 3, "RUN c")]),
        ("RUN a\rb\n", [(1, 1, "RUN a\rb")]),
        ("RUN a \\\n\u00a0\nb", [(1, 3, "RUN a b")]),
        ("\ufeffFROM a", [(1, 1, "FROM a")]),
        ("# escape=`\nRUN a `\nb\\\nc", [(2, 3, "RUN a b\\"), (4, 4, "c")]),
        ("# x\n# escape=`\nRUN a `\nb", [(3, 3, "RUN a `"), (4, 4, "b")]),
        ("RUN <<E\na \\\nE\nRUN b", [(1, 3, "RUN <<E"), (4, 4, "RUN b")]),
        ("RUN <<E\na \\\nE\\\nE\nRUN b", [(1, 4, "RUN <<E"), (5, 5, "RUN b")]),
        ("RUN <<A <<B\nA\nx \\\nB\n# c\n y \\\n z", [(1, 4, "RUN <<A <<B"), (6, 7, "y  z")]),
        ("RUN <<'#E'\na \\\n#E\nRUN b", [(1, 3, "RUN <<'#E'"), (4, 4, "RUN b")]),
        ("RUN <<'E\\'\na \\\nE\\\nb \\\nc", [(1, 3, "RUN <<'E\\'"), (4, 5, "b c")]),
        ("RUN <<E\nx", [(1, 2, "RUN <<E")]),
        ("RUN <<E", [(1, 1, "RUN <<E")]),
        ("RUN <<E \\\n", [(1, 1, "RUN <<E")]),
    ],
)
def test_statements(text: str, statements: list[tuple[int, int, str]]) -> None:
    found = split(Source("", text)).statements
    assert [(one.first_line, one.last_line, one.line.value) for one in found] == statements


@pytest.mark.parametrize(
    ("text", "escape", "directives"),
    [
        ("# syntax=docker/dockerfile:1\n# escape=`\nFROM a", "`", [("syntax", "docker/dockerfile:1"), ("escape", "`")]),
        ("#ESCAPE = ` \r\nFROM a", "`", [("escape", "`")]),
        (" \t# check=skip=all;error=true\n", "\\", [("check", "skip=all;error=true")]),
        ("\ufeff# escape=`", "`", [("escape", "`")]),
        ("# comment\n# escape=`", "\\", []),
        ("\n# escape=`", "\\", []),
        ("# other=1\n# escape=`", "\\", []),
        ("# syntax=\n# escape=`", "\\", []),
        ("FROM a\n# escape=`", "\\", []),
    ],
)
def test_directives(text: str, escape: str, directives: list[tuple[str, str]]) -> None:
    layout = split(Source("", text))
    assert layout.escape == escape
    assert [(one.name, one.value) for one in layout.directives] == directives
    assert all(one.span.text.startswith("#") and one.span.text.endswith(one.value) for one in layout.directives)


def test_comments() -> None:
    text = "# syntax=a\n#one\nRUN a \\\n  # two \r\n b\nRUN <<E\n# body\nE\n\t#\u00a0three\nRUN <<E\n#x"
    layout = split(Source("", text))
    assert [(comment.span.text, comment.text) for comment in layout.comments] == [
        ("#one", "one"),
        ("# two", "two"),
        ("#\u00a0three", "three"),
    ]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("RUN <<E\na\nb\nE\n", [("E", "a\nb\n", True, "<<E", "E")]),
        ("RUN <<-E\n\ta\n\t\tb\n\n\tE\n", [("E", "a\nb\n\n", True, "<<-E", "\tE")]),
        ("RUN <<E\n\tE\nE", [("E", "\tE\n", True, "<<E", "E")]),
        ("RUN <<'a b'\nx\na b\n", [("a b", "x\n", False, "<<'a b'", "a b")]),
        ("RUN <<\\E\nx\nE\n", [("E", "x\n", True, "<<\\E", "E")]),
        ("RUN << E\nx\nE\n", [("E", "x\n", True, "<< E", "E")]),
        ("RUN 3<<E\nE\n", [("E", "", True, "3<<E", "E")]),
        ("RUN <<E\r\nx\r\nE\r\n", [("E", "x\r\n", True, "<<E", "E")]),
        ("COPY \\\n <<A \\\n<<-B /x\na\nA\n\tb\nB", [("A", "a\n", True, "<<A", "A"), ("B", "b\n", True, "<<-B", "B")]),
        ("RUN <<$X\nx\n$X\n", [("$X", "x\n", True, "<<$X", "$X")]),
        ("RUN <<E\nx", [("E", "x", True, "<<E", None)]),
        ("RUN <<A <<B\nx\nA\n", [("A", "x\n", True, "<<A", "A"), ("B", "", True, "<<B", None)]),
        ("onbuild add <<E /x\nx\nE\n", [("E", "x\n", True, "<<E", "E")]),
        ("RUN <<''\n", []),
        ("RUN a<<E\n", []),
        ("RUN <<<E\n", []),
        ("RUN \\<<E\n", []),
        ('RUN "<<E"\n', []),
        ("RUN it's <<E\n", []),
        ("RUN ${a <<E\n", []),
        ("RUN <<E${x:-y}\n", []),
        ('RUN ["<<E"]\n', []),
        ("ENV A=<<E\n", []),
        ("CMD <<E\n", []),
        ("ONBUILD ONBUILD RUN <<E\n", []),
    ],
)
def test_heredocs(text: str, bodies: list[tuple[str, str, bool, str, str | None]]) -> None:
    statement = split(Source("", text)).statements[0]
    assert [
        (one.name, one.body.value, one.expands, one.opening.text, one.closing.text if one.closing else None)
        for one in statement.heredocs
    ] == bodies


def test_heredoc_body_knows_its_places() -> None:
    source = Source("", "RUN <<-E\n\tone\n\t\ttwo\nE\n")
    (heredoc,) = split(source).statements[0].heredocs
    assert heredoc.body.at(4, 7).first == (3, 3)
    assert heredoc.closing is not None
    assert heredoc.closing.first == (4, 1)


@pytest.mark.parametrize("ending", ["\n", ""])
def test_longest_line(ending: str) -> None:
    most = "RUN " + "é" * 32_765 + "x"
    assert len(most.encode()) == 65_535
    assert split(Source("", f"FROM a\n{most}{ending}")).problems == []
    (problem,) = split(Source("", f"FROM a\n{most}x{ending}")).problems
    assert problem.span.first == (2, 1)
    assert "65,535 bytes" in problem.message
