"""ML503 missing-healthcheck."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Confidence,
    Edit,
    Finding,
    Fix,
    Role,
    Rule,
    Server,
    Span,
    Stage,
    knowledge,
    platform_of,
    request_words,
)

#: Ports of databases, brokers and gRPC: the usual ones, and Ray's own store.
_NO_HTTP = frozenset({2181, 3306, 5432, 6379, 8500, 9092, 27017, 50051})
_INTERVAL = "--interval=30s --timeout=5s"


class MissingHealthcheck(Rule):
    """An image that serves has no HEALTHCHECK.

    ## Why is this bad?
    A model server is up long before it can answer: it loads weights for seconds to minutes, and it can hang later with
    its process alive (a CUDA error, a stuck worker). Without a health check Docker, Compose and Swarm only see that
    the process exists, and send requests into it. Kubernetes ignores HEALTHCHECK and needs its own probes; the same
    request serves for both.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    EXPOSE 8000
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    EXPOSE 8000
    HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \\
      CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```

    ## When it stays silent
    For images that do not serve, or start only a shell (`no-command`, ML511, speaks) or nothing that is known, where
    the base image has a health check, where `HEALTHCHECK NONE` is stated, where a Compose service that builds this file
    has one, and for AWS Lambda and SageMaker (their base images, a handler, files under `/opt/ml`, SAGEMAKER_
    variables), whose platform asks for itself.

    ## Fix safety
    Only shown: the path is the server's own where it has one, else `/health`, which the application has to offer. The
    request is made with what the image has: curl, else Python, else wget. The start period is what the server may take
    to load its model: ten minutes for vLLM and SGLang, two for Triton and llama.cpp, one where the server is not known.

    ## References
    - [HEALTHCHECK](https://docs.docker.com/reference/dockerfile/#healthcheck)
    """

    id = "ML503"
    name = "missing-healthcheck"
    aliases = ("DL3057", "CKV_DOCKER_2", "DS-0026", "AVD-DS-0026")

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None or stage.role.value is not Role.SERVING or stage.healthcheck is not None:
            return
        if platform_of(stage) is not None or (stage.base is not None and stage.base.healthcheck):
            return
        if build.compose_healthcheck or _starts_nothing(stage):
            return
        yield self._finding(stage)._replace(stage=stage.label)

    def _finding(self, stage: Stage) -> Finding:
        server = stage.servers[0] if stage.servers else None
        port = _port(stage, server)
        model = server is not None and server.facts.kind == "model"
        when = "while the model loads" if model else "while the server starts" if server is None else "while it starts"
        message = (
            f"{_what(stage, server, port)} without a HEALTHCHECK: {when}, or when the process hangs, Docker counts the "
            f"container as up, and Compose and Swarm send it traffic."
        )
        confidence = Confidence.HIGH if stage.base is not None and server is not None else Confidence.MEDIUM
        return self.finding(_span(stage, server), message, confidence=confidence, fix=_proposal(stage, server, port))


def _starts_nothing(stage: Stage) -> bool:
    """Whether nothing serves by itself: the container starts a prompt, or what the base image starts is not known."""
    if stage.servers or stage.process is not None:
        return stage.prompt is not None
    return stage.base is None or stage.base.purpose != "serving"


def _what(stage: Stage, server: Server | None, port: int | None) -> str:
    if server is not None:
        return f"{server.facts.name} serves here"
    if stage.exposed and port is not None:
        return f"Port {port} is exposed"
    image = stage.root.image
    return f"`{image.short}` serves here" if image is not None else "It serves"


def _span(stage: Stage, server: Server | None) -> Span:
    """What starts the server: its command, the instruction that does, the exposed port, or the image."""
    process = stage.process
    if server is not None and server.span.source is stage.opening.span.source:
        return server.span
    if process is not None and process.instruction is not None:
        return process.instruction.keyword_span
    if stage.exposed:
        return stage.exposed[0][1]
    return (stage.root.opening.image or stage.root.opening).span


def _port(stage: Stage, server: Server | None) -> int | None:
    if server is not None and server.port is not None:
        return server.port
    exposed = [port for port, _ in stage.exposed if port != 22]
    spoken = (port for port in exposed if _speaks_http(port, stage))
    return next(spoken, None) or next(
        iter(exposed), stage.base.ports[0] if stage.base is not None and stage.base.ports else None
    )


def _speaks_http(port: int, stage: Stage) -> bool:
    triton = stage.base is not None and "triton" in stage.base.family
    return port not in _NO_HTTP and not (triton and port == 8001)


def _path(stage: Stage, server: Server | None) -> str | None:
    """The path of the server's own health check, or of the one that the base image starts."""
    if server is not None:
        return server.facts.health
    inherited = stage.base is not None and stage.process is not None and stage.process.instruction is None
    names = {name for name, _ in stage.base.frameworks} if stage.base is not None and inherited else frozenset()
    return next((each.health for each in knowledge.servers.SERVERS if each.name.lower() in names), None)


def _proposal(stage: Stage, server: Server | None, port: int | None) -> Fix | None:
    if port is None or (server is None and not _speaks_http(port, stage)):
        return None
    path = _path(stage, server)
    probe = request_words(stage, server, f"http://127.0.0.1:{port}{path or '/health'}")
    if probe is None:
        return None
    start = max(server.facts.start if server is not None else 60, 10)
    lines = f"HEALTHCHECK {_INTERVAL} --start-period={start}s {stage.build.dockerfile.escape}\n  CMD {probe}"
    process = stage.process
    own = process.instruction if process is not None and process.instruction in stage.body else None
    if own is not None:
        at, lines = own.keyword_span.start, f"{lines}\n"
    else:
        at, lines = (stage.body[-1] if stage.body else stage.opening).span.end, f"\n{lines}"
    note = "" if path else ", with the path of your application"
    edit = Edit(stage.opening.span.source.span(at, at), lines)
    return Fix(f"Add a health check on port {port}{note}", (edit,), Applicability.DISPLAY)
