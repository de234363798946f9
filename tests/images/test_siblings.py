"""Other images of the same publisher."""

from __future__ import annotations

import pytest

from mllint.images.reference import parse_reference
from mllint.images.siblings import with_compiler, with_cudnn


def tag(found: object) -> str | None:
    return str(found).rpartition(":")[2] if found is not None else None


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("nvidia/cuda:12.4.1-runtime-ubuntu22.04", "12.4.1-devel-ubuntu22.04"),
        ("nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04", "12.4.1-cudnn-devel-ubuntu22.04"),
        ("pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime", "2.5.1-cuda12.4-cudnn9-devel"),
        ("nvidia/cuda:12.4.1-devel-ubuntu22.04", None),
        ("python:3.11-slim", None),
    ],
)
def test_the_image_with_the_compiler(image: str, found: str | None) -> None:
    reference = parse_reference(image)
    assert reference is not None
    assert tag(with_compiler(reference)) == found


@pytest.mark.parametrize(
    ("image", "major", "found"),
    [
        ("nvidia/cuda:11.8.0-runtime-ubuntu22.04", "8", "11.8.0-cudnn8-runtime-ubuntu22.04"),
        ("nvidia/cuda:12.4.1-devel-ubuntu22.04", "9", "12.4.1-cudnn-devel-ubuntu22.04"),
        ("nvidia/cuda:12.4.1-base-ubuntu22.04", "9", "12.4.1-cudnn-runtime-ubuntu22.04"),
        ("nvidia/cuda:12.4.1-runtime-ubuntu22.04", "8", None),
        ("nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04", "9", None),
        ("python:3.11-slim", "9", None),
    ],
)
def test_the_image_with_cudnn(image: str, major: str, found: str | None) -> None:
    reference = parse_reference(image)
    assert reference is not None
    assert tag(with_cudnn(reference, major)) == found
