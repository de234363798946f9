"""Where an install looks for PyTorch's wheels: options and variables in force, read down to the CUDA variant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.packages.dispatch import INDEX_VARIABLES
from mllint.packages.requirement import Index
from mllint.regex import regex
from mllint.semantic.layers import in_force
from mllint.semantic.steps import InstallStep
from mllint.source import Span
from mllint.syntax.nodes import Run

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

#: PyTorch's own server without `nightly` and `test`, which come and go; mirrors may hold what they like.
_OFFICIAL = regex(r"^https?://download\.pytorch\.org/whl(?:/(?P<variant>[^/?#]+))?(?:/(?:torch_stable\.html)?)?$")
_CUDA = regex(r"cu(?:da)?-?(\d{1,2})\.?(\d)(?:\.\d)?")
#: The builds that indexes and local versions name.
_BUILD = r"cu\d{2,3}(?:_full)?|cpu(?:-cxx11-abi)?|rocm\d+(?:\.\d+)*|xpu"


class WheelIndex(NamedTuple):
    """An index that an install looks into."""

    #: As in `Index.kind`.
    kind: str
    #: Whether it is an index of PyTorch's releases (or uv's choice of one); False for others, and when not known.
    official: bool
    #: The CUDA variant that it names (`cu121`); None for others (`cpu`, `rocm6.0`) and when it names none.
    variant: str | None
    #: The variant where it is written, or the variable that it comes from; else the value.
    span: Span
    #: Where its variables are set.
    related: tuple[Related, ...] = ()
    #: What it is an index of, where it is one of PyTorch's: "cu121", "cpu", "rocm6.0" …; None when not known.
    build: str | None = None
    #: The index itself, None when not known.
    url: str | None = None
    #: The packages (normalised) that are taken from it alone; () when it serves all.
    packages: tuple[str, ...] = ()


def wheel_indexes(step: InstallStep, stage: Stage, listed: Iterable[Index] = ()) -> tuple[WheelIndex, ...]:
    """The indexes of a command, and those of the environment and of pip's configuration that no option of it replaces.

    `listed` are those that the command's files name.
    """
    from mllint.semantic.pip_configuration import configured_indexes

    install = step.install
    given = {index.kind for index in install.indexes}
    found = list(install.indexes)
    for name, (manager, kind) in INDEX_VARIABLES.items():
        variable = in_force(name, install.command, step.instruction, stage) if manager == install.manager else None
        if variable is not None and variable.span is not None and kind not in given:
            values: list[str | None] = [None] if variable.value is None else [*variable.value.split()]
            found += [Index(kind, value, variable.span) for value in values]
    given = {index.kind for index in found}
    found += (index for index in configured_indexes(stage, step) if index.kind not in given)
    found += (index for index in listed if index.kind != "channel" or install.ecosystem == "conda")
    return tuple(_read(index, step.instruction, stage) for index in found)


def cuda_of_variant(variant: str) -> tuple[int, int] | None:
    """The CUDA of a variant: (12, 1) of `cu121` and of `cu12.1`; None for others."""
    match = _CUDA.fullmatch(variant)
    return (int(match[1]), int(match[2])) if match is not None else None


def image_cuda(stage: Stage) -> tuple[int, int] | None:
    """The image's CUDA: its toolkit's, else what the base is made for (pytorch/pytorch has no toolkit); or None."""
    toolkit = stage.stack.cuda
    base = stage.base.cuda if stage.base is not None else None
    match = re.match(r"(\d+)\.(\d+)", (toolkit.value if toolkit is not None else base) or "")
    return (int(match[1]), int(match[2])) if match is not None else None


def best_variant(version: str | None, cuda: tuple[int, int]) -> str | None:
    """The CUDA variant of a torch release (of any, where it is None) that suits a CUDA best; None when none does.

    A driver runs every older CUDA; of the newer ones only those of its own major.
    """
    from mllint.knowledge import torch

    rows = torch.variants(version) if version is not None and torch.variants(version) else torch.VARIANTS
    numbered = {(cuda_of_variant(row.name), row.name) for row in rows if row.cuda is not None}
    candidates = [(number, name) for number, name in numbered if number is not None]
    below = [each for each in candidates if each[0] <= cuda]
    if below:
        return max(below)[1]
    same = [each for each in candidates if each[0][0] == cuda[0]]
    return min(same)[1] if same else None


@lru_cache(maxsize=1024)
def build_of_version(version: str | None) -> str | None:
    """The build in a local version: "cu121" of `2.1.0+cu121`, "cpu" of `2.1.0+cpu`, "cu124" of `0.2+cu124torch2.4`."""
    local = (version or "").partition("+")[2]
    match = re.match(rf"(?:pt\d+)?({_BUILD})", local)
    return match[1] if match is not None else None


def _read(index: Index, run: Run, stage: Stage) -> WheelIndex:
    match = _OFFICIAL.match(index.value or "")
    backend = index.kind == "torch-backend"
    variant = index.value if backend else match["variant"] if match is not None else None
    official = (backend and variant is not None) or match is not None
    build = variant if variant is not None and re.fullmatch(_BUILD, variant) else None
    plain = WheelIndex(index.kind, official, None, index.span, (), build, index.value, index.packages)
    if variant is None or cuda_of_variant(variant) is None:
        return plain
    text = index.span.text
    if variant in text:
        return plain._replace(variant=variant, span=_part(index.span, text.rfind(variant), len(variant)))
    written = re.search(r"(?<=/whl/)[^/\s\"']+", text)
    span = _part(index.span, written.start(), len(written[0])) if written is not None else index.span
    return plain._replace(variant=variant, span=span, related=_origins(span, run, stage))


def _part(span: Span, at: int, length: int) -> Span:
    return span.source.span(span.start + at, span.start + at + length)


def _origins(span: Span, run: Run, stage: Stage) -> tuple[Related, ...]:
    """Where the variables of a word get their values."""
    found = []
    for name in re.findall(r"\$\{?(\w+)", span.text):
        variable = stage.scope.variable(name, stage.position(run))
        if variable is not None and variable.span is not None:
            found.append(Related(variable.span, f"`{name}` is set here"))
    return tuple(found)
