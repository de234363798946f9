from __future__ import annotations

import pytest

from mllint.semantic.layers import Cleared, canonical, clears, head_span, in_force, is_opaque, mounted

LISTS = "/var/lib/apt/lists"


@pytest.fixture
def commands(build):
    """The commands of a RUN."""

    def read(text: str):
        stage = build(f"FROM debian:12\nARG UNKNOWN\nRUN {text}\n").stages[0]
        return stage.script(stage.runs[0]).commands

    return read


@pytest.mark.parametrize(
    ("path", "home", "expected"),
    [
        ("/root/.cache/pip", None, "~/.cache/pip"),
        ("/home/app/.cache/", None, "~/.cache"),
        ("${HOME}/.cache", None, "~/.cache"),
        ("$HOMEWORK/.cache", None, "$HOMEWORK/.cache"),
        ("/rooted", None, "/rooted"),
        ("/srv/app/.cache", "/srv/app", "~/.cache"),
        ("/srv/application", "/srv/app", "/srv/application"),
        ("/opt", "/", "/opt"),
        ("/", None, "/"),
    ],
)
def test_the_home_folder_is_a_tilde(path, home, expected):
    assert canonical(path, home) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rm -rf /var/lib/apt/lists/*", Cleared.YES),
        ("rm -r /var/lib/apt/lists", Cleared.YES),
        ("rm -rf /var/lib/apt", Cleared.YES),
        ("rm -rf /tmp/* /var/lib/apt/lists/ /var/tmp/*", Cleared.YES),
        ("rm -rf /var/lib/*/lists", Cleared.YES),
        ("rm -rf /var/lib/apt/lists/deb*", Cleared.MAYBE),
        ('rm -rf "$UNKNOWN"', Cleared.MAYBE),
        ("rm -rf /var/lib/apt/lists/partial", Cleared.NO),
        ("rm -rf /var/lib/apt/listss", Cleared.NO),
        ("rm -rf /tmp/*", Cleared.NO),
        ("find /var/lib/apt/lists -type f -delete", Cleared.MAYBE),
        ("find /var/lib/apt/lists -type f", Cleared.NO),
        ("find /tmp -delete", Cleared.NO),
        ("bash /opt/cleanup.sh", Cleared.MAYBE),
        ("/usr/local/bin/docker-clean", Cleared.MAYBE),
        ("apt-get clean", Cleared.NO),
        ("mkdir -p /opt/cleanlab/data", Cleared.NO),
    ],
)
def test_what_empties_the_lists(commands, text, expected):
    assert clears(commands(text)[0], LISTS) is expected


def test_a_relative_path_counts_from_the_last_cd(commands):
    rm = commands("rm -rf *")[0]

    assert clears(rm, LISTS, cwd=LISTS) is Cleared.YES
    assert clears(rm, LISTS, cwd="/tmp") is Cleared.NO
    assert clears(rm, LISTS) is Cleared.NO


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("--mount=type=cache,target=/root/.cache/pip", True),
        ("--mount=type=cache,dst=/root/.cache", True),
        ("--mount=type=tmpfs,destination=/root", True),
        ("--mount=type=cache,target=${CACHE}", True),
        ("--mount=type=cache,target=/root/.cache/pip/http", False),
        ("--mount=type=cache,target=/root/.cache/uv", False),
        ("--mount=type=secret,target=/root/.cache/pip", False),
        ("--mount=type=cache,id=pip", False),
        ("", False),
    ],
)
def test_mounts_that_keep_a_folder_out_of_the_layer(build, flag, expected):
    stage = build(f"FROM debian:12\nRUN {flag} pip install x\n").stages[0]

    assert mounted(stage.runs[0], "~/.cache/pip") is expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ENV A=env\nRUN run", "env"),
        ("ENV A=env\nRUN A=own run", "own"),
        ("RUN export A=before && run", "before"),
        ("RUN A=before; run", "before"),
        ("RUN A=other true && run", None),
        ("RUN run && export A=after", None),
        ("RUN run\nENV A=later", None),
        ("ARG A=argument\nRUN run", "argument"),
    ],
)
def test_the_variable_in_force_at_a_command(build, text, value):
    stage = build(f"FROM debian:12\n{text}\n").stages[0]
    step = next(step for step in stage.steps if step.command.name == "run")

    found = in_force("A", step.command, step.instruction, stage)

    assert (found.value if found is not None else None) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bash setup.sh", True),
        ("./install.sh", True),
        (". /etc/profile", True),
        ("make install", True),
        ("python setup.py install", True),
        ("python -m pip install x", False),
        ("apt-get install -y curl", False),
        ("pip install x", False),
    ],
)
def test_commands_that_run_what_the_file_does_not_show(commands, text, expected):
    assert is_opaque(commands(text)[0]) is expected


def test_the_head_of_an_install(build):
    stage = build(
        "FROM debian:12\nRUN sudo apt-get -y install curl && python3 -m pip install x && uv pip sync r\n"
    ).stages[0]

    heads = [head_span(step.install).text for step in stage.package_steps]

    assert heads == ["apt-get -y install", "python3 -m pip install", "uv pip sync"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a AS one\nFROM b AS two\nCOPY --from=one / /\n", ["one"]),
        ("FROM a AS one\nFROM one AS two\nCOPY --from=one / /\n", []),
        ("FROM a AS one\nFROM b AS two\n", []),
        ("FROM a AS one\nFROM one AS two\nFROM b AS three\nRUN --mount=from=two true\n", ["one", "two"]),
        ("FROM a AS one\nFROM b AS two\nCOPY --from=0 / /\nFROM c AS three\n", ["one"]),
    ],
)
def test_stages_that_others_only_copy_from(build, text, expected):
    assert sorted(stage.label for stage in build(text).builders) == expected
