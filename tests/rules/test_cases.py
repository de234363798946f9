"""Every case under fixtures/cases says by its `# expect:` comments what its rule finds in it, and finds no more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cases import CASES, case_files, is_folder_case
from catalogue import CATALOGUE

from mllint.finding import Finding
from mllint.plugins import Registry
from mllint.source import Source
from mllint.testing import Case, Expectation, differences, lay_out, read_case, rule_settings, run_case

FILES = [(rule_id, path) for rule_id in CATALOGUE for path in case_files(rule_id)]


@pytest.mark.parametrize(
    ("rule_id", "path"), [pytest.param(*each, id=str(each[1].relative_to(CASES))) for each in FILES]
)
def test_case(registry: Registry, rule_id: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = path.parent if is_folder_case(path) else None
    case = read_case(str(path) if folder else "<stdin>", path.read_text(encoding="utf-8"))
    if case.files:
        folder = laid_out(case, folder, tmp_path)
        case = case._replace(source=Source(str(folder / case.options.get("name", "Dockerfile")), case.source.text))
    elif "name" in case.options:
        case = case._replace(source=Source(case.options["name"], case.source.text))
    rule = registry.load(rule_id)
    # Rules beside the one in question, for cases of ignore comments.
    others = [registry.load(other)() for other in filter(None, case.options.get("with", "").split(","))]
    rules = [rule(rule_settings(rule, case.options)), *others]
    # `infer=true` leaves it to mllint to find the context.
    given = str(folder) if folder and "infer" not in case.options else None
    checked = run_case(case, rules, context=given)
    assert not checked.crashes
    expected = {case.source.path: case.expected, **(in_other_files(path) if is_folder_case(path) else {})}
    found: dict[str, list[Finding]] = {name: [] for name in expected}
    for finding in checked.findings:
        if finding.suppressed is None:
            found.setdefault(finding.span.source.path, []).append(finding)
    problems = [f"{name}: {each}" for name in found for each in differences(found[name], expected.get(name, ()))]
    assert not problems, "\n".join(problems)


def laid_out(case: Case, folder: Path | None, top: Path) -> Path:
    """A context with the files of a case beside those of its own folder; `name=` says where the Dockerfile is in it."""
    made = top / "context"
    if folder is not None:
        shutil.copytree(folder, made)
    lay_out(case.files, str(made))
    dockerfile = made / case.options.get("name", "Dockerfile")
    dockerfile.parent.mkdir(parents=True, exist_ok=True)
    dockerfile.write_text(case.source.text, encoding="utf-8")
    return made


def in_other_files(dockerfile: Path) -> dict[str, tuple[Expectation, ...]]:
    """What is expected in the other files of a folder, such as its requirements."""
    files = [each for each in dockerfile.parent.rglob("*") if each.is_file() and each != dockerfile]
    texts = {str(each): each.read_text(encoding="utf-8", errors="replace") for each in files}
    cases = {name: read_case(name, text).expected for name, text in texts.items()}
    return {name: expected for name, expected in cases.items() if expected}


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_rule_has_cases_for_both_answers(rule_id: str) -> None:
    expected = []
    for path in case_files(rule_id):
        others = in_other_files(path) if is_folder_case(path) else {}
        expected.append(bool(others) or bool(read_case(str(path), path.read_text(encoding="utf-8")).expected))
    assert True in expected, "no case with a finding"
    assert False in expected, "no case in which the rule stays silent"


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_no_rule_crashes_on_the_cases_of_another(registry: Registry, rule_id: str) -> None:
    rules = [registry.load(each)() for each in CATALOGUE]
    for path in case_files(rule_id):
        case = read_case("<stdin>", path.read_text(encoding="utf-8"))
        checked = run_case(case, rules, context=str(path.parent) if is_folder_case(path) else None)
        assert not checked.crashes, path
