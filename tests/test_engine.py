from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any

import pytest

from mllint.config.load import Configuration
from mllint.engine import check, describe, in_order
from mllint.finding import Confidence, Finding, Severity
from mllint.lint import Linter
from mllint.plugins import Registry, load_plugins
from mllint.rule import Rule
from mllint.semantic.build import Build
from mllint.semantic.stage import Stage
from mllint.source import Source
from mllint.suppress import Unused
from mllint.syntax.nodes import Instruction


class Whole(Rule):
    """Says something of the whole build."""

    id, name = "TST001", "whole"

    def check_build(self, build: Build) -> Iterator[Finding]:
        yield self.finding(build.dockerfile.source.span(0, 4), "whole")


class PerStage(Rule):
    """Says something of each stage."""

    id, name, severity = "TST002", "per-stage", Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        yield self.finding(stage.opening.span, f"stage {stage.label}")


class PerInstruction(Rule):
    """Says something of each instruction."""

    id, name, severity = "TST003", "per-instruction", Severity.INFO

    def check_instruction(self, instruction: Instruction, stage: Stage) -> Iterator[Finding]:
        yield self.finding(instruction.keyword_span, instruction.keyword)


class Twice(Rule):
    """Says the same thing twice."""

    id, name = "TST004", "twice"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for _ in range(2):
            yield self.finding(stage.opening.span, "the same")


class Raises(Rule):
    """Says one thing and fails."""

    id, name = "TST005", "raises"

    def check_build(self, build: Build) -> Iterator[Finding]:
        yield self.finding(build.dockerfile.source.span(0, 4), "before")
        raise KeyError("two\nlines")


class Comments(Rule):
    """Reports ignore comments that do nothing."""

    id, name = "ML003", "unused-suppression"

    def check_comments(self, unused: tuple[Unused, ...]) -> Iterator[Finding]:
        for each in unused:
            yield self.finding(each.span, each.message)


def said(text: str, *rules: type[Rule]) -> list[tuple[str, str, str | None]]:
    """Rule, message and stage of the findings."""
    checked = check(Source("Dockerfile", text), [rule() for rule in rules])
    assert checked.crashes == ()
    return [(each.rule, each.message, each.stage) for each in checked.findings]


TEXT = "ARG V=1\nFROM a AS first\nRUN x\nFROM b\nONBUILD COPY a b\n"


def test_the_hooks_and_the_order_of_the_file() -> None:
    assert said(TEXT, PerInstruction, PerStage, Whole) == [
        ("TST001", "whole", None),
        ("TST002", "stage first", "first"),
        ("TST003", "FROM", "first"),
        ("TST003", "RUN", "first"),
        ("TST002", "stage 1", "1"),
        ("TST003", "FROM", "1"),
        ("TST003", "ONBUILD", "1"),
        ("TST003", "COPY", "1"),
    ]


def test_what_is_said_twice_is_kept_once() -> None:
    assert said("FROM a\n", Twice) == [("TST004", "the same", "0")]


def test_a_file_without_instructions() -> None:
    assert said("", PerStage, PerInstruction) == []


def test_a_rule_that_raises_is_reported_and_the_others_go_on() -> None:
    checked = check(Source("Dockerfile", TEXT), [Raises(), PerStage()])
    assert [each.rule for each in checked.findings] == ["TST005", "TST002", "TST002"]
    (crash,) = checked.crashes
    assert crash.rule == "TST005"
    assert crash.message.startswith("KeyError: 'two\\nlines' (check_build, line ")


def test_comments_take_findings_back_and_are_reported_when_they_do_nothing() -> None:
    text = "FROM a\n# mllint ignore=TST003 known\nRUN x\n# mllint ignore=TST003\n"
    checked = check(Source("Dockerfile", text), [PerInstruction(), Comments()])
    assert [(each.rule, each.suppressed is not None) for each in checked.findings] == [
        ("TST003", False),
        ("TST003", True),
        ("ML003", False),
    ]
    assert checked.findings[1].suppressed == ("comment", "known")


def test_comments_may_name_rules_that_are_off() -> None:
    text = "FROM a\n# mllint ignore=TST003\nRUN x\n"
    registry = Registry.of(PerInstruction, Comments)
    assert check(Source("Dockerfile", text), [Comments()], registry=registry).findings == ()
    (finding,) = check(Source("Dockerfile", text), [Comments()]).findings
    assert 'there is no rule "TST003"' in finding.message


def test_the_role_of_a_comment() -> None:
    checked = check(Source("Dockerfile", "# mllint role=training\nFROM a\n"), [])
    assert checked.build.final is not None
    assert checked.build.final.role.value.value == "training"


