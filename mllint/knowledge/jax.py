# ruff: noqa: E501
"""JAX releases, and what their extras bring: plain `jax` is a CPU build."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mllint.knowledge.lookup import by_version

SOURCE = (
    "wheel metadata of jaxlib, jax-cuda12-plugin and jax-cuda13-plugin, x86-64 Linux",
    "jax-ml/jax, docs/installation.md, 2026-08-08 (extras, drivers, architectures)",
)
CHECKED = "2026-11-20"
HORIZON = "0.12.0.1"
"""The newest release of the table; what is newer is unknown."""


class Release(NamedTuple):
    """A release of jaxlib (jax carries the same number) and its CUDA plugins; sizes in MB (10^6 bytes).

    `cuda12_cudnn` and `cuda13_cudnn` are the specifiers of cuDNN in the plugins' extra `with-cuda`, "" where the
    metadata has none; None: there is no such plugin for the release.
    """

    version: str
    released: str
    requires_python: str
    pythons: str
    jaxlib_mb: float
    cuda12_cudnn: str | None = None
    cuda13_cudnn: str | None = None
    yanked: bool = False


class Extra(NamedTuple):
    """An extra of jax: the CUDA major that it brings, or (`local`) expects in the image together with cuDNN."""

    name: str
    cuda: str | None
    local: bool
    since: str = ""
    last: str = ""
    """The last release that has it; "" for still."""
    sure: bool = True


# fmt: off
RELEASES = (
    Release("0.4.13", "2025-12-05", ">=3.8", "3.8 3.9 3.10 3.11", 71.6),
    Release("0.4.18", "2023-10-07", ">=3.9", "3.9 3.10 3.11 3.12", 85.0),
    Release("0.4.19", "2023-10-19", ">=3.9", "3.9 3.10 3.11 3.12", 85.3),
    Release("0.4.20", "2023-11-02", ">=3.9", "3.9 3.10 3.11 3.12", 85.8),
    Release("0.4.21", "2023-12-04", ">=3.9", "3.9 3.10 3.11 3.12", 79.5),
    Release("0.4.22", "2023-12-14", ">=3.9", "3.9 3.10 3.11 3.12", 77.2, cuda12_cudnn=""),
    Release("0.4.23", "2023-12-14", ">=3.9", "3.9 3.10 3.11 3.12", 77.2, cuda12_cudnn=""),
    Release("0.4.24", "2024-02-07", ">=3.9", "3.9 3.10 3.11 3.12", 80.8, cuda12_cudnn=""),
    Release("0.4.25", "2024-02-26", ">=3.9", "3.9 3.10 3.11 3.12", 79.2, cuda12_cudnn=""),
    Release("0.4.26", "2024-04-03", ">=3.9", "3.9 3.10 3.11 3.12", 78.8, cuda12_cudnn=""),
    Release("0.4.27", "2024-05-07", ">=3.9", "3.9 3.10 3.11 3.12", 77.4, cuda12_cudnn=""),
    Release("0.4.28", "2024-05-09", ">=3.9", "3.9 3.10 3.11 3.12", 77.6, cuda12_cudnn=""),
    Release("0.4.29", "2024-06-10", ">=3.9", "3.9 3.10 3.11 3.12", 77.6, cuda12_cudnn=""),
    Release("0.4.30", "2024-06-18", ">=3.9", "3.9 3.10 3.11 3.12", 79.7, cuda12_cudnn="<10.0,>=9.0"),
    Release("0.4.31", "2024-07-30", ">=3.10", "3.10 3.11 3.12", 88.2, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.4.32", "2024-09-11", ">=3.10", "3.10 3.11 3.12", 85.1, cuda12_cudnn="<10.0,>=9.1", yanked=True),
    Release("0.4.33", "2024-09-16", ">=3.10", "3.10 3.11 3.12", 85.1, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.4.34", "2024-10-04", ">=3.10", "3.10 3.11 3.12 3.13", 86.2, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.4.35", "2024-10-22", ">=3.10", "3.10 3.11 3.12 3.13", 87.4, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.4.36", "2024-12-05", ">=3.10", "3.10 3.11 3.12 3.13", 100.3, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.4.38", "2024-12-17", ">=3.10", "3.10 3.11 3.12 3.13", 101.8, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.5.0", "2025-01-17", ">=3.10", "3.10 3.11 3.12 3.13", 102.0, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.5.1", "2025-02-24", ">=3.10", "3.10 3.11 3.12 3.13", 105.4, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.5.3", "2025-03-19", ">=3.10", "3.10 3.11 3.12 3.13", 105.3, cuda12_cudnn="<10.0,>=9.1"),
    Release("0.6.0", "2025-04-17", ">=3.10", "3.10 3.11 3.12 3.13", 87.9, cuda12_cudnn="<10.0,>=9.8"),
    Release("0.6.1", "2025-05-21", ">=3.10", "3.10 3.11 3.12 3.13", 89.2, cuda12_cudnn="<10.0,>=9.8"),
    Release("0.6.2", "2025-06-17", ">=3.10", "3.10 3.11 3.12 3.13", 90.1, cuda12_cudnn="<10.0,>=9.8"),
    Release("0.7.0", "2025-07-22", ">=3.11", "3.11 3.12 3.13", 93.3, cuda12_cudnn="<10.0,>=9.8"),
    Release("0.7.1", "2025-08-20", ">=3.11", "3.11 3.12 3.13 3.14", 81.3, cuda12_cudnn="<10.0,>=9.8"),
    Release("0.7.2", "2025-09-16", ">=3.11", "3.11 3.12 3.13 3.14", 78.3, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.8.0", "2025-10-15", ">=3.11", "3.11 3.12 3.13 3.14", 79.8, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.8.1", "2025-11-18", ">=3.11", "3.11 3.12 3.13 3.14", 80.4, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.8.2", "2025-12-18", ">=3.11", "3.11 3.12 3.13 3.14", 80.2, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.8.3", "2026-01-29", ">=3.11", "3.11 3.12 3.13 3.14", 80.2, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.9.0", "2026-01-20", ">=3.11", "3.11 3.12 3.13 3.14", 80.4, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.9.0.1", "2026-02-05", ">=3.11", "3.11 3.12 3.13 3.14", 80.4, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.9.1", "2026-03-02", ">=3.11", "3.11 3.12 3.13 3.14", 82.6, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.9.2", "2026-03-18", ">=3.11", "3.11 3.12 3.13 3.14", 83.4, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.10.0", "2026-04-16", ">=3.11", "3.11 3.12 3.13 3.14", 85.1, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.10.1", "2026-05-20", ">=3.11", "3.11 3.12 3.13 3.14", 85.9, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.10.2", "2026-06-17", ">=3.11", "3.11 3.12 3.13 3.14", 85.6, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.11.0", "2026-07-16", ">=3.12", "3.12 3.13 3.14", 87.4, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.11.1", "2026-08-17", ">=3.12", "3.12 3.13 3.14 3.15", 88.0, cuda12_cudnn="<10.0,>=9.8", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.11.2", "2026-09-17", ">=3.12", "3.12 3.13 3.14 3.15", 90.0, cuda12_cudnn="<10.0,>=9.10.2.21", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.12.0", "2026-10-19", ">=3.12", "3.12 3.13 3.14 3.15", 86.9, cuda12_cudnn="<10.0,>=9.10.2.21", cuda13_cudnn="<10.0,>=9.12.0.46"),
    Release("0.12.0.1", "2026-10-21", ">=3.12", "3.12 3.13 3.14 3.15", 86.9, cuda12_cudnn="<10.0,>=9.10.2.21", cuda13_cudnn="<10.0,>=9.12.0.46"),
)
# fmt: on

EXTRAS = (
    Extra("cuda", None, True, last="0.4.29", sure=False),
    Extra("cuda11-pip", "11", False, last="0.4.25", sure=False),
    Extra("cuda11-local", "11", True, last="0.4.25", sure=False),
    Extra("cuda12", "12", False),
    Extra("cuda12-pip", "12", False, sure=False),
    Extra("cuda12-local", "12", True),
    Extra("cuda13", "13", False, since="0.7.2"),
    Extra("cuda13-local", "13", True, since="0.7.2"),
    Extra("tpu", None, False),
)

LAST_CUDA_11 = "0.4.25"
"""Recalled: from jax-releases' own index; the package index never had CUDA 11 builds."""

PLUGINS_SINCE = "0.4.36"
"""From here on jaxlib is the same for CPU and GPU; the GPU code is in jax-cuda12-plugin and jax-cuda12-pjrt."""

LEAST_CAPABILITY = (("12", "5.2"), ("13", "7.5"))
"""The oldest GPU of the wheels by CUDA major; one source."""

LEAST_DRIVER = (("12", "525"), ("13", "580"))


def release(version: str) -> Release | None:
    """The row of a release; None when it is not in the table."""
    return by_version(RELEASES, version)


def newest() -> Release:
    """The newest release of the table."""
    return RELEASES[-1]


@lru_cache(maxsize=4096)
def extra(name: str) -> Extra | None:
    """What `jax[NAME]` brings ("cuda12_pip" is "cuda12-pip"); None for an extra that is not in the table."""
    wanted = name.replace("_", "-").lower()
    return next((row for row in EXTRAS if row.name == wanted), None)
