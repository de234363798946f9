"""One Dockerfile through the rules: parse, analyse, check, sort. A rule that raises is reported and the rest go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from mllint.finding import Finding
from mllint.plugins import Registry
from mllint.rule import Rule
from mllint.semantic.build import Build
from mllint.semantic.fact import BuildOptions
from mllint.semantic.stage import Stage
from mllint.source import Source
from mllint.suppress import Suppressions
from mllint.syntax.nodes import Instruction, Onbuild
from mllint.syntax.parser import parse


class Crash(NamedTuple):
    """A rule that raised: a defect of the rule, never of the file."""

    rule: str
    #: What was raised, and where, in one line.
    message: str


class Checked(NamedTuple):
    """What the rules say of a file; findings that a comment takes back are marked, not dropped."""

    build: Build
    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...]


def check(
    source: Source,
    rules: Sequence[Rule],
    options: BuildOptions | None = None,
    registry: Registry | None = None,
    *,
    require_reasons: bool = False,
) -> Checked:
    """Runs the rules over a file. The findings are in the order of the file, each once.

    `registry` says which codes ignore comments may name; the given rules alone unless it is there. `require_reasons`
    says whether such a comment needs a reason.
    """
    dockerfile = parse(source)
    registry = registry or Registry.of(*map(type, rules))
    suppressions = Suppressions.parse(dockerfile, registry, require_reasons=require_reasons)
    options = options or BuildOptions()
    build = Build(dockerfile, options if options.role is not None else options._replace(role=suppressions.role))
    build.derive_inherited()
    crashes: dict[str, Crash] = {}

    def collect(hook: Callable[[Rule], Iterable[Finding]]) -> tuple[Finding, ...]:
        found: list[Finding] = []
        for rule in rules:
            try:
                found.extend(hook(rule))
            except Exception as error:
                crashes[rule.id] = Crash(rule.id, describe(error))
        return suppressions.apply(found)

    findings = collect(lambda rule: _apply(rule, build))
    # A comment for a rule that failed may well have something to take back.
    unused = suppressions.unused(findings, [rule.id for rule in rules if rule.id not in crashes])
    if unused:
        findings += collect(lambda rule: rule.check_comments(unused))
    return Checked(build, in_order(findings, source), tuple(crashes.values()))


def _apply(rule: Rule, build: Build) -> Iterator[Finding]:
    kind = type(rule)
    if kind.check_build is not Rule.check_build:
        yield from rule.check_build(build)
    per_stage = kind.check_stage is not Rule.check_stage
    per_instruction = kind.check_instruction is not Rule.check_instruction
    if not (per_stage or per_instruction):
        return
    for stage in build.stages:
        if per_stage:
            yield from _of_stage(rule.check_stage(stage), stage)
        if per_instruction:
            yield from _of_stage(_per_instruction(rule.check_instruction, stage), stage)


def _per_instruction(hook: Callable[[Instruction, Stage], Iterator[Finding]], stage: Stage) -> Iterator[Finding]:
    yield from hook(stage.opening, stage)
    for instruction in stage.body:
        yield from hook(instruction, stage)
        if isinstance(instruction, Onbuild) and instruction.inner is not None:
            yield from hook(instruction.inner, stage)


def _of_stage(findings: Iterable[Finding], stage: Stage) -> Iterator[Finding]:
    for finding in findings:
        yield finding if finding.stage is not None else finding._replace(stage=stage.label)


def in_order(findings: Iterable[Finding], main: Source) -> tuple[Finding, ...]:
    """By place, the Dockerfile's own first; what is said twice about the same characters is kept once."""
    unique = {(each.rule, each.span, each.message): each for each in findings}
    return tuple(
        sorted(
            unique.values(),
            key=lambda each: (
                each.span.source is not main,
                each.span.source.path,
                each.span.start,
                each.severity.rank,
                each.rule,
                each.span.end,
            ),
        )
    )


def describe(error: BaseException) -> str:
    """An exception in one line: its kind, its words, and the innermost place that raised it."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}".replace("\n", " ")
