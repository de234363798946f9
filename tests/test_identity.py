"""A finding's key stays while its own instruction does, and changes with it."""

from __future__ import annotations

import pytest

from mllint.finding import Confidence, Finding, Severity
from mllint.identity import Units, with_keys
from mllint.source import Source

TEXT = "FROM python:3.12\nRUN pip install torch \\\n    numpy\nUSER app\n"


def finding(source: Source, text: str, rule: str = "ML201", *, secret: bool = False) -> Finding:
    start = source.text.index(text)
    span = source.span(start, start + len(text))
    return Finding(rule, "name", Severity.WARNING, Confidence.HIGH, "message", span, secret=secret)


def key(text: str, at: str, rule: str = "ML201", path: str = "Dockerfile") -> str:
    source = Source(path, text)
    (found,) = with_keys("Dockerfile", [finding(source, at, rule)])
    return found.key


@pytest.mark.parametrize(
    "edited",
    [
        "# syntax=docker/dockerfile:1\n\n" + TEXT,
        TEXT.replace("USER app", "USER nobody"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("    numpy", "\tnumpy"),
        TEXT.replace("torch \\\n    numpy", "torch numpy"),
        TEXT.replace("    numpy", "    # why\n    numpy"),
        TEXT.replace("RUN", "run"),
        TEXT.replace("RUN", "  RUN  "),
        "FROM x\nUSER app\nRUN pip install torch numpy",
    ],
)
def test_edits_elsewhere_and_of_the_layout_change_nothing(edited: str) -> None:
    assert key(edited, "torch") == key(TEXT, "torch")


@pytest.mark.parametrize(
    "edited",
    [
        TEXT.replace("numpy", "numpy pandas"),
        TEXT.replace("RUN pip", "RUN --network=none pip"),
        TEXT.replace("RUN pip install torch", "RUN <<EOF\npip install torch\nEOF\n# "),
    ],
)
def test_edits_of_the_instruction_change_it(edited: str) -> None:
    assert key(edited, "torch") != key(TEXT, "torch")


def test_flags_and_here_documents_count() -> None:
    def mount(kind: str) -> str:
        return f"FROM a\nRUN --mount=type={kind} --network=none pip install torch\n"

    def heredoc(body: str) -> str:
        return f"FROM a\nRUN <<EOF\npip install torch\n{body}\nEOF\n"

    assert key(mount("cache"), "torch") != key(mount("bind"), "torch")
    assert key(heredoc("a"), "torch") != key(heredoc("b"), "torch")
    assert key(heredoc("a   b"), "torch") == key(heredoc("a b"), "torch")


def test_the_rule_counts_and_the_place_in_the_instruction_does_not() -> None:
    assert key(TEXT, "torch") == key(TEXT, "numpy")
    assert key(TEXT, "torch", "ML202") != key(TEXT, "torch")
    assert key(TEXT, "torch") != key(TEXT, "USER")


def test_a_key_is_the_same_everywhere_and_always() -> None:
    # `printf 'ML201\\0RUN pip install torch numpy' | sha256sum`: baselines in repositories hold such keys.
    assert key(TEXT, "torch") == "d01ca22d625634d8"


def test_other_files_are_known_by_their_lines() -> None:
    def pinned(text: str) -> str:
        return key(text, "torch", path="requirements.txt")

    assert pinned("numpy\ntorch>=2  # why\n") == pinned("torch>=2   # why\r\nscipy\n")
    assert pinned("torch>=2\n") != pinned("torch>=3\n")


def test_a_comment_is_known_by_its_line() -> None:
    assert key("# mllint ignore=ML101\nFROM a\n", "ML101") == key("FROM b\n\n#  mllint ignore=ML101\n", "ML101") != ""


def test_what_is_secret_cannot_be_guessed_from_a_key() -> None:
    def keys(secret: str) -> list[str]:
        source = Source("Dockerfile", f"FROM a\nENV TOKEN={secret}\n")
        found = [finding(source, secret, "ML404", secret=True), finding(source, "TOKEN", "ML999")]
        return [each.key for each in with_keys("Dockerfile", found)]

    assert keys("hunter2") == keys("correct-horse")


@pytest.mark.parametrize(
    "text", ["", "\n", "# only a comment", "FROM a", "\\\n\\\n", "RUN <<EOF\nnever ends", "\ufeffFROM a\n"]
)
def test_every_offset_has_a_text(text: str) -> None:
    for dockerfile in (True, False):
        units = Units(Source("x", text), dockerfile=dockerfile)
        for offset in range(len(text) + 1):
            assert isinstance(units.at(offset), str)
