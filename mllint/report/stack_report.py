"""What `mllint stack` shows, as plain values: the text and the JSON are written from the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from mllint.finding import Finding
    from mllint.report.run import ErrorReport
    from mllint.source import Source, Span

Level = Literal["ok", "warning", "error", "unknown"]


class Evidence(NamedTuple):
    """How a value is known: where it is written (None when in no file), and why it follows from that."""

    span: Span | None
    reason: str
    #: "the file", "the base image", "the tables" …
    origin: str
    #: False: recalled or inferred.
    sure: bool


class Value(NamedTuple):
    """A value with its evidence; `value` is None when it is not known, `there` False when it is known to be missing."""

    value: str | None
    evidence: Evidence | None = None
    there: bool | None = None
    #: A remark behind the value, for people.
    remark: str = ""


class FrameworkReport(NamedTuple):
    """A framework; `cuda` is what it will really use, `bundles_cuda` whether it brings that itself."""

    name: str
    package: str
    version: str | None
    #: As it is asked for; "" when nothing is.
    specifier: str
    variant: str | None
    build: str | None
    cuda: str | None
    bundles_cuda: bool | None
    cudnn: str | None
    needs_system_cudnn: bool | None
    architectures: tuple[str, ...] | None
    environment: str
    #: What the image has in the place of what it loads ("the image has CUDA 12.4.1 and no cuDNN"); "" when it fits, or
    #: when that is not known.
    lacks: str
    note: str
    sure: bool
    evidence: Evidence | None


class Driver(NamedTuple):
    """The oldest Linux driver; `native` is the one on which everything works, `gate` what the image asks at start."""

    version: str
    native: str | None
    #: What asks for it: "CUDA 12.4.1 of the nvidia/cuda image".
    because: str
    #: The CUDA that the driver has to report to container toolkits before 1.18, and older branches that pass as well.
    gate: str | None
    gate_branches: tuple[int, ...]
    #: Whether cuda-compat is in the image, which helps older drivers on data-centre GPUs; None when not known.
    compat: bool | None
    #: False: something has a CUDA that is not known, so that a newer driver may be needed.
    complete: bool
    evidence: Evidence


class Layer(NamedTuple):
    """What the base image or an instruction adds, in MB (10^6 bytes) as it is pulled."""

    keyword: str
    span: Span
    megabytes: float | None
    complete: bool
    #: What is in it, the largest first; None for a size that is not known.
    parts: tuple[tuple[str, float | None], ...]
    #: Whether the next build runs it again after an edit of the project's code.
    runs_again: bool = False


class Flow(NamedTuple):
    """What a stage takes from the build context, an image or another stage."""

    kind: Literal["continues", "copies", "mounts"]
    #: "the build context", or the name of an image; the number of a stage.
    origin: str | int
    #: The paths that are taken, as written; "" for all of it.
    what: str
    span: Span


class HostLine(NamedTuple):
    """What a given driver or GPU means for the image."""

    level: Level
    text: str
    evidence: Evidence | None


class StageStack(NamedTuple):
    """The stack of a stage."""

    name: str | None
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    base: str | None
    line: int
    final: bool
    role: Value
    system: Value
    python: Value
    environment: str
    cuda: Value
    flavour: str | None
    cudnn: Value
    nvcc: Value
    arch_list: Value
    frameworks: tuple[FrameworkReport, ...]
    gpu: tuple[tuple[str, Evidence], ...]
    driver: Driver | None
    #: What the frameworks have code for in common.
    architectures: tuple[str, ...] | None
    layers: tuple[Layer, ...]
    hosts: tuple[HostLine, ...]
    complete: bool
    flows: tuple[Flow, ...] = ()

    @property
    def megabytes(self) -> float | None:
        """The sum of the layers that are known; None when none is."""
        known = [layer.megabytes for layer in self.layers if layer.megabytes is not None]
        return sum(known) if known else None

    @property
    def sizes_complete(self) -> bool:
        """Whether every layer is known in full."""
        return all(layer.complete for layer in self.layers)


class StackReport(NamedTuple):
    """The stacks of a file's stages, the final one first."""

    path: str
    stages: tuple[StageStack, ...]
    driver: str | None = None
    gpu: str | None = None
    source: Source | None = None
    #: What the rules say, for formats that show it.
    findings: tuple[Finding, ...] = ()
    #: The secrets of the file, never to be shown.
    secrets: tuple[Span, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether nothing is known that keeps the image from running on the host that was asked for."""
        return not any(line.level == "error" for stage in self.stages if stage.final for line in stage.hosts)


class Stacks(NamedTuple):
    """What one run of `mllint stack` shows."""

    version: str
    files: tuple[StackReport, ...]
    errors: tuple[ErrorReport, ...]
