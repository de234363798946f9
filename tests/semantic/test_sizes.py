"""About how much each layer weighs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mllint.semantic.sizes import LayerSize


def layers(build: Any, text: str, **options: Any) -> tuple[LayerSize, ...]:
    found = build(text, **options).final.layer_sizes
    assert isinstance(found, tuple)
    return found


def parts(layer: LayerSize) -> dict[str, float | None]:
    return {part.label: part.megabytes for part in layer.parts}


def test_the_base_image(build: Any) -> None:
    (base,) = layers(build, "FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\n")
    assert (base.instruction, base.keyword, base.complete) == (None, "FROM", True)
    assert base.megabytes == pytest.approx(3800)


def test_an_unknown_base_image_is_not_nothing(build: Any) -> None:
    (base,) = layers(build, "FROM team/base:1\n")
    assert (base.megabytes, base.complete) == (None, False)
    assert layers(build, "FROM scratch\n") == ()


def test_an_install_under_a_condition_may_add_nothing(build: Any) -> None:
    text = "FROM python:3.11-slim-bookworm AS a\nARG GPU\n"
    pip = 'RUN if [ "$GPU" = yes ]; then python -m venv /v && /v/bin/pip install torch==2.6.0; fi\n'
    apt = 'RUN if [ "$GPU" = yes ]; then apt-get update && apt-get install -y build-essential; fi\n'
    for run in (pip, apt):
        _, layer = layers(build, text + run)
        assert (layer.megabytes, layer.complete) == (None, False)
    final = "FROM python:3.11-slim-bookworm\nCOPY --from=a /v /v\n"
    _, copied = layers(build, f"{text}RUN python -m venv /v\n{pip}{final}")
    assert (copied.megabytes, copied.complete) == (None, False)


@pytest.mark.parametrize(
    ("install", "known"),
    [("'torch>=2.4'", False), ("torch", False), ("-U torch", True), ("torch==2.6.0", True), ("tensorflow", False)],
)
def test_an_unknown_base_may_have_the_framework(build: Any, install: str, known: bool) -> None:
    _, layer = layers(build, f"FROM team/pytorch:1\nRUN pip install {install}\n")
    assert (layer.megabytes is not None) is known


@pytest.mark.parametrize(
    ("install", "whole"),
    [
        ("faster-whisper==1.2.1", False),  # 1 MB, and 100 MB of what it needs
        ("--no-deps faster-whisper==1.2.1", True),
        ("torch==2.6.0 lightning==2.4.0", True),
    ],
)
def test_a_wheel_without_its_dependencies_is_not_the_whole(build: Any, install: str, whole: bool) -> None:
    _, layer = layers(build, f"FROM python:3.11-slim-bookworm\nRUN pip install {install}\n")
    assert layer.megabytes is not None
    assert layer.complete is whole


@pytest.mark.parametrize(
    ("install", "least", "most"),
    [
        ("torch==2.6.0", 3000, 3100),
        ("torch==2.1.0", 2600, 2700),  # that of 2.1.2
        ("torch==1.12.1", 776, 776),  # bundles its libraries
        ("torch==2.6.0+cpu", 190, 190),
        ("torch", 2900, 3100),
        ("tensorflow==2.15.1", 475, 475),
        ("tensorflow[and-cuda]==2.15.1", 3000, 3600),
        ("jax[cuda12]", 3400, 3500),
        ("vllm==0.6.0", 2900, 3300),  # with the torch that it pins
    ],
)
def test_wheels(build: Any, install: str, least: float, most: float) -> None:
    _, layer = layers(build, f"FROM python:3.11-slim-bookworm\nRUN pip install {install}\n")
    assert layer.megabytes is not None
    assert least <= layer.megabytes <= most


def test_a_package_that_is_named_twice_comes_once(build: Any) -> None:
    start = "FROM ubuntu:22.04\nRUN apt-get install -y "
    (_, once), (_, twice) = (layers(build, f"{start}{names}\n") for names in ("python3-pip", "python3-pip python3-pip"))
    assert once.megabytes
    assert (twice.megabytes, len(twice.parts)) == (once.megabytes, 1)


def test_what_is_there_already_is_not_installed_again(build: Any) -> None:
    base = "FROM pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime\n"
    assert len(layers(build, f"{base}RUN pip install torch\n")) == 1
    _, layer = layers(build, f"{base}RUN pip install torch==2.8.0\n")
    assert layer.megabytes is not None
    assert layer.megabytes > 3000


def test_what_is_replaced_still_weighs(build: Any) -> None:
    text = "FROM python:3.11-slim-bookworm\nRUN pip install torch==2.6.0\nRUN pip install torch==2.6.0+cpu\n"
    _, first, second = layers(build, text)
    assert first.megabytes == pytest.approx(3061)
    assert second.megabytes == pytest.approx(190)


def test_unknown_packages_leave_the_sum_open(build: Any) -> None:
    _, layer = layers(build, "FROM python:3.11-slim-bookworm\nRUN pip install torch==2.6.0 in-house-tools\n")
    assert parts(layer) == {"torch 2.6.0": 3061.0, "in-house-tools": None}
    assert (layer.megabytes, layer.complete) == (3061.0, False)


def test_apt(build: Any) -> None:
    text = "FROM debian:12\nRUN apt-get install -y {}ffmpeg build-essential gcc\n"
    _, whole = layers(build, text.format(""))
    _, bare = layers(build, text.format("--no-install-recommends "))
    assert set(parts(whole)) == {"ffmpeg", "build-essential"}
    assert whole.megabytes is not None
    assert bare.megabytes is not None
    assert bare.megabytes < whole.megabytes


def test_files_of_the_context(build: Any, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 2_000_000)
    (tmp_path / "app.py").write_text("x = 1\n", encoding="utf-8")
    path = str(tmp_path / "Dockerfile")
    text = "FROM python:3.11-slim-bookworm\nCOPY model.safetensors /m/\nCOPY app.py gone.py /app/\n"
    _, model, code = layers(build, text, path=path)
    assert model.megabytes == pytest.approx(2.0)
    assert parts(code) == {"app.py": 6e-06, "gone.py": None}


def test_an_environment_that_is_copied(build: Any) -> None:
    text = (
        "FROM python:3.11-bookworm AS build\nRUN python -m venv /opt/venv\nRUN /opt/venv/bin/pip install torch==2.6.0\n"
        "FROM python:3.11-slim-bookworm\nCOPY --from=build /opt/venv /opt/venv\n"
    )
    _, layer = layers(build, text)
    assert (layer.keyword, layer.megabytes) == ("COPY", 3061.0)


def test_the_layers_of_a_parent_come_first(build: Any) -> None:
    text = "FROM debian:12 AS base\nRUN apt-get install -y ffmpeg\nFROM base\nRUN apt-get install -y git\n"
    assert [layer.span.first.line for layer in layers(build, text)] == [1, 2, 4]


def test_a_file_that_is_not_there_leaves_the_sum_open(build: Any) -> None:
    _, layer = layers(build, "FROM python:3.11-slim-bookworm\nRUN pip install -r missing.txt\n")
    assert (layer.megabytes, layer.complete) == (None, False)
