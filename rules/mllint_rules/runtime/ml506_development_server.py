"""ML506 development-server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Command,
    Edit,
    Env,
    Finding,
    Fix,
    Related,
    Role,
    Rule,
    Server,
    Span,
    Stage,
    Word,
    is_for_development,
)

_FLASK = "Flask's development server"
_RELOAD = "it watches the files and starts over on each change, and with the model that it holds loaded again"
_DEBUG = "tracebacks and internals go to whoever makes a request fail"
#: Programs that are for development as a whole: what they are not made for, and what to run.
_WHOLE = {
    _FLASK: (
        "one process without limits, which its authors warn not to deploy",
        "`gunicorn --bind 0.0.0.0:{port} app:app`",
    ),
    "Django's development server": (
        "one process without limits, which its authors warn not to deploy",
        "`gunicorn --bind 0.0.0.0:{port} project.wsgi`",
    ),
    "FastAPI's development server": ("it reloads on each change of a file and runs one worker", "`fastapi run`"),
    "Python's http.server": (
        "it does no more than basic checks, and lists every file of its folder to whoever asks",
        "nginx or the application's own server",
    ),
}  # fmt: skip
#: Options by the server: what they do.
_OPTIONS = {
    "uvicorn": {"--reload": _RELOAD},
    "gunicorn": {"--reload": _RELOAD},
    "hypercorn": {"--reload": _RELOAD, "--debug": _DEBUG},
    "FastAPI's server": {"--reload": _RELOAD},
    "Sanic": {"--dev": _RELOAD, "--debug": _DEBUG, "--auto-reload": _RELOAD, "-r": _RELOAD, "-d": _RELOAD},
    "BentoML": {"--reload": _RELOAD, "--development": _RELOAD},
    "Ray Serve": {"--reload": _RELOAD},
    "Chainlit": {"-w": _RELOAD, "--watch": _RELOAD},
    "Panel": {"--dev": _RELOAD, "--autoreload": _RELOAD},
}
#: Keywords of the calls that serve.
_KEYWORDS = {"uvicorn": ("reload",), _FLASK: ("debug",), "Dash": ("debug",)}
_VARIABLES = {"FLASK_ENV": "development", "FLASK_DEBUG": "1"}


class DevelopmentServer(Rule):
    """The container runs a server that is made for the developer's machine.

    ## Why is this bad?
    `flask run` and Django's `runserver` run one process, without limits on requests or their size; their authors say
    not to deploy them. With debug on, Werkzeug shows a console at each error that runs any Python, behind a PIN only.
    `--reload` keeps a second process that watches the files, and loads a model of gigabytes again when one changes;
    uvicorn then ignores `--workers`. `python -m http.server` lists every file below its folder.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--reload"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--workers", "2"]
    ```

    ## When it stays silent
    For notebook images, for files and stages named for development (`Dockerfile.dev`, `AS dev`), and where the value of
    `debug` or `reload` is computed.

    ## Fix safety
    The fix takes the option out, or turns the variable. It is unsafe: a mounted source folder is then not watched any
    more. A development server is not replaced: what the application is called, only its author knows.

    ## References
    - [Flask, deploying to production](https://flask.palletsprojects.com/en/stable/deploying/)
    - [Uvicorn settings](https://www.uvicorn.org/settings/)
    - [http.server](https://docs.python.org/3/library/http.server.html)
    """

    id = "ML506"
    name = "development-server"

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None or stage.role.value is Role.NOTEBOOK or is_for_development(stage):
            return
        variable = _debug_variable(stage)
        found = [finding for server in stage.servers for finding in self._check(server, variable)]
        if not found and variable is not None:
            found.append(self._variable(variable))
        for finding in found:
            yield finding._replace(stage=stage.label)

    def _check(self, server: Server, variable: _Variable | None) -> Iterator[Finding]:
        whole = _WHOLE.get(server.facts.name)
        if whole is not None:
            yield self._whole(server, variable, *whole)
            return
        name = server.facts.name
        if server.command is not None:
            for word in server.command.arguments:
                effect = _OPTIONS.get(name, {}).get(word.value or "")
                if effect is not None:
                    fix = _without(server.command, word)
                    message = f"`{word.value}` is for the developer's machine: {effect}. Leave it out."
                    yield self.finding(word.span, message, fix=fix)
                    return
        keyword = _switched_on(server)
        if keyword is not None:
            effect = _RELOAD if "reload" in keyword else _console()
            yield self.finding(server.span, f"{name} is started with `{keyword}=True`: {effect}. Leave it out.")

    def _whole(self, server: Server, variable: _Variable | None, why: str, instead: str) -> Finding:
        related: tuple[Related, ...] = ()
        if server.facts.name == _FLASK and (_switched_on(server) or "--debug" in _values(server) or variable):
            why = f"{why}, and with debug on {_console()}"
            related = (Related(variable.span, "debug is switched on here"),) if variable is not None else ()
        run = instead.format(port=server.port or server.facts.port)
        name = server.facts.name[0].upper() + server.facts.name[1:]
        return self.finding(server.span, f"{name} answers here: {why}. Run {run}.", related=related)

    def _variable(self, variable: _Variable) -> Finding:
        value = "production" if variable.name == "FLASK_ENV" else "0"
        edit = Edit(variable.span, value)
        return self.finding(
            variable.span,
            f"`{variable.name}={variable.span.text}` turns Flask's debug mode on in every container of this image: "
            f"{_DEBUG}, and started by `flask run` or `app.run()` {_console()}. Set it where you develop.",
            fix=Fix("Turn debug mode off", (edit,), Applicability.UNSAFE),
        )


class _Variable(NamedTuple):
    name: str
    span: Span


def _debug_variable(stage: Stage) -> _Variable | None:
    """The variable that is in force at the end and turns Flask's debug mode on."""
    for each in stage.ancestry:
        for instruction in each.body:
            for pair in instruction.pairs if isinstance(instruction, Env) else ():
                name = pair.key.value
                variable = stage.variable_at(name) if name in _VARIABLES else None
                if variable is not None and variable.span == pair.span and _is_on(name, variable.value):
                    return _Variable(name, pair.value.span if pair.value is not None else pair.span)
    return None


def _is_on(name: str, value: str | None) -> bool:
    return value is not None and value.strip("\"'").lower() in (
        _VARIABLES[name],
        "true" if name == "FLASK_DEBUG" else "",
    )


def _switched_on(server: Server) -> str | None:
    """The keyword of the call that turns debugging or reloading on."""
    keywords = server.call.keywords if server.call is not None else {}
    names = _KEYWORDS.get(server.facts.name, ())
    return next((name for name in names if keywords.get(name) is True), None)


def _values(server: Server) -> tuple[str | None, ...]:
    return server.command.values() if server.command is not None else ()


def _console() -> str:
    return "a console that runs any Python opens at each error, behind a PIN only"


def _without(command: Command, word: Word) -> Fix | None:
    """The option taken out, with the space or the comma in front of it."""
    before = command.words[command.words.index(word) - 1]
    source = word.span.source
    if before.span.end > word.span.start or source is not before.span.source:
        return None
    json = source.text[word.span.start - 1] == '"' and source.text[before.span.end : before.span.end + 1] == '"'
    shift = 1 if json else 0
    edit = Edit(source.span(before.span.end + shift, word.span.end + shift), "")
    return Fix(f"Leave `{word.value}` out", (edit,), Applicability.UNSAFE)
