"""The weights that a COPY or ADD puts into a stage, from the build context or from another stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.regex import regex
from mllint.semantic.downloads import DownloadKind
from mllint.semantic.fetches import within
from mllint.semantic.role import trains
from mllint.semantic.stage import Stage
from mllint.semantic.steps import CopyStep, is_whole, join_path
from mllint.semantic.weights import Weights, file_verdict, folder_verdict, tracked_size
from mllint.shell.command import Command
from mllint.source import Span, Text

#: Options whose value is a folder or file that a training writes.
_OUTPUT = regex(
    r"(?i)--?(\w+[-_])*(o|out|output|outputs|save|model|models|checkpoint|checkpoints|ckpt|export|dest|artifacts?)"
    r"([-_]\w+)*"
)
#: Paths of an image that hold models by custom.
_MODEL_ROOT = regex(
    r"/(opt/ml/model|opt/models?|models?|mnt/models?|srv/models?|data/models?|var/models?|repository)(/|$)"
)


class Made(NamedTuple):
    """Weights that a stage puts into its layers."""

    #: The absolute file or folder; None when not known.
    path: str | None
    weights: Weights
    #: What makes them.
    span: Span
    #: "downloaded", "copied" or "trained".
    how: str


class Baked(NamedTuple):
    """Weights that a COPY or ADD brings."""

    step: CopyStep
    source: Text
    weights: Weights
    #: The whole context is copied, weights among the rest.
    whole_context: bool = False
    #: What made them in the other stage, for a `COPY --from`.
    origin: Made | None = None
    #: Only the use of the folder says that it holds weights.
    guess: bool = False
    #: The path that is loaded from the folder, where that says that it holds weights.
    loaded: str | None = None


def baked_weights(stage: Stage) -> Iterator[Baked]:
    """The weights that the COPY and ADD instructions of a stage bring, whether it ships or not."""
    for step in stage.copies:
        for source, value in step.sources:
            found = _baked(stage, step, source, value)
            if found is not None and found.weights.size != 0:
                yield found


def _baked(stage: Stage, step: CopyStep, source: Text, value: str | None) -> Baked | None:
    if "://" in source.value or source.value.startswith("git@"):
        return None
    if step.from_context:
        return _from_context(stage, step, source, value)
    if not isinstance(step.origin, Stage):
        return None
    return _from_stage(step, source, value, step.origin)


def _from_context(stage: Stage, step: CopyStep, source: Text, value: str | None) -> Baked | None:
    context = stage.build.context
    if context is not None and value is not None:
        intake = stage.artifacts.intake_at(source.span)
        weights = intake.weights if intake is not None else None
        if weights is not None:
            return Baked(step, source, weights, is_whole(value))
        if context.ignored(value):
            return None
    name = value if value is not None else source.value.replace('"', "")
    verdict = file_verdict(name)
    if verdict is None and step.target is not None and len(step.sources) == 1 and folder_verdict(name) is None:
        # `COPY ${MODEL} /app/model.pkl`: the target says what the source does not.
        verdict = file_verdict(step.target)
    if verdict is not None:
        size = tracked_size(context, name) if context is not None else None
        return Baked(step, source, Weights((), size, verdict))
    return _folder(stage, step, source, value, name)


def _folder(stage: Stage, step: CopyStep, source: Text, value: str | None, name: str) -> Baked | None:
    """A folder that cannot be looked into: by its name, or by what is loaded from it."""
    verdict = folder_verdict(name)
    if verdict is None and value is None and step.target is not None:
        verdict = folder_verdict(step.target) or None
    if verdict is None:
        return None
    if verdict:
        return Baked(step, source, Weights((), None, sure=False))
    found = _loaded(stage, step)
    if found is None:
        return None
    path, guess = found
    return Baked(step, source, Weights((), None, sure=False), guess=guess, loaded=path)


def _loaded(stage: Stage, step: CopyStep) -> tuple[str, bool] | None:
    """What is loaded from below the target, by the environment or the command, and whether that is a guess.

    No guess is needed where a file with weights is named.
    """
    target, final = step.target, stage.build.final
    if target is None or not target.strip("/"):
        return None
    inside = [(name, value) for name, value in _values(final or stage) if within(value, target)]
    file = next((value for _, value in inside if file_verdict(value) is not None), None)
    if file is not None:
        return file, False
    folder = next((value for name, value in inside if "MODEL" in name), None)
    served = final is not None and any(server.facts.kind == "model" for server in final.servers)
    if folder is None and served and _MODEL_ROOT.match(target):
        folder = target
    return (folder, True) if folder is not None else None


def _values(stage: Stage) -> Iterator[tuple[str, str]]:
    """The absolute paths in the environment, by their variables, and in the container's command, as "MODEL"."""
    for name, variable in stage.scope.environment.at_end().items():
        if (variable.value or "").startswith("/"):
            yield name, variable.value or ""
    for command in stage.process.commands if stage.process is not None else ():
        for word in command.arguments:
            value = (word.value or "").rpartition("=")[2]
            if value.startswith("/"):
                yield "MODEL", value


