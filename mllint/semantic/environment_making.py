"""Commands that make Pythons and environments, or change what a name means: venv, apt, ln, make install …"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

from mllint.packages.requirement import Install
from mllint.regex import regex
from mllint.semantic.environment_choice import named_python
from mllint.semantic.environment_conda import conda_python, run_installer
from mllint.semantic.environments import Environment
from mllint.semantic.interpreters import version_in
from mllint.semantic.layers import canonical
from mllint.semantic.whereabouts import Here
from mllint.semantic.writes import path_text
from mllint.shell.command import Command, Word
from mllint.shell.wrappers import is_python

_APT_PYTHON = regex(r"python(?P<version>3(?:\.\d+)?)(?:-.*)?")
_RPM_PYTHON = regex(r"python(?P<version>3(?:\.?\d+)?)(?:-.*)?")
_SOURCE_FOLDER = regex(r"(?:.*/)?Python-(\d+\.\d+(?:\.\d+)?)[^/]*")
_WHICH = regex(r"[$`]\(?\s*(?:which|command\s+-v)\s+([\w.]+)\s*\)?`?")
_INTERPRETER = regex(r"(?:python|pip|pypy)\d*(?:\.\d+)?")
#: What can take away the marker of PEP 668.
_UNMARKING = frozenset({"rm", "mv", "find", "unlink"})
_VENV_VALUES = frozenset({"-p", "--python", "--prompt", "--seeder", "--app-data", "--index-strategy", "--link-mode"})


def may_make(command: Command) -> bool:
    """Whether `make` may have something to do for a command that is no package manager's."""
    name = command.name or ""
    return name in _MAKERS or name in _UNMARKING or is_python(name)


def make(command: Command, install: Install | None, here: Here) -> None:
    """What a command does to the Pythons that are there."""
    if install is not None and install.adds:
        _installed(install, here)
    name = command.name or ""
    maker = _MAKERS.get("python" if is_python(name) else name)
    if maker is not None:
        maker(command, here)
    if name in _UNMARKING and any("EXTERNALLY-MANAGED" in word.raw for word in command.words):
        here.pythons.unmanage()


# Installs that bring Pythons


def _installed(install: Install, here: Here) -> None:
    if install.ecosystem == "system":
        _system_packages(install, here)
    elif install.ecosystem == "conda":
        conda_python(install, here)
    elif install.manager in ("pip", "uv") and install.command.name != "pip":
        names = {each.name for each in install.requirements}
        if "pip" in names and install.python is not None:
            _bring_pip(named_python(install.python, here), here)


def _system_packages(install: Install, here: Here) -> None:
    pattern = _APT_PYTHON if install.manager == "apt" else _RPM_PYTHON
    for each in install.requirements:
        name = each.name or ""
        if name in ("python-is-python3", "python-unversioned-command"):
            here.pythons.place("/usr/bin/python", here.pythons.fallback())
        if install.manager == "apk" and name.startswith("py3-"):
            _place_system(here)
        match = pattern.fullmatch("python3-pip" if name == "pip" else name)
        if match is None:
            continue
        version = match["version"]
        if version == "3":
            _place_system(here)
            if name in ("python3-pip", "pip"):
                here.pythons.place("/usr/bin/pip", "@/usr/bin/python3")
                here.pythons.place("/usr/bin/pip3", "@/usr/bin/python3")
            continue
        dotted = version if "." in version else f"3.{version[1:]}"
        here.pythons.place(f"/usr/bin/python{dotted}", here.pythons.packaged(dotted, each.span))


def _place_system(here: Here) -> None:
    if "system" in here.pythons.environments and "/usr/bin/python3" not in here.pythons.programs:
        here.pythons.place("/usr/bin/python3", "system")


def _bring_pip(key: str, here: Here) -> None:
    """`python3.11 -m pip install -U pip`, `python3.11 get-pip.py`: `pip` is that Python's from now on."""
    environment = here.environment(key)
    if environment.kind in ("system", "custom"):
        version = environment.python.value if environment.python is not None else "3"
        for name in ("pip", "pip3", f"pip{'.'.join(version.split('.')[:2])}"):
            here.pythons.place(f"/usr/local/bin/{name}", key)


