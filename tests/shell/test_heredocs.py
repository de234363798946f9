from __future__ import annotations

import pytest


def bodies(command):
    return [(each.operator, each.heredoc.value) for each in command.redirects if each.heredoc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat <<EOF > f\nx $V\nEOF\nnext", [("cat", [("<<", "x $V\n")]), ("next", [])]),
        ("cat <<-EOF\n\tx\n\t\ty\n\tEOF\nnext", [("cat", [("<<-", "x\ny\n")]), ("next", [])]),
        ("cat <<'E F'\nx\nE F\n", [("cat", [("<<", "x\n")])]),
        ("a <<A <<B\n1\nA\n2\nB\n", [("a", [("<<", "1\n"), ("<<", "2\n")])]),
        (
            "a && cat <<A > f && cat <<B || d\n1\nA\n2\nB\ne",
            [("a", []), ("cat", [("<<", "1\n")]), ("cat", [("<<", "2\n")]), ("d", []), ("e", [])],
        ),
        ("cat <<EOF | grep x && y\nrm z\nEOF\n", [("cat", [("<<", "rm z\n")]), ("grep", []), ("y", [])]),
        ("cat <<EOF\nEOF\nnext", [("cat", [("<<", "")]), ("next", [])]),
        ("cat <<EOF\nit's \"q $(x\nEOF\nnext", [("cat", [("<<", "it's \"q $(x\n")]), ("next", [])]),
        ("x $((1<<2)) # <<C\ny '<<D' \"<<E\"\nz", [("x", []), ("y", []), ("z", [])]),
        ('x "$(cat <<EOF\nit\'s\nEOF\n)" y', [("x", []), ("cat", [("<<", "it's\n")])]),
    ],
)
def test_bodies_are_no_commands(parse, text, expected):
    script = parse(text)
    assert not script.has_error
    assert [(command.name, bodies(command)) for command in script.commands] == expected


@pytest.mark.parametrize(
    ("text", "wrappers"),
    [
        ("bash <<EOF\npip install x\nEOF\n", ("bash",)),
        ("sh -s <<EOF\npip install x\nEOF\n", ("sh",)),
        ("sudo bash -e <<'EOF' > log\npip install x\nEOF\n", ("sudo", "bash")),
        ("<<EOF\npip install x\nEOF\n", ()),
        ("<<EOF\n#!/bin/bash\npip install x\nEOF\n", ()),
    ],
)
def test_body_fed_to_a_shell_is_parsed(parse, text, wrappers):
    (command,) = parse(text).commands
    assert command.span.text == "pip install x"
    assert command.wrappers == wrappers


def test_body_fed_to_a_shell_is_expanded_first(parse):
    unquoted = parse("bash <<EOF\npip $V \\$V $UNKNOWN\nEOF\n").commands[0]
    assert unquoted.values() == ("1.2.3", "1.2.3", None)
    assert [word.span.text for word in unquoted.words] == ["pip", "$V", "$V", "$UNKNOWN"]
    quoted = parse("V=0; bash <<'EOF'\npip \"$V\"\nEOF\n").commands[1]
    assert quoted.values() == ("0",)


def test_body_without_end_is_an_error(parse):
    script = parse("a\ncat <<EOF\nx")
    assert script.has_error
    assert [command.name for command in script.commands] == ["a", "cat"]
