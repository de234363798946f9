"""Markdown for a comment on a pull request, or for GitHub's job summary: the counts, then a table, the worst first.

What a linted file contains is shown as text or as code: it makes no images, no HTML, and no links under other names.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from mllint.report.paths import is_file, relative, repository_root
from mllint.report.run import in_order, is_fixable, worst_first
from mllint.report.text import counted, one_line, summary_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from mllint.finding import Finding
    from mllint.report.run import Run
    from mllint.report.style import Style

#: Bytes. GitHub refuses a job summary above 1 MiB as a whole.
LONGEST = 900 * 1024

_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_MARKS = re.compile(r"([\\`*_\[\]<>|~&])")


def write(run: Run, out: TextIO, style: Style) -> None:  # noqa: ARG001 (every format has the same signature)
    """Writes the document."""
    out.write(document(run, os.environ))


def document(run: Run, env: Mapping[str, str], room: int = LONGEST) -> str:
    """The run as Markdown of at most `room` bytes; places are links where CI's variables say what to link to."""
    root = run.root or repository_root(".")
    lines = ["## mllint", "", summary_line(run), ""]
    for error in run.errors:
        where = f"{_text(relative(error.path, root))}: " if error.path is not None else ""
        lines.append(f"- {where}{_text(error.message)}")
    findings = in_order(run, suppressed=False)
    if findings:
        lines += ["", "| Level | Place | Finding |", "|---|---|---|"]
    left = room - sum(len(line.encode()) + 1 for line in lines) - 100
    shown = 0
    for index in worst_first(findings):
        row = _row(findings[index], root, env)
        left -= len(row.encode()) + 1
        if left < 0:
            break
        lines.append(row)
        shown += 1
    if shown < len(findings):
        lines += ["", f"{counted(len(findings) - shown, 'more finding')} left out here."]
    text = "\n".join(lines).strip("\n") + "\n"
    return re.sub(r"\n{3,}", "\n\n", text)


def _row(finding: Finding, root: str, env: Mapping[str, str]) -> str:
    path = relative(finding.span.source.path, root)
    line = finding.span.first.line
    place = _text(f"{path}:{line}")
    address = _address(path, line, env) if is_file(finding.span.source.path) else None
    linked = place if address is None else f"[{place}]({address})"
    fix = finding.fix
    proposal = f" _Fix: {_text(fix.title)}._" if fix is not None and is_fixable(finding) else ""
    said = f"**{finding.rule}** {_text(finding.name)}: {_text(finding.message)}{proposal}"
    return f"| {finding.severity.value} | {linked} | {said} |"


def _address(path: str, line: int, env: Mapping[str, str]) -> str | None:
    """Where GitHub or GitLab show the line at the commit that is linted."""
    file = quote(path, errors="surrogateescape")
    server, repository, commit = (env.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    if server and repository and commit:
        return f"{server}/{repository}/blob/{commit}/{file}#L{line}"
    project, commit = env.get("CI_PROJECT_URL"), env.get("CI_COMMIT_SHA")
    return f"{project}/-/blob/{commit}/{file}#L{line}" if project and commit else None


def _text(text: str) -> str:
    """A text in which code between backticks stays code and nothing else is markup."""
    pieces = []
    at = 0
    line = one_line(text)
    for code in _CODE.finditer(line):
        pieces += [_MARKS.sub(r"\\\1", line[at : code.start()]), code[0].replace("|", "\\|")]
        at = code.end()
    return "".join([*pieces, _MARKS.sub(r"\\\1", line[at:])])
