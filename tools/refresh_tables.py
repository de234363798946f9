#!/usr/bin/env python3
"""Compares the tables of mllint/knowledge with what the package index says today, and prints the differences.

    python -m tools.refresh_tables [NAME…] [--releases N] [--sizes]

Without names it asks for every package of the tables. It asks the ordinary client, pip (25.1 or newer, for its JSON):
which releases there are, for which Pythons they have a wheel, and what the metadata of the newest N releases of each
table and of newer ones says. `--sizes` downloads the wheels too, since the metadata doesn't tell their size. Nothing is
written: a maintainer reads the differences and edits the tables. mllint itself never needs this.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from mllint.knowledge import (
    accelerators,
    cupy,
    jax,
    onnxruntime,
    pypi_packages,
    python_releases,
    python_wheels,
    tensorflow,
    torch,
    torch_companions,
)
from mllint.knowledge.lookup import canonical

TOLERANCE = 0.02
"""Wheels of one release differ by Python; a size that is off by less than this share is the same."""

_HEAVY = ("torch", "opencv-python")


class Release(NamedTuple):
    """What the index says of one release: the wheel that pip would take, and its metadata; the size is in MB."""

    name: str
    version: str
    wheel: str
    requires_python: str
    requires: tuple[str, ...]
    megabytes: float | None = None


class Difference(NamedTuple):
    """A value of a table that the index contradicts."""

    row: str
    field: str
    table: str
    found: str

    def __str__(self) -> str:
        return f"{self.row}: {self.field} is {self.table or 'empty'} in the table, {self.found or 'empty'} on the index"


class Client(Protocol):
    """What is asked of a package client."""

    def versions(self, name: str, python: str | None = None) -> tuple[str, ...]:
        """The final releases, oldest first; with a Python, those that have a wheel for it."""
        ...

    def release(self, name: str, version: str, pythons: Sequence[str]) -> Release | None:
        """One release, for the first of the Pythons that has a wheel; None when none has."""
        ...


# Comparing: pure functions


def read_report(text: str) -> Release:
    """The first package of pip's installation report (`pip install --dry-run --report -`)."""
    item = json.loads(text)["install"][0]
    metadata = item["metadata"]
    wheel = item["download_info"]["url"].partition("#")[0].rpartition("/")[2]
    requires = tuple(metadata.get("requires_dist", ()))
    return Release(metadata["name"], metadata["version"], wheel, metadata.get("requires_python") or "", requires)


def requirement(release: Release, name: str, extra: str = "") -> str | None:
    """The specifier of a dependency on x86-64 Linux ("" for any version); None when the release doesn't have it."""
    environment = {"platform_system": "Linux", "platform_machine": "x86_64", "sys_platform": "linux", "extra": extra}
    for line in release.requires:
        try:
            parsed = Requirement(line.replace(" (", " ").removesuffix(")") if ";" not in line else line)
        except InvalidRequirement:
            continue
        same = re.sub(r"[-_.]+", "-", parsed.name).lower() == name
        if same and (parsed.marker is None or parsed.marker.evaluate(environment)):
            return str(parsed.specifier)
    return None


def same_specifier(left: str, right: str) -> bool:
    """Whether two specifiers allow the same versions, as far as their clauses tell; "2.1" counts as "==2.1"."""
    try:
        return SpecifierSet(_clause(left)) == SpecifierSet(_clause(right))
    except InvalidSpecifier:
        return left == right


def _clause(text: str) -> str:
    return f"=={text}" if text[:1].isdigit() else text


def newer(versions: Iterable[str], than: str) -> list[str]:
    """The final releases above one, oldest first."""
    found = []
    for text in versions:
        try:
            version = Version(text)
        except InvalidVersion:
            continue
        if not version.is_prerelease and version > Version(than):
            found.append(version)
    return [str(version) for version in sorted(found)]


def wheel_kind(wheel: str) -> str:
    """What a file's name says: "pure", "manylinux" or "source"."""
    if not wheel.endswith(".whl"):
        return "source"
    return "pure" if wheel.endswith("-any.whl") else "manylinux"


def _specifier(row: str, field: str, table: str, index: str | None) -> Iterator[Difference]:
    if not same_specifier(table, index or ""):
        yield Difference(row, field, table, index or "")


def _size(row: str, field: str, table: float | None, index: float | None) -> Iterator[Difference]:
    if table is not None and index is not None and abs(table - index) > max(TOLERANCE * table, 0.1):
        yield Difference(row, field, f"{table} MB", f"{index:.1f} MB")


