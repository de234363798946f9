"""Who imports whom, for what import-linter cannot say: other packages, folders of rules, and the size of modules."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
SHIPPED = sorted([*(ROOT / "mllint").rglob("*.py"), *(ROOT / "rules").rglob("*.py")])
RULES = [path for path in SHIPPED if path.is_relative_to(ROOT / "rules") and path.name.startswith("ml")]

#: The packages that one module alone may import.
DOORS = {
    "dockerfile_parse": "mllint/syntax/splitter.py",
    "tree_sitter": "mllint/shell/parser.py",
    "tree_sitter_bash": "mllint/shell/parser.py",
    "sarif_om": "mllint/report/sarif.py",
    "tomllib": "mllint/packages/toml.py",
    "tomli": "mllint/packages/toml.py",
    "packaging": "mllint/packages/specifiers.py",
    "multiprocessing": "mllint/parallel.py",
    "concurrent": "mllint/parallel.py",
}
#: Where click may be imported: what the commands are, and what they do.
COMMANDS = ("mllint/cli.py", "mllint/commands/")
#: What would make a linter that runs what it reads, or talks to the network.
FORBIDDEN = {"socket", "ssl", "http", "ftplib", "asyncio", "ctypes", "requests", "httpx", "pickle", "runpy", "code"}
#: Where a process is started: git, to ask it which files it ignores, and what a file was.
STARTS_PROCESSES = "mllint/git.py"

LONGEST_MODULE = 400


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports, inside functions too; and whether it does so for type checkers only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for outer in node.body
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in typing) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{shown(path)} has a relative import"
            yield node.module or "", id(node) in typing


@pytest.mark.parametrize("path", RULES, ids=shown)
def test_rules_import_the_api_and_the_standard_library(path: Path) -> None:
    for name, _ in imports(path):
        assert name == "mllint.api" or name.partition(".")[0] in sys.stdlib_module_names, name


def test_there_are_rules() -> None:
    assert len(RULES) > 20


@pytest.mark.parametrize("path", SHIPPED, ids=shown)
def test_doors(path: Path) -> None:
    for name, for_types in imports(path):
        package = name.partition(".")[0]
        assert package not in FORBIDDEN, name
        assert package != "click" or shown(path).startswith(COMMANDS)
        assert for_types or DOORS.get(package, shown(path)) == shown(path), name
        assert package != "subprocess" or shown(path) == STARTS_PROCESSES
        assert not name.startswith("urllib.request")


@pytest.mark.parametrize("package", DOORS)
def test_doors_are_used(package: str) -> None:
    path = ROOT / DOORS[package]
    named = {name.partition(".")[0] for name, _ in imports(path)}
    # The grammar's extension module is found by its name.
    assert package in named or f'"{package}"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SHIPPED, ids=shown)
def test_nothing_is_evaluated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "__import__", "print", "input"), node.lineno


@pytest.mark.parametrize("path", SHIPPED, ids=shown)
def test_modules_stay_readable(path: Path) -> None:
    if path.is_relative_to(ROOT / "mllint" / "knowledge"):
        return
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if path in RULES:
        # The page of a rule is prose, and as long as it must be.
        classes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef))
        lines -= sum(len((ast.get_docstring(node) or "").splitlines()) for node in classes)
    assert lines <= LONGEST_MODULE, f"{shown(path)} has {lines} lines"


@pytest.mark.parametrize("path", SHIPPED, ids=shown)
def test_modules_say_what_they_are(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_rules_folder_is_no_package() -> None:
    """An `__init__.py` there would hide a package of the index that is called `rules`."""
    assert not (ROOT / "rules" / "__init__.py").exists()
    assert [path.name for path in (ROOT / "rules").iterdir() if path.is_dir() and path.name != "__pycache__"] == [
        "mllint_rules"
    ]


# import-linter's contracts


@pytest.fixture(scope="module")
def contracts() -> dict[str, dict[str, Any]]:
    """The contracts of pyproject.toml by their name."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"]: contract for contract in document["tool"]["importlinter"]["contracts"]}


def modules() -> set[str]:
    """The modules and packages right below mllint."""
    found = {path for path in (ROOT / "mllint").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    return {f"mllint.{path.stem}" for path in found if path.stem != "__init__"}


def test_the_layers_name_every_module(contracts: dict[str, dict[str, Any]]) -> None:
    layers = contracts["Layers point downwards"]["layers"]
    named = [name for layer in layers for name in layer.split(" | ")]
    assert sorted(named) == sorted(modules())


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("Reports import findings and sources", {"mllint.report", "mllint.finding", "mllint.source"}),
        ("Tables import nothing", {"mllint.knowledge"}),
    ],
)
def test_what_a_layer_may_not_import(contracts: dict[str, dict[str, Any]], name: str, allowed: set[str]) -> None:
    assert sorted(contracts[name]["forbidden_modules"]) == sorted(modules() - allowed)
