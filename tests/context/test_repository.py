"""What a working copy says of files that are not in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mllint.context.repository import Mention, Repository, git_rules


def repository(root: Path, context: str = ".") -> Repository:
    return Repository(str(root), str(root / context), str(root / "docker" / "Dockerfile"))


@pytest.mark.parametrize(
    ("text", "path", "ignored"),
    [
        ("*.pt", "models/a.pt", True),
        ("data/", "data/a.csv", True),
        ("data/", "src/data/a.csv", True),
        ("/data", "src/data/a.csv", False),
        ("src/data", "src/data/a.csv", True),
        ("*.pt\n!keep.pt", "models/keep.pt", False),
        ("# data", "data", False),
        ("", "data", False),
    ],
)
def test_git_rules(text: str, path: str, ignored: bool) -> None:
    assert git_rules(text).excludes(path) is ignored


def test_ignore_files_of_folders_count_from_their_folder(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / ".gitignore").write_text("/local.py\n")
    assert repository(tmp_path).git_ignores("api/local.py")
    assert repository(tmp_path, "api").git_ignores("local.py")
    assert not repository(tmp_path).git_ignores("local.py")


def test_submodules(tmp_path: Path) -> None:
    (tmp_path / ".gitmodules").write_text('[submodule "x"]\n\tpath = third_party/x\n\turl = ../x\n')
    found = repository(tmp_path, "third_party")
    assert found.in_submodule("x/setup.py")
    assert not found.in_submodule("xy/setup.py")


def test_a_script_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "prepare.sh").write_text("set -e\ncurl -o model.json https://example.com\n")
    (tmp_path / "app.py").write_text("open('settings.ini')\n")
    found = repository(tmp_path)
    assert found.maker("conf/model.json") == Mention("scripts/prepare.sh", 2)
    assert found.maker("settings.ini") is None, "code says nothing about who makes a file"
    assert found.maker("del.json") is None, "a part of another name"
    assert found.maker("a") is None, "too short to be told from a word"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("tar -xf plugin.tar", None),
        ("mkdir plugin", 1),
        ("cp -r ../shared/plugin .", 1),
        ("run the plugin loop", None),
        ("step  # plugin/ is made elsewhere", None),
        ("python export.py plugin/", 1),
    ],
)
def test_an_everyday_word_is_no_path(tmp_path: Path, line: str, named: int | None) -> None:
    (tmp_path / "build.sh").write_text(f"{line}\n")
    found = Repository(str(tmp_path), str(tmp_path), str(tmp_path / "Dockerfile")).maker("plugin")
    assert (found.line if found is not None else None) == named


def test_links_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.sh"
    outside.write_text("make model.json\n")
    inside = tmp_path / "repository"
    inside.mkdir()
    (inside / "run.sh").symlink_to(outside)
    assert repository(inside).maker("model.json") is None


def test_an_ignore_file_above(tmp_path: Path) -> None:
    (tmp_path / "api" / "v1").mkdir(parents=True)
    (tmp_path / ".dockerignore").write_text(".git")
    assert repository(tmp_path, "api/v1").has_ignore_file_above()
    assert not repository(tmp_path).has_ignore_file_above()