def compare_package(row: pypi_packages.Package, found: Release) -> Iterator[Difference]:
    """The row of a package against its newest release."""
    name = f"pypi_packages {row.name}"
    if canonical(row.latest) != canonical(found.version):
        yield Difference(name, "latest", row.latest, found.version)
    yield from _specifier(name, "requires_python", row.requires_python, found.requires_python)
    kind = wheel_kind(found.wheel)
    if row.wheel != kind:
        yield Difference(name, "wheel", row.wheel, kind)
    pulls = " ".join(each for each in _HEAVY if requirement(found, each) is not None)
    known = " ".join(each for each in row.pulls.split() if each in _HEAVY)
    if pulls != known:
        yield Difference(name, "pulls", known, pulls)
    yield from _size(name, "size_mb", row.size_mb, found.megabytes)


def compare_torch(row: torch.Release, found: Release) -> Iterator[Difference]:
    """A release of torch: its Python, its CUDA, and what it pins."""
    name = f"torch {row.version}"
    yield from _specifier(name, "requires_python", row.requires_python, found.requires_python)
    major = row.cuda.partition(".")[0]
    for field, table, packages in (
        ("cuda_runtime", row.cuda_runtime, ("cuda-toolkit", f"nvidia-cuda-runtime-cu{major}")),
        ("cudnn", "" if row.bundled else row.cudnn or "", (f"nvidia-cudnn-cu{major}",)),
        ("nccl", row.nccl, (f"nvidia-nccl-cu{major}",)),
        ("triton", row.triton, ("triton",)),
    ):
        index = next(filter(None, (requirement(found, package) for package in packages)), None)
        yield from _specifier(name, field, table, index)
    yield from _size(name, "wheel_mb", row.wheel_mb, found.megabytes)


def compare_tensorflow(row: tensorflow.Release, found: Release) -> Iterator[Difference]:
    """A release of tensorflow: what it requires, and what `[and-cuda]` pins."""
    name = f"tensorflow {row.version}"
    if row.requires_python:
        yield from _specifier(name, "requires_python", row.requires_python, found.requires_python)
    for field, table, package in (
        ("numpy", row.numpy, "numpy"),
        ("keras", row.keras, "keras"),
        ("protobuf", row.protobuf, "protobuf"),
    ):
        yield from _specifier(name, field, table, requirement(found, package))
    for field, table, prefix in (
        ("cuda_pin", row.cuda_pin, "nvidia-cuda-runtime"),
        ("cudnn_pin", row.cudnn_pin, "nvidia-cudnn"),
        ("nccl_pin", row.nccl_pin, "nvidia-nccl"),
    ):
        pins = (requirement(found, f"{prefix}-cu{major}", "and-cuda") for major in ("11", "12", "13"))
        yield from _specifier(name, field, table, next(filter(None, pins), None))
    yield from _size(name, "wheel_mb", row.wheel_mb, found.megabytes)


def compare_companion(row: torch_companions.Companion, found: Release) -> Iterator[Difference]:
    """A release of a package that is built for one torch."""
    name = f"torch_companions {row.name} {row.version}"
    if row.torch is not None:
        yield from _specifier(name, "torch", row.torch, requirement(found, "torch"))
    for text in row.others.split():
        other = Requirement(text)
        yield from _specifier(name, other.name, str(other.specifier), requirement(found, other.name))


def compare_release(
    table: str, row: jax.Release | onnxruntime.Release | cupy.Release | accelerators.Release, found: Release
) -> Iterator[Difference]:
    """What all tables of releases have: the Python it requires, and the size of the wheel."""
    name = f"{table} {row.version}"
    if row.requires_python:
        yield from _specifier(name, "requires_python", row.requires_python, found.requires_python)
    yield from _size(name, "wheel_mb", row.jaxlib_mb if isinstance(row, jax.Release) else row.wheel_mb, found.megabytes)


def compare_pythons(name: str, table: str, index: Iterable[str]) -> Iterator[Difference]:
    """The Pythons with a wheel, free-threaded builds left out; only those that were asked for are compared."""
    known = " ".join(python for python in table.split() if python in python_wheels.PYTHONS)
    found = " ".join(python for python in python_wheels.PYTHONS if python in set(index))
    if known != found:
        yield Difference(name, "pythons", known, found)


