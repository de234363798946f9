"""The JSON that other programs read. `mllint/schemas/report.schema.json` describes it, and a test compares the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mllint.report.encode import encode
from mllint.report.run import in_order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from mllint.finding import Finding, Fix, Related
    from mllint.report.run import FileReport, RuleInfo, Run
    from mllint.report.style import Style
    from mllint.source import Span


def write(run: Run, out: TextIO, style: Style) -> None:  # noqa: ARG001 (every format has the same signature)
    """Writes the whole run as one object, a line per finding; suppressed findings are there and say so."""
    out.write(encode(document(run), depth=2) + "\n")


def document(run: Run) -> dict[str, Any]:
    """The run as the values that JSON has. Paths are as the user wrote them."""
    return {
        "version": run.version,
        "files": [_file(file) for file in run.files],
        "findings": [_finding(finding, run.rules) for finding in in_order(run, suppressed=True)],
        "errors": [error._asdict() for error in run.errors],
        "summary": run.summary._asdict(),
    }


def _file(file: FileReport) -> dict[str, Any]:
    return {"path": file.path, "role": file.role, "stages": [stage._asdict() for stage in file.stages]}


def _finding(finding: Finding, rules: Mapping[str, RuleInfo]) -> dict[str, Any]:
    rule = rules.get(finding.rule)
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        **_place(finding.span),
        "stage": finding.stage,
        "related": [_related(related) for related in finding.related],
        "fix": None if finding.fix is None else _fix(finding.fix),
        "url": rule.url or None if rule is not None else None,
        "suppressed": None if finding.suppressed is None else finding.suppressed._asdict(),
    }


def _related(related: Related) -> dict[str, Any]:
    return {**_place(related.span), "message": related.message}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "edits": [{**_place(edit.span), "content": edit.content} for edit in fix.edits],
    }


def _place(span: Span) -> dict[str, Any]:
    first, last = span.first, span.last
    return {
        "path": span.source.path,
        "line": first.line,
        "column": first.column,
        "end_line": last.line,
        "end_column": last.column,
    }
