"""The working folder of each command of a stage, and the files that the commands write, as far as their words tell."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from mllint.regex import regex
from mllint.semantic.steps import join_path
from mllint.shell.command import Command, Word

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.syntax.nodes import Instruction

_OUTPUT_OPTIONS = frozenset({"-o", "--output", "--output-file"})
_FETCHERS = ("wget", "curl", "aria2c")
#: Programs that write files without a redirection or an option that names them.
_WRITERS = frozenset({*_FETCHERS, "cp", "mv", "install", "tee", "sed", "perl", "dos2unix", "patch"})
_HOME = regex(r"\$(?:HOME\b|\{HOME\})")


#: Stands for the folder that an unknown base image starts in: where it is does not matter, as long as nothing else is
#: said, since COPY and RUN mean the same one.
FIRST_FOLDER = "/<workdir>"


def working_folder(stage: Stage, instruction: Instruction) -> str | None:
    """The folder that an instruction runs in; `FIRST_FOLDER` where no WORKDIR came before it."""
    found = stage.workdir_at(instruction)
    if found is not None:
        return found
    return FIRST_FOLDER if stage.position(instruction) <= stage.unmoved_until else None


def unmoved_until(stage: Stage) -> int:
    """The position of a stage's first WORKDIR, or its end; -1 where a parent has one."""
    if stage.parent is not None and stage.parent.unmoved_until < len(stage.parent.body):
        return -1
    return next((at for at, each in enumerate(stage.body) if each.keyword == "WORKDIR"), len(stage.body))


class Write(NamedTuple):
    """A file that a command writes."""

    #: Among the commands of the stage, and the instruction's place in its body.
    order: int
    position: int
    command: Command
    #: The absolute path of the file that it is a copy of (`cp`, `mv`), else None.
    copy_of: str | None
    #: Only parts of it change (`sed -i`, `>>`).
    edits: bool


class Writes(NamedTuple):
    """What following the commands of a stage found."""

    #: By the identity of the command: its place among all, and its absolute working folder (None when not known).
    order: dict[int, int]
    folders: dict[int, str | None]
    #: By path, in order.
    files: dict[str, list[Write]]

    def last(self, path: str, command: Command | None) -> Write | None:
        """What wrote a file last in front of a command, or in the stage."""
        end = self.order.get(id(command), len(self.order)) if command is not None else len(self.order)
        return next((write for write in reversed(self.files.get(path, ())) if write.order < end), None)


def path_text(word: Word) -> str | None:
    """The text of a word that is a path, the home folder as `~`; None when another part of it is not known."""
    text = word.value if word.value is not None else word.raw.replace('"', "").replace("'", "")
    text = _HOME.sub("~", text)
    return None if "$" in text or "`" in text else text


def join_home(folder: str | None, path: str | None) -> str | None:
    """A path made absolute, without a slash at its end; one below the home folder starts with `~`."""
    if path is not None and path.startswith("~"):
        return path.rstrip("/")
    if path is not None and folder is not None and folder.startswith("~") and not path.startswith("/"):
        return posixpath.normpath(f"{folder}/{path}")
    found = join_path(folder, path)
    return found.rstrip("/") or "/" if found is not None else None


def writes_of(stage: Stage) -> Writes:
    """Follows the commands of a stage's RUN instructions."""
    found = Writes({}, {}, {})
    for run in stage.runs:
        position = stage.position(run)
        # A subshell begins in its parent's folder, and its own `cd` ends with it.
        folders = [working_folder(stage, run)]
        for command in stage.script(run).commands:
            del folders[command.subshell + 1 :]
            folders += [folders[-1]] * (command.subshell + 1 - len(folders))
            folder = folders[-1]
            order = found.order[id(command)] = len(found.order)
            found.folders[id(command)] = folder
            if command.name in ("cd", "pushd"):
                folders[-1] = join_home(folder, path_text(command.arguments[0])) if command.arguments else "~"
            for path, source, edits in _written(command, folder):
                found.files.setdefault(path, []).append(Write(order, position, command, source, edits))
    return found


def made_files(stage: Stage) -> frozenset[str]:
    """The names of the files that RUN commands make: `… > reqs.txt`, `-o reqs.txt`, `wget …/reqs.txt`."""
    words = (word for step in stage.steps for word in _made(step.command))
    return frozenset(posixpath.basename(word.value or word.raw) for word in words)


def _made(command: Command) -> Iterator[Word]:
    for redirect in command.redirects:
        if redirect.operator.startswith((">", "&>")) and redirect.target is not None:
            yield redirect.target
    if not _OUTPUT_OPTIONS.isdisjoint(command.values()):
        yield from (word for option, word in pairwise(command.words) if option.value in _OUTPUT_OPTIONS)
    if command.name in _FETCHERS:
        yield from command.words


def _written(command: Command, folder: str | None) -> Iterator[tuple[str, str | None, bool]]:
    """The paths that a command writes, each with the path that it copies, and whether it only edits it."""
    if not command.redirects and command.name not in _WRITERS and _OUTPUT_OPTIONS.isdisjoint(command.values()):
        return

    def join(word: Word) -> str | None:
        return join_home(folder, path_text(word))

    operands = [word for word in command.arguments if not word.raw.startswith("-")]
    if command.name in ("cp", "mv", "install") and len(operands) > 1:
        yield from _copies(operands, join)
        return
    edited = operands if _edits(command) else []
    appended = [each.target for each in command.redirects if each.operator.endswith(">>") and each.target is not None]
    for words, edits in ((edited + appended, True), ([word for word in _made(command) if word not in appended], False)):
        for word in words:
            path = join(_saved_as(word) if command.name in _FETCHERS else word)
            if path is not None:
                yield path, None, edits
    if command.name == "tee":
        appends = any(word.value in ("-a", "--append") for word in command.words)
        yield from ((path, None, appends) for path in map(join, operands) if path is not None)


def _edits(command: Command) -> bool:
    if command.name in ("sed", "perl"):
        return any(re.match(r"-[a-z]*i|--in-place", word.raw) for word in command.arguments)
    return command.name in ("dos2unix", "patch")


def _saved_as(word: Word) -> Word:
    """The file that a download is saved as where nothing else is said."""
    text = word.value or word.raw
    return word._replace(value=posixpath.basename(text.partition("?")[0])) if "://" in text else word


def _copies(operands: list[Word], join: Callable[[Word], str | None]) -> Iterator[tuple[str, str | None, bool]]:
    target = join(operands[-1])
    if target is None:
        return
    for word in operands[:-1]:
        source = join(word)
        if len(operands) == 2:
            yield target, source, False
        # The target may be a folder.
        yield posixpath.join(target, posixpath.basename(word.value or word.raw)), source, False
