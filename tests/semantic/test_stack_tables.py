"""The resolver over everything that the tables know: tags of GPU images, torch with all of its indexes."""

from __future__ import annotations

from typing import Any

import pytest

from mllint import knowledge
from mllint.images import drivers
from mllint.images.versions import minor, numbers
from mllint.semantic.stack import Stack

_MINIMA = [(numbers(row.first), numbers(row.last), row.driver) for row in knowledge.cuda_driver.MINOR_MINIMA]


def stack_of(build: Any, text: str) -> Stack:
    stack = build(text).stages[-1].stack
    assert isinstance(stack, Stack)
    return stack


def check_driver(stack: Stack, cuda: str) -> None:
    """The least driver of an image is never below that of a CUDA in it."""
    version = minor(cuda) or (*numbers(cuda), 9)
    line = next((driver for first, last, driver in _MINIMA if first <= version <= last), None)
    need = drivers.least_driver(cuda)
    if line is None and (need is None or version < (9, 0)):
        return
    least = stack.least_driver
    assert least is not None
    assert need is not None
    assert numbers(least.version) >= numbers(line or need.minimum)


def cuda_tags() -> list[Any]:
    tables = (*knowledge.cuda_images.TAGS, *knowledge.cuda_images.LATER)
    return [
        pytest.param(row, id=f"{row.cuda}-{row.status}-{row.flavours.split()[0]}-{at}") for at, row in enumerate(tables)
    ]


@pytest.mark.parametrize("row", cuda_tags())
def test_nvidia_cuda(build: Any, row: Any) -> None:
    for flavour in row.flavours.split():
        for os in row.oses.split():
            tag = f"{row.cuda}-{flavour}" + ("" if os == "-" else f"-{os}")
            stack = stack_of(build, f"FROM nvidia/cuda:{tag}\n")
            assert stack.cuda is not None, tag
            assert stack.cuda.value == row.cuda, tag
            assert stack.flavour is not None, tag
            assert stack.flavour.value == flavour.rpartition("-")[2], tag
            assert stack.has_nvcc is (flavour.rpartition("-")[2] == "devel"), tag
            assert stack.has_cudnn is flavour.startswith("cudnn"), tag
            named = flavour.partition("-")[0].removeprefix("cudnn")
            assert stack.cudnn is None or stack.cudnn.value.startswith(named), tag
            assert stack.gpu.there, tag
            check_driver(stack, row.cuda)


@pytest.mark.parametrize("row", knowledge.ngc.RELEASES, ids=lambda row: row.release)
def test_ngc(build: Any, row: Any) -> None:
    for name in ("pytorch", "tensorflow", "tritonserver"):
        stack = stack_of(build, f"FROM nvcr.io/nvidia/{name}:{row.release}-py3\n")
        assert stack.cuda is not None
        assert stack.cuda.value == row.cuda
        assert stack.cuda.sure is row.sure
        assert (stack.cudnn.value if stack.cudnn is not None else None) == row.cudnn
        check_driver(stack, row.cuda)
        for framework in stack.frameworks:
            assert framework.cuda is None or framework.cuda.value == row.cuda
            assert framework.bundles_cuda is not True


@pytest.mark.parametrize("line", knowledge.pytorch_images.LINES, ids=lambda row: row.torch)
def test_pytorch_images(build: Any, line: Any) -> None:
    version = line.torch if line.torch.count(".") == 2 else f"{line.torch}.0"
    for cuda in line.cudas.split():
        for cudnn in line.cudnns.split():
            for flavour in ("runtime", "devel"):
                stack = stack_of(build, f"FROM pytorch/pytorch:{version}-cuda{cuda}-cudnn{cudnn}-{flavour}\n")
                (torch,) = stack.frameworks
                assert torch.cuda is not None
                assert torch.cuda.value == cuda
                assert torch.cudnn is not None
                assert torch.cudnn.value == cudnn
                # The CUDA of the runtime images is inside torch; since 2.4 no image has a cuDNN besides.
                assert stack.has_cuda is (flavour == "devel")
                assert stack.has_nvcc is (flavour == "devel")
                assert stack.has_cudnn is (flavour == "devel" and numbers(version) < (2, 4))
                check_driver(stack, cuda)


