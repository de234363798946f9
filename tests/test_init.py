"""`mllint init`: the file that it writes, and when it writes none."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from mllint.cli import main
from mllint.config.load import Configuration
from mllint.plugins import load_plugins
from mllint.selection import enabled
from tools.regenerate import config_schema

SERVING = 'FROM python:3.12.7-slim\nUSER 1000\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0"]\n'
TRAINING = 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nCMD ["python3", "-u", "train.py"]\n'
HADOLINT = (
    "ignored: [DL3008, DL3007, DL3006, DL3013, DL3003, SC2086]\ntrustedRegistries: [docker.io, '*.example.com']\n"
)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, as the current folder."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


def printed(*arguments: str) -> str:
    result = run(*arguments, "--stdout")
    assert result.exit_code == 0, result.output
    return result.stdout


def check(text: str) -> set[str]:
    """That a text is a configuration; the rules that it leaves out."""
    jsonschema.validate(yaml.safe_load(text), json.loads(config_schema()), jsonschema.Draft7Validator)
    write("checked/.mllint.yaml", text)
    registry = load_plugins(isolated=True)
    settings = Configuration().for_file("checked/Dockerfile")
    assert settings.path is not None
    return {each for each in registry.ids if registry.load(each).default} - enabled(registry, settings)


def test_it_names_the_files_their_roles_and_what_they_need() -> None:
    write("Dockerfile", SERVING)
    write("jobs/train.Dockerfile", TRAINING)
    text = printed()
    lines = text.splitlines()

    assert "#   Dockerfile             serving" in lines
    assert "#   jobs/train.Dockerfile  training, CUDA 12.4.1" in lines
    assert any(line.startswith("# jobs/train.Dockerfile asks for the newest one here: 5") for line in lines)
    assert '# driver: "535.104.05"' in lines
    assert check(text) == set()


def test_without_a_gpu_nothing_is_asked_about_hosts() -> None:
    write("Dockerfile", SERVING)

    assert "driver" not in printed()


def test_a_compose_file_says_that_a_gpu_is_used() -> None:
    write("Dockerfile", SERVING)
    devices = "deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 1, capabilities: [gpu]}]}}}"
    write("compose.yaml", f"services:\n  app:\n    build: .\n    {devices}\n")

    assert "#   Dockerfile  serving, a GPU\n" in printed()


def test_what_is_uncommented_is_valid() -> None:
    """The examples in comments work as they stand."""
    write("jobs/train.Dockerfile", TRAINING)
    keys = ("role:", "driver:", "gpu:", "ignore:", "baseline:", "per-file-ignores:", '  "notebooks', "extend-exclude:")
    lines = printed().splitlines()
    examples = [line[2:] for line in lines if line.startswith("# ") and line[2:].startswith(keys)]

    assert len(examples) == len(keys)
    assert check("\n".join(examples)) == {"ML503"}


def test_hadolint_s_ignored_rules_are_taken_over_where_they_correspond() -> None:
    write("Dockerfile", SERVING)
    write(".hadolint.yaml", HADOLINT)
    text = printed()

    assert check(text) == {"ML101", "ML201"}
    assert "  - ML101  # DL3006: a base image without a tag; DL3007: a base image with the tag latest\n" in text
    assert "no rule here says the same as DL3003, DL3008, SC2086.\n" in text
    assert "hadolint's DL3026 sees to docker.io, *.example.com.\n" in text


def test_the_key_that_is_proposed_means_the_same() -> None:
    write("checked/.hadolint.yaml", HADOLINT)
    write(".hadolint.yaml", HADOLINT)

    assert check("hadolint: true\n") == check(printed())


@pytest.mark.parametrize("theirs", ["", "ignored: [DL3008]\n", "failure-threshold: error\n"])
def test_a_hadolint_configuration_without_anything_for_us(theirs: str) -> None:
    write(".hadolint.yml", theirs)
    text = printed()

    assert "\nignore:" not in text
    assert ("DL3008" in text) is ("DL3008" in theirs)
    assert check(text) == set()


def test_a_hadolint_configuration_that_cannot_be_read() -> None:
    write(".hadolint.yaml", "ignored: 3\n")
    result = run()

    assert result.exit_code == 2
    assert '.hadolint.yaml: "ignored" must be a list of strings' in result.output
    assert not Path(".mllint.yaml").exists()


def test_it_writes_the_file_once() -> None:
    write("Dockerfile", SERVING)
    result = run()

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "wrote .mllint.yaml" in result.stderr
    assert Path(".mllint.yaml").read_text(encoding="utf-8") == printed()
    again = run()
    assert again.exit_code == 2
    assert ".mllint.yaml is there already; --force overwrites it" in again.output


def test_force_overwrites() -> None:
    write(".mllint.yaml", "this is: [no YAML\n")

    assert run("--force").exit_code == 0
    assert "fail-on: warning" in Path(".mllint.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [".mllint.yml", "pyproject.toml"])
@pytest.mark.parametrize("folder", [".", "services"])
def test_it_does_not_hide_another_configuration(name: str, folder: str) -> None:
    write("services/Dockerfile", SERVING)
    write(name, "[tool.mllint]\n" if name.endswith(".toml") else "")
    result = run(folder)

    assert result.exit_code == 2
    assert f"{name} holds here already; --force writes a .mllint.yaml in front of it" in result.output
    assert not Path(folder, ".mllint.yaml").exists()
    assert run(folder, "--force").exit_code == 0
    assert run(folder, "--stdout").exit_code == 0


@pytest.mark.parametrize(
    "text",
    ['[project]\nname = "x"\n', '[tool.mllint.rules]\ndisabled = ["x"]\n', "[tool.mllint\n"],
    ids=["no table", "another tool", "broken"],
)
def test_what_is_no_configuration_of_ours_does_not_matter(text: str) -> None:
    write("pyproject.toml", text)

    assert run().exit_code == 0


def test_another_folder() -> None:
    write("services/api/Dockerfile", SERVING)
    result = run("services")

    assert result.exit_code == 0
    assert "#   api/Dockerfile  serving\n" in Path("services/.mllint.yaml").read_text(encoding="utf-8")
    assert run("nowhere").exit_code == 2
    assert run("services/api/Dockerfile").exit_code == 2


def test_a_dash_prints() -> None:
    write("Dockerfile", SERVING)

    assert run("-").stdout == printed()
    assert not Path(".mllint.yaml").exists()


def test_an_empty_repository() -> None:
    result = run("--stdout")

    assert result.exit_code == 0
    assert "no Dockerfiles found" in result.stderr
    assert "# No Dockerfile was found below this folder.\n" in result.stdout
    assert check(result.stdout) == set()


def test_a_file_that_cannot_be_read_is_told_and_left_out() -> None:
    write("Dockerfile", SERVING)
    Path("old.Dockerfile").write_bytes(b"FROM \xff\n")
    result = run("--stdout")

    assert result.exit_code == 0
    assert "old.Dockerfile: is not UTF-8" in result.stderr
    assert "old.Dockerfile" not in result.stdout


def test_a_strange_name_stays_in_its_comment() -> None:
    write("a\nselect: [ML1]\n/Dockerfile", SERVING)

    assert check(printed()) == set()


def test_many_files_are_counted() -> None:
    for number in range(45):
        write(f"{number:02}/Dockerfile", SERVING)
    text = printed()

    assert text.count("  serving\n") == 40
    assert "#   and 5 more\n" in text


def test_its_own_configuration_is_not_asked(repository: Path) -> None:
    """The same output, whatever an older configuration says."""
    write("Dockerfile", SERVING)
    before = printed()
    write(".mllint.yaml", "role: job\nexclude: ['*']\n")

    assert printed() == before
