"""ML401 model-baked-in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import groupby

from mllint.api import Baked, Build, Confidence, Finding, Option, Related, Role, Rule, Stage, weights

#: Programs of images whose only content is a model: an init container copies it, or a volume shares it.
_CARRIERS = frozenset({"cp", "rsync", "tar", "sh", "true", "sleep", "cat", "tail", "ls", "echo", "mv", "ln", "mkdir"})
_SMALL_BASES = frozenset(
    {"scratch", "busybox", "alpine", "static", "static-debian12", "ubi-micro", "ubi9-micro", "ubi8-micro"}
)


class ModelBakedIn(Rule):
    """Model weights are copied into the image.

    ## Why is this bad?
    Code changes daily and weighs kilobytes; weights change rarely and weigh gigabytes. In one image every push and pull
    moves both, each node that starts the service stores both, a new model needs a new image and a rollback of the code
    rolls the model back too. Weights that another stage trains cannot even be rebuilt without training again.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    COPY models/bert-large.onnx /models/
    USER 1000
    ```

    ## Good
    ```dockerfile
    # docker run --mount type=bind,source=/srv/models,target=/models,readonly …
    FROM python:3.12.7-slim
    ENV MODEL_PATH=/models/bert-large.onnx
    USER 1000
    ```

    ## When it stays silent
    Under `max-model-size` where the size is known: from the build context, from a Git LFS or DVC pointer. For an image
    that holds nothing but the model (`FROM scratch` or `busybox`, nothing installed, no server), which is one of the
    remedies; for stages that no image is made of; and for folders such as `models/` that may hold code, unless the
    context shows weights in them, or they go where a server keeps its models. Weights from a URL are
    `model-downloaded-at-build` (ML402).

    ## References
    - [Dockerfile best practices, exclude with .dockerignore](https://docs.docker.com/build/building/best-practices/#exclude-with-dockerignore)
    - [Volumes](https://docs.docker.com/engine/storage/volumes/)
    """

    id = "ML401"
    name = "model-baked-in"
    tags = ("size",)

    max_model_size = Option(10, "Weights whose size is known and below this many MB are not reported.")

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        baked = stage.artifacts.baked
        if not baked or stage in stage.build.builders or _only_carries(stage.build):
            return
        # One finding for each instruction: the first source stands for the others.
        line: int | None = None
        for _, sources in groupby(filter(self._counts, baked), key=lambda each: id(each.step)):
            first, *others = sources
            yield self._finding(first, others, line)
            line = line or first.source.span.first.line

    def _counts(self, baked: Baked) -> bool:
        size = baked.weights.size
        return size is None or size >= self.max_model_size * 1e6

    def _finding(self, baked: Baked, others: list[Baked], line: int | None) -> Finding:
        """`line` is that of the stage's first finding, which has said what follows from it."""
        related: tuple[Related, ...] = ()
        if baked.origin is not None:
            related = (Related(baked.origin.span, f"{baked.origin.how} here"),)
        message = _message(baked, others, line)
        return self.finding(baked.source.span, message, confidence=_confidence(baked), related=related)


def _confidence(baked: Baked) -> Confidence:
    if baked.guess:
        return Confidence.LOW
    return Confidence.HIGH if baked.weights.sure else Confidence.MEDIUM


def _message(baked: Baked, others: list[Baked], line: int | None) -> str:
    what, it = _what(baked, others)
    if line is not None:
        return f"{what} as well: what line {line} says holds for {it} too."
    again = ", a rebuild trains again" if baked.origin is not None and baked.origin.how == "trained" else ""
    ignore = f" List {it} in .dockerignore." if baked.whole_context else ""
    its = "its" if it == "it" else "their"
    return (
        f"{what}: every push and pull moves {it}{again}, and a new model means a new image.{ignore} Mount {it} as a "
        f"volume or fetch {it} at start into a cache; without network at run time, copy {it} from an image of {its} "
        f"own, in front of the code."
    )


def _what(baked: Baked, others: list[Baked]) -> tuple[str, str]:
    """What comes into the image, and the pronoun for it."""
    name = f"`{_path(baked)}`"
    if baked.origin is not None:
        return _from_stage(baked, name), "them"
    files = baked.weights.files
    if baked.whole_context:
        return f"The whole context brings {_listed(baked)} into the image", "them" if len(files) > 1 else "it"
    rest = f" and {len(others)} more" if others else ""
    if len(files) > 1 or (files and posixpath.normpath(_path(baked)) != files[0]):
        return f"{name} brings {_listed(baked)}{rest} into the image", "them" if len(files) > 1 or others else "it"
    known = [each.weights.size for each in (baked, *others) if each.weights.size is not None]
    figure = f" ({weights.readable_size(sum(known))})" if known else ""
    kind = "" if baked.weights.sure or others else _reason(baked)
    verb, it = ("become", "them") if others else ("becomes", "it")
    return f"{name}{rest}{figure}{kind} {verb} part of the image", it


def _reason(baked: Baked) -> str:
    """Why it is taken for a model, where its name leaves a doubt."""
    if baked.loaded is None:
        return ", by its name a model,"
    return f", from which a model is loaded (`{baked.loaded}`),"


def _path(baked: Baked) -> str:
    """The source, its variables put in where they are known."""
    value = next((value for source, value in baked.step.sources if source is baked.source), None)
    return value if value is not None else baked.source.value


def _from_stage(baked: Baked, name: str) -> str:
    origin = baked.origin
    assert origin is not None
    size = baked.weights.size
    figure = f" (about {weights.readable_size(size)})" if size is not None else ""
    stage = f"`{baked.step.origin.label}`" if isinstance(baked.step.origin, Stage) else "another stage"
    return f"{name} brings the weights{figure} that are {origin.how} in stage {stage} into this image"


def _listed(baked: Baked) -> str:
    """`4 files with weights (1.2 GB, the largest is x)`."""
    files = baked.weights.files
    size = weights.readable_size(baked.weights.size or 0)
    if len(files) == 1:
        return f"`{files[0]}` ({size})"
    return f"{len(files)} files with weights ({size} together; the largest is `{files[0]}`)"


def _only_carries(build: Build) -> bool:
    """Whether the image is only there to hold the model, so that others can copy or mount it."""
    final = build.final
    if final is None or final.role.value not in (Role.BASE, Role.JOB, Role.UNKNOWN):
        return False
    image = final.root.image
    name = "scratch" if final.root.is_scratch else posixpath.basename(image.repository) if image is not None else ""
    if name not in _SMALL_BASES or any(stage.installs for stage in final.ancestry):
        return False
    commands = final.process.commands if final.process is not None else ()
    return all(command.name in _CARRIERS for command in commands)
