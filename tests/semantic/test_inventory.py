"""The packages that are there: the base's, what installs add, replace and remove, and what comes along."""

from __future__ import annotations

import pytest

from mllint.semantic.build import Build
from mllint.semantic.fact import Origin
from mllint.semantic.inventory import Inventory, Package
from mllint.semantic.inventory_events import same_version
from mllint.semantic.stage import Stage
from mllint.source import Source
from mllint.syntax.parser import parse

WHL = "https://download.pytorch.org/whl"
SLIM = "FROM python:3.11-slim\n"
PYTORCH = "FROM pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime\n"


def last(text: str) -> Stage:
    return Build(parse(Source("Dockerfile", text))).stages[-1]


def inventory(text: str) -> Inventory:
    return last(text).inventory


def torch(text: str) -> Package:
    found = inventory(text).get("torch")
    assert found is not None
    return found


def changes(text: str) -> list[tuple[str | None, str | None]]:
    return [(each.previous.version, each.package.version) for each in inventory(text).changes]


def test_what_the_base_ships() -> None:
    found = torch(PYTORCH)
    assert (found.version, found.variant, found.environment, found.origin) == (
        "2.1.0",
        "cu121",
        "conda:base",
        Origin.INHERITED,
    )
    assert found.span is not None
    assert found.span.text == "pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pip install torch==2.3.0", [("2.1.0", "2.3.0")]),
        ("pip install torch==2.1.0", []),
        ("pip install torch==2.1", []),
        ("pip install torch", []),
        ("pip install 'torch>=2.0'", []),
        ("pip install 'torch>=2.2'", [("2.1.0", None)]),
        ("pip install -U torch", [("2.1.0", None)]),
        ("pip install --force-reinstall torch==2.1.0", [("2.1.0", "2.1.0")]),
        ("pip install torch==2.1.0+cu118", [("2.1.0", "2.1.0+cu118")]),
        ("conda install pytorch=2.3.0", [("2.1.0", "2.3.0")]),
        ("pip install torchvision==0.18.0", [("2.1.0", "2.3.0")]),
        ("pip install torchvision==0.16.0", []),
        ("pip install --no-deps torchvision==0.18.0", []),
        ("pip install torchvision==0.18.0 torch==2.3.0", [("2.1.0", "2.3.0")]),
        # Another environment.
        ("python -m venv /v && /v/bin/pip install torch==2.3.0", []),
        # It may not run.
        ("pip install -q x || pip install torch==2.3.0", []),
    ],
)
def test_an_install_over_the_bases(command: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert changes(f"{PYTORCH}RUN {command}") == expected


def test_the_last_install_counts() -> None:
    text = SLIM + "RUN pip install torch==2.1.0\nRUN pip install torch==2.3.0\n"
    assert torch(text).version == "2.3.0"
    assert changes(text) == [("2.1.0", "2.3.0")]


def test_of_one_command_the_pin_counts() -> None:
    text = SLIM + "RUN pip install torch 'torch>=2' torch==2.1.0\n"
    assert (torch(text).version, changes(text)) == ("2.1.0", [])


def test_a_removal() -> None:
    assert inventory(SLIM + "RUN pip install torch && pip uninstall -y torch").get("torch") is None
    assert inventory(SLIM + "RUN apt-get install -y gcc\nRUN apt-get purge -y gcc").get("gcc") is None
    assert inventory(SLIM + "RUN pip install gcc && apt-get purge -y gcc").get("gcc") is not None


def test_an_install_that_may_not_run() -> None:
    text = SLIM + 'RUN if [ "$GPU" = 1 ]; then pip install torch==2.1.0+cu121; else pip install torch==2.1.0+cpu; fi'
    found = torch(text)
    assert (found.version, found.variant, found.sure) == (None, None, False)


def test_children_inherit() -> None:
    text = "FROM python:3.11 AS base\nRUN pip install torch==2.1.0\nFROM base\nRUN pip install torch==2.3.0\n"
    stage = last(text)
    assert changes(text) == [("2.1.0", "2.3.0")]
    assert stage.parent is not None
    assert stage.parent.inventory.changes == ()
    parent = stage.parent.inventory.get("torch")
    assert parent is not None
    assert parent.version == "2.1.0"


def test_before_an_install() -> None:
    stage = last(SLIM + "RUN pip install torch==2.1.0 && pip install torch==2.3.0 && pip install numpy\nUSER me\n")
    seen = [stage.inventory.before(step).get("torch") for step in stage.installs]
    assert [each.version if each is not None else None for each in seen] == [None, "2.1.0", "2.3.0"]
    assert stage.inventory.before(stage.body[0]).packages == ()
    after = stage.inventory.before(stage.body[1])
    assert [each.name for each in after.packages] == ["torch", "numpy"]
    assert len(after.changes) == 1


def test_the_default_environment_comes_first() -> None:
    text = SLIM + "RUN pip install torch==2.1.0 && python -m venv /v && /v/bin/pip install torch==2.3.0\n"
    assert [each.version for each in inventory(text).all("torch")] == ["2.1.0", "2.3.0"]
    assert [each.version for each in inventory(text + "ENV PATH=/v/bin:$PATH").all("Torch")] == ["2.3.0", "2.1.0"]
    found = inventory(text).get("torch", "/v")
    assert found is not None
    assert found.version == "2.3.0"


def test_names_of_conda_and_python_meet() -> None:
    found = inventory("FROM continuumio/miniconda3\nRUN conda install pytorch=2.1.0\n")
    assert found.get("torch") == found.get("pytorch") != None  # noqa: E711 - both, and not None


@pytest.mark.parametrize(
    ("command", "asked", "name"),
    [
        ("pip install tensorflow==2.15.1", "tensorflow-gpu", None),
        ("pip install tensorflow-gpu==2.11.0", "tensorflow-gpu", "tensorflow-gpu"),
        ("pip install tensorflow-gpu==2.11.0", "tensorflow", None),
        ("conda install tensorflow-gpu=2.4.1", "tensorflow", "tensorflow-gpu"),
        ("conda install tensorflow-gpu=2.4.1", "tensorflow-gpu", "tensorflow-gpu"),
        ("pip install torch==2.4.1", "pytorch", None),
        ("pip install Tensorflow_GPU==2.11.0", "TensorFlow-GPU", "tensorflow-gpu"),
    ],
)
def test_names_of_conda_are_conda_s_alone(command: str, asked: str, name: str | None) -> None:
    found = inventory(f"FROM continuumio/miniconda3:24.9.2-0\nRUN {command}").get(asked)
    assert (found.name if found is not None else None) == name
    assert inventory(SLIM + "RUN apt-get install -y libgl1").get("libgl1") is not None


@pytest.mark.parametrize(
    ("command", "variant"),
    [
        ("pip install torch==2.1.0+cu118", "cu118"),
        ("pip install torch==2.1.0+cpu", "cpu"),
        ("pip install torch==2.1.0", None),
        (f"pip install torch==2.1.0 --index-url {WHL}/cu121", "cu121"),
        (f"pip install torch --index-url {WHL}/cpu", "cpu"),
        (f"pip install torch==2.3.0 --index-url {WHL}/rocm6.0", "rocm6.0"),
        # A local version is above the same one without, if the index has it at all.
        (f"pip install torch==2.1.0 --extra-index-url {WHL}/cu118", "cu118"),
        (f"pip install torch==2.1.0 --extra-index-url {WHL}/cu124", None),
        (f"pip install torch --extra-index-url {WHL}/cu118", None),
        (f"pip install torch==1.13.1 -f {WHL}/cu117/torch_stable.html", "cu117"),
        # uv looks into extra indexes first.
        (f"uv pip install --system torch --extra-index-url {WHL}/cu118", "cu118"),
        ("uv pip install --system torch --torch-backend cpu", "cpu"),
        ("uv pip install --system torch --torch-backend auto", None),
        ("pip install torch --index-url https://mirror.example/simple", None),
        ("pip install torch -i https://mirror.example/simple", None),
    ],
)
def test_the_build(command: str, variant: str | None) -> None:
    assert torch(f"{SLIM}RUN {command}").variant == variant


@pytest.mark.parametrize(
    ("specs", "variant"),
    [
        ("pytorch=2.1.0 pytorch-cuda=12.1", "cu121"),
        ("pytorch=2.1.0 cpuonly", "cpu"),
        ("pytorch=1.12.1 cudatoolkit=11.3", "cu113"),
        ("pytorch=2.1.0=py3.10_cuda11.8_cudnn8.7.0_0", "cu118"),
        ("pytorch=2.1.0=cpu_generic_py310", "cpu"),
        ("pytorch=2.1.0", None),
    ],
)
def test_the_build_of_conda(specs: str, variant: str | None) -> None:
    assert torch(f"FROM continuumio/miniconda3\nRUN conda install {specs}").variant == variant


def test_an_index_is_for_what_it_holds() -> None:
    found = inventory(SLIM + f"RUN pip install torch==2.1.0 requests --index-url {WHL}/cu121").get("requests")
    assert found is not None
    assert found.variant is None


def test_what_a_package_brings() -> None:
    found = torch(SLIM + f"RUN pip install torchvision==0.19.0 --index-url {WHL}/cu121")
    assert (found.version, found.variant, found.origin, found.via) == (
        "2.4.0",
        "cu121",
        Origin.KNOWLEDGE,
        "torchvision",
    )
    found = torch(SLIM + "RUN pip install ultralytics")
    assert (found.version, found.via) == (None, "ultralytics")
    assert inventory(SLIM + "RUN pip install --no-deps ultralytics").get("torch") is None
    assert inventory("FROM example/app:1\nRUN pip install ultralytics").get("torch") is None


def test_unknown_wheels_may_be_what_a_package_needs() -> None:
    wheels = SLIM + "RUN --mount=type=bind,from=builder,src=/w,target=/w pip install /w/*.whl\n"
    assert inventory(wheels + "RUN pip install ultralytics").get("torch") is None
    assert inventory(wheels + "RUN echo\nFROM python:3.11-slim\nRUN pip install ultralytics").get("torch") is not None
    child = wheels.replace("FROM python:3.11-slim", "FROM python:3.11-slim AS above") + "FROM above\n"
    assert inventory(child + "RUN pip install ultralytics").get("torch") is None
    assert torch(child + "RUN pip install torchvision==0.19.0").version == "2.4.0"
    assert torch(wheels + "RUN python -m venv /v && /v/bin/pip install ultralytics").environment == "/v"
    copied = wheels.replace("pip install", "python -m venv /v && /v/bin/pip install") + f"{SLIM}COPY --from=0 /v /v\n"
    assert inventory(copied + "RUN /v/bin/pip install ultralytics").get("torch") is None
    named = SLIM + "RUN pip install /w/app-1.0-py3-none-any.whl ./library\n"
    assert torch(named + "RUN pip install ultralytics").via == "ultralytics"


def test_packages_that_are_copied() -> None:
    text = (
        "FROM python:3.11 AS build\nRUN python -m venv /v && /v/bin/pip install torch==2.1.0\nRUN pip install numpy\n"
        "FROM python:3.11-slim\n"
    )
    copied = torch(text + "COPY --from=build /v /opt/v")
    assert (copied.version, copied.environment) == ("2.1.0", "/opt/v")
    assert inventory(text + "COPY --from=build /v /opt/v").get("numpy") is None
    assert inventory(text).get("torch") is None


@pytest.mark.parametrize(
    ("install", "copy", "environment"),
    [
        (
            "pip install torch==2.1.0",
            "/usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages",
            "image",
        ),
        ("pip install torch==2.1.0", "/usr/local /usr/local", "image"),
        ("pip install --user torch==2.1.0", "/root/.local /root/.local", "image"),
        ("pip install --prefix=/install torch==2.1.0", "/install /usr/local", "image"),
        ("pip install --target=/deps torch==2.1.0", "/deps /deps", "target:/deps"),
        ("uv sync", "/.venv /.venv", None),
    ],
)
def test_a_folder_of_packages_that_is_copied(install: str, copy: str, environment: str | None) -> None:
    text = f"FROM python:3.11 AS build\nRUN {install}\nFROM python:3.11-slim\nCOPY --from=build {copy}\n"
    found = inventory(text).get("torch")
    assert (found.environment if found is not None else None) == environment


def test_only_what_the_user_installed_is_copied_from_home() -> None:
    text = "FROM python:3.11 AS build\nRUN pip install numpy && pip install --user torch\nFROM python:3.11-slim\n"
    found = inventory(text + "COPY --from=build /root/.local /root/.local")
    assert [each.name for each in found.packages] == ["torch"]


def test_whether_everything_was_read() -> None:
    assert inventory(SLIM + "RUN pip install a").complete
    text = SLIM.replace("slim", "slim AS base") + "RUN pip install -r missing.txt\nFROM base\nRUN pip install a"
    assert not inventory(text).complete


@pytest.mark.parametrize(
    ("wanted", "there", "same"),
    [
        ("2.1.0", "2.1.0", True),
        ("2.1", "2.1.0", True),
        ("2.1.0", "2.1.0+cu121", True),
        ("2.1.0+cu121", "2.1.0", False),
        ("2.1.0+cu121", "2.1.0+cu118", False),
        ("2.1.1", "2.1.0", False),
    ],
)
def test_versions_that_an_installer_takes_for_the_same(wanted: str, there: str, same: bool) -> None:
    assert same_version(wanted, there) is same


def test_a_long_chain_of_stages_is_followed() -> None:
    stages = [f"FROM s{at} AS s{at + 1}\nRUN pip install a{at}==1" for at in range(1200)]
    found = inventory("FROM python:3.11 AS s0\n" + "\n".join(stages))
    assert len(found.packages) == 1200
