"""ML106 musl-base."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import Build, Finding, Related, Requirement, Rule, Stage, Variable, image_place, knowledge, regex

_SHOWN = 4
_MAX_RELATED = 5
#: NVIDIA's libraries as wheels.
_NVIDIA = regex(r"nvidia-[\w-]+-cu\d+|cupy-cuda\d+x|cu(?:df|ml|graph|vs)-cu\d+")
#: A C library that these bring, beside musl, says that somebody knows what is done.
_GLIBC = regex(r"glibc(?:-bin)?|gcompat|libc6-compat")
_VISIBLE = "NVIDIA_VISIBLE_DEVICES"


class MuslBase(Rule):
    """ML packages, or CUDA, on Alpine Linux, whose C library is musl.

    ## Why is this bad?
    Wheels for Linux are built against glibc (`manylinux`). On Alpine pip takes only those for musl (`musllinux`), and
    many ML projects publish none: torch, tensorflow, jaxlib and onnxruntime never did in any release, nor have they
    sources on the package index, so that pip ends in "No matching distribution found". For others, such as
    scikit-learn, pip downloads the sources and compiles for many minutes, and fails where compilers or headers are
    missing. The driver libraries that NVIDIA's container runtime mounts are built for glibc as well.

    The few megabytes that Alpine saves are nothing beside a framework of hundreds: `python:3.12-slim` is about 45 MB.

    ## Bad
    ```dockerfile
    FROM python:3.13.5-alpine3.22
    RUN pip install --no-cache-dir scikit-learn==1.7.0
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.13.5-slim-bookworm
    RUN pip install --no-cache-dir scikit-learn==1.7.0
    USER 1000
    ```

    ## When it stays silent
    For packages that have wheels for musl (numpy, pandas, spacy …) or need none, and those that the tables do not know;
    for what apk installs (`apk add py3-scikit-learn`), conda's packages, local and self-built wheels (`--find-links`,
    another index), and where the stage brings glibc (`gcompat`, `glibc`).

    ## References
    - [PEP 656, platform tag for Linux distributions using musl](https://peps.python.org/pep-0656/)
    """

    id = "ML106"
    name = "musl-base"

    def check_build(self, build: Build) -> Iterator[Finding]:
        for stage in build.stages:
            base = stage.base
            if base is None or base.os != "alpine" or not base.sure_of("os") or _brings_glibc(stage):
                continue
            place = image_place(stage.root)
            wanted = _without_wheels(stage)
            visible = _visible(stage)
            if place is None or not (wanted or visible):
                continue
            related = tuple(Related(each.span, "no wheel for musl") for each in wanted[:_MAX_RELATED])
            if visible is not None and visible.span is not None and not wanted:
                related = (Related(visible.span, "NVIDIA's libraries come in here"),)
            message = _message(wanted, stage)
            yield self.finding(place.span, message, related=related + place.related)._replace(stage=stage.label)


def _brings_glibc(stage: Stage) -> bool:
    steps = (step for each in stage.ancestry for step in each.installs if step.install.ecosystem == "system")
    return any(_GLIBC.fullmatch(each.name or "") for step in steps for each in step.install.requirements)


def _without_wheels(stage: Stage) -> tuple[Requirement, ...]:
    """The stage's own requirements without a wheel for musl; those that cannot even compile come first."""
    apk = _installed_by_apk(stage)
    found: dict[str, Requirement] = {}
    for installation in stage.installations:
        install = installation.step.install
        elsewhere = install.options & {"--find-links", "--no-index", "--index-url", "--extra-index-url"}
        if install.ecosystem != "python" or elsewhere or installation.indexes:
            continue
        for wanted in installation.wanted:
            name = wanted.requirement.name
            if name is not None and name not in apk and wanted.requirement.kind == "index" and _has_none(name):
                found.setdefault(name, wanted.requirement)
    return tuple(sorted(found.values(), key=lambda each: _rank(each.name or "")))


def _rank(name: str) -> int:
    """What stops the build by itself comes first, then what does so through torch, then what compiles."""
    return 2 if not _cannot_compile(name) else int(name not in knowledge.pypi_packages.NEVER_MUSL)


def _installed_by_apk(stage: Stage) -> frozenset[str]:
    """`py3-scikit-learn` is scikit-learn, and pip is content with it."""
    steps = (step for each in stage.ancestry for step in each.installs if step.install.manager == "apk")
    names = (each.name or "" for step in steps for each in step.install.requirements)
    return frozenset(name.removeprefix("py3-") for name in names if name.startswith("py3-"))


def _has_none(name: str) -> bool:
    return name in knowledge.pypi_packages.NEVER_MUSL or bool(_NVIDIA.fullmatch(name)) or _pulls_torch(name)


def _pulls_torch(name: str) -> bool:
    row = knowledge.pypi_packages.find(name)
    return row is not None and "torch" in row.pulls.split()


def _cannot_compile(name: str) -> bool:
    """Whether pip finds no sources to compile either, of the package or of torch that it requires."""
    row = knowledge.pypi_packages.find(name)
    return bool(_NVIDIA.fullmatch(name)) or _pulls_torch(name) or (row is not None and row.sdist is False)


def _visible(stage: Stage) -> Variable | None:
    """The stage's own ENV that asks for NVIDIA's libraries."""
    found = stage.variable_at(_VISIBLE)
    return found if found is not None and found.span is not None and found.value not in ("", "none", "void") else None


def _message(wanted: tuple[Requirement, ...], stage: Stage) -> str:
    instead = f"Take {_instead(stage)}."
    if not wanted:
        mounted = "The driver's libraries that NVIDIA's container runtime mounts are built for glibc"
        return f"{mounted}; on Alpine (musl) programs cannot load them. {instead}"
    names = [f"`{each.name}`" for each in wanted]
    listed = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    head = f"Alpine's C library is musl, and no release of {listed} has a wheel for it"
    name = wanted[0].name or ""
    if not _cannot_compile(name):
        return f"{head}: pip compiles for many minutes, and fails where a compiler or a header is missing. {instead}"
    stops = "has no sources on the index either, so pip stops the build"
    if name in knowledge.pypi_packages.NEVER_MUSL or _NVIDIA.fullmatch(name):
        return f"{head}. {names[0]} {stops}. {instead}"
    none = "which has no wheel for musl, Alpine's C library, in any release"
    return f"{names[0]} requires torch, {none}. It {stops}. {instead}"


def _instead(stage: Stage) -> str:
    image = stage.root.image
    if image is not None and image.repository.endswith("python") and image.tag and "-alpine" in image.tag:
        tag = re.sub(r"-alpine[\d.]*", "-slim", image.tag)
        return f"`python:{tag}`, whose C library is glibc"
    return "a Debian or Ubuntu base, whose C library is glibc"
