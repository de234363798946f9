from __future__ import annotations

import pytest

from mllint.semantic.retired import gone_package, retired_in, retired_use


@pytest.mark.parametrize(
    ("install", "expected"),
    [
        ("pip install sklearn", ["sklearn"]),
        ("pip install tensorflow-gpu==2.12.0", ["tensorflow-gpu"]),
        ("pip install tensorflow-gpu==2.11.0", []),
        ("pip install 'tensorflow-gpu>=2.4'", ["tensorflow-gpu"]),
        ("pip install 'tensorflow-gpu<2.12'", []),
        ("pip install bs4 numpy", []),
        ("pip install sklearn || true", []),
        ("pip install --no-index sklearn", []),
        ("pip install -f https://wheels.example.com nvidia-pyindex detectron2", []),
        ("pip install -f https://wheels.example.com sklearn", ["sklearn"]),
        ("pip install git+https://example.com/sklearn#egg=sklearn", []),
    ],
)
def test_names_of_the_index(build, install: str, expected: list[str]) -> None:
    (installation,) = build(f"FROM python:3.12.7-slim\nRUN {install}").final.installations
    found = [retired_in(installation, wanted) for wanted in installation.wanted]
    assert [each.row.name for each in found if each is not None] == expected


@pytest.mark.parametrize(
    ("image", "sure"),
    [
        ("ubuntu:24.04", True),
        ("debian:13", True),
        ("python:3.12-slim", False),
        ("ubuntu:22.04", None),
        ("debian:12", None),
        ("alpine:3.20", None),
        ("registry.example.com/x:1", None),
    ],
)
def test_apt_packages_of_a_release(build, image: str, sure: bool | None) -> None:
    found = gone_package("libgl1-mesa-glx", build(f"FROM {image}").final)
    assert (found.sure if found is not None else None) is sure


@pytest.mark.parametrize(
    ("command", "span"),
    [
        ("huggingface-cli download x", "huggingface-cli"),
        ("poetry install -q --no-dev", "poetry install -q --no-dev"),
        ("jupyter nbextension enable x", "jupyter nbextension"),
        ("poetry install", None),
        ("jupyter lab", None),
        ("hf download x", None),
    ],
)
def test_commands(build, command: str, span: str | None) -> None:
    (step,) = build(f"FROM scratch\nRUN {command}").final.steps
    found = retired_use(step.command)
    assert (found.span.text if found is not None else None) == span
