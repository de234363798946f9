"""What an image is: system, Python, CUDA, cuDNN, frameworks, compiler, and what it asks of its host."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mllint.images.versions import numbers
from mllint.semantic.fact import Fact, Origin
from mllint.semantic.steps import InstallStep
from mllint.semantic.toolchain import (
    Moment,
    arch_list_of,
    cudnn_of,
    has_own_toolkit,
    has_system_cudnn,
    is_open,
    toolkits_of,
    unversioned,
)

if TYPE_CHECKING:
    from mllint.semantic.frameworks import Framework
    from mllint.semantic.gpu_evidence import GpuEvidence
    from mllint.semantic.hosts import CudaUse, LeastDriver
    from mllint.semantic.inventory import Inventory
    from mllint.semantic.stage import Stage
    from mllint.semantic.toolchain import Toolkit
    from mllint.syntax.nodes import Instruction


class Stack:
    """The stack of a stage at a point in time, usually its end; each value is derived when it is asked for."""

    def __init__(self, stage: Stage, moment: Moment) -> None:
        self.stage = stage
        self._moment = moment

    def before(self, at: Instruction | InstallStep) -> Stack:
        """What is there when an instruction, or an install of it, begins."""
        instruction, step = (at.instruction, at) if isinstance(at, InstallStep) else (at, None)
        position = self.stage.position(instruction)
        return Stack(self.stage, Moment(self.stage, self.stage.inventory.before(at), position, step))

    @property
    def inventory(self) -> Inventory:
        """The packages that are there."""
        return self._moment.inventory

    @property
    def complete(self) -> bool:
        """Whether every install could be read in full."""
        return self.inventory.complete

    @cached_property
    def _open(self) -> bool:
        """Whether a toolkit, a cuDNN or a compiler may be there unseen."""
        return is_open(self._moment)

    @cached_property
    def _unversioned(self) -> tuple[bool, bool]:
        """Whether a toolkit, and a compiler, of unknown version is there."""
        return unversioned(self._moment)

    @cached_property
    def os(self) -> Fact[str] | None:
        """The distribution and its release ("ubuntu 22.04"), as far as the base image tells."""
        base = self.stage.base
        if base is None or base.os is None:
            return None
        opening = self.stage.root.opening
        name = f"{base.os} {base.os_version}" if base.os_version else base.os
        span = (opening.image or opening).span
        return Fact(name, span, Origin.INHERITED, f"{base.family} image", sure=base.sure_of("os", "os_version"))

    @property
    def python(self) -> Fact[str] | None:
        """The version of `python` at the end of the stage."""
        return self.stage.python

    @cached_property
    def toolkits(self) -> tuple[Toolkit, ...]:
        """The CUDA toolkits, and parts of them, that are there for all programs."""
        return toolkits_of(self._moment)

    @cached_property
    def toolkit(self) -> Toolkit | None:
        """The one that programs find: the last that is put in place for the whole system, else conda's.

        A compiler alone is none, where there are libraries.
        """
        ranked = sorted(self.toolkits, key=lambda each: (each.source != "conda", each.flavour != "compiler"))
        return ranked[-1] if ranked else None

    @property
    def cuda(self) -> Fact[str] | None:
        """The version of that toolkit; None when there is none, or when it is not known (see `has_cuda`)."""
        return self.toolkit.version if self.toolkit is not None else None

    @cached_property
    def has_cuda(self) -> bool | None:
        """Whether there is a toolkit, or its libraries, for all programs; None when not known."""
        if any(not each.maybe for each in self.toolkits) or self._unversioned[0]:
            return True
        if self.toolkits:
            return None
        base = self.stage.base
        own = has_own_toolkit(base) if base is not None else False if self.stage.root.is_scratch else None
        return None if own is None or own or self._open else False

    @property
    def may_hold_more(self) -> bool:
        """Whether a toolkit may be there that `toolkits` does not tell."""
        return self._open or self._unversioned[0]

    @property
    def flavour(self) -> Fact[str] | None:
        """How much of the toolkit is there: "base", "runtime", "devel"."""
        toolkit = self.toolkit
        if toolkit is None or not toolkit.flavour:
            return None
        fact = toolkit.version
        return Fact(toolkit.flavour, fact.span, fact.origin, fact.reason, sure=fact.sure)

    @cached_property
    def cudnn(self) -> Fact[str] | None:
        """The version of the system's cuDNN, or its major ("8"): never the copy inside of a framework."""
        return cudnn_of(self._moment)

    @cached_property
    def has_cudnn(self) -> bool | None:
        """Whether there is a cuDNN for all programs; None when not known."""
        if self.cudnn is not None:
            # Its command may not run.
            maybe = self.cudnn.origin is Origin.LITERAL and not self.cudnn.sure
            return None if maybe else True
        base = self.stage.base
        own = has_system_cudnn(base) if base is not None else None
        return None if self._open else own

    @cached_property
    def nvcc(self) -> Fact[str] | None:
        """The version of CUDA's compiler; None when there is none, or when it is not known (see `has_nvcc`)."""
        return next((each.version for each in reversed(self.toolkits) if each.nvcc), None)

    @cached_property
    def has_nvcc(self) -> bool | None:
        """Whether CUDA's compiler is there; None when not known."""
        if any(each.nvcc for each in self.toolkits) or self._unversioned[1]:
            return True
        if any(each.nvcc is None for each in self.toolkits) or self._open:
            return None
        return self.stage.base.has("nvcc") if self.stage.base is not None else None

    @cached_property
    def arch_list(self) -> Fact[str] | None:
        """TORCH_CUDA_ARCH_LIST: for which GPUs PyTorch's extensions are compiled."""
        return arch_list_of(self._moment)

    @cached_property
    def frameworks(self) -> tuple[Framework, ...]:
        """The frameworks that are there, and the CUDA that each uses."""
        from mllint.semantic.frameworks import frameworks_of

        return frameworks_of(self._moment)

    def framework(self, name: str) -> Framework | None:
        """A framework by its name ("torch"), that of the default environment first."""
        found = [each for each in self.frameworks if each.name == name]
        default = self.stage.environment.key
        return next((each for each in found if each.package.environment == default), found[0] if found else None)

    @cached_property
    def cudas(self) -> tuple[CudaUse, ...]:
        """The CUDA versions of the image that ask for a driver, and where they come from."""
        from mllint.semantic.hosts import cuda_uses

        return cuda_uses(self)

    @cached_property
    def least_driver(self) -> LeastDriver | None:
        """The oldest Linux driver on which all of them start; None when none of them is known."""
        from mllint.semantic.hosts import least_driver

        return least_driver(self)

    @cached_property
    def architectures(self) -> tuple[str, ...] | None:
        """The compute capabilities that the frameworks that are known have code for in common."""
        known = [framework.architectures for framework in self.frameworks if framework.architectures is not None]
        if not known:
            return None
        common = set(known[0]).intersection(*known[1:])
        return tuple(sorted(common, key=lambda each: numbers(each.partition("+")[0])))

    @cached_property
    def gpu(self) -> GpuEvidence:
        """What says that the image is meant for a GPU."""
        from mllint.semantic.gpu_evidence import gpu_evidence

        return gpu_evidence(self)

    @cached_property
    def gpu_code(self) -> Fact[str] | None:
        """A Python file of the context that is copied into the image and uses CUDA: reads files, so ask it last."""
        from mllint.semantic.gpu_evidence import gpu_code

        return gpu_code(self.stage)


def stack_of(stage: Stage) -> Stack:
    """The stack at the end of a stage."""
    return Stack(stage, Moment(stage, stage.inventory))
