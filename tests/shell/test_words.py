from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("plain", ["plain"]),
        ("'a b' \"c d\"", ["a b", "c d"]),
        ("a'b'\"c\"d", ["abcd"]),
        ("'' \"\"", ["", ""]),
        (r"a\ b \'x\"", ["a b", "'x\""]),
        (r'"a\"b\\c\d\$V"', [r'a"b\c\d$V']),
        ("'$V \\'", ["$V \\"]),
        (r"$'a\tb\x41\'\n\101\u00e9'", ["a\tbA'\nAé"]),
        ('$"text"', ["text"]),
        ("a$", ["a$"]),
        ("~/x *.py pkg[extra]==1.* a?b", ["~/x", "*.py", "pkg[extra]==1.*", "a?b"]),
        ("ü “q”", ["ü", "“q”"]),
        ("torch==2.0+cu118", ["torch==2.0+cu118"]),
    ],
)
def test_text_quotes_and_escapes(parse, written, values):
    assert list(parse(f"p {written}").commands[0].values()) == values


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("$V ${V} x${V}y", ["1.2.3", "1.2.3", "x1.2.3y"]),
        ("$LIST", ["a", "b"]),
        ('"$LIST"', ["a b"]),
        ("x$LIST", ["xa", "b"]),
        ("x${SPACED}y", ["x", "a", "b", "y"]),
        ("$EMPTY $NOTSET end", ["end"]),
        ('"$EMPTY" x$EMPTY', ["", "x"]),
        ("$UNKNOWN a$UNKNOWN_X", [None, None]),
        ("$LIST$UNKNOWN", [None]),
        ("${NOTSET:-d} ${EMPTY:-d} ${EMPTY-d} ${V:-d}", ["d", "d", "1.2.3"]),
        ("${NOTSET:-a b} ${NOTSET:-'a b'}", ["a", "b", "a b"]),
        ("${NOTSET:-${V}}", ["1.2.3"]),
        ("${UNKNOWN:-d} ${NOTSET:-$UNKNOWN}", [None, None]),
        ("${V:+y} ${NOTSET:+y}", ["y"]),
        ("${V%.*} ${V%%.*} ${V#*.} ${V##*.}", ["1.2", "1", "2.3", "3"]),
        ("${V/./-} ${V//./} ${V//./-}", ["1-2.3", "123", "1-2-3"]),
        ("${V:0:1} ${V:2} ${V: -1} ${#V}", ["1", "2.3", "3", "5"]),
        (f"${{V:{'9' * 5000}}} ${{V: -{'9' * 5000}}}", [None, None]),
        ("${TORCH^^} ${LIST^} ${LIST^^}", ["2.4.0", "A", "b", "A", "B"]),
        ("${V:?msg} ${NOTSET:?msg}", ["1.2.3", None]),
        ("${!V} ${V[0]} ${V/#1/x} ${V##[0-9]}", [None, None, None, None]),
        ("$(date) `date` $((1+2)) a$(date)b", [None, None, None, None]),
        ("$? $@ $1 ${1} $# $$ $!", [None] * 7),
        ('"$(echo "a b")" c', [None, "c"]),
        ("<(ls) >(cat)", [None, None]),
        ("$HOME $PWD $BASH_VERSION", [None, None, None]),
    ],
)
def test_expansions(parse, written, values):
    assert list(parse(f"p {written}").commands[0].values()) == values


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("{a,b}c", ["ac", "bc"]),
        ("x{a,b{1,2}}", ["xa", "xb1", "xb2"]),
        ("{1..3} {c..a}", ["1", "2", "3", "c", "b", "a"]),
        ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]),
        ("{a,$V}", ["a", "1.2.3"]),
        ("{a,$UNKNOWN}", [None]),
        ("{a} '{a,b}' \"{a,b}\" \\{a,b\\} {}", ["{a}", "{a,b}", "{a,b}", "{a,b}", "{}"]),
        ("{1..100000}", ["{1..100000}"]),
        ("{a,b}" * 20, [None]),
    ],
)
def test_braces(parse, written, values):
    assert list(parse(f"p {written}").commands[0].values()) == values


def test_split_and_brace_words_share_their_span(parse):
    words = parse("p {a,b} $LIST").commands[0].arguments
    assert [word.span.text for word in words] == ["{a,b}", "{a,b}", "$LIST", "$LIST"]
    assert [word.raw for word in words] == ["{a,b}", "{a,b}", "$LIST", "$LIST"]


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ("X=1; p $X", ["1"]),
        ("X=1 && p $X", ["1"]),
        ("export X=1 Y='a b' && p $X \"$Y\"", ["1", "a b"]),
        ("X=1; X+=2; p $X", ["12"]),
        ("V=9 p $V", ["1.2.3"]),
        ("X=$(date); p $X", [None]),
        ("X=(a b); p $X", [None]),
        ("if t; then X=1; fi; p $X", [None]),
        ("t || X=1; p $X", [None]),
        ("X=1; (X=2); p $X", ["1"]),
        ("for x in a b; do p $x; done", [None]),
        ("read X; p $X", [None]),
        ("unset V; p x$V", ["x"]),
        (". /etc/os-release; p $V $NOTSET", [None, None]),
        ("source venv/bin/activate && p $V", ["1.2.3"]),
        ('eval "$(cat env)"; p $V', [None]),
        ('eval "$(conda shell.bash hook)"; p $V', ["1.2.3"]),
        ('X="x$V"; p "$X"', ["x1.2.3"]),
        ("${X:=1}; p $X", ["1"]),
    ],
)
def test_assignments_hold_for_what_follows(parse, script, values):
    command = next(command for command in parse(script).commands if command.name == "p")
    assert list(command.values()) == values


def test_values_cannot_grow_without_end(parse):
    script = parse("A=0123456789; " + "A=$A$A; " * 60 + 'p "$A"')
    assert script.commands[-1].values() == (None,)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ('"a"\\$b"c"', ["a$bc"]),
        ("x\\ y\\ z", ["x y z"]),
        ("\\ x", [" x"]),
        ("a\\\nb", ["ab"]),
        ("a \\\n b", ["a", "b"]),
    ],
)
def test_words_that_the_grammar_cuts_are_whole(parse, written, values):
    assert list(parse(f"p {written}").commands[0].values()) == values
