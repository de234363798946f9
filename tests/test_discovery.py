"""Which files are found below folders, and what is said about paths that cannot be linted."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from mllint import discovery
from mllint.config.load import Configuration
from mllint.discovery import Discovered, Failure, discover, is_dockerfile_name

NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder that belongs to no repository and to no user's configuration of git."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return work


def write(*names: str) -> None:
    for name in names:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        Path(name).write_text("FROM scratch\n")


def git(*arguments: str, at: str = ".") -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", at, *identity, *arguments], check=True, capture_output=True)


def find(*paths: str, **overrides: object) -> Discovered:
    return discover(paths or ["."], Configuration(overrides=overrides).for_file)


def found(*paths: str, **overrides: object) -> list[str]:
    discovered = find(*paths, **overrides)
    assert discovered.failures == ()
    return list(discovered.files)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile", "dockerfile", "DOCKERFILE", "Containerfile", "containerfile",
        "Dockerfile.gpu", "Dockerfile-train", "Dockerfile_infer", "dockerfile.dev", "Containerfile.cuda12",
        "gpu.Dockerfile", "gpu.dockerfile", "x.containerfile", "train-Dockerfile", "train_dockerfile",
        "Dockerfile.cuda11.8", "Dockerfile.", "my.app.dockerfile", "Dockerfile.main", "Dockerfile.python",
    ],
)  # fmt: skip
def test_names_of_dockerfiles(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile.dockerignore", "gpu.dockerfile.dockerignore", ".dockerignore", "Containerfile.containerignore",
        "Dockerfile.md", "README.Dockerfile.md", "Dockerfile.txt", "Dockerfile.rst",
        "Dockerfile.bak", "Dockerfile.orig", "Dockerfile.rej", "Dockerfile~", "Dockerfile.gpu~", "Dockerfile.swp",
        "Dockerfile.j2", "Dockerfile.tmpl", "Dockerfile.in", "Dockerfile.erb", "Dockerfile.template",
        "Dockerfile.lock", "Dockerfile.py", "Dockerfile.sh", "Dockerfile.yml", "dockerfile.json",
        "Dockerfiles", "MyDockerfile", "dockerfile2", "Makefile", "docker-compose.yml", "a.dockerfile.x", "",
    ],
)  # fmt: skip
def test_names_of_other_files(name: str) -> None:
    assert not is_dockerfile_name(name)


def test_a_folder_is_searched() -> None:
    write("Dockerfile", "b/gpu.dockerfile", "a/Containerfile", "a/notes.txt", "a/Dockerfile.md", "a/c/Dockerfile-x")

    assert found() == ["Dockerfile", "a/Containerfile", "a/c/Dockerfile-x", "b/gpu.dockerfile"]
    assert found("a") == ["a/Containerfile", "a/c/Dockerfile-x"]
    assert found("./a") == ["./a/Containerfile", "./a/c/Dockerfile-x"]
    assert found(os.path.abspath("b")) == [os.path.abspath("b/gpu.dockerfile")]


def test_a_named_file_is_taken_whatever_its_name() -> None:
    write("notes.md", "venv/Dockerfile")

    assert found("notes.md", "venv/Dockerfile") == ["notes.md", "venv/Dockerfile"]
    assert found("-") == ["-"]


def test_files_are_sorted_and_each_once() -> None:
    write("b/Dockerfile", "a/Dockerfile")
    os.symlink("Dockerfile", "a/x.dockerfile")

    assert found("b/Dockerfile", "a", "b", "./b/Dockerfile", "b/Dockerfile") == ["a/Dockerfile", "b/Dockerfile"]


def test_links_to_folders_are_not_followed_and_links_to_files_are() -> None:
    write("real/Dockerfile", "elsewhere/base")
    os.symlink("../real", "elsewhere/link")
    os.symlink("..", "real/loop")
    os.symlink("../elsewhere/base", "real/gpu.dockerfile")
    os.symlink("missing", "real/Dockerfile.broken")

    assert found() == ["real/Dockerfile", "real/gpu.dockerfile"]
    assert found("elsewhere/link") == ["elsewhere/link/Dockerfile", "elsewhere/link/gpu.dockerfile"]


def test_the_folders_of_environments_are_not_searched() -> None:
    write("Dockerfile", ".venv/Dockerfile", "node_modules/a/Dockerfile", "a/venv/Dockerfile", "a/.tox/x/Dockerfile")

    assert found() == ["Dockerfile"]


def test_a_folder_that_is_named_is_searched_even_if_it_is_excluded() -> None:
    write("venv/a/Dockerfile", "venv/node_modules/Dockerfile")

    assert found("venv") == ["venv/a/Dockerfile"]
    assert found("venv", **{"force-exclude": True}) == []


def test_patterns_of_the_configuration() -> None:
    write("Dockerfile", "old/Dockerfile", "a/old/Dockerfile", "a/Dockerfile.test", "venv/Dockerfile")
    Path(".mllint.yaml").write_text("extend-exclude: ['*.test', old]\n")

    assert found() == ["Dockerfile"]
    assert found("a") == []
    assert found("a/old") == ["a/old/Dockerfile"]
    assert found("a/Dockerfile.test") == ["a/Dockerfile.test"]
    assert found("a/Dockerfile.test", **{"force-exclude": True}) == []
    assert found(exclude=["a/*"]) == ["Dockerfile", "venv/Dockerfile"]


def test_a_nearer_configuration_holds_for_its_files() -> None:
    write("a/Dockerfile", "a/x/Dockerfile", "b/x/Dockerfile")
    Path("a/.mllint.yaml").write_text("exclude: [x]\n")

    assert found() == ["a/Dockerfile", "b/x/Dockerfile"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing", "no such file or folder"),
        ("Dockerfile/x", "not a directory"),
        ("broken", "the symbolic link leads nowhere"),
        ("loop", "too many levels of symbolic links"),
        ("pipe", "a named pipe, not a file or folder"),
        (os.devnull, "a device, not a file or folder"),
        ("socket", "a socket, not a file or folder"),
        ("a\0b", "no path has such characters"),
        ("x" * 300, "file name too long"),
        ("", "no such file or folder"),
    ],
)
def test_a_path_that_cannot_be_linted(path: str, message: str) -> None:
    write("Dockerfile")
    os.symlink("missing", "broken")
    os.symlink("loop", "loop")
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        discovered = find(path, "Dockerfile")

    assert discovered == Discovered(("Dockerfile",), (Failure(path, message),))


def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    write("Dockerfile", "b/Dockerfile")
    monkeypatch.setattr(os, "access", lambda path, mode: path != "Dockerfile")

    assert find("Dockerfile", "b") == Discovered(("b/Dockerfile",), (Failure("Dockerfile", "permission denied"),))


def test_a_folder_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a/Dockerfile", "b/Dockerfile")
    scandir = os.scandir

    def refusing(path: str) -> Iterable[os.DirEntry[str]]:
        if path == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)

    assert find() == Discovered(("b/Dockerfile",), (Failure("a", "permission denied"),))


@NEEDS_GIT
def test_files_that_git_ignores_are_left_out() -> None:
    git("init", "-q")
    write("Dockerfile", "build/Dockerfile", "sub/Dockerfile", "sub/x/Dockerfile", "sp ace/Dockerfile", "ü/Dockerfile")
    Path(".gitignore").write_text("build/\n")
    Path("sub/.gitignore").write_text("x\n")

    assert found() == ["Dockerfile", "sp ace/Dockerfile", "sub/Dockerfile", "ü/Dockerfile"]
    assert found("sub") == ["sub/Dockerfile"]
    assert "build/Dockerfile" in found(**{"respect-gitignore": False})
    # What is named is taken: a file, and a folder too.
    assert found("build/Dockerfile") == ["build/Dockerfile"]
    assert found("build") == ["build/Dockerfile"]
    assert found("sub/x") == ["sub/x/Dockerfile"]


@NEEDS_GIT
def test_files_that_git_tracks() -> None:
    git("init", "-q")
    write("kept/Dockerfile", "gone/Dockerfile", "node_modules/Dockerfile", "ignored/Dockerfile")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    Path(".gitignore").write_text("ignored\n")
    os.remove("gone/Dockerfile")

    assert found() == ["ignored/Dockerfile", "kept/Dockerfile"]


@NEEDS_GIT
def test_nested_repositories_have_rules_of_their_own() -> None:
    git("init", "-q")
    write("Dockerfile", "clone/Dockerfile", "clone/out/Dockerfile", "ignored/Dockerfile", "tracked/Dockerfile")
    git("init", "-q", at="clone")
    Path("clone/.gitignore").write_text("out\n")
    git("init", "-q", at="ignored")
    git("init", "-q", at="tracked")
    git("add", "-A", at="tracked")
    git("commit", "-q", "-m", "x", at="tracked")
    Path(".gitignore").write_text("ignored\n")
    git("add", "tracked")

    assert found() == ["Dockerfile", "clone/Dockerfile", "tracked/Dockerfile"]
    assert found("ignored") == ["ignored/Dockerfile"]


@NEEDS_GIT
def test_an_empty_folder_and_links_in_a_repository() -> None:
    git("init", "-q")
    write("real/Dockerfile")
    os.mkdir("empty")
    os.symlink("real", "link")
    git("add", "-A")

    assert found() == ["real/Dockerfile"]
    assert found("empty") == []


@NEEDS_GIT
def test_a_hook_of_another_repository_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-q")
    write("Dockerfile", "out/Dockerfile")
    Path(".gitignore").write_text("out\n")
    git("init", "-q", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other" / ".git" / "index"))

    assert found() == ["Dockerfile"]


@NEEDS_GIT
def test_nothing_that_the_repository_configures_is_run(tmp_path: Path) -> None:
    git("init", "-q")
    write("Dockerfile")
    git("add", "-A")
    script = tmp_path / "monitor"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    git("config", "core.fsmonitor", str(script))

    assert found() == ["Dockerfile"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("break_git", [lambda *_: None, None])
def test_without_git_the_folder_is_walked(
    monkeypatch: pytest.MonkeyPatch, break_git: Callable[..., None] | None
) -> None:
    os.mkdir(".git")
    write("Dockerfile", "a/Dockerfile", ".git/Dockerfile")
    if break_git is not None:
        monkeypatch.setattr(discovery, "_git", break_git)
    else:
        monkeypatch.setenv("PATH", "")

    assert found() == ["Dockerfile", "a/Dockerfile"]


def test_a_folder_outside_of_repositories_asks_git_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(discovery, "_git", fail)
    write("a/Dockerfile")

    assert found() == ["a/Dockerfile"]


def test_paths_are_shown_as_users_write_them() -> None:
    assert discovery.join(".", "a") == "a"
    assert discovery.join("./b", "a") == "./b/a"
