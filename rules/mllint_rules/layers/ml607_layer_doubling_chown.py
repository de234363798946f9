"""ML607 layer-doubling-chown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import (
    Build,
    Confidence,
    Deposit,
    DepositKind,
    Finding,
    Related,
    Rewrite,
    Rule,
    Run,
    Severity,
    added_bytes,
    deposits,
    is_whole,
    regex,
    weights,
)

#: From here on a doubled folder is worth a word, in bytes.
_LEAST = 1_000_000
#: Folders of scripts, which are small.
_SCRIPTS = regex(r"(^|/)(scripts?|bin|entrypoints?|docker|conf(ig)?s?|etc|s6|cont-init)(\.d)?/*$")


_DATA = regex(r"(?i)(^|/)(data|datasets?|models?|assets|node_modules)(/|$)")


class LayerDoublingChown(Rule):
    """A `chown -R` or `chmod -R` writes files of earlier layers once more.

    ## Why is this bad?
    A layer holds whole files. When a RUN changes the owner or the mode of a file that an earlier instruction brought,
    the whole file goes into the new layer and the old copy stays in the old one: a model folder of 5 GB takes 10 GB of
    the image, and the build waits for the copy each time anything above it changes.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN useradd --create-home --uid 1000 app
    COPY . /app
    RUN chown -R app:app /app
    USER app
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN useradd --create-home --uid 1000 app
    COPY --chown=app:app . /app
    USER app
    ```

    ## When it stays silent
    Where the files come from the same RUN or the folder is only made there; where `COPY --chown` has made the same
    user their owner already (what does not change is not stored again); for less than 1 MB where the size is known, for
    single scripts and folders of scripts; and in stages that the final image only copies from.

    Where the size is not known, a folder of code is only advice.

    ## References
    - [COPY --chown and --chmod](https://docs.docker.com/reference/dockerfile/#copy---chown---chmod)
    """

    id = "ML607"
    name = "layer-doubling-chown"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        skipped = build.builders
        told: set[tuple[int, str]] = set()
        for rewrite in deposits(build).rewrites:
            # Of one RUN only what comes out at its end is stored.
            key = (id(rewrite.run), rewrite.path)
            if rewrite.stage not in skipped and key not in told:
                told.add(key)
                yield from self._doubled(rewrite)

    def _doubled(self, rewrite: Rewrite) -> Iterator[Finding]:
        heavy = [each for each in rewrite.deposits if not _is_light(each, rewrite)]
        sizes = [_size(each) for each in heavy]
        known = sum(size for size in sizes if size is not None)
        if not heavy or (None not in sizes and known < _LEAST):
            return
        sure = known >= _LEAST or any(map(_is_heavy, heavy))
        related = (Related(each.span, f"{each.kind.value} here, and stored again below") for each in heavy[:3])
        yield self.finding(
            rewrite.word.span,
            _message(rewrite, heavy, known),
            severity=None if sure else Severity.INFO,
            confidence=None if sure else Confidence.MEDIUM,
            related=tuple(related),
        )._replace(stage=rewrite.stage.label)


def _is_heavy(deposit: Deposit) -> bool:
    """Whether something whose size is not known is likely to have megabytes: more than a folder of code."""
    if deposit.kind is not DepositKind.COPY or deposit.source is None:
        return True
    source = deposit.source
    verdicts = (weights.file_verdict(source), weights.folder_verdict(source))
    return is_whole(source) or deposit.is_archive or verdicts != (None, None) or _DATA.search(source) is not None


def _is_light(deposit: Deposit, rewrite: Rewrite) -> bool:
    size = _size(deposit)
    if size is not None:
        return size < _LEAST / 10
    return deposit.is_small or (rewrite.command.name == "chmod" and _SCRIPTS.search(deposit.path) is not None)


def _size(deposit: Deposit) -> int | None:
    """In bytes; what an install fills a folder with is known as it is pulled, compressed."""
    run = deposit.instruction
    if deposit.kind is DepositKind.ENVIRONMENT and isinstance(run, Run):
        return added_bytes(run, deposit.stage)
    return deposit.size


def _message(rewrite: Rewrite, heavy: list[Deposit], known: int) -> str:
    first = heavy[0]
    if known >= _LEAST:
        exact = all(each.kind is DepositKind.COPY and each.size is not None for each in heavy)
        what = f"the {'' if exact else 'about '}{weights.readable_size(known)} below `{rewrite.path}`"
    else:
        what = f"all files below `{rewrite.path}`"
    lines = sorted({each.instruction.line for each in heavy})
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
    return f"This stores {what} a second time: {where} put them into the image already. {_remedy(rewrite, first)}."


def _remedy(rewrite: Rewrite, first: Deposit) -> str:
    if first.kind is DepositKind.COPY:
        words = [word for word in rewrite.command.arguments if not word.raw.startswith("-")]
        value = words[0].value if words else None
        flag = "chmod" if rewrite.command.name == "chmod" else "chown"
        # Modes by letters need a recent syntax of Dockerfiles.
        plain = value is not None and (flag == "chown" or value.isdigit())
        if plain and rewrite.command.name == "chgrp":
            value = f"{re.split('[:.]', first.owner)[0] or 0}:{value}"
        given = f"--{flag}={value if plain else '…'}"
        return f"Say it where they are copied: `{first.instruction.keyword} {given} …`"
    if first.instruction.keyword == "RUN":
        return f"Do it at the end of the RUN on line {first.instruction.line}, or make them as that user"
    return f"Say it where they come in: `{first.instruction.keyword} --chown=… …`"
