"""Where an install looks for PyTorch's wheels: options and variables in force, read down to the CUDA variant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.packages.dispatch import INDEX_VARIABLES
from mllint.packages.requirement import Index, Requirement
from mllint.semantic.steps import InstallStep
from mllint.source import Span
from mllint.syntax.nodes import Run

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

#: PyTorch's own server without `nightly` and `test`, which come and go; mirrors may hold what they like.
_OFFICIAL = re.compile(r"^https?://download\.pytorch\.org/whl(?:/(?P<variant>[^/?#]+))?(?:/(?:torch_stable\.html)?)?$")
_CUDA = re.compile(r"cu(?:da)?-?(\d{1,2})\.?(\d)(?:\.\d)?")
_LOCAL = re.compile(r"\+(cu\d+)$")


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


def wheel_indexes(step: InstallStep, stage: Stage) -> tuple[WheelIndex, ...]:
    """The indexes of a command, and those of the environment that no option of it replaces."""
    install = step.install
    given = {index.kind for index in install.indexes}
    found = list(install.indexes)
    for name, (manager, kind) in INDEX_VARIABLES.items():
        variable = stage.variable_at(name, step.instruction) if manager == install.manager else None
        if variable is not None and variable.span is not None and kind not in given:
            found += [Index(kind, value, variable.span) for value in (variable.value or "").split()]
    return tuple(_read(index, step.instruction, stage) for index in found)


def cuda_of_variant(variant: str) -> tuple[int, int] | None:
    """The CUDA of a variant: (12, 1) of `cu121` and of `cu12.1`; None for others."""
    match = _CUDA.fullmatch(variant)
    return (int(match[1]), int(match[2])) if match is not None else None


def local_variant(requirement: Requirement) -> str | None:
    """`cu118` of `torch==2.0.1+cu118`."""
    match = _LOCAL.search(requirement.version or "")
    return match[1] if match is not None else None


def _read(index: Index, run: Run, stage: Stage) -> WheelIndex:
    match = _OFFICIAL.match(index.value or "")
    backend = index.kind == "torch-backend"
    variant = index.value if backend else match["variant"] if match is not None else None
    official = (backend and variant is not None) or match is not None
    if variant is None or cuda_of_variant(variant) is None:
        return WheelIndex(index.kind, official, None, index.span)
    text = index.span.text
    if variant in text:
        return WheelIndex(index.kind, official, variant, _part(index.span, text.rfind(variant), len(variant)))
    written = re.search(r"(?<=/whl/)[^/\s\"']+", text)
    span = _part(index.span, written.start(), len(written[0])) if written is not None else index.span
    return WheelIndex(index.kind, official, variant, span, _origins(span, run, stage))


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
