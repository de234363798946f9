"""The tables of system libraries agree with one another."""

from __future__ import annotations

from mllint.knowledge import system_libraries as table

_SONAMES = {row.soname for row in table.LIBRARIES}


def test_a_plain_package_brings_nothing() -> None:
    rows = (*table.LIBRARIES, *table.PROGRAMS)
    bringing = {name for row in rows for name in f"{row.debian} {row.brought_by} {row.recommended_by}".split()}

    assert not bringing.intersection(table.PLAIN.split())
    assert table.is_plain("git-lfs") is False
    assert table.is_plain("curl") is True


def test_what_is_needed_is_in_the_tables() -> None:
    for need in table.NEEDS:
        assert need.optional or all(table.program(name) for name in need.programs.split()), need.package


def test_bases_name_libraries_of_the_table() -> None:
    for row in table.BASES:
        assert _SONAMES.issuperset(f"{row.there} {row.known}".split()), row.family


def test_a_base_by_its_flavour() -> None:
    slim, full = table.base("python", "slim"), table.base("python", "full")

    assert slim is not None
    assert full is not None
    assert "libgthread-2.0.so.0" not in slim.there
    assert "libgthread-2.0.so.0" in full.there
    assert table.base("nvidia/cuda", "devel") is None
    assert table.base("registry.example.com/base", None) is None
