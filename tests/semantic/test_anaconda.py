from __future__ import annotations

import pytest

from mllint.semantic.anaconda import asks_defaults, configures_channels, distribution


@pytest.mark.parametrize(
    ("image", "current"),
    [
        ("continuumio/miniconda3", True),
        ("continuumio/miniconda3:latest", True),
        ("continuumio/miniconda3:25.9.1-1", True),
        ("continuumio/miniconda3:25.5.1-0", None),
        ("continuumio/miniconda3:24.1.2-0", False),
        ("continuumio/miniconda3:4.12.0", False),
        ("continuumio/anaconda3:2025.12-1", True),
        ("continuumio/anaconda3:2025.06-0", None),
        ("continuumio/anaconda3:2024.06-1", False),
        ("continuumio/miniconda:latest", False),
        ("docker.io/continuumio/miniconda3", True),
    ],
)
def test_images_of_anaconda(build, image: str, current: bool | None) -> None:
    found = distribution(build(f"FROM {image}").final)
    assert found is not None
    assert (found.current, found.image, found.span.text) == (current, True, image)


@pytest.mark.parametrize(
    ("word", "current"),
    [
        ("Miniconda3-latest-Linux-x86_64.sh", True),
        ("Miniconda3-py312_25.9.1-0-Linux-x86_64.sh", True),
        ("Miniconda3-py310_23.1.0-1-Linux-x86_64.sh", False),
        ("Miniconda3-${VERSION}-Linux-x86_64.sh", None),
        ("Anaconda3-2024.06-1-Linux-aarch64.sh", False),
    ],
)
def test_installers_of_anaconda(build, word: str, current: bool | None) -> None:
    found = distribution(build(f"FROM ubuntu:22.04\nARG VERSION\nRUN curl -O https://example.com/{word}").final)
    assert found is not None
    assert (found.current, found.image) == (current, False)


@pytest.mark.parametrize(
    "text",
    [
        "FROM condaforge/miniforge3",
        "FROM ubuntu:22.04\nRUN curl -O https://example.com/Miniforge3-Linux-x86_64.sh",
        "FROM ubuntu:22.04",
        "FROM scratch",
    ],
)
def test_other_condas(build, text: str) -> None:
    assert distribution(build(text).final) is None


def test_which_installs_ask_defaults(build) -> None:
    lines = ("conda install a", "conda install -c conda-forge a", "conda install --override-channels -c conda-forge a")
    stage = build("FROM continuumio/miniconda3\n" + "\n".join(f"RUN {line}" for line in lines)).final
    assert [asks_defaults(step) for step in stage.installs] == [True, True, False]


def test_what_takes_defaults_out_of_the_configuration(build) -> None:
    head = "FROM continuumio/miniconda3\n"
    for line in ("RUN conda config --remove channels defaults", "COPY x /root/.condarc", "ENV CONDARC=/etc/c"):
        assert configures_channels(build(head + line).final)
    for line in ("RUN conda config --add channels conda-forge", "RUN conda config --set always_yes true", ""):
        assert not configures_channels(build(head + line).final)
