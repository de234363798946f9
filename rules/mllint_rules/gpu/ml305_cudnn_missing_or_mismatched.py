"""ML305 cudnn-missing-or-mismatched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Edit,
    Finding,
    Fix,
    Framework,
    Rule,
    Severity,
    Stage,
    knowledge,
    tag_place,
)

if TYPE_CHECKING:
    from mllint.api import loaded_libraries

_EFFECTS = {
    "tensorflow": "TensorFlow writes that to its log, registers no GPU and computes on the CPU",
    "onnxruntime": "the session falls back to the CPU, with no more than a line in the log",
    "jax": "JAX cannot start its CUDA plug-in (`Unable to load cuDNN`)",
    "cupy": "CuPy stops with `libcublas`, `libnvrtc` or the like not found, at import or at the first array",
    "paddlepaddle": "Paddle stops when it starts on the GPU",
}
#: Those of which it is recalled how they end.
_RECALLED = frozenset({"cupy", "jax"})
#: Images that exist, by the major versions of CUDA and cuDNN.
_IMAGES = {
    ("11", "8"): "nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04",
    ("12", "8"): "nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04",
    ("12", "9"): "nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04",
    ("13", "9"): "nvidia/cuda:13.0.2-cudnn-runtime-ubuntu24.04",
}


class CudnnMissingOrMismatched(Rule):
    """A framework takes cuDNN and CUDA from the image, which has none of them, or of another major version.

    ## Why is this bad?
    Some wheels bring CUDA and cuDNN (torch; TensorFlow from 2.14 on, when it is installed as `tensorflow[and-cuda]`),
    others load the image's by the names of their major versions: `libcudnn.so.8`, `libcublas.so.11`. A file of another
    major version has another name. What is not found does not stop TensorFlow and ONNX Runtime: they write a line to
    the log and compute on the CPU, ten to fifty times slower, on a machine that is paid for its GPU.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04
    COPY --from=ghcr.io/astral-sh/uv:0.5.4 /uv /usr/bin/
    RUN uv pip install --no-cache --system onnxruntime-gpu==1.18.1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04
    COPY --from=ghcr.io/astral-sh/uv:0.5.4 /uv /usr/bin/
    RUN uv pip install --no-cache --system onnxruntime-gpu==1.20.2
    USER 1000
    ```

    ## When it stays silent
    For wheels that bring cuDNN (torch, `tensorflow[and-cuda]`, `jax[cuda12]`), for CPU builds, for TensorFlow on an
    image that is not for GPUs, where `nvidia-cudnn-…` or conda's `cudnn` is installed, where the image's cuDNN or CUDA
    is not known, and beside a torch with the same major versions, whose libraries serve the others too. Where the
    framework has no version, or an install could not be read, it is a warning.

    ## Fix safety
    The fix takes the image of the same CUDA with cuDNN, where no extra of the package brings it, or the CuPy for the
    image's CUDA. It is unsafe: the image grows by several hundred MB, and what computed on the CPU now needs a GPU.

    ## References
    - [TensorFlow, tested build configurations](https://www.tensorflow.org/install/source#gpu)
    - [ONNX Runtime, CUDA requirements](https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html)
    - [JAX, installation](https://docs.jax.dev/en/latest/installation.html)
    - [CuPy, installation](https://docs.cupy.dev/en/stable/install.html)
    """

    id = "ML305"
    name = "cudnn-missing-or-mismatched"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        for stage in build.images:
            yield from self._stage(stage)

    def _stage(self, stage: Stage) -> Iterator[Finding]:
        from mllint.api import loaded_libraries

        stack = stage.stack
        if stack.gpu.denied is not None:
            return
        for framework in stack.frameworks:
            lack = loaded_libraries.lack_of(framework, stack)
            if lack is None or framework.package.span is None:
                continue
            fix = _fix(framework, lack, stage)
            sure = lack.sure and framework.sure and stack.complete and framework.name not in _RECALLED
            yield self.finding(
                framework.package.span,
                f"{_needs(framework, lack)}: {_EFFECTS[framework.name]}. {_remedy(framework, lack, stage)}",
                severity=Severity.ERROR if sure else Severity.WARNING,
                confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
                related=lack.places,
                fix=fix,
            )._replace(stage=stage.label)


def _needs(framework: Framework, lack: loaded_libraries.Lack) -> str:
    """What it loads from the image, and what is there."""
    parts = []
    if lack.other_cuda is not None:
        parts.append(
            (f"CUDA {lack.cuda}" if lack.cuda else "CUDA", f"CUDA {lack.other_cuda}" if lack.other_cuda else "")
        )
    if lack.other_cudnn is not None:
        name = f"cuDNN {lack.cudnn}" if lack.cudnn else "cuDNN"
        parts.append((name, f"cuDNN {_short(lack.other_cudnn)}" if lack.other_cudnn else ""))
    wanted = " and ".join(want for want, _ in parts)
    there = " and ".join(have for _, have in parts if have)
    gone = [want.partition(" ")[0] for want, have in parts if not have]
    if not there:
        return f"`{framework.label}` loads {wanted} from the image, which has {'neither' if len(gone) > 1 else 'none'}"
    without = f" and no {gone[0]}" if gone else ""
    return f"`{framework.label}` loads {wanted} from the image, which has {there}{without}"


def _remedy(framework: Framework, lack: loaded_libraries.Lack, stage: Stage) -> str:
    """The extra that brings the libraries, or an image that has them."""
    extra = _extra(framework)
    image = _with_cudnn(lack, stage) or _IMAGES.get((lack.cuda or "", lack.cudnn or ""))
    if framework.name == "cupy":
        other = _other_cupy(lack)
        if other is not None:
            return f"Take `{other}`; from 14.0 on, `{other}[ctk]` brings its own CUDA."
        own = f", or `{framework.package.name}[ctk]` from 14.0 on, which brings CUDA" if lack.cuda != "11" else ""
        return f"Take a `-runtime` image of CUDA {lack.cuda}{own}."
    if extra is not None:
        return f"`{extra}` brings both{f', as does the image `{image}`' if image is not None else ''}."
    if image is not None:
        return f"Take `{image}`{_newer(framework, lack)}."
    wanted = f"CUDA {lack.cuda}" if lack.cuda is not None else "CUDA"
    return f"Take an image of {wanted} with cuDNN{f' {lack.cudnn}' if lack.cudnn else ''}{_newer(framework, lack)}."


def _other_cupy(lack: loaded_libraries.Lack) -> str | None:
    """The package of CuPy for the CUDA that the image has."""
    row = knowledge.cupy.package(f"cupy-cuda{_major(lack.other_cuda or '')}x")
    return row.name if row is not None and _major(lack.other_cuda or "") != lack.cuda else None


def _extra(framework: Framework) -> str | None:
    """The requirement that brings CUDA and cuDNN as wheels; None where there is none."""
    version = framework.version.value if framework.version is not None else None
    if framework.name == "tensorflow" and framework.package.name == "tensorflow":
        row = knowledge.tensorflow.release(version) if version is not None else None
        if version in knowledge.tensorflow.BROKEN_EXTRA:
            return "tensorflow[and-cuda]==2.15.1"
        if version is None:
            return "tensorflow[and-cuda]"
        return f"tensorflow[and-cuda]=={version}" if row is not None and row.and_cuda else None
    if framework.name == "onnxruntime" and version is not None:
        found = knowledge.onnxruntime.release(version)
        return f"onnxruntime-gpu[cuda,cudnn]=={version}" if found is not None and found.extras else None
    if framework.name == "jax" and framework.cuda is not None:
        return f"jax[cuda{_major(framework.cuda.value)}]"
    return None


def _newer(framework: Framework, lack: loaded_libraries.Lack) -> str:
    """A release of the framework for what the image has."""
    if framework.name != "onnxruntime" or not lack.other_cuda:
        return ""
    wanted = _major(lack.other_cuda)
    rows = [row for row in knowledge.onnxruntime.RELEASES if row.cuda_major == wanted]
    return f", or onnxruntime-gpu {rows[0].version} to {rows[-1].version}, which are for CUDA {wanted}" if rows else ""


def _with_cudnn(lack: loaded_libraries.Lack, stage: Stage) -> str | None:
    """The image of the same CUDA with the cuDNN that is wanted."""
    from mllint.api import siblings

    image = stage.root.image
    if image is None or lack.other_cuda is not None or lack.other_cudnn != "" or lack.cudnn is None:
        return None
    found = siblings.with_cudnn(image, lack.cudnn)
    return str(found) if found is not None else None


def _fix(framework: Framework, lack: loaded_libraries.Lack, stage: Stage) -> Fix | None:
    """The one change that is right; None where there are several."""
    if framework.name == "cupy":
        other, span = _other_cupy(lack), framework.package.span
        if other is None or span is None or not span.text.startswith(framework.package.name):
            return None
        version = framework.package.version
        if version is not None and knowledge.cupy.release(other, version) is None:
            return None
        name = span.source.span(span.start, span.start + len(framework.package.name))
        return Fix(f"Take `{other}`", (Edit(name, other),), Applicability.UNSAFE)
    if _extra(framework) is not None:
        return None
    image, better = stage.root.image, _with_cudnn(lack, stage)
    place = tag_place(stage.root)
    if image is None or image.digest is not None or better is None or place is None or not place.replaceable:
        return None
    if place.span.text != image.tag:
        return None
    return Fix("Take the image with cuDNN", (Edit(place.span, better.rpartition(":")[2]),), Applicability.UNSAFE)


def _short(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _major(version: str) -> str:
    return version.partition(".")[0]
