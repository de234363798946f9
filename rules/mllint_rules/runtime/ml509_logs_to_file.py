"""ML509 logs-to-file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import Build, Command, Finding, Related, Rule, Server, Severity, Stage, Word, regex, trains

_STREAMS = regex(r"-|\d|/dev/(?:stdout|stderr|null|tty|fd/\d)|/proc/(?:1|self)/fd/\d")
_LOG = regex(r"\.(?:log|out|err)(?:\.|$)|(?:^|/)logs?(?:/|$)|nohup\.out", re.IGNORECASE)
#: Options that name a log file, by the server.
_OPTIONS = {
    "gunicorn": ("--access-logfile", "--error-logfile", "--log-file"),
    "hypercorn": ("--access-logfile", "--error-logfile"),
}


class LogsToFile(Rule):
    """The container's program writes its log to a file inside the container.

    ## Why is this bad?
    `docker logs`, `kubectl logs` and the collectors of the cloud platforms read what process 1 writes to its standard
    output and error. What goes to a file is not there, is gone with the container (just when a crash is to be
    explained), and grows in its writable layer until the node's disk is full and the pod is evicted.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    CMD ["sh", "-c", "exec python -u train.py > /var/log/train.log 2>&1"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    CMD ["python", "-u", "train.py"]
    ```

    ## When it stays silent
    For `/dev/stdout` and the like, files that are links to it, pipes into tee, a `tail` that prints the file, and
    output that is the result of a job (`… > predictions.csv`) or of the small commands in front of the program.

    ## References
    - [docker container logs](https://docs.docker.com/reference/cli/docker/container/logs/)
    - [Kubernetes, logging architecture](https://kubernetes.io/docs/concepts/cluster-administration/logging/)
    """

    id = "ML509"
    name = "logs-to-file"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        process = stage.process if stage is not None else None
        if stage is None or process is None or process.instruction is None:
            return
        shown = _shown_files(stage)
        for command in process.commands:
            for target in _log_files(command, stage):
                path = target.value or target.raw
                if path not in shown and not _STREAMS.fullmatch(path):
                    related = (Related(process.span, "the container starts here"),)
                    yield self.finding(
                        target.span,
                        f"The log goes to `{path}` inside the container: `docker logs` and `kubectl logs` show nothing "
                        f"of it, and it is gone with the container, when a crash is to be explained. Write to the "
                        f"standard output.",
                        related=related if target.span.source is not process.span.source else (),
                    )._replace(stage=stage.label)
                    return


def _log_files(command: Command, stage: Stage) -> Iterator[Word]:
    """The files that get the output of the container's program, its server's options included."""
    server = next((each for each in stage.servers if each.command is command), None)
    main = (
        server is not None or trains(command) or (stage.process is not None and command is stage.process.commands[-1])
    )
    for redirect in command.redirects:
        path = redirect.target.value if redirect.target is not None else None
        writes = redirect.operator.lstrip("0123456789&").startswith(">")
        if redirect.target is not None and path and writes and (server is not None or (main and _LOG.search(path))):
            yield redirect.target
    yield from _option_files(command, server)


def _option_files(command: Command, server: Server | None) -> Iterator[Word]:
    names = _OPTIONS.get(server.facts.name, ()) if server is not None else ()
    for at, word in enumerate(command.arguments):
        name, equals, value = (word.value or "").partition("=")
        if name in names and equals:
            start = word.span.end - len(value)
            yield Word(word.span.source.span(start, word.span.end), value, value)
        elif name in names and at + 1 < len(command.arguments) and command.arguments[at + 1].value is not None:
            yield command.arguments[at + 1]


def _shown_files(stage: Stage) -> set[str]:
    """Files that are links to a stream, or that a `tail` or `tee` of the container prints."""
    shown: set[str] = set()
    for each in stage.ancestry:
        for step in each.steps:
            values = [value for value in step.command.values() if value is not None]
            if step.command.name == "ln" and any(_STREAMS.fullmatch(value) for value in values):
                shown.update(values)
    for command in stage.process.commands if stage.process is not None else ():
        if command.name in ("tail", "ln", "cat"):
            shown.update(value for value in command.values() if value is not None)
    return shown
