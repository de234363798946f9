"""Settings that files and commands make for the installs that follow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.packages.configuration import configuration, pip_config, read_pip_conf
from mllint.shell.command import Command
from mllint.source import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip config set global.index-url https://x.example", [("index-url", "https://x.example")]),
        ("pip3.11 config --global set global.extra-index-url https://x.example", [("extra-index-url", "https://x.example")]),
        ("python3 -m pip config --user set global.extra_index_url 'https://x.example'", [("extra-index-url", "https://x.example")]),
        ("pip config set install.find-links /wheels", [("find-links", "/wheels")]),
        ("pip config set global.index-url $URL", [("index-url", None)]),
        (
            "pip config set global.extra-index-url 'https://x.example https://y.example'",
            [("extra-index-url", "https://x.example"), ("extra-index-url", "https://y.example")],
        ),
        ("pip config set global.timeout 60", []),
        ("pip config set download.index-url https://x.example", []),
        ("pip config unset global.index-url", []),
        ("pip config list", []),
        ("pip install torch", []),
        ("conda config --add channels conda-forge", []),
    ],
)  # fmt: skip
def test_pip_config(command: Callable[..., Command], text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(one.kind, one.value) for one in pip_config(command(text))] == expected


def test_places_and_flags_of_pip_config(command: Callable[..., Command]) -> None:
    (one,) = pip_config(command('pip config set global.index-url "https://x.example"'))
    assert one.span.text == "https://x.example"
    for value, expected in (("true", {"--break-system-packages"}), ("false", set()), ("0", set())):
        found = configuration(command(f"pip config set global.break-system-packages {value}"))
        assert found is not None
        assert found.options == expected


@pytest.mark.parametrize(
    ("text", "added", "removed"),
    [
        ("conda config --add channels conda-forge", ["conda-forge"], []),
        ("conda config --system --prepend channels nvidia", ["nvidia"], []),
        ("conda config --append channels pytorch --add channels x", ["pytorch", "x"], []),
        ("conda config --remove channels defaults", [], ["defaults"]),
        ("conda config --set channel_priority strict", [], []),
        ("micromamba config append channels conda-forge", ["conda-forge"], []),
        ("conda config --add channels", [], []),
    ],
)
def test_conda_config(command: Callable[..., Command], text: str, added: list[str], removed: list[str]) -> None:
    found = configuration(command(text))
    assert found is not None
    assert found.manager == "conda"
    assert [(one.kind, one.value) for one in found.indexes] == [("channel", name) for name in added]
    assert [word.value for word in found.removed] == removed


def test_poetry_sources(command: Callable[..., Command]) -> None:
    found = configuration(command("poetry source add --priority=explicit torch https://download.pytorch.org/whl/cu121"))
    assert found is not None
    (one,) = found.indexes
    assert (one.kind, one.value, one.name) == (
        "extra-index-url",
        "https://download.pytorch.org/whl/cu121",
        "torch",
    )


@pytest.mark.parametrize(
    "text", ["conda install x", "poetry install", "poetry source show", "apt-get update", "uv sync"]
)
def test_other_commands_configure_nothing(command: Callable[..., Command], text: str) -> None:
    assert configuration(command(text)) is None


PIP_CONF = """\
# comment
index-url = https://outside.example

[global]
index-url = https://mirror.example/simple
extra-index-url =
    https://download.pytorch.org/whl/cu121
    https://y.example/${TOKEN}/simple
no_cache_dir = true
timeout = 0
pre = false

[install]
find-links = /wheels /more
break-system-packages: 1

[download]
index-url = https://not.example
"""


@pytest.mark.parametrize("text", [PIP_CONF, PIP_CONF.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_pip_conf(text: str) -> None:
    found = read_pip_conf(Source("pip.conf", text))
    assert [(one.kind, one.value, one.span.text) for one in found.indexes] == [
        ("index-url", "https://mirror.example/simple", "https://mirror.example/simple"),
        ("extra-index-url", "https://download.pytorch.org/whl/cu121", "https://download.pytorch.org/whl/cu121"),
        ("extra-index-url", None, "https://y.example/${TOKEN}/simple"),
        ("find-links", "/wheels", "/wheels"),
        ("find-links", "/more", "/more"),
    ]
    assert {"--no-cache-dir", "--break-system-packages"} == found.options
