"""poetry, pdm, pipenv, pipx, and as much of npm, yarn and pnpm as tells that they ran."""

from __future__ import annotations

from mllint.packages.arguments import grammar, inner_span, parse, subcommand, written
from mllint.packages.pip import INDEX_KINDS, read_arguments
from mllint.packages.program import Program, install, read_requirements
from mllint.packages.requirement import Install, Requirement
from mllint.regex import regex
from mllint.shell.command import Word

_COMMON = "-C|--directory -P|--project --cache-dir "
_FLAGS = "-q|--quiet -v|--verbose -n|--no-interaction -y|--yes -h|--help"
_HEADS = {
    "poetry": grammar(values="-C|--directory -P|--project", flags=_FLAGS),
    "pdm": grammar(values="-c|--config -p|--project", flags=_FLAGS),
    "pipenv": grammar(values="--python --pypi-mirror", flags=_FLAGS),
    "pipx": grammar(values="--python --pip-args", flags=_FLAGS),
}
_GRAMMARS = {
    "poetry": grammar(
        values=_COMMON
        + "-E|--extras --with --without --only -G|--group --source --platform --markers --python "
        + "-o|--output -f|--format",
        flags=_FLAGS,
    ),
    "pdm": grammar(
        values="-p|--project -G|--with|--group --without -L|--lockfile --venv -k|--skip -e|--editable --config-setting "
        "-o|--output -f|--format",
        flags=f"{_FLAGS} --prod|--production -d|--dev",
    ),
    "pipenv": grammar(
        values="--python --pypi-mirror -i|--index --categories -r|--requirements|--requirement -e|--editable "
        "--extra-pip-args",
        flags=f"{_FLAGS} -d|--dev",
    ),
    "pipx": grammar(
        values="--python --pip-args -i|--index-url --suffix --preinstall --spec --fetch-missing-python --backend",
        flags=f"{_FLAGS} -e|--editable -f|--force",
    ),
}
_ADDING = ("install", "add", "sync", "update", "upgrade", "inject", "run")
#: Subcommands whose words are requirements; `poetry install` and the like read a lock file instead.
_NAMING = {
    "poetry": ("add", "remove", "update"),
    "pdm": ("add", "remove", "update"),
    "pipenv": ("install", "uninstall", "update", "upgrade"),
    "pipx": ("install", "inject", "uninstall", "upgrade"),
}
_KNOWN = {
    "poetry": ("install", "add", "sync", "update", "remove", "cache", "export"),
    "pdm": ("install", "add", "sync", "update", "remove", "cache", "export"),
    "pipenv": ("install", "sync", "update", "upgrade", "uninstall", "requirements"),
    "pipx": ("install", "inject", "run", "uninstall", "upgrade"),
}
_NODE = grammar(
    values="--prefix -C|--dir --registry --cache --omit --include --loglevel -w|--workspace --cwd --filter",
    flags="-g|--global -D|--save-dev",
)
_NODE_SUBCOMMANDS = {
    "i": "install",
    "install": "install",
    "ci": "ci",
    "clean-install": "ci",
    "add": "add",
    "global add": "add",
}
_NODE_SPEC = regex(r"(?P<name>(?:@[\w.-]+/)?[\w.-]+)(?P<spec>@[^/]*)?")


def read(run: Program) -> Install | None:
    """poetry, pdm, pipenv and pipx; None for subcommands that install nothing."""
    name, before, rest = subcommand(run.arguments, _HEADS[run.name])
    if name is None or name not in _KNOWN[run.name]:
        return None
    given = parse(rest, _GRAMMARS[run.name], stop=run.name == "pipx" and name == "run")
    words = given.words if name in _NAMING[run.name] else ()
    if run.name == "pipx":
        words = _pipx_words(name, given.words)
    chosen = given.values("--python")
    return install(
        run,
        run.name,
        name,
        before + given.options,
        requirements=read_arguments(given._replace(words=words)),
        adds=name in _ADDING,
        python=chosen[-1].value if chosen else run.python,
        index_kinds={**INDEX_KINDS, "--index": "index-url", "--pypi-mirror": "index-url"},
    )


def _pipx_words(name: str, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """`inject ENV PACKAGE…` names an environment first, `run TOOL ARGUMENT…` a single tool."""
    if name == "inject":
        return words[1:]
    return words[:1] if name == "run" else words


def read_node(run: Program) -> Install | None:
    """npm, yarn and pnpm installs; plain `yarn` is `yarn install`."""
    name, before, rest = subcommand(run.arguments, _NODE)
    if run.name == "yarn" and name == "global":
        name, more, rest = subcommand(rest, _NODE)
        before += more
    if name is None and run.name == "yarn" and not rest:
        name = "install"
    kind = _NODE_SUBCOMMANDS.get(name or "")
    if kind is None:
        return None
    given = parse(rest, _NODE)
    return install(
        run,
        run.name,
        kind,
        before + given.options,
        requirements=read_requirements(given.words, _node_requirement),
        ecosystem="npm",
        files=(),
    )


def _node_requirement(word: Word) -> Requirement | None:
    text, span = written(word), inner_span(word)
    if text.startswith((".", "/", "file:")):
        return Requirement(None, (), "", "path", text, span, "npm")
    if "://" in text or text.startswith(("git@", "github:")):
        kind = "vcs" if text.startswith("git") else "url"
        return Requirement(None, (), "", kind, text, span, "npm")
    match = _NODE_SPEC.fullmatch(text)
    if match is None:
        return None
    return Requirement(match["name"].lower(), (), match["spec"] or "", "index", None, span, "npm")
