"""What GitHub asks of SARIF, above all where the validators that exist do not look."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from mllint.finding import Applicability, Confidence, Edit, Fix, Related, Severity, Suppression
from mllint.pages import describe
from mllint.plugins import load_plugins
from mllint.report import sarif
from mllint.report.fingerprint import line_hashes
from mllint.report.run import ErrorReport, Run
from mllint.report.style import Style
from mllint.source import Source

if TYPE_CHECKING:
    from pathlib import Path


def written(run: Run) -> dict[str, Any]:
    """The only run of the log."""
    out = io.StringIO()
    sarif.write(run, out, Style())
    document = json.loads(out.getvalue(), parse_constant=pytest.fail)
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-2.1.0.json")
    (only,) = document["runs"]
    assert isinstance(only, dict)
    return only


def every(value: Any) -> list[Any]:
    """The value and all that it holds."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(inner for item in items for inner in every(item))]


def test_no_level_is_lost(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    findings = [make.finding(source.span(0, 4), f"ML{index}0", level) for index, level in enumerate(Severity)]
    # The rule's default is another level than the finding's: a default must not hide the one that is meant.
    rules = {item.rule: make.rule(item.rule, Severity.ERROR) for item in findings}
    log = written(make.run(*findings, rules=rules))
    assert [result["level"] for result in log["results"]] == ["error", "warning", "note"]
    defaults = [rule["defaultConfiguration"]["level"] for rule in log["tool"]["driver"]["rules"]]
    assert defaults == ["error"] * 3
    warning = written(make.run(findings[1], rules={"ML10": make.rule("ML10")}))
    assert warning["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == "warning"


def test_nothing_is_null_and_no_number_is_unset(run: Run) -> None:
    values = every(written(run))
    assert None not in values
    assert -1 not in [value for value in values if isinstance(value, (int, float))]


def test_a_result_in_full(run: Run) -> None:
    log = written(run)
    (result,) = [item for item in log["results"] if item["ruleId"] == "ML303"]
    assert log["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "ML303"
    region = {"startLine": 3, "startColumn": 69, "endLine": 3, "endColumn": 74}
    artifact = {"uri": "app/Dockerfile", "uriBaseId": "%SRCROOT%"}
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": artifact, "region": region}}]
    assert result["message"]["text"].endswith("See: [The base image brings CUDA 12.2](1); [Wanted here](2).")
    assert [(item["id"], item["message"]["text"]) for item in result["relatedLocations"]] == [
        (1, "The base image brings CUDA 12.2."),
        (2, "Wanted here."),
    ]
    source = run.findings[0].span.source, run.findings[4].span.source
    assert result["partialFingerprints"] == {"primaryLocationLineHash": line_hashes(source[1].text)[3]}
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "cu121"}}]
    assert result["properties"] == {"confidence": "high"}


