"""Which file holds for a linted one, and what is said about one that cannot be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mllint
from mllint.config import files
from mllint.config.errors import ConfigError
from mllint.config.load import Configuration
from mllint.config.settings import DEFAULT_EXCLUDE


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that nothing above can configure, as the current one."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def profile(path: str, **options: object) -> str:
    return Configuration(**options).for_file(path).profile


def test_without_a_file_the_defaults_hold(repository: Path) -> None:
    settings = Configuration().for_file("a/Dockerfile")

    assert (settings.profile, settings.path, settings.root) == ("default", None, str(repository))
    assert settings.exclude == DEFAULT_EXCLUDE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.mllint]\nprofile = "strict"\n'),
        ("pyproject.toml", '\ufeff[tool.mllint]\r\nprofile = "strict"\r\n'),
        (".mllint.yaml", "profile: strict\n"),
        (".mllint.yml", "profile: strict\n"),
    ],
)
def test_each_file_is_read(repository: Path, name: str, text: str) -> None:
    (repository / name).write_text(text, encoding="utf-8", newline="")
    settings = Configuration().for_file("a/b/Dockerfile")

    assert settings.profile == "strict"
    assert settings.path == str(repository / name)
    assert settings.root == str(repository)


def test_the_nearest_file_holds_alone(repository: Path) -> None:
    write(repository / "pyproject.toml", '[tool.mllint]\nprofile = "strict"\nfail-on = "error"\n')
    write(repository / "a" / ".mllint.yaml", "fail-on: info\n")
    configuration = Configuration()

    assert configuration.for_file("a/b/Dockerfile").fail_on == "info"
    assert configuration.for_file("a/b/Dockerfile").profile == "default"
    assert configuration.for_file("b/Dockerfile").fail_on == "error"


def test_a_pyproject_without_our_table_is_passed_over(repository: Path) -> None:
    write(repository / ".mllint.yaml", "profile: strict\n")
    write(repository / "a" / "pyproject.toml", '[project]\nname = "mllint-user"\n')
    write(repository / "b" / "pyproject.toml", "this is no TOML")

    assert profile("a/Dockerfile") == "strict"
    assert profile("b/Dockerfile") == "strict"


def test_in_one_folder_the_file_of_our_own_holds(repository: Path) -> None:
    write(repository / "pyproject.toml", '[tool.mllint]\nprofile = "default"\n')
    write(repository / ".mllint.yaml", "profile: strict\n")

    assert profile("Dockerfile") == "strict"


def test_an_empty_file_of_our_own_stops_the_search(repository: Path) -> None:
    write(repository / ".mllint.yaml", "profile: strict\n")
    write(repository / "a" / ".mllint.yaml", "# nothing\n")

    assert profile("a/Dockerfile") == "default"


@pytest.mark.parametrize("git", ["folder", "file"])
def test_the_search_stops_at_the_root_of_the_repository(repository: Path, git: str) -> None:
    write(repository / ".mllint.yaml", "profile: strict\n")
    nested = repository / "nested"
    nested.mkdir()
    if git == "folder":
        (nested / ".git").mkdir()
    else:
        (nested / ".git").write_text("gitdir: ../elsewhere")

    assert profile("nested/a/Dockerfile") == "default"
    assert profile("other/Dockerfile") == "strict"


def test_files_of_one_configuration_share_one_value(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository / ".mllint.yaml", "profile: strict\n")
    read = []
    monkeypatch.setattr(files, "read_found", lambda path: read.append(path) or files.Found({"profile": "strict"}))
    configuration = Configuration()
    settings = {id(configuration.for_file(f"{folder}/Dockerfile")) for folder in ("a", "a/b", "c", ".", "a/b/c")}

    assert len(settings) == 1
    assert len(read) == 1


def test_folders_without_a_file_share_one_value() -> None:
    configuration = Configuration()

    assert configuration.for_file("a/Dockerfile") is configuration.for_file("b/c/Dockerfile")


def test_isolated_reads_no_file(repository: Path) -> None:
    write(repository / ".mllint.yaml", "nonsense: 1\n")

    assert profile("Dockerfile", isolated=True) == "default"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("strict.toml", 'profile = "strict"\n'),
        ("strict.toml", '[tool.mllint]\nprofile = "strict"\n'),
        ("pyproject.toml", '[tool.mllint]\nprofile = "strict"\n'),
        ("strict.yaml", "profile: strict\n"),
        ("strict.YML", "profile: strict\n"),
    ],
)
def test_a_named_file_holds_for_all(repository: Path, name: str, text: str) -> None:
    write(repository / ".mllint.yaml", "profile: default\n")
    write(repository / "conf" / name, text)
    settings = Configuration(config=f"conf/{name}").for_file("a/Dockerfile")

    assert settings.profile == "strict"
    assert settings.root == str(repository / "conf")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("missing.toml", None, "missing.toml: No such file or directory"),
        ("conf.json", "{}", "conf.json: a configuration is a .toml, .yaml or .yml file"),
        ("pyproject.toml", "[tool]\n", "pyproject.toml: there is no [tool.mllint]"),
        ("conf.toml", "selct = 1\n", 'conf.toml: unknown key "selct" (did you mean "select"?)'),
    ],
)
def test_a_named_file_that_cannot_be_used(repository: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        write(repository / name, text)
    with pytest.raises(ConfigError) as caught:
        Configuration(config=name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pyproject.toml", "[tool.mllint]\nselct = []\n", 'unknown key "tool.mllint.selct" (did you mean "select"?)'),
        ("pyproject.toml", "[tool.mllint\n", "not valid TOML: "),
        ("pyproject.toml", "[tool]\nmllint = 3\n", '"tool.mllint" must be a table'),
        ("pyproject.toml", '[tool.mllint.rules]\ndisabled = ["x"]\n', "another tool of the same name"),
        (".mllint.yaml", "selct: []\n", 'unknown key "selct" (did you mean "select"?)'),
        (".mllint.yaml", "a: [\n", "not valid YAML: "),
        (".mllint.yaml", "role: job\nrole: base\n", 'the key "role" is written twice (at line 2, column 1)'),
        (".mllint.yaml", "rules:\n  ML1:\n    a: 1\n    a: 1\n", "(at line 4, column 5)"),
        (".mllint.yaml", "- select\n", "a configuration must be a table of keys and values"),
        (".mllint.yaml", "just text\n", "a configuration must be a table of keys and values"),
        (
            ".mllint.yaml",
            "a: !!python/object/apply:os.getcwd []\n",
            "not valid YAML: could not determine a constructor",
        ),
        (".mllint.yaml", "[" * 5000, "not valid YAML"),
        (".mllint.yaml", "1: x\n", 'unknown key "1"'),
        (".mllint.yaml", "driver: 535.10\n", '"driver" must be a string: write the driver'),
    ],
)
def test_errors_name_the_file_and_the_key(repository: Path, name: str, text: str, message: str) -> None:
    write(repository / "a" / name, text)
    with pytest.raises(ConfigError) as caught:
        Configuration().for_file("a/b/Dockerfile")
    assert str(caught.value).startswith(f"a/{name}: ")
    assert message in str(caught.value)


def test_a_file_that_is_not_utf_8(repository: Path) -> None:
    (repository / ".mllint.yaml").write_bytes(b"role: \xff\n")
    with pytest.raises(ConfigError, match=r"\.mllint\.yaml: not UTF-8 text \(byte 6\)"):
        Configuration().for_file("Dockerfile")


def test_a_folder_of_that_name_is_no_file(repository: Path) -> None:
    (repository / ".mllint.yaml").mkdir()

    assert profile("Dockerfile") == "default"


def test_the_other_tools_yml_is_not_ours(repository: Path) -> None:
    write(repository / ".mllint.yaml", "profile: strict\n")
    write(repository / "a" / ".mllint.yml", "rules:\n  disabled:\n    - version-control/code/git\n")
    write(repository / "b" / ".mllint.yml", "code-quality:\n  linters: [pylint]\n")
    write(repository / "c" / ".mllint.yml", "rules:\n  ML101:\n    severity: info\n")

    assert profile("a/Dockerfile") == "strict"
    assert profile("b/Dockerfile") == "strict"
    assert profile("c/Dockerfile") == "default"


def test_the_command_line_wins(repository: Path) -> None:
    write(
        repository / ".mllint.yaml",
        "select: [ML1]\nignore: [ML101]\nfail-on: error\nrole: job\nbuild-args: {A: file, B: file}\n",
    )
    overrides = {"select": ["ML2"], "fail-on": "info", "role": None, "build-args": ["A=line"]}
    settings = Configuration(overrides=overrides).for_file("Dockerfile")

    assert (settings.fail_on, settings.role) == ("info", "job")
    assert settings.build_args == {"A": "line", "B": "file"}
    assert [each.select for each in settings.selectors] == [("ML1",), ("ML2",)]
    assert [each.ignore for each in settings.selectors] == [("ML101",), ()]


def test_an_error_on_the_command_line_names_the_option() -> None:
    with pytest.raises(ConfigError, match='"--driver" must be the version of an NVIDIA driver'):
        Configuration(overrides={"driver": "newest"})


def test_the_context_is_relative_to_its_file(repository: Path) -> None:
    write(repository / "a" / ".mllint.yaml", "context: ..\n")

    assert Configuration().for_file("a/Dockerfile").context == str(repository / "a" / "..")
    assert Configuration(overrides={"context": "x"}).for_file("a/Dockerfile").context == "x"


def test_parsers_are_imported_only_for_their_files(repository: Path) -> None:
    write(repository / "pyproject.toml", '[project]\nname = "x"\n')
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from mllint.config.load import Configuration\n"
        "Configuration().for_file('Dockerfile')\n"
        "heavy = {'yaml', 'tomllib', 'tomli', 'difflib', 'pathlib', 'importlib.metadata', 'subprocess'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    root = str(Path(mllint.__file__).parent.parent)
    done = subprocess.run([sys.executable, "-S", "-c", code, root], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
