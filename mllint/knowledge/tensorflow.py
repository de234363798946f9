# ruff: noqa: E501
"""TensorFlow releases: Pythons, the CUDA and cuDNN that their wheels need, and what `[and-cuda]` brings."""

from __future__ import annotations

from typing import NamedTuple

from mllint.knowledge.lookup import by_version

SOURCE = (
    "wheel metadata of tensorflow, x86-64 Linux (Requires-Dist, tags, sizes)",
    "tensorflow.org, tested build configurations, 2026-03-11",
)
CHECKED = "2026-11-20"
HORIZON = "2.21.0"
"""The newest release of the table; what is newer is unknown."""


class Release(NamedTuple):
    """A release of the package `tensorflow` and its wheel for x86-64 Linux; `wheel_mb` is in MB (10^6 bytes).

    `cuda` and `cudnn` are those it was built and tested with. No wheel holds CUDA's libraries: they come from the image,
    or from the extra `[and-cuda]`, whose pins are `cuda_pin`, `cudnn_pin` and `nccl_pin`.
    """

    version: str
    released: str
    pythons: str
    requires_python: str
    """"" where the metadata doesn't say it: the tags decide."""
    wheel_mb: int
    gpu: bool
    """Whether the wheel has GPU kernels; without them only tensorflow-gpu of the same version uses a GPU."""
    cuda: str
    cudnn: str
    and_cuda: bool
    """Whether it has the extra `[and-cuda]`."""
    cuda_pin: str = ""
    cudnn_pin: str = ""
    nccl_pin: str = ""
    numpy: str = ""
    keras: str = ""
    """"" where Keras is part of TensorFlow."""
    protobuf: str = ""


class GpuRelease(NamedTuple):
    """A release of tensorflow-gpu before 1.13, with the CUDA and cuDNN that it needs from the image."""

    version: str
    cuda: str
    cudnn: str


class Companion(NamedTuple):
    """A release of a package that belongs to one TensorFlow, with its own specifier for it."""

    name: str
    version: str
    tensorflow: str
    sure: bool = True


