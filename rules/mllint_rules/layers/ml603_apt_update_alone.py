"""ML603 apt-update-alone."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    AptUpdate,
    AptUse,
    Build,
    Finding,
    Related,
    Rule,
    Severity,
    Stage,
    apt_lists,
    head_span,
    parse_reference,
)


class AptUpdateAlone(Rule):
    """`apt-get install` reads package lists that another instruction fetched, or lists that are not there.

    ## Why is this bad?
    Docker keeps the layer of `RUN apt-get update` until its text changes. When the install in a later RUN is edited
    months afterwards, it works with the lists of that old day: Debian and Ubuntu drop a package file from their
    mirrors as soon as a security fix replaces it, so apt asks for files that are gone and the build stops with
    `404 Not Found`. Where it does not stop, it installs old versions without their fixes.

    Without any update the build stops at once on the official images, which come without lists:
    `E: Unable to locate package`.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN apt-get update
    RUN apt-get install -y --no-install-recommends libgomp1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN apt-get update \\
        && apt-get install -y --no-install-recommends libgomp1 \\
        && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## When it stays silent
    For an install that may fail (`|| true`), local `.deb` files, lists on a cache mount, scripts that may fetch lists
    themselves, base images whose lists are not known to be empty, and packages that those images already have. dnf,
    yum and apk refresh an old index by themselves (apk after four hours), so a lone `apk update` spoils nothing.

    ## References
    - [Dockerfile best practices, apt-get](https://docs.docker.com/build/building/best-practices/#apt-get)
    """

    id = "ML603"
    name = "apt-update-alone"
    aliases = ("CKV_DOCKER_5", "DS-0017", "AVD-DS-0017")

    def check_build(self, build: Build) -> Iterator[Finding]:
        alone: dict[int, list[AptUse]] = {}
        told: set[int] = set()
        for use in apt_lists(build).uses:
            if use.update is None:
                yield self._without(use)
            elif use.update.alone:
                alone.setdefault(id(use.update.instruction), []).append(use)
            elif id(use.step.instruction) not in told:
                told.add(id(use.step.instruction))
                yield self._borrowed(use, use.update)
        for uses in alone.values():
            yield self._stale(uses)

    def _stale(self, uses: list[AptUse]) -> Finding:
        update = uses[0].update
        assert update is not None
        message = (
            "This layer stays cached until its text changes, so a later edit of the install below works with lists "
            "that are months old and stops with `404 Not Found` for each package replaced since. Join both in one RUN: "
            "`apt-get update && apt-get install … && rm -rf /var/lib/apt/lists/*`."
        )
        spans = [head_span(use.step.install) for use in uses[:3]]
        related = tuple(Related(span, "installs from the lists of that day") for span in spans)
        return self.finding(head_span(update.install), message, related=related)._replace(stage=update.stage.label)

    def _borrowed(self, use: AptUse, update: AptUpdate) -> Finding:
        fetch = head_span(update.install)
        message = (
            f"This RUN fetches no lists: a later edit of it works with those that line {fetch.first.line} cached, "
            "months old by then, and stops with `404 Not Found` for each package replaced since. Begin it with "
            "`apt-get update &&`."
        )
        related = (Related(fetch, "the lists were fetched here"),)
        return self.finding(head_span(use.step.install), message, related=related)._replace(stage=use.stage.label)

    def _without(self, use: AptUse) -> Finding:
        span = head_span(use.step.install)
        related: tuple[Related, ...] = ()
        remedy = "Write `apt-get update && apt-get install …` in one RUN."
        if use.emptied is not None:
            message = (
                "The package lists were removed above and are not fetched again, so apt stops the build with "
                f"`Unable to locate package`. {remedy}"
            )
            related = (Related(use.emptied.span, "the lists are removed here"),)
        else:
            message = (
                f"{_shown(use.stage.root)} comes without package lists and nothing fetches them before this, so apt "
                f"stops the build with `Unable to locate package`. {remedy}"
            )
        finding = self.finding(span, message, severity=Severity.ERROR, related=related)
        return finding._replace(stage=use.stage.label)


def _shown(root: Stage) -> str:
    """What to call the base image; of a reference that is not valid (`ubuntu:22.04@sha256:abc…`) only the name."""
    if root.image is not None:
        return f"`{root.image.short}`"
    reference = parse_reference((root.base_name or "").partition("@")[0])
    return f"`{reference.familiar}`" if reference is not None else "The base image"
