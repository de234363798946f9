"""The releases of packages that have a wheel for a Python: the first and the last, on x86-64 Linux.

An older or newer release than these is built from source there, or is not for that Python at all.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = ("the package index, asked with pip 26.3 for releases with a wheel, by Python (`tools/refresh_tables.py`)",)
CHECKED = "2026-11-21"
HORIZON = "2026-11-21"


class Range(NamedTuple):
    """The first and last release with a wheel for a Python minor version; `last` is "" where the newest has one."""

    name: str
    python: str
    first: str
    last: str = ""


# fmt: off
RANGES = (
    Range("numpy", "3.6", "1.11.3", "1.19.5"),
    Range("numpy", "3.7", "1.14.5", "1.21.6"),
    Range("numpy", "3.8", "1.17.3", "1.24.4"),
    Range("numpy", "3.9", "1.19.3", "2.0.2"),
    Range("numpy", "3.10", "1.21.2", "2.2.6"),
    Range("numpy", "3.11", "1.23.2", "2.4.6"),
    Range("numpy", "3.12", "1.26.0"),
    Range("numpy", "3.13", "2.1.0"),
    Range("numpy", "3.14", "2.3.2"),
    Range("pandas", "3.6", "0.19.2", "1.1.5"),
    Range("pandas", "3.7", "0.23.2", "1.3.5"),
    Range("pandas", "3.8", "0.25.2", "2.0.3"),
    Range("pandas", "3.9", "1.1.3", "2.3.3"),
    Range("pandas", "3.10", "1.3.3", "2.3.3"),
    Range("pandas", "3.11", "1.5.0"),
    Range("pandas", "3.12", "2.1.1"),
    Range("pandas", "3.13", "2.2.3"),
    Range("pandas", "3.14", "2.3.3"),
    Range("scipy", "3.6", "0.18.1", "1.5.4"),
    Range("scipy", "3.7", "1.1.0", "1.7.3"),
    Range("scipy", "3.8", "1.3.2", "1.10.1"),
    Range("scipy", "3.9", "1.5.4", "1.13.1"),
    Range("scipy", "3.10", "1.7.2", "1.15.3"),
    Range("scipy", "3.11", "1.9.2", "1.17.1"),
    Range("scipy", "3.12", "1.11.2"),
    Range("scipy", "3.13", "1.14.1"),
    Range("scipy", "3.14", "1.16.1"),
    Range("scikit-learn", "3.6", "0.18.1", "0.24.2"),
    Range("scikit-learn", "3.7", "0.19.2", "1.0.2"),
    Range("scikit-learn", "3.8", "0.22", "1.3.2"),
    Range("scikit-learn", "3.9", "0.24.0", "1.6.1"),
    Range("scikit-learn", "3.10", "1.0.2", "1.7.2"),
    Range("scikit-learn", "3.11", "1.1.3"),
    Range("scikit-learn", "3.12", "1.3.1"),
    Range("scikit-learn", "3.13", "1.5.2"),
    Range("scikit-learn", "3.14", "1.7.2"),
    Range("matplotlib", "3.6", "1.5.3", "3.3.4"),
    Range("matplotlib", "3.7", "2.2.2", "3.5.3"),
    Range("matplotlib", "3.8", "3.1.2", "3.7.5"),
    Range("matplotlib", "3.9", "3.3.3", "3.9.4"),
    Range("matplotlib", "3.10", "3.5.0", "3.10.9"),
    Range("matplotlib", "3.11", "3.6.0"),
    Range("matplotlib", "3.12", "3.7.3"),
    Range("matplotlib", "3.13", "3.9.2"),
    Range("matplotlib", "3.14", "3.10.5"),
    Range("numba", "3.6", "0.35.0", "0.53.1"),
    Range("numba", "3.7", "0.39.0", "0.56.4"),
    Range("numba", "3.8", "0.47.0", "0.58.1"),
    Range("numba", "3.9", "0.53.0", "0.60.0"),
    Range("numba", "3.10", "0.55.0"),
    Range("numba", "3.11", "0.57.0"),
    Range("numba", "3.12", "0.59.0"),
    Range("numba", "3.13", "0.61.0"),
    Range("numba", "3.14", "0.63.0"),
    Range("pyarrow", "3.6", "0.2.0", "6.0.1"),
    Range("pyarrow", "3.7", "0.11.0", "12.0.1"),
    Range("pyarrow", "3.8", "0.16.0", "17.0.0"),
    Range("pyarrow", "3.9", "3.0.0", "21.0.0"),
    Range("pyarrow", "3.10", "6.0.0", "25.0.1"),
    Range("pyarrow", "3.11", "10.0.1"),
    Range("pyarrow", "3.12", "14.0.0"),
    Range("pyarrow", "3.13", "18.0.0"),
    Range("pyarrow", "3.14", "22.0.0"),
    Range("torchvision", "3.6", "0.3.0", "0.11.2"),
    Range("torchvision", "3.7", "0.3.0", "0.14.1"),
    Range("torchvision", "3.8", "0.5.0", "0.19.1"),
    Range("torchvision", "3.9", "0.8.2", "0.23.0"),
    Range("torchvision", "3.10", "0.12.0"),
    Range("torchvision", "3.11", "0.15.1"),
    Range("torchvision", "3.12", "0.17.0"),
    Range("torchvision", "3.13", "0.21.0"),
    Range("torchvision", "3.14", "0.24.0"),
    Range("torchaudio", "3.6", "0.3.0", "0.10.1"),
    Range("torchaudio", "3.7", "0.3.0", "0.13.1"),
    Range("torchaudio", "3.8", "0.4.0", "2.4.1"),
    Range("torchaudio", "3.9", "0.7.2", "2.8.0"),
    Range("torchaudio", "3.10", "0.11.0"),
    Range("torchaudio", "3.11", "2.0.1"),
    Range("torchaudio", "3.12", "2.2.0"),
    Range("torchaudio", "3.13", "2.6.0"),
    Range("torchaudio", "3.14", "2.9.0"),
    Range("onnxruntime", "3.6", "0.1.2", "1.10.0"),
    Range("onnxruntime", "3.7", "0.1.2", "1.14.1"),
    Range("onnxruntime", "3.8", "1.2.0", "1.19.2"),
    Range("onnxruntime", "3.9", "1.7.0", "1.19.2"),
    Range("onnxruntime", "3.10", "1.12.0", "1.23.2"),
    Range("onnxruntime", "3.11", "1.15.0"),
    Range("onnxruntime", "3.12", "1.17.0"),
    Range("onnxruntime", "3.13", "1.20.0"),
    Range("onnxruntime", "3.14", "1.24.1"),
    Range("ray", "3.6", "0.1.1", "2.4.0"),
    Range("ray", "3.7", "0.6.0", "2.7.2"),
    Range("ray", "3.8", "0.8.4", "2.10.0"),
    Range("ray", "3.9", "1.4.1", "2.51.2"),
    Range("ray", "3.10", "1.13.0"),
    Range("ray", "3.11", "2.3.0"),
    Range("ray", "3.12", "2.31.0"),
    Range("ray", "3.13", "2.45.0"),
    Range("ray", "3.14", "2.55.0"),
    Range("open3d", "3.6", "0.8.0.0", "0.15.2"),
    Range("open3d", "3.7", "0.8.0.0", "0.17.0"),
    Range("open3d", "3.8", "0.10.0.0", "0.19.0"),
    Range("open3d", "3.9", "0.14.1", "0.19.0"),
    Range("open3d", "3.10", "0.16.0"),
    Range("open3d", "3.11", "0.18.0"),
    Range("open3d", "3.12", "0.19.0"),
    Range("open3d", "3.13", "0.20.0"),
    Range("open3d", "3.14", "0.20.0"),
)
# fmt: on

PYTHONS = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""The Pythons that were asked for; a package of the table without a row for one of them has no wheel for it at all."""

NAMES = frozenset(row.name for row in RANGES)

REFUSING = frozenset({"numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "numba", "pyarrow"})
"""Packages with sources on the index whose releases after the last one with a wheel for a Python refuse that Python by
their Requires-Python: read for the release after each `last` of Python 3.7 to 3.10."""


@lru_cache(maxsize=4096)
def wheels(name: str, python: str) -> Range | None:
    """The releases of a package with a wheel for a Python ("3.12"); None when there is none, or it is not known.

    It is known where the package is in `NAMES` and the Python in `PYTHONS`.
    """
    return next((row for row in RANGES if row.name == name and row.python == python), None)
