"""Ignore comments: what they mean, where they hold, and which of them did nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.config.errors import ConfigError
from mllint.finding import Applicability, Confidence, Finding, Related, Severity, Suppression
from mllint.plugins import Registry
from mllint.rule import Rule
from mllint.source import Source, Span
from mllint.suppress import Suppressions, Unused, today
from mllint.syntax.parser import parse


def make(rule_id: str, name: str, *aliases: str) -> type[Rule]:
    return type(name, (Rule,), {"id": rule_id, "name": name, "aliases": aliases})


REGISTRY = Registry.of(
    make("ML003", "unused-suppression"),
    make("ML101", "unpinned-base-image", "DL3006", "DL3007"),
    make("ML201", "unpinned-package", "DL3013"),
    make("ML404", "secret-in-build", "SecretsUsedInArgOrEnv"),
    make("ML501", "root-user", "DL3002", "CKV_DOCKER_8"),
    make("ML505", "shell-form-entrypoint", "DL3025", "JSONArgsRecommended"),
    make("ACME001", "no-latest"),
)
ALL = frozenset(REGISTRY.ids)


class File:
    """A Dockerfile whose findings are given by the text they point at."""

    def __init__(self, text: str) -> None:
        self.source = Source("Dockerfile", text)
        self.suppressions = Suppressions.parse(parse(self.source), REGISTRY)

    def finding(self, rule: str, at: str, *related: Span) -> Finding:
        start = self.source.text.index(at)
        return self.at(rule, self.source.span(start, start + len(at)), *related)

    def at(self, rule: str, span: Span, *related: Span) -> Finding:
        places = tuple(Related(each, "here") for each in related)
        return Finding(rule, rule.lower(), Severity.WARNING, Confidence.HIGH, "…", span, places)

    def suppressed(self, rule: str, at: str) -> Suppression | None:
        (finding,) = self.suppressions.apply([self.finding(rule, at)])
        return finding.suppressed

    def unused(self, *findings: Finding, enabled: frozenset[str] = ALL) -> list[tuple[str, str]]:
        return [(each.span.text, each.message) for each in self.suppressions.unused(findings, enabled)]


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# mllint ignore=ML101", None),
        ("#mllint ignore=ML101", None),
        ("# mllint: ignore=ML101", None),
        ("# MLLINT Ignore = ml101", None),
        ("# mllint ignore=ML101 the vendor retags", "the vendor retags"),
        ("# mllint ignore=ML101  # the vendor retags", "the vendor retags"),
        ("# mllint ignore=ML101;reason=the vendor retags", "the vendor retags"),
        ("# mllint ignore=ML101 -- the vendor retags", "the vendor retags"),
        ("# mllint ignore=ML101: see #12 and #13", "see #12 and #13"),
        ("## mllint ignore=ML101 why", "why"),
        ("# pinned by the vendor # mllint ignore=ML101 why", "why"),
        ("# mllint ignore=ML201,ML101 because", "because"),
        ("# mllint ignore=ML201 , ML101", None),
        ("# mllint ignore=unpinned-base-image why", "why"),
        ("# mllint ignore=ML1", None),
        ("# mllint ignore=ML", None),
        ("# mllint ignore=all", None),
        ("# mllint ignore=DL3006", None),
        ("# mllint global ignore=ML101 why", "why"),
        ("# mllint stage ignore=ML101", None),
        ("\t# mllint ignore=ML101", None),
    ],
)
def test_our_own_comments(comment: str, reason: str | None) -> None:
    file = File(f"{comment}\nFROM python\nRUN pip install x\n")

    assert file.suppressed("ML101", "python") == Suppression("comment", reason)


@pytest.mark.parametrize(
    ("comment", "kind", "reason"),
    [
        ("# hadolint ignore=DL3006", "hadolint", None),
        ("# hadolint ignore=DL3008,DL3007 # why", "hadolint", "why"),
        ("#hadolint global ignore=DL3006", "hadolint", None),
        ("# hadolint ignore=DL3006 # mllint ignore=ML201", "hadolint", None),
        ("# mllint ignore=ML201 # hadolint ignore=DL3006", "hadolint", None),
        ("# hadolint ignore=SC2086 # mllint ignore=ML101 why", "comment", "why"),
    ],
)
def test_hadolints_comments(comment: str, kind: str, reason: str | None) -> None:
    assert File(f"{comment}\nFROM python\n").suppressed("ML101", "python") == Suppression(kind, reason)


@pytest.mark.parametrize(
    "comment",
    [
        "# ignore=ML101",
        "# mllint ignore=ML102",
        "# mllint ignore=ML201",
        "# mllint ignore ML101",
        "# mllint ignore=",
        "# mllint ignore=ML101x",
        "# we use mllint ignore=ML101 here",
        "# hadolint ignore=ML101",
        "# hadolint ignore=DL3013",
        "# hadolint ignore=all",
        "# tally ignore=DL3006",
    ],
)
def test_comments_that_do_not_hold(comment: str) -> None:
    assert File(f"{comment}\nFROM python\n").suppressed("ML101", "python") is None


def test_the_next_instruction_across_comments_and_blank_lines() -> None:
    file = File(
        "FROM python:3.12-slim\n# mllint ignore=ML201 one\n\n# another comment\n# mllint ignore=ML501 two\n\n"
        "RUN pip install torch\nRUN pip install numpy\n"
    )

    assert file.suppressed("ML201", "torch") == Suppression("comment", "one")
    assert file.suppressed("ML501", "torch") == Suppression("comment", "two")
    assert file.suppressed("ML201", "numpy") is None
    assert file.suppressed("ML201", "python") is None


def test_inside_a_continued_instruction() -> None:
    file = File(
        "FROM x:1\nRUN apt-get update && \\\n    # mllint ignore=ML201 pinned elsewhere\n    pip install torch && \\\n"
        "    pip install numpy\nRUN pip install later\n"
    )

    assert file.suppressed("ML201", "torch") == Suppression("comment", "pinned elsewhere")
    assert file.suppressed("ML201", "apt-get") is not None
    assert file.suppressed("ML201", "numpy") is not None
    assert file.suppressed("ML201", "later") is None


def test_a_global_comment_holds_wherever_it_stands() -> None:
    file = File("FROM python\nRUN a\n# mllint global ignore=ML101 why\n")

    assert file.suppressed("ML101", "python") == Suppression("comment", "why")
    assert file.suppressed("ML201", "RUN a") is None


def test_a_stage_comment_holds_for_its_stage() -> None:
    file = File(
        "FROM a AS one\n# hadolint stage ignore=DL3013\nRUN pip install b\nFROM c\nRUN pip install d\n"
        "# mllint stage ignore=ML501\nFROM e\nUSER f\n"
    )

    assert file.suppressed("ML201", "install b") == Suppression("hadolint", None)
    assert file.suppressed("ML201", "install d") is None
    assert file.suppressed("ML501", "USER f") == Suppression("comment", None)
    assert file.suppressed("ML501", "install d") is None


@pytest.mark.parametrize(
    ("text", "rule", "suppressed"),
    [
        ("# check=skip=JSONArgsRecommended\nFROM x:1\nRUN a\nCMD y\n", "ML505", True),
        ("# check=skip=JSONArgsRecommended,StageNameCasing;error=true\nFROM x:1\nCMD y\n", "ML505", True),
        ("# check=error=true;skip=JSONArgsRecommended\nFROM x:1\nCMD y\n", "ML505", True),
        ("# check=skip=all\nFROM x:1\nCMD y\n", "ML505", True),
        ("# syntax=docker/dockerfile:1\n# check=skip=all\nFROM x:1\nCMD y\n", "ML404", True),
        ("# check=skip=all\nFROM x:1\nCMD y\n", "ML501", False),
        ("# check=skip=StageNameCasing\nFROM x:1\nCMD y\n", "ML505", False),
        ("# check=error=true\nFROM x:1\nCMD y\n", "ML505", False),
        ("FROM x:1\n# check=skip=JSONArgsRecommended\nCMD y\n", "ML505", True),
        ("FROM x:1\n# check=skip=JSONArgsRecommended\nRUN a\nCMD y\n", "ML505", False),
        ("FROM x:1\n# check=error=true;skip=JSONArgsRecommended\nCMD y\n", "ML505", True),
    ],
)
def test_dockers_build_checks(text: str, rule: str, suppressed: bool) -> None:
    assert File(text).suppressed(rule, "CMD y") == (Suppression("buildkit", None) if suppressed else None)


def test_a_finding_in_another_file_belongs_to_its_related_place() -> None:
    file = File("FROM x:1\n# mllint ignore=ML201 why\nRUN pip install -r requirements.txt\nRUN a\n")
    other = Source("requirements.txt", "torch\nnumpy\nscipy\npandas\nand more\n").span(20, 25)
    install, elsewhere = file.finding("ML201", "pip").span, file.finding("ML201", "RUN a").span
    marked = file.suppressions.apply(
        [file.at("ML201", other, other, install), file.at("ML201", other, elsewhere), file.at("ML201", other)]
    )

    assert [finding.suppressed is not None for finding in marked] == [True, False, False]
    everywhere = File("FROM x:1\n# mllint global ignore=ML201\n")
    assert everywhere.suppressions.apply([everywhere.at("ML201", other)])[0].suppressed is not None


def test_an_empty_span_at_the_end_of_an_instruction_belongs_to_it() -> None:
    file = File("FROM x:1\n# mllint ignore=ML101\nRUN\nRUN a\n")
    end = file.source.text.index("RUN") + 3

    (finding,) = file.suppressions.apply([file.at("ML101", file.source.span(end, end))])
    assert finding.suppressed is not None


def test_findings_keep_their_order_and_nothing_is_dropped() -> None:
    file = File("# mllint ignore=ML101\nFROM python\nRUN a\n")
    findings = [file.finding("ML201", "RUN a"), file.finding("ML101", "python"), file.finding("ACME001", "python")]
    marked = file.suppressions.apply(findings)

    assert [finding._replace(suppressed=None) for finding in marked] == findings
    assert [finding.suppressed is not None for finding in marked] == [False, True, False]
    assert file.suppressions.apply(marked) == marked


def test_the_nearest_comment_gives_the_reason() -> None:
    file = File("# mllint global ignore=ML101 far\n# mllint ignore=ML1 near\nFROM python\n")

    assert file.suppressed("ML101", "python") == Suppression("comment", "near")


@pytest.mark.parametrize(
    ("comment", "role"),
    [
        ("# mllint role=serving", "serving"),
        ("# mllint role=Training  # fine-tunes", "training"),
        ("#mllint: role = job", "job"),
        ("# role=serving", None),
        ("# hadolint role=serving", None),
        ("# mllint role=server", None),
    ],
)
def test_the_role(comment: str, role: str | None) -> None:
    assert File(f"FROM x:1\n{comment}\nRUN a\n").suppressions.role == role


@pytest.mark.parametrize(
    ("comment", "unused"),
    [
        ("# mllint ignore=ML201", [("ML201", '"ML201" suppresses nothing here')]),
        ("# mllint ignore=ML101,ML201 x", [("ML201", '"ML201" suppresses nothing here')]),
        ("# mllint ignore=ML2,root-user", [("ML2", None), ("root-user", None)]),
        ("# mllint global ignore=ML201", [("ML201", None)]),
        ("# mllint ignore=ML101", []),
        ("# mllint ignore=ML1", []),
        ("# mllint ignore=all", []),
        ("# mllint ignore=ML003", []),
        ("# mllint ignore=ML101,DL3008,SC2086,CKV_DOCKER_2", []),
        ("# hadolint ignore=DL3013", []),
        ("# check=skip=StageNameCasing", []),
        ("# mllint ignore=ML999", [("ML999", 'there is no rule "ML999"')]),
        (
            "# mllint ignore=unpinned-base-imag",
            [("unpinned-base-imag", 'there is no rule "unpinned-base-imag" (did you mean "unpinned-base-image"?)')],
        ),
        ("# mllint role=serving", []),
        ("# mllint role=servin", [("servin", 'unknown role "servin" (did you mean "serving"?)')]),
        ("# mllint ignroe=ML101", [(None, 'unknown word "ignroe" (did you mean "ignore"?)')]),
        ("# mllint ignore ML101", [(None, "write the rules as ignore=ML101,ML201")]),
        ("# mllint ignore=", [(None, "write the rules as ignore=ML101,ML201")]),
        ("# mllint is run on this file, and mllint ignore= is not used", []),
    ],
)
def test_unused(comment: str, unused: list[tuple[str | None, str | None]]) -> None:
    file = File(f"{comment}\nFROM python\nRUN a\n")
    found = file.unused(file.finding("ML101", "python"), file.finding("ML505", "RUN a"))

    assert len(found) == len(unused)
    for (text, message), (expected_text, expected_message) in zip(found, unused, strict=True):
        assert text == (expected_text or comment)
        assert expected_message is None or message.startswith(expected_message)


def test_a_rule_that_is_off_makes_no_comment_unused() -> None:
    file = File("# mllint ignore=ML201,ML5,ACME001\nFROM python\n")

    assert file.unused(enabled=ALL - {"ML201"}) != []
    assert file.unused(enabled=frozenset({"ML101"})) == []
    assert [text for text, _ in file.unused(enabled=frozenset({"ML501"}))] == ["ML5"]


def test_a_comment_behind_the_last_instruction_is_unused() -> None:
    file = File("FROM python\nRUN a\n# mllint ignore=ML101\n")

    assert [text for text, _ in file.unused(file.finding("ML101", "python"))] == ["ML101"]


def test_a_suppressed_finding_counts_as_a_use() -> None:
    file = File("# mllint ignore=ML101\n# hadolint ignore=DL3006\nFROM python\n")
    marked = file.suppressions.apply([file.finding("ML101", "python")])

    assert file.unused(*marked) == []


def test_an_unused_comment_can_be_ignored_by_its_own_rule() -> None:
    file = File("# mllint ignore=ML003,ML201\nFROM python\n")
    (unused,) = file.suppressions.unused([], ALL)
    (finding,) = file.suppressions.apply([file.at("ML003", unused.span)])

    assert finding.suppressed == Suppression("comment", None)


def fixed(text: str, *rules: str) -> str:
    """The text with the fixes of the unused codes applied, one after the other, when `rules` fire on `python`."""
    while True:
        file = File(text)
        unused: tuple[Unused, ...] = file.suppressions.unused([file.finding(rule, "python") for rule in rules], ALL)
        fixes = [each.fix for each in unused if each.fix is not None]
        if not fixes:
            return text
        assert fixes[0].applicability is Applicability.SAFE
        (edit,) = fixes[0].edits
        text = text[: edit.span.start] + edit.content + text[edit.span.end :]


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# mllint ignore=ML201 why\n", ""),
        ("  # mllint ignore=ML201,ML501 why\n", ""),
        ("# mllint ignore=ML201,ML101 why\n", "# mllint ignore=ML101 why\n"),
        ("# mllint ignore=ML101,ML201 why\n", "# mllint ignore=ML101 why\n"),
        ("# mllint ignore=ML201, ML101, ML501\n", "# mllint ignore=ML101\n"),
        ("# mllint ignore=ML101,ML201,ML501\n", "# mllint ignore=ML101\n"),
        ("# mllint ignore=ML201 # hadolint ignore=DL3006\n", "# mllint ignore=ML201 # hadolint ignore=DL3006\n"),
        ("# a\n# mllint ignore=ML201\n# b\n", "# a\n# b\n"),
    ],
)
def test_fixes(comment: str, left: str) -> None:
    assert fixed(f"{comment}FROM python\n", "ML101") == f"{left}FROM python\n"


def test_a_fix_at_the_end_of_a_file_without_a_line_end() -> None:
    assert fixed("FROM python\n# mllint ignore=ML201") == "FROM python\n"


@pytest.mark.parametrize(
    "comment",
    [
        "# mllint ignore=" + "ML101," * 20_000,
        "# mllint " + " " * 1_000_000 + "x",
        "#" + " mllint ignore=ML1 #" * 20_000,
        "# check=" + "a;" * 500_000,
        "# check=skip=" + "A," * 20_000,
        "# mllint" + "#" * 1_000_000,
        "# mllint " + "a" * 1_000_000,
        "# mllint ignore=ML1" + " " * 1_000_000 + "#",
        "# mllint" + " #" * 500_000,
    ],
    ids=lambda comment: comment[:20],
)
def test_long_comments_take_linear_time(comment: str) -> None:
    """Anything quadratic would take minutes here."""
    file = File(f"FROM python\n{comment}\nRUN a\n")

    assert len(file.suppressions.unused([], ALL)) in (0, 1, 20_000)


def test_a_file_without_comments_costs_nothing() -> None:
    class Untouched(Registry):
        def load(self, rule_id: str) -> type[Rule]:
            raise AssertionError(rule_id)

    source = Source("Dockerfile", "# a comment\nFROM python\n")
    suppressions = Suppressions.parse(parse(source), Untouched(REGISTRY._entries))

    assert suppressions.apply([]) == ()
    assert suppressions.unused([], ALL) == ()


# Dates and required reasons


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda day: monkeypatch.setenv("MLLINT_TODAY", day)


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# mllint ignore=ML101 until=2027-01-31", None),
        ("# mllint ignore=ML101 until=2027-01-31 the vendor retags", "the vendor retags"),
        ("# mllint ignore=ML101;until=2027-01-31;reason=the vendor retags", "the vendor retags"),
        ("# mllint ignore=ML101 the vendor retags; until=2027-01-31", "the vendor retags"),
        ("# mllint global ignore=ML101 UNTIL = 2027-01-31 # the vendor retags", "the vendor retags"),
    ],
)
def test_a_comment_holds_until_its_day(on: Callable[[str], None], comment: str, reason: str | None) -> None:
    text = f"{comment}\nFROM python\n"
    on("2027-01-31")
    file = File(text)
    assert file.suppressed("ML101", "python") == Suppression("comment", reason)
    assert file.unused(file.finding("ML101", "python")) == []
    on("2027-02-01")
    file = File(text)
    assert file.suppressed("ML101", "python") is None
    ((at, message),) = file.unused(file.finding("ML101", "python"))
    assert at == "2027-01-31"
    assert message.startswith("the comment held until 2027-01-31")


def test_a_comment_that_ended_with_its_defect_is_unused(on: Callable[[str], None]) -> None:
    on("2027-02-01")
    file = File("# mllint ignore=ML101 until=2027-01-31\nFROM python\n")
    (unused,) = file.suppressions.unused([], ALL)
    assert (unused.span.text, unused.message) == ("ML101", '"ML101" suppresses nothing here')
    assert unused.fix is not None


@pytest.mark.parametrize("date", ["", "soon", "2027-13-01", "31.01.2027", "20270131", "2027-W01-1"])
def test_a_date_that_cannot_be_read_ends_nothing(date: str) -> None:
    file = File(f"# mllint ignore=ML101 until={date}\nFROM python\n")
    finding = file.finding("ML101", "python")
    assert file.suppressed("ML101", "python") is not None
    assert [message.partition(" is no date")[0] for _, message in file.unused(finding)] == [f'"{date}"']


def test_the_clock(on: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    on("tomorrow")
    with pytest.raises(ConfigError, match="MLLINT_TODAY"):
        today()
    monkeypatch.delenv("MLLINT_TODAY")
    assert "2026-01-01" < today() < "9999"


@pytest.mark.parametrize(
    ("comment", "asked"),
    [
        ("# mllint ignore=ML101", ["ML101"]),
        ("# mllint ignore=ML101,ML201 until=2999-01-01", ["ML101,ML201"]),
        ("# mllint global ignore=all", ["all"]),
        ("# mllint ignore=ML101 why", []),
        ("# mllint role=serving", []),
        ("# hadolint ignore=DL3006", []),
    ],
)
def test_required_reasons(comment: str, asked: list[str]) -> None:
    source = Source("Dockerfile", f"{comment}\nFROM python\n")
    suppressions = Suppressions.parse(parse(source), REGISTRY, require_reasons=True)
    unused = suppressions.unused([], frozenset())
    assert [each.span.text for each in unused] == asked
    assert all(each.severity is Severity.WARNING for each in unused)
    own = [Finding("ML003", "unused-suppression", Severity.WARNING, Confidence.HIGH, "…", each.span) for each in unused]
    # Without its reason, not even `all` takes this back.
    assert [each.suppressed for each in suppressions.apply(own)] == [None] * len(own)
