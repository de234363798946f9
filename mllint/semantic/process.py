"""What the container runs: ENTRYPOINT and CMD through stages and base images, the scripts behind them, the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mllint.semantic.files import script_of
from mllint.semantic.order import derive_first
from mllint.semantic.ports import port_number
from mllint.semantic.python_code import Call, calls_of_source
from mllint.shell.command import Command, Word
from mllint.shell.parser import parse_exec
from mllint.source import Source, Span, Text
from mllint.syntax.nodes import Cmd, Entrypoint, Exec

if TYPE_CHECKING:
    from mllint.knowledge.servers import ServerFacts
    from mllint.semantic.stage import Stage

E = TypeVar("E", bound=Exec)

#: How many scripts that start one another are followed.
MAX_SCRIPTS = 4


class Process(NamedTuple):
    """The command of a container."""

    #: The instruction that decides: ENTRYPOINT, else CMD; None when the base image brings the command.
    instruction: Exec | None
    #: Where the command is written (the FROM when the base image brings it).
    span: Span
    #: The commands that run, scripts of the build context included.
    commands: tuple[Command, ...]
    #: Python files of the context that run, by their source.
    python: tuple[Source, ...]
    #: False when a part is unknown: a script that is not in the context, an unknown shell.
    known: bool


class Server(NamedTuple):
    """A server that the container starts."""

    facts: ServerFacts
    #: The command that starts it, or the call of a Python script.
    span: Span
    #: None where a Python script starts it.
    command: Command | None
    #: The address it listens on as written; None when nothing says it, or when it is computed (see `told`).
    host: str | None
    host_span: Span | None
    #: Whether something says where it listens, even if its value is not known.
    told: bool
    #: The TCP port; the server's default when nothing says otherwise, None when it is not known.
    port: int | None
    #: The call that starts it, where a Python script does.
    call: Call | None = None


def last_command(stage: Stage) -> tuple[Entrypoint | None, Cmd | None]:
    """The ENTRYPOINT and CMD in force at the end of a stage, as the stages above set them.

    A stage's own ENTRYPOINT takes away the CMD of the image below it.
    """
    derive_first(stage, "command")
    own_cmd, own_entrypoint = _last(stage, Cmd), _last(stage, Entrypoint)
    entrypoint, cmd = stage.parent.command if stage.parent is not None else (None, None)
    if own_entrypoint is not None:
        return own_entrypoint, own_cmd
    return entrypoint, own_cmd or cmd


def _last(stage: Stage, kind: type[E]) -> E | None:
    return next((each for each in reversed(stage.body) if isinstance(each, kind)), None)


def process_of(stage: Stage) -> Process | None:
    """What a container of this stage runs; None when nothing says it."""
    entrypoint, cmd = stage.command
    if entrypoint is None and cmd is None:
        return _inherited_process(stage)
    owner = next(each for each in stage.ancestry if (entrypoint or cmd) in each.body)
    if entrypoint is None and cmd is not None:
        served = _behind_the_bases_entrypoint(stage, cmd, owner)
        if served is not None:
            return served
    main: Exec = entrypoint or cmd  # type: ignore[assignment]
    if entrypoint is not None and entrypoint.argv is not None and cmd is not None:
        script = parse_exec((*entrypoint.argv, *_words(cmd)), owner.lookup_at(entrypoint))
    else:
        script = owner.script(main)
    # An ENTRYPOINT in shell form takes no arguments.
    arguments = cmd if entrypoint is not None and entrypoint.argv is not None else None
    commands, python, known = follow(stage, script.commands, arguments)
    return Process(main, main.arguments.span, commands, python, known and script.known)


def _words(cmd: Cmd) -> Sequence[Text]:
    """What CMD hands to an ENTRYPOINT in JSON form: its words, in shell form a shell with its line."""
    if cmd.argv is not None:
        return cmd.argv
    source, at = cmd.arguments.source, cmd.arguments.span.start
    return [*(Text(source, word, (0,), (at,)) for word in ("/bin/sh", "-c")), cmd.arguments]


def _behind_the_bases_entrypoint(stage: Stage, cmd: Cmd, owner: Stage) -> Process | None:
    """`CMD ["--model", "x"]` on an image whose ENTRYPOINT is a server: the arguments are that server's.

    None for other entrypoints. Those that end in `exec "$@"` run CMD as it stands; what the rest do is not known.
    """
    source, at = cmd.arguments.source, cmd.arguments.span.start
    entry = [Text(source, word, (0,), (at,)) for word in _entrypoint(stage)]
    script = parse_exec((*entry, *_words(cmd)), owner.lookup_at(cmd)) if entry else None
    if script is None or not script.commands or match_server(script.commands[0]) is None:
        return None
    here, own = cmd.arguments.span, len(entry)
    first = script.commands[0]
    words = tuple(word._replace(span=here) for word in first.words[:own]) + first.words[own:]
    commands = (first._replace(span=here, words=words), *script.commands[1:])
    return Process(cmd, here, commands, (), known=script.known)


def _entrypoint(stage: Stage) -> tuple[str, ...]:
    """The ENTRYPOINT of the base image, its script taken for the program that it hands its arguments to."""
    base = stage.base
    if base is None or not base.entrypoint:
        return ()
    from mllint.knowledge.framework_images import ENTRY_SCRIPTS

    program = dict(ENTRY_SCRIPTS).get(base.entrypoint[-1])
    return (*base.entrypoint[:-1], program) if program is not None else base.entrypoint


def _inherited_process(stage: Stage) -> Process | None:
    base = stage.base
    if base is None or base.entrypoint is None:
        return None
    opening = stage.root.opening
    source, at = opening.span.source, opening.span.start
    words = [Text(source, word, (0,), (at,)) for word in (*_entrypoint(stage), *(base.cmd or ()))]
    if not words:
        return None
    script = parse_exec(words, lambda _: None)
    # Of an entrypoint without its arguments no more is known than which server it is.
    if base.cmd is None and not (script.commands and match_server(script.commands[0]) is not None):
        return None
    here = opening.image.span if opening.image is not None else opening.span
    commands = tuple(_moved(command, here) for command in script.commands)
    return Process(None, here, commands, (), known=True)


def _moved(command: Command, span: Span) -> Command:
    """A command of the base image, shown at the FROM that brings it."""
    return command._replace(span=span, words=tuple(word._replace(span=span) for word in command.words))


def follow(
    stage: Stage, commands: Sequence[Command], cmd: Cmd | None
) -> tuple[tuple[Command, ...], tuple[Source, ...], bool]:
    """The commands, with those of the scripts that they start; CMD's words stand in for an entry script's `"$@"`."""
    found: list[Command] = []
    python: list[Source] = []
    known = True
    waiting = list(reversed(commands))
    followed = 0
    while waiting:
        command = waiting.pop()
        found.append(command)
        script = script_of(stage, command) if followed < MAX_SCRIPTS else None
        if script is None:
            continue
        followed += 1
        if script.python is not None:
            python.append(script.python)
        elif script.commands is None:
            known = False
        else:
            waiting.extend(reversed(script.commands))
        if script.runs_arguments and cmd is not None:
            waiting[:0] = reversed(parse_exec(_words(cmd), stage.lookup_at(cmd)).commands)
    return tuple(found), tuple(python), known


def servers_of(process: Process | None, stage: Stage) -> Iterator[Server]:
    """The servers that a process starts: its commands in order, then the calls of its Python scripts."""
    if process is None:
        return
    for command in process.commands:
        facts = match_server(command)
        if facts is not None:
            server = _server(command, facts)
            moved = option_value(command, facts.port_flags) is not None
            yield server if moved else _with_variables(server, stage)
    for source in process.python:
        for server in python_servers(source):
            moved = server.port != server.facts.port
            yield server if moved else _with_variables(server, stage)


def _with_variables(server: Server, stage: Stage) -> Server:
    """The server on the port that a variable gives it, where no option does."""
    if server.port is None:
        return server
    own = {each.name: each.value for each in server.command.assignments} if server.command is not None else {}
    for name in server.facts.port_env:
        variable = own.get(name) if name in own else stage.variable_at(name)
        if variable is not None or name in own:
            value = variable.value if variable is not None else None
            return server._replace(port=port_number(value or ""))
    return server


def _server(command: Command, facts: ServerFacts) -> Server:
    if facts.name.startswith("Django"):
        address = next((word for word in command.arguments[2:] if word.value and not word.value.startswith("-")), None)
        host = (address.value or "").rpartition(":")[0] or None if address is not None else None
        return Server(facts, command.span, command, host, address.span if address else None, host is not None, None)
    word = option_value(command, [flag for flag in facts.host_flags if flag not in ("-c", "--config")])
    told = word is not None or any(
        (each.value or "").partition("=")[0] in facts.host_flags for each in command.arguments
    )
    told = told or any(each.value is None for each in command.arguments)
    host, host_span = (word[1], word[0].span) if word is not None else (None, None)
    return Server(facts, command.span, command, host, host_span, told, _port(command, facts))


def match_server(command: Command) -> ServerFacts | None:
    """The server that a command starts; the longest row of the table that fits wins."""
    from mllint.knowledge.servers import SERVERS

    name, words = _leading(command)
    best: tuple[int, ServerFacts] | None = None
    for facts in SERVERS:
        for row in facts.commands:
            if row[0] == name and _fits(row[1:], words) and (best is None or len(row) > best[0]):
                best = len(row), facts
    return best[1] if best is not None else None


def _fits(row: tuple[str, ...], words: Sequence[str]) -> bool:
    """Whether the subcommands stand first, or behind the value of an option (`flask --app x run`)."""
    if len(row) == 2 and words[:1] == [row[0]] and words[2:3] == [row[1]]:
        return True
    return any(tuple(words[at : at + len(row)]) == row for at in (0, 1)) if row else True


def _leading(command: Command) -> tuple[str | None, list[str]]:
    """The program (`-m` for Python's modules, a Python script by its name) and the words behind it, no options."""
    name = command.name
    if name is None:
        return None, []
    rest = [word.value for word in command.arguments]
    if name == "uv" and rest[:1] == ["run"]:
        flag = next((at for at, word in enumerate(rest) if word in ("-m", "--module")), None)
        return ("-m", _operands(rest[flag + 1 :])) if flag is not None else (name, [])
    if name.startswith("python"):
        while rest and rest[0] is not None and rest[0].startswith("-") and rest[0] != "-m":
            del rest[: 2 if rest[0] in ("-W", "-X") else 1]
        if not rest or rest[0] is None:
            return None, []
        name, rest = ("-m" if rest[0] == "-m" else rest[0].rpartition("/")[2]), rest[1:]
    return name, _operands(rest)


def _operands(rest: Sequence[str | None]) -> list[str]:
    """The first words that are no options, three at most; those behind one that is not known do not count."""
    words: list[str] = []
    for word in rest:
        if word is None or len(words) == 3:
            break
        if not word.startswith("-"):
            words.append(word)
    return words


def option_value(command: Command, names: Sequence[str]) -> tuple[Word, str | None] | None:
    """The last `--name value`, `--name=value`, `-nvalue` of a command: its word, and its value (None: not known)."""
    found: tuple[Word, str | None] | None = None
    words = command.arguments
    for index, word in enumerate(words):
        if word.value is None:
            continue
        name, equals, value = word.value.partition("=")
        if name in names:
            if equals:
                found = word, value
            elif index + 1 < len(words):
                found = words[index + 1], words[index + 1].value
        else:
            short = next((each for each in names if len(each) == 2 and word.value.startswith(each)), None)
            if short is not None and not word.value.startswith("--"):
                found = word, word.value[2:]
    return found


def _port(command: Command, facts: ServerFacts) -> int | None:
    found = option_value(command, facts.port_flags)
    if found is None:
        return None if option_value(command, ("-c", "--config")) is not None else facts.port
    return port_number((found[1] or "").rpartition(":")[2])


class _Starter(NamedTuple):
    """What a call that serves is, and where it names host and port: keywords, and positions where it takes some."""

    server: str
    host: str = "host"
    port: str = "port"
    #: (host, port), by position.
    positions: tuple[int, int] | None = None


_UVICORN = _Starter("uvicorn")
#: Calls by their whole name.
_STARTERS = {
    "uvicorn.run": _UVICORN,
    "uvicorn.Config": _UVICORN,
    "waitress.serve": _Starter("waitress"),
    "aiohttp.web.run_app": _Starter("aiohttp"),
}
_FLASK = _Starter("Flask's development server", positions=(0, 1))
_GRADIO = _Starter("Gradio", "server_name", "server_port")
#: Methods by what else the script must call: (method, start of that call's name) → what they start.
_METHODS = (
    ("run", "flask.Flask", _FLASK),
    ("run", "dash.Dash", _Starter("Dash")),
    ("run_server", "dash.Dash", _Starter("Dash")),
    ("run", "litserve.LitServer", _Starter("LitServe")),
    ("launch", "gradio.", _GRADIO),
    ("launch", "gr.", _GRADIO),
)
#: What an application is called, and what its `run` takes: sessions, pipelines and processes have a `run` as well.
_APPLICATIONS = frozenset({"app", "application", "server", "flask_app", "dash_app", "api", "service"})
_RUN_KEYWORDS = frozenset({"host", "port", "debug", "threaded", "use_reloader", "ssl_context", "processes"})


def python_servers(source: Source) -> Iterator[Server]:
    """The servers that a Python script starts by a call: uvicorn.run, Flask's app.run, Gradio's launch."""
    found = calls_of_source(source)
    names = {call.name for call in found}
    for call in found:
        starter = _starter(call, names)
        if starter is None:
            continue
        facts = server_facts(starter.server)
        host, told = _given(call, starter.host, starter.positions[0] if starter.positions else None)
        port, moved = _given(call, starter.port, starter.positions[1] if starter.positions else None)
        number = port if moved else facts.port
        yield Server(
            facts,
            call.span,
            None,
            host if isinstance(host, str) else None,
            call.span,
            told,
            number if isinstance(number, int) and not isinstance(number, bool) else None,
            call,
        )


def _given(call: Call, keyword: str, position: int | None) -> tuple[object, bool]:
    """The value of a parameter (None where it is computed), and whether the call gives it, or may."""
    if position is not None and position < len(call.arguments):
        return call.arguments[position], True
    return call.keywords.get(keyword), call.has(keyword)


def _starter(call: Call, names: set[str]) -> _Starter | None:
    """How a call serves; None when it does not."""
    found = _STARTERS.get(call.name)
    if found is not None:
        return found
    owner, _, method = call.name.rpartition(".")
    if method == "run" and not _runs_application(owner, call):
        return None
    return next(
        (row for name, made, row in _METHODS if name == method and any(each.startswith(made) for each in names)), None
    )


def _runs_application(owner: str, call: Call) -> bool:
    if call.arguments and not isinstance(call.arguments[0], str):
        return False
    named = owner.rpartition(".")[2] in _APPLICATIONS or owner in ("flask.Flask", "dash.Dash", "litserve.LitServer")
    return named or bool(_RUN_KEYWORDS.intersection(call.keywords))


def server_facts(name: str) -> ServerFacts:
    """A row of the table by its name."""
    from mllint.knowledge.servers import SERVERS

    return next(facts for facts in SERVERS if facts.name == name)
