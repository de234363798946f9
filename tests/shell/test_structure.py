from __future__ import annotations

import pytest


def rows(script):
    return [(command.operator, " ".join(word.raw for word in command.words)) for command in script.commands]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a && b || c; d & e | f |& g", ["a", "&&b", "||c", ";d", "&e", "|f", "|g"]),
        ("a\nb # comment\n# c\nd", ["a", ";b", ";d"]),
        ("a && (b; c) && d", ["a", "&&b", ";c", "&&d"]),
        ("{ a; b; } || c", ["a", ";b", "||c"]),
        ("if a; then b; elif c; then d; else e; fi && f", ["a", ";b", ";c", ";d", ";e", "&&f"]),
        ("for x in 1 2; do a; b; done; c", ["a", ";b", ";c"]),
        ("while a; do b; done | c", ["a", ";b", "|c"]),
        ("case $x in a) b;; *) c; d;; esac; e", ["b", ";c", ";d", ";e"]),
        ("f() { a; }; f", ["a", ";f"]),
        ("a $(b && c) && d", ["a $(b && c)", "b", "&&c", "&&d"]),
        ("a `b`; c", ["a `b`", "b", ";c"]),
        ("for x in $(a); do b; done", ["a", "b"]),
        ("! a && b", ["a", "&&b"]),
        ("[ -f x ] && [[ $y == z ]]", ["[ -f x ]", "&&[[ $y == z ]]"]),
        ("(( x > 1 )) && a", ["(( x > 1 ))", "&&a"]),
        ("a 2>/dev/null && b > f || c", ["a", "&&b", "||c"]),
        ("a <(b c)", ["a <(b c)", "b c"]),
        ("", []),
        ("  # only a comment", []),
    ],
)
def test_commands_are_flat_and_in_order(parse, text, expected):
    script = parse(text)
    assert not script.has_error
    assert [operator + words for operator, words in rows(script)] == expected


def flagged(script, flag):
    return [command.name for command in script.commands if getattr(command, flag)]


@pytest.mark.parametrize(
    ("text", "conditional"),
    [
        ("a && b; c", []),
        ("a || b", ["b"]),
        ("a || b && c", ["b"]),
        ("[ -f x ] && b && c", ["b", "c"]),
        ("test -f x && b; c", ["b"]),
        ("! a && b", ["b"]),
        ("[ -f x ] || b && c", ["b"]),
        ("if a; then b; elif c; then d; else e; fi; f", ["b", "c", "d", "e"]),
        ("while a; do b; done", ["b"]),
        ("for x in 1; do a; done", ["a"]),
        ("case x in a) b;; esac", ["b"]),
        ("f() { a; }; f", ["a"]),
        ("a || (b; c $(d))", ["b", "c", "d"]),
    ],
)
def test_conditional(parse, text, conditional):
    assert flagged(parse(text), "conditional") == conditional


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("a || true", ["a"]),
        ("a && b || c", ["a", "b"]),
        ("a || b && c", ["a"]),
        ("a || b || c", ["a", "b"]),
        ("! a; b", ["a"]),
        ("if a && b; then c; fi", ["a", "b"]),
        ("while a; do b; done", ["a"]),
        ("a | b", []),
        ("a | b || true", ["a", "b"]),
        ("(a; b) || true", ["a", "b"]),
        ("a; b && c", []),
        ("a || exit 1", []),
        ("a || { echo no; exit 1; }", []),
        ("a || (echo no && false)", []),
        ("a || exit 0", ["a"]),
        ("a || false || true", ["false"]),
    ],
)
def test_guarded(parse, text, guarded):
    assert flagged(parse(text), "guarded") == guarded


def test_subshell_depth(parse):
    script = parse("a; (b; (c)); d $(e); { f; }")
    assert [(c.name, c.subshell) for c in script.commands] == [
        ("a", 0),
        ("b", 1),
        ("c", 2),
        ("d", 0),
        ("e", 1),
        ("f", 0),
    ]


def redirects(command):
    return [(each.operator, each.target and each.target.value, each.span.text) for each in command.redirects]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("a > f", ["a"], [(">", "f", "> f")]),
        ("a >>'f g' 2>&1", ["a"], [(">>", "f g", ">>'f g'"), ("2>&", "1", "2>&1")]),
        ("a &> f", ["a"], [("&>", "f", "&> f")]),
        ("a < $V", ["a"], [("<", "1.2.3", "< $V")]),
        ("> f", [], [(">", "f", "> f")]),
        ("pip install numpy>=1.0 torch", ["pip", "install", "numpy", "torch"], [(">", "=1.0", ">=1.0")]),
        ("2>&1 a b", ["a", "b"], [("2>&", "1", "2>&1")]),
        ("a 2>/dev/null b", ["a", "b"], [("2>", "/dev/null", "2>/dev/null")]),
        ("a 2>&- b", ["a", "b"], [("2>&-", None, "2>&-")]),
        ('a <<< "$V"', ["a"], [("<<<", "1.2.3", '<<< "$V"')]),
    ],
)
def test_redirections(parse, text, words, expected):
    (command,) = parse(text).commands
    assert [word.value for word in command.words] == words
    assert redirects(command) == expected


def test_redirection_belongs_to_the_last_command_of_a_chain(parse):
    script = parse("a && b x > f y && c | d > g")
    assert [(c.name, len(c.redirects)) for c in script.commands] == [("a", 0), ("b", 1), ("c", 0), ("d", 1)]
    assert script.commands[1].values() == ("x", "y")


@pytest.mark.parametrize(
    "text", ["{ a; b; } > f", "(a; b) > f", "for x in 1; do a; b; done > f", "if a; then b; fi > f"]
)
def test_redirection_of_a_compound_command_holds_for_its_commands(parse, text):
    assert [redirects(command)[0][:2] for command in parse(text).commands] == [(">", "f"), (">", "f")]


def test_assignments(parse):
    command, export, bare = parse('A=1 B="x $V" C= run; export D=$UNKNOWN E; F=(a b)').commands
    assert [(a.name, a.value and a.value.value, a.span.text) for a in command.assignments] == [
        ("A", "1", "A=1"),
        ("B", "x 1.2.3", 'B="x $V"'),
        ("C", "", "C="),
    ]
    assert command.name == "run"
    assert command.span.text == "run"
    assert [(a.name, a.value and a.value.value) for a in export.assignments] == [("D", None)]
    assert export.values() == (None, "E")
    assert bare.words == ()
    assert bare.name is None
    assert (bare.assignments[0].name, bare.assignments[0].value.value) == ("F", None)


def test_export_keeps_its_arguments_as_words(parse):
    assert parse("export A=1 B").commands[0].values() == ("A=1", "B")


def test_name_is_without_folder(parse):
    names = [command.name for command in parse("/usr/bin/pip3 x; ./run.sh; $UNKNOWN x; $V/pip").commands]
    assert names == ["pip3", "run.sh", None, "pip"]
