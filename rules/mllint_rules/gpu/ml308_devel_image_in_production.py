"""ML308 devel-image-in-production."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Command,
    Confidence,
    Edit,
    Finding,
    Fix,
    InstallStep,
    Requirement,
    Role,
    Rule,
    Run,
    Severity,
    Stage,
    Word,
    tag_place,
)

if TYPE_CHECKING:
    from mllint.api import siblings

# fmt: off
_COMPILERS = frozenset({
    "nvcc", "gcc", "g++", "cc", "c++", "clang", "clang++", "make", "cmake", "ninja", "meson", "bazel", "bazelisk",
    "scons", "cargo", "rustc", "rustup", "go", "colcon", "catkin_make", "catkin", "configure", "autoreconf", "mvn",
    "gradle", "f2py", "cythonize", "mim", "bootstrap", "b2",
})
#: Python packages that compile CUDA code when they are installed, unless a ready wheel fits.
_BUILT = frozenset({
    "apex", "auto-gptq", "autoawq", "autoawq-kernels", "causal-conv1d", "cupy", "detectron2",
    "diff-gaussian-rasterization", "diso", "exllamav2", "fast-hadamard-transform", "flash-attn", "flash-attn-3",
    "fused-ssim", "gptqmodel", "grouped-gemm", "gsplat", "horovod", "kaolin", "llama-cpp-python", "mamba-ssm",
    "megablocks", "minkowskiengine", "mmcv", "mmcv-full", "natten", "nvdiffrast", "pycuda", "pytorch3d",
    "sageattention", "simple-knn", "spconv", "tinycudann", "torch-cluster", "torch-scatter", "torch-sparse",
    "torch-spline-conv", "torchsparse", "transformer-engine", "warp-ctc", "warp-rnnt",
})
#: Those that compile, or look for the toolkit, while they run.
_JIT = frozenset({
    "bitsandbytes", "cuda-python", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x", "deepspeed", "flashinfer",
    "flashinfer-python", "jax", "lmdeploy", "ninja", "numba", "numba-cuda", "sglang", "tensorflow", "tensorrt",
    "tensorrt-llm", "tilelang", "torch-tensorrt", "triton", "tvm", "unsloth", "vllm", "warp-lang", "xformers",
})
# fmt: on
#: System and conda packages of compilers and build tools.
_TOOLS = frozenset(
    {"build-essential", "gcc", "g++", "gcc-c++", "clang", "cmake", "ninja-build", "ninja", "ccache", "gxx", "compilers"}
    | {"conda-build", "boa", "rattler-build"}
)
_SETUP = re.compile(r"(^|/)setup\.py$")
_SCRIPT = re.compile(r"\.(sh|bash)$|^\./|/(install|build|setup)[\w-]*$")
#: Installers of Python distributions and tools, which compile nothing.
_INSTALLER = re.compile(r"conda|miniforge|mamba|/aws/install|nodesource|uv-installer", re.IGNORECASE)
_SETTINGS = ("TORCH_CUDA_ARCH_LIST", "MAX_JOBS", "FORCE_CUDA", "CMAKE_CUDA_ARCHITECTURES", "CUDAARCHS", "CMAKE_ARGS")
_TOOLKIT = ("CUDA_HOME", "CUDACXX", "CUDA_PATH", "CUDA_ROOT")
_DEVELOPMENT = re.compile(
    r"(^|[/._-])(dev|devel|develop|development|devcontainer|debug|test|tests|ci)([._-]|$)", re.IGNORECASE
)
_PRODUCTION = (Role.SERVING, Role.TRAINING, Role.JOB)


class DevelImageInProduction(Rule):
    """The final stage stands on a `-devel` CUDA image, and nothing in it compiles.

    ## Why is this bad?
    `-devel` adds nvcc, the headers and the static libraries to the CUDA libraries: about 4 GB instead of 1 GB to pull
    at each start on a new node, compressed, and gcc and make for whoever gets into the container. What runs needs
    the libraries only; PyTorch's wheels even bring their own.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-devel-ubuntu22.04
    COPY --chown=1000 train.py /app/
    USER 1000
    CMD ["python3", "/app/train.py"]
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    COPY --chown=1000 train.py /app/
    USER 1000
    CMD ["python3", "/app/train.py"]
    ```

    ## When it stays silent
    Where the stage or its parents compile: nvcc, gcc, make, cmake, `setup.py`, `pip install .` or from a repository,
    packages that build CUDA extensions (flash-attn, apex, …), TORCH_CUDA_ARCH_LIST and its like; where a script that
    is not read may do so; and where an image without a task of its own installs compilers. It is advice where something
    may compile while it runs (DeepSpeed, vLLM, TensorRT, Numba, …), where requirements were not read, and for images
    that are built upon, notebooks and development.

    ## Fix safety
    The fix takes the runtime image of the same version. It is unsafe: what compiles at run time stops working.

    ## References
    - [nvidia/cuda, image flavours](https://hub.docker.com/r/nvidia/cuda)
    - [Docker, multi-stage builds](https://docs.docker.com/build/building/multi-stage/)
    """

    id = "ML308"
    name = "devel-image-in-production"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        base = stage.base if stage is not None else None
        if stage is None or base is None or stage.root.image is None or not (base.flavour or "").endswith("devel"):
            return
        doubt = _doubt(stage)
        if doubt is None:
            return
        from mllint.api import siblings

        place = tag_place(stage.root, "devel")
        smaller = siblings.smaller(stage.root.image)
        if place is None or smaller is None:
            return
        fix = None
        if place.replaceable and stage.root.image.digest is None:
            applicability = Applicability.UNSAFE if doubt.confidence is Confidence.HIGH else Applicability.DISPLAY
            fix = Fix("Take the runtime image", (Edit(place.span, "runtime"),), applicability)
        yield self.finding(
            place.span,
            f"The image ships nvcc and the CUDA headers{_sizes(smaller)}, and {doubt.reason}. Take `{smaller.image}`"
            f"{doubt.remedy}.",
            severity=doubt.severity,
            confidence=doubt.confidence,
            related=place.related,
            fix=fix,
        )._replace(stage=stage.label)


class _Doubt(NamedTuple):
    """How much speaks against the devel image."""

    severity: Severity
    confidence: Confidence
    reason: str
    remedy: str


def _sizes(smaller: siblings.Sibling) -> str:
    if smaller.own_gb is None or smaller.size_gb is None:
        return ""
    return f" (about {smaller.own_gb:.2g} GB to pull instead of {smaller.size_gb:.2g} GB)"


def _doubt(stage: Stage) -> _Doubt | None:
    """None where something compiles, or may."""
    if _compiling(stage):
        return None
    packages, unread = _packages(stage)
    if packages & _BUILT or (stage.role.value not in _PRODUCTION and _brings_compilers(stage)):
        return None
    reason = "nothing in this stage compiles"
    jit = sorted(packages & _JIT)
    if jit:
        reason = f"{reason}, though {jit[0]} may want them while it runs"
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " if it does not")
    if _is_set(stage, _TOOLKIT):
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " unless something looks for nvcc")
    if unread is not None:
        reason = f"nothing in this file compiles ({unread} was not read)"
        return _Doubt(Severity.INFO, Confidence.LOW, reason, " unless a package there needs nvcc")
    if stage.role.value is Role.BASE:
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " unless what is built on it compiles")
    if stage.role.value not in _PRODUCTION or _is_for_development(stage):
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " unless somebody compiles in the container")
    return _Doubt(Severity.WARNING, Confidence.HIGH, reason, "")


def _compiling(stage: Stage) -> bool:
    """Whether a command of the stage or its parents compiles, or cannot be read."""
    process = stage.process
    if _is_set(stage, _SETTINGS) or (process is not None and any(map(_compiles, process.commands))):
        return True
    for each in stage.ancestry:
        if any(_compiles(step.command) for step in each.steps) or any(_builds(step) for step in each.package_steps):
            return True
        if not all(_is_read(run, each) for run in each.runs):
            return True
    return False


def _brings_compilers(stage: Stage) -> bool:
    """Whether it installs compilers: beside an image without a task of its own that means that it is for compiling."""
    steps = (step for each in stage.ancestry for step in each.installs)
    return any(each.name in _TOOLS for step in steps for each in step.install.requirements)


def _is_for_development(stage: Stage) -> bool:
    path = stage.build.dockerfile.source.path
    names = [path.rpartition("/")[2], *(each.name or "" for each in stage.ancestry)]
    return any(_DEVELOPMENT.search(name) for name in names)


def _compiles(command: Command) -> bool:
    name = command.name or ""
    words = command.values()
    if name in _COMPILERS or _SETUP.search(name) or {each.name for each in command.assignments} & set(_SETTINGS):
        return True
    if name.startswith("python"):
        return any(word is not None and _SETUP.search(word) for word in words) or "build" in words
    return name in ("conda-build", "boa")


def _is_set(stage: Stage, names: tuple[str, ...]) -> bool:
    """Whether the file sets a variable, in ENV or as an ARG."""
    for name in names:
        variable = stage.scope.variable(name, len(stage.body))
        if variable is not None and variable.span is not None:
            return True
    return False


def _builds(step: InstallStep) -> bool:
    """Whether an install compiles, or builds something whose sources are not known."""
    install = step.install
    if install.subcommand == "wheel":
        return True
    if {"--no-build-isolation", "--no-binary", "--global-option", "--config-settings"} & install.options:
        return True
    return any(_is_source(requirement) for requirement in install.requirements)


def _is_source(requirement: Requirement) -> bool:
    if requirement.kind == "vcs":
        return True
    return requirement.kind in ("path", "url") and not (requirement.url or "").endswith((".whl", ".deb", ".rpm"))


def _is_read(run: Run, stage: Stage) -> bool:
    """Whether all that a RUN does is known: no script file, no unknown shell, no unknown program."""
    script = stage.script(run)
    if not script.known or script.has_error:
        return False
    return not any(
        word.value is None or (_SCRIPT.search(word.value) and not _INSTALLER.search(word.value))
        for command in script.commands
        for word in command.words[: 2 if command.name in ("bash", "sh") else 1]
    )


def _packages(stage: Stage) -> tuple[frozenset[str], str | None]:
    """The names of all Python packages that are installed, and a file of them that could not be read."""
    names: set[str] = set()
    unread = None
    for step in (step for each in stage.ancestry for step in each.installs):
        install = step.install
        if install.ecosystem not in ("python", "conda"):
            continue
        names.update(each.name for each in install.requirements if each.name is not None)
        for word in install.files:
            found = _read(stage, word, install.ecosystem)
            names.update(each.name for each in found if each.name is not None)
            names.update(_BUILT if any(_is_source(each) for each in found) else ())
            unread = unread if found else f"`{word.value or word.raw}`"
        if install.subcommand in _LOCKED or install.incomplete:
            unread = unread or ("a package's name" if install.incomplete else "its lock file")
    return frozenset(names), unread


#: Subcommands that install what a lock file says.
_LOCKED = ("sync", "env create", "env update")


def _read(stage: Stage, word: Word, ecosystem: str) -> tuple[Requirement, ...]:
    return stage.requirements_in(word.value) if word.value is not None and ecosystem == "python" else ()
