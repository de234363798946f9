"""The tables of packages: well-formed, dated, and not in contradiction with each other or with those of images."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from mllint import knowledge
from mllint.images.versions import minor, numbers
from mllint.knowledge import (
    accelerators,
    conda,
    conflicts,
    cuda_driver,
    cuda_packages,
    cupy,
    frameworks,
    gpu_arch,
    jax,
    ngc,
    numpy_abi,
    onnxruntime,
    os_releases,
    pypi_packages,
    python_releases,
    python_wheels,
    pytorch_images,
    retired,
    sizes,
    system_libraries,
    system_sizes,
    tensorflow,
    tensorflow_images,
    torch,
    torch_companions,
)
from mllint.knowledge.lookup import canonical

PACKAGE_TABLES = (
    *("accelerators", "conda", "conflicts", "cuda_packages", "cupy", "frameworks", "gpu_arch", "jax", "numpy_abi"),
    *("onnxruntime", "pypi_packages", "python_wheels", "retired", "sizes", "system_libraries", "system_sizes"),
    *("tensorflow", "torch", "torch_companions"),
)
#: Released between the day of the table of Pythons and that of the wheels.
PLANNED = "3.15"


def same(left: str, right: str) -> bool:
    return canonical(left) == canonical(right)


def pythons(text: str) -> set[str]:
    return {python.removesuffix("t") for python in text.split()}


def rows_of(module: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """The tables of a module: its tuples of named tuples."""
    found = ((name, value) for name, value in vars(module).items() if name.isupper() and isinstance(value, tuple))
    return [(name, value) for name, value in found if value and hasattr(value[0], "_fields")]


# Every table


@pytest.mark.parametrize("name", PACKAGE_TABLES)
def test_every_table_names_its_source_day_and_end(name: str) -> None:
    module = importlib.import_module(f"mllint.knowledge.{name}")
    assert module.SOURCE
    assert all(isinstance(source, str) and source for source in module.SOURCE)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", module.CHECKED)
    assert module.HORIZON
    assert module.__doc__


def test_the_list_of_tables_is_complete() -> None:
    modules = {module.name for module in pkgutil.iter_modules(knowledge.__path__)}
    assert set(PACKAGE_TABLES) <= modules


@pytest.mark.parametrize("name", PACKAGE_TABLES)
def test_no_row_stands_twice(name: str) -> None:
    for table, rows in rows_of(importlib.import_module(f"mllint.knowledge.{name}")):
        twice = [row for row, count in Counter(rows).items() if count > 1]
        assert not twice, table


@pytest.mark.parametrize(
    "keys",
    [
        [row.name for row in pypi_packages.PACKAGES],
        [row.name for row in accelerators.ACCELERATORS],
        [(row.name, canonical(row.version)) for row in accelerators.RELEASES],
        [(row.name, canonical(row.version)) for row in torch_companions.COMPANIONS],
        [(row.name, canonical(row.version)) for row in cupy.RELEASES],
        [(row.requirement, row.version) for row in sizes.CLOSURES],
        [(row.torch, row.name) for row in torch.VARIANTS],
        [(row.name, row.python) for row in python_wheels.RANGES],
        [row.name for row in numpy_abi.ABIS],
        [row.name for row in retired.PROJECTS],
        [row.name for row in retired.SYSTEM_PACKAGES],
        [row.words for row in retired.COMMANDS],
        [row.capability for row in gpu_arch.ARCHITECTURES],
        [row.name.lower() for row in gpu_arch.GPUS],
        [row.soname for row in system_libraries.LIBRARIES],
        [row.name for row in system_sizes.SIZES],
        [package for row in frameworks.FRAMEWORKS for package in row.packages],
    ],
)
def test_keys_are_unique(keys: list[object]) -> None:
    assert keys
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_names_are_normalised() -> None:
    names = {row.name for row in pypi_packages.PACKAGES} | {row.name for row in accelerators.ACCELERATORS}
    names |= {row.package for row in system_libraries.NEEDS} | {row.name for row in numpy_abi.ABIS}
    names |= {row.name for row in retired.PROJECTS} | {name for row in conflicts.GROUPS for name in row.names}
    names |= {row.package for row in frameworks.SYSTEM_CUDNN} | python_wheels.NAMES | torch_companions.NAMES
    assert [name for name in names if re.sub(r"[-_.]+", "-", name).lower() != name] == []


def every_specifier() -> list[tuple[str, str]]:
    found = [(f"torch {row.version}", row.requires_python) for row in torch.RELEASES]
    found += [(f"torch {row.version}", row.triton) for row in torch.RELEASES]
    for row in tensorflow.RELEASES:
        texts = (row.requires_python, row.numpy, row.keras, row.protobuf)
        found += [(f"tensorflow {row.version}", text) for text in texts]
    found += [(f"{row.name} {row.version}", row.tensorflow) for row in tensorflow.COMPANIONS]
    found += [(f"jax {row.version}", row.cuda12_cudnn or "") for row in jax.RELEASES]
    found += [(row.name, row.requires_python) for row in pypi_packages.PACKAGES]
    found += [(row.name, text) for row in numpy_abi.ABIS for text in row.capped]
    for name in torch_companions.NAMES:
        found += [(f"{name} {row.version}", row.torch or "") for row in torch_companions.releases(name)]
    found += [(f"{row.name} {row.version}", row.requires_python) for row in accelerators.RELEASES]
    return found


def test_every_specifier_can_be_read() -> None:
    specifiers = every_specifier()
    assert len(specifiers) > 1000
    for _, text in specifiers:
        SpecifierSet(text)  # raises for one that cannot be read


def test_releases_are_in_order() -> None:
    for rows in (torch.RELEASES, tensorflow.RELEASES, onnxruntime.RELEASES):
        versions = [Version(row.version) for row in rows]
        assert versions == sorted(versions)
    by_day = [row.version for row in jax.RELEASES if row.version != "0.8.3" and not row.yanked]
    assert list(map(Version, by_day)) == sorted(map(Version, by_day))
    for name in {row.name for row in accelerators.RELEASES}:
        versions = [Version(row.version) for row in accelerators.releases(name)]
        assert versions == sorted(versions), name


def test_horizons_are_the_newest_releases() -> None:
    for module in (torch, tensorflow, jax, onnxruntime):
        assert module.newest().version == module.HORIZON
    assert max(Version(row.version) for row in cupy.RELEASES) == Version(cupy.HORIZON)


# Pythons


@pytest.mark.parametrize("module", [torch, tensorflow, jax, onnxruntime], ids=lambda module: module.__name__[17:])
def test_pythons_of_wheels_exist_and_are_allowed(module: Any) -> None:
    known = {row.version for row in python_releases.RELEASES} | {PLANNED, "3.3"}
    for row in module.RELEASES:
        tags = pythons(row.pythons)
        assert tags, row.version
        assert tags <= known, row.version
        outside = [tag for tag in tags if f"{tag}.99" not in SpecifierSet(row.requires_python)]
        # Free choice of the publisher: TensorFlow 2.11.1 allows a Python that it has no wheel for, never the reverse.
        assert not outside, row.version


def test_wheel_ranges_are_of_pythons_that_exist() -> None:
    assert set(python_wheels.PYTHONS) <= {row.version for row in python_releases.RELEASES}
    assert {row.python for row in python_wheels.RANGES} <= set(python_wheels.PYTHONS)
    for row in python_wheels.RANGES:
        assert not row.last or Version(row.first) <= Version(row.last), row


def test_wheel_ranges_and_companions_agree() -> None:
    """A torchvision for a Python is for a torch that has a wheel for it."""
    for name in ("torchvision", "torchaudio"):
        for python in python_wheels.PYTHONS[2:]:
            row = python_wheels.wheels(name, python)
            assert row is not None
            for end in filter(None, (row.first, row.last)):
                companion = torch_companions.find(name, end)
                if companion is None or not (companion.torch or "").startswith("=="):
                    continue
                release = torch.release(str(companion.torch)[2:])
                assert release is not None
                assert python in pythons(release.pythons), (name, end, python)


def test_the_newest_releases_are_the_same_in_all_tables() -> None:
    for name, version in (
        ("torch", torch.HORIZON),
        ("tensorflow", tensorflow.HORIZON),
        ("jaxlib", jax.HORIZON),
        ("onnxruntime-gpu", onnxruntime.HORIZON),
        *((name, row.version) for name in torch_companions.NAMES if (row := torch_companions.newest(name)) is not None),
        *(
            (row.name, release.version)
            for row in accelerators.ACCELERATORS
            if (release := accelerators.newest(row.name))
        ),
    ):
        row = pypi_packages.find(name)
        if row is not None:
            assert same(row.latest, version), name
    for cupy_name in ("cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x"):
        newest = [row for row in cupy.RELEASES if row.name == cupy_name][-1]
        found = pypi_packages.find(cupy_name)
        assert found is not None
        assert same(found.latest, newest.version)


def test_the_newest_releases_require_the_same_python_in_all_tables() -> None:
    for name, text in (
        ("torch", torch.newest().requires_python),
        ("tensorflow", tensorflow.newest().requires_python),
        ("jaxlib", jax.newest().requires_python),
        ("onnxruntime-gpu", onnxruntime.newest().requires_python),
        ("vllm", torch_companions.releases("vllm")[-1].requires_python),
        ("sglang", torch_companions.releases("sglang")[-1].requires_python),
        ("triton", accelerators.releases("triton")[-1].requires_python),
    ):
        row = pypi_packages.find(name)
        assert row is not None
        assert SpecifierSet(row.requires_python) == SpecifierSet(text), name


def test_ranges_reach_the_newest_release() -> None:
    """Where a range is open, the newest release allows that Python."""
    for row in python_wheels.RANGES:
        package = pypi_packages.find(row.name)
        if package is not None and not row.last:
            assert f"{row.python}.99" in SpecifierSet(package.requires_python), row
            assert not package.python_to or numbers(row.python) <= numbers(package.python_to), row


# torch: CUDA, drivers, architectures, images


def test_the_cuda_of_every_framework_has_a_driver() -> None:
    drivers = {numbers(row.cuda)[:2] for row in cuda_driver.TOOLKITS if row.driver}
    wanted = {row.cuda for row in torch.RELEASES} | {row.cuda for row in tensorflow.RELEASES}
    for cuda in wanted - {"9.2"}:
        assert numbers(cuda)[:2] in drivers, cuda
    majors = {numbers(row.cuda)[0] for row in cuda_driver.TOOLKITS}
    assert {int(row.cuda_major) for row in onnxruntime.RELEASES} <= majors


def test_torch_pins_the_cuda_that_its_row_says() -> None:
    for row in torch.RELEASES:
        assert row.bundled == (not row.cuda_runtime), row.version
        if row.cuda_runtime:
            assert minor(row.cuda_runtime) == numbers(row.cuda), row.version
        default = torch.default_variant(row.version)
        assert default is not None
        assert default.cuda == row.cuda
        assert None in (default.cudnn, row.cudnn) or default.cudnn == row.cudnn, row.version
        assert torch.exists(row.version, default.name) is True


def test_the_default_wheel_has_no_ptx() -> None:
    for row in torch.RELEASES:
        default = torch.default_variant(row.version)
        assert default is not None
        assert default.ptx is None, row.version


def test_architectures_of_wheels_are_known_to_their_cuda() -> None:
    for row in torch.VARIANTS:
        for capability in (row.architectures + (f" {row.ptx}" if row.ptx else "")).split():
            architecture = gpu_arch.architecture(capability)
            assert architecture is not None, row
            assert row.cuda is not None
            assert numbers(architecture.first_cuda) <= numbers(row.cuda), (row, capability)
            last = architecture.last_cuda
            assert last is None or numbers(row.cuda) <= numbers(last), (row, capability)


def test_architectures_are_those_of_boards() -> None:
    for gpu in gpu_arch.GPUS:
        assert gpu_arch.architecture(gpu.capability) is not None, gpu
    known = {row.cuda for row in cuda_driver.TOOLKITS}
    for row in gpu_arch.ARCHITECTURES:
        if numbers(row.first_cuda) >= (9,):
            assert any(numbers(cuda)[:2] == numbers(row.first_cuda) for cuda in known), row
    branches = {branch.number for branch in cuda_driver.BRANCHES}
    assert {branch for _, branch in gpu_arch.LAST_DRIVERS} <= branches
    assert {name for name, _ in gpu_arch.LAST_DRIVERS} <= {row.name for row in gpu_arch.ARCHITECTURES}


def test_pytorch_images_hold_a_torch_with_that_cuda_and_python() -> None:
    for line in pytorch_images.LINES:
        own = [row for row in torch.RELEASES if row.version == line.torch or minor(row.version) == numbers(line.torch)]
        assert own, line
        for cuda in line.cudas.split():
            name = f"cu{cuda.replace('.', '')}"
            assert any(torch.exists(row.version, name) is not False for row in own), (line, cuda)
        assert any(line.python in pythons(row.pythons) for row in own), line


def test_ngc_images_hold_a_torch_of_their_python() -> None:
    for row in ngc.RELEASES:
        known = torch.release(f"{numbers(row.torch)[0]}.{numbers(row.torch)[1]}.0") if row.torch else None
        if known is not None and row.python is not None:
            assert ".".join(row.python.split(".")[:2]) in pythons(known.pythons), row


def test_tensorflow_images_are_of_releases_with_that_python() -> None:
    for line in tensorflow_images.LINES:
        row = tensorflow.release(line.last)
        if row is not None and line.sure:
            assert line.python in pythons(row.pythons), line
    assert {row.version for row in tensorflow_images.RELEASES if "post" not in row.version} >= {
        row.version
        for row in tensorflow.RELEASES
        if Version(row.version) >= Version("2.1") and "post" not in row.version
    } - {"2.16.2"}


# Companions


def test_companions_stand_in_both_tables() -> None:
    for row in torch.RELEASES:
        for name, text in (
            ("torchvision", row.torchvision),
            ("torchaudio", row.torchaudio),
            ("torchtext", row.torchtext),
        ):
            for version in re.sub(r"\(>=\)", "", text).split():
                found = torch_companions.find(name, version)
                assert found is not None, (name, version)
                assert found.torch is not None
                assert Version(row.version) in SpecifierSet(found.torch), (row.version, found)


def test_every_exact_companion_is_in_its_torch_row() -> None:
    for name in ("torchvision", "torchaudio"):
        for row in torch_companions.releases(name):
            if row.torch and row.torch.startswith("=="):
                release = torch.release(row.torch[2:])
                assert release is not None, row
                assert row.version in getattr(release, name).split(), row
                assert row.version in (torch_companions.for_torch(name, release.version) or ()), row


def test_companions_pin_a_torch_that_exists() -> None:
    for name in torch_companions.NAMES:
        for row in torch_companions.releases(name):
            if row.torch and row.torch.startswith("=="):
                assert torch.release(row.torch[2:]) is not None, row


def test_companions_of_companions_want_the_same_torch() -> None:
    """vllm pins torch, torchvision, torchaudio and xformers: these pin the same torch."""
    for name in ("vllm", "sglang"):
        for row in torch_companions.releases(name):
            for other in row.others.split():
                package, _, version = other.partition("==")
                found = torch_companions.find(package, version) if version else None
                if found is not None and found.torch and row.torch and row.torch.startswith("=="):
                    assert Version(row.torch[2:]) in SpecifierSet(found.torch), (row, found)


def test_torch_pins_a_triton_that_exists() -> None:
    for row in torch.RELEASES:
        if row.triton:
            versions = [release.version for release in accelerators.releases("triton")]
            assert any(Version(version) in SpecifierSet(row.triton) for version in versions), row.version


def test_companions_of_tensorflow_want_one_that_exists() -> None:
    for row in tensorflow.COMPANIONS:
        fits = [release for release in tensorflow.RELEASES if Version(release.version) in SpecifierSet(row.tensorflow)]
        assert fits, row
        if row.name in tensorflow.SAME_MINOR and row.tensorflow:
            assert all(minor(release.version) == minor(row.version) for release in fits), row


# NumPy


def test_numpy_rows_agree_with_tensorflow() -> None:
    row = numpy_abi.find("tensorflow")
    assert row is not None
    assert row.since == tensorflow.NUMPY_2_SINCE
    for release in tensorflow.RELEASES:
        if Version(release.version) >= Version(row.since):
            assert Version("2.0.0") in SpecifierSet(release.numpy), release.version
        else:
            capped = any(Version(release.version) in SpecifierSet(text) for text in row.capped)
            assert capped == (Version("2.0.0") not in SpecifierSet(release.numpy)), release.version


def test_numpy_rows_agree_with_torch_and_wheels() -> None:
    row = numpy_abi.find("torch")
    assert row is not None
    assert row.since == torch.NUMPY_2_SINCE
    assert torch.release(row.since) is not None
    for abi in numpy_abi.ABIS:
        for python in ("3.13", "3.14"):  # NumPy 1 has no wheel for them
            first = python_wheels.wheels(abi.name, python)
            assert first is None or not abi.since or Version(first.first) >= Version(abi.since), (abi.name, python)


# CUDA in names, cuDNN of the image


@pytest.mark.parametrize(
    ("name", "version", "cuda"),
    [
        ("cupy-cuda12x", None, "12"),
        ("cupy-cuda102", None, "10"),
        ("cupy-cuda92", None, "9"),
        ("nvidia-cudnn-cu12", None, "12"),
        ("nvidia-cuda-runtime-cu11", "11.8.89", "11"),
        ("nvidia-cuda-runtime", "13.0.96", "13"),
        ("nvidia-cuda-runtime", None, None),
        ("jax-cuda13-plugin", None, "13"),
        ("cudf-cu12", None, "12"),
        ("mxnet-cu101", None, "10"),
        ("spconv-cu118", None, "11"),
        ("nvidia-dali-cuda120", None, "12"),
        ("nvidia-dali-cuda110", None, "11"),
        ("tensorrt-cu12", None, "12"),
        ("torch", "2.1.0", None),
        ("cupy", None, None),
    ],
)
def test_cuda_of_a_name(name: str, version: str | None, cuda: str | None) -> None:
    assert cuda_packages.cuda_of(name, version) == cuda


def test_names_with_cuda_agree_with_cupy() -> None:
    for row in cupy.PACKAGES:
        majors = {text.partition(".")[0] for text in row.cuda.split()}
        assert {cuda_packages.cuda_of(row.name)} == (majors or {None}), row
    assert {row.name for row in cupy.RELEASES} <= {row.name for row in cupy.PACKAGES}


def test_needs_of_cudnn_agree_with_onnxruntime() -> None:
    for row in onnxruntime.RELEASES:
        [need] = [
            each
            for each in frameworks.system_cudnn("onnxruntime-gpu")
            if Version(each.since) <= Version(row.version)
            and (not each.until or Version(row.version) < Version(each.until))
        ]
        assert (need.cuda, need.cudnn, bool(need.extra)) == (row.cuda_major, row.cudnn_major, row.extras), row.version


def test_needs_of_cudnn_agree_with_tensorflow() -> None:
    for row in tensorflow.RELEASES:
        needs = [
            each
            for each in frameworks.system_cudnn("tensorflow")
            if Version(each.since) <= Version(row.version)
            and (not each.until or Version(row.version) < Version(each.until))
        ]
        assert bool(needs) == row.gpu, row.version
        assert all(bool(each.extra) == row.and_cuda for each in needs), row.version
        assert row.and_cuda == (Version(row.version) >= Version(tensorflow.AND_CUDA_SINCE))
        if row.cuda_pin and row.cuda_pin[0].isdigit():
            assert minor(row.cuda_pin) == numbers(row.cuda), row.version


# Retired names, libraries, sizes


def test_what_is_retired_is_not_proposed() -> None:
    gone = {row.name for row in retired.PROJECTS}
    assert not {row.replacement.partition("[")[0] for row in retired.PROJECTS} & gone
    old = {row.name for row in retired.SYSTEM_PACKAGES if row.debian == "12"}
    assert not {row.replacement for row in retired.SYSTEM_PACKAGES} & old
    for need in system_libraries.NEEDS:
        assert not set(need.debian.split()) & {row.name for row in retired.SYSTEM_PACKAGES}, need


def test_retired_system_packages_name_known_releases() -> None:
    known = {(row.os, row.version) for row in os_releases.RELEASES}
    for row in retired.SYSTEM_PACKAGES:
        assert row.ubuntu or row.debian, row
        assert not row.ubuntu or ("ubuntu", row.ubuntu) in known, row
        assert not row.debian or ("debian", row.debian) in known, row
        assert row.ubuntu or not row.sure_ubuntu, row


def test_the_sources_of_debian_12_agree() -> None:
    """What was gone in Debian 12 was not measured there, and what was measured is not gone."""
    gone = {row.name for row in retired.SYSTEM_PACKAGES if row.debian and int(row.debian) <= 12}
    assert not gone & {row.name for row in system_sizes.SIZES}
    brought = {name for row in system_libraries.LIBRARIES for name in f"{row.debian} {row.brought_by}".split()}
    assert not gone & brought


def test_retired_projects_agree_with_the_packages() -> None:
    for row in retired.PROJECTS:
        package = pypi_packages.find(row.name)
        if package is not None and row.since:
            assert Version(row.since) <= Version(package.latest), row
        if row.kind == "import-name":
            assert package is None, row
    stub = retired.project("tensorflow-gpu")
    assert stub is not None
    assert Version(tensorflow.GPU_PACKAGE_LAST) < Version(stub.since)


def test_needs_are_of_libraries_that_are_known() -> None:
    for need in system_libraries.NEEDS:
        assert need.libraries or need.programs, need
        assert need.debian, need
        for soname in need.libraries.split():
            found = system_libraries.library(soname)
            assert found is not None, soname
            assert (
                set(found.debian.split()) & set(need.debian.split())
                or need.optional
                or need.package
                in (
                    "rdkit",
                    "pyvista",
                    "vtk",
                )
            ), need


def test_sizes_agree_with_the_packages() -> None:
    for row in sizes.CLOSURES:
        assert row.nvidia_mb <= row.download_mb, row
        assert row.installed_mb is None or row.installed_mb > row.download_mb, row
        if row.requirement == "torch":
            release = torch.release(row.version)
            assert release is not None
            assert release.wheel_mb + row.nvidia_mb <= row.download_mb * 1.01, row
        package = pypi_packages.find(row.requirement.partition("[")[0])
        if package is not None and package.latest == row.version and package.size_mb is not None:
            assert package.size_mb <= row.download_mb + 1, row
    for build in sizes.CPU_BUILDS:
        small = sizes.closure(build.instead)
        full = sizes.closure(build.name)
        assert small is None or full is None or small.download_mb < full.download_mb, build


def test_sizes_of_wheels_are_the_same_in_all_tables() -> None:
    for name, megabytes in (
        ("torch", torch.newest().wheel_mb),
        ("tensorflow", tensorflow.newest().wheel_mb),
        ("jaxlib", jax.newest().jaxlib_mb),
        ("onnxruntime-gpu", onnxruntime.newest().wheel_mb),
        *(
            (name, row.wheel_mb)
            for name in ("xformers", "vllm", "sglang", "triton", "bitsandbytes")
            if (row := accelerators.newest(name))
        ),
    ):
        row = pypi_packages.find(name)
        assert row is not None
        assert row.size_mb is not None
        assert megabytes is not None
        assert abs(row.size_mb - megabytes) <= max(1, 0.02 * megabytes), name


def test_recommended_packages_only_add() -> None:
    for row in system_sizes.SIZES:
        assert 0 < row.megabytes <= row.with_recommends, row


def test_conda_names_go_both_ways() -> None:
    for name, python in conda.PYTHON_NAMES:
        assert conda.python_name(name) == python
        assert conda.python_name(conda.conda_name(python)) == python
    assert conda.conda_name("torch") == "pytorch"
    assert conda.conda_name("tensorflow") == "tensorflow"
    assert conda.python_name("numpy") == "numpy"


def test_conda_ends_where_the_tables_of_torch_say() -> None:
    assert torch.release(conda.PYTORCH_CHANNEL_LAST) is not None
    selector = conda.selector("pytorch-cuda")
    assert selector is not None
    built = {row.cuda for row in torch.VARIANTS}
    assert set(selector.versions.split()) <= built
    assert not conda.NO_CUDA & (built | set(selector.versions.split()))


def test_accelerators_and_packages_agree() -> None:
    for row in accelerators.ACCELERATORS:
        package = pypi_packages.find(row.name)
        if package is not None and row.kind == "source":
            assert package.wheel == "source", row
        if package is not None and row.kind == "wheel":
            assert package.wheel != "source" or row.name == "autoawq", row
        for release in accelerators.releases(row.name):
            assert (release.wheel_mb is not None) or row.kind in ("download", "jit", "stub") or row.name == "vllm", (
                release
            )


def test_what_holds_for_every_release_holds_for_the_newest() -> None:
    for name in pypi_packages.NO_SDIST & {row.name for row in pypi_packages.PACKAGES}:
        row = pypi_packages.find(name)
        assert row is not None
        assert row.sdist is not True, name
    for name in pypi_packages.NEVER_MUSL:
        row = pypi_packages.find(name)
        assert row is None or row.musllinux is False, name


# Lookups


def test_versions_are_found_however_they_are_written() -> None:
    assert torch.release("2.1") == torch.release("2.1.0") == torch.release("2.1.0+cu121") is not None
    assert torch.release("2.99.0") is None
    assert torch.variants("2.1") == torch.variants("2.1.0") != ()
    assert tensorflow.release("2.15.0.post1") != tensorflow.release("2.15.0")
    assert tensorflow.gpu_release("1.12") is not None


@pytest.mark.parametrize(
    ("version", "name", "expected"),
    [
        ("2.1.0", "cu121", True),
        ("2.1.0", "cu122", False),
        ("2.1.0", "cpu", True),
        ("2.1.0", "rocm5.6", True),
        ("2.1.0", "rocm5.2", None),
        ("2.14.1", "cu128", None),
        ("2.12.1", "cu129", None),
        ("2.99.0", "cu121", None),
    ],
)
def test_what_was_published_for_an_index(version: str, name: str, expected: bool | None) -> None:
    assert torch.exists(version, name) is expected


@pytest.mark.parametrize(
    ("name", "version", "releases"),
    [
        ("torchvision", "2.1.0", ("0.16.0",)),
        ("torchvision", "2.15.0", ()),
        ("torchaudio", "2.5.1", ("2.5.1",)),
        ("xformers", "2.4.0", ("0.0.27.post1", "0.0.27.post2")),
        ("xformers", "2.99.0", None),
        ("numpy", "2.1.0", None),
    ],
)
def test_companions_for_a_torch(name: str, version: str, releases: tuple[str, ...] | None) -> None:
    assert torch_companions.for_torch(name, version) == releases


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("H100", "9.0"),
        ("NVIDIA H100 80GB HBM3", "9.0"),
        ("A100-SXM4-40GB", "8.0"),
        ("Tesla T4", "7.5"),
        ("NVIDIA GeForce RTX 4090", "8.9"),
        ("rtx 2080 ti", "7.5"),
        ("A10", "8.6"),
        ("L40S", "8.9"),
        ("RTX 6000 Ada", "8.9"),
        ("Quadro RTX 6000", "7.5"),
        ("RTX PRO 6000 Blackwell", "12.0"),
        ("RTX 6000", None),
        ("MI300X", None),
        ("", None),
    ],
)
def test_boards_are_found_by_name(name: str, capability: str | None) -> None:
    found = gpu_arch.gpu(name)
    assert (found.capability if found is not None else None) == capability


def test_lookups_say_nothing_of_what_is_not_there() -> None:
    assert pypi_packages.find("no-such-package") is None
    assert pypi_packages.category("no-such-package") is None
    assert torch_companions.newest("numpy") is None
    assert accelerators.newest("apex") is None
    assert jax.extra("rocm") is None
    assert conflicts.conflicts("numpy") == ()
    assert system_libraries.needs("numpy") == ()
    assert sizes.closure("torch", "2.99.0") is None
    assert retired.project("torch") is None


def test_extras_of_jax_are_found_as_they_were_written() -> None:
    assert jax.extra("cuda12_pip") == jax.extra("cuda12-pip") is not None
    local = jax.extra("cuda12-local")
    assert local is not None
    assert local.local


def test_repositories_are_found() -> None:
    for path, name in (
        ("NVIDIA/apex", "apex"),
        ("Dao-AILab/flash-attention.git", "flash-attn"),
        ("HazyResearch/flash-attention", "flash-attn"),
        ("owner/other", None),
    ):
        found = accelerators.from_repository(path)
        assert (found.name if found is not None else None) == name
