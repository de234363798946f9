from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.source import Source, Text
from mllint.syntax.expand import UNSET, Lookup, Unset, expand, variables
from mllint.syntax.patterns import BadPatternError, replace, trim_prefix, trim_suffix

VALUES: dict[str, str | Unset | None] = {
    "V": "3.12",
    "EMPTY": "",
    "FILE": "/srv/models/llama.tar.gz",
    "STARS": "a*b*c",
    "PATTERN": "*/",
    "UNKNOWN": None,
    "größe": "7",
}


def lookup(name: str) -> str | Unset | None:
    return VALUES.get(name, UNSET)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("plain", "plain"),
        ("", ""),
        ("$V", "3.12"),
        ("python:$V-slim", "python:3.12-slim"),
        ("${V}x", "3.12x"),
        ("$NONE", ""),
        ("${NONE}", ""),
        ("a$", "a$"),
        ("a$.b", "a$.b"),
        ("$größe", "7"),
        ("$12x", "x"),
        ("$@$#$?", ""),
        # quotes and escapes
        ("'$V'", "$V"),
        ('"$V"', "3.12"),
        ('"a\\"b"', 'a"b'),
        ('"a\\$V"', "a$V"),
        ('"a\\b"', "a\\b"),
        ("a\\ b", "a b"),
        ("a\\$V", "a$V"),
        ("a\\\\$V", "a\\3.12"),
        ("end\\", "end"),
        ("'a\\'", "a\\"),
        ('a"b c"d', "ab cd"),
        ("<<EOF", "<<EOF"),
        # defaults
        ("${V:-x}", "3.12"),
        ("${NONE:-x}", "x"),
        ("${EMPTY:-x}", "x"),
        ("${EMPTY-x}", ""),
        ("${NONE-x}", "x"),
        ("${V:+x}", "x"),
        ("${EMPTY:+x}", ""),
        ("${EMPTY+x}", "x"),
        ("${NONE+x}", ""),
        ("${V:?no}", "3.12"),
        ("${EMPTY?no}", ""),
        ("${NONE:-$V}", "3.12"),
        ("${NONE:-${ALSO:-deep}}", "deep"),
        ("${NONE:-a b}", "a b"),
        ("${NONE:-'}'}", "}"),
        ("${NONE:-\\}}", "}"),
        ('${NONE:-"${V}"}', "3.12"),
        ("${1:-x}", "x"),
        ("${V}}", "3.12}"),
        # patterns
        ("${FILE#*/}", "srv/models/llama.tar.gz"),
        ("${FILE##*/}", "llama.tar.gz"),
        ("${FILE%.*}", "/srv/models/llama.tar"),
        ("${FILE%%.*}", "/srv/models/llama"),
        ("${FILE#/srv}", "/models/llama.tar.gz"),
        ("${FILE#x}", "/srv/models/llama.tar.gz"),
        ("${FILE#?srv}", "/models/llama.tar.gz"),
        ("${FILE##$PATTERN}", "llama.tar.gz"),
        ("${STARS#a\\*}", "b*c"),
        ("${STARS%\\**}", "a*b"),
        ("${FILE#}", "/srv/models/llama.tar.gz"),
        ("${NONE#x}", ""),
        ("${V/./-}", "3-12"),
        ("${FILE/\\//_}", "_srv/models/llama.tar.gz"),
        ("${FILE//\\//_}", "_srv_models_llama.tar.gz"),
        ("${FILE//a?/X}", "/srv/models/llXXtX.gz"),
        ("${FILE/s*l/X}", "/Xama.tar.gz"),
        ("${V/9/x}", "3.12"),
        ("${V/3/}", ".12"),
        ("${NONE/a/b}", ""),
        # what is not known
        ("$UNKNOWN", None),
        ("a${UNKNOWN}b", None),
        ('"$UNKNOWN"', None),
        ("${UNKNOWN:-x}", None),
        ("${UNKNOWN:+x}", None),
        ("${UNKNOWN#x}", None),
        ("${NONE:-$UNKNOWN}", None),
        ("${V:-$UNKNOWN}", "3.12"),
        ("${NONE:+$UNKNOWN}", ""),
        ("${V#$UNKNOWN}", None),
        ("${V/$UNKNOWN/x}", None),
        ("'$UNKNOWN'", "$UNKNOWN"),
        # what Docker refuses
        ("${", None),
        ("${}", None),
        ("${V", None),
        ("${:-x}", None),
        ("${{V}", None),
        ("${V:}", None),
        ("${V=x}", None),
        ("${V:=x}", None),
        ("${V:#x}", None),
        ("${NONE:?message}", None),
        ("${EMPTY:?message}", None),
        ("${V/a}", None),
        ("${V/a/b", None),
        ("${V#\\x}", None),
        ("${V/\\x/y}", None),
        ("${.}", None),
        ("'open", None),
        ('"open', None),
        ('"open\\"', None),
    ],
)
def test_expand(word: str, value: str | None) -> None:
    assert expand(word, lookup) == value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("C:\\dir", "C:\\dir"),
        ("`$V", "$V"),
        ("\\$V", "\\3.12"),
        ('"a`"b"', 'a"b'),
        ('"a\\b"', "a\\b"),
        ("end`", "end"),
        ("${FILE##*`/}", "/srv/models/llama.tar.gz"),  # in a pattern the backtick stays
    ],
)
def test_backtick(word: str, value: str) -> None:
    assert expand(word, lookup, "`") == value


