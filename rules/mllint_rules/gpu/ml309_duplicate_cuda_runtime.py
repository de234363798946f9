"""ML309 duplicate-cuda-runtime."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    Framework,
    Related,
    Rule,
    Severity,
    Stage,
    knowledge,
    self_sufficient,
    tag_place,
)


class DuplicateCudaRuntime(Rule):
    """A CUDA image lies under a framework whose wheels bring CUDA themselves: the libraries are there twice.

    ## Why is this bad?
    PyTorch's wheels load the CUDA, cuBLAS and cuDNN that they bring, never those in `/usr/local/cuda`: a torch for
    CUDA 11.8 runs on an image of CUDA 12.4, and the other way round. The image's own 1 to 2 GB (compressed) are pulled
    onto every new node and loaded by nobody. The driver comes from the host in any case. `nvidia/cuda:…-base`, about
    0.1 GB, keeps the variables that ask for the GPU; a slim Python image will do where `--gpus` asks for it.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04
    COPY --from=ghcr.io/astral-sh/uv:0.5.4 /uv /usr/bin/
    RUN uv venv --python 3.11 /opt/venv && uv pip install --no-cache --python /opt/venv torch==2.5.1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-base-ubuntu22.04
    COPY --from=ghcr.io/astral-sh/uv:0.5.4 /uv /usr/bin/
    RUN uv venv --python 3.11 /opt/venv && uv pip install --no-cache --python /opt/venv torch==2.5.1
    USER 1000
    ```

    ## When it stays silent
    Where something else in the image may need the system's CUDA: a compiler or anything that compiles, scripts that are
    not read, requirements that could not be read, packages that load CUDA from the image (onnxruntime-gpu, CuPy,
    TensorRT, CTranslate2, TensorFlow without `[and-cuda]`) or compile while they run (vLLM, DeepSpeed), CUDA packages
    of the system, programs that are copied from other images, variables that lead to the toolkit; and for stages that
    others only copy from. On a `-devel` image `devel-image-in-production` (ML308) says it with the rest.

    ## Fix safety
    The fix takes the `-base` image of the same CUDA. It is unsafe: a program that mllint does not see may load the
    libraries.

    ## References
    - [nvidia/cuda, image flavours](https://hub.docker.com/r/nvidia/cuda)
    - [PyTorch, get started](https://pytorch.org/get-started/locally/)
    """

    id = "ML309"
    name = "duplicate-cuda-runtime"
    severity = Severity.INFO
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        base = stage.base if stage is not None else None
        if stage is None or base is None or base.family != "nvidia/cuda" or stage.root.image is None:
            return
        # Of devel images ML308 speaks: compiler and libraries are one advice.
        if (base.flavour or "").rpartition("-")[2] != "runtime":
            return
        framework = self_sufficient(stage)
        place = tag_place(stage.root, "runtime") if framework is not None else None
        if framework is None or place is None:
            return
        from mllint.api import siblings

        smaller = siblings.smaller(stage.root.image, "base")
        if smaller is None:
            return
        sizes = ""
        if smaller.own_gb is not None and smaller.size_gb is not None:
            sizes = f" (about {smaller.size_gb:.1g} GB to pull instead of {smaller.own_gb:.2g} GB)"
        version = f" {framework.cuda.value}" if framework.cuda is not None else ""
        span = framework.package.span
        yield self.finding(
            place.span,
            f"`{framework.label}` brings its own CUDA{version}{_weight(framework)} and loads nothing of the image's, "
            f"and nothing else in this file does. Take `{smaller.image}`{sizes}, or a slim Python image.",
            related=(*place.related, *((Related(span, "this brings CUDA"),) if span is not None else ())),
            fix=_fix(stage, smaller.image.tag or ""),
        )._replace(stage=stage.label)


def _weight(framework: Framework) -> str:
    """How much of the framework's download is NVIDIA's."""
    if framework.version is None:
        return ""
    requirement = "tensorflow[and-cuda]" if framework.name == "tensorflow" else framework.name
    row = knowledge.sizes.closure(requirement, framework.version.value)
    return f" (about {row.nvidia_mb / 1000:.1f} GB)" if row is not None and row.nvidia_mb else ""


def _fix(stage: Stage, tag: str) -> Fix | None:
    image, place = stage.root.image, tag_place(stage.root)
    if (
        image is None
        or image.digest is not None
        or place is None
        or not place.replaceable
        or place.span.text != image.tag
    ):
        return None
    return Fix("Take the base image", (Edit(place.span, tag),), Applicability.UNSAFE)
