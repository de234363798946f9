"""Which fixes are made together, which are dropped, and when it ends."""

from __future__ import annotations

from collections.abc import Callable

from mllint.finding import Applicability, Confidence, Edit, Finding, Fix, Severity, Suppression
from mllint.fixer import edited, fix
from mllint.lint import FileResult
from mllint.report.run import ErrorReport, FileReport
from mllint.source import Source


def _finding(source: Source, word: str, content: str, **more: object) -> Finding:
    at = source.text.index(word)
    span = source.span(at, at + len(word))
    safe = Fix("Mend it", (Edit(span, content),), Applicability.SAFE)
    given = {"severity": Severity.WARNING, "confidence": Confidence.HIGH, "fix": safe, **more}
    return Finding(rule=f"X-{word}", name="a-rule", span=span, message=f"`{word}` is wrong", **given)  # type: ignore[arg-type]


def _linting(*words: tuple[str, str], **more: object) -> Callable[[Source], FileResult]:
    """Finds the words that are there, each with its replacement."""

    def lint(source: Source) -> FileResult:
        found = [_finding(source, word, content, **more) for word, content in words if word in source.text]
        return FileResult(source.path, FileReport(source.path, "unknown", ()), tuple(found), ())

    return lint


def _fixed(text: str, lint: Callable[[Source], FileResult], **more: bool) -> str:
    return fix(Source("Dockerfile", text), lint, **more).source.text


def test_fixes_of_one_round() -> None:
    assert _fixed("one two three", _linting(("one", "1"), ("three", "3"))) == "1 two 3"


def test_one_fix_opens_the_way_for_the_next() -> None:
    assert _fixed("one", _linting(("one", "two"), ("two", "three"))) == "three"


def test_overlapping_edits_are_made_one_after_the_other() -> None:
    assert _fixed("one two", _linting(("one two", "one 2"), ("two", "zwei"))) == "one 2"


def test_a_fix_that_comes_back_ends() -> None:
    text = _fixed("a", _linting(("a", "b"), ("b", "a")))
    assert text in ("a", "b")


def test_a_fix_after_which_the_finding_is_still_there_is_not_made() -> None:
    assert _fixed("one two", _linting(("one", "oneone"), ("two", "2"))) == "one 2"


def test_a_fix_that_brings_an_error_is_not_made() -> None:
    plain = _linting(("one", "wrong"), ("two", "2"))

    def lint(source: Source) -> FileResult:
        result = plain(source)
        if "wrong" not in source.text:
            return result
        return result._replace(findings=(*result.findings, _finding(source, "wrong", "", severity=Severity.ERROR)))

    assert _fixed("one two", lint) == "one 2"


def test_one_that_spoils_it_does_not_keep_many_others_from_being_made() -> None:
    words = [f"<{number}>" for number in range(40)]
    pairs = [(word, word if word == "<20>" else "done") for word in words]
    text = fix(Source("Dockerfile", " ".join(words)), _linting(*pairs)).source.text
    assert text == " ".join(content for _, content in pairs)


def test_a_fix_on_whose_text_mllint_fails_is_not_made() -> None:
    plain = _linting(("one", "odd"), ("two", "2"))

    def lint(source: Source) -> FileResult:
        errors = (ErrorReport(source.path, "a rule failed"),) if "odd" in source.text else ()
        return plain(source)._replace(errors=errors)

    assert _fixed("one two", lint) == "one 2"


def test_only_safe_fixes_unless_all_are_asked_for() -> None:
    def lint(source: Source) -> FileResult:
        unsafe = _linting(("two", "2"))(source).findings
        shown = _linting(("three", "3"))(source).findings
        marked = [
            each._replace(fix=each.fix._replace(applicability=kind))
            for found, kind in ((unsafe, Applicability.UNSAFE), (shown, Applicability.DISPLAY))
            for each in found
            if each.fix is not None
        ]
        result = _linting(("one", "1"))(source)
        return result._replace(findings=(*result.findings, *marked))

    assert _fixed("one two three", lint) == "1 two three"
    assert _fixed("one two three", lint, unsafe=True) == "1 2 three"


def test_what_is_suppressed_is_left_alone() -> None:
    assert _fixed("one", _linting(("one", "1"), suppressed=Suppression("comment", None))) == "one"


def test_edits_in_another_file_are_not_made() -> None:
    other = Source("requirements.txt", "one")
    elsewhere = Fix("Mend it", (Edit(other.span(0, 3), "1"),), Applicability.SAFE)
    assert _fixed("one", _linting(("one", "1"), fix=elsewhere)) == "one"


def test_edits_from_the_end() -> None:
    source = Source("Dockerfile", "abcdef")
    edits = [Edit(source.span(0, 1), "AA"), Edit(source.span(5, 6), ""), Edit(source.span(3, 3), "-")]
    assert edited(source.text, edits) == "AAbc-de"
