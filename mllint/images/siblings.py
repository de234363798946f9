"""The smaller images of the same publisher that hold what a finished service needs."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.images.accelerated import parse_cuda_tag, parse_torch_tag
from mllint.images.existence import missing
from mllint.images.known import facts
from mllint.images.names import identify
from mllint.images.reference import ImageReference


class Sibling(NamedTuple):
    """A smaller image. Sizes are compressed GB, recalled: say "about"; None when unknown."""

    image: ImageReference
    size_gb: float | None
    own_gb: float | None
    """The size of the image that was asked about."""


def smaller(reference: ImageReference, flavour: str | None = None) -> Sibling | None:
    """The smaller sibling of an image: slim of a full Python, runtime of devel, Miniconda of Anaconda.

    `flavour` asks nvidia/cuda for "base" instead of "runtime". None when there is none, or when it is not known to
    exist.
    """
    name = identify(reference).name
    tag = reference.tag or ""
    other: str | None = None
    repository = reference.repository
    if name == "docker.io/library/python":
        other = _slim(tag)
    elif name == "docker.io/nvidia/cuda":
        other = _cuda(tag, flavour or "runtime")
    elif name == "docker.io/pytorch/pytorch":
        parts = parse_torch_tag(tag)
        other = str(parts._replace(flavour="runtime")) if parts and parts.flavour == "devel" else None
    elif name == "docker.io/continuumio/anaconda3":
        repository, other = repository.replace("anaconda3", "miniconda3"), "latest"
    if other is None:
        return None
    image = ImageReference(reference.registry, repository, other, None)
    if missing(image) is not None:
        return None
    own, found = facts(reference), facts(image)
    return Sibling(image, found.size_gb if found else None, own.size_gb if own else None)


def _slim(tag: str) -> str | None:
    """`3.11` → `3.11-slim`, `3.11-bookworm` → `3.11-slim-bookworm`; None for slim, Alpine and Windows tags."""
    match = re.fullmatch(r"(\d[\w.]*)(?:-([a-z]+))?", tag)
    if match is None or match[2] in ("slim", "alpine", "windowsservercore"):
        return "slim" if tag in ("", "latest") else None
    return f"{match[1]}-slim" + (f"-{match[2]}" if match[2] else "")


def _cuda(tag: str, flavour: str) -> str | None:
    parts = parse_cuda_tag(tag)
    order = ("base", "runtime", "devel")
    if parts is None or not parts.flavour or order.index(flavour) >= order.index(parts.flavour):
        return None
    # cuDNN stays where it can: there is no base image with it.
    library = "" if flavour == "base" else parts.library
    return str(parts._replace(flavour=flavour, library=library))
