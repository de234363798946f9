"""Which Python an install goes into, and what `python` is at the end of a stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from mllint.semantic.build import Build
from mllint.semantic.environments import Environment
from mllint.semantic.fact import BuildOptions
from mllint.semantic.stage import Stage
from mllint.source import Source
from mllint.syntax.parser import parse

UBUNTU = "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3 python3-pip\n"
SLIM = "FROM python:3.11-slim\n"
CONDA = "FROM continuumio/miniconda3\n"
BARE = "FROM nvidia/cuda:12.4.1-base-ubuntu22.04\n"


def last(text: str, context: Path | None = None) -> Stage:
    options = BuildOptions(context=str(context)) if context is not None else None
    return Build(parse(Source("Dockerfile", text)), options).stages[-1]


def where(text: str, context: Path | None = None) -> Environment:
    """The environment of the last Python or conda install of the last stage."""
    stage = last(text, context)
    step = [step for step in stage.package_steps if step.install.ecosystem in ("python", "conda")][-1]
    return stage.environment_of(step)


def told(environment: Environment) -> tuple[str, str, str | None]:
    return environment.key, environment.kind, environment.python.value if environment.python is not None else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SLIM + "RUN pip install a", ("image", "image", "3.11")),
        (SLIM + "RUN python3 -m pip install a", ("image", "image", "3.11")),
        (SLIM + "RUN pip install --user a", ("image", "image", "3.11")),
        (
            SLIM + "RUN apt-get install -y python3-pip && /usr/bin/python3 -m pip install a",
            ("system", "system", "3.13"),
        ),
        (UBUNTU + "RUN pip3 install a", ("system", "system", "3.10")),
        ("FROM ubuntu:20.04\nRUN apt install -y python3-pip && pip install a", ("system", "system", "3.8")),
        ("FROM centos:7\nRUN yum install -y python3 && pip3 install a", ("system", "system", "3.6")),
        ("FROM pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime\nRUN pip install a", ("conda:base", "conda", "3.10")),
        ("FROM pytorch/pytorch:2.10.0-cuda12.8-cudnn9-runtime\nRUN pip install a", ("system", "system", "3.12")),
        ("FROM nvcr.io/nvidia/pytorch:24.01-py3\nRUN pip install a", ("image", "image", "3.10.12")),
        ("FROM example/app:1\nRUN pip install a", ("image", "unknown", None)),
        ("FROM example/app:1\nRUN python3.8 -m pip install a", ("custom:3.8", "custom", "3.8")),
        ("FROM example/app:1\nRUN $VENV/bin/pip install a", ("unknown", "unknown", None)),
    ],
)
def test_the_python_of_the_image(text: str, expected: tuple[str, str, str | None]) -> None:
    assert told(where(text)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("RUN apt install -y python3.11 && python3.11 -m pip install a", ("custom:3.11", "custom", "3.11")),
        ("RUN apt install -y python3.10 && python3.10 -m pip install a", ("system", "system", "3.10")),
        # pip is still that of python3.
        ("RUN apt install -y python3.11 && pip install a", ("system", "system", "3.10")),
        (
            (
                "RUN apt install -y python3.11 && curl -sS https://bootstrap.example/get-pip.py | python3.11 && "
                "pip install a"
            ),
            ("custom:3.11", "custom", "3.11"),
        ),
        (
            "RUN apt install -y python3.11 && python3.11 -m pip install --upgrade pip && pip install a",
            ("custom:3.11", "custom", "3.11"),
        ),
        (
            "RUN apt install -y python3.11 && ln -sf /usr/bin/python3.11 /usr/bin/python && python -m pip install a",
            ("custom:3.11", "custom", "3.11"),
        ),
        (
            (
                "RUN apt install -y python3.11 && ln -s $(which python3.11) /usr/local/bin/python3\n"
                "RUN python3 -m pip install a"
            ),
            ("custom:3.11", "custom", "3.11"),
        ),
        (
            (
                "RUN apt install -y python3.11 && "
                "update-alternatives --install /usr/bin/python3 python3 /usr/bin/python3.11 1 && pip3 install a"
            ),
            ("custom:3.11", "custom", "3.11"),
        ),
        (
            (
                "RUN curl -O https://www.python.example/3.12.1/Python-3.12.1.tgz && tar xf Python-3.12.1.tgz && "
                "cd Python-3.12.1 && ./configure && make altinstall && python3.12 -m pip install a"
            ),
            ("custom:3.12", "custom", "3.12.1"),
        ),
        (
            (
                "ENV PATH=/root/.pyenv/shims:/root/.pyenv/bin:$PATH\n"
                "RUN pyenv install 3.9.5 && pyenv global 3.9.5 && pip install a"
            ),
            ("custom:3.9", "custom", "3.9.5"),
        ),
        ("RUN uv python install 3.13 && uv pip install --python 3.13 a", ("custom:3.13", "custom", "3.13")),
    ],
)
def test_a_python_beside_the_distributions(body: str, expected: tuple[str, str, str | None]) -> None:
    assert told(where(UBUNTU + body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("RUN python -m venv /opt/venv && /opt/venv/bin/pip install a", ("/opt/venv", "venv", "3.11")),
        ("RUN python -m venv /opt/venv && . /opt/venv/bin/activate && pip install a", ("/opt/venv", "venv", "3.11")),
        ("RUN python -m venv venv\nRUN bash -c 'source venv/bin/activate && pip install a'", ("/venv", "venv", "3.11")),
        # What is activated ends with the instruction.
        ("RUN python -m venv /v && . /v/bin/activate\nRUN pip install a", ("image", "image", "3.11")),
        ("RUN (. /v/bin/activate && pip install b) && pip install a", ("image", "image", "3.11")),
        ("RUN python -m venv /v\nENV PATH=/v/bin:$PATH\nRUN pip install a", ("/v", "venv", "3.11")),
        (
            "ENV VIRTUAL_ENV=/v\nENV PATH=$VIRTUAL_ENV/bin:$PATH\nRUN python -m venv $VIRTUAL_ENV && pip install a",
            ("/v", "venv", "3.11"),
        ),
        ("ENV PATH=/v/bin${PATH:+:${PATH}}\nRUN virtualenv /v && pip install a", ("/v", "venv", "3.11")),
        ("RUN python -m venv /v && export PATH=/v/bin:$PATH && pip install a", ("/v", "venv", "3.11")),
        ("RUN cd /srv && python -m venv .venv && .venv/bin/python -m pip install a", ("/srv/.venv", "venv", "3.11")),
        ("RUN uv venv --python 3.12 /v\nENV VIRTUAL_ENV=/v\nRUN uv pip install a", ("/v", "venv", "3.12")),
        ("RUN uv venv && uv pip install a", ("/.venv", "venv", "3.11")),
        # uv prefers a Python of its own to the system's.
        ("RUN uv python install 3.13 && uv venv && uv pip install a", ("/.venv", "venv", "3.13")),
        ("RUN cd ~/app && uv pip install a", ("image", "image", "3.11")),
        ("RUN uv pip install --system a", ("image", "image", "3.11")),
        ("ENV UV_SYSTEM_PYTHON=1\nRUN uv venv && uv pip install a", ("image", "image", "3.11")),
        # pip does not ask VIRTUAL_ENV.
        ("RUN python -m venv /v\nENV VIRTUAL_ENV=/v\nRUN pip install a", ("image", "image", "3.11")),
        ("WORKDIR /app\nRUN uv sync", ("/app/.venv", "venv", "3.11")),
        ("WORKDIR /app\nENV PATH=/app/.venv/bin:$PATH\nRUN uv sync", ("/app/.venv", "venv", "3.11")),
        # It is not there yet.
        ("ENV PATH=/app/.venv/bin:$PATH\nRUN pip install uv", ("image", "image", "3.11")),
        ("WORKDIR /app\nENV UV_PROJECT_ENVIRONMENT=/opt/venv\nRUN uv sync", ("/opt/venv", "venv", "3.11")),
        ("WORKDIR /app\nENV UV_PROJECT_ENVIRONMENT=/usr/local\nRUN uv sync", ("image", "image", "3.11")),
        ("WORKDIR /app\nRUN uv sync --python 3.12", ("/app/.venv", "venv", "3.12")),
        ("WORKDIR /app\nRUN poetry install", ("poetry:/app", "venv", "3.11")),
        ("RUN poetry config virtualenvs.create false && poetry install", ("image", "image", "3.11")),
        ("ENV POETRY_VIRTUALENVS_CREATE=false\nRUN poetry install", ("image", "image", "3.11")),
        ("ENV POETRY_VIRTUALENVS_IN_PROJECT=true\nWORKDIR /app\nRUN poetry install", ("/app/.venv", "venv", "3.11")),
        ("WORKDIR /app\nRUN pdm install", ("/app/.venv", "venv", "3.11")),
        ("RUN pipenv install --system", ("image", "image", "3.11")),
        ("WORKDIR /app\nRUN pipenv install", ("pipenv:/app", "venv", "3.11")),
        ("RUN pipx install poetry", ("tool:poetry", "tool", None)),
        ("RUN uv tool install ruff", ("tool:ruff", "tool", None)),
        ("RUN pip install --target=/deps a", ("target:/deps", "target", "3.11")),
        ("RUN pip install --prefix /install a", ("target:/install", "target", "3.11")),
    ],
)
def test_virtual_environments(body: str, expected: tuple[str, str, str | None]) -> None:
    assert told(where(SLIM + body)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CONDA + "RUN pip install a", ("conda:base", "conda", None)),
        (CONDA + "RUN conda install python=3.10 && pip install a", ("conda:base", "conda", "3.10")),
        (CONDA + "RUN conda create -n x python=3.9\nRUN conda run -n x pip install a", ("conda:x", "conda", "3.9")),
        (CONDA + "RUN conda create -n x python=3.9 && conda activate x && pip install a", ("conda:x", "conda", "3.9")),
        (
            CONDA + 'RUN conda create -n x python=3.9\nSHELL ["conda", "run", "-n", "x", "/bin/bash", "-c"]\n'
            "RUN pip install a",
            ("conda:x", "conda", "3.9"),
        ),
        (
            CONDA + "RUN conda create -n x python=3.9\nENV PATH=/opt/conda/envs/x/bin:$PATH\nRUN pip install a",
            ("conda:x", "conda", "3.9"),
        ),
        (
            CONDA + 'RUN conda create -n x python=3.9 && echo "conda activate x" >> ~/.bashrc\n'
            'SHELL ["/bin/bash", "--login", "-c"]\nRUN pip install a',
            ("conda:x", "conda", "3.9"),
        ),
        # Without a login shell nobody reads ~/.bashrc.
        (
            CONDA + 'RUN conda create -n x python=3.9 && echo "conda activate x" >> ~/.bashrc\nRUN pip install a',
            ("conda:base", "conda", None),
        ),
        (
            BARE + "ENV PATH=/opt/conda/bin:$PATH\n"
            "RUN wget https://repo.example/miniconda/Miniconda3-py310_23.1.0-1-Linux-x86_64.sh -O ~/conda.sh && "
            "bash ~/conda.sh -b -p /opt/conda && pip install a",
            ("conda:base", "conda", "3.10"),
        ),
        (
            "FROM mambaorg/micromamba:1.5\nRUN micromamba install -y -n base python=3.11\nRUN pip install a",
            ("conda:base", "conda", "3.11"),
        ),
    ],
)
def test_conda(text: str, expected: tuple[str, str, str | None]) -> None:
    assert told(where(text)) == expected


def test_an_environment_file_names_its_environment(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text("name: work\ndependencies:\n  - python=3.10\n  - numpy\n")
    text = (
        CONDA + "COPY environment.yml .\nRUN conda env create -f environment.yml\nRUN conda run -n work pip install a"
    )
    assert told(where(text, tmp_path)) == ("conda:work", "conda", "3.10")


def test_a_projects_file_chooses_the_python(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text("3.12\n")
    text = BARE + "WORKDIR /app\nCOPY .python-version .\nRUN uv sync"
    assert told(where(text, tmp_path)) == ("/app/.venv", "venv", "3.12")


@pytest.mark.parametrize(
    ("text", "managed"),
    [
        ("FROM ubuntu:24.04\nRUN apt install -y python3-pip && pip install a", True),
        ("FROM debian:12\nRUN apt install -y python3-pip && pip install a", True),
        ("FROM ubuntu:22.04\nRUN apt install -y python3-pip && pip install a", False),
        ("FROM debian:11\nRUN apt install -y python3-pip && pip install a", False),
        ("FROM python:3.12-bookworm\nRUN pip install a", False),
        ("FROM pytorch/pytorch:2.10.0-cuda12.8-cudnn9-runtime\nRUN pip install a", True),
        ("FROM ubuntu:24.04\nRUN apt install -y python3-venv && python3 -m venv /v && /v/bin/pip install a", False),
        (
            (
                "FROM ubuntu:24.04\nRUN apt install -y python3-pip && rm /usr/lib/python3.12/EXTERNALLY-MANAGED\n"
                "RUN pip install a"
            ),
            False,
        ),
        ("FROM ubuntu:24.04\nRUN apt install -y python3.11 && python3.11 -m pip install a", None),
        ("FROM alpine:3.20\nRUN apk add py3-pip && pip install a", None),
        ("FROM example/app:1\nRUN pip install a", None),
    ],
)
def test_who_refuses_pip(text: str, managed: bool | None) -> None:
    assert where(text).managed is managed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SLIM, ("image", "image", "3.11")),
        (BARE, ("", "none", None)),
        (BARE + "RUN apt-get install -y curl git", ("", "none", None)),
        # What other packages need is not known.
        (BARE + "RUN apt-get install -y software-properties-common", ("unknown", "unknown", None)),
        (BARE + "RUN ./install.sh", ("unknown", "unknown", None)),
        (BARE + "RUN apt-get install -y python3", ("system", "system", "3.10")),
        ("FROM example/app:1", ("image", "unknown", None)),
        ("FROM scratch", ("", "none", None)),
        (SLIM + "RUN python -m venv /v\nENV PATH=/v/bin:$PATH", ("/v", "venv", "3.11")),
        (SLIM + "WORKDIR /srv\nENV PATH=.venv/bin:$PATH\nRUN uv sync", ("/srv/.venv", "venv", "3.11")),
    ],
)
def test_the_python_at_the_end(text: str, expected: tuple[str, str, str | None]) -> None:
    assert told(last(text).environment) == expected


def test_a_child_has_what_its_parent_made() -> None:
    text = SLIM.replace("slim", "slim AS base") + "RUN python -m venv /v\nENV PATH=/v/bin:$PATH\n"
    assert told(where(text + "FROM base\nRUN pip install a")) == ("/v", "venv", "3.11")


def test_a_copied_environment_keeps_its_python() -> None:
    text = "FROM python:3.10 AS build\nRUN python -m venv /opt/venv\nFROM python:3.11-slim\n"
    body = "COPY --from=build /opt/venv /srv/venv\nRUN /srv/venv/bin/pip install a"
    assert told(where(text + body)) == ("/srv/venv", "venv", "3.10")


def test_a_long_chain_of_stages_is_followed() -> None:
    stages = [f"FROM s{at} AS s{at + 1}\nRUN pip install a{at}" for at in range(1500)]
    assert told(last("FROM python:3.11 AS s0\n" + "\n".join(stages)).environment)[0] == "image"


def test_a_version_that_is_inferred_is_not_sure() -> None:
    body = "RUN apt-get install -y python3-pip && /usr/bin/python3 -m pip install a"
    assert not where(SLIM + body).sure
    assert where(UBUNTU + "RUN pip3 install a").sure


def test_an_environment_of_an_unseen_maker_is_taken_at_its_name() -> None:
    text = SLIM + "COPY --from=example/built:1 /opt/venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install a"
    assert told(where(text)) == ("/opt/venv", "venv", None)
