"""The stack of a stage: toolkit, cuDNN, compiler, what is meant for a GPU, what the host has to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mllint.semantic import hosts
from mllint.semantic.stack import Stack

RUNTIME = "nvidia/cuda:12.4.1-runtime-ubuntu22.04"


def stack(build: Any, text: str, **options: Any) -> Stack:
    found = build(text, **options).final.stack
    assert isinstance(found, Stack)
    return found


def value(fact: Any) -> Any:
    return fact.value if fact is not None else None


@pytest.mark.parametrize(
    ("text", "cuda", "there", "nvcc"),
    [
        ("FROM nvidia/cuda:12.4.1-base-ubuntu22.04", "12.4.1", True, False),
        ("FROM nvidia/cuda:12.4.1-devel-ubuntu22.04", "12.4.1", True, True),
        ("FROM mirror.gcr.io/nvidia/cuda:12.4.1-devel-ubuntu22.04", "12.4.1", True, True),
        ("ARG CUDA=12.4.1\nFROM nvidia/cuda:${CUDA}-devel-ubuntu22.04", "12.4.1", True, True),
        ("FROM nvidia/cuda@sha256:" + "0" * 64, None, True, None),
        ("FROM python:3.12-slim-bookworm", None, False, False),
        ("FROM team/base:1", None, None, None),
        ("FROM scratch", None, False, None),
        ("FROM ubuntu:22.04\nRUN apt-get install -y cuda-toolkit-12-4", "12.4", True, True),
        ("FROM ubuntu:22.04\nRUN apt-get install -y cuda-runtime-11-8", "11.8", True, False),
        ("FROM ubuntu:22.04\nRUN apt-get install -y nvidia-cuda-toolkit", "11.5", True, True),
        ("FROM debian:12\nRUN apt-get install -y nvidia-cuda-toolkit", "11.8", True, True),
        ("FROM ubuntu:22.04\nRUN apt-get install -y cuda-keyring cuda-drivers-550", None, False, False),
        ("FROM ubuntu:22.04\nRUN sh cuda_12.4.1_550.54.15_linux.run --silent --toolkit", "12.4.1", True, True),
        ("FROM continuumio/miniconda3:24.1.2-0\nRUN conda install -y cudatoolkit=11.8", "11.8", True, None),
        ("FROM continuumio/miniconda3:24.1.2-0\nRUN conda install -y -c nvidia cuda-toolkit=12.4", "12.4", True, True),
        (
            "FROM ubuntu:22.04\nCOPY --from=nvidia/cuda:12.4.1-devel-ubuntu22.04 /usr/local/cuda /usr/local/cuda",
            "12.4.1",
            True,
            True,
        ),
        (
            "FROM nvidia/cuda:12.4.1-devel-ubuntu22.04 AS c\nFROM ubuntu:22.04\nCOPY --from=c /usr/local/cuda/ /cuda/",
            "12.4.1",
            True,
            True,
        ),
        # Of a version that only the solver knows.
        ("FROM ubuntu:22.04\nRUN apt-get install -y cuda-toolkit", None, True, True),
        ("FROM continuumio/miniconda3:24.1.2-0\nRUN conda install -y -c nvidia cuda-nvcc", None, None, True),
        # What a script does is not known; that of conda's installer is.
        ("FROM ubuntu:22.04\nCOPY setup.sh .\nRUN ./setup.sh", None, None, None),
        ("FROM ubuntu:22.04\nRUN bash Miniconda3-py310_23.1.0-1-Linux-x86_64.sh -b", None, False, False),
        # What a child adds over its parent.
        (f"FROM {RUNTIME} AS base\nFROM base\nRUN apt-get install -y cuda-nvcc-12-4", "12.4.1", True, True),
    ],
)
def test_the_toolkit(build: Any, text: str, cuda: str | None, there: bool | None, nvcc: bool | None) -> None:
    found = stack(build, f"{text}\n")
    if cuda is None and there and "sha256" in text:
        assert (found.cuda, found.has_nvcc) == (None, None)
        return
    assert (value(found.cuda), found.has_cuda, found.has_nvcc) == (cuda, there, nvcc)


def test_a_compiler_beside_libraries(build: Any) -> None:
    found = stack(build, f"FROM {RUNTIME}\nRUN apt-get install -y cuda-nvcc-12-6\n")
    assert (value(found.cuda), value(found.nvcc), value(found.flavour)) == ("12.4.1", "12.6", "runtime")
    assert [use.version for use in found.cudas] == ["12.4.1"]


def test_the_evidence_of_the_toolkit(build: Any) -> None:
    found = stack(build, "ARG CUDA=12.4.1\nFROM nvidia/cuda:${CUDA}-devel-ubuntu22.04\n").cuda
    assert found is not None
    assert found.span is not None
    assert (found.span.text, found.span.first.line, found.reason) == ("12.4.1", 1, "nvidia/cuda image")


@pytest.mark.parametrize(
    ("text", "cudnn", "there"),
    [
        ("FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04", "9.1.0.70", True),
        ("FROM nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04", "8.9.6.50", True),
        (f"FROM {RUNTIME}", None, False),
        (f"FROM {RUNTIME}\nRUN apt-get install -y libcudnn9-cuda-12", "9", True),
        (f"FROM {RUNTIME}\nRUN apt-get install -y libcudnn8=8.9.7.29-1+cuda12.2", "8.9.7.29", True),
        (f"FROM {RUNTIME}\nRUN tar xf cudnn-linux-x86_64-8.9.7.29_cuda12-archive.tar.xz", "8.9.7.29", True),
        ("FROM continuumio/miniconda3:24.1.2-0\nRUN conda install -y cudnn=8.9.2", "8.9.2", True),
        ("FROM pytorch/pytorch:2.1.0-cuda12.1-cudnn8-devel", "8", True),
        # The cuDNN of these tags is the one inside torch.
        ("FROM pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime", None, False),
        ("FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel", None, False),
        # Wheels bring theirs for themselves.
        ("FROM python:3.12\nRUN pip install torch==2.5.1 nvidia-cudnn-cu12==9.1.0.70", None, False),
        ("FROM team/base:1", None, None),
        # What else is installed is not known.
        (f"FROM {RUNTIME}\nRUN apt-get install -y $(cat packages)", None, None),
    ],
)
def test_cudnn(build: Any, text: str, cudnn: str | None, there: bool | None) -> None:
    found = stack(build, f"{text}\n")
    assert (value(found.cudnn), found.has_cudnn) == (cudnn, there)


def test_before_an_install(build: Any) -> None:
    made = build(
        "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\n"
        "RUN pip install torch==2.1.0\n"
        "RUN apt-get install -y cuda-nvcc-12-4 && export TORCH_CUDA_ARCH_LIST=8.0 && pip install flash-attn\n"
        "ENV TORCH_CUDA_ARCH_LIST=9.0\n"
        "RUN pip install torch==2.8.0\n"
    )
    stage = made.final
    first, _, flash, last = stage.installs
    assert stage.stack.before(first).framework("torch") is None
    assert value(stage.stack.before(flash).framework("torch").version) == "2.1.0"
    assert value(stage.stack.before(flash).arch_list) == "8.0"
    assert stage.stack.before(flash.instruction).has_nvcc is False
    assert value(stage.stack.before(last).arch_list) == "9.0"
    assert value(stage.stack.framework("torch").version) == "2.8.0"
    assert stage.stack.has_nvcc is True


def test_what_the_frameworks_have_code_for_in_common(build: Any) -> None:
    found = stack(build, "FROM python:3.11\nRUN pip install torch==2.0.1\n")
    assert found.architectures == ("3.7", "5.0", "6.0", "7.0", "7.5", "8.0", "8.6")
    assert stack(build, "FROM python:3.11\nRUN pip install torch\n").architectures is None


# The host


@pytest.mark.parametrize(
    ("text", "version", "complete"),
    [
        (f"FROM {RUNTIME}", "525.60.13", True),
        (f"FROM {RUNTIME}\nRUN pip install torch==2.11.0", "580.65.06", True),
        ("FROM nvidia/cuda:11.8.0-base-ubuntu22.04\nRUN pip install torch==2.0.1", "450.80.02", True),
        ("FROM nvidia/cuda:12.6.3-base-ubuntu24.04\nRUN pip install torch", "525.60.13", False),
        (f"FROM {RUNTIME}\nRUN pip install -r missing.txt", "525.60.13", False),
        ("FROM python:3.11\nRUN pip install jax[cuda12]==0.4.30", "525.60.13", True),
        # It takes what the image has, which is nothing: no driver is needed for the CPU.
        ("FROM python:3.11\nRUN pip install tensorflow==2.15.1", None, None),
        ("FROM python:3.11\nRUN pip install numpy", None, None),
    ],
)
def test_the_least_driver(build: Any, text: str, version: str | None, complete: bool | None) -> None:
    least = stack(build, f"{text}\n").least_driver
    assert (least.version if least else None, least.complete if least else None) == (version, complete)


@pytest.mark.parametrize(
    ("text", "driver", "gpu", "fate"),
    [
        (f"FROM {RUNTIME}", "550.54.15", None, hosts.Fate.RUNS),
        ("FROM python:3.11\nRUN pip install torch==2.4.0", "525.60.13", None, hosts.Fate.MINOR_VERSION),
        (f"FROM {RUNTIME}", "450.80.02", None, hosts.Fate.FAILS),
        (f"FROM {RUNTIME}", "530.30.02", None, hosts.Fate.GATE),
        (f"FROM {RUNTIME}\nENV NVIDIA_DISABLE_REQUIRE=1", "530.30.02", None, hosts.Fate.MINOR_VERSION),
        (f"FROM {RUNTIME}", "470.82.01", None, hosts.Fate.COMPAT_UNKNOWN),
        (f"FROM {RUNTIME}", "470.82.01", "A100", hosts.Fate.COMPAT),
        (f"FROM {RUNTIME}", "470.82.01", "RTX 3090", hosts.Fate.COMPAT_REFUSED),
        ("FROM python:3.11\nRUN pip install torch==2.8.0", "470.82.01", "A100", hosts.Fate.NO_COMPAT),
        ("FROM nvidia/cuda:12.4.1-base-ubuntu22.04", "999.1", None, hosts.Fate.RUNS),
    ],
)
def test_a_driver(build: Any, text: str, driver: str, gpu: str | None, fate: hosts.Fate) -> None:
    (found,) = hosts.driver_verdicts(build(f"{text}\n").final, driver, gpu)
    assert found.fate is fate
    assert found.sure


@pytest.mark.parametrize(
    ("text", "gpu", "runs"),
    [
        ("FROM python:3.11\nRUN pip install torch==2.0.1", "H100", False),
        ("FROM python:3.11\nRUN pip install torch==2.0.1+cu118", "H100", True),
        ("FROM python:3.11\nRUN pip install torch==2.0.1", "RTX 4090", True),  # code for 8.6 runs on 8.9
        ("FROM python:3.12\nRUN pip install torch==2.6.0", "RTX 5090", False),
        ("FROM python:3.12\nRUN pip install torch==2.7.0+cu128", "RTX 5090", True),
        ("FROM python:3.12\nRUN pip install torch==2.15.0", "V100", False),
        # No list of theirs is known: an older CUDA leaves PTX, a newer one has dropped the GPU.
        ("FROM python:3.10\nRUN pip install tensorflow[and-cuda]==2.14.1", "B200", None),
        ("FROM python:3.12\nRUN pip install jax[cuda13]==0.9.0", "T4", None),
    ],
)
def test_a_gpu(build: Any, text: str, gpu: str, runs: bool | None) -> None:
    (found,) = hosts.gpu_verdicts(build(f"{text}\n").final, gpu)
    assert found.runs is runs


def test_a_compiler_and_a_gpu(build: Any) -> None:
    (found,) = hosts.gpu_verdicts(build("FROM nvidia/cuda:11.7.1-devel-ubuntu22.04\n").final, "H100")
    assert (found.runs, found.reason) == (False, "nvcc 11.7.1 cannot compile for sm_90")


# Installs under a condition


def test_a_toolkit_under_a_condition_may_not_be_there(build: Any) -> None:
    packages = "cuda-toolkit-12-4 libcudnn9-cuda-12"
    found = stack(build, f'FROM ubuntu:22.04\nARG GPU\nRUN if [ "$GPU" = 1 ]; then apt install {packages}; fi\n')
    assert found.cuda is not None
    assert (found.cuda.value, found.cuda.sure, found.has_cuda, found.has_nvcc) == ("12.4", False, None, None)
    assert (value(found.cudnn), found.has_cudnn) == ("9", None)
    assert "CUDA 12.4 is installed under a condition" in [reason.value for reason in found.gpu.reasons]
    found = stack(build, f"FROM ubuntu:22.04\nRUN apt install {packages}\n")
    assert found.cuda is not None
    assert (found.cuda.sure, found.has_cuda, found.has_nvcc, found.has_cudnn) == (True, True, True, True)
    assert found.least_driver is not None
    assert found.least_driver.because.label == "cuda-toolkit-12-4"


# What it is meant for


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"FROM {RUNTIME}", "the base image is nvidia/cuda"),
        ("FROM python:3.11\nENV NVIDIA_VISIBLE_DEVICES=all", "NVIDIA_VISIBLE_DEVICES is set"),
        ("FROM python:3.11\nRUN pip install flash-attn", "flash-attn is installed"),
        ("FROM python:3.11\nRUN pip install cupy-cuda12x", "cupy-cuda12x is installed"),
        ("FROM python:3.11\nRUN pip install torch==2.1.0+cu118", "torch is asked for as its cu118 build"),
        ("FROM python:3.11\nRUN pip install tensorflow[and-cuda]", "tensorflow is asked for with [and-cuda]"),
        ("FROM python:3.11\nRUN apt-get install -y cuda-toolkit-12-4", "CUDA 12.4 is installed"),
        ('FROM python:3.11\nCMD ["python", "serve.py", "--device", "cuda"]', "the command has `cuda`"),
        ('FROM python:3.11\nCMD ["python", "serve.py", "--n-gpu-layers=35"]', "the command has `--n-gpu-layers=35`"),
    ],
)
def test_evidence_of_a_gpu(build: Any, text: str, said: str) -> None:
    assert said in [reason.value for reason in stack(build, f"{text}\n").gpu.reasons]


@pytest.mark.parametrize(
    "text",
    [
        "FROM python:3.11\nRUN pip install torch==2.1.0 tensorflow==2.15.1 transformers",
        "FROM python:3.11\nRUN pip install torch==2.1.0+cpu onnxruntime",
        "FROM python:3.11\nENV CUDA_VISIBLE_DEVICES=-1",
        "FROM python:3.11\nENV NVIDIA_VISIBLE_DEVICES=void",
        'FROM python:3.11\nENV CUDA_VISIBLE_DEVICES=""',
        "FROM python:3.11 AS gpu-and-cpu",
    ],
)
def test_no_evidence_of_a_gpu(build: Any, text: str) -> None:
    assert not stack(build, f"{text}\n").gpu.there


def test_variables_that_hide_the_gpus(build: Any) -> None:
    assert value(stack(build, "FROM python:3.11\nENV CUDA_VISIBLE_DEVICES=-1\n").gpu.denied) == (
        "CUDA_VISIBLE_DEVICES hides every GPU"
    )


@pytest.mark.parametrize("name", ["gpu", "app-gpu", "cuda12.4", "train_cuda"])
def test_names_that_say_gpu(build: Any, name: str) -> None:
    evidence = stack(build, f"FROM python:3.11 AS {name}\n").gpu
    assert [reason.value for reason in evidence.surroundings] == ["its name says GPU"]


def test_names_that_say_cpu(build: Any) -> None:
    evidence = stack(build, "FROM python:3.11 AS cpu\n").gpu
    assert (evidence.there, value(evidence.denied)) == (False, "its name says CPU")


def test_packages_are_no_surroundings(build: Any) -> None:
    evidence = stack(build, "FROM python:3.11\nRUN pip install flash-attn\n").gpu
    assert (evidence.there, evidence.surroundings) == (True, ())


def test_the_users_gpu(build: Any) -> None:
    reasons = stack(build, "FROM python:3.11\n", gpu="H100").gpu.reasons
    assert [reason.value for reason in reasons] == ["the target has an H100"]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("gpus: all", "gpus"),
        ("runtime: nvidia", "runtime: nvidia"),
        ("deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}", "device reservation"),
        ("deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 1}]}}}", "device reservation"),
        ("deploy: {resources: {limits: {memory: 2g}}}", None),
        ("deploy: [1]", None),
    ],
)
def test_a_compose_file(build: Any, tmp_path: Path, service: str, said: str | None) -> None:
    (tmp_path / "compose.yaml").write_text(f"services:\n  a:\n    build: .\n    {service}\n", encoding="utf-8")
    path = tmp_path / "Dockerfile"
    path.write_text("FROM python:3.11\nCOPY . /app\n", encoding="utf-8")
    reasons = stack(build, path.read_text(encoding="utf-8"), path=str(path)).gpu.reasons
    assert [each.value for each in reasons] == ([f"a Compose file gives it a GPU ({said})"] if said else [])


def test_code_that_uses_a_gpu(build: Any, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "model.py").write_text('model.to("cuda")\n', encoding="utf-8")
    (tmp_path / "train.py").write_text("model.cuda()\n", encoding="utf-8")
    path = str(tmp_path / "Dockerfile")
    assert value(stack(build, "FROM python:3.11\nCOPY src /app\n", path=path).gpu_code) == 'src/model.py has `to("cuda`'
    assert stack(build, "FROM python:3.11\nRUN true\n", path=path).gpu_code is None
