from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import mllint
from mllint.cli import FORMATS, check, main
from mllint.config.settings import KEYS
from mllint.report.registry import BUILT_IN

SCHEMA = json.loads((Path(mllint.__file__).parent / "schemas" / "report.schema.json").read_text(encoding="utf-8"))

#: Nothing to say of it, with the rules that are on by default.
CLEAN = """\
FROM python:3.13-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY train.py .
USER app
CMD ["python", "train.py"]
"""
#: An error (ML304) and a warning (ML205), a note under `strict`.
FAULTY = """\
FROM pytorch/pytorch:2.4.0-cuda12.1-cudnn9-runtime AS base
RUN apt-get update && apt-get install -y --no-install-recommends nvidia-driver-550 && rm -rf /var/lib/apt/lists/*
FROM base AS serve
ENV PYTHONUNBUFFERED=1
RUN pip install einops==0.8.0
USER app
CMD ["python", "train.py"]
"""


class Result:
    """What the command did in this process."""

    def __init__(self, result: Any) -> None:
        self.code: int = result.exit_code
        self.out: str = result.stdout
        self.err: str = result.stderr

    @property
    def rules(self) -> list[str]:
        """The codes in the concise text, in order."""
        return [line.split(" ")[2] for line in self.out.splitlines() if line.count(":") > 2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command in this process, in a folder with a clean file and one with findings."""
    for name in (
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "CI",
        "GITHUB_WORKSPACE",
        "GITHUB_STEP_SUMMARY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Clean").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "Faulty").write_text(FAULTY, encoding="utf-8")

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return Result(CliRunner().invoke(main, arguments, input=stdin, prog_name="mllint"))

    return call


Run = Callable[..., Result]


# What the arguments mean


def test_check_is_the_default(run: Run) -> None:
    assert run("Faulty").out == run("check", "Faulty").out
    assert run("Faulty").rules == ["ML304", "ML205"]


def test_without_arguments_there_is_help_and_nothing_done(run: Run) -> None:
    result = run()
    assert (result.code, result.out) == (2, "")
    assert "Usage: mllint" in result.err
    assert "explain" in result.err


def test_check_without_paths_searches_the_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "Dockerfile").write_text(FAULTY, encoding="utf-8")
    assert run("check", "--show-files").out == "sub/Dockerfile\n"
    assert run("check").rules == ["ML304", "ML205"]


@pytest.mark.parametrize("name", ["check", "rules", "explain", "-x"])
def test_files_that_are_called_like_commands_or_options(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FAULTY, encoding="utf-8")
    assert run(f"./{name}").rules == ["ML304", "ML205"]
    assert run("check", "--", name).rules == ["ML304", "ML205"]
    assert run("--", name).rules == ["ML304", "ML205"]


def test_options_may_come_first(run: Run) -> None:
    assert run("--select", "ML304", "Faulty").rules == ["ML304"]
    assert run("-q", "Clean").out == ""


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code == 0
    assert "Lint Dockerfiles" in result.out
    assert "--fail-on" in run("check", *arguments).out


def test_the_version_names_the_distribution(run: Run) -> None:
    assert run("--version").out == f"mllint (mllint-docker) {mllint.__version__}\n"


def test_all_options_are_explained() -> None:
    for parameter in check.params:
        assert parameter.param_type_name == "argument" or getattr(parameter, "help", None), parameter.name


def test_the_formats_are_those_that_can_be_written() -> None:
    assert tuple(BUILT_IN) == FORMATS


def test_the_keys_that_name_an_option_have_one() -> None:
    options = {name for parameter in check.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {key.cli for key in KEYS if key.cli is not None} <= options


def test_an_unknown_option(run: Run) -> None:
    result = run("--selct", "ML304", "Faulty")
    assert result.code == 2
    assert "--select" in result.err


# Exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["Clean"], 0),
        (["Faulty"], 1),
        (["Clean", "Faulty"], 1),
        (["--exit-zero", "Faulty"], 0),
        (["--fail-on", "error", "Faulty"], 1),
        (["--fail-on", "error", "--ignore", "ML304", "Faulty"], 0),
        (["--fail-on", "warning", "--ignore", "ML304", "Faulty"], 1),
        (["--fail-on", "info", "--select", "ML102", "Faulty"], 1),
        (["--fail-on", "warning", "--select", "ML102", "Faulty"], 0),
        (["--fail-on", "never", "Faulty"], 0),
        (["nosuch"], 2),
        (["nosuch", "Faulty"], 2),
        (["--exit-zero", "nosuch"], 2),
        (["--select", "ML999", "Faulty"], 2),
    ],
)
def test_exit_codes(run: Run, arguments: list[str], code: int) -> None:
    assert run(*arguments).code == code


def test_suppressed_findings_do_not_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Faulty").write_text("# mllint global ignore=ML304,ML205 both are known\n" + FAULTY, encoding="utf-8")
    result = run("Faulty")
    assert (result.code, result.rules) == (0, [])
    assert "2 suppressed" in result.out
    assert "suppressed by comment: both are known" in run("--show-suppressed", "Faulty").out


def test_no_dockerfile_is_said_and_no_failure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("empty")
    assert result.code == 0
    assert result.err == "mllint: no Dockerfiles found\n"


# Selection and settings


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (["--select", "ML304"], ["ML304"]),
        (["--select", "ML304,ML205"], ["ML304", "ML205"]),
        (["--select", "ML304", "--select", "ML2"], ["ML304", "ML205"]),
        (["--select", " nvidia-driver-in-image , "], ["ML304"]),
        (["--ignore", "ML304, ML601"], ["ML205"]),
        (["--select", "ML3", "--extend-select", "ML205"], ["ML304", "ML205"]),
        (["--select", "ML3", "--ignore", "ML3"], []),
    ],
)
def test_selection(run: Run, arguments: list[str], rules: list[str]) -> None:
    assert run(*arguments, "Faulty").rules == rules


def test_the_strict_profile_raises_advice(run: Run) -> None:
    assert "warning ML102" in run("--profile", "strict", "Faulty").out
    assert "ML102" not in run("Faulty").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select", "ML99"], ["--select", '"ML99"']),
        (["--ignore", "nvidia-driver-in-imag"], ["--ignore", 'did you mean "nvidia-driver-in-image"']),
        (["--role", "servng"], ["--role", 'did you mean "serving"']),
        (["--profile", "strickt"], ["--profile", "strict"]),
        (["--fail-on", "errors"], ["--fail-on", "error"]),
        (["--format", "jsn"], ["--format", "json"]),
        (["--driver", "newest"], ["--driver", "535.104.05", "newest"]),
        (["--target", "server"], ["--target", 'no file has a stage "server"', 'did you mean "serve"']),
        (["--target", "xyz"], ["--target", "the stages are base, serve"]),
        (["--target", "2"], ["--target", 'no file has a stage "2"']),
        (["--build-arg", "=x"], ["--build-arg", "has no name"]),
        (["--context", "nowhere"], ["--context", 'no folder "nowhere"']),
        (["--config", "nowhere.toml"], ["nowhere.toml", "No such file"]),
        (["--config", "Clean", "--isolated"], ["--isolated", "--config"]),
        (["--statistics", "--format", "json"], ["--statistics", "json"]),
        (["--output", "nowhere/report"], ["--output", '"nowhere/report" cannot be written: no such file']),
        (["--output", "."], ["--output", "is a directory"]),
        (["--output", "./Faulty"], ["--output", "one of the files to lint"]),
    ],
)
def test_values_that_cannot_be_used(run: Run, tmp_path: Path, arguments: list[str], words: list[str]) -> None:
    result = run(*arguments, "Faulty")
    assert result.code == 2
    for word in words:
        assert word in result.err
    assert "Traceback" not in result.err
    assert (tmp_path / "Faulty").read_text(encoding="utf-8") == FAULTY


def test_the_target_decides_what_ships(run: Run) -> None:
    assert "ML304" in run("--target", "base", "Faulty").rules
    inner = (
        "FROM ubuntu:22.04 AS tools\nRUN apt-get update && apt-get install -y nvidia-driver-550\nFROM ubuntu:22.04\n"
    )
    assert run("--select", "ML304", "-", stdin=inner).rules == []
    assert run("--select", "ML304", "--target", "Tools", "-", stdin=inner).rules == ["ML304"]
    assert run("--select", "ML304", "--target", "0", "-", stdin=inner).rules == ["ML304"]


def test_build_arguments(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "ARG TAG=3.12.1\nFROM python:$TAG\nUSER app\n"
    options = ("--select", "ML101")
    assert run(*options, "-", stdin=text).rules == []
    assert run(*options, "--build-arg", "TAG=latest", "-", stdin=text).rules == ["ML101"]
    assert run(*options, "--build-arg", "TAG", "-", stdin=text).rules == []
    monkeypatch.setenv("TAG", "latest")
    assert run(*options, "--build-arg", "TAG", "-", stdin=text).rules == ["ML101"]


def test_the_role(run: Run) -> None:
    text = "FROM python:3.12.1\nRUN pip install --no-cache-dir jupyter==1.0.0\nUSER app\n"
    assert run("--select", "ML502", "-", stdin=text).rules == []
    assert run("--select", "ML502", "--role", "training", "-", stdin=text).rules == ["ML502"]


def test_the_driver(run: Run) -> None:
    text = "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nUSER app\n"
    assert run("--select", "ML301", "-", stdin=text).rules == []
    assert run("--select", "ML301", "--driver", "450.80.02", "-", stdin=text).rules == ["ML301"]
    assert run("--select", "ML301", "--driver", "580.65.06", "--gpu", "H100", "-", stdin=text).rules == []


def test_the_context(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "compose.yaml").write_text(
        "services:\n  app:\n    build: {context: ., dockerfile: ../Server}\n    healthcheck: {test: [CMD, 'true']}\n",
        encoding="utf-8",
    )
    text = 'FROM python:3.12.1\nEXPOSE 80\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "80"]\n'
    (tmp_path / "Server").write_text(text, encoding="utf-8")
    assert run("--select", "ML503", "Server").rules == ["ML503"]
    assert run("--select", "ML503", "--context", "context", "Server").rules == []


def test_the_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".mllint.yaml").write_text("ignore: [ML205]\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("ignore: [ML304]\n", encoding="utf-8")
    assert run("Faulty").rules == ["ML304"]
    assert run("--isolated", "Faulty").rules == ["ML304", "ML205"]
    assert run("--config", "other.yaml", "Faulty").rules == ["ML205"]
    (tmp_path / ".mllint.yaml").write_text("ignor: [ML205]\n", encoding="utf-8")
    result = run("Faulty")
    assert (result.code, result.out) == (2, "")
    assert result.err == 'mllint: .mllint.yaml: unknown key "ignor" (did you mean "ignore"?)\n'


def test_exclusion(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text(CLEAN, encoding="utf-8")
    assert run("--show-files", ".", "--exclude", "b").out == "a/Dockerfile\n"
    assert run("--show-files", "b/Dockerfile", "--exclude", "b").out == "b/Dockerfile\n"
    assert run("--show-files", "b/Dockerfile", "--exclude", "b", "--force-exclude").out == ""


def test_files_that_git_ignores(run: Run, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("Dockerfile\n", encoding="utf-8")
    (tmp_path / "Dockerfile").write_text(CLEAN, encoding="utf-8")
    assert run("--show-files", ".").out == ""
    assert run("--show-files", "--no-respect-gitignore", ".").out == "Dockerfile\n"


# Reports


@pytest.mark.parametrize("name", FORMATS)
def test_formats(run: Run, name: str) -> None:
    result = run("--format", name, "Faulty", "nosuch")
    assert result.code == 2
    assert "ML304" in result.out
    assert "nosuch" in (result.out if BUILT_IN[name].shows_errors else result.err)


def test_a_pipe_gets_a_line_per_finding(run: Run) -> None:
    first, second, summary = run("Faulty").out.splitlines()
    assert first.startswith("Faulty:2:66: error ML304 ")
    assert second.startswith("Faulty:5:5: warning ML205 ")
    assert summary.startswith("1 error, 1 warning in 1 file")
    assert run("--quiet", "Faulty").out.splitlines() == [first, second]


def test_the_json_follows_its_schema(run: Run) -> None:
    document = json.loads(run("--format", "json", "--profile", "strict", "Faulty", "Clean", "nosuch").out)
    jsonschema.validate(document, SCHEMA)
    assert [file["path"] for file in document["files"]] == ["Clean", "Faulty"]
    assert [stage["name"] for stage in document["files"][1]["stages"]] == ["base", "serve"]
    assert {finding["url"] for finding in document["findings"]} == {None}
    assert document["errors"] == [{"path": "nosuch", "message": "no such file or folder"}]


@pytest.mark.parametrize("options", [(), ("-o", "report.sarif"), ("-q",)], ids=str)
def test_what_sarif_leaves_out_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]) -> None:
    whole = run("--format", "sarif", "Faulty", *options)
    monkeypatch.setitem(BUILT_IN, "sarif", BUILT_IN["sarif"]._replace(most=1))
    cut = run("--format", "sarif", "Faulty", *options)
    log = json.loads(cut.out or Path("report.sarif").read_text(encoding="utf-8"))

    assert whole.err == ""
    assert cut.err == "mllint: 1 finding left out, the least severe: readers of sarif take 1\n"
    assert cut.code == whole.code == 1
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["ML304"]
    assert run("Faulty").err == ""


def test_what_is_suppressed_is_not_counted_as_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("Faulty").write_text(f"# mllint global ignore=ML205 why\n{FAULTY}", encoding="utf-8")
    monkeypatch.setitem(BUILT_IN, "sarif", BUILT_IN["sarif"]._replace(most=1))

    assert run("--format", "sarif", "Faulty").err == ""


def test_sarif_knows_all_rules(run: Run) -> None:
    document = json.loads(run("--format", "sarif", "Faulty").out)
    driver = document["runs"][0]["tool"]["driver"]
    assert {rule["id"] for rule in driver["rules"]} >= {"ML001", "ML304", "ML603"}
    assert [result["ruleId"] for result in document["runs"][0]["results"]] == ["ML304", "ML205"]


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Installs a plugin that brings a format of that name, written from that place."""

    def install(name: str, place: str) -> None:
        site = tmp_path / "site"
        (site / "acme-1.0.dist-info").mkdir(parents=True)
        (site / "acme-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
        (site / "acme-1.0.dist-info" / "entry_points.txt").write_text("[mllint.plugins]\na = acme_formats:PLUGIN\n")
        (site / "acme_formats.py").write_text(
            "from mllint.plugins import Plugin\n"
            f"PLUGIN = Plugin('acme', formats={{{name!r}: {place!r}}})\n"
            "def write(run, out, style):\n"
            "    for found in run.findings:\n"
            "        out.write(f'{found.key}={run.rules[found.rule].summary}\\n')\n"
        )
        monkeypatch.syspath_prepend(site)

    yield install
    sys.modules.pop("acme_formats", None)


def test_a_format_of_a_plugin(run: Run, plugin: Callable[[str, str], None]) -> None:
    plugin("acme-lines", "acme_formats:write")
    result = run("--format", "acme-lines", "--select", "ML304", "Faulty", "nosuch")
    assert re.fullmatch(r"[0-9a-f]{16}=[A-Z].*\n", result.out)
    # What a format of somebody else does with errors is not known.
    assert result.err == "mllint: nosuch: no such file or folder\n"
    assert "did you mean" in run("--format", "acme-line", "Faulty").err
    assert run("--format", "acme-lines", "--isolated", "Faulty").code == 2


@pytest.mark.parametrize(
    ("name", "place", "words"),
    [
        ("sarif", "acme_formats:write", "the format sarif is declared by both mllint-docker and acme"),
        (
            "lines",
            "acme_formats:nothing",
            'the format lines of acme cannot be loaded from "acme_formats:nothing": Attr',
        ),
        ("lines", "not_there:write", "the format lines of acme cannot be loaded"),
    ],
)
def test_a_format_that_cannot_be_used(
    run: Run, plugin: Callable[[str, str], None], name: str, place: str, words: str
) -> None:
    plugin(name, place)
    result = run("--format", name, "Faulty")
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert "bug" not in result.err


@pytest.mark.parametrize("folder", ["", "app", "app/docker", "/"])
def test_paths_start_at_the_root_of_the_repository(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    path = tmp_path / "app" / "docker" / "Dockerfile"
    path.parent.mkdir(parents=True)
    path.write_text(FAULTY, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / folder)
    for given in (str(path), os.path.relpath(path)):
        document = json.loads(run("--format", "sarif", given).out)
        places = [result["locations"][0]["physicalLocation"] for result in document["runs"][0]["results"]]
        assert {place["artifactLocation"]["uri"] for place in places} == {"app/docker/Dockerfile"}
        assert "file=app/docker/Dockerfile," in run("--format", "github", given).out
        assert json.loads(run("--format", "gitlab", given).out)[0]["location"]["path"] == "app/docker/Dockerfile"


def test_a_file_that_two_install_from_has_its_findings_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy\n", encoding="utf-8")
    text = "FROM python:3.12.7-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n"
    for name, more in (("a.Dockerfile", ""), ("b.Dockerfile", "# mllint global ignore=ML203 known\n")):
        (tmp_path / name).write_text(more + text, encoding="utf-8")
    assert run("--select", "ML203", "a.Dockerfile", "b.Dockerfile").rules == ["ML203"]
    assert run("--select", "ML203", "b.Dockerfile", "a.Dockerfile").rules == ["ML203"]
    assert run("--select", "ML203", "b.Dockerfile").rules == []


def test_github_annotations(run: Run) -> None:
    assert "::error file=Faulty,line=2," in run("--format", "github", "Faulty").out


def test_the_output_file(run: Run, tmp_path: Path) -> None:
    result = run("--output", "report.json", "--format", "json", "Faulty")
    assert (result.code, result.out, result.err) == (1, "", "")
    jsonschema.validate(json.loads((tmp_path / "report.json").read_text(encoding="utf-8")), SCHEMA)
    assert run("-o", "report.txt", "Faulty", "nosuch").err == "mllint: nosuch: no such file or folder\n"
    assert (tmp_path / "report.txt").read_text(encoding="utf-8").startswith("Faulty:2:66: error ML304 ")
    assert run("-o", "files.txt", "--show-files", "Faulty").out == ""
    assert (tmp_path / "files.txt").read_text(encoding="utf-8") == "Faulty\n"


def test_colour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in run("Faulty").out
    assert "\x1b[1;31merror" in run("--color", "always", "Faulty").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31merror" in run("Faulty").out
    assert "\x1b" not in run("--color", "never", "Faulty").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("Faulty").out


def test_statistics(run: Run) -> None:
    result = run("--statistics", "Faulty", "nosuch")
    assert result.code == 2
    assert [line.split()[:2] for line in result.out.splitlines()[:2]] == [["1", "ML205"], ["1", "ML304"]]
    assert result.err == "mllint: nosuch: no such file or folder\n"


def test_show_files(run: Run) -> None:
    result = run("--show-files", "Faulty", "Clean", "nosuch")
    assert (result.code, result.out) == (2, "Clean\nFaulty\n")
    assert result.err == "mllint: nosuch: no such file or folder\n"


# Standard input


def test_standard_input(run: Run) -> None:
    assert run("-", stdin=FAULTY).out.startswith("<stdin>:2:66: error ML304 ")
    assert run("-", stdin=CLEAN).code == 0


def test_standard_input_with_a_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".mllint.yaml").write_text(
        "ignore: [ML205]\nper-file-ignores: {Dockerfile.gpu: [ML304]}\n", encoding="utf-8"
    )
    result = run("-", "--stdin-filename", "sub/Dockerfile", stdin=FAULTY)
    assert (result.rules, result.out.split(":")[0]) == (["ML304"], "sub/Dockerfile")
    assert run("-", "--stdin-filename", "sub/Dockerfile.gpu", stdin=FAULTY).rules == []


def test_standard_input_beside_files(run: Run) -> None:
    result = run("Faulty", "-", stdin=FAULTY)
    assert [line.split(":")[0] for line in result.out.splitlines()[:4]] == ["<stdin>", "<stdin>", "Faulty", "Faulty"]


# explain, rules


@pytest.mark.parametrize("word", ["ML303", "ml303", "unknown-cuda-wheel-index"])
def test_explain(run: Run, word: str) -> None:
    result = run("explain", word)
    assert result.code == 0
    assert result.out.startswith("# ML303 unknown-cuda-wheel-index\n")
    assert "## Why is this bad?" in result.out
    assert "\x1b" in run("explain", word, "--color", "always").out


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("ML333", 'there is no rule "ML333" (did you mean "ML313"?)'),
        ("unknown-cuda-index", 'did you mean "unknown-cuda-wheel-index"?'),
        ("ML60", '"ML60" means several rules: ML601, ML602, ML603'),
        ("!", 'there is no rule "!"'),
    ],
)
def test_explain_what_is_not_there(run: Run, word: str, message: str) -> None:
    result = run("explain", word)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_rules(run: Run) -> None:
    lines = run("rules").out.splitlines()
    listed = json.loads(run("rules", "--format", "json").out)
    table = run("rules", "--format", "markdown").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule["id"] for rule in listed]
    assert len(table) == len(lines) + 2
    assert listed[0]["id"] == "ML001"
    assert all(rule["summary"] and rule["help"] for rule in listed)


