"""ML701 missing-dockerignore."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Confidence, Context, Finding, Rule, Stage, Taken, weights


class MissingDockerignore(Rule):
    """The whole folder is copied, and no .dockerignore says what to leave out.

    ## Why is this bad?
    `COPY . .` takes whatever lies in the folder when the image is built. On a developer's machine that is the
    repository's history, a virtual environment of gigabytes, datasets, checkpoints, runs of wandb and MLflow, and the
    `.env` with the keys: the image grows, differs from the one that CI builds, and hands the keys to everyone who can
    pull it. Every file that changes there, a log or a notebook, also invalidates the layer's cache.

    ## Bad
    ```context
    src/app.py        12 kB
    src/pages.html    160 kB
    .gitignore        = .env\\ndata/
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY . .
    USER 1000
    ```

    ## Good
    ```context
    src/app.py        12 kB
    src/pages.html    160 kB
    .gitignore        = .env\\ndata/
    .dockerignore     = .git\\n.env\\n.venv\\ndata
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY . .
    USER 1000
    ```

    ## When it stays silent
    With a `.dockerignore` in the context, or a `<Dockerfile>.dockerignore` beside the Dockerfile, that has a pattern;
    for a context of at most 10 files and 100 kB, unless its `.gitignore` says that working copies hold data, keys or
    environments; where only named files and folders are copied; where the context is not known; and where it is only
    guessed and a folder above has a `.dockerignore`. Where there is one, what still gets in is `dockerignore-gaps`
    (ML702).

    ## References
    - [.dockerignore files](https://docs.docker.com/build/concepts/context/#dockerignore-files)
    """

    id = "ML701"
    name = "missing-dockerignore"
    tags = ("size", "security")

    def check_build(self, build: Build) -> Iterator[Finding]:
        from mllint.api import unlisted

        found = unlisted.unlisted(build)
        if found is not None:
            context = found.taken.intake.context
            confidence = Confidence.HIGH if context.sure else Confidence.MEDIUM
            message = _message(found.taken, found.stage, context)
            yield self.finding(found.taken.span, message, confidence=confidence)._replace(stage=found.stage.label)


def _message(taken: Taken, stage: Stage, context: Context) -> str:
    from mllint.api import unlisted

    listing = taken.intake.listing
    least = "at least " if listing.truncated else ""
    count = f"{least}{len(listing.files):,} files ({weights.readable_size(listing.size)})"
    none = "The .dockerignore has no pattern" if context.ignore_file is not None else "There is no .dockerignore"
    useless = unlisted.unneeded(taken, stage)
    among = f", {unlisted.named(useless)[0]} among them," if useless else ""
    return (
        f"{none}, so `{taken.command}` takes all {count} of the folder{among} and on another machine whatever lies "
        f"there: .git, .env, virtual environments, data, checkpoints. Add a .dockerignore with at least .git, .env, "
        f".venv, **/__pycache__ and the folders of data and runs."
    )
