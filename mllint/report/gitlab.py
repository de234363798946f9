"""GitLab's Code Quality report, `artifacts:reports:codequality`: a list of issues, empty when there is nothing.

GitLab compares the reports of two branches by the fingerprints: a finding keeps its own while its instruction stays as
it is (`mllint.identity`). It shows no `check_name`, and stops reading at the first issue that it cannot read.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from mllint.finding import Severity
from mllint.report.encode import encode
from mllint.report.paths import relative, repository_root
from mllint.report.run import in_order
from mllint.report.text import ended, one_line

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.finding import Finding
    from mllint.report.run import Run
    from mllint.report.style import Style

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def write(run: Run, out: TextIO, style: Style) -> None:  # noqa: ARG001 (every format has the same signature)
    """Writes the issues, one a line."""
    out.write(encode(issues(run), depth=1) + "\n")


def issues(run: Run) -> list[dict[str, Any]]:
    """The findings as issues; their keys must be filled in, or equal findings of a rule count as moved ones."""
    root = run.root or repository_root(".")
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for finding in in_order(run, suppressed=False):
        path = relative(finding.span.source.path, root)
        identity = (path, finding.rule, finding.key)
        seen[identity] += 1
        found.append(_issue(finding, path, _fingerprint(*identity, seen[identity])))
    return found


def _issue(finding: Finding, path: str, fingerprint: str) -> dict[str, Any]:
    span = ended(finding.span)
    first, last = span.first, span.last
    return {
        "description": one_line(f"{finding.rule}: {finding.message or finding.name}"),
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": path,
            "lines": {"begin": first.line, "end": last.line},
            "positions": {
                "begin": {"line": first.line, "column": first.column},
                "end": {"line": last.line, "column": last.column},
            },
        },
    }


def _fingerprint(path: str, rule: str, key: str, occurrence: int) -> str:
    from hashlib import sha256

    return sha256(f"{path}\0{rule}\0{key}\0{occurrence}".encode("utf-8", "surrogatepass")).hexdigest()
