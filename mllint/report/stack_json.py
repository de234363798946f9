"""The stack as JSON; `mllint/schemas/stack.schema.json` says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mllint.report.encode import encode

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.report.stack_report import (
        Driver,
        Evidence,
        FrameworkReport,
        Layer,
        StackReport,
        Stacks,
        StageStack,
        Value,
    )
    from mllint.report.style import Style


def write(stacks: Stacks, out: TextIO, style: Style) -> None:  # noqa: ARG001 (one signature for all formats)
    """Writes all files as one document."""
    document = {
        "version": stacks.version,
        "files": [_file(each) for each in stacks.files],
        "errors": [error._asdict() for error in stacks.errors],
    }
    out.write(encode(document, depth=6) + "\n")


def _file(report: StackReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "driver": report.driver,
        "gpu": report.gpu,
        "fits": report.fits,
        "stages": [_stage(stage) for stage in report.stages],
    }


def _stage(stage: StageStack) -> dict[str, Any]:
    return {
        "name": stage.name,
        "index": stage.index,
        "base": stage.base,
        "line": stage.line,
        "final": stage.final,
        "complete": stage.complete,
        "role": _value(stage.role),
        "system": _value(stage.system),
        "python": {**_value(stage.python), "environment": stage.environment},
        "cuda": {**_value(stage.cuda), "flavour": stage.flavour},
        "cudnn": _value(stage.cudnn),
        "nvcc": _value(stage.nvcc),
        "arch_list": _value(stage.arch_list),
        "frameworks": [_framework(each) for each in stage.frameworks],
        "gpu_evidence": [{"what": what, "evidence": _evidence(evidence)} for what, evidence in stage.gpu],
        "driver": _driver(stage.driver) if stage.driver is not None else None,
        "architectures": list(stage.architectures) if stage.architectures is not None else None,
        "size": {"megabytes": _rounded(stage.megabytes), "complete": stage.sizes_complete},
        "layers": [_layer(layer) for layer in stage.layers],
        "host": [
            {"level": line.level, "message": line.text, "evidence": _evidence(line.evidence)} for line in stage.hosts
        ],
    }


def _value(value: Value) -> dict[str, Any]:
    """`present` is null when it is not known whether it is there at all."""
    return {"value": value.value, "present": value.there, "evidence": _evidence(value.evidence)}


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    span = evidence.span
    place = {"path": span.source.path, "line": span.first.line, "column": span.first.column} if span else None
    return {"place": place, "reason": evidence.reason, "origin": evidence.origin, "sure": evidence.sure}


def _framework(found: FrameworkReport) -> dict[str, Any]:
    known = found._asdict()
    known["architectures"] = list(found.architectures) if found.architectures is not None else None
    return {**known, "evidence": _evidence(found.evidence)}


def _driver(driver: Driver) -> dict[str, Any]:
    return {**driver._asdict(), "gate_branches": list(driver.gate_branches), "evidence": _evidence(driver.evidence)}


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "instruction": layer.keyword,
        "line": layer.span.first.line,
        "megabytes": _rounded(layer.megabytes),
        "complete": layer.complete,
        "parts": [{"what": what, "megabytes": _rounded(size)} for what, size in layer.parts],
    }


def _rounded(size: float | None) -> float | None:
    return None if size is None else round(size, 3)
