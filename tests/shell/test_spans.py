from __future__ import annotations

import pytest

from mllint.shell.parser import parse_script


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("pip install \\\n  numpy \\\n  'torch==1'", ["pip", "install", "numpy", "'torch==1'"]),
        ("pip install num\\\npy x", ["pip", "install", "num\\\npy", "x"]),
        ("echo é ü “x” \\\n ñ", ["echo", "é", "ü", "“x”", "ñ"]),
        ('echo "a \\\n b" c', ["echo", '"a \\\n b"', "c"]),
    ],
)
def test_words_lead_back_across_continuations(joined, known, text, spans):
    (command,) = parse_script(joined(text), known).commands
    assert [word.span.text for word in command.words] == spans
    assert command.span.text == text


def test_raw_is_without_continuations(joined, known):
    (command,) = parse_script(joined("pip num\\\npy"), known).commands
    assert (command.words[1].raw, command.words[1].value) == ("numpy", "numpy")


def test_script_in_quotes_leads_back_to_the_file(joined, known):
    text = 'sudo bash -c "apt-get \\\n update && pip install \\"num py\\" $V $UNKNOWN"'
    update, install = parse_script(joined(text), known).commands
    assert [word.span.text for word in update.words] == ["apt-get", "update"]
    assert [word.span.text for word in install.words] == ["pip", "install", '"num py\\"', "$V", "$UNKNOWN"]
    assert install.values() == ("install", "num py", "1.2.3", None)
    assert install.wrappers == ("sudo", "bash -c")


def test_nested_scripts_lead_back_to_the_file(plain, known):
    text = """sh -c "bash -c 'pip install x' && eval 'rm y'" """
    install, remove = parse_script(plain(text), known).commands
    assert (install.span.text, install.wrappers) == ("pip install x", ("sh -c", "bash -c"))
    assert (remove.span.text, remove.wrappers) == ("rm y", ("sh -c", "eval"))


def test_assignment_value_of_a_wrapper_has_its_own_span(plain, known):
    (command,) = parse_script(plain("env A=1 B='x y' run"), known).commands
    assert [(a.span.text, a.value.span.text, a.value.value) for a in command.assignments] == [
        ("A=1", "1", "1"),
        ("B='x y'", "'x y'", "x y"),
    ]
