"""Deep-learning frameworks: which packages are one, and which take cuDNN from the image."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = (
    "metadata and linked libraries of the wheels of tensorflow, onnxruntime-gpu, jax, cupy and paddlepaddle-gpu",
    "tensorflow.org, tested build configurations; JAX and CuPy, installation",
)
CHECKED = "2026-11-20"
HORIZON = "2026-11-20"


class Framework(NamedTuple):
    """A framework, and the packages that are it; `full` is one that trains, with gigabytes of its own."""

    name: str
    title: str
    packages: tuple[str, ...]
    full: bool = True


class SystemCudnn(NamedTuple):
    """The releases of a package that load cuDNN and CUDA from the image; `until` is exclusive, "" is open.

    `cudnn` and `cuda` are the majors, "" where they differ by release (see the package's own table).
    """

    package: str
    since: str
    until: str
    cudnn: str
    cuda: str
    extra: str = ""
    """The extra that brings both instead ("and-cuda"), "" for none."""
    silent: bool = False
    """Whether it runs on the CPU without them, instead of failing."""
    optional: bool = False
    """Whether only some of its functions need cuDNN."""
    sure: bool = True


FRAMEWORKS = (
    Framework("torch", "PyTorch", ("torch",)),
    Framework("tensorflow", "TensorFlow", ("tensorflow", "tensorflow-gpu", "tensorflow-cpu", "tf-nightly")),
    Framework("jax", "JAX", ("jax", "jaxlib")),
    Framework("paddlepaddle", "PaddlePaddle", ("paddlepaddle", "paddlepaddle-gpu")),
    Framework(
        "mxnet",
        "MXNet",
        (
            *("mxnet", "mxnet-cu80", "mxnet-cu90", "mxnet-cu91", "mxnet-cu92", "mxnet-cu100", "mxnet-cu101"),
            *("mxnet-cu102", "mxnet-cu110", "mxnet-cu112"),
        ),
    ),
    Framework("mindspore", "MindSpore", ("mindspore", "mindspore-gpu")),
    Framework("onnxruntime", "ONNX Runtime", ("onnxruntime", "onnxruntime-gpu"), full=False),
    Framework("tflite", "TensorFlow Lite", ("tflite-runtime", "ai-edge-litert"), full=False),
    Framework("openvino", "OpenVINO", ("openvino",), full=False),
)

BOTH = frozenset(
    {
        *("ai-edge-torch", "litert-torch", "onnx-tf", "onnx2tf", "onnx2torch", "tf2onnx", "torch-xla", "jax2torch"),
        *("torch2jax", "coremltools", "mmdnn", "nobuco", "deepchem", "spacy-transformers", "tensorly", "pennylane"),
        *("ivy", "autogluon", "audiocraft", "txtai", "t5", "bayesflow", "keras-hub", "keras-nlp", "keras-cv"),
        *("alibi-detect", "ludwig", "deepface", "adversarial-robustness-toolbox", "foolbox", "captum"),
    }
)
"""Packages that convert between frameworks or work with several; recalled."""

SYSTEM_CUDNN = (
    SystemCudnn("tensorflow", "1.15.0", "1.15.2", "", "", silent=True),
    SystemCudnn("tensorflow", "2.1.0", "2.14.0", "", "", silent=True),
    SystemCudnn("tensorflow", "2.14.0", "", "", "", extra="and-cuda", silent=True),
    SystemCudnn("tensorflow-gpu", "1.0.0", "1.14.0", "", ""),
    SystemCudnn("tensorflow-gpu", "1.14.0", "2.12.0", "", "", silent=True),
    SystemCudnn("onnxruntime-gpu", "1.11.0", "1.19.0", "8", "11", silent=True),
    SystemCudnn("onnxruntime-gpu", "1.19.0", "1.21.0", "9", "12", silent=True),
    SystemCudnn("onnxruntime-gpu", "1.21.0", "1.27.0", "9", "12", extra="cuda,cudnn", silent=True),
    SystemCudnn("onnxruntime-gpu", "1.27.0", "", "9", "13", extra="cuda,cudnn", silent=True),
    SystemCudnn("paddlepaddle-gpu", "2.6.2", "3.0.0", "8", "11", sure=False),
    SystemCudnn("cupy-cuda11x", "", "", "", "11", optional=True, sure=False),
    SystemCudnn("cupy-cuda12x", "", "", "", "12", extra="ctk", optional=True, sure=False),
    SystemCudnn("cupy-cuda13x", "", "", "", "13", extra="ctk", optional=True, sure=False),
    SystemCudnn("ctranslate2", "4.0.0", "4.5.0", "8", "12", sure=False),
    SystemCudnn("ctranslate2", "4.5.0", "", "9", "12", sure=False),
)
"""JAX is not here: its extras decide (`knowledge.jax.extra`). torch brings its own libraries in every wheel."""


@lru_cache(maxsize=4096)
def framework(package: str) -> Framework | None:
    """The framework that a package is; None for a package that is none."""
    return next((row for row in FRAMEWORKS if package in row.packages), None)


def system_cudnn(package: str) -> tuple[SystemCudnn, ...]:
    """The releases of a package that need the image's cuDNN; empty for one that brings its own, or is not known."""
    return tuple(row for row in SYSTEM_CUDNN if row.package == package)
