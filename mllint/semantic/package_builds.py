"""Which build of a package an install takes, for CUDA, for ROCm or for the CPU: by its version, its index, by conda."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mllint.packages.requirement import Requirement
from mllint.regex import regex
from mllint.semantic.wheels import WheelIndex, build_of_version

if TYPE_CHECKING:
    from mllint.semantic.installations import Installation

#: What PyTorch's own indexes hold in builds of their own.
HOSTED = frozenset({"torch", "torchvision", "torchaudio", "torchtext", "torchao", "xformers", "torch-tensorrt"})
_CONDA_FAMILY = frozenset({"pytorch", "pytorch-gpu", "torchvision", "torchaudio", "torchtext"})
_CONDA_BUILD = regex(r"(?i)cuda-?(\d+)[._]?(\d)|cu(?:da)?(\d{2})(\d)|(?<![a-z])cpu(?![a-z])")


def build_of(name: str, version: str | None, requirement: Requirement | None, installation: Installation) -> str | None:
    """The build that is installed ("cu121", "cpu", "rocm6.0"); None when nothing says it, or when it is not sure."""
    if requirement is not None and requirement.ecosystem == "conda":
        return _conda(requirement, installation)
    named = build_of_version(version) or build_of_version(requirement.specifier if requirement is not None else None)
    if named is not None or installation.step.install.ecosystem == "system":
        return named
    return _by_index(name, version, installation) if name in HOSTED else None


def _by_index(name: str, version: str | None, installation: Installation) -> str | None:
    own = {index.build for index in installation.indexes if name in index.packages}
    if own:
        return own.pop() if len(own) == 1 else None
    shared = [index for index in installation.indexes if not index.packages]
    for kind in ("torch-backend", "index-url"):
        found = [index for index in shared if index.kind == kind]
        # Of several options of a kind the last one counts.
        if found and (found[-1].build is not None or kind == "torch-backend"):
            return found[-1].build
    return _beside(name, version, shared, installation.step.install.manager)


def _beside(name: str, version: str | None, indexes: list[WheelIndex], manager: str) -> str | None:
    """The build of an index that is looked into besides the default one.

    uv takes a package from the first index that has it, and extra ones come first. pip takes the highest version of
    all: `2.1.0+cu121` is above `2.1.0`, but the default index may have a newer release.
    """
    builds = [index.build for index in indexes if index.kind in ("extra-index-url", "find-links") and index.build]
    if len(set(builds)) != 1:
        return None
    if manager == "uv" and any(index.kind == "extra-index-url" for index in indexes):
        return builds[0]
    return builds[0] if version is not None and _exists(name, version, builds[0]) else None


def _exists(name: str, version: str, build: str) -> bool:
    """Whether the index of a build is known to have the release."""
    from mllint.knowledge import torch, torch_companions

    if name != "torch":
        companion = torch_companions.find(name, version)
        if companion is None or not (companion.torch or "").startswith("=="):
            return False
        version = (companion.torch or "").removeprefix("==")
    return torch.exists(version, build) is True


def _conda(requirement: Requirement, installation: Installation) -> str | None:
    build = _CONDA_BUILD.search(requirement.specifier.partition("=")[2])
    if build is not None:
        digits = (build[1] or build[3] or "", build[2] or build[4] or "")
        return f"cu{digits[0]}{digits[1]}" if digits[0] else "cpu"
    if requirement.name not in _CONDA_FAMILY:
        return None
    beside = {wanted.requirement.name: wanted.requirement.specifier for wanted in installation.wanted}
    if "cpuonly" in beside:
        return "cpu"
    for name in ("pytorch-cuda", "cudatoolkit"):
        number = re.search(r"(\d+)\.(\d+)", beside.get(name, ""))
        if number is not None:
            return f"cu{number[1]}{number[2]}"
    return None
