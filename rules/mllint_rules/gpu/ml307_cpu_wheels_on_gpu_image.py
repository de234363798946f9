"""ML307 cpu-wheels-on-gpu-image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Edit,
    Fact,
    Finding,
    Fix,
    Framework,
    Installation,
    Origin,
    Package,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    best_variant,
    image_cuda,
    in_force,
    knowledge,
)

#: CPU packages → (the package for GPUs, names that show that it is there as well).
_PACKAGES = {
    "onnxruntime": (
        "onnxruntime-gpu",
        ("onnxruntime-gpu", "ort-nightly-gpu", "onnxruntime-training", "onnxruntime-rocm"),
    ),
    "faiss-cpu": ("faiss-gpu", ("faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12", "faiss-gpu-cuvs")),
    "paddlepaddle": ("paddlepaddle-gpu", ("paddlepaddle-gpu",)),
    "xgboost-cpu": ("xgboost", ("xgboost",)),
}
#: What each of them does without a GPU.
_SLOW = {
    "onnxruntime": "asking it for `CUDAExecutionProvider` gives a warning and a session on the CPU",
    "faiss-cpu": "it has no GPU indexes",
    "paddlepaddle": "`paddle.set_device('gpu')` stops",
    "xgboost-cpu": '`device="cuda"` stops',
}
#: Packages of conda that fix CUDA, or the build, themselves.
_SELECTORS = frozenset({"cudatoolkit", "pytorch-cuda", "cuda-version", "cuda-toolkit", "cudnn", "cpuonly"})
_FORGE = frozenset({"conda-forge", "nodefaults", "bioconda"})


class CpuWheelsOnGpuImage(Rule):
    """The CPU build of a framework in an image that is made for, or given, a GPU.

    ## Why is this bad?
    `+cpu`, `…/whl/cpu`, `tensorflow-cpu`, `jax` without an extra and `onnxruntime` have no GPU code in them, whatever
    the base image is and whatever the host has. Some stop when they are asked for a GPU ("Torch not compiled with CUDA
    enabled"), others compute on the CPU and leave a line in the log, ten to fifty times slower, on a machine that is
    paid for its GPU. conda-forge chooses the CPU build by itself in `docker build`, where there is no driver, unless
    CONDA_OVERRIDE_CUDA says which CUDA there will be.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-base-ubuntu22.04
    COPY --from=ghcr.io/astral-sh/uv:0.5.4 /uv /usr/bin/
    RUN uv pip install --no-cache --system torch==2.6.0 --index-url https://download.pytorch.org/whl/cpu
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-base-ubuntu22.04
    COPY --from=ghcr.io/astral-sh/uv:0.5.4 /uv /usr/bin/
    RUN uv pip install --no-cache --system torch==2.6.0 --index-url https://download.pytorch.org/whl/cu124
    USER 1000
    ```

    ## When it stays silent
    Where only packages speak for a GPU, where CUDA_VISIBLE_DEVICES hides it or the file is called `Dockerfile.cpu`,
    where the GPU build is installed as well, for what other packages bring, and for `tensorflow-cpu` and `jax` beside
    another framework that uses the GPU: they are often there for its data. Beside such a one `onnxruntime` and
    `faiss-cpu` are advice, as they are where requirements were not read. Of conda-forge's packages it speaks only where
    no other channel, and no package of CUDA's, is named.

    ## Fix safety
    The fix names the GPU package. It is unsafe: it is another package, with other versions.

    ## References
    - [PyTorch, get started](https://pytorch.org/get-started/locally/)
    - [JAX, installation](https://docs.jax.dev/en/latest/installation.html)
    - [ONNX Runtime, CUDA](https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html)
    - [conda-forge, CUDA](https://conda-forge.org/docs/user/tipsandtricks/#installing-cuda-enabled-packages-like-tensorflow-and-pytorch)
    """

    id = "ML307"
    name = "cpu-wheels-on-gpu-image"
    tags = ("performance",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        seen: set[Span] = set()
        for stage in build.images:
            slow = tuple(_slow(stage))
            paid = _paid(stage) if slow else None
            for each in slow if paid is not None else ():
                if paid is not None and each.span not in seen:
                    seen.add(each.span)
                    yield self._report(each, paid, stage)

    def _report(self, slow: _Slow, paid: Fact[str], stage: Stage) -> Finding:
        reader = slow.installation.reader(slow.span)
        related = [Related(paid.span, paid.value)] if paid.span is not None else []
        related += [Related(reader, "this installs the file")] if reader is not None else []
        return self.finding(
            slow.span,
            f"{slow.what}, but {paid.value}: {slow.effect}. {slow.remedy}.",
            severity=slow.severity,
            confidence=slow.confidence,
            related=tuple(related),
            fix=slow.fix,
        )._replace(stage=stage.label)


class _Slow(NamedTuple):
    """A package that computes on the CPU alone."""

    span: Span
    installation: Installation
    what: str
    effect: str
    remedy: str
    severity: Severity = Severity.WARNING
    confidence: Confidence = Confidence.HIGH
    fix: Fix | None = None


def _paid(stage: Stage) -> Fact[str] | None:
    """What says that there will be a GPU; None where nothing does, or where it is hidden."""
    gpu, base = stage.stack.gpu, stage.base
    if gpu.denied is not None or (base is not None and base.gpu in ("rocm", "xpu")):
        return None
    return gpu.surroundings[0] if gpu.surroundings else None


def _slow(stage: Stage) -> Iterator[_Slow]:
    stack = stage.stack
    shared = _is_shared(stage)
    for framework in stack.frameworks:
        package = framework.package
        if package.origin not in (Origin.LITERAL, Origin.DERIVED) or package.via or not package.sure:
            continue
        found = None
        if framework.name == "torch" and framework.build == "cpu":
            found = _torch(framework, stage)
        elif framework.name == "tensorflow" and framework.build == "cpu" and not shared:
            found = _tensorflow(framework)
        elif package.name == "jax" and framework.build == "cpu" and not shared and not _has_cuda_jaxlib(stage):
            found = _jax(framework, stage)
        if found is not None:
            yield found
    for package in stage.inventory.packages:
        if package.origin is Origin.LITERAL and package.sure and package.ecosystem == "python":
            yield from _by_name(package, stage, shared=shared)
        elif package.ecosystem == "conda" and package.origin is Origin.LITERAL:
            yield from _by_conda(package, stage)


def _is_shared(stage: Stage) -> bool:
    """Whether something else uses the GPU, or may: a framework, a package for GPUs, what the base image is for."""
    stack, base = stage.stack, stage.base
    if not stack.complete or any(each.build != "cpu" for each in stack.frameworks):
        return True
    if len(stack.gpu.reasons) > len(stack.gpu.surroundings):
        return True
    return base is not None and base.gpu == "cuda" and base.family != "nvidia/cuda"


def _torch(framework: Framework, stage: Stage) -> _Slow | None:
    package = framework.package
    if package.installation is None or package.span is None or package.ecosystem != "python":
        return _conda_torch(package)
    version = framework.version.value.partition("+")[0] if framework.version is not None else None
    cuda = image_cuda(stage)
    better = best_variant(version, cuda) if cuda is not None else None
    remedy = "Take the default index, or the one of a CUDA variant"
    if better is not None:
        remedy = f"Take the build for the image's CUDA, `https://download.pytorch.org/whl/{better}`"
    effect = '`.cuda()` stops with "Torch not compiled with CUDA enabled", and `cuda.is_available()` is False'
    return _Slow(*_cpu_place(package, package.installation), f"`{package.name}` is the CPU build", effect, remedy)


def _conda_torch(package: Package) -> _Slow | None:
    """conda's `cpuonly`, or a build string that says cpu."""
    if package.installation is None or package.span is None:
        return None
    wanted = package.installation.wanted
    chosen = next((each.requirement.span for each in wanted if each.requirement.name == "cpuonly"), package.span)
    effect = '`.cuda()` stops with "Torch not compiled with CUDA enabled"'
    return _Slow(chosen, package.installation, f"`{package.name}` is the CPU build", effect, "Take a CUDA build of it")


def _cpu_place(package: Package, installation: Installation) -> tuple[Span, Installation]:
    """The characters that ask for the CPU: `cpu` behind the version, the index, else the requirement."""
    span = package.span
    assert span is not None
    at = span.text.rfind("+cpu")
    if at >= 0:
        return span.source.span(span.start + at + 1, span.start + at + 4), installation
    index = next((each for each in installation.indexes if (each.build or "").startswith("cpu")), None)
    return index.span if index is not None else span, installation


def _tensorflow(framework: Framework) -> _Slow | None:
    package = framework.package
    if package.installation is None or package.span is None or package.ecosystem != "python":
        return None
    row = knowledge.tensorflow.release(framework.version.value) if framework.version is not None else None
    effect = "TensorFlow registers no GPU and computes on the CPU"
    old = row is not None and not row.gpu
    better = (
        "tensorflow-gpu" if old else "tensorflow" if row is not None and not row.and_cuda else "tensorflow[and-cuda]"
    )
    what = f"`{framework.label}` has no GPU code"
    fix = _renamed(package, better)
    return _Slow(package.span, package.installation, what, effect, f"Take `{better}`", fix=fix)


def _jax(framework: Framework, stage: Stage) -> _Slow | None:
    package = framework.package
    if package.installation is None or package.span is None or package.ecosystem != "python":
        return None
    if any(not index.official for index in package.installation.indexes):
        return None
    cuda = image_cuda(stage)
    extra = f"cuda{cuda[0]}" if cuda is not None and cuda[0] in (12, 13) else "cuda12"
    what = "`jax` without an extra is the CPU build"
    effect = "JAX says that it falls back to the CPU, and computes there"
    fix = _renamed(package, f"jax[{extra}]")
    return _Slow(package.span, package.installation, what, effect, f"Take `jax[{extra}]`", fix=fix)


def _has_cuda_jaxlib(stage: Stage) -> bool:
    """Whether a jaxlib or a plug-in for CUDA is there: `jaxlib==0.4.7+cuda12.cudnn88`, `jax-cuda12-plugin`."""
    return any(
        "cuda" in f"{package.name} {package.version or package.specifier}"
        or (package.name == "jaxlib" and package.installation is not None and bool(package.installation.indexes))
        for package in stage.inventory.packages
        if package.name.startswith(("jaxlib", "jax-cuda"))
    )


def _by_name(package: Package, stage: Stage, *, shared: bool) -> Iterator[_Slow]:
    """Packages whose GPU build has another name."""
    if package.name not in _PACKAGES or package.installation is None or package.span is None:
        return
    better, others = _PACKAGES[package.name]
    if any(stage.inventory.all(other) for other in others):
        return
    severity = Severity.INFO if shared else Severity.WARNING
    remedy = f"If it is meant to use the GPU, take `{better}`" if shared else f"Take `{better}`"
    yield _Slow(
        package.span,
        package.installation,
        f"`{package.name}` is the CPU package",
        _SLOW[package.name],
        remedy,
        severity,
        Confidence.MEDIUM if shared else Confidence.HIGH,
        _renamed(package, better),
    )


def _by_conda(package: Package, stage: Stage) -> Iterator[_Slow]:
    """conda-forge's packages that get their CPU build where the solver sees no driver."""
    installation, span = package.installation, package.span
    if package.name not in knowledge.conda.CPU_WITHOUT_GPU or installation is None or span is None:
        return
    step = installation.step
    names = {wanted.requirement.name for wanted in installation.wanted}
    variable = knowledge.conda.OVERRIDE_VARIABLE
    asked = in_force(variable, step.install.command, step.instruction, stage)
    if asked is not None or installation.locked or names & _SELECTORS or not _is_forge(package, installation):
        return
    cuda = image_cuda(stage)
    value = f"{cuda[0]}.{cuda[1]}" if cuda is not None else "12.4"
    yield _Slow(
        span,
        installation,
        f"Without a driver, as in `docker build`, conda-forge's `{package.name}` comes as its CPU build",
        "it computes on the CPU there as well",
        f"Say which CUDA there will be: `{variable}={value} {step.install.command.words[0].raw} …`",
        # What xgboost does is fast enough on a CPU more often than not.
        Severity.INFO if "xgboost" in package.name else Severity.WARNING,
        Confidence.MEDIUM,
    )


def _is_forge(package: Package, installation: Installation) -> bool:
    """Whether it comes from conda-forge alone, and its build is left open."""
    if package.variant is not None or "cuda" in package.specifier or "gpu" in package.specifier:
        return False
    channels = {index.url for index in installation.indexes if index.kind == "channel"}
    own = next((w.requirement.channel for w in installation.wanted if w.requirement.span == package.span), None)
    return own == "conda-forge" or (own is None and "conda-forge" in channels and channels <= _FORGE)


def _renamed(package: Package, better: str) -> Fix | None:
    """Asks for another package, at the same version; None where the place is no requirement line."""
    span = package.span
    if span is None or not span.text.lower().startswith(package.name) or "[" in span.text:
        return None
    if span.source.path.endswith((".lock", ".toml", "Pipfile")):
        return None
    place = span.source.span(span.start, span.start + len(package.name))
    return Fix(f"Take `{better}`", (Edit(place, better),), Applicability.UNSAFE)
