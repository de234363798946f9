"""What a package brings with it, as far as the tables tell: torchvision the torch that it is built for, and so on."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.packages.version import exact_version


def brought(name: str, version: str | None) -> Iterator[tuple[str, str, str | None]]:
    """The names of packages that a Python package needs, with the specifier and the exact version where it is one."""
    for needed, specifier in _needs(name, version):
        yield needed, specifier, exact_version(specifier, "python")


def _needs(name: str, version: str | None) -> Iterator[tuple[str, str]]:
    from mllint.knowledge import torch_companions

    companion = torch_companions.find(name, version) if version is not None else None
    if companion is not None and companion.torch is not None:
        if companion.torch:
            yield "torch", companion.torch
        for other in companion.others.split():
            needed, _, pin = other.partition("==")
            yield needed, f"=={pin}"
        return
    yield from _tensorflow(name, version)
    from mllint.knowledge import accelerators, pypi_packages

    release = accelerators.release(name, version) if version is not None else None
    if release is not None and release.torch is not None:
        yield "torch", release.torch
        return
    latest = pypi_packages.find(name)
    if name != "torch" and latest is not None and "torch" in latest.pulls.split():
        yield "torch", ""


def _tensorflow(name: str, version: str | None) -> Iterator[tuple[str, str]]:
    from mllint.knowledge import tensorflow

    companion = tensorflow.companion(name, version) if version is not None else None
    if companion is not None and companion.tensorflow:
        yield "tensorflow", companion.tensorflow
