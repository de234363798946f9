"""What is no Dockerfile, or one that nobody would write: a clear message, the right exit code, and the others go on."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mllint.config.load import Configuration
from mllint.lint import MAX_FILE_SIZE, FileResult, Linter, lint_path
from mllint.plugins import load_plugins
from mllint.source import Source

#: ML501 finds this one's user, which shows that it was linted.
GOOD = "FROM python:3.12.1\nCMD x\n"


@pytest.fixture
def beside(process: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Lints paths together with a good file, which must be linted whatever the others are."""

    def run(*paths: str, **more: Any) -> Any:
        (tmp_path / "z-good").write_text(GOOD, encoding="utf-8")
        result = process(*paths, "z-good", "--select", "ML001,ML501", **more)
        assert "z-good:1:6: warning ML501" in result.out
        assert "Traceback" not in result.err
        return result

    return run


@pytest.fixture
def lint() -> Callable[[str], FileResult]:
    """Lints a text in this process."""
    linter = Linter(Configuration(isolated=True), load_plugins(isolated=True))
    return lambda text: linter.lint(Source("Dockerfile", text))


# Files that cannot be read


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"FROM x\nRUN echo \xff\n", "is not UTF-8: byte 0xff in line 2"),
        (b"FROM x\nRUN \xed\xa0\x80\n", "is not UTF-8: byte 0xed in line 2"),
        (b"FROM x\nRUN a\0b\n", "has a NUL byte in line 2: a binary file, not a Dockerfile"),
        ("FROM x\n".encode("utf-16"), "is UTF-16; Docker reads UTF-8, so save it as that"),
        ("FROM x\n".encode("utf-16-be"), "has a NUL byte in line 1: a binary file, not a Dockerfile"),
        (b"FROM x\n" * (50_000_000 // 7), "has more than 5 MB: not a Dockerfile"),
    ],
    ids=["not UTF-8", "a lone surrogate", "NUL", "UTF-16", "UTF-16 without a mark", "50 MB"],
)
def test_what_is_no_text(beside: Callable[..., Any], tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "bad").write_bytes(data)
    result = beside("bad")
    assert result.code == 2
    assert f"bad: error: {message}\n" in result.out
    piped = beside("-", stdin=data)
    assert piped.code == 2
    assert f"<stdin>: error: {message}\n" in piped.out


