"""The fixes of all rules at once, over the cases of each rule."""

from __future__ import annotations

import pytest
from cases import case_files, is_folder_case
from catalogue import CATALOGUE

from mllint.config.load import Configuration
from mllint.finding import Severity
from mllint.fixer import fix
from mllint.lint import FileResult, Linter
from mllint.plugins import Registry
from mllint.source import Source
from mllint.syntax.parser import parse

#: Of each rule's cases, so that all of them together take seconds.
_MOST = 5


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_fixes_of_all_rules_get_on(registry: Registry, rule_id: str) -> None:
    """No error comes, the file parses as before, and a second run has nothing to do.

    Other findings may come: of an image whose tag is right at last there is more to say.
    """
    linter = Linter(Configuration(isolated=True, overrides={"profile": "strict"}), registry)
    for path in [each for each in case_files(rule_id) if not is_folder_case(each)][:_MOST]:
        source = Source("Dockerfile", path.read_text(encoding="utf-8"))
        fixed = fix(source, linter.lint, unsafe=True)
        before, after = linter.lint(source), linter.lint(fixed.source)
        assert _errors(after) <= _errors(before), path
        assert len(parse(fixed.source).problems) <= len(parse(source).problems), path
        assert fix(fixed.source, linter.lint, unsafe=True).mended == (), path


def _errors(result: FileResult) -> int:
    assert result.errors == ()
    return sum(each.severity is Severity.ERROR for each in result.findings)
