"""Follows the instructions of a stage: the Pythons that there are at each command, its folder, the files it writes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.reference import ImageReference
from mllint.packages.dispatch import synced
from mllint.packages.requirement import Install
from mllint.regex import regex
from mllint.semantic.environment_choice import choose, conda_key
from mllint.semantic.environment_conda import TURNING, activated, conda_environment, starts_in
from mllint.semantic.environment_making import make, may_make
from mllint.semantic.environments import Environment
from mllint.semantic.interpreters import ANY, Interpreters, base_interpreters
from mllint.semantic.layers import canonical, is_opaque
from mllint.semantic.order import derive_first
from mllint.semantic.whereabouts import Here, wrapped_environment
from mllint.semantic.writes import path_text
from mllint.shell.command import Command, Word
from mllint.syntax.expand import expand
from mllint.syntax.nodes import Copy, Env, Instruction, Run

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep

#: A part of PATH that may lead to a Python, as far as its spelling tells.
_MAY_HOLD_PYTHON = regex(r"(?i)env|conda|forge|mamba|py|prefix")
#: `${PATH:+:${PATH}}` and `${PATH:+$PATH:}`: PATH, if there is one.
_APPENDED = regex(r"\$\{PATH:?\+:?\$(?:PATH|\{PATH\}):?\}")
_PATH = ("$PATH", "${PATH}")
#: Images that hold uv alone, no Python.
UV_IMAGES = ("ghcr.io/astral-sh/uv", "astral/uv")
_LIBRARIES = regex(
    r"/usr/(?P<local>local/)?lib(?:64)?/python3?(?P<version>\.\d+)?(?:/(?P<kind>site|dist)-packages|(?=$))"
)


_CONDA_RUN = frozenset({"conda run", "mamba run", "micromamba run"})


# fmt: off
#: System packages of which it is known that they need no Python.
_WITHOUT_PYTHON = frozenset({
    "apt-transport-https", "apt-utils", "bash", "build-essential", "bzip2", "ca-certificates", "cmake", "curl", "dpkg",
    "ffmpeg", "file", "g++", "gcc", "git", "git-lfs", "gnupg", "gnupg2", "iproute2", "jq", "less", "libgl1",
    "libgl1-mesa-glx", "libglib2.0-0", "libgomp1", "libsm6", "libsndfile1", "libxext6", "libxrender1", "locales",
    "make", "nano", "net-tools", "nginx", "ninja-build", "openssh-client", "openssh-server", "patch", "pkg-config",
    "procps", "rsync", "sudo", "tar", "tini", "tmux", "tzdata", "unzip", "vim", "wget", "xz-utils", "zip", "zlib1g-dev",
})
# fmt: on


def brings_no_python(install: Install) -> bool:
    """Whether an install surely brings no interpreter: other packages may need one."""
    names = {each.name for each in install.requirements}
    return install.ecosystem == "system" and not install.incomplete and bool(names) and names <= _WITHOUT_PYTHON


class Copied(NamedTuple):
    """An environment, or a part of it, that a COPY --from takes from an earlier stage."""

    origin: Stage
    #: The keys there and here.
    source: str
    target: str
    #: Only what `pip install --user` put in place.
    user: bool = False


class Pythons(NamedTuple):
    """What following a stage found."""

    #: By the identity of the install command.
    by_command: dict[int, Environment]
    #: By the identity of the COPY.
    copied: dict[int, tuple[Copied, ...]]
    last: Interpreters
    #: Whether nothing ran or was copied that may have brought a Python unseen.
    seen_in_full: bool


def pythons_of(stage: Stage) -> Pythons:
    """Follows a stage. Those that it stands on and copies from come first, so that long chains do not recurse."""
    derive_first(stage, "pythons")
    return _Walk(stage).walk()


def _is_known(stage: Stage) -> bool:
    """Whether it is known which interpreters the base image has."""
    return stage.is_scratch or (stage.base is not None and stage.base.python_commands is not None)


class _Walk:
    """A stage as far as it was followed."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        above = stage.parent.pythons if stage.parent is not None else None
        self.pythons = above.last.fork() if above is not None else base_interpreters(stage)
        self.full = above.seen_in_full if above is not None else _is_known(stage)
        self.by_command: dict[int, Environment] = {}
        self.copied: dict[int, tuple[Copied, ...]] = {}

    def walk(self) -> Pythons:
        copies = {id(step.instruction): step for step in self.stage.copies}
        for instruction in self.stage.body:
            if isinstance(instruction, Env):
                self._variables(instruction)
            elif isinstance(instruction, Run):
                _RunWalk(self, instruction).walk()
            elif isinstance(instruction, Copy):
                self._copy(copies[id(instruction)])
        self.pythons.folder = self.stage.workdir
        return Pythons(self.by_command, self.copied, self.pythons, self.full)

    def _variables(self, instruction: Env) -> None:
        for pair in instruction.pairs:
            if pair.key.value == "PATH" and pair.value is not None:
                read = _expander(self.stage, instruction)
                self.pythons.folders = path_entries(pair.value.value, read, self.pythons.folders)

    def _copy(self, step: CopyStep) -> None:
        if step.from_context:
            return
        if step.origin is None or isinstance(step.origin, ImageReference):
            name = step.origin.familiar if step.origin is not None else ""
            self.full = self.full and name.startswith(UV_IMAGES)
            self.pythons.unseen = self.pythons.unseen or not name.startswith(UV_IMAGES)
            return
        found = [copied for _, source in step.sources for copied in self._taken(step.origin, source, step.target)]
        if found:
            self.copied[id(step.instruction)] = tuple(found)

    def _taken(self, origin: Stage, source: str | None, target: str | None) -> Iterator[Copied]:
        """What of another stage's environments a copied path holds."""
        if source is None or target is None:
            return
        there, inside, here = origin.pythons.last, _absolute(source), target.rstrip("/") or "/"
        if canonical(inside).startswith("~/.local"):
            for key in there.environments:
                yield Copied(origin, key, self.pythons.default(), user=True)
            return
        if _LIBRARIES.search(inside) or (inside in ("/usr/local", "/usr/local/lib") and "image" in there.environments):
            yield from self._libraries(origin, inside, here)
        for key, environment in tuple(there.environments.items()):
            prefix = there.prefixes.get(key) if environment.kind != "target" else None
            if prefix is None or environment.kind == "image":
                continue
            if canonical(prefix) == canonical(inside) or canonical(prefix).startswith(f"{canonical(inside)}/"):
                moved = here + canonical(prefix)[len(canonical(inside).rstrip("/")) :]
                new = environment._replace(key=moved) if environment.kind == "venv" else environment
                self.pythons.put(new, moved)
                yield Copied(origin, key, new.key)
        yield from self._targets(origin, inside, here)

    def _libraries(self, origin: Stage, inside: str, here: str) -> Iterator[Copied]:
        """A folder of site-packages: whose it is there, and whose it is here."""
        source, target = _owner(inside, origin.pythons.last), _owner(here, self.pythons)
        if source is not None:
            environment = origin.pythons.last.environments[source]
            if target not in self.pythons.environments and inside.startswith("/usr/local") and "/lib" not in inside:
                self.pythons.put(environment, "/usr/local")
            yield Copied(origin, source, target or source)

    def _targets(self, origin: Stage, inside: str, here: str) -> Iterator[Copied]:
        """`pip install --prefix=/install`, then `COPY --from=builder /install /usr/local`."""
        for environment in {each.key: each for each in origin.pythons.by_command.values()}.values():
            if environment.kind == "target" and environment.key == f"target:{inside.rstrip('/')}":
                owner = _owner(here, self.pythons) or self.pythons.made_at(here)
                if here.startswith("/usr/local"):
                    owner = owner or self.pythons.default()
                yield Copied(origin, environment.key, owner or f"target:{here}")


