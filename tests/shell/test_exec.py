from __future__ import annotations

import pytest

from mllint.shell.parser import dialect_of, parse_exec, parse_script
from mllint.source import Source, Text
from mllint.syntax.nodes import Run
from mllint.syntax.parser import parse

#: The second word is `pip install "a b"`, each quote written as two characters.
JSON = r'["bash", "-c", "pip install \"a b\" $UNKNOWN && rm $V"]'


def json_words() -> tuple[Text, ...]:
    (run,) = parse(Source("Dockerfile", f"RUN {JSON}")).instructions
    assert isinstance(run, Run)
    assert run.argv is not None
    return run.argv


def words(plain, *values):
    return [plain(value) for value in values]


def test_script_in_json_leads_back_to_the_file(known):
    install, remove = parse_exec(json_words(), known).commands
    assert install.values() == ("install", "a b", None)
    assert install.words[2].span.text == r"\"a b\""
    assert install.words[3].span.text == "$UNKNOWN"
    assert (remove.operator, remove.values(), remove.wrappers) == ("&&", ("1.2.3",), ("bash -c",))


def test_words_are_static(plain, known):
    (command,) = parse_exec(words(plain, "echo", "$V", "a b", "*", ""), known).commands
    assert command.values() == ("$V", "a b", "*", "")
    assert (command.operator, command.conditional, command.subshell) == ("", False, 0)


@pytest.mark.parametrize(
    ("argv", "names", "wrappers"),
    [
        (["tini", "-g", "--", "python", "app.py"], ["python"], ("tini",)),
        (["/usr/bin/dumb-init", "--", "gunicorn", "a:b"], ["gunicorn"], ("dumb-init",)),
        (["/usr/bin/env", "A=1", "uvicorn"], ["uvicorn"], ("env",)),
        (["conda", "run", "--no-capture-output", "-n", "ml", "python", "x.py"], ["python"], ("conda run",)),
        (["/bin/sh", "-lc", "a && b"], ["a", "b"], ("sh -c",)),
        (["tini", "--", "bash", "-c", "exec jupyter lab"], ["jupyter"], ("tini", "bash -c", "exec")),
        (["bash"], ["bash"], ()),
        (["python", "-c", "x"], ["python"], ()),
        (["eval", "a b"], ["a"], ("eval",)),
    ],
)
def test_wrappers(plain, known, argv, names, wrappers):
    script = parse_exec(words(plain, *argv), known)
    assert [command.name for command in script.commands] == names
    assert {command.wrappers for command in script.commands} == {wrappers}
    assert script.known
    assert not script.has_error


def test_python_in_exec_form(plain, known):
    argv = words(plain, "python", "-c", "import x; print('$V')")
    assert parse_exec(argv, known).commands[0].python is argv[2]


def test_nothing(known):
    script = parse_exec([], known)
    assert (script.commands, script.known, script.has_error) == ((), True, False)


@pytest.mark.parametrize(
    ("argv", "dialect"),
    [
        (["/bin/sh", "-c"], "sh"),
        (["/bin/bash", "-o", "pipefail", "-c"], "sh"),
        (["bash", "--login", "-exc"], "sh"),
        (["/bin/zsh", "-lc"], "sh"),
        (["/usr/bin/env", "bash", "-c"], "sh"),
        (["conda", "run", "-n", "x", "/bin/bash", "-c"], "sh"),
        (["/usr/local/bin/_dockerfile_shell.sh"], "sh"),
        (["python", "-c"], "python"),
        (["/usr/bin/python3", "-u", "-c"], "python"),
        (["powershell", "-Command"], None),
        (["pwsh", "-c"], None),
        (["cmd", "/S", "/C"], None),
        (["fish", "-c"], None),
        (["perl", "-e"], None),
        ([], None),
    ],
)
def test_dialect(argv, dialect):
    assert dialect_of(argv) == dialect


@pytest.mark.parametrize("dialect", [None, "powershell"])
def test_unknown_shell_has_no_commands(plain, known, dialect):
    script = parse_script(plain("pip install x"), known, dialect=dialect)
    assert (script.commands, script.known) == ((), False)
