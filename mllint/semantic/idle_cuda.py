"""The framework that brings its own CUDA to an image whose CUDA nothing else loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.regex import regex
from mllint.semantic.compiling import brings_compilers, builds_cuda, compiles, may_build_later
from mllint.semantic.fact import Origin

if TYPE_CHECKING:
    from mllint.semantic.frameworks import Framework
    from mllint.semantic.stage import Stage

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


def self_sufficient(stage: Stage) -> Framework | None:
    """The framework whose wheels bring CUDA, where every framework's do and nothing else may load the image's."""
    framework = _alone(stage)
    return framework if framework is not None and not _needs_system_cuda(stage) else None


def _alone(stage: Stage) -> Framework | None:
    """A framework that brings CUDA, where every framework of the image does."""
    found = [each for each in stage.stack.frameworks if each.build != "cpu"]
    own = [each for each in found if each.bundles_cuda and each.name in _ALONE]
    other = [each for each in found if each not in own and each.bundles_cuda is not True]
    return own[0] if own and not other else None


def _needs_system_cuda(stage: Stage) -> bool:
    """Whether something loads or compiles against the image's CUDA, or may."""
    stack = stage.stack
    if not stack.complete or compiles(stage) or brings_compilers(stage):
        return True
    if any(each.source != "image" for each in stack.toolkits):
        return True
    names = {each.identity for each in stack.inventory.packages if each.ecosystem != "system"} - _HARMLESS
    if any(builds_cuda(each) or may_build_later(each) for each in names):
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
    from mllint.semantic.stage import Stage

    for step in stage.copies:
        if step.from_context:
            continue
        if isinstance(step.origin, Stage):
            if compiles(step.origin) or not step.origin.stack.complete:
                return True
        elif step.origin is None or _TOOLS.search(step.origin.repository) is None:
            return True
    return False
