"""Interpreters and installers that are known not to be there: what a base lacks and nothing so far can have brought.

The walk only ever takes names away: a program counts as absent while every instruction and command so far is known
not to bring it. A script, an archive unpacked onto PATH, a copy from an image that is not known: and nothing more is
said about anything.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.reference import ImageReference
from mllint.packages.requirement import Install
from mllint.regex import regex
from mllint.semantic.environment_walk import UV_IMAGES, brings_no_python
from mllint.semantic.failures import stops_build
from mllint.semantic.order import derive_first
from mllint.semantic.steps import CopyStep, Step
from mllint.shell.command import Command
from mllint.shell.wrappers import is_python
from mllint.source import Span
from mllint.syntax.nodes import Copy, Env, Instruction, Run, Shell

if TYPE_CHECKING:
    from mllint.images.known import ImageFacts
    from mllint.semantic.stage import Stage

#: Stands for `python3.11` and its like.
_VERSIONED = "python3.x"
_PYTHONS = frozenset({"python", "python3", _VERSIONED})
_PIPS = frozenset({"pip", "pip3"})
_CONDAS = frozenset({"conda", "mamba", "micromamba"})
#: What pip, pipx or uv can install.
_PIP_TOOLS = frozenset({"uv", "poetry", "pipenv", "pdm", "pipx"})
_ALL = _PYTHONS | _PIPS | _CONDAS | _PIP_TOOLS
#: Images whose contents are known so well that what they do not list is not there.
_BARE = frozenset({"ubuntu", "debian", "alpine", "python", "nvidia/cuda"})
#: Since when a distribution has no package of the name `python` any more, and none that needs it.
_WITHOUT_PYTHON_2 = {"ubuntu": (20, 4), "debian": (11,)}
#: Packages of Debian that depend on python3-pip or recommend it, beside those with pip in their names. Source: the
#: package lists of Debian 12, 2026-11.
_BRING_PIP = frozenset(
    {
        *("httpie", "lektor", "openstack-pkg-tools", "python3-artifacts", "python3-dtfabric", "python3-neutron"),
        *("python3-numba", "python3-pwntools", "python3-pypandoc", "python3-topplot", "python3-xraylarch", "thonny"),
    }
)
_UNVERSIONED = regex(r"python(?:2.*|-.*)?")
_RUN_IN_TOOL = regex(r"(uv|poetry|pdm|pipenv|conda|mamba|micromamba) run")
#: Commands that put no program in place, whatever their arguments are.
# fmt: off
_QUIET = frozenset({
    ":", "[", "[[", "add-apt-repository", "addgroup", "adduser", "apt-add-repository", "apt-cache", "apt-key",
    "apt-mark", "awk", "cd", "chgrp", "chmod", "chown", "chpasswd", "command", "cut", "date", "debconf-set-selections",
    "dpkg-reconfigure", "export", "false", "find", "git", "gpg", "grep", "groupadd", "head", "id", "ldconfig",
    "locale-gen", "ls", "md5sum", "mkdir", "nvcc", "nvidia-smi", "passwd", "popd", "pushd", "pwd", "rm", "rmdir",
    "sed", "service", "set", "sha256sum", "sleep", "sort", "ssh-keygen", "tail", "test", "touch", "tr", "true", "type",
    "uname", "unset", "update-ca-certificates", "update-locale", "useradd", "usermod", "wc", "which", "whoami",
})
#: Commands that put files in place: programs only where their words say so.
_PLACING = frozenset({"cat", "cp", "curl", "echo", "ln", "mv", "printf", "tar", "tee", "unzip", "wget"})
# fmt: on
#: Folders of programs, the programs themselves, and the files in which a shell finds its aliases.
_ON_PATH = regex(
    r"(?:^|/)s?bin(?:/|$)|^/(?:usr(?:/local)?/?)?$|(?:^|/)(?:python|pip)[\d.]*$|bash\.?rc|profile|zshrc|bash_aliases"
)
_ARCHIVE = regex(r"(?i).*\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz)")
#: Folders of PATH that hold no interpreter unless something that is seen puts one there.
_HARMLESS_FOLDER = regex(
    r"\$\{?PATH\}?|/(?:usr/)?(?:local/)?s?bin/?|/usr/local/(?:cuda|nvidia)[^:]*|/usr/lib/(?:jvm|ccache|postgresql)[^:]*"
    r"|(?:~|\$\{?HOME\}?|/root|/home/[^/:]+)/\.(?:local|cargo)/bin/?|/opt/(?:cmake|nvidia)[^:]*|/usr/local/(?:go|node)[^:]*"
)
_SHELLS = frozenset({"sh", "bash", "dash", "ash"})


class AbsentUse(NamedTuple):
    """A command whose program is not there."""

    #: As it is called: "python", "pip", "python3.11".
    program: str
    command: Command
    #: The word that names it.
    span: Span
    #: The RUN, CMD, ENTRYPOINT or HEALTHCHECK.
    instruction: Instruction
    #: Whether `python3` is known to be there.
    has_python3: bool
    #: `python3 -m pip`: the interpreter is there, the module is not.
    module: bool = False


class AbsentPrograms(NamedTuple):
    """What following a stage found."""

    #: The names that are known to be absent at its end.
    at_end: frozenset[str]
    #: Whether `python3` is known to be there at its end.
    has_python3: bool
    #: In RUN instructions, where the failure stops the build: the first use of each program.
    uses: tuple[AbsentUse, ...]


def absent_programs(stage: Stage) -> AbsentPrograms:
    """Follows a stage. Those that it stands on and copies from come first, so that long chains do not recurse."""
    derive_first(stage, "absent_programs")
    return _Walk(stage).walk()


def absent_at_start(stage: Stage) -> Iterator[AbsentUse]:
    """The uses in CMD or ENTRYPOINT, and in HEALTHCHECK, of programs that the stage does not have at its end."""
    found = stage.absent_programs
    process = stage.process
    if process is not None and process.instruction is not None and process.instruction in stage.body:
        for command in process.commands:
            yield from _used(command, process.instruction, found.at_end, has_python3=found.has_python3)
            if not _starts_another(command):
                break
    check = stage.healthcheck
    if check is not None and check in stage.body:
        commands = [each for each in stage.script(check).commands if not each.guarded and not each.conditional]
        yield from (
            use
            for command in commands[:1]
            for use in _used(command, check, found.at_end, has_python3=found.has_python3)
        )


def _starts_another(command: Command) -> bool:
    """Whether a command changes nothing about what the next one finds: `set -e`, `cd`, `echo`."""
    return command.name in ("set", "cd", "echo", "mkdir", "true") and not command.conditional


class _Walk:
    """A stage as far as it was followed."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        above = stage.parent.absent_programs if stage.parent is not None else None
        self.absent = above.at_end if above is not None else _lacking(stage.base)
        self.has_python3 = above.has_python3 if above is not None else _has_python3(stage.base)
        self.uses: list[AbsentUse] = []

    def walk(self) -> AbsentPrograms:
        copies = {id(step.instruction): step for step in self.stage.copies}
        for instruction in self.stage.body:
            if isinstance(instruction, Run):
                self._run(instruction)
            elif isinstance(instruction, Copy):
                self.absent -= _copied(copies[id(instruction)])
            elif isinstance(instruction, Env):
                values = (pair.value.value for pair in instruction.pairs if pair.key.value == "PATH" and pair.value)
                self.absent -= frozenset().union(*map(_of_path, values))
            elif isinstance(instruction, Shell) and not _plain_shell(instruction):
                self.absent = frozenset()
        return AbsentPrograms(self.absent, self.has_python3, tuple(self.uses))

    def _run(self, run: Run) -> None:
        script = self.stage.script(run)
        if not script.known or script.has_error or script.python is not None:
            self.absent = frozenset()
        lent = any("from" in mount.options for mount in run.mounts)
        for command in script.commands:
            for use in _used(command, run, self.absent, has_python3=self.has_python3) if not lent else ():
                if stops_build(Step(run, command), self.stage):
                    self.uses.append(use)
                # What is said once holds for every later use.
                self.absent -= {use.program, _known_as(use.program)}
            install = self.stage.install_of(command)
            self.absent -= _brought(command, install, self.stage)
            if install is not None and install.adds and not command.conditional:
                self.has_python3 = self.has_python3 or _installs_python3(install)


