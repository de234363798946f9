"""pyproject.toml: the standard's tables, and those of uv, poetry and pdm."""

from __future__ import annotations

import pytest

from mllint.packages.manifest import Groups, Manifest, read_manifest
from mllint.packages.poetry_versions import to_pep440
from mllint.packages.requirement import Requirement
from mllint.source import Source


def read(text: str) -> Manifest:
    found = read_manifest(Source("pyproject.toml", text))
    assert found is not None
    return found


def names(requirements: tuple[Requirement, ...]) -> list[str | None]:
    return [one.name for one in requirements]


def named(groups: Groups) -> dict[str, list[str | None]]:
    return {name: names(members) for name, members in groups}


STANDARD = """\
[project]
name = "My_App"
requires-python = ">=3.10,<3.13"
dependencies = [
    "torch>=2.1 ; sys_platform == 'linux'",  # "not this"
    'Pillow[extra]==10.0.0',
    "pkg @ git+https://x.example/pkg@v1.2",
]

[project.optional-dependencies]
gpu = ["cupy-cuda12x"]
all = ["my-app[gpu]", "rich"]

[dependency-groups]
Lint = ["ruff==0.5.0"]
dev = ["pytest", { include-group = "lint" }]
loop = [{ include-group = "loop" }, "x"]
"""


def test_the_standard() -> None:
    found = read(STANDARD)
    assert [(one.name, one.specifier, one.kind, one.marker, one.span.text) for one in found.requirements] == [
        ("torch", ">=2.1", "index", "sys_platform == 'linux'", "torch>=2.1 ; sys_platform == 'linux'"),
        ("pillow", "==10.0.0", "index", None, "Pillow[extra]==10.0.0"),
        ("pkg", "", "vcs", None, "pkg @ git+https://x.example/pkg@v1.2"),
    ]
    assert [one.span.first for one in found.requirements] == [(5, 6), (6, 6), (7, 6)]
    assert (found.name, found.requires_python, found.complete) == ("my-app", ">=3.10,<3.13", True)
    assert named(found.extras) == {"gpu": ["cupy-cuda12x"], "all": ["cupy-cuda12x", "rich"]}
    assert named(found.groups) == {"Lint": ["ruff"], "dev": ["pytest", "ruff"], "loop": ["x"]}
    assert found.default_groups == ("dev",)
    assert found.group("dev")[1].span.text == "ruff==0.5.0"


@pytest.mark.parametrize(
    ("text", "complete", "files"),
    [
        ('[project]\nname = "a"\n', True, []),
        ('[project]\nname = "a"\ndynamic = ["version"]\n', True, []),
        ('[project]\nname = "a"\ndynamic = ["dependencies"]\n', False, []),
        (
            '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic.dependencies]\nfile = ["a.txt", "b.in"]\n',
            True,
            ["a.txt", "b.in"],
        ),
        (
            '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = "r.txt" }\n',
            True,
            ["r.txt"],
        ),
        ('[build-system]\nrequires = ["setuptools"]\n', False, []),
        ("[tool.poetry]\nname = 'a'\n", True, []),
        ("project = 1\n", True, []),
    ],
)
def test_what_stands_elsewhere(text: str, complete: bool, files: list[str]) -> None:
    found = read(text)
    assert found.complete is complete
    assert [word.value for word in found.files] == files
    assert [word.span.text for word in found.files] == files


