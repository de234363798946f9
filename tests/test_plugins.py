"""Plugins are found without importing importlib.metadata in vain, and a bad one is named."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from mllint import plugins
from mllint.finding import Severity
from mllint.plugins import Entry, Plugin, PluginError, Registry, load_plugins
from mllint.rule import Rule


class Loud(Rule):
    """A rule."""

    id, name, severity = "ML101", "loud-image", Severity.WARNING
    aliases = ("DL3006", "InvalidDefaultArgInFrom")


class Quiet(Rule):
    """A rule."""

    id, name, severity = "ML102", "quiet-image", Severity.INFO
    aliases = ("DL3006",)


class Acme(Rule):
    """A rule."""

    id, name = "ACME001", "no-latest"


class Other(Rule):
    """A rule whose letters begin like ours."""

    id, name = "MLX101", "other-thing"


REGISTRY = Registry.of(Quiet, Loud, Acme, Other)


@pytest.fixture
def builtin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A built-in plugin of one rule, and an empty folder that is the whole of sys.path."""
    (tmp_path / "fake_builtin.py").write_text(
        textwrap.dedent("""
        from mllint.plugins import Plugin
        from mllint.rule import Rule
        class One(Rule):
            "A rule."
            id, name = "ML001", "one"
        PLUGIN = Plugin("mllint", {"ML001": "fake_builtin:One"})
        """)
    )
    # What Python imports on first use, it could not find any more.
    importlib.metadata.version("click")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(plugins, "BUILTIN", "fake_builtin:PLUGIN")
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith(("fake_", "mllint_acme")):
            del sys.modules[name]


def install(folder: Path, name: str, module: str, code: str, *, kind: str = "dist-info") -> None:
    """Puts a distribution with an entry point into a folder, as an installer would."""
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(textwrap.dedent(code))
    info = folder / (f"{name.replace('-', '_')}-1.0.dist-info" if kind == "dist-info" else f"{name}.egg-info")
    info.mkdir()
    metadata = "METADATA" if kind == "dist-info" else "PKG-INFO"
    (info / metadata).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[mllint.plugins]\nacme = {module}:PLUGIN\n")


GOOD = """
from mllint.plugins import Plugin
PLUGIN = Plugin("acme", {"ACME001": "mllint_acme_rules:NoLatest"})
"""
RULES = """
from mllint.rule import Rule
class NoLatest(Rule):
    "A rule."
    id, name = "ACME001", "no-latest"
"""


@pytest.mark.parametrize(
    ("selector", "ids"),
    [
        ("ML101", ["ML101"]),
        ("ml101", ["ML101"]),
        ("ML", ["ML101", "ML102"]),
        ("ML1", ["ML101", "ML102"]),
        ("ML10", ["ML101", "ML102"]),
        ("MLX", ["MLX101"]),
        ("ACME", ["ACME001"]),
        ("all", ["ACME001", "ML101", "ML102", "MLX101"]),
        ("quiet-image", ["ML102"]),
        ("Quiet-Image", ["ML102"]),
        ("M", []),
        ("A", []),
        ("ML9", []),
        ("ML1011", []),
        ("quiet", []),
        ("", []),
        ("ML*", []),
    ],
)
def test_selectors(selector: str, ids: list[str]) -> None:
    assert list(REGISTRY.match(selector)) == ids


@pytest.mark.parametrize(
    ("selector", "exact"), [("ML101", True), ("loud-image", True), ("ML1", False), ("ML", False), ("ALL", False)]
)
def test_exact_selectors(selector: str, exact: bool) -> None:
    assert REGISTRY.is_exact(selector) is exact


def test_aliases_lead_to_all_rules_that_list_them() -> None:
    assert REGISTRY.aliases["dl3006"] == ("ML101", "ML102")
    assert REGISTRY.aliases["invaliddefaultarginfrom"] == ("ML101",)


def test_a_rule_is_imported_when_it_is_asked_for(builtin: Path) -> None:
    install(builtin, "acme-lint", "mllint_acme", GOOD)
    (builtin / "mllint_acme_rules.py").write_text(RULES)
    registry = load_plugins()

    assert registry.ids == ("ACME001", "ML001")
    assert registry.distribution("ACME001") == "acme-lint"
    assert registry.match("ACME") == ("ACME001",)
    assert "mllint_acme_rules" not in sys.modules
    assert registry.load("ACME001").name == "no-latest"
    assert registry.load("ACME001") is registry.load("ACME001")
    assert registry.match("no-latest") == ("ACME001",)


def test_a_format_of_a_plugin(builtin: Path) -> None:
    install(builtin, "acme-lint", "mllint_acme", GOOD.replace("})", "}, {'acme-html': 'mllint_acme_html:write'})"))
    assert load_plugins().formats == {"acme-html": Entry("mllint_acme_html:write", "acme-lint")}
    assert "mllint_acme_html" not in sys.modules
    assert load_plugins(isolated=True).formats == {}


def test_a_format_that_is_declared_twice_names_both_distributions(builtin: Path) -> None:
    code = "from mllint.plugins import Plugin\nPLUGIN = Plugin('a', formats={'html': 'MODULE:write'})"
    install(builtin, "acme-lint", "mllint_acme", code.replace("MODULE", "one"))
    install(builtin, "umbrella", "mllint_acme_two", code.replace("MODULE", "two"))
    with pytest.raises(PluginError, match="the format html is declared by both acme-lint and umbrella"):
        load_plugins()


