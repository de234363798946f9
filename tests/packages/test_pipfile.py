"""Pipfile and Pipfile.lock."""

from __future__ import annotations

from mllint.packages.manifest import Manifest, read_manifest
from mllint.source import Source

PIPFILE = """\
[[source]]
name = "main"
url = "https://mirror.example/simple"
[[source]]
name = "pytorch"
url = "https://download.pytorch.org/whl/cu121"

[packages]
torch = { version = "==2.1.0", index = "pytorch" }
numpy = "*"
scipy = ">=1.11"
winpkg = { version = "*", sys_platform = "== 'win32'" }
both = { version = "*", markers = "python_version < '3.12'", platform_machine = "== 'x86_64'" }
far = { git = "https://x.example/far.git", ref = "0123456789" }
near = { path = ".", editable = true }

[dev-packages]
pytest = "*"

[docs]
sphinx = "*"

[requires]
python_version = "3.11"
"""
LOCK = """\
{
    "_meta": {
        "hash": {"sha256": "00"},
        "requires": {
            "python_version": "3.11"
        },
        "sources": []
    },
    "default": {
        "numpy": {
            "hashes": [
                "sha256:aa"
            ],
            "index": "main",
            "markers": "python_version >= '3.9'",
            "version": "==1.26.4"
        },
        "far": {
            "git": "https://x.example/far.git",
            "ref": "0123456789"
        },
        "torch": {
            "version": "==2.1.0+cu121"
        }
    },
    "develop": {
        "numpy": {
            "version": "==1.26.4"
        },
        "pytest": {
            "version": "==8.0.0"
        }
    }
}
"""


def read(path: str, text: str) -> Manifest:
    found = read_manifest(Source(path, text))
    assert found is not None
    return found


def test_pipfile() -> None:
    found = read("Pipfile", PIPFILE)
    assert [(one.name, one.specifier, one.kind, one.marker) for one in found.requirements] == [
        ("torch", "==2.1.0", "index", None),
        ("numpy", "", "index", None),
        ("scipy", ">=1.11", "index", None),
        ("winpkg", "", "index", "sys_platform == 'win32'"),
        ("both", "", "index", "(python_version < '3.12') and platform_machine == 'x86_64'"),
        ("far", "", "vcs", None),
        ("near", "", "path", None),
    ]
    assert found.requirements[1].span.text == 'numpy = "*"'
    assert found.requirements[5].ref == "0123456789"
    assert found.requirements[6].editable
    assert [(name, [one.name for one in members]) for name, members in found.groups] == [
        ("dev-packages", ["pytest"]),
        ("docs", ["sphinx"]),
    ]
    assert [(one.kind, one.value, one.name, one.packages) for one in found.indexes] == [
        ("index-url", "https://mirror.example/simple", "main", ()),
        ("extra-index-url", "https://download.pytorch.org/whl/cu121", "pytorch", ("torch",)),
    ]
    assert found.requires_python == "==3.11.*"


def test_lock() -> None:
    found = read("Pipfile.lock", LOCK)
    assert [(one.name, one.version, one.kind, one.marker, one.span.text) for one in found.requirements] == [
        ("numpy", "1.26.4", "index", "python_version >= '3.9'", "==1.26.4"),
        ("far", None, "vcs", None, "far"),
        ("torch", "2.1.0+cu121", "index", None, "==2.1.0+cu121"),
    ]
    # numpy's marker leaves it open whether the default has it.
    assert [(name, [one.name for one in members]) for name, members in found.groups] == [("dev-packages", ["pytest"])]
    assert found.group("dev-packages")[0].span.first.line == 31
    assert found.requires_python == "==3.11.*"


def test_another_layout_has_no_place_but_no_wrong_one() -> None:
    found = read("Pipfile.lock", '{"_meta": {}, "default": {"torch": {"version": "==2.1.0"}}}')
    assert [(one.version, one.span.text) for one in found.requirements] == [("2.1.0", "")]
