"""Whether something in a stage compiles, and the packages that compile CUDA code at install or at run time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.packages.requirement import Requirement
    from mllint.semantic.installations import Installation
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import InstallStep
    from mllint.shell.command import Command
    from mllint.syntax.nodes import Run

# fmt: off
_COMPILERS = frozenset({
    "nvcc", "gcc", "g++", "cc", "c++", "clang", "clang++", "make", "cmake", "ninja", "meson", "bazel", "bazelisk",
    "scons", "cargo", "rustc", "rustup", "go", "colcon", "catkin_make", "catkin", "configure", "autoreconf", "mvn",
    "gradle", "f2py", "cythonize", "mim", "bootstrap", "b2",
})
#: Python packages that compile CUDA code when they are installed, besides those that `knowledge.accelerators` has.
_CUDA_BUILT = frozenset({
    "auto-gptq", "autoawq", "autoawq-kernels", "diso", "fast-hadamard-transform", "flash-attn-3", "fused-ssim",
    "grouped-gemm", "kaolin", "megablocks", "spconv", "tinycudann", "torchsparse", "warp-ctc", "warp-rnnt",
})
#: Those that compile, or look for the toolkit, while they run, besides them.
_CUDA_JIT = frozenset({
    "bitsandbytes", "cuda-python", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x", "flashinfer", "jax", "lmdeploy",
    "ninja", "numba", "numba-cuda", "sglang", "tensorflow", "tensorrt", "tensorrt-llm", "tilelang", "torch-tensorrt",
    "triton", "tvm", "unsloth", "vllm", "warp-lang", "xformers",
})
# fmt: on
#: System and conda packages of compilers and build tools.
_TOOLS = frozenset(
    {"build-essential", "gcc", "g++", "gcc-c++", "clang", "cmake", "ninja-build", "ninja", "ccache", "gxx", "compilers"}
    | {"conda-build", "boa", "rattler-build"}
)
_SETUP = regex(r"(^|/)setup\.py$")
_SCRIPT = regex(r"\.(sh|bash)$|^\./|/(install|build|setup)[\w-]*$")
#: Installers of Python distributions and tools, which compile nothing.
_INSTALLER = regex(r"conda|miniforge|mamba|/aws/install|nodesource|uv-installer", re.IGNORECASE)
_SETTINGS = ("TORCH_CUDA_ARCH_LIST", "MAX_JOBS", "FORCE_CUDA", "CMAKE_CUDA_ARCHITECTURES", "CUDAARCHS", "CMAKE_ARGS")


def builds_cuda(package: str) -> bool:
    """Whether a Python package compiles CUDA code when it is installed, or surely when it runs."""
    from mllint.knowledge import accelerators

    row = accelerators.find(package)
    compiled = row is not None and (row.needs_nvcc or row.kind in ("source", "download", "optional"))
    return compiled or package in _CUDA_BUILT


def may_build_later(package: str) -> bool:
    """Whether a Python package may compile CUDA code, or look for the toolkit, while it runs."""
    from mllint.knowledge import accelerators

    row = accelerators.find(package)
    return (row is not None and row.kind == "jit") or package in _CUDA_JIT


def compiles(stage: Stage) -> bool:
    """Whether a command of the stage or its parents compiles, or cannot be read."""
    process = stage.process
    if is_set(stage, _SETTINGS) or (process is not None and any(map(_is_compiler, process.commands))):
        return True
    from mllint.semantic.extensions import extensions_of

    for each in stage.ancestry:
        if any(_is_compiler(step.command) for step in each.steps) or any(_builds(step) for step in each.package_steps):
            return True
        if any(_is_source(wanted.requirement) for installation in each.installations for wanted in installation.wanted):
            return True
        if extensions_of(each):
            return True
        if not all(_is_read(run, each) for run in each.runs):
            return True
    return False


def brings_compilers(stage: Stage) -> bool:
    """Whether it installs compilers: beside an image without a task of its own that means that it is for compiling."""
    steps = (step for each in stage.ancestry for step in each.installs)
    return any(each.name in _TOOLS for step in steps for each in step.install.requirements)


def _is_compiler(command: Command) -> bool:
    name = command.name or ""
    words = command.values()
    if name in _COMPILERS or _SETUP.search(name) or {each.name for each in command.assignments} & set(_SETTINGS):
        return True
    if name.startswith("python"):
        return any(word is not None and _SETUP.search(word) for word in words) or "build" in words
    return name in ("conda-build", "boa")


def is_set(stage: Stage, names: tuple[str, ...]) -> bool:
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


def unread_packages(stage: Stage) -> str | None:
    """What an install of Python packages takes that could not be read: a file, or "a package's name"."""
    for each in stage.ancestry:
        for installation in each.installations:
            if not installation.complete and installation.step.install.ecosystem in ("python", "conda"):
                return _unread(installation)
    return None


def _unread(installation: Installation) -> str:
    """What an install asks for that is not in the context, or that only the shell knows."""
    install = installation.step.install
    if install.incomplete:
        return "a package's name"
    read = {use.word for use in installation.manifests}
    word = next((word for word in install.files if word not in read), None)
    return f"`{word.value or word.raw}`" if word is not None else "its lock file"
