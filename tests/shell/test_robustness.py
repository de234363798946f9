from __future__ import annotations

import subprocess
import sys

import pytest

from mllint.shell.parser import parse_script


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a && b; c 'unclosed", None),
        ("if a; then b", None),
        ("a; ; b", ["a", "b"]),
        ("a ( b", None),
        (")", []),
        ("a && ", None),
        ("(New-Object Net.WebClient).DownloadFile('x', 'C:\\y')", None),
    ],
)
def test_syntax_error_gives_what_can_be_read(parse, text, names):
    script = parse(text)
    assert script.has_error
    assert script.known
    if names is not None:
        assert [command.name for command in script.commands] == names


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "a" + ")" * 3000,
        "$(" * 3000 + "a" + ")" * 3000,
        "if a; then " * 500 + "b" + "; fi" * 500,
        "x=" + "(=" * 3000,
        "((a) " * 3000,
        "! " * 3000 + "a",
        "echo " + "${a:-" * 2000 + "}" * 2000,
        "echo " + "{" * 2000 + "a,b" + "}" * 2000,
        "sudo " * 3000,
        'sh -c "' * 500,
        "cat <<A " * 500,
        "case a in " * 1000,
        "\\" * 3001,
        '"' * 3001,
        "`" * 3001,
        "$" * 3001,
        "\0a\0 'b\0'",
        "\ud800 é",
        "a\rb\fc\vd",
    ],
    ids=range(19),
)
def test_nothing_raises(parse, text):
    assert parse(text).known


def test_nesting_has_a_limit(parse):
    script = parse("if a; then " * 200 + "b" + "; fi" * 200)
    assert script.has_error
    assert 0 < len(script.commands) < 200


def test_long_chain_is_flat(parse):
    script = parse(" && ".join(["a"] * 20_000))
    assert not script.has_error
    assert len(script.commands) == 20_000
    assert script.commands[-1].operator == "&&"


def test_long_line(parse):
    script = parse("pip install " + "x" * 5_000_000)
    assert not script.has_error
    assert len(script.commands[0].words[2].value) == 5_000_000


def test_broken_text_is_given_up_in_time(plain, known, monkeypatch):
    monkeypatch.setattr("mllint.shell.parser._SECONDS", 0.0)
    monkeypatch.setattr("mllint.shell.parser._SECONDS_PER_CHARACTER", 0.0)
    script = parse_script(plain("a; " * 20_000), known)
    assert script.has_error
    assert script.commands == ()
    assert parse_script(plain("a; b"), known).has_error is False


def test_nul_is_a_part_of_a_word(parse):
    assert parse("p a\0b").commands[0].values() == ("a\0b",)


def test_grammar_is_loaded_with_the_first_body():
    code = "import sys, mllint.shell.parser; sys.exit('tree_sitter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
