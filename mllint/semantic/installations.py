"""What each install command of a stage will put in place, its files, constraints and locks read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mllint.packages.manifest import Manifest
    from mllint.packages.requirement import Requirement
    from mllint.semantic.environments import Environment
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import InstallStep
    from mllint.semantic.wheels import WheelIndex
    from mllint.shell.command import Word
    from mllint.source import Span

_ECOSYSTEMS = frozenset({"python", "conda", "system"})


class Wanted(NamedTuple):
    """A requirement that an install asks for, on the command line or in a file."""

    #: Its span may be in a manifest: `span.source` is that file.
    requirement: Requirement
    #: The exact version that will be installed, where known: a pin, a constraint or a lock.
    version: str | None
    #: The constraint or the entry of the lock that fixes the version, when it is not the requirement itself.
    fixed_by: Span | None = None


class ManifestUse(NamedTuple):
    """A file that an install command reads."""

    manifest: Manifest
    #: Where the command names it; None when it is implied (`uv sync`, `poetry install`, `pip install .`).
    word: Word | None
    #: A lock that decides the versions, or a file whose requirements are installed; False for constraints, and for a
    #: project file whose lock decides.
    drives: bool


class Installation(NamedTuple):
    """An install command with everything that it reads."""

    step: InstallStep
    #: The requirements of the command and of its files; those whose marker is false are left out.
    wanted: tuple[Wanted, ...]
    manifests: tuple[ManifestUse, ...]
    #: False: a file is not in the context, or a word is unknown, so there may be more.
    complete: bool
    #: In force: options, environment, pip's and uv's configuration, lines of the manifests.
    indexes: tuple[WheelIndex, ...]
    #: The key of system packages' is "".
    environment: Environment
    #: A lock (or hashes) fixes every version.
    locked: bool
    #: What a lock installs besides, because the requirements need it.
    resolved: tuple[Wanted, ...] = ()

    def reader(self, span: Span) -> Span | None:
        """Where the command reads the file that a place is in: the word that names it, or the command.

        None for a place in the command itself.
        """
        command = self.step.install.command
        if span.source is command.span.source:
            return None
        words = (use.word for use in self.manifests if use.manifest.source is span.source)
        return next((word.span for word in words if word is not None), command.span)


def torch_versions(installation: Installation | None) -> frozenset[str | None]:
    """The torch releases that an install downloads from the default index; None among them for any release."""
    if installation is None or installation.indexes or installation.step.install.ecosystem != "python":
        return frozenset()
    found = (*installation.wanted, *installation.resolved)
    return frozenset(
        each.version for each in found if each.requirement.name == "torch" and each.requirement.kind != "path"
    )


def installations_of(stage: Stage) -> tuple[Installation, ...]:
    """The installs of a stage, in order."""
    from mllint.semantic.installation_reader import read_installation

    return tuple(read_installation(stage, step) for step in stage.installs if step.install.ecosystem in _ECOSYSTEMS)
