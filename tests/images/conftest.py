"""Shared by the tests of the images layer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.images.reference import ImageReference, parse_reference


def _image(text: str) -> ImageReference:
    reference = parse_reference(text)
    assert reference is not None, text
    return reference


@pytest.fixture
def image() -> Callable[[str], ImageReference]:
    """Reads a reference that is known to be valid."""
    return _image
