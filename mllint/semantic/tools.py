"""Which programs a stage has: from its base image, and from what it installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.regex import regex
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.packages.requirement import Install
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep
    from mllint.shell.command import Command

#: Programs by the packages that bring them, where the names differ. Debian's and Red Hat's names.
_PACKAGES = {
    "python3": frozenset(
        {"python3", "python3-minimal", "python3-pip", "python3-dev", "python3-venv", "python-is-python3"}
    ),
    "python": frozenset({"python", "python-is-python3", "python-unversioned-command"}),
    "pip": frozenset({"python3-pip", "python-pip"}),
    "gcc": frozenset({"gcc", "build-essential", "g++"}),
    "sshd": frozenset({"openssh-server"}),
}
_SYSTEM = frozenset({"apt", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper"})
_CONDA = frozenset({"conda", "mamba", "micromamba", "pixi"})
_REMOVALS = frozenset({"remove", "purge", "autoremove", "erase", "del"})
#: Folders of PATH, and those above them: a COPY into one may bring any program.
_ON_PATH = regex(r"/|/usr|/usr/local|(?:.*/)?s?bin(?:/.*)?")


def has_command(stage: Stage, name: str) -> bool | None:
    """True when the base ships the program or an install brings it, False when nothing does or a removal takes it away.

    None when the base is not known well enough, and where a copy or an install with unknown names may bring it.
    """
    base = stage.base
    found = base.has(name) if base is not None else None
    if found is False and base is not None and not base.sure_of("lacks"):
        found = None
    for each in reversed(stage.ancestry):
        copies = {id(step.instruction): step for step in each.copies}
        steps = {id(step.install.command): step.install for step in each.package_steps}
        for instruction in each.body:
            if isinstance(instruction, Copy):
                found = None if found is False and _may_bring(copies[id(instruction)], name) else found
            elif isinstance(instruction, Run):
                for command in each.script(instruction).commands:
                    install = steps.get(id(command))
                    found = _after(install, name, found) if install is not None else _fetched(command, name, found)
    return found


def _after(install: Install, name: str, found: bool | None) -> bool | None:
    """What an install command changes."""
    names = {requirement.name for requirement in install.requirements}
    if install.manager in _SYSTEM:
        if not _PACKAGES.get(name, frozenset({name})) & names:
            unsure = install.adds and (install.incomplete or any(each.kind != "index" for each in install.requirements))
            return None if found is False and unsure else found
        removed = install.subcommand in _REMOVALS and not install.command.conditional
        return True if install.adds else False if removed else found
    if install.manager in _CONDA and install.adds:
        if name in names or (name.startswith("python") and "python" in names):
            return True
        # What the packages of an environment file and their dependencies bring is not known.
        return None if found is False else found
    return found


def _fetched(command: Command, name: str, found: bool | None) -> bool | None:
    """A command that uses the program, or that puts it on PATH, shows that more is there than the tables say."""
    mentions = any(word.value is not None and word.value.rpartition("/")[2] == name for word in command.words)
    return None if found is False and mentions and not command.guarded else found


def _may_bring(step: CopyStep, name: str) -> bool:
    if step.from_context:
        return any((value or name).rpartition("/")[2] == name for _, value in step.sources)
    return step.target is None or _ON_PATH.fullmatch(step.target.rstrip("/") or "/") is not None
