"""setup.cfg of setuptools."""

from __future__ import annotations

import pytest

from mllint.packages.manifest import Manifest, read_manifest
from mllint.source import Source

TEXT = """\
# comment
[metadata]
name = My_App

[options]
python_requires = >=3.9
packages = find:
install_requires =
    torch>=2.1  # why
    # numpy

    pillow==10.0; python_version < "3.12"
zip_safe = False

[options.extras_require]
GPU = cupy-cuda12x
dev =
    pytest
    ruff
test:python_version < "3.9" = mock
"""


def read(text: str) -> Manifest:
    found = read_manifest(Source("setup.cfg", text))
    assert found is not None
    return found


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_everything(text: str) -> None:
    found = read(text)
    assert [(one.name, one.specifier, one.marker, one.span.text, one.span.first) for one in found.requirements] == [
        ("torch", ">=2.1", None, "torch>=2.1", (9, 5)),
        ("pillow", "==10.0", 'python_version < "3.12"', 'pillow==10.0; python_version < "3.12"', (12, 5)),
    ]
    assert [(name, [one.name for one in members]) for name, members in found.extras] == [
        ("gpu", ["cupy-cuda12x"]),
        ("dev", ["pytest", "ruff"]),
        ("test", ["mock"]),
    ]
    assert found.extra("gpu")[0].span.text == "cupy-cuda12x"
    assert (found.name, found.requires_python, found.complete) == ("my-app", ">=3.9", True)


def test_requirements_in_files() -> None:
    found = read("[options]\ninstall_requires = file: requirements.txt, more.txt\n")
    assert [(word.value, word.span.text) for word in found.files] == [
        ("requirements.txt", "requirements.txt"),
        ("more.txt", "more.txt"),
    ]
    assert found.requirements == ()


def test_a_file_for_other_tools_says_nothing() -> None:
    found = read("[flake8]\nmax-line-length = 100\n")
    assert (found.requirements, found.complete) == ((), False)
