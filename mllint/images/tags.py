"""What can be said of an image's tag without pulling it: the one door for rules to the modules that know."""

from __future__ import annotations

from mllint.images.existence import MissingTag, missing
from mllint.images.floating import Floating, floating
from mllint.images.lifetime import TODAY, Discontinued, EndOfLife, discontinued, end_of_life
from mllint.images.names import OFFICIAL
from mllint.images.reference import ImageReference

__all__ = [
    "TODAY",
    "Discontinued",
    "EndOfLife",
    "Floating",
    "MissingTag",
    "discontinued",
    "end_of_life",
    "floating",
    "missing",
    "official",
]


def official(reference: ImageReference) -> bool:
    """Whether a short name (`python`) is that of an official image of Docker Hub that ML services use."""
    return reference.registry == "docker.io" and reference.familiar in OFFICIAL
