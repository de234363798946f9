"""What an image asks of the machine that runs it: the NVIDIA driver, and the GPU."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.images import drivers, gpus
from mllint.images.versions import numbers
from mllint.semantic.fact import Fact
from mllint.semantic.frameworks import Framework, variant_place
from mllint.semantic.toolchain import Toolkit

if TYPE_CHECKING:
    from mllint.knowledge.gpu_arch import Gpu
    from mllint.semantic.stack import Stack
    from mllint.semantic.stage import Stage
    from mllint.source import Span

#: nvidia/cuda installs cuda-compat in each of its images; these are built upon it. The runtime images of
#: pytorch/pytorch stand on plain Ubuntu.
_WITH_COMPAT = frozenset({"nvidia/cuda", "pytorch/pytorch", "tensorflow/tensorflow"})


class CudaUse(NamedTuple):
    """A CUDA of an image that asks for a driver: a toolkit's, or a framework's own."""

    cuda: Fact[str]
    toolkit: Toolkit | None = None
    framework: Framework | None = None
    related: tuple[Related, ...] = ()

    @property
    def version(self) -> str:
        return self.cuda.value

    @property
    def span(self) -> Span | None:
        return self.cuda.span

    @property
    def variant(self) -> str | None:
        """The wheel's build ("cu121"), where one is chosen by name."""
        package = self.framework.package if self.framework is not None else None
        return package.variant if package is not None and variant_place(package)[0] is not None else None

    @property
    def label(self) -> str:
        """What brings it: "torch 2.1.0+cu121", "nvidia/cuda image", "cuda-toolkit-12-4"."""
        return self.framework.label if self.framework is not None else self.cuda.reason.partition(" is installed")[0]


class LeastDriver(NamedTuple):
    """The oldest Linux driver on which all of the CUDA in an image starts."""

    version: str
    because: CudaUse
    #: The driver that was released with that CUDA, on which everything of it works; None when not known.
    native: str | None
    sure: bool
    #: False: something in the image has a CUDA that is not known, and may need a newer driver.
    complete: bool


class Fate(Enum):
    """What becomes of a CUDA on a host."""

    RUNS = "runs"
    MINOR_VERSION = "runs by minor version compatibility"
    #: Only cuda-compat makes it run: it is there, and the GPU is one of a data centre.
    COMPAT = "runs through cuda-compat"
    #: The same, on a GPU that is not known.
    COMPAT_UNKNOWN = "runs through cuda-compat on data-centre GPUs"
    #: cuda-compat would help, and is not in the image.
    NO_COMPAT = "no cuda-compat in the image"
    #: cuda-compat is there and refuses to work on this GPU.
    COMPAT_REFUSED = "cuda-compat does not work on this GPU"
    #: The driver is older than the GPU, which no CUDA changes.
    NO_DRIVER = "the driver does not know this GPU"
    #: CUDA would run, but NVIDIA_REQUIRE_CUDA of the image refuses the container.
    GATE = "refused at start"
    FAILS = "does not run"
    UNKNOWN = "unknown"


class DriverVerdict(NamedTuple):
    """What a driver means for one CUDA of an image, with the figures for a message."""

    fate: Fate
    use: CudaUse
    verdict: drivers.Verdict
    gate: drivers.StartGate | None = None

    @property
    def sure(self) -> bool:
        """Whether it rests on sources alone."""
        need = self.verdict.need
        return self.use.cuda.sure and need is not None and (need.sure or need.rule is drivers.Rule.MINOR_VERSION)


class GpuVerdict(NamedTuple):
    """Whether what a framework or a compiler makes runs on a GPU; `runs` is None when that is not known."""

    use: CudaUse
    gpu: Gpu
    runs: bool | None
    #: A sentence without its full stop.
    reason: str
    sure: bool


def cuda_uses(stack: Stack) -> tuple[CudaUse, ...]:
    """The toolkits' CUDA, then that of each framework that brings its own; the same one at the same place once."""
    found = [
        CudaUse(each.version, toolkit=each, related=each.related)
        for each in stack.toolkits
        if each.flavour != "compiler"
    ]
    for framework in stack.frameworks:
        if framework.cuda is not None and framework.bundles_cuda:
            related = (*variant_place(framework.package)[1], *_copied(framework, stack.stage))
            found.append(CudaUse(framework.cuda, framework=framework, related=related))
    return tuple({(each.version, each.span): each for each in reversed(found)}.values())[::-1]


