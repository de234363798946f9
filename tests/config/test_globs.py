"""Patterns for paths."""

from __future__ import annotations

import pytest

from mllint.config.globs import Globs


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("Dockerfile", "/p/Dockerfile", True),
        ("Dockerfile", "/p/a/b/Dockerfile", True),
        ("Dockerfile", "/p/Dockerfile.gpu", False),
        ("Dockerfile.*", "/p/a/Dockerfile.gpu", True),
        ("a/Dockerfile", "/p/a/Dockerfile", True),
        ("./a/Dockerfile", "/p/a/Dockerfile", True),
        ("../a/Dockerfile", "/a/Dockerfile", True),
        ("a/Dockerfile", "/p/b/a/Dockerfile", False),
        ("a/*", "/p/a/b/Dockerfile", True),
        ("**/a/Dockerfile", "/p/a/Dockerfile", True),
        ("**/a/Dockerfile", "/p/b/c/a/Dockerfile", True),
        ("a/**/Dockerfile", "/p/a/Dockerfile", True),
        ("a/**", "/p/a/b/c", True),
        ("/p/x", "/p/x", True),
        ("/q/x", "/p/x", False),
        ("[ab].Dockerfile", "/p/b.Dockerfile", True),
        ("[!ab].Dockerfile", "/p/b.Dockerfile", False),
        ("[!ab].Dockerfile", "/p/c.Dockerfile", True),
        ("[z-a]", "/p/[z-a]", True),
        ("[z-a]", "/p/b", False),
        ("{a,b}.Dockerfile", "/p/b.Dockerfile", True),
        ("{a,b}.Dockerfile", "/p/c.Dockerfile", False),
        ("?.Dockerfile", "/p/c.Dockerfile", True),
        ("a+b(c", "/p/a+b(c", True),
        ("", "/p/", False),
        ("[", "/p/[", True),
        ("{", "/p/{", True),
    ],
)
def test_match(pattern: str, path: str, matches: bool) -> None:
    assert Globs([pattern], "/p").match(path) is matches


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("node_modules", "/p/node_modules/x/Dockerfile", True),
        ("node_modules", "/p/a/node_modules/x/Dockerfile", True),
        ("node_modules/", "/p/a/node_modules/x/Dockerfile", True),
        ("build/out", "/p/build/out/x/Dockerfile", True),
        ("build/out", "/p/build/Dockerfile", False),
        ("p", "/p/Dockerfile", False),
        ("q", "/q/Dockerfile", False),
        ("Dockerfile", "/q/Dockerfile", True),
    ],
)
def test_covers_looks_at_the_folders_below_the_root(pattern: str, path: str, covered: bool) -> None:
    assert Globs([pattern], "/p").covers(path) is covered


def test_covers_looks_only_below_the_top() -> None:
    globs = Globs(["venv", "*.old"], "/p")

    assert globs.covers("/p/venv/a/Dockerfile")
    assert not globs.covers("/p/venv/a/Dockerfile", "/p/venv")
    assert globs.covers("/p/venv/a/venv/Dockerfile", "/p/venv")
    assert globs.covers("/p/venv/Dockerfile.old", "/p/venv")


def test_a_root_is_not_a_pattern() -> None:
    assert Globs(["a"], "/p[x]*").match("/p[x]*/a")
    assert not Globs(["a/b"], "/p*").match("/pq/a/b")


def test_the_root_folder_can_be_a_root() -> None:
    assert Globs(["a/b"], "/").match("/a/b")


def test_no_patterns_match_nothing() -> None:
    assert not Globs([], "/p").match("/p/a")
    assert not Globs([], "/p").covers("/p/a")
