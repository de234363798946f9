"""The packages with CUDA code that a stage compiles."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.semantic.extensions import arch_list, extensions_of

_BASE = "FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\n"
_APEX = "RUN git clone https://github.com/NVIDIA/apex && cd apex && pip install "


def names(build: Any, text: str) -> list[str]:
    return [each.name for each in extensions_of(build(_BASE + text).final)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RUN pip install pycuda==2024.1\n", ["pycuda"]),
        ("RUN pip install pycuda || true\n", []),
        ("RUN pip install --only-binary :all: pycuda\n", []),
        ("RUN pip install --index-url https://wheels.example.com/simple pycuda\n", []),
        ("RUN pip install apex xformers torch\n", []),
        ("RUN pip install git+https://github.com/Dao-AILab/flash-attention@v2.6.3\n", ["flash-attn"]),
        (f"{_APEX}--global-option=--cuda_ext .\n", ["apex"]),
        (f"{_APEX}.\n", []),
        ("RUN pip install deepspeed\n", []),
        ("RUN DS_BUILD_OPS=1 pip install deepspeed\n", ["deepspeed"]),
        ("RUN DS_BUILD_OPS=0 pip install deepspeed\n", []),
        ("RUN pip install torch-scatter\n", []),
        ("ENV FORCE_CUDA=1\nRUN pip install torch-scatter\n", ["torch-scatter"]),
    ],
)
def test_what_is_compiled(build: Any, text: str, found: list[str]) -> None:
    assert names(build, text) == found


def test_the_torch_that_it_is_compiled_for(build: Any) -> None:
    stage = build(f"{_BASE}RUN pip install torch==2.1.0+cu118\nRUN pip install flash-attn==2.6.3\n").final
    (extension,) = extensions_of(stage)
    torch = extension.torch(stage)
    assert torch is not None
    assert torch.cuda is not None
    assert torch.cuda.value == "11.8"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("8.0;9.0a+PTX", ("8.0", "9.0a+PTX")),
        ("7.0, 7.5 8.0", ("7.0", "7.5", "8.0")),
        ("Volta;Hopper", ("7.0+PTX", "9.0+PTX")),
        ("Common", None),
        ("", None),
    ],
)
def test_a_list_of_architectures(value: str, found: tuple[str, ...] | None) -> None:
    assert arch_list(value) == found
