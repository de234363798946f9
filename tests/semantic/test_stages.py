from __future__ import annotations

import pytest

from mllint.images.reference import ImageReference


def test_a_stage_continues_an_earlier_one_by_name_whatever_the_case(build):
    stages = build("FROM python:3.12 AS Base\nFROM base AS app\n").stages

    assert stages[1].parent is stages[0]
    assert stages[1].root is stages[0]
    assert stages[0].image == ImageReference("docker.io", "library/python", "3.12", None)
    assert stages[1].image is None


def test_a_stage_name_that_comes_later_is_an_image(build):
    stages = build("FROM app\nFROM python:3.12 AS app\n").stages

    assert stages[0].parent is None
    assert stages[0].image is not None


def test_the_last_stage_of_a_name_wins(build):
    stages = build("FROM a AS x\nFROM b AS x\nFROM x\n").stages

    assert stages[2].parent is stages[1]


@pytest.mark.parametrize(("target", "index"), [(None, 2), ("one", 0), ("ONE", 0), ("1", 1), ("unknown", 2), ("²", 2)])
def test_the_target_is_final(build, target, index):
    found = build("FROM a AS one\nFROM b\nFROM c\n", target=target)

    assert found.final is found.stages[index]


def test_no_stage_at_all(build):
    found = build("# nothing\n")

    assert found.stages == ()
    assert found.final is None
    assert found.used == frozenset()


def test_a_piece_without_from_is_one_stage_on_an_unknown_base(build):
    found = build("ENV A=1\nRUN pip install numpy\n")

    assert found.final.base is None
    assert found.final.user is None
    assert [step.install.manager for step in found.final.installs] == ["pip"]


def test_what_ships_and_what_is_used(build):
    found = build(
        "FROM a AS base\nFROM b AS builder\nFROM c AS mounted\nFROM d AS idle\n"
        "FROM base\nCOPY --from=builder /x /x\nRUN --mount=type=bind,from=mounted,target=/m true\n"
    )
    base, builder, mounted, idle, final = found.stages

    assert [stage.ships for stage in found.stages] == [True, False, False, False, True]
    assert found.used == {base, builder, mounted, final}
    assert idle not in found.used


def test_scratch(build):
    stage = build("FROM scratch\n").stages[0]

    assert stage.is_scratch
    assert stage.image is None
    assert stage.user is not None
    assert stage.user.value == "root"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("builder", 0), ("BUILDER", 0), ("0", 0), ("2", None), ("9", None), ("9" * 5000, None)],
)
def test_copy_from_names_an_earlier_stage(build, name, wanted):
    found = build(f"FROM a AS builder\nFROM b\nCOPY --from={name} /x /x\nFROM c\n")
    origin = found.stages[1].copies[0].origin

    assert origin is (found.stages[wanted] if wanted is not None else origin)
    assert (wanted is None) == isinstance(origin, ImageReference)


def test_copy_paths_are_absolute(build):
    stage = build("FROM scratch\nWORKDIR /srv\nWORKDIR app\nARG D=data\nCOPY a b/ ./$D/\nCOPY . .\n").stages[0]

    assert [step.target for step in stage.copies] == ["/srv/app/data/", "/srv/app"]
    assert [value for _, value in stage.copies[0].sources] == ["a", "b/"]
    assert [step.whole_context for step in stage.copies] == [False, True]


def test_a_relative_target_without_a_known_workdir_is_unknown(build):
    stage = build("FROM example/unknown:1.0\nCOPY a b\nCOPY c /d\n").stages[0]

    assert [step.target for step in stage.copies] == [None, "/d"]


def test_a_path_that_is_too_long_to_exist_is_unknown(build):
    stage = build("FROM scratch\n" + "WORKDIR folder\n" * 1000 + "COPY a b\nCOPY c /d\n").stages[0]

    assert [step.target for step in stage.copies] == [None, "/d"]


def test_user_and_workdir_at_each_instruction(build):
    stage = build("FROM ubuntu:22.04\nRUN a\nUSER app\nWORKDIR /a\nRUN b\nWORKDIR b\nUSER 1000:1000\n").stages[0]
    first, _, _, second, _, _ = stage.body

    assert stage.user_at(first).value == "root"
    assert stage.user_at(second).value == "app"
    assert stage.user.value == "1000:1000"
    assert (stage.workdir_at(first), stage.workdir_at(second), stage.workdir) == ("/", "/a", "/a/b")


def test_users_come_from_parents_and_unknown_ones_stay_unknown(build):
    found = build("FROM example/unknown:1.0 AS a\nFROM a AS b\nUSER app\nFROM b\n")

    assert found.stages[0].user is None
    assert found.stages[2].user.value == "app"


def test_a_user_from_an_argument_without_a_default_is_unknown(build):
    assert build("FROM ubuntu:22.04\nARG WHO\nUSER $WHO\n").final.user is None


def test_shell_holds_from_its_instruction_on_and_in_children(build):
    found = build('FROM a AS x\nRUN one\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN two\nFROM x\n')
    stage = found.stages[0]

    assert stage.shell_at(stage.body[0]) == ("/bin/sh", "-c")
    assert stage.shell_at(stage.body[2]) == ("/bin/bash", "-o", "pipefail", "-c")
    assert found.stages[1].shell == ("/bin/bash", "-o", "pipefail", "-c")


def test_exposed_ports_of_the_chain(build):
    found = build("FROM a AS x\nARG P=9000\nEXPOSE 80 443/tcp\nFROM x\nEXPOSE $P 8000-8010 ${UNKNOWN}\n")

    assert [port for port, _ in found.final.exposed] == [80, 443, 9000, 8000]


def test_a_chain_of_thousands_of_stages(build):
    text = "FROM ubuntu:22.04 AS s0\nUSER app\n" + "".join(f"FROM s{i} AS s{i + 1}\n" for i in range(3000))
    found = build(text)
    found.derive_inherited()

    assert found.final.root is found.stages[0]
    assert found.final.user.value == "app"


def test_what_ships_and_what_stands_on_a_stage(build):
    made = build("FROM a AS x\nFROM x AS y\nFROM b\nFROM y AS z\n")
    x, y, other, z = made.stages

    assert made.shipped == {x, y, z}
    assert [stage.ships for stage in made.stages] == [True, True, False, True]
    assert made.standing_on(x) == [x, y, z]
    assert made.standing_on(other) == [other]
    assert made.standing_on(y) == ()


def test_too_many_inherited_variables_are_not_known(build, monkeypatch):
    text = "FROM scratch AS a\nENV A=1 B=2\nFROM a\nENV C=3\n"
    assert build(text).stages[1].variable_at("A").value == "1"

    monkeypatch.setattr("mllint.semantic.declarations.MOST_INHERITED", 3)
    last = build(text).stages[1]
    assert last.variable_at("A") is None
    assert last.variable_at("C").value == "3"
    assert last.scope.complete is False


def test_a_working_directory_longer_than_any_is_not_known(build):
    stage = build("FROM scratch\n" + "WORKDIR abcdefghij\n" * 400).stages[0]

    assert stage.workdir is None
    assert stage.workdir_at(stage.body[2]) == "/abcdefghij/abcdefghij"
