"""ML104 nonexistent-image-tag."""

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
    regex,
    tag_place,
    tags,
)


class NonexistentImageTag(Rule):
    """The tag cannot be pulled: its publisher never had it, or has removed it.

    ## Why is this bad?
    The build stops at its first step with "manifest unknown" or "not found". A file that built for years breaks like
    this from one day to the next: NVIDIA deletes the nvidia/cuda tags of old releases, and has had no `latest` since
    2021. The other cause is a tag made up by analogy: `11.8.0-base` without the operating system, a pytorch/pytorch
    tag with a CUDA version that the release was never built for.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:11.8.0-base
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:11.8.0-base-ubuntu22.04
    USER 1000
    ```

    ## When it stays silent
    For publishers that the tables do not know, versions newer than the tables, digests, and images behind a mirror or
    a private registry, which may hold what the publisher has deleted. It is a warning where the tables are not sure,
    and in stages that the final one does not need.

    ## Fix safety
    The fix writes the nearest tag that exists. It is unsafe: another CUDA or operating system may be wanted.

    ## References
    - [NVIDIA, supported tags](https://gitlab.com/nvidia/container-images/cuda/-/blob/master/doc/supported-tags.md)
    - [NVIDIA, container support policy](https://gitlab.com/nvidia/container-images/cuda/-/blob/master/doc/support-policy.md)
    - [PyTorch, official Docker images](https://hub.docker.com/r/pytorch/pytorch/tags)
    """

    id = "ML104"
    name = "nonexistent-image-tag"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        place = tag_place(stage)
        needed = stage in stage.build.used
        if stage.image is not None and place is not None:
            yield from self._check(stage.image, place, needed)
        for step in stage.copies:
            value = step.instruction.flag_value("from")
            if isinstance(step.origin, ImageReference) and value is not None:
                yield from self._check(step.origin, Place(value.span, replaceable=False), needed)

    def _check(self, image: ImageReference, place: Place, needed: bool) -> Iterator[Finding]:
        found = tags.missing(image)
        if found is None:
            return
        yield self.finding(
            place.span,
            _message(image, found, needed),
            severity=Severity.ERROR if found.sure and needed else Severity.WARNING,
            confidence=Confidence.HIGH if found.sure else Confidence.MEDIUM,
            related=place.related,
            fix=_fix(place, found),
        )


def _message(image: ImageReference, found: tags.MissingTag, needed: bool) -> str:
    nearest = _nearest(image, found)
    stop = "the build stops here" if needed else "a build that needs this stage stops"
    if not found.sure:
        return f"`{image.short}` is in no list of published tags: {found.reason}. The pull probably fails.{nearest}"
    if found.kind == "deleted":
        since = f" (gone since {found.since} at the latest)" if found.since else ""
        return f"`{image.short}` cannot be pulled any more: {found.reason}{since}, and {stop}.{nearest}"
    return f"`{image.short}` was never published: {found.reason}. {stop[0].upper()}{stop[1:]}.{nearest}"


_VERSION = regex(r"\d+\.\d+")


def _nearest(image: ImageReference, found: tags.MissingTag) -> str:
    """What to take instead; CUDA versions whose images are all gone have none of the same version."""
    if not found.nearest:
        return ""
    instead = f"`{image._replace(tag=found.nearest[0]).short}`"
    asked, there = _VERSION.match(found.tag or ""), _VERSION.match(found.nearest[0])
    if asked is not None and there is not None and asked[0] != there[0]:
        return f" The nearest that exists is of another version: {instead}."
    return f" Take {instead}."


def _fix(place: Place, found: tags.MissingTag) -> Fix | None:
    if not found.nearest or not place.replaceable:
        return None
    nearest = found.nearest[0]
    if found.tag is None:
        edit = Edit(place.span.source.span(place.span.end, place.span.end), f":{nearest}")
    else:
        edit = Edit(place.span, nearest)
    return Fix(f"Take `{nearest}`", (edit,), Applicability.UNSAFE)
