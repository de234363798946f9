"""What a start must not import. Import times are in design documents; what is loaded can be tested without a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CLEAN = """\
FROM python:3.13-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
WORKDIR /app
COPY train.py .
USER app
CMD ["python", "-u", "train.py"]
"""
FAULTY = """\
FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
RUN apt-get update && apt-get install -y nvidia-driver-550
RUN pip install torch
CMD uvicorn app:app
"""

#: No module of these, nor any below it, is there after linting a file into a pipe.
UNWANTED = (
    "asyncio", "attr", "attrs", "concurrent.futures", "difflib", "email", "http", "importlib.metadata",
    "jschema_to_python", "jsonpickle", "markdown_it", "multiprocessing", "packaging", "pbr", "pathlib",
    "pkg_resources", "pydoc", "pygments", "rich", "sarif_om", "setuptools", "socket", "ssl", "subprocess", "tempfile",
    "tomli", "tomllib", "unittest", "urllib.request", "yaml",
    "mllint.commands.configuration", "mllint.commands.init", "mllint.config.hadolint", "mllint.config.schema",
    "mllint.knowledge.downloads", "mllint.knowledge.hadolint", "mllint.parallel", "mllint.report.page",
    "mllint.report.sarif", "mllint.report.json_report", "mllint.semantic.downloaders",
    "mllint.semantic.python_downloads", "mllint.testing",
)  # fmt: skip

#: click imports uuid, which imports platform, which imported subprocess before Python 3.11.
_BROUGHT_ALONG = ("subprocess",) if sys.version_info < (3, 11) else ()

_RUN = """
import sys
before = set(sys.modules)
from mllint.cli import main
try:
    main(prog_name="mllint")
finally:
    sys.stderr.write("\\n".join(sorted(set(sys.modules) - before)))
"""


@pytest.fixture
def loaded(process: Callable[..., Any], tmp_path: Path, environment: dict[str, str]) -> Callable[..., set[str]]:
    """The modules that a run of the command imports, without those of a measurement of coverage."""
    plain = {name: value for name, value in environment.items() if not name.startswith("COVERAGE")}

    def run(text: str, *arguments: str) -> set[str]:
        (tmp_path / "Dockerfile").write_text(text, encoding="utf-8")
        return set(process(*arguments, code=_RUN, env=plain).err.split())

    return run


def unwanted(modules: set[str], *allowed: str) -> list[str]:
    """Those among the modules that are not wanted."""
    names = [name for name in UNWANTED if name not in (*allowed, *_BROUGHT_ALONG)]
    return sorted(each for each in modules if any(each == name or each.startswith(f"{name}.") for name in names))


@pytest.mark.parametrize("text", [CLEAN, FAULTY], ids=["clean", "findings"])
def test_a_file_into_a_pipe(loaded: Callable[..., set[str]], text: str) -> None:
    modules = loaded(text, "Dockerfile", "--no-respect-gitignore")
    assert "mllint.report.concise" in modules
    assert not {"mllint.baseline", "mllint.changes", "mllint.identity", "mllint.pages"} & modules
    assert unwanted(modules) == []


def test_a_file_beside_a_configuration_of_others(loaded: Callable[..., set[str]], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert unwanted(loaded(CLEAN, "Dockerfile")) == []


def test_each_format_loads_what_it_needs(loaded: Callable[..., set[str]]) -> None:
    assert unwanted(loaded(FAULTY, "Dockerfile", "--format", "json"), "mllint.report.json_report") == []
    assert unwanted(loaded(FAULTY, "Dockerfile", "--format", "github")) == []
    assert unwanted(loaded(FAULTY, "Dockerfile", "--statistics")) == []
    assert unwanted(loaded(CLEAN, "Dockerfile", "--format", "full")) == []
    for name in ("gitlab", "checkstyle", "junit", "rdjson", "markdown"):
        assert unwanted(loaded(FAULTY, "Dockerfile", "--format", name)) == [], name
    assert "rich.console" in loaded(FAULTY, "Dockerfile", "--format", "full")
    assert "sarif_om" in loaded(FAULTY, "Dockerfile", "--format", "sarif")


def test_the_version_and_the_help_load_nothing_of_ours(loaded: Callable[..., set[str]]) -> None:
    for option in ("--version", "--help"):
        ours = {each for each in loaded("", option) if each.startswith("mllint")}
        assert ours == {"mllint", "mllint.cli", "mllint.commands"}


def test_yaml_and_toml_are_loaded_for_such_a_file(loaded: Callable[..., set[str]], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mllint]\nignore = []\n", encoding="utf-8")
    assert {"tomllib", "tomli"} & loaded(CLEAN, "Dockerfile")
    (tmp_path / ".mllint.yaml").write_text("ignore: []\n", encoding="utf-8")
    modules = loaded(CLEAN, "Dockerfile")
    assert "yaml" in modules
    assert not {"tomllib", "tomli"} & modules


@pytest.mark.parametrize("name", [name for name in UNWANTED if name.startswith("mllint")])
def test_the_list_names_modules_that_there_are(name: str) -> None:
    assert find_spec(name) is not None
