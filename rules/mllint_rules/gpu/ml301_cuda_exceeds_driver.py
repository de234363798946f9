"""ML301 cuda-exceeds-driver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.api import Build, Confidence, Finding, Origin, Related, Rule, Severity

if TYPE_CHECKING:
    from mllint.api import drivers, hosts

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
    and silent where `gpu` names such a GPU. Frameworks count where their CUDA is known, by a pinned version (in a
    requirements file or a lock too), an index or a build, those of an environment that is copied from another stage
    with them; of an unpinned one it is not. Where nothing else says that the image is meant for a GPU, a wheel that
    happens to bring CUDA is a warning.

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
        from mllint.api import hosts

        judged = []
        meant = any(reason.origin is not Origin.OPTION for reason in stage.stack.gpu.reasons)
        for each in hosts.driver_verdicts(stage, driver, build.options.gpu):
            problem = _problem(each, build.options.gpu)
            if problem is None or each.use.span is None:
                continue
            # A default wheel brings CUDA whether the image is for GPUs or not; without one it runs on the CPU.
            judged.append((each, problem if meant else problem._replace(severity=Severity.WARNING)))
        if not judged:
            return
        judged.sort(key=lambda each: each[1].severity.rank)
        (found, problem), *others = judged
        span, related = found.use.span or stage.opening.span, found.use.related
        related += tuple(
            Related(other.use.span, f"CUDA {other.use.version} as well") for other, _ in others if other.use.span
        )
        yield self.finding(
            span,
            f"{problem.message} {problem.remedy or _remedy(found.verdict)}",
            severity=problem.severity,
            confidence=Confidence.HIGH if problem.severity is Severity.ERROR else Confidence.MEDIUM,
            related=related,
        )._replace(stage=stage.label)


class _Problem(NamedTuple):
    severity: Severity
    message: str
    remedy: str = ""


def _problem(found: hosts.DriverVerdict, gpu: str | None) -> _Problem | None:
    """What to say of a CUDA on the target; None where it runs, and where that is not known."""
    from mllint.api import hosts

    fate, need, driver = found.fate, found.verdict.need, found.verdict.driver
    runs = (hosts.Fate.RUNS, hosts.Fate.MINOR_VERSION, hosts.Fate.COMPAT)
    # A driver that does not know the target's GPU is no fault of the image: `mllint stack` tells it.
    if need is None or fate in (*runs, hosts.Fate.UNKNOWN, hosts.Fate.NO_DRIVER):
        return None
    if fate is hosts.Fate.GATE:
        return _gate(found)
    needs = f"{_what(found.use)} needs driver {need.minimum} or newer, the target has {driver}"
    worst = Severity.ERROR if found.sure else Severity.WARNING
    if fate is hosts.Fate.FAILS:
        return _Problem(worst, f"{needs}: the container is refused, or CUDA does not start in it.")
    if fate is hosts.Fate.NO_COMPAT:
        return _Problem(worst, f"{needs}, and no cuda-compat for it is installed: CUDA does not start.")
    if fate is hosts.Fate.COMPAT_REFUSED:
        return _Problem(worst, f"{needs}; on the target's {gpu} cuda-compat does not help: CUDA stops with error 804.")
    message = f"{needs}: only cuda-compat makes it run, on data-centre GPUs; on others CUDA stops with error 804."
    return _Problem(Severity.WARNING, message)


def _what(use: hosts.CudaUse) -> str:
    """The CUDA, and what brings it where that is no image."""
    if use.variant is not None:
        return f"CUDA {use.version} (`{use.variant}`)"
    framework = use.framework
    if framework is None or framework.package.instruction is None:
        return f"CUDA {use.version}"
    found = framework.version
    why = f" ({found.reason})" if found is not None and found.origin is Origin.DERIVED and found.reason else ""
    return f"CUDA {use.version} of {use.label}{why}"


def _gate(found: hosts.DriverVerdict) -> _Problem | None:
    """nvidia/cuda images ask at start for a driver of their own CUDA, although an older one of the major runs it."""
    verdict, gate = found.verdict, found.gate
    if gate is None:
        return None
    message = (
        f"nvidia/cuda images ask the host for CUDA {gate.requires} before they start, and driver {verdict.driver} "
        f"reports {verdict.driver_cuda}: container toolkits before 1.18 refuse the container, though CUDA would run."
    )
    remedy = f"Take CUDA {verdict.driver_cuda} or older, or set NVIDIA_DISABLE_REQUIRE=1."
    return _Problem(Severity.WARNING, message, remedy)


def _remedy(verdict: drivers.Verdict) -> str:
    """What the driver does run."""
    from mllint.api import drivers

    own = verdict.driver_cuda
    if own is None:
        return "Take an image of an older CUDA, or update the driver."
    last = _LAST.get(own.partition(".")[0], own)
    runs = drivers.runs_on(last, verdict.driver).outcome in (drivers.Outcome.RUNS, drivers.Outcome.MINOR_VERSION)
    until = f", and up to {last} by minor version compatibility" if runs and last != own else ""
    return f"This driver is made for CUDA {own}{until}: take an image or a wheel of that, or update the driver."
