"""About how much each layer of an image weighs: the base image, wheels, system packages, files, downloads.

All figures are MB (10^6 bytes) as they are pulled, compressed; what is not known is None and never counted as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.version import exact_version
from mllint.semantic.fact import Origin
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.semantic.frameworks import Dated
    from mllint.semantic.installations import Installation
    from mllint.semantic.inventory import Package
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep
    from mllint.source import Span
    from mllint.syntax.nodes import Instruction

#: Packages of distributions, installed, to the compressed layer that holds them: an order of magnitude.
_COMPRESSED = 0.35
#: What apt's figure for a package holds already.
_WITHIN = {"build-essential": frozenset({"gcc", "g++", "make", "libc6-dev", "dpkg-dev"})}
#: Frameworks whose figure holds all that they bring.
_CLOSURES = frozenset({"torch", "tensorflow", "jax"})
_REFETCHING = frozenset({"--upgrade", "--force-reinstall", "--ignore-installed", "--reinstall"})


class Part(NamedTuple):
    """One thing in a layer."""

    label: str
    #: None when not known.
    megabytes: float | None
    span: Span | None = None
    #: Whether it comes with dependencies that are not counted.
    alone: bool = False


class LayerSize(NamedTuple):
    """What the base image or an instruction adds to an image."""

    #: None for the base image.
    instruction: Instruction | None
    #: "FROM", "RUN", "COPY", "ADD".
    keyword: str
    span: Span
    parts: tuple[Part, ...]

    @property
    def megabytes(self) -> float | None:
        """The sum of what is known: at least so much where a part is not; None when nothing is known."""
        known = [part.megabytes for part in self.parts if part.megabytes is not None]
        return sum(known) if known else None

    @property
    def complete(self) -> bool:
        """Whether every part is known, and nothing comes with them."""
        return all(part.megabytes is not None and not part.alone for part in self.parts)


def layer_sizes(stage: Stage) -> tuple[LayerSize, ...]:
    """The base image of a stage, and the instructions of it and its parents that are known to add something."""
    return tuple(_layers(stage))


def added_bytes(instruction: Run | Copy, stage: Stage) -> int | None:
    """About how many bytes one instruction of a stage adds, as they are pulled; at least, where a part is not known."""
    known = [part.megabytes for part in _parts(instruction, stage) if part.megabytes is not None]
    return int(sum(known) * 1e6) if known else None


def _layers(stage: Stage) -> Iterator[LayerSize]:
    root = stage.root
    if root.base_name and not root.is_scratch:
        size = stage.base.size_gb if stage.base is not None else None
        span = (root.opening.image or root.opening).span
        yield LayerSize(None, "FROM", span, (Part(root.base_name, None if size is None else size * 1000, span),))
    for each in reversed(stage.ancestry):
        for instruction in each.body:
            if isinstance(instruction, (Run, Copy)):
                parts = tuple(_parts(instruction, each))
                if parts:
                    yield LayerSize(instruction, instruction.keyword, instruction.span, parts)


def _parts(instruction: Run | Copy, stage: Stage) -> Iterator[Part]:
    if isinstance(instruction, Run):
        yield from _installed(instruction, stage)
    else:
        for step in stage.copies:
            if step.instruction is instruction:
                yield from _copied(step, stage)
    for fetch in stage.artifacts.fetches:
        if fetch.instruction is instruction and fetch.stays and not fetch.conditional:
            size = fetch.download.size
            label = fetch.download.subject or fetch.download.kind.value
            yield Part(label, None if size is None else size / 1e6, fetch.span)


def _installed(run: Run, stage: Stage) -> Iterator[Part]:
    for installation in stage.installations:
        if installation.step.instruction is run:
            if installation.step.install.command.conditional:
                # One of several branches, perhaps none.
                yield Part("an install under a condition", None, installation.step.install.command.span)
            elif installation.step.install.ecosystem == "system":
                yield from _system(installation)
            else:
                yield from python_parts(_python(installation, stage), stage)
                if not installation.complete:
                    yield Part("files that are not in the context", None, installation.step.install.command.span)


def _python(installation: Installation, stage: Stage) -> Iterator[Package]:
    """The packages that an install puts in place, those that a later one replaces too."""
    replaced = (change.previous for change in stage.inventory.changes)
    seen = set()
    for package in (*stage.inventory.packages, *replaced):
        if package.installation is installation and (package.environment, package.identity) not in seen:
            seen.add((package.environment, package.identity))
            yield package


def _is_conditional(package: Package) -> bool:
    return package.installation is not None and package.installation.step.install.command.conditional


def _may_be_there(package: Package, stage: Stage) -> bool:
    """Whether a framework may be in a base that is not known, where pip finds it and fetches nothing."""
    if stage.base is not None or package.version is not None or package.installation is None:
        return False
    return package.identity in _CLOSURES and not package.installation.step.install.options & _REFETCHING


def python_parts(packages: Iterable[Package], stage: Stage | None = None) -> Iterator[Part]:
    """The sizes of packages of Python or conda: the frameworks with all that they bring, of others the wheel alone.

    With the stage whose base they are installed upon, for it may have some already.
    """
    found = tuple(packages)
    carried = any(package.identity in _CLOSURES for package in found)
    for package in found:
        # A lock names the libraries that a framework's own figure holds already.
        if carried and (package.name.startswith("nvidia-") or package.name in ("triton", "jaxlib", "cuda-toolkit")):
            continue
        label = f"{package.name} {package.version}" if package.version else package.name
        # Beside gigabytes of a framework, the rest of what they bring makes no difference.
        doubtful = _is_conditional(package) or (stage is not None and _may_be_there(package, stage))
        size = None if doubtful else wheel_size(package)
        yield Part(label, size, package.span, alone=not carried and _brings_uncounted(package))


def _brings_uncounted(package: Package) -> bool:
    """Whether an installer may add packages for this one that no figure counts."""
    installation = package.installation
    if installation is None or installation.locked or package.origin is not Origin.LITERAL:
        return False
    return "--no-deps" not in installation.step.install.options


def wheel_size(package: Package) -> float | None:
    """The download of a package in MB; of one without a version that of the newest. None when not known."""
    name = package.identity
    if name == "torch":
        return _torch(package)
    if name in ("tensorflow", "jax", "tensorflow-cpu"):
        return _closure(package, name)
    if package.origin is Origin.DERIVED and package.ecosystem == "conda":
        return None
    from mllint.knowledge import accelerators, pypi_packages

    version = _version(package)
    release = accelerators.release(name, version) if version is not None else None
    if release is not None and release.wheel_mb is not None:
        return release.wheel_mb
    latest = pypi_packages.find(name)
    # What is built from source is another size than its source.
    return latest.size_mb if latest is not None and latest.wheel != "source" else None


def _torch(package: Package) -> float | None:
    from mllint.knowledge import sizes, torch

    variant = package.variant or ""
    if variant.startswith("cpu"):
        return float(torch.CPU_WHEEL_MB)
    if (variant and not variant.startswith("cu")) or (not variant and _of_unknown_index(package)):
        return None
    asked = _version(package)
    version = asked or _newest_fitting(package, torch.RELEASES)
    exact = sizes.closure("torch", version)
    if exact is not None or version is None:
        return float(exact.download_mb) if exact is not None else None
    row = torch.release(version)
    if row is not None and row.bundled:
        return float(row.wheel_mb)
    # The releases of a minor version differ by some tens of MB.
    line = ".".join(version.split(".")[:2])
    near = [each for each in sizes.CLOSURES if each.requirement == "torch" and each.version.startswith(f"{line}.")]
    if not near and asked is None:
        near = [each for each in sizes.CLOSURES if each.requirement == "torch"]
    return float(near[-1].download_mb) if near else None


def _of_unknown_index(package: Package) -> bool:
    """Whether the wheel comes from one of PyTorch's own indexes, and which one is not known."""
    indexes = package.installation.indexes if package.installation is not None else ()
    return any(index.official for index in indexes if index.kind != "channel")


