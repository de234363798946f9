"""ML505 shell-form-entrypoint."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Applicability, Build, Command, Edit, Exec, Finding, Fix, Rule, Script, Stage

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
#: Interactive programs: nobody sends them SIGTERM to save work.
_INTERACTIVE = _SHELLS | {"fish", "tmux", "screen", "login"}
#: Init programs that pass signals to the whole process group when told to.
_INITS = frozenset({"tini", "dumb-init", "catatonit", "s6-svscan", "supervisord", "my_init"})
#: OS releases whose bash (5.1 and later) executes the last command of a list in its own place.
_NEW_BASH = frozenset({("debian", "11"), ("debian", "12"), ("debian", "13"), ("ubuntu", "22.04"), ("ubuntu", "24.04")})


class ShellFormEntrypoint(Rule):
    """CMD or ENTRYPOINT in shell form: a shell is process 1, and the program never sees SIGTERM.

    ## Why is this bad?
    `docker stop`, a rolling update and a spot instance's reclaim send SIGTERM to process 1. In shell form that is
    `/bin/sh -c`, which neither handles the signal nor passes it on: the server drops its requests, the training loses
    what it did since the last checkpoint, and after the grace period (10 s in Docker, 30 s in Kubernetes) everything is
    killed. dash, the `/bin/sh` of Debian and Ubuntu, stays in front even of a single command; bash replaces itself with
    a single command.

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
    command a single one, for interactive shells, and where the shell or the base image's `/bin/sh` is not known.

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
        process = stage.process if stage is not None else None
        if stage is None or process is None or process.instruction is None:
            return
        instruction = process.instruction
        owner = next(each for each in stage.ancestry if instruction in each.body)
        finding = self._check(instruction, owner)
        if finding is not None:
            yield finding._replace(stage=owner.label)

    def _check(self, instruction: Exec, stage: Stage) -> Finding | None:
        shell = _shell_of(instruction, stage)
        script = stage.script(instruction)
        if shell is None or not script.known or script.has_error:
            return None
        commands = [command for command in script.commands if not command.subshell]
        if not commands or not commands[-1].words or _signals_arrive(commands, shell, stage):
            return None
        last = commands[-1]
        program = last.name or "the program"
        message = (
            f"`{shell} -c` is process 1 here and does not pass SIGTERM on: on `docker stop` or a rolling update "
            f"`{program}` hears nothing and is killed after the grace period. {_remedy(instruction, script)}"
        )
        return self.finding(instruction.arguments.span, message, fix=_fix(instruction, script))


def _shell_of(instruction: Exec, stage: Stage) -> str | None:
    """The shell that is process 1; None when there is none, or when it is not known."""
    if instruction.argv is None:
        name = stage.shell_at(instruction)[0].rpartition("/")[2]
        if name == "sh" and stage.base is not None and stage.base.shell == "bash":
            return "bash"
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
        return f"Write it in JSON form: `{instruction.keyword} {_json(script)}`."
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


def _json(script: Script) -> str:
    import json

    return json.dumps([word.value for word in script.commands[0].words], ensure_ascii=False)


def _fix(instruction: Exec, script: Script) -> Fix | None:
    last = script.commands[-1]
    if _is_plain(instruction, script):
        edit = Edit(instruction.arguments.span, _json(script))
        return Fix("Write it in JSON form", (edit,), Applicability.UNSAFE)
    if instruction.argv is not None or last.wrappers or last.assignments:
        return None
    if last.operator in ("|", "&") or last.conditional:
        return None
    at = last.words[0].span
    return Fix("Replace the shell", (Edit(at.source.span(at.start, at.start), "exec "),), Applicability.UNSAFE)
