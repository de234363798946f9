"""Locks: exact versions with their places, and what the defaults, the groups and the extras need of them."""

from __future__ import annotations

import time

import pytest

from mllint.packages.manifest import Groups, Manifest, read_manifest
from mllint.source import Source


def read(path: str, text: str) -> Manifest:
    found = read_manifest(Source(path, text))
    assert found is not None
    assert found.kind == "lock"
    return found


def versions(found: Manifest) -> dict[str | None, str | None]:
    return {one.name: one.version for one in found.requirements}


def named(groups: Groups) -> dict[str, list[str | None]]:
    return {name: [one.name for one in members] for name, members in groups}


UV = """\
version = 1
revision = 2
requires-python = ">=3.11"
resolution-markers = [
    "sys_platform == 'linux'",
]

[[package]]
name = "app"
version = "0.1.0"
source = { editable = "." }
dependencies = [
    { name = "forked", version = "1.0", marker = "sys_platform == 'darwin'" },
    { name = "forked", version = "1.0+cu124", source = { registry = "x" }, marker = "sys_platform == 'linux'" },
    { name = "jax", extra = ["cuda12"] },
    { name = "repo" },
]

[package.optional-dependencies]
docs = [
    { name = "sphinx" },
]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
    { name = "numpy" },
]
inline = [{ name = "ruff" }]

[package.metadata]
requires-dist = [{ name = "jax", extras = ["cuda12"] }]

[[package]]
name = "colorama"
version = "0.4.6"
source = { registry = "https://mirror.example/simple" }

[[package]]
name = "cuda-plugin"
version = "0.4.30"
source = { registry = "https://mirror.example/simple" }
dependencies = [
    { name = "numpy" },
]

[[package]]
name = "forked"
version = "1.0"
source = { registry = "https://mirror.example/simple" }
resolution-markers = [
    "sys_platform == 'darwin'",
    "sys_platform == 'win32'",
]

[[package]]
name = "forked"
version = "1.0+cu124"
source = { registry = "https://download.pytorch.org/whl/cu124" }
resolution-markers = [
    "sys_platform == 'linux'",
]
wheels = [
    { url = "https://mirror.example/forked-1.0.whl", hash = "sha256:aa", size = 1 },
]

[[package]]
name = "jax"
version = "0.4.30"
source = { registry = "https://mirror.example/simple" }
dependencies = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "numpy" },
]

[package.optional-dependencies]
cuda12 = [
    { name = "cuda-plugin" },
]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://mirror.example/simple" }

[[package]]
name = "pytest"
version = "8.0.0"
source = { registry = "https://mirror.example/simple" }
dependencies = [
    { name = "colorama" },
]

[[package]]
name = "repo"
version = "2.0"
source = { git = "https://x.example/repo?rev=main#0123456789012345678901234567890123456789" }

[[package]]
name = "ruff"
version = "0.5.0"
source = { url = "https://x.example/ruff-0.5.0-py3-none-any.whl" }

[[package]]
name = "sphinx"
version = "7.0"
source = { registry = "https://mirror.example/simple" }
"""


