"""ML101 unpinned-base-image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    ImageReference,
    Place,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    is_placeholder,
    knowledge,
    tag_place,
    tags,
)


class UnpinnedBaseImage(Rule):
    """The base image has no tag, or one that its publisher moves.

    ## Why is this bad?
    The file stays the same and the image under it does not: a rebuild months later gets another Python, another CUDA or
    another operating system. ML packages feel it first, because their wheels exist for a few Python versions only and
    for a new one follow months later; until then pip compiles them, or stops. A model that was trained in one image is
    then served from another.

    An image that only files are taken from (`COPY --from=`, `RUN --mount=from=`) moves as well: another uv on another
    day. That is only advice, and said once for each image.

    ## Bad
    ```dockerfile
    FROM python:latest
    RUN useradd --create-home --uid 1000 app
    USER app
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN useradd --create-home --uid 1000 app
    USER app
    ```

    ## When it stays silent
    For stages, `scratch` and digests, for tags that carry at least a major and a minor version (`3.11-slim`,
    `golang:1.25`), dates, commits and words that only their publisher understands, where a variable hides the tag, and
    for `--from=name` without tag or registry, which can be a build context. Tags that cannot be pulled at all belong to
    `nonexistent-image-tag` (ML104), and repositories that nobody fills any more, so that nothing in them moves, to
    `discontinued-image` (ML107).

    ## Fix safety
    The fix writes a version that the tables know. It is unsafe: it may not be the version that was built so far.

    ## References
    - [Dockerfile best practices, pin base image versions](https://docs.docker.com/build/building/best-practices/#pin-base-image-versions)
    """

    id = "ML101"
    name = "unpinned-base-image"
    aliases = ("DL3006", "DL3007")
    tags = ("reproducibility",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        for stage in build.stages:
            yield from (finding._replace(stage=stage.label) for finding in self._base(stage))
        yield from self._tools(build)

    def _tools(self, build: Build) -> Iterator[Finding]:
        """The images that only files are taken from, unless a stage stands on the same one."""
        told = {stage.image for stage in build.stages}
        places: dict[ImageReference, list[_Taken]] = {}
        for taken in (each for stage in build.stages for each in _taken(stage)):
            places.setdefault(taken.image, []).append(taken)
        for image, (first, *others) in places.items():
            found = tags.floating(image)
            if found is None or image in told or _said_by_others(image) or _may_be_a_context(image, found):
                continue
            message = (
                f"`{image.short}` {_moves(image, found)}: another build of this file can take other files from it, and "
                f"nothing in it tells. {_remedy(found, image)}"
            )
            related = tuple(Related(each.span, "the same image") for each in others[:3])
            finding = self.finding(first.span, message, severity=Severity.INFO, related=related)
            yield finding._replace(stage=first.stage.label)

    def _base(self, stage: Stage) -> Iterator[Finding]:
        if stage.image is None:
            yield from self._half_known(stage)
            return
        found = tags.floating(stage.image)
        place = tag_place(stage)
        if found is None or place is None or _said_by_others(stage.image) or is_placeholder(stage.base_name or ""):
            return
        message = " ".join((_message(stage.image, found), _remedy(found, stage.image)))
        yield self.finding(place.span, message, related=place.related, fix=_fix(place, found))

    def _half_known(self, stage: Stage) -> Iterator[Finding]:
        """`FROM ${REGISTRY}/app:latest`: the name is not known, but the tag is."""
        image = stage.opening.image
        if image is None or stage.base_name is not None or not image.value.endswith(":latest"):
            return
        span = image.at(len(image.value) - len("latest"), len(image.value))
        yield self.finding(span, f"`latest` is whatever was pushed last: {_EFFECT}. Name a version.")


_EFFECT = "two builds of this file can stand on different images, and nothing in it tells"
#: States of a repository in which no tag moves.
_STILL = frozenset({"frozen", "gone"})


class _Taken(NamedTuple):
    """An image that an instruction takes files from."""

    image: ImageReference
    span: Span
    stage: Stage


def _taken(stage: Stage) -> Iterator[_Taken]:
    for step in stage.copies:
        value = step.instruction.flag_value("from")
        if isinstance(step.origin, ImageReference) and value is not None:
            yield _Taken(step.origin, value.span, stage)
    for run in stage.runs:
        for mount in run.mounts:
            name, value = mount.options.get("from"), mount.flag.value
            origin = stage.build.copy_origin(name, stage)
            if isinstance(origin, ImageReference) and name is not None and value is not None:
                at = value.value.find(f"from={name}")
                span = value.at(at + len("from="), at + len(f"from={name}")) if at >= 0 else mount.flag.span
                yield _Taken(origin, span, stage)


def _may_be_a_context(image: ImageReference, found: tags.Floating) -> bool:
    """`--from=data`: more likely a context that the build gets by `--build-context` than an image of that name."""
    return found.kind == "untagged" and "/" not in image.familiar and not tags.official(image)


def _said_by_others(image: ImageReference) -> bool:
    retired = tags.discontinued(image)
    return tags.missing(image) is not None or (retired is not None and retired.state in _STILL)


def _message(image: ImageReference, found: tags.Floating) -> str:
    if found.kind == "variant":
        today = _today(image, found)
        return f"`{found.tag}` says which variant, not which version of `{image.familiar}`{today}: {_EFFECT}."
    return f"`{image.short}` {_moves(image, found)}: {_EFFECT}."


def _moves(image: ImageReference, found: tags.Floating) -> str:
    """What the reference stands for, as a predicate."""
    today = _today(image, found)
    if found.kind == "untagged":
        return f"has no tag, which means `{image.short}:latest`{today}"
    if found.kind == "major":
        return f"moves on with every {(found.tag or '').partition('-')[0]}.x release{today}"
    if found.kind == "variant":
        return f"names a variant and no version{today}"
    return f"is whatever was pushed last{today}"


def _today(image: ImageReference, found: tags.Floating) -> str:
    """What the tag stands for on the day of the tables, where they know."""
    word, *more = (found.tag or "latest").split("-")
    newest = None
    if image.familiar == "python" and word in ("latest", "3", "slim", "alpine"):
        newest = f"Python {knowledge.python_releases.HORIZON}"
    elif image.familiar == "tensorflow/tensorflow" and word in ("latest", "gpu") and "py3" not in more:
        newest = f"TensorFlow {knowledge.tensorflow_images.HORIZON}"
    elif image.familiar == "pytorch/pytorch" and word == "latest":
        newest = f"PyTorch {knowledge.pytorch_images.HORIZON}"
    return f" ({newest} or newer, as of {tags.TODAY})" if newest is not None else ""


def _remedy(found: tags.Floating, image: ImageReference) -> str:
    if found.proposal is not None:
        return f"Name a version: `{image._replace(tag=found.proposal).short}`."
    return "Name a version." if found.kind != "channel" else "Name a release, or pin the digest."


def _fix(place: Place, found: tags.Floating) -> Fix | None:
    if found.proposal is None or not place.replaceable:
        return None
    span = place.span
    if found.tag is None:
        edit = Edit(span.source.span(span.end, span.end), f":{found.proposal}")
    else:
        edit = Edit(span, found.proposal)
    return Fix(f"Pin `{found.proposal}`", (edit,), Applicability.UNSAFE)
