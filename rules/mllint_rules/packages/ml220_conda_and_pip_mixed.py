"""ML220 conda-and-pip-mixed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Build,
    Finding,
    Installation,
    Origin,
    Package,
    Related,
    Requirement,
    Rule,
    Severity,
    Span,
    Stage,
    Wanted,
    allows,
    clauses,
    compare_versions,
    knowledge,
)

_SHOWN = 4
#: Both bring them, and each can live with the other's.
_TOOLS = frozenset({"pip", "setuptools", "wheel", "python"})
_FORCING = frozenset({"--force-reinstall", "--ignore-installed", "--upgrade", "--eager"})


class CondaAndPipMixed(Rule):
    """conda and pip install the same package into one environment.

    ## Why is this bad?
    Each keeps a record of its own. pip puts another version over conda's files, and conda still holds its own for
    installed: the next `conda install` or `conda update` solves with a version that is not there, and writes parts of
    its own over pip's. conda in turn does not see what pip has installed, and puts its files over it. Half of one
    release and half of another is what is left, which shows as an import error, or as a NumPy that reports one version
    and computes with the library of another. For torch it can also be another CUDA: conda's build and the wheel bring
    libraries of their own.

    ## Bad
    ```dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN conda install -y numpy=1.26.4 python=3.11.10 && conda clean -afy
    RUN pip install --no-cache-dir numpy==2.1.3
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN conda install -y numpy=1.26.4 python=3.11.10 && conda clean -afy
    RUN pip install --no-cache-dir sentencepiece==0.2.0
    USER 1000
    ```

    ## When it stays silent
    Where pip installs only what conda has not, or finds conda's version good enough (the same one, a range that it is
    in, no version at all), for different environments, for pip and setuptools themselves, and where a command may not
    run.

    ## References
    - [Using pip in a conda environment](https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html#using-pip-in-an-environment)
    """

    id = "ML220"
    name = "conda-and-pip-mixed"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        for stage in build.stages:
            by_install: dict[int, list[_Clash]] = {}
            for clash in _clashes(stage):
                by_install.setdefault(id(clash.installation), []).append(clash)
            for group in by_install.values():
                yield self._report(group)._replace(stage=stage.label)

    def _report(self, group: list[_Clash]) -> Finding:
        first, *others = group
        related = [
            Related(each.earlier.span, f"{each.earlier.by} installs {each.requirement.name} here")
            for each in group
            if each.earlier.span is not None
        ]
        reader = first.installation.reader(first.requirement.span)
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        return self.finding(first.requirement.span, _message(first, others), related=tuple(related))


class _Earlier(NamedTuple):
    """What is there of a package when another installer asks for it."""

    ecosystem: str
    version: str | None
    specifier: str
    span: Span | None

    @property
    def by(self) -> str:
        """Who has installed it."""
        return "conda" if self.ecosystem == "conda" else "pip"


class _Clash(NamedTuple):
    """A package that one of the two installs over the other's."""

    requirement: Requirement
    installation: Installation
    earlier: _Earlier


def _clashes(stage: Stage) -> Iterator[_Clash]:
    for installation in stage.installations:
        install = installation.step.install
        if installation.environment.kind != "conda" or install.command.conditional:
            continue
        there = stage.inventory.before(installation.step)
        # An environment.yml has both: conda's packages first, then the list for pip.
        same_file: dict[str, _Earlier] = {}
        for wanted in installation.wanted:
            requirement = wanted.requirement
            if requirement.name is None or requirement.name in _TOOLS:
                continue
            identity = _identity(requirement.name, requirement.ecosystem)
            earlier = same_file.get(identity) or _earlier(there.get(requirement.name, installation.environment.key))
            same_file.setdefault(identity, _asked(wanted))
            if earlier is None or earlier.ecosystem == requirement.ecosystem:
                continue
            if requirement.ecosystem == "conda" or _overwrites(wanted, earlier, install.options):
                yield _Clash(requirement, installation, earlier)


def _identity(name: str, ecosystem: str) -> str:
    return knowledge.conda.python_name(name) if ecosystem == "conda" else name


def _earlier(package: Package | None) -> _Earlier | None:
    """A package that an instruction has asked for; what a base ships, or what others bring, is none."""
    if package is None or package.origin is not Origin.LITERAL:
        return None
    return _Earlier(package.ecosystem, package.version, package.specifier, package.span)


def _asked(wanted: Wanted) -> _Earlier:
    requirement = wanted.requirement
    return _Earlier(requirement.ecosystem, wanted.version, requirement.specifier, requirement.span)


def _overwrites(wanted: Wanted, earlier: _Earlier, options: frozenset[str]) -> bool:
    """Whether pip is not content with the version that conda has, or may not be."""
    if options & _FORCING:
        return True
    if wanted.version is None:
        there = earlier.version
        return there is not None and allows(wanted.requirement.specifier, there) is False
    if earlier.version is not None:
        return compare_versions(wanted.version.partition("+")[0], earlier.version) != 0
    # conda's `=1.26` leaves the patch level open.
    prefixes = (version.rstrip("*").rstrip(".") for operator, version in clauses(earlier.specifier) if operator != ">=")
    return not any(f"{wanted.version}.".startswith(f"{prefix}.") for prefix in prefixes)


def _message(first: _Clash, others: list[_Clash]) -> str:
    names = list(dict.fromkeys(f"`{each.requirement.name}`" for each in (first, *others)))
    listed = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    single = len(names) == 1
    if first.requirement.ecosystem == "conda":
        return (
            f"conda installs {listed} where pip has put {'it' if single else 'them'} already: it does not see pip's "
            "files and writes over them. Run conda first, and let pip add what conda lacks."
        )
    puts = "puts" if first.earlier.version is not None else "can put"
    version = first.earlier.version if single and first.earlier.version is not None else "own"
    return (
        f"pip {puts} {listed} over conda's {version}: conda's records keep the old version, and its next install "
        f"writes over pip's files. Leave {'it' if single else 'them'} to one of the two."
    )
