"""ML222 retired-system-package."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Confidence,
    Edit,
    Finding,
    Fix,
    GonePackage,
    Related,
    Requirement,
    Rule,
    Severity,
    Stage,
    Step,
    adds_sources,
    gone_package,
    image_place,
    stops_build,
)


class RetiredSystemPackage(Rule):
    """`apt-get install` names a package that the release of the base image does not have.

    ## Why is this bad?
    apt knows one release's packages, and a name that is not among them stops the whole install:
    `E: Unable to locate package`, or "has no installation candidate". It happens on the day when a base moves on, and
    bases do so by themselves: `python:3.11-slim` was Debian 12 until August 2025 and is Debian 13 since, where
    `libgl1-mesa-glx`, which half the images with OpenCV install, is gone. Its library is in `libgl1`.

    ## Bad
    ```dockerfile
    FROM ubuntu:24.04
    RUN apt-get update && apt-get install -y --no-install-recommends libgl1-mesa-glx && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM ubuntu:24.04
    RUN apt-get update && apt-get install -y --no-install-recommends libgl1 && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## When it stays silent
    Where the release is not known, where sources beside the release's own are added (a PPA, an older release's mirror),
    and where the install may fail (`|| true`). It is a warning where the absence is only remembered, or where the tag
    does not tell the release (`python:3.11-slim`).

    ## Fix safety
    The fix writes the successor. It is safe where the build was broken and the successor is the same library, else
    unsafe.

    ## References
    - [Debian, package search](https://www.debian.org/distrib/packages)
    - [Ubuntu, package search](https://packages.ubuntu.com/)
    """

    id = "ML222"
    name = "retired-system-package"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for step in stage.installs:
            install = step.install
            if install.manager != "apt" or not stops_build(Step(step.instruction, install.command), stage):
                continue
            for requirement in install.requirements:
                gone = gone_package(requirement.name or "", stage) if requirement.kind == "index" else None
                if gone is not None and not adds_sources(stage):
                    yield self._report(requirement, gone, stage)

    def _report(self, requirement: Requirement, gone: GonePackage, stage: Stage) -> Finding:
        row = gone.row
        why = f" ({row.why})" if row.why else ""
        remedy = f"Install `{row.replacement}`." if row.replacement else "Leave it out."
        where = gone.release
        if not gone.release_known and stage.root.image is not None:
            where = f"`{stage.root.image.short}` is {gone.release} by now, which"
        has = "has" if gone.sure or not gone.release_known else "probably has"
        message = f"{where} {has} no `{row.name}`{why}: apt finds no candidate, and the build stops. {remedy}"
        place = image_place(stage.root)
        related = (Related(place.span, f"{gone.release} comes from here"),) if place is not None else ()
        return self.finding(
            requirement.span,
            message,
            severity=Severity.ERROR if gone.sure else Severity.WARNING,
            confidence=Confidence.HIGH if gone.sure else Confidence.MEDIUM,
            related=related,
            fix=_fix(requirement, gone),
        )


def _fix(requirement: Requirement, gone: GonePackage) -> Fix | None:
    new = gone.row.replacement
    if not new or " " in new:
        return None
    same = gone.sure and requirement.name is not None and requirement.name.startswith("lib")
    applicability = Applicability.SAFE if same else Applicability.UNSAFE
    return Fix(f"Install `{new}`", (Edit(requirement.span, new),), applicability)
