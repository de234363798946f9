"""ML107 discontinued-image."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Confidence,
    Edit,
    Finding,
    Fix,
    ImageReference,
    Place,
    Rule,
    Severity,
    Stage,
    name_place,
    tags,
)


class DiscontinuedImage(Rule):
    """The image's publisher has given it up: its repository is frozen, deprecated or gone.

    ## Why is this bad?
    A frozen image gets no security fixes and no new versions, however often it is rebuilt upon, and `latest` quietly
    means the day on which its publisher left. Some repositories are emptied a while later, and then nothing builds any
    more. There is nearly always a successor that holds the same.

    ## Bad
    ```dockerfile
    FROM jupyter/scipy-notebook:2023-10-20
    ```

    ## Good
    ```dockerfile
    FROM quay.io/jupyter/scipy-notebook:2025-03-14
    ```

    ## When it stays silent
    For repositories that the tables do not know, and for the images of operating systems past their end of life
    (`end-of-life-base`, ML103, says it with the date).

    ## Fix safety
    The fix writes the successor's name where the tags are the same. It is unsafe: the successor's content moved on.

    ## References
    - [Jupyter Docker Stacks, images moved to quay.io](https://github.com/jupyter/docker-stacks#quick-start)
    - [bitnami/containers, changes to the catalogue](https://github.com/bitnami/containers/issues/83267)
    - [conda-forge, sunsetting Mambaforge](https://conda-forge.org/news/2024/07/29/sunsetting-mambaforge/)
    """

    id = "ML107"
    name = "discontinued-image"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        image, place = stage.image, name_place(stage)
        if image is None or place is None:
            return
        found = tags.discontinued(image)
        if found is None or _said_by_its_end(stage, image):
            return
        yield self.finding(
            place.span,
            _message(found, image),
            severity=_severity(found),
            confidence=Confidence.HIGH if found.sure else Confidence.MEDIUM,
            related=place.related,
            fix=_fix(place, found, image),
        )


def _said_by_its_end(stage: Stage, image: ImageReference) -> bool:
    """`centos:7`: the system's own end says more."""
    base = stage.base
    return base is not None and base.family == base.os and bool(tags.end_of_life(image))


def _severity(found: tags.Discontinued) -> Severity:
    if found.state == "maintenance":
        return Severity.INFO
    return Severity.ERROR if found.pull_fails and found.sure else Severity.WARNING


_STATES = {
    "frozen": "has been frozen{since}: it gets no security fixes and no new versions",
    "deprecated": "has been deprecated{since}: its publisher no longer looks after it",
    "gone": "was taken down{on}",
    "maintenance": "is in maintenance only{since}: it gets fixes, but no new models or features",
}


def _message(found: tags.Discontinued, image: ImageReference) -> str:
    since, on = (f" since {found.since}", f" on {found.since}") if found.since else ("", "")
    state = _STATES[found.state].format(since=since, on=on)
    what = image.short if found.pull_fails else found.name
    pull = ", so the pull fails and the build stops here" if found.pull_fails else ""
    remedy = f" Use `{found.successor}`." if found.successor else " It has no direct successor."
    return f"`{what}` {state}{pull}.{remedy}"


def _fix(place: Place, found: tags.Discontinued, image: ImageReference) -> Fix | None:
    successor = found.successor
    if successor is None or not place.replaceable or not _same_tags(successor, image):
        return None
    return Fix(f"Use `{successor}`", (Edit(place.span, successor),), Applicability.UNSAFE)


def _same_tags(successor: str, image: ImageReference) -> bool:
    """Whether the tag that is written means something at the successor's."""
    if image.repository.rpartition("/")[2] != successor.rpartition("/")[2]:
        return False
    # Jupyter's new repositories start where the old ones ended.
    return image.digest is None and (image.tag in (None, "latest") or not successor.startswith("quay.io/jupyter/"))
