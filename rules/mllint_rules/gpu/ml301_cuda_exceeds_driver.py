"""ML301 cuda-exceeds-driver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.api import (
    Build,
    Confidence,
    Finding,
    InstallStep,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    knowledge,
    local_variant,
    tag_place,
    wheel_indexes,
)

if TYPE_CHECKING:
    from mllint.api import drivers

_PACKAGES = frozenset({"torch", "torchvision", "torchaudio"})
#: Boards on which cuda-compat refuses to work.
_CONSUMER = re.compile(r"geforce|\bgtx|\btitan\b|(\b|rtx)[2-5]0[5-9]0(ti|s|d)?\b", re.IGNORECASE)
#: Boards for which it is made; some workstation boards, which neither pattern knows, are allowed too.
_DATA_CENTRE = re.compile(r"\b(tesla|[ABHKLPTV]\d{1,3}[GS]?|G[BH]\d{3}|HGX|DGX)\b", re.IGNORECASE)
#: nvidia/cuda installs cuda-compat in each of its images; these are built upon it. The runtime images of
#: pytorch/pytorch stand on plain Ubuntu.
_WITH_COMPAT = frozenset({"nvidia/cuda", "pytorch/pytorch", "tensorflow/tensorflow"})
#: Paths that hold a Python environment.
_ENVIRONMENT = re.compile(r"venv|site-packages|dist-packages|conda|virtualenv|/\.local(/|$)")
#: The last CUDA of the majors that have minor version compatibility and are closed.
_LAST = {"11": "11.8", "12": "12.9"}


class CudaExceedsDriver(Rule):
    """The image's CUDA needs a newer NVIDIA driver than the machine has that it is meant for.

    ## Why is this bad?
    The driver comes from the host, the CUDA libraries come from the image. When the driver is too old for them, the
    image builds, and in the cluster the container is refused ("unsatisfied condition: cuda>=12.4") or CUDA does not
    start ("the NVIDIA driver on your system is too old", error 804 on forward compatibility).

    ## Bad
    ```dockerfile driver=470.82.01 gpu=RTX-3090
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    USER 1000
    ```

    ## Good
    ```dockerfile driver=470.82.01 gpu=RTX-3090
    FROM nvidia/cuda:11.8.0-runtime-ubuntu22.04
    USER 1000
    ```

    ## When it stays silent
    Without a target: the driver is given by `driver` in the configuration or by `--driver 535.104.05`. Within a major
    version of CUDA every driver that runs its first release runs the later ones (from CUDA 11 on). A driver for which
    only cuda-compat helps, which the nvidia/cuda images have and which works on data-centre GPUs alone, is a warning,
    and silent where `gpu` names such a GPU. Wheels count where an index or a version names their CUDA, those of an
    environment that is copied from another stage too.

    ## References
    - [CUDA compatibility](https://docs.nvidia.com/deploy/cuda-compatibility/)
    - [CUDA toolkit release notes, driver versions](https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/)
    """

    id = "ML301"
    name = "cuda-exceeds-driver"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage, driver = build.final, build.options.driver
        if stage is None or driver is None:
            return
        from mllint.api import drivers

        judged = []
        for cuda in _cudas(stage):
            verdict = drivers.runs_on(cuda.version, driver)
            problem = _problem(verdict, cuda, stage)
            if problem is not None:
                judged.append((cuda, verdict, problem))
        if not judged:
            return
        judged.sort(key=lambda each: each[2].severity.rank)
        (cuda, verdict, problem), *others = judged
        related = cuda.related + tuple(Related(other.span, f"CUDA {other.version} as well") for other, _, _ in others)
        yield self.finding(
            cuda.span,
            f"{problem.message} {problem.remedy or _remedy(verdict)}",
            severity=problem.severity,
            confidence=Confidence.HIGH if problem.severity is Severity.ERROR else Confidence.MEDIUM,
            related=related,
        )._replace(stage=stage.label)


class _Cuda(NamedTuple):
    """A CUDA that the image brings, and where that is written."""

    version: str
    span: Span
    related: tuple[Related, ...]
    #: The wheel variant (`cu121`), None for the base image's.
    variant: str | None
    sure: bool


class _Problem(NamedTuple):
    severity: Severity
    message: str
    remedy: str = ""


def _cudas(stage: Stage) -> Iterator[_Cuda]:
    """The base's CUDA, then those of the PyTorch wheels that the final image holds."""
    base, root = stage.base, stage.root
    if base is not None and base.cuda is not None:
        major = ".".join(base.cuda.split(".")[:2])
        place = tag_place(root, base.cuda) if _has(root, base.cuda) else tag_place(root, major)
        if place is not None:
            yield _Cuda(base.cuda, place.span, place.related, None, base.sure_of("cuda"))
    yield from _wheels(stage)
    for step in (step for each in stage.ancestry for step in each.copies):
        if isinstance(step.origin, Stage) and any(_ENVIRONMENT.search(path or "") for _, path in step.sources):
            here = Related(step.instruction.span, "copied into the final image here")
            for found in _wheels(step.origin):
                yield found._replace(related=(*found.related, here))


def _wheels(stage: Stage) -> Iterator[_Cuda]:
    """The CUDA of the PyTorch wheels that a stage and its parents install."""
    for each in reversed(stage.ancestry):
        for step in each.installs:
            found = _wheel(step, each)
            if found is not None:
                yield found


def _has(stage: Stage, part: str) -> bool:
    return part in (stage.base_name or "")


def _wheel(step: InstallStep, stage: Stage) -> _Cuda | None:
    """The CUDA of `torch==2.1.0+cu121`, or of an index such as `…/whl/cu121`."""
    packages = [each for each in step.install.requirements if each.name in _PACKAGES]
    if step.install.ecosystem != "python" or not packages:
        return None
    for requirement in packages:
        local = local_variant(requirement)
        if local is not None:
            return _variant(local, requirement.span, ())
    for index in wheel_indexes(step, stage):
        if index.variant is not None:
            return _variant(index.variant, index.span, index.related)
    return None


def _variant(name: str, span: Span, related: tuple[Related, ...]) -> _Cuda | None:
    cuda = next((row.cuda for row in reversed(knowledge.torch.VARIANTS) if row.name == name), None)
    if cuda is None:
        return None
    at = span.text.rfind(name)
    if at >= 0:
        span = span.source.span(span.start + at, span.start + at + len(name))
    return _Cuda(cuda, span, related, name, sure=True)


def _problem(verdict: drivers.Verdict, cuda: _Cuda, stage: Stage) -> _Problem | None:
    from mllint.api import drivers

    need = verdict.need
    if need is None or verdict.outcome is drivers.Outcome.UNKNOWN:
        return None
    what = f"CUDA {cuda.version}" + (f" (`{cuda.variant}`)" if cuda.variant else "")
    needs = f"{what} needs driver {need.minimum} or newer, the target has {verdict.driver}"
    surely = cuda.sure and (need.sure or need.rule is drivers.Rule.MINOR_VERSION)
    worst = Severity.ERROR if surely else Severity.WARNING
    if verdict.outcome is drivers.Outcome.FAILS:
        return _Problem(worst, f"{needs}: the container is refused, or CUDA does not start in it.")
    if verdict.outcome is drivers.Outcome.NEEDS_COMPAT:
        return _with_compat(needs, cuda, stage, worst)
    return _gate(verdict, cuda, stage)


def _with_compat(needs: str, cuda: _Cuda, stage: Stage, worst: Severity) -> _Problem | None:
    """The driver is so old that only cuda-compat helps: on some GPUs, and where the package is there."""
    gpu, there = stage.build.options.gpu, _has_compat(cuda, stage)
    if there is False:
        return _Problem(worst, f"{needs}, and no cuda-compat for it is installed: CUDA does not start.")
    if gpu is not None and _CONSUMER.search(gpu):
        return _Problem(worst, f"{needs}; on a {gpu} cuda-compat does not help: CUDA stops with error 804.")
    if gpu is not None and _DATA_CENTRE.search(gpu):
        return None
    message = f"{needs}: only cuda-compat makes it run, on data-centre GPUs; on others CUDA stops with error 804."
    return _Problem(Severity.WARNING, message)


def _has_compat(cuda: _Cuda, stage: Stage) -> bool | None:
    """Whether a cuda-compat that carries this CUDA is in the image; None when not known."""
    names = (each.name or "" for s in stage.ancestry for step in s.installs for each in step.install.requirements)
    if any(name.startswith("cuda-compat") for name in names):
        return True
    base = stage.base
    if base is None or base.gpu != "cuda":
        return False if base is not None and base.gpu == "cpu" else None
    if base.family == "pytorch/pytorch" and (base.flavour or "").endswith("runtime"):
        return False
    if base.family not in _WITH_COMPAT or base.cuda is None:
        return None
    # The package of an image is of the image's own CUDA, and reaches as far as that one's major version does.
    return int(base.cuda.partition(".")[0]) >= int(cuda.version.partition(".")[0])


def _gate(verdict: drivers.Verdict, cuda: _Cuda, stage: Stage) -> _Problem | None:
    """nvidia/cuda images ask at start for a driver of their own CUDA, although an older one of the major runs it."""
    from mllint.api import drivers

    base = stage.base
    if cuda.variant is not None or base is None or base.family != "nvidia/cuda" or _gate_is_off(stage):
        return None
    gate = drivers.start_gate(cuda.version, verdict.driver)
    if gate is None or gate.starts:
        return None
    message = (
        f"nvidia/cuda images ask the host for CUDA {gate.requires} before they start, and driver {verdict.driver} "
        f"reports {verdict.driver_cuda}: container toolkits before 1.18 refuse the container, though CUDA would run."
    )
    remedy = f"Take CUDA {verdict.driver_cuda} or older, or set NVIDIA_DISABLE_REQUIRE=1."
    return _Problem(Severity.WARNING, message, remedy)


def _gate_is_off(stage: Stage) -> bool:
    disabled = stage.variable_at("NVIDIA_DISABLE_REQUIRE")
    required = stage.variable_at("NVIDIA_REQUIRE_CUDA")
    return disabled is not None or (required is not None and required.span is not None)


def _remedy(verdict: drivers.Verdict) -> str:
    """What the driver does run."""
    from mllint.api import drivers

    own = verdict.driver_cuda
    if own is None:
        return "Take an image of an older CUDA, or update the driver."
    last = _LAST.get(own.partition(".")[0], own)
    runs = drivers.runs_on(last, verdict.driver).outcome in (drivers.Outcome.RUNS, drivers.Outcome.MINOR_VERSION)
    until = f", and up to {last} by minor version compatibility" if runs and last != own else ""
    return f"This driver is made for CUDA {own}{until}."