# Commands of Python itself


def _python(command: Command, here: Here) -> None:
    values = command.values()
    if "-m" in values[:-1]:
        at = values.index("-m") + 1
        module, rest = values[at], command.words[at + 2 :]
        if module in ("venv", "virtualenv"):
            _venv(rest, command.words[0], here)
        elif module == "ensurepip":
            _bring_pip(_maker(command.words[0], here, None), here)
    elif any((value or "").endswith("get-pip.py") for value in values) or _is_piped_get_pip(command, here):
        _bring_pip(_maker(command.words[0], here, None), here)


def _is_piped_get_pip(command: Command, here: Here) -> bool:
    """`curl …/get-pip.py | python3.11`."""
    return command.operator == "|" and "get-pip.py" in here.run.arguments.value


def _virtualenv(command: Command, here: Here) -> None:
    _venv(command.arguments, None, here)


def _venv(words: Iterable[Word], interpreter: Word | None, here: Here) -> None:
    folders, chosen = _venv_words(words)
    for word in folders:
        path = here.path(word)
        if path is not None:
            key = _maker(chosen or interpreter, here, canonical(f"{path}/bin"))
            here.pythons.put(Environment(path, "venv", here.environment(key).python, False), path)


def _venv_words(words: Iterable[Word]) -> tuple[list[Word], Word | None]:
    """The folders that `venv` and `virtualenv` name, and the value of `--python`."""
    folders: list[Word] = []
    chosen, option = None, ""
    for word in words:
        value = word.value or ""
        if option:
            chosen, option = (word if option in ("-p", "--python") else chosen), ""
        elif value in _VENV_VALUES:
            option = value
        elif value.startswith("--python="):
            chosen = word._replace(value=value.partition("=")[2], raw=value.partition("=")[2])
        elif not word.raw.startswith("-"):
            folders.append(word)
    return folders, chosen


def _maker(interpreter: Word | None, here: Here, ignoring: str | None) -> str:
    """The key of the Python that makes an environment; the new one's own folder may be first on PATH already."""
    written = interpreter.value if interpreter is not None else "python3"
    if written is None:
        return here.pythons.default()
    if "/" not in written and not written[:1].isdigit():
        names = (written,) if interpreter is not None else ("python3", "python")
        found = (here.pythons.find(name, ignoring) for name in names)
        key = next((key for key in found if key is not None), None)
        if key is not None:
            return key
        version = version_in(written)
        return here.pythons.packaged(version, None) if version and "." in version else here.pythons.fallback()
    return named_python(written, here)


def _uv(command: Command, here: Here) -> None:
    values = [value or "" for value in command.values()]
    if values[:1] == ["venv"]:
        folders, chosen = _venv_words(command.words[2:])
        path = here.path(folders[0]) if folders else here.join(here.variable("UV_PROJECT_ENVIRONMENT") or ".venv")
        if path is None:
            return
        version = here.variable("UV_PYTHON") if chosen is None else None
        own = _uv_managed(here) if chosen is None else None
        key = named_python(version, here) if version else own or _maker(chosen, here, canonical(f"{path}/bin"))
        here.pythons.put(Environment(path, "venv", here.environment(key).python, False), path)
    elif values[:2] == ["python", "install"]:
        for word in command.words[3:]:
            if re.fullmatch(r"\d+\.\d+(?:\.\d+)?", word.value or ""):
                key = here.pythons.custom(word.value or "", word.span, managed=True)
                minor = ".".join((word.value or "").split(".")[:2])
                here.pythons.place(f"~/.local/bin/python{minor}", key)


def _uv_managed(here: Here) -> str | None:
    """The Python that `uv python install` brought, which `uv venv` prefers; None for none or several."""
    if here.variable("UV_PYTHON_PREFERENCE") is not None or here.variable("UV_SYSTEM_PYTHON") is not None:
        return None
    found = [key for key, each in here.pythons.environments.items() if each.kind == "custom" and each.managed]
    return found[0] if len(found) == 1 else None