def compare_range(name: str, python: str, versions: Sequence[str], newest: str) -> Iterator[Difference]:
    """The first and last release with a wheel for a Python."""
    row = python_wheels.wheels(name, python)
    index = ("", "")
    if versions:
        index = (versions[0], "" if versions[-1] == newest else versions[-1])
    table = ("", "") if row is None else (row.first, row.last)
    for field, known, found in zip(("first", "last"), table, index, strict=True):
        if canonical(known) != canonical(found):
            yield Difference(f"python_wheels {name} {python}", field, known, found)


# Asking


class Pip:
    """pip as the client; it asks for x86-64 Linux, whatever this machine is."""

    # pip takes the platforms by their letter: an older glibc has to be named too.
    _PLATFORMS = (*(f"manylinux_2_{minor}" for minor in range(40, 4, -1)), "manylinux2014", "manylinux1", "linux")

    def __init__(self, sizes: bool = False) -> None:
        self.sizes = sizes
        self._seen: dict[tuple[str, str], tuple[str, ...]] = {}

    def _run(self, *arguments: str) -> str | None:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else None

    def _platform(self, python: str) -> list[str]:
        platforms = [f"--platform={each}_x86_64" for each in self._PLATFORMS]
        return ["--only-binary=:all:", *platforms, f"--python-version={patch_level(python)}"]

    def versions(self, name: str, python: str | None = None) -> tuple[str, ...]:
        """See `Client`; empty when the index doesn't know the name."""
        if python is None:
            # The sources of every release, and the wheels for Pythons that the newest releases are for.
            found = set(self._listed(name, "--ignore-requires-python"))
            found.update(*(self.versions(name, each) for each in python_wheels.PYTHONS[-3:]))
            return _in_order(found)
        if (name, python) not in self._seen:
            self._seen[name, python] = _in_order(self._listed(name, *self._platform(python)))
        return self._seen[name, python]

    def _listed(self, name: str, *options: str) -> list[str]:
        text = self._run("index", "versions", name, "--json", *options)
        return [] if text is None else json.loads(text)["versions"]

    def release(self, name: str, version: str, pythons: Sequence[str]) -> Release | None:
        """See `Client`; a release that has sources only has no metadata without being built, and is left out."""
        for python in pythons:
            with tempfile.TemporaryDirectory() as folder:
                options = ["--quiet", "--no-deps", *self._platform(python), f"{name}=={version}"]
                text = self._run(
                    "install", "--dry-run", "--ignore-installed", "--report", "-", "--target", folder, *options
                )
                if text is None:
                    continue
                found = read_report(text)
                if self.sizes and self._run("download", "--dest", folder, *options) is not None:
                    size = sum(os.stat(os.path.join(folder, file)).st_size for file in os.listdir(folder))
                    found = found._replace(megabytes=size / 1e6)
                return found
        return None


def _in_order(versions: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(version) for version in sorted(map(Version, versions)))


def patch_level(python: str) -> str:
    """The last known patch release of a Python: some packages require 3.7.1, which a plain 3.7 isn't."""
    row = next((row for row in python_releases.RELEASES if row.version == python), None)
    return row.last if row is not None and row.last is not None else python


def _pythons(text: str = "") -> list[str]:
    """The Pythons to ask for, newest first: those of a row, else all."""
    own = [python for python in text.split() if python in python_wheels.PYTHONS]
    return list(reversed(own or python_wheels.PYTHONS))


