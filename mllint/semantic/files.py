"""From a path in the container back to the file of the build context that stands there."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.context.context import TEXT_LIMIT
from mllint.images.reference import ImageReference
from mllint.semantic.steps import join_path
from mllint.semantic.writes import working_folder
from mllint.shell.command import Command
from mllint.shell.parser import parse_script
from mllint.source import Source, Text
from mllint.syntax.nodes import Run

if TYPE_CHECKING:
    from mllint.packages.manifest import Manifest
    from mllint.semantic.build import Build
    from mllint.semantic.copied_paths import Candidate
    from mllint.semantic.stage import Stage
    from mllint.semantic.writes import Write

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "source", "."})


class ContainerScript(NamedTuple):
    """A script that a command starts, read from the build context."""

    #: The commands of a shell script; None when the file is not in the context, or is no shell script.
    commands: tuple[Command, ...] | None
    #: A Python script.
    python: Source | None
    #: The shell script ends in `exec "$@"`, or runs its arguments otherwise.
    runs_arguments: bool


def script_of(stage: Stage, command: Command, folder: str | None = None) -> ContainerScript | None:
    """The script file that a command runs; None when it runs none. Relative paths start at `folder`, or at WORKDIR."""
    path = script_path(command)
    if path is None:
        source = _module(stage, command)
        return ContainerScript(None, source, runs_arguments=False) if source is not None else None
    if folder is not None:
        path = posixpath.join(folder, path)
    source = read_container_file(stage, path)
    if source is None:
        # An entry script that cannot be read is taken to run its arguments: nearly all do, and CMD then counts.
        return ContainerScript(None, None, runs_arguments=not path.endswith(".py"))
    first_line = source.line(1)
    if path.endswith(".py") or (first_line.startswith("#!") and "python" in first_line):
        return ContainerScript(None, source, runs_arguments=False)
    script = parse_script(Text.plain(source.span(0, len(source.text))), lambda _: None)
    return ContainerScript(script.commands, None, runs_arguments='"$@"' in source.text or "$*" in source.text)


def script_path(command: Command) -> str | None:
    """The script of `bash run.sh`, `./run.sh`, `python app.py`, `/entrypoint.sh`."""
    name = command.name
    if name is None:
        return None
    if name in _SHELLS or name.startswith("python"):
        suffix = ".py" if name.startswith("python") else ""
        operand = next((word.value for word in command.arguments if not (word.value or "-").startswith("-")), None)
        options = [word.value for word in command.arguments if word.value is not None and word.value.startswith("-")]
        if operand is None or any(option in ("-c", "-m") for option in options) or not operand.endswith(suffix):
            return None
        return operand
    path = command.words[0].value or ""
    return path if path.endswith((".sh", ".bash", ".py")) or ("/" in path and "entrypoint" in path) else None


def _module(stage: Stage, command: Command) -> Source | None:
    """The file behind `python -m app.main`, where it is the project's own and WORKDIR holds it."""
    values = command.values()
    if not (command.name or "").startswith("python") or "-m" not in values[:-1]:
        return None
    name = values[values.index("-m") + 1]
    if name is None or any(value is None or not value.startswith("-") for value in values[: values.index("-m")]):
        return None
    path = name.replace(".", "/")
    return read_container_file(stage, f"{path}.py") or read_container_file(stage, f"{path}/__main__.py")


def read_container_file(stage: Stage, path: str) -> Source | None:
    """The text of the context's file that stands at `path` in the container; relative paths start at WORKDIR."""
    found = join_path(stage.workdir, path)
    return file_at(stage, found) if found is not None else None


class Origin(NamedTuple):
    """Where the file at a path of the container comes from."""

    #: Its path in the context; None for a file that commands made.
    context: str | None
    #: What wrote or changed it last, and the stage of that, where it is not the context's file as it is.
    write: Write | None = None
    stage: Stage | None = None


def origin_of(stage: Stage, path: str, command: Command | None = None, run: Run | None = None) -> Origin | None:
    """Where the file at an absolute path comes from when a command of a RUN begins, or at the end of the stage.

    None when it is not known: nothing of the context is copied there, and no command is seen to write it.
    """
    if stage.build.context is None and command is None:
        return None
    return _Search(stage.build).find(stage, path, command, run)


