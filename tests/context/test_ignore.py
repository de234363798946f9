"""`.dockerignore` semantics, pattern by pattern."""

from __future__ import annotations

import pytest

from mllint.context.ignore import parse_ignore
from mllint.context.patterns import is_wildcard, name_expression, path_expression

CASES = [
    # (file, path, excluded)
    ("", "a", False),
    ("# a", "a", False),
    (" # a", "# a", True),
    (" # a", "a", False),
    ("a", "a", True),
    ("a", "a/b/c", True),
    ("a", "x/a", False),
    ("a", "ab", False),
    ("/a", "a", True),
    ("a/", "a", True),
    ("a/", "a/b", True),
    ("./a", "a", True),
    ("a/../b", "b", True),
    ("../a", "a", False),
    ("  a  ", "a", True),
    ("a \r", "a", True),
    ("\ufeffa", "a", True),
    (".", "a", False),
    ("/", "a", False),
    ("!", "a", False),
    ("*", "a", True),
    ("*", "a/b", True),
    ("*/*", "a", False),
    ("*/*", "a/b", True),
    ("*/*", "a/b/c", True),
    ("*.md", "README.md", True),
    ("*.md", "docs/README.md", False),
    ("**/*.md", "README.md", True),
    ("**/*.md", "a/b/README.md", True),
    ("**/*.md", "README.mdx", False),
    ("*/temp*", "a/temporary.txt", True),
    ("*/temp*", "temporary.txt", False),
    ("*/*/temp*", "a/b/temp", True),
    ("temp?", "tempa", True),
    ("temp?", "temp", False),
    ("temp?", "temp/a", False),
    ("a?b", "a/b", False),
    ("**", "a/b", True),
    ("**/foo", "foo", True),
    ("**/foo", "a/b/foo", True),
    ("**/foo", "a/bfoo", False),
    ("**foo", "a/bfoo", True),
    ("**foo/bar", "a/xfoo/bar", True),
    ("**foo/bar", "foo/bar/baz", True),
    ("**/foo/bar", "a/xfoo/bar", False),
    ("**.env.local", "a/b.env.local", True),
    ("a**", "abc/d", True),
    ("a**", "xa", False),
    ("**/*.py[co]", "a/b.pyc", True),
    ("**/.*", "a/.cache", True),
    (".git*", ".gitignore", True),
    ("a\tb", "a\tb", True),
    ("a b ", "a b", True),
    ("#a\n\\#b", "#b", True),
    ("a//b", "a/b", True),
    ("/../a", "a", True),
    ("!a\na", "a", True),
    ("a\n!**", "a/b", False),
    ("**.pt", "a/b.pt", True),
    ("a/**", "a", False),
    ("a/**", "a/b", True),
    ("a/**", "a/b/c", True),
    ("a/**/b", "a/b", True),
    ("a/**/b", "a/x/y/b", True),
    ("a/**/b", "a/xb", False),
    ("**/a/**", "x/a/y", True),
    ("**/__pycache__", "a/__pycache__/b.pyc", True),
    ("a.b", "axb", False),
    ("a+(b)", "a+(b)", True),
    ("a$", "a$", True),
    ("a^b", "a^b", True),
    ("[ab]c", "bc", True),
    ("[ab]c", "cc", False),
    ("[^ab]c", "cc", True),
    ("[^ab]c", "ac", False),
    ("[!ab]c", "!c", True),
    ("[a-c]x", "bx", True),
    ("[a-c]x", "dx", False),
    (r"[\]]x", "]x", True),
    ("[[]x", "[x", True),
    ("[a", "[a", False),
    ("[z-a]x", "bx", False),
    ("[]x", "x", False),
    (r"\*x", "*x", True),
    (r"\*x", "ax", False),
    (r"\!x", "!x", True),
    ("*\n!a", "a", False),
    ("*\n!a", "a/b", False),
    ("*\n!a", "b", True),
    ("*\n! a ", "a", False),
    ("*\n!/a/", "a/b", False),
    ("!a\n*", "a", True),
    ("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", True),
    ("*.md\n!README*.md\nREADME-secret.md", "README-a.md", False),
    ("*.md\n!README*.md\nREADME-secret.md", "CHANGES.md", True),
    ("*.md\nREADME-secret.md\n!README*.md", "README-secret.md", False),
    ("a\n!a/b", "a/b", False),
    ("a\n!a/b", "a/b/c", False),
    ("a\n!a/b", "a/c", True),
    ("a\n!a/b\na/b/c", "a/b/c", True),
    ("*\n!**/*.py", "a/b.py", False),
    ("*\n!**/*.py", "a/b.bin", True),
    ("Ä*", "Äh", True),
    ("A", "a", False),
]


@pytest.mark.parametrize(("text", "path", "excluded"), CASES)
def test_excludes(text: str, path: str, excluded: bool) -> None:
    assert parse_ignore(text).excludes(path) is excluded


@pytest.mark.parametrize(
    ("text", "folder", "pruned"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("*\n!a", "a", False),
        ("*\n!a/b", "a", False),
        ("*\n!a/b", "b", True),
        ("*\n!a/b", "a/c", True),
        ("*\n!**/*.py", "deep/down", False),
        ("*\n!src/*/x", "src/y", False),
        ("*\n!src/*/x", "lib", True),
    ],
)
def test_folders_are_left_out_only_when_nothing_below_comes_back(text: str, folder: str, pruned: bool) -> None:
    assert parse_ignore(text).prunes(folder) is pruned


@pytest.mark.parametrize("pattern", ["[a", "[", "[]", "[^]", "a\\", "[b-a]", "[\\"])
def test_malformed_patterns_have_no_expression(pattern: str) -> None:
    assert path_expression(pattern) is None
    assert name_expression(pattern) is None


@pytest.mark.parametrize(("name", "wild"), [("a", False), ("*", True), ("a?", True), ("[a]", True), ("a\\*", True)])
def test_is_wildcard(name: str, wild: bool) -> None:
    assert is_wildcard(name) is wild
