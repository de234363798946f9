"""ML303 unknown-cuda-wheel-index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    Installation,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    Wanted,
    WheelIndex,
    best_variant,
    build_of_version,
    cuda_of_variant,
    image_cuda,
    knowledge,
    wheel_indexes,
)

_DOWNLOADS = ("download", "wheel")
_FAMILY = frozenset({"torch", "torchvision", "torchaudio"})


class UnknownCudaWheelIndex(Rule):
    """A PyTorch wheel index for a CUDA version that PyTorch was never built for, or not in the release asked for.

    ## Why is this bad?
    PyTorch publishes wheels for two or three CUDA versions of each release. `cu122`, which looks right under a driver
    for CUDA 12.2, was never among them. As `--index-url` it stops the build: "No matching distribution found for
    torch". As `--extra-index-url` it is worse: pip passes over the empty index and installs the default build, for
    another CUDA than the one that was asked for.

    Indexes count wherever they are named: by an option or a variable, in `pip.conf`, on a line of a requirements file,
    as a source of uv or poetry; and so do local versions (`torch==2.4.0+cu122`).

    ## Bad
    ```dockerfile
    FROM python:3.11.9-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir torch==2.1.0 --index-url https://download.pytorch.org/whl/cu122
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.11.9-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir torch==2.1.0 --index-url https://download.pytorch.org/whl/cu121
    USER 1000
    ```

    ## When it stays silent
    For releases and CUDA versions newer than the tables, for `nightly` and `test` indexes, mirrors and private indexes,
    ROCm, for what a lock holds (it was found when it was locked), and where a variable hides the version.

    ## Fix safety
    The fix writes the variant that suits the stage's CUDA best. It is unsafe: the choice is a guess.

    ## References
    - [PyTorch, previous versions](https://pytorch.org/get-started/previous-versions/)
    - [PyTorch, release compatibility matrix](https://github.com/pytorch/pytorch/blob/main/RELEASE.md#release-compatibility-matrix)
    """

    id = "ML303"
    name = "unknown-cuda-wheel-index"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        seen: set[Span] = set()
        for stage in build.stages:
            for asked in _asked(stage):
                for wrong in _wrong(asked):
                    if wrong.span not in seen:
                        seen.add(wrong.span)
                        yield self._report(wrong, stage)

    def _report(self, wrong: _Wrong, stage: Stage) -> Finding:
        better = _best(wrong, stage)
        fix = None
        if better is not None and wrong.span.text == wrong.variant:
            fix = Fix(f"Use `{better}`", (Edit(wrong.span, better),), Applicability.UNSAFE)
        return self.finding(
            wrong.span,
            f"{wrong.reason}: {wrong.effect}. {_choice(wrong, better, stage)}",
            severity=Severity.WARNING if _is_old(wrong.version) else Severity.ERROR,
            related=wrong.related,
            fix=fix,
        )._replace(stage=stage.label)


class _Wrong(NamedTuple):
    """A variant that does not exist, or not for the release."""

    variant: str
    span: Span
    reason: str
    effect: str
    #: The release of torch that is asked for; None when it is not known.
    version: str | None
    related: tuple[Related, ...] = ()


class _Asked(NamedTuple):
    """What a command asks for, and where it looks."""

    manager: str
    wanted: tuple[Wanted, ...]
    indexes: tuple[WheelIndex, ...]
    #: None for a download, which puts nothing in place.
    installation: Installation | None

    def readers(self, span: Span) -> tuple[Related, ...]:
        """The command, for a place in a file that it reads."""
        reader = self.installation.reader(span) if self.installation is not None else None
        return (Related(reader, "this installs with it"),) if reader is not None else ()


def _asked(stage: Stage) -> Iterator[_Asked]:
    for step in stage.package_steps:
        install = step.install
        installation = stage.installation_of(install)
        if install.ecosystem != "python":
            continue
        if installation is not None:
            yield _Asked(install.manager, installation.wanted, installation.indexes, installation)
        elif install.subcommand in _DOWNLOADS:
            wanted = tuple(Wanted(each, each.version) for each in install.requirements)
            yield _Asked(install.manager, wanted, wheel_indexes(step, stage), None)


def _wrong(asked: _Asked) -> Iterator[_Wrong]:
    torch = next((each for each in asked.wanted if each.requirement.name == "torch"), None)
    found = set()
    for index in asked.indexes:
        own = torch if not index.packages or "torch" in index.packages else None
        version = _release(own)
        reason = _reason(index.variant, version) if index.variant is not None else None
        if index.variant is not None and reason is not None:
            found.add(index.variant)
            related = (*index.related, *asked.readers(index.span))
            yield _Wrong(index.variant, index.span, reason, _effect(asked.manager, index, own), version, related)
    if all(index.official for index in asked.indexes):
        yield from _locals(asked, _release(torch), found)


def _locals(asked: _Asked, version: str | None, said: set[str]) -> Iterator[_Wrong]:
    """Requirements such as `torch==2.0.1+cu122`. The same variant behind several packages is said once."""
    builds = [index.build for index in asked.indexes]
    for wanted in _pinned_by_hand(asked):
        name, variant = wanted.requirement.name, build_of_version(wanted.version)
        if name not in _FAMILY or variant is None or cuda_of_variant(variant) is None or variant in said:
            continue
        own = version if name == "torch" else None
        reason = _reason(variant, own)
        if reason is None and builds and None not in builds and variant not in builds:
            reason = f"The index `{builds[0]}` has no `{variant}` wheels"
        place = wanted.fixed_by or wanted.requirement.span
        at = place.text.rfind(f"+{variant}") + 1
        if reason is not None and at > 0:
            said.add(variant)
            span = place.source.span(place.start + at, place.start + at + len(variant))
            effect = _NOTHING.format(manager=asked.manager, name=name)
            yield _Wrong(variant, span, reason, effect, own, asked.readers(span))


def _pinned_by_hand(asked: _Asked) -> Iterator[Wanted]:
    """All but the entries of locks: what stands there was found on some index."""
    manifests = asked.installation.manifests if asked.installation is not None else ()
    locks = [use.manifest.source for use in manifests if use.manifest.kind == "lock"]
    for wanted in asked.wanted:
        if (wanted.fixed_by or wanted.requirement.span).source not in locks:
            yield wanted


_NOTHING = "{manager} finds no such {name}, and the build stops"


def _effect(manager: str, index: WheelIndex, torch: Wanted | None) -> str:
    """What the installer makes of an index that has no fitting wheels."""
    alone = bool(index.packages) or index.kind in ("index-url", "torch-backend")
    if alone or (torch is not None and "+" in (torch.version or "")):
        name = "torch" if torch is not None or not index.packages else index.packages[0]
        return _NOTHING.format(manager=manager, name=name)
    version = _release(torch)
    row = knowledge.torch.release(version) if version is not None else None
    which = f"the default build, for CUDA {row.cuda}" if row is not None else "the default build"
    return f"{manager} passes over the index and installs {which}"


def _release(torch: Wanted | None) -> str | None:
    """The release of the tables that a pin asks for: `==2.1` and `==2.1.0+cu121` are 2.1.0."""
    if torch is None or torch.version is None:
        return None
    version = torch.version.partition("+")[0]
    return version if version.count(".") == 2 else f"{version}.0"


def _reason(variant: str, version: str | None) -> str | None:
    """Why a variant cannot be had, or None when it can, or when the tables do not say."""
    torch = knowledge.torch
    if not torch.published(variant):
        return f"`{variant}` was never published by PyTorch" if _within(variant) else None
    if version is None or torch.exists(version, variant) is not False:
        return None
    return f"torch {version} was not published for `{variant}`"


def _within(variant: str) -> bool:
    """Whether the tables cover the CUDA version: between the oldest and the newest that they have."""
    torch = knowledge.torch
    if variant in torch.NEVER_PUBLISHED:
        return True
    known = [cuda_of_variant(each.name) for each in torch.VARIANTS if each.cuda is not None]
    found = cuda_of_variant(variant)
    return found is not None and min(filter(None, known)) < found < max(filter(None, known))


def _is_old(version: str | None) -> bool:
    """Releases whose list of variants rests on a single source."""
    return version is not None and tuple(map(int, re.findall(r"\d+", version)[:2])) < (1, 12)


def _best(wrong: _Wrong, stage: Stage) -> str | None:
    """The newest variant that is not newer than the stage's CUDA, else than the one asked for."""
    wanted = image_cuda(stage) or cuda_of_variant(wrong.variant)
    return best_variant(wrong.version, wanted) if wanted is not None else None


def _choice(wrong: _Wrong, better: str | None, stage: Stage) -> str:
    """What there is instead, and what suits."""
    rows = knowledge.torch.variants(wrong.version) if wrong.version is not None else ()
    names = [f"`{row.name}`" for row in rows]
    listed = f"torch {wrong.version} exists for {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else ""
    cuda = image_cuda(stage) or cuda_of_variant(wrong.variant)
    if better is None or cuda is None:
        return f"{listed}." if listed else "Take an index from PyTorch's own list."
    suits = f"CUDA {cuda[0]}.{cuda[1]} drivers run `{better}`"
    return f"{listed}; {suits}." if listed else f"{suits}."
