"""conda's environment files, and lists of specifications."""

from __future__ import annotations

import pytest

from mllint.packages.manifest import Manifest, read_manifest
from mllint.source import Source

TEXT = """\
name: é-train
channels:
  - pytorch
  - nvidia   # CUDA
  - "conda-forge"
  - nodefaults
dependencies:
  - python=3.11
  - pytorch::pytorch-cuda=12.1  # comment
  - 'numpy>=1.26,<2'
  - cudatoolkit = 11.8
  - pip
  - pip:
      - -r requirements.txt
      - --extra-index-url https://download.pytorch.org/whl/cu121
      - torch==2.1.0+cu121
      - "flash-attn==2.5.0 ; sys_platform == 'linux'"
      - -e .
      - bitsandbytes --index-url https://x.example
variables:
  A: b
"""


def read(text: str, path: str = "environment.yml", default: str | None = None) -> Manifest:
    found = read_manifest(Source(path, text), default)
    assert found is not None
    return found


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "---\n" + TEXT], ids=["lf", "crlf", "document"])
def test_everything(text: str) -> None:
    found = read(text)
    assert [(one.ecosystem, one.name, one.specifier, one.span.text) for one in found.requirements] == [
        ("conda", "python", "=3.11", "python=3.11"),
        ("conda", "pytorch-cuda", "=12.1", "pytorch::pytorch-cuda=12.1"),
        ("conda", "numpy", ">=1.26,<2", "numpy>=1.26,<2"),
        ("conda", "cudatoolkit", "= 11.8", "cudatoolkit = 11.8"),
        ("conda", "pip", "", "pip"),
        ("python", "torch", "==2.1.0+cu121", "torch==2.1.0+cu121"),
        ("python", "flash-attn", "==2.5.0", "flash-attn==2.5.0 ; sys_platform == 'linux'"),
        ("python", None, "", "."),
        ("python", "bitsandbytes", "", "bitsandbytes"),
    ]
    assert found.requirements[1].channel == "pytorch"
    assert found.requirements[7].editable
    assert [(one.kind, one.value, one.span.text) for one in found.indexes] == [
        ("channel", "pytorch", "pytorch"),
        ("channel", "nvidia", "nvidia"),
        ("channel", "conda-forge", "conda-forge"),
        ("channel", "nodefaults", "nodefaults"),
        ("extra-index-url", "https://download.pytorch.org/whl/cu121", "https://download.pytorch.org/whl/cu121"),
    ]
    assert [(word.value, word.span.text) for word in found.files] == [("requirements.txt", "requirements.txt")]
    assert [option.name for option in found.misplaced] == ["--index-url"]
    assert found.name == "é-train"
    assert found.kind == "environment"


def test_a_value_that_is_written_otherwise_has_the_place_of_all() -> None:
    found = read('dependencies:\n- pip:\n  - "tor\\u0063h==2.1"\n  - >-\n    numpy==1.26\n  - &x scipy==1.11\n')
    assert [(one.name, one.specifier) for one in found.requirements] == [
        ("torch", "==2.1"),
        ("numpy", "==1.26"),
        ("scipy", "==1.11"),
    ]
    assert found.requirements[0].span.text == "tor\\u0063h==2.1"
    assert "numpy==1.26" in found.requirements[1].span.text
    assert found.requirements[2].span.text == "scipy==1.11"


def test_null_and_nested_lists_are_passed_over() -> None:
    found = read("dependencies:\n-\n- [a]\n- {pip: null}\n- {other: [x]}\n- 3\n- ''\n- b\n")
    assert [one.name for one in found.requirements if one.name in ("a", "b", "x")] == ["b"]


def test_lists_of_specifications() -> None:
    found = read("# for conda\npytorch=2.1=py311_cuda121\n  numpy>=1.26 # x\n\n", "packages.txt", "environment")
    assert [(one.name, one.version, one.span.text) for one in found.requirements] == [
        ("pytorch", "2.1", "pytorch=2.1=py311_cuda121"),
        ("numpy", None, "numpy>=1.26"),
    ]
    assert all(one.ecosystem == "conda" for one in found.requirements)
