"""From a path in the container back to the file of the build context that COPY puts there, and what commands make."""

from __future__ import annotations

import os
import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.requirement import Requirement
from mllint.shell.command import Command
from mllint.shell.parser import parse_script
from mllint.source import Source, Text

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep

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
    context = stage.build.context
    if context is None:
        return None
    if not path.startswith("/"):
        if stage.workdir is None:
            return None
        path = f"{stage.workdir}/{path}"
    path = "/" + posixpath.normpath(path).lstrip("/")
    for each in stage.ancestry:
        for step in reversed(each.copies):
            found = _within(step, path) if step.from_context else None
            for candidate in found or ():
                text = context.read_text(candidate)
                if text is not None:
                    path = os.path.join(context.root, candidate)
                    return Source(_shown(path, like=stage.opening.span.source.path), text)
    return None


def _shown(path: str, *, like: str) -> str:
    """A path to a file of the context, relative where the Dockerfile's own path is."""
    return os.path.normpath(path) if os.path.isabs(like) else os.path.relpath(path)


def read_requirements(stage: Stage, path: str) -> tuple[Requirement, ...]:
    """The requirements of a requirements file in the container, nested ones (`-r`) included."""
    from mllint.packages.requirements_file import parse_requirements

    found: list[Requirement] = []
    waiting, seen = [path], set()
    while waiting:
        name = waiting.pop()
        source = read_container_file(stage, name) if name not in seen else None
        seen.add(name)
        if source is not None:
            parsed = parse_requirements(source)
            found.extend(parsed.requirements)
            waiting += [posixpath.join(posixpath.dirname(name), each.value) for each in parsed.files if each.value]
    return tuple(found)


def made_files(stage: Stage) -> frozenset[str]:
    """The names of the files that RUN commands make: `… > reqs.txt`, `-o reqs.txt`, `wget …/reqs.txt`."""
    names: set[str] = set()
    for step in stage.steps:
        words = step.command.words
        written = [redirect.target for redirect in step.command.redirects if redirect.operator.startswith((">", "&>"))]
        written += [word for option, word in pairwise(words) if option.value in ("-o", "--output", "--output-file")]
        written += words if step.command.name in ("wget", "curl", "aria2c") else []
        names.update(posixpath.basename(word.value or word.raw) for word in written if word is not None)
    return frozenset(names)


def _within(step: CopyStep, path: str) -> list[str]:
    """The files of the context that a COPY may have put at `path`."""
    target = step.target
    if target is None:
        return []
    folder = target.rstrip("/")
    candidates = []
    for _, source in step.sources:
        if source is None or "://" in source:
            continue
        source = posixpath.normpath(source.lstrip("/") or ".")
        if path == (folder or "/"):
            candidates.append(source)
        elif path.startswith(f"{folder}/"):
            rest = path[len(folder) + 1 :]
            candidates.append(posixpath.normpath(posixpath.join(source, rest)))
            if rest == posixpath.basename(source):
                candidates.append(source)
            elif "*" in source:
                candidates.append(posixpath.join(posixpath.dirname(source), rest))
    return candidates
