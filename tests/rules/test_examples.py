"""The examples of every rule's page are executed, and so are their fixes."""

from __future__ import annotations

from pathlib import Path

import pytest
from catalogue import CATALOGUE

from mllint.engine import Checked, check
from mllint.finding import Applicability
from mllint.fixer import edited
from mllint.pages import Example, page
from mllint.plugins import Registry
from mllint.rule import Rule
from mllint.source import Source
from mllint.syntax.parser import parse
from mllint.testing import build_options, context_file, lay_out, rule_settings


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder around an example is its build context."""
    monkeypatch.chdir(tmp_path)


def run(registry: Registry, rule_id: str, example: Example, text: str | None = None) -> Checked:
    """The default rules, and the one that the example belongs to, over an example."""
    rule = registry.load(rule_id)
    settings = rule_settings(rule, example.options)
    rules: list[Rule] = [rule(settings)]
    rules += [each() for each in map(registry.load, registry.ids) if each.default and each is not rule]
    source = Source(example.options.get("name", "<stdin>"), text if text is not None else example.text)
    if example.files:
        lay_out(map(context_file, example.files), "context")
    options = build_options(example.options, context="context" if example.files else None)
    checked = check(source, rules, options, registry)
    assert not checked.crashes
    return checked


def said(checked: Checked) -> list[str]:
    return [f"{each.rule} {each.span.text!r}: {each.message}" for each in checked.findings]


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_bad_examples_have_the_rules_finding_and_no_other(registry: Registry, rule_id: str) -> None:
    for example in page(registry.load(rule_id)).examples("Bad"):
        checked = run(registry, rule_id, example)
        shown = {each.rule for each in checked.findings if each.suppressed is None}
        assert shown == {rule_id}, said(checked)


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_good_examples_have_no_findings(registry: Registry, rule_id: str) -> None:
    for example in page(registry.load(rule_id)).examples("Good"):
        checked = run(registry, rule_id, example)
        assert not checked.findings, said(checked)


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_fixes_of_bad_examples_do_away_with_the_finding(registry: Registry, rule_id: str) -> None:
    for example in page(registry.load(rule_id)).examples("Bad"):
        checked = run(registry, rule_id, example)
        fixes = [each.fix for each in checked.findings if each.fix is not None]
        applied = [fix for fix in fixes if fix.edits and fix.applicability is not Applicability.DISPLAY]
        if not applied:
            continue
        text = edited(example.text, [edit for fix in applied for edit in fix.edits])
        after = run(registry, rule_id, example, text)
        assert not after.findings or len(after.findings) < len(checked.findings), said(after)
        assert len(applied) < len(checked.findings) or not after.findings, said(after)
        assert not parse(Source("Dockerfile", text)).problems


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_page_speaks_of_its_fix(registry: Registry, rule_id: str) -> None:
    found = page(registry.load(rule_id))
    fixes = [each.fix for example in found.examples("Bad") for each in run(registry, rule_id, example).findings]
    if any(fixes):
        assert "Fix safety" in found.sections
