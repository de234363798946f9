"""ML103 end-of-life-base."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Copy,
    Edit,
    Finding,
    Fix,
    ImageFacts,
    ImageReference,
    InstallStep,
    Related,
    Rule,
    Severity,
    Stage,
    knowledge,
    regex,
    tag_place,
    tags,
)

#: Where the packages of systems past their end of life went.
_ARCHIVE = regex(
    r"(archive|snapshot)\.debian\.|deb\.freexian\.com|old-releases\.ubuntu\.com|vault\.centos\.org|"
    r"(centos|debian|ubuntu)-(vault|archive|old-releases)|archive\.kernel\.org"
)
#: Files that say where packages come from.
_SOURCES = regex(r"/etc/apt\b|sources\.list|yum\.repos\.d|/etc/yum|/etc/dnf|Acquire::|--repofrompath")
#: The package managers that use a system's own mirrors.
_MANAGERS = {"debian": ("apt",), "ubuntu": ("apt",), "centos": ("yum", "dnf", "microdnf")}
_MANAGERS["centos-stream"] = _MANAGERS["centos"]


class EndOfLifeBase(Rule):
    """The base image's operating system or Python is past its end of life.

    ## Why is this bad?
    Nobody repairs its holes any more, OpenSSL and glibc included, and a scanner says so about every image built upon
    it. New releases of NumPy, PyTorch and the others have no wheels for an ended Python, so that pip takes old ones or
    tries to compile. Some months after the end the packages leave the mirrors, and `apt-get update` or `yum install`
    stops the build: Debian 10's did in July 2025, CentOS 7's in July 2024.

    ## Bad
    ```dockerfile
    FROM ubuntu:18.04
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM ubuntu:24.04
    USER 1000
    ```

    ## When it stays silent
    About systems and Pythons that the tables do not know or do not see in the image's name, about a distribution's own
    Python while the distribution is maintained, about an operating system whose archive mirrors the stage sets up, and
    about tags that cannot be pulled anyway (`nonexistent-image-tag`, ML104). What has ended under several stages is
    reported once. It is an error only where the stage is built and runs the package manager whose mirrors are gone.

    ## Fix safety
    The fix takes the same image on a maintained system, where its publisher has one. It is unsafe: package names and
    versions differ between systems.

    ## References
    - [endoflife.date](https://endoflife.date/)
    - [Status of Python versions](https://devguide.python.org/versions/)
    """

    id = "ML103"
    name = "end-of-life-base"
    tags = ("security",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        found: dict[tuple[str, str], list[_Found]] = {}
        for stage in build.stages:
            each = self._check(stage)
            if each is not None:
                found.setdefault((each.ended, each.remedy), []).append(each)
        yield from (_merged(same) for same in found.values())

    def _check(self, stage: Stage) -> _Found | None:
        image, place = stage.image, tag_place(stage)
        if image is None or place is None or tags.missing(image) is not None:
            return None
        all_ends = tags.end_of_life(image)
        if not all_ends or stage.base is None:
            return None
        mirrors = _mirrors(stage.build.standing_on(stage), stage.base.os)
        ends = _certain([end for end in all_ends if end.kind != "os" or not mirrors.archived])
        if not ends:
            return None
        failing = next((end for end in ends if end.mirrors_gone is not None), None) if mirrors.used else None
        breaks = failing is not None and failing.sure and not mirrors.touched
        other = _elsewhere(image, stage.base, ends)
        remedy = _remedy(ends, stage.base, image, other)
        shown = tag_place(stage, _part(stage.base, image, ends)) or place
        related = shown.related
        if failing is not None and mirrors.used is not None:
            related += (Related(mirrors.used.install.command.span, "this needs the packages that are gone"),)
        fix = None
        if other is not None and place.replaceable:
            fix = Fix(f"Take `{other}`", (Edit(place.span, other),), Applicability.UNSAFE)
        ended = _ended(ends, stage.base, image)
        finding = self.finding(
            shown.span,
            f"{ended}{_consequence(ends, stage.base, failing, mirrors)} {remedy}",
            severity=Severity.ERROR if breaks else Severity.WARNING,
            confidence=Confidence.HIGH if all(end.sure for end in ends) else Confidence.MEDIUM,
            related=related,
            fix=fix,
        )
        return _Found(finding._replace(stage=stage.label), stage, ended, remedy)


class _Found(NamedTuple):
    """What one stage has to say of its image."""

    finding: Finding
    stage: Stage
    #: The parts of the message that say what has ended, and what to do.
    ended: str
    remedy: str


def _merged(same: list[_Found]) -> Finding:
    """One finding for the stages of which the same is to be said: the gravest, with the others' places and edits."""
    main = next((each.finding for each in same if each.finding.severity is Severity.ERROR), same[0].finding)
    shown = {main.span, *(related.span for related in main.related)}
    openings = [(each.stage.opening.image or each.stage.opening).span for each in same if each.finding is not main]
    fix = main.fix
    if fix is not None:
        edits = [edit for each in same if each.finding.fix is not None for edit in each.finding.fix.edits]
        fix = fix._replace(edits=tuple(dict.fromkeys(edits)))
    related = (*main.related, *(Related(span, "the same here") for span in openings if span not in shown))
    return main._replace(related=related, fix=fix)


def _certain(ends: list[tags.EndOfLife]) -> list[tags.EndOfLife]:
    """What is only inferred goes unsaid beside what is sure."""
    return [end for end in ends if end.sure] or ends


def _part(base: ImageFacts, image: ImageReference, ends: list[tags.EndOfLife]) -> str | None:
    """The part of the tag that names what has ended; None where several parts do, or none."""
    if len(ends) > 1:
        return None
    if ends[0].kind == "python":
        return base.python
    words = (base.os_codename, f"{base.os}{base.os_version}", base.os_version)
    return next((word for word in words if word and word in (image.tag or "")), None)


class _Mirrors(NamedTuple):
    """What the stages on an image do with the mirrors of its system."""

    #: The first command that fetches from them, in a stage that is built.
    used: InstallStep | None
    #: Whether the archive is set up, and whether something else is done to the sources that is not understood.
    archived: bool
    touched: bool


def _mirrors(stages: Sequence[Stage], os: str | None) -> _Mirrors:
    managers = _MANAGERS.get(os or "", ())
    texts = [run.arguments.value + "".join(each.body.value for each in run.heredocs) for s in stages for run in s.runs]
    texts += [copy.arguments.value for stage in stages for copy in stage.body if isinstance(copy, Copy)]
    built = [stage for stage in stages if stage in stage.build.used]
    steps = [step for stage in built for step in stage.package_steps if step.install.manager in managers]
    return _Mirrors(
        next((step for step in steps if _fetches(step)), None),
        any(_ARCHIVE.search(text) for text in texts),
        any(_SOURCES.search(text) for text in texts),
    )


def _fetches(step: InstallStep) -> bool:
    install = step.install
    if install.command.conditional or install.command.guarded:
        return False
    return install.subcommand == "update" or (
        install.adds and any(each.kind == "index" for each in install.requirements)
    )


def _ended(ends: list[tags.EndOfLife], base: ImageFacts, image: ImageReference) -> str:
    """For instance: Debian 10 (buster) reached its end of life on 2024-06-30, Python 3.7 on 2023-06-27."""
    first, *rest = ends
    below = "" if _is_named(base, image, first) else f" in `{image.familiar}`"
    verb = "has had no patches since" if first.kind == "image" else "reached its end of life on"
    return f"{first.what}{below} {verb} {first.ended}" + "".join(f", {end.what} on {end.ended}" for end in rest)


def _is_named(base: ImageFacts, image: ImageReference, end: tags.EndOfLife) -> bool:
    """Whether the reader sees in the image's name what is meant."""
    if end.kind == "image" or base.family in (base.os, "python"):
        return True
    words = (base.python,) if end.kind == "python" else (base.os_codename, base.os_version)
    return any(word and word in (image.tag or "") for word in words)


def _consequence(ends: list[tags.EndOfLife], base: ImageFacts, failing: tags.EndOfLife | None, by: _Mirrors) -> str:
    if failing is not None and by.used is not None:
        install = by.used.install
        command = f"{install.command.name} {install.subcommand}"
        likely = "stops the build" if failing.sure and not by.touched else "fails unless another mirror is set up"
        day = failing.mirrors_gone or ""
        when = f"{'on' if day.count('-') == 2 else 'in'} {day}"
        return f", and its packages left the mirrors {when}: `{command}` {likely}."
    if any(end.kind == "python" for end in ends):
        fixes = "neither gets security fixes" if len(ends) > 1 else "it gets no security fixes"
        return f": {fixes}, and new releases of NumPy, PyTorch and others have no wheels for this Python."
    library = "musl" if base.os == "alpine" else "glibc"
    return f": {library}, OpenSSL and all its other packages get no more free security fixes."


def _remedy(ends: list[tags.EndOfLife], base: ImageFacts, image: ImageReference, other: str | None) -> str:
    if other is not None:
        return f"Take `{image._replace(tag=other).short}`."
    if base.successor is not None:
        return f"Take `{base.successor}`; wheels built there need a newer glibc where they are installed."
    if base.family == "nvidia/cuda" and base.cuda is not None:
        return f"CUDA {base.cuda} has no image on a newer release of the system: take a newer CUDA."
    successors = [end.successor for end in ends if end.successor]
    if not successors or not all(_is_named(base, image, end) for end in ends):
        return f"Take a newer release of `{image.familiar}`."
    return f"Move to {' and '.join(successors)}."


def _elsewhere(image: ImageReference, base: ImageFacts | None, ends: list[tags.EndOfLife]) -> str | None:
    """The tag of the same image on a maintained release of its system; None where the tables know none.

    Where the Python has ended as well, another system under it does not help.
    """
    if [end.kind for end in ends] != ["os"] or base is None or base.mirrored or not image.tag or image.digest:
        return None
    for release in _maintained(base):
        tag = _renamed(image.tag, base, release)
        candidate = image._replace(tag=tag)
        if tag is not None and tags.missing(candidate) is None and not tags.end_of_life(candidate):
            return tag
    return None


class _Release(NamedTuple):
    os: str
    version: str
    codename: str | None


def _maintained(base: ImageFacts) -> list[_Release]:
    """The maintained releases of a system, the settled one first, then the newest; for CentOS those of Rocky Linux."""
    releases = knowledge.os_releases
    os = "rockylinux" if base.os == "centos" and base.family == "nvidia/cuda" else base.os
    settled = dict(releases.SUCCESSORS).get(os or "")
    rows = [row for row in releases.RELEASES if row.os == os and row.ends > tags.TODAY]
    rows.sort(key=lambda row: row.version != settled)
    return [_Release(row.os, row.version, row.codename) for row in rows]


def _renamed(tag: str, base: ImageFacts, to: _Release) -> str | None:
    """The tag with another release of the system in it; None where it does not name one."""
    old = base.os_codename
    if base.family == base.os:
        own = re.fullmatch(r"(?:([a-z]+)|[\d.]+)(-slim)?", tag)
        new = to.codename if own is not None and own[1] else to.version
        return f"{new}{own[2] or ''}" if own is not None and new is not None else None
    if base.family == "python" and old is not None and to.codename is not None and old in tag:
        return tag.replace(old, to.codename)
    suffix = f"{base.os}{base.os_version}"
    if base.family in ("python", "nvidia/cuda") and tag.endswith(suffix):
        return f"{tag.removesuffix(suffix)}{to.os}{to.version}"
    return None
