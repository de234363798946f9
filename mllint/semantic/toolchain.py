"""The CUDA toolkits and the cuDNN that lie in an image for all of its programs, and what compiles against them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.images.versions import minor, numbers
from mllint.regex import regex
from mllint.semantic.fact import Fact, Origin
from mllint.semantic.places import tag_place

if TYPE_CHECKING:
    from mllint.images.known import ImageFacts
    from mllint.semantic.inventory import Inventory, Package
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep, InstallStep
    from mllint.source import Span
    from mllint.syntax.nodes import Instruction

#: Images whose CUDA lies in /usr/local/cuda, for every program.
_WITH_TOOLKIT = frozenset({"nvidia/cuda", "tensorflow/tensorflow"})
_CUDA_FOLDER = regex(r"/usr/local/cuda(?:-(\d+(?:\.\d+)?))?(?:/|$)")
#: Programs that run what the file does not show, and install no CUDA: builds, the installers of conda.
_HARMLESS = regex(
    r"(?i)^(?:python|make|cmake|ninja|cargo|perl)|(?:conda|mamba|forge)[^/]*\.sh|rustup|nodesource|\buv\b"
)
_VERSIONED = regex(r"(?P<name>[a-z-]+?)-(?P<major>\d{1,2})-(?P<minor>\d{1,2})")


class Toolkit(NamedTuple):
    """A CUDA toolkit, or a part of one, in an image."""

    #: "12.4.1", "12.4" or "12".
    version: Fact[str]
    #: "base" (single libraries), "runtime", "devel" (all of it), "compiler" (nvcc alone) or "" (not known).
    flavour: str
    #: Whether nvcc is there; None when not known.
    nvcc: bool | None
    #: "image" (the base), "system" (apt, yum …), "conda", "runfile" or "copy" (COPY --from).
    source: str
    #: Where it is written, when a build argument stands between.
    related: tuple[Related, ...] = ()
    #: What puts it there; None for the base image's.
    instruction: Instruction | None = None
    #: Whether its command may not run at all.
    maybe: bool = False


class Moment(NamedTuple):
    """A point in a stage: its end, or where an instruction begins."""

    stage: Stage
    inventory: Inventory
    #: Instructions of the stage from here on are not done yet.
    position: int | None = None
    #: The command that is about to run, for what its RUN sets before it.
    step: InstallStep | None = None

    def instructions(self) -> Iterator[tuple[Stage, Instruction]]:
        """What is done by then, the parents' first."""
        for each in reversed(self.stage.ancestry):
            body = each.body if each is not self.stage or self.position is None else each.body[: self.position]
            yield from ((each, instruction) for instruction in body)

    def copies(self) -> Iterator[tuple[Stage, CopyStep]]:
        done = {id(instruction) for _, instruction in self.instructions()}
        for each in reversed(self.stage.ancestry):
            yield from ((each, step) for step in each.copies if id(step.instruction) in done)


def image_fact(stage: Stage, value: str, field: str, *, part: str | None = None, reason: str = "") -> Fact[str]:
    """A value that the base image brings, at the characters of FROM (or of the ARG behind it) that say so."""
    place = image_part(stage, part or value)
    span = place[0] if place is not None else None
    base = stage.base
    return Fact(value, span, Origin.INHERITED, reason, sure=base is not None and base.sure_of(field))


def image_part(stage: Stage, part: str) -> tuple[Span, tuple[Related, ...]] | None:
    """Where FROM says a version: the version itself, else its minor or major number, else the whole tag."""
    root = stage.root
    pieces = part.split(".")
    shorter = [".".join(pieces[:count]) for count in range(len(pieces), 1, -1)]
    written = next((each for each in shorter if each in (root.base_name or "")), None)
    place = tag_place(root, written) if written is not None else tag_place(root)
    return (place.span, place.related) if place is not None else None


def toolkits_of(moment: Moment) -> tuple[Toolkit, ...]:
    """The toolkits that are there, the base image's first, then in the order in which they are put there."""
    found = [*_of_base(moment.stage), *_of_packages(moment), *_of_commands(moment), *_of_copies(moment)]
    order = {id(instruction): at for at, (_, instruction) in enumerate(moment.instructions())}
    return tuple(sorted(found, key=lambda each: order.get(id(each.instruction), -1)))


def has_own_toolkit(base: ImageFacts) -> bool | None:
    """Whether a base image has CUDA for all programs; None when not known.

    The runtime images of pytorch/pytorch stand on plain Ubuntu: their CUDA is inside torch.
    """
    if base.gpu == "cpu":
        return False
    if base.family in _WITH_TOOLKIT or base.family.startswith("nvcr.io/nvidia/"):
        return base.gpu == "cuda"
    if base.family == "pytorch/pytorch":
        return None if base.flavour is None else base.flavour == "devel"
    return True if base.has("nvcc") else None


