"""ML102 base-image-without-digest."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Finding, ImageReference, Related, Rule, Severity, Span, image_place, tags


class BaseImageWithoutDigest(Rule):
    """The base image is pinned by a tag, not by the digest of its content.

    ## Why is this bad?
    Publishers rebuild the images behind their tags: `python:3.12.7-slim` gets new Debian packages every few weeks, and
    nvidia/cuda tags were rebuilt with a new signing key. Most teams want these updates. Who has to say which bytes a
    model was trained or certified with, or wants the registry out of the trust chain, pins the digest and lets a bot
    (Renovate, Dependabot) move it.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim@sha256:6b33d0b5f0cd1b4b4b6c6c3b1c0dbb9b5b1fbd5e0fd0d3a2a1f3b6e2d54a7c10
    USER 1000
    ```

    ## When it stays silent
    For stages, `scratch`, unpinned tags (`unpinned-base-image`, ML101), tags that cannot be pulled, and images that are
    not known because of a variable. An image that several stages stand on is reported once.

    ## References
    - [Dockerfile best practices, pin base image versions](https://docs.docker.com/build/building/best-practices/#pin-base-image-versions)
    """

    id = "ML102"
    name = "base-image-without-digest"
    severity = Severity.INFO
    default = False
    tags = ("reproducibility", "security")

    def check_build(self, build: Build) -> Iterator[Finding]:
        places: dict[ImageReference, list[tuple[Span, str]]] = {}
        for stage in build.stages:
            place = image_place(stage)
            if stage.image is not None and place is not None and _only_tagged(stage.image):
                places.setdefault(stage.image, []).append((place.span, stage.label))
        for image, found in places.items():
            (first, label), *others = found
            related = tuple(Related(span, "the same image") for span, _ in others if span != first)
            message = (
                f"`{image.short}` can be rebuilt under the same tag: a later build of this file may stand on other "
                f"bytes. `docker buildx imagetools inspect {image.short}` prints the digest to put behind it."
            )
            yield self.finding(first, message, related=related)._replace(stage=label)


def _only_tagged(image: ImageReference) -> bool:
    retired = tags.discontinued(image)
    return (
        image.tag is not None
        and image.digest is None
        and tags.floating(image) is None
        and tags.missing(image) is None
        and not (retired is not None and retired.pull_fails)
    )
