"""ML227 ignored-requirement-option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Build,
    Finding,
    Installation,
    InstallOption,
    Manifest,
    Related,
    Requirement,
    Rule,
    Severity,
    Span,
    Stage,
)

#: Options that decide which build of a package is installed, or which packages are: without them it is another one.
_DECIDING = frozenset(
    {"--index-url", "--extra-index-url", "--find-links", "--requirement", "--constraint", "--editable"}
)
#: Other options of a requirements file that pip drops on a requirement's line.
_DROPPED = frozenset({"--pre", "--no-index", "--trusted-host", "--prefer-binary", "--require-hashes", "--use-feature"})
#: These take effect wherever they stand, for the whole file.
_HONOURED = frozenset({"--no-binary", "--only-binary"})
_OWN_LINE = "Put the option on a line of its own"
_FOR_ALL = ", as `--extra-index-url` (`--index-url` would hold for the whole file), and name the variant in the version"
_INDEXES = frozenset({"--index-url", "--extra-index-url", "--find-links"})


class IgnoredRequirementOption(Rule):
    """A requirements file has an option behind a requirement, where pip drops it.

    ## Why is this bad?
    On a line with a requirement, pip knows `--hash`, `--config-settings` and `--global-option`. It reads the other
    options that a requirements file may have, and throws them away without a word: in
    `torch==2.5.1 --index-url https://download.pytorch.org/whl/cpu` the index is never asked, and the default wheel with
    its gigabytes of CUDA libraries is installed. Tried with pip 23.2 and 26.3. Options that a requirements file cannot
    have (`--no-deps`, `--no-cache-dir`, `-U`) end the build: "no such option". uv refuses everything but `--hash`.

    ## Bad
    ```context
    requirements.txt = scipy==1.14.1\\nteam-models==1.4.0 --extra-index-url https://packages.example.com/simple
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.txt /tmp/
    RUN pip install --no-cache-dir -r /tmp/requirements.txt
    USER 1000
    ```

    ## Good
    ```context
    requirements.txt = --extra-index-url https://packages.example.com/simple\\nscipy==1.14.1\\nteam-models==1.4.0
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.txt /tmp/
    RUN pip install --no-cache-dir -r /tmp/requirements.txt
    USER 1000
    ```

    ## When it stays silent
    For options on lines of their own, for those that belong to a requirement, for `--no-binary` and `--only-binary`,
    which take effect wherever they stand, for an index that the command or another line of the file names as well, and
    for files that are not in the build context or that nothing installs.

    ## References
    - [pip, requirements file format](https://pip.pypa.io/en/stable/reference/requirements-file-format/#per-requirement-options)
    """

    id = "ML227"
    name = "ignored-requirement-option"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        told: set[Span] = set()
        for stage in build.stages:
            for installation in stage.installations:
                if installation.step.install.manager in ("pip", "uv"):
                    for each in _misplaced(installation):
                        if each.span not in told:
                            told.add(each.span)
                            yield self._finding(each, installation, stage)

    def _finding(self, each: _Misplaced, installation: Installation, stage: Stage) -> Finding:
        install = installation.step.install
        harmless = install.manager == "pip" and each.option.name in _DROPPED
        used = Related(installation.reader(each.span) or install.command.span, "this installs the file")
        return self.finding(
            each.span,
            _message(each, installation),
            severity=Severity.WARNING if harmless else Severity.ERROR,
            related=(used,),
        )._replace(stage=stage.label)


class _Misplaced(NamedTuple):
    """An option behind a requirement."""

    option: InstallOption
    #: The option with its value.
    span: Span
    requirement: Requirement | None


def _misplaced(installation: Installation) -> Iterator[_Misplaced]:
    known = {index.url for index in installation.indexes}
    for use in installation.manifests:
        for option in use.manifest.misplaced:
            if option.name in _HONOURED and installation.step.install.manager == "pip":
                continue
            value = option.value.value if option.value is not None else None
            if option.name in _INDEXES and value is not None and value in known:
                continue
            span = option.span.to(option.value.span) if option.value is not None else option.span
            yield _Misplaced(option, span, _on_line(use.manifest, span))


def _on_line(manifest: Manifest, span: Span) -> Requirement | None:
    """The requirement in front of an option."""
    before = [each for each in manifest.requirements if each.span.source is span.source and each.span.end <= span.start]
    return before[-1] if before else None


def _message(each: _Misplaced, installation: Installation) -> str:
    option = each.option.name
    subject = f"`{each.span.text}` stands behind a requirement"
    if installation.step.install.manager == "uv":
        return (
            f"{subject}, where uv accepts nothing but `--hash`: it refuses the file, and the build stops. {_OWN_LINE}."
        )
    if option not in _DECIDING and option not in _DROPPED:
        stops = 'and a requirements file cannot have it: pip stops with "no such option"'
        return f"{subject}, {stops}. Give it to `pip install` itself."
    beware = _FOR_ALL if option == "--index-url" else ""
    then = _consequence(each, others=bool(installation.indexes))
    return f"{subject}, where pip drops it without a word: {then}. {_OWN_LINE}{beware}."


def _consequence(each: _Misplaced, *, others: bool) -> str:
    """What follows; `others` says that the command looks into an index besides the default one."""
    option, requirement = each.option.name, each.requirement
    name = f"`{requirement.label}`" if requirement is not None else "the requirement"
    if option in ("--requirement", "--constraint", "--editable"):
        return "what it names is not installed" if option != "--constraint" else "the constraints do not hold"
    if option not in _INDEXES:
        return "it has no effect"
    if others:
        return f"{name} comes from the other indexes of this install, or is not found"
    local = requirement is not None and "+" in requirement.specifier
    if local and requirement is not None:
        return f"the default index has no `{requirement.label}{requirement.specifier}`, and the build stops"
    return f"{name} comes from the default index, in another build than the one that was meant"