def test_every_rule_that_was_on_is_listed(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    rules = {code: make.rule(code) for code in ("ML501", "ML101", "ML303")}
    log = written(make.run(make.finding(source.span(0, 4), "ACME1"), rules=rules))
    listed = log["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in listed] == ["ACME1", "ML101", "ML303", "ML501"]
    assert log["results"][0]["ruleIndex"] == 0
    for rule in listed:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")


def test_a_clean_run_has_results_nonetheless(make: Any) -> None:
    log = written(make.run(rules={"ML101": make.rule()}))
    assert log["results"] == []
    assert len(log["tool"]["driver"]["rules"]) == 1
    assert log["columnKind"] == "unicodeCodePoints"
    assert "invocations" not in log
    assert "automationDetails" not in log


def rule_of(make: Any, **more: Any) -> dict[str, Any]:
    (rule,) = written(make.run(rules={"ML101": make.rule(**more)}))["tool"]["driver"]["rules"]
    assert isinstance(rule, dict)
    return rule


def test_what_a_rule_says_of_itself(make: Any) -> None:
    page = (
        "It floats.\n\n## Why is this bad?\n\nTwo builds of one file\ndiffer.\n\n## Bad\n\n```dockerfile\nFROM a\n```\n"
    )
    rule = rule_of(
        make,
        severity=Severity.INFO,
        name="unpinned-base-image",
        summary="It floats.",
        help=page,
        url="https://docs.example/ML101",
        tags=("reproducibility",),
        confidence=Confidence.MEDIUM,
    )
    assert rule["name"] == "unpinned-base-image"
    assert rule["shortDescription"]["text"] == "It floats."
    assert rule["fullDescription"]["text"] == "It floats. Two builds of one file differ."
    assert rule["help"] == {"text": page, "markdown": page}
    assert rule["helpUri"] == "https://docs.example/ML101"
    assert rule["properties"] == {
        "tags": ["docker", "reproducibility"],
        "precision": "medium",
        "problem.severity": "recommendation",
    }


def test_texts_and_lists_are_cut_to_what_is_read(make: Any) -> None:
    tags = tuple(f"tag{index}" for index in range(30))
    rule = rule_of(make, summary="x" * 3000, name="n" * 300, tags=(*tags, "tag1", "docker"))
    assert len(rule["shortDescription"]["text"]) == 1024
    assert len(rule["fullDescription"]["text"]) == 1024
    assert len(rule["name"]) == 255
    assert len(rule["properties"]["tags"]) == 20
    assert len(set(rule["properties"]["tags"])) == 20


@pytest.mark.parametrize("score", ["7.5", "10.0", "10", "0.1"])
def test_a_security_score_is_text_and_makes_a_security_rule(make: Any, score: str) -> None:
    properties = rule_of(make, security_severity=score)["properties"]
    assert properties["security-severity"] == score
    assert "security" in properties["tags"]


@pytest.mark.parametrize("score", [None, "", "high", "0", "0.0", "10.1", "99", "-1", "1e1", "nan", "7,5", "७"])
def test_another_score_is_left_out(make: Any, score: str | None) -> None:
    properties = rule_of(make, security_severity=score)["properties"]
    assert "security-severity" not in properties
    assert "security" not in properties["tags"]


def test_suppressed_findings_are_left_out(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    hidden = make.finding(source.span(0, 4), suppressed=Suppression("comment", None))
    log = written(make.run(hidden))
    assert log["results"] == []
    assert not [value for value in every(log) if isinstance(value, dict) and "suppressions" in value]


def test_errors_are_notes_of_a_run_that_did_not_fail(make: Any) -> None:
    log = written(make.run(errors=(ErrorReport("bad file", "is not UTF-8"), ErrorReport(None, "oh"))))
    (invocation,) = log["invocations"]
    assert invocation["executionSuccessful"] is True
    first, second = invocation["toolExecutionNotifications"]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "bad%20file"
    assert (second["level"], second["message"]["text"]) == ("error", "oh")


def test_no_more_results_than_are_read_and_the_worst_of_them(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    span = source.span(0, 4)
    notes = [make.finding(span, "ML102", Severity.INFO)] * 20_000
    unsure = [make.finding(span, "ML201", confidence=Confidence.LOW)] * 3_000
    sure = [make.finding(span, "ML202")] * 3_000
    errors = [make.finding(span, "ML303", Severity.ERROR)] * 10
    many = [finding._replace(message=str(index)) for index, finding in enumerate([*notes, *unsure, *sure, *errors])]
    log = written(make.run(*many))
    assert len(log["results"]) == 25_000
    levels = [result["level"] for result in log["results"]]
    assert (levels.count("error"), levels.count("warning"), levels.count("note")) == (10, 6_000, 18_990)
    (note,) = log["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("1,010 findings left out")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("Dockerfile", "Dockerfile"),
        ("./docker/Dockerfile", "docker/Dockerfile"),
        ("docker/../Dockerfile", "Dockerfile"),
        ("a b/Dockerfile", "a%20b/Dockerfile"),
        ("é/Docker#file?", "%C3%A9/Docker%23file%3F"),
        ("c:x", "c%3Ax"),
        ("100%", "100%25"),
        ("<stdin>", "stdin"),
        ("-", "stdin"),
        ("../elsewhere/Dockerfile", "Dockerfile"),
        ("/dev/null", "null"),
    ],
)
def test_paths(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, uri: str) -> None:
    monkeypatch.chdir(tmp_path)
    source = Source(path, "FROM a\n")
    log = written(make.run(make.finding(source.span(0, 4)), root=str(tmp_path)))
    assert log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_absolute_paths_and_links_are_named_from_the_root(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "Dockerfile").write_text("FROM a\n")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    for path in (str(tmp_path / "link" / "Dockerfile"), os.path.join("..", "link", "Dockerfile")):
        log = written(make.run(make.finding(Source(path, "FROM a\n").span(0, 4)), root=str(tmp_path)))
        assert log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "real/Dockerfile"


def test_without_a_root_the_repository_is_it(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    log = written(make.run(make.finding(Source("Dockerfile", "FROM a\n").span(0, 4)), root=None))
    assert log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sub/Dockerfile"


def test_text_from_the_standard_input_has_no_fingerprint(make: Any) -> None:
    log = written(make.run(make.finding(Source("<stdin>", "FROM a\n").span(0, 4))))
    assert "partialFingerprints" not in log["results"][0]


def test_regions_have_columns_in_code_points(make: Any) -> None:
    source = Source("Dockerfile", 'LABEL a="🚀é" b=x\nUSER y\n')
    log = written(make.run(make.finding(make.span(source, "b=x")), make.finding(source.span(0, 17))))
    regions = [item["locations"][0]["physicalLocation"]["region"] for item in log["results"]]
    assert regions == [
        {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 17},
        {"startLine": 1, "startColumn": 14, "endLine": 1, "endColumn": 17},
    ]


def test_a_link_keeps_the_brackets_of_its_text(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    span = source.span(0, 4)
    log = written(make.run(make.finding(span, related=(Related(span, 'CMD ["a\\b"].'), Related(span, "")))))
    expected = 'Something is wrong. See: [CMD \\["a\\\\b"\\]](1); [this place](2).'
    assert log["results"][0]["message"]["text"] == expected


def test_related_places_are_limited(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    span = source.span(0, 4)
    log = written(make.run(make.finding(span, related=(Related(span, "x"),) * 1500)))
    assert len(log["results"][0]["relatedLocations"]) == 100


def test_a_fix_that_is_only_shown_is_left_out(make: Any) -> None:
    span = Source("Dockerfile", "FROM a\n").span(0, 4)
    shown = Fix("Look", (Edit(span, "x"),), Applicability.DISPLAY)
    log = written(make.run(make.finding(span, fix=shown), make.finding(span, fix=Fix("Say"))))
    assert not [result for result in log["results"] if "fixes" in result]


@pytest.mark.parametrize(("version", "semantic"), [("0.1.0", True), ("0.1.0.dev1", False), ("1.0rc1", False)])
def test_versions(make: Any, version: str, semantic: bool) -> None:
    driver = written(make.run()._replace(version=version))["tool"]["driver"]
    assert driver["name"] == "mllint"
    assert driver["version"] == version
    assert ("semanticVersion" in driver) is semantic


def test_a_message_is_never_empty(make: Any) -> None:
    span = Source("Dockerfile", "FROM a\n").span(0, 4)
    log = written(make.run(make.finding(span, message=""), errors=(ErrorReport(None, ""),)))
    assert log["results"][0]["message"]["text"]
    assert log["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_built_in_rules_with_a_score_are_about_security(make: Any) -> None:
    """The tag is what code scanning files an alert under; the score alone would make one of any rule."""
    registry = load_plugins(isolated=True)
    infos = {each: describe(registry.load(each)) for each in registry.ids}
    scored = [info for info in infos.values() if info.security_severity is not None]
    assert len(scored) > 2
    listed = {rule["id"]: rule["properties"] for rule in written(make.run(rules=infos))["tool"]["driver"]["rules"]}
    for info in scored:
        assert listed[info.id]["security-severity"] == info.security_severity
        assert "security" in listed[info.id]["tags"]
    assert sum("security-severity" in properties for properties in listed.values()) == len(scored)
    assert max(len(properties["tags"]) for properties in listed.values()) <= 20


def test_every_region_has_columns(run: Run) -> None:
    regions = [value for value in every(written(run)) if isinstance(value, dict) and "startLine" in value]
    assert len(regions) > 5
    for region in regions:
        assert min(region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")) >= 1
        assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])


def test_findings_in_other_files_point_there(run: Run) -> None:
    (result,) = [item for item in written(run)["results"] if item["ruleId"] == "ML203"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "app/requirements.txt"
    assert place["region"]["startLine"] == 2
    assert result["partialFingerprints"]["primaryLocationLineHash"] == line_hashes("numpy\ntorch>=2\n")[2]