def _from_stage(step: CopyStep, source: Text, value: str | None, origin: Stage) -> Baked | None:
    path = join_path("/", value) if value is not None else None
    name = value if value is not None else source.value
    found = _written(origin, path) if path is not None else None
    if found is not None:
        return Baked(step, source, found.weights, origin=found)
    verdict = file_verdict(name)
    if verdict is True or (verdict is None and folder_verdict(name) is True):
        return Baked(step, source, Weights((), None, sure=verdict is True))
    return None


def _written(stage: Stage, path: str) -> Made | None:
    """The weights below a path at the end of a stage."""
    telling = file_verdict(path) is not None or folder_verdict(path) is not None
    for each in stage.ancestry:
        found = [
            made for made in each.artifacts.weights if _overlap(path, made.path) or (made.path is None and telling)
        ]
        if found:
            return found[0]._replace(weights=_together([made.weights for made in found]))
    return None


def _together(parts: list[Weights]) -> Weights:
    sizes = [part.size for part in parts if part.size is not None]
    files = tuple(file for part in parts for file in part.files)
    return Weights(files, sum(sizes) if len(sizes) == len(parts) else None, any(part.sure for part in parts))


def made_weights(stage: Stage) -> Iterator[Made]:
    """The weights that a stage puts into its layers: what it downloads, copies, and trains."""
    for fetch in stage.artifacts.fetches:
        download = fetch.download
        if download.kind is DownloadKind.WEIGHTS and fetch.stays:
            # Of several branches only one runs, so that their sizes must not be added up.
            size = None if fetch.conditional else download.size
            weights = Weights((), size, download.sure and fetch.path is not None)
            yield Made(fetch.path, weights, fetch.span, "downloaded")
    for baked in stage.artifacts.baked:
        if not baked.guess:
            made = baked.origin or Made(None, baked.weights, baked.source.span, "copied")
            yield made._replace(path=baked.step.target, weights=baked.weights)
    for step in stage.steps:
        if trains(step.command):
            outputs = tuple(_outputs(step.command, stage.workdir_at(step.instruction)))
            for path in outputs or (None,):
                yield Made(path, Weights((), None, sure=False), step.command.span, "trained")


def _outputs(command: Command, folder: str | None) -> Iterator[str]:
    """The absolute paths that a command is told to write to."""
    words = command.arguments
    for index, word in enumerate(words):
        name, equals, value = (word.value or "").partition("=")
        if not _OUTPUT.fullmatch(name):
            continue
        following = value if equals else (words[index + 1].value if index + 1 < len(words) else None)
        path = join_path(folder, following) if following else None
        if path is not None:
            yield path


def _overlap(path: str, written: str | None) -> bool:
    """Whether what is written lies in the path, or the path in what is written; `/` says nothing."""
    if written is None or not written.strip("/"):
        return False
    return within(written, path) or within(path, written)