def _closure(package: Package, name: str) -> float | None:
    from mllint.knowledge import sizes, tensorflow

    wanted = package.installation.wanted if package.installation is not None else ()
    extras = {extra for each in wanted if each.requirement.name == package.name for extra in each.requirement.extras}
    extra = next((each.replace("_", "-") for each in sorted(extras) if "cuda" in each), None)
    requirement = f"{name}[{extra}]" if extra is not None else name
    version = _version(package) or (_newest_fitting(package, tensorflow.RELEASES) if name == "tensorflow" else None)
    exact = sizes.closure(requirement, version)
    if exact is not None:
        return float(exact.download_mb)
    row = tensorflow.release(version) if name == "tensorflow" and version is not None else None
    newest = sizes.closure(requirement)
    return float(row.wheel_mb + (newest.nvidia_mb if newest is not None else 0)) if row is not None else None


def _version(package: Package) -> str | None:
    """The version that is asked for, whether the install is sure to run or not."""
    return package.version or exact_version(package.specifier, package.ecosystem)


def _newest_fitting(package: Package, releases: Iterable[Dated]) -> str | None:
    """The release that an open requirement leads to where it, or an old Python, keeps the newest away."""
    from mllint.semantic.frameworks import exact

    found = exact(package, releases)
    return found.value if found is not None else None


def _system(installation: Installation) -> Iterator[Part]:
    from mllint.knowledge import system_sizes

    install = installation.step.install
    # A list may name a package twice; it comes once.
    named = {each.name: each for each in install.requirements if each.name}.values()
    within = frozenset[str]().union(*(_WITHIN.get(each.name or "", frozenset()) for each in named))
    bare = "--no-install-recommends" in install.options
    for each in named:
        if each.name is None or each.name in within:
            continue
        row = system_sizes.size(each.name) if install.manager == "apt" else None
        size = None if row is None else (row.megabytes if bare else row.with_recommends) * _COMPRESSED
        yield Part(each.name, size, each.span)


def _copied(step: CopyStep, stage: Stage) -> Iterator[Part]:
    weights = {id(baked.source): baked.weights.size for baked in stage.artifacts.baked if baked.step is step}
    moved = stage.pythons.copied.get(id(step.instruction), ())
    for one in moved:
        packages = [each for each in one.origin.inventory.packages if each.environment == one.source]
        yield from python_parts(packages)
    for source, value in step.sources:
        if "://" in source.value or (moved and not step.from_context):
            continue
        size: float | None = weights.get(id(source))
        context = stage.build.context
        if size is None and step.from_context and context is not None and value is not None:
            size = context.size(value)
        yield Part(source.value, None if size is None else size / 1e6, source.at(0, len(source.value)))
