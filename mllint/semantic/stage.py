"""A stage: what its instructions mean, one after the other.

Everything is derived on first use and once. A stage reads its parent, never its children, and parents come first in
the file, so `Build` walks the stages in order and nothing recurses over long chains.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from mllint.images.reference import ImageReference, parse_reference
from mllint.packages.dispatch import installs, synced
from mllint.semantic.declarations import scope_of
from mllint.semantic.fact import Fact, Origin, Variable
from mllint.semantic.order import derive_first
from mllint.semantic.scope import Scope, Timeline
from mllint.semantic.scripts import read_script
from mllint.semantic.stage_packages import StagePackages
from mllint.semantic.steps import CopyStep, InstallStep, Step, join_path
from mllint.shell.command import Command, Script
from mllint.source import Source, Span, Text
from mllint.syntax.expand import Lookup, expand
from mllint.syntax.nodes import Cmd, Copy, Entrypoint, From, Healthcheck, Instruction, Run, Shell, Words

if TYPE_CHECKING:
    from mllint.images.known import ImageFacts
    from mllint.packages.requirement import Install
    from mllint.semantic.artifacts import Artifacts
    from mllint.semantic.build import Build
    from mllint.semantic.process import Process, Server
    from mllint.semantic.role import Role


#: What `/bin/sh -c` is when neither SHELL nor the base image says otherwise.
DEFAULT_SHELL = ("/bin/sh", "-c")


class Stage(StagePackages):
    """One FROM and the instructions below it."""

    def __init__(self, build: Build, index: int, opening: From, body: tuple[Instruction, ...]) -> None:
        self.build = build
        self.index = index
        self.opening = opening
        self.body = body

    def __repr__(self) -> str:
        return f"Stage({self.label!r})"

    @cached_property
    def name(self) -> str | None:
        """The name behind AS, in lower case as Docker compares it."""
        return self.opening.name.value.lower() if self.opening.name is not None else None

    @property
    def label(self) -> str:
        """The name, or the index of a stage without one."""
        return self.name if self.name is not None else str(self.index)

    # What it stands on

    @cached_property
    def base_name(self) -> str | None:
        """The words behind FROM with the variables expanded: an image, or an earlier stage's name."""
        image = self.opening.image
        if image is None:
            return None
        return expand(image.value, self.build.global_lookup, self.build.dockerfile.escape)

    @cached_property
    def parent(self) -> Stage | None:
        """The earlier stage that this one continues."""
        return self.build.stage_named(self.base_name, before=self.index)

    @cached_property
    def root(self) -> Stage:
        """The stage at the bottom of the chain of parents, whose FROM names an image, or scratch."""
        return self.parent.root if self.parent is not None else self

    def derive_inherited(self) -> None:
        """Derives what children read from this stage, so that asking the last of a long chain does not recurse."""
        _ = self.root, self.scope, self.user, self.workdir, self.shell, self.unmoved_until

    @cached_property
    def ancestry(self) -> tuple[Stage, ...]:
        """This stage and its parents, the nearest first."""
        chain = [self]
        while chain[-1].parent is not None:
            chain.append(chain[-1].parent)
        return tuple(chain)

    @property
    def is_scratch(self) -> bool:
        return self.parent is None and self.base_name == "scratch"

    @cached_property
    def image(self) -> ImageReference | None:
        """The image that this stage's own FROM names; None for stages, scratch, and what is not known."""
        if self.base_name is None or self.parent is not None or self.is_scratch:
            return None
        return parse_reference(self.base_name)

    @cached_property
    def base(self) -> ImageFacts | None:
        """What is known of the image at the bottom of the chain."""
        image = self.root.image
        if image is None:
            return None
        from mllint.images.known import facts

        return facts(image)

    # Where it stands

    @property
    def is_final(self) -> bool:
        return self.build.final is self

    @cached_property
    def ships(self) -> bool:
        """Whether the final image holds this stage's layers: the final stage and its parents."""
        return self in self.build.shipped

    @cached_property
    def positions(self) -> dict[int, int]:
        """The place of each instruction (by identity) in the body; inner ones of ONBUILD have their outer's."""
        return {id(instruction): at for at, instruction in enumerate(self.body)}

    def position(self, instruction: Instruction) -> int:
        """The place of an instruction in the body; the end for one that is not in it."""
        return self.positions.get(id(instruction), len(self.body))

    # What is in force

    @cached_property
    def scope(self) -> Scope:
        """The variables through the stage."""
        return scope_of(self)

    def lookup_at(self, instruction: Instruction) -> Lookup:
        """The variables that the builder puts into an instruction's words."""
        return self.scope.lookup(self.position(instruction))

    def expand(self, text: Text, instruction: Instruction) -> str | None:
        """A word of an instruction with its variables expanded; None when a part is not known."""
        return expand(text.value, self.lookup_at(instruction), self.build.dockerfile.escape)

    def variable_at(self, name: str, instruction: Instruction | None = None) -> Variable | None:
        """An environment variable in force at an instruction, or at the end of the stage; build arguments left out."""
        position = len(self.body) if instruction is None else self.position(instruction)
        return self.scope.environment.before(name, position)

    def _shell_lookup(self, instruction: Instruction) -> Lookup:
        """The variables that a shell sees; one that is not set may still be when a container runs."""
        position = self.position(instruction)
        if isinstance(instruction, Run):
            return self.scope.lookup(position)

        def lookup(name: str) -> str | None:
            variable = self.scope.environment.before(name, position)
            return variable.value if variable is not None else None

        return lookup

    def _words(self, keyword: str) -> Iterator[tuple[int, Text, Instruction]]:
        """The single words of an instruction such as USER, with their positions."""
        for position, instruction in enumerate(self.body):
            if instruction.keyword == keyword and isinstance(instruction, Words) and instruction.words:
                yield position, instruction.words[0], instruction

    @cached_property
    def _users(self) -> Timeline[Fact[str] | None]:
        changes = []
        for position, word, instruction in self._words("USER"):
            value = self.expand(word, instruction)
            changes.append((position, Fact(value, word.span) if value else None))
        return Timeline(self._first_user(), changes)

    def _first_user(self) -> Fact[str] | None:
        if self.parent is not None:
            return self.parent.user
        if self.is_scratch:
            return Fact("root", None, Origin.KNOWLEDGE)
        if self.base is not None and self.base.user is not None:
            return Fact(self.base.user, (self.opening.image or self.opening).span, Origin.INHERITED)
        return None

    def user_at(self, instruction: Instruction) -> Fact[str] | None:
        """The user in force at an instruction, as written (`name`, `1000`, `name:group`); None when not known."""
        return self._users.before(self.position(instruction))

    @property
    def user(self) -> Fact[str] | None:
        """The user at the end of the stage."""
        return self._users.last

    @cached_property
    def _workdirs(self) -> Timeline[str | None]:
        if self.parent is not None:
            first = self.parent.workdir
        else:
            first = "/" if self.is_scratch else self.base.workdir if self.base is not None else None
        timeline = Timeline(first)
        for position, word, instruction in self._words("WORKDIR"):
            timeline.set(position, join_path(timeline.last, self.expand(word, instruction)))
        return timeline

    def workdir_at(self, instruction: Instruction) -> str | None:
        """The absolute working directory in force at an instruction; None when not known."""
        return self._workdirs.before(self.position(instruction))

    @property
    def workdir(self) -> str | None:
        """The working directory at the end of the stage."""
        return self._workdirs.last

    @cached_property
    def _shells(self) -> Timeline[tuple[str, ...]]:
        first = self.parent.shell if self.parent is not None else DEFAULT_SHELL
        found = ((at, each.argv) for at, each in enumerate(self.body) if isinstance(each, Shell))
        return Timeline(first, ((at, tuple(word.value for word in argv)) for at, argv in found if argv))

    def shell_at(self, instruction: Instruction) -> tuple[str, ...]:
        """The words in front of a shell-form command: SHELL's, or `/bin/sh -c`."""
        return self._shells.before(self.position(instruction))

    @property
    def shell(self) -> tuple[str, ...]:
        """The shell at the end of the stage."""
        return self._shells.last

    # What it does

    @cached_property
    def _scripts(self) -> dict[int, Script]:
        """By the identity of the instruction."""
        return {}

    def script(self, instruction: Instruction) -> Script:
        """What a RUN, CMD, ENTRYPOINT or HEALTHCHECK runs."""
        found = self._scripts.get(id(instruction))
        if found is None:
            found = read_script(instruction, self.shell_at(instruction), self._shell_lookup(instruction))
            self._scripts[id(instruction)] = found
        return found

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return tuple(instruction for instruction in self.body if isinstance(instruction, Run))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The commands of all RUN instructions, in order."""
        return tuple(Step(run, command) for run in self.runs for command in self.script(run).commands)

    @cached_property
    def _steps_by_program(self) -> dict[str | None, list[tuple[int, Step]]]:
        found: dict[str | None, list[tuple[int, Step]]] = {}
        for at, step in enumerate(self.steps):
            found.setdefault(step.command.name, []).append((at, step))
        return found

    def steps_of(self, programs: Collection[str]) -> tuple[Step, ...]:
        """The commands of all RUN instructions that start one of these programs, in order."""
        known = self._steps_by_program
        found = [each for name in programs if name in known for each in known[name]]
        return tuple([step for _, step in sorted(found, key=itemgetter(0))])

    @cached_property
    def package_steps(self) -> tuple[InstallStep, ...]:
        """The commands of package managers: installs, `apt-get update`, cleanups …"""
        found = ((step.instruction, self.install_of(step.command) or synced(step.command)) for step in self.steps)
        return tuple(InstallStep(run, install) for run, install in found if install is not None)

    @cached_property
    def managers(self) -> frozenset[str]:
        """The package managers that its RUN instructions call."""
        return frozenset(step.install.manager for step in self.package_steps)

    @cached_property
    def _installs(self) -> dict[int, Install | None]:
        """By the identity of the command, which `steps` keeps alive."""
        return {id(step.command): installs(step.command) for step in self.steps}

    def install_of(self, command: Command) -> Install | None:
        """What a command of this stage's RUN instructions does as a package manager; None when it is none."""
        known = self._installs
        return known[id(command)] if id(command) in known else installs(command)

    @cached_property
    def installs(self) -> tuple[InstallStep, ...]:
        """Those among them that put packages in place."""
        return tuple(step for step in self.package_steps if step.install.adds)

    @cached_property
    def copies(self) -> tuple[CopyStep, ...]:
        """The COPY and ADD instructions."""
        return tuple(self._copy(instruction) for instruction in self.body if isinstance(instruction, Copy))

    def _copy(self, instruction: Copy) -> CopyStep:
        sources = tuple((source, self.expand(source, instruction)) for source in instruction.sources)
        target = self.expand(instruction.target, instruction) if instruction.target is not None else None
        origin = instruction.flag_value("from")
        return CopyStep(
            instruction,
            sources,
            join_path(self.workdir_at(instruction), target),
            self.build.copy_origin(self.expand(origin, instruction), self) if origin is not None else None,
        )

    def mount_origins(self) -> Iterator[Stage | ImageReference]:
        """The stages and images that `RUN --mount=from=` names."""
        for run in self.runs:
            for mount in run.mounts:
                origin = self.build.copy_origin(mount.options.get("from"), self)
                if origin is not None:
                    yield origin

    @cached_property
    def artifacts(self) -> Artifacts:
        """The models and data that it downloads, copies or makes."""
        from mllint.semantic.artifacts import Artifacts

        return Artifacts(self)

    # What its container does

    @cached_property
    def command(self) -> tuple[Entrypoint | None, Cmd | None]:
        """The ENTRYPOINT and CMD in force at its end."""
        from mllint.semantic.process import last_command

        return last_command(self)

    @cached_property
    def process(self) -> Process | None:
        """What a container of this stage runs."""
        from mllint.semantic.process import process_of

        return process_of(self)

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """The servers that it starts."""
        from mllint.semantic.process import servers_of

        return tuple(servers_of(self.process, self))

    @property
    def prompt(self) -> str | None:
        """The shell or interpreter that a container starts, to wait for somebody to type; None for all else."""
        from mllint.semantic.role import prompt_of

        return prompt_of(self.process)

    @cached_property
    def role(self) -> Fact[Role]:
        """What the image is for."""
        from mllint.semantic.role import role_of

        return role_of(self)

    def container_file(self, path: str) -> Source | None:
        """The file of the build context that a COPY puts at a path of the container; None when not known."""
        from mllint.semantic.files import read_container_file

        return read_container_file(self, path)

    def has_command(self, name: str) -> bool | None:
        """Whether a program is there at the end of the stage; None when not known."""
        from mllint.semantic.tools import has_command

        return has_command(self, name)

    @cached_property
    def healthcheck(self) -> Healthcheck | None:
        """The last HEALTHCHECK of this stage or its parents (`HEALTHCHECK NONE` too)."""
        derive_first(self, "healthcheck")
        own = next((each for each in reversed(self.body) if isinstance(each, Healthcheck)), None)
        return own or (self.parent.healthcheck if self.parent is not None else None)

    @cached_property
    def exposed(self) -> tuple[tuple[int, Span], ...]:
        """The ports that EXPOSE of this stage and its parents names, where they are known."""
        from mllint.semantic.ports import exposed_ports

        return exposed_ports(self)
