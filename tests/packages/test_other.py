"""poetry, pdm, pipenv, pipx, npm, yarn and pnpm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.packages.dispatch import READERS, installs
from mllint.shell.command import Command

Reader = Callable[..., Command]


@pytest.mark.parametrize(
    ("text", "manager", "subcommand", "requirements"),
    [
        ("poetry install --no-root --only main", "poetry", "install", []),
        ("poetry install --without dev,test", "poetry", "install", []),
        ("poetry -C /app install -E gpu", "poetry", "install", []),
        ("poetry add torch@2.1.0 'numpy>=1'", "poetry", "add", ["torch@2.1.0", "numpy>=1"]),
        ("poetry add --group dev --source pytorch torch", "poetry", "add", ["torch"]),
        ("python -m poetry sync", "poetry", "sync", []),
        ("pdm install --prod --no-lock", "pdm", "install", []),
        ("pdm sync -G gpu", "pdm", "sync", []),
        ("pdm add torch", "pdm", "add", ["torch"]),
        ("pipenv install --system --deploy", "pipenv", "install", []),
        ("pipenv install --python 3.11 torch", "pipenv", "install", ["torch"]),
        ("pipenv sync", "pipenv", "sync", []),
        ("pipx install --python 3.11 'poetry==1.8.3'", "pipx", "install", ["poetry==1.8.3"]),
        ("pipx inject poetry poetry-plugin-export", "pipx", "inject", ["poetry-plugin-export"]),
        ("pipx run ruff check a", "pipx", "run", ["ruff"]),
        ("python3 -m pipx install uv", "pipx", "install", ["uv"]),
        ("npm install -g yarn@1.22.0 @a/b@2", "npm", "install", ["yarn@1.22.0", "@a/b@2"]),
        ("npm --prefix web i", "npm", "install", []),
        ("npm ci --omit=dev", "npm", "ci", []),
        ("yarn", "yarn", "install", []),
        ("yarn --frozen-lockfile", "yarn", "install", []),
        ("yarn global add serve", "yarn", "add", ["serve"]),
        ("pnpm add -g serve", "pnpm", "add", ["serve"]),
    ],
)
def test_subcommands(command: Reader, text: str, manager: str, subcommand: str, requirements: list[str]) -> None:
    install = installs(command(text))
    assert install is not None
    assert (install.manager, install.subcommand, install.adds) == (manager, subcommand, True)
    assert [one.span.text for one in install.requirements] == requirements


@pytest.mark.parametrize(
    ("text", "option", "value"),
    [
        ("poetry export -f requirements.txt -o r.txt --with gpu", "--output", "r.txt"),
        ("poetry install --with=a,b", "--with", "a,b"),
        ("pdm sync --with gpu", "--group", "gpu"),
        ("pdm export -o r.txt --prod", "--output", "r.txt"),
        ("pipenv requirements --dev", "--dev", None),
        ("pdm install -p app", "--project", "app"),
    ],
)
def test_options_that_choose(command: Reader, text: str, option: str, value: str | None) -> None:
    install = installs(command(text))
    assert install is not None
    assert option in install.options
    word = install.setting(option)
    assert (word.value if word is not None else None) == value


@pytest.mark.parametrize(
    "text",
    [
        "poetry",
        "poetry config virtualenvs.create false",
        "poetry run python train.py",
        "poetry run",
        "pipenv run",
        "pdm run start",
        "pipx list",
        "npm run build",
        "yarn build",
        "hatch run x",
        "npm",
    ],
)
def test_what_is_no_install(command: Reader, text: str) -> None:
    assert installs(command(text)) is None


@pytest.mark.parametrize(
    "text", ["poetry export -f requirements.txt", "poetry cache clear --all .", "pipx uninstall x"]
)
def test_what_adds_nothing(command: Reader, text: str) -> None:
    install = installs(command(text))
    assert install is not None
    assert not install.adds


@pytest.mark.parametrize(
    ("word", "name", "kind", "version"),
    [
        ("serve@1.2.3", "serve", "index", "1.2.3"),
        ("serve@latest", "serve", "index", None),
        ("@Scope/x", "@scope/x", "index", None),
        ("./web", None, "path", None),
        ("https://x.example/a.tgz", None, "url", None),
        ("git+https://x.example/a", None, "vcs", None),
    ],
)
def test_node_packages(command: Reader, word: str, name: str | None, kind: str, version: str | None) -> None:
    install = installs(command(f"npm install {word}"))
    assert install is not None
    (found,) = install.requirements
    assert (found.name, found.kind, found.version, found.ecosystem) == (name, kind, version, "npm")


def test_every_reader_gives_its_manager(command: Reader) -> None:
    for program in READERS:
        for subcommand in ("install", "add", "pip install", "ruff"):
            install = installs(command(f"{program} {subcommand} x"))
            assert install is None or install.command.words[0].value == program


def test_bare_assignments_install_nothing(command: Reader) -> None:
    assert installs(command("A=1")) is None


def test_pipenv_and_pipx_name_their_index_and_python(command: Reader) -> None:
    install = installs(command("pipenv install -i https://x.example --python 3.11 torch -r a.txt"))
    assert install is not None
    assert [(index.kind, index.value) for index in install.indexes] == [("index-url", "https://x.example")]
    assert install.python == "3.11"
    assert [word.value for word in install.files] == ["a.txt"]
