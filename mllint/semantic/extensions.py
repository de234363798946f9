"""The packages with CUDA extensions that a stage compiles while it is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.finding import Related
from mllint.regex import regex
from mllint.semantic.layers import in_force
from mllint.semantic.steps import InstallStep

if TYPE_CHECKING:
    from mllint.knowledge.accelerators import Accelerator
    from mllint.packages.requirement import Requirement
    from mllint.semantic.frameworks import Framework
    from mllint.semantic.installations import Installation
    from mllint.semantic.stack import Stack
    from mllint.semantic.stage import Stage
    from mllint.shell.command import Command
    from mllint.source import Span
    from mllint.syntax.nodes import Run

#: What the package index has under these names is another project, or nothing.
_ELSEWHERE = frozenset({"apex", "detectron2", "sageattention", "simple-knn", "tiny-cuda-nn"})
#: What the command must say for the CUDA part to be built.
_ASKED_BY = {"apex": ("cuda_ext",)}
#: The variables that ask for it, where the package compiles only then.
_ASKED_IN = {"deepspeed": "DS_BUILD_OPS", "fairscale": "BUILD_CUDA_EXTENSIONS"}
_OFF = frozenset({"", "0", "false", "no", "off"})


class Extension(NamedTuple):
    """A package with CUDA code that a command of a stage builds."""

    #: As pip calls it.
    name: str
    row: Accelerator
    span: Span
    instruction: Run
    command: Command
    #: The command as an install; None for `python setup.py install`.
    step: InstallStep | None
    related: tuple[Related, ...] = ()
    #: Whether the CUDA code is known to be compiled; False where the setup looks for a GPU first, or waits to be asked.
    compiles: bool = True

    @property
    def tries_wheel(self) -> bool:
        """Whether its setup looks for a ready wheel first."""
        return self.row.kind == "download"

    def stack(self, stage: Stage) -> Stack:
        """What is there when it is compiled."""
        return stage.stack.before(self.step or self.instruction)

    def torch(self, stage: Stage) -> Framework | None:
        """The torch that it is compiled for: the one in its environment, or one that the same command installs."""
        key = stage.environment_of(self.step).key if self.step is not None else stage.environment.key
        for stack in (self.stack(stage), stage.stack):
            found = [each for each in stack.frameworks if each.name == "torch"]
            own = [each for each in found if each.package.environment == key]
            if own or len(found) == 1:
                return (own or found)[0]
        return None


def extensions_of(stage: Stage) -> tuple[Extension, ...]:
    """The extensions that a stage's own commands compile; those whose failure is caught are left out."""
    return tuple(each for each in builds_of(stage) if each.compiles)


def builds_of(stage: Stage) -> tuple[Extension, ...]:
    """The same, with those of which only the build itself knows whether it compiles their CUDA code."""
    found = (*_of_installs(stage), *_of_clones(stage))
    return tuple(each for each in found if not each.command.guarded)


def _of_installs(stage: Stage) -> Iterator[Extension]:
    for installation in stage.installations:
        step = installation.step
        if step.install.ecosystem != "python" or not step.install.adds or _takes_wheels(installation):
            continue
        for wanted in installation.wanted:
            row = _built(wanted.requirement, step, stage)
            if row is not None:
                reader = installation.reader(wanted.requirement.span)
                related = (Related(reader, "this installs it"),) if reader is not None else ()
                span = wanted.requirement.span
                command, run = step.install.command, step.instruction
                compiles = _compiles(row, command, run, stage)
                yield Extension(row.name, row, span, run, command, step, related, compiles)


def _takes_wheels(installation: Installation) -> bool:
    """Whether the install may find wheels that the package index does not have, or is held to wheels."""
    install = installation.step.install
    if {"--only-binary", "--no-index"} & install.options or install.command.name == "mim":
        return True
    return any(index.kind in ("find-links", "index-url") and not index.official for index in installation.indexes)


def _built(requirement: Requirement, step: InstallStep, stage: Stage) -> Accelerator | None:
    """The package, where it is installed from its source; None when it is no extension, or has wheels."""
    from mllint.knowledge import accelerators

    if requirement.kind == "vcs":
        from mllint.semantic.repositories import repository_name

        found = accelerators.from_repository(repository_name(requirement.url or ""))
        return found if found is not None and found.kind != "stub" else None
    if requirement.kind != "index" or requirement.name is None or requirement.name in _ELSEWHERE:
        return None
    row = accelerators.find(requirement.name)
    if row is None or row.kind in ("wheel", "stub"):
        return None
    there = stage.inventory.before(step).get(row.name)
    kept = there is not None and not step.install.options & {"--force-reinstall", "--upgrade"}
    return None if kept and not requirement.specifier else row


def _of_clones(stage: Stage) -> Iterator[Extension]:
    """`git clone …` and a command that builds it."""
    from mllint.knowledge import accelerators

    if not stage.steps_of(("git",)):
        return
    runs = {id(step.command): step.instruction for step in stage.steps}
    for clone in stage.clones:
        row = accelerators.from_repository(clone.name)
        for command in clone.uses if row is not None and row.kind != "stub" else ():
            install, run = stage.install_of(command), runs.get(id(command))
            makes = bool(install.sources) if install is not None else (command.name or "").startswith("python")
            if row is None or run is None or not makes:
                continue
            step = InstallStep(run, install) if install is not None else None
            related = (Related(clone.url.span, "this fetches it"),)
            compiles = _compiles(row, command, run, stage)
            yield Extension(row.name, row, command.span, run, command, step, related, compiles)
            if compiles:
                break


def _compiles(row: Accelerator, command: Command, run: Run, stage: Stage) -> bool:
    """Whether a command is known to compile the CUDA code of a package that it builds."""
    if row.name in _ASKED_BY:
        text = command.span.text.lower()
        return any(word in text for word in _ASKED_BY[row.name])
    if row.name in _ASKED_IN:
        return is_on(_ASKED_IN[row.name], command, run, stage)
    if row.kind in ("jit", "optional", "wheel"):
        return False
    # The others build without CUDA where they see no GPU, unless they are told otherwise.
    return row.needs_nvcc or is_on("FORCE_CUDA", command, run, stage)


def is_on(name: str, command: Command, run: Run, stage: Stage) -> bool:
    """Whether a variable is set for a command, to something that does not mean "no"."""
    variable = in_force(name, command, run, stage)
    return variable is not None and (variable.value or "").lower() not in _OFF


_ENTRY = regex(r"(\d{1,2})\.(\d)([af]?)(\+PTX)?", re.IGNORECASE)
_NAMES = {
    "kepler": ("3.5+PTX",),
    "maxwell": ("5.0", "5.2+PTX"),
    "pascal": ("6.0", "6.1+PTX"),
    "volta": ("7.0+PTX",),
    "turing": ("7.5+PTX",),
    "ampere": ("8.0", "8.6+PTX"),
    "ada": ("8.9+PTX",),
    "hopper": ("9.0+PTX",),
}


def arch_list(value: str) -> tuple[str, ...] | None:
    """The architectures of a TORCH_CUDA_ARCH_LIST ("8.0;9.0a+PTX"); None where an entry cannot be read."""
    found: list[str] = []
    for entry in re.split(r"[;,\s]+", value.strip()):
        match = _ENTRY.fullmatch(entry)
        named = _NAMES.get(entry.lower().removesuffix("+ptx"))
        if match is not None:
            found.append(f"{match[1]}.{match[2]}{match[3].lower()}{(match[4] or '').upper()}")
        elif named is not None:
            found += named
        elif entry:
            return None
    return tuple(found) or None
