"""What is generated under docs/: the rules' pages, their index, and the marked parts of the guides.

Everything here returns text; tools/regenerate.py writes it and tests/test_docs.py compares it with what is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click

from mllint.cli import main
from mllint.config.settings import DEFAULT_EXCLUDE, KEYS, Key, Kind
from mllint.knowledge import hadolint
from mllint.pages import describe, page
from mllint.plugins import load_plugins
from mllint.report.rules_report import page_text
from mllint.rule import Rule

_ROOT = Path(__file__).resolve().parent.parent
DOCS = _ROOT / "docs"
RULES = DOCS / "rules"
_PLUGIN = _ROOT / "tests" / "acme_plugin"
_PLUGIN_FILES = {
    "pyproject.toml": "toml",
    "src/acme_dockerfiles/__init__.py": "python",
    "src/acme_dockerfiles/rules.py": "python",
}

#: The families by the first digit of their codes.
FAMILIES = {
    "0": "The file and its comments",
    "1": "Base images",
    "2": "Packages",
    "3": "CUDA and GPUs",
    "4": "Models, data and secrets",
    "5": "What the container runs",
    "6": "Layers and caching",
    "7": "The build context",
    "8": "Compose and Kubernetes",
    "9": "General hygiene",
}

_INDEX = """\
# The rules

{count} rules. The first digit of a code is its family, so that `--select ML3` means all rules about CUDA and GPUs. A
code and a name are never given to another rule. *Off* in the second column: the rule looks only when it is selected
by its code or its name, or by `--profile strict`.

Each page is what `mllint explain` prints: what goes wrong and why, an example that is wrong and one that is right (the
tests lint both), where the rule stays silent, its options, and its sources.
"""

_VALUES = {
    Kind.TEXT: "a string",
    Kind.TEXTS: "a list of strings",
    Kind.RULES: "a list of codes, prefixes or names of rules",
    Kind.FLAG: "`true` or `false`",
    Kind.DRIVER: 'a driver\'s version, as a string: `"535.104.05"`',
    Kind.GPU: 'a GPU by name, or its architecture: `"H100"`, `"sm_90"`',
    Kind.BUILD_ARGS: "a table of strings, or a list of `NAME=value`",
    Kind.PATTERNS: "a table from patterns to lists of rules",
    Kind.LEVELS: "a table from rules to `error`, `warning` or `info`",
    Kind.OPTIONS: "a table for each rule",
}


class Documented(NamedTuple):
    """A built-in rule, and the name of its page's file."""

    rule: type[Rule]
    file: str

    @property
    def family(self) -> str:
        """The heading that the index has it under. Raises KeyError for a family without a title."""
        return FAMILIES[self.rule.id.removeprefix("ML")[0]]


def rules() -> tuple[Documented, ...]:
    """The built-in rules by code."""
    registry = load_plugins(isolated=True)
    classes = map(registry.load, sorted(registry.ids))
    return tuple(Documented(rule, f"{rule.id}-{rule.name}.md") for rule in classes)


def rule_files() -> dict[str, str]:
    """The text of each file of docs/rules, by its name."""
    found = rules()
    return {"index.md": _index(found), **{each.file: page_text(describe(each.rule)) for each in found}}


def _index(found: tuple[Documented, ...]) -> str:
    parts = [_INDEX.format(count=len(found))]
    for title, members in groupby(found, key=lambda each: each.family):
        parts.append(f"## {title}\n\n| code | level | name | what it finds | fix |\n|---|---|---|---|---|\n")
        parts[-1] += "".join(map(_row, members))
    return "\n".join(parts)


def _row(documented: Documented) -> str:
    rule = documented.rule
    level = rule.severity.value if rule.default else f"{rule.severity.value}, *off*"
    content = page(rule)
    fix = "yes" if "Fix safety" in content.sections else ""
    summary = content.summary.replace("|", "\\|")
    return f"| [{rule.id}]({documented.file}) | {level} | {rule.name} | {summary} | {fix} |\n"


def table_of_keys() -> str:
    """The keys of the configuration, with type, default and option of the command line."""
    head = "| key | value | default | option | what it does |\n|---|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(_cells(key))} |\n" for key in KEYS)


def _cells(key: Key) -> Iterator[str]:
    yield f"`{key.name}`"
    yield ", ".join(f"`{each}`" for each in key.choices) if key.kind is Kind.CHOICE else _VALUES[key.kind]
    yield "[see below](#folders-that-are-never-searched)" if key.default == DEFAULT_EXCLUDE else _shown(key.default)
    yield f"`{key.cli}`" if key.cli is not None else ""
    yield key.doc


def _shown(default: object) -> str:
    """A default as a configuration file has it; empty where it is nothing."""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f'`"{default}"`' if default else ""


def folders_never_searched() -> str:
    """The default of `exclude`."""
    return ", ".join(f"`{each}`" for each in DEFAULT_EXCLUDE) + "\n"


def table_of_options() -> str:
    """The options of the rules, under the names that a configuration file has them by."""
    lines = ["| rule | option | default | what it does |\n|---|---|---|---|\n"]
    for documented in rules():
        rule, link = documented.rule, f"rules/{documented.file}"
        for name, option in rule.options().items():
            lines.append(f"| [{rule.name}]({link}) | `{name}` | {_option_default(option.default)} | {option.doc} |\n")
    return "".join(lines)


def _option_default(default: object) -> str:
    """As TOML has it."""
    if isinstance(default, (tuple, list, frozenset)):
        return f"`[{', '.join(_quoted(each) for each in default)}]`"
    return f"`{_quoted(default)}`"


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def hadolint_rules() -> str:
    """The codes of hadolint that rules of mllint correspond to."""
    registry = load_plugins(isolated=True)
    lines = ["| hadolint | what it reports | here | `hadolint: true` |\n|---|---|---|---|\n"]
    for each in hadolint.RULES:
        rule = registry.load(each.rule)
        code = f"[{each.code}](https://github.com/hadolint/hadolint/wiki/{each.code})"
        page_of_ours = f"[{each.rule} {rule.name}](rules/{each.rule}-{rule.name}.md)"
        lines.append(f"| {code} | {each.reports} | {page_of_ours} | {'leaves it out' if each.same else 'no'} |\n")
    return "".join(lines)


def commands() -> str:
    """The help of each command."""
    return "\n".join(_commands(main, "mllint"))


def _commands(command: click.Command, path: str) -> Iterator[str]:
    """The help of a command, and of those below it."""
    context = click.Context(command, info_name=path, max_content_width=80, terminal_width=80)
    options = {**command.context_settings, **main.context_settings}
    context.help_option_names = options["help_option_names"]
    yield f"### {path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            yield from _commands(child, f"{path} {name}")


def example_plugin() -> str:
    """The files of the plugin that tests/test_plugin_install.py installs."""
    blocks = []
    for name, language in _PLUGIN_FILES.items():
        text = (_PLUGIN / name).read_text(encoding="utf-8").rstrip()
        # The rule's page has fences of its own.
        blocks.append(f"`{name}`:\n\n````{language}\n{text}\n````\n")
    return "\n".join(blocks)


#: What a marked part may ask for besides the output of a command.
TABLES = {
    "the keys of the configuration": table_of_keys,
    "the folders that are never searched": folders_never_searched,
    "the options of the rules": table_of_options,
    "the rules that correspond to hadolint's": hadolint_rules,
    "the commands and their options": commands,
    "the plugin of the tests": example_plugin,
}