def _pyenv(command: Command, here: Here) -> None:
    values = [value or "" for value in command.values()]
    versions = [word for word in command.words[2:] if re.fullmatch(r"\d+\.\d+(?:\.\d+)?", word.value or "")]
    if values[:1] in (["global"], ["local"]) and versions:
        key = here.pythons.custom(versions[0].value or "", versions[0].span, managed=False)
        for folder in here.pythons.folders:
            if folder.endswith("/shims"):
                here.pythons.home(folder, key)


def _configured(command: Command, here: Here) -> None:
    """`poetry config virtualenvs.create false`, `pdm config python.use_venv false`."""
    words = [word.value or "" for word in command.arguments if not word.raw.startswith("-")]
    if words[:1] == ["config"] and len(words) > 2:
        here.pythons.configure(f"{command.name} {words[1]}", words[2])


# Names and places


def _ln(command: Command, here: Here) -> None:
    words = [word for word in command.arguments if not word.raw.startswith("-")]
    if len(words) == 2:
        _name(words[0], here.path(words[1]), here)


def _name(source: Word, target: str | None, here: Here) -> None:
    """The program at `target` is from now on what `source` is."""
    key = _program(source, target, here)
    if target is None or key is None:
        return
    name = posixpath.basename(target)
    if not _INTERPRETER.fullmatch(name):
        target = f"{target}/{posixpath.basename(path_text(source) or '')}"
    if _INTERPRETER.fullmatch(posixpath.basename(target)):
        here.pythons.place(target, key)


def _program(source: Word, target: str | None, here: Here) -> str | None:
    """The environment of an interpreter that a link names; None when the link is to something else."""
    looked_up = _WHICH.search(source.raw)
    if looked_up is not None:
        found = here.pythons.find(looked_up[1])
        version = version_in(looked_up[1])
        return found or (here.pythons.packaged(version, source.span) if version and "." in version else None)
    path = path_text(source)
    if path is None or not _INTERPRETER.fullmatch(posixpath.basename(path)):
        return None
    if not path.startswith(("/", "~")):
        path = posixpath.join(posixpath.dirname(target or "/usr/bin/x"), path)
    return here.pythons.at(path)


def _alternatives(command: Command, here: Here) -> None:
    """`update-alternatives --install LINK NAME PATH PRIORITY`, `--set NAME PATH`; of several the last one counts."""
    values = [value or "" for value in command.values()]
    if "--install" in values:
        at = values.index("--install")
        rest = command.arguments[at + 1 : at + 4]
        if len(rest) == 3 and _INTERPRETER.fullmatch(posixpath.basename(rest[0].value or "")):
            _name(rest[2], here.path(rest[0]), here)
    elif "--set" in values:
        at = values.index("--set")
        rest = command.arguments[at + 1 : at + 3]
        if len(rest) == 2 and _INTERPRETER.fullmatch(rest[0].value or ""):
            _name(rest[1], f"/usr/bin/{rest[0].value}", here)


def _make_install(command: Command, here: Here) -> None:
    """Python built from its sources."""
    match = _SOURCE_FOLDER.fullmatch(here.folder or "")
    targets = {"install", "altinstall"} & {value or "" for value in command.values()}
    if match is None or not targets:
        return
    prefix = _prefix_of(here) or "/usr/local"
    key = here.pythons.custom(match[1], None, managed=False)
    minor = ".".join(match[1].split(".")[:2])
    names = [f"python{minor}", f"pip{minor}"] + (["python3", "pip3"] if "install" in targets else [])
    for name in names:
        here.pythons.place(f"{prefix}/bin/{name}", key)


def _prefix_of(here: Here) -> str | None:
    match = re.search(r"--prefix[= ]([^\s\"';&]+)", here.run.arguments.value)
    return match[1] if match is not None and "$" not in match[1] else None


_MAKERS: dict[str, Callable[[Command, Here], None]] = {
    "python": _python,
    "virtualenv": _virtualenv,
    "pyvenv": _virtualenv,
    "uv": _uv,
    "pyenv": _pyenv,
    "ln": _ln,
    "update-alternatives": _alternatives,
    "alternatives": _alternatives,
    "make": _make_install,
    "poetry": _configured,
    "pdm": _configured,
    "sh": run_installer,
    "bash": run_installer,
}
