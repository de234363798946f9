"""Whole small projects, and the reports that are expected of them."""

from __future__ import annotations

import pytest

from tools.regenerate import PROJECTS, ROOT, project_report


@pytest.mark.parametrize("name", sorted(path.name for path in PROJECTS.iterdir()))
def test_the_report_of_a_project(name, monkeypatch):
    monkeypatch.chdir(ROOT)

    assert project_report(name) == (PROJECTS / name / "expected.txt").read_text(encoding="utf-8")
