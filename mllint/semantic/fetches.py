"""Where the downloads of a stage land, and whether they stay in its layers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mllint.knowledge.artifacts import ARCHIVE_ENDINGS
from mllint.regex import regex
from mllint.semantic.downloads import Download, DownloadKind, command_downloads
from mllint.semantic.fact import Variable
from mllint.semantic.files import script_of, script_path
from mllint.semantic.layers import Cleared, canonical, clears, in_force
from mllint.semantic.python_code import calls, calls_of_source
from mllint.semantic.steps import join_path
from mllint.semantic.weights import fetched_verdict
from mllint.shell.command import Command
from mllint.source import Span, Text
from mllint.syntax.expand import expand
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

#: A script of such a name fetches what it loads.
_FETCHER = regex(r"(?i)down_?load|fetch|pre_?(load|cache)|warm_?up|cache")
_UNPACKERS = frozenset({"tar", "unzip", "7z", "7za", "gunzip", "bunzip2", "unxz", "unzstd", "bsdtar"})
#: Images that bring no git-lfs.
_WITHOUT_LFS = frozenset(
    {"python", "ubuntu", "debian", "alpine", "nvidia/cuda", "pytorch/pytorch", "tensorflow/tensorflow"}
)
#: Caches of package managers, which say nothing about models: their folders, or variables that name those.
_PACKAGE_CACHE = regex(
    r"(?i)(?:^|[/${_])\.?(?:pip|uv|pypoetry|poetry|pdm|conda|mamba|pkgs|apt|lists|yum|dnf|apk|npm|pnpm|yarn|bun|"
    r"s?ccache|cargo|go|go-build|m2|gradle)(?:[/_}]|$)"
)


class Fetch(NamedTuple):
    """A download of a stage."""

    download: Download
    instruction: Run | Copy
    #: The command, or the source of ADD, that causes it, in the Dockerfile.
    span: Span
    #: The file or folder where it lands, absolute or below `~` (whose home it is seldom matters); None when not known.
    path: str | None
    #: It may not run: inside `if`, behind `||`.
    conditional: bool
    #: False where it leaves the layer again: a mount keeps it out, or the same RUN removes it.
    stays: bool


def fetches_of(stage: Stage) -> Iterator[Fetch]:
    """The downloads of a stage's RUN and ADD instructions, in order."""
    for instruction in stage.body:
        if isinstance(instruction, Run):
            yield from _Reader(stage, instruction).read()
        elif isinstance(instruction, Copy) and instruction.keyword == "ADD":
            yield from _added(stage, instruction)


def _added(stage: Stage, instruction: Copy) -> Iterator[Fetch]:
    target = stage.expand(instruction.target, instruction) if instruction.target is not None else None
    for source in instruction.sources:
        url = stage.expand(source, instruction) or source.value
        if not url.startswith(("http://", "https://")):
            continue
        path = join_path(stage.workdir_at(instruction), target)
        verdict = fetched_verdict(url, path)
        if verdict is not None:
            download = Download(DownloadKind.WEIGHTS, url, "ADD", target, "", source.span, verdict)
            yield Fetch(download, instruction, source.span, path, conditional=False, stays=True)


