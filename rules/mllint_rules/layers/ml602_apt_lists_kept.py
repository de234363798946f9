"""ML602 apt-lists-kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    AptLists,
    AptUpdate,
    Build,
    DepositKind,
    Edit,
    Finding,
    Fix,
    Install,
    Rule,
    Run,
    Span,
    Stage,
    appended,
    apt_lists,
    deposits,
    fills_cache,
    head_span,
    kept_cache,
)

_UNUSED = (
    "No install below works with these package lists: they only lie in `/var/lib/apt/lists` of the image (19 MB on "
    "Debian 12). Leave the update out."
)


class _Manager(NamedTuple):
    """What a package manager leaves, and what takes it away."""

    message: str
    #: Appended to the RUN; None where an option does it.
    cleanup: str | None


_MANAGERS = {
    "apk": _Manager(
        "apk leaves its package index in `/var/cache/apk` of this layer, where nothing reads it again. "
        "`apk add --no-cache` fetches the index and keeps none.",
        None,
    ),
    "zypper": _Manager(
        "zypper leaves the repositories' metadata in `/var/cache/zypp` of this layer, where nothing reads it again. "
        "End the RUN with `zypper clean --all`.",
        "zypper clean --all",
    ),
    **{
        name: _Manager(
            f"{name} leaves the repositories' metadata in `/var/cache/{folder}` of this layer, where "
            f"nothing reads it again. End the RUN with `{name} clean all`.",
            f"{name} clean all",
        )
        for name, folder in (("yum", "yum"), ("dnf", "dnf"), ("microdnf", "yum"), ("tdnf", "tdnf"))
    },
}


class AptListsKept(Rule):
    """The package lists of apt, or the caches of dnf, yum, zypper or apk, stay in the layer that fetched them.

    ## Why is this bad?
    `apt-get update` writes the list of every package of the distribution to `/var/lib/apt/lists`: 19 MB on Debian 12
    with nothing but its main archive (measured, in the compressed form that Docker's images use), and more for each
    archive that is added. Nothing in a container reads them, they are pulled with the image to every node, and a later
    install would have to fetch them anew anyway. `apt-get clean` does nothing about
    it: it removes downloaded packages, of which Debian's and Ubuntu's images keep none (`docker-clean` in their apt
    configuration), and leaves the lists.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN apt-get update && apt-get install -y --no-install-recommends libgomp1
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
    Where the lists are removed in the same RUN, or lie on a mount (`--mount=type=cache,target=/var/lib/apt`); in stages
    that the final image only copies from; where a script with a telling name may clean up, or a comment inside the
    RUN says why `/var/lib/apt/lists` stays; for an update in a RUN of its own that later installs need, which
    `apt-update-alone` (ML603) reports with the same remedy; and where a later RUN removes them, which
    `removal-in-later-layer` (ML606) reports.

    ## Fix safety
    The fix appends the removal to the RUN, or adds `--no-cache` to `apk add`. It is unsafe where a later RUN runs a
    script that may count on the lists, and not offered where a later install needs them.

    ## References
    - [Dockerfile best practices, apt-get](https://docs.docker.com/build/building/best-practices/#apt-get)
    """

    id = "ML602"
    name = "apt-lists-kept"
    aliases = ("DL3009", "DL3019", "DL3032", "DL3036", "DL3040")

    def check_build(self, build: Build) -> Iterator[Finding]:
        skipped = build.builders
        lists = apt_lists(build)
        needed = {id(use.update.instruction) for use in lists.uses if use.update is not None}
        hidden = {
            id(each.deposit.instruction)
            for each in deposits(build).removals
            if each.part is None and each.deposit.kind is DepositKind.INDEX
        }
        later: dict[Stage, dict[int, bool]] = {}
        told: dict[Stage, int] = {}
        for update in lists.kept:
            run = id(update.instruction)
            if update.stage in skipped or run in hidden or (update.alone and run in needed):
                continue
            if not _is_intended(update):
                if update.stage not in later:
                    later[update.stage] = _later_opaque(update.stage, lists)
                line = told.setdefault(update.stage, update.install.command.span.first.line)
                finding = self._apt(update, risky=later[update.stage][run], needed=run in needed, said_on=line)
                yield finding._replace(stage=update.stage.label)
        for stage in build.stages:
            if stage not in skipped:
                yield from self._others(stage, hidden)

    def _apt(self, update: AptUpdate, *, risky: bool, needed: bool, said_on: int) -> Finding:
        if update.alone and not needed and not risky and update.stage.is_final:
            return self.finding(head_span(update.install), _UNUSED)
        if any(mount.type == "cache" and "apt" in mount.flag.span.text for mount in update.instruction.mounts):
            what = "the cache mount does not cover `/var/lib/apt/lists`"
        elif _cleans(update):
            what = "`apt-get clean` removes downloaded packages, not the lists"
        else:
            what = "nothing in a container reads them, and each pull carries them (19 MB on Debian 12)"
        remedy = "End this RUN with `&& rm -rf /var/lib/apt/lists/*`"
        if needed:
            remedy += ", and begin the later one that installs without it with `apt-get update`"
        if said_on != update.install.command.span.first.line:
            message = f"apt's package lists stay in this layer, too (see line {said_on}). {remedy}."
        else:
            message = f"apt's package lists stay in the image, in `/var/lib/apt/lists`: {what}. {remedy}."
        fix = None
        if not needed:
            sudo = "sudo " if "sudo" in update.install.command.wrappers else ""
            fix = _append(update.stage, update.instruction, f"{sudo}rm -rf /var/lib/apt/lists/*", risky=risky)
        return self.finding(head_span(update.install), message, fix=fix)

    def _others(self, stage: Stage, hidden: set[int]) -> Iterator[Finding]:
        for run in stage.runs:
            kept = kept_cache(run, stage) if id(run) not in hidden else None
            if kept is not None:
                yield self._other(kept, run, stage)

    def _other(self, install: Install, run: Run, stage: Stage) -> Finding:
        manager = _MANAGERS[install.manager]
        span = head_span(install)
        if manager.cleanup is not None:
            sudo = "sudo " if "sudo" in install.command.wrappers else ""
            fix = _append(stage, run, f"{sudo}{manager.cleanup}", risky=False)
        elif install.adds:
            fix = _no_cache(run, stage, span)
        else:
            fix = None
        return self.finding(span, manager.message, fix=fix)


def _is_intended(update: AptUpdate) -> bool:
    """Whether a comment inside the RUN says why the lists stay; a removal that is commented out says nothing."""
    span = update.instruction.span
    return any(
        "apt/lists" in comment.text and span.covers(comment.span) and not comment.text.startswith(("rm ", "&&"))
        for comment in update.stage.build.dockerfile.comments
    )


def _cleans(update: AptUpdate) -> bool:
    """Whether the RUN itself runs `apt-get clean`."""
    stage = update.stage
    found = [stage.install_of(command) for command in stage.script(update.instruction).commands]
    return any(each is not None and each.subcommand in ("clean", "autoclean") for each in found)


def _later_opaque(stage: Stage, lists: AptLists) -> dict[int, bool]:
    """Each RUN (by identity) of a stage: whether something unknown runs below it."""
    found: dict[int, bool] = {}
    opaque = False
    for run in reversed(stage.runs):
        found[id(run)] = opaque
        opaque = opaque or id(run) in lists.opaque_after
    return found


def _append(stage: Stage, run: Run, command: str, *, risky: bool) -> Fix | None:
    edit = appended(run, stage, command)
    if edit is None:
        return None
    return Fix(f"Append `{command}`", (edit,), Applicability.UNSAFE if risky else Applicability.SAFE)


def _no_cache(run: Run, stage: Stage, first: Span) -> Fix:
    """Adds the option to each `apk add` of the RUN."""
    found = [stage.install_of(command) for command in stage.script(run).commands]
    ends = [head_span(each) for each in found if each is not None and each.manager == "apk" and fills_cache(each)]
    edits = tuple(Edit(span.source.span(span.end, span.end), " --no-cache") for span in ends or [first])
    return Fix("Add `--no-cache`", edits, Applicability.SAFE)
