"""ML702 dockerignore-gaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.api import Build, Confidence, Finding, Role, Rule, Severity, Stage, Taken, regex, weights

if TYPE_CHECKING:
    from mllint.api import Clutter

#: Below so many bytes it hurts nobody, and is only noted.
_SMALL = 1_000_000
_MOST = 4
#: Fewer loose notebooks than this, and lighter ones, are no matter.
_FEW = 3
_LIGHT = 100_000
#: Tools that ask git for the version of a project while they build it.
_GIT_VERSIONS = regex(r"setuptools[_-]scm|setuptools-git|versioneer|hatch-vcs|\bpbr\b|poetry-dynamic-versioning")


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
    About what is not in the context, or does not get in (`.dockerignore`, `--exclude`). Weights are `model-baked-in`
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
        seen: set[int] = set()
        for stage in build.stages:
            for taken in stage.artifacts.taken:
                if taken.intake.whole and not taken.is_mount and id(taken.intake) not in seen:
                    seen.add(id(taken.intake))
                    found = [each for each in taken.intake.clutter if _counts(each, stage)]
                    if found:
                        yield self._finding(taken, found, stage)

    def _finding(self, taken: Taken, found: list[Clutter], stage: Stage) -> Finding:
        size = sum(each.size for each in found)
        heavy = size >= _SMALL or any(each.kind in ("history", "environments") for each in found)
        context = taken.intake.context
        return self.finding(
            taken.span,
            _message(taken, found),
            severity=Severity.WARNING if heavy else Severity.INFO,
            confidence=Confidence.HIGH if context.sure else Confidence.MEDIUM,
        )._replace(stage=stage.label)


def _counts(clutter: Clutter, stage: Stage) -> bool:
    final = stage.build.final
    if clutter.kind in ("data", "notebooks") and final is not None and final.role.value is Role.NOTEBOOK:
        return False
    if clutter.path == "*.ipynb" and clutter.files < _FEW and clutter.size < _LIGHT:
        return False
    if clutter.kind == "notebooks" and final is not None and final.role.value is not Role.SERVING:
        return clutter.size >= _SMALL
    return clutter.kind != "history" or not _asks_git(stage)


def _asks_git(stage: Stage) -> bool:
    """Whether the stage needs the history: it runs git, or a build that asks git for the version."""
    if any(step.command.name in ("git", "git-lfs") for step in stage.steps):
        return True
    context = stage.build.context
    if context is None:
        return False
    if any(pattern.negated and pattern.text.startswith(".git") for pattern in context.rules.patterns):
        return True
    texts = (context.read_text(name) or "" for name in ("pyproject.toml", "setup.py", "setup.cfg"))
    makes = (context.read_text(name) or "" for name in ("CMakeLists.txt", "Makefile"))
    return any(_GIT_VERSIONS.search(text) for text in texts) or any("git" in text.lower() for text in makes)


def _message(taken: Taken, found: list[Clutter]) -> str:
    shown = [_described(each) for each in found[:_MOST]]
    rest = found[_MOST:]
    if rest:
        shown.append(f"{len(rest)} more ({weights.readable_size(sum(each.size for each in rest))})")
    listed = ", ".join(shown[:-1]) + f" and {shown[-1]}" if len(shown) > 1 else shown[0]
    patterns = ", ".join(f"`{each.pattern}`" for each in found[:_MOST])
    it = "them" if len(found) > 1 else "it"
    ignored = "to" if taken.intake.context.ignore_file is not None else "to a"
    return (
        f"`{taken.command}` takes {listed} into the image, and a change in {it} makes Docker build again from "
        f"here on. Add {patterns} {ignored} .dockerignore."
    )


def _described(clutter: Clutter) -> str:
    size = weights.readable_size(clutter.size)
    count = f"{clutter.files:,} files, " if clutter.files > 1 and clutter.kind != "notebooks" else ""
    return f"`{clutter.path}` ({clutter.what}, {count}{size})"