def _expander(stage: Stage, instruction: Instruction) -> Callable[[str], str | None]:
    lookup, escape = stage.lookup_at(instruction), stage.build.dockerfile.escape
    return lambda part: expand(part, lookup, escape)


def _absolute(path: str) -> str:
    return "/" + posixpath.normpath(path).lstrip("/.")


def _owner(path: str, pythons: Interpreters) -> str | None:
    """The environment that a folder of packages of /usr belongs to."""
    match = _LIBRARIES.match(path)
    if match is None and path not in ("/usr/local", "/usr/local/lib"):
        return None
    own = pythons.made_at("/usr/local") or ("image" if "image" in pythons.environments else None)
    # Debian's pip installs into dist-packages below /usr/local as well, so the whole folder may be either's.
    if match is None or (match["local"] and (match["kind"] == "site" or (match["kind"] is None and own is not None))):
        return own
    return "system" if "system" in pythons.environments else None


def path_entries(text: str, read: Callable[[str], str | None], before: tuple[str, ...]) -> tuple[str, ...]:
    """The folders of a value of PATH; `before` is what `$PATH` stands for.

    A folder that is not known is left out where its spelling does not look like one with a Python.
    """
    found: list[str] = []
    for part in re.split(r":(?![-+=?])", _APPENDED.sub(":$PATH:", text.strip("\"'"))):
        if part in _PATH:
            found.extend(before)
            continue
        value = read(part)
        if value is None:
            tilde = re.sub(r"\$(?:HOME\b|\{HOME\})", "~", part)
            value = tilde if "$" not in tilde else ANY if _MAY_HOLD_PYTHON.search(part) else None
        if value:
            found.append(value if value == ANY else canonical(value))
    return tuple(dict.fromkeys(found))


class _Shell(NamedTuple):
    """What a (sub)shell has set."""

    path: tuple[str, ...]
    active: str | None