def _lacking(base: ImageFacts | None) -> frozenset[str]:
    """The programs that a base image is known not to have."""
    if base is None or not base.sure_of("lacks", "python_commands"):
        return frozenset()
    found = {name for name in _ALL if base.has(name) is False}
    if base.python_commands == frozenset():
        found |= _PYTHONS
    if base.family in _BARE and base.lacks and "conda" in base.lacks:
        found |= _ALL - _PYTHONS - _PIPS - base.ships
    return frozenset(found)


def _has_python3(base: ImageFacts | None) -> bool:
    return base is not None and base.has("python3") is True


def _known_as(program: str) -> str:
    """The name under which a program is followed: `python3.11` is one of many."""
    return _VERSIONED if re.fullmatch(r"python3\.\d+", program) else program


def _used(
    command: Command, instruction: Instruction, absent: frozenset[str], *, has_python3: bool
) -> Iterator[AbsentUse]:
    """The program of a command where it is absent."""
    if not absent or not command.words or any(each.name == "PATH" for each in command.assignments):
        return
    tool = _RUN_IN_TOOL.fullmatch(command.wrappers[0]) if command.wrappers else None
    if tool is not None:
        source, start = command.span.source, command.span.start
        here = source.span(start, start + len(tool[1]))
        if here.text == tool[1] and tool[1] in absent:
            yield AbsentUse(tool[1], command, here, instruction, has_python3)
        return
    if any(_RUN_IN_TOOL.fullmatch(wrapper) for wrapper in command.wrappers):
        return
    first = command.words[0]
    name = first.value
    if name is None or "/" in name:
        return
    if _known_as(name) in absent:
        yield AbsentUse(name, command, first.span, instruction, has_python3)
    elif is_python(name) and name != "python2" and "pip" in absent and [*command.values()[:2]] == ["-m", "pip"]:
        yield AbsentUse("pip", command, command.words[2].span, instruction, has_python3, module=True)


