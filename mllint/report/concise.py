"""One line per finding, `path:line:column: level CODE message`: for pipes, editors and searching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.report.run import in_order
from mllint.report.style import Style, paint
from mllint.report.text import one_line, place, summary_line, visible

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.finding import Finding
    from mllint.report.run import ErrorReport, Run


def write(run: Run, out: TextIO, style: Style) -> None:
    """Writes the findings, then what went wrong, then the summary."""
    findings = in_order(run, suppressed=style.show_suppressed)
    out.writelines(f"{finding_line(finding, style)}\n" for finding in findings)
    out.writelines(f"{error_line(error, style)}\n" for error in run.errors)
    if not style.quiet:
        out.write(summary_line(run) + "\n")


def finding_line(finding: Finding, style: Style) -> str:
    """A finding on one line."""
    level = finding.severity.value
    head = f"{place(finding.span)}: {paint(level, level, style)} {paint(finding.rule, 'code', style)}"
    return f"{head} {one_line(finding.message)}{_why_suppressed(finding)}"


def error_line(error: ErrorReport, style: Style) -> str:
    """What kept mllint from its work, on one line; it has no code, for it is no finding."""
    where = "mllint" if error.path is None else visible(error.path)
    return f"{where}: {paint('error', 'error', style)}: {one_line(error.message)}"


def _why_suppressed(finding: Finding) -> str:
    if finding.suppressed is None:
        return ""
    kind, reason = finding.suppressed
    return f" [suppressed by {one_line(kind)}{f': {one_line(reason)}' if reason else ''}]"
