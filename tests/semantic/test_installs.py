"""What the shell, or a missing `&&`, takes from an install, and which versions are left open."""

from __future__ import annotations

import pytest

from mllint.semantic.layers import appended
from mllint.semantic.pins import open_installs
from mllint.semantic.redirected import lost_specifiers
from mllint.semantic.swallowed import swallowed_commands


@pytest.fixture
def install(build):
    """The first install of a RUN."""

    def read(text: str):
        return build(f"FROM debian:12\nARG UNKNOWN\nRUN {text}\n").stages[0].installs[0].install

    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install torch>=2.0", [("torch>=2.0", False)]),
        ("pip install numpy<2 torch>2.1.*", [("numpy<2", True), ("torch>2.1.*", False)]),
        ("pip install torch>=2.0,<3", [("torch>=2.0,<3", True)]),
        ("pip install 'x[a]'>=1.0rc1", [("'x[a]'>=1.0rc1", False)]),
        ("pip install torch>=$UNKNOWN", [("torch>=$UNKNOWN", False)]),
        ("pip install torch>log.txt 2>&1", []),
        ("pip install torch > 2.log", []),
        ("pip install 'torch>=2' numpy!=1.0", []),
        ("apk add numpy>1.2", [("numpy>1.2", False)]),
        ("apt-get install cmake>=3", []),
    ],
)
def test_specifiers_that_the_shell_takes(install, text, expected):
    assert [(each.span.text, each.fails) for each in lost_specifiers(install(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install a pip install b", ["pip install"]),
        ("pip install a pip -q install b pip install c", ["pip -q install", "pip install"]),
        ("apt-get install -y a rm -rf /x", ["rm -rf"]),
        ("apt-get install -y git curl -y make", []),
        ("pip install pip $UNKNOWN install", []),
        ("pip install a \\\nRUN b", ["RUN"]),
        ("pip install a RUN b", []),
    ],
)
def test_commands_among_the_packages(install, text, expected):
    assert [each.span.text for each in swallowed_commands(install(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install torch numpy>=1", [["torch"]]),
        ("pip install torch pip install numpy", [["torch"]]),
        ("pip install -c c.txt torch", []),
        ("pip install a==1 && pip install a b && pip install -U a", [[], ["b"], ["a"]]),
        ("conda install -y pip scipy", [["scipy"]]),
        ("pip install ./pkg git+https://git.example.com/a/b", [[]]),
        ("pip wheel torch", []),
    ],
)
def test_packages_whose_version_is_open(build, text, expected):
    found = [[each.label for each in one.requirements] for one in open_installs(build(f"FROM debian:12\nRUN {text}\n"))]

    assert found == expected


def test_what_is_pinned_in_a_parent_is_settled(build):
    found = list(open_installs(build("FROM debian:12 AS a\nRUN pip install x==1\nFROM a\nRUN pip install x y\n")))

    assert [each.label for each in found[-1].requirements] == ["y"]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("RUN a", " && c"),
        ("RUN a \\\n && b", " \\\n && c"),
        ("RUN a \\\n    x && \\\n  b \\\n    y", " && \\\n  c"),
        ("RUN a \\\n  b", " \\\n    && c"),
        ('RUN ["a"]', None),
        ("RUN <<EOF\na\nEOF", None),
        ("RUN a # why", None),
        ("RUN a;", None),
    ],
)
def test_a_command_is_put_behind_a_run(build, text, content):
    stage = build(f"FROM debian:12\n{text}\n").stages[0]

    edit = appended(stage.runs[0], stage, "c")

    assert (edit.content if edit is not None else None) == content
