"""ML311 hardcoded-gpu-devices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Edit,
    Env,
    Finding,
    Fix,
    Pair,
    Related,
    Rule,
    Span,
    Stage,
    Variable,
    regex,
)

#: Read inside the container by CUDA and ROCm, which count the GPUs that it was given from 0.
_INSIDE = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
#: Read by the container runtime, which counts those of the host.
_RUNTIME = "NVIDIA_VISIBLE_DEVICES"
#: No machine has a thousand GPUs: a longer number is something else.
_INDEXES = regex(r"[0-9]{1,3}(?:\s*,\s*[0-9]{1,3})*")
#: A device by its name: `GPU-3f1c…`, `MIG-GPU-…/1/0`, `MIG-…`; and of the runtime also `0:1`, a MIG slice by position.
_NAMED = regex(r"(?:(?:GPU|MIG)-[\w/-]{4,}|\d+:\d+)(?:\s*,\s*(?:(?:GPU|MIG)-[\w/-]+|\d+:\d+))*")


class HardcodedGpuDevices(Rule):
    """The image, not the host, decides which GPUs a container uses.

    ## Why is this bad?
    An image runs on many hosts, and how many GPUs a container gets is decided there: `--gpus`, a Compose reservation,
    `nvidia.com/gpu: 2`. Inside the container CUDA numbers what it was given from 0.

    `CUDA_VISIBLE_DEVICES=0` in the image hides all but the first of them: eight GPUs are paid for and seven idle.
    `CUDA_VISIBLE_DEVICES=1` in a container with one GPU hides that one: `torch.cuda.is_available()` is false, and many
    programs go on with the CPU without a word. With `0,1,2,3` CUDA stops reading at the first number that it does not
    have. `NVIDIA_VISIBLE_DEVICES=0` is read by the NVIDIA runtime and counts the host's GPUs, so that every container
    of the image lands on the same one, wherever `--gpus` or Kubernetes do not choose.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV CUDA_VISIBLE_DEVICES=0
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV NVIDIA_VISIBLE_DEVICES=all
    USER 1000
    ```

    ## When it stays silent
    For `all`, `void`, `none`, `-1` and empty values, which choose between all GPUs and none, for values that only the
    build knows, for builder stages, and where a later ENV takes the value back. A variable of a single RUN or CMD
    (`CUDA_VISIBLE_DEVICES=0 python …`) is not looked at.

    ## Fix safety
    The fix takes the ENV away, or sets `all` for the runtime. It is unsafe: the container then uses every GPU that it
    gets.

    ## References
    - [CUDA programming guide, CUDA_VISIBLE_DEVICES](https://docs.nvidia.com/cuda/cuda-c-programming-guide/#env-vars)
    - [NVIDIA Container Toolkit, specialized configurations](https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html)
    """

    id = "ML311"
    name = "hardcoded-gpu-devices"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        if stage in stage.build.builders:
            return
        for instruction in stage.body:
            if not isinstance(instruction, Env):
                continue
            for pair in instruction.pairs:
                variable = stage.variable_at(pair.key.value)
                if variable is not None and variable.span == pair.span and not _is_taken_back(pair, stage):
                    yield from self._check(pair, variable, instruction, stage)

    def _check(self, pair: Pair, variable: Variable, instruction: Env, stage: Stage) -> Iterator[Finding]:
        name, value = pair.key.value, (variable.value or "").strip()
        message = _message(name, value)
        if message is None:
            return
        related = tuple(_origins(pair, instruction, stage))
        yield self.finding(pair.span, message, related=related, fix=_fix(name, pair, instruction))


def _is_taken_back(pair: Pair, stage: Stage) -> bool:
    """Whether the final image, which continues the stage, sets the variable anew."""
    final = stage.build.final
    if final is None or not stage.ships:
        return False
    at_end = final.variable_at(pair.key.value)
    return at_end is not None and at_end.span != pair.span


def _message(name: str, value: str) -> str | None:
    """What the value will do; None for those that fix nothing."""
    by_index = _INDEXES.fullmatch(value) is not None
    if not by_index and _NAMED.fullmatch(value) is None:
        return None
    numbers = [int(each) for each in value.split(",")] if by_index else []
    if name == _RUNTIME:
        return _runtime_message(value, numbers)
    return _inside_message(name, value, numbers) if name in _INSIDE else None


def _runtime_message(value: str, numbers: list[int]) -> str:
    gpus = _counted(numbers, "the host's") if numbers else f"`{value}`, which one machine has,"
    return (
        f"Where neither `--gpus` nor Kubernetes chooses, the NVIDIA runtime gives each container of this image {gpus} "
        "alone: the containers of a host share it while its other GPUs idle, and a host without it does not start "
        f"them. Set `{_RUNTIME}=all` and choose when the container starts."
    )


def _counted(numbers: list[int], whose: str) -> str:
    if len(numbers) == 1:
        return f"{whose} GPU {numbers[0]}"
    return f"{whose} GPUs {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _inside_message(name: str, value: str, numbers: list[int]) -> str:
    remedy = f"Leave `{name}` out of the image and choose with `--gpus` or the pod's resources."
    if not numbers:
        return (
            f"`{value}` is the name of a GPU in one machine: on every other host programs find no GPU at all. {remedy}"
        )
    if numbers == [0]:
        return (
            "Programs see only the first of the GPUs that the container gets, and the others idle at full price. "
            f"{remedy}"
        )
    if 0 not in numbers:
        least = min(numbers)
        return (
            f"In a container with fewer than {least + 1} GPUs this hides all of them: CUDA counts from 0 what the "
            f"container was given, `torch.cuda.is_available()` is false, and the work goes on the CPU. {remedy}"
        )
    count = len(set(numbers))
    return (
        f"Of more than {count} GPUs that the container gets, programs use {count}; of fewer, CUDA stops reading at the "
        f"first number that is not there, and a launcher that starts {count} processes fails. {remedy}"
    )


def _origins(pair: Pair, instruction: Env, stage: Stage) -> Iterator[Related]:
    """The build argument that gives the value."""
    for name in re.findall(r"\$\{?(\w+)", pair.value.value if pair.value is not None else ""):
        variable = stage.scope.variable(name, stage.position(instruction))
        if variable is not None and variable.span is not None:
            yield Related(variable.span, f"`{name}` is set here")


def _fix(name: str, pair: Pair, instruction: Env) -> Fix | None:
    """`all` for the runtime's variable; the others have no such value, so the instruction goes if it sets no more."""
    if name == _RUNTIME:
        value = _value_span(pair)
        return Fix("Let the host choose", (Edit(value, "all"),)) if value is not None else None
    if len(instruction.pairs) > 1:
        return None
    span = instruction.span
    text = span.source.text
    end = span.end + (text[span.end : span.end + 1] == "\n")
    return Fix(f"Remove `{name}`", (Edit(span.source.span(span.start, end), ""),), Applicability.UNSAFE)


def _value_span(pair: Pair) -> Span | None:
    """The value as written; None where it spans lines."""
    key, value = pair.key.span, pair.value
    if value is None or "\n" in value.span.text or value.span.start < key.end:
        return None
    return value.span