@pytest.mark.parametrize("text", [UV, UV.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_uv(text: str) -> None:
    found = read("uv.lock", text)
    assert [(one.name, one.version, one.kind, one.marker) for one in found.requirements] == [
        ("colorama", "0.4.6", "index", "sys_platform == 'win32'"),
        ("cuda-plugin", "0.4.30", "index", None),
        (
            "forked",
            "1.0",
            "index",
            "((sys_platform == 'darwin') or (sys_platform == 'win32')) and (sys_platform == 'darwin')",
        ),
        ("forked", "1.0+cu124", "index", "sys_platform == 'linux'"),
        ("jax", "0.4.30", "index", None),
        ("numpy", "1.26.4", "index", None),
        ("repo", "2.0", "vcs", None),
    ]
    assert all(one.span.text == one.version for one in found.requirements)
    assert found.requirements[-1].ref == "0123456789012345678901234567890123456789"
    # What the default needs on other systems only, a group may need here.
    assert named(found.groups) == {"dev": ["colorama", "pytest"], "inline": ["ruff"]}
    assert named(found.extras) == {"docs": ["sphinx"]}
    assert found.default_groups == ("dev",)
    assert (found.name, found.requires_python) == ("app", ">=3.11")
    assert [(one.kind, one.value, one.packages) for one in found.indexes] == [
        ("index-url", "https://mirror.example/simple", ()),
        ("extra-index-url", "https://download.pytorch.org/whl/cu124", ("forked",)),
    ]


def test_a_workspace_without_a_project_is_its_members() -> None:
    found = read("uv.lock", UV.replace('{ editable = "." }', '{ editable = "packages/app" }'))
    assert "jax" in versions(found)
    assert "sphinx" not in versions(found)


def test_a_lock_without_members_is_all_of_it() -> None:
    assert "sphinx" in versions(
        read("uv.lock", UV[: UV.index("[[package]]")] + UV[UV.index('[[package]]\nname = "col') :])
    )


def test_packages_that_need_each_other() -> None:
    text = 'version = 1\n\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n'
    text += 'dependencies = [\n    { name = "a", marker = "os_name == \'posix\'" },\n]\n'
    for name, other in (("a", "b"), ("b", "a")):
        text += f'\n[[package]]\nname = "{name}"\nversion = "1"\ndependencies = [\n    {{ name = "{other}" }},\n]\n'
    found = read("uv.lock", text)
    assert [(one.name, one.marker) for one in found.requirements] == [
        ("a", "os_name == 'posix'"),
        ("b", "os_name == 'posix'"),
    ]


POETRY = """\
# This file is automatically @generated by Poetry 2.0.1 and should not be changed by hand.

[[package]]
name = "torch"
version = "2.5.1+cu124"
description = "version = \\"9\\""
optional = false
python-versions = ">=3.8.0"
groups = ["main", "dev"]
markers = "python_version < \\"3.13\\""
files = [
    {file = "torch-2.5.1.whl", hash = "sha256:aa"},
]

[package.dependencies]
filelock = "*"
jinja2 = {version = "*", optional = true}

[package.source]
type = "legacy"
url = "https://download.pytorch.org/whl/cu124"
reference = "pytorch"

[[package]]
name = "Cupy_Cuda12x"
version = "13.0"
optional = true
groups = ["main"]

[package.dependencies]
fastrlock = ">=0.5"

[[package]]
name = "fastrlock"
version = "0.8"
optional = true
groups = ["main"]

[[package]]
name = "pytest"
version = "8.0.0"
optional = false
groups = ["dev"]
markers = {main = "os_name == 'nt'", dev = "os_name == 'posix'"}

[[package]]
name = "repo"
version = "1.0"
optional = false
groups = ["main"]

[package.source]
type = "git"
url = "https://x.example/repo.git"
reference = "main"
resolved_reference = "0123456789012345678901234567890123456789"

[extras]
gpu = ["cupy-cuda12x (>=13)"]

[metadata]
lock-version = "2.1"
python-versions = "^3.10"
content-hash = "00"
"""


def test_poetry() -> None:
    found = read("poetry.lock", POETRY)
    assert [(one.name, one.version, one.kind, one.marker, one.span.text) for one in found.requirements] == [
        ("torch", "2.5.1+cu124", "index", 'python_version < "3.13"', "2.5.1+cu124"),
        ("repo", "1.0", "vcs", None, "1.0"),
    ]
    assert found.requirements[1].ref == "0123456789012345678901234567890123456789"
    assert named(found.groups) == {"dev": ["torch", "pytest"]}
    assert named(found.extras) == {"gpu": ["cupy-cuda12x", "fastrlock"]}
    assert found.requires_python == ">=3.10,<4"


@pytest.mark.parametrize(
    ("origin", "url", "kind"),
    [
        ("directory", "../near", "path"),
        ("file", "wheels/a-1.0.whl", "path"),
        ("url", "https://x.example/a-1.0.tar.gz", "url"),
        ("legacy", "https://mirror.example/simple", "index"),
    ],
)
def test_where_a_package_of_poetry_comes_from(origin: str, url: str, kind: str) -> None:
    text = f'[[package]]\nname = "a"\nversion = "1.0"\n\n[package.source]\ntype = "{origin}"\nurl = "{url}"\n'
    (one,) = read("poetry.lock", text + '\n[metadata]\ncontent-hash = "0"\n').requirements
    assert (one.kind, one.url, one.version) == (kind, None if kind == "index" else url, "1.0")


def test_older_poetry() -> None:
    """Category before 1.5, nothing between that and 2.0."""
    lock = '[[package]]\nname = "a"\nversion = "1"\n{}\n[[package]]\nname = "b"\nversion = "2"\n'
    lock += '\n[metadata]\ncontent-hash = "0"\n'
    assert versions(read("poetry.lock", lock.format('category = "dev"'))) == {"b": "2"}
    assert versions(read("poetry.lock", lock.format("optional = false"))) == {"a": "1", "b": "2"}


PDM = """\
[metadata]
groups = ["default", "test"]
lock_version = "4.5.0"
content_hash = "sha256:00"

[[metadata.targets]]
requires_python = ">=3.10"

[[package]]
name = "torch"
version = "2.5.1"
requires_python = ">=3.8.0"
summary = ""
groups = ["default"]
marker = "sys_platform == 'linux'"
dependencies = [
    "filelock",
]

[[package]]
name = "pytest"
version = "8.0.0"
groups = ["test"]

[[package]]
name = "repo"
version = "1.0"
git = "https://x.example/repo.git"
revision = "0123456789012345678901234567890123456789"
groups = ["default", "test"]
"""


def test_pdm() -> None:
    found = read("pdm.lock", PDM)
    assert [(one.name, one.version, one.kind, one.marker) for one in found.requirements] == [
        ("torch", "2.5.1", "index", "sys_platform == 'linux'"),
        ("repo", "1.0", "vcs", None),
    ]
    assert named(found.groups) == {"test": ["pytest"]}
    assert found.requires_python == ">=3.10"


PYLOCK = """\
lock-version = "1.0"
requires-python = ">=3.11"
extras = ["gpu"]
dependency-groups = ["dev"]
default-groups = ["dev"]
created-by = "x"

[[packages]]
name = "torch"
version = "2.5.1"
marker = "sys_platform == 'linux'"
index = "https://mirror.example/simple"

[[packages.wheels]]
name = "torch-2.5.1-cp311-cp311-linux_x86_64.whl"

[[packages]]
name = "cupy"
version = "13.0"
marker = "'gpu' in extras"

[[packages]]
name = "pytest"
version = "8.0"
marker = "'dev' in dependency_groups"

[[packages]]
name = "repo"
vcs = { type = "git", url = "https://x.example/repo.git", commit-id = "0123456789012345678901234567890123456789" }

[[packages]]
name = "near"
directory = { path = "./near" }
"""


def test_pylock() -> None:
    found = read("pylock.gpu.toml", PYLOCK)
    assert [(one.name, one.version, one.kind, one.marker, one.span.text) for one in found.requirements] == [
        ("torch", "2.5.1", "index", "sys_platform == 'linux'", "2.5.1"),
        ("repo", None, "vcs", None, "repo"),
        ("near", None, "path", None, "near"),
    ]
    assert found.requirements[1].ref == "0123456789012345678901234567890123456789"
    assert found.requirements[2].url == "./near"
    assert named(found.extras) == {"gpu": ["cupy"]}
    assert named(found.groups) == {"dev": ["pytest"]}
    assert (found.requires_python, found.default_groups) == (">=3.11", ("dev",))


CONDA = """\
# comment
version: 1
metadata:
  content_hash:
    linux-64: 00
  channels:
  - url: conda-forge
    used_env_vars: []
  - url: nvidia
  platforms:
  - linux-64
  - osx-64
package:
- name: pytorch
  version: 2.5.1
  manager: conda
  platform: linux-64
  dependencies:
    python: '>=3.11'
    version: x
  url: https://host.example/conda-forge/linux-64/pytorch-2.5.1-cuda126_py311h_303.conda
  hash:
    md5: '00'
  category: main
  optional: false
- name: pytorch
  version: 2.5.1
  manager: conda
  platform: osx-64
  dependencies: {}
  url: https://host.example/conda-forge/osx-64/pytorch-2.5.1-cpu_py311h_0.conda
  category: main
- name: Flash_Attn
  version: '2.5.0'
  manager: pip
  platform: linux-64
  url: https://host.example/flash_attn-2.5.0.whl
  category: main
- name: pytest
  version: 8.0.0
  manager: conda
  platform: linux-64
  url: https://host.example/conda-forge/noarch/pytest-8.0.0-pyhd_0.conda
  category: dev
"""


@pytest.mark.parametrize("text", [CONDA, CONDA.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_conda_lock(text: str) -> None:
    found = read("conda-lock.yml", text)
    assert [(one.ecosystem, one.name, one.specifier, one.version, one.channel) for one in found.requirements] == [
        ("conda", "pytorch", "==2.5.1=cuda126_py311h_303", "2.5.1", "conda-forge"),
        ("python", "flash-attn", "==2.5.0", "2.5.0", None),
    ]
    assert [one.span.text for one in found.requirements] == ["2.5.1", "2.5.0"]
    assert named(found.groups) == {"dev": ["pytest"]}
    assert [(one.kind, one.value) for one in found.indexes] == [("channel", "conda-forge"), ("channel", "nvidia")]


PIXI = """\
version: 6
environments:
  default:
    channels:
    - url: https://host.example/conda-forge/
    packages:
      linux-64:
      - conda: https://host.example/conda-forge/linux-64/pytorch-2.5.1-cuda126_py311h_303.conda
      - pypi: https://host.example/aa/torchmetrics-1.4.0-py3-none-any.whl
      - pypi: ./
      osx-64:
      - conda: https://host.example/conda-forge/osx-64/numpy-1.26.4-py311_0.conda
  other:
    packages:
      linux-64:
      - conda: https://host.example/conda-forge/linux-64/scipy-1.11.0-py311_0.conda
packages:
- conda: https://host.example/conda-forge/linux-64/pytorch-2.5.1-cuda126_py311h_303.conda
  sha256: '00'
"""


def test_pixi_lock() -> None:
    found = read("pixi.lock", PIXI)
    assert [(one.ecosystem, one.name, one.version) for one in found.requirements] == [
        ("conda", "pytorch", "2.5.1"),
        ("python", "torchmetrics", "1.4.0"),
    ]


def test_an_explicit_list() -> None:
    text = (
        "# platform: linux-64\n@EXPLICIT\n"
        "https://host.example/conda-forge/linux-64/pytorch-2.5.1-cuda126_py311h_303.conda#0123\n"
        "https://host.example/conda-forge/noarch/tzdata-2024a-h0_0.tar.bz2\n"
    )
    for default in ("environment", "requirements"):
        found = read_manifest(Source("environment.lock", text), default)
        assert found is not None
        assert [(one.name, one.specifier) for one in found.requirements] == [
            ("pytorch", "==2.5.1=cuda126_py311h_303"),
            ("tzdata", "==2024a=h0_0"),
        ]
        assert found.requirements[0].span.text.endswith("_303.conda")


def test_pixi_toml() -> None:
    text = (
        '[workspace]\nname = "app"\nchannels = ["conda-forge"]\n[dependencies]\npython = "3.11.*"\n'
        'pytorch = { version = "2.5.1", build = "*cuda*", channel = "nvidia" }\n[pypi-dependencies]\nrich = ">=13"\n'
        'near = { path = ".", editable = true }\n[target.linux-64.dependencies]\ngcc = "*"\n'
        '[target.win-64.dependencies]\nvs = "*"\n'
        '[feature.test.dependencies]\npytest = "*"\n'
    )
    found = read_manifest(Source("pixi.toml", text))
    assert found is not None
    assert [(one.ecosystem, one.name, one.specifier, one.channel) for one in found.requirements] == [
        ("conda", "python", "3.11.*", None),
        ("conda", "pytorch", "2.5.1 *cuda*", "nvidia"),
        ("python", "rich", ">=13", None),
        ("python", "near", "", None),
        ("conda", "gcc", "", None),
    ]
    assert named(found.groups) == {"test": ["pytest"]}
    assert (found.name, [one.value for one in found.indexes]) == ("app", ["conda-forge"])


@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("uv.lock", 'version = 1\n[[package]]\nname = "a"\n', "a = [\n"),
        ("uv.lock", "version = 1\n", '[[package]]\nname = "a"\n'),
        ("poetry.lock", 'content-hash = "0"\n[[package]]\nname = "a"\n', "b{} = [\n"),
        ("poetry.lock", 'content-hash = "0"\n[extras]\n', "a = [\n"),
        ("pdm.lock", 'content_hash = "0"\n[[package]]\nname = "a"\n', "[package.a{}]\n"),
        ("pylock.toml", 'lock-version = "1.0"\n', "[[packages]]\n"),
        ("conda-lock.yml", "package:\n", "- name: \n"),
        ("pixi.lock", "environments:\n  default:\n", "    \n"),
        ("environment.lock", "", "@EXPLICIT\n"),
        ("Pipfile.lock", "", "{{"),
    ],
)
def test_what_no_tool_writes_is_passed_over_at_once(name: str, head: str, line: str) -> None:
    text = head + "".join(line.format(number) for number in range(30_000))
    start = time.process_time()
    read_manifest(Source(name, text), "environment")
    assert time.process_time() - start < 5


def test_a_lock_of_two_megabytes_is_read_at_once() -> None:
    """A TOML parser takes over a second for so much; this leaves room for a slow machine."""
    wheel = '    { url = "https://mirror.example/{}", hash = "sha256:' + "0" * 64 + '", size = 1 },\n'
    parts = ["version = 1\n"]
    for number in range(1000):
        source = '{ registry = "https://mirror.example/simple" }' if number else '{ virtual = "." }'
        edges = "".join(
            f'    {{ name = "p{number + step}", marker = "os_name == \'{step}\'" }},\n' for step in (1, 2, 3)
        )
        parts.append(
            f'\n[[package]]\nname = "p{number}"\nversion = "1.{number}"\nsource = {source}\n'
            f"dependencies = [\n{edges}]\nwheels = [\n{wheel * 15}]\n"
        )
    text = "".join(parts)
    assert len(text) > 2_000_000
    start = time.process_time()
    found = read("uv.lock", text)
    assert len(found.requirements) == 999
    assert time.process_time() - start < 2
