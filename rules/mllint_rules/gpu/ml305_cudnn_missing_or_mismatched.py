"""ML305 cudnn-missing-or-mismatched."""

from __future__ import annotations

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
    Origin,
    Related,
    Rule,
    Severity,
    Stack,
    Stage,
    knowledge,
    tag_place,
)

#: Frameworks that are installed for the CPU by the same name: only an image for GPUs says that one is meant.
_FOR_BOTH = frozenset({"tensorflow"})
_EFFECTS = {
    "tensorflow": "TensorFlow writes that to its log, registers no GPU and computes on the CPU",
    "onnxruntime": "the session falls back to the CPU, with no more than a line in the log",
    "jax": "JAX cannot start its CUDA plug-in (`Unable to load cuDNN`)",
    "cupy": "CuPy stops with `libcublas`, `libnvrtc` or the like not found, at import or at the first array",
    "paddlepaddle": "Paddle stops when it starts on the GPU",
}
#: Those of which it is recalled how they end.
_RECALLED = frozenset({"cupy", "jax"})
#: What a `-base` image has: the driver's interface and little more.
_BARE = "without its libraries (a `-base` image)"
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
        stack = stage.stack
        if stack.gpu.denied is not None:
            return
        for framework in stack.frameworks:
            lack = _lack(framework, stack)
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


class _Lack(NamedTuple):
    """What a framework looks for and does not find."""

    #: The major versions that it loads ("10.1" for CUDA 10 and older); None when not known.
    cuda: str | None
    cudnn: str | None
    #: What the image has in their place: "" for none, None where that part is no problem.
    other_cuda: str | None
    other_cudnn: str | None
    sure: bool
    places: tuple[Related, ...]


def _lack(framework: Framework, stack: Stack) -> _Lack | None:
    """What is missing for a framework; None when nothing is, or when that is not known."""
    package = framework.package
    wants_cudnn = framework.needs_system_cudnn is True
    loads_cuda = wants_cudnn or (framework.name == "cupy" and framework.bundles_cuda is False)
    if package.origin is Origin.INHERITED or framework.build != "cuda" or not loads_cuda:
        return None
    if framework.name not in _EFFECTS or (framework.name == "cupy" and framework.cuda is None):
        return None
    if framework.name in _FOR_BOTH and package.name != "tensorflow-gpu" and not _is_for_gpu(stack):
        return None
    if framework.name == "cupy" and _is_mixed(framework, stack):
        return None
    cuda = _soname(framework.cuda.value) if framework.cuda is not None else None
    cudnn = _major(framework.cudnn.value) if framework.cudnn is not None and wants_cudnn else None
    if _brought(stack, cuda, cudnn):
        return None
    other_cuda = _other_cuda(stack, cuda) if framework.bundles_cuda is not True else None
    other_cudnn = _other_cudnn(stack, cudnn) if wants_cudnn else None
    if other_cuda is None and other_cudnn is None:
        return None
    facts = [fact for fact in (stack.cuda, stack.cudnn) if fact is not None]
    base = stack.stage.base
    sure = all(fact.sure for fact in facts) and base is not None and base.sure_of("cuda", "cudnn", "gpu")
    sure = sure and framework.cuda is not None and framework.cuda.sure
    places = tuple(
        Related(fact.span, f"{what} {fact.value} comes from here")
        for what, fact, wrong in (("CUDA", stack.cuda, other_cuda), ("cuDNN", stack.cudnn, other_cudnn))
        if fact is not None and fact.span is not None and wrong
    )
    return _Lack(cuda, cudnn, other_cuda, other_cudnn, sure, places)


def _is_for_gpu(stack: Stack) -> bool:
    """Whether the image, not only a package in it, is meant for GPUs."""
    base = stack.stage.base
    return stack.has_cuda is True or (base is not None and base.gpu == "cuda") or bool(stack.stage.build.options.gpu)


def _is_mixed(framework: Framework, stack: Stack) -> bool:
    """Whether another framework brings another CUDA: which of the two is wrong is for ML313 to say."""
    majors = {
        _major(each.cuda.value)
        for each in stack.frameworks
        if each.cuda is not None and (each.bundles_cuda or each is framework)
    }
    return len(majors) > 1


def _other_cuda(stack: Stack, wanted: str | None) -> str | None:
    """The image's CUDA where it is not the one that is wanted; "" for none at all, None where it fits or may fit."""
    if stack.has_cuda is False:
        return ""
    versions = [each.version.value for each in stack.toolkits]
    if wanted is None or not versions:
        return None
    if any(_fits(each, wanted) for each in versions):
        return f"{versions[0]} {_BARE}" if [each.flavour for each in stack.toolkits] == ["base"] else None
    return versions[-1]


def _other_cudnn(stack: Stack, wanted: str | None) -> str | None:
    if stack.has_cudnn is False:
        return ""
    if stack.cudnn is None or wanted is None or _major(stack.cudnn.value) == wanted:
        return None
    return stack.cudnn.value


def _fits(version: str, wanted: str) -> bool:
    """Whether a toolkit has the libraries of a CUDA: from 11 on those of one major version share their names."""
    return version == wanted or version.startswith(f"{wanted}.") or wanted.startswith(f"{version}.")


def _brought(stack: Stack, cuda: str | None, cudnn: str | None) -> bool:
    """Whether packages bring the libraries, or may: wheels of NVIDIA's, conda's, torch's own.

    TensorFlow looks into the folders of NVIDIA's wheels, which torch's require; the others find what an `import torch`
    before them has loaded.
    """
    names = {package.name for package in stack.inventory.packages if package.ecosystem != "system"}
    if any(name.startswith(("nvidia-cudnn", "nvidia-cublas", "nvidia-cuda-")) or name in _CONDA for name in names):
        return True
    torch = stack.framework("torch")
    if torch is None or torch.build == "cpu":
        return False
    own = _soname(torch.cuda.value) if torch.cuda is not None else None
    other = _major(torch.cudnn.value) if torch.cudnn is not None else None
    return (own is None or cuda is None or own == cuda) and (other is None or cudnn is None or other == cudnn)


_CONDA = frozenset({"cudnn", "cudatoolkit", "cuda-toolkit", "cuda-libraries", "cuda-runtime"})


def _needs(framework: Framework, lack: _Lack) -> str:
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


def _remedy(framework: Framework, lack: _Lack, stage: Stage) -> str:
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


def _other_cupy(lack: _Lack) -> str | None:
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


def _newer(framework: Framework, lack: _Lack) -> str:
    """A release of the framework for what the image has."""
    if framework.name != "onnxruntime" or not lack.other_cuda:
        return ""
    wanted = _major(lack.other_cuda)
    rows = [row for row in knowledge.onnxruntime.RELEASES if row.cuda_major == wanted]
    return f", or onnxruntime-gpu {rows[0].version} to {rows[-1].version}, which are for CUDA {wanted}" if rows else ""


def _with_cudnn(lack: _Lack, stage: Stage) -> str | None:
    """The image of the same CUDA with the cuDNN that is wanted."""
    from mllint.api import siblings

    image = stage.root.image
    if image is None or lack.other_cuda is not None or lack.other_cudnn != "" or lack.cudnn is None:
        return None
    found = siblings.with_cudnn(image, lack.cudnn)
    return str(found) if found is not None else None


def _fix(framework: Framework, lack: _Lack, stage: Stage) -> Fix | None:
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


def _soname(cuda: str) -> str:
    """What the names of a CUDA's libraries say: the major version, before 11 the minor one as well."""
    major = _major(cuda)
    return major if not major.isdigit() or int(major) >= 11 else ".".join(cuda.split(".")[:2])
