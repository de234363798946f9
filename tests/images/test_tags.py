"""Floating, missing, ended and discontinued: what is said of a tag without pulling it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.images.reference import ImageReference
from mllint.images.siblings import smaller
from mllint.images.tags import discontinued, end_of_life, floating, missing

Image = Callable[[str], ImageReference]
DIGEST = "@sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("text", "kind", "proposal"),
    [
        ("python", "untagged", "3.13"),
        ("python:latest", "latest", "3.13"),
        ("python:3", "major", "3.13"),
        ("python:3-slim", "major", "3.13-slim"),
        ("python:slim", "variant", "3.13-slim"),
        ("python:slim-bookworm", "variant", "3.13-slim-bookworm"),
        ("python:alpine3.20", "variant", "3.13-alpine3.20"),
        ("python:rc", "channel", "3.13"),
        ("python:2", "major", None),
        ("node:20", "major", None),
        ("node:lts-slim", "channel", None),
        ("ubuntu", "untagged", "24.04"),
        ("ubuntu:rolling", "channel", "24.04"),
        ("debian:stable-slim", "channel", "13-slim"),
        ("alpine:3", "major", "3.23"),
        ("tensorflow/tensorflow:latest-gpu", "channel", "2.21.0-gpu"),
        ("pytorch/pytorch", "untagged", "2.9.1-cuda12.8-cudnn9-runtime"),
        ("ghcr.io/ggml-org/llama.cpp:server-cuda", "variant", None),
        ("ultralytics/ultralytics:latest-cpu", "channel", None),
        ("example/app:main", "channel", None),
        ("example/app:cuda", "variant", None),
        ("example/app:nightly-cu121", "channel", None),
        ("example/app:1.2-latest", "channel", None),
        ("example/app:main-py3.11-cu124-2.6.0", "channel", None),
        ("example/app:dev-cu124-2.6.0", "channel", None),
        ("example/app:nightly-2.6.0", "channel", None),
        ("example/app:2.6.0-nightly", "channel", None),
        ("example/app:cu124-main", "channel", None),
        ("registry.example.com/app", "untagged", None),
    ],
)
def test_floating(image: Image, text: str, kind: str, proposal: str | None) -> None:
    found = floating(image(text))
    assert found is not None
    assert (found.kind, found.proposal) == (kind, proposal)


@pytest.mark.parametrize(
    "text",
    [
        "python:3.11",
        "python:3.11-slim",
        "python:3.14-rc",
        "python:3.14.0rc1-slim",
        "golang:1.25",
        "ubuntu:22.04",
        "ubuntu:jammy",
        "ubuntu:noble-20240605",
        "debian:12",
        "debian:bookworm-slim",
        "rockylinux:9",
        "amazonlinux:2023",
        "alpine:3.20",
        "nvidia/cuda:12.2.0-base-ubuntu22.04",
        "nvcr.io/nvidia/pytorch:24.01-py3",
        "quay.io/jupyter/base-notebook:2024-10-07",
        "vllm/vllm-openai:v0.5.4",
        "ghcr.io/huggingface/text-embeddings-inference:turing-1.5",
        "example/app:nightly-20240101",
        "example/app:nightly-2024-10-07",
        "example/app:nightly-v0.6.3",
        "example/app:main-20241007",
        "example/app:main-1a2b3c4-py3.11",
        "example/app:main-v1.56.5",
        "example/app:main-1234",
        "example/app:latest-2024.10.07",
        "example/app:1a2b3c4-nightly",
        "example/app:stable-24.05",
        "example/app:devel-cu124-2.6.0",
        "example/app:3.12-dev",
        "example/app:2.6.0-devel",
        "example/app:main-3f2c1ab",
        "example/app:prod",
        "example/app:7",
        "example/app:builder",
        "jupyter/base-notebook:b4dd11e16ae4",
        "scratch",
        "python:latest" + DIGEST,
        "python" + DIGEST,
    ],
)
def test_not_floating(image: Image, text: str) -> None:
    assert floating(image(text)) is None


@pytest.mark.parametrize(
    ("text", "kind", "first", "sure"),
    [
        ("nvidia/cuda:11.8.0-base", "never", "11.8.0-base-ubuntu22.04", True),
        ("nvidia/cuda:12.1.1-devel", "never", "12.1.1-devel-ubuntu22.04", True),
        ("nvidia/cuda:12.2.1-runtime-ubuntu22.04", "never", "12.2.2-runtime-ubuntu22.04", True),
        ("nvidia/cuda:12.2.0-cudnn8-devel-ubuntu22.04", "never", "12.2.2-cudnn8-devel-ubuntu22.04", True),
        ("nvidia/cuda:12.4.1-cudnn8-devel-ubuntu22.04", "never", "12.4.1-cudnn-devel-ubuntu22.04", True),
        ("nvidia/cuda:12.4-base-ubuntu22.04", "never", "12.4.0-base-ubuntu22.04", True),
        ("nvidia/cuda:13.0.0-base-ubuntu20.04", "never", "13.0.0-base-ubuntu24.04", True),
        ("nvidia/cuda:12.7.0-base-ubuntu22.04", "never", "12.8.0-base-ubuntu22.04", True),
        ("nvidia/cuda:13.1.0-cudnn-devel-ubuntu24.04", "never", "13.1.1-cudnn-devel-ubuntu24.04", True),
        ("nvidia/cuda:11.7.0-base-ubuntu20.04", "deleted", "11.7.1-base-ubuntu20.04", True),
        ("nvidia/cuda:10.2-cudnn7-devel-ubuntu18.04", "deleted", "11.0.3-cudnn8-devel-ubuntu18.04", True),
        ("nvidia/cuda:9.9-base", "deleted", "11.0.3-base-ubuntu20.04", True),
        ("nvidia/cuda:latest", "deleted", "13.1.0-base-ubuntu24.04", True),
        ("nvidia/cuda", "deleted", "13.1.0-base-ubuntu24.04", True),
        ("nvcr.io/nvidia/cuda:10.2-base-ubuntu18.04", "deleted", "11.0.3-base-ubuntu18.04", False),
        ("pytorch/pytorch:2.1.0-cuda12.2-cudnn8-runtime", "never", "2.1.0-cuda12.1-cudnn8-runtime", True),
        ("pytorch/pytorch:2.1.3-cuda12.1-cudnn8-devel", "never", "2.1.2-cuda12.1-cudnn8-devel", True),
        ("pytorch/pytorch:2.4.0-cuda12.4-cudnn8-devel", "never", "2.4.0-cuda12.4-cudnn9-devel", True),
        ("pytorch/pytorch:2.2.0-cuda12.1-cudnn9-devel", "never", "2.2.0-cuda12.1-cudnn8-devel", False),
        ("pytorch/pytorch:1.12.1-cuda11.6-cudnn8-runtime", "never", "1.12.1-cuda11.3-cudnn8-runtime", False),
        ("pytorch/pytorch:2.1.0", "never", "2.1.0-cuda12.1-cudnn8-runtime", False),
        ("tensorflow/tensorflow:2.12.7-gpu", "never", "2.12.1-gpu", True),
        ("tensorflow/tensorflow:2.9.0-gpu-py3", "never", "2.9.0-gpu", False),
        ("python:3.12-slim-buster", "never", "3.12-slim-trixie", True),
        ("python:3.13.1-alpine3.14", "never", "3.13.1-alpine3.21", True),
        ("python:3.8-trixie", "never", "3.8-bookworm", True),
        ("python:3.12.1-slim-trixie", "never", "3.12-slim-trixie", True),
        ("python:3.12.1-slim-buster", "never", "3.12.1-slim-bookworm", True),
        ("python:3.11.3-slim-bookworm", "never", "3.11-slim-bookworm", True),
        ("nvcr.io/nvidia/pytorch:23.10", "never", "23.10-py3", False),
    ],
)
def test_missing(image: Image, text: str, kind: str, first: str, sure: bool) -> None:
    found = missing(image(text))
    assert found is not None
    assert (found.kind, found.nearest[0], found.sure) == (kind, first, sure)
    assert found.reason


@pytest.mark.parametrize(
    "text",
    [
        "nvidia/cuda:11.8.0-base-ubuntu22.04",
        "nvidia/cuda:12.2.0-devel-ubuntu22.04",
        "nvidia/cuda:12.2.0-runtime-ubuntu22.04",
        "nvidia/cuda:11.8.0-base-ubuntu20.04",
        "nvidia/cuda:11.6.1-base-ubuntu20.04",
        "nvidia/cuda:12.9.2-cudnn-devel-ubuntu22.04",
        "nvidia/cuda:12.9.2-base-ubuntu22.04",
        "nvidia/cuda:13.3.0-base-ubuntu26.04",
        "nvidia/cuda:14.0.0-base-ubuntu28.04",
        "nvidia/cuda:my-own-word",
        "nvidia/cuda:11.8.0-base" + DIGEST,
        "registry.example.com/nvidia/cuda:11.8.0-base",
        "pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime",
        "pytorch/pytorch:2.0.1-cuda11.7-cudnn8-devel",
        "pytorch/pytorch:2.15.0-cuda13.2-cudnn9-runtime",
        "pytorch/pytorch:2.16.0-cuda13.9-cudnn9-runtime",
        "pytorch/pytorch:1.3-cuda10.1-cudnn7-runtime",
        "pytorch/pytorch:1.5-cuda10.1-cudnn7-runtime",
        "pytorch/pytorch:latest",
        "pytorch/pytorch",
        "ghcr.io/pytorch/pytorch:2.0.1-runtime",
        "tensorflow/tensorflow:2.12.0-gpu",
        "tensorflow/tensorflow:1.15.0-gpu-py3",
        "tensorflow/tensorflow:2.99.0",
        "python:3.9-slim-buster",
        "python:3.11-slim-buster",
        "python:3.12-slim-bookworm",
        "python:3.12",
        "python:3.14-alpine3.99",
        "python:3.14-slim-forky",
        "python:3.20-slim-bookworm",
        "nvcr.io/nvidia/pytorch:23.10-py3",
        "ubuntu:22.04",
        "example/app:1.0",
    ],
)
def test_not_missing(image: Image, text: str) -> None:
    assert missing(image(text)) is None


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("12.4-base-ubuntu22.04", "three version numbers"),
        ("12.2.1-base-ubuntu22.04", "no images of CUDA 12.2.1"),
        ("11.8.0-base", "operating system"),
        ("11.8.0-ubuntu22.04", "flavour"),
        ("12.4.0-cudnn-devel-ubuntu22.04", "no cudnn images"),
        ("12.4.1-cudnn8-devel-ubuntu22.04", "the suffix is cudnn"),
        ("13.0.0-base-ubuntu20.04", "no images on ubuntu20.04"),
    ],
)
def test_reasons_name_the_part_that_is_wrong(image: Image, tag: str, words: str) -> None:
    found = missing(image(f"nvidia/cuda:{tag}"))
    assert found is not None
    assert words in found.reason


def test_every_proposed_tag_exists(image: Image) -> None:
    for text in (
        "nvidia/cuda:10.0-base",
        "nvidia/cuda:12.4.0-cudnn-runtime-ubi8",
        "pytorch/pytorch:2.7.0-cuda12.4-cudnn9-devel",
    ):
        found = missing(image(text))
        assert found is not None
        for tag in found.nearest:
            assert missing(image(f"{image(text).familiar}:{tag}")) is None


def test_deleted_since(image: Image) -> None:
    centos = missing(image("nvidia/cuda:11.4.0-base-centos8"))
    ubuntu = missing(image("nvidia/cuda:11.4.0-base-ubuntu20.04"))
    assert centos is not None
    assert ubuntu is not None
    assert (centos.since, ubuntu.since) == ("2022-05", "2023-07")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("ubuntu:18.04", [("Ubuntu 18.04", None, True)]),
        ("ubuntu:focal", [("Ubuntu 20.04", None, True)]),
        ("debian:bullseye-slim", [("Debian 11 (bullseye)", None, True)]),
        ("python:3.8-slim-buster", [("Debian 10 (buster)", "2025-07", True), ("Python 3.8", None, True)]),
        ("python:3.10-slim-bookworm", [("Python 3.10", None, True)]),
        ("python:3.11-slim-bullseye", [("Debian 11 (bullseye)", None, True)]),
        ("centos:7", [("CentOS 7", "2024-07-01", True)]),
        ("centos:8", [("CentOS 8", "2021-12-31", True)]),
        ("quay.io/centos/centos:stream8", [("CentOS Stream 8", "2024-05-31", True)]),
        ("amazonlinux:2", [("Amazon Linux 2", None, True)]),
        ("alpine:3.18", [("Alpine 3.18", None, True)]),
        ("ubuntu:23.04", [("Ubuntu 23.04", "2024-01-25", False)]),
        ("nvidia/cuda:11.8.0-base-ubuntu18.04", [("Ubuntu 18.04", None, True)]),
        ("nvidia/cuda:12.4.0-base-centos7", [("CentOS 7", "2024-07-01", True)]),
        ("nvcr.io/nvidia/pytorch:22.12-py3", [("Ubuntu 20.04", None, True)]),
        ("pytorch/pytorch:2.4.0-cuda12.1-cudnn9-runtime", []),
        ("pytorch/pytorch:1.12.1-cuda11.3-cudnn8-runtime", [("Ubuntu 18.04", None, False), ("Python 3.7", None, True)]),
        ("python:3.11-slim", []),
        ("debian:12", []),
        ("ubuntu:22.04", []),
        ("ubuntu", []),
        # The Python of Ubuntu 22.04 is 3.10: Ubuntu maintains it longer than Python does.
        ("nvcr.io/nvidia/pytorch:24.10-py3", []),
        ("example/app:18.04", []),
        ("registry.example.com/library/ubuntu:18.04", [("Ubuntu 18.04", None, True)]),
    ],
)
def test_end_of_life(image: Image, text: str, ends: list[tuple[str, str | None, bool]]) -> None:
    assert [(end.what, end.mirrors_gone, end.sure) for end in end_of_life(image(text))] == ends


def test_the_day_decides(image: Image) -> None:
    reference = image("python:3.10-slim-bookworm")
    assert end_of_life(reference, on="2026-10-31") == ()
    assert [end.what for end in end_of_life(reference, on="2026-11-01")] == ["Python 3.10"]
    assert [end.what for end in end_of_life(image("debian:12"), on="2028-07-01")] == ["Debian 12 (bookworm)"]


def test_ends_say_where_to_go(image: Image) -> None:
    (end,) = end_of_life(image("centos:7"))
    assert (end.ended, end.successor) == ("2024-06-30", "Rocky Linux 9")
    (end,) = end_of_life(image("python:3.9-slim-bookworm"))
    assert (end.ended, end.successor) == ("2025-10-31", "Python 3.13")


def test_patches_of_aws_containers_end(image: Image) -> None:
    registry = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
    (end,) = end_of_life(image(f"{registry}/pytorch-training:2.7.1-gpu-py312-cu128-ubuntu22.04-ec2"))
    assert (end.kind, end.ended) == ("image", "2026-04-23")
    assert end_of_life(image(f"{registry}/pytorch:2.13.0-cu133-amzn2023")) == ()


@pytest.mark.parametrize(
    ("text", "state", "successor", "fails"),
    [
        ("jupyter/scipy-notebook:2023-10-20", "frozen", "quay.io/jupyter/scipy-notebook", False),
        ("bitnami/pytorch:2.1.0", "gone", "bitnamilegacy/pytorch", True),
        ("bitnamilegacy/pytorch:2.1.0", "frozen", None, False),
        ("condaforge/mambaforge:23.3.1-1", "deprecated", "condaforge/miniforge3", False),
        ("rayproject/ray-ml:2.40.0", "gone", "rayproject/ray", True),
        ("rayproject/ray-ml:2.9.0-gpu", "frozen", "rayproject/ray", False),
        ("nvidia/cudagl:11.4.2-base", "deprecated", "nvidia/cuda", None),
        ("centos:7", "frozen", "rockylinux:9", False),
        ("openjdk:11-jre", "deprecated", "eclipse-temurin", False),
        ("k8s.gcr.io/pause:3.2", "frozen", "registry.k8s.io/pause", False),
        (
            "gcr.io/deeplearning-platform-release/tf2-gpu.2-11",
            "deprecated",
            "us-docker.pkg.dev/deeplearning-platform-release/gcr.io/tf2-gpu.2-11",
            False,
        ),
        (
            "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.6-cudnn8-ubuntu20.04:20230101.v1",
            "deprecated",
            "mcr.microsoft.com/azureml/openmpi5.0-cuda12.6-ubuntu24.04",
            None,
        ),
    ],
)
def test_discontinued(image: Image, text: str, state: str, successor: str | None, fails: bool | None) -> None:
    found = discontinued(image(text))
    assert found is not None
    assert (found.state, found.successor, found.pull_fails) == (state, successor, fails)


@pytest.mark.parametrize(
    "text",
    [
        "quay.io/jupyter/scipy-notebook:2024-10-07",
        "bitnami/pytorch",
        "bitnami/pytorch:latest",
        "bitnami/pytorch:2.1.0" + DIGEST,
        "condaforge/miniforge3:24.3.0-0",
        "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250101.v1",
        "rayproject/ray:2.40.0",
        "python:3.11",
        "registry.example.com/jupyter:1",
    ],
)
def test_not_discontinued(image: Image, text: str) -> None:
    assert discontinued(image(text)) is None


def test_a_private_copy_can_still_be_pulled(image: Image) -> None:
    found = discontinued(image("registry.example.com/rayproject/ray-ml:2.40.0"))
    assert found is not None
    assert found.pull_fails is None


@pytest.mark.parametrize(
    ("text", "flavour", "sibling"),
    [
        ("python:3.11", None, "python:3.11-slim"),
        ("python:3.11.4-bookworm", None, "python:3.11.4-slim-bookworm"),
        ("python:latest", None, "python:slim"),
        ("python:3.11-bullseye", None, "python:3.11-slim-trixie"),
        ("python:3.11.4-bullseye", None, "python:3.11.4-slim-bookworm"),
        ("python:3.6-stretch", None, "python:3.6-slim-stretch"),
        ("nvidia/cuda:12.2.2-cudnn8-devel-ubuntu22.04", None, "nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04"),
        ("nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04", "base", "nvidia/cuda:12.2.2-base-ubuntu22.04"),
        ("pytorch/pytorch:2.1.0-cuda12.1-cudnn8-devel", None, "pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime"),
        ("continuumio/anaconda3:2023.03", None, "continuumio/miniconda3:latest"),
    ],
)
def test_smaller_siblings(image: Image, text: str, flavour: str | None, sibling: str) -> None:
    found = smaller(image(text), flavour)
    assert found is not None
    assert str(found.image) == sibling
    if found.size_gb is not None and found.own_gb is not None:
        assert found.size_gb < found.own_gb


@pytest.mark.parametrize(
    "text",
    [
        "python:3.11-slim",
        "python:3.11-alpine",
        "nvidia/cuda:12.2.2-base-ubuntu22.04",
        "nvidia/cuda:12.2.2-runtime-ubuntu22.04",
        "pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime",
        "ubuntu:22.04",
    ],
)
def test_no_smaller_sibling(image: Image, text: str) -> None:
    assert smaller(image(text)) is None