class _RunWalk:
    """Follows the commands of a RUN."""

    def __init__(self, walk: _Walk, run: Run) -> None:
        self.walk_of = walk
        self.run = run
        self.shells: list[_Shell] = []

    def walk(self) -> None:
        stage, pythons = self.walk_of.stage, self.walk_of.pythons
        path = pythons.folders
        self.shells = [_Shell(path, None)]
        script = stage.script(self.run)
        self.walk_of.full = self.walk_of.full and script.known
        first = True
        for command in script.commands:
            self._enter(command.subshell)
            if first:
                self._begin(command)
                first = False
            self._command(command)
        pythons.folders = path

    def _enter(self, depth: int) -> None:
        """A subshell begins with what its parent has, and takes its own changes with it."""
        del self.shells[depth + 1 :]
        self.shells += [self.shells[-1]] * (depth + 1 - len(self.shells))
        self.walk_of.pythons.folders = self.shells[-1].path

    def _here(self, command: Command) -> Here:
        stage = self.walk_of.stage
        folder = stage.writes.folders[id(command)]
        self.walk_of.pythons.folder = folder
        return Here(stage, self.run, command, self.walk_of.pythons, folder, self.shells[-1].active)

    def _begin(self, command: Command) -> None:
        """The environment that is on from the start: `SHELL ["conda", "run", …]`, a login shell's."""
        key = None
        argv = self.walk_of.stage.shell_at(self.run)
        if argv == ("/bin/sh", "-c"):
            return
        here = self._here(command)
        if argv[:1] and posixpath.basename(argv[0]) in ("conda", "mamba", "micromamba") and "run" in argv:
            name = next((after for option, after in pairwise(argv) if option in ("-n", "--name", "-p")), "base")
            key = conda_key(name, here)
        elif any(word in ("--login", "-l") or re.fullmatch(r"-[a-z]*[li][a-z]*", word) for word in argv[1:]):
            key = here.pythons.settings.get("shell starts in")
        if key is not None:
            self._activate(key)

    def _activate(self, key: str) -> None:
        shell = self.shells[-1]
        if not key:
            self.shells[-1] = shell._replace(active=None, path=self.shells[0].path)
            return
        prefix = self.walk_of.pythons.prefixes.get(key)
        path = (canonical(f"{prefix}/bin"), *shell.path) if prefix is not None else shell.path
        self.shells[-1] = shell._replace(active=key, path=path)
        self.walk_of.pythons.folders = path

    def _command(self, command: Command) -> None:
        if not self._matters(command):
            return
        here = self._here(command)
        self._exports(command, here)
        turned = activated(command, here)
        if turned is not None:
            self._activate(turned)
            return
        self._note(command, here)
        wrapped = wrapped_environment(command) if _CONDA_RUN.intersection(command.wrappers) else None
        if wrapped is not None:
            key = conda_key(wrapped, here)
            prefix = here.folder_of(key)
            here.pythons.folders = (
                (canonical(f"{prefix}/bin"), *here.pythons.folders) if prefix else here.pythons.folders
            )
            here = here._replace(on=key)
        self._install(command, here)
        here.pythons.folders = self.shells[-1].path

    def _matters(self, command: Command) -> bool:
        """Whether a command may change which Python is meant: most, such as `mkdir`, do not."""
        if command.assignments or command.wrappers or command.name in TURNING or may_make(command):
            return True
        return self.walk_of.stage.install_of(command) is not None or is_opaque(command)

    def _install(self, command: Command, here: Here) -> None:
        install = here.stage.install_of(command)
        walk = self.walk_of
        make(command, install, here)
        install = install or synced(command)
        if install is not None:
            conda = install.ecosystem == "conda"
            walk.by_command[id(command)] = conda_environment(install, here) if conda else choose(install, here)

    def _note(self, command: Command, here: Here) -> None:
        """What the command leaves in the shell's startup files, and whether it may bring a Python unseen."""
        started = starts_in(command, here)
        if started is not None:
            here.pythons.configure("shell starts in", started)
        install = here.stage.install_of(command)
        if is_opaque(command) if install is None else install.adds and not brings_no_python(install):
            self.walk_of.full = False
            here.pythons.unseen = here.pythons.unseen or install is None

    def _exports(self, command: Command, here: Here) -> None:
        """`export PATH=/opt/venv/bin:$PATH`, and `PATH=… command` for that command alone."""
        for assignment in command.assignments:
            if assignment.name == "PATH" and assignment.value is not None:
                path = path_entries(assignment.value.raw.strip("\"'"), _reader(here), self.shells[-1].path)
                here.pythons.folders = path
                if not command.words or command.name == "export":
                    self.shells[-1] = self.shells[-1]._replace(path=path)


def _reader(here: Here) -> Callable[[str], str | None]:
    put_in = _expander(here.stage, here.run)

    def read(part: str) -> str | None:
        written = path_text(Word(here.run.span, part, None))
        return here.join(written) if written is not None else put_in(part)

    return read
