"""How the packages of a stage come to be: the base's, each install and removal, what is copied from other stages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mllint.packages.requirement import Install
from mllint.semantic.dependencies import brought
from mllint.semantic.environment_walk import Copied
from mllint.semantic.fact import Origin
from mllint.semantic.interpreters import base_interpreters
from mllint.semantic.inventory import History, Key, Package, identity
from mllint.semantic.order import derive_first
from mllint.semantic.package_builds import build_of
from mllint.semantic.steps import InstallStep
from mllint.syntax.nodes import Copy, Run

if TYPE_CHECKING:
    from mllint.semantic.installations import Installation, Wanted
    from mllint.semantic.stage import Stage

_UPGRADING = frozenset({"--upgrade", "--eager", "--upgrade-all"})
_FORCING = frozenset({"--force-reinstall", "--ignore-installed", "--reinstall"})
_RESOLVING = frozenset({"update", "upgrade", "env update"})
#: The subcommands that take packages away.
REMOVING = frozenset({"uninstall", "pip uninstall", "remove", "purge", "autoremove", "erase", "del"})


def history_of(stage: Stage) -> History:
    """Follows the installs of a stage. Those that it stands on and copies from come first."""
    derive_first(stage, "inventory")
    above = stage.parent.inventory.history if stage.parent is not None else None
    complete = (above is None or above.complete) and all(each.complete for each in stage.installations)
    history = History(stage, above.at_end() if above is not None else _of_base(stage), complete=complete)
    history.unread.update(above.unread if above is not None else ())
    installations = {id(each.step.install.command): each for each in stage.installations}
    steps: dict[int, list[InstallStep]] = {}
    for step in stage.package_steps:
        steps.setdefault(id(step.instruction), []).append(step)
    for instruction in stage.body:
        if isinstance(instruction, Run):
            for step in steps.get(id(instruction), ()):
                _run(history, step, installations.get(id(step.install.command)))
        elif isinstance(instruction, Copy) and id(instruction) in stage.pythons.copied:
            history.begin(instruction, instruction)
            for copied in stage.pythons.copied[id(instruction)]:
                _copy(history, copied)
    return history


def _of_base(stage: Stage) -> dict[Key, Package]:
    """The frameworks that the base image ships, in the environment of its own Python."""
    base = stage.base
    if base is None or not base.frameworks:
        return {}
    environment = base_interpreters(stage).default()
    here = (stage.opening.image or stage.opening).span
    found = {}
    for name, version in base.frameworks:
        build = _base_build(name, base.family, base.cuda, base.gpu)
        sure = base.sure_of("frameworks")
        package = Package(name, "python", version, "", build, environment, here, Origin.INHERITED, sure=sure)
        found[environment, package.identity] = package
    return found


def _base_build(name: str, family: str, cuda: str | None, gpu: str | None) -> str | None:
    """The build of a base's torch, where it is one of PyTorch's own."""
    if name != "torch":
        return None
    if gpu == "cpu":
        return "cpu"
    return "cu" + "".join(cuda.split(".")[:2]) if family == "pytorch/pytorch" and cuda is not None else None


def _run(history: History, step: InstallStep, installation: Installation | None) -> None:
    history.begin(step.instruction, step.install.command)
    if installation is not None:
        _install(history, installation)
    elif step.install.subcommand in REMOVING:
        environment = history.stage.environment_of(step).key
        for requirement in step.install.requirements:
            key = (environment, identity(requirement.name or "", requirement.ecosystem))
            if history.at(key) is not None and not step.install.command.conditional:
                history.set(key, None)


def _install(history: History, installation: Installation) -> None:
    named: dict[str, list[Wanted]] = {}
    for wanted in installation.wanted:
        if wanted.requirement.name is not None:
            named.setdefault(identity(wanted.requirement.name, wanted.requirement.ecosystem), []).append(wanted)
    for same in named.values():
        _put(history, _package(_decisive(same), installation))
    for wanted in installation.resolved:
        if wanted.requirement.name is not None:
            package = _package(wanted, installation)
            _put(history, package._replace(origin=Origin.DERIVED, via=wanted.requirement.span.source.path))
    if installation.step.install.ecosystem == "python" and "--no-deps" not in installation.step.install.options:
        locked = {wanted.requirement.name for wanted in installation.resolved}
        for name in tuple(named):
            there = history.at((installation.environment.key, name))
            if there is not None and there.installation is installation:
                _bring(history, there, installation, named.keys() | locked)
    if any(_may_be_anything(wanted) for wanted in installation.wanted):
        history.unread.add(installation.environment.key)


def _may_be_anything(wanted: Wanted) -> bool:
    """Wheels of which nobody can say what they are: `/wheels/*.whl`, a torch built in another stage among them."""
    requirement = wanted.requirement
    path = requirement.url or ""
    return requirement.name is None and requirement.kind == "path" and ("*" in path or path.endswith(".whl"))


def _decisive(same: Iterable[Wanted]) -> Wanted:
    """Of several requirements for one package the one that fixes the version, else the first with a specifier."""
    return min(same, key=lambda each: (each.version is None, not each.requirement.specifier))


def _package(wanted: Wanted, installation: Installation) -> Package:
    requirement = wanted.requirement
    step = installation.step
    maybe = step.install.command.conditional
    return Package(
        name=requirement.name or "",
        ecosystem=requirement.ecosystem,
        version=None if maybe else wanted.version,
        specifier=requirement.specifier,
        variant=None if maybe else build_of(requirement.name or "", wanted.version, requirement, installation),
        environment=installation.environment.key,
        span=requirement.span,
        origin=Origin.LITERAL,
        instruction=step.instruction,
        installation=installation,
        sure=not maybe,
    )


def _put(history: History, package: Package) -> None:
    """An install of a package, over one that may be there."""
    key = (package.environment, package.identity)
    previous = history.at(key)
    if previous is None:
        history.set(key, package)
    elif package.installation is not None and _replaces(package, previous, package.installation.step.install):
        history.set(key, package)
        history.change(package, previous)


def _replaces(package: Package, previous: Package, install: Install) -> bool:
    """Whether the installer puts the package in the place of the one that is there."""
    if install.command.conditional:
        return False
    if install.options & _FORCING:
        return True
    if package.version is not None:
        return previous.version is None or not same_version(package.version, previous.version)
    if install.options & _UPGRADING or install.subcommand in _RESOLVING:
        return True
    return _refused(package.specifier, previous, package.ecosystem)


def _refused(specifier: str, previous: Package, ecosystem: str) -> bool:
    """Whether a specifier is known not to take the version that is there."""
    if not specifier or previous.version is None or ecosystem != "python":
        return False
    from mllint.packages.specifiers import allows

    return allows(specifier, previous.version) is False


def same_version(wanted: str, there: str) -> bool:
    """Whether an installer that wants a version is content with another: `2.1.0` with `2.1.0+cu121` and `2.1`."""
    public, _, local = wanted.partition("+")
    other_public, _, other_local = there.partition("+")
    if local and local != other_local:
        return False
    return _trimmed(public) == _trimmed(other_public)


def _trimmed(version: str) -> str:
    while version.endswith(".0"):
        version = version[:-2]
    return version


def _bring(history: History, package: Package, installation: Installation, named: Iterable[str | None]) -> None:
    """What the package needs at a version of its own choice, where the command names no other.

    A base that is not known may have it already, as may an environment that took unknown wheels: then only what is
    needed at one exact version is sure to be there.
    """
    for name, specifier, version in brought(package.name, package.version):
        if name in named:
            continue
        previous = history.at((package.environment, name))
        unseen = version is None and (history.stage.base is None or package.environment in history.unread)
        if unseen or (previous is not None and not _refused(specifier, previous, "python")):
            continue
        build = package.variant or build_of(name, version, None, installation)
        found = package._replace(
            name=name,
            ecosystem="python",
            version=version if package.sure else None,
            specifier=specifier,
            variant=build,
            origin=Origin.KNOWLEDGE,
            via=package.name,
        )
        history.set((package.environment, name), found)
        if previous is not None:
            history.change(found, previous)


def _copy(history: History, copied: Copied) -> None:
    """The packages that a COPY --from brings along."""
    packages = copied.origin.inventory.packages
    if copied.source in copied.origin.inventory.history.unread:
        history.unread.add(copied.target)
    for package in packages:
        if package.environment != copied.source or (copied.user and not _of_user(package)):
            continue
        moved = package._replace(environment=copied.target)
        key = (copied.target, moved.identity)
        previous = history.at(key)
        if previous == moved:
            continue
        history.set(key, moved)
        if previous is not None and (previous.version, previous.variant) != (moved.version, moved.variant):
            history.change(moved, previous)


def _of_user(package: Package) -> bool:
    installation = package.installation
    return installation is not None and "--user" in installation.step.install.options
