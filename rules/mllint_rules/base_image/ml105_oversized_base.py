"""ML105 oversized-base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    Place,
    Role,
    Rule,
    Severity,
    Stage,
    image_place,
    missing_libraries,
)

if TYPE_CHECKING:
    from mllint.api import siblings

#: Images whose smaller siblings leave out what a finished service does not run. Those of CUDA are ML308's.
_FAMILIES = {
    "python": "compilers, headers and version control",
    "continuumio/anaconda3": "some hundred packages of the Anaconda distribution",
}


class OversizedBase(Rule):
    """A service stands on the full image where a slim one of the same version exists.

    ## Why is this bad?
    Each new node pulls the whole image before the service answers, and each scan reports the vulnerabilities of what is
    in it. The full `python` image is about 360 MB compressed, the slim one about 45 MB: the difference is gcc, git,
    ImageMagick, database clients and the headers of some fifty libraries, which wheels do not need. `anaconda3` has
    several hundred packages, of which a service imports a few.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-bookworm
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0
    COPY --chown=1000 app.py /app/
    WORKDIR /app
    USER 1000
    HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8000')"]
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim-bookworm
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0
    COPY --chown=1000 app.py /app/
    WORKDIR /app
    USER 1000
    HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8000')"]
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```

    ## When it stays silent
    In stages that the final image only copies from, which may have all the tools that they like; for images that serve
    nothing (training, notebooks, jobs, images to build upon); where no smaller sibling is known; and for `-devel`
    images of CUDA, which are `devel-image-in-production` (ML308).

    ## Fix safety
    The fix takes the slim tag. It is unsafe, because a package without a wheel for the stage's Python then finds no
    compiler, and is only shown where the file uses programs, or loads libraries, that the slim image does not have.

    ## References
    - [Docker Official Image of Python, image variants](https://hub.docker.com/_/python)
    """

    id = "ML105"
    name = "oversized-base"
    severity = Severity.INFO
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        base = stage.base if stage is not None else None
        if stage is None or base is None or base.family not in _FAMILIES or stage.role.value is not Role.SERVING:
            return
        from mllint.api import siblings

        image = stage.root.image
        place = image_place(stage.root)
        smaller = siblings.smaller(image) if image is not None and image.tag is not None else None
        if place is None or smaller is None:
            return
        lost = _lost(stage) if base.family == "python" else _Lost((), ())
        yield self.finding(
            place.span,
            _message(base.family, smaller, lost),
            related=place.related,
            fix=_fix(place, stage, smaller, lost),
        )._replace(stage=stage.label)


class _Lost(NamedTuple):
    """What of the full image is used, so that it has to be installed on the slim one."""

    programs: tuple[str, ...]
    #: Debian's packages of shared libraries that Python packages load.
    libraries: tuple[str, ...]


def _message(family: str, smaller: siblings.Sibling, lost: _Lost) -> str:
    own = f" (about {_size(smaller.own_gb)} to pull)" if smaller.own_gb is not None else ""
    other = f" (about {_size(smaller.size_gb)})" if smaller.size_gb is not None else ""
    what = f"The full image{own} brings {_FAMILIES[family]}, which this service does not run"
    if family != "python":
        return f"{what}. Take `{smaller.image.repository}` at a pinned version{other} and install what you import."
    remedy = f"Take `{smaller.image}`{other}"
    libraries = f"{_listed(lost.libraries)} by apt-get, which its packages load" if lost.libraries else ""
    if lost.programs:
        programs = _listed(lost.programs) + ("" if libraries else " by apt-get")
        with_both = ", and ".join(filter(None, (libraries, programs)))
        return f"{what}. {remedy}, with {with_both}, which this file uses, or used in a builder stage."
    more = f", with {libraries}" if libraries else ""
    return f"{what}. {remedy}{more}; what has to compile can do so in a builder stage."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _size(gigabytes: float) -> str:
    return f"{gigabytes:.2g} GB" if gigabytes >= 1 else f"{gigabytes * 1000:.0f} MB"


def _lost(stage: Stage) -> _Lost:
    # What the full image lacks as well is told by `missing-system-library` (ML215).
    already = {name for each in missing_libraries(stage) for name in each.debian}
    packages = dict.fromkeys(name for each in missing_libraries(stage, "slim") for name in each.debian)
    return _Lost(_programs(stage), tuple(name for name in packages if name not in already))


def _programs(stage: Stage) -> tuple[str, ...]:
    """The programs of the full image that the file uses and does not install: the slim one lacks them."""
    tools = {"git", "curl", "wget", "gcc", "g++", "make", "unzip"}
    process = stage.process
    used = {command.name for command in process.commands} if process is not None else set()
    brought: set[str | None] = set()
    for each in stage.ancestry:
        used.update(step.command.name for step in each.steps)
        for step in each.installs:
            brought.update(requirement.name for requirement in step.install.requirements)
            used.update("git" for requirement in step.install.requirements if requirement.kind == "vcs")
    health = stage.healthcheck
    if health is not None:
        used.update(command.name for command in stage.script(health).commands)
    brought |= {"gcc", "g++", "make"} if "build-essential" in brought else set()
    return tuple(sorted(name for name in used if name in tools and name not in brought))


def _fix(place: Place, stage: Stage, smaller: siblings.Sibling, lost: _Lost) -> Fix | None:
    image = stage.root.image
    tag = smaller.image.tag
    if not place.replaceable or image is None or image.digest is not None or not image.tag or tag in (None, "latest"):
        return None
    written = place.span.text
    if not written.endswith(f":{image.tag}"):
        return None
    edit = Edit(place.span, f"{written.removesuffix(image.tag)}{tag}")
    applicability = Applicability.DISPLAY if any(lost) else Applicability.UNSAFE
    return Fix("Take the slim image", (edit,), applicability)
