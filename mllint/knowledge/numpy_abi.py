# ruff: noqa: E501
"""Packages with compiled code against NumPy: from which release on it works under NumPy 2."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = (
    "metadata of the releases before and after (numpy in Requires-Dist)",
    "numpy/numpy issue 26191, compatibility of the ecosystem with NumPy 2",
)
CHECKED = "2026-11-21"
HORIZON = "2026-11-21"

NUMPY_2 = "2.0.0"
"""Released on 2024-06-16, for Python 3.9 and newer: an unpinned numpy on an older Python is a 1.x."""


class NumpyAbi(NamedTuple):
    """Releases before `since` (all of them where it is "") were built for NumPy 1; under NumPy 2 they fail as `effect` says.

    `capped` are the specifiers of the older releases whose own metadata holds NumPy below 2: there pip installs NumPy 1
    by itself, and only an explicit `numpy>=2` or a later install can break them.
    """

    name: str
    since: str
    capped: tuple[str, ...]
    effect: str
    sure: bool = True


_C_API = "`import {module}` fails: the compiled module was built for NumPy 1 (numpy.core.multiarray failed to import)"
_SIZE = "`import {module}` raises ValueError: numpy.dtype size changed, may indicate binary incompatibility"

# fmt: off
ABIS = (
    NumpyAbi("torch", "2.3.0", (), "torch warns at import, and `tensor.numpy()` and `torch.from_numpy()` raise RuntimeError: Numpy is not available"),
    NumpyAbi("tensorflow", "2.18.0", (">=1.13.2,<2.7", ">=2.12,<2.14", ">=2.14.1,<2.18"), _C_API.format(module="tensorflow")),
    NumpyAbi("tensorflow-cpu", "2.18.0", (">=1.15,<2.7", ">=2.12,<2.14", ">=2.14.1,<2.18"), _C_API.format(module="tensorflow"), False),
    NumpyAbi("tensorflow-gpu", "", (">=1.13.2,<2.7",), _C_API.format(module="tensorflow"), False),
    NumpyAbi("pandas", "2.2.2", (">=2.1.2,<2.2.2",), _SIZE.format(module="pandas")),
    NumpyAbi("scipy", "1.13.0", (">=1.8,<1.13",), _C_API.format(module="scipy")),
    NumpyAbi("scikit-learn", "1.4.2", (">=1.3.1,<1.4.2",), _SIZE.format(module="sklearn")),
    NumpyAbi("matplotlib", "3.8.4", (">=3.7.3,<3.8.4",), _C_API.format(module="matplotlib.pyplot"), False),
    NumpyAbi("opencv-python", "4.10.0.84", (), _C_API.format(module="cv2")),
    NumpyAbi("opencv-python-headless", "4.10.0.84", (), _C_API.format(module="cv2")),
    NumpyAbi("opencv-contrib-python", "4.10.0.84", (), _C_API.format(module="cv2")),
    NumpyAbi("opencv-contrib-python-headless", "4.10.0.84", (), _C_API.format(module="cv2")),
    NumpyAbi("onnxruntime", "1.19.0", ("==1.18.1",), _C_API.format(module="onnxruntime")),
    NumpyAbi("onnxruntime-gpu", "1.19.0", ("==1.18.1",), _C_API.format(module="onnxruntime")),
    NumpyAbi("pyarrow", "16.0.0", (">=15.0.0,<16",), _C_API.format(module="pyarrow")),
    NumpyAbi("numba", "0.60.0", (">=0.53,<0.60",), "`import numba` raises ImportError: Numba needs NumPy 1.26 or less"),
    NumpyAbi("h5py", "3.11.0", (), _SIZE.format(module="h5py"), False),
    NumpyAbi("faiss-cpu", "1.9.0", (), _C_API.format(module="faiss"), False),
    NumpyAbi("gensim", "4.4.0", ("==4.3.3",), _SIZE.format(module="gensim"), False),
    NumpyAbi("shapely", "2.0.4", ("==2.0.3",), _C_API.format(module="shapely"), False),
    NumpyAbi("spacy", "3.8.0", (">=3.7.5,<3.8",), _SIZE.format(module="spacy"), False),
    NumpyAbi("pycocotools", "2.0.8", (), _SIZE.format(module="pycocotools.mask"), False),
    NumpyAbi("scikit-image", "0.23.1", (), _SIZE.format(module="skimage"), False),
    NumpyAbi("statsmodels", "0.14.2", ("==0.14.1",), _SIZE.format(module="statsmodels"), False),
    NumpyAbi("bottleneck", "1.4.0", (), _C_API.format(module="bottleneck"), False),
    NumpyAbi("numexpr", "2.10.0", (), _C_API.format(module="numexpr"), False),
    NumpyAbi("tables", "3.9.3", (), _SIZE.format(module="tables"), False),
    NumpyAbi("catboost", "1.2.7", (), _SIZE.format(module="catboost"), False),
)
# fmt: on


@lru_cache(maxsize=4096)
def find(name: str) -> NumpyAbi | None:
    """From which release on a package works with NumPy 2; None when the table doesn't know of it."""
    return next((row for row in ABIS if row.name == name), None)
