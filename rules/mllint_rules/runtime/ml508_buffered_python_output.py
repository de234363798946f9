"""ML508 buffered-python-output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Command,
    Confidence,
    Edit,
    Finding,
    Fix,
    Process,
    Rule,
    Severity,
    Source,
    Stage,
    is_for_development,
    platform_of,
    python_calls,
    regex,
    trains,
)

_VARIABLE = "PYTHONUNBUFFERED"
_PYTHON = regex(r"python[\d.]*")
#: Options of the interpreter with a value behind them.
_WITH_VALUE = frozenset({"-W", "-X"})
#: Options after which no script follows, or after which it does not buffer: `-c`, `-i`, `-u`, `-V`, `-h`.
_OTHERWISE = regex(r"-[bBdEIOPqRsSvx]*[ciuVh?].*|--.*")
#: What a script does about its buffer itself.
_TAKES_CARE = regex(
    rf"sys\.stdout\s*=|\.reconfigure\(|stdout\.flush\(|partial\(\s*(builtins\.)?print\b|\bdef print\(|{_VARIABLE}"
)
_SHELL_WORDS = ("--no-capture-output", "--live-stream")


class BufferedPythonOutput(Rule):
    """A Python script prints into a buffer that its container's log does not see.

    ## Why is this bad?
    A container's standard output is a pipe, not a terminal, and Python then collects what `print` writes until about
    8 KB are full. `docker logs` of a training that prints a line an epoch shows nothing for hours. What is still
    in the buffer is lost where the process is killed (out of memory, a crash in native code, SIGTERM that the script
    does not handle): just the lines that would explain it. An exception that ends the script does write it out.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    CMD ["python", "train.py"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    ENV PYTHONUNBUFFERED=1
    USER 1000
    CMD ["python", "train.py"]
    ```

    ## When it stays silent
    Where the variable is set to anything but the empty string, here, in the base image or in an entry script; where the
    base image's environment is not known; with `-u`; for servers and launchers that log by `logging`, which writes each
    line at once (uvicorn, gunicorn, vLLM), or start Python with `-u` (torchrun, deepspeed); and where the script is in
    the build context and does not print, or flushes. A script that cannot be read is taken to print.

    ## Fix safety
    `-u` is put behind `python`: it changes when the output is written and nothing else.

    ## References
    - [Python, -u](https://docs.python.org/3/using/cmdline.html#cmdoption-u)
    - [Python, PYTHONUNBUFFERED](https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED)
    """

    id = "ML508"
    name = "buffered-python-output"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        process = stage.process if stage is not None else None
        if stage is None or process is None or process.instruction is None:
            return
        if is_for_development(stage) or platform_of(stage) is not None or not _is_unset(stage, process):
            return
        command = _main(process)
        program = _program(command) if command is not None else None
        if command is None or program is None or any(server.command is command for server in stage.servers):
            return
        source = _source_of(program, process)
        if not _buffers(command, program, process, source):
            return
        yield self.finding(
            command.words[0].span,
            _message(program, source is not None),
            confidence=Confidence.HIGH if source is not None else Confidence.MEDIUM,
            fix=_fix(command, stage),
        )._replace(stage=stage.label)


class _Program(NamedTuple):
    """What an interpreter runs: a script, or with `-m` a module."""

    name: str
    is_module: bool


def _is_unset(stage: Stage, process: Process) -> bool:
    """Whether nothing sets the variable; the empty string counts as unset for Python."""
    if any(each.name == _VARIABLE for command in process.commands for each in command.assignments):
        return False
    variable = stage.variable_at(_VARIABLE)
    if variable is not None:
        return variable.value == ""
    base = stage.base
    return base is not None and stage.scope.complete and base.sure_of("env", "env_names", "env_complete")


def _main(process: Process) -> Command | None:
    """The interpreter that runs until the container ends; those in front write their buffer out when they end."""
    command = next((each for each in reversed(process.commands) if each.words), None)
    if command is None or command.subshell or command.conditional or _PYTHON.fullmatch(command.name or "") is None:
        return None
    # `conda run` collects the output itself unless it is told not to.
    collected = "conda run" in command.wrappers and not any(word in command.span.text for word in _SHELL_WORDS)
    return None if collected else command


def _program(command: Command) -> _Program | None:
    """None where it is not known, or where `-u` is given."""
    words = iter(command.arguments)
    for word in words:
        value = word.value
        if value is None:
            return None
        if value == "-m":
            module = next(words, None)
            return _Program(module.value, True) if module is not None and module.value else None
        if value in _WITH_VALUE:
            next(words, None)
        elif value.startswith("-"):
            if value[:2] not in _WITH_VALUE and _OTHERWISE.fullmatch(value):
                return None
        else:
            return _Program(value, False) if value.endswith(".py") else None
    return None


def _source_of(program: _Program, process: Process) -> Source | None:
    """The script's text, where it is in the build context."""
    name = program.name.replace(".", "/") if program.is_module else program.name.rpartition("/")[2]
    endings: tuple[str, ...] = (f"/{name}.py", f"/{name}/__main__.py") if program.is_module else (f"/{name}",)
    return next((each for each in process.python if f"/{each.path}".endswith(endings)), None)


def _buffers(command: Command, program: _Program, process: Process, source: Source | None) -> bool:
    if source is not None:
        return _prints(source)
    # An entry script that is not seen may set the variable; Django's manage.py logs.
    if len(process.commands) > 1 and not all(_is_plain(each) for each in process.commands):
        return False
    return trains(command) if program.is_module else program.name.rpartition("/")[2] != "manage.py"


def _is_plain(command: Command) -> bool:
    """Whether a command is no script that could set variables for those behind it."""
    name = command.words[0].value if command.words else ""
    return name is not None and not name.endswith((".sh", ".bash")) and "/" not in name and name not in ("source", ".")


def _prints(source: Source) -> bool:
    """Whether a script prints to its standard output and leaves it to the buffer when that is written."""
    if _TAKES_CARE.search(source.text):
        return False
    return any(
        call.name == "print" and not call.has("file") and (not call.has("flush") or call.keywords.get("flush") is False)
        for call in python_calls(source)
    )


def _message(program: _Program, seen: bool) -> str:
    name = program.name.rpartition("/")[2]
    what = f"`{name}` prints, and Python holds it back" if seen else f"Python holds back what `{name}` prints"
    return (
        f"{what} until about 8 KB are full: `docker logs` shows nothing until then, and what is held is lost when the "
        f"container is killed (out of memory, a crash in CUDA). Write `ENV {_VARIABLE}=1`, or `python -u`."
    )


def _fix(command: Command, stage: Stage) -> Fix | None:
    span = command.words[0].span
    source = span.source
    if source is not stage.opening.span.source:
        return None
    in_json = source.text[span.end : span.end + 1] == '"'
    at, option = (span.end + 1, ', "-u"') if in_json else (span.end, " -u")
    return Fix("Write the output at once", (Edit(source.span(at, at), option),), Applicability.SAFE)
