"""ML215 missing-system-library."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Edit,
    Finding,
    Fix,
    MissingLibrary,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    image_place,
    missing_libraries,
)

#: Builds without a window, which need neither libGL nor GLib.
_HEADLESS = {"opencv-python": "opencv-python-headless", "opencv-contrib-python": "opencv-contrib-python-headless"}


class MissingSystemLibrary(Rule):
    """A Python package needs a shared library, or a program, that the image does not have.

    ## Why is this bad?
    Wheels bring most of what they link to, but not all: OpenCV's need libGL and GLib from the system, LightGBM's need
    libgomp. pip installs them without a word, the build goes through, and the first import stops the service:
    `ImportError: libGL.so.1: cannot open shared object file`. The slim images, `nvidia/cuda` and `pytorch/pytorch` have
    no such libraries; the full `python` images have GLib and libgomp, and no libGL either.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir opencv-python==4.10.0.84
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir opencv-python-headless==4.10.0.84
    USER 1000
    ```

    ## When it stays silent
    In stages that others build on or copy from; where the libraries are installed, or come with another system package
    (ffmpeg brings libGL), and where a system package that mllint knows nothing of, a script, conda or a COPY may bring
    them; on images whose libraries are not known: NVIDIA's own framework images, `-devel` ones, Alpine.

    ## Fix safety
    The fix takes the headless build of OpenCV. It is unsafe: `cv2.imshow` and other windows are not in it.

    ## References
    - [opencv-python, which package to install](https://github.com/opencv/opencv-python#installation-and-usage)
    """

    id = "ML215"
    name = "missing-system-library"
    severity = Severity.WARNING

    def check_build(self, build: Build) -> Iterator[Finding]:
        for stage in build.images:
            for missing in missing_libraries(stage):
                if missing.package.span is not None:
                    finding = self._report(missing, missing.package.span, stage)
                    yield finding._replace(stage=stage.label)

    def _report(self, missing: MissingLibrary, span: Span, stage: Stage) -> Finding:
        image = stage.root.image
        base = f"`{image.short}`" if image is not None else "the base image"
        place = image_place(stage.root)
        related = [Related(place.span, "the base image comes from here")] if place is not None else []
        installation = missing.package.installation
        reader = installation.reader(span) if installation is not None else None
        if reader is not None:
            related.append(Related(reader, "it is installed here"))
        return self.finding(
            span,
            _message(missing, base),
            confidence=Confidence.HIGH if missing.need.sure else Confidence.MEDIUM,
            related=tuple(related),
            fix=_fix(missing, span),
        )


def _message(missing: MissingLibrary, base: str) -> str:
    need = missing.need
    first = need.libraries.split()[0] if need.libraries else ""
    effect = need.what if first in missing.names or not first else need.what.replace(first, missing.names[0])
    brought = f"`{need.package}` brings `{need.through}`. " if need.through else ""
    lack = f"{base} has no {' and no '.join(missing.names)}, and nothing installs {_them(missing.names)}"
    probably = "" if need.sure else "probably "
    packages = " and ".join(f"`{name}`" for name in missing.debian)
    headless = _HEADLESS.get(need.package)
    instead = f", or take `{headless}`, which does without" if headless is not None else ""
    return f"{brought}{lack[:1].upper()}{lack[1:]}: {probably}{effect}. Install {packages}{instead}."


def _them(names: tuple[str, ...]) -> str:
    return "it" if len(names) == 1 else "them"


def _fix(missing: MissingLibrary, span: Span) -> Fix | None:
    name = missing.need.package
    headless = _HEADLESS.get(name)
    if headless is None or missing.need.through or not span.text.lower().startswith(name):
        return None
    edit = Edit(span.source.span(span.start, span.start + len(name)), headless)
    return Fix(f"Take `{headless}`", (edit,), Applicability.UNSAFE)