UV = """\
[project]
name = "app"
dependencies = ["torch>=2.5", "vllm", "local", "fork>=1", "member"]

[project.optional-dependencies]
cpu = ["torch"]

[tool.uv]
dev-dependencies = ["pytest"]
find-links = ["https://links.example/whl"]

[tool.uv.pip]
torch-backend = "cu126"

[tool.uv.sources]
torch = [
    { index = "pytorch-cu124", marker = "sys_platform == 'linux'" },
    { index = "pytorch-mac", marker = "sys_platform == 'darwin'" },
    { index = "pytorch-cpu", extra = "cpu" },
]
local = { path = "./local", editable = true }
fork = { git = "https://x.example/fork", rev = "0123456" }
member = { workspace = true }

[[tool.uv.index]]
name = "pytorch-cu124"
url = "https://download.pytorch.org/whl/cu124"
explicit = true

[[tool.uv.index]]
name = "pytorch-cpu"
url = "https://download.pytorch.org/whl/cpu"
explicit = true

[[tool.uv.index]]
name = "pytorch-mac"
url = "https://mac.example"
explicit = true

[[tool.uv.index]]
url = "https://mirror.example/simple"
default = true
"""


def test_uv() -> None:
    found = read(UV)
    assert [(one.name, one.kind, one.url, one.editable) for one in found.requirements] == [
        ("torch", "index", None, False),
        ("vllm", "index", None, False),
        ("local", "path", "./local", True),
        ("fork", "vcs", "git+https://x.example/fork@0123456", False),
        ("member", "path", "member", True),
    ]
    assert [(one.kind, one.value, one.name, one.packages, one.choice) for one in found.indexes] == [
        ("extra-index-url", "https://download.pytorch.org/whl/cu124", "pytorch-cu124", ("torch",), None),
        ("extra-index-url", "https://download.pytorch.org/whl/cpu", "pytorch-cpu", ("torch",), "cpu"),
        ("index-url", "https://mirror.example/simple", None, (), None),
        ("find-links", "https://links.example/whl", None, (), None),
        ("torch-backend", "cu126", None, (), None),
    ]
    assert all(one.span.text == one.value for one in found.indexes)
    assert named(found.groups) == {"dev": ["pytest"]}


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("", ("dev",)), ('default-groups = "all"', ("dev", "test")), ('default-groups = ["test"]', ("test",)),
     ("default-groups = []", ())],
)  # fmt: skip
def test_default_groups_of_uv(setting: str, expected: tuple[str, ...]) -> None:
    found = read(f'[dependency-groups]\ndev = ["a"]\ntest = ["b"]\n[tool.uv]\n{setting}\n')
    assert found.default_groups == expected


POETRY = """\
[tool.poetry]
name = "app"

[tool.poetry.dependencies]
python = "^3.10"
torch = { version = "^2.1", source = "pytorch" }
numpy = "1.26.4"
Flask_Cors = "*"
cupy = { version = ">=13", optional = true }
near = { path = "../near", develop = true }
far = { git = "https://x.example/far.git", tag = "v1.0" }
wheel = { url = "https://x.example/far-1.0-py3-none-any.whl" }
several = [
    { version = "1.0", python = "<3.11" },
    { version = "~2.0", python = ">=3.11", markers = "sys_platform == 'linux'" },
]
[tool.poetry.dependencies.long]
version = "^0.3"
extras = ["a", "b"]

[tool.poetry.extras]
gpu = ["cupy"]

[tool.poetry.group.dev.dependencies]
pytest = "^8"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = "*"
[tool.poetry.dev-dependencies]
black = "*"

[[tool.poetry.source]]
name = "pytorch"
url = "https://download.pytorch.org/whl/cu121"
priority = "explicit"
[[tool.poetry.source]]
name = "mirror"
url = "https://mirror.example/simple"
"""


