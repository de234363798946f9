"""What a run of mllint hands to the report: the files, the findings, the errors, and the rules that were on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Applicability, Confidence, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


class RuleInfo(NamedTuple):
    """A rule as the reports describe it.

    `summary` is one sentence, `help` the whole page in Markdown, `url` where that page stands ("" when nowhere);
    `security_severity` is GitHub's score, a number from 0.1 to 10.0 as text, for rules about security only.
    `severity` is the level in force in this run, `confidence` how sure the rule is in general. `plugin` is the
    distribution that brings the rule, None for the built-in ones.
    """

    id: str
    name: str
    severity: Severity
    summary: str
    help: str
    url: str = ""
    tags: tuple[str, ...] = ()
    security_severity: str | None = None
    confidence: Confidence = Confidence.HIGH
    plugin: str | None = None


class StageReport(NamedTuple):
    """A stage of a file: `base` is its resolved image or parent stage, `line` the line of its FROM, from 1."""

    name: str | None
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    base: str | None
    line: int
    final: bool


class FileReport(NamedTuple):
    """A file that was read. `path` is as the user wrote it; `role` is what its image is for, if that is known."""

    path: str
    role: str | None = None
    stages: tuple[StageReport, ...] = ()


class ErrorReport(NamedTuple):
    """Something that kept mllint from doing all of its work; `path` is None when no single file is concerned."""

    path: str | None
    message: str


class Summary(NamedTuple):
    """Counts. Suppressed findings count as suppressed only; fixable ones have a fix that can be applied."""

    files: int
    error: int
    warning: int
    info: int
    suppressed: int
    fixable: int


class Run(NamedTuple):
    """One run. `findings` holds the suppressed ones too; `root` is the folder that machine formats name paths from."""

    version: str
    files: tuple[FileReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[ErrorReport, ...] = ()
    rules: Mapping[str, RuleInfo] = {}
    root: str | None = None
    homepage: str | None = None

    @property
    def summary(self) -> Summary:
        counts = dict.fromkeys(Severity, 0)
        suppressed = fixable = 0
        for finding in self.findings:
            if finding.suppressed is not None:
                suppressed += 1
                continue
            counts[finding.severity] += 1
            fixable += is_fixable(finding)
        return Summary(
            len(self.files),
            counts[Severity.ERROR],
            counts[Severity.WARNING],
            counts[Severity.INFO],
            suppressed,
            fixable,
        )


def is_fixable(finding: Finding) -> bool:
    """Whether the finding carries an edit that may be applied (one that is only shown does not count)."""
    fix = finding.fix
    return fix is not None and bool(fix.edits) and fix.applicability is not Applicability.DISPLAY


def in_order(run: Run, *, suppressed: bool) -> list[Finding]:
    """The findings by place: files as they were linted, then other files by path; suppressed ones on request."""
    ranks = {file.path: rank for rank, file in enumerate(run.files)}
    last = len(ranks)
    chosen = [finding for finding in run.findings if suppressed or finding.suppressed is None]

    def place(finding: Finding) -> tuple[int, str, int, int, str]:
        path = finding.span.source.path
        return ranks.get(path, last), path, finding.span.start, finding.severity.rank, finding.rule

    return sorted(chosen, key=place)


def worst_first(findings: list[Finding]) -> list[int]:
    """Their indexes by severity, then by confidence; what is equally bad stays in its order."""
    certainty = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}

    def badness(index: int) -> tuple[int, int]:
        return findings[index].severity.rank, certainty[findings[index].confidence]

    return sorted(range(len(findings)), key=badness)
