"""ML302 cuda-toolkit-wheel-mismatch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.api import (
    Applicability,
    Confidence,
    Edit,
    Fact,
    Finding,
    Fix,
    Framework,
    Related,
    Rule,
    Severity,
    Stage,
    cuda_of_variant,
    knowledge,
    tag_place,
)

if TYPE_CHECKING:
    from mllint.api import Stack, extensions

#: torch's own check of the majors is recalled for releases before it.
_CHECKED_SINCE = (1, 11)


class CudaToolkitWheelMismatch(Rule):
    """A CUDA extension is compiled with an nvcc of another CUDA major version than torch's, or without any nvcc.

    ## Why is this bad?
    PyTorch's wheels bring the CUDA libraries that they run on, but not the compiler: extensions (apex, flash-attn,
    DeepSpeed's operators, detectron2) are compiled with the image's nvcc, and linked with torch's libraries. torch
    compares the two before it begins. Another major version stops the build: "The detected CUDA version (12.4)
    mismatches the version that was used to compile PyTorch (11.8)". A minor difference is only a warning there; apex
    alone refuses that too. The `-base` and `-runtime` images have no nvcc at all: "CUDA_HOME environment variable is
    not set".

    ## Bad
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime
    RUN DS_BUILD_OPS=1 pip install --no-cache-dir deepspeed==0.15.4
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel
    ENV TORCH_CUDA_ARCH_LIST="8.0;9.0"
    RUN DS_BUILD_OPS=1 pip install --no-cache-dir deepspeed==0.15.4
    USER 1000
    ```

    ## When it stays silent
    For wheels, which bring their own CUDA and compile nothing: torch for CUDA 11.8 runs on an image of CUDA 12. For a
    minor difference (12.1 and 12.4). Where the image's nvcc or torch's CUDA is not known, where several toolkits are
    there and one of them fits, for packages that build without CUDA where they see no GPU (detectron2 without
    FORCE_CUDA), and where the failure is caught. It is a warning where the package first looks for a ready wheel
    (flash-attn), and where torch has no version.

    ## Fix safety
    The fix takes the `-devel` image in place of the `-runtime` one. It is unsafe: the image becomes some GB larger, and
    a separate stage for the build may be wanted.

    ## References
    - [torch.utils.cpp_extension](https://docs.pytorch.org/docs/stable/cpp_extension.html)
    - [flash-attention, installation](https://github.com/Dao-AILab/flash-attention#installation-and-features)
    - [NVIDIA Apex, setup.py](https://github.com/NVIDIA/apex/blob/master/setup.py)
    """

    id = "ML302"
    name = "cuda-toolkit-wheel-mismatch"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        from mllint.api import extensions

        for extension in extensions.extensions_of(stage):
            stack = extension.stack(stage)
            if stack.has_nvcc is False:
                yield self._without_nvcc(extension, stack, stage)
            elif stack.has_nvcc and all(each.nvcc is not None for each in stack.toolkits):
                compilers = [each.version for each in stack.toolkits if each.nvcc]
                problem = _mismatch(extension, compilers, stage)
                if problem is not None:
                    yield self._report(extension, problem)

    def _without_nvcc(self, extension: extensions.Extension, stack: Stack, stage: Stage) -> Finding:
        base = stage.base
        sure = extension.row.sure and base is not None and base.sure_of("ships", "lacks")
        image = f"`{stage.root.base_name}`" if stage.root.base_name else "the image"
        if extension.name == "pycuda":
            effect = "the build stops at `cuda.h`"
        elif extension.name == "cupy":
            effect = "the build finds no CUDA and stops; the ready wheels are `cupy-cuda12x` and `cupy-cuda13x`"
        else:
            effect = "the build stops: CUDA_HOME is not set"
        message = f"{_compiled(extension)} nvcc, and {image} has none: {effect}. {_larger(stage)}"
        return self._report(extension, _Problem(message, sure, fix=_devel(stage)))

    def _report(self, extension: extensions.Extension, problem: _Problem) -> Finding:
        error = problem.sure and not extension.tries_wheel
        return self.finding(
            extension.span,
            problem.message,
            severity=Severity.ERROR if error else Severity.WARNING,
            confidence=Confidence.HIGH if error else Confidence.MEDIUM,
            related=(*problem.related, *extension.related),
            fix=problem.fix,
        )


class _Problem(NamedTuple):
    message: str
    #: Whether all that it says is known from a source.
    sure: bool
    related: tuple[Related, ...] = ()
    fix: Fix | None = None


def _compiled(extension: extensions.Extension) -> str:
    """How a message begins: what needs the compiler."""
    if extension.tries_wheel:
        return f"Unless its setup finds a ready wheel for this very torch, CUDA and Python, `{extension.name}` needs"
    return f"To build, `{extension.name}` needs"


def _mismatch(extension: extensions.Extension, compilers: list[Fact[str]], stage: Stage) -> _Problem | None:
    """What is wrong between the compilers and torch's CUDA; None where they fit, or where one is not known."""
    torch = extension.torch(stage) if extension.row.arch or extension.row.no_isolation else None
    used = _cuda(torch) if torch is not None else None
    if torch is None or used is None or not compilers:
        return None
    compiler = compilers[-1]
    same = _major(used.value) in {_major(each.value) for each in compilers}
    if same:
        return _strict(extension, compilers, torch, used)
    effect = (
        "its builder compares the two and stops"
        if extension.name == "deepspeed"
        else f"torch stops the build, as the detected CUDA version ({_minor(compiler.value)}) mismatches its own"
    )
    message = (
        f"{_compiled(extension)} an nvcc of CUDA {_major(used.value)}, for which {_label(torch)} is built, and the "
        f"image's is {compiler.value}: {effect}. {_remedy(torch, used.value, compiler.value)}"
    )
    sure = extension.row.sure and compiler.sure and used.sure and _is_checked(torch)
    return _Problem(message, sure, _places(torch, used, compiler))


def _strict(
    extension: extensions.Extension, compilers: list[Fact[str]], torch: Framework, used: Fact[str]
) -> _Problem | None:
    """apex compares the minor versions as well."""
    minors = {_minor(each.value) for each in (*compilers, used)}
    known = all(each.count(".") == 1 for each in minors)
    if extension.name != "apex" or len(minors) == 1 or not known or len(compilers) > 1:
        return None
    compiler = compilers[0]
    message = (
        f"apex's setup.py wants the very CUDA of torch, the minor version too: nvcc is {_minor(compiler.value)}, "
        f"{_label(torch)} is built for {used.value}, and the build stops with `Cuda extensions are being compiled with "
        f"a version of Cuda that does not match`. Take the image of CUDA {used.value}, or a torch for "
        f"{_minor(compiler.value)}."
    )
    return _Problem(message, False, _places(torch, used, compiler))


