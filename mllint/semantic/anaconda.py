"""Conda as Anaconda distributes it: where a stage gets it from, and whether its channel `defaults` is in use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.names import identify
from mllint.images.versions import numbers
from mllint.regex import regex
from mllint.semantic.order import derive_first
from mllint.source import Span

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import InstallStep
    from mllint.shell.command import Command

_IMAGES = frozenset(f"docker.io/continuumio/{name}" for name in ("miniconda3", "anaconda3", "miniconda", "anaconda"))
_INSTALLER = regex(r"(?P<name>Miniconda|Anaconda)[23]?-(?P<version>[\w.${}-]+?)-(?:Linux|\$)")
#: Installers of conda that come without `defaults`.
_OTHERS = regex(r"(?:Mini|Mamba)forge[\w-]*|micromamba", re.IGNORECASE)
#: What asks Anaconda's own servers. `anaconda` and `main` are other names of what `defaults` holds.
DEFAULTS = regex(r"(?:pkgs/)?(?:defaults|main|r|anaconda)|https?://repo\.(?:anaconda|continuum)\.(?:com|io)/.*")
#: The first release of Miniconda (year, month) after the terms were enforced that is known to have the plug-in.
_CURRENT = (25, 7)
_CURRENT_ANACONDA = (2025, 12)
_CONFIGURATION = regex(r"\.?condarc|\.mambarc")


class Distribution(NamedTuple):
    """Where a stage gets Anaconda's conda from."""

    #: The image in FROM, or the installer's name in a URL.
    span: Span
    #: "Miniconda" or "Anaconda".
    name: str
    image: bool
    #: Whether it is newer than the enforcement of the terms (July 2025); None when that is not known.
    current: bool | None


def distribution(stage: Stage) -> Distribution | None:
    """The conda of Anaconda that a stage has; None when it has none, or another one."""
    derive_first(stage, "anaconda")
    found: Distribution | None = None
    for step in stage.steps:
        for word in step.command.words:
            text = word.value if word.value is not None else word.raw
            match = _INSTALLER.search(text)
            if match is not None:
                found = found or Distribution(word.span, match["name"], False, _is_current(match["version"]))
            elif _OTHERS.search(text):
                return None
    for copy in stage.copies:
        for source, value in copy.sources:
            match = _INSTALLER.search(value or source.value)
            if match is not None:
                found = found or Distribution(source.span, match["name"], False, _is_current(match["version"]))
    if found is not None:
        return found
    return stage.parent.anaconda if stage.parent is not None else _of_image(stage)


def _of_image(root: Stage) -> Distribution | None:
    image = root.image
    if image is None or root.opening.image is None or identify(image).name not in _IMAGES:
        return None
    name = "Anaconda" if "anaconda" in image.repository else "Miniconda"
    if not image.repository.endswith("3"):
        current: bool | None = False
    elif image.digest is not None and image.tag is None:
        current = None
    else:
        current = _is_current(image.tag or "latest") if image.digest is None else None
    return Distribution(root.opening.image.span, name, True, current)


def _is_current(version: str) -> bool | None:
    """`latest`, `py312_25.9.1-0`, `24.1.2-0`, `2024.06-1`; None for what a variable hides."""
    if "$" in version:
        return None
    if version in ("latest", "main", "master") or not re.search(r"\d", version):
        return True
    parts = numbers(re.sub(r"^py\d+_", "", version))
    if not parts:
        return None
    # From year 2000 on it is a release of Anaconda, else of Miniconda.
    least = _CURRENT_ANACONDA if parts[0] > 1000 else _CURRENT
    if parts[:2] >= least:
        return True
    # The months between are those in which the plug-in came.
    return None if parts[0] == least[0] else False


def leaves_defaults(command: Command) -> bool:
    """Whether a command takes `defaults` out of conda's configuration, or writes that as it likes."""
    words = [word.value or word.raw for word in command.words]
    targets = [each.target.raw for each in command.redirects if each.target is not None]
    if any(_CONFIGURATION.search(text) for text in (*words, *targets)):
        return command.name not in ("rm", "cat", "ls")
    if command.name in ("conda", "mamba") and "config" in words[:2]:
        removes = any(word.startswith("--remove") for word in words) and any("channels" in word for word in words)
        return removes or "default_channels" in words
    return False


def configures_channels(stage: Stage) -> bool:
    """Whether something in a stage, its parents included, may take `defaults` out of conda's configuration."""
    for each in stage.ancestry:
        if any(leaves_defaults(step.command) for step in each.steps):
            return True
        if any(
            _CONFIGURATION.search(f"{copy.target} {source.value}") for copy in each.copies for source, _ in copy.sources
        ):
            return True
    position = len(stage.body)
    return any(stage.scope.variable(name, position) is not None for name in ("CONDARC", "CONDA_CHANNELS"))


def asks_defaults(step: InstallStep) -> bool:
    """Whether a conda command looks into `defaults`, as it does unless `--override-channels` leaves it out."""
    install = step.install
    if install.manager != "conda" or "--offline" in install.options:
        return False
    named = any(DEFAULTS.fullmatch(index.value or "") for index in install.indexes)
    return named or "--override-channels" not in install.options
