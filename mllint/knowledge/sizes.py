"""How much an install brings with everything that it requires, on x86-64 Linux, in MB (10^6 bytes)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mllint.knowledge.lookup import by_version

SOURCE = (
    "greedy resolution of package metadata for CPython 3.12, 2026-11-20; installed: the uncompressed wheel members",
    "torch before 2.6: sizes of the wheels that it pins, recalled",
)
CHECKED = "2026-11-20"
HORIZON = "2026-11-20"


class Closure(NamedTuple):
    """What `pip install REQUIREMENT==VERSION` downloads, all dependencies included; `nvidia_mb` are NVIDIA's wheels."""

    requirement: str
    version: str
    download_mb: int
    installed_mb: int | None
    nvidia_mb: int
    packages: int | None = None
    sure: bool = True
    """False: about so; the parts are recalled."""


class CpuBuild(NamedTuple):
    """The small build of a package that comes with CUDA libraries by default; `download_mb` is about its own size."""

    name: str
    instead: str
    """A requirement, or the index that has it."""
    download_mb: int | None
    installed_mb: int | None = None
    sure: bool = True


# fmt: off
CLOSURES = (
    Closure("torch", "1.13.1", 1784, None, 896, sure=False),
    Closure("torch", "2.0.1", 2270, None, 1580, sure=False),
    Closure("torch", "2.1.2", 2670, None, 1909, sure=False),
    Closure("torch", "2.2.2", 2790, None, 1866, sure=False),
    Closure("torch", "2.3.1", 2820, None, 1876, sure=False),
    Closure("torch", "2.4.1", 2815, None, 1809, sure=False),
    Closure("torch", "2.5.1", 3000, None, 1880, sure=False),
    Closure("torch", "2.6.0", 3061, 5397, 2031, 24),
    Closure("torch", "2.7.1", 2985, None, 2010, sure=False),
    Closure("torch", "2.8.0", 3905, None, 2860, sure=False),
    Closure("torch", "2.9.1", 4060, None, 2990, sure=False),
    Closure("torch", "2.10.0", 4129, 7173, 3014, 28),
    Closure("torch", "2.15.0", 3000, 5459, 2165, 29),
    Closure("tensorflow", "2.21.0", 633, 2054, 0, 32),
    Closure("tensorflow[and-cuda]", "2.21.0", 3490, 6547, 2857, 44),
    Closure("tensorflow-cpu", "2.21.0", 334, 1454, 0, 32),
    Closure("jax", "0.12.0.1", 142, 517, 0, 6),
    Closure("jax[cuda13]", "0.12.0.1", 2652, 4555, 2367, 23),
    Closure("jax[cuda12]", "0.12.0.1", 3415, 5784, 3073, 21),
    Closure("transformers", "5.23.0", 46, 159, 0, 31),
    Closure("sentence-transformers", "6.2.0", 3091, 5765, 2165, 64),
    Closure("ultralytics", "8.4.190", 3178, 5993, 2165, 59),
    Closure("onnxruntime", "1.31.1", 40, 119, 0, 5),
    Closure("onnxruntime-gpu", "1.31.1", 272, 404, 0, 5),
    Closure("onnxruntime-gpu[cuda,cudnn]", "1.31.1", 1583, 2581, 1312, 12),
    Closure("scikit-learn", "1.9.1", 61, 199, 0, 7),
    Closure("xgboost", "3.4.1", 414, 613, 305, 4),
    Closure("lightgbm", "4.7.0", 55, 177, 0, 4),
    Closure("fastapi[standard]", "0.163.2", 17, 57, 0, 56),
    Closure("jupyterlab", "4.6.6", 48, 144, 0, 90),
    Closure("streamlit", "1.67.0", 117, 386, 0, 34),
    Closure("gradio", "6.31.0", 81, 241, 0, 52),
    Closure("mlflow", "3.18.0", 182, 598, 0, 57),
    Closure("wandb", "0.31.0", 26, 75, 0, 23),
    Closure("pandas", "3.1.1", 28, 97, 0, 4),
    Closure("opencv-python", "5.0.0.93", 87, 242, 0, 2),
    Closure("spacy", "3.8.18", 80, 266, 0, 44),
    Closure("ray", "2.60.0", 112, 292, 0, 55),
    Closure("vllm", "0.33.0", 4271, 9300, 2505, 195),
)
# fmt: on

CPU_BUILDS = (
    CpuBuild("torch", "https://download.pytorch.org/whl/cpu", 190, sure=False),
    CpuBuild("tensorflow", "tensorflow-cpu", 274, 1454),
    CpuBuild("xgboost", "xgboost-cpu", None),
    CpuBuild("onnxruntime-gpu", "onnxruntime", 24, 119),
    CpuBuild("faiss-gpu", "faiss-cpu", 19),
    CpuBuild("paddlepaddle-gpu", "paddlepaddle", 195),
)


def closure(requirement: str, version: str | None = None) -> Closure | None:
    """What a requirement ("torch", "tensorflow[and-cuda]") brings at a release, without one at the newest of the table.

    None when that release was not measured.
    """
    rows = [row for row in CLOSURES if row.requirement == requirement]
    if version is None:
        return rows[-1] if rows else None
    return by_version(rows, version)


@lru_cache(maxsize=4096)
def cpu_build(name: str) -> CpuBuild | None:
    """The CPU build of a package; None when there is none, or it is not known."""
    return next((row for row in CPU_BUILDS if row.name == name), None)
