"""Codes, names and levels are the same in the registry, in the rules, in their pages and in their cases."""

from __future__ import annotations

import pytest
from cases import CASES, case_files
from catalogue import CATALOGUE, OFF_BY_DEFAULT

from mllint.pages import OPTIONAL, REQUIRED, page
from mllint.plugins import Registry


def test_the_registry_has_the_rules_of_the_catalogue(registry: Registry) -> None:
    assert registry.ids == tuple(CATALOGUE)


def test_no_two_rules_share_a_name(registry: Registry) -> None:
    assert len(registry.names) == len(CATALOGUE)


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_rule_is_what_the_catalogue_says(registry: Registry, rule_id: str) -> None:
    rule = registry.load(rule_id)
    assert (rule.id, rule.name, rule.severity.value) == (rule_id, *CATALOGUE[rule_id])
    assert rule.default is (rule_id not in OFF_BY_DEFAULT)


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_rule_has_a_module_of_its_own_named_after_it(registry: Registry, rule_id: str) -> None:
    rule = registry.load(rule_id)
    assert rule.__module__.rpartition(".")[2] == f"{rule_id.lower()}_{rule.name.replace('-', '_')}"
    assert rule.__name__.lower() == rule.name.replace("-", "")


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_page_has_its_sections_in_order(registry: Registry, rule_id: str) -> None:
    found = list(page(registry.load(rule_id)).sections)
    assert found == [section for section in (*REQUIRED, *OPTIONAL) if section in found]
    assert set(REQUIRED) <= set(found)
    assert all(page(registry.load(rule_id)).sections.values())


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_page_begins_with_a_sentence(registry: Registry, rule_id: str) -> None:
    summary = page(registry.load(rule_id)).summary
    assert summary.endswith(".")
    assert len(summary) <= 160


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_page_has_examples(registry: Registry, rule_id: str) -> None:
    found = page(registry.load(rule_id))
    assert found.examples("Bad")
    assert found.examples("Good")


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_rule_has_cases(rule_id: str) -> None:
    assert len(case_files(rule_id)) >= 3


def test_cases_belong_to_rules_of_the_catalogue() -> None:
    assert {each.name for each in CASES.iterdir() if each.is_dir()} <= set(CATALOGUE)
