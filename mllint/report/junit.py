"""JUnit's XML, for CI systems that show test results: a suite per file, a failed case per finding.

Advice is a case that passed, with the advice as its output: what JUnit calls a failure turns builds red. There is no
clock in it: two runs over the same files write the same bytes.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from mllint.finding import Severity
from mllint.report.markup import element, write_document
from mllint.report.paths import relative, repository_root
from mllint.report.run import in_order

if TYPE_CHECKING:
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from mllint.finding import Finding
    from mllint.report.run import ErrorReport, Run
    from mllint.report.style import Style


def write(run: Run, out: TextIO, style: Style) -> None:  # noqa: ARG001 (every format has the same signature)
    """Writes a suite for every file that was linted, also for those without findings, and for other files with some."""
    root = run.root or repository_root(".")
    found = in_order(run, suppressed=False)
    by_path = {path: list(group) for path, group in groupby(found, lambda finding: finding.span.source.path)}
    failures = sum(finding.severity is not Severity.INFO for finding in found)
    paths = dict.fromkeys([*(file.path for file in run.files), *by_path])
    clean = sum(path not in by_path for path in paths)
    document = element(
        None, "testsuites", name="mllint", tests=len(found) + clean + len(run.errors), failures=failures,
        errors=len(run.errors),
    )  # fmt: skip
    for error in run.errors:
        _add_error(document, error, root)
    for path in paths:
        _add_file(document, relative(path, root), by_path.get(path, []))
    write_document(document, out)


def _add_file(document: Element, name: str, findings: list[Finding]) -> None:
    failures = sum(finding.severity is not Severity.INFO for finding in findings)
    suite = _suite(document, name, tests=max(1, len(findings)), failures=failures, errors=0)
    if not findings:
        _case(suite, "mllint", name)
    for finding in findings:
        first = finding.span.first
        place = f"{name}:{first.line}:{first.column}"
        case = _case(suite, f"{finding.rule} {finding.name} ({first.line}:{first.column})", name, first.line)
        message = finding.message or finding.name
        if finding.severity is Severity.INFO:
            element(case, "system-out", f"{place}: {message}")
        else:
            level = finding.severity.value
            element(case, "failure", f"{place}: {level} {finding.rule} {message}", message=message, type=level)


def _add_error(document: Element, error: ErrorReport, root: str) -> None:
    name = "mllint" if error.path is None else relative(error.path, root)
    suite = _suite(document, name, tests=1, failures=0, errors=1)
    element(_case(suite, "mllint", name), "error", message=error.message, type="error")


def _suite(document: Element, name: str, *, tests: int, failures: int, errors: int) -> Element:
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": 0}
    return element(document, "testsuite", name=name, **counts, time="0")


def _case(suite: Element, name: str, file: str, line: int | None = None) -> Element:
    return element(suite, "testcase", name=name, classname=file, file=file, line=line, time="0")
