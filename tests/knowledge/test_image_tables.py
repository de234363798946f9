"""The tables about images, drivers and releases: well-formed, dated, and not in contradiction with each other."""

from __future__ import annotations

import importlib
import re

import pytest

from mllint.images.accelerated import parse_cuda_tag
from mllint.images.versions import minor, numbers
from mllint.knowledge import (
    aws_dlc,
    cuda_driver,
    cuda_images,
    discontinued,
    framework_images,
    ngc,
    os_releases,
    python_releases,
    pytorch_images,
    tensorflow_images,
    torch,
)

MODULES = (
    "aws_dlc",
    "cuda_driver",
    "cuda_images",
    "discontinued",
    "framework_images",
    "ngc",
    "os_releases",
    "python_releases",
    "pytorch_images",
    "tensorflow_images",
    "torch",
)
DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@pytest.mark.parametrize("name", MODULES)
def test_every_table_names_its_source_and_day(name: str) -> None:
    module = importlib.import_module(f"mllint.knowledge.{name}")
    assert module.SOURCE
    assert all(isinstance(source, str) and source for source in module.SOURCE)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", module.CHECKED)
    assert module.__doc__


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ("discontinued", "framework_images")])
def test_tables_say_where_they_end(name: str) -> None:
    assert importlib.import_module(f"mllint.knowledge.{name}").HORIZON


@pytest.mark.parametrize("rows", [torch.RELEASES, tensorflow_images.RELEASES], ids=["torch", "tensorflow"])
def test_releases_are_in_order_and_unique(rows: tuple[torch.Release | tensorflow_images.Release, ...]) -> None:
    versions = [numbers(row.version) for row in rows if "post" not in row.version]
    assert versions == sorted(set(versions))


def test_horizons_are_the_last_rows() -> None:
    assert torch.RELEASES[-1].version == torch.HORIZON
    assert ngc.RELEASES[-1].release == ngc.HORIZON
    assert tensorflow_images.RELEASES[-1].version == tensorflow_images.HORIZON
    assert python_releases.RELEASES[-1].version == python_releases.HORIZON
    assert max(numbers(row.cuda) for row in cuda_images.TAGS) == numbers(cuda_images.HORIZON)


# What two tables say of the same thing


def test_every_torch_variant_has_a_release_and_every_default_is_a_variant() -> None:
    versions = {row.version for row in torch.RELEASES}
    assert {row.torch for row in torch.VARIANTS} == versions
    for row in torch.RELEASES:
        assert row.cuda in {variant.cuda for variant in torch.variants(row.version)}, row.version


def test_variants_are_named_after_their_cuda() -> None:
    for row in torch.VARIANTS:
        assert row.name == ("cpu" if row.cuda is None else f"cu{row.cuda.replace('.', '')}")


def test_never_published_variants_are_not_published() -> None:
    assert not set(torch.NEVER_PUBLISHED) & {row.name for row in torch.VARIANTS}
    assert not any(torch.published(name) for name in torch.NEVER_PUBLISHED)
    assert torch.published("cu121")
    assert torch.published("cpu")
    assert torch.published("rocm6.0")


def test_pytorch_images_are_built_for_published_cudas() -> None:
    for line in pytorch_images.LINES:
        own = [row for row in torch.RELEASES if row.version == line.torch or minor(row.version) == numbers(line.torch)]
        built = {variant.cuda for row in own for variant in torch.variants(row.version)}
        assert set(line.cudas.split()) <= built, line


def test_every_torch_release_has_an_image_line() -> None:
    lines = {line.torch for line in pytorch_images.LINES}
    for row in torch.RELEASES:
        assert {row.version, ".".join(row.version.split(".")[:2])} & lines, row.version


def test_every_cuda_of_an_image_has_a_driver() -> None:
    known = {numbers(row.cuda)[:2] for row in cuda_driver.TOOLKITS if row.driver}
    images = {row.cuda for row in cuda_images.TAGS if numbers(row.cuda) >= (9,)}
    for cuda in images | {row.cuda for row in ngc.RELEASES} | {row.cuda for row in torch.VARIANTS if row.cuda}:
        assert numbers(cuda)[:2] in known or cuda == "9.2", cuda


def test_gates_are_of_cudas_with_images_and_toolkits() -> None:
    images = {row.cuda for row in cuda_images.TAGS}
    branches = {row.number for row in cuda_driver.BRANCHES}
    for gate in cuda_driver.GATES:
        assert gate.cuda in images, gate
        assert set(gate.older_branches) <= branches, gate


def test_branches_and_toolkits_tell_the_same_cuda() -> None:
    cuda = {row.number: numbers(row.max_cuda) for row in cuda_driver.BRANCHES}
    for toolkit in cuda_driver.TOOLKITS:
        if toolkit.driver is not None:
            assert cuda[numbers(toolkit.driver)[0]] >= numbers(toolkit.cuda)[:2], toolkit


def test_newer_branches_run_newer_cudas() -> None:
    rows = [numbers(row.max_cuda) for row in cuda_driver.BRANCHES]
    assert rows == sorted(rows)


def test_ngc_drivers_are_those_of_their_cuda() -> None:
    cuda = {row.number: numbers(row.max_cuda) for row in cuda_driver.BRANCHES}
    for row in ngc.RELEASES:
        assert cuda[numbers(row.driver)[0]] >= numbers(row.cuda)[:2], row


def test_cudnn_rows_are_of_images_with_cudnn() -> None:
    with_cudnn = {row.cuda for row in cuda_images.TAGS if "cudnn" in row.flavours}
    assert {row.cuda for row in cuda_images.CUDNN} <= with_cudnn


