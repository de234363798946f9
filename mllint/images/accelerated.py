"""What the images of nvidia/cuda, NGC, pytorch/pytorch and tensorflow/tensorflow hold."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.known import ImageFacts
from mllint.images.systems import codename_of, release_of, shell_of
from mllint.images.versions import numbers
from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.knowledge.pytorch_images import Line

_COMPILERS = frozenset({"gcc", "g++", "make"})
_NVIDIA_ENV = MappingProxyType({"NVIDIA_VISIBLE_DEVICES": "all", "NVIDIA_DRIVER_CAPABILITIES": "compute,utility"})
_CUDA_SYSTEMS = {
    "ubi": "rhel",
    "amzn": "amazonlinux",
    "azl": "azurelinux",
    "cm": "azurelinux",
}
_BANNER = "/opt/nvidia/nvidia_entrypoint.sh"


class CudaTag(NamedTuple):
    """The parts of an nvidia/cuda tag: "12.4.1-cudnn-devel-ubuntu22.04"."""

    cuda: str
    library: str
    """"cudnn8", "cudnn", "tensorrt" or ""."""
    flavour: str
    """"base", "runtime", "devel" or ""."""
    os: str
    """"ubuntu22.04", "ubi9" or ""."""

    def __str__(self) -> str:
        return "-".join(part for part in self if part)


_CUDA_TAG = regex(
    r"(\d+(?:\.\d+){1,2})(?:-(cudnn\d*|tensorrt))?(?:-(base|runtime|devel))?"
    r"(?:-((?:ubuntu|centos|rockylinux|oraclelinux|opensuse|ubi|amzn|azl|cm|debian)[\d.]+))?"
)


def parse_cuda_tag(tag: str) -> CudaTag | None:
    """The parts of a tag in the grammar of nvidia/cuda, whether or not it exists; None for other words."""
    match = _CUDA_TAG.fullmatch(tag)
    return CudaTag(*(part or "" for part in match.groups())) if match else None


class TorchTag(NamedTuple):
    """The parts of a pytorch/pytorch tag: "2.1.0-cuda12.1-cudnn8-runtime"; "" for parts that are not there."""

    torch: str
    cuda: str
    cudnn: str
    flavour: str

    def __str__(self) -> str:
        parts = (self.torch, self.cuda and f"cuda{self.cuda}", self.cudnn and f"cudnn{self.cudnn}", self.flavour)
        return "-".join(part for part in parts if part)


_TORCH_TAG = regex(r"v?(\d+\.\d+(?:\.\d+)?)(?:-cuda(\d+\.\d+))?(?:-cudnn(\d+))?(?:-(runtime|devel))?")


def parse_torch_tag(tag: str) -> TorchTag | None:
    """The parts of a tag in the grammar of pytorch/pytorch, or cut short of it; None for other words."""
    match = _TORCH_TAG.fullmatch(tag)
    return TorchTag(*(part or "" for part in match.groups())) if match else None


def torch_line(version: str) -> Line | None:
    """The row of the pytorch/pytorch images of a release: its own, or that of its minor version."""
    from mllint.knowledge.pytorch_images import LINES

    rows = {row.torch: row for row in LINES}
    return rows.get(version) or rows.get(".".join(version.split(".")[:2]))


def accelerated(name: str, tag: str | None) -> ImageFacts | None:
    """The facts of a GPU image, by its publisher's name; None for names that have no table."""
    if name == "docker.io/nvidia/cuda":
        return _cuda(tag or "")
    if name == "docker.io/pytorch/pytorch":
        return _pytorch(tag or "")
    if name == "docker.io/tensorflow/tensorflow":
        return _tensorflow(tag or "")
    framework = name.removeprefix("nvcr.io/nvidia/")
    if framework in ("pytorch", "tensorflow", "tritonserver", "tensorrt"):
        return _ngc(framework, tag or "")
    return None


def _cuda(tag: str) -> ImageFacts:
    parts = parse_cuda_tag(tag)
    if parts is None:
        return ImageFacts("nvidia/cuda", gpu="cuda", user="root", healthcheck=False, env=_NVIDIA_ENV)
    from mllint.knowledge.cuda_images import ABSENT, ABSENT_ON_UBUNTU, ENV

    os, version = _cuda_os(parts.os)
    devel = parts.flavour == "devel"
    # Tags without a system, which are gone, stood for images on Ubuntu.
    ubuntu = os == "ubuntu" or not parts.os
    lacks = frozenset((ABSENT if ubuntu else "pip pip3 conda git").split())
    lacks |= frozenset(ABSENT_ON_UBUNTU.split()) if ubuntu else frozenset()
    lacks |= frozenset() if devel or not parts.flavour else {"nvcc", *_COMPILERS}
    flavour = f"{parts.library.rstrip('0123456789')}-{parts.flavour}" if parts.library else parts.flavour or None
    return ImageFacts(
        "nvidia/cuda",
        os=os,
        os_version=version,
        os_codename=codename_of(os, version) if os else None,
        python_commands=frozenset() if ubuntu else None,
        cuda=parts.cuda,
        cudnn=_cudnn(parts),
        gpu="cuda",
        flavour=flavour,
        ships=frozenset({"nvcc"}) | (_COMPILERS if os == "ubuntu" else frozenset()) if devel else frozenset(),
        lacks=lacks,
        user="root",
        env=MappingProxyType({**_NVIDIA_ENV, "CUDA_VERSION": parts.cuda}),
        env_names=frozenset(ENV) | ({"LIBRARY_PATH"} if devel else frozenset()),
        env_complete=True,
        workdir="/",
        entrypoint=() if parts.flavour == "base" else (_BANNER,),
        cmd=("/bin/bash",) if os == "ubuntu" else None,
        healthcheck=False,
        shell=shell_of(os),
        size_gb=_cuda_size(flavour),
        doubtful=frozenset({"size_gb"} if ubuntu else {"size_gb", "lacks"}),
    )


