"""CuPy's packages by CUDA, and their releases."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mllint.knowledge.lookup import by_version

SOURCE = (
    "wheel metadata of cupy-cuda11x, cupy-cuda12x and cupy-cuda13x",
    "cupy/cupy, docs/source/install.rst, 2026-08-20",
)
CHECKED = "2026-11-20"
HORIZON = "14.2.0"
"""The newest release of the table; what is newer is unknown."""


class Package(NamedTuple):
    """A package of CuPy: the CUDA versions whose libraries it loads from the image, separated by blanks.

    An `x` stands for every minor ("12.x"); "" is a build from source with the image's own nvcc.
    """

    name: str
    cuda: str
    last: str = ""
    """The last release; "" for still published."""
    sure: bool = True


class Release(NamedTuple):
    """A release of one of the packages; `wheel_mb` is in MB (10^6 bytes)."""

    name: str
    version: str
    released: str
    requires_python: str
    wheel_mb: float
    yanked: bool = False


PACKAGES = (
    Package("cupy", ""),
    Package("cupy-cuda13x", "13.x"),
    Package("cupy-cuda12x", "12.x"),
    Package("cupy-cuda11x", "11.2 11.3 11.4 11.5 11.6 11.7 11.8", last="13.6.0"),
    Package("cupy-cuda117", "11.7", last="11", sure=False),
    Package("cupy-cuda116", "11.6", last="11", sure=False),
    Package("cupy-cuda115", "11.5", last="11", sure=False),
    Package("cupy-cuda114", "11.4", last="11", sure=False),
    Package("cupy-cuda113", "11.3", last="11", sure=False),
    Package("cupy-cuda112", "11.2", last="11", sure=False),
    Package("cupy-cuda111", "11.1", last="11", sure=False),
    Package("cupy-cuda110", "11.0", last="11", sure=False),
    Package("cupy-cuda102", "10.2", last="11", sure=False),
)

# fmt: off
RELEASES = (
    Release("cupy-cuda11x", "11.0.0", "2022-07-28", ">=3.7", 83.7),
    Release("cupy-cuda11x", "11.1.0", "2022-09-01", ">=3.7", 83.8),
    Release("cupy-cuda11x", "11.2.0", "2022-10-06", ">=3.7", 83.8),
    Release("cupy-cuda11x", "11.3.0", "2022-11-11", ">=3.7", 93.7),
    Release("cupy-cuda11x", "11.4.0", "2022-12-08", ">=3.7", 93.7),
    Release("cupy-cuda11x", "11.5.0", "2023-01-19", ">=3.7", 93.7),
    Release("cupy-cuda11x", "11.6.0", "2023-03-02", ">=3.7", 93.7),
    Release("cupy-cuda11x", "12.0.0", "2023-03-30", ">=3.8", 94.1),
    Release("cupy-cuda11x", "12.1.0", "2023-05-25", ">=3.8", 91.9),
    Release("cupy-cuda11x", "12.2.0", "2023-08-08", ">=3.8", 92.2),
    Release("cupy-cuda11x", "12.3.0", "2023-12-07", ">=3.8", 92.0),
    Release("cupy-cuda11x", "13.0.0", "2024-01-18", ">=3.9", 96.0),
    Release("cupy-cuda11x", "13.1.0", "2024-04-19", ">=3.9", 96.2),
    Release("cupy-cuda11x", "13.2.0", "2024-06-13", ">=3.9", 96.2),
    Release("cupy-cuda11x", "13.3.0", "2024-08-22", ">=3.9", 97.4),
    Release("cupy-cuda11x", "13.4.0", "2025-02-28", ">=3.9", 100.0),
    Release("cupy-cuda11x", "13.4.1", "2025-03-21", ">=3.9", 100.0),
    Release("cupy-cuda11x", "13.5.0", "2025-07-03", ">=3.9", 100.4, yanked=True),
    Release("cupy-cuda11x", "13.5.1", "2025-07-11", ">=3.9", 100.0),
    Release("cupy-cuda11x", "13.6.0", "2025-08-18", ">=3.9", 99.8),
    Release("cupy-cuda12x", "11.5.0", "2023-01-19", ">=3.7", 84.5),
    Release("cupy-cuda12x", "11.6.0", "2023-03-02", ">=3.7", 84.5),
    Release("cupy-cuda12x", "12.0.0", "2023-03-30", ">=3.8", 87.1),
    Release("cupy-cuda12x", "12.1.0", "2023-05-25", ">=3.8", 85.6),
    Release("cupy-cuda12x", "12.2.0", "2023-08-08", ">=3.8", 84.6),
    Release("cupy-cuda12x", "12.3.0", "2023-12-07", ">=3.8", 84.4),
    Release("cupy-cuda12x", "13.0.0", "2024-01-18", ">=3.9", 89.1),
    Release("cupy-cuda12x", "13.1.0", "2024-04-19", ">=3.9", 90.3),
    Release("cupy-cuda12x", "13.2.0", "2024-06-13", ">=3.9", 90.3),
    Release("cupy-cuda12x", "13.3.0", "2024-08-22", ">=3.9", 91.4),
    Release("cupy-cuda12x", "13.4.0", "2025-02-28", ">=3.9", 105.4),
    Release("cupy-cuda12x", "13.4.1", "2025-03-21", ">=3.9", 105.4),
    Release("cupy-cuda12x", "13.5.0", "2025-07-03", ">=3.9", 113.7, yanked=True),
    Release("cupy-cuda12x", "13.5.1", "2025-07-11", ">=3.9", 113.2),
    Release("cupy-cuda12x", "13.6.0", "2025-08-18", ">=3.9", 113.0),
    Release("cupy-cuda12x", "14.0.0", "2026-02-17", ">=3.10", 135.1),
    Release("cupy-cuda12x", "14.0.1", "2026-02-20", ">=3.10", 135.1),
    Release("cupy-cuda12x", "14.1.0", "2026-05-23", ">=3.10", 134.0),
    Release("cupy-cuda12x", "14.1.1", "2026-06-01", ">=3.10", 134.0),
    Release("cupy-cuda12x", "14.2.0", "2026-08-20", ">=3.10", 136.6),
    Release("cupy-cuda13x", "13.6.0", "2025-08-18", ">=3.9", 54.7),
    Release("cupy-cuda13x", "14.0.0", "2026-02-17", ">=3.10", 70.3),
    Release("cupy-cuda13x", "14.0.1", "2026-02-20", ">=3.10", 70.3),
    Release("cupy-cuda13x", "14.1.0", "2026-05-23", ">=3.10", 70.0),
    Release("cupy-cuda13x", "14.1.1", "2026-06-01", ">=3.10", 70.0),
    Release("cupy-cuda13x", "14.2.0", "2026-08-20", ">=3.10", 70.0),
)
# fmt: on

CTK_EXTRA_SINCE = "14.0.0"
"""From here on `cupy-cudaNNx[ctk]` brings CUDA; without it the toolkit of the image is used."""

LEAST_CUDA_14 = "12.0"
"""Release 14 ends the support of CUDA 11."""


@lru_cache(maxsize=4096)
def package(name: str) -> Package | None:
    """The row of a package; None when it is not in the table."""
    return next((row for row in PACKAGES if row.name == name), None)


def release(name: str, version: str) -> Release | None:
    """The row of a release of a package; None when it is not in the table."""
    return by_version((row for row in RELEASES if row.name == name), version)
