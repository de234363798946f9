"""What a HEALTHCHECK runs: its requests, and whether its result can ever be anything but "healthy"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mllint.regex import regex
from mllint.semantic.ports import port_number
from mllint.semantic.process import follow
from mllint.semantic.python_code import calls, calls_of_source
from mllint.shell.command import Command
from mllint.source import Source, Span
from mllint.syntax.nodes import Healthcheck

if TYPE_CHECKING:
    from mllint.semantic.process import Server
    from mllint.semantic.python_code import Call
    from mllint.semantic.stage import Stage

#: Docker's defaults, in seconds, and how many failures in a row make a container unhealthy.
DEFAULTS = {"interval": 30.0, "timeout": 30.0, "start-period": 0.0, "retries": 3.0}

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_DURATION = regex(r"(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+")
_DURATION_PART = regex(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")
#: A URL of the container itself.
_OWN_URL = regex(
    r"(?:(?P<scheme>https?)://)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?::(?P<port>\d+))?(?:[/?].*)?"
)
_CLIENTS = frozenset({"curl", "wget"})
_ALWAYS_WELL = frozenset({"true", ":", "echo"})


class Request(NamedTuple):
    """A request of a check to its own container."""

    #: "curl", "wget", or "python".
    client: str
    port: int
    #: The URL's word, or the call of a Python script.
    span: Span


class Probe(NamedTuple):
    """A HEALTHCHECK with a command, read through the scripts of the build context that it starts."""

    instruction: Healthcheck
    commands: tuple[Command, ...]
    python: tuple[Source, ...]
    #: False when a script is not in the context.
    known: bool

    @property
    def clients(self) -> tuple[Command, ...]:
        """The uses of curl and wget that have to succeed for the check to."""
        return tuple(
            each for each in self.commands if each.name in _CLIENTS and not each.conditional and not each.guarded
        )

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests whose port is written out."""
        sent = (each for each in self.commands if each.name in _CLIENTS)
        found = [_request(each.name or "", word.value, word.span) for each in sent for word in each.arguments]
        for call in self.python_calls:
            found += [_request("python", each, call.span) for each in call.arguments if isinstance(each, str)]
        return tuple(each for each in found if each is not None)

    @property
    def python_calls(self) -> tuple[Call, ...]:
        """The calls of `python -c` and of Python scripts."""
        inline = (call for each in self.commands if each.python is not None for call in calls(each.python))
        return (*inline, *(call for source in self.python for call in calls_of_source(source)))

    @property
    def always_well(self) -> Span | None:
        """What makes the check succeed whatever happens (`exit 0`, `|| true`); None when it can fail."""
        last = self.commands[-1] if self.commands and self.known else None
        if last is None or last.subshell or last.operator in ("&&", "|"):
            return None
        values = last.values()
        ends_well = last.name in _ALWAYS_WELL or (last.name == "exit" and values == ("0",))
        stops_before = any(each.name in ("set", "exit") for each in self.commands[:-1])
        # `if …; then exit 0; fi` is a branch; behind `||` the command is there for the failure.
        branch = last.conditional and last.operator != "||"
        return last.span if ends_well and not stops_before and not branch else None


def probe_of(stage: Stage) -> Probe | None:
    """The check in force at the end of a stage; None when there is none, or `NONE`."""
    check = stage.healthcheck
    if check is None or check.none:
        return None
    owner = next(each for each in stage.ancestry if check in each.body)
    script = owner.script(check)
    commands, python, known = follow(stage, script.commands, None)
    return Probe(check, commands, python, known and script.known and not script.has_error)


def request_words(stage: Stage, server: Server | None, url: str) -> str | None:
    """The words behind HEALTHCHECK CMD, as JSON, that ask a URL with a program that the image has.

    None when none is known to be there. A server's own check comes first, then curl, Python, wget.
    """
    if server is not None and server.facts.probe:
        return server.facts.probe
    if stage.has_command("curl"):
        return f'["curl", "-fsS", "{url}"]'
    python = _python(stage, server)
    if python is not None:
        return f'["{python}", "-c", "import urllib.request as r; r.urlopen(\'{url}\', timeout=4)"]'
    return f'["wget", "-qO-", "{url}"]' if stage.has_command("wget") else None


def _python(stage: Stage, server: Server | None) -> str | None:
    """An interpreter that is there. A server in Python is taken to have one beside it on PATH, called `python3`."""
    found = next((name for name in ("python", "python3") if stage.has_command(name)), None)
    if found is not None or server is None or not server.facts.python:
        return found
    own = server.command.name if server.command is not None else None
    name = own if own in ("python", "python3") else "python3"
    return name if stage.has_command(name) is not False else None


def setting(check: Healthcheck, name: str) -> float | None:
    """An option of HEALTHCHECK: seconds, or a number of retries; Docker's default where it is not given or 0.

    None when it is not known.
    """
    given = check.flag_value(name)
    if given is None:
        return DEFAULTS[name]
    if name == "retries":
        return (float(given.value) or DEFAULTS[name]) if given.value.isdecimal() else None
    if given.value == "0":
        return DEFAULTS[name]
    if not _DURATION.fullmatch(given.value):
        return None
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(given.value))
    return seconds or DEFAULTS[name]


def ignores_errors(command: Command, commands: Sequence[Command]) -> bool:
    """Whether curl takes an answer such as 503 for a success: no `--fail`, and nobody looks at what it prints."""
    if command.name != "curl" or command.subshell:
        return False
    following = next((each for at, each in enumerate(commands) if at and commands[at - 1] is command), None)
    if following is not None and following.operator == "|":
        return False
    return not any(word.value is None or _LOOKS.match(word.value) for word in command.arguments)


#: Options of curl that make it fail on an HTTP error, or hand its code on; and files of options.
_LOOKS = regex(r"--fail|--write-out|--config|-[a-zA-Z#]*?[fwK]")


def _request(client: str, text: str | None, span: Span) -> Request | None:
    match = _OWN_URL.fullmatch(text) if text is not None else None
    if match is None or (client not in _CLIENTS and match["scheme"] is None):
        return None
    port = port_number(match["port"]) if match["port"] else 443 if match["scheme"] == "https" else 80
    return Request(client, port, span) if port is not None else None
