"""What can be said of an image's tag without pulling it: the one door for rules to the modules that know."""

from __future__ import annotations

from mllint.images.existence import MissingTag, missing
from mllint.images.floating import Floating, floating
from mllint.images.lifetime import TODAY, Discontinued, EndOfLife, discontinued, end_of_life

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
]
