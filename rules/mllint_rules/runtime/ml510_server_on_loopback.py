"""ML510 server-on-loopback."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Applicability, Build, Edit, Finding, Fix, Rule, Server, Severity, Span, Stage

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
#: Programs that forward to a server in the same container, so that loopback is right.
_PROXIES = frozenset({"nginx", "caddy", "haproxy", "envoy", "traefik", "apache2", "httpd", "supervisord", "s6-svscan"})


class ServerOnLoopback(Rule):
    """The server listens on 127.0.0.1 inside the container, where no published port reaches it.

    ## Why is this bad?
    A container has a network of its own: `-p 8000:8000`, a Kubernetes Service and a load balancer come in through its
    outer address, not through its loopback. The server starts, its log says that it is running, and every connection is
    refused or reset. uvicorn, Flask, Gradio, MLflow and Jupyter listen on 127.0.0.1 unless they are told otherwise.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app.main:app", "--port", "8080"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8080"]
    ```

    ## When it stays silent
    Where the address comes from a variable, a configuration file or words that are not known, for Unix sockets, and
    where a proxy such as nginx runs in the same container.

    ## Fix safety
    The fix adds the host option, or puts `0.0.0.0` in the place of the loopback address. It is unsafe because the
    server can then be reached from outside, which is what was missing.

    ## References
    - [Uvicorn settings](https://www.uvicorn.org/settings/#socket-binding)
    - [Flask, running behind a host name](https://flask.palletsprojects.com/en/stable/quickstart/)
    """

    id = "ML510"
    name = "server-on-loopback"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        process = stage.process if stage is not None else None
        if stage is None or process is None or process.instruction is None:
            return
        if any(command.name in _PROXIES for command in process.commands):
            return
        for server in stage.servers:
            finding = self._check(server, stage)
            if finding is not None:
                yield finding._replace(stage=stage.label)

    def _check(self, server: Server, stage: Stage) -> Finding | None:
        severity = Severity.ERROR if server.facts.sure else Severity.WARNING
        remedy = _remedy(server)
        if server.host is not None and _is_loopback(server.host):
            message = f"{server.facts.name} is told to listen on `{server.host}`, {_CONSEQUENCE}. {remedy}"
            span = server.host_span or server.span
            return self.finding(span, message, severity=severity, fix=_replacement(server.host, span))
        if server.told or not server.facts.loopback or _told_elsewhere(server, stage):
            return None
        message = f"{server.facts.name} listens on 127.0.0.1 unless it is told otherwise, {_CONSEQUENCE}. {remedy}"
        return self.finding(server.span, message, severity=severity, fix=_addition(server))


_CONSEQUENCE = "so no published port reaches it: every connection from outside the container is refused"


def _is_loopback(host: str) -> bool:
    return host.startswith(("127.", "localhost", "[::1]", "::1"))


def _told_elsewhere(server: Server, stage: Stage) -> bool:
    """A variable, or a configuration file that the server reads by itself."""
    if any(stage.variable_at(name) is not None for name in server.facts.host_env):
        return True
    if server.facts.name == "gunicorn":
        return stage.container_file("gunicorn.conf.py") is not None
    if server.facts.name == "Jupyter":
        if server.command is not None and (server.command.name or "").startswith("start-"):
            # A script of Jupyter's own images, whose configuration says it, or one that says what it likes.
            return True
        written = any("jupyter" in (step.target or "") for step in stage.copies)
        configured = any(run.arguments.value.count("jupyter") and ".ip" in run.arguments.value for run in stage.runs)
        return written or configured or (stage.base is not None and stage.base.purpose == "notebook")
    return False


def _remedy(server: Server) -> str:
    facts = server.facts
    if facts.name == "gunicorn":
        return "Add `--bind 0.0.0.0:8000`."
    if server.command is None:
        keyword = "server_name" if facts.name == "Gradio" else "host"
        return f'Call it with `{keyword}="0.0.0.0"`.'
    if facts.host_flags:
        return f"Add `{facts.host_flags[-1] if facts.host_flags[0].count('-') == 1 else facts.host_flags[0]} 0.0.0.0`."
    if facts.host_env:
        return f"Set `ENV {facts.host_env[0]}=0.0.0.0`."
    return "Give it the address 0.0.0.0."


def _replacement(host: str, span: Span) -> Fix | None:
    at = span.text.find(host)
    loopback = next((name for name in _LOOPBACK if host.startswith(name)), None)
    if at < 0 or loopback is None:
        return None
    start = span.start + at
    edit = Edit(span.source.span(start, start + len(loopback)), "0.0.0.0")
    return Fix("Listen on all addresses", (edit,), Applicability.UNSAFE)


def _addition(server: Server) -> Fix | None:
    """`--host 0.0.0.0` behind the last word, as JSON where the command is JSON."""
    command, flags = server.command, server.facts.host_flags
    if command is None or not flags:
        return None
    flag = next((each for each in flags if each.startswith("--")), flags[0])
    value = "0.0.0.0:8000" if flag == "--bind" else "0.0.0.0"
    end = command.words[-1].span.end
    source = command.span.source
    if source.text[end : end + 1] == '"' and source.text[command.words[0].span.start - 1] == '"':
        content, end = f', "{flag}", "{value}"', end + 1
    else:
        content = f" {flag} {value}"
    return Fix("Listen on all addresses", (Edit(source.span(end, end), content),), Applicability.UNSAFE)
