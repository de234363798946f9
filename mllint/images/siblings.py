"""Other images of the same publisher: smaller ones for a finished service, and those with the compiler or cuDNN."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.images.accelerated import parse_cuda_tag, parse_torch_tag
from mllint.images.existence import missing
from mllint.images.known import facts
from mllint.images.lifetime import TODAY, end_of_life
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
    image = _existing(reference._replace(repository=repository), other)
    if image is None:
        return None
    image = _maintained(image)
    own, found = facts(reference), facts(image)
    return Sibling(image, found.size_gb if found else None, own.size_gb if own else None)


def with_compiler(reference: ImageReference) -> ImageReference | None:
    """The devel image beside a base or runtime one of nvidia/cuda or pytorch/pytorch; None when there is none."""
    name, tag = identify(reference).name, reference.tag or ""
    other: str | None = None
    if name == "docker.io/nvidia/cuda":
        cuda = parse_cuda_tag(tag)
        other = str(cuda._replace(flavour="devel")) if cuda and cuda.flavour in ("base", "runtime") else None
    elif name == "docker.io/pytorch/pytorch":
        torch = parse_torch_tag(tag)
        other = str(torch._replace(flavour="devel")) if torch and torch.flavour == "runtime" else None
    return _existing(reference, other)


def with_cudnn(reference: ImageReference, major: str) -> ImageReference | None:
    """The nvidia/cuda image of the same CUDA and flavour with a cuDNN of that major version; None when there is none.

    There is no `-base` image with cuDNN: `-runtime` stands for it.
    """
    cuda = parse_cuda_tag(reference.tag or "") if identify(reference).name == "docker.io/nvidia/cuda" else None
    if cuda is None or cuda.library or not cuda.flavour:
        return None
    flavour = "devel" if cuda.flavour == "devel" else "runtime"
    for library in (f"cudnn{major}", "cudnn"):
        found = _existing(reference, str(cuda._replace(library=library, flavour=flavour)))
        known = facts(found) if found is not None else None
        if known is not None and (known.cudnn or "").partition(".")[0] == major:
            return found
    return None


def _maintained(image: ImageReference) -> ImageReference:
    """The image on a maintained release of its system, where its own has ended: nobody should move to that one."""
    from mllint.knowledge.os_releases import RELEASES

    known = facts(image)
    ended = any(end.kind == "os" for end in end_of_life(image))
    if not ended or known is None or known.family != "python" or not known.os_codename:
        return image
    # The newest first, as the table has them.
    for row in RELEASES:
        if row.os == known.os and row.codename is not None and row.ends > TODAY:
            other = _existing(image, (image.tag or "").replace(known.os_codename, row.codename))
            if other is not None:
                return other
    return image


def _existing(reference: ImageReference, tag: str | None) -> ImageReference | None:
    """The image of another tag, where the tables do not say that there is none."""
    if tag is None:
        return None
    image = ImageReference(reference.registry, reference.repository, tag, None)
    return image if missing(image) is None else None


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
