"""The comparison of the tables with the package index, with reports written here: no index is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from mllint.knowledge import (
    jax,
    onnxruntime,
    pypi_packages,
    python_releases,
    python_wheels,
    tensorflow,
    torch,
    torch_companions,
)
from tools.refresh_tables import (
    Difference,
    Refresh,
    Release,
    compare_companion,
    compare_package,
    compare_pythons,
    compare_range,
    compare_tensorflow,
    compare_torch,
    known_names,
    main,
    newer,
    patch_level,
    read_report,
    requirement,
    same_specifier,
    wheel_kind,
)

REPORT = json.dumps(
    {
        "version": "1",
        "install": [
            {
                "download_info": {
                    "url": "https://example.org/t/torchvision-0.16.0-cp311-cp311-manylinux1_x86_64.whl#sha256=0"
                },
                "metadata": {
                    "name": "torchvision",
                    "version": "0.16.0",
                    "requires_python": ">=3.8",
                    "requires_dist": [
                        "numpy",
                        "torch (==2.1.0)",
                        "scipy ; extra == 'scipy'",
                        'pillow!=8.3.*,>=5.3.0 ; platform_system == "Linux"',
                        'winreg ; platform_system == "Windows"',
                    ],
                },
            }
        ],
    }
)


def texts(differences: Sequence[Difference]) -> list[str]:
    return [f"{each.field}: {each.table} -> {each.found}" for each in differences]


def test_a_report_is_read() -> None:
    found = read_report(REPORT)
    assert found.wheel == "torchvision-0.16.0-cp311-cp311-manylinux1_x86_64.whl"
    assert (found.name, found.version, found.requires_python) == ("torchvision", "0.16.0", ">=3.8")
    assert len(found.requires) == 5
    assert found.megabytes is None


@pytest.mark.parametrize(
    ("name", "extra", "specifier"),
    [
        ("torch", "", "==2.1.0"),
        ("numpy", "", ""),
        ("pillow", "", "!=8.3.*,>=5.3.0"),
        ("scipy", "", None),
        ("scipy", "scipy", ""),
        ("winreg", "", None),
        ("keras", "", None),
    ],
)
def test_a_requirement_is_found_for_linux(name: str, extra: str, specifier: str | None) -> None:
    assert requirement(read_report(REPORT), name, extra) == specifier


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (">=3.8", ">=3.8.0", True),
        (">=3.9,<3.13", "<3.13,>=3.9", True),
        ("8.9.2.26", "==8.9.2.26", True),
        ("", "", True),
        (">=3.8", ">=3.9", False),
        ("==2.1.0", "", False),
        ("neither of", "the two", False),
    ],
)
def test_specifiers_are_compared_by_meaning(left: str, right: str, same: bool) -> None:
    assert same_specifier(left, right) is same


def test_newer_releases_are_final_ones_above() -> None:
    assert newer(["2.9.0", "2.16.0", "2.15.0", "2.15.1", "2.17.0rc1", "what"], "2.15.0") == ["2.15.1", "2.16.0"]


@pytest.mark.parametrize(
    ("wheel", "kind"),
    [
        ("flask-3.1.3-py3-none-any.whl", "pure"),
        ("numpy-2.5.5-cp312-cp312-manylinux_2_27_x86_64.whl", "manylinux"),
        ("flash_attn-2.8.3.tar.gz", "source"),
    ],
)
def test_the_kind_of_a_wheel(wheel: str, kind: str) -> None:
    assert wheel_kind(wheel) == kind


def test_a_companion_that_pins_another_torch() -> None:
    row = torch_companions.find("torchvision", "0.16.0")
    assert row is not None
    found = read_report(REPORT)
    assert list(compare_companion(row, found)) == []
    other = found._replace(requires=("torch==2.1.9",))
    assert texts(list(compare_companion(row, other))) == ["torch: ==2.1.0 -> ==2.1.9"]
    assert texts(list(compare_companion(row, found._replace(requires=())))) == ["torch: ==2.1.0 -> "]


def torch_release(row: torch.Release) -> Release:
    """What an index that agrees with the table says."""
    major = row.cuda.partition(".")[0]
    requires = (
        f'nvidia-cuda-runtime-cu{major}=={row.cuda_runtime}; platform_system == "Linux"',
        f"nvidia-cudnn-cu{major}=={row.cudnn}",
        f"nvidia-nccl-cu{major}=={row.nccl}",
        f"triton{row.triton}",
    )
    wheel = f"torch-{row.version}-cp311-cp311-manylinux1_x86_64.whl"
    return Release("torch", row.version, wheel, row.requires_python, requires, float(row.wheel_mb))


def test_a_torch_as_the_table_has_it() -> None:
    row = torch.release("2.1.0")
    assert row is not None
    assert list(compare_torch(row, torch_release(row))) == []


def test_a_torch_with_another_cuda_and_size() -> None:
    row = torch.release("2.1.0")
    assert row is not None
    found = torch_release(row)
    changed = found._replace(
        requires=(*found.requires[1:], "nvidia-cuda-runtime-cu12==12.4.127"), requires_python=">=3.9", megabytes=900.0
    )
    assert texts(list(compare_torch(row, changed))) == [
        "requires_python: >=3.8.0 -> >=3.9",
        "cuda_runtime: 12.1.105 -> ==12.4.127",
        "wheel_mb: 670 MB -> 900.0 MB",
    ]


def test_a_tensorflow_that_dropped_its_extra() -> None:
    row = tensorflow.release("2.18.0")
    assert row is not None
    requires = (f"numpy{row.numpy}", f"keras{row.keras}", f"protobuf{row.protobuf}")
    found = Release("tensorflow", "2.18.0", "tensorflow-2.18.0-cp311-cp311-x.whl", row.requires_python, requires)
    assert [each.field for each in compare_tensorflow(row, found)] == ["cuda_pin", "cudnn_pin", "nccl_pin"]
    extra = " ; extra == 'and-cuda'"
    pins = (f"nvidia-cuda-runtime-cu12=={row.cuda_pin}", f"nvidia-cudnn-cu12=={row.cudnn_pin}")
    nccl = f"nvidia-nccl-cu12=={row.nccl_pin}"
    complete = found._replace(requires=(*requires, *(f"{pin}{extra}" for pin in (*pins, nccl))))
    assert list(compare_tensorflow(row, complete)) == []


def test_a_package_with_a_newer_release() -> None:
    row = pypi_packages.Package("thing", "1.0", "2026-01-01", "data", "pure", 1.0, ">=3.8", pulls="torch nvidia")
    same = Release("thing", "1.0.0", "thing-1.0-py3-none-any.whl", ">=3.8", ("torch>=2",), 1.01)
    assert list(compare_package(row, same)) == []
    other = Release("thing", "2.0", "thing-2.0-cp312-cp312-manylinux_2_28_x86_64.whl", ">=3.10", (), 3.0)
    assert [each.field for each in compare_package(row, other)] == [
        "latest",
        "requires_python",
        "wheel",
        "pulls",
        "size_mb",
    ]


def test_pythons_are_compared_without_free_threaded_ones() -> None:
    assert list(compare_pythons("x", "3.9 3.10 3.13t", ["3.10", "3.9"])) == []
    assert texts(list(compare_pythons("x", "3.9 3.10", ["3.10", "3.11"]))) == ["pythons: 3.9 3.10 -> 3.10 3.11"]


def test_a_range_that_ended() -> None:
    row = python_wheels.wheels("numpy", "3.12")
    assert row is not None
    assert row.last == ""
    assert list(compare_range("numpy", "3.12", [row.first, "9.0.0"], "9.0.0")) == []
    assert texts(list(compare_range("numpy", "3.12", [row.first, "8.0.0"], "9.0.0"))) == ["last:  -> 8.0.0"]
    assert [each.field for each in compare_range("numpy", "3.12", [], "9.0.0")] == ["first"]


class Index:
    """A client with answers of its own; a release that it has no report of has no wheel."""

    def __init__(self, versions: dict[str, tuple[str, ...]], releases: dict[str, Release]) -> None:
        self._versions = versions
        self._releases = releases
        self.asked: list[str] = []

    def versions(self, name: str, python: str | None = None) -> tuple[str, ...]:
        """The same for every Python."""
        return self._versions.get(name, ())

    def release(self, name: str, version: str, pythons: Sequence[str]) -> Release | None:
        """Says which releases were asked for."""
        assert pythons
        self.asked.append(f"{name}=={version}")
        return self._releases.get(f"{name}=={version}")


def test_a_name_that_the_index_lost() -> None:
    [difference] = Refresh(Index({}, {})).differences("torchtext")
    assert str(difference) == "torchtext: releases is known in the table, not found on the index"


def test_new_releases_of_torch_are_listed() -> None:
    versions = (*(row.version for row in torch.RELEASES), "2.15.1", "2.16.0")
    index = Index({"torch": versions}, {})
    found = {each.row: each for each in Refresh(index, releases=1).differences("torch")}
    assert (found["torch"].table, found["torch"].found) == ("2.15.0", "2.15.1 2.16.0")
    assert index.asked == ["torch==2.16.0", "torch==2.15.0"]


def test_new_releases_of_a_companion_are_listed_once() -> None:
    versions = (*(row.version for row in torch_companions.releases("xformers")), "0.0.36")
    found = list(Refresh(Index({"xformers": versions}, {}), releases=1).differences("xformers"))
    assert [str(each) for each in found] == [
        "torch_companions xformers: newest release is 0.0.35 in the table, 0.0.36 on the index"
    ]


@pytest.mark.parametrize(("name", "module"), [("jaxlib", jax), ("onnxruntime-gpu", onnxruntime)])
def test_tables_of_releases_are_compared(name: str, module: object) -> None:
    rows = jax.RELEASES if module is jax else onnxruntime.RELEASES
    newest = rows[-1]
    found = Release(name, newest.version, f"{name}-x-cp312-cp312-manylinux_2_28_x86_64.whl", ">=3.99", ())
    index = Index({name: tuple(row.version for row in rows)}, {f"{name}=={newest.version}": found})
    fields = {(each.row, each.field) for each in Refresh(index, releases=1).differences(name)}
    table = "jax" if module is jax else "onnxruntime"
    assert (f"{table} {newest.version}", "requires_python") in fields


def test_the_patch_level_is_the_last_one() -> None:
    row = next(row for row in python_releases.RELEASES if row.version == "3.7")
    assert patch_level("3.7") == row.last
    assert patch_level("9.9") == "9.9"


def test_a_name_without_a_table_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-package"]) == 2
    assert "no table has no-such-package" in capsys.readouterr().err


def test_every_table_can_be_asked_for() -> None:
    assert {"torch", "torchvision", "tensorflow", "jaxlib", "onnxruntime-gpu", "cupy-cuda12x", "numpy"} <= set(
        known_names()
    )
