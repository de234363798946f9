"""ML502 jupyter-in-production."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import Build, Finding, Installation, Related, Requirement, Role, Rule, regex

_PACKAGES = frozenset(
    {
        "jupyter",
        "jupyterlab",
        "jupyterhub",
        "notebook",
        "jupyter-server",
        "jupyter-client",
        "ipykernel",
        "nbclassic",
        "ipywidgets",
    }
)
_ROLES = frozenset({Role.SERVING, Role.TRAINING, Role.JOB})
_DEVELOPMENT = regex(
    r"(^|[._/-])(dev|devel|development|devcontainer|notebooks?|jupyter(lab)?|test|tests|ci)([._/-]|$)", re.IGNORECASE
)


class JupyterInProduction(Rule):
    """Jupyter is installed in an image that serves, trains or runs a batch job.

    ## Why is this bad?
    A notebook server is a remote shell: where it is installed it can be started, and one that is left running without
    a token hands the container, its GPU and its credentials to whoever finds the port. JupyterLab also brings
    some 90 packages (tornado, nbconvert, bleach …; about 200 MB) that the service never imports and that every
    vulnerability scan lists.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0 jupyterlab==4.2.5
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim AS service
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
    ```

    ## When it stays silent
    For images that start a notebook, files and stages named for development (`Dockerfile.dev`, `AS dev`), and images
    whose purpose is not known. Packages in requirements files count where the file is in the build context.

    ## References
    - [Security in the Jupyter server](https://jupyter-server.readthedocs.io/en/latest/operators/security.html)
    """

    id = "ML502"
    name = "jupyter-in-production"
    security_severity = "5.0"
    tags = ("security",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        final = build.final
        if final is None or final.role.value not in _ROLES or _DEVELOPMENT.search(build.dockerfile.source.path):
            return
        if any(_DEVELOPMENT.search(stage.label) for stage in final.ancestry):
            return
        for stage in reversed(final.ancestry):
            for installation in stage.installations:
                finding = self._check(installation, final.role.value)
                if finding is not None:
                    yield finding._replace(stage=stage.label)

    def _check(self, installation: Installation, role: Role) -> Finding | None:
        found = [each.requirement for each in installation.wanted if each.requirement.name in _PACKAGES]
        if not found:
            return None
        command = installation.step.install.command.span
        listed = found[0].span.source is not command.source
        related = (Related(command, "installed here"),) if listed else ()
        return self.finding(found[0].span, _message(found, role), related=related)


def _message(found: list[Requirement], role: Role) -> str:
    names = ", ".join(f"`{name}`" for name in dict.fromkeys(each.name for each in found))
    return (
        f"{names} goes into a {role.value} image: a notebook server is a remote shell that nothing here needs, and "
        f"JupyterLab alone is some 90 packages and 200 MB to pull and to patch. Keep it in a development image."
    )
