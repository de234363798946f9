"""Distributions that install the same module: the one installed last overwrites the other."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "top-level modules in the wheels of the packages named; documentation of opencv-python, onnxruntime and CuPy",
)
CHECKED = "2026-11-20"
HORIZON = "2026-11-20"


class Conflict(NamedTuple):
    """Distributions of which one environment can hold one only; `sure` is false where it is recalled."""

    names: tuple[str, ...]
    module: str
    """What they all install."""
    effect: str
    sure: bool = True


GROUPS = (
    Conflict(
        ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
        "cv2",
        "the files of the one installed last win, and removing one breaks the other",
    ),
    Conflict(
        ("onnxruntime", "onnxruntime-gpu", "onnxruntime-training", "onnxruntime-directml", "onnxruntime-openvino"),
        "onnxruntime",
        "the one installed last wins: with the CPU package last, sessions run on the CPU without an error",
    ),
    Conflict(
        ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "tf-nightly-cpu", "tensorflow-rocm"),
        "tensorflow",
        "the files of the one installed last win, and 600 MB are stored twice",
    ),
    Conflict(
        (
            *("cupy", "cupy-cuda102", "cupy-cuda110", "cupy-cuda111", "cupy-cuda112", "cupy-cuda113", "cupy-cuda114"),
            *("cupy-cuda115", "cupy-cuda116", "cupy-cuda117", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x"),
        ),
        "cupy",
        "CuPy warns of it and may load the build for the wrong CUDA",
    ),
    Conflict(
        ("faiss-cpu", "faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12", "faiss-gpu-cuvs"),
        "faiss",
        "the files of the one installed last win",
        sure=False,
    ),
    Conflict(
        ("xgboost", "xgboost-cpu"),
        "xgboost",
        "the files of the one installed last win, and the GPU build's NCCL stays",
        sure=False,
    ),
    Conflict(
        ("psycopg2", "psycopg2-binary"),
        "psycopg2",
        "the files of the one installed last win",
        sure=False,
    ),
    Conflict(
        ("paddlepaddle", "paddlepaddle-gpu"),
        "paddle",
        "the one installed last wins: with the CPU package last, the GPU is not used",
        sure=False,
    ),
    Conflict(
        ("fasttext", "fasttext-wheel"),
        "fasttext",
        "the files of the one installed last win",
        sure=False,
    ),
    Conflict(
        ("pillow", "pillow-simd"),
        "PIL",
        "the files of the one installed last win, and pip counts Pillow as installed at the wrong version",
        sure=False,
    ),
)


def conflicts(name: str) -> tuple[Conflict, ...]:
    """The groups that a distribution belongs to; empty for most."""
    return tuple(row for row in GROUPS if name in row.names)
