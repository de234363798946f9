"""What a stage installs and what comes of it: the part of `Stage` that reads package managers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from mllint.packages.requirement import Install
    from mllint.semantic.absent_programs import AbsentPrograms
    from mllint.semantic.anaconda import Distribution
    from mllint.semantic.copied_paths import CopiedPaths
    from mllint.semantic.environment_walk import Pythons
    from mllint.semantic.environments import Environment
    from mllint.semantic.fact import Fact
    from mllint.semantic.installations import Installation
    from mllint.semantic.inventory import Inventory
    from mllint.semantic.pip_configuration import Settings
    from mllint.semantic.repositories import Clone
    from mllint.semantic.sizes import LayerSize
    from mllint.semantic.stack import Stack
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import InstallStep
    from mllint.semantic.writes import Writes
    from mllint.source import Source


class StagePackages:
    """Derived like all of a stage: on first use and once. `Stage` is the only class that inherits it."""

    @property
    def _stage(self) -> Stage:
        return cast("Stage", self)

    @cached_property
    def unmoved_until(self) -> int:
        """The position of the first WORKDIR, or the end; -1 where a parent has one."""
        from mllint.semantic.writes import unmoved_until

        return unmoved_until(self._stage)

    @cached_property
    def writes(self) -> Writes:
        """The working folder of each command, and the files that commands write."""
        from mllint.semantic.writes import writes_of

        return writes_of(self._stage)

    @cached_property
    def clones(self) -> tuple[Clone, ...]:
        """The repositories that RUN instructions clone, and what is done with each."""
        from mllint.semantic.repositories import clones_of

        return clones_of(self._stage)

    @cached_property
    def copied_paths(self) -> CopiedPaths:
        """What COPY and ADD put where."""
        from mllint.semantic.copied_paths import CopiedPaths

        return CopiedPaths(self._stage)

    @cached_property
    def pythons(self) -> Pythons:
        """The Pythons that there are at each command, and at the end."""
        from mllint.semantic.environment_walk import pythons_of

        return pythons_of(self._stage)

    def environment_of(self, step: InstallStep) -> Environment:
        """The environment that an install command puts Python packages into."""
        from mllint.semantic.environments import environment_of

        return environment_of(self._stage, step)

    @cached_property
    def environment(self) -> Environment:
        """What `python` (or else `python3`) is at the end of the stage."""
        from mllint.semantic.environments import last_environment

        return last_environment(self._stage)

    @property
    def python(self) -> Fact[str] | None:
        """The version of `python` at the end of the stage; None when there is none, or when it is not known."""
        return self.environment.python

    @cached_property
    def absent_programs(self) -> AbsentPrograms:
        """The interpreters and installers that are known not to be there, and the commands that use them."""
        from mllint.semantic.absent_programs import absent_programs

        return absent_programs(self._stage)

    @cached_property
    def anaconda(self) -> Distribution | None:
        """The conda of Anaconda that it has; None when it has none, or another one."""
        from mllint.semantic.anaconda import distribution

        return distribution(self._stage)

    @cached_property
    def pip_settings(self) -> Settings:
        """What `pip config set` has set."""
        from mllint.semantic.pip_configuration import pip_settings

        return pip_settings(self._stage)

    @cached_property
    def names_indexes(self) -> bool:
        """Whether an instruction of its own may set a package index that cannot be read here."""
        from mllint.semantic.pip_configuration import names_indexes

        return names_indexes(self._stage)

    @cached_property
    def configuration_files(self) -> dict[str, tuple[Source, ...]]:
        """The configuration files of "pip" and "uv" that come from the context."""
        from mllint.semantic.pip_configuration import configuration_files

        return configuration_files(self._stage)

    @cached_property
    def installations(self) -> tuple[Installation, ...]:
        """The installs with the files that they read, in order."""
        from mllint.semantic.installations import installations_of

        return installations_of(self._stage)

    @cached_property
    def _installations(self) -> dict[int, Installation]:
        return {id(each.step.install.command): each for each in self.installations}

    def installation_of(self, install: Install) -> Installation | None:
        """One of this stage's installs with the files that it reads; None for what is none (npm, a removal)."""
        return self._installations.get(id(install.command))

    @cached_property
    def inventory(self) -> Inventory:
        """The packages that are there at the end of the stage."""
        from mllint.semantic.inventory import inventory_of

        return inventory_of(self._stage)

    @cached_property
    def stack(self) -> Stack:
        """What the image is at the end of the stage: CUDA, frameworks, compiler, and what it asks of its host."""
        from mllint.semantic.stack import stack_of

        return stack_of(self._stage)

    @cached_property
    def layer_sizes(self) -> tuple[LayerSize, ...]:
        """About how much the base image and each instruction add, as far as it is known."""
        from mllint.semantic.sizes import layer_sizes

        return layer_sizes(self._stage)
