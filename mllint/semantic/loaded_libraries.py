"""The CUDA and cuDNN that a framework loads from the image, and what is there in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.semantic.fact import Origin

if TYPE_CHECKING:
    from mllint.semantic.frameworks import Framework
    from mllint.semantic.stack import Stack

#: Frameworks that load them from the image, or can.
_LOADING = frozenset({"tensorflow", "onnxruntime", "jax", "cupy", "paddlepaddle"})
#: Those that are installed for the CPU by the same name: only an image for GPUs says that one is meant.
_FOR_BOTH = frozenset({"tensorflow"})
#: Packages of conda that bring them.
_CONDA = frozenset({"cudnn", "cudatoolkit", "cuda-toolkit", "cuda-libraries", "cuda-runtime"})
#: What a `-base` image has: the driver's interface and little more.
_BARE = "without its libraries (a `-base` image)"


class Lack(NamedTuple):
    """What a framework looks for and does not find."""

    #: The major versions that it loads ("10.1" for CUDA 10 and older); None when not known.
    cuda: str | None
    cudnn: str | None
    #: What the image has in their place: "" for none, None where that part is no problem.
    other_cuda: str | None
    other_cudnn: str | None
    sure: bool
    places: tuple[Related, ...]


def lack_of(framework: Framework, stack: Stack) -> Lack | None:
    """What is missing for a framework; None when nothing is, or when that is not known."""
    package = framework.package
    wants_cudnn = framework.needs_system_cudnn is True
    loads_cuda = wants_cudnn or (framework.name == "cupy" and framework.bundles_cuda is False)
    if package.origin is Origin.INHERITED or framework.build != "cuda" or not loads_cuda:
        return None
    if framework.name not in _LOADING or (framework.name == "cupy" and framework.cuda is None):
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
    return Lack(cuda, cudnn, other_cuda, other_cudnn, sure, places)


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


def _major(version: str) -> str:
    return version.partition(".")[0]


def _soname(cuda: str) -> str:
    """What the names of a CUDA's libraries say: the major version, before 11 the minor one as well."""
    major = _major(cuda)
    return major if not major.isdigit() or int(major) >= 11 else ".".join(cuda.split(".")[:2])
