"""SARIF 2.1.0 as GitHub's code scanning takes it: built from sarif_om's objects, written by a small walker.

The serialiser that belongs to sarif_om leaves out every value that is its class's default, so that the level of a
result would be lost; the walker writes all that is set. What GitHub refuses or shows wrongly is avoided here: absolute
paths, suppressed results (it has no notion of them), more results than it reads, and texts that are too long.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attr  # noqa: TID253 (the registry imports this module only to write SARIF)
import sarif_om as om  # noqa: TID253

from mllint.finding import Applicability, Confidence, Finding, Fix, Severity
from mllint.report.encode import encode
from mllint.report.fingerprint import line_hashes
from mllint.report.paths import is_file, relative, repository_root
from mllint.report.registry import BUILT_IN
from mllint.report.run import RuleInfo, in_order, worst_first
from mllint.report.text import counted, ended

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from mllint.report.run import ErrorReport, Run
    from mllint.report.style import Style
    from mllint.source import Source, Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_MOST_RELATED = 100
_MOST_TAGS = 20
_LONGEST_DESCRIPTION = 1024
_LONGEST_NAME = 255
_UNSET = -1
"""What SARIF's numbers hold when they hold nothing; mllint never sets one to it."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


def write(run: Run, out: TextIO, style: Style) -> None:  # noqa: ARG001 (every format has the same signature)
    """Writes one SARIF log with one run, a line per rule and per result."""
    out.write(encode(plain(log(run)), depth=4) + "\n")


def log(run: Run) -> om.SarifLog:
    """The whole log. Paths are relative to the run's root, or to the repository around the working folder."""
    return _Log(run).log()


def plain(value: Any) -> Any:
    """A sarif_om object as the values that JSON has: everything that is set, also where it equals a default."""
    if attr.has(type(value)):
        return {
            field.metadata["schema_property_name"]: plain(item)
            for field in attr.fields(type(value))
            if (item := getattr(value, field.name)) is not None and not _is_unset(item)
        }
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def _is_unset(item: object) -> bool:
    return isinstance(item, (int, float)) and item == _UNSET