# The process


def test_the_module_can_be_run(process: Callable[..., Any]) -> None:
    assert process("--version").out == f"mllint (mllint-docker) {mllint.__version__}\n"
    result = process("-", stdin=FAULTY)
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("<stdin>:2:66: error ML304 ")


def test_a_closed_pipe_is_quiet(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.12.1\n" + "RUN pip install x\n" * 5000, encoding="utf-8")
    for arguments in (["Dockerfile"], ["--format", "json", "Dockerfile"], ["rules"], ["explain", "ML303"]):
        command = [sys.executable, "-m", "mllint", *arguments]
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.read(10)
            running.stdout.close()
            assert running.stderr.read() == b""
            assert running.wait(60) in (0, 1)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full device")
def test_a_full_disk(process: Callable[..., Any], tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "Faulty").write_text(FAULTY, encoding="utf-8")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mllint", "Faulty"],
            cwd=tmp_path,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "mllint: [Errno 28] No space left on device\n"
    assert "--output" in process("-o", "/dev/full", "Faulty").err


@pytest.mark.skipif(os.name != "posix", reason="shells of POSIX close streams so")
def test_closed_streams(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "Faulty").write_text(FAULTY, encoding="utf-8")

    def shell(command: str) -> Any:
        words = ["sh", "-c", f'"$0" -m mllint {command}', sys.executable]
        return subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False, text=True)

    assert shell("Faulty >&-").returncode == 1
    result = shell("- <&-")
    assert result.returncode == 2
    assert "<stdin>: error: the standard input is closed" in result.stdout


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupt_is_no_finding(tmp_path: Path, environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mllint", "-"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts what it puts into the background, these tests perhaps, with the signal ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        assert running.stdin is not None
        _wait_until_reading(running.pid)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, b"", b"")


def _wait_until_reading(pid: int) -> None:
    """Until the process sleeps in a read of its standard input (Linux says so), or two seconds have passed."""
    for _ in range(100):
        time.sleep(0.02)
        try:
            if Path(f"/proc/{pid}/syscall").read_text(encoding="ascii").startswith("0 0x0 "):
                return
        except OSError:
            pass


def test_without_docstrings(tmp_path: Path, environment: dict[str, str]) -> None:
    def optimised(*arguments: str) -> Any:
        command = [sys.executable, "-OO", "-m", "mllint", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, text=True)

    (tmp_path / "Faulty").write_text(FAULTY, encoding="utf-8")
    assert optimised("Faulty").returncode == 1
    assert optimised("rules").returncode == 0
    result = optimised("explain", "ML303")
    assert result.returncode != 0
    assert "-OO" in result.stderr
