"""Which programs a stage has: from its base image, and from what it installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

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


def has_command(stage: Stage, name: str) -> bool | None:
    """True when the base ships the program or an install brings it, False when the base is known to lack it."""
    packages = _PACKAGES.get(name, frozenset({name}))
    for each in stage.ancestry:
        for step in each.installs:
            names = {requirement.name for requirement in step.install.requirements}
            if step.install.manager in _SYSTEM and packages & names:
                return True
            if step.install.manager in _CONDA and (name in names or (name.startswith("python") and "python" in names)):
                return True
    return stage.base.has(name) if stage.base is not None else None
