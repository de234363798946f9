"""Which Python the name of a program means: the folders of PATH, the interpreters in them, what these belong to."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from mllint.regex import regex
from mllint.semantic.environments import UNKNOWN, Environment
from mllint.semantic.fact import Fact, Origin
from mllint.semantic.layers import canonical
from mllint.source import Span

if TYPE_CHECKING:
    from mllint.images.known import ImageFacts
    from mllint.semantic.stage import Stage

#: Stands in PATH for the folders of a base image whose PATH is not known.
BASE = "<base>"
#: Stands in PATH for a folder that is not known and may hold a Python.
ANY = "<any>"
DEFAULT_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
CONDA_PREFIX = "/opt/conda"
_VERSIONED = regex(r"(?:python|pip|pypy)-?(\d+(?:\.\d+)*)w?")
_CONDA_NAMED = regex(r"(?P<prefix>.+)/envs/(?P<name>[^/]+)")
_CONDA_BASE = regex(r"(?i).*(?:conda|miniforge|mambaforge|micromamba)\d?")
_VENV = regex(r"(?i).*(?:venv|virtualenv|/\.?env)[^/]*")
_MANYLINUX = regex(r"/opt/python/cp(\d)(\d+)-[^/]+")
#: Distributions whose python3 no release marks as externally managed.
_NEVER_MANAGED = frozenset({"centos", "rhel", "rockylinux", "almalinux", "oraclelinux", "amazonlinux"})
#: The first releases with the marker of PEP 668.
_MANAGED_SINCE = {"ubuntu": (23, 4), "debian": (12,)}


class Interpreters:
    """The Pythons of a stage at one point. A child shares its parent's tables until it changes them."""

    __slots__ = ("_shared", "environments", "folder", "folders", "homes", "prefixes", "programs", "settings", "unseen")

    def __init__(self) -> None:
        #: PATH, in order.
        self.folders: tuple[str, ...] = DEFAULT_PATH
        #: A folder of programs (`/opt/venv/bin`) → the environment that its python and pip belong to.
        self.homes: dict[str, str] = {}
        #: An interpreter or a pip by its own path → its environment; `@/path` follows another one.
        self.programs: dict[str, str] = {}
        #: By key.
        self.environments: dict[str, Environment] = {}
        #: The folder of an environment, by its key.
        self.prefixes: dict[str, str] = {}
        #: What `poetry config` and its like have set: "poetry virtualenvs.create" → "false".
        self.settings: dict[str, str] = {}
        #: The working folder, where a relative part of PATH begins; None when not known.
        self.folder: str | None = None
        #: Whether a script, or an image that was copied from, may have made environments that nobody here can see.
        self.unseen = False
        self._shared = False

    def fork(self) -> Interpreters:
        """The same, to go on from."""
        child = Interpreters()
        child.folders, child.homes, child.programs = self.folders, self.homes, self.programs
        child.environments, child.prefixes, child.settings = self.environments, self.prefixes, self.settings
        child.unseen = self.unseen
        child._shared = True
        return child

    def _own(self) -> None:
        if self._shared:
            self.homes, self.programs = dict(self.homes), dict(self.programs)
            self.environments, self.prefixes = dict(self.environments), dict(self.prefixes)
            self.settings = dict(self.settings)
            self._shared = False

    # Changes

    def put(self, environment: Environment, prefix: str | None = None) -> str:
        """An environment is made, or becomes another one; `prefix` is its folder. Its key comes back."""
        self._own()
        self.environments[environment.key] = environment
        if prefix is not None:
            self.prefixes[environment.key] = prefix
            self.homes[canonical(f"{prefix}/bin")] = environment.key
        return environment.key

    def place(self, path: str, key: str) -> None:
        """A program that belongs to an environment is at a path."""
        self._own()
        self.programs[canonical(path)] = key

    def home(self, folder: str, key: str) -> None:
        """The programs of a folder belong to an environment."""
        self._own()
        self.homes[canonical(folder)] = key

    def configure(self, name: str, value: str) -> None:
        """A tool's setting that stays in its configuration file."""
        self._own()
        self.settings[name] = value

    def unmanage(self) -> None:
        """The markers of PEP 668 are removed."""
        for environment in tuple(self.environments.values()):
            if environment.managed:
                self.put(environment._replace(managed=False))

    def packaged(self, version: str, span: Span | None) -> str:
        """The key of a Python by its version: the distribution's or the image's own where it is that one."""
        for key in ("system", "image"):
            known = self.environments.get(key)
            if known is not None and known.python is not None and same_minor(known.python.value, version):
                return key
        return self.custom(version, span)

    def custom(self, version: str, span: Span | None, managed: bool | None = None) -> str:
        """The key of a Python of that version besides those of the distribution and the image."""
        key = "custom:" + ".".join(version.split(".")[:2])
        return key if key in self.environments else self.put(Environment(key, "custom", Fact(version, span), managed))

    # Questions

    def find(self, name: str, ignoring: str | None = None) -> str | None:
        """The environment of a program by its bare name; None when PATH has no such one.

        A folder that is named like an environment but that nothing has made so far counts when something unseen may
        have made it, or when no other one has the program.
        """
        folders = [each if each[:1] in "/~<" else canonical(f"{self.folder or ''}/{each}") for each in self.folders]
        for presume in (False, True) if not self.unseen else (True,):
            for folder in folders:
                if folder == ANY:
                    return self._unknown()
                key = self._inside(folder, name, presume=presume) if folder != ignoring else None
                if key is not None:
                    return key
        return None

    def at(self, path: str) -> str:
        """The environment of a program by its absolute path."""
        folder, _, name = canonical(path).rpartition("/")
        key = self._inside(folder, name, presume=True)
        if key is not None:
            return key
        version = version_in(name)
        if folder in DEFAULT_PATH:
            if folder == "/usr/bin" and "system" in self.environments and (version or "3") == "3":
                return "system"
            return self.packaged(version, None) if version is not None and "." in version else self._unknown()
        prefix = posixpath.dirname(folder)
        return self.put(Environment(prefix, "unknown"), prefix) if prefix != "/" else self._unknown()

    def made_at(self, prefix: str) -> str | None:
        """The environment that was made in a folder."""
        return self.homes.get(canonical(f"{prefix}/bin"))

    def presumed_at(self, prefix: str) -> str | None:
        """The environment in a folder that is named like one, whoever made it."""
        return self.made_at(prefix) or self._presumed(canonical(f"{prefix}/bin"))

    def default(self) -> str:
        """The environment of `python` or `pip`, whichever there is; the distribution's where PATH has neither."""
        found = (self.find(name) for name in ("python", "python3", "pip", "pip3"))
        return next((key for key in found if key is not None), None) or self.fallback()

    def fallback(self) -> str:
        return "system" if "system" in self.environments else self._unknown()

    def conda_prefix(self) -> str:
        return self.prefixes.get("conda:base", CONDA_PREFIX)

    def _unknown(self) -> str:
        return self.put(UNKNOWN) if UNKNOWN.key not in self.environments else UNKNOWN.key

    def _inside(self, folder: str, name: str, *, presume: bool) -> str | None:
        placed = self.programs.get(f"{folder}/{name}")
        if placed is not None:
            return self.at(placed[1:]) if placed.startswith("@") else placed
        key = self.homes.get(folder) or (self._presumed(folder) if presume else None)
        return key if key is not None and self._runs(key, name) else None

    def _runs(self, key: str, name: str) -> bool:
        """Whether an environment has a program of that name: `python3.11` only where its Python is that one."""
        version = version_in(name)
        environment = self.environments[key]
        python = environment.python
        if version is None or python is None:
            # The Python of an unknown image need not be the one that a command names by its version.
            named = version is not None and ("." in version or version == "2")
            return not named or (environment.kind != "unknown" and version != "2")
        return (version in ("3", "2") and python.value.startswith(version)) or same_minor(python.value, version)

    def _presumed(self, folder: str) -> str | None:
        """The environment that a folder's name tells of, where nothing that can be seen has made it."""
        if not folder.endswith("/bin"):
            return None
        prefix = folder.removesuffix("/bin")
        if (match := _CONDA_NAMED.fullmatch(prefix)) is not None:
            return self.put(Environment(f"conda:{match['name']}", "conda", None, False), prefix)
        if _CONDA_BASE.fullmatch(prefix):
            return self.put(Environment("conda:base", "conda", None, False), prefix)
        if (match := _MANYLINUX.fullmatch(prefix)) is not None:
            return self.custom(f"{match[1]}.{match[2]}", None, managed=False)
        if _VENV.fullmatch(prefix) is None:
            return None
        if self.homes.get(BASE) == "image" and not self.unseen:
            # An image that brings a Python, nobody knows where, and nothing here that makes an environment: its own.
            self.home(folder, "image")
            return "image"
        return self.put(Environment(prefix, "venv", None, False), prefix)


