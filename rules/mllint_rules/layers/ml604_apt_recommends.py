"""ML604 apt-recommends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    InstallStep,
    Related,
    Rule,
    Severity,
    Stage,
    head_span,
    knowledge,
)

#: From so many MB more on, unpacked, it is worth a word.
_LEAST = 20
_OPTION = "--no-install-recommends"
_INSTALLING = frozenset({"install", "reinstall"})
#: Programs whose HTTPS needs certificates that they only recommend.
_CLIENTS = frozenset({"curl", "wget", "git"})


class AptRecommends(Rule):
    """`apt-get install` without `--no-install-recommends`.

    ## Why is this bad?
    apt installs what a package recommends as if it were needed: `python3-pip` brings a whole compiler, 420 MB instead
    of 38 MB on Debian 12; `cmake` 353 MB instead of 89 MB; `ffmpeg` 632 MB instead of 475 MB (unpacked, from the
    package lists). In a container hardly any of it is used, and scanners report the flaws of all of it.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN apt-get update \\
        && apt-get install -y ffmpeg \\
        && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN apt-get update \\
        && apt-get install -y --no-install-recommends ffmpeg \\
        && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## When it stays silent
    Where the packages are not known to bring 20 MB more, where `APT::Install-Recommends` is configured, or the options
    come from a variable, and in stages that the final image only copies from. One finding speaks for a whole file.

    ## Fix safety
    The fix adds the option everywhere. It is unsafe: something may need a recommended package, which then has to be
    named (`ca-certificates` for HTTPS with curl, wget and git; `build-essential` to compile).

    ## References
    - [Debian policy, Recommends](https://www.debian.org/doc/debian-policy/ch-relationships.html)
    """

    id = "ML604"
    name = "apt-recommends"
    severity = Severity.INFO
    aliases = ("DL3015",)
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        skipped = build.builders
        found: list[_Loose] = []
        configured: set[Stage] = set()
        for stage in build.stages:
            if stage.parent in configured or _is_configured(stage):
                configured.add(stage)
            elif stage not in skipped:
                found += _loose(stage)
        worst = max(found, key=lambda each: each.extra, default=None)
        if worst is None or worst.extra < _LEAST:
            return
        others = [each for each in found if each is not worst]
        spans = [head_span(each.step.install) for each in (worst, *others)]
        edits = tuple(Edit(span.source.span(span.end, span.end), f" {_OPTION}") for span in spans)
        yield self.finding(
            spans[0],
            _message(worst, found),
            related=tuple(Related(span, "and here") for span in spans[1:4]),
            fix=Fix(f"Add `{_OPTION}`", edits, Applicability.UNSAFE),
        )._replace(stage=worst.stage.label)


class _Loose(NamedTuple):
    """An install with recommended packages."""

    stage: Stage
    step: InstallStep
    #: The package that brings most, in MB: without its recommendations, and with them; 0 when none is known.
    name: str
    bare: int
    full: int

    @property
    def extra(self) -> int:
        return self.full - self.bare


def _loose(stage: Stage) -> Iterator[_Loose]:
    for step in stage.installs:
        install = step.install
        if install.manager != "apt" or install.subcommand not in _INSTALLING or _OPTION in install.options:
            continue
        if any(word.value is None and word.raw.strip("\"'").startswith("$") for word in install.command.arguments):
            continue
        rows = [knowledge.system_sizes.size(each.name) for each in install.requirements if each.name is not None]
        sizes = [row for row in rows if row is not None]
        most = max(sizes, key=lambda row: row.with_recommends - row.megabytes, default=None)
        if most is None:
            yield _Loose(stage, step, "", 0, 0)
        else:
            yield _Loose(stage, step, most.name, most.megabytes, most.with_recommends)


def _is_configured(stage: Stage) -> bool:
    """Whether apt's configuration is written in the stage."""
    if any((step.target or "").startswith("/etc/apt/apt.conf") for step in stage.copies):
        return True
    words = (word.raw for step in stage.steps for word in step.command.words)
    return any("install-recommends" in word.lower() and _OPTION not in word for word in words)


def _message(worst: _Loose, found: list[_Loose]) -> str:
    named = {each.name or "" for one in found for each in one.step.install.requirements}
    certificates = sorted(named & _CLIENTS) if "ca-certificates" not in named else []
    need = f" and name what you need of it (`ca-certificates` for HTTPS with {certificates[0]})" if certificates else ""
    return (
        f"apt also installs what packages only recommend: with `{worst.name}` alone {worst.full} MB instead of "
        f"{worst.bare} MB (Debian 12, unpacked). Add `{_OPTION}`{need}."
    )
