"""ML702 dockerignore-gaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.api import Build, Confidence, Finding, Rule, Severity, Stage, Taken

if TYPE_CHECKING:
    from mllint.api import Clutter

#: Below so many bytes it hurts nobody, and is only noted.
_SMALL = 1_000_000


class DockerignoreGaps(Rule):
    """A copy of the whole folder takes along what the image has no use for.

    ## Why is this bad?
    The repository's history, data, runs of wandb and MLflow, virtual environments and caches become layers of the
    image, and each change to one of them makes Docker send the folder and run everything below the copy again. A
    virtual environment of the host can even shadow the packages that the image installs.

    ## Bad
    ```context
    src/app.py                12 kB
    .dockerignore             = .env
    .git/objects/pack/a.pack  48 MB
    wandb/run-1/logs/debug    3 MB
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY . .
    USER 1000
    ```

    ## Good
    ```context
    src/app.py                12 kB
    .dockerignore             = .env\\n.git\\nwandb
    .git/objects/pack/a.pack  48 MB
    wandb/run-1/logs/debug    3 MB
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY . .
    USER 1000
    ```

    ## When it stays silent
    About what is not in the context, or does not get in (`.dockerignore`, `--exclude`), and where there is no
    `.dockerignore` at all: `missing-dockerignore` (ML701) then names what is there. Weights are `model-baked-in`
    (ML401), secrets `secret-in-context` (ML705), other large files `large-file-in-context` (ML703). Folders called
    `wandb` or `data` that are Python packages, and those called `data` that hold no data, are code. The history is left
    out where the build asks git for its version; data and notebooks in a notebook image. Less than a megabyte in all
    is only noted.

    ## References
    - [.dockerignore files](https://docs.docker.com/build/concepts/context/#dockerignore-files)
    """

    id = "ML702"
    name = "dockerignore-gaps"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        from mllint.api import unlisted

        if unlisted.unlisted(build) is not None:
            return
        seen: set[int] = set()
        for stage in build.stages:
            for taken in filter(unlisted.is_whole, stage.artifacts.taken):
                if id(taken.intake) not in seen:
                    seen.add(id(taken.intake))
                    found = unlisted.unneeded(taken, stage)
                    if found:
                        yield self._finding(taken, found, stage)

    def _finding(self, taken: Taken, found: list[Clutter], stage: Stage) -> Finding:
        size = sum(each.size for each in found)
        heavy = size >= _SMALL or any(each.kind in ("history", "environments") for each in found)
        return self.finding(
            taken.span,
            _message(taken, found),
            severity=Severity.WARNING if heavy else Severity.INFO,
            confidence=Confidence.HIGH if taken.intake.context.sure else Confidence.MEDIUM,
        )._replace(stage=stage.label)


def _message(taken: Taken, found: list[Clutter]) -> str:
    from mllint.api import unlisted

    listed, patterns = unlisted.named(found)
    it = "them" if len(found) > 1 else "it"
    ignored = "to" if taken.intake.context.ignore_file is not None else "to a"
    return (
        f"`{taken.command}` takes {listed} into the image, and a change in {it} makes Docker build again from "
        f"here on. Add {patterns} {ignored} .dockerignore."
    )