class Refresh:
    """Compares the rows of one package in all the tables; `releases` is how many of the newest rows are asked for."""

    def __init__(self, client: Client, releases: int = 3) -> None:
        self.client = client
        self.releases = releases

    def differences(self, name: str) -> Iterator[Difference]:
        """What the index says otherwise about a package."""
        versions = self.client.versions(name)
        if not versions:
            yield Difference(name, "releases", "known", "not found")
            return
        yield from self._package(name, versions[-1])
        yield from self._ranges(name, versions[-1])
        if name == "torch":
            yield from self._torch(versions)
        elif name == "tensorflow":
            yield from self._tensorflow(versions)
        elif name in torch_companions.NAMES:
            yield from self._companion(name, versions)
        yield from self._plain(name, versions)

    def _package(self, name: str, newest: str) -> Iterator[Difference]:
        row = pypi_packages.find(name)
        if row is None or row.wheel in ("source", "none"):
            if row is not None and canonical(row.latest) != canonical(newest):
                yield Difference(f"pypi_packages {name}", "latest", row.latest, newest)
            return
        found = self.client.release(name, newest, _pythons())
        if found is not None:
            yield from compare_package(row, found)

    def _ranges(self, name: str, newest: str) -> Iterator[Difference]:
        if name in python_wheels.NAMES:
            for python in python_wheels.PYTHONS:
                yield from compare_range(name, python, self.client.versions(name, python), newest)

    def _torch(self, versions: Sequence[str]) -> Iterator[Difference]:
        yield from _missing("torch", versions, torch.HORIZON)
        by_python = {python: set(self.client.versions("torch", python)) for python in python_wheels.PYTHONS}
        for row in torch.RELEASES[-self.releases :]:
            have = [python for python, found in by_python.items() if row.version in found]
            yield from compare_pythons(f"torch {row.version}", row.pythons, have)
            found = self.client.release("torch", row.version, _pythons(row.pythons))
            if found is not None:
                yield from compare_torch(row, found)

    def _tensorflow(self, versions: Sequence[str]) -> Iterator[Difference]:
        yield from _missing("tensorflow", versions, tensorflow.HORIZON)
        by_python = {python: set(self.client.versions("tensorflow", python)) for python in python_wheels.PYTHONS}
        for row in tensorflow.RELEASES[-self.releases :]:
            have = [python for python, found in by_python.items() if row.version in found]
            yield from compare_pythons(f"tensorflow {row.version}", row.pythons, have)
            found = self.client.release("tensorflow", row.version, _pythons(row.pythons))
            if found is not None:
                yield from compare_tensorflow(row, found)

    def _companion(self, name: str, versions: Sequence[str]) -> Iterator[Difference]:
        rows = torch_companions.releases(name)
        yield from _missing(f"torch_companions {name}", versions, rows[-1].version)
        for row in rows[-self.releases :]:
            found = self.client.release(name, row.version, _pythons())
            if found is not None:
                yield from compare_companion(row, found)

    def _plain(self, name: str, versions: Sequence[str]) -> Iterator[Difference]:
        table, rows = _release_rows(name)
        if not rows:
            return
        if name not in torch_companions.NAMES:
            yield from _missing(table, versions, rows[-1].version)
        for row in rows[-self.releases :]:
            found = self.client.release(name, row.version, _pythons())
            if found is not None:
                yield from compare_release(table, row, found)


_Row = jax.Release | onnxruntime.Release | cupy.Release | accelerators.Release


def _release_rows(name: str) -> tuple[str, Sequence[_Row]]:
    """The table of releases that a package has, and its rows, oldest first."""
    if name == "jaxlib":
        return "jax", jax.RELEASES
    if name == "onnxruntime-gpu":
        return "onnxruntime", onnxruntime.RELEASES
    if name.startswith("cupy-"):
        return f"cupy {name}", [row for row in cupy.RELEASES if row.name == name]
    return f"accelerators {name}", accelerators.releases(name)


def _missing(table: str, versions: Sequence[str], horizon: str) -> Iterator[Difference]:
    found = newer(versions, horizon)
    if found:
        yield Difference(table, "newest release", horizon, " ".join(found))


def known_names() -> tuple[str, ...]:
    """Every package of the tables that this can ask for."""
    names = {row.name for row in pypi_packages.PACKAGES} | python_wheels.NAMES | torch_companions.NAMES
    names |= {row.name for row in cupy.RELEASES} | {row.name for row in accelerators.RELEASES}
    return tuple(sorted(names | {"torch", "tensorflow", "jaxlib", "onnxruntime-gpu"}))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the differences; 1 when there are some, 2 for a name that no table has."""
    parser = argparse.ArgumentParser(prog="python -m tools.refresh_tables", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages; all of the tables when none is given")
    parser.add_argument("--releases", type=int, default=3, metavar="N", help="rows per table to compare (default: 3)")
    parser.add_argument("--sizes", action="store_true", help="download the wheels and compare their sizes")
    options = parser.parse_args(arguments)
    known = known_names()
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"no table has {', '.join(unknown)}", file=sys.stderr)
        return 2
    refresh = Refresh(Pip(options.sizes), options.releases)
    names = options.names or known
    total = 0
    for name in names:
        for difference in refresh.differences(name):
            total += 1
            print(difference, flush=True)
    print(f"{len(names)} packages compared, {total} differences")
    return 1 if total else 0


if __name__ == "__main__":
    raise SystemExit(main())