def test_backtick_in_a_pattern_is_a_character() -> None:
    assert expand("${V#`3}", lambda name: "`3x", "`") == "x"


def test_nesting_is_bounded() -> None:
    assert expand("${a:-" * 40 + "x" + "}" * 40, lookup) == "x"
    assert expand("${a:-" * 100_000 + "x" + "}" * 100_000, lookup) is None


@given(st.text(st.sampled_from("$Vab{}:-+?#%/'\"\\`<* ")), st.sampled_from(["\\", "`"]))
def test_never_raises(word: str, escape: str) -> None:
    known: Lookup = {"V": "a*b", "a": None}.get
    expand(word, known, escape)
    variables(Text.plain(Source("", word).span(0, len(word))), escape)


def references(word: str) -> list[tuple[str, str]]:
    source = Source("", f"ENV {word}")
    text = Text.plain(source.span(4, len(source.text)))
    return [(name, span.text) for name, span in variables(text)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("plain", []),
        ("a$V-${W}", [("V", "$V"), ("W", "${W}")]),
        ("${A:-${B}$C}", [("A", "${A:-${B}$C}"), ("B", "${B}"), ("C", "$C")]),
        ("'$A'\"$B\"\\$C", [("B", "$B")]),
        ("${A/$B/$C}", [("A", "${A/$B/$C}"), ("B", "$B"), ("C", "$C")]),
        ("$A ${", [("A", "$A")]),
        ("$ $.", []),
    ],
)
def test_variables(word: str, expected: list[tuple[str, str]]) -> None:
    assert references(word) == expected


@pytest.mark.parametrize(
    ("value", "pattern", "shortest", "longest"),
    [
        ("aXbXc", "*X", "bXc", "c"),
        ("abc", "", "abc", "abc"),
        ("abc", "*", "abc", ""),
        ("abc", "a", "bc", "bc"),
        ("abc", "b", "abc", "abc"),
        ("abc", "???", "", ""),
        ("abc", "????", "abc", "abc"),
        ("aabab", "a*b", "ab", ""),
        ("a.b", "a\\*", "a.b", "a.b"),
        ("a*b", "a\\*", "b", "b"),
        ("[x]y", "[x]", "y", "y"),
    ],
)
def test_trim_prefix(value: str, pattern: str, shortest: str, longest: str) -> None:
    assert trim_prefix(value, pattern, longest=False) == shortest
    assert trim_prefix(value, pattern, longest=True) == longest


@pytest.mark.parametrize(
    ("value", "pattern", "shortest", "longest"),
    [("aXbXc", "X*", "aXb", "a"), ("abc", "c", "ab", "ab"), ("abc", "*", "abc", ""), ("ab*", "\\*", "ab", "ab")],
)
def test_trim_suffix(value: str, pattern: str, shortest: str, longest: str) -> None:
    assert trim_suffix(value, pattern, longest=False) == shortest
    assert trim_suffix(value, pattern, longest=True) == longest


@pytest.mark.parametrize(
    ("value", "pattern", "replacement", "expected"),
    [
        ("aaa", "a", "b", "bbb"),
        ("abc", "", "-", "-a-b-c-"),
        ("abc", "*", "x", "x"),
        ("abab", "a?", "x", "xx"),
        ("abc", "z*", "x", "abc"),
        ("aXa", "a", "[$0]", "[a]X[a]"),
        ("aXa", "a", "$1$$${n}", "$X$"),
    ],
)
def test_replace_every(value: str, pattern: str, replacement: str, expected: str) -> None:
    assert replace(value, pattern, replacement, every=True) == expected


def test_replace_first_takes_the_replacement_as_it_is() -> None:
    assert replace("aXa", "a", "$0", every=False) == "$0Xa"


@pytest.mark.parametrize(("value", "pattern"), [("a", "\\"), ("a", "\\a"), ("a\nb", "*")])
def test_bad_pattern(value: str, pattern: str) -> None:
    with pytest.raises(BadPatternError):
        trim_prefix(value, pattern, longest=False)


def test_many_stars_take_no_time() -> None:
    assert trim_prefix("a" * 5_000, "*a" * 200 + "b", longest=True) == "a" * 5_000


@pytest.mark.parametrize(
    "word",
    ["$LONG$LONG$LONG", '"$LONG$LONG$LONG"', "${NONE:-$LONG$LONG$LONG}", "${LONG//a/$LONG}", "x$LONG${LONG}$LONG"],
)
def test_what_grows_too_long_is_not_known(word: str) -> None:
    def long(name: str) -> str | Unset | None:
        return "a" * 60_000 if name == "LONG" else UNSET

    assert expand(word, long) is None


def test_what_is_written_so_long_is_known() -> None:
    text = "a" * 1_000_000
    assert expand(text, lookup) == text
    assert expand(f"{text}$V", lookup) is None
    assert expand(f"'{text}'", lookup) == text
    assert expand(f"{text}$EMPTY", lookup) == text