# fmt: off
RELEASES = (
    Release("1.13.1", "2019-02-26", "2.7 3.3 3.4 3.5 3.6 3.7", "", 93, False, "10.0", "7.4", False, numpy=">=1.13.3", protobuf=">=3.6.1"),
    Release("1.13.2", "2019-07-16", "2.7 3.3 3.4 3.5 3.6 3.7", "", 93, False, "10.0", "7.4", False, numpy="<2.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("1.14.0", "2019-06-19", "2.7 3.3 3.4 3.5 3.6 3.7", "", 109, False, "10.0", "7.4", False, numpy="<2.0,>=1.14.5", protobuf=">=3.6.1"),
    Release("1.15.0", "2019-10-16", "2.7 3.5 3.6 3.7", "", 412, True, "10.0", "7.4", False, numpy="<2.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("1.15.2", "2020-01-26", "3.5 3.6 3.7", "", 110, False, "10.0", "7.4", False, numpy="<2.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("1.15.3", "2020-05-18", "3.5 3.6 3.7", "", 110, False, "10.0", "7.4", False, numpy="<2.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("1.15.4", "2020-09-24", "3.5 3.6 3.7", "", 110, False, "10.0", "7.4", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("1.15.5", "2021-01-06", "3.6 3.7", "", 110, False, "10.0", "7.4", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("2.0.0", "2019-09-30", "2.7 3.5 3.6 3.7", "", 86, False, "10.0", "7.4", False, numpy="<2.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("2.0.1", "2020-01-26", "3.5 3.6 3.7", "", 86, False, "10.0", "7.4", False, numpy="<2.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("2.0.2", "2020-05-18", "3.5 3.6 3.7", "", 86, False, "10.0", "7.4", False, numpy="<2.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("2.0.3", "2020-09-24", "3.5 3.6 3.7", "", 86, False, "10.0", "7.4", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("2.0.4", "2021-01-06", "3.6 3.7", "", 86, False, "10.0", "7.4", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.6.1"),
    Release("2.1.0", "2020-01-08", "2.7 3.5 3.6 3.7", "", 422, True, "10.1", "7.6", False, numpy="<2.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.1.1", "2020-05-18", "3.5 3.6 3.7", "", 422, True, "10.1", "7.6", False, numpy="<2.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.1.2", "2020-09-24", "3.5 3.6 3.7", "", 422, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.1.3", "2021-01-06", "3.6 3.7", "", 422, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.1.4", "2021-06-15", "3.6 3.7", "", 422, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.2.0", "2020-05-07", "3.5 3.6 3.7 3.8", "", 516, True, "10.1", "7.6", False, numpy="<2.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.2.1", "2020-09-24", "3.5 3.6 3.7 3.8", "", 516, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.2.2", "2021-01-06", "3.6 3.7 3.8", "", 516, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.2.3", "2021-06-15", "3.6 3.7 3.8", "", 516, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.8.0"),
    Release("2.3.0", "2020-07-27", "3.5 3.6 3.7 3.8", "", 320, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.9.2"),
    Release("2.3.1", "2020-09-24", "3.5 3.6 3.7 3.8", "", 320, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.9.2"),
    Release("2.3.2", "2021-01-06", "3.6 3.7 3.8", "", 320, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.9.2"),
    Release("2.3.3", "2021-06-15", "3.6 3.7 3.8", "", 321, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.9.2"),
    Release("2.3.4", "2021-08-10", "3.6 3.7 3.8", "", 321, True, "10.1", "7.6", False, numpy="<1.19.0,>=1.16.0", protobuf=">=3.9.2"),
    Release("2.4.0", "2020-12-14", "3.6 3.7 3.8", "", 395, True, "11.0", "8.0", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.4.1", "2021-01-21", "3.6 3.7 3.8", "", 394, True, "11.0", "8.0", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.4.2", "2021-06-15", "3.6 3.7 3.8", "", 395, True, "11.0", "8.0", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.4.3", "2021-08-10", "3.6 3.7 3.8", "", 395, True, "11.0", "8.0", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.4.4", "2021-11-01", "3.6 3.7 3.8", "", 395, True, "11.0", "8.0", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.5.0", "2021-05-13", "3.6 3.7 3.8 3.9", "", 454, True, "11.2", "8.1", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.5.1", "2021-08-10", "3.6 3.7 3.8 3.9", "", 454, True, "11.2", "8.1", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.5.2", "2021-11-01", "3.6 3.7 3.8 3.9", "", 454, True, "11.2", "8.1", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.5.3", "2022-02-02", "3.7 3.8 3.9", "", 460, True, "11.2", "8.1", False, numpy="~=1.19.2", protobuf=">=3.9.2"),
    Release("2.6.0", "2021-08-11", "3.6 3.7 3.8 3.9", "", 458, True, "11.2", "8.1", False, numpy="~=1.19.2", keras="~=2.6", protobuf=">=3.9.2"),
    Release("2.6.1", "2021-11-01", "3.6 3.7 3.8 3.9", "", 458, True, "11.2", "8.1", False, numpy="~=1.19.2", keras="~=2.6", protobuf=">=3.9.2"),
    Release("2.6.2", "2021-11-04", "3.6 3.7 3.8 3.9", "", 458, True, "11.2", "8.1", False, numpy="~=1.19.2", keras="<2.7,>=2.6.0", protobuf=">=3.9.2"),
    Release("2.6.3", "2022-02-02", "3.7 3.8 3.9", "", 464, True, "11.2", "8.1", False, numpy="~=1.19.2", keras="<2.7,>=2.6.0", protobuf=">=3.9.2"),
    Release("2.6.4", "2022-05-16", "3.7 3.8 3.9", "", 464, True, "11.2", "8.1", False, numpy="~=1.19.2", keras="<2.7,>=2.6.0", protobuf=">=3.9.2"),
    Release("2.6.5", "2022-05-23", "3.7 3.8 3.9", "", 464, True, "11.2", "8.1", False, numpy="~=1.19.2", keras="<2.7,>=2.6.0", protobuf="<3.20,>=3.9.2"),
    Release("2.7.0", "2021-11-04", "3.7 3.8 3.9", "", 490, True, "11.2", "8.1", False, numpy=">=1.14.5", keras="<2.8,>=2.7.0rc0", protobuf=">=3.9.2"),
    Release("2.7.1", "2022-02-02", "3.7 3.8 3.9", "", 495, True, "11.2", "8.1", False, numpy=">=1.14.5", keras="<2.8,>=2.7.0rc0", protobuf=">=3.9.2"),
    Release("2.7.2", "2022-05-16", "3.7 3.8 3.9", "", 496, True, "11.2", "8.1", False, numpy=">=1.14.5", keras="<2.8,>=2.7.0rc0", protobuf=">=3.9.2"),
    Release("2.7.3", "2022-05-23", "3.7 3.8 3.9", "", 496, True, "11.2", "8.1", False, numpy=">=1.14.5", keras="<2.8,>=2.7.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.7.4", "2022-09-02", "3.7 3.8 3.9", "", 496, True, "11.2", "8.1", False, numpy=">=1.14.5", keras="<2.8,>=2.7.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.8.0", "2022-02-02", "3.7 3.8 3.9 3.10", "", 498, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.9,>=2.8.0rc0", protobuf=">=3.9.2"),
    Release("2.8.1", "2022-05-16", "3.7 3.8 3.9 3.10", "", 498, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.9,>=2.8.0rc0", protobuf=">=3.9.2"),
    Release("2.8.2", "2022-05-23", "3.7 3.8 3.9 3.10", "", 498, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.9,>=2.8.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.8.3", "2022-09-02", "3.7 3.8 3.9 3.10", "", 498, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.9,>=2.8.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.8.4", "2022-11-16", "3.7 3.8 3.9 3.10", "", 498, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.9,>=2.8.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.9.0", "2022-05-16", "3.7 3.8 3.9 3.10", ">=3.7", 512, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.10.0,>=2.9.0rc0", protobuf=">=3.9.2"),
    Release("2.9.1", "2022-05-23", "3.7 3.8 3.9 3.10", ">=3.7", 512, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.10.0,>=2.9.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.9.2", "2022-09-03", "3.7 3.8 3.9 3.10", ">=3.7", 512, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.10.0,>=2.9.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.9.3", "2022-11-16", "3.7 3.8 3.9 3.10", ">=3.7", 512, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.10.0,>=2.9.0rc0", protobuf="<3.20,>=3.9.2"),
    Release("2.10.0", "2022-09-06", "3.7 3.8 3.9 3.10", ">=3.7", 578, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.11,>=2.10.0", protobuf="<3.20,>=3.9.2"),
    Release("2.10.1", "2022-11-16", "3.7 3.8 3.9 3.10", ">=3.7", 578, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.11,>=2.10.0", protobuf="<3.20,>=3.9.2"),
    Release("2.11.0", "2022-11-18", "3.7 3.8 3.9 3.10", ">=3.7", 588, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.12,>=2.11.0", protobuf="<3.20,>=3.9.2"),
    Release("2.11.1", "2023-03-20", "3.8 3.9 3.10", ">=3.7", 588, True, "11.2", "8.1", False, numpy=">=1.20", keras="<2.12,>=2.11.0", protobuf="<3.20,>=3.9.2"),
    Release("2.12.0", "2023-03-22", "3.8 3.9 3.10 3.11", ">=3.8", 586, True, "11.8", "8.6", False, numpy="<1.24,>=1.22", keras="<2.13,>=2.12.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.12.1", "2023-07-05", "3.8 3.9 3.10 3.11", ">=3.8", 586, True, "11.8", "8.6", False, numpy="<=1.24.3,>=1.22", keras="<2.13,>=2.12.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.13.0", "2023-07-05", "3.8 3.9 3.10 3.11", ">=3.8", 524, True, "11.8", "8.6", False, numpy="<=1.24.3,>=1.22", keras="<2.14,>=2.13.1", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.13.1", "2023-09-26", "3.8 3.9 3.10 3.11", ">=3.8", 480, True, "11.8", "8.6", False, numpy="<=1.24.3,>=1.22", keras="<2.14,>=2.13.1", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.14.0", "2023-09-26", "3.9 3.10 3.11", ">=3.9", 490, True, "11.8", "8.7", True, cuda_pin="11.8.89", cudnn_pin="8.7.0.84", nccl_pin="2.16.5", numpy=">=1.23.5", keras="<2.15,>=2.14.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.14.1", "2023-11-14", "3.9 3.10 3.11", ">=3.9", 490, True, "11.8", "8.7", True, cuda_pin="11.8.89", cudnn_pin="8.7.0.84", nccl_pin="2.16.5", numpy="<2.0.0,>=1.23.5", keras="<2.15,>=2.14.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.15.0", "2023-11-14", "3.9 3.10 3.11", ">=3.9", 475, True, "12.2", "8.9", True, cuda_pin="12.2.140", cudnn_pin="8.9.4.25", nccl_pin="2.16.5", numpy="<2.0.0,>=1.23.5", keras="<2.16,>=2.15.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.15.0.post1", "2023-12-05", "3.9 3.10 3.11", ">=3.9", 475, True, "12.2", "8.9", True, cuda_pin="12.2.140", cudnn_pin="8.9.4.25", nccl_pin="2.16.5", numpy="<2.0.0,>=1.23.5", keras="<2.16,>=2.15.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.15.1", "2024-03-08", "3.9 3.10 3.11", ">=3.9", 475, True, "12.2", "8.9", True, cuda_pin="12.2.140", cudnn_pin="8.9.4.25", nccl_pin="2.16.5", numpy="<2.0.0,>=1.23.5", keras="<2.16,>=2.15.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.16.1", "2024-03-09", "3.9 3.10 3.11 3.12", ">=3.9", 590, True, "12.3", "8.9", True, cuda_pin="12.3.101", cudnn_pin="8.9.7.29", nccl_pin="2.19.3", numpy="<2.0.0,>=1.23.5", keras=">=3.0.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.16.2", "2024-06-28", "3.9 3.10 3.11 3.12", ">=3.9", 591, True, "12.3", "8.9", True, cuda_pin="12.3.101", cudnn_pin="8.9.7.29", nccl_pin="2.19.3", numpy="<2.0.0,>=1.23.5", keras=">=3.0.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.17.0", "2024-07-11", "3.9 3.10 3.11 3.12", ">=3.9", 601, True, "12.3", "8.9", True, cuda_pin="12.3.101", cudnn_pin="8.9.7.29", nccl_pin="2.19.3", numpy="<2.0.0,>=1.23.5", keras=">=3.2.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.17.1", "2024-10-24", "3.9 3.10 3.11 3.12", ">=3.9", 601, True, "12.3", "8.9", True, cuda_pin="12.3.101", cudnn_pin="8.9.7.29", nccl_pin="2.19.3", numpy="<2.0.0,>=1.23.5", keras=">=3.2.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<5.0.0dev,>=3.20.3"),
    Release("2.18.0", "2024-10-25", "3.9 3.10 3.11 3.12", ">=3.9", 616, True, "12.5", "9.3", True, cuda_pin="12.5.82", cudnn_pin="9.3.0.75", nccl_pin="2.21.5", numpy="<2.1.0,>=1.26.0", keras=">=3.5.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<6.0.0dev,>=3.20.3"),
    Release("2.18.1", "2025-03-12", "3.9 3.10 3.11 3.12", ">=3.9", 616, True, "12.5", "9.3", True, cuda_pin="12.5.82", cudnn_pin="9.3.0.75", nccl_pin="2.21.5", numpy="<2.1.0,>=1.26.0", keras=">=3.5.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<6.0.0dev,>=3.20.3"),
    Release("2.19.0", "2025-03-12", "3.9 3.10 3.11 3.12", ">=3.9", 645, True, "12.5", "9.3", True, cuda_pin="12.5.82", cudnn_pin="9.3.0.75", nccl_pin="2.23.4", numpy="<2.2.0,>=1.26.0", keras=">=3.5.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<6.0.0dev,>=3.20.3"),
    Release("2.19.1", "2025-08-13", "3.9 3.10 3.11 3.12", ">=3.9", 645, True, "12.5", "9.3", True, cuda_pin="12.5.82", cudnn_pin="9.3.0.75", nccl_pin="2.23.4", numpy="<2.2.0,>=1.26.0", keras=">=3.5.0", protobuf="!=4.21.0,!=4.21.1,!=4.21.2,!=4.21.3,!=4.21.4,!=4.21.5,<6.0.0dev,>=3.20.3"),
    Release("2.20.0", "2025-08-13", "3.9 3.10 3.11 3.12 3.13", ">=3.9", 621, True, "12.5", "9.3", True, cuda_pin="<13.0,>=12.5.82", cudnn_pin="<10.0,>=9.3.0.75", nccl_pin="<3.0,>=2.25.1", numpy=">=1.26.0", keras=">=3.10.0", protobuf=">=5.28.0"),
    Release("2.21.0", "2026-03-06", "3.10 3.11 3.12 3.13", ">=3.10", 573, True, "12.5", "9.3", True, cuda_pin="<13.0,>=12.5.82", cudnn_pin="<10.0,>=9.3.0.75", nccl_pin="<3.0,>=2.27.7", numpy=">=1.26.0", keras=">=3.12.0", protobuf="<8.0.0,>=6.31.1"),
)
# fmt: on

# fmt: off
GPU_RELEASES = (
    GpuRelease("1.0.0", "8.0", "5.1"),
    GpuRelease("1.1.0", "8.0", "5.1"),
    GpuRelease("1.2.0", "8.0", "5.1"),
    GpuRelease("1.3.0", "8.0", "6"),
    GpuRelease("1.4.0", "8.0", "6"),
    GpuRelease("1.5.0", "9.0", "7"),
    GpuRelease("1.6.0", "9.0", "7"),
    GpuRelease("1.7.0", "9.0", "7"),
    GpuRelease("1.8.0", "9.0", "7"),
    GpuRelease("1.9.0", "9.0", "7"),
    GpuRelease("1.10.0", "9.0", "7"),
    GpuRelease("1.11.0", "9.0", "7"),
    GpuRelease("1.12.0", "9.0", "7"),
)
# fmt: on
"""The package tensorflow-gpu before 1.13: what it was tested with, by the documentation."""

# fmt: off
COMPANIONS = (
    Companion("tensorflow-text", "2.8.2", ">=2.8.0,<2.9"),
    Companion("tensorflow-text", "2.9.0", ">=2.9.0,<2.10"),
    Companion("tensorflow-text", "2.10.0", ">=2.10.0,<2.11"),
    Companion("tensorflow-text", "2.11.0", ">=2.11.0,<2.12"),
    Companion("tensorflow-text", "2.12.1", ">=2.12.0,<2.13"),
    Companion("tensorflow-text", "2.13.0", ">=2.13.0,<2.14"),
    Companion("tensorflow-text", "2.14.0", ">=2.14.0,<2.15"),
    Companion("tensorflow-text", "2.15.0", ">=2.15.0,<2.16"),
    Companion("tensorflow-text", "2.16.1", ">=2.16.1,<2.17"),
    Companion("tensorflow-text", "2.17.0", ">=2.17.0,<2.18"),
    Companion("tensorflow-text", "2.18.1", ">=2.18.0,<2.19"),
    Companion("tensorflow-text", "2.19.0", ">=2.19.0,<2.20"),
    Companion("tensorflow-text", "2.20.0", ">=2.20.0,<2.21"),
    Companion("tensorflow-text", "2.20.1", ">=2.20.0,<2.21"),
    Companion("tf-keras", "2.15.0", ""),
    Companion("tf-keras", "2.16.0", ">=2.16,<2.17"),
    Companion("tf-keras", "2.17.0", ">=2.17,<2.18"),
    Companion("tf-keras", "2.18.0", ">=2.18,<2.19"),
    Companion("tf-keras", "2.19.0", ">=2.19,<2.20"),
    Companion("tf-keras", "2.20.1", ">=2.20,<2.21"),
    Companion("tf-keras", "2.21.0", ">=2.21,<2.22"),
    Companion("tensorflow-decision-forests", "1.5.0", "~=2.13.0"),
    Companion("tensorflow-decision-forests", "1.8.1", "~=2.15.0"),
    Companion("tensorflow-decision-forests", "1.9.0", "~=2.16.1"),
    Companion("tensorflow-decision-forests", "1.10.0", "==2.17.0"),
    Companion("tensorflow-decision-forests", "1.11.0", "==2.18.0"),
    Companion("tensorflow-decision-forests", "1.12.0", "==2.19.0"),
)
# fmt: on
"""What the metadata of these releases says; tf-keras asks for a TensorFlow from 2.16 on only."""

SAME_MINOR = frozenset({"tf-keras", "tensorflow-text"})
"""Packages whose X.Y needs TensorFlow X.Y: tensorflow-text from 2.8, tf-keras from 2.16."""

AND_CUDA_SINCE = "2.14.0"
"""The first release with the extra `[and-cuda]`; an older one takes CUDA and cuDNN from the image."""

BROKEN_EXTRA = ("2.15.0",)
"""`[and-cuda]` of these requires TensorRT wheels that the package index doesn't have: pip cannot resolve it."""

KERAS_3_SINCE = "2.16.1"
"""From here on `import keras` is Keras 3; tf-keras and TF_USE_LEGACY_KERAS=1 bring Keras 2 back."""

NUMPY_2_SINCE = "2.18.0"

GPU_PACKAGE_LAST = "2.11.0"
"""The last release of tensorflow-gpu that installs; 2.12.0 is a stub that raises."""

NO_BLACKWELL_UNTIL = "2.21.0"
"""Wheels up to this one are built with CUDA 12.5 at most: on Blackwell they compile PTX at the first start; inferred."""


def release(version: str) -> Release | None:
    """The row of a release; None when it is not in the table."""
    return by_version(RELEASES, version)


def newest() -> Release:
    """The newest release of the table."""
    return RELEASES[-1]


def gpu_release(version: str) -> GpuRelease | None:
    """What a tensorflow-gpu of 1.0 to 1.12 needs; from 1.13 on it is what `release` says. None when not in the table."""
    return by_version(GPU_RELEASES, version)


def companion(name: str, version: str) -> Companion | None:
    """Which TensorFlow a release of a companion needs ("" for any); None when it is not in the table."""
    return by_version((row for row in COMPANIONS if row.name == name), version)
