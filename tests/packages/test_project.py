"""Installs of a project: which files they read, and what of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.packages.dispatch import installs
from mllint.packages.manifest import read_manifest
from mllint.packages.project import Project, chosen, project_of, selection
from mllint.packages.requirement import Install
from mllint.shell.command import Command
from mllint.source import Source

STANDARD = """\
[project]
name = "app"
dependencies = ["torch"]
[project.optional-dependencies]
gpu = ["cupy"]
dev = ["extra-dev"]
[dependency-groups]
dev = ["pytest"]
docs = ["sphinx"]
"""
POETRY = """\
[tool.poetry.dependencies]
torch = "*"
cupy = { version = "*", optional = true }
[tool.poetry.extras]
gpu = ["cupy"]
[tool.poetry.group.dev.dependencies]
pytest = "*"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = "*"
"""
PIPFILE = '[packages]\ntorch = "*"\n[dev-packages]\npytest = "*"\n[docs]\nsphinx = "*"\n'


def read(command: Callable[..., Command], text: str) -> Install:
    found = installs(command(text))
    assert found is not None
    return found


def take(install: Install) -> list[str | None]:
    path, text = ("pyproject.toml", POETRY if install.manager == "poetry" else STANDARD)
    if install.manager == "pipenv":
        path, text = "Pipfile", PIPFILE
    if install.manager == "pdm":
        text += "[tool.pdm]\n"
    manifest = read_manifest(Source(path, text))
    assert manifest is not None
    return [one.name for one in chosen(manifest, selection(install))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uv sync", ["torch", "pytest"]),
        ("uv sync --no-dev", ["torch"]),
        ("uv sync --no-default-groups", ["torch"]),
        ("uv sync --no-group dev", ["torch"]),
        ("uv sync --no-dev --extra gpu", ["torch", "cupy"]),
        ("uv sync --extra dev", ["torch", "pytest", "extra-dev"]),
        ("uv sync --group docs", ["torch", "pytest", "sphinx"]),
        ("uv sync --all-groups --all-extras", ["torch", "pytest", "sphinx", "cupy", "extra-dev"]),
        ("uv sync --only-group docs", ["sphinx"]),
        ("uv sync --only-dev", ["pytest"]),
        ("uv pip install -r pyproject.toml", ["torch"]),
        ("uv pip install -r pyproject.toml --extra gpu --group docs", ["torch", "sphinx", "cupy"]),
        ("uv pip install -r pyproject.toml --all-extras", ["torch", "cupy", "extra-dev"]),
        ("pip install --group docs", ["sphinx"]),
        ("pip install --group pyproject.toml:docs", ["sphinx"]),
        ("pip install .", ["torch"]),
        ("poetry install", ["torch", "pytest"]),
        ("poetry install --with docs", ["torch", "pytest", "sphinx"]),
        ("poetry install --without dev,x", ["torch"]),
        ("poetry install --only main", ["torch"]),
        ("poetry install --only=dev,docs", ["pytest", "sphinx"]),
        ("poetry install --no-dev -E gpu", ["torch", "cupy"]),
        ("poetry install --only-root", []),
        ("poetry install --extras 'gpu other' --no-root", ["torch", "pytest", "cupy"]),
        ("poetry export -f requirements.txt -o r.txt", ["torch"]),
        ("poetry export --with dev", ["torch", "pytest"]),
        ("pdm sync", ["torch", "pytest", "sphinx"]),
        ("pdm sync --prod", ["torch"]),
        ("pdm install --production -G gpu", ["torch", "cupy"]),
        ("pdm install --prod -G :all", ["torch", "pytest", "sphinx", "cupy", "extra-dev"]),
        ("pipenv install --system --deploy", ["torch"]),
        ("pipenv sync -d", ["torch", "pytest"]),
        ("pipenv sync --categories 'packages docs'", ["torch", "sphinx"]),
    ],
)
def test_what_is_chosen(command: Callable[..., Command], text: str, expected: list[str]) -> None:
    assert take(read(command, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uv sync --frozen", Project(None, "pyproject.toml", "uv.lock")),
        ("uv run app.py", Project(None, "pyproject.toml", "uv.lock")),
        ("uv run --no-project app.py", None),
        ("uv run --script app.py", None),
        ("uv pip install torch", None),
        ("uv tool install ruff", None),
        ("poetry install", Project(None, "pyproject.toml", "poetry.lock")),
        ("pdm sync --no-self", Project(None, "pyproject.toml", "pdm.lock")),
        ("pdm install --no-lock", Project(None, "pyproject.toml", None)),
        ("pipenv install --system", Project(None, "Pipfile", "Pipfile.lock")),
        ("pipenv install --skip-lock", Project(None, "Pipfile", None)),
        ("pipenv install -r requirements.txt", None),
        ("conda env create", Project(None, "environment.yml", None)),
        ("conda env update -f other.yml", None),
        ("mamba env update -n base", Project(None, "environment.yml", None)),
        ("conda install numpy", None),
        ("pixi install --locked", Project(None, "pixi.toml", "pixi.lock")),
        ("pip install .", None),
        ("apt-get install x", None),
    ],
)
def test_files_that_are_not_named(command: Callable[..., Command], text: str, expected: Project | None) -> None:
    assert project_of(read(command, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "uv sync --project app",
        "uv --directory app sync",
        "poetry -C app install",
        "poetry install -P app",
        "pdm sync -p app",
    ],
)
def test_the_folder(command: Callable[..., Command], text: str) -> None:
    found = project_of(read(command, text))
    assert found is not None
    assert found.folder is not None
    assert found.folder.value == "app"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uv sync", True),
        ("uv sync --no-install-project", False),
        ("uv sync --only-group docs", False),
        ("uv pip install -r pyproject.toml", False),
        ("poetry install", True),
        ("poetry install --no-root", False),
        ("poetry install --only main", False),
        ("pdm sync", True),
        ("pdm sync --no-self", False),
        ("pipenv sync", False),
    ],
)
def test_whether_the_project_itself_is_installed(command: Callable[..., Command], text: str, expected: bool) -> None:
    assert selection(read(command, text)).project is expected
