"""ML610 effect-lost-between-runs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Edit,
    Finding,
    Fix,
    LostEffect,
    Rule,
    Stage,
    lost_effects,
)


class EffectLostBetweenRuns(Rule):
    """A RUN ends in `cd`, `export`, `source` or the like, of which nothing reaches the next instruction.

    ## Why is this bad?
    Each RUN starts a shell of its own, in WORKDIR and with the variables of ENV. What a command changes in that shell
    ends with it: after `RUN cd /app` the next RUN is where it was before, after `RUN source venv/bin/activate` pip
    installs into the system's Python, and after `RUN export X=1` nobody knows X. The build goes on all the same, with
    packages in the wrong place.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    COPY . /app
    RUN cd /app
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    COPY . /app
    WORKDIR /app
    USER 1000
    ```

    ## When it stays silent
    Where a later command of the same RUN works with it (`cd src && make`), for a way back (`cd src && make && cd ..`),
    for what may not run, and for scripts that are read by `source` and may do more than set variables.

    ## Fix safety
    The fix takes the instruction that lasts: WORKDIR, or ENV. It is unsafe: what comes below was built without it.

    ## References
    - [Dockerfile reference, WORKDIR](https://docs.docker.com/reference/dockerfile/#workdir)
    - [Dockerfile reference, ENV](https://docs.docker.com/reference/dockerfile/#env)
    """

    id = "ML610"
    name = "effect-lost-between-runs"
    aliases = ("DL3003",)

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for effect in lost_effects(stage):
            yield self.finding(effect.command.span, _message(effect, stage), fix=_fix(effect))


def _message(effect: LostEffect, stage: Stage) -> str:
    words = effect.command.words
    target = (words[1].value or words[1].raw.strip("\"'")) if len(words) > 1 else None
    if effect.kind == "cd":
        place = stage.workdir_at(effect.run)
        where = f"in `{place}` again" if place is not None else "in its WORKDIR again"
        remedy = f"Write `WORKDIR {_shown(target)}`{'' if effect.alone else ', or leave it out'}"
        return f"This `cd` ends with its RUN: the next instruction is {where}. {remedy}."
    if effect.kind == "export":
        names = ", ".join(f"`{each.name}`" for each in effect.command.assignments[:3])
        return (
            f"{names} {'is' if len(effect.command.assignments) == 1 else 'are'} gone when this RUN ends. Set it by ENV."
        )
    if effect.kind == "alias":
        return "This alias ends with its RUN, and shells that run scripts know none anyway. Make a link: `ln -s`."
    return _activation(effect, stage, target)


def _activation(effect: LostEffect, stage: Stage, target: str | None) -> str:
    start = f"`{effect.command.words[0].raw}` changes the shell of this RUN only, and the next one starts without it"
    if effect.kind == "source" and target is not None and posixpath.basename(target) != "activate":
        dash = _missing_source(effect, stage)
        return f"{start}{dash}. Set what it sets by ENV, or read it in the RUN that needs it."
    folder = target.removesuffix("/bin/activate") if target is not None and target.endswith("/bin/activate") else None
    if folder is not None and folder.startswith("/"):
        return (
            f"{start}{_missing_source(effect, stage)}: pip and python below are not those of `{folder}`. Write "
            f"`ENV PATH={folder}/bin:$PATH`."
        )
    name = effect.command.words[-1].value if len(effect.command.words) > 1 else None
    conda = effect.kind == "conda" or target == "activate"
    if conda:
        environment = name if name not in (None, "activate") else "NAME"
        return (
            f"{start}{_missing_hook(effect, stage)}: what comes below has the base environment. Put the environment's "
            f'`bin` first on PATH by ENV, or write `SHELL ["conda", "run", "-n", "{environment}", "/bin/bash", "-c"]`.'
        )
    return (
        f"{start}{_missing_source(effect, stage)}: pip and python below are the system's. Put its `bin` on PATH by ENV."
    )


def _missing_source(effect: LostEffect, stage: Stage) -> str:
    """dash, the /bin/sh of Debian and Ubuntu, knows `.` and not `source`."""
    base = stage.base
    plain = effect.command.words[0].value == "source" and "sh -c" not in effect.command.wrappers
    dash = base is not None and base.shell == "dash" and stage.shell_at(effect.run)[0] == "/bin/sh"
    return " (if it gets so far: dash, the `/bin/sh` here, has no `source`)" if plain and dash else ""


def _missing_hook(effect: LostEffect, stage: Stage) -> str:
    """`conda activate` is a function of shells that `conda init` has prepared; the program of that name refuses."""
    command = effect.command
    bare = effect.alone and command.words[0].value in ("conda", "mamba") and not command.wrappers
    plain = bare and stage.shell_at(effect.run)[0] == "/bin/sh"
    return " (if it gets so far: in a plain `sh` conda asks for `conda init` and stops the build)" if plain else ""


def _shown(target: str | None) -> str:
    return target if target is not None and len(target) < 60 else "…"


def _fix(effect: LostEffect) -> Fix | None:
    """Replaces a RUN that does nothing else."""
    command = effect.command
    if not effect.alone or command.wrappers or effect.run.flags or effect.run.heredocs or effect.run.argv is not None:
        return None
    if effect.kind == "cd" and len(command.words) == 2:
        target = command.words[1].raw
        if re.fullmatch(r"[\w./${}-]+", target) and not target.startswith("~"):
            return _replaced(effect, f"WORKDIR {target}")
    if effect.kind == "export" and len(command.assignments) == 1:
        value = command.assignments[0].value
        if value is not None and value.value is not None and "`" not in value.raw:
            return _replaced(effect, f"ENV {command.assignments[0].name}={value.raw}")
    if effect.kind == "source" and len(command.words) == 2:
        target = command.words[1].value or ""
        if re.fullmatch(r"/[\w./-]+/bin/activate", target):
            return _replaced(effect, f"ENV PATH={target.removesuffix('/activate')}:$PATH")
    return None


def _replaced(effect: LostEffect, text: str) -> Fix:
    return Fix(f"Write `{text}`", (Edit(effect.run.span, text),), Applicability.UNSAFE)
