"""ML303 unknown-cuda-wheel-index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Install,
    InstallStep,
    Related,
    Requirement,
    Rule,
    Severity,
    Span,
    Stage,
    cuda_of_variant,
    knowledge,
    local_variant,
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

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.2.2-runtime-ubuntu22.04
    RUN pip install --no-cache-dir torch==2.1.0 --index-url https://download.pytorch.org/whl/cu122
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.2.2-runtime-ubuntu22.04
    RUN pip install --no-cache-dir torch==2.1.0 --index-url https://download.pytorch.org/whl/cu121
    USER 1000
    ```

    ## When it stays silent
    For releases and CUDA versions newer than the tables, for `nightly` and `test` indexes, mirrors and private indexes,
    ROCm, and where a variable hides the version.

    ## Fix safety
    The fix writes the variant that suits the stage's CUDA best. It is unsafe: the choice is a guess.

    ## References
    - [PyTorch, previous versions](https://pytorch.org/get-started/previous-versions/)
    - [PyTorch, release compatibility matrix](https://github.com/pytorch/pytorch/blob/main/RELEASE.md#release-compatibility-matrix)
    """

    id = "ML303"
    name = "unknown-cuda-wheel-index"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        seen: set[Span] = set()
        for step in stage.package_steps:
            if step.install.ecosystem == "python" and (step.install.adds or step.install.subcommand in _DOWNLOADS):
                for wrong in _wrong(step, stage):
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
        )


class _Wrong(NamedTuple):
    """A variant that does not exist, or not for the release."""

    variant: str
    span: Span
    reason: str
    effect: str
    #: The release of torch that is asked for; None when it is not known.
    version: str | None
    related: tuple[Related, ...] = ()


def _wrong(step: InstallStep, stage: Stage) -> Iterator[_Wrong]:
    install = step.install
    indexes = wheel_indexes(step, stage)
    torch = next((each for each in install.requirements if each.name == "torch"), None)
    version = _release(torch)
    found = set()
    for index in indexes:
        reason = _reason(index.variant, version) if index.variant is not None else None
        if index.variant is not None and reason is not None:
            found.add(index.variant)
            effect = _effect(install.manager, index.kind, torch)
            yield _Wrong(index.variant, index.span, reason, effect, version, index.related)
    if all(index.official for index in indexes):
        yield from _locals(install, [index.variant for index in indexes if index.variant], version, found)


def _locals(install: Install, asked: list[str], version: str | None, said: set[str]) -> Iterator[_Wrong]:
    """Requirements such as `torch==2.0.1+cu122`. The same variant behind several packages is said once."""
    for requirement in install.requirements:
        variant = local_variant(requirement)
        if requirement.name not in _FAMILY or variant is None or variant in said:
            continue
        own = version if requirement.name == "torch" else None
        reason = _reason(variant, own)
        if reason is None and asked and variant not in asked:
            reason = f"The index `{asked[0]}` has no `{variant}` wheels"
        if reason is not None:
            said.add(variant)
            start = requirement.span.start + requirement.span.text.rfind(variant)
            span = requirement.span.source.span(start, start + len(variant))
            effect = _NOTHING.format(manager=install.manager, name=requirement.name)
            yield _Wrong(variant, span, reason, effect, own)


_NOTHING = "{manager} finds no such {name}, and the build stops"


def _effect(manager: str, kind: str, torch: Requirement | None) -> str:
    """What the installer makes of an index that has no fitting wheels."""
    if kind in ("index-url", "torch-backend") or (torch is not None and "+" in torch.specifier):
        return _NOTHING.format(manager=manager, name="torch")
    version = _release(torch)
    row = knowledge.torch.release(version) if version is not None else None
    which = f"the default build, for CUDA {row.cuda}" if row is not None else "the default build"
    return f"{manager} passes over the index and installs {which}"


def _release(torch: Requirement | None) -> str | None:
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
    row = torch.release(version) if version is not None else None
    if version is None or row is None or not row.sure or variant in [each.name for each in torch.variants(version)]:
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


def _candidates(version: str | None) -> list[tuple[tuple[int, int], str]]:
    """The CUDA variants of a release, with their CUDA; of all releases when it is not known."""
    torch = knowledge.torch
    rows = torch.variants(version) if version is not None and torch.variants(version) else torch.VARIANTS
    numbered = {(cuda_of_variant(row.name), row.name) for row in rows if row.cuda is not None}
    return [(number, name) for number, name in numbered if number is not None]


def _best(wrong: _Wrong, stage: Stage) -> str | None:
    """The newest variant that is not newer than the stage's CUDA, else than the one asked for.

    A driver runs every older CUDA; of the newer ones only those of its own major.
    """
    wanted = _stage_cuda(stage) or cuda_of_variant(wrong.variant)
    if wanted is None:
        return None
    candidates = _candidates(wrong.version)
    below = [each for each in candidates if each[0] <= wanted]
    if below:
        return max(below)[1]
    same = [each for each in candidates if each[0][0] == wanted[0]]
    return min(same)[1] if same else None


def _stage_cuda(stage: Stage) -> tuple[int, int] | None:
    cuda = stage.base.cuda if stage.base is not None else None
    match = re.match(r"(\d+)\.(\d+)", cuda or "")
    return (int(match[1]), int(match[2])) if match is not None else None


def _choice(wrong: _Wrong, better: str | None, stage: Stage) -> str:
    """What there is instead, and what suits."""
    rows = knowledge.torch.variants(wrong.version) if wrong.version is not None else ()
    names = [f"`{row.name}`" for row in rows]
    listed = f"torch {wrong.version} exists for {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else ""
    cuda = _stage_cuda(stage) or cuda_of_variant(wrong.variant)
    if better is None or cuda is None:
        return f"{listed}." if listed else "Take an index from PyTorch's own list."
    suits = f"CUDA {cuda[0]}.{cuda[1]} drivers run `{better}`"
    return f"{listed}; {suits}." if listed else f"{suits}."
