from __future__ import annotations

import pytest

from mllint.semantic.apt_lists import apt_lists

UPDATE = "apt-get update"
INSTALL = "apt-get install -y curl"


@pytest.mark.parametrize(
    ("body", "alone"),
    [
        (f"RUN {UPDATE}\n", [True]),
        (f"RUN {UPDATE} && {INSTALL}\n", [False]),
        (f"RUN {INSTALL} && {UPDATE}\n", [True]),
        (f"RUN {UPDATE} && rm -rf /var/lib/apt/lists/*\n", []),
        (f"RUN {UPDATE} && apt-get distclean\n", []),
        (f"RUN --mount=type=cache,target=/var/lib/apt {UPDATE}\n", []),
        (f"RUN {UPDATE}\nRUN {UPDATE}\n", [True, True]),
    ],
)
def test_updates_whose_lists_stay(build, body, alone):
    found = apt_lists(build(f"FROM registry.example.com/base:1\n{body}"))

    assert [update.alone for update in found.kept] == alone


def test_an_install_reads_the_lists_of_the_last_update_before_it(build):
    text = f"FROM registry.example.com/base:1 AS one\nRUN {UPDATE}\nRUN {UPDATE}\nFROM one\nRUN {INSTALL}\n"

    (use,) = apt_lists(build(text)).uses

    assert use.update is not None
    assert use.update.instruction.line == 3
    assert use.stage.index == 1


@pytest.mark.parametrize(
    ("base", "empty"),
    [
        ("debian:12", True),
        ("ubuntu:24.04", True),
        ("python:3.12-slim", True),
        ("nvidia/cuda:12.4.1-base-ubuntu22.04", True),
        ("nvidia/cuda:12.4.1-base-ubuntu22.04@sha256:abc...", True),
        ("python:3.12", False),
        ("alpine:3.20", False),
        ("scratch", False),
        ("registry.example.com/base:1", False),
        ("${BASE}", False),
    ],
)
def test_bases_that_come_without_lists(build, base, empty):
    uses = apt_lists(build(f"ARG BASE\nFROM {base}\nRUN {INSTALL}\n")).uses

    assert [use.update for use in uses] == [None] * empty


def test_a_base_without_lists_is_told_once(build):
    uses = apt_lists(build(f"FROM debian:12\nRUN {INSTALL}\nRUN apt-get install -y git\n")).uses

    assert [use.step.instruction.line for use in uses] == [2]


@pytest.mark.parametrize("between", ["RUN ./setup.sh\n", "COPY --from=x / /\n", "COPY lists /var/lib/apt/lists\n"])
def test_what_may_bring_lists_makes_them_unknown(build, between):
    assert apt_lists(build(f"FROM debian:12\n{between}RUN {INSTALL}\n")).uses == ()


def test_a_removal_names_its_command(build):
    text = f"FROM registry.example.com/base:1\nRUN {UPDATE} && rm -rf /var/lib/apt/lists/*\nRUN {INSTALL}\n"

    (use,) = apt_lists(build(text)).uses

    assert use.emptied is not None
    assert use.emptied.span.text == "rm -rf /var/lib/apt/lists/*"


def test_scripts_are_told_as_readers_that_the_file_does_not_show(build):
    made = build("FROM debian:12\nRUN ./setup.sh\nRUN make\n")

    assert apt_lists(made).opaque_after == {id(made.stages[0].runs[0])}
