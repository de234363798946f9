"""ML308 devel-image-in-production."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Edit,
    Finding,
    Fix,
    Related,
    Role,
    Rule,
    Severity,
    Stage,
    compiling,
    is_for_development,
    self_sufficient,
    tag_place,
)

if TYPE_CHECKING:
    from mllint.api import Framework, siblings

_TOOLKIT = ("CUDA_HOME", "CUDACXX", "CUDA_PATH", "CUDA_ROOT")
_PRODUCTION = (Role.SERVING, Role.TRAINING, Role.JOB)


class DevelImageInProduction(Rule):
    """The final stage stands on a `-devel` CUDA image, and nothing in it compiles.

    ## Why is this bad?
    `-devel` adds nvcc, the headers and the static libraries to the CUDA libraries: about 4 GB instead of 1 GB to pull
    at each start on a new node, compressed, and gcc and make for whoever gets into the container. What runs needs
    the libraries only; PyTorch's wheels even bring their own, so that `nvidia/cuda:…-base` is enough under them.

    ## Bad
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel
    COPY --chown=1000 train.py /app/
    USER 1000
    CMD ["python", "-u", "/app/train.py"]
    ```

    ## Good
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime
    COPY --chown=1000 train.py /app/
    USER 1000
    CMD ["python", "-u", "/app/train.py"]
    ```

    ## When it stays silent
    Where the stage or its parents compile: nvcc, gcc, make, cmake, `setup.py`, `pip install .` or from a repository,
    packages that build CUDA extensions (flash-attn, apex, …), TORCH_CUDA_ARCH_LIST and its like; where a script that
    is not read may do so; and where an image without a task of its own installs compilers. It is advice where something
    may compile while it runs (DeepSpeed, vLLM, TensorRT, Numba, …), where requirements were not read, and for images
    that are built upon, notebooks and development.

    ## Fix safety
    The fix takes the runtime image of the same version, or the base image where the framework brings its own CUDA. It
    is unsafe: what compiles at run time stops working.

    ## References
    - [nvidia/cuda, image flavours](https://hub.docker.com/r/nvidia/cuda)
    - [Docker, multi-stage builds](https://docs.docker.com/build/building/multi-stage/)
    """

    id = "ML308"
    name = "devel-image-in-production"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None or stage.root.image is None or not _ships_compiler(stage):
            return
        doubt = _doubt(stage)
        if doubt is None:
            return
        from mllint.api import siblings

        place = tag_place(stage.root, "devel")
        # Only nvidia/cuda has images that are smaller than the runtime.
        framework = self_sufficient(stage) if stage.base is not None and stage.base.family == "nvidia/cuda" else None
        smaller = siblings.smaller(stage.root.image, "base" if framework is not None else None)
        if place is None or smaller is None:
            return
        yield self.finding(
            place.span,
            _message(smaller, doubt, framework),
            severity=doubt.severity,
            confidence=doubt.confidence,
            related=(*place.related, *_brought_by(framework)),
            fix=_fix(stage, smaller, doubt),
        )._replace(stage=stage.label)


class _Doubt(NamedTuple):
    """How much speaks against the devel image."""

    severity: Severity
    confidence: Confidence
    reason: str
    remedy: str


def _message(smaller: siblings.Sibling, doubt: _Doubt, framework: Framework | None) -> str:
    head = f"The image ships nvcc and the CUDA headers{_sizes(smaller)}, and {doubt.reason}."
    if framework is None:
        return f"{head} Take `{smaller.image}`{doubt.remedy}."
    own = f"`{framework.label}` brings its own CUDA and loads nothing of the image's"
    return f"{head} {own}: take `{smaller.image}`, or a slim Python image{doubt.remedy}."


def _brought_by(framework: Framework | None) -> tuple[Related, ...]:
    span = framework.package.span if framework is not None else None
    return (Related(span, "this brings CUDA"),) if span is not None else ()


def _fix(stage: Stage, smaller: siblings.Sibling, doubt: _Doubt) -> Fix | None:
    """The flavour alone; the whole tag where more of it changes, as no base image has cuDNN."""
    image, tag = stage.root.image, smaller.image.tag or ""
    if image is None or image.digest is not None:
        return None
    flavour = "base" if "-base" in tag else "runtime"
    alone = (image.tag or "").replace("devel", flavour) == tag
    place, content = (tag_place(stage.root, "devel"), flavour) if alone else (tag_place(stage.root), tag)
    if place is None or not place.replaceable or (not alone and place.span.text != image.tag):
        return None
    applicability = Applicability.UNSAFE if doubt.confidence is Confidence.HIGH else Applicability.DISPLAY
    return Fix(f"Take the {flavour} image", (Edit(place.span, content),), applicability)


def _sizes(smaller: siblings.Sibling) -> str:
    if smaller.own_gb is None or smaller.size_gb is None:
        return ""
    return f" (about {smaller.own_gb:.2g} GB to pull instead of {smaller.size_gb:.2g} GB)"


def _ships_compiler(stage: Stage) -> bool:
    """Whether it is the base image that brings nvcc."""
    return any(each.source == "image" and each.flavour == "devel" and each.nvcc for each in stage.stack.toolkits)


def _doubt(stage: Stage) -> _Doubt | None:
    """None where something compiles, or may."""
    if compiling.compiles(stage):
        return None
    packages = {each.identity for each in stage.inventory.packages if each.ecosystem != "system"}
    if any(map(compiling.builds_cuda, packages)):
        return None
    if stage.role.value not in _PRODUCTION and compiling.brings_compilers(stage):
        return None
    reason = "nothing in this stage compiles"
    jit = sorted(filter(compiling.may_build_later, packages))
    if jit:
        reason = f"{reason}, though {jit[0]} may want them while it runs"
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " if it does not")
    if compiling.is_set(stage, _TOOLKIT):
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " unless something looks for nvcc")
    unread = compiling.unread_packages(stage)
    if unread is not None:
        reason = f"nothing in this file compiles ({unread} was not read)"
        return _Doubt(Severity.INFO, Confidence.LOW, reason, " unless a package there needs nvcc")
    if stage.role.value is Role.BASE:
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " unless what is built on it compiles")
    if stage.role.value not in _PRODUCTION or is_for_development(stage):
        return _Doubt(Severity.INFO, Confidence.MEDIUM, reason, " unless somebody compiles in the container")
    return _Doubt(Severity.WARNING, Confidence.HIGH, reason, "")
