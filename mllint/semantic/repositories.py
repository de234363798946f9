"""The repositories that a stage clones: what fixes their commit, and what builds or installs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from mllint.packages.arguments import grammar, parse, written
from mllint.packages.requirement import Install
from mllint.regex import regex
from mllint.semantic.stage import Stage
from mllint.semantic.steps import join_path
from mllint.shell.command import Command, Word
from mllint.syntax.nodes import Run

#: Where a stage begins whose WORKDIR is not known: relative paths of its commands can still be compared.
_SOMEWHERE = "/?"
_HEAD = grammar(values="-C -c --git-dir --work-tree --namespace")
_CLONE = grammar(
    values="-b|--branch --depth -o|--origin -u|--upload-pack --reference --separate-git-dir -j|--jobs --filter "
    "-c|--config --template --shallow-since --revision"
)
_MOVE = grammar(values="-b -B --orphan")
#: Branches by the names that people give them; tags and commits look otherwise.
_BRANCH = regex(
    r"(?:origin/)?(?:main|master|dev|devel|develop|development|trunk|head|next|nightly|stable|latest|edge)"
    r"|.*[-_/]branch|(?:feature|feat|fix|bugfix|hotfix|dev|user|users)/.+|v?\d+(?:\.\d+)*\.x",
    re.IGNORECASE,
)
_SHORT = regex(r"(?:gh:|git@[\w.-]+:|(?:\w+://)?(?:[^/@]*@)?[\w.-]+(?::\d+)?/)(.+?)(?:\.git)?/*")
_BUILDERS = frozenset({"make", "cmake", "ninja", "meson", "bazel", "bazelisk", "cargo", "scons", "nvcc", "catkin_make"})
_BUILD_SCRIPT = regex(
    r"(?:^|/)(?:setup\.py|configure|autogen\.sh|[\w-]*(?:build|install|compile|setup)[\w-]*\.(?:sh|py))$"
)


class Revision(Enum):
    """What decides about the commit that a clone checks out."""

    #: Nothing: the tip of the default branch.
    DEFAULT = "default"
    #: A branch by name: its tip.
    BRANCH = "branch"
    #: A commit or a tag, or a name that may be one.
    FIXED = "fixed"
    #: Only the build knows it.
    UNKNOWN = "unknown"


class Clone(NamedTuple):
    """A `git clone` of a stage."""

    run: Run
    command: Command
    #: The word that names the repository.
    url: Word
    #: The folder of the container that it fills; below "/?" where WORKDIR is not known, None when it is not known.
    folder: str | None
    revision: Revision
    #: The branch by name, where there is one.
    branch: str | None
    #: The commands that build or install what is in the folder, or what its requirements files list.
    uses: tuple[Command, ...] = ()

    @property
    def name(self) -> str:
        """`owner/project` in lower case, of whatever host; the whole address where it has another form."""
        return repository_name(written(self.url))


def repository_name(url: str) -> str:
    """`owner/project` of `git+https://host/owner/project.git@v1#egg=x`, in lower case."""
    plain = url.removeprefix("git+").partition("#")[0]
    scheme, mark, rest = plain.rpartition("://")
    host, slash, path = rest.partition("/")
    plain = f"{scheme}{mark}{host}{slash}{path.partition('@')[0]}" if mark else plain
    match = _SHORT.fullmatch(plain)
    return (match[1] if match is not None else plain).lower()


def is_branch(ref: str) -> bool:
    """Whether a ref is named as branches are; a name that may be a tag is not."""
    return _BRANCH.fullmatch(ref) is not None


def clones_of(stage: Stage) -> tuple[Clone, ...]:
    """The clones of a stage, in order."""
    found: list[Clone] = []
    copied: frozenset[str | None] | None = None
    for run in stage.runs:
        script = stage.script(run)
        if not script.known or script.has_error:
            continue
        for command, folder in folders(script.commands, stage.workdir_at(run)):
            clone = _clone(command, run, folder) if command.name == "git" else None
            if clone is not None:
                found.append(clone)
            elif found:
                copied = _copied(stage) if copied is None else copied
                install = stage.install_of(command)
                found = [_after(each, command, folder, install, copied) for each in found]
    return tuple(found)


def folders(commands: Iterable[Command], workdir: str | None) -> Iterator[tuple[Command, str | None]]:
    """Each command with the absolute folder that it works in; None when a `cd` went to an unknown place."""
    folder: str | None = workdir or _SOMEWHERE
    outer: list[str | None] = []
    for command in commands:
        while len(outer) < command.subshell:
            outer.append(folder)
        while len(outer) > command.subshell:
            folder = outer.pop()
        yield command, folder
        if command.name in ("cd", "pushd") and command.arguments:
            folder = join_path(folder, command.arguments[0].value)


def _clone(command: Command, run: Run, folder: str | None) -> Clone | None:
    folder, rest = _git(command, folder, "clone")
    if rest is None:
        return None
    given = parse(rest, _CLONE)
    if not given.words:
        return None
    url = given.words[0]
    project = repository_name(written(url)).rpartition("/")[2] if url.value is not None else None
    # As git does, with the case that the address has.
    name = re.search(rf"(?i){re.escape(project)}(?=(?:\.git)?/*$)", written(url)) if project else None
    target = given.words[1].value if len(given.words) > 1 else name[0] if name is not None else None
    revision, branch = _revision((*given.values("--branch"), *given.values("--revision"))[-1:])
    return Clone(run, command, url, join_path(folder, target), revision, branch)


def _revision(refs: tuple[Word, ...]) -> tuple[Revision, str | None]:
    if not refs:
        return Revision.DEFAULT, None
    value = refs[0].value
    if value is None:
        return Revision.UNKNOWN, None
    return (Revision.BRANCH, value) if is_branch(value) else (Revision.FIXED, None)


def _git(command: Command, folder: str | None, *names: str) -> tuple[str | None, tuple[Word, ...] | None]:
    """The folder that a git command works in, and the words behind its subcommand when it is one of `names`."""
    if command.name != "git":
        return folder, None
    head = parse(command.arguments, _HEAD, stop=True)
    for place in head.values("-C"):
        folder = join_path(folder, place.value)
    if not head.words or head.words[0].value not in names:
        return folder, None
    return folder, head.words[1:]


def _after(
    clone: Clone, command: Command, folder: str | None, install: Install | None, copied: frozenset[str | None]
) -> Clone:
    """The clone after another command: moved to another commit, or built."""
    if clone.folder is None:
        return clone
    at, rest = _git(command, folder, "checkout", "reset", "switch")
    if rest is not None:
        return _moved(clone, rest) if _inside(at, clone.folder) else clone
    if _builds(command, folder, clone.folder, install, copied):
        return clone._replace(uses=(*clone.uses, command))
    return clone


def _moved(clone: Clone, arguments: tuple[Word, ...]) -> Clone:
    words = parse(arguments, _MOVE).words
    if not words:
        return clone
    revision, branch = _revision(words[:1])
    # `git checkout v1.2` and `git checkout -- file` look alike to a reader who does not know the files.
    return clone._replace(revision=revision, branch=branch)


def _inside(path: str | None, folder: str) -> bool:
    return path is not None and (path == folder or path.startswith(f"{folder.rstrip('/')}/"))


def _copied(stage: Stage) -> frozenset[str | None]:
    """The files that COPY puts in place, over those of a clone."""
    found: set[str | None] = set()
    for copy in stage.copies:
        found.add(copy.target)
        names = (value.rstrip("/").rpartition("/")[2] for _, value in copy.sources if value is not None)
        found.update(join_path(copy.target, name) for name in names if name)
    return frozenset(found)


def _builds(
    command: Command, folder: str | None, clone: str, install: Install | None, copied: frozenset[str | None]
) -> bool:
    if install is not None:
        paths = [join_path(folder, _plain(each.url)) for each in install.sources if each.url]
        files = [join_path(folder, _plain(each.value)) for each in install.files if each.value]
        paths += [path for path in files if path not in copied]
        return install.adds and any(_inside(path, clone) for path in paths)
    name = command.name
    if name is None:
        return False
    if name.startswith("python"):
        words = [value for value in command.values() if value is not None]
        script = next((value for value in words if _BUILD_SCRIPT.search(value)), None)
        if script is not None:
            return _inside(join_path(folder, script), clone)
        return words[:2] == ["-m", "build"] and _inside(folder, clone)
    if _BUILD_SCRIPT.search(command.words[0].value or ""):
        return _inside(join_path(folder, command.words[0].value), clone)
    if name in ("bash", "sh") and command.arguments and _BUILD_SCRIPT.search(command.arguments[0].value or ""):
        return _inside(join_path(folder, command.arguments[0].value), clone)
    if name not in _BUILDERS:
        return False
    places = [folder, *(join_path(folder, value) for value in command.values() if value and value[0] != "-")]
    return any(_inside(place, clone) for place in places)


def _plain(path: str) -> str:
    """A local path without what pip understands beside it: `./pkg[gpu]`, `file:///src`."""
    return re.sub(r"\[[^\]]*\]$", "", path).removeprefix("file://")