def _cuda(torch: Framework) -> Fact[str] | None:
    """The CUDA of a torch; of one without a version that of the newest, which is not sure."""
    if torch.cuda is not None:
        return torch.cuda
    package = torch.package
    if torch.build != "cuda" or torch.version is not None or package.specifier or package.variant is not None:
        return None
    return Fact(knowledge.torch.newest().cuda, package.span, sure=False)


def _label(torch: Framework) -> str:
    if torch.version is not None:
        return f"`{torch.label}`"
    newest = knowledge.torch.newest()
    return f"the newest torch ({newest.version} in {knowledge.torch.CHECKED[:4]}; none is named here)"


def _places(torch: Framework, used: Fact[str], compiler: Fact[str]) -> tuple[Related, ...]:
    found = []
    if compiler.span is not None:
        found.append(Related(compiler.span, f"nvcc {compiler.value} comes from here"))
    place = torch.package.span or used.span
    if place is not None and place != compiler.span:
        found.append(Related(place, f"torch, built for CUDA {used.value}"))
    return tuple(found)


def _remedy(torch: Framework, used: str, compiler: str) -> str:
    """A torch for the compiler's CUDA, where there is one, or an image for torch's."""
    image = f"a `-devel` image of CUDA {_major(used)}"
    if torch.version is None:
        return f"Name a torch for CUDA {_major(compiler)}, or take {image}."
    rows = [
        (cuda, row.name)
        for row in knowledge.torch.variants(torch.version.value)
        if (cuda := cuda_of_variant(row.name)) is not None and str(cuda[0]) == _major(compiler)
    ]
    if not rows:
        return f"Take {image}."
    return f"Take torch from the index `{max(rows)[1]}`, or {image}."


def _is_checked(torch: Framework) -> bool:
    """Whether this torch is known to compare the versions."""
    parts = torch.version.value.split(".")[:2] if torch.version is not None else []
    return len(parts) == 2 and all(each.isdigit() for each in parts) and tuple(map(int, parts)) >= _CHECKED_SINCE


def _larger(stage: Stage) -> str:
    """Where there is an nvcc."""
    from mllint.api import siblings

    image = siblings.with_compiler(stage.root.image) if stage.root.image is not None else None
    if image is None:
        return "Build it in a stage on a `-devel` CUDA image, and copy the result."
    return f"Take `{image}`, or build it in a stage on that and copy the result."


def _devel(stage: Stage) -> Fix | None:
    from mllint.api import siblings

    image = stage.root.image
    if image is None or image.digest is not None or siblings.with_compiler(image) is None:
        return None
    flavour = "runtime" if "runtime" in (image.tag or "") else "base"
    place = tag_place(stage.root, flavour)
    if place is None or not place.replaceable or place.span.text != flavour:
        return None
    return Fix("Take the devel image", (Edit(place.span, "devel"),), Applicability.UNSAFE)


def _major(version: str) -> str:
    return version.partition(".")[0]


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
