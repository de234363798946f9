"""Frameworks and the packages that are built for one release of them: which pairs of a stage do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.packages.specifiers import allows
from mllint.packages.version import exact_version
from mllint.semantic.dependencies import brought
from mllint.semantic.fact import Origin
from mllint.semantic.installations import Installation, Wanted
from mllint.semantic.inventory import Package, identity
from mllint.semantic.pins import is_held
from mllint.semantic.stage import Stage
from mllint.semantic.wheels import cuda_of_variant
from mllint.source import Span

FRAMEWORKS = frozenset({"torch", "tensorflow"})
#: Packages whose compiled code loads with one release of their framework only.
_COMPILED = frozenset({"torchvision", "torchaudio", "torchtext", "xformers", "vllm", "tensorflow-text"})
#: Those that PyTorch builds for each CUDA, and that look at their framework's when they are imported.
_BUILT_FOR_CUDA = frozenset({"torchvision", "torchaudio"})
#: Images with a framework bring these along, which the tables do not always say.
_OFTEN_SHIPPED = frozenset({"torchvision", "torchaudio", "torchtext", "torchdata", "keras"})
#: The last torchaudio names no torch; pip puts it beside any.
_LAST_TORCHAUDIO = ("2.11.0", ">=2.11")


class Mismatch(NamedTuple):
    """A package and a framework that do not fit."""

    #: "refused": the installer finds no solution. "left": both end up in the image. "replaces": the newest release
    #: replaces the framework. "loose": the newest release is made for another framework release, and does not say so.
    #: "build": they are built for different CUDAs.
    kind: str
    name: str
    #: The release in question: the one asked for, or the newest; "" for a range.
    version: str
    span: Span
    #: What installs the package; None for what the base ships.
    installation: Installation | None
    framework: str
    #: Its version, or the range that is asked for.
    framework_version: str
    framework_span: Span | None
    #: What the release asks of the framework (of a framework that asks: of the package), as a specifier.
    needs: str
    #: The framework is the one that asks: tensorflow for keras, torch for triton.
    reverse: bool = False
    #: The builds of the package and of the framework: ("cpu", "cu124").
    builds: tuple[str, str] = ("", "")
    sure: bool = True
    #: The base image ships the package, and the framework is what was put beside it: `span` is the framework's.
    shipped: bool = False


def needs(name: str, version: str | None) -> Iterator[tuple[str, str]]:
    """What the metadata of a release asks of frameworks and their companions: names with specifiers."""
    for needed, specifier, _ in brought(name, version):
        yield needed, specifier
    if name == "tensorflow" and version is not None:
        from mllint.knowledge import tensorflow

        row = tensorflow.release(version)
        if row is not None and row.keras:
            yield "keras", row.keras
    if name == "torch" and version is not None and not version.endswith("+cpu"):
        from mllint.knowledge import torch

        release = torch.release(version)
        if release is not None and release.triton:
            yield "triton", release.triton


def mismatches(stage: Stage) -> Iterator[Mismatch]:
    """The pairs of a stage that do not fit, as its own instructions make them."""
    for installation in stage.installations:
        names = {_identity(each) for each in installation.wanted}
        if names & _concerned():
            yield from refused(installation)
            yield from _unpinned(installation, stage)
    named = {_identity(each) for one in stage.installations for each in (*one.wanted, *one.resolved)}
    if named & (_concerned() | FRAMEWORKS):
        yield from _left(stage)
        yield from _builds(stage)


def _concerned() -> frozenset[str]:
    from mllint.knowledge import tensorflow, torch_companions

    rows = frozenset(row.name for row in tensorflow.COMPANIONS)
    return torch_companions.NAMES | rows | {"keras", "triton"}


def _identity(wanted: Wanted) -> str:
    requirement = wanted.requirement
    return identity(requirement.name or "", requirement.ecosystem)


# One command asks for both


def refused(installation: Installation) -> Iterator[Mismatch]:
    """The pairs of one install that no resolution can satisfy."""
    install = installation.step.install
    if installation.locked or install.options & {"--no-deps", "--override", "--no-dependencies"}:
        return
    if install.ecosystem == "conda" and not _asks_channel(installation, "pytorch"):
        return
    by_name = {_identity(each): each for each in installation.wanted if each.requirement.kind == "index"}
    for name, wanted in by_name.items():
        for needed, specifier in needs(name, wanted.version):
            other = by_name.get(needed)
            if other is not None and _excludes(specifier, other):
                yield _refused(name, wanted, needed, other, specifier, installation)
        if wanted.version is None and wanted.requirement.specifier:
            yield from _no_release(name, wanted, by_name.get("torch"), installation)


def _excludes(specifier: str, other: Wanted) -> bool:
    """Whether what a release needs cannot be what is asked for."""
    if other.version is not None:
        return allows(specifier, other.version) is False
    exact = exact_version(specifier, "python")
    return exact is not None and allows(other.requirement.specifier, exact) is False


def _refused(
    name: str, wanted: Wanted, needed: str, other: Wanted, specifier: str, installation: Installation
) -> Mismatch:
    reverse = name in FRAMEWORKS
    package, framework = (other, wanted) if reverse else (wanted, other)
    return Mismatch(
        "refused",
        needed if reverse else name,
        package.version or "",
        _place(package),
        installation,
        name if reverse else needed,
        framework.version or framework.requirement.specifier,
        _place(framework),
        specifier,
        reverse,
        sure=installation.step.install.ecosystem == "python",
    )


def _no_release(name: str, wanted: Wanted, torch: Wanted | None, installation: Installation) -> Iterator[Mismatch]:
    """`torchvision>=0.17` beside `torch==2.1.0`: every release that takes this torch is out of the range."""
    from mllint.knowledge import torch_companions

    if torch is None or torch.version is None or not torch_companions.for_torch(name, torch.version):
        return
    rows = torch_companions.releases(name)
    fitting = [row for row in rows if row.torch is not None and allows(row.torch, torch.version) is not False]
    unknown = any(row.torch is None for row in rows)
    if not unknown and all(allows(wanted.requirement.specifier, row.version) is False for row in fitting):
        wants = f"=={fitting[-1].version}"
        yield Mismatch(
            "refused",
            name,
            "",
            _place(wanted),
            installation,
            "torch",
            torch.version,
            _place(torch),
            wants,
            reverse=True,
        )


def _asks_channel(installation: Installation, name: str) -> bool:
    channels = {each.requirement.channel for each in installation.wanted}
    return name in channels or any(index.url == name for index in installation.indexes)


def _place(wanted: Wanted) -> Span:
    return wanted.requirement.span


# The framework is there, and the package is not pinned


def _unpinned(installation: Installation, stage: Stage) -> Iterator[Mismatch]:
    """What the newest release of a package makes of the framework that is there already, or is pinned beside it."""
    install = installation.step.install
    if install.ecosystem != "python" or installation.locked or "--no-deps" in install.options or stage.base is None:
        return
    if install.manager not in ("pip", "uv") or is_held(installation.step, stage):
        return
    before = stage.inventory.before(installation.step)
    named = {_identity(each): each for each in installation.wanted}
    key = installation.environment.key
    for name, wanted in named.items():
        if wanted.version is not None or wanted.requirement.kind != "index" or wanted.requirement.pinned:
            continue
        row = _newest(name, wanted.requirement.specifier, installation)
        if row is None or before.get(name, key) is not None:
            continue
        version, framework, specifier = row
        beside = named.get(framework)
        if beside is not None:
            # The resolver goes back to a release that takes the pinned framework; one that names none has no need to.
            there, place = beside.version, _place(beside)
            kind = "loose"
        else:
            package = before.get(framework, key)
            if package is None or not package.sure or (package.origin is Origin.INHERITED and name in _OFTEN_SHIPPED):
                continue
            there, place, kind = package.version, package.span or installation.step.install.command.span, "replaces"
        if name == "torchaudio" and version == _LAST_TORCHAUDIO[0]:
            kind, specifier = "loose", _LAST_TORCHAUDIO[1]
        elif kind == "loose":
            continue
        others = (
            one for other in named if other not in (name, framework) for one in needs(other, named[other].version)
        )
        held = kind == "replaces" and any(needed == framework and pin for needed, pin in others)
        if there is not None and not held and _is_release(framework, there) and allows(specifier, there) is False:
            span = wanted.requirement.span
            yield Mismatch(kind, name, version, span, installation, framework, there, place, specifier, sure=False)


def _is_release(framework: str, version: str) -> bool:
    from mllint.knowledge import tensorflow, torch

    return (torch if framework == "torch" else tensorflow).release(version) is not None


def _newest(name: str, specifier: str, installation: Installation) -> tuple[str, str, str] | None:
    """The newest release that the install can take, its framework, and what it asks of it; None when not known."""
    from mllint.knowledge import tensorflow, torch_companions

    python = installation.environment.python
    if python is None:
        return None
    minor = ".".join(python.value.split(".")[:2])
    if name in torch_companions.NAMES:
        for row in reversed(torch_companions.releases(name)):
            if row.torch is None or (specifier and not allows(specifier, row.version)):
                continue
            if row.requires_python and allows(row.requires_python, f"{minor}.99") is False:
                continue
            open_ended = _LAST_TORCHAUDIO[1] if name == "torchaudio" else ""
            least = _least(row.torch or open_ended)
            if least is None or _has_wheel(least, minor, installation):
                return row.version, "torch", row.torch
        return None
    rows = [row for row in tensorflow.COMPANIONS if row.name == name and row.tensorflow]
    for tf in reversed(rows):
        release = tensorflow.release(_least(tf.tensorflow) or "")
        fits = release is not None and minor in release.pythons.split() and not installation.indexes
        if fits and not (specifier and not allows(specifier, tf.version)):
            return tf.version, "tensorflow", tf.tensorflow
    return None


def _least(specifier: str) -> str | None:
    """The release that a specifier starts at: "2.14.0" of ">=2.14.0", "2.4.0" of "==2.4.0"."""
    starts = [part.strip().lstrip("=>~ ") for part in specifier.split(",") if part.strip()[:2] in ("==", ">=", "~=")]
    return starts[0] if starts else None


def _has_wheel(torch_version: str, python: str, installation: Installation) -> bool:
    """Whether the install finds a torch of that release for the Python."""
    from mllint.knowledge import torch

    release = torch.release(torch_version)
    if release is None or python not in release.pythons.split():
        return False
    indexes = installation.indexes
    replacing = [index for index in indexes if index.kind != "extra-index-url"]
    if not replacing:
        # uv takes the first index that has a package, and extra ones come first.
        return not indexes or installation.step.install.manager == "pip"
    builds = {index.build for index in indexes}
    build = builds.pop() if len(builds) == 1 and all(index.official for index in indexes) else None
    return build is not None and torch.exists(torch_version, build) is True


# Both are in the image at the end


def _left(stage: Stage) -> Iterator[Mismatch]:
    """The pairs that are left side by side: the framework was replaced later, or dependencies were not asked."""
    for package in stage.inventory.packages:
        name = package.identity
        if name not in _COMPILED or package.version is None or not package.sure or package.span is None:
            continue
        for needed, specifier in needs(name, package.version):
            other = stage.inventory.get(needed, package.environment) if needed in FRAMEWORKS else None
            if other is None or other.version is None or not other.sure or not _is_bounded(specifier):
                continue
            own = [each for each in (package, other) if each.instruction in stage.body and each.span is not None]
            resolved = _resolved_together(package, other)
            if own and not resolved and allows(specifier, other.version) is False:
                yield _left_beside(package, other, specifier)


def _left_beside(package: Package, framework: Package, specifier: str) -> Mismatch:
    """The finding is about what this file does: beside a package of the base image that is the framework."""
    shipped = package.origin is Origin.INHERITED and framework.span is not None
    cause, other = (framework, package) if shipped else (package, framework)
    assert package.span is not None
    return Mismatch(
        "left",
        package.identity,
        package.version or "",
        cause.span or package.span,
        cause.installation,
        framework.identity,
        framework.version or "",
        other.span,
        specifier,
        sure="conda" not in (package.ecosystem, framework.ecosystem),
        shipped=shipped,
    )


def _is_bounded(specifier: str) -> bool:
    """Whether a specifier speaks of one release, or of one series: an open range is met by what comes."""
    return "==" in specifier or "<" in specifier


def _resolved_together(one: Package, other: Package) -> bool:
    """Whether one resolution decided about both; of what it cannot solve `refused` speaks."""
    installation = one.installation
    if installation is None or installation is not other.installation:
        return False
    return "--no-deps" not in installation.step.install.options


def _builds(stage: Stage) -> Iterator[Mismatch]:
    """The pairs that fit by their versions and are built for different CUDAs."""
    for package in stage.inventory.packages:
        if package.identity not in _BUILT_FOR_CUDA or not package.sure or package.span is None:
            continue
        torch = stage.inventory.get("torch", package.environment)
        if torch is None or not torch.sure or not any(each.instruction in stage.body for each in (package, torch)):
            continue
        builds = (_build(package), _build(torch))
        if None not in builds and _differ(str(builds[0]), str(builds[1])):
            yield Mismatch(
                "build",
                package.identity,
                package.version or "",
                package.span,
                package.installation,
                "torch",
                torch.version or "",
                torch.span,
                "",
                builds=(str(builds[0]), str(builds[1])),
            )


def _build(package: Package) -> str | None:
    """The build as it is known ("cu121", "cpu"), or the one that the default index has of the release."""
    if package.variant is not None:
        return package.variant if package.variant == "cpu" or cuda_of_variant(package.variant) else None
    installation = package.installation
    if installation is None or installation.indexes or installation.locked or package.version is None:
        return None
    if package.ecosystem != "python" or installation.step.install.manager not in ("pip", "uv"):
        return None
    from mllint.knowledge import torch

    version: str | None = package.version
    if package.identity != "torch":
        asked = [specifier for needed, specifier in needs(package.identity, version) if needed == "torch"]
        version = exact_version(asked[0], "python") if asked else None
    default = torch.default_variant(version) if version is not None else None
    return default.name if default is not None else None


def _differ(package: str, framework: str) -> bool:
    """Whether one is for the CPU and the other for CUDA, or for another major version of it."""
    one, other = cuda_of_variant(package), cuda_of_variant(framework)
    return (one is None) != (other is None) or (one is not None and other is not None and one[0] != other[0])