class _Log:
    """Builds the log of one run; it knows where the paths start and which index each rule has."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._root = run.root or repository_root(".")
        found = in_order(run, suppressed=False)
        self._most = BUILT_IN["sarif"].most or len(found)
        self._left_out = max(0, len(found) - self._most)
        self._findings = [found[index] for index in sorted(worst_first(found)[: self._most])]
        self._rules = _rules(run, self._findings)
        self._indexes = {rule.id: index for index, rule in enumerate(self._rules)}
        self._hashes: dict[int, dict[int, str]] = {}

    def log(self) -> om.SarifLog:
        run = om.Run(
            tool=om.Tool(driver=_driver(self._run, self._rules)),
            invocations=self._invocations(),
            original_uri_base_ids={
                "%SRCROOT%": om.ArtifactLocation(description=om.Message(text="The root of the repository."))
            },
            results=[self._result(finding) for finding in self._findings],
            column_kind="unicodeCodePoints",
        )
        return om.SarifLog(schema_uri=_SCHEMA, version="2.1.0", runs=[run])

    def _invocations(self) -> list[om.Invocation] | None:
        """What went wrong, if anything did. A run that says of itself that it failed would be refused as a whole."""
        notes = [self._note(error) for error in self._run.errors]
        if self._left_out:
            text = f"{counted(self._left_out, 'finding')} left out: the format's readers take {self._most:,}."
            notes.append(om.Notification(message=om.Message(text=text), level="warning"))
        return [om.Invocation(execution_successful=True, tool_execution_notifications=notes)] if notes else None

    def _note(self, error: ErrorReport) -> om.Notification:
        location = None if error.path is None else om.PhysicalLocation(artifact_location=self._artifact(error.path))
        return om.Notification(
            message=om.Message(text=error.message or "mllint failed."),
            level="error",
            locations=None if location is None else [om.Location(physical_location=location)],
        )

    def _result(self, finding: Finding) -> om.Result:
        related = finding.related[:_MOST_RELATED]
        return om.Result(
            rule_id=finding.rule,
            rule_index=self._indexes[finding.rule],
            level=_LEVELS[finding.severity],
            message=om.Message(text=_message(finding)),
            locations=[self._location(finding.span)],
            related_locations=[
                self._location(item.span, number, item.message) for number, item in enumerate(related, start=1)
            ]
            or None,
            partial_fingerprints=self._fingerprints(finding.span),
            fixes=None if finding.fix is None else self._fixes(finding.fix),
            properties={"confidence": finding.confidence.value},
        )

    def _location(self, span: Span, number: int = _UNSET, message: str | None = None) -> om.Location:
        return om.Location(
            id=number,
            message=None if message is None else om.Message(text=message),
            physical_location=om.PhysicalLocation(
                artifact_location=self._artifact(span.source.path), region=_region(ended(span))
            ),
        )

    def _artifact(self, path: str) -> om.ArtifactLocation:
        return om.ArtifactLocation(uri=_uri(path, self._root), uri_base_id="%SRCROOT%")

    def _fingerprints(self, span: Span) -> dict[str, str] | None:
        """What GitHub knows the alert by; text without a file has none."""
        if not is_file(span.source.path):
            return None
        value = self._line_hashes(span.source).get(span.first.line)
        return None if value is None else {"primaryLocationLineHash": value}

    def _line_hashes(self, source: Source) -> dict[int, str]:
        # By identity: two sources are never equal, and the findings keep theirs alive.
        hashes = self._hashes.get(id(source))
        if hashes is None:
            hashes = self._hashes[id(source)] = line_hashes(source.text)
        return hashes

    def _fixes(self, fix: Fix) -> list[om.Fix] | None:
        if not fix.edits or fix.applicability is Applicability.DISPLAY:
            return None
        by_path: dict[str, list[om.Replacement]] = {}
        for edit in fix.edits:
            replacement = om.Replacement(
                deleted_region=_region(edit.span), inserted_content=om.ArtifactContent(text=edit.content)
            )
            by_path.setdefault(edit.span.source.path, []).append(replacement)
        changes = [
            om.ArtifactChange(artifact_location=self._artifact(path), replacements=replacements)
            for path, replacements in by_path.items()
        ]
        return [om.Fix(description=om.Message(text=fix.title), artifact_changes=changes)]


def _driver(run: Run, rules: list[RuleInfo]) -> om.ToolComponent:
    return om.ToolComponent(
        name="mllint",
        full_name=f"mllint {run.version}",
        version=run.version,
        semantic_version=run.version if re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", run.version) else None,
        information_uri=run.homepage,
        rules=[_rule(rule) for rule in rules],
    )


def _rules(run: Run, findings: Iterable[Finding]) -> list[RuleInfo]:
    """Every rule that was on, and any that has a finding all the same."""
    rules = dict(run.rules)
    for finding in findings:
        if finding.rule not in rules:
            rules[finding.rule] = RuleInfo(finding.rule, finding.name, finding.severity, "", "")
    return sorted(rules.values(), key=lambda rule: rule.id)


def _rule(rule: RuleInfo) -> om.ReportingDescriptor:
    summary = rule.summary or f"{rule.name or rule.id}."
    page = rule.help or summary
    score = _security_score(rule.security_severity)
    tags = dict.fromkeys(("docker", *(("security",) if score else ()), *rule.tags))
    properties = {
        "tags": list(tags)[:_MOST_TAGS],
        "precision": _PRECISIONS[rule.confidence],
        "problem.severity": _PROBLEM_SEVERITIES[rule.severity],
        "security-severity": score,
    }
    return om.ReportingDescriptor(
        id=rule.id,
        name=_cut(rule.name, _LONGEST_NAME) or None,
        short_description=om.MultiformatMessageString(text=_cut(summary, _LONGEST_DESCRIPTION)),
        full_description=om.MultiformatMessageString(text=_cut(_description(summary, page), _LONGEST_DESCRIPTION)),
        help=om.MultiformatMessageString(text=page, markdown=page),
        help_uri=rule.url or None,
        default_configuration=om.ReportingConfiguration(level=_LEVELS[rule.severity]),
        properties=properties,
    )


def _security_score(text: str | None) -> str | None:
    """GitHub refuses the whole file for a score that is no number above 0 and up to 10, so such a one is left out."""
    if text is None or not re.fullmatch(r"[0-9]{1,2}(\.[0-9]+)?", text):
        return None
    return text if 0 < float(text) <= 10 else None


def _description(summary: str, page: str) -> str:
    """The summary and the first paragraph of prose behind the page's first heading: why it matters."""
    _, _, body = page.partition("\n#")
    paragraphs = (" ".join(part.split()) for part in body.split("\n\n")[1:])
    prose = next((text for text in paragraphs if text and text[0] not in "#-*|`>"), "")
    return f"{summary} {prose}".rstrip()


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _message(finding: Finding) -> str:
    """The message, with a link to each related place, which is how GitHub shows them."""
    text = finding.message or finding.name
    links = [
        f"[{_escape_link(item.message) or 'this place'}]({number})"
        for number, item in enumerate(finding.related[:_MOST_RELATED], start=1)
    ]
    return f"{text} See: {'; '.join(links)}." if links else text


def _escape_link(text: str) -> str:
    text = text.rstrip(".").replace("\\", "\\\\")
    return text.replace("[", "\\[").replace("]", "\\]")


def _region(span: Span) -> om.Region:
    first, last = span.first, span.last
    return om.Region(start_line=first.line, start_column=first.column, end_line=last.line, end_column=last.column)


@lru_cache(maxsize=1024)
def _uri(path: str, root: str) -> str:
    from urllib.parse import quote

    # The colon is not safe: in the first segment it would be read as the end of a scheme.
    return quote(relative(path, root), safe="/", errors="surrogateescape")
