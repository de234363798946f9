"""For the tests of rules, built-in or a plugin's: examples, and cases with `# expect:` comments.

A case is a Dockerfile whose lines may end in `# expect: ML201 at "torch"`: a finding of that rule must start on that
line, and where `at` is given, cover exactly those characters. `# expect-next:` on a line of its own speaks of the line
below it. The comments are blanked before the file is linted, so offsets stay what they are. `# case: role=serving
driver=535.104.05 option.max-size=5` at the top gives the build's and the rule's options. `# context: data/a.csv 12
MB` puts a file of that size into the build context, `# context: .dockerignore = data/` one with that text (`\\n` is a
line's end); the case must then be linted as a file in a folder (see `lay_out`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mllint.engine import Checked, check
from mllint.finding import Finding
from mllint.regex import regex
from mllint.rule import Rule
from mllint.semantic.fact import BuildOptions
from mllint.source import Source

_EXPECT = regex(r"[ \t]*# expect(?P<next>-next)?: (?P<list>[^\n]*)")
_ITEM = regex(r"(?P<rule>[A-Z]+\d+)(?: (?P<severity>error|warning|info))?(?: at \"(?P<at>(?:[^\"\\]|\\.)*)\")?")
_CASE = regex(r"^# case: (?P<options>.*)$", re.MULTILINE)
_CONTEXT = regex(r"^# context: (?P<file>.*)$", re.MULTILINE)
_FILE = regex(r"(?P<path>\S+)(?:\s+(?P<size>[\d.]+) ?(?P<unit>bytes|kB|MB|GB))?(?:\s+= (?P<text>.*))?\s*")
_UNITS = {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


class Expectation(NamedTuple):
    """A finding that a case asks for."""

    rule: str
    line: int
    severity: str | None
    at: str | None

    def fits(self, finding: Finding) -> bool:
        return (
            finding.rule == self.rule
            and finding.span.first.line == self.line
            and self.severity in (None, finding.severity.value)
            and self.at in (None, finding.span.text)
        )


class ContextFile(NamedTuple):
    """A file that a case wants in its build context."""

    path: str
    #: In bytes; what the text does not fill stays a hole.
    size: int
    text: str


class Case(NamedTuple):
    """A Dockerfile with what is expected of it."""

    source: Source
    expected: tuple[Expectation, ...]
    #: The words of the `# case:` line.
    options: dict[str, str]
    #: The files of its `# context:` lines.
    files: tuple[ContextFile, ...] = ()


def context_file(line: str) -> ContextFile:
    """Reads `data/a.csv 12 MB`, or `.dockerignore = data/\\n*.pt`. Raises ValueError for anything else."""
    match = _FILE.fullmatch(line)
    if match is None:
        raise ValueError(f"no path, size and text: {line!r}")
    text = (match["text"] or "").replace("\\n", "\n")
    size = float(match["size"]) * _UNITS[match["unit"]] if match["size"] is not None else len(text.encode())
    return ContextFile(match["path"], int(size), text)


def lay_out(files: Iterable[ContextFile], folder: str) -> None:
    """Makes the files in a folder; large ones are sparse and take no room."""
    for file in files:
        path = os.path.join(folder, file.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(file.text)
        os.truncate(path, file.size)


def read_case(path: str, text: str) -> Case:
    """Takes the expectations out of a case; the text keeps its length."""
    expected = []
    for match in _EXPECT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1 + bool(match["next"])
        for item in _ITEM.finditer(match["list"]):
            at = item["at"].replace('\\"', '"') if item["at"] is not None else None
            expected.append(Expectation(item["rule"], line, item["severity"], at))
    head = _CASE.search(text)
    words = (word.partition("=") for word in head["options"].split()) if head is not None else ()
    plain = _EXPECT.sub(lambda match: " " * len(match[0]) if not match["next"] else "#" * len(match[0]), text)
    files = tuple(context_file(match["file"]) for match in _CONTEXT.finditer(text))
    return Case(Source(path, plain), tuple(expected), {name: value for name, _, value in words}, files)


def build_options(options: dict[str, str], *, context: str | None = None) -> BuildOptions:
    """The build options among the words of a `# case:` line; `arg.NAME=value` is a build argument."""
    return BuildOptions(
        build_args={name[4:]: value for name, value in options.items() if name.startswith("arg.")},
        target=options.get("target"),
        role=options.get("role"),
        driver=options.get("driver"),
        gpu=options.get("gpu"),
        context=context,
    )


def rule_settings(rule: type[Rule], options: dict[str, str]) -> dict[str, object]:
    """The rule's own settings among the words of a `# case:` line (`option.max-size=5`), by their defaults' types."""
    settings: dict[str, object] = {}
    for name, option in rule.options().items():
        value = options.get(f"option.{name}")
        if value is not None:
            default = option.default
            settings[option.attribute] = (
                value == "true" if isinstance(default, bool) else type(default)(value) if default is not None else value
            )
    return settings


def run_case(case: Case, rules: Sequence[Rule], *, context: str | None = None) -> Checked:
    """Runs rules over a case."""
    return check(case.source, rules, build_options(case.options, context=context))


def differences(findings: Iterable[Finding], expected: Iterable[Expectation]) -> list[str]:
    """What was expected and not found, and what was found and not expected, in words; empty when all is well."""
    left = list(findings)
    problems = []
    for expectation in expected:
        fitting = next((finding for finding in left if expectation.fits(finding)), None)
        if fitting is None:
            problems.append(f"missing: {expectation}")
        else:
            left.remove(fitting)
    for finding in left:
        place = finding.span.first
        problems.append(
            f"unexpected: {finding.rule} {finding.severity.value} at {place.line}:{place.column} "
            f"{finding.span.text!r}: {finding.message}"
        )
    return problems
