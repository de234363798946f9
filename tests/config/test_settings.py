"""The table of keys, and what is said about wrong keys and values."""

from __future__ import annotations

import pytest

from mllint.config.errors import ConfigError
from mllint.config.settings import DEFAULT_EXCLUDE, KEYS, ROLES, Selectors, Settings, check
from mllint.finding import Severity


def test_every_field_has_a_key_and_every_key_a_field() -> None:
    derived = {"path", "root", "origin", "prefix", "selectors", "in_file", "in_call", "from_hadolint"}
    fields = {*Settings._fields, *Selectors._fields} - derived

    assert {key.field for key in KEYS} == fields
    assert all(key.doc.endswith(".") for key in KEYS)


def test_the_defaults_pass_their_own_check() -> None:
    for key in KEYS:
        if key.default is not None:
            assert check({key.name: key.default}) == {key.field: key.default}


def test_the_roles_are_those_of_the_analysis() -> None:
    from mllint.semantic.role import Role

    assert set(ROLES) == {role.value for role in Role}


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ({}, {}),
        ({"select": ["ML1"]}, {"select": ("ML1",)}),
        ({"extend-select": ["ML1"]}, {"extend_select": ("ML1",)}),
        ({"extend_select": []}, {"extend_select": ()}),
        ({"fail_on": "never"}, {"fail_on": "never"}),
        ({"severity": {"ML1": "error"}}, {"severity": {"ML1": Severity.ERROR}}),
        ({"driver": 535}, {"driver": "535"}),
        ({"driver": "535.104.05"}, {"driver": "535.104.05"}),
        ({"gpu": "RTX 4090"}, {"gpu": "RTX 4090"}),
        ({"gpu": "sm_90"}, {"gpu": "sm_90"}),
        ({"build-args": {"A": "x", "N": 3, "B": True}}, {"build_args": {"A": "x", "N": "3", "B": "true"}}),
        ({"build-args": ["A=x=y", "B="]}, {"build_args": {"A": "x=y", "B": ""}}),
        ({"per-file-ignores": {"*.dev": ["ML5"]}}, {"per_file_ignores": {"*.dev": ("ML5",)}}),
        ({"rules": {"ML101": {"severity": "info"}}}, {"rules": {"ML101": {"severity": "info"}}}),
        ({"respect-gitignore": False}, {"respect_gitignore": False}),
    ],
)
def test_values(written: dict[str, object], fields: dict[str, object]) -> None:
    assert check(written) == fields


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"selct": []}, 'unknown key "t.selct" (did you mean "select"?)'),
        ({"per_file_ignore": {}}, 'unknown key "t.per_file_ignore" (did you mean "per-file-ignores"?)'),
        ({"zzz": 1}, 'unknown key "t.zzz"; the keys are select, extend-select,'),
        ({True: 1}, 'unknown key "t.True"'),
        ({"fail-on": "error", "fail_on": "info"}, '"t.fail_on" is written twice'),
        ({"select": "ML1"}, '"t.select" must be a list of strings, not a string'),
        ({"select": ["ML1", 2]}, '"t.select[1]" must be a string, not a whole number'),
        ({"select": None}, '"t.select" must be a list of strings, not nothing'),
        ({"profile": "stric"}, '"t.profile" must be one of "default", "strict", not "stric" (did you mean "strict"?)'),
        ({"profile": ["strict"]}, '"t.profile" must be a string, not a list'),
        ({"role": "server"}, 'did you mean "serving"?'),
        ({"severity": {"ML1": "eror"}}, '"t.severity.ML1" must be one of'),
        ({"severity": "error"}, '"t.severity" must be a table, not a string'),
        ({"driver": 535.104}, '"t.driver" must be a string: write the driver'),
        ({"driver": True}, '"t.driver" must be a string, not a boolean'),
        ({"gpu": "H10"}, '"t.gpu" must be a GPU that is known, not "H10" (did you mean H100, '),
        ({"gpu": "toaster"}, "GPUs are written like H100, A100, L4, RTX 4090 or sm_90"),
        ({"driver": "r535"}, '"t.driver" must be the version of an NVIDIA driver such as "535.104.05", not "r535"'),
        ({"target": ""}, '"t.target" must not be empty'),
        ({"build-args": {"A": 1.5}}, '"t.build-args.A" must be a string: write the value in quotes'),
        ({"build-args": {"A": None}}, '"t.build-args.A" must be a string, not nothing'),
        ({"build-args": ["A"]}, '"t.build-args" must hold NAME=value, not "A"'),
        ({"build-args": ["=A"]}, '"t.build-args" must hold NAME=value'),
        ({"build-args": {1: "x"}}, '"t.build-args" has the key 1, which must be a string'),
        ({"per-file-ignores": {"a": "ML1"}}, '"t.per-file-ignores.a" must be a list of strings, not a string'),
        ({"rules": {"ML101": 1}}, '"t.rules.ML101" must be a table, not a whole number'),
        ({"respect-gitignore": "yes"}, '"t.respect-gitignore" must be true or false, not a string'),
    ],
)
def test_messages(written: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(written, "t.")
    assert message in str(caught.value)


def test_the_excluded_folders_are_sorted() -> None:
    assert list(DEFAULT_EXCLUDE) == sorted(DEFAULT_EXCLUDE)
