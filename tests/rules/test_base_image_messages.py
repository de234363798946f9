"""What the rules of the families 0 and 1 say where the words depend on the file around them."""

from __future__ import annotations

import pytest

from mllint.engine import check
from mllint.plugins import Registry
from mllint.source import Source


def messages(registry: Registry, rule_id: str, text: str) -> list[str]:
    checked = check(Source("Dockerfile", text), [registry.load(rule_id)()])
    assert not checked.crashes
    return [finding.message for finding in checked.findings]


@pytest.mark.parametrize(
    ("tag", "remedy"),
    [
        ("11.4.2-devel-ubuntu20.04", "Take `nvidia/cuda:11.4.3-devel-ubuntu20.04`."),
        (
            "10.2-devel-ubuntu18.04",
            "The nearest that exists is of another version: `nvidia/cuda:11.0.3-devel-ubuntu18.04`.",
        ),
    ],
)
def test_a_tag_of_another_version_is_called_so(registry: Registry, tag: str, remedy: str) -> None:
    (message,) = messages(registry, "ML104", f"FROM nvidia/cuda:{tag}\n")
    assert message.endswith(remedy)


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("pip install lightgbm==4.5.0", "(about 45 MB), with `libgomp1` by apt-get, which its packages load; what has"),
        ("pip install flask==3.0.3", "(about 45 MB); what has to compile"),
        ("pip install lightgbm==4.5.0 && git log", "its packages load, and `git`, which this file uses"),
        ("apt-get update && apt-get install -y libgomp1 && pip install lightgbm==4.5.0", "(about 45 MB); what has"),
    ],
)
def test_the_slim_image_lacks_what_packages_load(registry: Registry, run: str, said: str) -> None:
    text = f'FROM python:3.11\nRUN {run}\nCMD ["uvicorn", "app:app"]\n'
    (message,) = messages(registry, "ML105", text)
    assert said in message
    (found,) = check(Source("Dockerfile", text), [registry.load("ML105")()]).findings
    assert found.fix is not None
    assert (found.fix.applicability.value == "display") is (", with `" in message)


def test_the_maintained_system_had_the_point_release(registry: Registry) -> None:
    (message,) = messages(registry, "ML103", "FROM python:3.12.1-slim-bullseye\n")
    assert message.endswith("Take `python:3.12.1-slim-bookworm`.")
    (message,) = messages(registry, "ML103", "FROM python:3.12-slim-bullseye\n")
    assert message.endswith("Take `python:3.12-slim-trixie`.")


def test_the_build_stops_only_at_stages_that_it_needs(registry: Registry) -> None:
    missing = "FROM nvidia/cuda:11.8.0-base AS gpu\n"
    (needed,) = messages(registry, "ML104", missing)
    (spare,) = messages(registry, "ML104", f"{missing}FROM python:3.12.7-slim\n")
    assert "The build stops here." in needed
    assert "A build that needs this stage stops." in spare


def test_a_stage_that_is_not_built_fetches_nothing(registry: Registry) -> None:
    old = "FROM debian:buster-slim AS old\nRUN apt-get update\n"
    (needed,) = messages(registry, "ML103", old)
    (spare,) = messages(registry, "ML103", f"{old}FROM debian:trixie-slim\n")
    assert "stops the build" in needed
    assert "stops the build" not in spare


def test_the_same_end_under_several_stages_is_one_finding_with_all_edits(registry: Registry) -> None:
    text = "FROM debian:buster-slim AS a\nFROM debian:buster-slim AS b\nFROM debian:bullseye-slim\n"
    (old, other) = check(Source("Dockerfile", text), [registry.load("ML103")()]).findings
    assert [(each.span.first.line, each.message) for each in old.related] == [(2, "the same here")]
    assert old.fix is not None
    assert [edit.span.first.line for edit in old.fix.edits] == [1, 2]
    assert other.span.first.line == 3


def test_the_same_python_in_another_image_is_not_told_again(registry: Registry) -> None:
    (message,) = messages(registry, "ML103", "FROM python:3.8-slim AS a\nFROM python:3.8\n")
    assert message.startswith("Python 3.8 reached")


def test_wheels_for_centos_are_built_elsewhere(registry: Registry) -> None:
    (message,) = messages(registry, "ML103", "FROM quay.io/pypa/manylinux2014_aarch64\nRUN yum install -y git\n")
    assert "Take `quay.io/pypa/manylinux_2_28_aarch64`" in message
    assert "left the mirrors" not in message


def test_a_placeholder_names_the_argument_to_give(registry: Registry) -> None:
    (message,) = messages(registry, "ML004", "ARG PYTHON=notset\nFROM python:${PYTHON}-slim\n")
    assert "`PYTHON` is `notset` unless" in message
    assert "`--build-arg PYTHON=…`" in message


def test_a_text_that_is_no_dockerfile_gets_one_finding(registry: Registry) -> None:
    (message,) = messages(registry, "ML001", "numpy==2.1.3\ntorch==2.5.1\nscipy==1.14.1\npandas==2.2.3\n")
    assert message.endswith("is this a Dockerfile?")
    few = messages(registry, "ML001", "RUM a\nCOPPY b c\n")
    assert len(few) > 1
    assert all(each[0].isupper() and each.endswith(".") for each in few)
