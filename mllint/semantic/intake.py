"""What a COPY, an ADD or a bind mount takes in from the build context: the files that are really there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mllint.context import Context, File, Listing
from mllint.context.context import inner_path
from mllint.context.ignore import Ignore, parse_ignore
from mllint.context.patterns import is_wildcard, path_expression
from mllint.regex import regex
from mllint.semantic.steps import is_whole
from mllint.source import Span, Text
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.semantic.build import Build
    from mllint.semantic.clutter import Clutter
    from mllint.semantic.secret_files import FoundSecret
    from mllint.semantic.stage import Stage
    from mllint.semantic.weights import Weights


#: What a template engine fills in before the build.
_TEMPLATE = regex(r"\{\{|\}\}|\{%|(?<!<)<[\w .-]+>|@[A-Z_]+@|%\w+%|__[A-Z]{2,}\w*__")


class Intake:
    """The files behind one source. Everything is looked up on first use, and once for all instructions that ask."""

    def __init__(self, context: Context, value: str, excludes: tuple[str, ...] = (), *, parents: bool = False) -> None:
        """`value` is the expanded source, `excludes` and `parents` are COPY's flags."""
        self.context = context
        self.value = value
        self._excludes = excludes
        self._parents = parents

    @property
    def whole(self) -> bool:
        """Whether it is the whole context: `.`, `/`, `*`."""
        return is_whole(self.value)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files and folders that the source names; none when it is not there."""
        return self.context.glob(self.value)

    @cached_property
    def listing(self) -> Listing:
        """The files, of folders all that are in them."""
        if self._parents and is_wildcard(self.value):
            return self._with_parents()
        listings = [self._kept(path) for path in self.paths]
        if len(listings) == 1:
            return listings[0]
        files = tuple(file for each in listings for file in each.files)
        return Listing(files, any(each.truncated for each in listings))

    def _with_parents(self) -> Listing:
        """`COPY --parents` reads `**` as .dockerignore does, and keeps what matches."""
        pattern = posixpath.normpath(self.value.replace("/./", "/")).lstrip("/")
        expression = path_expression(pattern)
        fixed = posixpath.dirname(re.split(r"[*?\[\\]", pattern, maxsplit=1)[0]) or "."
        below = self.context.files_under(fixed)
        files = (file for file in below.files if expression and re.fullmatch(f"(?:{expression})(?:/.*)?", file.path))
        return self._without_excluded(Listing(tuple(files), below.truncated), fixed)

    def _kept(self, path: str) -> Listing:
        return self._without_excluded(self.context.files_under(path), path)

    def _without_excluded(self, listing: Listing, folder: str) -> Listing:
        if not self._excludes:
            return listing
        rules = parse_ignore("\n".join(self._excludes))
        files = tuple(file for file in listing.files if not _is_excluded(file, folder, rules))
        return Listing(files, listing.truncated)

    @cached_property
    def weights(self) -> Weights | None:
        """The model weights among the files; None when the source is not there."""
        from mllint.semantic.weights import weights_among

        return weights_among(self.context, self.listing.files) if self.paths or self.listing.files else None

    @cached_property
    def clutter(self) -> tuple[Clutter, ...]:
        """What an image has no use for among them: the history, records, caches, environments, datasets."""
        from mllint.semantic.clutter import clutter_of

        return tuple(clutter_of(self.listing.files))

    @cached_property
    def secrets(self) -> tuple[FoundSecret, ...]:
        """The files among them that hold secrets, as their text shows."""
        from mllint.semantic.secret_files import secrets_among

        return tuple(secrets_among(self.context, self.listing.files))


def _is_excluded(file: File, folder: str, rules: Ignore) -> bool:
    """Whether `--exclude` leaves a file out.

    Its patterns start at the source; where that is a file itself, the name counts. What could be meant from the
    context's root is taken for excluded as well.
    """
    below = posixpath.relpath(file.path, folder) if folder != "." else file.path
    own = below if below != "." else posixpath.basename(file.path)
    return rules.excludes(own) or rules.excludes(file.path)


class Taken(NamedTuple):
    """A source of the build context, and where it stands."""

    intake: Intake
    #: The source in the Dockerfile; the value of a bind mount's `source=` is within its flag.
    span: Span
    instruction: Copy | Run
    #: As written, variables put in.
    value: str

    @property
    def is_mount(self) -> bool:
        return isinstance(self.instruction, Run)

    @property
    def command(self) -> str:
        """The instruction as a message names it: `COPY . /app`."""
        if isinstance(self.instruction, Run) or len(self.instruction.sources) > 1 or self.instruction.target is None:
            return f"{self.instruction.keyword} {self.value}"
        return f"{self.instruction.keyword} {self.value} {self.instruction.target.value}"


def taken_by(stage: Stage) -> Iterator[Taken]:
    """What the COPY and ADD instructions and the bind mounts of a stage take in, where it is known."""
    build = stage.build
    if build.context is None:
        return
    for step in stage.copies:
        flags = step.instruction.flags
        excludes = [
            stage.expand(flag.value, step.instruction) for flag in flags if flag.name == "exclude" and flag.value
        ]
        if not step.from_context or None in excludes or _TEMPLATE.search(step.instruction.arguments.value):
            continue
        patterns = tuple(each for each in excludes if each is not None)
        for source, value in step.sources:
            if value is not None and is_local(value):
                intake = intake_of(build, value, patterns, parents=step.instruction.flag("parents") is not None)
                yield Taken(intake, source.span, step.instruction, value)
    for run in stage.runs:
        yield from _mounted(stage, run)


def _mounted(stage: Stage, run: Run) -> Iterator[Taken]:
    for mount in run.mounts:
        options = mount.options
        if mount.type != "bind" or "from" in options:
            continue
        written = (options.get("source") or options.get("src") or ".").strip("\"'")
        flag = mount.flag.value
        at = flag.value.find(f"={written}") + 1 if flag is not None else 0
        value = _expanded(stage, written, run)
        if value is not None:
            span = flag.at(at, at + len(written)) if flag is not None and at else mount.flag.span
            yield Taken(intake_of(stage.build, value), span, run, value)


def _expanded(stage: Stage, written: str, run: Run) -> str | None:
    if "$" not in written:
        return written
    at = run.keyword_span
    return stage.expand(Text(at.source, written, (0,), (at.start,)), run)


def intake_of(build: Build, value: str, excludes: tuple[str, ...] = (), *, parents: bool = False) -> Intake:
    """What a source of the context takes in; the same for all instructions that name it."""
    assert build.context is not None
    key = (inner_path(value), excludes, parents)
    known = build.intakes.get(key)
    if known is None:
        known = build.intakes[key] = Intake(build.context, value, excludes, parents=parents)
    return known


def is_local(value: str) -> bool:
    """Whether a source is a path: no URL, no git repository."""
    return "://" not in value and not value.startswith(("git@", "<<"))
