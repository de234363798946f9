"""The settings of a run as one typed value, and the table of keys from which users' values are checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from mllint.config import values
from mllint.config.errors import ConfigError, hint
from mllint.finding import Severity

PROFILES = ("default", "strict")
ROLES = ("serving", "training", "notebook", "job", "base", "unknown")
FAIL_ON = ("error", "warning", "info", "never")

#: Folders that are never searched, whatever git says about them.
DEFAULT_EXCLUDE = (
    ".bzr", ".direnv", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pixi", ".pytest_cache",
    ".ruff_cache", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__", "node_modules", "site-packages", "venv",
)  # fmt: skip


class Selectors(NamedTuple):
    """The four lists of one place (a file, or the command line) that turn rules on and off.

    They hold codes, prefixes of codes, names, and `ALL`.
    """

    #: None leaves what is on as it is; a list replaces it.
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    #: The ids that a hadolint configuration leaves out; a selector that names a rule exactly is stronger.
    from_hadolint: tuple[str, ...] = ()
    #: What a message puts before the key: `--`, or `pyproject.toml: tool.mllint.`.
    origin: str = ""


class Settings(NamedTuple):
    """Everything that can be configured, with the defaults. Made by `mllint.config.load`."""

    #: The file that the values come from; None when there is none.
    path: str | None = None
    #: The folder (absolute) that patterns, `context` and `baseline` are relative to.
    root: str = ""
    #: What messages put before a sentence about the file (`pyproject.toml: `), and before its keys (`tool.mllint.`).
    origin: str = ""
    prefix: str = ""
    #: The fields that the file and the command line give.
    in_file: frozenset[str] = frozenset()
    in_call: frozenset[str] = frozenset()
    #: From the weakest to the strongest: the file's lists, then the command line's.
    selectors: tuple[Selectors, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    severity: Mapping[str, Severity] = {}
    profile: str = "default"
    fail_on: str = "warning"
    target: str | None = None
    build_args: Mapping[str, str] = {}
    role: str | None = None
    driver: str | None = None
    gpu: str | None = None
    context: str | None = None
    baseline: str | None = None
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False
    require_ignore_reason: bool = False
    hadolint: bool = False
    #: Tables of rules' options by code or name, as written (see `mllint.config.options`).
    rules: Mapping[str, Mapping[str, object]] = {}


class Kind(Enum):
    """The type of a key's value."""

    TEXT = "a string"
    TEXTS = "a list of strings"
    RULES = "a list of rules"
    FLAG = "true or false"
    CHOICE = "one of some words"
    DRIVER = "a driver version"
    GPU = "a GPU"
    BUILD_ARGS = "a table of strings"
    PATTERNS = "a table from patterns to lists of rules"
    LEVELS = "a table from rules to severities"
    OPTIONS = "a table of tables of rules' options"


class Key(NamedTuple):
    """A key of the configuration, in the kebab-case that the documentation shows."""

    name: str
    kind: Kind
    doc: str
    #: The option of the command line that overrides it; None where there is none.
    cli: str | None = None
    choices: tuple[str, ...] = ()
    #: Values as a configuration file has them, for the schema.
    examples: tuple[object, ...] = ()

    @property
    def field(self) -> str:
        """The name of the field of `Settings` or `Selectors` that holds the value."""
        return self.name.replace("-", "_")

    @property
    def default(self) -> object:
        """The value when nothing is written."""
        fields = Selectors._field_defaults if self.field in Selectors._fields else Settings._field_defaults
        return fields[self.field]


