"""Checkstyle's XML, which Jenkins, reviewdog and many review tools read."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from mllint.report.markup import element, write_document
from mllint.report.paths import relative, repository_root
from mllint.report.run import in_order

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.finding import Finding
    from mllint.report.run import Run
    from mllint.report.style import Style


def write(run: Run, out: TextIO, style: Style) -> None:  # noqa: ARG001 (every format has the same signature)
    """Writes an element per file with findings, and one per file that could not be linted."""
    root = run.root or repository_root(".")
    document = element(None, "checkstyle", version="4.3")
    for error in run.errors:
        name = "mllint" if error.path is None else relative(error.path, root)
        file = element(document, "file", name=name)
        element(file, "error", line=1, column=1, severity="error", message=error.message, source="mllint")
    for path, findings in groupby(in_order(run, suppressed=False), lambda finding: finding.span.source.path):
        file = element(document, "file", name=relative(path, root))
        for finding in findings:
            first = finding.span.first
            element(
                file,
                "error",
                line=first.line,
                column=first.column,
                severity=finding.severity.value,
                message=_message(finding),
                source=f"mllint.{finding.rule}",
            )
    write_document(document, out)


def _message(finding: Finding) -> str:
    """With the code: most readers do not show the source."""
    return f"{finding.rule}: {' '.join((finding.message or finding.name).split())}"
