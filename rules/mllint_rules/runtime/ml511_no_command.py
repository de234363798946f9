"""ML511 no-command."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Build,
    Exec,
    Finding,
    Origin,
    Role,
    Rule,
    Severity,
    Stage,
    is_for_development,
    platform_of,
)

#: Packages that bring a server, with the command that starts it (the application's modules are a guess).
_SERVERS = {
    "bentoml": '["bentoml", "serve", "service:svc"]',
    "streamlit": '["streamlit", "run", "app.py", "--server.address=0.0.0.0"]',
    "gunicorn": '["gunicorn", "--bind", "0.0.0.0:{port}", "app:app"]',
    "uvicorn": '["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "{port}"]',
    "hypercorn": '["hypercorn", "--bind", "0.0.0.0:{port}", "app:app"]',
}


class NoCommand(Rule):
    """The image exposes a port or has a server, and starts nothing.

    ## Why is this bad?
    `docker run -d` starts a shell or Python's prompt, which ends at once since nobody types: the container exits with
    0, Kubernetes restarts it for ever (CrashLoopBackOff), and what starts the server is in a README, a Compose file or
    somebody's memory. The image cannot be tested as it is deployed.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0
    USER 1000
    HEALTHCHECK CMD python healthy.py
    EXPOSE 8000
    CMD ["bash"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir fastapi==0.115.4 uvicorn==0.32.0
    USER 1000
    HEALTHCHECK CMD python healthy.py
    EXPOSE 8000
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```

    ## When it stays silent
    For images that are meant to be built upon (no port, no command of their own), files and stages named for
    development, images whose base is not known (it may bring the command), where a Compose service that builds the file
    gives the command, and for SageMaker, which starts `serve` or `train` itself.

    ## References
    - [CMD](https://docs.docker.com/reference/dockerfile/#cmd)
    """

    id = "ML511"
    name = "no-command"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        process = stage.process if stage is not None else None
        if stage is None or process is None or not process.known or is_for_development(stage):
            return
        if stage.role.value is Role.BASE or build.compose_command or platform_of(stage) is not None:
            return
        prompt = stage.prompt
        port = next((port for port, _ in stage.exposed if port != 22), None)
        server = _installed_server(stage)
        if prompt is None or (port is None and server is None):
            return
        yield self._finding(stage, process.instruction, prompt, port, server)._replace(stage=stage.label)

    def _finding(
        self, stage: Stage, instruction: Exec | None, prompt: str, port: int | None, server: str | None
    ) -> Finding:
        if instruction is not None:
            span, starts = instruction.arguments.span, f"The container starts `{prompt}`"
        else:
            span = next((span for number, span in stage.exposed if number == port), stage.opening.keyword_span)
            starts = f"No CMD: the container starts the base image's `{prompt}`"
        unused = f"port {port} is exposed and nothing listens there" if port is not None else f"`{server}` is not run"
        words = _SERVERS.get(server or "", "").replace("{port}", str(port or 8000))
        remedy = f"Write the program as CMD, such as `CMD {words}`." if words else "Write the program as CMD."
        return self.finding(
            span,
            f"{starts}, which ends at once without a terminal: {unused}, and Kubernetes restarts it for ever. {remedy}",
        )


def _installed_server(stage: Stage) -> str | None:
    """A server that is asked for by name; one that a library needs may never be started."""
    found = ((name, stage.inventory.get(name)) for name in _SERVERS)
    return next((name for name, package in found if package is not None and package.origin is Origin.LITERAL), None)
