"""ML403 dataset-baked-in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from mllint.api import (
    Confidence,
    CopyStep,
    DownloadKind,
    Fetch,
    Finding,
    Option,
    Related,
    Rule,
    Span,
    Stage,
    weights,
)


class _Data(NamedTuple):
    """Data that a COPY or ADD brings."""

    span: Span
    path: str
    #: How many files; 0 when the context does not have them.
    files: int
    #: In bytes; None when not known.
    size: int | None
    confidence: Confidence
    truncated: bool = False
    #: The largest of the files.
    largest: str = ""


class DatasetBakedIn(Rule):
    """Training data is copied or downloaded into the image.

    ## Why is this bad?
    Data is larger than code by orders of magnitude and changes on its own schedule. In a layer every push and pull
    moves it, every node stores it once for each version of the image, new data needs a new image, and data that must be
    deleted on request stays in all images that were ever pushed.

    ## Bad
    ```context
    train.py             8 kB
    data/train.parquet   1.8 GB
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY train.py /app/
    COPY data/ /app/data/
    USER 1000
    ```

    ## Good
    ```dockerfile
    # docker run --mount type=bind,source=/srv/data,target=/data,readonly …
    FROM python:3.12.7-slim
    COPY train.py /app/
    ENV DATA_DIR=/data
    USER 1000
    ```

    ## When it stays silent
    Under `max-data-size` where the size is known, from the build context or from a Git LFS or DVC pointer: fixtures of
    tests, label maps, a folder `data/` with code or settings. Where the size is not known, texts (.csv, .jsonl) count
    by telling names only (`train.csv`). In stages that no image is made of, where a mount keeps the download out, and
    for a copy of the whole context, of which `dockerignore-gaps` (ML702) speaks. Weights are `model-baked-in` (ML401).

    ## References
    - [Volumes](https://docs.docker.com/engine/storage/volumes/)
    - [DVC, get started with data](https://dvc.org/doc/start)
    """

    id = "ML403"
    name = "dataset-baked-in"
    tags = ("size",)

    max_data_size = Option(10, "Data whose size is known and below this many MB is not reported.")

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        if stage in stage.build.builders:
            return
        told: int | None = None
        for step in stage.copies:
            least = self.max_data_size * 1e6
            found = [each for each in _copied(step, stage) if each.size is None or each.size >= least]
            if found:
                found.sort(key=lambda each: each.size or 0, reverse=True)
                first = found[0]
                yield self.finding(first.span, _copy_message(found, told), confidence=first.confidence)
                told = told or first.span.first.line
        downloads = [
            each for each in stage.artifacts.fetches if each.stays and each.download.kind is DownloadKind.DATASET
        ]
        for _, group in groupby(downloads, key=lambda each: id(each.instruction)):
            fetches = list(group)
            yield self._downloaded(fetches, told)
            told = told or fetches[0].span.first.line

    def _downloaded(self, fetches: list[Fetch], told: int | None) -> Finding:
        first = fetches[0]
        inside = first.download.span.source is not first.span.source
        return self.finding(
            first.span,
            _download_message(first, len(fetches) - 1, told),
            confidence=Confidence.HIGH if first.download.sure and not first.conditional else Confidence.MEDIUM,
            related=(Related(first.download.span, "downloaded here"),) if inside else (),
        )


def _copied(step: CopyStep, stage: Stage) -> Iterator[_Data]:
    from mllint.api import clutter

    for source, value in step.sources:
        if value is None or "://" in value or not step.from_context:
            continue
        intake = stage.artifacts.intake_at(source.span)
        if intake is not None and intake.whole:
            continue
        folder = clutter.names_data_folder(value)
        if intake is not None and intake.paths:
            listing = intake.listing
            data = clutter.data_among(listing.files, named=folder)
            size = sum(weights.real_size(intake.context, file) for file in data)
            confidence = Confidence.HIGH if intake.context.sure else Confidence.MEDIUM
            if data:
                largest = max(data, key=lambda file: file.size).path
                yield _Data(source.span, value, len(data), size, confidence, listing.truncated, largest)
            continue
        if intake is not None and intake.context.ignored(value):
            continue
        verdict = clutter.names_data(value)
        if folder or verdict is not None:
            bare = posixpath.normpath(value)
            tracked = weights.tracked_size(intake.context, bare) if intake is not None else None
            yield _Data(source.span, value, 0, tracked, Confidence.MEDIUM if verdict or tracked else Confidence.LOW)


def _copy_message(found: list[_Data], told: int | None) -> str:
    """What comes in and what follows from it; `told` is the line of the stage's finding that has said that."""
    data, *others = found
    least = "at least " if data.truncated else ""
    size = f"{least}{weights.readable_size(data.size)}" if data.size is not None else ""
    rest = _and(others)
    if data.files > 1:
        figures = f"{data.files:,} data files ({size}; the largest is `{data.largest}`)"
        return f"`{data.path}`{rest} {'bring' if others else 'brings'} {figures} into the image{_then(told)}"
    path = data.largest or data.path
    by_name = f", by {'their names' if others else 'its name'} training data,"
    subject = f"`{path}` ({size}){rest}" if size else f"`{path}`{rest}{by_name}"
    return f"{subject} {'become' if others else 'becomes'} part of the image{_then(told)}"


def _and(others: list[_Data]) -> str:
    """The other sources of the instruction, the first two of them by name."""
    names = [f"`{each.path}`" for each in others]
    parts = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"]
    return "".join((*(f", {each}" for each in parts[:-1]), *(f" and {each}" for each in parts[-1:])))


def _then(told: int | None) -> str:
    if told is not None:
        return f" as well: what line {told} says holds here too."
    return (
        ": every push and pull moves it, every node stores it, and new data means a new image. Mount it as a volume, "
        "or read it from its store when the container starts."
    )


def _download_message(fetch: Fetch, others: int, told: int | None) -> str:
    download = fetch.download
    tool = f"`{fetch.span.text.split()[0]}`" if download.tool == "" else f"`{download.tool}`"
    what = f"`{download.subject}`" if download.subject else "a dataset"
    rest = f" and {others} more" if others else ""
    twice = ", and DVC's cache beside it stores it a second time" if download.tool.startswith("dvc") else ""
    return f"{tool} downloads {what}{rest} into a layer of the image{twice}{_then(told)}"
