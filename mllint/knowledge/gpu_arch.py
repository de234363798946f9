# ruff: noqa: E501
"""GPU architectures: the CUDA toolkits that can target them, and the boards that have them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

SOURCE = (
    "NVIDIA, list of CUDA GPUs (developer.nvidia.com/cuda-gpus)",
    "CUDA release notes; nixpkgs, cuda-modules/_cuda/db/bootstrap/cuda.nix (first and last toolkits)",
    "endoflife.date, nvidia-gpu and nvidia-driver (last driver branches)",
)
CHECKED = "2026-11-20"
HORIZON = "12.1"
"""The highest compute capability of the table; what is newer is unknown."""


class Architecture(NamedTuple):
    """A compute capability ("9.0" is sm_90), and the CUDA minor versions whose nvcc can target it."""

    capability: str
    name: str
    first_cuda: str
    last_cuda: str | None = None
    """None: the newest toolkit still does."""
    deprecated_since: str = ""
    note: str = ""
    sure: bool = True


class Gpu(NamedTuple):
    """A board or a series of boards, with its compute capability; the cloud instances are recalled."""

    name: str
    capability: str
    kind: str
    """"datacenter", "geforce", "workstation", "titan", "jetson" or "desktop"."""
    cloud: str = ""


# fmt: off
ARCHITECTURES = (
    Architecture("3.0", "Kepler", "4.2", "10.2", "10.2", sure=False),
    Architecture("3.5", "Kepler", "5.0", "11.8", "11.0"),
    Architecture("3.7", "Kepler", "6.5", "11.8", "11.0"),
    Architecture("5.0", "Maxwell", "6.5", "12.9", "11.0"),
    Architecture("5.2", "Maxwell", "7.0", "12.9", "11.0"),
    Architecture("5.3", "Maxwell", "6.5", "12.9", sure=False),
    Architecture("6.0", "Pascal", "8.0", "12.9", "12.8"),
    Architecture("6.1", "Pascal", "8.0", "12.9", "12.8"),
    Architecture("6.2", "Pascal", "8.0", "12.9", "12.8", sure=False),
    Architecture("7.0", "Volta", "9.0", "12.9", "12.8"),
    Architecture("7.2", "Volta", "9.2", "12.9", "12.8"),
    Architecture("7.5", "Turing", "10.0", note="the oldest of CUDA 13"),
    Architecture("8.0", "Ampere", "11.0"),
    Architecture("8.6", "Ampere", "11.1"),
    Architecture("8.7", "Ampere", "11.4", note="Jetson Orin"),
    Architecture("8.8", "Ampere", "13.0", sure=False),
    Architecture("8.9", "Ada", "11.8", note="runs code for 8.6; no official torch wheel has code of its own for it"),
    Architecture("9.0", "Hopper", "11.8", note="9.0a needs CUDA 12.0"),
    Architecture("10.0", "Blackwell", "12.8"),
    Architecture("10.1", "Blackwell", "12.8", "12.9", note="called 11.0 since CUDA 13.0"),
    Architecture("10.3", "Blackwell Ultra", "12.9", note="runs code for 10.0"),
    Architecture("10.7", "Rubin", "13.4", sure=False),
    Architecture("11.0", "Blackwell", "13.0", note="Jetson Thor"),
    Architecture("12.0", "Blackwell", "12.8"),
    Architecture("12.1", "Blackwell", "12.9", note="runs code for 12.0"),
)
# fmt: on

# fmt: off
GPUS = (
    Gpu("K80", "3.7", "datacenter", "AWS p2, Azure NC"),
    Gpu("K40", "3.5", "datacenter"),
    Gpu("K20", "3.5", "datacenter"),
    Gpu("M40", "5.2", "datacenter"),
    Gpu("M60", "5.2", "datacenter", "AWS g3, Azure NV"),
    Gpu("M10", "5.0", "datacenter"),
    Gpu("P4", "6.1", "datacenter", "GCP p4"),
    Gpu("P40", "6.1", "datacenter", "Azure ND"),
    Gpu("P100", "6.0", "datacenter", "Azure NCv2, GCP p100, Kaggle"),
    Gpu("V100", "7.0", "datacenter", "AWS p3, Azure NCv3"),
    Gpu("T4", "7.5", "datacenter", "AWS g4dn, GCP T4, Colab, Azure NCasT4"),
    Gpu("A100", "8.0", "datacenter", "AWS p4d/p4de, GCP a2, Azure NDv4"),
    Gpu("A800", "8.0", "datacenter"),
    Gpu("A30", "8.0", "datacenter"),
    Gpu("A10", "8.6", "datacenter", "Azure NVadsA10"),
    Gpu("A10G", "8.6", "datacenter", "AWS g5"),
    Gpu("A40", "8.6", "datacenter"),
    Gpu("A16", "8.6", "datacenter"),
    Gpu("A2", "8.6", "datacenter"),
    Gpu("L4", "8.9", "datacenter", "AWS g6, GCP g2"),
    Gpu("L40", "8.9", "datacenter"),
    Gpu("L40S", "8.9", "datacenter", "AWS g6e"),
    Gpu("H100", "9.0", "datacenter", "AWS p5, GCP a3, Azure NDv5"),
    Gpu("H200", "9.0", "datacenter", "AWS p5e/p5en"),
    Gpu("H800", "9.0", "datacenter"),
    Gpu("H20", "9.0", "datacenter"),
    Gpu("GH200", "9.0", "datacenter"),
    Gpu("B100", "10.0", "datacenter"),
    Gpu("B200", "10.0", "datacenter", "AWS p6-b200, GCP a4"),
    Gpu("GB200", "10.0", "datacenter", "AWS p6e, GCP a4x"),
    Gpu("B300", "10.3", "datacenter"),
    Gpu("GB300", "10.3", "datacenter"),
    Gpu("RTX PRO 6000", "12.0", "workstation", "AWS g7e, GCP g4"),
    Gpu("RTX PRO", "12.0", "workstation"),
    *(Gpu(f"GTX {number}", "5.2", "geforce") for number in (970, 980)),
    Gpu("GTX 750", "5.0", "geforce"),
    Gpu("GTX Titan X", "5.2", "titan"),
    *(Gpu(f"GTX {number}", "6.1", "geforce") for number in (1050, 1060, 1070, 1080)),
    Gpu("Titan Xp", "6.1", "titan"),
    Gpu("Titan V", "7.0", "titan"),
    Gpu("Titan RTX", "7.5", "titan"),
    *(Gpu(f"GTX {number}", "7.5", "geforce") for number in (1650, 1660)),
    *(Gpu(f"RTX {number}", "7.5", "geforce") for number in (2060, 2070, 2080)),
    *(Gpu(f"Quadro RTX {number}", "7.5", "workstation") for number in (4000, 5000, 6000, 8000)),
    *(Gpu(f"RTX {number}", "8.6", "geforce") for number in (3050, 3060, 3070, 3080, 3090)),
    *(Gpu(f"RTX {number}", "8.6", "workstation") for number in ("A2000", "A4000", "A4500", "A5000", "A5500", "A6000")),
    *(Gpu(number, "8.6", "workstation") for number in ("A2000", "A4000", "A4500", "A5000", "A5500", "A6000")),
    *(Gpu(f"RTX {number}", "8.9", "geforce") for number in (4050, 4060, 4070, 4080, 4090)),
    Gpu("RTX 6000 Ada", "8.9", "workstation"),
    *(Gpu(f"RTX {number}", "12.0", "geforce") for number in (5050, 5060, 5070, 5080, 5090)),
    Gpu("DGX Spark", "12.1", "desktop"),
    Gpu("GB10", "12.1", "desktop"),
    Gpu("Jetson Nano", "5.3", "jetson"),
    Gpu("Jetson TX1", "5.3", "jetson"),
    Gpu("Jetson TX2", "6.2", "jetson"),
    Gpu("Jetson AGX Xavier", "7.2", "jetson"),
    Gpu("Jetson Xavier NX", "7.2", "jetson"),
    Gpu("Jetson Orin", "8.7", "jetson"),
    Gpu("Jetson AGX Orin", "8.7", "jetson"),
    Gpu("Jetson Thor", "11.0", "jetson"),
)
# fmt: on

LAST_DRIVERS = (("Kepler", 470), ("Maxwell", 580), ("Pascal", 580), ("Volta", 580))
"""The last driver branch of the architectures that newer drivers have dropped."""

FIRST_DRIVERS = (("Blackwell", 570), ("Blackwell Ultra", 570))
"""The first driver branch that knows an architecture: that of CUDA 12.8, the first toolkit that targets Blackwell.

