"""A small run with everything that a report can hold, and `make`, which builds smaller ones."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.finding import Applicability, Confidence, Edit, Finding, Fix, Related, Severity, Suppression
from mllint.report.run import ErrorReport, FileReport, RuleInfo, Run, StageReport
from mllint.source import Source, Span

TEXT = """\
FROM nvidia/cuda:12.2.0-base-ubuntu22.04 AS serve
ARG VARIANT=cu122
RUN pip install torch==2.1.0 --index-url https://wheels.example/whl/cu122
RUN pip install \\
    numpy \\
    pandas \\
    scipy \\
    transformers
USER root
"""


class Make:
    """Builds values with what a test does not care about filled in."""

    @staticmethod
    def span(source: Source, text: str, occurrence: int = 0) -> Span:
        """The range of a piece of the source's text."""
        at = -1
        for _ in range(occurrence + 1):
            at = source.text.index(text, at + 1)
        return source.span(at, at + len(text))

    @staticmethod
    def finding(span: Span, rule: str = "ML101", severity: Severity = Severity.WARNING, **more: Any) -> Finding:
        values: dict[str, Any] = {"name": "some-name", "confidence": Confidence.HIGH, "message": "Something is wrong."}
        return Finding(rule=rule, severity=severity, span=span, **(values | more))

    @staticmethod
    def rule(code: str = "ML101", severity: Severity = Severity.WARNING, **more: Any) -> RuleInfo:
        values: dict[str, Any] = {"name": "some-name", "summary": "One sentence.", "help": "One sentence.\n"}
        return RuleInfo(id=code, severity=severity, **(values | more))

    @staticmethod
    def run(*findings: Finding, **more: Any) -> Run:
        """A run over the files that the findings point into."""
        paths = dict.fromkeys(item.span.source.path for item in findings)
        values: dict[str, Any] = {"files": tuple(FileReport(path) for path in paths), "root": "."}
        return Run("1.2.3", findings=findings, **(values | more))


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def run() -> Run:
    docker = Source("app/Dockerfile", TEXT)
    pins = Source("app/requirements.txt", "numpy\ntorch>=2\n")
    base = Make.span(docker, "nvidia/cuda:12.2.0-base-ubuntu22.04")
    cuda = Make.finding(
        Make.span(docker, "cu122", 1),
        "ML303",
        Severity.ERROR,
        name="unknown-cuda-wheel-index",
        message="`cu122` was never published by PyTorch, so that pip finds no torch 2.1.0 and the build stops here.",
        related=(
            Related(base, "The base image brings CUDA 12.2."),
            Related(Make.span(pins, "torch>=2"), "Wanted here."),
        ),
        fix=Fix(
            "Use the index for CUDA 12.1",
            (Edit(Make.span(docker, "cu122", 1), "cu121"),),
            applicability=Applicability.SAFE,
        ),
        stage="serve",
    )
    packages = Make.finding(
        docker.span(docker.text.index("pip install \\"), docker.text.index("USER")),
        "ML201",
        name="unpinned-package",
        message="Four packages have no version.",
        confidence=Confidence.MEDIUM,
    )
    root = Make.finding(
        Make.span(docker, "USER root"),
        "ML501",
        name="root-user",
        message="The container runs as root.",
        fix=Fix("Switch to a user", (Edit(Make.span(docker, "USER root"), "RUN useradd app\nUSER app"),)),
    )
    digest = Make.finding(base, "ML102", Severity.INFO, name="base-image-without-digest", message="The tag may move.")
    pinned = Make.finding(
        Make.span(pins, "torch>=2"), "ML203", name="unpinned-requirements", message="Any later torch."
    )
    hidden = Make.finding(
        Make.span(docker, "ARG"), "ML601", name="poor-layer-order", suppressed=Suppression("comment", "it is tiny")
    )
    found = (pinned, root, digest, packages, cuda, hidden)
    return Run(
        version="1.2.3",
        files=(
            FileReport("app/Dockerfile", "serving", (StageReport("serve", 0, "nvidia/cuda:12.2.0", 1, True),)),
            FileReport("clean/Dockerfile"),
        ),
        findings=found,
        errors=(ErrorReport("bad/Dockerfile", "is not UTF-8"), ErrorReport(None, "rule ML999 failed")),
        rules={item.rule: Make.rule(item.rule, item.severity, name=item.name) for item in found},
        root=".",
    )
