"""What a context reads of the disk: each folder once, whoever asks, and no more than the limit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mllint.context import Context, tree
from mllint.context.ignore import parse_ignore
from mllint.semantic.build import Build
from mllint.semantic.fact import BuildOptions
from mllint.source import Source
from mllint.syntax.parser import parse


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that are read, in order."""
    found: list[str] = []
    real = os.scandir

    def scandir(path: str) -> object:
        found.append(os.path.basename(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a/1.txt", "a/deep/2.txt", "b/3.txt", "node/4.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_nothing_is_read_before_something_is_asked(root: Path, scanned: list[str]) -> None:
    Context(str(root))
    assert not scanned


def test_a_part_of_the_context_is_read_alone(root: Path, scanned: list[str]) -> None:
    Context(str(root)).files_under("a/deep")
    assert scanned == ["deep"]


def test_each_folder_is_read_once(root: Path, scanned: list[str]) -> None:
    context = Context(str(root))
    for path in ("a/deep", "a", ".", ".", "b"):
        context.files_under(path)
    assert sorted(scanned) == sorted(["deep", "a", root.name, "b", "node"])


def test_ignored_folders_are_not_read(root: Path, scanned: list[str]) -> None:
    (root / ".dockerignore").write_text("node\na")
    assert [file.path for file in Context(str(root)).files_under(".").files] == [".dockerignore", "b/3.txt"]
    assert "node" not in scanned
    assert "deep" not in scanned


def test_all_stages_share_what_is_read(root: Path, scanned: list[str]) -> None:
    text = "".join(f"FROM a AS s{n}\nCOPY . /a\nCOPY a /b\n" for n in range(5))
    build = Build(parse(Source(str(root / "Dockerfile"), text)), BuildOptions(context=str(root)))
    for stage in build.stages:
        for taken in stage.artifacts.taken:
            _ = taken.intake.listing, taken.intake.weights, taken.intake.clutter, taken.intake.secrets
    assert len(scanned) == 5
    assert len(build.intakes) == 2


def test_a_folder_with_more_entries_than_the_limit_is_cut(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (root / "b" / f"{number}.txt").write_text("")
    monkeypatch.setattr(tree, "ENTRY_LIMIT", 10)
    found = Context(str(root)).files_under("b")
    assert found.truncated
    assert len(found.files) == 10


def test_a_listing_does_not_depend_on_what_was_asked_before(root: Path) -> None:
    asked, fresh = Context(str(root)), Context(str(root))
    asked.files_under(".")
    assert asked.files_under(".", 3) == fresh.files_under(".", 3)
    assert asked.files_under(".", 3).truncated


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a\nb", "a/x", 1),
        ("*\n!b\n# note\nb/c", "b/c", 4),
        ("*\n!b", "b", 2),
        ("a", "b", None),
    ],
)
def test_the_last_pattern_that_matches_decides(text: str, path: str, line: int | None) -> None:
    found = parse_ignore(text).decisive(path)
    assert (found and found.line) == line