class _Reader:
    """Follows a RUN: the folder it is in, what it moves and removes."""

    def __init__(self, stage: Stage, run: Run) -> None:
        self.stage = stage
        self.run = run
        self.folder = stage.workdir_at(run)
        self.found: list[Fetch] = []
        self.unpacked = False

    def read(self) -> list[Fetch]:
        script = self.stage.script(self.run)
        if script.python is not None and not script.commands:
            for download in _python_downloads(script.python):
                self._add(download, download.span, None)
        for command in script.commands:
            self._command(command)
        return self.found

    def _command(self, command: Command) -> None:
        name = command.name
        if name in ("cd", "pushd"):
            first = command.arguments[0].value if command.arguments else None
            self.folder = join_path(self.folder, first) if first is not None else None
        elif name in ("rm", "rmdir"):
            self._remove(command)
        elif name == "mv":
            self._move(command)
        elif name in _UNPACKERS:
            self.unpacked = True
        else:
            for download in self._downloads(command):
                inside = download.span.source is command.span.source
                self._add(download, download.span if inside else command.span, command)

    def _downloads(self, command: Command) -> Iterable[Download]:
        if command.python is not None:
            return _python_downloads(command.python)
        direct = command_downloads(command, self.folder)
        if direct:
            return direct if direct[0].tool != "git clone" or self._has_lfs() else ()
        path = script_path(command)
        return self._script_downloads(command, path) if path is not None else ()

    def _has_lfs(self) -> bool:
        """Whether a clone may bring more than Git LFS pointers: git-lfs is there, or it is not known."""
        image = self.stage.root.image
        if image is None or image.familiar not in _WITHOUT_LFS or self.stage.has_command("git-lfs"):
            return True
        return any(_calls_lfs(each) for each in self.stage.ancestry)

    def _script_downloads(self, command: Command, path: str) -> Iterable[Download]:
        """What a script of the build context downloads; where it cannot be read, what its name says."""
        name = posixpath.basename(path)
        script = script_of(self.stage, command, self.folder)
        if script is not None and script.python is not None:
            from mllint.semantic.python_downloads import python_downloads

            loose = _FETCHER.search(name) is not None
            found = python_downloads(calls_of_source(script.python), loose=loose)
        elif script is not None and script.commands is not None:
            found = tuple(each for inner in script.commands for each in _inner_downloads(inner))
        elif _is_named_after_weights(name):
            word = next((word for word in command.words if word.value == path), command.words[0])
            found = (Download(DownloadKind.WEIGHTS, None, posixpath.basename(path), None, "", word.span, sure=False),)
        else:
            found = ()
        return found

    def _add(self, download: Download, span: Span, command: Command | None) -> None:
        # A script may name another folder in many ways; what the Dockerfile holds is read as a whole.
        inside = span is download.span or download.target is not None
        path = self._path(download, command) if inside else None
        conditional = command is not None and command.conditional
        self.found.append(Fetch(download, self.run, span, path, conditional, stays=not self._mounted(path)))

    # Where it lands

    def _path(self, download: Download, command: Command | None) -> str | None:
        if download.target is not None:
            path = join_path(self.folder, self._expanded(download.target, command))
            return canonical(path) if path is not None else None
        from mllint.knowledge.downloads import CACHES

        if download.cache not in CACHES:
            return None
        variables, below = CACHES[download.cache]
        for name, inner in variables:
            variable = self._variable(name, command)
            if variable is not None:
                return canonical(posixpath.join(variable.value, inner)) if variable.value else None
        home = self._variable("HOME", command)
        if home is not None and home.value is None:
            return None
        return canonical(posixpath.join(home.value or "~" if home is not None else "~", below))

    def _expanded(self, target: str, command: Command | None) -> str | None:
        """A target as written, with a variable in front put in when it is known."""
        if target.startswith("~/"):
            return f"/root/{target[2:]}"
        if "$" not in target and "`" not in target:
            return target
        match = re.fullmatch(r"\$\{?(\w+)\}?(/[^$`]*)?", target)
        variable = self._variable(match[1], command) if match is not None else None
        if match is None or variable is None or variable.value is None:
            return None
        return variable.value + (match[2] or "")

    def _variable(self, name: str, command: Command | None) -> Variable | None:
        if command is not None:
            return in_force(name, command, self.run, self.stage)
        return self.stage.scope.variable(name, self.stage.position(self.run))

    # Whether it stays

    def _mounted(self, path: str | None) -> bool:
        """Whether a mount keeps it out; a cache that is not a package manager's may, where a path is not known."""
        for kind, target in _mounts(self.stage, self.run):
            doubtful = "$" in target or (path is None and kind == "cache")
            if within(path, target) or (doubtful and not _PACKAGE_CACHE.search(target)):
                return True
        return False

    def _remove(self, command: Command) -> None:
        for index, fetch in enumerate(self.found):
            packed = (fetch.path or "").endswith(ARCHIVE_ENDINGS) and self.unpacked
            if fetch.path is not None and not packed and clears(command, fetch.path, cwd=self.folder) is Cleared.YES:
                self.found[index] = fetch._replace(stays=False)

    def _move(self, command: Command) -> None:
        words = [word.value for word in command.arguments if not (word.value or "").startswith("-")]
        target = join_path(self.folder, words[-1]) if words else None
        for index, fetch in enumerate(self.found):
            if any(within(fetch.path, join_path(self.folder, word)) for word in words[:-1]):
                self.found[index] = fetch._replace(path=canonical(target) if target is not None else None)


@lru_cache(maxsize=64)
def _calls_lfs(stage: Stage) -> bool:
    """Whether a command of the stage is one of git-lfs."""
    return any("lfs" in step.command.values() or step.command.name == "git-lfs" for step in stage.steps)


def _mounts(stage: Stage, run: Run) -> Iterator[tuple[str, str]]:
    """The types and targets of the mounts that keep files out of the layer; a target that is not known as written."""
    for mount in run.mounts:
        target = next((mount.options[key] for key in ("target", "dst", "destination") if key in mount.options), None)
        if target is not None and mount.type in ("cache", "tmpfs", "bind"):
            value = expand(target.strip("\"'"), stage.lookup_at(run), stage.build.dockerfile.escape)
            known = join_path(stage.workdir_at(run), value) or value if value else None
            yield mount.type, canonical(known or target)


def _python_downloads(code: Text) -> tuple[Download, ...]:
    from mllint.semantic.python_downloads import python_downloads

    return python_downloads(calls(code))


def _inner_downloads(command: Command) -> tuple[Download, ...]:
    return _python_downloads(command.python) if command.python is not None else command_downloads(command)


def _is_named_after_weights(script: str) -> bool:
    from mllint.knowledge.downloads import SCRIPT_NAME

    return re.search(rf"(?i)(^|[/_.-])({SCRIPT_NAME})([/_.-]|$)", script) is not None


def within(path: str | None, folder: str | None) -> bool:
    """Whether a path is a folder or lies in it; False when one of them is not known. Every home folder is `~`."""
    if path is None or folder is None:
        return False
    inner, outer = canonical(path), canonical(folder)
    return outer in ("/", inner) or inner.startswith(f"{outer}/")
