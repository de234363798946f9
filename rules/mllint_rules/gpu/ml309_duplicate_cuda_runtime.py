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
    Origin,
    Related,
    Rule,
    Severity,
    Stage,
    compiling,
    knowledge,
    regex,
    tag_place,
)

#: Frameworks whose wheels bring CUDA and load nothing of it from elsewhere.
_ALONE = frozenset({"torch", "tensorflow", "jax"})
#: Packages that compile or look for CUDA only where those are not (ninja is asked by torch's own builder).
_HARMLESS = frozenset({"tensorflow", "jax", "triton", "xformers"})
#: Python packages that load the image's CUDA or cuDNN.
_LOADS = regex(
    r"(?:ctranslate2|faster-whisper|whisperx|tensorrt|torch2?-?trt|nvidia-dali|pycuda|cuda-python|cupy|mxnet|dgl|open3d)"
    r"|(?:cudf|cuml|cugraph|rmm|raft|pylibraft|faiss-gpu|onnxruntime-gpu|paddlepaddle-gpu|spconv|numba|torch-tensorrt)"
)
#: System packages of CUDA and what stands on it.
_SYSTEM = regex(r"lib(?:cu|nccl|nvinfer|nv|np)[a-z].*|cuda.*|tensorrt.*|python3-libnvinfer.*|.*-cuda.*|nsight.*")
#: Programs that are copied from an image of their own and have nothing to do with CUDA.
_TOOLS = regex(r"astral-sh/uv|library/(?:node|busybox|golang|rust|docker)|krallin/tini|hadolint|curlimages|mikefarah")


class DuplicateCudaRuntime(Rule):
    """A CUDA image lies under a framework whose wheels bring CUDA themselves: the libraries are there twice.

    ## Why is this bad?
    PyTorch's wheels load the CUDA, cuBLAS and cuDNN that they bring, never those in `/usr/local/cuda`: a torch for
    CUDA 11.8 runs on an image of CUDA 12.4, and the other way round. The image's own 1 to 2 GB (4 GB and more in
    `-devel`, compressed) are pulled onto every new node and loaded by nobody. The driver comes from the host in any
    case. `nvidia/cuda:…-base`, about 0.1 GB, keeps the variables that ask for the GPU; a slim Python image will do
    where `--gpus` asks for it.

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
    others only copy from.

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
        flavour = (base.flavour or "").rpartition("-")[2]
        framework = _alone(stage) if flavour in ("runtime", "devel") else None
        place = tag_place(stage.root, flavour) if framework is not None else None
        if framework is None or place is None or _needs_system_cuda(stage):
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


def _alone(stage: Stage) -> Framework | None:
    """A framework that brings CUDA, where every framework of the image does."""
    found = [each for each in stage.stack.frameworks if each.build != "cpu"]
    own = [each for each in found if each.bundles_cuda and each.name in _ALONE]
    other = [each for each in found if each not in own and each.bundles_cuda is not True]
    return own[0] if own and not other else None


def _needs_system_cuda(stage: Stage) -> bool:
    """Whether something loads or compiles against the image's CUDA, or may."""
    stack = stage.stack
    if not stack.complete or compiling.compiles(stage) or compiling.brings_compilers(stage):
        return True
    if any(each.source != "image" for each in stack.toolkits):
        return True
    names = {each.identity for each in stack.inventory.packages if each.ecosystem != "system"} - _HARMLESS
    if any(compiling.builds_cuda(each) or compiling.may_build_later(each) for each in names):
        return True
    for package in stack.inventory.packages:
        if package.origin is not Origin.INHERITED:
            pattern = _SYSTEM if package.ecosystem == "system" else _LOADS
            if pattern.match(package.name):
                return True
    return _leads_there(stage) or any(_brings_programs(each) for each in stage.ancestry)


def _leads_there(stage: Stage) -> bool:
    """Whether a variable of the file leads to the image's toolkit."""
    for name in ("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH"):
        variable = stage.scope.variable(name, len(stage.body))
        own = variable is not None and variable.span is not None
        if variable is not None and own and "cuda" in (variable.value or "cuda").lower():
            return True
    return False


def _brings_programs(stage: Stage) -> bool:
    """Whether programs come from other images, which may be linked with CUDA."""
    for step in stage.copies:
        if step.from_context:
            continue
        if isinstance(step.origin, Stage):
            if compiling.compiles(step.origin) or not step.origin.stack.complete:
                return True
        elif step.origin is None or _TOOLS.search(step.origin.repository) is None:
            return True
    return False


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
