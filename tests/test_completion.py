"""Completion, asked for as the scripts of the shells do it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Complete = Callable[..., list[str]]


@pytest.fixture
def complete(process: Callable[..., Any], environment: dict[str, str]) -> Complete:
    """The words that bash is offered behind `mllint …`; the last argument is what is typed of the word."""

    def ask(*words: str) -> list[str]:
        asked = {
            "_MLLINT_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(("mllint", *words)),
            "COMP_CWORD": str(len(words)),
        }
        code = "from mllint.cli import run; run('mllint')"
        done = process(code=code, env={**environment, **asked})
        assert (done.code, done.err) == (0, "")
        return [line.partition(",")[2] for line in done.out.splitlines() if line]

    return ask


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["che"], "check"),
        (["check", "--sel"], "--select"),
        (["--sel"], "--select"),
        (["--select", "ML10"], "ML101"),
        (["--select", "ml10"], "ML101"),
        (["check", "--ignore", "ML201,unpinned-b"], "ML201,unpinned-base-image"),
        (["check", "--extend-select", "ML003,ML10"], "ML003,ML101"),
        (["explain", "ML30"], "ML304"),
        (["explain", "unpinned-b"], "unpinned-base-image"),
        (["check", "--format", "sar"], "sarif"),
        (["Dockerfile", "--format", "sar"], "sarif"),
        (["completion", "z"], "zsh"),
        (["conf"], "config"),
        (["config", "sh"], "show"),
        (["config", "show", "--ignore", "ML30"], "ML304"),
        (["init", "--st"], "--stdout"),
    ],
)
def test_words(complete: Complete, words: list[str], offered: str) -> None:
    found = complete(*words)
    assert offered in found
    assert all(each.lower().startswith(words[-1].lower()) for each in found)


def test_names_come_when_a_word_is_begun_in_lower_case(complete: Complete) -> None:
    assert all(each.startswith("ML") for each in complete("explain", ""))
    assert complete("explain", "zzz") == []


def test_the_first_word_may_be_a_command_or_a_file(complete: Complete) -> None:
    found = complete("")
    assert {"check", "explain", "rules"} <= set(found)
    assert found != complete("explain", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_scripts_ask_in_their_own_way(process: Callable[..., Any], shell: str) -> None:
    done = process("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert f"_MLLINT_COMPLETE={shell}_complete" in done.out
    other = process("completion", shell, "--name", "mllint-docker").out
    assert f"_MLLINT_DOCKER_COMPLETE={shell}_complete" in other


def test_an_unknown_shell(process: Callable[..., Any]) -> None:
    done = process("completion", "csh")
    assert done.code == 2
    assert "'bash', 'zsh', 'fish'" in done.err


def test_bash_completes_with_the_script(tmp_path: Path, environment: dict[str, str]) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    program = tmp_path / "mllint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mllint "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    lines = (
        'eval "$(mllint completion bash)"',
        "COMP_WORDS=(mllint check --select ML30)",
        "COMP_CWORD=3",
        "_mllint_completion mllint",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    )
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    done = subprocess.run(
        [bash, "-c", "\n".join(lines)], env={**environment, "PATH": path}, capture_output=True, text=True, check=True
    )
    assert "ML304" in done.stdout.split()
