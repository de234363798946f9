"""ML216 site-packages-across-pythons."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Finding,
    ImageReference,
    Misplaced,
    Related,
    Rule,
    Severity,
    Stage,
    misplaced_packages,
    moved_script,
)


class SitePackagesAcrossPythons(Rule):
    """Python packages, or a virtual environment, are copied into a stage whose Python cannot use them.

    ## Why is this bad?
    Installed packages belong to one Python: their folder carries its version (`lib/python3.11/site-packages`), compiled
    modules carry it too (`cpython-311`), and the `python` of a virtual environment is a link to the interpreter that
    made it. A Python of another minor version does not look into that folder; where the link's target is missing,
    nothing in the environment starts. The build goes through, and the container stops with `ModuleNotFoundError`, or
    with "no such file or directory". It happens when one of two FROM lines is updated.

    ## Bad
    ```dockerfile
    FROM python:3.11.9-slim AS builder
    RUN pip install --no-cache-dir numpy==1.26.4
    FROM python:3.12.7-slim
    COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim AS builder
    RUN pip install --no-cache-dir numpy==1.26.4
    FROM python:3.12.7-slim
    COPY --from=builder /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages
    USER 1000
    ```

    ## When it stays silent
    Where both have the same minor version, where one is not known, where PYTHONPATH names the folder, where the
    interpreter is copied as well, and for wheels that are copied and installed. It is a warning where the folder is
    renamed to the other version, since packages without compiled modules then work, where a version is only remembered,
    and where the container starts a script of a virtual environment that was made in another folder.

    ## References
    - [Python, venv](https://docs.python.org/3/library/venv.html)
    - [Debian Python policy, module path](https://www.debian.org/doc/packaging-manuals/python-policy/)
    """

    id = "ML216"
    name = "site-packages-across-pythons"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        found = {each.span.start: each for each in misplaced_packages(stage)}
        for misplaced in found.values():
            related = tuple(Related(span, "the Python comes from here") for span in dict.fromkeys(misplaced.related))
            severity = Severity.ERROR if misplaced.sure else Severity.WARNING
            yield self.finding(misplaced.span, _message(misplaced), severity=severity, related=related)
        for step in stage.copies:
            span = step.sources[0][0].span if step.sources else None
            made = moved_script(stage, step) if span is not None and span.start not in found else None
            if span is not None and made is not None and not isinstance(step.origin, ImageReference):
                message = (
                    f"The scripts of this virtual environment begin with `#!{made}/bin/python`, the folder that it was "
                    "made in, and the container starts one of them: no such file or directory. Copy it to the same "
                    "folder, or start it with `python -m`."
                )
                yield self.finding(span, message, severity=Severity.WARNING)


def _message(misplaced: Misplaced) -> str:
    stage, built, here, folder = misplaced.origin.label, misplaced.built, misplaced.here, misplaced.folder
    if misplaced.reason == "source":
        return (
            f"Stage `{stage}` has Python {built} and no `{folder}`: the build stops with `not found`. "
            f"Copy {_own(folder, built)}."
        )
    if misplaced.reason == "absent":
        return (
            f"There is no Python in this stage, and nothing can read these packages of Python {built}. "
            f"Start it from `python:{built}-slim`."
        )
    if misplaced.reason == "folder":
        return (
            f"The distribution's Python {here} looks into `/usr/local/lib/python{here}/dist-packages`, not into "
            f"`{folder}`: nothing of it can be imported. Start from `python:{built}-slim`, or install with pip here."
        )
    if misplaced.reason == "built":
        return (
            f"These packages are built for Python {built}, and Python {here} loads none of their compiled modules "
            f"(numpy, torch …). Use the same version in stage `{stage}`."
        )
    if misplaced.reason == "link":
        other = f"; the Python {here} that is here is another one" if here else ""
        return (
            f"`{folder}/bin/python` is a link to `{misplaced.target}` (Python {built}) of stage `{stage}`, which this "
            f"image does not have{other}: nothing in the environment starts. Use the same base image in both stages."
        )
    return (
        f"These packages are in `lib/python{built}/site-packages`, and the Python here is {here}, which does not look "
        f"there: ModuleNotFoundError at the first import. Use the same Python in stage `{stage}` and here."
    )


def _own(folder: str, version: str) -> str:
    prefix = folder.rpartition("/lib/python")[0]
    return f"`{prefix}/lib/python{version}/site-packages`"
