"""conda's environments: its installers, `conda create`, `conda env create`, `conda activate`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from mllint.packages.requirement import Install, Requirement
from mllint.regex import regex
from mllint.semantic.environment_choice import choose, conda_key
from mllint.semantic.environments import Environment
from mllint.semantic.fact import Fact
from mllint.semantic.whereabouts import Here
from mllint.semantic.writes import path_text
from mllint.shell.command import Command

_INSTALLER = regex(r"(?i)[^/]*(?:conda|forge)[^/]*\.sh")
_INSTALLER_URL = regex(r"(?:Miniconda|Anaconda)3-py(3)(\d+)_[^/\s]*\.sh")
_ACTIVATES = regex(r"(?:conda|mamba|micromamba|source)\s+activate\s+([\w./-]+)")
_STARTUP = ("bashrc", ".profile", ".bash_profile", ".zshrc")


def run_installer(command: Command, here: Here) -> None:
    """`bash Miniconda3-latest-Linux-x86_64.sh -b -p /opt/conda`."""
    words = command.arguments
    script = next((path_text(word) or "" for word in words if word.raw.strip("\"'").endswith(".sh")), "")
    name = posixpath.basename(script)
    if not _INSTALLER.fullmatch(name) or not any(re.fullmatch(r"-[a-z]*b[a-z]*", word.raw) for word in words):
        return
    at = next((at for at, word in enumerate(words) if re.fullmatch(r"-[a-z]*p", word.raw)), None)
    prefix = here.path(words[at + 1]) if at is not None and at + 1 < len(words) else None
    if prefix is None and at is None:
        family = re.match(r"[A-Za-z]+\d?", name)
        prefix = f"~/{family[0].lower()}" if family is not None else None
    if prefix is not None:
        url = _INSTALLER_URL.search(here.run.arguments.value)
        python = Fact(f"{url[1]}.{url[2]}", command.span) if url is not None else None
        here.pythons.put(Environment("conda:base", "conda", python, False), prefix)


def conda_python(install: Install, here: Here) -> None:
    """`conda create -n x python=3.10`, `conda env create -f environment.yml`, `conda install python=3.11`."""
    named, listed = _named_in_file(install, here)
    environment = named or choose(install, here)
    python = _python_wanted((*install.requirements, *listed))
    if python is not None:
        here.pythons.put(environment._replace(python=python), here.folder_of(environment.key))


def conda_environment(install: Install, here: Here) -> Environment:
    """The environment of a conda command; `conda env create -f FILE` may have it named by the file."""
    return _named_in_file(install, here)[0] or choose(install, here)


def _named_in_file(install: Install, here: Here) -> tuple[Environment | None, tuple[Requirement, ...]]:
    """The environment that an environment.yml names, where no option does, and what the file asks for."""
    if not install.subcommand.startswith("env") or not install.files:
        return None, ()
    from mllint.semantic.files import manifest_at

    path = here.path(install.files[-1])
    manifest = manifest_at(here.stage, path, here.run, "environment") if path is not None else None
    if manifest is None:
        return None, ()
    given = install.setting("--name") or install.setting("--prefix")
    named = here.environment(conda_key(manifest.name, here)) if manifest.name and given is None else None
    return named, manifest.requirements


def _python_wanted(requirements: Iterable[Requirement]) -> Fact[str] | None:
    """The version of a `python=3.10` among conda's requirements."""
    for each in requirements:
        match = re.fullmatch(r"={0,2}\s*(\d+(?:\.\d+)+)(?:\.\*|=.*)?", each.specifier)
        if each.name == "python" and match is not None:
            return Fact(match[1], each.span)
    return None


#: Programs that turn an environment on or off, here or in the shells to come.
TURNING = frozenset({"source", ".", "conda", "mamba", "micromamba", "deactivate", "echo", "printf"})


def activated(command: Command, here: Here) -> str | None:
    """The key of the environment that `conda activate NAME`, `source activate NAME` or `. venv/bin/activate` turns on.

    "" for one that turns it off, None for other commands.
    """
    name, words = command.name, command.arguments
    first = path_text(words[0]) if words else None
    if name in ("source", "."):
        if first is not None and first.endswith("/bin/activate"):
            return _of_folder(here.join(first.removesuffix("/bin/activate")), here)
        bare = first is not None and posixpath.basename(first) == "activate"
        return conda_key(path_text(words[1]) or "base", here) if bare and len(words) > 1 else None
    if name in ("conda", "mamba", "micromamba") and first == "activate":
        return conda_key(path_text(words[1]) or "base" if len(words) > 1 else "base", here)
    return "" if name == "deactivate" or (name == "conda" and first == "deactivate") else None


def _of_folder(path: str | None, here: Here) -> str | None:
    if path is None:
        return None
    # conda's own `source /opt/conda/bin/activate NAME` has the name behind it.
    key = here.pythons.made_at(path) or here.pythons.at(f"{path}/bin/python")
    names = here.command.arguments[1:]
    if key == "conda:base" and names:
        return conda_key(path_text(names[0]) or "base", here)
    return key


def starts_in(command: Command, here: Here) -> str | None:
    """The key of the environment that a line appended to ~/.bashrc activates in login and interactive shells."""
    if command.name not in ("echo", "printf"):
        return None
    written = (redirect.target.raw for redirect in command.redirects if redirect.target is not None)
    if not any(target.strip("\"'").endswith(_STARTUP) for target in written):
        return None
    match = _ACTIVATES.search(" ".join(word.raw for word in command.arguments))
    return conda_key(match[1], here) if match is not None else None
