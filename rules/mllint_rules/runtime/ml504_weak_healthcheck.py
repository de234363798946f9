"""ML504 weak-healthcheck."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Command,
    Edit,
    Finding,
    Fix,
    Probe,
    Related,
    Rule,
    Server,
    Stage,
    check_setting,
    ignores_errors,
    probe_of,
    request_words,
)

#: Programs that run or front others, so that more ports may be open than the file tells.
_SUPERVISORS = frozenset({"supervisord", "s6-svscan", "nginx", "caddy", "haproxy", "envoy", "traefik", "docker"})
#: The first words of Compose's `test:`, which HEALTHCHECK takes for a program.
_COMPOSE_WORDS = frozenset({"CMD", "CMD-SHELL", "NONE"})


class WeakHealthcheck(Rule):
    """A HEALTHCHECK that cannot succeed, cannot fail, or gives up while the model still loads.

    ## Why is this bad?
    A check that uses curl in an image without it fails each time: after three tries (90 s) the container is unhealthy,
    Swarm and ECS kill a server that works, and Compose's `depends_on: condition: service_healthy` never starts the
    rest. The slim Python images, Debian, Ubuntu, nvidia/cuda and the runtime images of PyTorch have neither curl nor
    wget. A check that ends in `|| true`, or curl without `--fail`, which takes a 503 for a success, says that all is
    well while every request fails. And without a start period Docker counts failures from the first second, while a
    server that loads a model takes minutes.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    HEALTHCHECK CMD curl -f http://localhost:8000/health || exit 1
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \\
      CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```

    ## When it stays silent
    Where it is not known whether the image has the program, for ports that come from variables or configuration files,
    where other programs run beside the server, for scripts that are not in the build context, and for model servers
    with any start period.

    ## Fix safety
    Only shown: the path and the port are those of the check.

    ## References
    - [HEALTHCHECK](https://docs.docker.com/reference/dockerfile/#healthcheck)
    - [curl --fail](https://curl.se/docs/manpage.html#-f)
    """

    id = "ML504"
    name = "weak-healthcheck"

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        probe = probe_of(stage) if stage is not None else None
        if stage is None or probe is None:
            return
        owner = next(each for each in stage.ancestry if probe.instruction in each.body)
        broken = [*self._malformed(probe), *self._absent(probe, stage), *self._deaf(probe)]
        for finding in broken or [*self._port(probe, stage), *self._errors(probe)]:
            yield finding._replace(stage=owner.label)
        for finding in self._start(probe, stage):
            yield finding._replace(stage=owner.label)

    def _malformed(self, probe: Probe) -> Iterator[Finding]:
        """JSON words that only Compose, or only a shell, understands."""
        argv = probe.instruction.argv or ()
        if argv and argv[0].value in _COMPOSE_WORDS:
            yield self.finding(
                argv[0].span,
                f"`{argv[0].value}` is taken for the name of a program here, which no image has: the check always "
                f"fails. It is Compose's `test:` that starts so; leave the word out.",
            )
        operator = next((word for word in argv if word.value in ("||", "&&", "|", ";")), None)
        if operator is not None:
            yield self.finding(
                operator.span,
                f"No shell reads the JSON form: `{argv[0].value}` gets `{operator.value}` and what follows as "
                f"arguments, and the check fails each time. Leave them out, or write the command without brackets.",
            )

    def _absent(self, probe: Probe, stage: Stage) -> Iterator[Finding]:
        for command in probe.clients[:1]:
            name = command.name or ""
            if stage.has_command(name) is not False:
                continue
            image = stage.root.image
            where = f"`{image.short}` has no {name} and nothing installs it" if image is not None else f"No {name} here"
            words = _replacement(probe, stage)
            instead = "Python can ask" if words is not None and "python" in words else f"Install {name}"
            yield self.finding(
                command.words[0].span,
                f"{where}: the check fails each time, and after {_until_unhealthy(probe)} the container is `unhealthy` "
                f"although the server works. {instead}{' instead' if words else ''}.",
                fix=_fix(probe, words, f"Ask with {'Python' if words and 'python' in words else 'what is there'}"),
            )

    def _deaf(self, probe: Probe) -> Iterator[Finding]:
        span = probe.always_well
        if span is not None:
            yield self.finding(
                span,
                f"`{span.text}` ends the check with 0 whatever came before: the container is `healthy` even when the "
                f"server hangs or never started. Leave it out, or write `|| exit 1`.",
            )

    def _port(self, probe: Probe, stage: Stage) -> Iterator[Finding]:
        server = _only_server(stage)
        if server is None or server.port is None or not probe.requests:
            return
        listening = {server.port, *server.facts.more_ports}
        request = probe.requests[0]
        if any(each.port in listening for each in probe.requests):
            return
        yield self.finding(
            request.span,
            f"The check asks port {request.port}, where nothing listens: {server.facts.name} is on port {server.port}. "
            f"It fails each time, and after {_until_unhealthy(probe)} the container is `unhealthy`.",
            related=(Related(server.span, f"listens on port {server.port}"),),
        )

    def _errors(self, probe: Probe) -> Iterator[Finding]:
        for command in probe.commands:
            if ignores_errors(command, probe.commands):
                at = command.words[0].span.end
                source = command.span.source
                fix = None
                if probe.instruction.argv is None and source is probe.instruction.span.source:
                    edit = Edit(source.span(at, at), " --fail")
                    fix = Fix("Add --fail", (edit,), Applicability.SAFE)
                yield self.finding(
                    command.words[0].span,
                    "curl without `--fail` ends with 0 on any answer, a 500 or 503 too: the check sees a server that "
                    "is gone, but not one that fails every request or still loads its model. Add `--fail`.",
                    fix=fix,
                )
                return

    def _start(self, probe: Probe, stage: Stage) -> Iterator[Finding]:
        server = next((each for each in stage.servers if each.facts.kind == "model"), None)
        start, interval = check_setting(probe.instruction, "start-period"), check_setting(probe.instruction, "interval")
        retries = check_setting(probe.instruction, "retries")
        if server is None or start or interval is None or retries is None or start is None:
            return
        if interval * retries >= server.facts.start:
            return
        fix = None
        if probe.instruction.flag("start-period") is None:
            at = probe.instruction.keyword_span.end
            edit = Edit(probe.instruction.span.source.span(at, at), f" --start-period={server.facts.start}s")
            fix = Fix("Add a start period", (edit,), Applicability.SAFE)
        yield self.finding(
            probe.instruction.keyword_span,
            f"No start period: {server.facts.name} may take about {_duration(server.facts.start)} to load its model, "
            f"and the container is `unhealthy` after {_until_unhealthy(probe)}; Swarm and ECS then kill it and start "
            f"over. Add `--start-period={server.facts.start}s`.",
            fix=fix,
        )


def _only_server(stage: Stage) -> Server | None:
    """The server of a container that runs nothing else; None when it may."""
    process = stage.process
    if process is None or not process.known or len(stage.servers) != 1 or not stage.servers[0].facts.sure:
        return None
    if any(each.name in _SUPERVISORS or each.operator == "&" for each in process.commands):
        return None
    server = stage.servers[0]
    return None if server.command is not None and _is_configured(server.command) else server


def _is_configured(command: Command) -> bool:
    """Whether words that are not known, or a configuration file, may say where it listens."""
    return any(word.value is None or word.value.startswith(("--config", "--env")) for word in command.arguments)


def _until_unhealthy(probe: Probe) -> str:
    interval, retries = check_setting(probe.instruction, "interval"), check_setting(probe.instruction, "retries")
    if interval is None or retries is None:
        return "some tries"
    return f"{retries:.0f} {'tries' if retries > 1 else 'try'} ({_duration(interval * retries)})"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 or seconds % 60 else f"{seconds / 60:.0f} minutes"


def _replacement(probe: Probe, stage: Stage) -> str | None:
    """The same request with a program that is there, where the check is one request."""
    if len(probe.commands) > 2 or len(probe.requests) != 1:
        return None
    url = probe.requests[0].span.text.strip("\"'")
    if not url.startswith("http") or not url.isascii() or set(url) & set("$`\\'\""):
        return None
    words = request_words(stage, stage.servers[0] if stage.servers else None, url)
    return words if words is not None and (probe.commands[0].name or "") not in words.partition(",")[0] else None


def _fix(probe: Probe, words: str | None, title: str) -> Fix | None:
    if words is None or probe.commands[0].span.source is not probe.instruction.span.source:
        return None
    return Fix(title, (Edit(probe.instruction.arguments.span, words),), Applicability.DISPLAY)