def test_cuda_tags_follow_their_grammar() -> None:
    for row in cuda_images.TAGS:
        for flavour in row.flavours.split():
            for os in row.oses.split():
                tag = "-".join((row.cuda, flavour, *(() if os == "-" else (os,))))
                parts = parse_cuda_tag(tag)
                assert parts is not None, tag
                assert str(parts) == tag


def test_no_cuda_tag_has_two_states() -> None:
    seen: set[tuple[str, str, str]] = set()
    for row in (*cuda_images.TAGS, *cuda_images.LATER):
        for flavour in row.flavours.split():
            for os in row.oses.split():
                assert (row.cuda, flavour, os) not in seen
                seen.add((row.cuda, flavour, os))


def test_systems_of_images_are_in_the_table_of_systems() -> None:
    known = {(row.os, row.version) for row in os_releases.RELEASES}
    wanted = {("ubuntu", row.ubuntu) for row in ngc.RELEASES} | {("ubuntu", row.ubuntu) for row in pytorch_images.LINES}
    wanted |= {("ubuntu", row.ubuntu) for row in tensorflow_images.LINES}
    wanted |= {("debian", version) for _, version in python_releases.DEFAULT_DEBIAN}
    wanted |= {tuple(row.os.split(" ")) for row in framework_images.IMAGES if " " in row.os}  # type: ignore[misc]
    assert wanted <= known


def test_suites_of_python_are_debian_releases() -> None:
    names = {row.codename for row in os_releases.RELEASES if row.os == "debian"}
    for row in python_releases.IMAGE_VARIANTS:
        for suffix in row.suffixes.split():
            assert suffix.startswith("alpine3.") or suffix.removeprefix("slim-") in names, suffix


def test_ngc_pythons_are_those_of_their_system() -> None:
    own = {(row.os, row.version): row.python for row in os_releases.DEFAULT_PYTHON}
    for row in ngc.RELEASES:
        if row.python is not None and row.release != "19.03":  # that one brought its own by conda
            assert row.python == own["ubuntu", row.ubuntu] or row.python.startswith(f"{own['ubuntu', row.ubuntu]}.")


def test_successors_are_alive() -> None:
    for os, version in os_releases.SUCCESSORS:
        row = next((row for row in os_releases.RELEASES if (row.os, row.version) == (os, version)), None)
        assert row is None or row.ends > os_releases.CHECKED, os


@pytest.mark.parametrize(
    "days",
    [
        [row.ends for row in os_releases.RELEASES],
        [row.ends for row in python_releases.RELEASES],
        [row.patched_until for row in aws_dlc.IMAGES if row.patched_until],
        [row.since for row in discontinued.RETIRED if row.since],
        [row.ends for row in cuda_driver.BRANCHES if row.ends],
    ],
)
def test_days_can_be_compared_as_text(days: list[str]) -> None:
    assert days
    assert all(DAY.fullmatch(day) for day in days)


def test_recalled_columns_exist() -> None:
    columns = {*framework_images.FrameworkImage._fields, "*"}
    for row in framework_images.IMAGES:
        assert set(row.recalled.split()) <= columns, row.name


# Facts that were compared with a second source


@pytest.mark.parametrize(
    ("cuda", "driver"),
    [
        ("11.0.3", "450.51.06"),
        ("11.8.0", "520.61.05"),
        ("12.2.2", "535.104.05"),
        ("12.4.1", "550.54.15"),
        ("12.8.1", "570.124.06"),
        ("13.0.0", "580.65.06"),
        ("13.3.1", "610.43.02"),
    ],
)
def test_toolkit_drivers(cuda: str, driver: str) -> None:
    assert next(row.driver for row in cuda_driver.TOOLKITS if row.cuda == cuda) == driver


@pytest.mark.parametrize(
    ("branch", "cuda"), [(470, "11.4"), (525, "12.0"), (535, "12.2"), (550, "12.4"), (580, "13.0")]
)
def test_driver_branches(branch: int, cuda: str) -> None:
    assert next(row.max_cuda for row in cuda_driver.BRANCHES if row.number == branch) == cuda


def test_no_cudnn_images_of_these_cudas() -> None:
    without = ("12.2.0", "12.3.0", "12.3.1", "12.4.0", "12.5.0", "13.1.0")
    for row in cuda_images.TAGS:
        if row.cuda in without:
            assert "cudnn" not in row.flavours


@pytest.mark.parametrize(
    ("version", "cuda"),
    [
        ("1.12.1", "10.2"),
        ("1.13.1", "11.7"),
        ("2.1.0", "12.1"),
        ("2.6.0", "12.4"),
        ("2.11.0", "13.0"),
        ("2.15.0", "13.2"),
    ],
)
def test_default_wheels(version: str, cuda: str) -> None:
    row = torch.release(version)
    assert row is not None
    assert row.cuda == cuda


def test_the_newest_torch_has_no_cuda_12() -> None:
    assert [row.name for row in torch.variants("2.15.0")] == ["cpu", "cu130", "cu132"]


def test_ngc_2310_and_2508() -> None:
    rows = {row.release: row for row in ngc.RELEASES}
    assert (rows["23.10"].cuda, rows["23.10"].driver) == ("12.2.2", "535.104.05")
    assert rows["23.10"].torch == "2.1.0a0+32f93b1"
    assert rows["25.08"].driver.startswith("580.")
    assert rows["22.12"].python == "3.8.10"


@pytest.mark.parametrize(
    ("python", "ends"), [("3.8", "2024-10-07"), ("3.9", "2025-10-31"), ("3.10", "2026-10-31"), ("3.11", "2027-10-31")]
)
def test_ends_of_python(python: str, ends: str) -> None:
    assert next(row.ends for row in python_releases.RELEASES if row.version == python) == ends
