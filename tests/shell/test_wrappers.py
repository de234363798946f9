from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "words", "wrappers"),
    [
        ("sudo pip x", "pip x", ["sudo"]),
        ("sudo -E -H -u user -- pip x", "pip x", ["sudo"]),
        ("sudo -uroot --user=x pip x", "pip x", ["sudo"]),
        ("/usr/bin/env pip x", "pip x", ["env"]),
        ("env -i -u A --unset B C=1 pip x", "pip x", ["env"]),
        ("exec -a name pip x", "pip x", ["exec"]),
        ("command -p pip x", "pip x", ["command"]),
        ("builtin cd /x", "cd /x", ["builtin"]),
        ("nohup pip x &", "pip x", ["nohup"]),
        ("time -p pip x", "pip x", ["time"]),
        ("nice -n 10 pip x", "pip x", ["nice"]),
        ("nice -10 pip x", "pip x", ["nice"]),
        ("ionice -c2 -n 7 pip x", "pip x", ["ionice"]),
        ("stdbuf -oL -e 0 pip x", "pip x", ["stdbuf"]),
        ("timeout -k 5 --signal=KILL 10m pip x", "pip x", ["timeout"]),
        ("timeout $UNKNOWN pip x", "pip x", ["timeout"]),
        ("xargs -r -n1 -P 4 -I {} pip x {}", "pip x {}", ["xargs"]),
        ("xargs -i rm {}", "rm {}", ["xargs"]),
        ("gosu app pip x", "pip x", ["gosu"]),
        ("su-exec $UNKNOWN pip x", "pip x", ["su-exec"]),
        ("setpriv --reuid 1000 --init-groups pip x", "pip x", ["setpriv"]),
        ("chroot /mnt pip x", "pip x", ["chroot"]),
        ("runuser -u app -- pip x", "pip x", ["runuser"]),
        ("runuser app -c 'pip x'", "pip x", ["runuser -c"]),
        ("su - app -c 'pip x'", "pip x", ["su -c"]),
        ("su -s /bin/bash -c 'pip x' app", "pip x", ["su -c"]),
        ("conda run -n ml --no-capture-output pip x", "pip x", ["conda run"]),
        ("mamba run -p /env pip x", "pip x", ["mamba run"]),
        ("micromamba run --name=ml pip x", "pip x", ["micromamba run"]),
        ("uv run --no-sync --with torch --python 3.11 pip x", "pip x", ["uv run"]),
        ("poetry run pip x", "pip x", ["poetry run"]),
        ("pipenv run pip x", "pip x", ["pipenv run"]),
        ("pdm run pip x", "pip x", ["pdm run"]),
        ("tini -g -- pip x", "pip x", ["tini"]),
        ("/usr/bin/dumb-init --rewrite 15:3 -- pip x", "pip x", ["dumb-init"]),
        ("catatonit -- pip x", "pip x", ["catatonit"]),
        ("xvfb-run -a -s '-screen 0' pip x", "pip x", ["xvfb-run"]),
        ("eval pip 'x'", "pip x", ["eval"]),
        ("sh -c 'pip x'", "pip x", ["sh -c"]),
        ("/bin/bash -lc 'pip x'", "pip x", ["bash -c"]),
        ("bash -euxo pipefail -c 'pip x' arg0 arg1", "pip x", ["bash -c"]),
        ("bash --login -c 'pip x'", "pip x", ["bash -c"]),
        ("sudo -E env A=1 nice time pip x", "pip x", ["sudo", "env", "nice", "time"]),
        ("sudo sh -c 'exec pip x'", "pip x", ["sudo", "sh -c", "exec"]),
    ],
)
def test_unwrapped(parse, text, words, wrappers):
    (command,) = parse(text).commands
    assert " ".join(word.value or "?" for word in command.words) == words
    assert list(command.wrappers) == wrappers


@pytest.mark.parametrize(
    "text",
    [
        "sudo",
        "sudo -l",
        "env",
        "env A=1",
        "command -v pip",
        "exec > log",
        "timeout 10",
        "conda install x",
        "conda run",
        "uv pip install x",
        "uv run -m http.server",
        "su app",
        "bash script.sh -c x",
        "bash",
        "sh -s -- -y",
        "sudo $UNKNOWN pip x",
        'eval "$UNKNOWN"',
        "chroot /mnt",
        "pipx run x",
    ],
)
def test_left_alone(parse, text):
    (command,) = parse(text).commands
    assert command.wrappers == ()
    assert command.words[0].raw == text.split()[0]


def test_environment_and_redirections_of_a_wrapper_reach_its_script(parse):
    first, second, _ = parse("A=1 bash -c 'a $A; B=2 b' > log || true").commands
    assert [a.name for a in first.assignments] == ["A"]
    assert [a.name for a in second.assignments] == ["A", "B"]
    assert first.values() == ("1",)
    assert [c.redirects[0].target.value for c in (first, second)] == ["log", "log"]
    assert first.guarded
    assert second.guarded


def test_operator_and_flags_around_a_script(parse):
    script = parse("x && sh -c 'a || b' && y")
    assert [(c.operator, c.name, c.guarded, c.conditional) for c in script.commands] == [
        ("", "x", False, False),
        ("&&", "a", True, False),
        ("||", "b", False, True),
        ("&&", "y", False, False),
    ]


def test_substitution_in_a_script_is_read_once(parse):
    assert [c.name for c in parse('sh -c "a $(b)" && c $(d)').commands] == ["a", "b", "c", "d"]


def test_variables_of_a_script_stay_inside_unless_evaluated(parse):
    assert parse("V=0; sh -c 'V=1'; p $V").commands[-1].values() == ("0",)
    assert parse("eval 'V=1'; p $V").commands[-1].values() == ("1",)


def test_unknown_script_is_one_unknown_command(parse):
    (command,) = parse('bash -c "$UNKNOWN"').commands
    assert command.name is None
    assert command.wrappers == ("bash -c",)


def test_empty_script_keeps_the_shell(parse):
    assert parse("sh -c ''").commands[0].name == "sh"


def test_scripts_that_evaluate_themselves_end(parse):
    assert parse("""A='eval "$A"; eval "$A"'; eval "$A" """).has_error