def test_poetry() -> None:
    found = read(POETRY)
    assert [(one.name, one.specifier, one.kind, one.marker) for one in found.requirements] == [
        ("torch", ">=2.1,<3", "index", None),
        ("numpy", "==1.26.4", "index", None),
        ("flask-cors", "", "index", None),
        ("near", "", "path", None),
        ("far", "", "vcs", None),
        ("wheel", "", "url", None),
        ("several", "==1.0", "index", "python_version < '3.11'"),
        ("several", ">=2.0,<2.1", "index", "(sys_platform == 'linux') and (python_version >= '3.11')"),
        ("long", ">=0.3,<0.4", "index", None),
    ]
    assert [one.span.text.partition("\n")[0] for one in found.requirements] == [
        'torch = { version = "^2.1", source = "pytorch" }',
        'numpy = "1.26.4"',
        'Flask_Cors = "*"',
        'near = { path = "../near", develop = true }',
        'far = { git = "https://x.example/far.git", tag = "v1.0" }',
        'wheel = { url = "https://x.example/far-1.0-py3-none-any.whl" }',
        '{ version = "1.0", python = "<3.11" }',
        '{ version = "~2.0", python = ">=3.11", markers = "sys_platform == \'linux\'" }',
        "[tool.poetry.dependencies.long]",
    ]
    assert found.requirements[4].ref == "v1.0"
    assert found.requirements[3].editable
    assert found.requirements[8].extras == ("a", "b")
    assert named(found.extras) == {"gpu": ["cupy"]}
    assert named(found.groups) == {"dev": ["pytest", "black"], "docs": ["sphinx"]}
    assert found.default_groups == ("dev",)
    assert found.requires_python == ">=3.10,<4"
    assert [(one.kind, one.value, one.packages) for one in found.indexes] == [
        ("extra-index-url", "https://download.pytorch.org/whl/cu121", ("torch",)),
        ("index-url", "https://mirror.example/simple", ()),
    ]


def test_the_standard_comes_before_poetry() -> None:
    text = '[project]\ndependencies = ["torch"]\n[tool.poetry.dependencies]\ntorch = { source = "x" }\nb = "*"\n'
    assert names(read(text).requirements) == ["torch"]


def test_poetry_completes_what_the_standard_calls_dynamic() -> None:
    text = '[project]\nname = "a"\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\nb = "*"\n'
    assert names(read(text).requirements) == ["b"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("1.2", "==1.2"),
        ("=1.2", "==1.2"),
        ("1.2.*", "==1.2.*"),
        ("*", ""),
        ("", ""),
        (">=1.0 <2.0", ">=1.0,<2.0"),
        (">= 1.0, < 2.0", ">=1.0,<2.0"),
        ("~=1.4", "~=1.4"),
        ("!=1.5", "!=1.5"),
        ("2.5.1+cu124", "==2.5.1+cu124"),
        ("^1 || ^2", "^1 || ^2"),
        ("^x", "^x"),
        ("^", "^"),
    ],
)
def test_poetry_versions(written: str, expected: str) -> None:
    assert to_pep440(written) == expected


def test_pdm() -> None:
    found = read(
        '[tool.pdm.dev-dependencies]\ntest = ["pytest", "-e file:///app/x#egg=x"]\n'
        '[[tool.pdm.source]]\nname = "pypi"\nurl = "https://mirror.example/simple"\n'
        '[[tool.pdm.source]]\nname = "torch"\nurl = "https://download.pytorch.org/whl/cpu"\n'
        '[[tool.pdm.source]]\nname = "links"\ntype = "find_links"\nurl = "https://links.example"\n'
    )
    assert named(found.groups) == {"test": ["pytest", "x"]}
    assert found.group("test")[1].editable
    assert found.default_groups == ("test",)
    assert [(one.kind, one.value) for one in found.indexes] == [
        ("index-url", "https://mirror.example/simple"),
        ("extra-index-url", "https://download.pytorch.org/whl/cpu"),
        ("find-links", "https://links.example"),
    ]


def test_values_of_another_type_say_nothing() -> None:
    found = read(
        '[project]\nname = 1\ndependencies = "torch"\noptional-dependencies = { a = "b" }\n'
        "[dependency-groups]\ndev = 1\n[tool.uv]\nindex = [1, { url = 2 }]\nsources = { a = 1, b = [2] }\n"
        "[tool.poetry]\nname = 2\nsource = [1]\nextras = { x = 1 }\ngroup = { y = 1 }\n"
        "[tool.poetry.dependencies]\na = 1\nb = [1]\n[tool.pdm]\nsource = [{ url = 1 }]\n"
    )
    assert found.requirements == ()
    assert found.indexes == ()