@pytest.mark.parametrize("row", knowledge.tensorflow_images.RELEASES, ids=lambda row: row.version)
def test_tensorflow_images(build: Any, row: Any) -> None:
    gpu = stack_of(build, f"FROM tensorflow/tensorflow:{row.version}-gpu\n")
    assert gpu.cuda is not None
    assert gpu.cuda.value == row.cuda
    # What an image carries is recalled.
    assert not gpu.cuda.sure
    assert gpu.cudnn is not None
    assert gpu.cudnn.value == row.cudnn
    check_driver(gpu, row.cuda)
    cpu = stack_of(build, f"FROM tensorflow/tensorflow:{row.version}\n")
    assert (cpu.cuda, cpu.has_cuda, cpu.cudas, cpu.least_driver) == (None, False, (), None)


@pytest.mark.parametrize("row", knowledge.torch.VARIANTS, ids=lambda row: f"{row.torch}-{row.name}")
def test_torch_of_every_index(build: Any, row: Any) -> None:
    index = f"https://download.pytorch.org/whl/{row.name}"
    for install in (f"torch=={row.torch}+{row.name}", f"torch=={row.torch} --index-url {index}"):
        stack = stack_of(build, f"FROM python:3.10-slim-bookworm\nRUN pip install {install}\n")
        (torch,) = stack.frameworks
        assert (torch.cuda.value if torch.cuda is not None else None) == row.cuda
        assert torch.build == ("cuda" if row.cuda else "cpu")
        if row.cuda is None:
            assert stack.least_driver is None
            continue
        assert torch.needs_system_cudnn is False
        known = tuple(each.partition("+")[0] for each in torch.architectures or ())
        assert known == tuple(row.architectures.split())
        check_driver(stack, row.cuda)


@pytest.mark.parametrize("row", knowledge.torch.RELEASES, ids=lambda row: row.version)
def test_torch_of_the_default_index(build: Any, row: Any) -> None:
    stack = stack_of(build, f"FROM python:3.10-slim-bookworm\nRUN pip install torch=={row.version}\n")
    (torch,) = stack.frameworks
    assert torch.cuda is not None
    assert torch.cuda.value == row.cuda
    check_driver(stack, row.cuda)


@pytest.mark.parametrize("row", knowledge.onnxruntime.RELEASES, ids=lambda row: row.version)
def test_onnxruntime_gpu(build: Any, row: Any) -> None:
    (found,) = stack_of(build, f"FROM python:3.11\nRUN pip install onnxruntime-gpu=={row.version}\n").frameworks
    assert found.cuda is not None
    assert found.cudnn is not None
    assert (found.cuda.value, found.cudnn.value) == (row.cuda_major, row.cudnn_major)
    assert found.needs_system_cudnn


@pytest.mark.parametrize("row", knowledge.tensorflow.RELEASES, ids=lambda row: row.version)
def test_tensorflow(build: Any, row: Any) -> None:
    (plain,) = stack_of(build, f"FROM python:3.11\nRUN pip install tensorflow=={row.version}\n").frameworks
    assert plain.build == ("cuda" if row.gpu else "cpu")
    assert plain.needs_system_cudnn is row.gpu
    if not row.and_cuda:
        return
    stack = stack_of(build, f"FROM python:3.11\nRUN pip install tensorflow[and-cuda]=={row.version}\n")
    (whole,) = stack.frameworks
    assert whole.cuda is not None
    exact = row.cuda_pin[0].isdigit()
    assert whole.cuda.value == (".".join(row.cuda_pin.split(".")[:2]) if exact else row.cuda.split(".")[0])
    assert whole.needs_system_cudnn is False
    check_driver(stack, whole.cuda.value)
