"""Which CUDA variants an install looks for."""

from __future__ import annotations

import pytest

from mllint.semantic.build import Build
from mllint.semantic.wheels import best_variant, build_of_version, cuda_of_variant, wheel_indexes
from mllint.source import Source
from mllint.syntax.parser import parse

WHL = "https://download.pytorch.org/whl"


def found(body: str) -> list[tuple[str, bool, str | None, str]]:
    stage = Build(parse(Source("Dockerfile", f"FROM python:3.12\n{body}\n"))).stages[0]
    return [
        (index.kind, index.official, index.variant, index.span.text)
        for index in wheel_indexes(stage.package_steps[-1], stage)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"RUN pip install torch --index-url {WHL}/cu121", ("index-url", True, "cu121", "cu121")),
        (f"RUN pip install torch -i {WHL}/cu121/", ("index-url", True, "cu121", "cu121")),
        (f"RUN pip install torch -f {WHL}/cu113/torch_stable.html", ("find-links", True, "cu113", "cu113")),
        (f"RUN pip install torch --index-url={WHL}/cpu", ("index-url", True, None, f"{WHL}/cpu")),
        (f"ARG C=121\nRUN pip install torch --index-url {WHL}/cu$C", ("index-url", True, "cu121", "cu$C")),
        (f"ENV PIP_INDEX_URL={WHL}/cu121\nRUN pip install torch", ("index-url", True, "cu121", "cu121")),
        ("RUN uv pip install --torch-backend cu121 torch", ("torch-backend", True, "cu121", "cu121")),
        (f"RUN pip install torch -i {WHL}/nightly/cu121", ("index-url", False, None, f"{WHL}/nightly/cu121")),
        (
            "RUN pip install a -i https://mirror.example/cu121",
            ("index-url", False, None, "https://mirror.example/cu121"),
        ),
        (f"ARG C\nRUN pip install torch -i {WHL}/$C", ("index-url", False, None, f"{WHL}/$C")),
    ],
)
def test_an_index(body: str, expected: tuple[str, bool, str | None, str]) -> None:
    assert found(body) == [expected]


def test_an_option_replaces_the_variable_of_its_kind() -> None:
    body = f"ENV PIP_INDEX_URL={WHL}/cu118\nRUN pip install torch -i {WHL}/cu121"
    assert [variant for _, _, variant, _ in found(body)] == ["cu121"]


def test_a_variable_of_another_installer_does_not_count() -> None:
    assert found("ENV UV_TORCH_BACKEND=cu121\nRUN pip install torch") == []


@pytest.mark.parametrize(
    ("variant", "cuda"),
    [("cu92", (9, 2)), ("cu121", (12, 1)), ("cu12.1", (12, 1)), ("cpu", None), ("rocm6.0", None), ("cu", None)],
)
def test_the_cuda_of_a_variant(variant: str, cuda: tuple[int, int] | None) -> None:
    assert cuda_of_variant(variant) == cuda


def test_local_versions() -> None:
    versions = ["2.0.1+cu118", "2.1", "1+cpu", "0.2+cu124torch2.4", "1.0+pt20cu117", None]
    assert [build_of_version(each) for each in versions] == ["cu118", None, "cpu", "cu124", "cu117", None]


@pytest.mark.parametrize(
    ("version", "cuda", "best"),
    [
        ("2.1.0", (12, 2), "cu121"),
        ("2.1.0", (12, 0), "cu118"),
        ("2.6.0", (11, 7), "cu118"),
        ("2.6.0", (10, 2), None),
        (None, (11, 8), "cu118"),
        ("99.0", (12, 1), "cu121"),
    ],
)
def test_the_variant_that_suits_a_cuda(version: str | None, cuda: tuple[int, int], best: str | None) -> None:
    assert best_variant(version, cuda) == best
