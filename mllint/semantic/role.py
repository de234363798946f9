"""What an image is for, and how that is known."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from mllint.regex import regex
from mllint.semantic.fact import Fact, Origin
from mllint.shell.command import Command
from mllint.syntax.nodes import Pairs

if TYPE_CHECKING:
    from mllint.images.known import ImageFacts
    from mllint.semantic.process import Process
    from mllint.semantic.stage import Stage


class Role(Enum):
    """The purposes that rules tell apart."""

    SERVING = "serving"
    TRAINING = "training"
    NOTEBOOK = "notebook"
    #: A batch command.
    JOB = "job"
    #: No command of its own: meant to be built upon.
    BASE = "base"
    UNKNOWN = "unknown"


#: Programs that train, as they are started.
_TRAINERS = frozenset(
    {"torchrun", "deepspeed", "accelerate", "horovodrun", "mpirun", "composer", "torch.distributed.run"}
)
_TRAINING_SCRIPT = regex(
    r"(^|[/_.-])(pre)?(train|training|trainer|finetune|fine_tune|finetuning|sft|pretrain)([/_.-]|$)", re.IGNORECASE
)
_SHELLS = frozenset({"bash", "sh", "zsh", "fish", "dash", "ash", "tmux", "screen"})
#: Programs that say nothing of what runs under them, or that only keep a container alive.
_TELLING_NOTHING = _SHELLS | {"sleep", "tail", "java", "node", "npm", "npx", "yarn", "pnpm", "supervisord"}
_LAMBDA = regex(r"(^|/)(aws-)?lambda[-/](python|provided|java|nodejs|dotnet|go|ruby)")
_SAGEMAKER_PACKAGES = frozenset({"sagemaker-inference", "sagemaker-training", "sagemaker-containers"})
#: Where SageMaker, or the serving script that its examples use, looks for code.
_SAGEMAKER_FOLDERS = ("/opt/ml/", "/opt/program")

#: What files and stages for development are called: `Dockerfile.dev`, `AS dev`.
_DEVELOPMENT = regex(r"(?i)(^|[/._-])(dev|devel|develop|development|devcontainer|debug|test|tests|ci)([._-]|$)")


def is_for_development(stage: Stage) -> bool:
    """Whether the names of the file, the stage or its parents say that nobody deploys the image."""
    path = stage.build.dockerfile.source.path
    names = [path.rpartition("/")[2], *(each.name or "" for each in stage.ancestry)]
    return any(_DEVELOPMENT.search(name) for name in names)


def role_of(stage: Stage) -> Fact[Role]:
    """The role of the image that a stage makes, with the evidence that decided."""
    given = stage.build.options.role
    if given is not None:
        return Fact(Role(given), None, Origin.OPTION, "given by the user")
    if platform_of(stage) == "AWS Lambda":
        return Fact(Role.SERVING, stage.root.opening.span, Origin.INHERITED, "AWS Lambda calls its handler")
    process = stage.process
    if process is None or process.instruction is None:
        return _without_command(stage)
    return _by_command(stage, process)


def platform_of(stage: Stage) -> str | None:
    """The platform whose contract the image follows ("AWS Lambda", "SageMaker"); None when nothing says so.

    It starts the container its own way, asks for its health itself, and decides about its user.
    """
    image = stage.root.image
    name = f"{image.registry}/{image.repository}:{image.tag}" if image is not None else ""
    process = stage.process
    if _LAMBDA.search(name) or (process is not None and any(_runs_lambda(command) for command in process.commands)):
        return "AWS Lambda"
    return "SageMaker" if "sagemaker" in name or any(_is_for_sagemaker(each) for each in stage.ancestry) else None


def _runs_lambda(command: Command) -> bool:
    return command.name == "awslambdaric" or "awslambdaric" in command.values()


def _is_for_sagemaker(stage: Stage) -> bool:
    for instruction in stage.body:
        if isinstance(instruction, Pairs) and instruction.keyword != "ARG":
            for pair in instruction.pairs:
                if pair.key.value.strip("\"'").startswith(("SAGEMAKER_", "com.amazonaws.sagemaker.")):
                    return True
    if any(step.target is not None and step.target.startswith(_SAGEMAKER_FOLDERS) for step in stage.copies):
        return True
    return any(each.name in _SAGEMAKER_PACKAGES for step in stage.installs for each in step.install.requirements)


def _without_command(stage: Stage) -> Fact[Role]:
    base = stage.base
    if base is not None and base.purpose == "notebook":
        return Fact(Role.NOTEBOOK, stage.root.opening.span, Origin.INHERITED, f"{base.family} starts Jupyter")
    if stage.servers or (base is not None and base.purpose == "serving" and not _starts_nothing(base)):
        return Fact(Role.SERVING, stage.root.opening.span, Origin.INHERITED, "the base image starts a server")
    by_port = _by_port(stage)
    if by_port is not None:
        return by_port
    return Fact(Role.BASE, stage.opening.span, Origin.LITERAL, "it has no command of its own")


def _starts_nothing(base: ImageFacts) -> bool:
    """Images that hold a server and start a shell: NVIDIA's (their entrypoint shows a banner), MLflow's."""
    banner = base.entrypoint is not None and base.entrypoint[-1:] == ("/opt/nvidia/nvidia_entrypoint.sh",)
    return banner or (base.entrypoint == () and base.cmd is not None and base.cmd[:1] in ((), ("python3",), ("bash",)))


def _by_command(stage: Stage, process: Process) -> Fact[Role]:
    for server in stage.servers:
        if server.facts.kind == "notebook":
            return Fact(Role.NOTEBOOK, server.span, Origin.LITERAL, f"it starts {server.facts.name}")
    if stage.servers:
        server = stage.servers[0]
        return Fact(Role.SERVING, server.span, Origin.LITERAL, f"it starts {server.facts.name}")
    trainer = next((command for command in process.commands if trains(command)), None)
    if trainer is not None:
        return Fact(Role.TRAINING, trainer.span, Origin.LITERAL, "its command trains")
    return _by_port(stage) or _batch(process)


#: NVIDIA's entry point shows a banner and runs CMD.
_BANNERS = frozenset({"nvidia_entrypoint.sh", "tini", "dumb-init"})
_PROMPTS = frozenset({"sh", "bash", "dash", "ash", "zsh", "fish", "python", "python3", "ipython"})


def prompt_of(process: Process | None) -> str | None:
    """The shell or interpreter that waits for somebody to type; None when something else runs, or nothing is known."""
    commands = process.commands if process is not None and process.known else ()
    names = [each.name for each in commands]
    last = commands[-1] if commands else None
    if last is None or last.name is None or not all(name in _BANNERS for name in names[:-1]):
        return None
    words = [word.value or "" for word in last.words]
    if last.name in _BANNERS and len(words) > 1:
        words = words[1:]
    name = words[0].rpartition("/")[2]
    waits = name in _PROMPTS and all(word in ("-l", "-i", "--login", "-il") for word in words[1:])
    return name if waits else None


def _batch(process: Process) -> Fact[Role]:
    names = [command.name for command in process.commands]
    if process.known and names and names[-1] is not None and names[-1] not in _TELLING_NOTHING:
        return Fact(Role.JOB, process.span, Origin.LITERAL, f"its command is `{names[-1]}`, which is no known server")
    return Fact(Role.UNKNOWN, process.span, Origin.LITERAL, "its command does not tell")


def _by_port(stage: Stage) -> Fact[Role] | None:
    """What the exposed ports say; 8888 beside an installed Jupyter is a notebook's, 22 is for maintenance."""
    for port, span in stage.exposed:
        if port == 8888 and _installs_jupyter(stage):
            return Fact(Role.NOTEBOOK, span, Origin.LITERAL, "Jupyter is installed and its port 8888 is exposed")
        if port != 22:
            return Fact(Role.SERVING, span, Origin.LITERAL, f"port {port} is exposed")
    return None


def _installs_jupyter(stage: Stage) -> bool:
    steps = (step for each in stage.ancestry for step in each.installs)
    return any(req.name in ("jupyter", "jupyterlab", "notebook") for step in steps for req in step.install.requirements)


def trains(command: Command) -> bool:
    """Whether a command starts a training: `torchrun …`, `python train.py`, `accelerate launch …`."""
    name = command.name
    if name is None:
        return False
    if name in _TRAINERS:
        return name not in ("accelerate", "mpirun") or any(
            value is not None and (value == "launch" or _TRAINING_SCRIPT.search(value)) for value in command.values()
        )
    if name.startswith("python"):
        values = [value for value in command.values() if value is not None]
        script = next((value for value in values if not value.startswith("-")), "")
        return bool(_TRAINING_SCRIPT.search(script)) or "torch.distributed.launch" in values
    return bool(_TRAINING_SCRIPT.search(command.words[0].value or "")) if name.endswith((".sh", ".py")) else False