def _copied(framework: Framework, stage: Stage) -> tuple[Related, ...]:
    """The COPY that brings a framework from another stage."""
    instruction = framework.package.instruction
    if instruction is None:
        return ()
    for each in stage.ancestry:
        if any(instruction is own for own in each.body):
            return ()
    for each in stage.ancestry:
        for step in each.copies:
            copied = each.pythons.copied.get(id(step.instruction), ())
            if any(one.target == framework.package.environment for one in copied):
                return (Related(step.instruction.span, "copied into the final image here"),)
    return ()


def least_driver(stack: Stack) -> LeastDriver | None:
    """The driver that the most demanding CUDA of an image asks for; None when no CUDA of it is known."""
    needs = [(use, drivers.least_driver(use.version)) for use in stack.cudas]
    known = [(use, need) for use, need in needs if need is not None]
    if not known:
        return None
    use, need = max(known, key=lambda each: numbers(each[1].minimum))
    open_ends = any(each.build == "cuda" and each.cuda is None for each in stack.frameworks)
    complete = stack.complete and not open_ends and len(known) == len(needs)
    sure = use.cuda.sure and (need.sure or need.rule is drivers.Rule.MINOR_VERSION)
    return LeastDriver(need.minimum, use, need.native, sure, complete)


def driver_verdicts(stage: Stage, driver: str, gpu: str | None = None) -> tuple[DriverVerdict, ...]:
    """What a driver ("535.104.05", or a branch: "535") means for each CUDA in a stage's image, on a GPU if given."""
    return tuple(_judge(use, stage, driver, gpu) for use in stage.stack.cudas)


def _judge(use: CudaUse, stage: Stage, driver: str, gpu: str | None) -> DriverVerdict:
    verdict = drivers.runs_on(use.version, driver)
    if is_unknown_to(gpu, driver) is not None:
        return DriverVerdict(Fate.NO_DRIVER, use, verdict)
    outcome = verdict.outcome
    if outcome is drivers.Outcome.UNKNOWN or verdict.need is None:
        return DriverVerdict(Fate.UNKNOWN, use, verdict)
    if outcome is drivers.Outcome.FAILS:
        return DriverVerdict(Fate.FAILS, use, verdict)
    if outcome is drivers.Outcome.NEEDS_COMPAT:
        return DriverVerdict(_with_compat(use, stage, gpu), use, verdict)
    gate = _gate(use, stage, verdict.driver)
    if gate is not None and not gate.starts:
        return DriverVerdict(Fate.GATE, use, verdict, gate)
    runs = outcome is drivers.Outcome.RUNS
    return DriverVerdict(Fate.RUNS if runs else Fate.MINOR_VERSION, use, verdict, gate)


def _with_compat(use: CudaUse, stage: Stage, gpu: str | None) -> Fate:
    if has_compat(use, stage) is False:
        return Fate.NO_COMPAT
    board = gpus.find_gpu(gpu) if gpu is not None else None
    if board is not None and board.kind in gpus.CONSUMER:
        return Fate.COMPAT_REFUSED
    return Fate.COMPAT if board is not None and board.kind == "datacenter" else Fate.COMPAT_UNKNOWN


def has_compat(use: CudaUse, stage: Stage) -> bool | None:
    """Whether a cuda-compat that carries a CUDA is in a stage's image; None when not known."""
    packages = stage.inventory.packages
    if any(each.ecosystem != "python" and each.name.startswith("cuda-compat") for each in packages):
        return True
    base = stage.base
    if base is None or base.gpu != "cuda":
        return False if base is not None and base.gpu == "cpu" else None
    if base.family == "pytorch/pytorch" and (base.flavour or "").endswith("runtime"):
        return False
    if base.family not in _WITH_COMPAT or base.cuda is None:
        return None
    # The package of an image is of the image's own CUDA, and reaches as far as that one's major version does.
    return numbers(base.cuda)[0] >= numbers(use.version)[0]


