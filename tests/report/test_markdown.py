"""Markdown, read with a CommonMark parser that knows tables."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mllint.finding import Severity
from mllint.report.markdown import document, write
from mllint.report.run import Run
from mllint.report.style import Style
from mllint.source import Source

GITHUB = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "team/app", "GITHUB_SHA": "c0ffee"}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.example/team/app", "CI_COMMIT_SHA": "c0ffee"}


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)


def cells(text: str) -> list[list[Token]]:
    """The cells of the table behind its head, three a row."""
    found = tokens(text)
    return [after.children or [] for before, after in pairwise(found) if before.type == "td_open"]


def plain(cell: list[Token]) -> str:
    return "".join(each.content for each in cell if each.type in ("text", "code_inline"))


def test_the_page(run: Run) -> None:
    out = io.StringIO()
    write(run, out, Style())
    text = out.getvalue()
    assert [each.tag for each in tokens(text) if each.type.endswith("_open")][:2] == ["h2", "p"]
    assert "1 error, 3 warnings, 1 note in 2 files (2 fixable; 1 suppressed); 2 problems" in text
    assert "- bad/Dockerfile: is not UTF-8\n- rule ML999 failed\n" in text
    found = [plain(cell) for cell in cells(text)]
    assert found[0::3] == ["error", "warning", "warning", "warning", "info"]
    assert found[1::3][:3] == ["app/Dockerfile:3", "app/Dockerfile:9", "app/requirements.txt:2"]
    assert found[2].startswith("ML303 unknown-cuda-wheel-index: cu122 was never published by PyTorch")
    assert found[2].endswith("Fix: Use the index for CUDA 12.1.")


@pytest.mark.parametrize(
    ("env", "address"),
    [
        (GITHUB, "https://github.example/team/app/blob/c0ffee/a%20b/Dockerfile#L1"),
        (GITLAB, "https://gitlab.example/team/app/-/blob/c0ffee/a%20b/Dockerfile#L1"),
        ({}, None),
        ({**GITHUB, "GITHUB_SHA": ""}, None),
    ],
)
def test_links(make: Any, env: dict[str, str], address: str | None) -> None:
    run = make.run(make.finding(Source("a b/Dockerfile", "FROM a\n").span(0, 4)))
    links = [each.attrs["href"] for cell in cells(document(run, env)) for each in cell if each.type == "link_open"]
    assert links == ([] if address is None else [address])


@pytest.mark.parametrize(
    "message",
    [
        "a | b",
        "`curl x | sh` is run",
        "<script>alert(1)</script> &amp; <b>",
        "[click](https://x.example) ![i](https://x.example/i.png)",
        "a `code` and one ` alone <b> | [x](y)",
        "``two ` ticks``, *stars*, __lines__, ~~gone~~",
        "back\\slash and \\| pipe",
        "line\nbreak | ## no heading",
    ],
)
def test_a_message_is_text_and_code(make: Any, message: str) -> None:
    run = make.run(make.finding(Source("D[o](x)|<b>", "FROM a\n").span(0, 4), message=message))
    found = cells(document(run, {}))
    assert len(found) == 3
    allowed = {"text", "code_inline", "strong_open", "strong_close", "text_special"}
    assert {each.type for cell in found for each in cell} <= allowed
    assert plain(found[1]) == "D[o](x)|<b>:1"
    shown = " ".join(message.split()).replace("``two ` ticks``", "two ` ticks")
    for code in ("`curl x | sh`", "`code`"):
        shown = shown.replace(code, code.strip("`"))
    assert plain(found[2]) == f"ML101 some-name: {shown}"


def test_it_stays_below_the_limit(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    many = [make.finding(source.span(0, 4), "ML102", Severity.INFO, message="é" * 100)] * 100
    run = make.run(*many, make.finding(source.span(0, 4), "ML303", Severity.ERROR))
    text = document(run, {}, 2000)
    assert 1500 < len(text.encode()) <= 2000
    assert "ML303" in text
    assert f"{101 - len(cells(text)) // 3} more findings left out here." in text


def test_a_clean_run(make: Any) -> None:
    assert document(make.run(), {}) == "## mllint\n\nNo findings in 0 files\n"
