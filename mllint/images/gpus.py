"""GPUs by name, and which code runs on them: binary compatibility within an architecture, PTX beyond it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mllint.images.versions import minor, numbers
from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.knowledge.gpu_arch import Gpu

#: Boards on which cuda-compat refuses to work (CUDA error 804).
CONSUMER = frozenset({"geforce", "titan"})
#: The board's own words: `RTX-4070Ti`, `GTX1080`.
_MODEL = regex(r"(?i)\b(rtx|gtx)[\s_-]*(\d{3,4})")
_CAPABILITY = regex(r"(?i)(?:sm_?|compute_?)?(\d{1,2})\.?(\d)[af]?")


def find_gpu(name: str) -> Gpu | None:
    """The board that a name means ("H100", "NVIDIA A100-SXM4-40GB", "rtx4090", "sm_90", "8.6"); None when unknown."""
    from mllint.knowledge import gpu_arch

    found = gpu_arch.gpu(name) or gpu_arch.gpu(_MODEL.sub(r"\1 \2 ", name))
    if found is not None:
        return found
    match = _CAPABILITY.fullmatch(name.strip())
    row = gpu_arch.architecture(f"{match[1]}.{match[2]}") if match is not None else None
    return gpu_arch.Gpu(sm(row.capability), row.capability, "") if row is not None else None


def names() -> tuple[str, ...]:
    """The boards that are known, for messages."""
    from mllint.knowledge import gpu_arch

    return tuple(row.name for row in gpu_arch.GPUS)


def sm(capability: str) -> str:
    """What compilers call a compute capability: "sm_90" of "9.0"."""
    return f"sm_{capability.replace('.', '')}"


def runs_code(architectures: Iterable[str], capability: str) -> bool:
    """Whether a binary with code for `architectures` ("8.0", "12.0+PTX") runs on a GPU of a compute capability.

    Machine code runs on the same major version with the same or a higher minor one; PTX is compiled for anything newer.
    Code for an architecture-specific target ("9.0a") runs on that one alone.
    """
    wanted = numbers(capability)
    return any(_runs(architecture, wanted) for architecture in architectures)


def _runs(architecture: str, wanted: tuple[int, ...]) -> bool:
    bare, plus, _ = architecture.partition("+")
    have = numbers(bare)
    if not have or bare.endswith(("a", "f")):
        return have == wanted
    return (bool(plus) and have <= wanted) or (have[0] == wanted[0] and have <= wanted)


def toolkit_targets(cuda: str, capability: str) -> bool | None:
    """Whether the compiler of a CUDA version ("11.7") makes code for a compute capability; None when not known."""
    from mllint.knowledge.cuda_driver import HORIZON
    from mllint.knowledge.gpu_arch import architecture

    row, version = architecture(capability), minor(cuda)
    if row is None or version is None or version > numbers(HORIZON):
        return None
    first, last = numbers(row.first_cuda), numbers(row.last_cuda or HORIZON)
    return first <= version <= last
