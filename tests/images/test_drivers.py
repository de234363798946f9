"""Drivers: the least one for a CUDA, and what one runs."""

from __future__ import annotations

import pytest

from mllint.images.drivers import Outcome, Rule, least_driver, runs_on, start_gate, start_requirement


@pytest.mark.parametrize(
    ("cuda", "minimum", "native", "rule"),
    [
        ("10.2", "440.33", "440.33", Rule.TOOLKIT),
        ("9.0", "384.81", "384.81", Rule.TOOLKIT),
        ("11.0.3", "450.36.06", "450.51.06", Rule.MINOR_VERSION),
        ("11.8.0", "450.80.02", "520.61.05", Rule.MINOR_VERSION),
        ("12.2", "525.60.13", "535.54.03", Rule.MINOR_VERSION),
        ("12.2.2", "525.60.13", "535.104.05", Rule.MINOR_VERSION),
        ("13.0.1", "580.65.06", "580.82.07", Rule.MINOR_VERSION),
        ("13.9", "580.65.06", None, Rule.MINOR_VERSION),
        # A major version is all that some wheels say of themselves.
        ("11", "450.80.02", None, Rule.MINOR_VERSION),
        ("12", "525.60.13", None, Rule.MINOR_VERSION),
    ],
)
def test_least_driver(cuda: str, minimum: str, native: str | None, rule: Rule) -> None:
    need = least_driver(cuda)
    assert need is not None
    assert (need.minimum, need.native, need.rule) == (minimum, native, rule)


@pytest.mark.parametrize("cuda", ["14.0", "8.0", "14", "", "latest"])
def test_least_driver_is_not_guessed(cuda: str) -> None:
    assert least_driver(cuda) is None


def test_a_point_release_without_a_known_driver_is_not_sure() -> None:
    need = least_driver("12.8.2")
    assert need is not None
    assert (need.native, need.sure) == ("570.124.06", False)


@pytest.mark.parametrize(
    ("cuda", "driver", "outcome"),
    [
        ("12.2.0", "535.54.03", Outcome.RUNS),
        ("12.2.2", "535.104.05", Outcome.RUNS),
        # 86 is less than 104: these are numbers, not text.
        ("12.2.2", "535.86.10", Outcome.MINOR_VERSION),
        ("12.4.1", "535.104.05", Outcome.MINOR_VERSION),
        ("12.9.1", "525.60.13", Outcome.MINOR_VERSION),
        ("12.4.1", "525.60.11", Outcome.NEEDS_COMPAT),
        ("12.4.1", "470.57.02", Outcome.NEEDS_COMPAT),
        ("12.4.1", "510.47.03", Outcome.FAILS),
        ("13.0.0", "575.57.08", Outcome.NEEDS_COMPAT),
        ("13.0.0", "535.104.05", Outcome.NEEDS_COMPAT),
        ("13.0.0", "545.23.08", Outcome.FAILS),
        ("11.8.0", "450.80.02", Outcome.MINOR_VERSION),
        ("11.8.0", "580.65.06", Outcome.RUNS),
        ("10.2", "440.33.01", Outcome.RUNS),
        ("10.2", "418.87.00", Outcome.NEEDS_COMPAT),
        ("10.2", "410.48", Outcome.FAILS),
        ("9.2.148", "390.46", Outcome.FAILS),
        ("12.2", "535", Outcome.RUNS),
        ("12.2", "R535", Outcome.RUNS),
        ("13.3.0", "700.10.01", Outcome.RUNS),
        ("14.0", "580.65.06", Outcome.UNKNOWN),
        ("12.2", "newest", Outcome.UNKNOWN),
    ],
)
def test_runs_on(cuda: str, driver: str, outcome: Outcome) -> None:
    assert runs_on(cuda, driver).outcome is outcome


def test_a_verdict_carries_the_figures_for_its_message() -> None:
    verdict = runs_on("12.4.1", "535.104.05")
    assert verdict.need is not None
    assert (verdict.need.minimum, verdict.need.native) == ("525.60.13", "550.54.15")
    assert (verdict.branch, verdict.driver_cuda) == (535, "12.2")


@pytest.mark.parametrize(
    ("cuda", "driver", "starts"),
    [
        ("12.4.1", "550.54.15", True),
        ("12.4.1", "535.104.05", True),
        # CUDA would run it, the image does not list the branch.
        ("12.4.1", "530.30.02", False),
        # Branch 450 was taken off the list of 11.8.0 when the images were rebuilt.
        ("11.8.0", "450.80.02", False),
        ("11.8.0", "470.57.02", True),
        ("13.0.0", "525.60.13", False),
    ],
)
def test_start_gate(cuda: str, driver: str, starts: bool) -> None:
    gate = start_gate(cuda, driver)
    assert gate is not None
    assert gate.starts is starts


@pytest.mark.parametrize(
    ("cuda", "driver"), [("13.3.0", "580.65.06"), ("12.4.1", "999.1"), ("12", "535"), ("12.4.1", "")]
)
def test_start_gate_is_not_guessed(cuda: str, driver: str) -> None:
    assert start_gate(cuda, driver) is None


def test_what_an_image_asks_at_start() -> None:
    assert start_requirement("12.4.1") == ("12.4", (470, 525, 535))
    assert start_requirement("11.4.3") == ("11.4", ())
    assert start_requirement("13.3.0") is None
    assert start_requirement("12") is None
