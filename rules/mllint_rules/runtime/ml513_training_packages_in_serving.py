"""ML513 training-packages-in-serving."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Build,
    Finding,
    Installation,
    Related,
    Requirement,
    Role,
    Rule,
    Severity,
    Stage,
    is_for_development,
    knowledge,
)

#: Kinds of packages that no request needs.
_KINDS = {"training-only": "training", "dev-tool": "development"}
#: Packages of those kinds that install or start others, or that services do use.
_USED = frozenset({"build", "poetry", "uv", "pip-tools", "pipenv", "evaluate", "py-spy", "debugpy", "sacrebleu"})
#: Trackers and launchers of trainings. mlflow is none of them: it serves and loads models.
_TRACKERS = frozenset({"wandb", "tensorboard", "deepspeed", "neptune", "comet-ml", "aim", "clearml"})


class TrainingPackagesInServing(Rule):
    """Packages that only a training or a developer uses are installed in an image that serves.

    ## Why is this bad?
    They are pulled by every node that starts the service, listed by every vulnerability scan, and pin versions that the
    service would otherwise be free of. Most are small; some bring much (`tensorboard` brings grpcio and Werkzeug).

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0 pytest==8.3.3 tensorboard==2.18.0
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
    ```

    ## When it stays silent
    For images whose role is not serving or not known, or that only expose a port and start a shell, files and stages
    for development, builder stages, images that start one of the packages, and packages that others bring or work with.
    Only well-known packages are looked at. Requirements files count where they are in the build context.

    ## References
    - [pip, requirements files](https://pip.pypa.io/en/stable/user_guide/#requirements-files)
    - [Docker, multi-stage builds](https://docs.docker.com/build/building/multi-stage/)
    """

    id = "ML513"
    name = "training-packages-in-serving"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        final = build.final
        if final is None or final.role.value is not Role.SERVING or is_for_development(final):
            return
        process = final.process
        if not final.servers and (process is None or final.prompt is not None):
            # An exposed port alone may be that of a training's dashboard.
            return
        started = {command.name for command in process.commands} if process is not None else set()
        for stage in reversed(final.ancestry):
            for installation in stage.installations:
                found = [each for each in _found(installation) if each.name not in started and not _served(each, final)]
                if found:
                    yield self._finding(found, installation)._replace(stage=stage.label)

    def _finding(self, found: list[Requirement], installation: Installation) -> Finding:
        first = found[0].span
        command = installation.step.install.command.span
        related = (Related(command, "installed here"),) if first.source is not command.source else ()
        return self.finding(first, _message([each.name or "" for each in found]), related=related)


def _found(installation: Installation) -> list[Requirement]:
    """The requirements of an install that serve no request."""
    if installation.step.install.ecosystem == "system":
        return []
    return [each.requirement for each in installation.wanted if _kind(each.requirement.name) is not None]


def _served(requirement: Requirement, stage: Stage) -> bool:
    """Whether a server that is installed works with it: clearml-serving loads its models through clearml."""
    return requirement.name == "clearml" and stage.inventory.get("clearml-serving") is not None


def _kind(name: str | None) -> str | None:
    if name is None or name in _USED:
        return None
    if name in _TRACKERS:
        return "training"
    return _KINDS.get(knowledge.pypi_packages.category(name) or "")


def _message(names: list[str]) -> str:
    kinds = " and ".join(sorted({_kind(name) or "" for name in names}, reverse=True))
    shown = ", ".join(f"`{name}`" for name in dict.fromkeys(names[:4]))
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    verb, they = ("is", "it is") if len(names) == 1 else ("are", "they are")
    them = "it" if len(names) == 1 else "them"
    size = sum(package.size_mb or 0 for name in names if (package := knowledge.pypi_packages.find(name)) is not None)
    megabytes = f" (about {size:.0f} MB to download, without what they need)" if size >= 5 else ""
    return (
        f"{shown}{more} {verb} for {kinds}{megabytes}: no request needs {them}, and {they} pulled, "
        "scanned and patched with the service. Keep such packages in a requirements file or an extra of their own, "
        "which this image does not install."
    )
