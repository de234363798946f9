"""onnxruntime-gpu: the CUDA and cuDNN that each wheel loads from the image."""

from __future__ import annotations

from typing import NamedTuple

from mllint.knowledge.lookup import by_version

SOURCE = (
    "wheel metadata of onnxruntime-gpu, x86-64 Linux",
    "libraries that libonnxruntime_providers_cuda.so links, read from all 35 wheels (CUDA and cuDNN majors)",
    "onnxruntime.ai, CUDA execution provider, requirements",
)
CHECKED = "2026-11-20"
HORIZON = "1.31.1"
"""The newest release of the table; what is newer is unknown."""


class Release(NamedTuple):
    """A release of onnxruntime-gpu; `wheel_mb` is in MB (10^6 bytes).

    The wheel holds neither CUDA nor cuDNN: `cuda_major` and `cudnn_major` are what it loads, from the image or from
    the extras `[cuda,cudnn]`. Without them the session runs on the CPU, with a line in the log.
    """

    version: str
    released: str
    pythons: str
    requires_python: str
    """"" where the metadata doesn't say it: the tags decide."""
    wheel_mb: float
    cuda_major: str
    cudnn_major: str
    extras: bool
    """Whether `[cuda,cudnn]` brings the libraries."""
    cuda: str = ""
    """The version that it was built with; recalled, "" where it isn't known."""
    links_cudnn: bool = True
    """False: cuDNN is loaded when a model needs it, so that its absence shows later (inferred)."""


# fmt: off
RELEASES = (
    Release("1.11.0", "2022-03-25", "3.7 3.8 3.9", "", 108.9, "11", "8", False, cuda="11.4"),
    Release("1.11.1", "2022-04-27", "3.7 3.8 3.9", "", 108.9, "11", "8", False, cuda="11.4"),
    Release("1.12.0", "2022-07-22", "3.7 3.8 3.9 3.10", "", 111.0, "11", "8", False, cuda="11.4"),
    Release("1.12.1", "2022-08-04", "3.7 3.8 3.9 3.10", "", 111.0, "11", "8", False, cuda="11.4"),
    Release("1.13.1", "2022-10-24", "3.7 3.8 3.9 3.10", "", 115.3, "11", "8", False, cuda="11.6"),
    Release("1.14.0", "2023-02-10", "3.7 3.8 3.9 3.10", "", 136.1, "11", "8", False, cuda="11.6"),
    Release("1.14.1", "2023-02-27", "3.7 3.8 3.9 3.10", "", 136.2, "11", "8", False, cuda="11.6"),
    Release("1.15.0", "2023-05-24", "3.8 3.9 3.10 3.11", "", 122.2, "11", "8", False, cuda="11.8"),
    Release("1.15.1", "2023-06-16", "3.8 3.9 3.10 3.11", "", 121.6, "11", "8", False, cuda="11.8"),
    Release("1.16.0", "2023-09-19", "3.8 3.9 3.10 3.11", "", 153.4, "11", "8", False, cuda="11.8"),
    Release("1.16.3", "2023-11-20", "3.8 3.9 3.10 3.11", "", 157.1, "11", "8", False, cuda="11.8"),
    Release("1.17.0", "2024-01-31", "3.8 3.9 3.10 3.11 3.12", "", 192.1, "11", "8", False, cuda="11.8"),
    Release("1.17.1", "2024-02-25", "3.8 3.9 3.10 3.11 3.12", "", 192.1, "11", "8", False, cuda="11.8"),
    Release("1.18.0", "2024-05-20", "3.8 3.9 3.10 3.11 3.12", "", 199.8, "11", "8", False, cuda="11.8"),
    Release("1.18.1", "2024-06-27", "3.8 3.9 3.10 3.11 3.12", "", 200.8, "11", "8", False, cuda="11.8"),
    Release("1.19.0", "2024-08-16", "3.8 3.9 3.10 3.11 3.12", "", 223.1, "12", "9", False),
    Release("1.19.2", "2024-09-04", "3.8 3.9 3.10 3.11 3.12", "", 226.2, "12", "9", False),
    Release("1.20.0", "2024-11-01", "3.10 3.11 3.12 3.13", "", 291.5, "12", "9", False),
    Release("1.20.2", "2025-03-07", "3.10 3.11 3.12 3.13", "", 291.5, "12", "9", False),
    Release("1.21.0", "2025-03-07", "3.10 3.11 3.12 3.13", ">=3.10", 280.8, "12", "9", True),
    Release("1.21.1", "2025-04-18", "3.10 3.11 3.12 3.13", ">=3.10", 280.8, "12", "9", True),
    Release("1.22.0", "2025-05-09", "3.10 3.11 3.12 3.13", ">=3.10", 283.2, "12", "9", True),
    Release("1.23.0", "2025-09-25", "3.10 3.11 3.12 3.13", ">=3.10", 300.5, "12", "9", True),
    Release("1.23.2", "2025-10-22", "3.10 3.11 3.12 3.13", ">=3.10", 300.5, "12", "9", True),
    Release("1.24.1", "2026-02-05", "3.11 3.12 3.13 3.14", ">=3.10", 252.6, "12", "9", True),
    Release("1.24.4", "2026-03-17", "3.11 3.12 3.13 3.14", ">=3.11", 252.8, "12", "9", True),
    Release("1.25.0", "2026-04-22", "3.11 3.12 3.13 3.14", ">=3.11", 270.4, "12", "9", True),
    Release("1.25.1", "2026-04-27", "3.11 3.12 3.13 3.14", ">=3.11", 271.3, "12", "9", True),
    Release("1.26.0", "2026-05-08", "3.11 3.12 3.13 3.14", ">=3.11", 277.0, "12", "9", True),
    Release("1.27.0", "2026-06-15", "3.11 3.12 3.13 3.14", ">=3.11", 220.3, "13", "9", True),
    Release("1.28.0", "2026-07-25", "3.11 3.12 3.13 3.14", ">=3.11", 249.8, "13", "9", True, links_cudnn=False),
    Release("1.29.0", "2026-08-17", "3.11 3.12 3.13 3.14", ">=3.11", 202.2, "13", "9", True, links_cudnn=False),
    Release("1.30.0", "2026-09-10", "3.11 3.12 3.13 3.14", ">=3.11", 246.7, "13", "9", True, links_cudnn=False),
    Release("1.31.0", "2026-10-09", "3.11 3.12 3.13 3.14", ">=3.11", 255.6, "13", "9", True, links_cudnn=False),
    Release("1.31.1", "2026-10-26", "3.11 3.12 3.13 3.14", ">=3.11", 255.6, "13", "9", True, links_cudnn=False),
)
# fmt: on

GPU_MISSING = ("1.16.1", "1.16.2", "1.17.3", "1.20.1", "1.22.1", "1.23.1", "1.24.2", "1.24.3")
"""Releases of onnxruntime that onnxruntime-gpu doesn't have: a pin copied from the CPU package fails."""

GPU_FIRST = "1.11.0"
"""The oldest release of onnxruntime-gpu on the package index."""


def release(version: str) -> Release | None:
    """The row of a release; None when it is not in the table."""
    return by_version(RELEASES, version)


def newest() -> Release:
    """The newest release of the table."""
    return RELEASES[-1]
