"""Where the values of a TOML file stand."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.packages.toml import TomlFile, parse_toml, read_toml
from mllint.source import Source

TEXT = '''\
title = "é"  # comment = "x"
"quoted key" = 'literal # no comment'
dotted.inner."last part" = 1

[project]
list = [
    "one",  # "not this"
    'two', # nor this ]
    { name = "three", deep = [1, "four"] },
]
inline = { a = "x", b.c = "y" }
many = """
text "quoted" """
date = 1979-05-27 07:32:00

[[table]]
name = "first"

[[table]]
name = "second"
[table.sub]
key = "in second"
[[table.nested]]
key = "deep"
'''


def toml(text: str) -> TomlFile:
    found = read_toml(Source("x.toml", text))
    assert found is not None
    return found


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Every string with its path."""
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, each in enumerate(value) for leaf in leaves(each, (*path, at))]
    return [(path, value)] if isinstance(value, str) else []


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT], ids=["plain", "crlf", "bom"])
def test_every_string_is_where_it_is_said_to_be(text: str) -> None:
    file = toml(text)
    found = leaves(file.data)
    assert len(found) == 13
    for path, value in found:
        assert file.span(*path).text.replace("\r\n", "\n").removeprefix("\n") == value
        assert file.word(*path).value == value


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("dotted", "inner", "last part"), 'dotted.inner."last part" = 1'),
        (("project", "inline"), 'inline = { a = "x", b.c = "y" }'),
        (("project", "inline", "b", "c"), 'b.c = "y"'),
        (("project", "date"), "date = 1979-05-27 07:32:00"),
        (("project", "list", 2), '{ name = "three", deep = [1, "four"] }'),
        (("table", 1, "sub"), "[table.sub]"),
        (("table", 1), "[[table]]"),
        (("project", "none"), "[project]"),
        (("table", 1, "nested", 0, "key"), 'key = "deep"'),
    ],
)
def test_entries(path: tuple[str | int, ...], expected: str) -> None:
    assert toml(TEXT).entry(*path).text == expected


def test_what_is_not_there() -> None:
    file = toml(TEXT)
    assert file.get("project", "list", 9) is None
    assert file.get("title", "x") is None
    assert file.table("title") == {}
    assert file.array("title") == []
    assert file.text("project") is None
    assert [word.value for word in file.words("title")] == ["é"]
    assert list(file.words("none")) == []
    assert file.span("none").text == ""


def test_of_tables_with_one_name_each_has_its_place() -> None:
    file = toml(TEXT)
    assert file.span("table", 0, "name").first.line == 17
    assert file.span("table", 1, "name").first.line == 20


def test_what_is_wrong_is_said() -> None:
    assert parse_toml("a = 1") == {"a": 1}
    with pytest.raises(ValueError, match="Invalid value"):
        parse_toml("a = ")


def test_no_toml_is_none() -> None:
    assert read_toml(Source("x.toml", "a = ")) is None