def version_in(name: str) -> str | None:
    """`3.11` of `python3.11` and of `pip3.11`, `3` of `python3`."""
    match = _VERSIONED.fullmatch(name)
    return match[1] if match is not None else None


def same_minor(left: str, right: str) -> bool:
    """Whether two versions agree in their first two numbers."""
    return left.split(".")[:2] == right.split(".")[:2]


def base_interpreters(stage: Stage) -> Interpreters:
    """The Pythons of a stage's own base image."""
    found = Interpreters()
    base = stage.base
    if base is None:
        if not stage.is_scratch:
            found.folders = (BASE, *DEFAULT_PATH)
            found.homes[BASE] = found.put(Environment("image", "unknown"))
            found.unseen = True
        return found
    found.put(_system(base, stage))
    path = base.env.get("PATH")
    found.folders = tuple(map(canonical, path.split(":"))) if path else (BASE, *DEFAULT_PATH)
    here = (stage.opening.image or stage.opening).span
    python = Fact(base.python, here, Origin.INHERITED) if base.python is not None else None
    sure = base.sure_of("python")
    if base.has("conda") or base.purpose == "conda" or base.has("micromamba"):
        found.put(Environment("conda:base", "conda", python, False, sure), CONDA_PREFIX)
        found.folders = (f"{CONDA_PREFIX}/bin", *found.folders)
    elif _is_distribution(base):
        _with_system(found, base, python, sure)
    elif base.family == "python":
        found.put(Environment("image", "image", python, False, sure), "/usr/local")
    else:
        found.homes[BASE] = found.put(Environment("image", "image", python, None, sure))
        if BASE not in found.folders:
            found.folders = (BASE, *found.folders)
    return found


