from __future__ import annotations

import pytest

from mllint.semantic.nvidia_key import stale_key


@pytest.mark.parametrize(
    ("image", "rebuilt"),
    [
        ("nvidia/cuda:11.4.0-devel-ubuntu20.04", "11.4.3-devel-ubuntu20.04"),
        ("nvidia/cuda:10.1-cudnn7-devel-ubuntu18.04", None),
        ("nvidia/cuda:10.2-cudnn7-runtime", None),
        ("pytorch/pytorch:1.11.0-cuda11.3-cudnn8-devel", None),
        ("tensorflow/tensorflow:2.8.0-gpu", None),
    ],
)
def test_images_with_the_old_key(build, image: str, rebuilt: str | None) -> None:
    found = stale_key(build(f"FROM {image}\nRUN apt-get update").final)
    assert found is not None
    assert found.rebuilt == rebuilt


@pytest.mark.parametrize(
    "image",
    [
        "nvidia/cuda:11.4.3-devel-ubuntu20.04",
        "nvidia/cuda:10.2-cudnn8-devel-ubuntu18.04",
        "nvidia/cuda:11.6.1-devel-ubuntu18.04",
        "nvidia/cuda:10.1-devel-centos7",
        "nvidia/cuda:99.9.9-devel-ubuntu20.04",
        "pytorch/pytorch:1.11.0-cuda11.3-cudnn8-runtime",
        "pytorch/pytorch:1.12.0-cuda11.3-cudnn8-devel",
        "tensorflow/tensorflow:2.8.0",
        "tensorflow/tensorflow:2.9.1-gpu",
        "ubuntu:20.04",
    ],
)
def test_images_without_it(build, image: str) -> None:
    assert stale_key(build(f"FROM {image}\nRUN apt-get update").final) is None