Forward compatibility does not replace it: cuda-compat brings a newer CUDA to an older driver, not a newer board.
"""

EMBEDDING_TAGS = (
    ("turing-", "7.5"),
    ("86-", "8.6"),
    ("89-", "8.9"),
    ("hopper-", "9.0"),
    ("100-", "10.0"),
    ("120-", "12.0"),
)
"""What the images of Text Embeddings Inference are built for, by how their tags begin; a bare version is for 8.0.

Its README says so; the prefixes are recalled. Nothing else is compiled in, PTX included.
"""

NO_KERNEL = "no kernel image is available for execution on the device"
"""What CUDA says when a binary has neither code for the GPU (same major, same or lower minor) nor PTX."""

_VENDOR = frozenset({"nvidia", "tesla", "geforce"})


@lru_cache(maxsize=4096)
def architecture(capability: str) -> Architecture | None:
    """The row of a compute capability ("9.0", "9.0a"); None when it is not in the table."""
    wanted = capability.rstrip("af")
    return next((row for row in ARCHITECTURES if row.capability == wanted), None)


def gpu(name: str) -> Gpu | None:
    """The board that a name begins with ("H100", "NVIDIA A100-SXM4-40GB", "rtx 4090"); None when it is not in the table."""
    words = [word for word in re.split(r"[\s_/-]+", name.strip().lower()) if word not in _VENDOR]
    rows = [row for row in GPUS if words[: row.name.count(" ") + 1] == row.name.lower().split()]
    return max(rows, key=lambda row: row.name.count(" "), default=None)
