"""The CUDA that a framework will really use."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.semantic.frameworks import Framework

WHL = "https://download.pytorch.org/whl"


def only(build: Any, install: str, base: str = "python:3.11-slim-bookworm", name: str | None = None) -> Framework:
    """The one framework of a stage that runs an install, or the one of that name."""
    found = build(f"FROM {base}\nRUN {install}\n").stages[0].stack.frameworks
    (framework,) = [each for each in found if name in (None, each.name)]
    assert isinstance(framework, Framework)
    return framework


def value(fact: Any) -> Any:
    return fact.value if fact is not None else None


@pytest.mark.parametrize(
    ("install", "version", "cuda"),
    [
        # The default index: CUDA 10.2 to 1.12, then the newest of its day; CUDA 13 since 2.11.
        ("pip install torch==1.12.1", "1.12.1", "10.2"),
        ("pip install torch==1.13.1", "1.13.1", "11.7"),
        ("pip install torch==2.0.1", "2.0.1", "11.7"),
        ("pip install torch==2.1.0", "2.1.0", "12.1"),
        ("pip install torch==2.5.1", "2.5.1", "12.4"),
        ("pip install torch==2.8.0", "2.8.0", "12.8"),
        ("pip install torch==2.10.0", "2.10.0", "12.8"),
        ("pip install torch==2.11.0", "2.11.0", "13.0"),
        ("pip install torch==2.15.0", "2.15.0", "13.2"),
        # Builds.
        ("pip install torch==2.1.0+cu118", "2.1.0+cu118", "11.8"),
        (f"pip install torch==2.1.0 --index-url {WHL}/cu118", "2.1.0", "11.8"),
        (f"pip install torch==2.1.0 --extra-index-url {WHL}/cu118", "2.1.0", "11.8"),
        (f"pip install torch --index-url {WHL}/cu124", "2.6.0", "12.4"),
        ("uv pip install --system --torch-backend cu126 torch==2.7.0", "2.7.0", "12.6"),
        # The newest that a specifier lets through.
        ("pip install 'torch<2.1'", "2.0.1", "11.7"),
        ("pip install 'torch~=2.3.0'", "2.3.1", "12.1"),
        # What a companion pins.
        ("pip install torchvision==0.16.0", "2.1.0", "12.1"),
    ],
)
def test_torch(build: Any, install: str, version: str, cuda: str) -> None:
    found = only(build, install, name="torch")
    assert (value(found.version), value(found.cuda)) == (version, cuda)
    assert (found.build, found.bundles_cuda, found.needs_system_cudnn) == ("cuda", True, False)


@pytest.mark.parametrize(
    "install",
    [
        "pip install torch",
        "pip install 'torch>=2.0'",
        "pip install torch==99.0",
        f"pip install torch --extra-index-url {WHL}/cu118",  # pip takes the newest of both
        f"pip install --pre torch --index-url {WHL}/nightly/cu128",
        "test -e /gpu && pip install torch==2.1.0 || pip install torch==2.0.1",
    ],
)
def test_torch_whose_cuda_is_not_known(build: Any, install: str) -> None:
    found = only(build, install, name="torch")
    assert found.cuda is None or not found.cuda.sure
    assert found.architectures is None or not found.sure


def test_what_is_unknown_says_the_newest_in_words_only(build: Any) -> None:
    found = only(build, "pip install torch")
    assert found.version is found.cuda is None
    assert "2.15.0" in found.note
    assert "CUDA 13.2" in found.note


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (f"--pre --index-url {WHL}/nightly/cu128", "the nightly build of the day"),
        (f"--extra-index-url {WHL}/cu118", "the newest of several indexes"),
    ],
)
def test_why_a_build_is_not_known(build: Any, options: str, said: str) -> None:
    assert said in only(build, f"pip install torch {options}", name="torch").note


def test_the_python_decides_which_torch_is_the_newest(build: Any) -> None:
    found = only(build, "pip install torch", base="python:3.8-slim-bookworm")
    assert (value(found.version), value(found.cuda)) == ("2.4.1", "12.1")
    assert found.version is not None
    assert not found.version.sure
    assert found.version.reason == "the newest for Python 3.8"


def test_wheels_for_arm_are_others(build: Any) -> None:
    stage = build("FROM --platform=linux/arm64 python:3.11\nRUN pip install torch==2.3.0\n").stages[0]
    assert stage.stack.framework("torch").cuda is None


def test_a_private_index_may_hold_other_wheels(build: Any) -> None:
    found = only(build, "pip install torch==2.3.0 -i https://wheels.example/simple")
    assert found.cuda is not None
    assert (found.cuda.value, found.cuda.sure, found.sure) == ("12.1", False, False)


@pytest.mark.parametrize(
    ("install", "build_name"),
    [
        ("pip install torch==2.1.0+cpu", "cpu"),
        (f"pip install torch --index-url {WHL}/cpu", "cpu"),
        (f"pip install torch==2.4.0 --index-url {WHL}/rocm6.1", "rocm"),
        ("pip install tensorflow-cpu==2.15.0", "cpu"),
        ("pip install tensorflow==2.0.0", "cpu"),  # this wheel has no GPU code
        ("pip install jax==0.4.30", "cpu"),
        ("pip install onnxruntime==1.17.0", "cpu"),
        ("pip install paddlepaddle==2.6.2", "cpu"),
    ],
)
def test_builds_without_cuda(build: Any, install: str, build_name: str) -> None:
    found = only(build, install)
    assert (found.build, found.cuda) == (build_name, None)


@pytest.mark.parametrize(
    ("install", "cuda", "bundles", "cudnn", "needs"),
    [
        # TensorFlow: the image's libraries, unless [and-cuda] brings them.
        ("pip install tensorflow==2.10.0", "11.2", False, "8.1", True),
        ("pip install tensorflow==2.15.1", "12.2", False, "8.9", True),
        ("pip install tensorflow[and-cuda]==2.15.1", "12.2", True, "8.9.4.25", False),
        ("pip install tensorflow[and-cuda]==2.18.0", "12.5", True, "9.3.0.75", False),
        ("pip install tensorflow-gpu==2.4.0", "11.0", False, "8.0", True),
        ("pip install tensorflow-gpu==1.12.0", "9.0", False, "7", True),
        # onnxruntime-gpu: CUDA 11 and cuDNN 8 to 1.18, CUDA 12 and cuDNN 9, CUDA 13 from 1.27.
        ("pip install onnxruntime-gpu==1.18.1", "11", False, "8", True),
        ("pip install onnxruntime-gpu==1.19.0", "12", False, "9", True),
        ("pip install onnxruntime-gpu[cuda,cudnn]==1.22.0", "12", True, "9", False),
        ("pip install onnxruntime-gpu==1.27.0", "13", False, "9", True),
        # JAX: the extra decides.
        ("pip install jax[cuda12]==0.4.30", "12", True, None, False),
        ("pip install jax[cuda12_local]==0.4.30", "12", False, None, True),
        ("pip install jax[cuda13]==0.9.0", "13", True, None, False),
        # Before the extras the build of jaxlib did.
        ("pip install jax==0.4.26 jaxlib==0.4.26+cuda12.cudnn89", "12", False, "8.9", True),
        # Names.
        ("pip install cupy-cuda12x==13.0.0", "12", False, None, None),
        ("pip install cupy-cuda12x[ctk]==14.0.0", "12", True, None, None),
        ("pip install cupy-cuda117==11.0.0", "11.7", False, None, None),
        ("pip install mxnet-cu101==1.9.1", "10.1", None, None, None),
        ("pip install cudf-cu12==24.4.0", "12", None, None, None),
        ("pip install paddlepaddle-gpu==2.4.2.post117", "11.7", None, None, None),
    ],
)
def test_the_others(
    build: Any, install: str, cuda: str, bundles: bool | None, cudnn: str | None, needs: bool | None
) -> None:
    found = only(build, install, base="python:3.10-slim-bookworm")
    assert (value(found.cuda), found.bundles_cuda) == (cuda, bundles)
    assert (value(found.cudnn), found.needs_system_cudnn) == (cudnn, needs)


@pytest.mark.parametrize(
    ("install", "kind", "cuda"),
    [
        ("conda install -c pytorch -c nvidia pytorch==2.1.0 pytorch-cuda=12.1", "cuda", "12.1"),
        ("conda install -c pytorch pytorch==1.12.1 cudatoolkit=11.3", "cuda", "11.3"),
        ("conda install -c pytorch pytorch==1.12.1 cpuonly", "cpu", None),
        ("conda install -c conda-forge pytorch=2.3", None, None),
        ("conda install -c conda-forge pytorch-gpu=2.3", "cuda", None),
    ],
)
def test_conda(build: Any, install: str, kind: str | None, cuda: str | None) -> None:
    found = only(build, install, base="continuumio/miniconda3:24.1.2-0", name="torch")
    assert (found.build, value(found.cuda)) == (kind, cuda)


def test_vllm_uses_the_cuda_of_its_torch(build: Any) -> None:
    found = only(build, "pip install vllm==0.6.0", name="vllm")
    torch = only(build, "pip install vllm==0.6.0", name="torch")
    assert value(torch.version) == "2.4.0"
    assert (value(found.cuda), found.build) == ("12.1", "cuda")


@pytest.mark.parametrize(
    ("base", "cuda", "bundles", "known"),
    [
        ("pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime", "12.1", True, True),
        ("mirror.gcr.io/pytorch/pytorch:2.1.0-cuda11.8-cudnn8-devel", "11.8", True, True),
        ("nvcr.io/nvidia/pytorch:24.01-py3", "12.3.2", False, False),
    ],
)
def test_the_torch_of_a_base_image(build: Any, base: str, cuda: str, bundles: bool, known: bool) -> None:
    (found,) = build(f"FROM {base}\n").stages[0].stack.frameworks
    assert (found.name, value(found.cuda), found.bundles_cuda) == ("torch", cuda, bundles)
    assert (found.architectures is not None) is known


def test_an_install_over_the_base_image_replaces_its_build(build: Any) -> None:
    stage = build("FROM pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime\nRUN pip install torch==2.8.0\n").stages[0]
    assert value(stage.stack.framework("torch").cuda) == "12.8"


def test_the_cuda_stands_where_its_build_is_chosen(build: Any) -> None:
    assert only(build, "pip install torch==2.1.0+cu118").cuda.span.text == "cu118"  # type: ignore[union-attr]
    found = only(build, f"pip install torch==2.1.0 --index-url {WHL}/cu121")
    assert found.cuda.span.text == "cu121"  # type: ignore[union-attr]
    assert only(build, "pip install torch==2.1.0").cuda.span.text == "torch==2.1.0"  # type: ignore[union-attr]
