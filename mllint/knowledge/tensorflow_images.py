"""The tensorflow/tensorflow images: the releases that they exist for, and their stacks."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "wheel metadata of tensorflow (list of releases)",
    "tensorflow.org, tested build configurations, 2026-03-11",
    "Dockerfiles of tensorflow/tensorflow and tensorflow/build",
    "tensorflow issues 22292, 30057, 41153, 57072 (Ubuntu and Python of the images)",
)
CHECKED = "2026-11-20"
HORIZON = "2.21.0"
"""The newest release of the table; what is newer is unknown."""


class Line(NamedTuple):
    """The images of a range of releases; Python and Ubuntu are recalled where `sure` is false.

    Up to `LAST_PYTHON_2` this is the Python of the -py3 tags; the others have Python 2.7.
    """

    first: str
    last: str
    python: str
    ubuntu: str
    sure: bool


class Release(NamedTuple):
    """A release and the CUDA and cuDNN that it was tested with, which the -gpu images carry."""

    version: str
    cuda: str | None
    cudnn: str | None


# fmt: off
LINES = (
    Line("1.13.0", "1.13.99", "3.5", "16.04", True),
    Line("1.14.0", "2.5.99", "3.6", "18.04", True),
    # Images of 2.6 that were built after September 2021 are on Ubuntu 20.04.
    Line("2.6.0", "2.6.0", "3.6", "18.04", True),
    Line("2.7.0", "2.13.99", "3.8", "20.04", False),
    Line("2.14.0", "2.99.0", "3.11", "22.04", False),
)
# fmt: on

# fmt: off
RELEASES = (
    Release("1.13.1", "10.0", "7.4"),
    Release("1.13.2", "10.0", "7.4"),
    Release("1.14.0", "10.0", "7.4"),
    Release("1.15.0", "10.0", "7.4"),
    Release("1.15.2", "10.0", "7.4"),
    Release("1.15.3", "10.0", "7.4"),
    Release("1.15.4", "10.0", "7.4"),
    Release("1.15.5", "10.0", "7.4"),
    Release("2.0.0", "10.0", "7.4"),
    Release("2.0.1", "10.0", "7.4"),
    Release("2.0.2", "10.0", "7.4"),
    Release("2.0.3", "10.0", "7.4"),
    Release("2.0.4", "10.0", "7.4"),
    Release("2.1.0", "10.1", "7.6"),
    Release("2.1.1", "10.1", "7.6"),
    Release("2.1.2", "10.1", "7.6"),
    Release("2.1.3", "10.1", "7.6"),
    Release("2.1.4", "10.1", "7.6"),
    Release("2.2.0", "10.1", "7.6"),
    Release("2.2.1", "10.1", "7.6"),
    Release("2.2.2", "10.1", "7.6"),
    Release("2.2.3", "10.1", "7.6"),
    Release("2.3.0", "10.1", "7.6"),
    Release("2.3.1", "10.1", "7.6"),
    Release("2.3.2", "10.1", "7.6"),
    Release("2.3.3", "10.1", "7.6"),
    Release("2.3.4", "10.1", "7.6"),
    Release("2.4.0", "11.0", "8.0"),
    Release("2.4.1", "11.0", "8.0"),
    Release("2.4.2", "11.0", "8.0"),
    Release("2.4.3", "11.0", "8.0"),
    Release("2.4.4", "11.0", "8.0"),
    Release("2.5.0", "11.2", "8.1"),
    Release("2.5.1", "11.2", "8.1"),
    Release("2.5.2", "11.2", "8.1"),
    Release("2.5.3", "11.2", "8.1"),
    Release("2.6.0", "11.2", "8.1"),
    Release("2.6.1", "11.2", "8.1"),
    Release("2.6.2", "11.2", "8.1"),
    Release("2.6.3", "11.2", "8.1"),
    Release("2.6.4", "11.2", "8.1"),
    Release("2.6.5", "11.2", "8.1"),
    Release("2.7.0", "11.2", "8.1"),
    Release("2.7.1", "11.2", "8.1"),
    Release("2.7.2", "11.2", "8.1"),
    Release("2.7.3", "11.2", "8.1"),
    Release("2.7.4", "11.2", "8.1"),
    Release("2.8.0", "11.2", "8.1"),
    Release("2.8.1", "11.2", "8.1"),
    Release("2.8.2", "11.2", "8.1"),
    Release("2.8.3", "11.2", "8.1"),
    Release("2.8.4", "11.2", "8.1"),
    Release("2.9.0", "11.2", "8.1"),
    Release("2.9.1", "11.2", "8.1"),
    Release("2.9.2", "11.2", "8.1"),
    Release("2.9.3", "11.2", "8.1"),
    Release("2.10.0", "11.2", "8.1"),
    Release("2.10.1", "11.2", "8.1"),
    Release("2.11.0", "11.2", "8.1"),
    Release("2.11.1", "11.2", "8.1"),
    Release("2.12.0", "11.8", "8.6"),
    Release("2.12.1", "11.8", "8.6"),
    Release("2.13.0", "11.8", "8.6"),
    Release("2.13.1", "11.8", "8.6"),
    Release("2.14.0", "11.8", "8.7"),
    Release("2.14.1", "11.8", "8.7"),
    Release("2.15.0", "12.2", "8.9"),
    Release("2.15.0.post1", "12.2", "8.9"),
    Release("2.15.1", "12.2", "8.9"),
    Release("2.16.1", "12.3", "8.9"),
    Release("2.16.2", "12.3", "8.9"),
    Release("2.17.0", "12.3", "8.9"),
    Release("2.17.1", "12.3", "8.9"),
    Release("2.18.0", "12.5", "9.3"),
    Release("2.18.1", "12.5", "9.3"),
    Release("2.19.0", "12.5", "9.3"),
    Release("2.19.1", "12.5", "9.3"),
    Release("2.20.0", "12.5", "9.3"),
    Release("2.21.0", "12.5", "9.3"),
)
# fmt: on

LAST_PY3_SUFFIX = "2.1.99"
"""Tags ending in -py3 exist up to here."""

LAST_PYTHON_2 = ("1.15.0", "2.1.0")
"""Of each major version, the last release whose tags without -py3 hold Python 2.7."""
