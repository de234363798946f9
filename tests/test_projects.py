"""Whole small projects, and the reports that are expected of them."""

from __future__ import annotations

import pytest

from tools.regenerate import PROJECTS, ROOT, project_report

#: Projects whose build context is found by the repository around them.
NEED_GIT = ("monorepo",)


@pytest.mark.parametrize("name", sorted(path.name for path in PROJECTS.iterdir()))
def test_the_report_of_a_project(name, monkeypatch):
    if name in NEED_GIT and not (ROOT / ".git").exists():
        pytest.skip("an unpacked source distribution is no repository, whose root would be the build context")
    monkeypatch.chdir(ROOT)

    assert project_report(name) == (PROJECTS / name / "expected.txt").read_text(encoding="utf-8")
