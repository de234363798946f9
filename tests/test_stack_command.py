"""`mllint stack`: what it shows, what it says of a host, and what it makes of bad calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import mllint
from mllint.cli import main
from mllint.config.load import Configuration
from mllint.report import stack_text
from mllint.report.style import Style
from mllint.stacks import read_stacks

SCHEMA = json.loads((Path(mllint.__file__).parent / "schemas" / "stack.schema.json").read_text(encoding="utf-8"))

TEXT = """\
FROM nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04 AS build
RUN apt-get update && apt-get install -y python3-venv && python3 -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install -r requirements.txt

FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04 AS serve
RUN apt-get update && apt-get install -y python3
COPY --from=build /opt/venv /opt/venv
CMD ["/opt/venv/bin/uvicorn", "app:app"]
"""


class Result:
    """What the command did in this process."""

    def __init__(self, result: Any) -> None:
        self.code: int = result.exit_code
        self.out: str = result.stdout
        self.err: str = result.stderr


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(TEXT, encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("torch==2.0.1\nonnxruntime-gpu==1.17.0\n", encoding="utf-8")

    def call(*arguments: str, stdin: str | None = None) -> Result:
        return Result(CliRunner().invoke(main, ("stack", *arguments), input=stdin, prog_name="mllint"))

    return call


def rows(out: str) -> dict[str, str]:
    """The lines of a text by their labels, which end at two blanks."""
    found = (line.strip().partition("  ") for line in out.splitlines() if line.startswith("  "))
    return {label: rest.strip() for label, _, rest in found}


def test_the_table(run: Run) -> None:
    result = run("Dockerfile")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Dockerfile: stage serve, from nvidia/cuda:12.4.1-runtime-ubuntu22.04\n")
    found = rows(result.out)
    assert found["role"].startswith("serving")
    assert "it starts uvicorn [line 9: CMD" in found["role"]
    assert found["system"].startswith("Ubuntu 22.04")
    assert found["CUDA toolkit"].startswith("12.4.1, runtime")
    assert (found["cuDNN"], found["nvcc"]) == ("none", "none")
    assert found["torch 2.0.1"].startswith("its own CUDA 11.7, cuDNN 8.5.0.96")
    assert found["torch 2.0.1"].endswith("[requirements.txt line 1: torch==2.0.1]")
    assert found["onnxruntime-gpu 1.17.0"].startswith("CUDA 11.x, cuDNN 8 of the image")
    # torch beside it brings libraries of the same major versions.
    assert "the image has" not in result.out
    assert found["driver"].startswith(">= 525.60.13")
    assert found["GPU code"].startswith("sm_37 sm_50 sm_60 sm_70 sm_75 sm_80 sm_86")
    assert found["build"].startswith("nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04")


@pytest.mark.parametrize(
    ("base", "packages", "said"),
    [
        ("nvidia/cuda:12.4.1-runtime-ubuntu22.04", "onnxruntime-gpu==1.17.0", "the image has CUDA 12.4.1 and no cuDNN"),
        ("nvidia/cuda:12.4.1-runtime-ubuntu22.04", "onnxruntime-gpu==1.20.2", "the image has no cuDNN"),
        ("python:3.11-slim", "onnxruntime-gpu==1.20.2", "the image has no CUDA and no cuDNN"),
        ("python:3.11-slim", "onnxruntime-gpu==1.20.2 nvidia-cudnn-cu12==9.1.0.70", None),
        ("nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04", "onnxruntime-gpu==1.20.2", None),
    ],
)
def test_libraries_that_the_image_lacks(run: Run, base: str, packages: str, said: str | None) -> None:
    shown = run("-", stdin=f"FROM {base}\nRUN pip install {packages}\n").out

    assert (said or "CUDA 12.x, cuDNN 9 of the image") in shown
    assert ("the image has" in shown) is (said is not None)


def test_a_line_is_quoted_once(run: Run) -> None:
    out = run("Dockerfile").out
    assert out.count("[line 6: FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04 AS serve]") == 1
    assert out.count("[line 6]") >= 2


def test_the_bars_are_as_long_as_the_layers(run: Run) -> None:
    bars = [line for line in run("Dockerfile").out.splitlines() if "█" in line]
    sizes = {line.partition("[line ")[2][0]: line.count("█") for line in bars}
    assert sizes["8"] == 24  # the environment with torch
    assert 0 < sizes["7"] < sizes["6"] < 24


def test_what_a_host_means(run: Run) -> None:
    result = run("Dockerfile", "--driver", "470.82.01", "--gpu", "H100")
    assert result.code == 1
    assert "on driver 470.82.01 and H100" in result.out
    assert "torch 2.0.1 has no code for sm_90 (it is built for sm_37 to sm_86)" in result.out
    assert "on 470.82.01 cuda-compat makes it run on the H100" in result.out


@pytest.mark.parametrize(
    ("driver", "code", "said"),
    [
        ("550.54.15", 0, "driver 550.54.15 runs all of it"),
        ("450.80.02", 1, "runs on drivers >= 525.60.13; your 450.80.02 host cannot start it"),
        ("530.30.02", 0, "container toolkits before 1.18 refuse it"),
    ],
)
def test_a_driver(run: Run, driver: str, code: int, said: str) -> None:
    result = run("Dockerfile", "--driver", driver)
    assert result.code == code
    assert said in result.out


def test_a_driver_and_what_is_not_known(run: Run, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("torch\n", encoding="utf-8")
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n", encoding="utf-8"
    )
    result = run("--driver", "535")
    assert result.code == 0
    assert "torch: the CUDA is not known, and so is whether driver 535 runs it" in result.out


def test_a_gpu_that_newer_drivers_do_not_know(run: Run) -> None:
    result = run("Dockerfile", "--driver", "595.45.04", "--gpu", "V100")
    assert result.code == 1
    assert "branch 580 is its last driver" in result.out


@pytest.mark.parametrize(
    ("driver", "code", "said"),
    [
        (
            "565.57.01",
            1,
            "B200: it needs driver 570 or newer, and 565.57.01 does not know it; cuda-compat does",
        ),
        ("570.86.10", 0, "driver 570.86.10 runs it, without PTX"),
    ],
)
def test_a_driver_older_than_the_gpu(run: Run, driver: str, code: int, said: str) -> None:
    text = "FROM nvidia/cuda:12.8.1-runtime-ubuntu22.04\n"
    result = run("--driver", driver, "--gpu", "B200", "-", stdin=text)

    assert result.code == code
    assert said in result.out
    assert ("through cuda-compat" in result.out) is False
    assert "needs driver 570 or newer, whatever the CUDA" in run("--gpu", "B200", "-", stdin=text).out
    assert "570" not in run("--gpu", "H100", "-", stdin="FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\n").out


def test_the_framework_of_a_base_without_its_version(run: Run) -> None:
    shown = run("-", stdin="FROM nvcr.io/nvidia/tensorflow:24.05-tf2-py3\n").out

    assert "tensorflow    CUDA 12.4.1 of the image" in shown


def test_an_image_without_cuda(run: Run) -> None:
    result = run("-", "--driver", "470.82.01", stdin="FROM python:3.12-slim\nRUN pip install numpy\n")
    assert result.code == 0
    assert "CUDA toolkit" not in result.out
    assert "nothing in the image is known to need an NVIDIA driver" in result.out


def test_json(run: Run) -> None:
    result = run("Dockerfile", "--format", "json", "--driver", "470.82.01", "--gpu", "H100")
    document = json.loads(result.out)
    jsonschema.validate(document, SCHEMA)
    assert result.code == 1
    (file,) = document["files"]
    assert (file["path"], file["driver"], file["gpu"], file["fits"]) == ("Dockerfile", "470.82.01", "H100", False)
    serve, build = file["stages"]
    assert (serve["name"], serve["final"], build["final"]) == ("serve", True, False)
    assert serve["cuda"]["value"] == "12.4.1"
    assert (serve["cudnn"]["value"], serve["cudnn"]["present"]) == (None, False)
    torch = next(each for each in serve["frameworks"] if each["name"] == "torch")
    assert (torch["cuda"], torch["bundles_cuda"]) == ("11.7", True)
    assert torch["evidence"]["place"] == {"path": "requirements.txt", "line": 1, "column": 1}
    assert serve["driver"]["version"] == "525.60.13"
    assert serve["layers"][0]["instruction"] == "FROM"


@pytest.mark.parametrize(
    "text",
    ["FROM scratch\n", "FROM team/base\n", "", "RUN true\n", "FROM python:3.12\nRUN pip install torch vllm jax\n"],
)
def test_json_of_little(run: Run, text: str) -> None:
    result = run("-", "--format", "json", stdin=text)
    jsonschema.validate(json.loads(result.out), SCHEMA)
    assert result.code == 0
    assert run("-", stdin=text).code == 0


def test_a_target(run: Run) -> None:
    assert run("Dockerfile", "--target", "build").out.startswith("Dockerfile: stage build")
    result = run("Dockerfile", "--target", "biuld")
    assert result.code == 2
    assert 'did you mean "build"?' in result.err


def test_a_build_argument(run: Run) -> None:
    text = "ARG CUDA=11.8.0\nFROM nvidia/cuda:${CUDA}-base-ubuntu22.04\n"
    assert rows(run("-", stdin=text).out)["CUDA toolkit"].startswith("11.8.0")
    assert rows(run("-", "--build-arg", "CUDA=12.4.1", stdin=text).out)["CUDA toolkit"].startswith("12.4.1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--driver", "new"), "must be the version of an NVIDIA driver"),
        (("--gpu", "H1000"), "did you mean H100"),
        (("--gpu", "zzz"), "GPUs are written like H100"),
        (("missing.Dockerfile",), "missing.Dockerfile"),
        (("--context", "nowhere"), "there is no folder"),
        (("--format", "yaml"), "--format"),
    ],
)
def test_bad_calls(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert said in result.err


def test_a_folder_without_dockerfiles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("empty")
    assert (result.code, result.out) == (2, "")
    assert "no Dockerfiles found" in result.err


def test_nothing_of_a_file_steers_the_terminal(run: Run) -> None:
    text = "FROM python:3.12-slim\nRUN pip install 'torch>=\x1b[31m' \u202e\nCOPY \x1b[2J /x\n"
    for arguments in ((), ("--color", "always")):
        out = run("-", *arguments, stdin=text).out
        assert "\x1b[31m'" not in out
        assert "\x1b[2J" not in out
        assert "\u202e" not in out


@pytest.mark.parametrize("width", [40, 80, 200])
def test_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    out = run("Dockerfile", "--color", "always", "--driver", "450.80.02").out
    assert "\x1b[" in out
    import re

    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in out.splitlines()]
    assert max(map(len, lines)) <= max(width, 62)


def test_without_unicode(run: Run, tmp_path: Path) -> None:
    import io

    out = io.StringIO()
    stack_text.write(read_stacks(["Dockerfile"], Configuration(isolated=True)), out, Style(unicode=False))
    assert out.getvalue().isascii()
    assert "####" in out.getvalue()
