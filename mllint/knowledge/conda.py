"""Conda: channels, the names that select a CUDA build, and what packages are called there."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = (
    "conda-forge.org, documentation, CUDA; file lists of the channels conda-forge, nvidia and main",
    "anaconda.com, documentation of the terms-of-service plugin",
    "pytorch issues 138506 (end of the pytorch channel), 158438 and 158756 (terms); pytorch.org, previous versions",
    "conda-forge/miniforge issues 488 and 615 (Mambaforge)",
)
CHECKED = "2026-11-20"
HORIZON = "2026-11-20"


class Selector(NamedTuple):
    """A conda package that chooses the CUDA of other packages; `versions` are separated by blanks, "" for any."""

    name: str
    channels: str
    versions: str
    first_torch: str = ""
    last_torch: str = ""
    """The torch releases of the `pytorch` channel that it goes with; "" for any."""
    note: str = ""
    sure: bool = True


SELECTORS = (
    Selector(
        "cudatoolkit",
        "pytorch defaults conda-forge",
        "9.2 10.0 10.1 10.2 11.0 11.1 11.2 11.3 11.4 11.5 11.6 11.7 11.8",
        last_torch="1.12.1",
        note="the CUDA runtime without nvcc; 11.8 is the last, there is no cudatoolkit 12",
    ),
    Selector(
        "pytorch-cuda",
        "pytorch",
        "11.6 11.7 11.8 12.1 12.4",
        "1.13.0",
        "2.5.1",
        "needs `-c nvidia`",
        sure=False,
    ),
    Selector("cpuonly", "pytorch", "", last_torch="2.5.1"),
    Selector("cuda-version", "conda-forge nvidia defaults", "", note="pins the CUDA of others, installs nothing"),
    Selector("cuda-toolkit", "nvidia conda-forge", "", note="with nvcc"),
    Selector("cuda-nvcc", "nvidia conda-forge", "", note="nvcc alone"),
)

NO_CUDA = frozenset({"12.2", "12.3"})
"""CUDA versions that pytorch-cuda never had between its first and last."""

PYTORCH_CHANNEL_LAST = "2.5.1"
"""The last torch of the channel `pytorch`: a newer pin cannot be solved, no pin stays there."""

CUDATOOLKIT_LAST = "11.8.0"

TERMS_SINCE = "2025-07-15"
"""From this day conda of Miniconda and Anaconda stops where the terms of its channels are not accepted."""

TERMS_ERROR = "CondaToSNonInteractiveError"

TERMS_CHANNELS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")

TERMS_VARIABLE = "CONDA_PLUGINS_AUTO_ACCEPT_TOS"

LICENCE_SEATS = 200
"""Organisations of this many people or more need a paid licence for the channel `defaults`."""

OVERRIDE_VARIABLE = "CONDA_OVERRIDE_CUDA"
"""Tells the solver of a CUDA that `docker build` doesn't have; without it the CPU build is chosen."""

MISSPELT_OVERRIDE = "CONDA_CUDA_OVERRIDE"

CPU_WITHOUT_GPU = frozenset({"pytorch", "tensorflow", "jaxlib", "xgboost", "py-xgboost"})
"""Packages of conda-forge that come as their CPU build where the solver sees no GPU."""

GPU_NAMES = frozenset({"pytorch-gpu", "tensorflow-gpu", "py-xgboost-gpu"})
CPU_NAMES = frozenset({"cpuonly", "pytorch-cpu", "tensorflow-cpu", "py-xgboost-cpu"})
"""Metapackages that force a build; recalled."""

NO_PIP_SINCE = "26.3.2-0"
"""From this Miniforge on `conda create python=X` brings neither pip nor setuptools; one source."""

PYTHON_NAMES = (
    ("pytorch", "torch"),
    ("pytorch-gpu", "torch"),
    ("pytorch-cpu", "torch"),
    ("tensorflow", "tensorflow"),
    ("tensorflow-base", "tensorflow"),
    ("tensorflow-gpu", "tensorflow"),
    ("tensorflow-cpu", "tensorflow"),
    ("opencv", "opencv-python"),
    ("py-opencv", "opencv-python"),
    ("py-xgboost", "xgboost"),
    ("py-xgboost-gpu", "xgboost"),
    ("py-xgboost-cpu", "xgboost"),
    ("msgpack-python", "msgpack"),
    ("pytables", "tables"),
    ("pytorch_geometric", "torch-geometric"),
    ("matplotlib-base", "matplotlib"),
    ("ray-default", "ray"),
    ("huggingface_hub", "huggingface-hub"),
    ("python-graphviz", "graphviz"),
)
"""What a package of conda is called on the package index, where the names differ in more than dashes; recalled but for
the first rows. The first row of an index name is its usual conda name."""


@lru_cache(maxsize=4096)
def selector(name: str) -> Selector | None:
    """The row of a package that selects a CUDA; None for other packages."""
    return next((row for row in SELECTORS if row.name == name), None)


def python_name(name: str) -> str:
    """The name on the package index of a conda package: "pytorch" is "torch"; its own name when the table has none."""
    return next((python for conda, python in PYTHON_NAMES if conda == name), name)


def conda_name(name: str) -> str:
    """The usual conda name of a package of the index: "torch" is "pytorch"; its own name when the table has none."""
    return next((conda for conda, python in PYTHON_NAMES if python == name), name)
