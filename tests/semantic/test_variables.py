from __future__ import annotations

import pytest

from mllint.semantic.fact import Origin
from mllint.syntax.expand import UNSET


def value(build, text, name, **options):
    stage = build(text, **options).stages[-1]
    return stage.scope.get(name, len(stage.body))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("FROM scratch\nENV A=1\n", "1"),
        ("FROM scratch\nARG A=1\n", "1"),
        ("FROM scratch\nARG A=1\nENV A=2\n", "2"),
        ("FROM scratch\nENV A=2\nARG A=1\n", "2"),
        ("FROM scratch\nENV B=1 A=$B\n", ""),
        ("FROM scratch\nENV B=1\nENV A=${B}0\n", "10"),
        ("ARG A=1\nFROM scratch\n", UNSET),
        ("ARG A=1\nFROM scratch\nARG A\n", "1"),
        ("ARG A=1\nFROM scratch\nARG A=2\n", "2"),
        ("FROM scratch\nARG A\n", None),
        ("FROM scratch AS x\nENV A=1\nFROM x\n", "1"),
        ("FROM scratch AS x\nARG A=1\nFROM x\n", "1"),
        ("FROM scratch AS x\nENV A=1\nFROM scratch\n", UNSET),
        ("FROM example/unknown:1\n", None),
        ("FROM example/unknown:1\nENV A=$B\n", None),
        ("FROM scratch\nENV A=${B:-x}\n", "x"),
        ("FROM example/unknown:1\nENV A=${B:-x}\n", None),
    ],
)
def test_what_a_variable_holds_at_the_end(build, text, wanted):
    assert value(build, text, "A") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("FROM scratch\nARG A=1\n", "given"),
        ("FROM scratch\nARG A\n", "given"),
        ("ARG A=1\nFROM scratch\nARG A\n", "given"),
        ("FROM scratch\n", UNSET),
        ("FROM scratch\nENV A=env\n", "env"),
    ],
)
def test_build_args_that_the_user_gives(build, text, wanted):
    assert value(build, text, "A", build_args={"A": "given"}) == wanted


def test_a_variable_is_seen_only_behind_its_instruction(build):
    stage = build("FROM scratch\nRUN a\nENV A=1\nRUN b\n").stages[0]

    assert stage.lookup_at(stage.body[0])("A") is UNSET
    assert stage.lookup_at(stage.body[1])("A") is UNSET
    assert stage.lookup_at(stage.body[2])("A") == "1"


def test_the_evidence_of_a_variable(build):
    stage = build("FROM scratch\nENV A=1 B=2\n").stages[0]
    found = stage.variable_at("B")

    assert (found.value, found.span.text, found.origin) == ("2", "B=2", Origin.LITERAL)
    assert stage.variable_at("C") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ARG V=12.4.1\nFROM nvidia/cuda:${V}-base-ubuntu22.04\n", "nvidia/cuda:12.4.1-base-ubuntu22.04"),
        ("ARG V=12.4.1\nARG I=nvidia/cuda:$V-base-ubuntu22.04\nFROM $I\n", "nvidia/cuda:12.4.1-base-ubuntu22.04"),
        ("ARG V\nFROM a:$V\n", None),
        ("FROM a:$V\n", "a:"),
        ("FROM --platform=$BUILDPLATFORM a:${TARGETARCH}\n", None),
        ("FROM x\nARG V=1\nFROM a:$V\n", "a:"),
        ("ARG V\nFROM a:${V:-1}\n", None),
    ],
)
def test_the_words_of_from_see_global_arguments_only(build, text, wanted):
    assert build(text).stages[-1].base_name == wanted


def test_base_images_bring_their_environment(build):
    stage = build("FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nENV A=$NVIDIA_VISIBLE_DEVICES\n").final

    assert stage.variable_at("A").value == "all"
    assert stage.variable_at("NVIDIA_VISIBLE_DEVICES").origin is Origin.INHERITED


def test_a_shell_has_variables_that_the_builder_lacks(build):
    stage = build("FROM scratch\nARG N=numpy\nRUN pip install $N ~/x $HOME/y $NOTHING\n").final
    (command,) = stage.script(stage.body[1]).commands

    assert command.values() == ("install", "numpy", "~/x", None)