KEYS = (
    Key(
        "select", Kind.RULES, "The rules to use, instead of the default ones.", "--select",
        examples=(("ML3", "ML404"),),
    ),
    Key("extend-select", Kind.RULES, "Rules to use besides the selected ones.", "--extend-select"),
    Key(
        "ignore", Kind.RULES, "Rules to leave out; a longer prefix wins over a shorter one.", "--ignore",
        examples=(("ML503", "root-user"),),
    ),
    Key("extend-ignore", Kind.RULES, "More rules to leave out."),
    Key(
        "per-file-ignores", Kind.PATTERNS, "Rules to leave out in the files that match a pattern.",
        examples=({"notebooks/*": ("ML5",)},),
    ),
    Key("severity", Kind.LEVELS, "The severity of rules, in place of their own.", examples=({"ML601": "error"},)),
    Key("profile", Kind.CHOICE, "`strict` uses all rules and raises advice to warnings.", "--profile", PROFILES),
    Key("fail-on", Kind.CHOICE, "The least severity that fails the run.", "--fail-on", FAIL_ON),
    Key("target", Kind.TEXT, "The stage that is built; the last one by default.", "--target", examples=("runtime",)),
    Key("build-args", Kind.BUILD_ARGS, "Values of build arguments.", "--build-arg", examples=({"CUDA": "12.4.1"},)),
    Key("role", Kind.CHOICE, "What the image is for; found from its contents by default.", "--role", ROLES),
    Key(
        "driver", Kind.DRIVER, "The NVIDIA driver of the machines that run the image.", "--driver",
        examples=("535.104.05",),
    ),
    Key("gpu", Kind.GPU, "The GPU that runs the image, such as `H100`.", "--gpu", examples=("H100", "L4")),
    Key("context", Kind.TEXT, "The folder that is the build context.", "--context", examples=(".",)),
    Key(
        "baseline", Kind.TEXT, "The file of known findings that are not reported.", "--baseline",
        examples=(".mllint-baseline.json",),
    ),
    Key("exclude", Kind.TEXTS, "Patterns of files and folders that are not searched."),
    Key(
        "extend-exclude", Kind.TEXTS, "More patterns of files and folders that are not searched.", "--exclude",
        examples=(("third_party",),),
    ),
    Key("respect-gitignore", Kind.FLAG, "Whether files that git ignores are left out.", "--no-respect-gitignore"),
    Key("force-exclude", Kind.FLAG, "Whether exclusion holds for files that are named too.", "--force-exclude"),
    Key("require-ignore-reason", Kind.FLAG, "Whether `# mllint ignore=` comments must give a reason (ML003)."),
    Key("hadolint", Kind.FLAG, "Whether rules are left out that the `.hadolint.yaml` beside the file ignores."),
    Key(
        "rules", Kind.OPTIONS, "The options of rules, and their `severity`, by name or code.",
        examples=({"model-baked-in": {"max-model-size": 50}},),
    ),
)  # fmt: skip

BY_NAME = {key.name: key for key in KEYS}
_BY_FIELD = {key.field: key for key in KEYS}


def check(table: Mapping[str, object], prefix: str = "") -> dict[str, Any]:
    """The checked values by field name; keys may be written in kebab-case or snake_case.

    `prefix` is what stands before the keys in messages (`tool.mllint.`). Raises ConfigError for an unknown key, a key
    that is written twice, and a value of the wrong type.
    """
    fields: dict[str, Any] = {}
    for written, value in table.items():
        shown = f"{prefix}{written}"
        key = _BY_FIELD.get(written.replace("-", "_")) if isinstance(written, str) else None
        if key is None:
            raise ConfigError(f'unknown key "{shown}"{hint(str(written), BY_NAME, what="the keys are")}')
        if key.field in fields:
            raise ConfigError(f'"{shown}" is written twice, as "{key.name}" and as "{key.field}"')
        fields[key.field] = _convert(key, value, shown)
    return fields


def _convert(key: Key, value: object, shown: str) -> object:
    if key.kind is Kind.CHOICE:
        return values.choice(value, shown, key.choices)
    return _CONVERTERS[key.kind](value, shown)


def _patterns(value: object, key: str) -> dict[str, tuple[str, ...]]:
    return {name: values.texts(each, f"{key}.{name}") for name, each in values.table(value, key).items()}


def _levels(value: object, key: str) -> dict[str, Severity]:
    return {name: values.severity(each, f"{key}.{name}") for name, each in values.table(value, key).items()}


def _options(value: object, key: str) -> dict[str, Mapping[str, object]]:
    return {name: values.table(each, f"{key}.{name}") for name, each in values.table(value, key).items()}


_CONVERTERS: dict[Kind, Callable[[object, str], object]] = {
    Kind.TEXT: values.text,
    Kind.TEXTS: values.texts,
    Kind.RULES: values.texts,
    Kind.FLAG: values.flag,
    Kind.DRIVER: values.driver,
    Kind.GPU: values.gpu,
    Kind.BUILD_ARGS: values.build_args,
    Kind.PATTERNS: _patterns,
    Kind.LEVELS: _levels,
    Kind.OPTIONS: _options,
}
