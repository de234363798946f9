"""Which torch an image has: the default wheel, one of PyTorch's own indexes, conda's, the base image's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.images.versions import numbers
from mllint.semantic.fact import Origin
from mllint.semantic.frameworks import Framework, exact, known, minor_of
from mllint.semantic.wheels import cuda_of_variant

if TYPE_CHECKING:
    from mllint.knowledge.torch import Variant
    from mllint.semantic.inventory import Package
    from mllint.semantic.toolchain import Moment


def read_torch(package: Package, moment: Moment) -> Framework:
    """The torch of a package, with the CUDA that its build brings."""
    from mllint.knowledge import torch

    variant = package.variant

    def published(version: str) -> bool:
        return variant is None or torch.variant(version, variant) is not None

    version = exact(package, torch.RELEASES, published=published)
    plain = Framework("torch", package, version)
    if package.origin is Origin.INHERITED:
        return _torch_of_base(plain, moment)
    if package.ecosystem == "conda":
        return _torch_of_conda(plain)
    if variant is not None:
        return _torch_variant(plain, variant)
    elsewhere = _elsewhere(package, moment)
    if elsewhere:
        return plain._replace(version=version if package.version is not None else None, note=elsewhere)
    row = torch.default_variant(version.value) if version is not None else None
    if version is None or row is None:
        newest = torch.newest()
        beyond = f"{version.value} is newer than {newest.version}" if version is not None else "no version is fixed"
        if version is not None and numbers(version.value) <= numbers(newest.version):
            return plain
        note = f"{beyond}: the wheel of {newest.version}, the newest on {torch.CHECKED}, brings CUDA {newest.cuda}"
        return plain._replace(build="cuda", bundles_cuda=True, needs_system_cudnn=False, note=note)
    reason = f"the default wheel of torch {row.torch}"
    return _with_wheel(plain, row, reason, sure=row.sure and version.sure and not _mirrored(package))


def _torch_variant(plain: Framework, variant: str) -> Framework:
    """A wheel of an index of PyTorch's: `+cu121`, `…/whl/cu121`."""
    from mllint.knowledge import torch

    if not variant.startswith("cu"):
        build = "cpu" if variant.startswith("cpu") else "rocm" if variant.startswith("rocm") else None
        return plain._replace(build=build, bundles_cuda=False if build else None, needs_system_cudnn=False)
    found = cuda_of_variant(variant)
    if found is None or not torch.published(variant):
        return plain._replace(note=f"no release of the tables has a build {variant}")
    cuda = known(f"{found[0]}.{found[1]}", plain.package, f"the build {variant}")
    row = torch.variant(plain.version.value, variant) if plain.version is not None else None
    if row is None or plain.version is None:
        return plain._replace(build="cuda", cuda=cuda, bundles_cuda=True, needs_system_cudnn=False)
    reason = f"the wheel {variant} of torch {row.torch}"
    # The name of the build says its CUDA, however the version was found.
    return _with_wheel(plain, row, reason, sure=row.sure and plain.version.sure)._replace(cuda=cuda)


def _with_wheel(plain: Framework, row: Variant, reason: str, *, sure: bool) -> Framework:
    package = plain.package
    return plain._replace(
        build="cuda" if row.cuda is not None else "cpu",
        cuda=known(row.cuda, package, reason, sure=sure) if row.cuda is not None else None,
        bundles_cuda=row.cuda is not None,
        cudnn=known(row.cudnn, package, reason, sure=sure) if row.cudnn is not None else None,
        needs_system_cudnn=False,
        architectures=_architectures(row),
        sure=sure,
    )


def _architectures(row: Variant) -> tuple[str, ...] | None:
    found = row.architectures.split()
    return tuple(f"{each}+PTX" if each == row.ptx else each for each in found) or None


def _torch_of_base(plain: Framework, moment: Moment) -> Framework:
    """The base image's own: its CUDA is the image's."""
    from mllint.knowledge import torch
    from mllint.semantic.toolchain import image_fact

    base, package = moment.stage.base, plain.package
    if base is None:
        return plain
    if base.gpu != "cuda" or base.cuda is None:
        build = base.gpu if base.gpu in ("cuda", "cpu", "rocm") else None
        return plain._replace(build=build, sure=False)
    cuda = image_fact(moment.stage, base.cuda, "cuda", reason=f"{base.family} image")
    official = base.family == "pytorch/pytorch"
    variant = f"cu{minor_of(base.cuda).replace('.', '')}"
    row = torch.variant(package.version, variant) if official and package.version is not None else None
    cudnn = image_fact(moment.stage, base.cudnn, "cudnn", part=f"cudnn{base.cudnn}") if base.cudnn else None
    return plain._replace(
        build="cuda",
        cuda=cuda,
        bundles_cuda=True if official else False if base.family.startswith("nvcr.io/") else None,
        cudnn=cudnn,
        needs_system_cudnn=False,
        architectures=_architectures(row) if row is not None else None,
        sure=cuda.sure,
    )


def _torch_of_conda(plain: Framework) -> Framework:
    """conda's builds: `pytorch-cuda=12.1`, `cudatoolkit=11.3`, `cpuonly`, a build string; else the solver decides."""
    from mllint.knowledge import conda

    package = plain.package
    if package.variant is not None:
        return _torch_variant(plain, package.variant)
    if package.name in conda.CPU_NAMES:
        return plain._replace(build="cpu")
    if package.name in conda.GPU_NAMES:
        return plain._replace(build="cuda", needs_system_cudnn=False)
    note = f"conda takes the CPU build where it sees no GPU, unless {conda.OVERRIDE_VARIABLE} is set"
    return plain._replace(note=note, sure=False)


def _elsewhere(package: Package, moment: Moment) -> str:
    """Why the wheel may be another than the package index has for x86-64; "" when nothing says so."""
    if "$" in package.specifier:
        return "its version is only known to the build"
    platform = moment.stage.root.opening.flag_value("platform")
    named = platform.value if platform is not None else ""
    if "arm" in named or "aarch64" in named:
        return "wheels for ARM are other builds"
    indexes = package.installation.indexes if package.installation is not None else ()
    if any(index.kind != "channel" and "pytorch.org" in (index.url or "pytorch.org") for index in indexes):
        if package.installation is not None and package.installation.step.install.command.conditional:
            return "its command runs under a condition"
        if any("pytorch.org/whl/nightly" in (index.url or "") for index in indexes):
            return "it is the nightly build of the day"
        return "the newest of several indexes is taken" if package.version is None else "the index is not known"
    return ""


def _mirrored(package: Package) -> bool:
    """Whether the packages come from an index of somebody's own, which may hold other wheels."""
    indexes = package.installation.indexes if package.installation is not None else ()
    return any(index.kind == "index-url" for index in indexes)
