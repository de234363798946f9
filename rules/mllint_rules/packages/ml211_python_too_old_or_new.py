"""ML211 python-too-old-or-new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mllint.api import (
    Build,
    Fact,
    Finding,
    Installation,
    Related,
    Requirement,
    Rule,
    Severity,
    Span,
    Stage,
    Step,
    Unsupported,
    Wanted,
    python_support,
    regex,
    stops_build,
)

_SHOWN = 4
_NOTHING = "`No matching distribution found`"
_NOT_SUPPORTED = "`is not a supported wheel on this platform`"
#: The first Python 3 minor without distutils, on which NumPy before 1.26 does not build.
_NO_DISTUTILS = 12
_COMPILERS = ("gcc", "g++", "build-essential", "clang")
#: Indexes that may hold builds which the package index has not.
_ELSEWHERE = ("index-url", "extra-index-url", "find-links")
_WHEEL = regex(r"-cp(?P<major>\d)(?P<minor>\d+)-(?P<abi>[a-z0-9]+)-[^-/]+\.whl", re.IGNORECASE)


class PythonTooOldOrNew(Rule):
    """A pinned package has no release for the Python of the stage.

    ## Why is this bad?
    Frameworks publish wheels for the four or five Pythons of their day, and no sources. torch 2.5 is for Python 3.9 to
    3.13, TensorFlow 2.15 for 3.9 to 3.11: with another one pip says `No matching distribution found`, lists releases
    that have nothing to do with it, and the build stops. It happens when the base image changes (Ubuntu 20.04 has
    Python 3.8, 24.04 has 3.12), and by itself under a tag such as `python:3`, which is 3.14 or newer by now.

    Other packages have their sources on the index. Without a wheel pip compiles them: NumPy 1.24 on Python 3.12 takes a
    compiler, minutes and then fails, for its build asks for a setuptools that this Python cannot run.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir tensorflow==2.15.0
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.11.10-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir tensorflow==2.15.0
    USER 1000
    ```

    ## When it stays silent
    Where the Python is not known, for packages and releases that the tables do not know, for ranges that a release for
    this Python satisfies, for conda's packages (its solver changes the Python, or says so), where the command may not
    run, and for projects of uv, which fetches the Python that they ask for. It is a warning where pip can build the
    release from its sources, where an index of your own may have another build, and where the Python, or what it is
    held against, is only recalled.

    ## References
    - [Python versions that PyTorch supports](https://github.com/pytorch/pytorch/blob/main/RELEASE.md)
    - [TensorFlow, tested build configurations](https://www.tensorflow.org/install/source#gpu)
    - [Requires-Python](https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python)
    """

    id = "ML211"
    name = "python-too-old-or-new"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        said: set[Span] = set()
        for stage in build.stages:
            for installation in stage.installations:
                install = installation.step.install
                if install.ecosystem != "python" or install.command.guarded or install.command.conditional:
                    continue
                python = _python(installation, stage)
                if python is None:
                    continue
                for finding in self._check(_Target(installation, python, stage), said):
                    yield finding._replace(stage=stage.label)

    def _check(self, target: _Target, said: set[Span]) -> Iterator[Finding]:
        misfits = [each for each in _misfits(target) if each.span not in said]
        said.update(each.span for each in misfits)
        for misfit in misfits:
            if misfit.stops:
                yield self._report(misfit, target)
        built = [misfit for misfit in misfits if not misfit.stops]
        if built:
            yield self._report(built[0], target, built[1:])

    def _report(self, misfit: _Misfit, target: _Target, others: Sequence[_Misfit] = ()) -> Finding:
        installation, python = target.installation, target.python
        step = Step(installation.step.instruction, installation.step.install.command)
        sure = misfit.sure and python.sure and installation.environment.sure and stops_build(step, target.stage)
        error = sure and misfit.stops and not _asks_elsewhere(installation)
        related = []
        if python.span is not None:
            related.append(Related(python.span, f"Python {target.named} comes from here"))
        reader = installation.reader(misfit.span)
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        return self.finding(
            misfit.span,
            _stopping(misfit, target) if misfit.stops else _building([misfit, *others], target),
            severity=Severity.ERROR if error else Severity.WARNING,
            related=tuple(related),
        )


class _Target(NamedTuple):
    """An install, and the Python that it is for."""

    installation: Installation
    python: Fact[str]
    stage: Stage

    @property
    def minor(self) -> str:
        return ".".join(self.python.value.split(".")[:2])

    @property
    def is_floor(self) -> bool:
        """Whether it is the oldest Python that a moving tag can mean."""
        return self.installation.environment.python is None

    @property
    def named(self) -> str:
        return f"{self.minor} or newer" if self.is_floor else self.minor


class _Misfit(NamedTuple):
    """A package that is not for the Python."""

    label: str
    #: To follow on the label: "has wheels for Python 3.9 to 3.13 only, and this is Python 3.8".
    why: str
    span: Span
    #: pip finds nothing to install; False: it builds from the sources.
    stops: bool
    #: What pip says then.
    complaint: str
    #: What to do about it, a sentence.
    remedy: str
    sure: bool = True


def _python(installation: Installation, stage: Stage) -> Fact[str] | None:
    """The Python that the packages are for, or the oldest one that it can be."""
    environment = installation.environment
    if environment.kind in ("unknown", "tool", "none"):
        return None
    return environment.python or python_support.least_python(stage, environment)


def _misfits(target: _Target) -> Iterator[_Misfit]:
    project = _project(target)
    if project is not None:
        yield project
    if _brings_its_own_python(target.installation):
        return
    for wanted in (*target.installation.wanted, *target.installation.resolved):
        requirement = wanted.requirement
        found = _wheel(requirement, target) if requirement.kind in ("url", "path") else _release(wanted, target)
        if found is not None:
            yield found


def _brings_its_own_python(installation: Installation) -> bool:
    """uv and poetry look for, and uv downloads, a Python that the project's own range takes."""
    install = installation.step.install
    if install.manager == "uv":
        return not install.subcommand.startswith("pip ")
    return install.manager in ("poetry", "pdm", "pipenv") and installation.locked


def _project(target: _Target) -> _Misfit | None:
    """`pip install .` of a project whose own `requires-python` refuses this one."""
    install = target.installation.step.install
    if install.manager != "pip" and install.subcommand != "pip install":
        return None
    for use in target.installation.manifests:
        requires = use.manifest.requires_python
        if use.word is None and requires and install.sources and python_support.refuses(requires, target.python.value):
            if target.is_floor and not _refuses_newer(requires):
                return None
            place = install.sources[0].span
            why = f"asks for Python {requires}, and this is Python {target.named}"
            remedy = f"Use a base with Python {requires}."
            return _Misfit(place.text.strip("\"'"), why, place, True, "`requires a different Python`", remedy)
    return None


def _refuses_newer(requires: str) -> bool:
    """Whether a range has an upper end, so that no newer Python will do."""
    return "<" in requires or "==" in requires or "~=" in requires


def _release(wanted: Wanted, target: _Target) -> _Misfit | None:
    requirement, version = wanted.requirement, wanted.version
    if requirement.kind != "index" or requirement.name is None:
        return None
    if version is None and requirement.version is not None:
        # A marker that cannot be decided: it may not be installed.
        return None
    specifier = "" if requirement.marker is not None else requirement.specifier
    found = python_support.unsupported(requirement.name, version, specifier, target.python.value)
    if found is None or (target.is_floor and not found.too_new):
        return None
    name = requirement.name
    label = f"{name}=={version}" if version is not None else f"{name}{requirement.specifier}"
    place = wanted.fixed_by or requirement.span
    return _Misfit(label, _why(found, target), place, found.stops, _NOTHING, _remedy(found, name), found.sure)


def _why(found: Unsupported, target: _Target) -> str:
    if found.pythons:
        return f"has wheels for Python {found.pythons} only, and this is Python {target.named}"
    if found.requires:
        return f"asks for Python {found.requires}, and this is Python {target.named}"
    return f"is not for Python {target.named}" if found.stops else f"has no wheel for Python {target.named}"


def _remedy(found: Unsupported, name: str) -> str:
    if found.instead is None:
        return "Change one of the two."
    bound = "first" if found.too_new else "last"
    return f"`{name}=={found.instead}` is the {bound} release for it; or change the Python."


def _wheel(requirement: Requirement, target: _Target) -> _Misfit | None:
    """A wheel by its file's name, which says for which Python it is."""
    match = _WHEEL.search(requirement.url or "")
    if match is None or target.is_floor or match["major"] != "3":
        return None
    minor = int(target.minor.partition(".")[2])
    stable = match["abi"] == "abi3"
    if not target.minor.startswith("3.") or minor == int(match["minor"]) or (stable and minor > int(match["minor"])):
        return None
    name = f"{requirement.name}-…{match[0]}" if requirement.name else match[0].lstrip("-")
    why = f"is for Python 3.{match['minor']}{' and newer' if stable else ''}, and this is Python {target.minor}"
    remedy = "" if stable else f"Take the wheel with `cp3{minor}` in its name."
    return _Misfit(name, why, requirement.span, True, _NOT_SUPPORTED, remedy)


def _stopping(misfit: _Misfit, target: _Target) -> str:
    """What pip says where there is nothing to install, and what to do about it."""
    elsewhere = "unless an index of your own has another build, " if _asks_elsewhere(target.installation) else ""
    effect = f"{elsewhere}the build stops{_complaint(misfit, target)}"
    return f"`{misfit.label}` {misfit.why}: {effect}. {misfit.remedy}".rstrip()


def _complaint(misfit: _Misfit, target: _Target) -> str:
    """What the installer says then, as far as its words are known."""
    manager = target.installation.step.install.manager
    if manager == "uv":
        return "" if misfit.complaint == _NOT_SUPPORTED else " with `No solution found when resolving dependencies`"
    return f" with {misfit.complaint}" if manager == "pip" else ""


def _building(misfits: Sequence[_Misfit], target: _Target) -> str:
    """What pip does where there are sources."""
    labels = [f"`{each.label}`" for each in misfits[:_SHOWN]]
    labels += [f"{len(misfits) - _SHOWN} more"] if len(misfits) > _SHOWN else []
    single = len(misfits) == 1
    listed = " and ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))
    head = f"{listed} {'has' if single else 'have'} no wheel for Python {target.named}"
    return (
        f"{head}: pip builds {'it' if single else 'each'} from source, {_trouble(misfits, target)}. {misfits[0].remedy}"
    )


def _trouble(misfits: Sequence[_Misfit], target: _Target) -> str:
    if _has_no_compiler(target):
        return "and this image has no compiler to do it with"
    old_numpy = any(each.label.startswith("numpy==") for each in misfits)
    if old_numpy and int(target.minor.partition(".")[2]) >= _NO_DISTUTILS:
        return f"and NumPy's own build fails: the setuptools that it asks for does not run on Python 3.{_NO_DISTUTILS}"
    return "which takes minutes, and fails where it was never tried with that Python"


def _has_no_compiler(target: _Target) -> bool:
    """Whether it is known that nothing can be compiled when the install begins."""
    base, there = target.stage.base, target.stage.inventory.before(target.installation.step)
    known = base is not None and base.has("gcc") is False and there.complete
    return known and not any(there.get(name) for name in _COMPILERS)


def _asks_elsewhere(installation: Installation) -> bool:
    install = installation.step.install
    return "--no-index" in install.options or any(
        index.kind in _ELSEWHERE and not index.official for index in installation.indexes
    )