def _of_base(stage: Stage) -> Iterator[Toolkit]:
    base = stage.base
    if base is None or base.cuda is None or not has_own_toolkit(base):
        return
    flavour = (base.flavour or "").rpartition("-")[2]
    if base.family.startswith("nvcr.io/"):
        flavour = "devel" if base.has("nvcc") else ""
    elif base.family == "tensorflow/tensorflow":
        flavour = "runtime"
    place = image_part(stage, base.cuda)
    fact = image_fact(stage, base.cuda, "cuda", reason=f"{base.family} image")
    yield Toolkit(fact, flavour, base.has("nvcc"), "image", place[1] if place is not None else ())


def _of_packages(moment: Moment) -> Iterator[Toolkit]:
    for package in moment.inventory.packages:
        if package.origin is Origin.INHERITED:
            continue
        found = _of_system(package, moment.stage) if package.ecosystem == "system" else None
        found = _of_conda(package) if package.ecosystem == "conda" else found
        if found is not None:
            yield found


def _of_system(package: Package, stage: Stage) -> Toolkit | None:
    """`cuda-toolkit-12-4` of NVIDIA's repository, `nvidia-cuda-toolkit` of the distribution."""
    from mllint.knowledge import system_cuda

    base = stage.base
    if package.name == system_cuda.DISTRIBUTION_PACKAGE and base is not None and base.os and base.os_version:
        row = system_cuda.of_distribution(base.os, base.os_version)
        if row is None:
            return None
        reason = f"{package.name} of {row.os.capitalize()} {row.version}"
        version = Fact(row.cuda, package.span, Origin.KNOWLEDGE, reason, sure=False)
        return Toolkit(version, "devel", True, "system", (), package.instruction)
    match = _VERSIONED.fullmatch(package.name)
    meta = system_cuda.meta(match["name"]) if match is not None else None
    if match is None or meta is None:
        return None
    version = _installed(f"{match['major']}.{match['minor']}", package)
    # Where its command may not run, neither may the compiler be there.
    nvcc = meta.nvcc if package.sure or not meta.nvcc else None
    return Toolkit(version, meta.flavour, nvcc, "system", (), package.instruction, maybe=not package.sure)


def _installed(version: str, package: Package) -> Fact[str]:
    how = "is installed" if package.sure else "is installed under a condition"
    return Fact(version, package.span, Origin.LITERAL, f"{package.name} {how}", sure=package.sure)


def _of_conda(package: Package) -> Toolkit | None:
    """`cudatoolkit=11.8`, `cuda-toolkit=12.4`; without a version it is the newest that the solver finds."""
    from mllint.knowledge import system_cuda

    if package.name not in system_cuda.CONDA_TOOLKITS:
        return None
    version = package.version or conda_version(package.specifier)
    if version is None:
        return None
    fact = Fact(version, package.span, Origin.LITERAL, f"conda's {package.name}")
    compiles = package.name in system_cuda.CONDA_COMPILERS
    flavour = {"cuda-toolkit": "devel", "cuda": "devel", "cuda-nvcc": "compiler"}.get(package.name, "runtime")
    return Toolkit(fact, flavour, compiles, "conda", (), package.instruction)


def conda_version(specifier: str) -> str | None:
    """The version that `=11.8`, `==11.8.0` or `=11.8.*` means, as far as it is given; None for ranges."""
    match = re.fullmatch(r"={1,2}(\d+(?:\.\d+)*)(?:\.?\*)?(?:=.*)?", specifier.replace(" ", ""))
    return match[1] if match is not None else None


def _of_commands(moment: Moment) -> Iterator[Toolkit]:
    """NVIDIA's runfile, where it is fetched or run."""
    from mllint.knowledge import system_cuda

    expression = re.compile(system_cuda.RUNFILE)
    seen = set()
    for stage, instruction in moment.instructions():
        if instruction.keyword != "RUN":
            continue
        for command in stage.script(instruction).commands:
            for word in command.words:
                match = expression.search(word.value or "")
                if match is not None and match[1] not in seen:
                    seen.add(match[1])
                    fact = Fact(match[1], word.span, Origin.LITERAL, f"the runfile of CUDA {match[1]}")
                    yield Toolkit(fact, "devel", True, "runfile", (), instruction)


def _of_copies(moment: Moment) -> Iterator[Toolkit]:
    """`COPY --from=nvidia/cuda:12.4.1-devel-ubuntu22.04 /usr/local/cuda …`."""
    from mllint.semantic.stage import Stage

    for _, step in moment.copies():
        for source, value in step.sources:
            match = _CUDA_FOLDER.match(value or "")
            if match is None or step.origin is None:
                continue
            if isinstance(step.origin, Stage):
                known: tuple[Toolkit, ...] = step.origin.stack.toolkits
                version, whole = (known[-1].version.value if known else match[1]), known[-1] if known else None
                nvcc = whole.nvcc if whole is not None else None
            else:
                from mllint.images.known import facts

                image = facts(step.origin)
                version, nvcc = (image.cuda or match[1], image.has("nvcc")) if image is not None else (match[1], None)
            if version is not None:
                part = (value or "").rstrip("/").count("/") > 3
                fact = Fact(version, source.span, Origin.DERIVED, "the toolkit that COPY brings")
                yield Toolkit(fact, "", None if part else nvcc, "copy", (), step.instruction)