def _cuda_os(suffix: str) -> tuple[str | None, str | None]:
    match = re.fullmatch(r"([a-z]+)([\d.]+)", suffix)
    if match is None:
        return None, None
    os = _CUDA_SYSTEMS.get(match[1], match[1])
    return os, release_of(os, match[2]) or match[2]


def _cudnn(parts: CudaTag) -> str | None:
    if not parts.library.startswith("cudnn"):
        return None
    from mllint.knowledge.cuda_images import CUDNN

    wanted = parts.library.removeprefix("cudnn")
    row = next((row for row in CUDNN if row.cuda == parts.cuda), None)
    versions = [v for v in row.versions.split() if v.startswith(f"{wanted}.") or not wanted] if row else []
    return versions[-1] if versions else wanted or "9"


def _cuda_size(flavour: str | None) -> float | None:
    from mllint.knowledge.cuda_images import SIZES

    return next((row.gigabytes for row in SIZES if row.flavour == flavour), None)


def _pytorch(tag: str) -> ImageFacts:
    from mllint.knowledge.pytorch_images import COMPILER_SINCE, HORIZON, SIZE_DEVEL_GB, SIZE_RUNTIME_GB

    parts = parse_torch_tag(tag)
    version = parts.torch if parts else None
    line = torch_line(version) if version and numbers(version) <= numbers(HORIZON) else None
    devel = parts is not None and parts.flavour == "devel"
    compilers = devel or (version is not None and numbers(version)[:2] >= numbers(COMPILER_SINCE)[:2])
    ships = frozenset({"python3", "pip"} | ({"python", "conda"} if line and line.conda else set()))
    ships |= {"gcc"} if compilers else frozenset()
    env = {**_NVIDIA_ENV, "LD_LIBRARY_PATH": "/usr/local/nvidia/lib:/usr/local/nvidia/lib64"}
    return ImageFacts(
        "pytorch/pytorch",
        os="ubuntu" if line else None,
        os_version=line.ubuntu if line else None,
        os_codename=codename_of("ubuntu", line.ubuntu) if line else None,
        python=line.python if line else None,
        python_commands=frozenset({"python", "python3"}) if line and line.conda else None,
        cuda=(parts.cuda or None) if parts else None,
        cudnn=(parts.cudnn or None) if parts else None,
        gpu="cuda",
        flavour=(parts.flavour or None) if parts else None,
        frameworks=(("torch", version),),
        ships=ships | ({"nvcc", "g++", "make"} if devel else frozenset()),
        lacks=frozenset({"curl", "wget"} | ({"nvcc"} if parts and parts.flavour == "runtime" else set())),
        user="root",
        env=MappingProxyType(env),
        env_names=frozenset(env) | {"PATH", "PYTORCH_VERSION"},
        env_complete=True,
        workdir="/workspace",
        entrypoint=((_BANNER,) if devel else ()) if parts and parts.flavour else None,
        healthcheck=False,
        shell="dash",
        size_gb=None if not parts or not parts.flavour else SIZE_DEVEL_GB if devel else SIZE_RUNTIME_GB,
        purpose="training",
        doubtful=_pytorch_doubts(line),
        note="No conda: pip meets an externally managed Python (PEP 668)." if line and not line.conda else "",
    )


def _pytorch_doubts(line: Line | None) -> frozenset[str]:
    doubts = {"size_gb"}
    if line and not line.sure_python:
        doubts |= {"python"}
    if line and not line.sure_ubuntu:
        doubts |= {"os_version", "os_codename"}
    return frozenset(doubts)


#: How the images with Jupyter start it, behind a shell.
_JUPYTER = ("jupyter", "notebook", "--notebook-dir=/tf", "--ip", "0.0.0.0", "--no-browser", "--allow-root")


