"""What an image is for, and how that is known."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from mllint.semantic.fact import Fact, Origin
from mllint.shell.command import Command

if TYPE_CHECKING:
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
_TRAINING_SCRIPT = re.compile(
    r"(^|[/_.-])(pre)?(train|training|trainer|finetune|fine_tune|finetuning|sft|pretrain)([/_.-]|$)", re.IGNORECASE
)
_SHELLS = frozenset({"bash", "sh", "zsh", "fish", "dash", "ash", "tmux", "screen"})


def role_of(stage: Stage) -> Fact[Role]:
    """The role of the image that a stage makes, with the evidence that decided."""
    given = stage.build.options.role
    if given is not None:
        return Fact(Role(given), None, Origin.OPTION, "given by the user")
    process = stage.process
    if process is None or process.instruction is None:
        return _without_command(stage)
    return _by_command(stage, process)


def _without_command(stage: Stage) -> Fact[Role]:
    base = stage.base
    if base is not None and base.purpose == "notebook":
        return Fact(Role.NOTEBOOK, stage.root.opening.span, Origin.INHERITED, f"{base.family} starts Jupyter")
    if stage.servers or (base is not None and base.purpose == "serving"):
        return Fact(Role.SERVING, stage.root.opening.span, Origin.INHERITED, "the base image starts a server")
    by_port = _by_port(stage)
    if by_port is not None:
        return by_port
    return Fact(Role.BASE, stage.opening.span, Origin.LITERAL, "it has no command of its own")


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


def _batch(process: Process) -> Fact[Role]:
    names = [command.name for command in process.commands]
    if process.known and names and names[-1] is not None and names[-1] not in _SHELLS:
        return Fact(Role.JOB, process.span, Origin.LITERAL, f"it runs `{names[-1]}` to its end")
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
