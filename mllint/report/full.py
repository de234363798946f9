"""The text for people: each finding with its source line, the reason, and the fix as a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.report.run import in_order
from mllint.report.text import summary_line

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.report.run import Run
    from mllint.report.style import Style


def write(run: Run, out: TextIO, style: Style) -> None:
    """Writes the findings by file and place, then what went wrong, then the summary."""
    findings = in_order(run, suppressed=style.show_suppressed)
    if findings or run.errors:
        # The page needs rich, which a clean run should not pay for.
        from mllint.report.page import Page

        Page(run, out, style).write(findings)
    if not style.quiet:
        out.write(summary_line(run) + "\n")