def cudnn_of(moment: Moment) -> Fact[str] | None:
    """The cuDNN that lies in the image for all programs: the base's, or one that is installed; None when unknown."""
    from mllint.knowledge import system_cuda

    found = None
    base = moment.stage.base
    if base is not None and base.cudnn is not None and has_system_cudnn(base):
        reason = f"{base.family} image"
        found = image_fact(moment.stage, base.cudnn, "cudnn", part=f"cudnn{numbers(base.cudnn)[0]}", reason=reason)
    for package in moment.inventory.packages:
        if package.origin is Origin.INHERITED or package.ecosystem == "python":
            continue
        match = re.fullmatch(system_cuda.CUDNN_PACKAGE, package.name)
        if match is None:
            continue
        version = re.match(r"={0,2}(\d+(?:\.\d+)+)", package.version or package.specifier)
        value = version[1] if version is not None else match["major"]
        if value is not None:
            found = _installed(value, package)
    return found or _cudnn_archive(moment)


def has_system_cudnn(base: ImageFacts) -> bool | None:
    """Whether a base image has a cuDNN that programs other than its own framework find; None when not known.

    pytorch/pytorch names in its tags the copy inside torch: from 2.4 on even the devel images have no other.
    """
    if base.family == "pytorch/pytorch":
        from mllint.knowledge.pytorch_images import NO_CUDNN_HEADERS_SINCE

        version = next((version for name, version in base.frameworks if name == "torch"), None)
        if base.flavour == "devel" and version is not None:
            return numbers(version)[:2] < numbers(NO_CUDNN_HEADERS_SINCE)
        return False if base.flavour == "runtime" else None
    if base.family == "nvidia/cuda":
        return base.flavour is not None and base.flavour.startswith("cudnn") if base.cuda is not None else None
    if base.gpu == "cpu":
        return False
    return True if base.cudnn is not None else None


def _cudnn_archive(moment: Moment) -> Fact[str] | None:
    from mllint.knowledge import system_cuda

    expression = re.compile(system_cuda.CUDNN_ARCHIVE)
    for stage, instruction in moment.instructions():
        if instruction.keyword == "RUN":
            for command in stage.script(instruction).commands:
                for word in command.words:
                    match = expression.search(word.value or "")
                    if match is not None:
                        return Fact(match[1], word.span, Origin.LITERAL, "NVIDIA's archive of cuDNN")
    return None


def unversioned(moment: Moment) -> tuple[bool, bool]:
    """Whether packages bring a toolkit, and a compiler, of unknown version: `cuda-toolkit`, `cuda-nvcc`."""
    from mllint.knowledge import system_cuda

    toolkit = compiler = False
    for package in moment.inventory.packages:
        if package.ecosystem == "conda" and package.name in system_cuda.CONDA_TOOLKITS:
            nvcc, libraries = package.name in system_cuda.CONDA_COMPILERS, package.name != "cuda-nvcc"
        elif package.ecosystem == "system":
            meta = system_cuda.meta(re.sub(r"-\d{1,2}$", "", package.name))
            nvcc, libraries = (meta.nvcc, meta.flavour != "compiler") if meta is not None else (False, False)
        else:
            continue
        toolkit, compiler = toolkit or libraries, compiler or nvcc
    return toolkit, compiler


def is_open(moment: Moment) -> bool:
    """Whether something may have put a toolkit or a cuDNN in place unseen: scripts, lists of packages not known.

    Packages of Python's index don't: what they bring is for Python alone.
    """
    from mllint.semantic.layers import is_opaque

    for stage, instruction in moment.instructions():
        if instruction.keyword != "RUN":
            continue
        for command in stage.script(instruction).commands:
            words = " ".join(each or "" for each in (command.name, *command.values()[:1]))
            if is_opaque(command) and not _HARMLESS.search(words):
                return True
            install = stage.install_of(command)
            if install is not None and install.adds and install.incomplete and install.ecosystem in ("system", "conda"):
                return True
    return any(not step.from_context and _may_hold_toolkits(step.target) for _, step in moment.copies())


def _may_hold_toolkits(target: str | None) -> bool:
    """Whether folders such as /usr/local/cuda-12.4 may lie below a path."""
    return target is None or target.rstrip("/") in ("", "/usr", "/usr/local")


def arch_list_of(moment: Moment) -> Fact[str] | None:
    """TORCH_CUDA_ARCH_LIST in force: a variable of the stage, or one that the base image is known to set."""
    from mllint.semantic.layers import in_force

    name, stage, step = "TORCH_CUDA_ARCH_LIST", moment.stage, moment.step
    if step is not None:
        variable = in_force(name, step.install.command, step.instruction, stage)
    else:
        variable = stage.scope.variable(name, len(stage.body) if moment.position is None else moment.position)
    if variable is not None and variable.value:
        return Fact(variable.value, variable.span, variable.origin, name)
    return None


def same_minor(left: str, right: str) -> bool:
    """Whether two CUDA versions agree as far as both are known: "12.4.1" and "12.4" do, "12" agrees with both."""
    first, second = minor(left), minor(right)
    if first is None or second is None:
        return numbers(left)[:1] == numbers(right)[:1]
    return first == second
