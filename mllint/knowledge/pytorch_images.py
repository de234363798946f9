"""The pytorch/pytorch images of Docker Hub: which CUDA and cuDNN their tags name, and what they hold."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "pytorch/pytorch, Dockerfile and docker.Makefile, with the pull requests that changed them",
    "release matrix of pytorch/pytorch (RELEASE.md)",
    "reports: pytorch issues 73714, 91097, 101267, 166897",
)
CHECKED = "2026-11-20"
HORIZON = "2.15.0"
"""The newest release of the table; what is newer is unknown."""


class Line(NamedTuple):
    """The images of a release ("2.0.1") or of all releases of a minor version ("2.0"); the longest match counts.

    Tags are `<torch>-cuda<X.Y>-cudnn<N>-<runtime|devel>`; `cudas` and `cudnns` are separated by blanks.
    """

    torch: str
    cudas: str
    cudnns: str
    python: str
    ubuntu: str
    conda: bool = True
    """With conda in /opt/conda; without it pip meets an externally managed Python (PEP 668)."""
    sure_tags: bool = False
    sure_python: bool = False
    sure_ubuntu: bool = False


# fmt: off
LINES = (
    Line("1.4", "10.1", "7", "3.7", "18.04"),
    Line("1.5", "10.1", "7", "3.7", "18.04"),
    Line("1.6", "10.1", "7", "3.7", "18.04"),
    Line("1.7", "11.0", "8", "3.8", "18.04"),
    Line("1.8", "10.2 11.1", "7 8", "3.8", "18.04"),
    Line("1.8.1", "10.2 11.1", "7 8", "3.7", "18.04"),
    Line("1.9", "10.2 11.1", "7 8", "3.7", "18.04"),
    Line("1.10", "11.3", "8", "3.7", "18.04"),
    Line("1.11", "11.3", "8", "3.8", "18.04", sure_tags=True, sure_python=True),
    Line("1.12", "11.3", "8", "3.7", "18.04", sure_tags=True, sure_python=True),
    Line("1.13", "11.6", "8", "3.10", "18.04", sure_tags=True, sure_python=True),
    Line("2.0.0", "11.7", "8", "3.10", "18.04", sure_tags=True, sure_ubuntu=True),
    Line("2.0", "11.7", "8", "3.10", "20.04", sure_tags=True, sure_ubuntu=True),
    Line("2.1", "11.8 12.1", "8", "3.10", "20.04", sure_tags=True, sure_ubuntu=True),
    Line("2.1.2", "11.8 12.1", "8", "3.10", "22.04", sure_tags=True, sure_ubuntu=True),
    Line("2.2", "11.8 12.1", "8", "3.10", "22.04"),
    Line("2.3", "11.8 12.1", "8", "3.10", "22.04"),
    Line("2.4", "11.8 12.1 12.4", "9", "3.11", "22.04", sure_tags=True, sure_python=True, sure_ubuntu=True),
    Line("2.5", "11.8 12.1 12.4", "9", "3.11", "22.04", sure_tags=True, sure_python=True, sure_ubuntu=True),
    Line("2.6", "11.8 12.4 12.6", "9", "3.11", "22.04", sure_tags=True, sure_python=True, sure_ubuntu=True),
    Line("2.7", "11.8 12.6 12.8", "9", "3.11", "22.04", sure_tags=True, sure_python=True, sure_ubuntu=True),
    Line("2.8", "12.6 12.8 12.9", "9", "3.11", "22.04", sure_tags=True, sure_python=True, sure_ubuntu=True),
    Line("2.9", "12.6 12.8 13.0", "9", "3.11", "22.04", sure_tags=True, sure_python=True, sure_ubuntu=True),
    Line("2.10", "12.6 12.8 13.0", "9", "3.12", "24.04", False, sure_python=True, sure_ubuntu=True),
    Line("2.11", "12.6 12.8 13.0", "9", "3.12", "24.04", False, sure_python=True, sure_ubuntu=True),
    Line("2.12", "12.6 13.0 13.2", "9", "3.12", "24.04", False, sure_python=True, sure_ubuntu=True),
    Line("2.13", "12.6 13.0 13.2", "9", "3.12", "24.04", False, sure_python=True, sure_ubuntu=True),
    Line("2.14", "12.6 13.0 13.2", "9", "3.12", "24.04", False, sure_python=True, sure_ubuntu=True),
    Line("2.15", "13.0 13.2", "9", "3.12", "24.04", False),
)
# fmt: on

SIZE_RUNTIME_GB = 3.5
SIZE_DEVEL_GB = 7.5
"""Compressed, recalled: an order of magnitude."""

COMPILER_SINCE = "2.0"
"""From here on the runtime images have gcc too, for Triton."""

NO_CUDNN_HEADERS_SINCE = "2.4"
"""From here on the cuDNN of the tag is the copy inside torch: the devel images have no headers of it."""
