"""ML221 missing-interpreter."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    AbsentUse,
    Applicability,
    Cmd,
    Edit,
    Entrypoint,
    Finding,
    Fix,
    Healthcheck,
    Related,
    Rule,
    Run,
    Severity,
    Stage,
    absent_at_start,
    image_place,
)

#: How to get a program; the packages are Debian's.
_REMEDIES = {
    "python": "Write `python3` and install it (`apt-get install -y python3`)",
    "python3": "Install it first (`apt-get install -y python3`), or start from `python`",
    "pip": "Install it first (`apt-get install -y python3-pip`)",
    "pip3": "Install it first (`apt-get install -y python3-pip`)",
    "uv": "Copy it in first: `COPY --from=ghcr.io/astral-sh/uv:<version> /uv /bin/`",
    "conda": "Install Miniforge first, or start from `condaforge/miniforge3`",
    "mamba": "Install Miniforge first, or start from `condaforge/miniforge3`",
    "micromamba": "Copy it in first: `COPY --from=mambaorg/micromamba:<version> /bin/micromamba /bin/`",
    "poetry": "Install it first (`pip install poetry==<version>`)",
    "pipenv": "Install it first (`pip install pipenv==<version>`)",
    "pdm": "Install it first (`pip install pdm==<version>`)",
    "pipx": "Install it first (`apt-get install -y pipx`)",
}


class MissingInterpreter(Rule):
    """A command calls `python`, `pip`, `conda`, `uv` …, which its image does not have.

    ## Why is this bad?
    The CUDA images hold libraries and no Python: `RUN pip install` on `nvidia/cuda` stops the build with
    `pip: not found`. Debian's and Ubuntu's own Python is called `python3` and nothing else, so that after
    `apt-get install python3` the build goes through and `CMD ["python", "app.py"]` stops each container at its start:
    `exec: "python": executable file not found in $PATH`.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
    COPY train.py /app/
    USER 1000
    CMD ["python", "-u", "/app/train.py"]
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
    COPY train.py /app/
    USER 1000
    CMD ["python3", "-u", "/app/train.py"]
    ```

    ## When it stays silent
    On images whose programs are not known, and from the first thing on that may have brought the program unseen: a
    script, an archive unpacked onto PATH, a folder that ENV PATH adds, a COPY from another image or from a stage that
    has it. Also where a failure is caught (`|| true`, `if`).

    ## Fix safety
    The fix writes `python3` for `python` where only that is there. It is safe: the command could not run.

    ## References
    - [CUDA images, contents](https://gitlab.com/nvidia/container-images/cuda)
    - [Debian Python policy, interpreter name](https://www.debian.org/doc/packaging-manuals/python-policy/)
    """

    id = "ML221"
    name = "missing-interpreter"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for use in stage.absent_programs.uses:
            yield self._report(use, stage)
        if stage not in stage.build.builders:
            for use in absent_at_start(stage):
                yield self._report(use, stage)

    def _report(self, use: AbsentUse, stage: Stage) -> Finding:
        base = stage.root.image
        image = f"`{base.short}`" if base is not None else "The base image"
        place = image_place(stage.root)
        return self.finding(
            use.span,
            f"{_lack(use, image)}: {_effect(use)}. {_remedy(use)}.",
            related=(Related(place.span, "the base image comes from here"),) if place is not None else (),
            fix=_fix(use),
        )


def _lack(use: AbsentUse, image: str) -> str:
    if use.module:
        return f"{image} has no pip, and the `python3` that is installed comes without it"
    if use.program == "python" and use.has_python3:
        return "Only `python3` is there, and no `python`"
    return f"{image} has no `{use.program}`, and nothing up to here brings it"


def _effect(use: AbsentUse) -> str:
    if isinstance(use.instruction, Run):
        said = "No module named pip" if use.module else f"{use.program}: not found"
        return f"the build stops with `{said}`"
    if isinstance(use.instruction, Healthcheck):
        return "every check fails, and the container turns unhealthy"
    if isinstance(use.instruction, Cmd | Entrypoint) and use.instruction.argv is not None:
        return f'the container stops at its start with `exec: "{use.program}": executable file not found in $PATH`'
    return f"the container stops at its start with `{use.program}: not found`"


def _remedy(use: AbsentUse) -> str:
    if use.program == "python" and use.has_python3:
        return "Write `python3`, or install `python-is-python3`"
    if use.program.startswith("python3."):
        return f"Install it first (`apt-get install -y {use.program}`, where the release has it)"
    return _REMEDIES[use.program]


def _fix(use: AbsentUse) -> Fix | None:
    if use.program != "python" or not use.has_python3 or use.span.text.strip("\"'") != "python":
        return None
    start = use.span.start + use.span.text.index("python")
    edit = Edit(use.span.source.span(start, start + len("python")), "python3")
    return Fix("Call `python3`", (edit,), Applicability.SAFE)
