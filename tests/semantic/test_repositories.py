from __future__ import annotations

import pytest

from mllint.semantic.repositories import Revision, clones_of, folders, is_branch, repository_name

URL = "https://git.example.com/team/Model.git"


@pytest.fixture
def clones(build):
    """The clones of a stage with these instructions."""

    def read(*lines: str):
        return clones_of(build("\n".join(("FROM debian:12", *lines, ""))).stages[0])

    return read


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/pytorch/pytorch", "pytorch/pytorch"),
        ("https://token@github.com/Dao-AILab/flash-attention.git/", "dao-ailab/flash-attention"),
        ("git@github.com:NVIDIA/apex.git", "nvidia/apex"),
        ("git+https://github.com/huggingface/peft.git@v0.13.2#egg=peft", "huggingface/peft"),
        ("git+ssh://git@git.example.com/team/model.git@main", "team/model"),
        ("${REPOSITORY}", "${repository}"),
    ],
)
def test_a_repository_has_a_name_whatever_its_address(url, expected):
    assert repository_name(url) == expected


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("main", True),
        ("origin/master", True),
        ("feature/sparse", True),
        ("2.x", True),
        ("v2.4-branch", True),
        ("v2.4.1", False),
        ("2f5360a7", False),
        ("nightly-2024-11-01", False),
        ("maintenance", False),
    ],
)
def test_branches_are_known_by_their_names(ref, expected):
    assert is_branch(ref) is expected


@pytest.mark.parametrize(
    ("words", "revision", "branch"),
    [
        ("", Revision.DEFAULT, None),
        ("--depth 1 -b main", Revision.BRANCH, "main"),
        ("--branch=v1.2", Revision.FIXED, None),
        ("-b $(cat ref)", Revision.UNKNOWN, None),
    ],
)
def test_the_branch_of_a_clone(clones, words, revision, branch):
    (clone,) = clones(f"RUN git clone {words} {URL}")

    assert (clone.revision, clone.branch) == (revision, branch)


@pytest.mark.parametrize(
    ("command", "revision"),
    [
        ("cd Model && git checkout 2f5360a7", Revision.FIXED),
        ("git -C /src/Model checkout tags/v1.2 -b local", Revision.FIXED),
        ("cd Model && git reset --hard $COMMIT", Revision.UNKNOWN),
        ("cd Model && git switch develop", Revision.BRANCH),
        ("cd Other && git checkout 2f5360a7", Revision.DEFAULT),
        ("cd Model && git checkout", Revision.DEFAULT),
    ],
)
def test_a_checkout_fixes_the_commit(clones, command, revision):
    (clone,) = clones("ARG COMMIT", "WORKDIR /src", f"RUN git clone {URL} && {command}")

    assert clone.revision is revision


@pytest.mark.parametrize(
    ("command", "used"),
    [
        ("pip install ./Model", True),
        ("pip install -e /src/Model[gpu]", True),
        ("pip install -r Model/requirements.txt", True),
        ("cd Model && python3 setup.py install", True),
        ("cd Model && python -m build", True),
        ("make -C Model -j8", True),
        ("cmake -S Model -B out", True),
        ("bash Model/scripts/install.sh", True),
        ("Model/build.sh --release", True),
        ("(cd Model && ls) && make", False),
        ("pip install ./Models && pip wheel ./Model", False),
        ("python Model/train.py && cp -r Model /opt", False),
    ],
)
def test_what_builds_a_clone(clones, command, used):
    (clone,) = clones("WORKDIR /src", f"RUN git clone {URL} && {command}")

    assert bool(clone.uses) is used


@pytest.mark.parametrize(
    ("lines", "folder"),
    [
        (("WORKDIR /src", f"RUN git clone {URL}"), "/src/Model"),
        (("WORKDIR /src", f"RUN git clone {URL} ."), "/src"),
        (("RUN cd /opt && git clone git@git.example.com:team/Model /data/m",), "/data/m"),
        (("RUN cd $(pwd) && git clone https://git.example.com/team/Model",), None),
        ((f"RUN git -C /opt clone {URL}",), "/opt/Model"),
    ],
)
def test_the_folder_of_a_clone(clones, lines, folder):
    (clone,) = clones(*lines)

    assert clone.folder == folder


def test_a_subshell_keeps_its_folder_to_itself(build):
    stage = build("FROM debian:12\nRUN cd /a && (cd b && ls) && ls\n").stages[0]

    found = [folder for command, folder in folders(stage.script(stage.runs[0]).commands, "/") if command.name == "ls"]

    assert found == ["/a/b", "/a"]
