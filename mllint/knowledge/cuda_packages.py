"""The CUDA major version that the name of a Python package says."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

SOURCE = ("names and metadata of the packages on the package index", "jax-ml/jax and cupy/cupy, installation")
CHECKED = "2026-11-20"
HORIZON = "2026-11-20"


class Family(NamedTuple):
    """Packages whose names end in their CUDA: a pattern for the whole name, with the digits in a group.

    `digits` says what the group holds: "major" ("12"), or "minor" ("121" is 12.1, "102" is 10.2).
    """

    pattern: str
    digits: str


FAMILIES = (
    Family(r"nvidia-[a-z0-9-]+-cu(1[0-9])", "major"),
    Family(r"tensorrt(?:-libs|-bindings|-lean|-dispatch)?-cu(1[0-9])", "major"),
    Family(r"(?:faiss-gpu|transformer-engine)-cu(1[0-9])", "major"),
    Family(r"(?:(?:dask-|pylib|lib)?cudf|(?:lib)?cuml|(?:nx-|pylib|lib)?cugraph)-cu(1[0-9])", "major"),
    Family(r"(?:cuspatial|cucim|cuxfilter|dask-cuda|raft-dask|ucx-py|ucxx)-cu(1[0-9])", "major"),
    Family(r"(?:(?:lib)?cuvs|(?:lib)?rmm|(?:pylib|lib)raft)-cu(1[0-9])", "major"),
    Family(r"jax-cuda(1[0-9])-(?:plugin|pjrt)", "major"),
    Family(r"cupy-cuda(1[0-9])x", "major"),
    Family(r"cupy-cuda(\d{2,3})", "minor"),
    Family(r"mxnet-cu(\d{2,3})", "minor"),
    Family(r"spconv-cu(\d{3})", "minor"),
    Family(r"dgl-cu(\d{2,3})", "minor"),
    Family(r"nvidia-dali-(?:tf-plugin-)?cuda(\d{2})0", "major"),
    Family(r"pycuda-cu(1[0-9])", "major"),
)

PLAIN = frozenset(
    {
        *("nvidia-cuda-runtime", "nvidia-cuda-nvrtc", "nvidia-cuda-cupti", "nvidia-cuda-nvcc", "nvidia-cuda-cccl"),
        *("nvidia-nvjitlink", "nvidia-nvtx", "nvidia-nvvm", "cuda-toolkit", "cuda-bindings", "cuda-python"),
    }
)
"""Packages without a suffix, whose version is the CUDA version (13 and newer)."""


@lru_cache(maxsize=4096)
def cuda_of(name: str, version: str | None = None) -> str | None:
    """The CUDA major of a package ("12"); None for other packages, and for a suffix-less one without its version."""
    if name in PLAIN:
        return version.partition(".")[0] if version else None
    for family in FAMILIES:
        found = re.fullmatch(family.pattern, name)
        if found is not None:
            return found[1] if family.digits == "major" else found[1][:-1]
    return None