def _is_distribution(base: ImageFacts) -> bool:
    """Whether the image has no Python but the distribution's, if any. pytorch/pytorch is such a one since 2.10."""
    if base.family == "pytorch/pytorch":
        return base.python is not None
    return base.python is None and not base.frameworks and not base.has_python


def _with_system(found: Interpreters, base: ImageFacts, python: Fact[str] | None, sure: bool) -> None:
    if python is not None:
        found.put(found.environments["system"]._replace(python=python, sure=sure))
    if base.python is not None or (base.python_commands is None and base.has("python3")):
        found.place("/usr/bin/python3", "system")
        found.place("/usr/bin/pip", "@/usr/bin/python3")
    if base.has("python") or base.family == "pytorch/pytorch":
        found.place("/usr/bin/python", "system")


def _system(base: ImageFacts, stage: Stage) -> Environment:
    """The Python of the distribution's own packages, whether or not it is installed."""
    from mllint.images.versions import numbers
    from mllint.knowledge.os_releases import DEFAULT_PYTHON

    row = next((row for row in DEFAULT_PYTHON if (row.os, row.version) == (base.os, base.os_version)), None)
    here = (stage.opening.image or stage.opening).span
    python = Fact(row.python, here, Origin.KNOWLEDGE) if row is not None else None
    since = _MANAGED_SINCE.get(base.os or "")
    managed: bool | None = None
    if since is not None and base.os_version is not None:
        managed = numbers(base.os_version) >= since
    elif base.os in _NEVER_MANAGED:
        managed = False
    return Environment("system", "system", python, managed, row is not None and row.sure and base.sure_of("os_version"))
