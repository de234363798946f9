"""The places that Python packages go to: the distribution's Python, the image's own, virtual and conda environments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mllint.semantic.fact import Fact

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import InstallStep


class Environment(NamedTuple):
    """A place that Python packages go to."""

    #: "system" (the distribution's Python), "image" (the Python that the base image brings besides it), the folder of a
    #: virtual environment, "conda:NAME" (or "conda:/prefix"), "custom:3.11", "tool:NAME" (pipx, `uv tool`),
    #: "target:/path", "poetry:/folder" and "pipenv:/folder" (the environment that the tool keeps for that project),
    #: "unknown"; "" for system packages and where there is no Python.
    key: str
    #: "system", "image", "venv", "conda", "custom" (built, deadsnakes, pyenv, managed by uv), "target", "tool",
    #: "unknown", and "none" where it is known that there is no Python (only of `Stage.environment`).
    kind: str
    #: Its Python, as exact as it is known: "3.11" or "3.11.9".
    python: Fact[str] | None = None
    #: Whether it refuses pip (PEP 668, "externally managed"); None when not known.
    managed: bool | None = None
    #: False: the version of its Python rests on memory or inference, never enough for an error.
    sure: bool = True


#: Which environment it is, is not known.
UNKNOWN = Environment("unknown", "unknown")
#: Where system packages go; what `python` is where there is none.
NO_PYTHON = Environment("", "none", None, False)


def environment_of(stage: Stage, step: InstallStep) -> Environment:
    """The environment that an install command of a stage puts Python packages into."""
    return stage.pythons.by_command.get(id(step.install.command), UNKNOWN)


def last_environment(stage: Stage) -> Environment:
    """What `python`, or else `python3`, is at the end of a stage."""
    last = stage.pythons.last
    key = last.find("python") or last.find("python3")
    if key is not None:
        return last.environments[key]
    return NO_PYTHON if stage.pythons.seen_in_full else UNKNOWN
