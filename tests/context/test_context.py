"""Contexts on disk: what is there, what is ignored, and that nothing outside is ever read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mllint.context import Certainty, Context, File
from mllint.context.context import inner_path
from mllint.context.inference import infer


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, size in {
        "Dockerfile": 5,
        "requirements.txt": 10,
        "src/app.py": 20,
        "src/util.py": 30,
        "models/a.pt": 1000,
        "models/deep/b.safetensors": 2000,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    (tmp_path / "secret.txt").write_text("outside")
    return root


def context(root: Path, ignore: str | None = None) -> Context:
    if ignore is not None:
        (root / ".dockerignore").write_text(ignore)
    return Context(str(root), str(root / "Dockerfile"))


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("a", "a"),
        ("/a", "a"),
        ("//a", "a"),
        ("./a/", "a"),
        ("../../a", "a"),
        ("a/../..", "."),
        ("", "."),
        (".", "."),
        ("/", "."),
        ("a//b", "a/b"),
    ],
)
def test_paths_stay_inside(path: str, inside: str) -> None:
    assert inner_path(path) == inside


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("requirements.txt", 10),
        ("/requirements.txt", 10),
        ("../requirements.txt", 10),
        ("models", 3000),
        ("models/deep/", 2000),
        (".", 3065),
        ("missing", None),
        ("../secret.txt", None),
        ("src/app.py/x", None),
        ("a\0b", None),
    ],
)
def test_size(project: Path, path: str, size: int | None) -> None:
    assert context(project).size(path) == size
    assert context(project).exists(path) is (size is not None)


def test_an_empty_folder_has_size_zero(project: Path) -> None:
    (project / "empty").mkdir()
    assert context(project).size("empty") == 0


def test_a_missing_root_holds_nothing(tmp_path: Path) -> None:
    nowhere = Context(str(tmp_path / "nowhere"))
    assert not nowhere.exists(".")
    assert nowhere.size(".") is None
    assert nowhere.files_under(".").files == ()
    assert nowhere.glob("*") == ()


def test_files_under_lists_shallow_files_first(project: Path) -> None:
    assert context(project).files_under("models").files == (
        File("models/a.pt", 1000),
        File("models/deep/b.safetensors", 2000),
    )
    assert [file.path for file in context(project).files_under(".").files] == [
        "Dockerfile",
        "requirements.txt",
        "models/a.pt",
        "src/app.py",
        "src/util.py",
        "models/deep/b.safetensors",
    ]


def test_files_under_a_file_is_the_file(project: Path) -> None:
    assert context(project).files_under("./models/a.pt").files == (File("models/a.pt", 1000),)


def test_a_listing_stops_at_its_limit(project: Path) -> None:
    whole = context(project).files_under(".", 20)
    assert not whole.truncated
    cut = context(project).files_under(".", 5)
    assert cut.truncated
    assert len(cut.files) < len(whole.files)


def test_a_folder_too_large_to_count_has_no_size(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Context.files_under, "__defaults__", (2,))
    assert context(project).size(".") is None


def test_ignored_files_are_not_there(project: Path) -> None:
    found = context(project, "models\n!models/deep\n**/util.py\n")
    assert found.ignored("models/a.pt")
    assert not found.ignored("models/deep/b.safetensors")
    assert not found.ignored(".")
    assert not found.exists("models/a.pt")
    assert found.exists("models")
    assert found.size("models/a.pt") is None
    assert found.read_text("src/util.py") is None
    assert found.size("models") == 2000
    assert found.glob("models/*") == ("models/deep",)
    assert [file.path for file in found.files_under("src").files] == ["src/app.py"]


def test_an_ignored_folder_is_not_there(project: Path) -> None:
    found = context(project, "models\n")
    assert not found.exists("models")
    assert found.size("models") is None
    assert found.files_under("models").files == ()


def test_a_file_beside_taken_back_ones_stays_ignored(project: Path) -> None:
    found = context(project, "*\n!**/*.py\n")
    assert not found.exists("models/a.pt")
    assert found.exists("src/app.py")
    assert [file.path for file in found.files_under(".").files] == ["src/app.py", "src/util.py"]


def test_the_dockerfiles_own_ignore_file_comes_first(project: Path) -> None:
    (project / "Dockerfile.dockerignore").write_text("src\n")
    found = context(project, "models\n")
    assert found.exists("models")
    assert not found.exists("src")
    other = Context(str(project), str(project / "gpu.Dockerfile"))
    assert other.exists("src")
    assert not other.exists("models")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.txt", ("requirements.txt",)),
        ("req*", ("requirements.txt",)),
        ("src/*.py", ("src/app.py", "src/util.py")),
        ("*/*.py", ("src/app.py", "src/util.py")),
        ("s?c", ("src",)),
        ("[ms]*", ("models", "src")),
        ("**.py", ()),
        ("src/app.py", ("src/app.py",)),
        ("/src/", ("src",)),
        (".", (".",)),
        ("missing", ()),
        ("[", ()),
        (r"\*", ()),
    ],
)
def test_glob(project: Path, pattern: str, found: tuple[str, ...]) -> None:
    assert context(project).glob(pattern) == found


def test_links_that_leave_the_context_are_not_followed(project: Path) -> None:
    (project / "out.txt").symlink_to(project.parent / "secret.txt")
    (project / "up").symlink_to(project.parent)
    (project / "loop").symlink_to(project / "loop")
    found = context(project)
    for path in ("out.txt", "up/secret.txt", "up", "loop"):
        assert not found.exists(path)
        assert found.read_text(path) is None
        assert found.size(path) is None
        assert found.glob(path) == ()
    assert found.glob("up/*") == ()
    assert found.size(".") == 3065


def test_links_inside_the_context_are_followed_when_named(project: Path) -> None:
    (project / "weights").symlink_to("models")
    found = context(project)
    assert found.size("weights") == 3000
    assert found.files_under("weights").files[0] == File("weights/a.pt", 1000)
    assert found.size(".") == 3065


def test_an_ignore_file_outside_the_context_is_not_read(project: Path) -> None:
    (project.parent / "outside").write_text("src\n")
    (project / ".dockerignore").symlink_to(project.parent / "outside")
    assert context(project).exists("src")


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"a\n", "a\n"), (b"\xef\xbb\xbfa", "a"), (b"\xff\xfe", None), (b"", ""), (b"x" * 100, None)],
)
def test_read_text(project: Path, data: bytes, text: str | None) -> None:
    (project / "script.sh").write_bytes(data)
    assert context(project).read_text("script.sh", limit=99) == text


def test_only_regular_files_are_read(project: Path) -> None:
    os.mkfifo(project / "pipe")
    found = context(project)
    assert found.read_text("pipe") is None
    assert found.size("pipe") is None
    assert found.read_text("src") is None
    assert found.files_under("pipe").files == ()


def test_an_unreadable_folder_has_no_size(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if os.fspath(path).endswith("models"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    assert context(project).size(".") is None


@pytest.mark.parametrize(
    ("dockerfile", "sources", "root"),
    [
        ("Dockerfile", ["requirements.txt", "src/"], "."),
        ("docker/Dockerfile", ["requirements.txt", "src/"], "."),
        ("docker/gpu/Dockerfile", ["src/*.py"], "."),
        ("docker/Dockerfile", ["entry.sh"], "docker"),
        ("docker/Dockerfile", ["entry.sh", "requirements.txt", "src"], "."),
        ("docker/Dockerfile", ["both.txt"], "docker"),
        ("src/Dockerfile", ["."], None),
        ("docker/Dockerfile", ["."], None),
        ("docker/Dockerfile", ["*", "./", "/"], None),
        ("Dockerfile", [], "."),
        ("Dockerfile", ["missing.txt"], None),
        ("Dockerfile", ["https://example.com/a.txt", "$FILES"], "."),
        ("Dockerfile", ["../secret.txt"], None),
    ],
)
def test_infer(project: Path, dockerfile: str, sources: list[str], root: str | None) -> None:
    (project / ".git").mkdir()
    (project / "docker" / "gpu").mkdir(parents=True)
    for name in ("docker/entry.sh", "docker/both.txt", "both.txt"):
        (project / name).write_text("")
    found = infer(str(project / dockerfile), sources)
    assert (found and os.path.relpath(found.root, project)) == root


def test_what_installs_read_tells_where_the_sources_do_not(project: Path) -> None:
    (project / ".git").mkdir()
    (project / "src" / "requirements-dev.txt").write_text("")
    dockerfile = str(project / "src" / "Dockerfile")
    for hint, root in (("requirements-dev.txt", "src"), ("requirements.txt", "."), ("missing.txt", None)):
        found = infer(dockerfile, ["."], [hint])
        assert (found and os.path.relpath(found.root, project)) == root


def test_a_folder_in_no_repository_is_its_own_context(project: Path) -> None:
    found = infer(str(project / "src" / "Dockerfile"), ["."])
    assert found is not None
    assert found.root == str(project / "src")
    assert not found.sure
    (project / "docker").mkdir()
    assert infer(str(project / "docker" / "Dockerfile"), ["."]) is None


def test_a_compose_file_says_what_the_context_is(project: Path) -> None:
    (project / ".git").mkdir()
    build = "services:\n  api:\n    build:\n      context: {}\n      dockerfile: {}\n"
    (project / "compose.yaml").write_text(build.format(".", "src/Dockerfile"))
    dockerfile = str(project / "src" / "Dockerfile")
    found = infer(dockerfile, ["."])
    assert found is not None
    assert (os.path.realpath(found.root), found.certainty) == (os.path.realpath(project), Certainty.SAID)
    (project / "compose.yaml").write_text(build.format("..", "project/src/Dockerfile"))
    assert infer(dockerfile, ["."]) is None, "a folder outside the repository is not looked at"


def test_the_top_of_a_repository_is_sure(project: Path) -> None:
    (project / ".git").mkdir()
    found = infer(str(project / "Dockerfile"), ["src"])
    assert found is not None
    assert found.certainty is Certainty.ONLY


def test_infer_never_looks_above_the_repository(project: Path) -> None:
    (project / "src" / ".git").mkdir()
    assert infer(str(project / "src" / "Dockerfile"), ["requirements.txt"]) is None


def test_infer_without_a_repository_looks_at_the_folder_alone(project: Path) -> None:
    assert infer(str(project / "src" / "Dockerfile"), ["requirements.txt"]) is None


def test_infer_counts_ignored_files(project: Path) -> None:
    (project / ".dockerignore").write_text("*")
    found = infer(str(project / "Dockerfile"), ["src"])
    assert found is not None
    assert found.root == str(project)
    assert not found.exists("src")
