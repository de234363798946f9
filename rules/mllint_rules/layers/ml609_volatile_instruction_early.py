"""ML609 volatile-instruction-early."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import islice
from typing import NamedTuple

from mllint.api import (
    DOWNLOAD_CACHES,
    Applicability,
    Arg,
    Copy,
    Edit,
    Env,
    Finding,
    Fix,
    InstallStep,
    Instruction,
    Label,
    Pair,
    Related,
    Rule,
    Run,
    Severity,
    Span,
    Stage,
    added_bytes,
    head_span,
    mounted,
    regex,
    weights,
)

#: Build arguments that have another value in each build, or with each commit.
_VOLATILE = regex(
    r"(?i)(IMAGE_)?BUILD_?(DATE|TIME|DATETIME|TIMESTAMP|ID|NUMBER|NUM|SHA|COMMIT|REV)|"
    r"(GIT|VCS|SOURCE|REPO|CI|GITHUB|CI_COMMIT|BUILD_VCS|OPENCONTAINERS_IMAGE)_?(SHA|SHORT_SHA|REF|REV|REVISION|HASH|"
    r"COMMIT|COMMIT_SHA|COMMIT_HASH|COMMIT_ID|SHA1|DESCRIBE|VERSION_HASH)|COMMIT(_?(SHA|HASH|ID))?|REVISION|BUILDDATE|"
    r"TIMESTAMP|CREATED|CREATION_DATE"
)
#: Defaults that say that the value comes from outside; another one pins something.
_PLACEHOLDER = regex(r"(?i)[\"']?(|unknown|undefined|unset|none|null|n/?a|dev|local|latest|dirty|0|development)[\"']?")
#: Parts of an address behind which the content moves.
_MOVING = regex(r"/(main|master|latest|head|nightly|develop|dev|trunk)(/|$)|[/_-]latest[-._]", re.IGNORECASE)
#: Addresses that are there to break the cache.
_INTENDED = regex(r"api\.(github|gitlab)\.com|/git/refs/|random|time\.|worldtime")
#: So many values of a stage, and so many installs below each, are looked at.
_MOST = 10
#: From so many bytes on an install is heavy.
_HEAVY = 50_000_000


class VolatileInstructionEarly(Rule):
    """A value that differs in each build stands above a heavy install, so that the cache never hits.

    ## Why is this bad?
    BuildKit gives each build argument to every RUN below its ARG as an environment variable, used or not, and an
    environment belongs to a RUN's cache key. A commit id or a build date above `pip install` therefore makes every
    build download and install everything again, on every CI run. (An ARG above the first FROM does nothing until a
    stage declares it again. A LABEL is no part of the key of the RUNs below it: the ARG that it needs is.) In the same
    way ADD asks a moving address at each build, and whatever has changed behind it makes all below run again.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    ARG GIT_SHA
    LABEL org.opencontainers.image.revision=$GIT_SHA
    COPY requirements.lock .
    RUN pip install --no-cache-dir --require-hashes -r requirements.lock
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.lock .
    RUN pip install --no-cache-dir --require-hashes -r requirements.lock
    USER 1000
    ARG GIT_SHA
    LABEL org.opencontainers.image.revision=$GIT_SHA
    ```

    ## When it stays silent
    Where nothing heavy follows (at least 50 MB, or a file of requirements), or a RUN above it needs the value; for an
    ARG with a real default, which pins something; for addresses of a release, which BuildKit finds unchanged, and for
    those that are there to break the cache (`api.github.com/…/git/refs`, CACHEBUST). With the installer's cache on a
    mount it is only advice.

    ## Fix safety
    The fix moves the ARG, and what only passes its value on, below the installs. It is unsafe: a script may read the
    variable though no RUN names it.

    ## References
    - [Dockerfile reference, ARG: impact on build caching](https://docs.docker.com/reference/dockerfile/#impact-on-build-caching)
    - [Build cache invalidation](https://docs.docker.com/build/cache/invalidation/)
    """

    id = "ML609"
    name = "volatile-instruction-early"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        found = [each for each in _volatile(stage) if each.installs]
        arguments = [each for each in found if each.name is not None]
        for each in (*arguments[:1], *(each for each in found if each.name is None)):
            others = arguments[1:] if each.name is not None else []
            related = (
                *(Related(other.span, "the same of this one") for other in others[:3]),
                *(Related(head_span(step.install), "runs again") for _, step in each.installs[:3]),
            )
            cached = all(_is_cached(step) for _, step in each.installs)
            yield self.finding(
                each.span,
                _message(each, others),
                severity=Severity.INFO if cached else None,
                related=related,
                fix=_fix(each, stage) if not others else None,
            )


class _Volatile(NamedTuple):
    """A value that changes, and the heavy installs that need not stand below it."""

    instruction: Instruction
    span: Span
    #: The build argument; None for an ADD.
    name: str | None
    installs: tuple[tuple[Stage, InstallStep], ...]


def _volatile(stage: Stage) -> Iterator[_Volatile]:
    for instruction, span, name in islice(_changing(stage), _MOST):
        installs = tuple(islice(_heavy_below(stage, instruction, name), _MOST))
        yield _Volatile(instruction, span, name, installs)


def _changing(stage: Stage) -> Iterator[tuple[Instruction, Span, str | None]]:
    """The build arguments, each once, and the addresses whose value changes."""
    names: set[str] = set()
    for instruction in stage.body:
        if isinstance(instruction, Arg):
            for pair in instruction.pairs:
                name = pair.key.value
                if name not in names and _is_volatile(pair):
                    names.add(name)
                    yield instruction, pair.key.span, name
        elif isinstance(instruction, Copy) and instruction.keyword == "ADD":
            for source in instruction.sources:
                if _is_moving(stage.expand(source, instruction) or source.value):
                    yield instruction, source.span, None


def _is_volatile(pair: Pair) -> bool:
    default = pair.value.value if pair.value is not None else ""
    return _VOLATILE.fullmatch(pair.key.value) is not None and _PLACEHOLDER.fullmatch(default) is not None


def _is_moving(url: str) -> bool:
    return url.startswith(("http://", "https://")) and not _INTENDED.search(url) and _MOVING.search(url) is not None


def _heavy_below(stage: Stage, instruction: Instruction, name: str | None) -> Iterator[tuple[Stage, InstallStep]]:
    """The heavy installs below an instruction, in the stages that continue its own too, above the value's first use.

    Whether an ADD's file is used is seldom seen: a RUN below it may do so, unless it installs and nothing else.
    """
    for each in _continuing(stage):
        start = stage.position(instruction) + 1 if each is stage else 0
        steps: dict[int, list[InstallStep]] = {}
        for step in each.installs:
            steps.setdefault(id(step.instruction), []).append(step)
        for other in each.body[start:]:
            if _needs(other, name, steps):
                break
            yield from ((each, step) for step in steps.get(id(other), ()) if _is_heavy(step, each))


def _continuing(stage: Stage) -> Iterator[Stage]:
    """The stage, and the first of those that stand on it."""
    yield stage
    standing = stage.build.standing_on(stage.root)
    yield from (each for each in standing[: _MOST + 1] if each is not stage and stage in each.ancestry)


def _needs(instruction: Instruction, name: str | None, installing: Container[int]) -> bool:
    if name is None:
        return isinstance(instruction, Run) and id(instruction) not in installing
    if isinstance(instruction, (Env, Label, Arg)):
        return False
    return re.search(rf"\b{re.escape(name)}\b", instruction.span.text) is not None


def _is_heavy(step: InstallStep, stage: Stage) -> bool:
    install = step.install
    size = _size(step, stage)
    if size is not None and size >= _HEAVY:
        return True
    installation = stage.installation_of(install)
    read = installation is not None and installation.complete
    project = install.manager in ("uv", "poetry", "pipenv", "pdm") and install.subcommand in ("sync", "install")
    return not read and (bool(install.files) or project or install.subcommand == "env create")


def _size(step: InstallStep, stage: Stage) -> int | None:
    """What the RUN of an install downloads, in bytes, as far as it is known."""
    return added_bytes(step.instruction, stage)


def _is_cached(step: InstallStep) -> bool:
    cache = DOWNLOAD_CACHES.get(step.install.manager)
    return cache is not None and mounted(step.instruction, cache.folder)


def _message(volatile: _Volatile, others: list[_Volatile]) -> str:
    stage, step = max(volatile.installs, key=lambda each: _size(each[1], each[0]) or 0)
    size = _size(step, stage)
    amount = f" (about {weights.readable_size(size)})" if size is not None and size >= _HEAVY else ""
    more = len(volatile.installs) - 1
    also = f" and {more} more install{'s' if more > 1 else ''}" if more else ""
    what = f"`{' '.join(head_span(step.install).text.split())}` on line {step.instruction.line}{amount}{also}"
    if volatile.name is None:
        return (
            f"The file behind this address moves, and whenever it has changed {what} runs again. Name a release and "
            "its `--checksum`, or put this ADD below the installs."
        )
    names = f"`{volatile.name}`" + "".join(f", `{each.name}`" for each in others[:2])
    last = volatile.installs[-1][1].instruction.line
    place = f"below line {last}" if volatile.installs[-1][0].body.count(volatile.instruction) else "where it is needed"
    return (
        f"Each build with another {names} runs {what} again: every RUN below an ARG has its value in the cache key, "
        f"used or not. Declare it {place}."
    )


def _fix(volatile: _Volatile, stage: Stage) -> Fix | None:
    """Moves the ARG with the LABEL and ENV instructions that pass it on behind the last install."""
    name, last = volatile.name, volatile.installs[-1]
    if name is None or last[0] is not stage:
        return None
    start, end = stage.position(volatile.instruction), stage.position(last[1].instruction)
    moved = [volatile.instruction]
    moved += [each for each in stage.body[start + 1 : end] if re.search(rf"\b{re.escape(name)}\b", each.span.text)]
    if any(not isinstance(each, (Env, Label, Arg)) or len(each.span.text.splitlines()) > 1 for each in moved):
        return None
    # A value beside the argument's may be needed where it is.
    if any(isinstance(each, (Env, Arg)) and len(each.pairs) > 1 for each in moved):
        return None
    source = volatile.span.source
    cuts = [Edit(source.span(each.span.start, min(each.span.end + 1, len(source.text))), "") for each in moved]
    at = last[1].instruction.span.end
    text = "".join(f"\n{each.span.text}" for each in moved)
    return Fix(f"Move `{name}` below the installs", (*cuts, Edit(source.span(at, at), text)), Applicability.UNSAFE)
