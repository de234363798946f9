"""ML310 gpu-needed-at-build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mllint.api import (
    Command,
    Finding,
    GpuCall,
    Rule,
    Run,
    Severity,
    Span,
    Stage,
    Step,
    gpu_calls,
    in_force,
    regex,
    stops_build,
    trains,
)

_ENGINE = "TensorRT times its kernels on the GPU that will run them, and stops: no CUDA-capable device is detected"
#: Programs that start CUDA, and how they end without a GPU.
_PROGRAMS = {
    "nvidia-smi": "the driver and its `nvidia-smi` come into a container when it starts, so the build stops with "
    "`nvidia-smi: not found`",
    "gpustat": "it asks the driver, which is not there, and fails",
    "trtexec": _ENGINE,
    "onnx2trt": _ENGINE,
    "tao-converter": _ENGINE,
    "tlt-converter": _ENGINE,
    "trtllm-build": _ENGINE,
    "deviceQuery": "it finds no device and fails",
    "bandwidthTest": "it finds no device and fails",
}
_HELP = frozenset({"-h", "--help", "--version", "-v", "help", "version"})
_DEVICE_OPTION = frozenset({"--device", "--accelerator", "--devices"})
_COUNT_OPTION = frozenset({"--gpus", "--num_gpus", "--num-gpus", "--n_gpus", "--ngpus", "--n_gpu"})
_DEVICE = regex(r"(?:cuda|gpu)(?::\d+)?")
_COUNT = regex(r"-1|[1-9]\d*(?:,\d+)*|all")
_ARCHITECTURES = "TORCH_CUDA_ARCH_LIST"
#: Their setup.py looks for a GPU and builds without CUDA where there is none, unless FORCE_CUDA is set.
_ASKS_FIRST = frozenset(
    {
        *("mmcv", "mmcv-full", "detectron2", "pytorch3d", "xformers", "minkowskiengine"),
        *("torch-scatter", "torch-sparse", "torch-cluster", "torch-spline-conv"),
    }
)
#: Their setup.py falls back on a list of its own.
_OWN_LIST = frozenset({"apex"})
#: What is compiled by its install: "wheel" for those that have wheels, and are built from their repository here.
_FROM_SOURCE = ("source", "wheel")


class GpuNeededAtBuild(Rule):
    """A RUN needs a GPU, and `docker build` has none.

    ## Why is this bad?
    GPUs, the driver's libraries and `nvidia-smi` come into a container through the NVIDIA runtime when it is started
    with `--gpus`. BuildKit starts the containers of RUN without it, on machines with GPUs too. What starts CUDA then
    fails: `nvidia-smi: not found`, "Found no NVIDIA driver on your system", "no CUDA-capable device is detected".

    Worse is what does not fail. `torch.cuda.is_available()` is false in every build, so a test of it proves nothing,
    and `setup.py` files that ask it leave their CUDA kernels out: the image builds, and a missing operator stops the
    service. torch's own builder compiles for the GPUs that it sees; without one it stops with
    `IndexError: list index out of range` unless TORCH_CUDA_ARCH_LIST says what to compile for.

    Some machines have `nvidia` as Docker's default runtime and the old builder, where such lines work; they stop
    working on the day when BuildKit or another machine builds the file.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    RUN nvidia-smi
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    USER 1000
    CMD ["nvidia-smi"]
    ```

    ## When it stays silent
    For commands whose failure is caught (`|| true`, `if`, `;` without `set -e`), `RUN --device=nvidia.com/gpu=all`,
    Python code that looks first (`if torch.cuda.is_available()`, `try`), and for stages that are not built. Extension
    builds: where TORCH_CUDA_ARCH_LIST is set, for packages that have a list of their own (flash-attn), on NGC images,
    which set one, on images whose contents are not known, and on those without nvcc.

    ## References
    - [NVIDIA Container Toolkit](https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/index.html)
    - [Docker, RUN --device](https://docs.docker.com/reference/dockerfile/#run---device)
    - [torch.utils.cpp_extension](https://docs.pytorch.org/docs/stable/cpp_extension.html)
    """

    id = "ML310"
    name = "gpu-needed-at-build"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for step in stage.steps:
            if step.instruction.flag("device") is None:
                yield from self._command(step, stage)
        yield from self._extensions(stage)

    # What starts CUDA

    def _command(self, step: Step, stage: Stage) -> Iterator[Finding]:
        command = step.command
        if command.python is not None:
            for call in gpu_calls(command.python):
                yield from self._call(call, step, stage)
            return
        name = command.name or ""
        values = [value or "" for value in command.values()]
        reason = _PROGRAMS.get(name) or _other_program(name, values)
        if reason is None and trains(command):
            reason = _trains_on_gpu(values)
        if reason is None or _HELP.intersection(values) or command.guarded:
            return
        if stops_build(step, stage):
            message = f"`docker build` has no GPU: {reason}. {_remedy(name)}"
            yield self.finding(command.words[0].span, message)
        elif name == "nvidia-smi" and command.subshell and not command.conditional:
            message = (
                "`docker build` has no GPU and no `nvidia-smi`: this gives nothing, and what is made of it is empty. "
                "Name the value in a build argument."
            )
            yield self.finding(command.words[0].span, message, severity=Severity.WARNING)

    def _call(self, call: GpuCall, step: Step, stage: Stage) -> Iterator[Finding]:
        if call.fails:
            if not stops_build(step, stage):
                return
            effect = "this assertion fails" if call.asserted else f"`{call.name}` finds no driver and raises"
            message = f"`docker build` has no GPU: {effect}, and the build stops. Do it when the container starts."
            yield self.finding(call.span, message)
        elif not step.command.conditional:
            message = (
                f"`docker build` has no GPU: `{call.name}` says so in every build, whatever the image can do on a host "
                "with one. Ask when the container starts."
            )
            yield self.finding(call.span, message, severity=Severity.WARNING)

    # What compiles for the GPUs that it sees

    def _extensions(self, stage: Stage) -> Iterator[Finding]:
        from mllint.api import extensions

        told: set[tuple[str, int]] = set()
        for each in extensions.builds_of(stage):
            through_torch = each.row.arch == "torch" and each.name not in _OWN_LIST and each.row.kind in _FROM_SOURCE
            key = each.name, id(each.instruction)
            if through_torch and key not in told and _sees_no_gpu(each.command, each.instruction, stage):
                told.add(key)
                yield self._extension(each.span, each.name, each.command, each.instruction, stage)

    def _extension(self, span: Span, name: str, command: Command, run: Run, stage: Stage) -> Finding:
        listed = f'`ENV {_ARCHITECTURES}="{_architectures(stage)}"`'
        if name in _ASKS_FIRST and in_force("FORCE_CUDA", command, run, stage) is None:
            effect = (
                f"`{name}` asks for a GPU while it is built, finds none and leaves its CUDA kernels out without a word"
            )
            remedy = f"Set `FORCE_CUDA=1` and what to compile for, such as {listed}."
        else:
            effect = (
                f"`{name}` is compiled for the GPUs that torch sees, and where it sees none it stops with "
                "`IndexError: list index out of range`"
            )
            remedy = f"Say what to compile for, such as {listed}."
        message = f"`docker build` has no GPU: {effect}. {remedy}"
        return self.finding(span, message, severity=Severity.WARNING)


def _remedy(name: str) -> str:
    if name in ("nvidia-smi", "gpustat", "deviceQuery", "bandwidthTest"):
        return "Ask when the container starts."
    return "Run it on the host with the GPU, or when the container starts."


def _other_program(name: str, values: list[str]) -> str | None:
    """Engine builds that are a subcommand of something else."""
    if name == "polygraphy" and (values[:1] == ["convert"] or (values[:1] == ["run"] and "--trt" in values)):
        return _ENGINE
    if name == "yolo" and "export" in values and "format=engine" in values:
        return _ENGINE
    return None


def _trains_on_gpu(values: list[str]) -> str | None:
    """How a training command asks for a GPU in so many words."""
    for word, following in pairwise([*values, ""]):
        name, equals, given = word.partition("=")
        value = given if equals else following
        if name in _DEVICE_OPTION and _DEVICE.fullmatch(value.lower()):
            return f"`{name} {value}` makes the training stop: it finds no GPU"
        if name in _COUNT_OPTION and _COUNT.fullmatch(value):
            return f"`{name} {value}` asks the training for a GPU, and it stops"
    return None


def _sees_no_gpu(command: Command, run: Run, stage: Stage) -> bool:
    """Whether torch will look for GPUs, on an image that is known to have nvcc and no list of its own."""
    base = stage.base
    if command.guarded or run.flag("device") is not None or base is None or base.has("nvcc") is not True:
        return False
    return not base.family.startswith("nvcr.io/") and in_force(_ARCHITECTURES, command, run, stage) is None


def _architectures(stage: Stage) -> str:
    """GPUs of data centres that the stage's CUDA can compile for."""
    match = re.match(r"(\d+)\.(\d+)", stage.base.cuda or "") if stage.base is not None else None
    version = (int(match[1]), int(match[2])) if match is not None else (0, 0)
    return "8.0;8.6;9.0" if version >= (11, 8) else "7.5;8.0;8.6" if version >= (11, 1) else "7.0;7.5"
