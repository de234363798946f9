"""pip's command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.packages.dispatch import installs
from mllint.packages.requirement import Install
from mllint.shell.command import Command

Reader = Callable[..., Command]


def read(command: Command) -> Install:
    found = installs(command)
    assert found is not None
    return found


def names(install: Install) -> list[str | None]:
    return [one.name for one in install.requirements]


def texts(install: Install) -> list[str]:
    return [one.span.text for one in install.requirements]


@pytest.mark.parametrize(
    ("text", "found", "python"),
    [
        ("pip install torch", "install", None),
        ("pip3 install torch", "install", "python3"),
        ("pip3.11 install torch", "install", "python3.11"),
        ("/usr/bin/pip install torch", "install", "/usr/bin/python"),
        ("/opt/v/bin/pip3 install torch", "install", "/opt/v/bin/python3"),
        ("${VENV}/bin/pip install torch", "install", None),
        ("python -m pip install torch", "install", "python"),
        ("python3.11 -m pip install torch", "install", "python3.11"),
        ("/opt/v/bin/python3 -m pip install torch", "install", "/opt/v/bin/python3"),
        ("python3 -u -W ignore -m pip install torch", "install", "python3"),
        ("python3 -Im pip install torch", "install", "python3"),
        ("python3 -mpip install torch", "install", "python3"),
        ("py -m pip install torch", "install", "py"),
        ("pip --python /v/bin/python install torch", "install", "/v/bin/python"),
        ("pip --no-cache-dir --timeout 60 install torch", "install", None),
        ("python -m pip --no-cache-dir -v install torch", "install", "python"),
        ("pip download torch", "download", None),
        ("pip wheel torch", "wheel", None),
        ("pip uninstall -y torch", "uninstall", None),
        ("poetry run pip install torch", "install", None),
        ("poetry run python -m pip install torch", "install", "python"),
        ("conda run -n base --no-capture-output pip install torch", "install", None),
        ("uv run pip install torch", "install", None),
        ("/opt/conda/bin/mim install torch", "install", None),
    ],
)
def test_programs(command: Reader, text: str, found: str, python: str | None) -> None:
    line = command(text)
    install = read(line)
    assert (install.manager, install.subcommand, install.python) == ("pip", found, python)
    assert install.adds is (found == "install")
    assert names(install) == ["torch"]
    assert install.command is line
    assert install.ecosystem == "python"
    assert not install.incomplete


@pytest.mark.parametrize(
    "text",
    [
        "pip",
        "pip --version",
        "pip list",
        "pip config set global.index-url x",
        "pip $ACTION torch",
        "$PIP install torch",
        "pipx2 install torch",
        "python train.py -m pip install torch",
        "python -c 'x' -m pip install torch",
        "python -m build install",
        "python -m",
        "echo pip install torch",
        "pipeline install torch",
    ],
)
def test_what_is_no_install(command: Reader, text: str) -> None:
    assert installs(command(text)) is None


def test_cache_purge(command: Reader) -> None:
    install = read(command("pip3 cache purge"))
    assert (install.subcommand, install.adds, install.requirements) == ("cache purge", False, ())


@pytest.mark.parametrize(
    ("arguments", "expected", "options"),
    [
        ("-U torch", ["torch"], {"--upgrade"}),
        ("-qU torch", ["torch"], {"--quiet", "--upgrade"}),
        ("torch --no-cache-dir numpy", ["torch", "numpy"], {"--no-cache-dir"}),
        ("--no-cache torch", ["torch"], {"--no-cache-dir"}),
        ("--timeout 100 torch", ["torch"], {"--timeout"}),
        ("--resume-retries 5 torch", ["torch"], {"--resume-retries"}),
        ("--requirements-from-script s.py --all-releases a --only-final b torch", ["torch"], None),
        ("--timeout=100 torch", ["torch"], {"--timeout"}),
        ("-t /opt torch", ["torch"], {"--target"}),
        ("-t/opt torch", ["torch"], {"--target"}),
        ("--prefix=/opt --root / torch", ["torch"], {"--prefix", "--root"}),
        ("--no-binary :all: torch", ["torch"], {"--no-binary"}),
        ("--only-binary=:all: torch", ["torch"], {"--only-binary"}),
        (
            "--retries 3 --proxy p --cert c --client-cert d torch",
            ["torch"],
            {"--retries", "--proxy", "--cert", "--client-cert"},
        ),
        ("--trusted-host h --progress-bar off torch", ["torch"], {"--trusted-host", "--progress-bar"}),
        ("--platform p --python-version 3 --abi a --implementation cp torch", ["torch"], None),
        ("--upgrade-strategy eager --report r --src s --log l torch", ["torch"], None),
        ("--exists-action i --root-user-action=ignore --cache-dir c torch", ["torch"], None),
        ("-C a=b --config-settings c=d --global-option e --build-option f torch", ["torch"], None),
        ("--break-system-packages --pre --user torch", ["torch"], {"--break-system-packages", "--pre", "--user"}),
        ("-- torch -x", ["torch"], set()),
        ("torch '' =1", ["torch"], set()),
        ("-I torch", ["torch"], {"--ignore-installed"}),
        ("--no-dependencies torch -d /w --log-file l", ["torch"], {"--no-deps", "--dest", "--log"}),
        ("", [], set()),
    ],
)
def test_options(command: Reader, arguments: str, expected: list[str], options: set[str] | None) -> None:
    install = read(command(f"pip install {arguments}"))
    assert names(install) == expected
    assert options is None or install.options == options


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("torch", ["torch"]),
        ("'torch>=2' \"numpy==1.26\"", ["torch>=2", "numpy==1.26"]),
        ("-e . torch -e ./pkg[dev]", [".", "torch", "./pkg[dev]"]),
        ("--editable=./pkg", ["./pkg"]),
        ("--editable='./pkg'", ["./pkg"]),
        ("-e./pkg", ["./pkg"]),
        ("-r requirements.txt torch", ["torch"]),
        ('"git+https://x.example/a@v1"', ["git+https://x.example/a@v1"]),
    ],
)
def test_spans(command: Reader, arguments: str, expected: list[str]) -> None:
    assert texts(read(command(f"RUN=1 pip install {arguments}"))) == expected


@pytest.mark.parametrize(
    ("arguments", "files", "constraints"),
    [
        ("-r a.txt", ["a.txt"], []),
        ("-ra.txt", ["a.txt"], []),
        ("-Ur a.txt", ["a.txt"], []),
        ("-qUra.txt", ["a.txt"], []),
        ("--requirement a.txt --requirement=b.txt", ["a.txt", "b.txt"], []),
        ("-r 'a b.txt' -c c.txt --constraint=d.txt", ["a b.txt"], ["c.txt", "d.txt"]),
        ("-r $FILE", [None], []),
        ("--requirement=$FILE", [None], []),
        ("-r", [], []),
    ],
)
def test_files(command: Reader, arguments: str, files: list[str | None], constraints: list[str | None]) -> None:
    install = read(command(f"pip install {arguments}"))
    assert [word.value for word in install.files] == files
    assert [word.value for word in install.constraints] == constraints
    assert install.requirements == ()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("-i https://x.example/cu118 torch", [("index-url", "https://x.example/cu118", "https://x.example/cu118")]),
        ("--index-url=https://x.example torch", [("index-url", "https://x.example", "https://x.example")]),
        ('--index-url="https://x.example" torch', [("index-url", "https://x.example", "https://x.example")]),
        ('"--index-url=https://x.example" torch', [("index-url", "https://x.example", "https://x.example")]),
        (
            "--extra-index-url https://a.example -f b torch",
            [("extra-index-url", "https://a.example", "https://a.example"), ("find-links", "b", "b")],
        ),
        ("--index-url https://x.example/${CUDA} torch", [("index-url", None, "https://x.example/${CUDA}")]),
        ("--index-url=https://x.example/${CUDA} torch", [("index-url", None, "https://x.example/${CUDA}")]),
    ],
)
def test_indexes(command: Reader, arguments: str, expected: list[tuple[str, str | None, str]]) -> None:
    install = read(command(f"pip install {arguments}"))
    assert [(index.kind, index.value, index.span.text) for index in install.indexes] == expected
    assert names(install) == ["torch"]
    assert not install.incomplete


def test_variables_of_the_command_are_indexes(command: Reader) -> None:
    install = read(
        command("PIP_INDEX_URL=https://x.example UV_INDEX_URL=no A=1 pip install torch -i https://y.example")
    )
    assert [(index.kind, index.value) for index in install.indexes] == [
        ("index-url", "https://x.example"),
        ("index-url", "https://y.example"),
    ]


@pytest.mark.parametrize(
    ("arguments", "expected", "incomplete"),
    [
        ("$PACKAGES", [], True),
        ("torch $(cat a.txt)", ["torch"], True),
        ("torch==$TORCH numpy", ["torch", "numpy"], False),
        ("$OPTIONS torch", ["torch"], True),
        ("-e $DIR", [], True),
        ("--timeout $T torch", ["torch"], False),
        ("--$X torch", ["torch"], True),
        ("-$X torch", ["torch"], True),
    ],
)
def test_unknown_words(command: Reader, arguments: str, expected: list[str], incomplete: bool) -> None:
    install = read(command(f"pip install {arguments}"))
    assert names(install) == expected
    assert install.incomplete is incomplete


def test_unquoted_variables_are_split(command: Reader) -> None:
    known = {"PACKAGES": "torch==2.1 numpy", "NONE": ""}
    assert names(read(command("pip install $PACKAGES $NONE scipy", known))) == ["torch", "numpy", "scipy"]
    (empty,) = read(command("pip install torch==$NONE", known)).requirements
    assert (empty.name, empty.version, empty.pinned) == ("torch", None, False)


def test_words_from_xargs_are_unknown(command: Reader) -> None:
    assert read(command("pip install", wrappers=("xargs",))).incomplete


def test_overlong_words_are_passed_over(command: Reader) -> None:
    install = read(command(f"pip install {'a' * 5000} -{'q' * 100_000} -e {'b' * 5000} torch"))
    assert names(install) == ["torch"]
    assert install.options == {"--quiet", "--editable"}
    assert len(install.settings) < 100


def test_a_rehearsal_adds_nothing(command: Reader) -> None:
    assert not read(command("pip install --dry-run torch")).adds


def test_settings_targets_and_sources(command: Reader) -> None:
    install = read(command("pip install --target /a -t /b -e ./pkg . torch"))
    assert install.target is not None
    assert install.target.value == "/b"
    assert install.setting("--prefix") is None
    assert [one.url for one in install.editables] == ["./pkg"]
    assert [one.url for one in install.sources] == ["./pkg", "."]
    assert [one.label for one in install.requirements] == ["./pkg", ".", "torch"]


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("PIP_BREAK_SYSTEM_PACKAGES=1", {"--break-system-packages"}),
        ("PIP_NO_DEPS=true", {"--no-deps"}),
        ("PIP_PRE=0", set()),
        ("PIP_PRE=", set()),
        ("PIP_PRE=$PRE", set()),
        ("PIP_INDEX_URL=https://x.example", set()),
        ("UV_SYSTEM_PYTHON=1", set()),
        ("OTHER=1", set()),
    ],
)
def test_options_from_variables(command: Reader, assignment: str, expected: set[str]) -> None:
    install = installs(command(f"{assignment} pip install torch"))
    assert install is not None
    assert install.options == expected


def test_constraints_from_a_variable(command: Reader) -> None:
    install = installs(command("PIP_CONSTRAINT='a.txt b.txt' pip install -c c.txt torch"))
    assert install is not None
    assert [word.value for word in install.constraints] == ["c.txt", "a.txt", "b.txt"]
    unknown = installs(command("PIP_CONSTRAINT=$FILE pip install torch"))
    assert unknown is not None
    assert [word.value for word in unknown.constraints] == [None]


def test_variables_of_uv(command: Reader) -> None:
    install = installs(command("UV_SYSTEM_PYTHON=1 UV_NO_CACHE=1 uv pip install torch"))
    assert install is not None
    assert install.options == {"--system", "--no-cache"}
