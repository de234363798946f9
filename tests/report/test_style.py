from __future__ import annotations

import io
import os
from typing import Any

import pytest

from mllint.report.paths import repository_root
from mllint.report.registry import BUILT_IN, UnknownFormatError, default_format, find, write
from mllint.report.run import Run
from mllint.report.style import (
    ColorMode,
    decide_color,
    decide_links,
    decide_width,
    make_forgiving,
    style_for,
    supports_unicode,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("env", "on_terminal", "in_pipe"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"NO_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR_FORCE": "0"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
        ({"TERM": "xterm-256color"}, True, False),
        ({"GITHUB_ACTIONS": "true", "CI": "true"}, True, False),
    ],
)
def test_colour(env: dict[str, str], on_terminal: bool, in_pipe: bool) -> None:
    assert decide_color("auto", Terminal(), env) is on_terminal
    assert decide_color("auto", io.StringIO(), env) is in_pipe


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize(("mode", "expected"), [("always", True), ("never", False)])
def test_the_option_beats_the_environment(env: dict[str, str], mode: ColorMode, expected: bool) -> None:
    assert decide_color(mode, io.StringIO(), env) is expected
    assert decide_color(mode, Terminal(), env) is expected


@pytest.mark.parametrize(
    ("color", "stream", "env", "expected"),
    [
        (True, Terminal(), {}, True),
        (False, Terminal(), {}, False),
        (True, io.StringIO(), {}, False),
        (True, Terminal(), {"CI": "true"}, False),
        (True, Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_links(color: bool, stream: Any, env: dict[str, str], expected: bool) -> None:
    assert decide_links(color, stream, env) is expected


@pytest.mark.parametrize(
    ("columns", "width"), [("120", 120), ("10", 40), ("0", 80), ("", 80), ("wide", 80), ("-5", 80), ("²", 80)]
)
def test_width_without_a_terminal(columns: str, width: int) -> None:
    assert decide_width(io.StringIO(), {"COLUMNS": columns}) == width


def test_width_of_a_real_terminal() -> None:
    pty = pytest.importorskip("pty")
    import fcntl
    import struct
    import termios

    main, side = pty.openpty()
    with os.fdopen(side, "w") as stream:
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 133, 0, 0))
        assert decide_width(stream, {}) == 133
        assert style_for(stream, env={}).color is True
    os.close(main)


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", True), ("UTF8", True), ("utf_16", True), ("ascii", False), ("latin-1", False), ("cp1252", False)],
)
def test_characters(encoding: str, expected: bool) -> None:
    assert supports_unicode(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) is expected


def test_a_stream_of_text_takes_every_character() -> None:
    assert supports_unicode(io.StringIO()) is True


def test_a_closed_stream_is_no_terminal() -> None:
    stream = Terminal()
    stream.close()
    closed = io.StringIO()
    closed.close()
    assert decide_color("auto", closed, {}) is False


def test_an_encoding_that_lacks_characters_gets_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    make_forgiving(stream)
    stream.write("é🚀\udc80")
    stream.flush()
    assert raw.getvalue() == b"\\xe9\\U0001f680\\udc80"
    make_forgiving(io.StringIO())


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_format_writes_to_an_ascii_stream(run: Run, name: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    write(name, run, stream)
    stream.flush()
    assert raw.getvalue().endswith(b"\n")


@pytest.mark.parametrize(("name", "hint"), [("sarf", "'sarif'"), ("JSON", "'json'"), ("xyzzy", "full, concise")])
def test_an_unknown_format_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UnknownFormatError, match=hint):
        find(name)


def test_default_format() -> None:
    assert default_format(Terminal()) == "full"
    assert default_format(io.StringIO()) == "concise"


def test_the_repository_root(tmp_path: Any) -> None:
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").write_text("gitdir: elsewhere\n")
    root = os.path.realpath(tmp_path / "repo")
    assert repository_root(str(inner), {}) == root
    workspace = os.path.realpath(tmp_path)
    assert repository_root(str(inner), {"GITHUB_WORKSPACE": workspace}) == workspace
    assert repository_root(str(inner), {"GITHUB_WORKSPACE": str(inner) + "x"}) == root


def test_without_a_repository_the_folder_itself_is_the_root() -> None:
    assert repository_root(os.sep, {}) == os.sep
