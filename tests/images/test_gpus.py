"""GPUs by name, and which code runs on them."""

from __future__ import annotations

import pytest

from mllint.images import gpus


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("H100", "9.0"),
        ("NVIDIA A100-SXM4-40GB", "8.0"),
        ("rtx4090", "8.9"),
        ("RTX-3090", "8.6"),
        ("GTX 1080Ti", "6.1"),
        ("sm_90", "9.0"),
        ("sm_120", "12.0"),
        ("8.6", "8.6"),
        ("compute_75", "7.5"),
    ],
)
def test_a_name(name: str, capability: str) -> None:
    found = gpus.find_gpu(name)
    assert found is not None
    assert found.capability == capability


@pytest.mark.parametrize("name", ["", "H1000", "fast one", "sm_99"])
def test_no_gpu(name: str) -> None:
    assert gpus.find_gpu(name) is None


@pytest.mark.parametrize(
    ("architectures", "capability", "runs"),
    [
        ("8.0", "8.6", True),  # a higher minor version of the same major
        ("8.6", "8.0", False),  # never a lower one
        ("8.0", "9.0", False),  # no machine code of another major
        ("8.0+PTX", "9.0", True),  # PTX is compiled for what is newer
        ("9.0+PTX", "8.0", False),
        ("7.0 7.5 8.0", "12.0", False),
        ("9.0a", "9.0", True),
        ("10.0a", "10.3", False),  # code of an architecture-specific target is for that alone
        ("12.0", "12.1", True),
        ("", "8.0", False),
    ],
)
def test_binary_compatibility(architectures: str, capability: str, runs: bool) -> None:
    assert gpus.runs_code(architectures.split(), capability) is runs


@pytest.mark.parametrize(
    ("cuda", "capability", "targets"),
    [
        ("11.7", "9.0", False),
        ("11.8", "9.0", True),
        ("12.6.3", "12.0", False),
        ("12.8", "12.0", True),
        ("12.9", "7.0", True),
        ("13.0", "7.0", False),
        ("13.0", "7.5", True),
        ("12.0", "3.7", False),
        ("12", "9.0", None),
        ("99.0", "9.0", None),
        ("12.4", "99.0", None),
    ],
)
def test_what_a_toolkit_compiles_for(cuda: str, capability: str, targets: bool | None) -> None:
    assert gpus.toolkit_targets(cuda, capability) is targets


def test_names_lead_to_their_boards() -> None:
    for name in gpus.names():
        assert gpus.find_gpu(name) is not None, name
