"""ML313 mixed-cuda-majors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Edit,
    Finding,
    Fix,
    Origin,
    Package,
    Related,
    Rule,
    Span,
    Stack,
    knowledge,
)

#: Frameworks whose CUDA is that of the whole environment, the first that is there.
_LEADING = ("torch", "tensorflow", "jax")


class MixedCudaMajors(Rule):
    """Python packages of two CUDA major versions are in one environment.

    ## Why is this bad?
    `cupy-cuda11x` beside a torch for CUDA 12, `nvidia-cudnn-cu11` beside one that brings `nvidia-cudnn-cu12`: each
    loads the libraries of its own major version. Either both sets are there, which is 1 to 3 GB twice, or one is not,
    and its package stops with `libcublas.so.11: cannot open shared object file`, or computes on the CPU.

    ## Bad
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime
    RUN pip install --no-cache-dir nvidia-dali-cuda110==1.43.0
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime
    RUN pip install --no-cache-dir nvidia-dali-cuda120==1.43.0
    USER 1000
    ```

    ## When it stays silent
    For a minor difference (12.1 and 12.4), packages in different environments, packages whose CUDA is not known by a
    pinned version, a build or a name, entries of lock files (a lock lists those of every platform), what the base image
    ships, and frameworks that load the image's CUDA (see ML305). The CUDA of the image itself does not count: a wheel
    that brings its own runs on any (see ML309).

    ## Fix safety
    The fix takes the package for the other's CUDA, where its name has that form and the version exists for both. It is
    unsafe: the choice between the two is a guess.

    ## References
    - [CuPy, installation](https://docs.cupy.dev/en/stable/install.html)
    - [PyTorch, get started](https://pytorch.org/get-started/locally/)
    """

    id = "ML313"
    name = "mixed-cuda-majors"

    def check_build(self, build: Build) -> Iterator[Finding]:
        apart = build.builders
        continued = {stage.parent for stage in build.stages}
        for stage in build.stages:
            if stage in apart or stage in continued:
                continue
            uses = _uses(stage.stack)
            for environment in dict.fromkeys(use.environment for use in uses):
                for finding in self._environment([use for use in uses if use.environment == environment]):
                    yield finding._replace(stage=stage.label)

    def _environment(self, uses: list[_Use]) -> Iterator[Finding]:
        leader = _leader(uses)
        if leader is None:
            return
        for use in _apart(uses, leader):
            related = (Related(leader.span, f"`{leader.label}` is for CUDA {leader.major}"),) if leader.span else ()
            fix = _fix(use, leader)
            yield self.finding(
                use.span or leader.span or use.place,
                f"`{use.label}` is for CUDA {use.major}, `{leader.label}` in the same environment for CUDA "
                f"{leader.major}: both sets of libraries are loaded, or `{use.name}` does not find its own. "
                f"{_remedy(use, leader, fix)}",
                confidence=Confidence.HIGH if use.sure and leader.sure else Confidence.MEDIUM,
                related=related,
                fix=fix,
            )


class _Use(NamedTuple):
    """A package with the CUDA that it is for."""

    name: str
    label: str
    major: str
    environment: str
    span: Span | None
    #: Somewhere to point at where it has no place of its own.
    place: Span
    own: bool
    sure: bool
    version: str | None
    leads: bool


def _uses(stack: Stack) -> list[_Use]:
    """The Python and conda packages that bring CUDA, or name it."""
    place = stack.stage.opening.span
    found = []
    framed = set()
    for framework in stack.frameworks:
        package = framework.package
        framed.add((package.name, package.environment))
        # What loads the image's CUDA is another matter, but for names such as cupy-cuda11x.
        named = knowledge.cuda_packages.cuda_of(package.name, package.version) is not None
        if framework.cuda is not None and framework.cuda.sure and (framework.bundles_cuda or named):
            leads = framework.name in _LEADING
            found.append(_use(package, framework.label, framework.cuda.value, place, leads=leads, sure=framework.sure))
    for package in stack.inventory.packages:
        major = knowledge.cuda_packages.cuda_of(package.name, package.version)
        own = package.origin is Origin.LITERAL and (package.name, package.environment) not in framed
        if major is not None and own and package.ecosystem == "python":
            found.append(_use(package, package.name, major, place, leads=False, sure=package.sure))
    return found


def _use(package: Package, label: str, cuda: str, place: Span, *, leads: bool, sure: bool) -> _Use:
    own = package.origin is Origin.LITERAL
    major, environment, version = cuda.partition(".")[0], package.environment, package.version
    return _Use(package.name, label, major, environment, package.span, place, own, sure, version, leads)


def _leader(uses: Iterable[_Use]) -> _Use | None:
    """What the others are measured by: the framework, else the first."""
    ordered = sorted(uses, key=lambda use: (not use.leads, use.own))
    return ordered[0] if ordered else None


def _apart(uses: Iterable[_Use], leader: _Use) -> Iterator[_Use]:
    """The packages of another major version, one of each family: `nvidia-cublas-cu11` stands for all of NVIDIA's.

    A framework speaks for those libraries too: they are there for its sake.
    """
    found = [use for use in uses if use.own and use.major != leader.major]
    seen = {"nvidia"} if any(use.leads for use in found) else set()
    for use in found:
        family = "nvidia" if use.name.startswith("nvidia-") and use.name.endswith(f"-cu{use.major}") else use.name
        if family not in seen:
            seen.add(family)
            yield use


def _renamed(use: _Use, leader: _Use) -> str | None:
    """The name of the same package for the leader's CUDA; None where it is not known to exist."""
    for old, new in (
        (f"cuda{use.major}x", f"cuda{leader.major}x"),
        (f"-cu{use.major}", f"-cu{leader.major}"),
        (f"cuda{use.major}0", f"cuda{leader.major}0"),
    ):
        if use.name.endswith(old):
            name = use.name.removesuffix(old) + new
            return name if knowledge.cuda_packages.cuda_of(name) == leader.major else None
    return None


def _remedy(use: _Use, leader: _Use, fix: Fix | None) -> str:
    other = _renamed(use, leader)
    if other is None:
        return _common(use, leader)
    checked = "" if fix is not None or use.version is None else ", where that version exists"
    return f"Take `{other}`{checked}."


def _common(use: _Use, leader: _Use) -> str:
    """How both come to one CUDA: torch is built for several, others for the newest alone, or for none so new."""
    if leader.name == "torch" and leader.version is not None:
        builds = [row for row in knowledge.torch.variants(leader.version) if row.cuda and row.architectures]
        same = [row.name for row in builds if (row.cuda or "").partition(".")[0] == use.major]
        if same:
            return f"Take torch's build for CUDA {use.major}: `https://download.pytorch.org/whl/{same[-1]}`."
    return "Take builds of the two for one CUDA."


def _fix(use: _Use, leader: _Use) -> Fix | None:
    """The other name, for CuPy: its releases are known."""
    other = _renamed(use, leader)
    if other is None or use.span is None or not use.span.text.startswith(use.name):
        return None
    if use.version is None or knowledge.cupy.release(other, use.version) is None:
        return None
    name = use.span.source.span(use.span.start, use.span.start + len(use.name))
    return Fix(f"Take `{other}`", (Edit(name, other),), Applicability.UNSAFE)