class _Search:
    def __init__(self, build: Build) -> None:
        self.context = build.context
        self.known = build.context_files
        self.seen: set[tuple[int, str]] = set()

    def find(self, stage: Stage, path: str, command: Command | None, run: Run | None) -> Origin | None:
        path = posixpath.normpath(path) if path.startswith("~") else "/" + posixpath.normpath(path).lstrip("/")
        if run is not None:
            for candidate in _mounted(stage, run, path):
                if self._readable(candidate):
                    return Origin(candidate)
        for each in stage.ancestry:
            first = each is stage
            found = self._within_stage(each, path, command if first else None, run if first else None)
            if found is not None:
                return found
        return None

    def _within_stage(self, stage: Stage, path: str, command: Command | None, run: Run | None) -> Origin | None:
        end = stage.position(run) if run is not None else len(stage.body)
        write = stage.writes.last(path, command)
        for candidate in stage.copied_paths.at(path, end):
            later = write is not None and write.position > candidate.position
            if write is not None and later and not write.edits:
                break
            found = self._copied(candidate)
            if found is not None:
                return Origin(found.context, write, stage) if later else found
        return self._written(stage, write) if write is not None and not write.edits else None

    def _written(self, stage: Stage, write: Write) -> Origin | None:
        """A file that `cp` or `mv` copies is still the context's."""
        if write.copy_of is None:
            return Origin(None, write, stage)
        if (stage.index, write.copy_of) in self.seen:
            return None
        self.seen.add((stage.index, write.copy_of))
        run = stage.body[write.position]
        return self.find(stage, write.copy_of, write.command, run if isinstance(run, Run) else None)

    def _copied(self, candidate: Candidate) -> Origin | None:
        step = candidate.step
        if step.from_context:
            return Origin(candidate.source) if self._readable(candidate.source) else None
        below = f"/{candidate.source.lstrip('/')}"
        if step.origin is None or isinstance(step.origin, ImageReference) or (step.origin.index, below) in self.seen:
            return None
        self.seen.add((step.origin.index, below))
        return self.find(step.origin, below, None, None)

    def _readable(self, candidate: str) -> bool:
        if candidate not in self.known:
            context = self.context
            self.known[candidate] = context is not None and context.exists(candidate) and not context.is_dir(candidate)
        return self.known[candidate]


def _mounted(stage: Stage, run: Run, path: str) -> Iterator[str]:
    """The files of the context that the bind mounts of a RUN show at a path."""
    for mount in run.mounts:
        options = mount.options
        if mount.type != "bind" or "from" in options:
            continue
        written = next((options[key] for key in ("target", "dst", "destination") if key in options), None)
        target = join_path(working_folder(stage, run), written.strip("\"'")) if written is not None else None
        source = (options.get("source") or options.get("src") or ".").strip("\"'")
        if target is None:
            continue
        folder = target.rstrip("/") or "/"
        if path == folder:
            yield posixpath.normpath(source.lstrip("/") or ".")
        elif path.startswith(f"{folder.rstrip('/')}/"):
            yield posixpath.normpath(posixpath.join(source.lstrip("/") or ".", path[len(folder.rstrip("/")) + 1 :]))


def file_at(stage: Stage, path: str, run: Run | None = None, command: Command | None = None) -> Source | None:
    """The text of the context's file at an absolute path of the container, at a command or at the end of the stage."""
    found = origin_of(stage, path, command, run)
    return context_source(stage, found.context) if found is not None and found.context is not None else None


def context_source(stage: Stage, path: str, limit: int = TEXT_LIMIT) -> Source | None:
    """A file of the context, each read once; None when it cannot be read."""
    known = stage.build.context_sources
    if path not in known:
        context = stage.build.context
        text = context.read_text(path, limit) if context is not None else None
        whole = os.path.join(context.root, path) if context is not None else path
        shown = _shown(whole, like=stage.opening.span.source.path)
        known[path] = Source(shown, text) if text is not None else None
    return known[path]


def manifest_at(
    stage: Stage, path: str, run: Run | None = None, default: str | None = None, command: Command | None = None
) -> Manifest | None:
    """What the context's file at a path says about packages; None when it is not there, or is no manifest."""
    found = origin_of(stage, path, command, run)
    return context_manifest(stage, found.context, default) if found is not None and found.context is not None else None


def context_manifest(stage: Stage, path: str, default: str | None = None) -> Manifest | None:
    """What a file of the context says about packages, each read once."""
    known = stage.build.context_manifests
    if (path, default) not in known:
        from mllint.packages.manifest import read_manifest, text_limit

        source = context_source(stage, path, text_limit(path))
        known[path, default] = read_manifest(source, default) if source is not None else None
    return known[path, default]


def _shown(path: str, *, like: str) -> str:
    """A path to a file of the context, relative where the Dockerfile's own path is."""
    return os.path.normpath(path) if os.path.isabs(like) else os.path.relpath(path)
