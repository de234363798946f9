"""Which reader a file gets, and that no content breaks one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mllint.packages.manifest import LOCK_LIMIT, SIZE_LIMIT, Manifest, read_manifest, text_limit
from mllint.source import Source

UV_LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "app"
source = { virtual = "." }
dependencies = [
    { name = "torch", version = "2.5.1+cu124", marker = "sys_platform == 'linux'" },
]

[[package]]
name = "torch"
version = "2.5.1+cu124"
source = { registry = "https://download.pytorch.org/whl/cu124" }
"""
POETRY_LOCK = """\
[[package]]
name = "torch"
version = "2.5.1"
groups = ["main"]

[metadata]
lock-version = "2.1"
content-hash = "0a"
"""
CONDA_LOCK = """\
version: 1
metadata:
  platforms:
  - linux-64
package:
- name: numpy
  version: 1.26.4
  manager: conda
  platform: linux-64
  url: https://host.example/conda-forge/linux-64/numpy-1.26.4-py311h64a7726_0.conda
  category: main
"""
PIPFILE_LOCK = """\
{
    "_meta": {
        "requires": {
            "python_version": "3.11"
        }
    },
    "default": {
        "torch": {
            "version": "==2.5.1"
        }
    },
    "develop": {}
}
"""
PIXI_LOCK = """\
version: 6
environments:
  default:
    packages:
      linux-64:
      - conda: https://host.example/conda-forge/linux-64/numpy-1.26.4-py311h64a7726_0.conda
"""
#: A file of each kind.
SAMPLES = {
    "requirements.txt": "torch==2.5.1 --hash=sha256:aa\n",
    "requirements-dev.in": "-r base.txt\ntorch\n",
    "constraints.txt": "torch==2.5.1\n",
    "pyproject.toml": '[project]\nname = "app"\ndependencies = ["torch>=2"]\n',
    "setup.cfg": "[options]\ninstall_requires =\n    torch>=2\n",
    "environment.yml": "name: x\nchannels: [conda-forge]\ndependencies:\n- numpy=1.26\n- pip:\n  - torch==2.5.1\n",
    "Pipfile": '[packages]\ntorch = "*"\n',
    "Pipfile.lock": PIPFILE_LOCK,
    "uv.lock": UV_LOCK,
    "poetry.lock": POETRY_LOCK,
    "pdm.lock": POETRY_LOCK.replace("content-hash", "content_hash").replace('"main"', '"default"'),
    "pylock.toml": 'lock-version = "1.0"\n\n[[packages]]\nname = "torch"\nversion = "2.5.1"\n',
    "conda-lock.yml": CONDA_LOCK,
    "pixi.lock": PIXI_LOCK,
    "pixi.toml": '[workspace]\nchannels = ["conda-forge"]\n\n[dependencies]\nnumpy = "1.26.*"\n',
}
KINDS = {
    "requirements.txt": "requirements",
    "requirements-dev.in": "requirements",
    "constraints.txt": "constraints",
    "pyproject.toml": "pyproject",
    "setup.cfg": "setup.cfg",
    "environment.yml": "environment",
    "Pipfile": "pipfile",
    "pixi.toml": "pixi",
}


def read(path: str, text: str, default: str | None = None) -> Manifest:
    found = read_manifest(Source(path, text), default)
    assert found is not None
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_each_kind_is_told_by_its_name(name: str) -> None:
    found = read(f"project/{name}", SAMPLES[name])
    assert found.kind == KINDS.get(name, "lock")
    assert [one.name for one in found.requirements][:1] in (["torch"], ["numpy"])


@pytest.mark.parametrize("name", [name for name in SAMPLES if "lock" in name])
def test_locks_are_exact(name: str) -> None:
    (one,) = read(name, SAMPLES[name]).requirements
    assert one.version in ("2.5.1", "2.5.1+cu124", "1.26.4")
    assert one.version in one.span.text


@pytest.mark.parametrize("name", ["Dockerfile", "package.json", "app.py", "data.toml", "compose.yml"])
def test_other_files_are_none(name: str) -> None:
    assert read_manifest(Source(name, "services: {}\n")) is None


@pytest.mark.parametrize(
    ("name", "default", "kind"),
    [
        ("deps", "requirements", "requirements"),
        ("deps", "constraints", "constraints"),
        ("requirements.txt", "constraints", "constraints"),
        ("packages.txt", "environment", "environment"),
        ("pyproject.toml", "requirements", "pyproject"),
        ("pylock.gpu.toml", "requirements", "lock"),
    ],
)
def test_what_the_command_takes_it_for(name: str, default: str, kind: str) -> None:
    assert (
        read(name, SAMPLES.get(name) or SAMPLES["pylock.toml" if "toml" in name else "constraints.txt"], default).kind
        == kind
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[project\nname = "app"\n'),
        ("pyproject.toml", f"a = {'[' * 100_000}"),
        ("setup.cfg", "torch\n"),
        ("setup.cfg", "[options]\nno key\n"),
        ("environment.yml", "dependencies: [a\n"),
        ("environment.yml", f"dependencies: {'[' * 20_000}"),
        ("environment.yml", "- a\n"),
        ("environment.yml", "dependencies: none\n"),
        ("Pipfile", "packages = [\n"),
        ("Pipfile.lock", "{"),
        ("Pipfile.lock", "[]"),
        ("Pipfile.lock", '{"default": {}}'),
        ("uv.lock", "<<<<<<< HEAD\n" + UV_LOCK),
        ("uv.lock", "torch\n"),
        ("poetry.lock", POETRY_LOCK + ">>>>>>> main\n"),
        ("poetry.lock", ""),
        ("pdm.lock", ""),
        ("pylock.toml", ""),
        ("pixi.lock", ""),
        ("pixi.toml", "="),
    ],
)
def test_broken_files_are_none(name: str, text: str) -> None:
    assert read_manifest(Source(name, text)) is None


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_that_is_cut_off_never_raises(name: str) -> None:
    text = SAMPLES[name]
    for end in range(len(text)):
        found = read_manifest(Source(name, text[:end]))
        for one in found.requirements if found is not None else ():
            assert 0 <= one.span.start <= one.span.end <= end


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(SAMPLES)),
    cut=st.integers(0, 400),
    insert=st.text(alphabet="[]{}\"'=:-#\\,\n ap1é", max_size=12),
)
def test_a_file_that_is_damaged_never_raises(name: str, cut: int, insert: str) -> None:
    text = SAMPLES[name]
    found = read_manifest(Source(name, text[:cut] + insert + text[cut:]))
    assert found is None or all(one.span.end <= len(text) + len(insert) for one in found.requirements)


def test_locks_may_be_large() -> None:
    assert text_limit("a/uv.lock") == text_limit("conda-lock.yml") == LOCK_LIMIT
    assert text_limit("pyproject.toml") == SIZE_LIMIT


def test_groups_and_extras_by_name() -> None:
    text = '[project.optional-dependencies]\ngpu = ["cupy"]\n[dependency-groups]\ndev = ["pytest"]\n'
    found = read("pyproject.toml", text)
    assert [one.name for one in found.extra("gpu")] == ["cupy"]
    assert [one.name for one in found.group("dev")] == ["pytest"]
    assert found.group("gpu") == found.extra("dev") == ()
