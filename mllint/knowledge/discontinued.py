# ruff: noqa: E501
"""Image repositories and tag lines that are frozen, retired or gone, with what follows them."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "jupyter/docker-stacks README and issue 2099; bitnami/containers issue 83267, bitnami/charts issue 35164",
    "conda-forge: sunsetting Mambaforge (2024-07-29); ray-project/ray issue 46378, pull requests 57070 and 65388",
    "docker-library/docs pull requests 2205, 2461 (centos), 2008 and docker-library/openjdk issue 505",
    "Kubernetes: k8s.gcr.io will be frozen (2023-03-10); README of Azure/AzureML-Containers; README of pytorch/serve",
)
CHECKED = "2026-11-20"


class Retired(NamedTuple):
    """A repository, or every repository under a prefix that ends in "/", as `registry/path`.

    `pull` says what a pull does: "works", "fails", or None when it is not known. `tags` narrows the row: "pinned" is
    every tag but `latest`, "since 2.31" every version from that one on; "prefix" lets the last path component go on.
    """

    name: str
    since: str | None
    """A year, month or day; None when the publisher does not say."""
    state: str
    """"frozen", "deprecated", "gone", or "maintenance" (fixes only)."""
    successor: str | None
    pull: str | None
    tags: str = ""
    sure: bool = True


# fmt: off
RETIRED = (
    Retired("docker.io/jupyter/", "2023-10-20", "frozen", "quay.io/jupyter/", "works"),
    Retired("docker.io/bitnami/", "2025-08-28", "gone", "docker.io/bitnamilegacy/", "fails", "pinned"),
    Retired("docker.io/bitnamilegacy/", "2025-08-28", "frozen", None, "works"),
    Retired("docker.io/condaforge/mambaforge", "2024-07-29", "deprecated", "condaforge/miniforge3", "works"),
    Retired("docker.io/condaforge/mambaforge-pypy3", "2024-07-29", "deprecated", "condaforge/miniforge3", "works"),
    Retired("docker.io/nvidia/cudagl", "2023-05-03", "deprecated", "nvidia/cuda", None),
    Retired("gcr.io/deeplearning-platform-release/", "2025-03-18", "deprecated", "us-docker.pkg.dev/deeplearning-platform-release/gcr.io/", "works"),
    Retired("docker.io/rayproject/ray-ml", "2025-10-01", "gone", "rayproject/ray", "fails", "since 2.31"),
    Retired("docker.io/rayproject/ray-ml", "2024-06-20", "frozen", "rayproject/ray", "works"),
    Retired("docker.io/rayproject/ray-deps", "2023-09-22", "deprecated", "rayproject/ray", None),
    Retired("docker.io/library/centos", "2024-06-30", "frozen", "rockylinux:9", "works"),
    Retired("docker.io/library/openjdk", "2022-07", "deprecated", "eclipse-temurin", "works"),
    Retired("docker.io/library/adoptopenjdk", "2021-08-01", "deprecated", "eclipse-temurin", "works"),
    Retired("k8s.gcr.io/", "2023-04-03", "frozen", "registry.k8s.io/", "works"),
    Retired("mcr.microsoft.com/azureml/openmpi3", None, "deprecated", "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04", None, "prefix"),
    Retired("mcr.microsoft.com/azureml/openmpi4.1.0-cuda11", None, "deprecated", "mcr.microsoft.com/azureml/openmpi5.0-cuda12.6-ubuntu24.04", None, "prefix"),
    Retired("docker.io/pytorch/torchserve", "2025", "frozen", None, "works"),
    Retired("ghcr.io/huggingface/text-generation-inference", "2025", "maintenance", "vllm/vllm-openai", "works", sure=False),
    Retired("nvcr.io/nvidia/tensorflow", "2025-02", "frozen", None, "works", sure=False),
    Retired("docker.io/continuumio/miniconda", None, "frozen", "continuumio/miniconda3", "works", sure=False),
    Retired("docker.io/continuumio/anaconda", None, "frozen", "continuumio/anaconda3", "works", sure=False),
)
# fmt: on