def test_a_missing_file(beside: Callable[..., Any]) -> None:
    result = beside("nosuch/Dockerfile")
    assert result.code == 2
    assert "nosuch/Dockerfile: error: no such file or folder\n" in result.out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_named_pipe_is_not_waited_for(beside: Callable[..., Any], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Dockerfile")
    result = beside("Dockerfile", ".")
    assert result.code == 2
    assert result.out.count("Dockerfile: error: a named pipe, not a file or folder\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="the system has no such devices")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device(beside: Callable[..., Any], device: str) -> None:
    result = beside(device)
    assert result.code == 2
    assert f"{device}: error: a device, not a file or folder\n" in result.out


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="the system has no sockets in folders")
def test_a_socket(beside: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("Dockerfile")
        result = beside("Dockerfile")
    assert "Dockerfile: error: a socket, not a file or folder\n" in result.out


def test_links_that_lead_nowhere(beside: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "Dockerfile.a").symlink_to("Dockerfile.b")
    (tmp_path / "Dockerfile.b").symlink_to("Dockerfile.a")
    (tmp_path / "Dockerfile.c").symlink_to("nowhere")
    (tmp_path / "folder").symlink_to(".")
    result = beside("Dockerfile.a", "Dockerfile.c", ".")
    assert result.code == 2
    assert "Dockerfile.a: error: too many levels of symbolic links\n" in result.out
    assert "Dockerfile.c: error: the symbolic link leads nowhere\n" in result.out


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_file_that_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def refuse(path: str, flags: int) -> int:
        raise error

    path = tmp_path / "Dockerfile"
    path.write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("mllint.lint._open_without_waiting", refuse)
    linter = Linter(Configuration(isolated=True), load_plugins(isolated=True))
    result = linter.lint_file(str(path))
    assert result.report is None
    assert [each.message for each in result.errors] == [str(error.strerror).lower()[:1] + str(error.strerror)[1:]]


def test_a_name_with_control_characters(process: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "Dockerfile.\x1b[31m").write_text(GOOD, encoding="utf-8")
    for name in ("concise", "full", "github"):
        result = process(".", "nosuch\x1b", "--format", name)
        assert "\x1b" not in result.out + result.err
    assert "\x1b" not in process(".", "nosuch\x1b", "--format", "json").err


@pytest.mark.skipif(sys.platform != "linux", reason="the file systems of Linux take any bytes for a name")
def test_a_name_that_is_no_text(process: Callable[..., Any], tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/Dockerfile.\xff", "w", encoding="utf-8") as file:
        file.write(GOOD)
    for name in ("concise", "full", "github"):
        result = process(".", "--format", name)
        assert (result.code, result.err) == (1, "")
        assert "Dockerfile." in result.out
    assert json.loads(process(".", "--format", "json").out)["findings"][0]["path"] == "Dockerfile.\udcff"
    assert process(".", "--format", "sarif").code == 1
    assert process(".", "-o", "report").code == 1


# Files without instructions


@pytest.mark.parametrize(
    "text", ["", "\n", " \n\t\n", "# a comment\n\n# another", "\ufeff", "# syntax=docker/dockerfile:1\n"]
)
def test_nothing_in_it(beside: Callable[..., Any], tmp_path: Path, text: str) -> None:
    (tmp_path / "empty").write_text(text, encoding="utf-8")
    result = beside("empty")
    assert result.code == 1
    assert "empty:1:1: error ML001" in result.out
    assert "file has no instructions" in result.out


# Files that are too much of something. None of these has a time limit: a hang is what they show.

_MANY = 100_000


def _stages() -> Iterator[tuple[str, str]]:
    yield "stages", "".join(f"FROM x AS s{number}\n" for number in range(_MANY))
    yield (
        "a chain of stages",
        "FROM x AS s0\n" + "".join(f"FROM s{number} AS s{number + 1}\nENV A{number}=1\n" for number in range(20_000)),
    )
    yield "stages of one name", "FROM x AS a\n" + "FROM a AS a\n" * 20_000


def _lines() -> Iterator[tuple[str, str]]:
    yield "instructions", "FROM python:3.11\n" + "WORKDIR /a\nENV A=1\nRUN true\nUSER b\n" * (_MANY // 4)
    yield "unknown instructions", "lorem ipsum dolor\n" * 20_000
    yield "ENV lines", "FROM x\n" + "".join(f"ENV A{number}=$A{number - 1}x\n" for number in range(10_000))
    yield "a growing PATH", "FROM x\n" + "".join(f"ENV PATH=/opt/{number}:$PATH\n" for number in range(10_000))
    yield "a growing WORKDIR", "FROM scratch\n" + "WORKDIR abcdefghij\n" * 10_000
    yield "continued lines", "FROM x\nRUN a \\\n" + " b \\\n" * _MANY + "c\n"
    yield "here-documents", "FROM x\nRUN " + "".join(f"<<E{number} " for number in range(10_000)) + "\n"
    yield "directives", "# escape=`\n" * 10_000 + "FROM x\n"
    yield (
        "ignored codes",
        "FROM x\n# mllint ignore=" + ",".join(f"DL{number}" for number in range(10_000)) + "\nRUN x\n",
    )


def _long_lines() -> Iterator[tuple[str, str]]:
    yield "a word of 5 MB", "FROM x\nRUN echo " + "a" * 5_000_000 + "\n"
    yield "many words", "FROM x\nRUN pip install " + "ab " * 20_000 + "\n"
    yield "many variables", "FROM x\nENV A=" + "$A" * 1_000_000 + "\n"
    yield "many strings", "FROM x\nCMD [" + '"a",' * _MANY + '"b"]\n'
    yield "many brackets", "FROM x\nCMD " + "[" * 1_000_000 + "\n"
    yield "many flags", "FROM x\nRUN " + "--mount=type=cache " * 50_000 + "a\n"
    yield "many backslashes", "FROM x\nRUN " + "\\" * 1_000_000 + "\n"


def _deep() -> Iterator[tuple[str, str]]:
    doubled = "".join(f"ARG A{number + 1}=$A{number}$A{number}\n" for number in range(200))
    yield "ARG doubled", f"FROM x\nARG A0=0123456789\n{doubled}RUN echo $A200\n"
    yield "global ARG doubled", f"ARG A0=0123456789\n{doubled}FROM $A200\nRUN echo $A200\n"
    yield "ENV doubled", f"FROM x\nENV A0=0123456789\n{doubled.replace('ARG', 'ENV')}WORKDIR $A200\n"
    yield "doubled in quotes", "FROM x\n" + "".join(f'ENV A{n + 1}="$A{n}${{A{n}:-x}}"\n' for n in range(200))
    yield "replaced", "FROM x\nENV A=" + "a" * 100_000 + "\nENV B=${A//a/$A}\nENV C=${B//a/$A}\n"
    yield "ARG of itself", "FROM x\nARG A=$A\nARG B=$C\nARG C=$B\nENV D=${D:-${D:-${D}}}\n"
    yield "braces", "FROM x\nENV A=" + "${a:-" * 10_000 + "}" * 10_000 + "\n"
    yield "ONBUILD", "FROM x\n" + "ONBUILD " * 10_000 + "RUN x\n"
    yield "sh -c", "FROM x\nRUN " + 'sh -c "' * 1_000 + "\n"
    yield "substitutions", "FROM x\nRUN " + "$(" * 10_000 + ")" * 10_000 + "\n"
    yield "if", "FROM x\nRUN " + "if a; then " * 2_000 + "fi; " * 2_000 + "\n"
    yield "subshells", "FROM x\nRUN " + "( " * 2_000 + "pip install x" + " )" * 2_000 + "\n"
    yield "sudo", "FROM x\nRUN " + "sudo " * 10_000 + "pip install x\n"
    yield "a long pipeline", "FROM x\nRUN a" + " | b" * 10_000 + " && pip install c" * 10_000 + "\n"
    yield (
        "shell variables",
        "FROM x\nRUN A0=0; " + "".join(f"A{n + 1}=$A{n}$A{n}; " for n in range(200)) + "echo $A200\n",
    )


_TEXTS = [*_stages(), *_lines(), *_long_lines(), *_deep()]


@pytest.mark.parametrize("text", [text for _, text in _TEXTS], ids=[name for name, _ in _TEXTS])
def test_too_much_of_something(lint: Callable[[str], FileResult], text: str) -> None:
    assert len(text) < MAX_FILE_SIZE
    result = lint(text)
    assert result.report is not None
    assert result.errors == ()
    assert not result.crashed


def test_an_expansion_that_grows_is_not_known(lint: Callable[[str], FileResult]) -> None:
    lines = "".join(f"ARG A{number + 1}=$A{number}$A{number}\n" for number in range(60))
    result = lint(f"ARG A0=python\n{lines}FROM $A60\nUSER app\n")
    assert result.report is not None
    assert result.report.stages[0].base is None
    result = lint(f"ARG A0=python\n{lines}FROM $A0:3.12\nUSER app\n")
    assert result.report is not None
    assert result.report.stages[0].base == "python:3.12"


# mllint's own faults

_RAISING = """
import sys
from mllint import engine
from mllint.rule import Rule
from mllint_rules.runtime.ml501_root_user import RootUser

def boom(self, build):
    raise ValueError("a rule\\nthat fails")
    yield

RootUser.check_build = boom
from mllint.cli import main
main(prog_name="mllint")
"""


def test_a_rule_that_raises(process: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python\nFOO\n", encoding="utf-8")
    result = process("Dockerfile", "--select", "ML001,ML101,ML501", "--exit-zero", code=_RAISING)
    assert result.code == 3
    assert "Dockerfile:1:6: warning ML101" in result.out
    assert "Dockerfile:2:1: error ML001" in result.out
    assert "Dockerfile: error: ML501 failed and was left out: ValueError: a rule that fails (boom, line " in result.out
    document = json.loads(process("Dockerfile", "--format", "json", code=_RAISING).out)
    assert [each["path"] for each in document["errors"]] == ["Dockerfile"]


_NO_DISCOVERY = """
import mllint.cli as cli
import mllint.commands.check as check
check.find_files = None
cli.main(prog_name='mllint')
"""

_FAILING = """
import mllint.lint
whole = mllint.lint.check

def check(source, *more, **options):
    if source.path == "bad":
        raise RecursionError("too deep")
    return whole(source, *more, **options)

mllint.lint.check = check
from mllint.cli import main
main(prog_name="mllint")
"""


def test_a_file_on_which_mllint_fails(beside: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "bad").write_text(GOOD, encoding="utf-8")
    result = beside("bad", code=_FAILING)
    assert result.code == 3
    assert "bad: error: mllint failed on this file: RecursionError: too deep (check, line 7)" in result.out


def test_a_failure_outside_of_files(process: Callable[..., Any]) -> None:
    code = _NO_DISCOVERY
    result = process("Dockerfile", code=code)
    assert (result.code, result.out) == (3, "")
    assert "TypeError: 'NoneType' object is not callable" in result.err
    assert "This is a bug in mllint." in result.err
    assert "Traceback" not in result.err


def test_the_traceback_on_request(process: Callable[..., Any], environment: dict[str, str]) -> None:
    code = _NO_DISCOVERY
    result = process("Dockerfile", code=code, env={**environment, "MLLINT_TRACEBACK": "1"})
    assert "Traceback" in result.err


def test_embedders_get_errors_as_exceptions(tmp_path: Path) -> None:
    from mllint.lint import ReadError

    with pytest.raises(ReadError, match="no such file"):
        lint_path(str(tmp_path / "nosuch"))
    with pytest.raises(ReadError, match="is a directory"):
        lint_path(str(tmp_path))
    with pytest.raises(ReadError, match="embedded null"):
        lint_path("a\0b")
