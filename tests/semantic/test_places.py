"""The part of a FROM that a finding points at, through the defaults of build arguments."""

from __future__ import annotations

import pytest

from mllint.semantic.build import Build
from mllint.semantic.fact import BuildOptions
from mllint.semantic.places import Place, image_place, name_place, tag_place
from mllint.semantic.stage import Stage
from mllint.source import Source
from mllint.syntax.parser import parse


def last_stage(text: str, **build_args: str) -> Stage:
    build = Build(parse(Source("Dockerfile", text)), BuildOptions(build_args=build_args))
    return build.stages[-1]


def shown(place: Place | None) -> tuple[str, bool] | None:
    return (place.span.text, place.replaceable) if place is not None else None


@pytest.mark.parametrize(
    ("text", "image", "name", "tag"),
    [
        ("FROM python:3.12-slim", "python:3.12-slim", "python", "3.12-slim"),
        ("FROM python", "python", "python", "python"),
        ("FROM host:5000/team/app:1", "host:5000/team/app:1", "host:5000/team/app", "1"),
        ("FROM host:5000/app", "host:5000/app", "host:5000/app", "host:5000/app"),
        ("FROM python:3.12@sha256:" + "0" * 64, "python:3.12@sha256:" + "0" * 64, "python", "3.12"),
        ("ARG T=3.12\nFROM python:$T", "python:$T", "python", "3.12"),
        ('ARG T="3.12"\nFROM python:${T}', "python:${T}", "python", "3.12"),
        ("FROM python:${T:-3.12}", "python:${T:-3.12}", "python", "3.12"),
        ("ARG B=python:3.12\nFROM $B", "python:3.12", "python", "3.12"),
        ("ARG T=3.12\nFROM python:${T}-slim", "python:${T}-slim", "python", "${T}-slim"),
        ("ARG A=3\nARG T=$A.12\nFROM python:$T", "python:$T", "python", "$A.12"),
        ("ARG A=3\nARG T=$A.12\nFROM python:$T-slim", "python:$T-slim", "python", "$T-slim"),
        ('ARG A=3.12\nARG B="python:$A-slim"\nFROM $B', "python:$A-slim", "python", "$A-slim"),
        ("ARG A=3\nARG A=$A.12\nFROM python:$A", "python:$A", "python", "$A"),
    ],
)
def test_parts(text: str, image: str, name: str, tag: str) -> None:
    stage = last_stage(text)
    found = [
        place.span.text for place in (image_place(stage), name_place(stage), tag_place(stage)) if place is not None
    ]
    assert found == [image, name, tag]


def test_what_stands_between_from_and_arg_is_related() -> None:
    text = "ARG T=3.12\nFROM python:$T"
    place = tag_place(last_stage(text))
    assert place is not None
    assert [each.span.text for each in place.related] == ["python:$T"]
    mixed = tag_place(last_stage("ARG T=3.12\nFROM python:$T-slim"))
    assert mixed is not None
    assert [each.span.text for each in mixed.related] == ["T=3.12"]


def test_only_characters_that_are_the_part_can_be_replaced() -> None:
    assert shown(tag_place(last_stage("ARG T=3.12\nFROM python:$T"))) == ("3.12", True)
    assert shown(tag_place(last_stage("ARG T=3.12\nFROM python:$T-slim"))) == ("$T-slim", False)
    assert shown(tag_place(last_stage("ARG T=3.11\nFROM python:$T", T="3.12"))) == ("$T", False)
    assert shown(tag_place(last_stage("ARG T=v3.12\nFROM python:${T#v}"))) == ("python:${T#v}", False)


def test_a_part_of_the_tag() -> None:
    stage = last_stage("ARG F=devel\nFROM nvidia/cuda:12.4.1-$F-ubuntu22.04")
    assert shown(tag_place(stage, "devel")) == ("devel", True)
    assert shown(tag_place(stage, "12.4.1")) == ("12.4.1", True)
    assert shown(tag_place(stage, "alpine")) == ("12.4.1-$F-ubuntu22.04", False)


def test_a_part_of_a_default_that_is_made_of_other_variables() -> None:
    stage = last_stage("ARG C=12.1.0\nARG B=nvidia/cuda:$C-devel-ubuntu20.04\nFROM ${B} AS base")
    assert shown(tag_place(stage, "12.1.0")) == ("12.1.0", True)
    assert shown(tag_place(stage, "ubuntu20.04")) == ("ubuntu20.04", True)
    assert shown(tag_place(stage, "12.1.0-devel")) == ("$C-devel", False)
    assert shown(name_place(stage)) == ("nvidia/cuda", True)
    place = tag_place(stage)
    assert place is not None
    assert [each.span.text for each in place.related] == ["${B}"]
    given = last_stage("ARG C=12.1.0\nARG B=nvidia/cuda:$C-devel\nFROM ${B}", C="12.4.1")
    assert shown(tag_place(given)) == ("$C-devel", False)
    assert shown(tag_place(given, "devel")) == ("devel", True)


def test_unknown_images_have_no_place() -> None:
    assert tag_place(last_stage("ARG T\nFROM python:$T")) is None
    assert image_place(last_stage("FROM")) is None
