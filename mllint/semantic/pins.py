"""Which installs choose a version themselves, and what is settled before them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from mllint.packages.requirement import Install, Requirement
from mllint.semantic.build import Build
from mllint.semantic.installations import Installation, Wanted
from mllint.semantic.inventory_events import REMOVING
from mllint.semantic.layers import INSTALLERS, in_force
from mllint.semantic.redirected import lost_specifiers
from mllint.semantic.retired import retired_in
from mllint.semantic.stage import Stage
from mllint.semantic.steps import InstallStep
from mllint.semantic.swallowed import swallowed_commands
from mllint.syntax.nodes import Copy, Run

#: What each manager calls an install that takes the packages of its own words and puts them in place for good.
_SUBCOMMANDS = {
    "pip": frozenset({"install"}),
    "uv": frozenset({"pip install", "add", "tool install"}),
    "poetry": frozenset({"add"}),
    "pipx": frozenset({"install", "inject"}),
    **{name: frozenset({"install", "create", "update", "upgrade"}) for name in ("conda", "mamba", "micromamba")},
}
#: Frameworks whose images hold NumPy as well: they require it, or their publishers install it beside them.
_BRING_NUMPY = frozenset({"torch", "tensorflow", "jax", "mxnet"})
#: Options and variables that keep an install from taking what is newest on the day.
_HELD_BY_OPTION = frozenset(
    {"--no-index", "--offline", "--exclude-newer", "--uploaded-prior-to", "--override", "--require-hashes"}
)
#: Options of project installs that take everything from a lock or fail.
_LOCKED = frozenset({"--frozen", "--locked", "--frozen-lockfile", "--deploy", "--ignore-pipfile"})
_LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock", "pipenv": "Pipfile.lock"}
_HELD_BY_VARIABLE = {
    "pip": ("PIP_UPLOADED_PRIOR_TO", "PIP_NO_INDEX"),
    "uv": ("UV_OVERRIDE", "UV_EXCLUDE_NEWER", "UV_OFFLINE"),
}
_CONSTRAINING = {"pip": "PIP_CONSTRAINT", "pipx": "PIP_CONSTRAINT", "uv": "UV_CONSTRAINT"}
_REFETCHING = frozenset({"--upgrade", "--force-reinstall", "--ignore-installed", "--reinstall"})


class OpenInstall(NamedTuple):
    """An install and those of its requirements whose version nothing decides: no pin, constraint, lock or date."""

    stage: Stage
    installation: Installation
    #: What the command's own words take from an index by name. What is there already, pinned by an earlier command or
    #: shipped by the base, and what it leaves as it is, is not among them; nor what another finding has to say of:
    #: names that are gone (ML207), and a NumPy that breaks a package beside it (ML214).
    requirements: tuple[Requirement, ...]
    #: The same of the files that it installs.
    listed: tuple[Requirement, ...]

    @property
    def step(self) -> InstallStep:
        return self.installation.step


def open_installs(build: Build) -> Iterator[OpenInstall]:
    """The installs of all stages that choose versions, in order."""
    settled: dict[Stage, set[str]] = {}
    for stage in build.stages:
        known = set(settled[stage.parent] if stage.parent is not None else _shipped(stage))
        for step in stage.package_steps:
            installation = stage.installation_of(step.install)
            if installation is None:
                if step.install.subcommand in REMOVING and not step.install.command.conditional:
                    known.difference_update(each.name for each in step.install.requirements if each.name is not None)
                continue
            if not is_held(step, stage):
                yield _open(stage, installation, known)
            found = (each for each in installation.wanted if each.version is not None or each.requirement.pinned)
            known.update(each.requirement.name for each in found if each.requirement.name is not None)
        settled[stage] = known


def _open(stage: Stage, installation: Installation, known: Container[str | None]) -> OpenInstall:
    install = installation.step.install
    here = install.command.span.source
    chosen = _without_told(_chosen(installation, known), installation, stage)
    own = tuple(each for each in chosen if each.span.source is here)
    if install.subcommand not in _SUBCOMMANDS.get(install.manager, ()):
        own = ()
    # A lock (or hashes) speaks of all that the files name; `uv add` and `poetry add` choose besides it.
    locked = installation.locked or _has_lock(installation, stage)
    listed = () if locked else tuple(each for each in chosen if each.span.source is not here)
    return OpenInstall(stage, installation, _without_swallowed(own, install), listed)


def _chosen(installation: Installation, known: Container[str | None]) -> tuple[Requirement, ...]:
    """The requirements of which the installer takes the version that suits it on the day."""
    keeps = not installation.step.install.options & _REFETCHING
    chosen = (each.requirement for each in installation.wanted if _is_open(each))
    return tuple(each for each in chosen if not (keeps and each.name in known))


def _is_open(wanted: Wanted) -> bool:
    requirement = wanted.requirement
    if requirement.kind != "index" or requirement.name is None or requirement.ecosystem == "system":
        return False
    # `pip` beside `python` is how a conda environment gets its pip; conda chooses one that fits.
    if requirement.ecosystem == "conda" and requirement.name in INSTALLERS:
        return False
    return wanted.version is None and not requirement.pinned


def _without_told(
    requirements: tuple[Requirement, ...], installation: Installation, stage: Stage
) -> tuple[Requirement, ...]:
    """Without those for which a pin of what is newest would be the wrong remedy."""
    told = {each.requirement.span for each in installation.wanted if retired_in(installation, each) is not None}
    if any(each.name == "numpy" for each in requirements):
        from mllint.semantic.numpy_abi import numpy_breaks

        told.update(each.numpy.span for each in numpy_breaks(stage) if each.numpy is not None and each.numpy.span)
    return tuple(each for each in requirements if each.span not in told)


def _has_lock(installation: Installation, stage: Stage) -> bool:
    """Whether a lock is there by the words of the file, though it is not in the context that is at hand."""
    install = installation.step.install
    lock = _LOCKS.get(install.manager)
    if lock is None or install.subcommand == "update":
        return False
    # `COPY poetry.lock* ./` copies one if there is one.
    named = rf"\b{re.escape(lock)}(?!\*)"
    return bool(install.options & _LOCKED) or any(
        isinstance(each, (Copy, Run)) and re.search(named, each.span.text) is not None
        for ancestor in stage.ancestry
        for each in ancestor.body
    )


def _without_swallowed(requirements: tuple[Requirement, ...], install: Install) -> tuple[Requirement, ...]:
    """Without what the shell or another command has swallowed: of that ML225 and ML228 speak as a whole."""
    lost = {each.requirement.span for each in lost_specifiers(install)}
    end = next((each.span.start for each in swallowed_commands(install)), None)
    return tuple(each for each in requirements if each.span not in lost and (end is None or each.span.start < end))


def _shipped(stage: Stage) -> frozenset[str]:
    """The frameworks of the base image: an install that names them again leaves them as they are."""
    if stage.base is None:
        return frozenset()
    names = frozenset(name for name, _ in stage.base.frameworks)
    if stage.base.family == "nvcr.io/nvidia/pytorch":
        from mllint.knowledge.ngc import PYTORCH_BESIDES

        names |= frozenset(PYTORCH_BESIDES.split())
    return names | {"numpy"} if names & _BRING_NUMPY else names


def is_held(step: InstallStep, stage: Stage) -> bool:
    """Whether a date, or a file that cannot be seen, decides about versions besides the requirements."""
    install = step.install
    if install.options & _HELD_BY_OPTION:
        return True
    installation = stage.installation_of(install)
    if installation is None or _has_unseen_constraints(installation):
        return True
    for name in _HELD_BY_VARIABLE.get(install.manager, ()):
        setting = in_force(name, install.command, step.instruction, stage)
        if setting is not None and setting.value != "" and (setting.span is not None or setting.value is None):
            return True
    constraining = _CONSTRAINING.get(install.manager)
    setting = in_force(constraining, install.command, step.instruction, stage) if constraining is not None else None
    # A constraint file of the base image (NGC has one) holds what the base ships, not what is added to it.
    if setting is None or setting.value == "" or (setting.span is None and setting.value is not None):
        return False
    return all(use.manifest.kind != "constraints" for use in installation.manifests)


def _has_unseen_constraints(installation: Installation) -> bool:
    """Whether a file of constraints (`-c`) is not in the context: it may decide about each of them."""
    install = installation.step.install
    seen = {use.word.span for use in installation.manifests if use.word is not None and not use.drives}
    return any(word.span not in seen for word in install.constraints)
