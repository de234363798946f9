"""ML306 cuda-wheels-on-cpu-image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Edit,
    Finding,
    Fix,
    Framework,
    Installation,
    Origin,
    Package,
    Related,
    Role,
    Rule,
    Severity,
    Span,
    Stage,
    compare_versions,
    knowledge,
    platform_of,
    regex,
    speaks_of_indexes,
    wheel_size,
)

_INDEX = "https://download.pytorch.org/whl/cpu"
#: What that index has of its own, so that it may stand alone in a command.
_FAMILY = frozenset({"torch", "torchvision", "torchaudio"})
#: Images that are started on GPU machines more often than not, or that tell nothing of it.
_FOR_GPUS = (Role.TRAINING, Role.NOTEBOOK)
_SERVICES = (Role.SERVING, Role.JOB)
#: An index of all packages, not one of somebody's CPU wheels.
_MIRROR = regex(r"^(?!.*(?:cpu|torch)).*/simple/?$")
#: `xgboost-cpu` is known from this release on; NCCL came as a dependency with 2.1.
_XGBOOST_CPU_SINCE = "3.0"
#: From so many MB saved on it is a warning.
_MUCH = 500


class CudaWheelsOnCpuImage(Rule):
    """The default wheels, with gigabytes of CUDA libraries, in an image that nothing says is for a GPU.

    ## Why is this bad?
    `pip install torch` on Linux takes the CUDA build and a dozen of `nvidia-*` packages: about 3 GB to pull, more than
    5 GB on disk. On machines without a GPU they do nothing but wait for the network at each start of a new node. The
    CPU build, on PyTorch's own index, is about 190 MB. `tensorflow` and `xgboost` carry some hundred MB of the kind.

    ## Bad
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir torch==2.6.0
    COPY predict.py /app/
    USER 1000
    CMD ["python", "-u", "/app/predict.py"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir torch==2.6.0 --index-url https://download.pytorch.org/whl/cpu
    COPY predict.py /app/
    USER 1000
    CMD ["python", "-u", "/app/predict.py"]
    ```

    ## When it stays silent
    A plain Python image with the default torch runs on a GPU too (`docker run --gpus all`), so whatever speaks for one
    silences it: a CUDA base, NVIDIA_VISIBLE_DEVICES and its like, a Compose file that reserves a GPU, `--gpu` or
    `--driver`, packages for GPUs (flash-attn, vllm, bitsandbytes, `nvidia-*`), a CUDA index, `Dockerfile.gpu`, Python
    files of the context that name CUDA; and so do commands that train, and notebooks. Also where the base image or an
    index is not known, for conda, and for ARM. The confidence is low where requirements or the build context were not
    read, and high where it is said that there is no GPU (`CUDA_VISIBLE_DEVICES=""`, `Dockerfile.cpu`, AWS Lambda). A
    few hundred MB are advice, and so are images whose task is not known.

    ## Fix safety
    The fix takes the CPU build. It is unsafe: the image no longer runs on a GPU.

    ## References
    - [PyTorch, get started](https://pytorch.org/get-started/locally/)
    - [uv, using PyTorch](https://docs.astral.sh/uv/guides/integration/pytorch/)
    - [TensorFlow, installation](https://www.tensorflow.org/install/pip)
    """

    id = "ML306"
    name = "cuda-wheels-on-cpu-image"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        images = [(stage, tuple(_heavy(stage))) for stage in build.images if _is_plain(stage)]
        seen = _spans_for_gpus(build) if any(heavy for _, heavy in images) else set()
        for stage, heavy in images:
            doubt = _doubt(stage) if heavy else None
            for each in heavy if doubt is not None else ():
                if doubt is not None and each.span not in seen:
                    seen.add(each.span)
                    yield self._report(each, doubt, stage)

    def _report(self, heavy: _Heavy, doubt: _Doubt, stage: Stage) -> Finding:
        reader = heavy.installation.reader(heavy.span)
        return self.finding(
            heavy.span,
            f"{heavy.what}. {doubt.reason}{heavy.remedy}.",
            severity=doubt.severity if heavy.saved >= _MUCH else Severity.INFO,
            confidence=doubt.confidence,
            related=(Related(reader, "this installs the file"),) if reader is not None else (),
            fix=heavy.fix,
        )._replace(stage=stage.label)


class _Heavy(NamedTuple):
    """A package that brings CUDA, and what would not."""

    span: Span
    installation: Installation
    what: str
    remedy: str
    #: About so many MB less to pull.
    saved: float
    fix: Fix | None = None


class _Doubt(NamedTuple):
    """How sure it is that there is no GPU."""

    reason: str
    confidence: Confidence
    severity: Severity = Severity.WARNING


def _doubt(stage: Stage) -> _Doubt | None:
    """None where something says that the image runs on a GPU, or where it often does."""
    stack, role = stage.stack, stage.role.value
    if stack.gpu.there:
        return None
    if stack.gpu.denied is not None:
        return _Doubt(f"There is no GPU here ({stack.gpu.denied.value}): ", Confidence.HIGH)
    if platform_of(stage) == "AWS Lambda":
        return _Doubt("AWS Lambda has no GPUs: ", Confidence.HIGH)
    if role in _FOR_GPUS or stack.gpu_code is not None:
        return None
    reason = "Nothing here speaks of a GPU; if the image runs without one, "
    if role not in _SERVICES:
        return _Doubt(reason, Confidence.LOW, Severity.INFO)
    known = stack.complete and stage.build.context is not None
    return _Doubt(reason, Confidence.MEDIUM if known else Confidence.LOW)


def _is_plain(stage: Stage) -> bool:
    """Whether the base image is known to have no CUDA, or to be one in which it does not matter."""
    base = stage.base
    if base is None or base.frameworks or base.gpu not in ("cpu", None) or base.purpose == "training":
        return False
    platform = stage.root.opening.flag_value("platform")
    name = f"{stage.root.base_name or ''} {platform.value if platform is not None else ''}"
    return re.search(r"(?i)cuda|gpu|nvidia|rocm|arm|aarch", name) is None


def _spans_for_gpus(build: Build) -> set[Span | None]:
    """The places of packages that an image for GPUs has, too."""
    images = (stage for stage in build.images if stage.stack.gpu.there)
    return {package.span for stage in images for package in stage.inventory.packages}


def _heavy(stage: Stage) -> Iterator[_Heavy]:
    for framework in stage.stack.frameworks:
        package = framework.package
        installation, span = package.installation, package.span
        if span is None or installation is None or not _takes_default(package, installation, stage):
            continue
        if framework.name == "torch" and framework.build == "cuda" and framework.bundles_cuda:
            yield _torch(framework, span, installation)
        elif package.name == "tensorflow" and framework.build == "cuda" and _is_useless(framework, stage):
            yield _tensorflow(framework, span, installation)
    for package in stage.inventory.packages:
        installation, span = package.installation, package.span
        if span is None or installation is None or not _takes_default(package, installation, stage):
            continue
        if package.name == "xgboost" and _has_small_build(package):
            yield _xgboost(package, span, installation)


def _takes_default(package: Package, installation: Installation, stage: Stage) -> bool:
    """Whether the wheel is the default index's, or that of a mirror of it."""
    if package.ecosystem != "python" or package.origin is Origin.INHERITED or package.variant is not None:
        return False
    if "--no-index" in installation.step.install.options or (not installation.indexes and speaks_of_indexes(stage)):
        return False
    for index in installation.indexes:
        if index.packages and package.name not in index.packages:
            continue
        if index.packages or index.kind != "index-url" or not _MIRROR.search(index.url or ""):
            return False
    return True


# torch


def _torch(framework: Framework, span: Span, installation: Installation) -> _Heavy:
    package = framework.package
    version = framework.version.value if framework.version is not None else None
    size = wheel_size(package._replace(version=version))
    closure = knowledge.sizes.closure("torch", version)
    disk = closure.installed_mb if closure is not None else None
    brought = bool(package.via) and package.origin is Origin.KNOWLEDGE
    subject = f"`{package.via}` brings torch, whose default wheel is" if brought else "torch's default wheel is"
    remedy, fix = _cpu_index(span, installation, version)
    unpacked = f", {_amount(disk)} unpacked" if disk is not None else ""
    pulled = f", about {_amount(size)} to pull{unpacked}" if size is not None else ", gigabytes to pull"
    what = f"{subject} the CUDA build{pulled}"
    return _Heavy(span, installation, what, remedy, size if size is not None else _MUCH, fix)


def _cpu_index(span: Span, installation: Installation, version: str | None) -> tuple[str, Fix | None]:
    """How to get the CPU build here: the words, and the edit where a command or its requirements file can say it."""
    install = installation.step.install
    gets = f"gets the CPU build, about {knowledge.torch.CPU_WHEEL_MB} MB"
    if _is_project(installation):
        return f"{_source_of(installation)} {gets}", None
    if version is not None and knowledge.torch.exists(version, "cpu") is not True:
        return f"the CPU build is on {_INDEX.removesuffix('/cpu')}/torch_stable.html", None
    listed = span.source is not install.command.span.source
    alone = not listed and not install.files and all(each.name in _FAMILY for each in install.requirements)
    taken = any(index.kind == "index-url" for index in installation.indexes)
    if install.manager == "uv" and not (alone and not taken):
        option = "--torch-backend cpu"
    else:
        option = f"--index-url {_INDEX}" if alone and not taken else f"--extra-index-url {_INDEX}"
    title = f"Take the CPU build: `{option}`"
    if installation.locked:
        return f"a lock made with `{option}` {gets}", None
    if listed and install.manager == "pip":
        kind = next((use.manifest.kind for use in installation.manifests if use.manifest.source is span.source), "")
        edit = Edit(span.source.span(0, 0), f"{option}\n")
        fix = Fix(title, (edit,), Applicability.UNSAFE) if kind == "requirements" else None
        return f"the line `{option}` in this file {gets}", fix
    verb = next((word for word in install.command.words if word.value == "install"), None)
    if verb is None or install.manager not in ("pip", "uv"):
        return f"`{option}` {gets}", None
    place = verb.span.source.span(verb.span.end, verb.span.end)
    return f"`{option}` {gets}", Fix(title, (Edit(place, f" {option}"),), Applicability.UNSAFE)


def _is_project(installation: Installation) -> bool:
    """Whether pyproject.toml or a Pipfile says what is installed, so that no option can name an index."""
    kinds = {use.manifest.kind for use in installation.manifests}
    return bool(kinds & {"pyproject", "pipfile", "lock"}) and installation.step.install.manager != "pip"


def _source_of(installation: Installation) -> str:
    manager = installation.step.install.manager
    where = {"uv": "under `[tool.uv.sources]`", "poetry": "in pyproject.toml"}.get(manager, "in the project's file")
    return f"giving torch the source {_INDEX} {where}"


# The others


def _is_useless(framework: Framework, stage: Stage) -> bool:
    """Whether TensorFlow's CUDA code cannot work here: neither the wheel nor the image has the libraries."""
    return framework.bundles_cuda is False and stage.stack.has_cuda is False and not framework.package.via


def _tensorflow(framework: Framework, span: Span, installation: Installation) -> _Heavy:
    size = wheel_size(framework.package) or 0.0
    about = f", about {_amount(size)}" if size else ""
    what = f"`tensorflow` without `[and-cuda]` finds no CUDA in this image, and carries its GPU code along{about}"
    return _Heavy(
        span, installation, what, "`tensorflow-cpu` is about half of it", size / 2, _renamed(span, "tensorflow")
    )


def _has_small_build(package: Package) -> bool:
    version = package.version
    if package.via or (version is None and package.specifier):
        return False
    newer = compare_versions(version, _XGBOOST_CPU_SINCE) if version is not None else 1
    return newer is not None and newer >= 0


def _xgboost(package: Package, span: Span, installation: Installation) -> _Heavy:
    closure = knowledge.sizes.closure("xgboost")
    nccl = closure.nvidia_mb if closure is not None else 0
    what = f"`{package.name}` brings NVIDIA's NCCL and GPU code, about {_amount(nccl)} more than it needs on a CPU"
    return _Heavy(
        span, installation, what, "`xgboost-cpu` does without them", float(nccl), _renamed(span, package.name)
    )


def _renamed(span: Span, name: str) -> Fix | None:
    """Asks for NAME-cpu; None where the place is no requirement line (a lock, a table of TOML)."""
    if not span.text.lower().startswith(name) or span.source.path.endswith((".lock", ".toml", "Pipfile")):
        return None
    place = span.source.span(span.start, span.start + len(name))
    return Fix(f"Take `{name}-cpu`", (Edit(place, f"{name}-cpu"),), Applicability.UNSAFE)


def _amount(megabytes: float) -> str:
    """Two figures: "3.1 GB", "310 MB"."""
    return f"{megabytes / 1000:.2g} GB" if megabytes >= 1000 else f"{round(megabytes, -1):.0f} MB"
