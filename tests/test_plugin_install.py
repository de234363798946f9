"""A third-party plugin, installed with pip into a fresh environment beside mllint's own wheel.

Nothing is downloaded but the build backend, and that only where this environment has none: what mllint needs is taken
from here, by a path file.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import NamedTuple

import pytest

import mllint

ROOT = Path(__file__).parent.parent
PLUGIN = ROOT / "tests" / "acme_plugin"
DOCKERFILE = "FROM python:3.12.1\nRUN wget https://downloads.example/model.bin\nUSER app\n"

pytestmark = pytest.mark.installs


class Environment(NamedTuple):
    """A virtual environment with mllint and the plugin."""

    programs: Path
    folder: Path
    variables: dict[str, str]

    def pip(self, *arguments: str) -> None:
        isolation = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") is not None else []
        command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", *isolation]
        self.run("python", *command, *arguments)

    def run(self, program: str, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """One environment for all tests of this module."""
    folder = tmp_path_factory.mktemp("install")
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    made = Environment(programs, folder, variables)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(made.run("python", "-c", code).stdout.strip())
    here = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (site / "dependencies.pth").write_text("\n".join(here) + "\n", encoding="utf-8")
    made.pip(str(ROOT), str(PLUGIN))
    (folder / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    return made


def test_mllint_comes_from_its_wheel(environment: Environment) -> None:
    code = "import mllint, mllint_rules; print(mllint.__file__); print(mllint_rules.__file__)"
    for path in environment.run("python", "-c", code).stdout.splitlines():
        assert Path(path).is_relative_to(environment.folder)


@pytest.mark.parametrize("program", ["mllint", "mllint-docker"])
def test_the_command_has_two_names(environment: Environment, program: str) -> None:
    assert environment.run(program, "--version").stdout == f"mllint (mllint-docker) {mllint.__version__}\n"


def test_the_wheel_has_what_is_no_module(environment: Environment) -> None:
    code = "import mllint, os; print(*os.listdir(os.path.dirname(mllint.__file__)))"
    names = environment.run("python", "-c", code).stdout.split()
    assert {"py.typed", "schemas"} <= set(names)


def test_the_plugin_is_listed_with_its_distribution(environment: Environment) -> None:
    listed = {rule["id"]: rule for rule in json.loads(environment.run("mllint", "rules", "--format", "json").stdout)}
    assert listed["ACME001"]["plugin"] == "acme-dockerfiles"
    assert listed["ML101"]["plugin"] is None
    lines = environment.run("mllint", "rules").stdout.splitlines()
    (line,) = (line for line in lines if line.startswith("ACME001"))
    assert line.endswith("wget downloads a file that nothing checks. [acme-dockerfiles]")
    assert "from acme-dockerfiles" in environment.run("mllint", "explain", "wget-without-checksum").stdout


def test_its_finding_appears(environment: Environment) -> None:
    expected = "Dockerfile:2:5: warning ACME001 What wget downloads here is not checked."
    lines = environment.run("mllint", "Dockerfile", code=1).stdout.splitlines()
    assert expected in lines
    selected = environment.run("mllint", "Dockerfile", "--select", "ACME", "--quiet", code=1).stdout.splitlines()
    assert selected == [expected]


def test_its_option_is_read(environment: Environment) -> None:
    configuration = environment.folder / "acme.yaml"
    configuration.write_text("select: [ACME]\nrules: {wget-without-checksum: {checkers: [wget]}}\n", encoding="utf-8")
    environment.run("mllint", "Dockerfile", "--config", "acme.yaml", code=0)
    configuration.write_text("rules: {wget-without-checksum: {checker: [wget]}}\n", encoding="utf-8")
    error = environment.run("mllint", "Dockerfile", "--config", "acme.yaml", code=2).stderr
    assert "checker" in error
    assert "checkers" in error


def test_isolated_runs_have_no_plugins(environment: Environment) -> None:
    assert "ACME001" not in environment.run("mllint", "rules", "--isolated").stdout
    environment.run("mllint", "Dockerfile", "--isolated", "--select", "ACME001", code=2)


def test_a_second_plugin_with_the_same_id(environment: Environment, tmp_path: Path) -> None:
    copy = tmp_path / "other"
    shutil.copytree(PLUGIN, copy)
    (copy / "src" / "acme_dockerfiles").rename(copy / "src" / "other_dockerfiles")
    for path in (copy / "pyproject.toml", copy / "src" / "other_dockerfiles" / "__init__.py"):
        text = path.read_text(encoding="utf-8").replace("acme_dockerfiles", "other_dockerfiles")
        path.write_text(text.replace("acme-dockerfiles", "other-dockerfiles"), encoding="utf-8")
    environment.pip(str(copy))
    try:
        error = environment.run("mllint", "Dockerfile", code=2).stderr
        assert error == "mllint: the rule ACME001 is declared by both acme-dockerfiles and other-dockerfiles\n"
    finally:
        environment.run("python", "-m", "pip", "uninstall", "--quiet", "--yes", "other-dockerfiles")


def test_this_interpreter_does_not_see_the_plugin() -> None:
    """The environment is apart from the one that runs the tests."""
    assert importlib.util.find_spec("acme_dockerfiles") is None
