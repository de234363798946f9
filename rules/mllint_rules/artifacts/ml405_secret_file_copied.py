"""ML405 secret-file-copied."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import Confidence, CopyStep, Finding, Rule, Severity, Span, Stage


class _Found(NamedTuple):
    """A file or folder with secrets that a COPY or ADD brings."""

    span: Span
    path: str
    what: str
    #: Its text was read and shows the secret.
    read: bool
    #: Its name leaves no doubt.
    sure: bool


class SecretFileCopied(Rule):
    """A file that holds a secret is copied into the image.

    ## Why is this bad?
    Everyone who can pull the image reads the file: with a shell, or by unpacking the layer. Removing it in a later RUN
    does not help, as the layer of the COPY still has it. A key that was in a pushed image has to be revoked.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    COPY kaggle.json /root/.kaggle/kaggle.json
    USER 1000
    ```

    ## Good
    ```dockerfile
    # syntax=docker/dockerfile:1
    # docker build --secret id=kaggle,src=$HOME/.kaggle/kaggle.json .
    FROM python:3.12.7-slim
    RUN --mount=type=secret,id=kaggle,target=/root/.kaggle/kaggle.json python fetch_data.py
    USER 1000
    ```

    ## When it stays silent
    Where the build context has the file and its text shows no secret: a `.env` of switches and placeholders, a public
    certificate in a .pem. For examples and templates (`.env.example`), files whose names say that they are public
    (`ca`, `cert`, `.pub`), and keys below folders of tests and examples. A name that is only likely (`server.pem`,
    `prod.env`) is a warning while its text is not known; a `pip.conf` counts by its text only. A copy of the whole
    context is `secret-in-context` (ML705). In a stage that no image is made of it is a warning: the build cache keeps
    the file.

    ## References
    - [Build secrets](https://docs.docker.com/build/building/secrets/)
    """

    id = "ML405"
    name = "secret-file-copied"
    severity = Severity.ERROR
    security_severity = "8.0"
    tags = ("security",)

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        ships = stage not in stage.build.builders
        told: int | None = None
        for step in stage.copies:
            found = list(_found(step, stage))
            if found:
                first, *others = found
                severe = ships and (first.read or first.sure)
                yield self.finding(
                    first.span,
                    _message(first, others, told, ships=ships),
                    severity=Severity.ERROR if severe else Severity.WARNING,
                    confidence=Confidence.HIGH if first.read else Confidence.MEDIUM,
                )
                told = told or first.span.first.line


def _found(step: CopyStep, stage: Stage) -> Iterator[_Found]:
    for source, value in step.sources:
        if value is None or "://" in value:
            continue
        intake = stage.artifacts.intake_at(source.span) if step.from_context else None
        if intake is not None and intake.whole:
            continue
        if intake is not None and intake.paths:
            yield from (_Found(source.span, each.path, each.what, read=True, sure=True) for each in intake.secrets)
            continue
        if intake is not None and intake.context.ignored(value):
            continue
        yield from _by_name(source.span, value, step)


def _by_name(span: Span, value: str, step: CopyStep) -> Iterator[_Found]:
    """What the source's name says, or the target's where it names the file."""
    from mllint.api import secret_files

    names = [value]
    if len(step.sources) == 1 and step.target is not None:
        names.append(posixpath.join(step.target, posixpath.basename(value)) if step.target[-1] == "/" else step.target)
    for name in names:
        folder = secret_files.secret_folder(name)
        if folder is not None:
            yield _Found(span, value, folder, read=False, sure=True)
            return
        row = secret_files.secret_name(name)
        if row is not None and row.sure is not None and "*" not in name:
            yield _Found(span, value, row.what, read=False, sure=row.sure)
            return


def _message(first: _Found, others: list[_Found], told: int | None, *, ships: bool) -> str:
    """What comes in, who reads it, and what to do; `told` is the line of the stage's finding that has said that."""
    names = [f"`{each.path}`" for each in others]
    parts = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"]
    rest = "".join((*(f", {each}" for each in parts[:-1]), *(f" and {each}" for each in parts[-1:])))
    what = first.what if first.read else f"by its name {first.what}"
    if others and not first.read:
        what = "by their names secrets"
    where = "the image, and everyone who can pull that" if ships else "the build cache, and everyone who shares that"
    it = "them" if others else "it"
    if told is not None:
        whole = "the image" if ships else "the build cache"
        verb = "come" if others else "comes"
        return f"`{first.path}`{rest}, {what}, {verb} into {whole} as well: what line {told} says holds for {it} too."
    return (
        f"`{first.path}`{rest}, {what}, {'come' if others else 'comes'} into {where} reads {it}; a later "
        f"`rm` leaves {it} in this layer. Give {it} to the RUN that needs {it} with `--mount=type=secret`, or to the "
        f"container at start."
    )
