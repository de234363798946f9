"""ML410 experiment-files-copied."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Confidence, CopyStep, Finding, Role, Rule, Severity, Stage, weights

#: Roles of images that have no use for the records of a training.
_RUNNING = (Role.SERVING, Role.JOB, Role.TRAINING)


class ExperimentFilesCopied(Rule):
    """Records of experiments, or notebooks, are copied into an image that runs a service.

    ## Why is this bad?
    Runs of wandb, MLflow or Lightning grow with every training, and hold configurations, host names, samples of the
    data and checkpoints; notebooks hold the output of their cells. A service uses none of it, its users can read all
    of it, and each new run changes the layer.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    COPY lightning_logs/ /app/lightning_logs/
    COPY app.py /app/
    EXPOSE 8000
    HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/health')"]
    USER 1000
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000", "--app-dir", "/app"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    COPY app.py /app/
    EXPOSE 8000
    HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/health')"]
    USER 1000
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000", "--app-dir", "/app"]
    ```

    ## When it stays silent
    In images for notebooks, or to be built upon; in stages that no image is made of; about notebooks in anything but a
    service; where the command or the environment uses the folder (a model that is served out of `mlruns/`); and for
    folders of those names that are Python packages. A copy of the whole context is `dockerignore-gaps` (ML702).

    ## References
    - [.dockerignore files](https://docs.docker.com/build/concepts/context/#dockerignore-files)
    """

    id = "ML410"
    name = "experiment-files-copied"
    severity = Severity.INFO
    tags = ("size",)

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        final = stage.build.final
        if final is None or stage in stage.build.builders or final.role.value not in _RUNNING:
            return
        for step in stage.copies:
            if not step.whole_context:
                yield from self._copied(step, stage, final.role.value)

    def _copied(self, step: CopyStep, stage: Stage, role: Role) -> Iterator[Finding]:
        from mllint.api import clutter

        user = "service" if role is Role.SERVING else f"{role.value} image"
        for source, value in step.sources:
            if value is None:
                continue
            records = clutter.records_folder(value)
            if records is None and not (role is Role.SERVING and clutter.is_notebook(value)):
                continue
            intake = stage.artifacts.intake_at(source.span)
            files = intake.listing.files if intake is not None else ()
            is_package = any(file.path.endswith("/__init__.py") and file.path.count("/") == 1 for file in files)
            if is_package or _is_used(value, step, stage) or (intake is not None and intake.context.ignored(value)):
                continue
            size = f", {weights.readable_size(sum(file.size for file in files))}" if files else ""
            message = (
                f"`{value}` ({records or 'notebooks'}{size}) becomes part of the image, though a {user} does not use "
                f"it, and it changes with every {'run' if records else 'cell that is run'}. Leave it out of the image."
            )
            yield self.finding(source.span, message, confidence=Confidence.HIGH if files else Confidence.MEDIUM)


def _is_used(value: str, step: CopyStep, stage: Stage) -> bool:
    """Whether the command or the environment names the folder, or where it goes."""
    final = stage.build.final or stage
    name = value.strip("./*").rpartition("/")[2]
    commands = final.process.commands if final.process is not None else ()
    words = [word.value or "" for command in commands for word in command.words]
    words += [variable.value or "" for variable in final.scope.environment.at_end().values()]
    places = [each for each in (name, (step.target or "").rstrip("/")) if each.strip("/")]
    return any(place in word for word in words for place in places if place not in ("/app", "/workspace"))
