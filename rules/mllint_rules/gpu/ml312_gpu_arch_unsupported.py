"""ML312 gpu-arch-unsupported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mllint.api import (
    Arg,
    Build,
    Confidence,
    Env,
    Fact,
    Finding,
    Framework,
    Origin,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    Step,
    in_force,
    knowledge,
    regex,
    tag_place,
)

_LIST = "TORCH_CUDA_ARCH_LIST"
#: What names architectures for nvcc and CMake: `-gencode arch=compute_90,code=sm_90`, `-arch=sm_90`.
_FLAG = regex(r"(?:compute|sm)_(\d{2,3}[af]?)")
_CMAKE = regex(r"CMAKE_CUDA_ARCHITECTURES(?::\w+)?=\\?[\"']?([\d;,a-z-]+)")
_CODE = regex(r"(?<![\w.])(\d{2,3}[af]?)(?:-(?:real|virtual))?(?![\w.])")
_ENTRY = regex(r"(?<![\w.])(\d{1,2}\.\d)([af]?)(?![\w.])")


class GpuArchUnsupported(Rule):
    """A GPU architecture that the image's CUDA cannot compile for, or a target GPU that the image has no code for.

    ## Why is this bad?
    Each nvcc knows a range of GPUs. sm_90 (H100) needs CUDA 11.8, sm_100 and sm_120 (Blackwell) need 12.8; CUDA 12
    dropped Kepler (K80), CUDA 13 dropped all before Turing (V100, P100). An architecture outside of the range stops the
    build: `nvcc fatal: Unsupported gpu architecture 'compute_90'`. Wheels are compiled for such a list as well: on a
    GPU that it does not cover the image starts, and the first kernel stops with `no kernel image is available for
    execution on the device`.

    ## Bad
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel
    ENV TORCH_CUDA_ARCH_LIST="9.0;12.0"
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel
    ENV TORCH_CUDA_ARCH_LIST="8.0;9.0"
    USER 1000
    ```

    ## When it stays silent
    Where the image's nvcc, or what a wheel is compiled for, is not known; where there is no nvcc, or where one of
    several knows the architecture; and for architectures that the tables do not have. Without a target (`gpu` in the
    configuration, or `--gpu H100`) only lists and flags are compared with nvcc.

    ## References
    - [CUDA GPUs and their compute capabilities](https://developer.nvidia.com/cuda-gpus)
    - [nvcc, GPU compilation](https://docs.nvidia.com/cuda/cuda-compiler-driver-nvcc/)
    - [PyTorch, release compatibility](https://github.com/pytorch/pytorch/blob/main/RELEASE.md)
    """

    id = "ML312"
    name = "gpu-arch-unsupported"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        seen: set[Span] = set()
        for span, capability in _asked(stage):
            compilers = _compilers(stage)
            if span in seen or not compilers:
                continue
            seen.add(span)
            yield from self._compiler(span, capability, compilers)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage, gpu = build.final, build.options.gpu
        if stage is not None and gpu is not None:
            for finding in self._target(stage, gpu):
                yield finding._replace(stage=stage.label)

    def _compiler(self, span: Span, capability: str, compilers: list[Fact[str]]) -> Iterator[Finding]:
        """What nvcc is asked to compile for, and cannot."""
        from mllint.api import gpus

        answers = [gpus.toolkit_targets(each.value, capability) for each in compilers]
        row = knowledge.gpu_arch.architecture(capability)
        if row is None or any(answer is not False for answer in answers):
            return
        compiler = compilers[-1]
        code = capability.replace(".", "")
        sure = row.sure and compiler.sure
        yield self.finding(
            span,
            f"nvcc {compiler.value} does not know sm_{code} ({row.name}{_boards(row.capability)}): whatever is "
            f"compiled for it stops with `Unsupported gpu architecture 'compute_{code}'`. "
            f"{_remedy(row, compiler.value)}",
            severity=Severity.ERROR if sure else Severity.WARNING,
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
            related=(Related(compiler.span, f"nvcc {compiler.value} comes from here"),) if compiler.span else (),
        )

    def _target(self, stage: Stage, gpu: str) -> Iterator[Finding]:
        """What the image has no code for, on the GPU that it is meant for."""
        from mllint.api import gpus, hosts

        board = gpus.find_gpu(gpu)
        if board is None:
            return
        # The option is there for all files: without a sign of its own an image may well be for the CPU.
        meant = any(reason.origin is not Origin.OPTION for reason in stage.stack.gpu.reasons)
        for verdict in hosts.gpu_verdicts(stage, gpu):
            framework = verdict.use.framework
            if framework is None or verdict.runs is not False or verdict.use.cuda.origin is Origin.DERIVED:
                continue
            span = verdict.use.span or framework.package.span
            if span is None:
                continue
            error = verdict.sure and meant and _is_verified(framework)
            yield self.finding(
                span,
                f"The target is {_named(gpu, board.capability)}, and {verdict.reason}: the first kernel stops with "
                f"`{knowledge.gpu_arch.NO_KERNEL}`. {_wheel(framework, board.capability)}",
                severity=Severity.ERROR if error else Severity.WARNING,
                confidence=Confidence.HIGH if error else Confidence.MEDIUM,
                related=verdict.use.related,
            )
        yield from self._embeddings(stage, _named(gpu, board.capability), board.capability)
        yield from self._listed(stage, _named(gpu, board.capability), board.capability)

    def _embeddings(self, stage: Stage, named: str, capability: str) -> Iterator[Finding]:
        """Text Embeddings Inference, whose tags are each for one architecture."""
        from mllint.api import gpus

        image, place = stage.root.image, tag_place(stage.root)
        tags = knowledge.gpu_arch.EMBEDDING_TAGS
        if image is None or place is None or not image.repository.endswith("/text-embeddings-inference"):
            return
        built = next((each for prefix, each in tags if (image.tag or "").startswith(prefix)), None)
        if built is None and re.fullmatch(r"latest|\d+\.\d[\w.]*", image.tag or "") is not None:
            built = "8.0"
        if built is None or gpus.runs_code([built], capability):
            return
        better = next((f" Take the tag with `{prefix}` in front." for prefix, each in tags if each == capability), "")
        yield self.finding(
            place.span,
            f"The target is {named}, and the tag `{image.tag}` is built for compute capability {built} alone: the "
            f"server stops at its start.{better}",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            related=place.related,
        )

    def _listed(self, stage: Stage, named: str, capability: str) -> Iterator[Finding]:
        """A TORCH_CUDA_ARCH_LIST without the target."""
        from mllint.api import extensions, gpus

        listed = stage.stack.arch_list
        entries = extensions.arch_list(listed.value) if listed is not None else None
        if listed is None or entries is None or listed.span is None or gpus.runs_code(entries, capability):
            return
        answers = {each.value: gpus.toolkit_targets(each.value, capability) for each in _compilers(stage)}
        remedy = f"Add {capability} to the list."
        if answers and not any(answer is not False for answer in answers.values()):
            remedy = f"nvcc {next(iter(answers))} cannot compile for it either: take an image of another CUDA."
        yield self.finding(
            listed.span,
            f"The target is {named}, and {_LIST} has no code for it: an extension that is compiled here stops there "
            f"with `{knowledge.gpu_arch.NO_KERNEL}`. {remedy}",
            severity=Severity.ERROR if answers else Severity.WARNING,
        )


def _compilers(stage: Stage) -> list[Fact[str]]:
    """The nvccs of a stage; none where one of them may be unseen."""
    stack = stage.stack
    if not stack.has_nvcc or any(each.nvcc is None for each in stack.toolkits):
        return []
    return [each.version for each in stack.toolkits if each.nvcc]


def _asked(stage: Stage) -> Iterator[tuple[Span, str]]:
    """The architectures that a stage asks for, each at its characters."""
    variable = stage.scope.variable(_LIST, len(stage.body))
    if variable is not None and variable.span is not None:
        yield from _entries(variable.span)
    for step in stage.steps if stage.build.mentions(_LIST, "arch", "code=", "ARCH") else ():
        for assignment in step.command.assignments:
            if assignment.name == _LIST:
                yield from _entries(assignment.span)
        # A value that is exported further up in the RUN, or declared for it alone.
        declared = in_force(_LIST, step.command, step.instruction, stage) if _may_build(step) else None
        if declared is not None and declared.span is not None:
            yield from _entries(declared.span)
        yield from _flags(word.span for word in step.command.words)
    for instruction in stage.body:
        if isinstance(instruction, (Env, Arg)):
            yield from _flags([instruction.span])


def _may_build(step: Step) -> bool:
    return (step.command.name or "").startswith(("pip", "python", "uv"))


def _entries(span: Span) -> Iterator[tuple[Span, str]]:
    """`8.0;9.0+PTX` behind a name."""
    start = span.text.find("=") + 1
    for match in _ENTRY.finditer(span.text, max(start, 0)):
        yield span.source.span(span.start + match.start(), span.start + match.end()), match[1]


def _flags(spans: Iterable[Span]) -> Iterator[tuple[Span, str]]:
    """The architectures in the words of a command, or in a variable of flags; each one once."""
    seen = set()
    for span in spans:
        text = span.text
        found = list(_FLAG.finditer(text)) if "arch" in text or "code=" in text else []
        listed = _CMAKE.search(text)
        found += list(_CODE.finditer(text, listed.start(1), listed.end(1))) if listed is not None else []
        for match in found:
            capability = _dotted(match[1])
            if capability not in seen:
                seen.add(capability)
                yield span.source.span(span.start + match.start(), span.start + match.end()), capability


def _dotted(code: str) -> str:
    """What `90a` is as a compute capability: "9.0"."""
    digits = code.rstrip("af")
    return f"{digits[:-1]}.{digits[-1]}"


def _boards(capability: str) -> str:
    names = [gpu.name for gpu in knowledge.gpu_arch.GPUS if gpu.capability == capability]
    return f": {', '.join(names[:2])}" if names else ""


def _remedy(row: knowledge.gpu_arch.Architecture, cuda: str) -> str:
    if row.last_cuda is not None and _numbers(cuda) > _numbers(row.last_cuda):
        return f"CUDA {row.last_cuda} was the last that does: leave it out, or take an image of that."
    return f"CUDA {row.first_cuda} is the first that does: take an image of that or a newer one, or leave it out."


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])


def _named(gpu: str, capability: str) -> str:
    code = f"sm_{capability.replace('.', '')}"
    article = "an" if gpu[:1].upper() in "AEFHILMNORSX8" else "a"
    return f"{article} {gpu} ({code})" if gpu.lower() != code else code


def _wheel(framework: Framework, capability: str) -> str:
    """Builds of torch that have code for a GPU: of the same release where there are, else of others."""
    from mllint.api import gpus

    if framework.name != "torch":
        return "Take a build for another CUDA."
    version = framework.version.value if framework.version is not None else ""
    same = [row for row in knowledge.torch.variants(version) if gpus.runs_code(_code(row), capability)]
    if same:
        return f"torch {same[-1].torch} has it in {' and '.join(f'`{row.name}`' for row in same)}."
    rows = [row for row in knowledge.torch.VARIANTS if row.sure and gpus.runs_code(_code(row), capability)]
    if not rows:
        return "No release of torch that is known has any."
    rows.sort(key=lambda row: _numbers(row.torch))
    first, last = rows[0], rows[-1]
    return f"torch {first.torch} (`{first.name}`) to {last.torch} (`{last.name}`) have it."


def _is_verified(framework: Framework) -> bool:
    """Whether what a torch is compiled for was read out of the wheels themselves: 1.12 and newer."""
    if framework.name != "torch" or framework.version is None or framework.architectures is None:
        return True
    parts = framework.version.value.split(".")[:2]
    return all(part.isdigit() for part in parts) and tuple(map(int, parts)) >= (1, 12)


def _code(row: knowledge.torch.Variant) -> list[str]:
    return [f"{each}+PTX" if each == row.ptx else each for each in row.architectures.split()]
