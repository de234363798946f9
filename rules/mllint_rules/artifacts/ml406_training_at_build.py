"""ML406 training-at-build."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mllint.api import Command, Finding, Rule, Severity, Stage, Step, is_for_development, regex, trains

#: Scripts that are named after a training and only prepare one, or build its parts.
_PREPARES = regex(
    r"(?i)(^|[/_.-])(down_?load|fetch|prepare|pre_?process|install|setup|set_?up|data(sets?)?|deps|requirements|tests?|"
    r"env|build|compile|configure|check|export|convert|split|pip|conda)([/_.-]|$)"
)
_TRAINING = regex(r"(?i)(^|[/_.-])(pre)?(train|training|trainer|finetune|fine_tune|finetuning|sft|pretrain)([_.-]|$)")
#: Options with which nothing is trained.
_IDLE = regex(
    r"-h|--help|--version|-V|--dry[-_]run|--(download|prepare|preprocess)([-_]data)?([-_]only)?|--compile-only"
)
#: Programs of libraries, with the word that starts a training.
_PROGRAMS = {
    "rasa": "train",
    "spacy": "train",
    "dvc": "repro",
    "llamafactory-cli": "train",
    "tune": "run",
    "autotrain": "llm",
}


class TrainingAtBuild(Rule):
    """A model is trained while the image is built.

    ## Why is this bad?
    A build gets no GPU unless its builder is set up to hand one over, and has no checkpoint and no retry: a training of
    an hour on a GPU runs for a day on the builder's CPU, and starts again anew when the builder stops. The
    cache decides when it happens: a changed line above trains another model under the same tag, an unchanged one keeps
    an old model although the data behind it moved. Neither the metrics nor what it was trained on are recorded.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    COPY train.py /app/
    WORKDIR /app
    RUN python train.py --epochs 3
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    COPY train.py /app/
    WORKDIR /app
    USER 1000
    CMD ["python", "-u", "train.py", "--epochs", "3"]
    ```

    ## When it stays silent
    For `--help` and dry runs, for scripts that are named after the preparation of a training
    (`prepare_training_data.py`, `install_train_deps.sh`) and for those whose names tell nothing. In stages that are not
    part of the final image, and in files and stages for development, it is only noted.

    ## References
    - [Docker, GPU support is one of running containers](https://docs.docker.com/engine/containers/gpu/)
    - [DVC, get started: data pipelines](https://dvc.org/doc/start/data-pipelines/data-pipelines)
    """

    id = "ML406"
    name = "training-at-build"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        reported = None
        for step in stage.steps:
            if step.instruction is not reported and _is_training(step.command):
                reported = step.instruction
                yield self._finding(step, stage)

    def _finding(self, step: Step, stage: Stage) -> Finding:
        aside = stage in stage.build.builders or is_for_development(stage)
        message = (
            f"`{_shown(step.command)}` trains in `docker build`: on the CPU (a build has no GPU unless its builder is "
            "set up for it), without checkpoints, and the layer cache decides when it happens again, so that one tag "
            "holds different models. Train in a container of this image (CMD, or a job), keep the model in a registry, "
            "and fetch it by its version."
        )
        return self.finding(step.command.span, message, severity=Severity.INFO if aside else Severity.WARNING)


def _is_training(command: Command) -> bool:
    name = command.name or ""
    if name not in _PROGRAMS and not name.startswith("python") and not trains(command):
        return False
    values = [value or "" for value in command.values()]
    if any(_IDLE.fullmatch(value) for value in values):
        return False
    module = values[values.index("-m") + 1 : values.index("-m") + 3] if "-m" in values else []
    words = module if name.startswith("python") and module else [name, *values]
    if words and _PROGRAMS.get(words[0]) is not None and _PROGRAMS[words[0]] in words[1:2]:
        return True
    return trains(command) and any(
        _is_training_script(value, is_module=value in module[:1]) for value in _targets(command)
    )


def _targets(command: Command) -> list[str]:
    """What the command runs: its own name, and the words that may be a script or a module."""
    values = [value for value in command.values() if value is not None and not value.startswith("-")]
    if (command.name or "").startswith("python") and "torch.distributed.launch" not in values:
        return values[:1]
    return [command.words[0].value or "", *values]


def _is_training_script(value: str, *, is_module: bool) -> bool:
    if not is_module and not value.endswith((".py", ".sh")):
        return False
    name = posixpath.basename(value)
    return _TRAINING.search(name) is not None and _PREPARES.search(name) is None


def _shown(command: Command) -> str:
    """The first words, enough to know the command again."""
    words = [word.raw for word in command.words[:3]]
    return " ".join(words) + (" …" if len(command.words) > len(words) else "")