def _gate(use: CudaUse, stage: Stage, driver: str) -> drivers.StartGate | None:
    """NVIDIA_REQUIRE_CUDA of nvidia/cuda images; None where there is none, or when it is switched off."""
    base = stage.base
    if use.toolkit is None or use.toolkit.source != "image" or base is None or base.family != "nvidia/cuda":
        return None
    return None if gate_is_off(stage) else drivers.start_gate(use.version, driver)


def gate_is_off(stage: Stage) -> bool:
    """Whether a variable of the file takes the question at start away, or puts another one in its place."""
    required = stage.variable_at("NVIDIA_REQUIRE_CUDA")
    replaced = required is not None and required.span is not None
    return replaced or stage.variable_at("NVIDIA_DISABLE_REQUIRE") is not None


def gpu_verdicts(stage: Stage, gpu: str) -> tuple[GpuVerdict, ...]:
    """Whether the frameworks, and what nvcc compiles, run on a GPU; empty for a board that is not known."""
    board = gpus.find_gpu(gpu)
    return tuple(_gpu_verdicts(stage.stack, board)) if board is not None else ()


def _gpu_verdicts(stack: Stack, gpu: Gpu) -> Iterator[GpuVerdict]:
    for framework in stack.frameworks:
        if framework.cuda is None or framework.build != "cuda":
            continue
        use = CudaUse(framework.cuda, framework=framework)
        runs, reason = _framework_on(framework, framework.cuda.value, gpu)
        yield GpuVerdict(use, gpu, runs, reason, framework.sure and framework.cuda.sure)
    for toolkit in stack.toolkits:
        targets = gpus.toolkit_targets(toolkit.version.value, gpu.capability) if toolkit.nvcc else None
        if targets is not None:
            can = "compiles" if targets else "cannot compile"
            reason = f"nvcc {toolkit.version.value} {can} for {gpus.sm(gpu.capability)}"
            yield GpuVerdict(CudaUse(toolkit.version, toolkit=toolkit), gpu, targets, reason, toolkit.version.sure)


def _framework_on(framework: Framework, cuda: str, gpu: Gpu) -> tuple[bool | None, str]:
    target = gpus.sm(gpu.capability)
    if framework.architectures is not None:
        if gpus.runs_code(framework.architectures, gpu.capability):
            return True, f"{framework.label} has code for it"
        built = f"{gpus.sm(framework.architectures[0])} to {gpus.sm(framework.architectures[-1].partition('+')[0])}"
        return False, f"{framework.label} has no code for {target} (it is built for {built})"
    targets = gpus.toolkit_targets(cuda, gpu.capability)
    if targets is not False:
        return None, f"the architectures of {framework.label} are not known"
    if _is_dropped(cuda, gpu.capability):
        return False, f"{framework.label} is built with CUDA {cuda}, which no longer has code for {target}"
    return None, f"{framework.label} is built with CUDA {cuda}, which is older than {target}: only PTX can run"


def _is_dropped(cuda: str, capability: str) -> bool:
    from mllint.knowledge.gpu_arch import architecture

    row = architecture(capability)
    return row is not None and row.last_cuda is not None and numbers(cuda)[:2] > numbers(row.last_cuda)


def first_branch(gpu: Gpu) -> int | None:
    """The first driver branch that knows a GPU; None when that is not known, or older than any driver in use."""
    from mllint.knowledge.gpu_arch import FIRST_DRIVERS, architecture

    row = architecture(gpu.capability)
    return dict(FIRST_DRIVERS).get(row.name) if row is not None and gpu.kind != "jetson" else None


def is_unknown_to(gpu: str | None, driver: str) -> int | None:
    """The branch that a GPU needs, where a driver is too old to know it at all; None where it is not."""
    board = gpus.find_gpu(gpu) if gpu is not None else None
    first, have = first_branch(board) if board is not None else None, numbers(driver.lstrip("Rr"))
    return first if first is not None and have and have[0] < first else None


def last_branch(gpu: Gpu) -> int | None:
    """The last driver branch that still supports a GPU; None while the newest does."""
    from mllint.knowledge.gpu_arch import LAST_DRIVERS, architecture

    row = architecture(gpu.capability)
    return dict(LAST_DRIVERS).get(row.name) if row is not None else None
