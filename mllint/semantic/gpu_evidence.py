"""Whether an image is meant for a GPU, and what says so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from mllint.regex import regex
from mllint.semantic.fact import Fact, Origin
from mllint.semantic.frameworks import Framework, variant_place

if TYPE_CHECKING:
    from mllint.context import Context
    from mllint.semantic.stack import Stack
    from mllint.semantic.stage import Stage

#: Values of NVIDIA_VISIBLE_DEVICES and CUDA_VISIBLE_DEVICES that hide every GPU.
_HIDDEN = frozenset({"", "void", "none", "-1", "NoDevFiles"})
_NVIDIA_VARIABLES = ("NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_REQUIRE_CUDA")
_CUDA_VARIABLES = ("CUDA_VISIBLE_DEVICES", "CUDA_HOME", "CUDA_PATH", "TORCH_CUDA_ARCH_LIST", "FORCE_CUDA")
#: Packages that are of no use without a GPU and do not say their CUDA in their names.
_GPU_PACKAGES = frozenset(
    {
        "bitsandbytes",
        "flash-attn",
        "apex",
        "faiss-gpu",
        "tensorrt",
        "pycuda",
        "pynvml",
        "nvidia-ml-py",
        "nvitop",
        "cupy",
    }
    | {"gpustat", "numba-cuda", "flashinfer-python", "flashinfer", "auto-gptq", "autoawq", "gptqmodel", "exllamav2"}
    | {"vllm", "sglang", "tensorrt-llm", "lmdeploy", "mamba-ssm", "causal-conv1d", "tensorflow-gpu", "onnxruntime-gpu"}
    | {"paddlepaddle-gpu", "deepspeed", "transformer-engine", "nvidia-dali", "torch-tensorrt", "horovod"}
)
#: Arguments of a container's command that ask for a GPU.
_ARGUMENT = regex(
    r"(?:--?)?(?:device[=:])?cuda(?::\d+)?|--(?:num[-_]|n[-_])?gpus?(?:[-_]\w+)*(?:=.*)?|--tensor-parallel-size(?:=.*)?"
    r"|--n[-_]gpu[-_]layers(?:=.*)?|-ngl"
)
#: Python that uses CUDA.
_CODE = regex(
    r"\.cuda\(|(?:device|to)\s*[=(]\s*[\"']cuda|[\"']cuda(?::\d)?[\"']|torch\.cuda\.|CUDAExecutionProvider|cupy|"
    r"list_physical_devices\(\s*[\"']GPU"
)
#: What files, their folders and stages are called: `Dockerfile.gpu`, `docker/cpu/Dockerfile`, `AS cuda`.
_NAMED = regex(r"(?i)(?:^|[/._-])(?P<kind>gpu|cuda|cpu)(?:\d[\d.]*)?(?=[/._-]|$)")
#: How many Python files of the context are looked at.
_MOST_FILES = 200


class GpuEvidence(NamedTuple):
    """What says that an image is meant for a GPU, the strongest first."""

    #: Each value is a phrase: "the base image is nvidia/cuda", "flash-attn is installed".
    reasons: tuple[Fact[str], ...]
    #: What says that it is not: GPUs hidden by a variable, a file that is called `Dockerfile.cpu`.
    denied: Fact[str] | None = None
    #: Those of the reasons that are not packages: what the GPU is given or asked for by.
    surroundings: tuple[Fact[str], ...] = ()

    @property
    def there(self) -> bool:
        """Whether anything speaks for a GPU."""
        return bool(self.reasons)


def gpu_evidence(stack: Stack) -> GpuEvidence:
    """What the base image, the packages, the variables, the command, names, Compose and the user say."""
    stage = stack.stage
    base = tuple(_of_base(stack))
    others = (*_of_variables(stage), *_of_command(stage), *_of_name(stage), *_of_compose(stage), *_of_user(stage))
    return GpuEvidence((*base, *_of_packages(stack), *others), _denied(stage), (*base, *others))


def _of_user(stage: Stage) -> Iterator[Fact[str]]:
    options = stage.build.options
    if options.gpu is not None:
        article = "an" if options.gpu[:1].upper() in "AEFHILMNORSX8" else "a"
        yield Fact(f"the target has {article} {options.gpu}", None, Origin.OPTION)
    elif options.driver is not None:
        yield Fact("the target has an NVIDIA driver", None, Origin.OPTION)


def _of_base(stack: Stack) -> Iterator[Fact[str]]:
    stage = stack.stage
    base = stage.base
    if base is not None and base.gpu in ("cuda", "rocm", "xpu"):
        span = (stage.root.opening.image or stage.root.opening).span
        yield Fact(f"the base image is {base.family}", span, Origin.INHERITED)
    for toolkit in stack.toolkits:
        if toolkit.source != "image":
            how = "is installed under a condition" if toolkit.maybe else "is installed"
            yield Fact(f"CUDA {toolkit.version.value} {how}", toolkit.version.span, toolkit.version.origin)


def _of_packages(stack: Stack) -> Iterator[Fact[str]]:
    """Packages for GPUs. A plain torch or tensorflow says nothing: it is installed for the CPU just so."""
    said = set()
    for framework in stack.frameworks:
        phrase = _of_framework(framework)
        if phrase is not None:
            said.add(framework.package.name)
            yield Fact(phrase, framework.package.span)
    for package in stack.inventory.packages:
        new = package.name not in said and package.origin is not Origin.INHERITED
        if package.name in _GPU_PACKAGES and new:
            said.add(package.name)
            yield Fact(f"{package.name} is installed", package.span)


def _of_framework(framework: Framework) -> str | None:
    package, variant = framework.package, framework.package.variant or ""
    if package.origin is Origin.INHERITED:
        return None
    if variant.startswith(("cu", "rocm")):
        chosen = variant_place(package)[0] is not None or package.ecosystem == "conda"
        return f"{package.name} is asked for as its {variant} build" if chosen else None
    if framework.name in ("torch", "tensorflow"):
        own = framework.name == "tensorflow" and bool(framework.bundles_cuda)
        return "tensorflow is asked for with [and-cuda]" if own else None
    return f"{package.name} is installed" if framework.build == "cuda" and not package.via else None


def _of_variables(stage: Stage) -> Iterator[Fact[str]]:
    for name in (*_NVIDIA_VARIABLES, *_CUDA_VARIABLES):
        variable = stage.variable_at(name)
        if variable is not None and variable.span is not None and variable.value not in _HIDDEN:
            yield Fact(f"{name} is set", variable.span, variable.origin)


def _of_command(stage: Stage) -> Iterator[Fact[str]]:
    for command in stage.process.commands if stage.process is not None else ():
        for word in command.arguments:
            if _ARGUMENT.fullmatch(word.value or ""):
                yield Fact(f"the command has `{word.value}`", word.span)
                return


def _of_name(stage: Stage) -> Iterator[Fact[str]]:
    if _named(stage) == {"gpu"}:
        yield Fact("its name says GPU", stage.opening.span, Origin.DERIVED)


def _named(stage: Stage) -> set[str]:
    """Which of "gpu" and "cpu" the names of the file, of its folder and of the stages say."""
    path = stage.build.dockerfile.source.path.replace("\\", "/")
    names = ["/".join(path.rsplit("/", 2)[-2:]), *(each.name or "" for each in stage.ancestry)]
    found = {match["kind"].lower() for name in names for match in _NAMED.finditer(name)}
    return {"gpu" if kind == "cuda" else kind for kind in found}


def _of_compose(stage: Stage) -> Iterator[Fact[str]]:
    request = stage.build.compose_gpu
    if request is not None:
        yield Fact(f"a Compose file gives it a GPU ({request})", None, Origin.DERIVED)


def _denied(stage: Stage) -> Fact[str] | None:
    for name in ("NVIDIA_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES"):
        variable = stage.variable_at(name)
        if variable is not None and variable.span is not None and variable.value in _HIDDEN:
            return Fact(f"{name} hides every GPU", variable.span, variable.origin)
    if _named(stage) == {"cpu"}:
        return Fact("its name says CPU", stage.opening.span, Origin.DERIVED)
    return None


def gpu_code(stage: Stage) -> Fact[str] | None:
    """The first Python file of the build context that a COPY brings and that uses CUDA; None when none is seen."""
    context = stage.build.context
    if context is None:
        return None
    for path in islice(_python_files(stage, context), _MOST_FILES):
        text = context.read_text(path)
        match = _CODE.search(text) if text is not None else None
        if match is not None:
            return Fact(f"{path} has `{match[0]}`", None, Origin.DERIVED)
    return None


def _python_files(stage: Stage, context: Context) -> Iterator[str]:
    seen = set()
    for each in stage.ancestry:
        for step in each.copies:
            for _, value in step.sources if step.from_context else ():
                for found in context.glob(value) if value is not None else ():
                    for file in context.files_under(found).files:
                        if file.path.endswith(".py") and file.path not in seen:
                            seen.add(file.path)
                            yield file.path
