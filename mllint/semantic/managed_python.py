"""Installs that a distribution's Python refuses (PEP 668), and what would have let them through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.packages.dispatch import variable_option
from mllint.regex import regex
from mllint.semantic.absent_programs import holds_no_interpreter
from mllint.semantic.interpreters import BASE
from mllint.semantic.layers import in_force, is_opaque
from mllint.semantic.pip_configuration import pip_setting

if TYPE_CHECKING:
    from mllint.semantic.installations import Installation
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import InstallStep
    from mllint.shell.command import Command

_OPTION = "--break-system-packages"
#: What has to do with the marker, or with pip's configuration.
_MARK = regex(r"(?i)externally|break[-_]system[-_]packages|pip\.conf")
_VARIABLES = {"pip": "PIP_BREAK_SYSTEM_PACKAGES", "uv": "UV_BREAK_SYSTEM_PACKAGES"}
#: Images that hold no Python but, at most, the distribution's: on others a `pip` may be of another one.
_ONLY_THE_SYSTEMS = frozenset(
    {
        *("ubuntu", "debian", "nvidia/cuda", "pytorch/pytorch"),
        *("node", "golang", "rust", "openjdk", "eclipse-temurin", "ruby", "php", "nginx"),
    }
)


class Refused(NamedTuple):
    """An install that stops with `error: externally-managed-environment`."""

    installation: Installation
    #: "Ubuntu 24.04".
    release: str
    #: What lets it through when it is set: "PIP_BREAK_SYSTEM_PACKAGES".
    variable: str


def refused_installs(stage: Stage) -> Iterator[Refused]:
    """The installs of a stage into the distribution's own Python, where its release refuses them."""
    base = stage.base
    if base is None or base.family not in _ONLY_THE_SYSTEMS or base.os is None or base.os_version is None:
        return
    if not base.sure_of("os_version", "python_commands") or not stage.absent_programs.has_python3:
        return
    if not all(holds_no_interpreter(folder) or folder == BASE for folder in _unowned(stage)):
        return
    missing = {id(use.command) for use in stage.absent_programs.uses}
    release = f"{base.os.capitalize()} {base.os_version}"
    for installation in stage.installations:
        step = installation.step
        environment = installation.environment
        if environment.kind != "system" or environment.managed is not True or id(step.install.command) in missing:
            continue
        if _asks_the_system(step, stage) and not _permitted(step, stage) and not _may_be_unmarked(step, stage):
            yield Refused(installation, release, _VARIABLES[step.install.manager])


def _unowned(stage: Stage) -> Iterator[str]:
    """The folders of PATH of which it is not known what their `pip` belongs to: `/root/.pyenv/shims`."""
    last = stage.pythons.last
    return (folder for folder in last.folders if folder not in last.homes)


def _asks_the_system(step: InstallStep, stage: Stage) -> bool:
    """Whether the installer looks at the marker: pip always does, uv where it is sent to the system's Python."""
    install = step.install
    if install.manager == "pip":
        return True
    if install.manager != "uv" or not install.subcommand.startswith("pip "):
        return False
    switched = in_force("UV_SYSTEM_PYTHON", install.command, step.instruction, stage)
    return "--system" in install.options or (switched is not None and switched.value in ("1", "true"))


def _permitted(step: InstallStep, stage: Stage) -> bool:
    """Whether an option, a variable or a configuration file lets the install through, or may."""
    install = step.install
    if _OPTION in install.options:
        return True
    name = _VARIABLES[install.manager]
    variable = in_force(name, install.command, step.instruction, stage)
    if variable is not None and (variable.value is None or variable_option(name, variable.value, install.manager)):
        return True
    setting = pip_setting(stage, _OPTION.removeprefix("--"), step)
    if setting is not None:
        return True
    return any(_OPTION.removeprefix("--") in source.text for source in stage.configuration_files[install.manager])


def _may_be_unmarked(step: InstallStep, stage: Stage) -> bool:
    """Whether something in front of the install may have removed the marker, or may have written a configuration."""
    for each in stage.ancestry:
        commands = [other.command for other in each.steps]
        if each is stage:
            commands = commands[: next(at for at, one in enumerate(commands) if one is step.install.command)]
        if any(_may_unmark(command, each) for command in commands):
            return True
    targets = (copy.target for each in stage.ancestry for copy in each.copies)
    return any(target is None or "pip.conf" in target for target in targets)


def _may_unmark(command: Command, stage: Stage) -> bool:
    if stage.install_of(command) is not None:
        return False
    # What `curl … | bash` sets up is a package source or a program of its own.
    if is_opaque(command) and not (command.operator == "|" and command.name in ("sh", "bash")):
        return True
    targets = (each.target.raw for each in command.redirects if each.target is not None)
    bodies = (each.heredoc.value for each in command.redirects if each.heredoc is not None)
    return any(_MARK.search(text) for text in (*(word.raw for word in command.words), *targets, *bodies))
