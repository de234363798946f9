"""A whole build: the stages of a Dockerfile, the global build arguments, and what reaches the final image."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from mllint.images.reference import ImageReference, parse_reference
from mllint.regex import regex
from mllint.semantic.fact import BuildOptions, Origin, Variable
from mllint.semantic.scope import PLATFORM_ARGS, PREDEFINED_ARGS
from mllint.semantic.stage import Stage
from mllint.source import Source, Span, Text
from mllint.syntax.expand import UNSET, Unset, expand
from mllint.syntax.nodes import Arg, Dockerfile, From, Instruction

if TYPE_CHECKING:
    from mllint.context import Context
    from mllint.context.repository import Repository
    from mllint.packages.manifest import Manifest
    from mllint.semantic.intake import Intake

_VARIABLE = regex(r"\$\{[^}]*\}|\$\w+")

#: From this many stages on, chains of parents are derived in order instead of on demand.
MANY_STAGES = 100


class Build:
    """What `docker build` would do with a file, as far as the file and the user's options tell."""

    def __init__(self, dockerfile: Dockerfile, options: BuildOptions | None = None) -> None:
        self.dockerfile = dockerfile
        self.options = options or BuildOptions()

    # Stages

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in order; instructions in front of the first FROM belong to none.

        A file without any FROM, a piece of a Dockerfile, is taken for one stage on an unknown base.
        """
        groups: list[tuple[From, list[Instruction]]] = []
        if not any(isinstance(instruction, From) for instruction in self.dockerfile.instructions):
            groups = [(each, []) for each in _nothing_to_stand_on(self.dockerfile)]
        for instruction in self.dockerfile.instructions:
            if isinstance(instruction, From):
                groups.append((instruction, []))
            elif groups:
                groups[-1][1].append(instruction)
        return tuple(Stage(self, index, opening, tuple(body)) for index, (opening, body) in enumerate(groups))

    def derive_inherited(self) -> None:
        """Derives what stages inherit, in order, where the file has so many that recursion could not."""
        if len(self.stages) > MANY_STAGES:
            for stage in self.stages:
                stage.derive_inherited()

    @cached_property
    def _by_name(self) -> dict[str, list[Stage]]:
        names: dict[str, list[Stage]] = {}
        for stage in self.stages:
            if stage.name is not None:
                names.setdefault(stage.name, []).append(stage)
        return names

    def stage_named(self, name: str | None, *, before: int) -> Stage | None:
        """The last stage of that name in front of the stage with index `before`; names know no case."""
        if name is None:
            return None
        found = self._by_name.get(name.lower(), ())
        at = bisect_left(found, before, key=lambda stage: stage.index)
        return found[at - 1] if at else None

    def _stage_called(self, name: str, *, before: int) -> Stage | None:
        """The stage in front of the one with index `before` that a name or an index means."""
        found = self.stage_named(name, before=before)
        if found is None and name.isascii() and name.isdigit() and len(name) < 10 and int(name) < before:
            return self.stages[int(name)]
        return found

    def copy_origin(self, name: str | None, stage: Stage) -> Stage | ImageReference | None:
        """What `--from=name` means in a stage: an earlier stage by name or index, else an image."""
        if not name:
            return None
        found = self._stage_called(name, before=stage.index)
        return found if found is not None else parse_reference(name)

    @cached_property
    def final(self) -> Stage | None:
        """The stage that is built: `--target`, else the last one."""
        if not self.stages:
            return None
        target = self.options.target
        named = self._stage_called(target, before=len(self.stages)) if target is not None else None
        return named if named is not None else self.stages[-1]

    @cached_property
    def used(self) -> frozenset[Stage]:
        """The stages that the final one needs: its parents, and what they copy or mount from."""
        found: set[Stage] = set()
        waiting = [self.final] if self.final is not None else []
        while waiting:
            stage = waiting.pop()
            if stage in found:
                continue
            found.add(stage)
            origins = [stage.parent, *(step.origin for step in stage.copies), *stage.mount_origins()]
            waiting += [origin for origin in origins if isinstance(origin, Stage)]
        return frozenset(found)

    @cached_property
    def _text(self) -> str:
        """All that the instructions say, continuations joined."""
        found = [each.arguments.value for each in self.dockerfile.instructions]
        found += [heredoc.body.value for each in self.dockerfile.instructions for heredoc in each.heredocs]
        return "\n".join([*found, *self.options.build_args.values()])

    def mentions(self, *parts: str) -> bool:
        """Whether any of these stands anywhere in the file: a quick look before words are read one by one."""
        found = self._mentioned.get(parts)
        if found is None:
            found = self._mentioned[parts] = any(part in self._text for part in parts)
        return found

    @cached_property
    def _mentioned(self) -> dict[tuple[str, ...], bool]:
        """The answers of `mentions`."""
        return {}

    @cached_property
    def compose_gpu(self) -> str | None:
        """How a Compose file of the build context asks for a GPU for this Dockerfile; None where none does."""
        from mllint.context.compose import gpu_request

        return gpu_request(self.context, self.dockerfile.source.path) if self.context is not None else None

    def release(self) -> None:
        """Forgets everything, so that the memory of a file goes back when the next one begins.

        Stages and builds know each other; without this only the garbage collector would free them, which a run over
        many files switches off because it costs a tenth of the time.
        """
        for stage in self.stages:
            stage.__dict__.clear()
        self.__dict__.clear()

    @cached_property
    def shipped(self) -> frozenset[Stage]:
        """The stages whose layers the final image holds: the final stage and its parents."""
        return frozenset(self.final.ancestry) if self.final is not None else frozenset()

    @cached_property
    def builders(self) -> frozenset[Stage]:
        """The stages whose layers reach no image, because others only copy from them.

        A stage that nothing uses is an image of its own (`--target`), and a stage that such a one continues is in it.
        """
        used: set[object] = set()
        for stage in self.stages:
            used.update((stage.parent, *(step.origin for step in stage.copies), *stage.mount_origins()))
            used.update(self._chosen(stage))
        shipped: set[Stage] = set()
        waiting: list[Stage | None] = [each for each in self.stages if each is self.final or each not in used]
        while waiting:
            image = waiting.pop()
            if image is not None and image not in shipped:
                shipped.add(image)
                waiting += (image.parent, *self._chosen(image))
        return frozenset(self.stages) - shipped

    def _chosen(self, stage: Stage) -> Iterator[Stage]:
        """The stages that `FROM base-${TARGETARCH}` may continue, where the value is not known."""
        image = stage.opening.image
        if stage.base_name is not None or image is None or "$" not in image.value:
            return
        # A variable alone may be any image.
        parts = [re.escape(part) for part in _VARIABLE.split(image.value.lower())]
        if any(parts):
            pattern = "[^/]+".join(parts)
            yield from (each for each in self.stages if each.name is not None and re.fullmatch(pattern, each.name))

    @cached_property
    def images(self) -> tuple[Stage, ...]:
        """The stages that are images of their own, at their ends: no builders, and none that another continues."""
        continued = {stage.parent for stage in self.stages}
        return tuple(stage for stage in self.stages if stage not in self.builders and stage not in continued)

    @cached_property
    def _by_root(self) -> dict[Stage, list[Stage]]:
        found: dict[Stage, list[Stage]] = {}
        for stage in self.stages:
            found.setdefault(stage.root, []).append(stage)
        return found

    def standing_on(self, root: Stage) -> Sequence[Stage]:
        """The stages, in order, whose chain of parents ends at `root`, and that one itself."""
        return self._by_root.get(root, ())

    # The build context

    @cached_property
    def context(self) -> Context | None:
        """The folder that is sent to the builder; None when it is not known."""
        from mllint.context import Context
        from mllint.context.inference import infer

        path = self.dockerfile.source.path
        if self.options.context is not None:
            return Context(self.options.context, dockerfile=path)
        if path in ("-", "<stdin>"):
            return None
        copied = (step for stage in self.stages for step in stage.copies if step.from_context)
        sources = [value for step in copied for _, value in step.sources if value is not None]
        mounts = (mount.options for stage in self.stages for run in stage.runs for mount in run.mounts)
        sources += [options["source"] for options in mounts if "source" in options and "from" not in options]
        # What an install reads behind `COPY . .` was in the folder, too.
        installs = (step.install for stage in self.stages for step in stage.installs)
        words = (file.value for install in installs for file in install.files)
        return infer(path, sources, (word for word in words if word and not word.startswith(("/", "~", "http"))))

    @cached_property
    def repository(self) -> Repository | None:
        """The git working copy that the context lies in; None when it lies in none, or is not known."""
        from mllint.context.inference import repository_around
        from mllint.context.repository import Repository

        top = repository_around(self.context.root) if self.context is not None else None
        return Repository(top, self.context.root, self.dockerfile.source.path) if top and self.context else None

    @cached_property
    def intakes(self) -> dict[tuple[str, tuple[str, ...], bool], Intake]:
        """What sources take in from the context, by the source and COPY's flags."""
        return {}

    @cached_property
    def context_files(self) -> dict[str, bool]:
        """Whether a path of the context is a file, for those that were asked for."""
        return {}

    @cached_property
    def context_sources(self) -> dict[str, Source | None]:
        """The files of the context that were read, by path; None for those that cannot be."""
        return {}

    @cached_property
    def context_manifests(self) -> dict[tuple[str, str | None], Manifest | None]:
        """The manifests among them, by path and by what they were taken for."""
        return {}

    @cached_property
    def compose_healthcheck(self) -> bool:
        """Whether a Compose file of the context has a service that builds this file and checks its health."""
        from mllint.context.compose import has_healthcheck

        return self.context is not None and has_healthcheck(self.context, self.dockerfile.source.path)

    @cached_property
    def compose_command(self) -> bool:
        """Whether a Compose file of the context has a service that builds this file and says what it runs."""
        from mllint.context.compose import has_command

        return self.context is not None and has_command(self.context, self.dockerfile.source.path)

    # Global build arguments

    @cached_property
    def _globals(self) -> dict[str, Variable]:
        variables: dict[str, Variable] = {}

        def lookup(name: str) -> str | Unset | None:
            return variables[name].value if name in variables else _undeclared(name)

        for instruction in self.dockerfile.instructions:
            if isinstance(instruction, From):
                break
            if isinstance(instruction, Arg):
                for pair in instruction.pairs:
                    given = self.given_argument(pair.key.value, pair.span)
                    value = expand(pair.value.value, lookup, self.dockerfile.escape) if pair.value is not None else None
                    variables[pair.key.value] = given or Variable(value, pair.span, Origin.ARGUMENT)
        return variables

    def given_argument(self, name: str, span: Span) -> Variable | None:
        """The value that the user gives with `--build-arg`, for the declaration at `span`."""
        value = self.options.build_args.get(name)
        return Variable(value, span, Origin.OPTION) if value is not None else None

    def global_argument(self, name: str) -> Variable | None:
        """A build argument declared in front of the first FROM."""
        return self._globals.get(name)

    def global_lookup(self, name: str) -> str | Unset | None:
        """The variables that FROM sees."""
        variable = self._globals.get(name)
        return variable.value if variable is not None else _undeclared(name)


def _undeclared(name: str) -> str | Unset | None:
    return None if name in PLATFORM_ARGS or name in PREDEFINED_ARGS else UNSET


def _nothing_to_stand_on(dockerfile: Dockerfile) -> Sequence[From]:
    """A FROM of no words at the head of a file that has instructions and no FROM."""
    if not dockerfile.instructions:
        return ()
    at = dockerfile.source.span(0, 0)
    return (From("FROM", at, at, Text.plain(at), (), (), None, image=None, name=None),)
