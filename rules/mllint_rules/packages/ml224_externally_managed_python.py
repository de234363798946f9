"""ML224 externally-managed-python."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Edit,
    Finding,
    Fix,
    RefusedInstall,
    Related,
    Rule,
    Severity,
    Stage,
    Step,
    head_span,
    image_place,
    refused_installs,
    stops_build,
)


class ExternallyManagedPython(Rule):
    """pip installs into the distribution's own Python, which refuses it.

    ## Why is this bad?
    Since Debian 12 and Ubuntu 23.04 the distribution's Python carries a marker (PEP 668): pip, and uv with `--system`,
    install nothing into it and stop with `error: externally-managed-environment`. The line that built for years on
    `nvidia/cuda:…-ubuntu22.04` stops on `…-ubuntu24.04`, and on `pytorch/pytorch` from 2.10 on, whose conda is gone.

    In an image a virtual environment costs nothing and keeps apt's Python packages apart. Setting
    PIP_BREAK_SYSTEM_PACKAGES works as well, as long as pip need not replace a package that apt installed.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.6.3-runtime-ubuntu24.04
    RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
    RUN pip install --no-cache-dir numpy==2.1.3
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.6.3-runtime-ubuntu24.04
    RUN apt-get update && apt-get install -y --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
    RUN python3 -m venv /opt/venv
    ENV PATH=/opt/venv/bin:$PATH
    RUN pip install --no-cache-dir numpy==2.1.3
    USER 1000
    ```

    ## When it stays silent
    With a virtual environment, conda or another Python first on PATH, `--target`, pipx, `--break-system-packages`,
    PIP_BREAK_SYSTEM_PACKAGES or pip's configuration; where the marker is removed, or a script in front of the install
    may have done so; on images that bring a Python of their own (`python:3.12`); where a failure is caught.

    ## Fix safety
    The fix sets PIP_BREAK_SYSTEM_PACKAGES above the RUN. It is unsafe: pip may meet packages that apt owns.

    ## References
    - [PEP 668](https://peps.python.org/pep-0668/)
    - [Externally managed environments](https://packaging.python.org/en/latest/specifications/externally-managed-environments/)
    """

    id = "ML224"
    name = "externally-managed-python"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for refused in refused_installs(stage):
            step = refused.installation.step
            if stops_build(Step(step.instruction, step.install.command), stage):
                # The build ends here: what stands below is never reached.
                yield self._report(refused, stage)
                return

    def _report(self, refused: RefusedInstall, stage: Stage) -> Finding:
        step = refused.installation.step
        place = image_place(stage.root)
        message = (
            f"The Python of {refused.release} is externally managed (PEP 668): the build stops with "
            "`error: externally-managed-environment`. Install into a virtual environment that is first on PATH "
            f"(`python3 -m venv /opt/venv`, `ENV PATH=/opt/venv/bin:$PATH`), or set `ENV {refused.variable}=1`."
        )
        return self.finding(
            head_span(step.install),
            message,
            related=(Related(place.span, f"{refused.release} comes from here"),) if place is not None else (),
            fix=_fix(refused),
        )


def _fix(refused: RefusedInstall) -> Fix:
    run = refused.installation.step.instruction
    here = run.span.source.span(run.span.start, run.span.start)
    setting = f"ENV {refused.variable}=1"
    return Fix(f"Set `{setting}` above it", (Edit(here, f"{setting}\n"),), Applicability.UNSAFE)
