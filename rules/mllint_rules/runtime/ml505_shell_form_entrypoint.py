"""ML505 shell-form-entrypoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mllint.api import (
    Applicability,
    Build,
    Cmd,
    Command,
    Edit,
    Exec,
    Finding,
    Fix,
    Rule,
    Script,
    Severity,
    Stage,
    regex,
)

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
#: Interactive programs: nobody sends them SIGTERM to save work.
_INTERACTIVE = _SHELLS | {"fish", "tmux", "screen", "login"}
#: Init programs that pass signals to the whole process group when told to.
_INITS = frozenset({"tini", "dumb-init", "catatonit", "s6-svscan", "supervisord", "my_init"})
#: OS releases whose bash (5.1 and later) executes the last command of a list in its own place.
_NEW_BASH = frozenset(
    {("debian", "11"), ("debian", "12"), ("debian", "13"), ("ubuntu", "22.04"), ("ubuntu", "24.04")}
    | {(each, "9") for each in ("ubi", "rhel", "centos-stream", "rockylinux", "almalinux")}
    | {("amazonlinux", "2023")}
)
#: Builtins that end a list and are no program: what ran is in front of them.
_BUILTINS = frozenset({"exit", "return", "echo", "printf", "true", ":"})
#: Programs of base images' ENTRYPOINTs, besides the servers, that take no commands: AWS Lambda's wants a handler.
_TAKING = frozenset({"ollama", "lambda-entrypoint.sh"})
#: First words that are a program by themselves.
_PROGRAM = regex(r"python[\d.]*|(ba)?sh|node|java|torchrun|uvicorn|gunicorn|.*\.(sh|py)")
#: What only a shell understands.
_SHELL_MARKS = regex(r"[$`|&;<>()*?~#\\\n]")


class ShellFormEntrypoint(Rule):
    """CMD or ENTRYPOINT in shell form: a shell is process 1, and the program never sees SIGTERM.

    ## Why is this bad?
    `docker stop`, a rolling update and a spot instance's reclaim send SIGTERM to process 1. In shell form that is
    `/bin/sh -c`, which neither handles the signal nor passes it on: the server drops its requests, the training loses
    what it did since the last checkpoint, and after the grace period (10 s in Docker, 30 s in Kubernetes) everything is
    killed. dash, the `/bin/sh` of Debian and Ubuntu, stays in front even of a single command; bash replaces itself with
    a single command.

    A CMD in shell form behind an ENTRYPOINT in JSON form that is a server (`vllm serve`, `ollama`), or Python alone, is
    worse: Docker hands it the words `/bin/sh`, `-c` and the whole line as arguments, and it stops. That is an error.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    CMD python -u train.py --resume
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    CMD ["python", "-u", "train.py", "--resume"]
    ```

    ## When it stays silent
    Where the last command is started by `exec` or under an init that passes signals on, where `/bin/sh` is bash and the
    command a single one (from bash 5.1 on, the last of a list), for interactive shells, for lists that end in `exit`,
    where the shell or the base image's `/bin/sh` is not known, and behind an ENTRYPOINT that may run what it is given.

    ## Fix safety
    The fix writes a plain command as JSON, or puts `exec` in front of the last one. It is unsafe: an ENTRYPOINT in JSON
    form gets the words of CMD, and words that a shell would have changed stay as they are.

    ## References
    - [Shell and exec form](https://docs.docker.com/reference/dockerfile/#shell-and-exec-form)
    """

    id = "ML505"
    name = "shell-form-entrypoint"
    aliases = ("DL3025", "JSONArgsRecommended")

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None:
            return
        entrypoint, cmd = stage.command
        # `ENTRYPOINT []` only takes away that of the base image.
        instruction = entrypoint if entrypoint is not None and entrypoint.argv != () else cmd
        if instruction is None:
            return
        if instruction.flags:
            # Docker refuses them, and what is behind them was not meant to stand alone (ML001 speaks).
            return
        finding: Finding | None
        if cmd is not None and cmd.argv is None and not cmd.flags and _takes_arguments(stage):
            instruction, finding = cmd, self._handed_on(cmd, stage)
        else:
            finding = self._check(instruction, _owner(instruction, stage))
        if finding is not None:
            yield finding._replace(stage=_owner(instruction, stage).label)

    def _handed_on(self, cmd: Cmd, stage: Stage) -> Finding:
        """A CMD in shell form whose shell becomes an argument of the ENTRYPOINT."""
        entrypoint, own = _entry(stage)
        whom = f"the ENTRYPOINT of line {own.line}" if own is not None else "the base image's ENTRYPOINT"
        words = _plain_words(cmd, entrypoint)
        if words is None:
            edits: tuple[Edit, ...] = ()
            remedy = "Write each word in JSON form; a line that needs a shell has to become the ENTRYPOINT itself"
        else:
            keyword = "ENTRYPOINT" if _PROGRAM.fullmatch(words[0]) and not _is_python(entrypoint) else "CMD"
            edits = (Edit(cmd.keyword_span, keyword), Edit(cmd.arguments.span, _json(words)))[keyword == "CMD" :]
            remedy = f"Write each word in JSON form: `{keyword} {_json(words)}`"
        return self.finding(
            cmd.arguments.span,
            f"In shell form this reaches {whom} (`{' '.join(entrypoint)}`) as the arguments `/bin/sh`, `-c` and the "
            f"whole line, and the container stops at its start. {remedy}.",
            severity=Severity.ERROR,
            fix=Fix("Write the words in JSON form", edits, Applicability.UNSAFE) if edits else None,
        )

    def _check(self, instruction: Exec, stage: Stage) -> Finding | None:
        shell = _shell_of(instruction, stage)
        script = stage.script(instruction)
        if shell is None or not script.known or script.has_error:
            return None
        commands = [command for command in script.commands if not command.subshell]
        if not commands or not commands[-1].words or _signals_arrive(commands, shell, stage):
            return None
        last = next((each for each in reversed(commands) if each.name not in _BUILTINS), commands[-1])
        if commands[-1].name in ("exit", "return") or last.name in _BUILTINS:
            return None
        program = last.name or "the program"
        message = (
            f"`{shell} -c` is process 1 here and does not pass SIGTERM on: on `docker stop` or a rolling update "
            f"`{program}` hears nothing and is killed after the grace period. {_remedy(instruction, script)}"
        )
        return self.finding(instruction.arguments.span, message, fix=_fix(instruction, script))


def _owner(instruction: Exec, stage: Stage) -> Stage:
    return next(each for each in stage.ancestry if instruction in each.body)


def _entry(stage: Stage) -> tuple[tuple[str, ...], Exec | None]:
    """The ENTRYPOINT in JSON form that CMD is handed to, and its instruction; () where there is none, or not known."""
    entrypoint = stage.command[0]
    if entrypoint is not None:
        return tuple(word.value for word in entrypoint.argv or ()), entrypoint
    return (stage.base.entrypoint or () if stage.base is not None else ()), None


def _is_python(entrypoint: tuple[str, ...]) -> bool:
    return len(entrypoint) == 1 and entrypoint[0].rpartition("/")[2].startswith("python")


def _takes_arguments(stage: Stage) -> bool:
    """Whether the ENTRYPOINT is a program that takes a shell and its line for arguments of its own.

    Many entry scripts run the words they get (`exec "$@"`), so it has to be one that is known.
    """
    entrypoint, _ = _entry(stage)
    process = stage.process
    if not entrypoint or process is None:
        return False
    if _is_python(entrypoint) or entrypoint[0].rpartition("/")[2] in _TAKING:
        return True
    first = next(iter(process.commands), None)
    handed = first is not None and "/bin/sh" in first.values()
    return handed and any(server.command is first for server in stage.servers)


def _plain_words(cmd: Cmd, entrypoint: tuple[str, ...]) -> list[str] | None:
    """The words of a line, without what the ENTRYPOINT says already; None when they need a shell."""
    import shlex

    line = cmd.arguments.value
    if _SHELL_MARKS.search(line):
        return None
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    program = entrypoint[0].rpartition("/")[2]
    said = 0
    while said < min(len(entrypoint), len(words) - 1) and words[said] in (entrypoint[said], program):
        said += 1
    return words[said:] if words and words[0] not in ("exec", "cd", "export", "source", ".") else None


def _shell_of(instruction: Exec, stage: Stage) -> str | None:
    """The shell that is process 1; None when there is none, or when it is not known."""
    if instruction.argv is None:
        name = stage.shell_at(instruction)[0].rpartition("/")[2]
        if name == "sh":
            known = stage.base.shell if stage.base is not None else None
            return {"bash": "bash", None: None}.get(known, "sh")
        return name if name in _SHELLS else None
    if len(instruction.argv) < 3:
        return None
    name = instruction.argv[0].value.rpartition("/")[2]
    flag = instruction.argv[1].value
    return name if name in _SHELLS and flag.startswith("-") and flag.endswith("c") else None


def _signals_arrive(commands: list[Command], shell: str, stage: Stage) -> bool:
    last = commands[-1]
    if (
        "exec" in last.wrappers
        or last.name in _INTERACTIVE
        or last.name in _INITS
        or _INITS.intersection(last.wrappers)
    ):
        return True
    if any(command.name in ("trap", "wait") for command in commands):
        return True
    if shell != "bash" or last.operator in ("|", "&") or last.redirects or last.conditional:
        return False
    base = stage.base
    new = base is not None and (base.os, base.os_version) in _NEW_BASH
    return len(commands) == 1 or new


def _remedy(instruction: Exec, script: Script) -> str:
    if _is_plain(instruction, script):
        return f"Write it in JSON form: `{instruction.keyword} {_json(_values(script))}`."
    if script.commands[-1].name in _BUILTINS:
        return "Start it with `exec` and leave out what stands behind it."
    if len(script.commands) == 1:
        first = script.commands[0].span.text.split(maxsplit=1)[0]
        return "Start it with `exec`" + (f": `{instruction.keyword} exec {first} …`." if not instruction.argv else ".")
    return "Start the last command with `exec`."


def _is_plain(instruction: Exec, script: Script) -> bool:
    """Whether the words could stand in JSON as they are: one command, nothing that a shell would change."""
    if instruction.argv is not None or len(script.commands) != 1:
        return False
    only = script.commands[0]
    if only.wrappers or only.redirects or only.assignments:
        return False
    return all(word.value is not None and word.value == word.raw.strip("\"'") for word in only.words)


def _values(script: Script) -> list[str | None]:
    return [word.value for word in script.commands[0].words]


def _json(words: Sequence[str | None]) -> str:
    import json

    return json.dumps(words, ensure_ascii=False)


def _fix(instruction: Exec, script: Script) -> Fix | None:
    last = script.commands[-1]
    if _is_plain(instruction, script):
        edit = Edit(instruction.arguments.span, _json(_values(script)))
        return Fix("Write it in JSON form", (edit,), Applicability.UNSAFE)
    if instruction.argv is not None or last.wrappers or last.assignments:
        return None
    if last.operator in ("|", "&") or last.conditional or last.name in _BUILTINS:
        return None
    at = last.words[0].span
    return Fix("Replace the shell", (Edit(at.source.span(at.start, at.start), "exec "),), Applicability.UNSAFE)
