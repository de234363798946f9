"""What is known of an image by its name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from mllint.images.known import ImageFacts, facts
from mllint.images.reference import ImageReference

Image = Callable[[str], ImageReference]
DIGEST = "@sha256:" + "0" * 64


@pytest.fixture
def known(image: Image) -> Callable[[str], ImageFacts]:
    def read(text: str) -> ImageFacts:
        found = facts(image(text))
        assert found is not None, text
        return found

    return read


Known = Callable[[str], ImageFacts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python:3.11-slim", ("python", "debian", "13", "trixie", "3.11", "slim", "dash")),
        ("python:3.9.18-slim-bullseye", ("python", "debian", "11", "bullseye", "3.9.18", "slim", "dash")),
        ("python:3.8", ("python", "debian", "12", "bookworm", "3.8", "full", "dash")),
        ("python:3.12-alpine3.20", ("python", "alpine", "3.20", None, "3.12", "alpine", "busybox")),
        ("ubuntu:jammy", ("ubuntu", "ubuntu", "22.04", "jammy", None, None, "dash")),
        ("debian:bookworm-slim", ("debian", "debian", "12", "bookworm", None, "slim", "dash")),
        ("debian:12.5", ("debian", "debian", "12", "bookworm", None, None, "dash")),
        ("alpine:3.20.1", ("alpine", "alpine", "3.20", None, None, None, "busybox")),
        ("rockylinux:9.3", ("rockylinux", "rockylinux", "9", None, None, None, "bash")),
        ("centos:centos7", ("centos", "centos", "7", None, None, None, "bash")),
        ("quay.io/centos/centos:stream9", ("quay.io/centos/centos", "centos-stream", "9", None, None, None, "bash")),
        ("nvidia/cuda:12.2.0-base-ubuntu22.04", ("nvidia/cuda", "ubuntu", "22.04", "jammy", None, "base", "dash")),
        ("nvidia/cuda:12.4.1-devel-ubi9", ("nvidia/cuda", "rhel", "9", None, None, "devel", "bash")),
    ],
)
def test_system_and_python(known: Known, text: str, expected: tuple[str | None, ...]) -> None:
    found = known(text)
    assert (
        found.family,
        found.os,
        found.os_version,
        found.os_codename,
        found.python,
        found.flavour,
        found.shell,
    ) == expected


def test_slim_python_lacks_the_tools_that_the_full_one_has(known: Known) -> None:
    for tool in ("curl", "wget", "git", "gcc"):
        assert known("python:3.11").has(tool) is True
        assert known("python:3.11-slim").has(tool) is False
    assert known("python:3.11-alpine").has("wget") is True
    assert known("python:3.11-alpine").has("bash") is False
    assert known("python:3.11-slim").has("some-tool") is None


def test_python_image_has_its_interpreters(known: Known) -> None:
    found = known("python:3.11-slim")
    assert found.python_commands == {"python", "python3", "python3.11"}
    assert found.has("pip") is True
    assert found.has_python is True
    assert found.env_complete
    assert "PYTHONUNBUFFERED" not in found.env_names


def test_lang_went_away_with_python_313(known: Known) -> None:
    assert known("python:3.12").env["LANG"] == "C.UTF-8"
    assert "LANG" not in known("python:3.13").env_names
    assert "LANG" in known("python:latest").env_names


def test_the_system_of_an_unsuffixed_tag_is_not_sure(known: Known) -> None:
    assert not known("python:3.12-slim").sure_of("os_version")
    assert known("python:3.12-slim").sure_of("python", "user")
    assert known("python:3.12-slim-bookworm").sure_of("os_version")
    assert known("python:3.12.1-slim").os_version is None


def test_bare_systems_have_no_python(known: Known) -> None:
    for text in ("ubuntu:22.04", "debian:12-slim", "alpine:3.20", "nvidia/cuda:12.2.0-devel-ubuntu22.04"):
        assert known(text).has_python is False, text
        assert known(text).has("pip") is False
    # Red Hat's package manager is written in Python: whether a command is on PATH is not known.
    for text in ("rockylinux:9", "nvidia/cuda:12.2.0-devel-rockylinux9", "fedora:40"):
        assert known(text).has_python is None, text


def test_cuda_image(known: Known) -> None:
    base = known("nvidia/cuda:12.2.2-base-ubuntu22.04")
    devel = known("nvidia/cuda:12.2.2-cudnn8-devel-ubuntu22.04")
    assert (base.cuda, base.cudnn, base.gpu, base.user) == ("12.2.2", None, "cuda", "root")
    assert (devel.cudnn, devel.flavour) == ("8.9.6.50", "cudnn-devel")
    assert base.has("nvcc") is False
    assert devel.has("nvcc") is True
    assert devel.has("gcc") is True
    assert base.entrypoint == ()
    assert devel.entrypoint == ("/opt/nvidia/nvidia_entrypoint.sh",)
    assert base.has("curl") is False
    assert base.env["NVIDIA_VISIBLE_DEVICES"] == "all"
    assert "LIBRARY_PATH" in devel.env_names
    assert base.size_gb is not None
    assert devel.size_gb is not None
    assert base.size_gb < devel.size_gb
    assert not base.sure_of("size_gb")


def test_cudnn_of_a_plain_suffix(known: Known) -> None:
    assert known("nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04").cudnn == "9.1.0.70"
    assert known("nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04").cudnn == "8.9.6.50"


def test_cuda_image_of_an_unknown_tag(known: Known) -> None:
    found = known("nvidia/cuda:something")
    assert (found.cuda, found.os, found.flavour, found.user) == (None, None, None, "root")


def test_pytorch_image(known: Known) -> None:
    old = known("pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime")
    new = known("pytorch/pytorch:2.12.0-cuda13.0-cudnn9-runtime")
    assert (old.frameworks, old.cuda, old.cudnn, old.python) == ((("torch", "2.1.0"),), "12.1", "8", "3.10")
    assert old.has("conda") is True
    assert not old.sure_of("python")
    assert new.sure_of("python")
    assert new.has("conda") is None
    assert "PEP 668" in new.note
    assert old.has("nvcc") is False
    assert known("pytorch/pytorch:2.1.0-cuda12.1-cudnn8-devel").has("nvcc") is True
    assert known("pytorch/pytorch").frameworks == (("torch", None),)


def test_releases_beyond_the_horizon_are_not_guessed(known: Known) -> None:
    found = known("pytorch/pytorch:3.1.0-cuda14.0-cudnn10-runtime")
    assert (found.python, found.os_version, found.cuda) == (None, None, "14.0")
    assert known("nvcr.io/nvidia/pytorch:29.01-py3").cuda is None


def test_tensorflow_image(known: Known) -> None:
    found = known("tensorflow/tensorflow:2.12.0-gpu-jupyter")
    assert (found.cuda, found.cudnn, found.gpu, found.purpose) == ("11.8", "8.6", "cuda", "notebook")
    assert found.frameworks == (("tensorflow", "2.12.0"),)
    assert known("tensorflow/tensorflow:2.12.0").cuda is None
    assert not found.sure_of("python")


@pytest.mark.parametrize(
    ("tag", "python", "ubuntu"),
    [
        ("1.13.2-gpu-py3", "3.5", "16.04"),
        ("1.14.0-py3", "3.6", "18.04"),
        ("1.15.0-gpu", "2.7", "18.04"),
        ("1.15.2", "3.6", "18.04"),
        ("2.0.0-gpu-py3-jupyter", "3.6", "18.04"),
        ("2.1.0-gpu", "2.7", "18.04"),
        ("2.1.1-gpu", "3.6", "18.04"),
    ],
)
def test_tensorflow_images_of_two_pythons(known: Known, tag: str, python: str, ubuntu: str) -> None:
    found = known(f"tensorflow/tensorflow:{tag}")
    assert (found.python, found.os_version) == (python, ubuntu)


def test_ngc_images_of_a_month_share_a_stack(known: Known) -> None:
    torch = known("nvcr.io/nvidia/pytorch:23.10-py3")
    triton = known("nvcr.io/nvidia/tritonserver:23.10-py3")
    assert (torch.cuda, torch.os_version, torch.python) == ("12.2.2", "22.04", "3.10")
    assert torch.frameworks == (("torch", "2.1.0a0+32f93b1"),)
    assert triton.cuda == torch.cuda
    assert triton.frameworks == ()
    assert triton.ports == (8000, 8001, 8002)
    assert torch.env["PIP_CONSTRAINT"] == "/etc/pip/constraint.txt"


def test_triton_variants_have_stacks_of_their_own(known: Known) -> None:
    plain = known("nvcr.io/nvidia/tritonserver:25.08-py3")
    trtllm = known("nvcr.io/nvidia/tritonserver:25.08-trtllm-python-py3")
    assert plain.cuda == "13.0.0"
    assert trtllm.cuda == "12.9.0"
    assert dict(trtllm.frameworks)["tensorrt-llm"] == "0.21.0"


@pytest.mark.parametrize("variant", ["min", "sdk"])
def test_triton_images_without_the_server(known: Known, variant: str) -> None:
    found = known(f"nvcr.io/nvidia/tritonserver:25.12-py3-{variant}")
    assert (found.cuda, found.ports, found.purpose, found.has("tritonserver")) == ("13.1.0", (), None, None)


@pytest.mark.parametrize(
    ("text", "user", "purpose"),
    [
        ("quay.io/jupyter/scipy-notebook:2024-10-07", "jovyan", "notebook"),
        ("mambaorg/micromamba:1.5", "mambauser", "conda"),
        ("vllm/vllm-openai:v0.8.4", "root", "serving"),
        ("continuumio/miniconda3:24.5.0-0", "root", "conda"),
        ("rayproject/ray:2.40.0-py311", "ray", "training"),
        ("pytorch/torchserve:0.11.0-cpu", "model-server", "serving"),
    ],
)
def test_framework_images(known: Known, text: str, user: str, purpose: str) -> None:
    assert (known(text).user, known(text).purpose) == (user, purpose)


def test_healthchecks(known: Known) -> None:
    assert known("quay.io/jupyter/base-notebook:2024-10-07").healthcheck is True
    assert known("vllm/vllm-openai:v0.8.4").healthcheck is False
    assert known("paddlepaddle/paddle:2.6.1").healthcheck is None


def test_versions_in_tags(known: Known) -> None:
    assert known("rayproject/ray:2.40.0-py311-cu124").python == "3.11"
    assert known("rayproject/ray:2.40.0-py311-cu124").cuda == "12.4"
    assert known("rocm/pytorch:rocm6.0_ubuntu22.04_py3.9_pytorch_2.1.1").python == "3.9"
    assert known("vllm/vllm-openai:v0.8.4").frameworks == (("vllm", "0.8.4"),)


def test_micromamba_has_no_python(known: Known) -> None:
    assert known("mambaorg/micromamba:2.0").has_python is False


def test_recalled_images_are_not_sure(known: Known) -> None:
    assert not known("paddlepaddle/paddle:2.6.1").sure
    assert not known("paddlepaddle/paddle:2.6.1").sure_of("user")
    assert known("vllm/vllm-openai:v0.8.4").sure_of("user", "healthcheck")
    assert not known("vllm/vllm-openai:v0.8.4").sure_of("python")


def test_aws_containers(known: Known) -> None:
    registry = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
    exact = known(f"{registry}/pytorch-training:2.9.0-gpu-py312-cu130-ubuntu22.04-ec2")
    other = known(f"{registry}/pytorch-inference:2.3.0-gpu-py311-cu121-ubuntu20.04-sagemaker")
    assert (exact.python, exact.cuda, exact.os_version) == ("3.12", "13.0", "22.04")
    assert (other.python, other.cuda, other.os_version) == ("3.11", "12.1", "20.04")
    assert other.frameworks == (("torch", "2.3.0"),)


def test_people_read_name_and_tag(image: Image) -> None:
    assert image("python:3.12" + DIGEST).short == "python:3.12"
    assert image("ghcr.io/astral-sh/uv" + DIGEST).short == "ghcr.io/astral-sh/uv"


def test_of_lambda_only_its_python_is_said(known: Known) -> None:
    found = known("public.ecr.aws/lambda/python:3.12")
    assert (found.python, found.user, found.purpose) == ("3.12", None, None)


@pytest.mark.parametrize(
    ("text", "os", "version", "spare"),
    [
        ("golang:1.23-bookworm", "debian", "12", None),
        ("golang:1.25", None, None, None),
        ("node:22.9.0", None, None, "node"),
        ("node:16-alpine3.11", "alpine", "3.11", "node"),
        ("node:18-alpine", "alpine", None, "node"),
        ("rust:1.81-slim-bullseye", "debian", "11", None),
        ("eclipse-temurin:17-jre-jammy", "ubuntu", "22.04", None),
        ("eclipse-temurin:17-jre-ubi9-minimal", None, None, None),
        ("openjdk:11-jre", None, None, None),
        ("php:8.3-fpm-trixie", "debian", "13", None),
        ("ruby:3.3-slim", None, None, None),
        ("nginx:stable-alpine3.20-slim", "alpine", "3.20", None),
    ],
)
def test_languages_start_as_root(known: Known, text: str, os: str, version: str, spare: str) -> None:
    found = known(text)
    assert (found.user, found.os, found.os_version, found.spare_user) == ("root", os, version, spare)
    assert found.family == text.partition(":")[0]


@pytest.mark.parametrize(
    "text", ["golang:1.25-nanoserver-ltsc2022", "openjdk:17-windowsservercore", "example/golang:1"]
)
def test_windows_and_namesakes_are_not_known(image: Image, text: str) -> None:
    assert facts(image(text)) is None


@pytest.mark.parametrize(
    ("policy", "system"),
    [
        ("2014_x86_64", ("centos", "7", True)),
        ("2010_i686", ("centos", "6", True)),
        ("_2_28_aarch64", ("almalinux", "8", False)),
    ],
)
def test_manylinux(known: Known, policy: str, system: tuple[str, str, bool]) -> None:
    found = known(f"quay.io/pypa/manylinux{policy}")
    assert (found.os, found.os_version, found.archived) == system
    assert (found.successor is not None) == found.archived


@pytest.mark.parametrize("policy", ["2014_s390x", "_2_99_x86_64", "2014"])
def test_other_manylinux_are_not_known(image: Image, policy: str) -> None:
    assert facts(image(f"quay.io/pypa/manylinux{policy}")) is None


@pytest.mark.parametrize(
    "text", ["example/thing:1.0", "registry.example.com/team/python-base:3", "nvidia/unheard-of:1"]
)
def test_unknown_images(image: Image, text: str) -> None:
    assert facts(image(text)) is None


def test_a_digest_alone_tells_what_the_repository_tells(known: Known) -> None:
    found = known(f"python{DIGEST}")
    assert (found.python, found.flavour, found.python_commands, found.size_gb) == (None, None, None, None)
    assert found.user == "root"
    assert known(f"ubuntu{DIGEST}").os_version is None
    assert known(f"python:3.11-slim{DIGEST}").python == "3.11"


# Mirrors


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("mirror.gcr.io/library/python:3.11-slim", "python"),
        ("public.ecr.aws/docker/library/python:3.11-slim", "python"),
        ("registry.example.com/library/python:3.11-slim", "python"),
        ("harbor.example.com/dockerhub/python:3.11-slim", "python"),
        ("example.jfrog.io/docker-remote/python:3.11-slim", "python"),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/python:3.11-slim", "python"),
        ("registry.example.com/proxy/nvidia/cuda:12.2.0-base-ubuntu22.04", "nvidia/cuda"),
        ("localhost:5000/pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime", "pytorch/pytorch"),
        ("registry.example.com/ngc/nvidia/pytorch:23.10-py3", "nvcr.io/nvidia/pytorch"),
        ("registry.example.com/vllm/vllm-openai:v0.8.4", "vllm/vllm-openai"),
    ],
)
def test_mirrors_have_the_facts_of_the_original(known: Known, text: str, family: str) -> None:
    found = known(text)
    assert found.family == family
    assert found.mirrored


def test_nvidias_own_registry_is_no_mirror(known: Known) -> None:
    found = known("nvcr.io/nvidia/cuda:12.2.0-base-ubuntu22.04")
    assert (found.family, found.mirrored, found.cuda) == ("nvidia/cuda", False, "12.2.0")


@pytest.mark.parametrize(
    "text", ["registry.example.com/team/python:3.11", "example/python:3.11", "ghcr.io/team/ubuntu"]
)
def test_somebodys_image_of_a_known_name_is_not_the_known_image(image: Image, text: str) -> None:
    assert facts(image(text)) is None


def test_tables_are_not_loaded_before_they_are_asked() -> None:
    code = (
        "import sys, mllint.images.known, mllint.images.tags, mllint.images.drivers\n"
        "assert not [m for m in sys.modules if m.startswith('mllint.knowledge.')], sorted(sys.modules)\n"
        "from mllint.images.reference import parse_reference as read\n"
        "mllint.images.known.facts(read('python:3.11-slim'))\n"
        "loaded = {m for m in sys.modules if m.startswith('mllint.knowledge.')}\n"
        "assert loaded <= {'mllint.knowledge.os_releases', 'mllint.knowledge.python_releases'}, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
