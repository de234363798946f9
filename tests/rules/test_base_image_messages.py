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


def test_a_text_that_is_no_dockerfile_gets_one_finding(registry: Registry) -> None:
    (message,) = messages(registry, "ML001", "numpy==2.1.3\ntorch==2.5.1\nscipy==1.14.1\npandas==2.2.3\n")
    assert message.endswith("is this a Dockerfile?")
    few = messages(registry, "ML001", "RUM a\nCOPPY b c\n")
    assert len(few) > 1
    assert all(each[0].isupper() and each.endswith(".") for each in few)
