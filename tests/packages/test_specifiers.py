"""PEP 440 and PEP 508, and what stays unknown."""

from __future__ import annotations

import pytest

from mllint.packages.specifiers import allows, compare, marker_holds, newest_allowed


@pytest.mark.parametrize(
    ("specifier", "version", "expected"),
    [
        ("", "1.0", True),
        (">=2,<3", "2.5.1", True),
        (">=2,<3", "3.0", False),
        ("~=2.1", "2.9", True),
        ("~=2.1.0", "2.2", False),
        ("==2.1.*", "2.1.7", True),
        ("==2.1.0", "2.1.0+cu118", True),
        ("==2.1.0+cu118", "2.1.0", False),
        ("!=1.5", "1.5", False),
        ("(>=1)", "1.2", True),
        (">=2", "2.1rc1", True),
        ("==${TORCH}", "2.1", None),
        ("^2.1", "2.1", None),
        ("=1.2", "1.2", None),
        (">=2", "latest", None),
    ],
)
def test_allows(specifier: str, version: str, expected: bool | None) -> None:
    assert allows(specifier, version) is expected


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [("", "2.10.0"), ("<2.10", "2.9.1"), ("<2", None), (">=2.11.0rc0", "2.11.0rc1"), ("?", None), ("==2.9.1", "2.9.1")],
)
def test_newest_allowed(specifier: str, expected: str | None) -> None:
    assert newest_allowed(specifier, ("2.9.1", "2.10.0", "2.11.0rc1", "unreadable", "2.2")) == expected


def test_compare() -> None:
    assert compare("2.0rc1", "2.0") == -1
    assert compare("2.0", "2.0.0") == 0
    assert compare("2.0+cu118", "2.0") == 1
    assert compare("2.0", "latest") is None


@pytest.mark.parametrize(
    ("marker", "python", "expected"),
    [
        ("python_version < '3.9'", "3.8", True),
        ("python_version < '3.9'", "3.11.4", False),
        ("python_version < '3.9'", None, None),
        ("python_version >= '3'", None, True),
        ("python_version >= '3'", "3", True),
        ("python_version >= '3.9'", "3", None),
        ("python_full_version >= '3.11.4'", "3.11", None),
        ("python_full_version >= '3.11.4'", "3.11.9", True),
        ("python_full_version < '3.12'", "3.11", True),
        ("sys_platform == 'win32'", None, False),
        ("sys_platform == 'linux' and platform_machine == 'x86_64'", None, True),
        ("platform_system != 'Darwin'", "3.12", True),
        ("sys_platform == 'win32' and python_version < '3.9'", None, False),
        ("implementation_name == 'pypy'", None, False),
        ("extra == 'gpu'", "3.11", None),
        ("extra == 'gpu' and sys_platform == 'win32'", "3.11", False),
        ("platform_release >= '5'", "3.11", None),
        ("'dev' in dependency_groups", "3.11", None),
        ("python_version <", "3.11", None),
        ("", "3.11", None),
    ],
)
def test_marker_holds(marker: str, python: str | None, expected: bool | None) -> None:
    assert marker_holds(marker, python=python) is expected
