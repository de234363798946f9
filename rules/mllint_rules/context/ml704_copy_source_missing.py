"""ML704 copy-source-missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.api import Build, Confidence, Finding, Related, Rule, Severity, Source

if TYPE_CHECKING:
    from mllint.api import Missing


class CopySourceMissing(Rule):
    """A COPY or ADD names a source that the build context does not have, or that .dockerignore leaves out.

    ## Why is this bad?
    The build stops there: `failed to calculate checksum of ref …: "/x": not found`. What .dockerignore lists is not
    sent to the builder, so that it is as absent as a file that was renamed, or that only its author's machine has.

    ## Bad
    ```context
    app/main.py        4 kB
    requirements.txt   = numpy==2.1.0
    .dockerignore      = *.txt
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.txt /app/
    COPY app/ /app/
    USER 1000
    ```

    ## Good
    ```context
    app/main.py        4 kB
    requirements.txt   = numpy==2.1.0
    .dockerignore      = *.txt\\n!requirements.txt
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.txt /app/
    COPY app/ /app/
    USER 1000
    ```

    ## When it stays silent
    Where the context is not known, or fewer than half of the sources are in the folder that seems to be it; for URLs,
    here-documents, `--from`, paths with variables that are not known and templates; for submodules and links; and for
    wildcards that match something or are a usual way to say "if it is there" (`poetry.lock*`). It is a warning, no
    error, where the context is only guessed, where a script, a workflow or a README of the repository names the file,
    where a `.gitignore` does, for what is not kept in repositories (a build's products, weights, data, keys), in stages
    that the target does not need, and for wildcards that match nothing.

    ## References
    - [COPY](https://docs.docker.com/reference/dockerfile/#copy)
    - [Build check CopyIgnoredFile](https://docs.docker.com/reference/build-checks/copy-ignored-file/)
    """

    id = "ML704"
    name = "copy-source-missing"
    severity = Severity.ERROR
    aliases = ("CopyIgnoredFile",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        from mllint.api import missing_sources

        for missing in missing_sources(build):
            yield self.finding(
                missing.taken.span,
                _message(missing),
                severity=_severity(missing, build),
                confidence=Confidence.HIGH if _sure(missing) else Confidence.MEDIUM,
                related=_related(missing, build),
            )._replace(stage=missing.stage.label)


def _sure(missing: Missing) -> bool:
    return missing.taken.intake.context.sure and (missing.pattern is not None or not missing.explained)


def _severity(missing: Missing, build: Build) -> Severity:
    sure = missing.taken.intake.context.sure and missing.stage in build.used and not missing.wildcard
    return Severity.ERROR if sure and (missing.pattern is not None or not missing.explained) else Severity.WARNING


def _related(missing: Missing, build: Build) -> tuple[Related, ...]:
    """The line of the ignore file."""
    context = missing.taken.intake.context
    if missing.pattern is None or context.ignore_file is None:
        return ()
    with open(context.ignore_file, encoding="utf-8-sig") as file:
        source = Source(_shown(context.ignore_file, build), file.read())
    start = source.line_starts[missing.pattern.line - 1]
    return (Related(source.span(start, start + len(source.line(missing.pattern.line))), "it is left out here"),)


def _shown(path: str, build: Build) -> str:
    """A path as that of the Dockerfile is shown: relative where that is."""
    return path if os.path.isabs(build.dockerfile.source.path) else os.path.relpath(path)


def _message(missing: Missing) -> str:
    name = f"`{missing.taken.value}`"
    kind = "bind mount" if missing.taken.is_mount else missing.taken.instruction.keyword
    stops = f"the build stops at this {kind}"
    if missing.pattern is not None:
        return (
            f"{name} is not sent to the builder, because .dockerignore leaves it out (`{missing.pattern.text}`, line "
            f"{missing.pattern.line}): {stops}. Take it back with a line `!{missing.path}` behind that one."
        )
    where = _where(missing)
    if missing.wildcard:
        return f"{name} matches nothing in {where}: BuildKit copies nothing and says nothing, other builders stop here."
    return f"{name} is not in {where}: {_consequence(missing, stops)}"


def _where(missing: Missing) -> str:
    context = missing.taken.intake.context
    folder = os.path.relpath(context.root)
    shown = f"`{folder}`" if not folder.startswith("..") else f"`{os.path.basename(os.path.abspath(context.root))}`"
    if folder == ".":
        shown = "this folder"
    return f"the build context ({shown})" if context.sure else f"{shown}, by its other sources the build context"


def _consequence(missing: Missing, stops: str) -> str:
    if missing.similar is not None:
        return f"{stops}. Is `{missing.similar}` meant? Paths start at the context, and capitals count."
    if missing.taken.value.startswith("../"):
        return f"{stops}. Nothing outside the context can be copied: `..` at its top is the top itself."
    if missing.maker is not None:
        place = f"`{missing.maker.path}` line {missing.maker.line}"
        return f"{stops} unless what {place} says is done first. Let a stage of this file make or fetch it."
    if missing.git_ignored:
        return f"{stops} in a fresh clone, as .gitignore keeps the file out of the repository: in CI, for one."
    if missing.supplied:
        return f"{stops} unless it is put there first. Let a stage of this file make or fetch it, or say how to get it."
    return f"{stops}."
