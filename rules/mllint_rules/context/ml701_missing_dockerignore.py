"""ML701 missing-dockerignore."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import Build, Confidence, Context, Finding, Rule, Taken, knowledge, weights

#: A context of so many files and bytes needs no list of what to leave out.
_FEW = 10
_SMALL = 100_000


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
    guessed and a folder above has a `.dockerignore`. What is really there is `dockerignore-gaps` (ML702).

    ## References
    - [.dockerignore files](https://docs.docker.com/build/concepts/context/#dockerignore-files)
    """

    id = "ML701"
    name = "missing-dockerignore"
    tags = ("size", "security")

    def check_build(self, build: Build) -> Iterator[Finding]:
        context = build.context
        if context is None or context.rules.patterns:
            return
        above = build.repository is not None and build.repository.has_ignore_file_above()
        if above and not context.sure:
            return
        for stage in build.stages:
            for taken in stage.artifacts.taken:
                if taken.intake.whole and not taken.is_mount:
                    if not _is_small(taken) or _expects_more(context):
                        finding = self.finding(taken.span, _message(taken, context), confidence=_confidence(context))
                        yield finding._replace(stage=stage.label)
                    return


def _confidence(context: Context) -> Confidence:
    return Confidence.HIGH if context.sure else Confidence.MEDIUM


def _is_small(taken: Taken) -> bool:
    listing = taken.intake.listing
    return not listing.truncated and len(listing.files) <= _FEW and listing.size <= _SMALL


def _expects_more(context: Context) -> bool:
    """Whether the `.gitignore` names data, weights, keys or environments, which a working copy then holds."""
    text = context.read_text(".gitignore") or ""
    names = (line.strip().rstrip("/").rpartition("/")[2].lower() for line in text.split("\n"))
    return any(name and not name.startswith(("#", "!")) and _is_telling(name) for name in names)


def _is_telling(name: str) -> bool:
    rows = knowledge.context_files
    return (
        name in rows.ENVIRONMENT_NAMES
        or name in rows.DATA_FOLDERS
        or name in {row.name for row in rows.FOLDERS if row.kind == "records"}
        or weights.folder_verdict(name) is True
        or re.fullmatch(r"\*?\.(pem|key|env|csv|parquet|pt|pth|ckpt|safetensors|onnx|h5|pkl)", name) is not None
    )


def _message(taken: Taken, context: Context) -> str:
    listing = taken.intake.listing
    least = "at least " if listing.truncated else ""
    count = f"{least}{len(listing.files):,} files ({weights.readable_size(listing.size)})"
    none = "The .dockerignore has no pattern" if context.ignore_file is not None else "There is no .dockerignore"
    return (
        f"{none}, so `{taken.command}` takes all {count} of the folder, and on another machine whatever lies "
        f"there: .git, .env, virtual environments, data, checkpoints. Add a .dockerignore with at least .git, .env, "
        f".venv, **/__pycache__ and the folders of data and runs."
    )