# What may bring a program


def _plain_shell(instruction: Shell) -> bool:
    argv = instruction.argv or ()
    return bool(argv) and posixpath.basename(argv[0].value) in _SHELLS


def _of_path(value: str) -> frozenset[str]:
    """What PATH may lead to from now on."""
    folders = (folder for folder in value.strip("\"'").split(":") if folder)
    return frozenset() if all(map(holds_no_interpreter, folders)) else _ALL


def holds_no_interpreter(folder: str) -> bool:
    """Whether a folder of PATH has no interpreter unless something that is seen puts one there."""
    return _HARMLESS_FOLDER.fullmatch(folder) is not None


def _copied(step: CopyStep) -> frozenset[str]:
    """What a COPY or ADD may bring."""
    if not step.from_context:
        if isinstance(step.origin, ImageReference):
            tools = all(re.fullmatch(r".*/uvx?", value or "") for _, value in step.sources)
            return frozenset({"uv"}) if tools and step.origin.familiar.startswith(UV_IMAGES) else _ALL
        # What its own stage is known not to have, it cannot bring.
        return _ALL - step.origin.absent_programs.at_end if step.origin is not None else _ALL
    target = step.target
    if step.whole_context and target == "/":
        # `COPY . .` without a WORKDIR: a project's folder, not that of a file system.
        return frozenset()
    if target is None or _ON_PATH.search(target) or any(value is None for _, value in step.sources):
        return _ALL
    unpacks = step.instruction.keyword == "ADD" and any(_ARCHIVE.fullmatch(value or "") for _, value in step.sources)
    return _ALL if unpacks else frozenset()


def _brought(command: Command, install: Install | None, stage: Stage) -> frozenset[str]:
    """What a command of a RUN may bring."""
    paths = (each.value for each in command.assignments if each.name == "PATH")
    folders = frozenset[str]().union(*(_of_path(word.raw) for word in paths if word is not None))
    if not command.words:
        return folders
    return folders | (_of_install(install, stage) if install is not None else _of_program(command))


def _of_program(command: Command) -> frozenset[str]:
    name = command.name
    targets = [each.target.raw for each in command.redirects if each.target is not None]
    if name is None or any(_ON_PATH.search(target.strip("\"'")) for target in targets):
        return _ALL
    if name in _QUIET or _RUN_IN_TOOL.search(" ".join(command.wrappers)):
        return frozenset()
    if name in _PLACING:
        words = [*(word.raw.strip("\"'") for word in command.arguments)] if name not in ("echo", "printf") else []
        return _ALL if any(_ON_PATH.search(word) for word in words) else frozenset()
    if is_python(name):
        values = command.values()
        return frozenset() if values[:1] == ("-c",) or values[:1] == ("-V",) or values[:1] == ("--version",) else _ALL
    return frozenset() if name in _PIPS or name in ("npm", "yarn", "node") else _ALL


def _of_install(install: Install, stage: Stage) -> frozenset[str]:
    """What an installer may bring: all that its packages, and those that they need, can be."""
    if not install.adds or install.ecosystem == "npm":
        return frozenset()
    if install.ecosystem == "conda":
        return _ALL
    if install.ecosystem == "python":
        return _PIP_TOOLS | _PIPS if install.manager == "pip" else _ALL - _CONDAS
    return _of_system(install, stage)


def _of_system(install: Install, stage: Stage) -> frozenset[str]:
    if brings_no_python(install):
        return frozenset()
    if install.incomplete or any(each.kind != "index" or not each.name for each in install.requirements):
        return _ALL
    if install.manager != "apt":
        return _ALL - _CONDAS
    names = {each.name or "" for each in install.requirements}
    found = {"python3", _VERSIONED}
    if _may_need_python_2(stage):
        found |= _PYTHONS | _PIPS
    for name in names:
        if _UNVERSIONED.fullmatch(name):
            found.add("python")
        if "pip" in name or name in _BRING_PIP:
            found |= _PIPS
        if "conda" in name or "mamba" in name or name.startswith("ros-"):
            found |= _ALL
        found |= {tool for tool in _PIP_TOOLS if name == tool or name.endswith(f"-{tool}")}
    return frozenset(found)


def _may_need_python_2(stage: Stage) -> bool:
    """Whether packages of the release, or of one that is not known, may depend on `python`."""
    from mllint.images.versions import numbers

    base = stage.base
    since = _WITHOUT_PYTHON_2.get(base.os or "") if base is not None else None
    return base is None or since is None or base.os_version is None or numbers(base.os_version) < since


def _installs_python3(install: Install) -> bool:
    """Whether apt puts `/usr/bin/python3` in place: python3 itself, or a package that is named after it."""
    return install.manager == "apt" and any(
        re.fullmatch(r"python3(?:-.*)?", each.name or "") for each in install.requirements
    )
