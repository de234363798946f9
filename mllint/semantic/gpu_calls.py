"""Calls of Python code that need a GPU, which `docker build` does not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mllint.regex import regex
from mllint.semantic.python_code import Call, calls
from mllint.source import Span, Text

_DEVICE = regex(r"(?:cuda|gpu)(?::\d+)?")
#: `torch.cuda` functions that start CUDA.
_TORCH = frozenset(
    f"torch.cuda.{name}"
    for name in (
        *("init", "current_device", "get_device_name", "get_device_capability", "get_device_properties"),
        *("set_device", "synchronize", "mem_get_info"),
    )
)
#: Calls whose keyword or argument names a device, by what they are.
_JAX = frozenset({"jax.devices", "jax.local_devices", "jax.device_count", "jax.local_device_count"})
#: Calls that start CUDA whatever their arguments are.
_ALWAYS = frozenset({"pynvml.nvmlInit", "tensorrt.Builder", "pycuda.driver.init", "numba.cuda.detect"})
_CUPY_HARMLESS = regex(r"cupy\.(?:show_config|cuda\.is_available|get_include|__\w+__)")
#: Calls that answer "there is none".
_ASKING = frozenset(
    {
        *("torch.cuda.is_available", "torch.cuda.device_count", "tensorflow.test.is_gpu_available"),
        *("paddle.device.cuda.device_count", "cupy.cuda.is_available", "numba.cuda.is_available"),
    }
)
_TENSORFLOW_LIST = regex(r"tensorflow\.config\.(?:experimental\.)?list_(?:physical|logical)_devices")


class GpuCall(NamedTuple):
    """A call that needs a GPU."""

    span: Span
    #: As it is written, cut at its arguments: "torch.cuda.get_device_name".
    name: str
    #: True where it raises without a GPU; False where it only answers that there is none.
    fails: bool
    #: An `assert` checks its answer.
    asserted: bool = False


def gpu_calls(code: Text) -> tuple[GpuCall, ...]:
    """The calls that need a GPU.

    None where the code looks first (`if torch.cuda.is_available()`, `try`), and where it defines functions, because
    nobody knows which of them run.
    """
    return () if _decides(code.value) else tuple(_found(code))


_DECIDING = (ast.If, ast.IfExp, ast.Try, ast.While, ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.BoolOp)


def _decides(code: str) -> bool:
    """Whether the code has branches, or cannot be read."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return any(isinstance(node, _DECIDING) for node in ast.walk(tree))


def _found(code: Text) -> Iterator[GpuCall]:
    for call in calls(code):
        name = call.name
        if name in _ASKING or (_TENSORFLOW_LIST.fullmatch(name) and _names_device(call)):
            asserted = re.search(r"\bassert\s+$", _before(call.span)) is not None
            yield GpuCall(call.span, name, fails=asserted, asserted=asserted)
        elif name in _TORCH or name in _ALWAYS or _on_device(call):
            yield GpuCall(call.span, name, fails=True)


def _on_device(call: Call) -> bool:
    """Whether a call puts something on a GPU: `x.cuda()`, `x.to("cuda")`, `torch.zeros(1, device="cuda")`."""
    root, _, method = call.name.rpartition(".")
    if call.name in _JAX:
        return _names_device(call)
    if call.name.startswith("cupy."):
        return _CUPY_HARMLESS.fullmatch(call.name) is None
    if method == "cuda":
        return bool(root) and root != "torch"
    if method == "to":
        return _names_device(call)
    if method == "export":
        return call.keywords.get("format") == "engine"
    return any(_is_device(call.keywords.get(name)) for name in ("device", "map_location", "device_map"))


def _names_device(call: Call) -> bool:
    return any(_is_device(each) for each in (*call.arguments, *call.keywords.values()))


def _is_device(value: object) -> bool:
    return isinstance(value, str) and _DEVICE.fullmatch(value.lower()) is not None


def _before(span: Span) -> str:
    """The text of the line in front of a place."""
    return span.source.text[max(span.start - 20, 0) : span.start]
