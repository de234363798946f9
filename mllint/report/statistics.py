"""How often each rule found something."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mllint.report.run import in_order, is_fixable
from mllint.report.style import Style, paint
from mllint.report.text import summary_line

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.finding import Finding, Severity
    from mllint.report.run import Run


def write(run: Run, out: TextIO, style: Style) -> None:
    """Writes one line per rule, the most frequent first: count, code, level, name, and how many are fixable."""
    found = in_order(run, suppressed=False)
    counts = Counter(map(_row, found))
    fixable = Counter(_row(finding) for finding in found if is_fixable(finding))
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0][0], row[0][2].rank))
    number_width = max((len(f"{count:,}") for _, count in rows), default=0)
    code_width = max((len(rule) for (rule, _, _), _ in rows), default=0)
    for (rule, name, severity), count in rows:
        level = severity.value
        mended = fixable[rule, name, severity]
        note = f" ({mended:,} fixable)" if mended else ""
        code = paint(rule, "code", style) + " " * (code_width - len(rule))
        shade = paint(level, level, style) + " " * (len("warning") - len(level))
        out.write(f"{count:>{number_width},}  {code}  {shade}  {name}{note}\n")
    if not style.quiet:
        out.write(summary_line(run) + "\n")


def _row(finding: Finding) -> tuple[str, str, Severity]:
    return finding.rule, finding.name, finding.severity