def test_the_order_puts_the_file_itself_first() -> None:
    main, other = Source("b", "abc"), Source("a", "abc")

    def finding(source: Source, start: int, severity: Severity = Severity.WARNING, rule: str = "TST001") -> Finding:
        return Finding(rule, "name", severity, Confidence.HIGH, "message", source.span(start, start + 1))

    sorted_findings = [
        finding(main, 0, Severity.ERROR, "TST002"),
        finding(main, 0, Severity.WARNING, "TST001"),
        finding(main, 1),
        finding(other, 0),
    ]
    assert list(in_order(reversed(sorted_findings), main)) == sorted_findings


def test_an_exception_in_one_line() -> None:
    assert describe(ValueError("a\nb")) == "ValueError: a b"
    with pytest.raises(ValueError, match="x") as caught:
        int("x")
    assert re.fullmatch(r"ValueError: .* \(test_an_exception_in_one_line, line \d+\)", describe(caught.value))


# Work that grows with the square of the length. Counted in steps of the interpreter, since clocks lie.

SHAPES: dict[str, Callable[[int], Iterator[str]]] = {
    "instructions": lambda n: (
        f"RUN pip install a{i}\nCOPY s{i} /app/\nENV V{i}=$V\nUSER u{i}\nWORKDIR /w{i}\n" for i in range(n)
    ),
    "system packages": lambda n: (f"RUN apt-get update && apt-get install -y p{i}\n" for i in range(n)),
    "commands of one RUN": lambda n: ("RUN x", *(f" && pip install p{i} && apt-get update" for i in range(n)), "\n"),
    "words": lambda n: ("RUN pip install", *(f" p{i}" for i in range(n)), "\n"),
    "here-documents": lambda n: (f"RUN <<EOF\npip install p{i}\nEOF\n" for i in range(n)),
    "copies": lambda n: (
        f"COPY m{i}.pt requirements{i}.txt /m/\nRUN pip install -r /m/requirements{i}.txt\n" for i in range(n)
    ),
    "stages": lambda n: (f"FROM python:3.12 AS s{i}\nRUN pip install torch\nCMD python x.py\n" for i in range(n)),
    "chained stages": lambda n: (
        f"FROM {f's{i - 1}' if i else 'python:3.12'} AS s{i}\nRUN pip install a\n" for i in range(n)
    ),
    "stages that copy": lambda n: (f"FROM python:3.12 AS s{i}\nCOPY --from={max(0, i - 1)} /a /b\n" for i in range(n)),
    "stages of one name": lambda n: ("FROM a AS a\nRUN x\n" for _ in range(n)),
    "commands to start": lambda n: (f"CMD uvicorn app:app --port {i}\nHEALTHCHECK CMD x\n" for i in range(n)),
    "ignore comments": lambda n: (f"# mllint ignore=ML201,ML205 reason\nRUN pip install a{i}\n" for i in range(n)),
    "errors": lambda n: (f"FOO {i}\n" for i in range(n)),
    "downloads": lambda n: (
        f"RUN wget https://h.example/m{i}.pt && curl -H 'token: $T{i}' h.example\n" for i in range(n)
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_with_the_length(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # So that short files are treated as long ones are.
    monkeypatch.setattr("mllint.semantic.build.MANY_STAGES", 10)
    linter = Linter(Configuration(isolated=True, overrides={"profile": "strict"}), load_plugins(isolated=True))

    def steps(number: int) -> Counter[CodeType]:
        source = Source("Dockerfile", "".join(("FROM python:3.12\n", *SHAPES[shape](number))))
        # What a shorter file has left in a cache would make only the longest one pay.
        _forget()
        counts, result = counted_steps(lambda: linter.lint(source))
        assert result.errors == ()
        return counts

    steps(8)
    few, some, many = steps(40), steps(80), steps(160)
    assert faster_than_the_length(few, some, many) == {}


def _forget() -> None:
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] in ("mllint", "mllint_rules"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def test_work_that_grows_faster_is_noticed() -> None:
    def pairs(items: list[int]) -> int:
        return sum(1 for one in items for other in items if one == other)

    few, some, many = (counted_steps(lambda size=size: pairs([*range(size)]))[0] for size in (40, 80, 160))
    (name,) = faster_than_the_length(few, some, many)
    assert "test_engine.py:" in name


def counted_steps(call: Callable[[], Any]) -> tuple[Counter[CodeType], Any]:
    """How many bytecode instructions a call takes in each function, and what it returns."""
    counts: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        counts[frame.f_code] += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        result = call()
    finally:
        sys.settrace(before)
    return counts, result


def faster_than_the_length(
    few: Counter[CodeType], some: Counter[CodeType], many: Counter[CodeType]
) -> dict[str, tuple[int, int, int]]:
    """The functions whose steps more than double where the length doubles, with their counts."""
    return {
        f"{code.co_filename}:{code.co_firstlineno}": (few[code], some[code], many[code])
        for code in many
        if many[code] - some[code] > 2.2 * (some[code] - few[code]) + 1_000
    }
