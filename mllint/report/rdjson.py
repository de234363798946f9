"""reviewdog's diagnostic format, rdjson: comments on a pull request, with the fixes as suggestions.

Columns count the bytes of UTF-8, from 1; the end of a range is the position behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mllint.finding import Applicability, Severity
from mllint.report.encode import encode
from mllint.report.paths import relative, repository_root
from mllint.report.run import in_order
from mllint.report.text import ended, visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from mllint.finding import Finding
    from mllint.report.run import RuleInfo, Run
    from mllint.report.style import Style
    from mllint.source import Position, Source, Span

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def write(run: Run, out: TextIO, style: Style) -> None:  # noqa: ARG001 (every format has the same signature)
    """Writes one result, a diagnostic a line."""
    out.write(encode(document(run), depth=2) + "\n")


def document(run: Run) -> dict[str, Any]:
    """The run as reviewdog's `DiagnosticResult`; it has no field for what went wrong."""
    root = run.root or repository_root(".")
    findings = in_order(run, suppressed=False)
    return {
        "source": {"name": "mllint"},
        "diagnostics": [_diagnostic(finding, root, run.rules) for finding in findings],
    }


def _diagnostic(finding: Finding, root: str, rules: Mapping[str, RuleInfo]) -> dict[str, Any]:
    rule = rules.get(finding.rule)
    diagnostic: dict[str, Any] = {
        "message": _message(finding, root),
        "location": {"path": relative(finding.span.source.path, root), "range": _range(ended(finding.span))},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule, **({"url": rule.url} if rule is not None and rule.url else {})},
    }
    suggestion = _suggestion(finding)
    return diagnostic if suggestion is None else diagnostic | {"suggestions": [suggestion]}


def _message(finding: Finding, root: str) -> str:
    """The message, then a line for each related place: the format has no field for them."""
    lines = [finding.message or finding.name]
    for related in finding.related:
        place = f"{relative(related.span.source.path, root)}:{related.span.first.line}"
        lines.append(f"{place}: {related.message}")
    return "\n".join(visible(line) for text in lines for line in text.splitlines())


def _suggestion(finding: Finding) -> dict[str, Any] | None:
    """The fix as one replacement: several suggestions would be alternatives. None for edits of other files."""
    fix = finding.fix
    if fix is None or not fix.edits or fix.applicability is Applicability.DISPLAY:
        return None
    source = finding.span.source
    if any(edit.span.source is not source for edit in fix.edits):
        return None
    edits = sorted(fix.edits, key=lambda edit: (edit.span.start, edit.span.end))
    pieces = []
    at = edits[0].span.start
    for edit in edits:
        pieces += [source.text[at : edit.span.start], edit.content]
        at = edit.span.end
    return {"range": _range(source.span(edits[0].span.start, at)), "text": "".join(pieces)}


def _range(span: Span) -> dict[str, Any]:
    return {"start": _position(span.source, span.first), "end": _position(span.source, span.last)}


def _position(source: Source, place: Position) -> dict[str, int]:
    start = source.line_starts[place.line - 1]
    before = source.text[start : start + place.column - 1]
    return {"line": place.line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
