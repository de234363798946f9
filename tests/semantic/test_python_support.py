"""Which releases are for which Python."""

from __future__ import annotations

import pytest

from mllint.knowledge import python_wheels, torch
from mllint.semantic.python_support import least_python, refuses, unsupported


@pytest.mark.parametrize(
    ("name", "version", "specifier", "python", "instead"),
    [
        ("torch", "2.5.1", "", "3.8", "2.4.1"),
        ("torch", "2.5.1+cu121", "", "3.8.20", "2.4.1"),
        ("torch", "2.2.0", "", "3.13", "2.5.0"),
        ("tensorflow", "2.15.0", "", "3.12", "2.16.1"),
        ("tensorflow", None, ">=2.16", "3.8", "2.13.1"),
        ("tensorflow", None, ">=2.4,<2.11", "3.12", "2.16.1"),
        ("numpy", "2.1.0", "", "3.9", "2.0.2"),
        ("torchvision", "0.15.2", "", "3.12", "0.17.0"),
    ],
)
def test_releases_that_are_not_for_a_python(name, version, specifier, python, instead):
    found = unsupported(name, version, specifier, python)

    assert found is not None
    assert found.stops
    assert found.instead == instead


@pytest.mark.parametrize(
    ("name", "version", "specifier", "python"),
    [
        ("torch", "2.5.1", "", "3.13"),
        ("torchvision", "0.23.0+cu126", "", "3.9"),
        ("torch", None, ">=1.13", "3.14"),
        # What is newer than the table may be for a newer Python.
        ("tensorflow", None, ">=2.16", "3.14"),
        ("torch", "99.0", "", "3.8"),
        ("torch", "2.5.1", "", "3"),
        ("torch", "1.4.0", "", "2.7"),
        ("numpy", "1.20.0", "", "3.15"),
        ("unheard-of", "1.0", "", "3.8"),
    ],
)
def test_what_fits_or_is_not_known(name, version, specifier, python):
    assert unsupported(name, version, specifier, python) is None


def test_pip_builds_what_has_sources():
    found = unsupported("numpy", "1.24.4", "", "3.12")

    assert found is not None
    assert not found.stops
    assert found.too_new


@pytest.mark.parametrize("row", torch.RELEASES, ids=lambda row: row.version)
def test_every_torch_is_for_its_own_pythons(row):
    for python in row.pythons.split():
        if not python.endswith("t"):
            assert unsupported("torch", row.version, "", python) is None


@pytest.mark.parametrize("row", python_wheels.RANGES, ids=lambda row: f"{row.name}-{row.python}")
def test_the_ends_of_a_range_are_in_it(row):
    assert unsupported(row.name, row.first, "", row.python) is None
    assert unsupported(row.name, row.last or row.first, "", row.python) is None


@pytest.mark.parametrize(
    ("requires", "python", "refused"),
    [
        (">=3.10", "3.9", True),
        (">=3.10", "3.10", False),
        # 3.8 may be 3.8.20.
        (">=3.8.1", "3.8", False),
        (">=3.8.1", "3.8.0", True),
        ("<3.13,>=3.9", "3.13", True),
        ("", "2.7", False),
        ("not a specifier", "3.9", False),
    ],
)
def test_requires_python(requires, python, refused):
    assert refuses(requires, python) is refused


@pytest.mark.parametrize(
    ("image", "least"),
    [
        ("python:3", "3.14"),
        ("python", "3.14"),
        ("python:slim", "3.14"),
        ("python:3-slim-bookworm", "3.14"),
        ("python:3-buster", None),
        ("python:2", None),
        ("python:3.12", None),
        ("python:3@sha256:" + "0" * 64, None),
        ("registry.example.com/python:3", None),
        ("ubuntu:22.04", None),
    ],
)
def test_the_oldest_python_of_a_moving_tag(build, image, least):
    (stage,) = build(f"FROM {image}\nRUN pip install torch==2.5.1\n").stages
    found = least_python(stage, stage.environment)

    assert (found.value if found is not None else None) == least