def _tensorflow(tag: str) -> ImageFacts:
    from mllint.knowledge.tensorflow_images import LINES, RELEASES

    match = re.match(r"(\d+\.\d+\.\d+)", tag)
    version = match[1] if match else None
    row = next((row for row in RELEASES if row.version == version), None)
    found = numbers(version or "")
    line = next((line for line in LINES if found and numbers(line.first) <= found <= numbers(line.last)), None)
    gpu, jupyter = "-gpu" in f"-{tag}", "jupyter" in tag
    return ImageFacts(
        "tensorflow/tensorflow",
        os="ubuntu",
        os_version=line.ubuntu if line else None,
        os_codename=codename_of("ubuntu", line.ubuntu) if line else None,
        python=_tensorflow_python(line.python, found, tag) if line else None,
        python_commands=frozenset({"python", "python3"}),
        cuda=row.cuda if row and gpu else None,
        cudnn=row.cudnn if row and gpu else None,
        gpu="cuda" if gpu else "cpu",
        flavour="-".join(word for word, there in (("gpu", gpu), ("jupyter", jupyter)) if there) or None,
        frameworks=(("tf-nightly" if tag.startswith("nightly") else "tensorflow", version),),
        ships=frozenset({"python", "python3", "pip"} | ({"jupyter"} if jupyter else set())),
        lacks=frozenset({"nvcc", "conda"} | (set() if jupyter else {"jupyter"})),
        user="root",
        env=MappingProxyType({"LANG": "C.UTF-8"}),
        entrypoint=(),
        cmd=_JUPYTER if jupyter else None,
        healthcheck=False,
        ports=(8888,) if jupyter else (),
        shell="dash",
        purpose="notebook" if jupyter else "training",
        doubtful=frozenset({"python_commands", "ships", "lacks", "env", "cuda", "cudnn"})
        | ({"python", "os_version", "os_codename"} if not line or not line.sure else frozenset()),
    )


def _tensorflow_python(python: str, version: tuple[int, ...], tag: str) -> str:
    """The Python of a tag: images were published for Python 2 as well, until the suffix -py3 went."""
    from mllint.knowledge.tensorflow_images import LAST_PYTHON_2

    both = any(last[0] == version[0] and version <= last for last in map(numbers, LAST_PYTHON_2))
    return "2.7" if both and "-py3" not in tag else python


#: What the images of NVIDIA's frameworks hold.
_NGC_PACKAGES = {"pytorch": "torch", "tensorflow": "tensorflow"}


def _ngc(framework: str, tag: str) -> ImageFacts:
    from mllint.knowledge.ngc import RELEASES, TRITON

    month = tag[:5]
    row = next((row for row in RELEASES if row.release == month), None)
    own = next((row for row in TRITON if row.release == month and f"-{row.variant}-" in tag), None)
    base = _ngc_base(framework, tag)
    if row is None:
        return base
    torch = own.torch if own else row.torch if framework == "pytorch" else None
    doubtful = {"size_gb", "ships", "workdir"}
    doubtful |= set() if row.sure_os else {"os_version", "os_codename", "python"}
    doubtful |= set() if row.sure_torch else {"frameworks"}
    return base._replace(
        os="ubuntu",
        os_version=row.ubuntu,
        os_codename=codename_of("ubuntu", row.ubuntu),
        python=own.python if own else row.python,
        cuda=own.cuda if own else row.cuda,
        cudnn=row.cudnn,
        frameworks=(
            *((("torch", torch),) if torch else base.frameworks),
            *(((own.variant.replace("trtllm", "tensorrt-llm"), own.engine),) if own else ()),
        ),
        size_gb=own.size_gb if own else base.size_gb,
        sure=row.sure,
        doubtful=frozenset(doubtful),
    )


def _ngc_base(framework: str, tag: str) -> ImageFacts:
    """What every release of an NGC image has in common."""
    triton = framework == "tritonserver"
    # The -min images hold the libraries under Triton, to copy a server onto; the -sdk images are its clients.
    server = triton and not tag.endswith(("-py3-min", "-py3-sdk"))
    ships = frozenset({"python3", "curl", "tritonserver"} if server else ())
    if not triton:
        ships = frozenset({"python", "python3", "pip", "curl", "gcc", "nvcc"})
    notebook = framework in ("pytorch", "tensorflow")
    return ImageFacts(
        f"nvcr.io/nvidia/{framework}",
        gpu="cuda",
        # Of which release is not among the facts: NVIDIA's notes name it apart from the shared stack of the month.
        frameworks=((_NGC_PACKAGES[framework], None),) if framework in _NGC_PACKAGES else (),
        ships=ships | ({"jupyter"} if notebook else set()),
        user="root",
        env=MappingProxyType({"PIP_CONSTRAINT": "/etc/pip/constraint.txt"} if framework == "pytorch" else {}),
        entrypoint=(_BANNER,),
        healthcheck=False,
        ports=(8000, 8001, 8002) if server else (),
        shell="dash",
        size_gb=9.5 if framework == "pytorch" else None,
        purpose="serving" if server else None if triton else "training",
        doubtful=frozenset({"size_gb", "ships"}),
        note="pip install torch would replace NVIDIA's own build." if framework == "pytorch" else "",
    )