def test_an_isolated_run_has_the_built_in_rules_only(builtin: Path) -> None:
    install(builtin, "acme-lint", "mllint_acme", "raise RuntimeError")

    assert load_plugins(isolated=True).ids == ("ML001",)


def test_egg_info_is_found(builtin: Path) -> None:
    install(builtin, "acme-lint", "mllint_acme", GOOD, kind="egg-info")

    assert "ACME001" in load_plugins().ids


def test_the_first_copy_on_the_path_wins(
    builtin: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path_factory.mktemp("second")
    install(builtin, "acme-lint", "mllint_acme", GOOD)
    install(second, "Acme_Lint", "mllint_acme_old", GOOD.replace("ACME001", "ACME009"))
    monkeypatch.setattr(sys, "path", [str(builtin), str(second), str(builtin), str(second / "missing")])

    assert load_plugins().ids == ("ACME001", "ML001")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PLUGIN = 1", ["acme-lint", "Plugin(name, rules)"]),
        ("PLUGIN = ('acme', {})", ["acme-lint", "Plugin(name, rules)"]),
        ("raise RuntimeError('no luck')", ["acme-lint", "acme", "mllint_acme:PLUGIN", "RuntimeError: no luck"]),
        ("import not_there_at_all", ["acme-lint", "not_there_at_all"]),
        ("pass", ["acme-lint", "PLUGIN"]),
        ("from mllint.plugins import Plugin\nPLUGIN = Plugin('a', ['ACME001'])", ["acme-lint", "Plugin"]),
        ("from mllint.plugins import Plugin\nPLUGIN = Plugin('a', {'acme': 'a:B'})", ["acme-lint", "'acme'"]),
        ("from mllint.plugins import Plugin\nPLUGIN = Plugin('a', {'A1': 'a.B'})", ["acme-lint", "A1", "'a.B'"]),
        ("from mllint.plugins import Plugin\nPLUGIN = Plugin('a', {'A1': int})", ["acme-lint", "A1"]),
        ("from mllint.plugins import Plugin\nPLUGIN = Plugin('a', formats=['x'])", ["acme-lint", "Plugin"]),
        ("from mllint.plugins import Plugin\nPLUGIN = Plugin('a', formats={'X': 'a:b'})", ["acme-lint", "'X'"]),
        ("from mllint.plugins import Plugin\nPLUGIN = Plugin('a', formats={'x': 'a.b'})", ["acme-lint", "'a.b'"]),
    ],
)
def test_a_malformed_plugin_is_named(builtin: Path, code: str, words: list[str]) -> None:
    install(builtin, "acme-lint", "mllint_acme", code)

    with pytest.raises(PluginError) as caught:
        load_plugins()
    for word in words:
        assert word in str(caught.value)


def test_an_id_that_is_declared_twice_names_both_distributions(builtin: Path) -> None:
    install(builtin, "acme-lint", "mllint_acme", GOOD)
    install(builtin, "umbrella", "mllint_acme_two", GOOD.replace("mllint_acme_rules", "elsewhere"))

    with pytest.raises(PluginError, match="ACME001 is declared by both acme-lint and umbrella"):
        load_plugins()


def test_a_built_in_id_is_taken(builtin: Path) -> None:
    install(builtin, "acme-lint", "mllint_acme", GOOD.replace("ACME001", "ML001"))

    with pytest.raises(PluginError, match="ML001 is declared by both mllint-docker and acme-lint"):
        load_plugins()


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("not_there_at_all:Rule", "ModuleNotFoundError"),
        ("mllint.rule:Missing", "AttributeError"),
        ("mllint.rule:T", "not a subclass of Rule"),
        ("mllint.finding:Severity", "not a subclass of Rule"),
        ("mllint.rule:Rule", "has the id None"),
    ],
)
def test_a_rule_that_cannot_be_loaded_names_its_distribution(reference: str, words: str) -> None:
    registry = Registry({"ACME001": Entry(reference, "acme-lint")})

    with pytest.raises(PluginError, match=rf"ACME001 of acme-lint.*{words}"):
        registry.load("ACME001")


def test_two_rules_of_one_name_are_an_error() -> None:
    twin = type("Twin", (Rule,), {"id": "ACME002", "name": "no-latest"})

    with pytest.raises(PluginError, match=r'ACME001 .* and ACME002 .* the same name, "no-latest"'):
        _ = Registry.of(Acme, twin).names


def test_an_unknown_id_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        REGISTRY.load("ML999")


def test_looking_for_plugins_does_not_import_importlib_metadata(tmp_path: Path) -> None:
    root = Path(plugins.__file__).parent.parent
    code = (
        "import sys; from mllint.plugins import _entry_points; "
        "assert list(_entry_points()) == []; assert 'importlib.metadata' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_built_in_plugin_is_a_plugin() -> None:
    from mllint_rules import PLUGIN

    assert isinstance(PLUGIN, Plugin)
    assert set(load_plugins(isolated=True).ids) == set(PLUGIN.rules)
