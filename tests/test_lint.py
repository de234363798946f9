from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from mllint import lint, parallel
from mllint.config.errors import ConfigError
from mllint.config.load import Configuration
from mllint.lint import Linter, lint_path, lint_text, merge
from mllint.plugins import load_plugins
from mllint.source import Source

TEXT = "FROM python\nRUN pip install numpy\nUSER app\n"


@pytest.fixture
def linter() -> Linter:
    return Linter(Configuration(isolated=True, overrides={"select": ["ML101", "ML201"]}), load_plugins(isolated=True))


def test_a_text() -> None:
    configuration = Configuration(isolated=True, overrides={"select": ["ML101"]})
    (finding,) = lint_text(TEXT, configuration=configuration)
    assert (finding.rule, finding.span.source.path, finding.span.first) == ("ML101", "Dockerfile", (1, 6))


def test_a_text_has_the_settings_of_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".mllint.yaml").write_text("select: [ML201]\n", encoding="utf-8")
    assert [each.rule for each in lint_text(TEXT)] == ["ML201"]
    assert [each.rule for each in lint_text(TEXT, str(tmp_path / "Dockerfile.dev"))] == ["ML201"]
    assert "ML101" in {each.rule for each in lint_text(TEXT, os.path.join(os.path.dirname(tmp_path), "Dockerfile"))}
    (tmp_path / ".mllint.yaml").write_text("selekt: [ML201]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="selekt"):
        lint_text(TEXT)


def test_a_path(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("# mllint global ignore=ML101 known\n" + TEXT, encoding="utf-8")
    findings = lint_path(
        str(path), configuration=Configuration(isolated=True, overrides={"select": ["ML101", "ML201"]})
    )
    assert [(each.rule, each.suppressed is not None) for each in findings] == [("ML101", True), ("ML201", False)]


def test_the_report_of_a_file(linter: Linter) -> None:
    text = (
        "ARG V=3.12\nFROM python:$V AS base\nFROM base\nCMD torchrun train.py\n"
        "FROM scratch\nFROM $UNKNOWN\nFROM base AS Last\n"
    )
    report = linter.lint(Source("a/Dockerfile", text)).report
    assert report is not None
    assert (report.path, report.role) == ("a/Dockerfile", "base")
    assert [tuple(stage) for stage in report.stages] == [
        ("base", 0, "python:3.12", 2, False),
        (None, 1, "base", 3, False),
        (None, 2, "scratch", 5, False),
        (None, 3, None, 6, False),
        ("last", 4, "base", 7, True),
    ]


def test_the_settings_of_another_path(tmp_path: Path) -> None:
    (tmp_path / ".mllint.yaml").write_text("select: [ML201]\n", encoding="utf-8")
    linter = Linter(Configuration(), load_plugins(isolated=True))
    result = linter.lint(Source("<stdin>", TEXT), path=str(tmp_path / "Dockerfile"))
    assert [each.rule for each in result.findings] == ["ML201"]
    assert result.path == "<stdin>"


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    """A hundred files, one of which is missing."""
    for number in range(100):
        (tmp_path / f"Dockerfile.{number:02}").write_text(f"FROM python\n# {number}\n", encoding="utf-8")
    (tmp_path / "Dockerfile.50").unlink()
    return [str(tmp_path / f"Dockerfile.{number:02}") for number in range(100)]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_files_in_order(linter: Linter, paths: list[str], processes: int) -> None:
    results = list(linter.lint_files(paths, processes=processes))
    assert [each.path for each in results] == paths
    files, findings, errors = merge(results)
    assert [each.path for each in files] == [path for path in paths if not path.endswith("50")]
    assert [each.span.source.path for each in findings] == [each.path for each in files]
    assert [(each.path, each.message) for each in errors] == [(paths[50], "no such file or directory")]
    assert findings[7].span.source.text == "FROM python\n# 7\n"


@pytest.mark.parametrize(
    ("files", "processors", "expected"), [(99, 1, None), (10, 8, None), (48, 8, 2), (99, 2, 2), (99, 8, 4)]
)
def test_how_many_processes(
    linter: Linter, paths: list[str], monkeypatch: pytest.MonkeyPatch, files: int, processors: int, expected: int | None
) -> None:
    asked: list[int] = []

    def ordered_map(function: object, items: object, count: int) -> list[object]:
        asked.append(count)
        return []

    monkeypatch.setattr(lint, "available_processors", lambda: processors)
    monkeypatch.setattr(parallel, "ordered_map", ordered_map)
    assert len(list(linter.lint_files(paths[:files]))) == (files if expected is None else 0)
    assert asked == ([] if expected is None else [expected])


def test_there_is_a_processor() -> None:
    assert lint.available_processors() >= 1


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="the system cannot fork")
def test_what_a_worker_raises_is_raised_here() -> None:
    def fail(item: int) -> int:
        if item == 5:
            raise ConfigError("the sixth")
        return item

    with pytest.raises(ConfigError, match="the sixth"):
        list(parallel.ordered_map(fail, range(10), 2))


def test_without_fork_the_map_is_a_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert list(parallel.ordered_map(lambda item: (item, os.getpid()), range(3), 2)) == [
        (number, os.getpid()) for number in range(3)
    ]
