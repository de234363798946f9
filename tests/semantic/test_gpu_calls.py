from __future__ import annotations

import pytest

from mllint.semantic.gpu_calls import gpu_calls
from mllint.source import Source, Text


def found(code: str) -> list[tuple[str, bool]]:
    source = Source("x.py", code)
    return [(call.span.text, call.fails) for call in gpu_calls(Text.plain(source.span(0, len(code))))]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import torch\nx = torch.zeros(1).cuda()", [("torch.zeros(1).cuda()", True)]),
        ("model.to('cuda:1')", [("model.to('cuda:1')", True)]),
        ("import torch as t\nt.cuda.get_device_name(0)", [("t.cuda.get_device_name(0)", True)]),
        ("import torch\ntorch.load('m', map_location='cuda')", [("torch.load('m', map_location='cuda')", True)]),
        ("import torch\nprint(torch.cuda.is_available())", [("torch.cuda.is_available()", False)]),
        ("import torch\nassert torch.cuda.is_available()", [("torch.cuda.is_available()", True)]),
        ("import jax\njax.devices('gpu')", [("jax.devices('gpu')", True)]),
        ("import cupy\ncupy.arange(3)", [("cupy.arange(3)", True)]),
    ],
)
def test_calls_that_need_a_gpu(code: str, expected: list[tuple[str, bool]]) -> None:
    assert found(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "import torch\nprint(torch.version.cuda)",
        "model.to('cpu')",
        "import torch\nd = torch.device('cuda')",
        "import jax\njax.devices()",
        "import cupy\ncupy.show_config()",
        "import torch\nif torch.cuda.is_available():\n    x.cuda()",
        "try:\n    x.cuda()\nexcept RuntimeError:\n    pass",
        "def f(x):\n    return x.cuda()",
        "x.cuda(",
        "",
    ],
)
def test_code_that_does_without(code: str) -> None:
    assert found(code) == []
