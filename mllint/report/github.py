"""GitHub's workflow commands: each finding as an annotation on the lines of a pull request.

GitHub shows ten annotations per level and step; the worst ten are written as such, the others as plain lines. All of
them are in the job summary, a page of its own that stays when the log is folded away.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mllint.finding import Severity
from mllint.report.concise import error_line, finding_line
from mllint.report.paths import relative, repository_root
from mllint.report.run import in_order, worst_first
from mllint.report.text import counted, ended, summary_line, visible

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.finding import Finding
    from mllint.report.run import ErrorReport, Run
    from mllint.report.style import Style

_SHOWN = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(run: Run, out: TextIO, style: Style) -> None:
    """Writes the annotations, the other findings as a plain listing, what went wrong, and the summary.

    The job summary is added to the file that GITHUB_STEP_SUMMARY names.
    """
    root = run.root or repository_root(".")
    findings = in_order(run, suppressed=False)
    shown = _worst(findings, room={Severity.ERROR: max(0, _SHOWN - len(run.errors))})
    out.writelines(f"{_error_annotation(error, root)}\n" for error in run.errors[:_SHOWN])
    out.writelines(f"{annotation(findings[at], root)}\n" for at in shown)
    plain = style._replace(color=False)
    rest = [_harmless(finding_line(finding, plain)) for at, finding in enumerate(findings) if at not in shown]
    rest += [_harmless(error_line(error, plain)) for error in run.errors[_SHOWN:]]
    if rest:
        out.write(f"{counted(len(rest), 'more finding')} (GitHub shows {_SHOWN} annotations of each level):\n")
        out.writelines(f"{line}\n" for line in rest)
    if not style.quiet:
        out.write(summary_line(run) + "\n")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        _add_job_summary(run, summary, out)


def _add_job_summary(run: Run, path: str, out: TextIO) -> None:
    """Adds to what the step has written already; a step has room for 1 MiB."""
    from mllint.report.markdown import LONGEST, document

    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            taken = os.fstat(file.fileno()).st_size
            text = document(run, os.environ, LONGEST - taken)
            if taken + len(text.encode("utf-8", "backslashreplace")) <= LONGEST:
                file.write(text)
    except OSError as error:
        out.write(f"The job summary cannot be written: {error.strerror or error}\n")


def annotation(finding: Finding, root: str) -> str:
    """The workflow command of a finding. Columns are only meant for a range on a single line."""
    span = ended(finding.span)
    first, last = span.first, span.last
    properties = {"file": relative(span.source.path, root), "line": str(first.line), "endLine": str(last.line)}
    if first.line == last.line:
        properties |= {"col": str(first.column), "endColumn": str(last.column)}
    properties["title"] = f"{finding.rule} {finding.name}"
    return _command(_COMMANDS[finding.severity], properties, finding.message)


def _error_annotation(error: ErrorReport, root: str) -> str:
    place = {} if error.path is None else {"file": relative(error.path, root)}
    return _command("error", {**place, "title": "mllint"}, error.message)


def _worst(findings: list[Finding], room: dict[Severity, int]) -> dict[int, None]:
    """The indexes of the findings that get an annotation, the worst first."""
    left = dict.fromkeys(Severity, _SHOWN) | room
    chosen: dict[int, None] = {}
    for index in worst_first(findings):
        severity = findings[index].severity
        if left[severity] > 0:
            left[severity] -= 1
            chosen[index] = None
    return chosen


def _command(name: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    lines = "\n".join(visible(line) for line in message.splitlines())
    return f"::{name} {listed}::{_escape(lines)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _harmless(line: str) -> str:
    """A plain line that the runner cannot take for a command: `::` at its start, or the older `##[` anywhere."""
    line = line.replace("##[", "## [")
    return f"./{line}" if line.lstrip().startswith("::") else line
