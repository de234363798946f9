"""ML703 large-file-in-context."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mllint.api import Build, Confidence, ContextFile, Finding, Option, Rule, Severity, Stage, Taken, weights

_MOST = 3


class LargeFileInContext(Rule):
    """Large files of the build context are copied into the image, or sent to the builder with it.

    ## Why is this bad?
    A file that a COPY takes along is stored in the image, in the build cache and in the registry again for each
    version of the layer, and every push and pull moves it. A file that nothing copies still travels with each build
    where the whole folder is sent: by the classic builder, by most build services, through the Docker API.

    ## Bad
    ```context
    app/main.py           4 kB
    app/recording.mp4     640 MB
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY app/ /app/
    USER 1000
    ```

    ## Good
    ```context
    app/main.py           4 kB
    app/recording.mp4     640 MB
    .dockerignore         = **/*.mp4
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY app/ /app/
    USER 1000
    ```

    ## When it stays silent
    Under `max-file-size`; about files that do not get in (`.dockerignore`, `--exclude`). What another rule names is
    left to it: weights to `model-baked-in` (ML401), data to `dataset-baked-in` (ML403), folders and data in a copy of
    the whole context to `dockerignore-gaps` (ML702); in stages that no image is made of, where the first two are
    silent, it speaks of weights and data too. Files that nothing copies, or that a bind mount shows to a RUN, are only
    noted, and the former only where the context is sure.

    ## References
    - [Build context](https://docs.docker.com/build/concepts/context/)
    """

    id = "ML703"
    name = "large-file-in-context"
    tags = ("size",)

    max_file_size = Option(100, "Files below this many MB are not reported.")

    def check_build(self, build: Build) -> Iterator[Finding]:
        taken_paths: set[str] = set()
        seen: set[int] = set()
        first: Taken | None = None
        for stage in build.stages:
            for taken in stage.artifacts.taken:
                first = first or taken
                if id(taken.intake) in seen:
                    continue
                seen.add(id(taken.intake))
                large = [file for file in taken.intake.listing.files if self._is_large(file)]
                new = [file for file in large if file.path not in taken_paths]
                taken_paths.update(file.path for file in large)
                found = [file for file in new if not _is_named_elsewhere(file, taken, stage)]
                if found:
                    yield self._finding(found, taken, stage)
        if first is not None and build.context is not None and build.context.sure:
            yield from self._left(taken_paths, first, build)

    def _is_large(self, file: ContextFile) -> bool:
        return file.size >= self.max_file_size * 1e6

    def _finding(self, found: list[ContextFile], taken: Taken, stage: Stage) -> Finding:
        sure = taken.intake.context.sure
        return self.finding(
            taken.span,
            _message(found, taken, stage),
            severity=Severity.INFO if taken.is_mount else Severity.WARNING,
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        )._replace(stage=stage.label)

    def _left(self, taken: set[str], first: Taken, build: Build) -> Iterator[Finding]:
        """The large files that nothing copies."""
        assert build.context is not None
        files = build.context.files_under(".").files
        found = [file for file in files if self._is_large(file) and file.path not in taken and ".git/" not in file.path]
        if found:
            lies, it = ("lies", "it") if len(found) == 1 else ("lie", "them")
            message = (
                f"{_listed(found)} {lies} in the build context, and nothing copies {it}: BuildKit does not send {it}, "
                f"but the classic builder and most build services upload the whole folder for each build. List {it} in "
                f".dockerignore."
            )
            yield self.finding(first.instruction.keyword_span, message, severity=Severity.INFO)


def _is_named_elsewhere(file: ContextFile, taken: Taken, stage: Stage) -> bool:
    """Whether another rule speaks of the file."""
    if taken.is_mount:
        return False
    intake = taken.intake
    inside = (each.path for each in intake.clutter if each.path.endswith("/") or each.path == file.path)
    if intake.whole and any(file.path == each or file.path.startswith(each) for each in inside):
        return True
    if stage in stage.build.builders:
        return False
    from mllint.api import clutter

    return weights.file_verdict(file.path) is not None or (not intake.whole and clutter.is_data(file.path))


def _listed(found: list[ContextFile]) -> str:
    """`a.mp4` (640 MB), `b.mp4` (120 MB) and 2 more (1.2 GB)."""
    found = sorted(found, key=lambda file: -file.size)
    shown = [f"`{file.path}` ({weights.readable_size(file.size)})" for file in found[:_MOST]]
    rest = found[_MOST:]
    if rest:
        shown.append(f"{len(rest)} more ({weights.readable_size(sum(file.size for file in rest))})")
    return ", ".join(shown[:-1]) + f" and {shown[-1]}" if len(shown) > 1 else shown[0]


def _message(found: list[ContextFile], taken: Taken, stage: Stage) -> str:
    listed = _listed(found)
    them, are = ("it", "it is") if len(found) == 1 else ("them", "they are")
    if taken.is_mount:
        return f"The bind mount sends {listed} to the builder, again when {are} changed. List {them} in .dockerignore."
    ships = stage not in stage.build.builders
    place = "the image" if ships else "a layer of the build cache"
    consequence = f"every push and pull moves {them}" if ships else f"{are} stored again for each change above"
    fetch = f"ount {them} or fetch {them} when {are} needed."
    if posixpath.normpath(taken.value) == found[0].path:
        return f"{listed} becomes part of {place}: {consequence}. M{fetch}"
    copy = f"`{taken.command}`"
    return f"{copy} takes {listed} into {place}: {consequence}. List {them} in .dockerignore, or m{fetch}"
