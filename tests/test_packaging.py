"""What is published: one version, and a source distribution that can be tested."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import mllint
from mllint.cli import main

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_version_is_written_once(project: dict[str, Any]) -> None:
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    place = ROOT / project["tool"]["hatch"]["version"]["path"]
    # A literal: pre-commit and the action build from clones that have no tags.
    assert re.findall(r'^__version__ = "([^"]+)"$', place.read_text(encoding="utf-8"), re.MULTILINE) == [
        mllint.__version__
    ]
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", mllint.__version__)
    assert CliRunner().invoke(main, ["--version"]).output.split()[-1] == mllint.__version__


def test_the_version_is_not_repeated_where_it_would_be_forgotten() -> None:
    for name in ("pyproject.toml", "Dockerfile", "action.yml", "mkdocs.yml"):
        assert f'"{mllint.__version__}"' not in (ROOT / name).read_text(encoding="utf-8"), name


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert headings[0] == mllint.__version__


def test_the_source_distribution_is_the_repository(project: dict[str, Any]) -> None:
    """Without a list of its own it has all that git has: the tests read the guides, the tools and what CI runs."""
    targets = project["tool"]["hatch"]["build"]["targets"]

    assert "sdist" not in targets
    assert targets["wheel"]["packages"] == ["mllint", "rules/mllint_rules"]
