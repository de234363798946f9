# ruff: noqa: E501
"""The tags of nvidia/cuda (Docker Hub and nvcr.io), and what the images hold."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "NVIDIA container-images/cuda, doc/supported-tags.md and doc/unsupported-tags.md, 2019-07-29 to 2025-12-15",
    "dist/*/Dockerfile of the same repository",
    "replicate/cog, cuda_compatibility.json, made from the Docker Hub API, 2021-03 to 2026-05-05",
    "aws/deep-learning-containers, docker/whisperx and its build configuration, seen 2026-11-21 (12.8.2)",
)
CHECKED = "2026-11-20"
HORIZON = "13.1.0"
"""Up to here the list of tags is complete; of newer versions only the tags of `LATER` are known."""


class TagSet(NamedTuple):
    """Tags `<cuda>-<flavour>-<os>` for every flavour and os of the row; the os "-" stands for no suffix.

    `status`: "supported", "superseded" (a newer point release exists, the tag can still be pulled) or "deleted".
    """

    cuda: str
    status: str
    flavours: str
    oses: str
    sure: bool = True


class Cudnn(NamedTuple):
    """The cuDNN versions that the images of a CUDA version were built with, oldest first."""

    cuda: str
    versions: str


class Size(NamedTuple):
    """The compressed size of a flavour in GB; recalled, an order of magnitude (x86-64, Ubuntu 22.04, CUDA 12)."""

    flavour: str
    gigabytes: float


# fmt: off
TAGS = (
    TagSet("6.5", "deleted", "devel runtime", "- ubuntu14.04"),
    TagSet("7.0", "deleted", "cudnn4-devel cudnn4-runtime devel runtime", "- centos7 ubuntu14.04"),
    TagSet("7.0", "deleted", "cudnn2-devel cudnn2-runtime cudnn3-devel cudnn3-runtime", "- ubuntu14.04"),
    TagSet("7.5", "deleted", "cudnn5-devel cudnn5-runtime cudnn6-devel cudnn6-runtime devel runtime", "- centos6 centos7 ubuntu14.04"),
    TagSet("7.5", "deleted", "cudnn4-devel cudnn4-runtime", "- centos7 ubuntu14.04"),
    TagSet("7.5", "deleted", "cudnn3-devel cudnn3-runtime", "- ubuntu14.04"),
    TagSet("8.0", "deleted", "cudnn5-devel cudnn5-runtime cudnn6-devel cudnn6-runtime cudnn7-devel cudnn7-runtime devel runtime", "- centos6 centos7 ubi7 ubuntu14.04 ubuntu16.04"),
    TagSet("8.0", "deleted", "base", "- centos6 centos7 ubi7 ubuntu16.04"),
    TagSet("9.0", "deleted", "base devel runtime", "- centos6 centos7 ubi7 ubuntu14.04 ubuntu16.04 ubuntu17.04"),
    TagSet("9.0", "deleted", "cudnn7-devel cudnn7-runtime", "- centos6 centos7 ubi7 ubuntu14.04 ubuntu16.04"),
    TagSet("9.1", "deleted", "base devel runtime", "- centos6 centos7 ubi7 ubuntu14.04 ubuntu16.04 ubuntu17.04 ubuntu18.04"),
    TagSet("9.1", "deleted", "cudnn7-devel cudnn7-runtime", "- centos6 centos7 ubi7 ubuntu14.04 ubuntu16.04 ubuntu18.04"),
    TagSet("9.2", "deleted", "base cudnn7-devel cudnn7-runtime devel runtime", "- centos6 centos7 ubi7 ubuntu14.04 ubuntu16.04 ubuntu18.04"),
    TagSet("10.0", "deleted", "base cudnn7-devel cudnn7-runtime devel runtime", "- centos6 centos7 ubi7 ubuntu14.04 ubuntu16.04 ubuntu18.04"),
    TagSet("10.1", "deleted", "base cudnn7-devel cudnn7-runtime devel runtime", "- centos6 centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu14.04 ubuntu16.04 ubuntu18.04"),
    TagSet("10.1", "deleted", "cudnn8-devel cudnn8-runtime", "- centos7 centos8 ubi7 ubi8 ubuntu16.04 ubuntu18.04"),
    TagSet("10.2", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "- centos6 centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04"),
    TagSet("10.2", "deleted", "cudnn7-devel cudnn7-runtime", "- centos6 centos7 centos8 ubi7 ubi8 ubuntu16.04 ubuntu18.04"),
    TagSet("11.0", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "- centos7 centos8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.0.3", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.0.3", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos8"),
    TagSet("11.1", "deleted", "base devel runtime", "- centos7 centos8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.1", "deleted", "cudnn8-devel cudnn8-runtime", "centos7 centos8 ubi7 ubi8 ubuntu16.04 ubuntu18.04"),
    TagSet("11.1.1", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.1.1", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos8"),
    TagSet("11.2.0", "deleted", "base devel runtime", "- centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.2.0", "deleted", "cudnn8-devel cudnn8-runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.2.1", "deleted", "base devel runtime", "- centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.2.1", "deleted", "cudnn8-devel cudnn8-runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.2.2", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.2.2", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos8"),
    TagSet("11.3.0", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.3.1", "superseded", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu16.04 ubuntu18.04 ubuntu20.04"),
    TagSet("11.3.1", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos8"),
    TagSet("11.4.0", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.4.1", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.4.2", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.4.3", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.4.3", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos8"),
    TagSet("11.5.0", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.5.1", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.5.2", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.6.0", "deleted", "base devel runtime", "centos7 centos8 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.6.0", "deleted", "cudnn8-devel cudnn8-runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.6.1", "superseded", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu20.04"),
    TagSet("11.6.1", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "ubuntu18.04"),
    TagSet("11.6.2", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04"),
    TagSet("11.7.0", "deleted", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04 ubuntu22.04"),
    TagSet("11.7.1", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04 ubuntu22.04"),
    TagSet("11.8.0", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04 ubuntu22.04"),
    TagSet("12.0.0", "superseded", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 ubi7 ubi8 ubuntu18.04 ubuntu20.04 ubuntu22.04"),
    TagSet("12.0.1", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu18.04 ubuntu20.04 ubuntu22.04"),
    TagSet("12.1.0", "superseded", "base devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu18.04 ubuntu20.04 ubuntu22.04"),
    TagSet("12.1.0", "superseded", "cudnn8-devel cudnn8-runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.1.1", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.2.0", "superseded", "base devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.2.2", "supported", "base cudnn8-devel cudnn8-runtime devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.3.0", "superseded", "base devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.3.1", "superseded", "base devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.3.2", "supported", "base cudnn9-devel cudnn9-runtime devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.4.0", "superseded", "base devel runtime", "centos7 rockylinux8 rockylinux9 ubi7 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.4.1", "supported", "base cudnn-devel cudnn-runtime devel runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.5.0", "superseded", "base devel runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.5.1", "supported", "base devel runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.5.1", "supported", "cudnn-devel cudnn-runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04"),
    TagSet("12.6.0", "superseded", "base devel runtime", "amzn2023 cm2 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.6.0", "superseded", "cudnn-devel cudnn-runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.6.1", "superseded", "base devel runtime", "amzn2023 cm2 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.6.1", "superseded", "cudnn-devel cudnn-runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.6.2", "superseded", "base devel runtime", "amzn2023 cm2 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.6.2", "superseded", "cudnn-devel cudnn-runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.6.3", "supported", "base devel runtime", "amzn2023 cm2 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.6.3", "supported", "cudnn-devel cudnn-runtime", "rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.8.0", "superseded", "base devel runtime", "amzn2023 cm2 oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.8.0", "superseded", "cudnn-devel cudnn-runtime", "oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.8.1", "supported", "base devel runtime", "amzn2023 cm2 oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.8.1", "supported", "cudnn-devel cudnn-runtime", "oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.9.0", "superseded", "base devel runtime", "amzn2023 azl3 cm2 oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.9.0", "superseded", "cudnn-devel cudnn-runtime", "oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.9.1", "supported", "base devel runtime", "amzn2023 azl3 cm2 oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("12.9.1", "supported", "cudnn-devel cudnn-runtime", "oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.0", "superseded", "tensorrt-devel tensorrt-runtime", "ubuntu24.04"),
    TagSet("13.0.0", "superseded", "cudnn-devel cudnn-runtime", "oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.0", "superseded", "base devel runtime", "amzn2023 azl3 cm2 oraclelinux8 oraclelinux9 rockylinux10 rockylinux8 rockylinux9 ubi10 ubi8 ubi9 ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.1", "superseded", "base devel runtime", "amzn2023 azl3 cm2 oraclelinux8 oraclelinux9 rockylinux10 rockylinux8 rockylinux9 ubi10 ubi8 ubi9 ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.1", "superseded", "cudnn-devel cudnn-runtime", "oraclelinux8 oraclelinux9 rockylinux10 rockylinux8 rockylinux9 ubi10 ubi8 ubi9 ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.1", "deleted", "base cudnn-devel cudnn-runtime devel runtime", "opensuse15", False),
    TagSet("13.0.2", "supported", "base devel runtime", "amzn2023 azl3 oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.2", "supported", "cudnn-devel cudnn-runtime", "oraclelinux8 oraclelinux9 rockylinux8 rockylinux9 ubi8 ubi9 ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.2", "deleted", "base cudnn-devel cudnn-runtime devel runtime", "opensuse15", False),
    TagSet("13.1.0", "supported", "base devel runtime", "amzn2023 azl3 oraclelinux8 oraclelinux9 rockylinux10 rockylinux8 rockylinux9 ubi10 ubi8 ubi9 ubuntu22.04 ubuntu24.04"),
    TagSet("13.1.0", "deleted", "base devel runtime", "opensuse15", False),
)
# fmt: on

# fmt: off
LATER = (
    TagSet("13.1.1", "supported", "cudnn-devel", "ubuntu22.04 ubuntu24.04"),
    TagSet("13.1.2", "supported", "cudnn-devel", "ubuntu22.04 ubuntu24.04"),
    TagSet("13.0.3", "supported", "cudnn-devel", "ubuntu22.04 ubuntu24.04"),
    TagSet("13.2.0", "supported", "cudnn-devel", "ubuntu22.04 ubuntu24.04"),
    TagSet("13.2.1", "supported", "cudnn-devel", "ubuntu22.04 ubuntu24.04"),
    TagSet("12.8.2", "supported", "base runtime", "amzn2023"),
    TagSet("12.9.2", "supported", "cudnn-devel", "ubuntu20.04 ubuntu22.04 ubuntu24.04"),
    TagSet("13.3.0", "supported", "cudnn-devel", "ubuntu22.04 ubuntu24.04"),
)
# fmt: on
"""Seen after the complete list was made: tags that are known to exist, not all that exist."""

PATCHED_FROM = "12.8"
"""The oldest minor version of which a point release came after the complete list was made: of this one and newer ones
there may be others that the list does not have."""

# fmt: off
CUDNN = (
    Cudnn("8.0", "5.1.10 6.0.21 7.0.3.11 7.2.1.38"),
    Cudnn("9.0", "7.2.1.38 7.6.4.38"),
    Cudnn("9.1", "7.1.2.21 7.1.3.16"),
    Cudnn("9.2", "7.6.5.32"),
    Cudnn("10.0", "7.6.5.32"),
    Cudnn("10.1", "7.6.5.32 8.0.4.30 8.0.5.39"),
    Cudnn("10.2", "8.4.0.27 8.6.0.163"),
    Cudnn("11.0.3", "8.0.5.39"),
    Cudnn("11.1.1", "8.0.5.39"),
    Cudnn("11.2.0", "8.1.1.33"),
    Cudnn("11.2.1", "8.1.1.33"),
    Cudnn("11.2.2", "8.1.1.33"),
    Cudnn("11.3.0", "8.2.0.53"),
    Cudnn("11.3.1", "8.2.1.32"),
    Cudnn("11.4.0", "8.2.4.15"),
    Cudnn("11.4.1", "8.2.4.15"),
    Cudnn("11.4.2", "8.2.4.15"),
    Cudnn("11.4.3", "8.2.4.12 8.2.4.15"),
    Cudnn("11.5.0", "8.3.3.40"),
    Cudnn("11.5.1", "8.3.3.40"),
    Cudnn("11.5.2", "8.3.3.40"),
    Cudnn("11.6.0", "8.4.0.27"),
    Cudnn("11.6.1", "8.4.0.27"),
    Cudnn("11.6.2", "8.4.0.27"),
    Cudnn("11.7.0", "8.5.0.96"),
    Cudnn("11.7.1", "8.5.0.96"),
    Cudnn("11.8.0", "8.6.0.163 8.9.6.50"),
    Cudnn("12.0.0", "8.8.0.121"),
    Cudnn("12.0.1", "8.8.0.121"),
    Cudnn("12.1.0", "8.9.0.131"),
    Cudnn("12.1.1", "8.9.0.131"),
    Cudnn("12.2.2", "8.9.6.50"),
    Cudnn("12.3.2", "9.0.0.312"),
    Cudnn("12.4.1", "9.1.0.70"),
    Cudnn("12.5.1", "9.2.1.18"),
    Cudnn("12.6.0", "9.3.0.75"),
    Cudnn("12.6.1", "9.3.0.75"),
    Cudnn("12.6.2", "9.5.0.50"),
    Cudnn("12.6.3", "9.5.1.17"),
    Cudnn("12.8.0", "9.7.0.66"),
    Cudnn("12.8.1", "9.8.0.87"),
    Cudnn("12.9.0", "9.9.0.52"),
    Cudnn("12.9.1", "9.10.2.21"),
    Cudnn("13.0.0", "9.12.0.46"),
    Cudnn("13.0.1", "9.13.0.50"),
    Cudnn("13.0.2", "9.14.0.64"),
)
# fmt: on

# fmt: off
SIZES = (
    Size("base", 0.09),
    Size("runtime", 1.2),
    Size("cudnn-runtime", 1.6),
    Size("devel", 3.8),
    Size("cudnn-devel", 4.6),
)
# fmt: on

DELETED_SINCE = (("centos8", "2022-05"), ("", "2023-07"))
"""When deleted tags were gone from Docker Hub at the latest, by os; "" is every other."""

LATEST_REMOVED = "2021-01"
"""`latest`, and with it the untagged name, was removed: a pull ends in "manifest unknown"."""

ENV = (
    "NVARCH",
    "NVIDIA_REQUIRE_CUDA",
    "CUDA_VERSION",
    "PATH",
    "LD_LIBRARY_PATH",
    "NVIDIA_VISIBLE_DEVICES",
    "NVIDIA_DRIVER_CAPABILITIES",
)
"""Variables that every image sets; devel adds LIBRARY_PATH."""

ABSENT = "python python3 pip pip3 conda git"
"""Commands that no flavour ships."""

ABSENT_ON_UBUNTU = "curl wget"
"""curl is purged again after the repository key is fetched."""

KEY_ROTATED = "2022-04-27"
"""NVIDIA signed its apt repositories with another key from this day on: 3bf863cc in place of 7fa2af80. Images that were
built before know the old one alone. Source: NVIDIA's support policy text, reports under nvidia-docker issue 1631."""

KEY_ERROR = "NO_PUBKEY A4B469963BF863CC"

LAST_BEFORE_KEY = "11.6.0"
"""The newest CUDA with point releases that were out of support, and so not rebuilt, when the key changed."""

REBUILT_WITH_KEY = "10.2"
"""Removed since then, but rebuilt with the new key while it was supported: without cuDNN, and with cuDNN 8."""
