"""ML705 secret-in-context."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Confidence, Finding, Rule, Severity, Stage, Taken

_MOST = 3


class SecretInContext(Rule):
    """A copy of the whole folder takes a file with a secret into the image.

    ## Why is this bad?
    Everyone who can pull the image reads the file, also when a later instruction removes it: the layer below still has
    it. `docker history` does not even show that it is there, because the line only says `COPY . .`.

    ## Bad
    ```context
    app.py         4 kB
    .netrc         = machine api.wandb.ai login user password 5b1f0c4f9d3e4a7f8c2d6e1a9b3c7d5e
    .dockerignore  = .git
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY . .
    USER 1000
    ```

    ## Good
    ```context
    app.py         4 kB
    .netrc         = machine api.wandb.ai login user password 5b1f0c4f9d3e4a7f8c2d6e1a9b3c7d5e
    .dockerignore  = .git\\n.netrc
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY . .
    USER 1000
    ```

    ## When it stays silent
    For files that do not get in (`.dockerignore`, `--exclude`); for those whose text shows no secret: a `.env` of
    switches and placeholders, a public certificate; for examples and templates (`.env.example`), and keys below folders
    of tests, examples and installed packages. A file that is copied by its name, or with its folder, is
    `secret-file-copied` (ML405). In a stage that no image is made of it is a warning: the build cache keeps it. Nothing
    of a file's text is ever shown.

    ## References
    - [Build secrets](https://docs.docker.com/build/building/secrets/)
    - [.dockerignore files](https://docs.docker.com/build/concepts/context/#dockerignore-files)
    """

    id = "ML705"
    name = "secret-in-context"
    severity = Severity.ERROR
    security_severity = "8.0"
    tags = ("security",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        shipping = [stage for stage in build.stages if stage not in build.builders]
        seen: set[int] = set()
        for stage in (*shipping, *build.builders):
            for taken in stage.artifacts.taken:
                if taken.intake.whole and not taken.is_mount and id(taken.intake) not in seen:
                    seen.add(id(taken.intake))
                    if taken.intake.secrets:
                        yield self._finding(taken, stage)

    def _finding(self, taken: Taken, stage: Stage) -> Finding:
        ships = stage not in stage.build.builders
        sure = taken.intake.context.sure
        return self.finding(
            taken.span,
            _message(taken, ships=ships),
            severity=Severity.ERROR if ships else Severity.WARNING,
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        )._replace(stage=stage.label)


def _message(taken: Taken, *, ships: bool) -> str:
    found = taken.intake.secrets
    shown = [f"`{each.path}` ({each.what})" for each in found[:_MOST]]
    if len(found) > _MOST:
        shown.append(f"{len(found) - _MOST} more files with secrets")
    listed = ", ".join(shown[:-1]) + f" and {shown[-1]}" if len(shown) > 1 else shown[0]
    them = "it" if len(found) == 1 else "them"
    readers = "the image, and everyone who can pull that" if ships else "the build cache, and everyone who shares that"
    return (
        f"`{taken.command}` puts {listed} into {readers} reads {them}. List {them} in "
        f".dockerignore, give {them} to the RUN that needs {them} with `--mount=type=secret`, and revoke what images "
        f"already pushed hold."
    )
