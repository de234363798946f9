"""uv's command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.packages.dispatch import installs
from mllint.shell.command import Command

Reader = Callable[..., Command]


@pytest.mark.parametrize(
    ("text", "subcommand", "requirements", "files"),
    [
        ("uv pip install torch==2.1", "pip install", ["torch==2.1"], []),
        ("uv pip install --system -r a.txt numpy", "pip install", ["numpy"], ["a.txt"]),
        ("uv --quiet --cache-dir /c pip install numpy", "pip install", ["numpy"], []),
        ("uv pip install --requirements=a.txt -e .", "pip install", ["."], ["a.txt"]),
        ("uv pip sync a.txt b.txt", "pip sync", [], ["a.txt", "b.txt"]),
        ("uv pip install --no-binary torch numpy", "pip install", ["numpy"], []),
        ("uv sync --frozen --no-dev --extra gpu", "sync", [], []),
        ("uv sync --no-editable --group dev", "sync", [], []),
        ("uv add torch --index pytorch=https://x.example", "add", ["torch"], []),
        ("uv add -m \"sys_platform == 'linux'\" torch", "add", ["torch"], []),
        ("uv add --editable ./pkg", "add", ["./pkg"], []),
        ("uv tool install ruff@0.5.0 --with 'mypy==1.13'", "tool install", ["ruff@0.5.0", "mypy==1.13"], []),
        ("uv tool run --from 'jupyterlab==4' jupyter lab", "tool run", ["jupyterlab==4"], []),
        ("uvx ruff@0.5.0 check -x y", "tool run", ["ruff@0.5.0"], []),
        ("uv run --with torch --with numpy python -c x", "run", ["torch", "numpy"], []),
        ("uv run --with torch,numpy python a.py", "run", ["torch", "numpy"], []),
        ("uv run --with 'torch>=2,<3' python a.py", "run", ["torch>=2,<3"], []),
        ("uv run --with-requirements a.txt app.py --with no", "run", [], ["a.txt"]),
        ("uv run -m app --with no", "run", [], []),
        ("uv python install 3.11", "python install", [], []),
        ("python3 -m uv pip install torch", "pip install", ["torch"], []),
    ],
)
def test_subcommands(command: Reader, text: str, subcommand: str, requirements: list[str], files: list[str]) -> None:
    install = installs(command(text))
    assert install is not None
    assert (install.manager, install.subcommand, install.adds) == ("uv", subcommand, True)
    assert [one.span.text for one in install.requirements] == requirements
    assert [word.value for word in install.files] == files
    assert not install.incomplete


@pytest.mark.parametrize("text", ["uv", "uv venv", "uv lock", "uv pip compile a.in", "uv pip list", "uv $X torch"])
def test_what_is_no_install(command: Reader, text: str) -> None:
    assert installs(command(text)) is None


def test_cleaning_and_removing_adds_nothing(command: Reader) -> None:
    for text in ("uv cache clean", "uv cache prune --ci", "uv pip uninstall torch", "uv remove torch"):
        install = installs(command(text))
        assert install is not None
        assert not install.adds


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("--torch-backend=cu126", ("torch-backend", "cu126", "cu126")),
        ("--torch-backend auto", ("torch-backend", "auto", "auto")),
        ("--index https://x.example", ("extra-index-url", "https://x.example", "https://x.example")),
        ("--index pytorch=https://x.example", ("extra-index-url", "https://x.example", "https://x.example")),
        ("--index=a=https://x.example", ("extra-index-url", "https://x.example", "https://x.example")),
        ("--index https://x.example/?a=b", ("extra-index-url", "https://x.example/?a=b", "https://x.example/?a=b")),
        ("--default-index https://x.example", ("index-url", "https://x.example", "https://x.example")),
        ("-i https://x.example", ("index-url", "https://x.example", "https://x.example")),
        ("-f /wheels", ("find-links", "/wheels", "/wheels")),
        ("--index-url $URL", ("index-url", None, "$URL")),
    ],
)
def test_indexes(command: Reader, arguments: str, expected: tuple[str, str | None, str]) -> None:
    install = installs(command(f"uv pip install {arguments} torch"))
    assert install is not None
    assert [(index.kind, index.value, index.span.text) for index in install.indexes] == [expected]
    assert [one.name for one in install.requirements] == ["torch"]


def test_options(command: Reader) -> None:
    install = installs(command("UV_TORCH_BACKEND=cpu uv pip install --system -p 3.12 -n -c c.txt torch"))
    assert install is not None
    assert install.options == {"--system", "--python", "--no-cache", "--constraint"}
    assert install.python == "3.12"
    assert [word.value for word in install.constraints] == ["c.txt"]
    assert [index.value for index in install.indexes] == ["cpu"]


def test_an_export_installs_nothing(command: Reader) -> None:
    install = installs(command("uv export --frozen --no-dev -o requirements.txt"))
    assert install is not None
    assert (install.subcommand, install.adds, install.requirements) == ("export", False, ())
    assert install.setting("--output-file") is not None
