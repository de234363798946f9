"""CUDA and cuDNN as packages of NVIDIA's apt and rpm repositories, of the distributions, of conda, and as archives."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = (
    "NVIDIA, CUDA installation guide for Linux, meta packages",
    "NVIDIA, cuDNN installation guide, package names of releases 8 and 9",
    "Ubuntu and Debian archives, package nvidia-cuda-toolkit (recalled)",
)
CHECKED = "2026-11-20"
HORIZON = "2026-11-20"


class Meta(NamedTuple):
    """A family of packages `<name>-<major>-<minor>` of NVIDIA's repositories, and what of the toolkit it brings."""

    name: str
    flavour: str
    """"devel" (all of it, with the headers), "runtime" (the libraries), "base" (single parts), "compiler" (no library
    that a program loads)."""
    nvcc: bool


class Distribution(NamedTuple):
    """The toolkit that a distribution's own `nvidia-cuda-toolkit` is; recalled."""

    os: str
    version: str
    cuda: str


META = (
    Meta("cuda", "devel", True),
    Meta("cuda-toolkit", "devel", True),
    Meta("cuda-minimal-build", "compiler", True),
    Meta("cuda-compiler", "compiler", True),
    Meta("cuda-nvcc", "compiler", True),
    Meta("cuda-runtime", "runtime", False),
    Meta("cuda-libraries", "runtime", False),
    Meta("cuda-libraries-dev", "runtime", False),
    Meta("cuda-command-line-tools", "base", False),
    Meta("cuda-cudart", "base", False),
    Meta("cuda-cudart-dev", "base", False),
    Meta("cuda-nvrtc", "base", False),
    Meta("cuda-nvrtc-dev", "base", False),
    Meta("cuda-cupti", "base", False),
    Meta("libcublas", "base", False),
    Meta("libcublas-dev", "base", False),
)

DISTRIBUTION_PACKAGE = "nvidia-cuda-toolkit"
DISTRIBUTIONS = (
    Distribution("ubuntu", "18.04", "9.1"),
    Distribution("ubuntu", "20.04", "10.1"),
    Distribution("ubuntu", "22.04", "11.5"),
    Distribution("ubuntu", "24.04", "12.0"),
    Distribution("debian", "11", "11.2"),
    Distribution("debian", "12", "11.8"),
)

CUDNN_PACKAGE = r"(?:lib)?cudnn(?P<major>\d)?(?:-(?:dev|devel|static|headers|jit|samples))?(?:-cuda-?\d+(?:-\d)?)?"
"""`libcudnn8`, `libcudnn9-dev-cuda-12`, `cudnn9-cuda-12`, `cudnn`."""

CUDNN_ARCHIVE = r"cudnn-(?:linux-x86_64-|\d[\d.]*-linux-x64-v)(\d+(?:\.\d+)+)"
"""`cudnn-linux-x86_64-8.9.7.29_cuda12-archive.tar.xz`, `cudnn-11.2-linux-x64-v8.1.0.77.tgz`."""

RUNFILE = r"cuda_(\d+\.\d+\.\d+)_[\w.-]*linux\w*\.run"
"""`cuda_12.4.1_550.54.15_linux.run`: the toolkit, and the driver unless `--toolkit` is given."""

CONDA_TOOLKITS = (
    "cudatoolkit",
    "cuda-toolkit",
    "cuda",
    "cuda-runtime",
    "cuda-nvcc",
    "cuda-libraries",
    "cudatoolkit-dev",
)
"""Conda packages whose version is the CUDA that they bring."""

CONDA_COMPILERS = frozenset({"cuda-toolkit", "cuda", "cuda-nvcc", "cuda-compiler", "cudatoolkit-dev"})
"""Those of them that bring nvcc; `cudatoolkit` doesn't."""


@lru_cache(maxsize=4096)
def meta(name: str) -> Meta | None:
    """The family of a package of NVIDIA's repositories, its version left out ("cuda-nvcc"); None for others."""
    return next((row for row in META if row.name == name), None)


@lru_cache(maxsize=4096)
def of_distribution(os: str, version: str) -> Distribution | None:
    """The toolkit of a distribution's release; None when it is not in the table."""
    return next((row for row in DISTRIBUTIONS if (row.os, row.version) == (os, version)), None)
