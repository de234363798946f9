"""uv: `uv pip install`, `uv sync`, `uv add`, `uv tool install`, `uv run --with`, `uvx`."""

from __future__ import annotations

import re

from mllint.packages.arguments import Arguments, Grammar, grammar, parse, subcommand, tail
from mllint.packages.pip import read_arguments
from mllint.packages.program import Program, index, install, read_requirements
from mllint.packages.python import requirement
from mllint.packages.requirement import Index, Install, Option
from mllint.regex import regex
from mllint.shell.command import Command, Word
from mllint.source import Span

_GLOBAL = (
    "--cache-dir --color --project --directory --config-file --allow-insecure-host|--trusted-host --python-preference "
    "--python-fetch --preview-features "
)
_SHARED = (
    "--index --default-index -i|--index-url --extra-index-url -f|--find-links --index-strategy --keyring-provider "
    "--resolution --prerelease --fork-strategy -C|--config-settings|--config-setting --config-settings-package "
    "--no-build-isolation-package --exclude-newer --exclude-newer-package --link-mode -P|--upgrade-package "
    "--upgrade-group --reinstall-package --refresh-package --no-build-package --no-binary-package "
    "-r|--requirements|--requirement -c|--constraints|--constraint --overrides|--override --excludes "
    "-b|--build-constraints|--build-constraint --extra --no-extra --group --no-group --only-group -p|--python "
    "--python-version --python-platform --torch-backend --package --no-install-package "
)
_FLAGS = "-U|--upgrade -q|--quiet -v|--verbose -n|--no-cache-dir|--no-cache -y|--yes -h|--help -V|--version"
_HEAD = grammar(values=_GLOBAL, flags=_FLAGS)
_PROJECT = grammar(
    values=_GLOBAL
    + _SHARED
    + "--branch --tag --rev --marker --bounds --script --optional --env-file --from -w|--with "
    + "--with-editable --with-requirements --with-executables-from --install-dir --mirror --pypy-mirror",
    flags=_FLAGS,
)
_PIP = grammar(
    values=_GLOBAL + _SHARED + "-e|--editable -t|--target --prefix --root --no-binary --only-binary", flags=_FLAGS
)
_KINDS = {
    "--index": "extra-index-url",
    "--default-index": "index-url",
    "--index-url": "index-url",
    "--extra-index-url": "extra-index-url",
    "--find-links": "find-links",
    "--torch-backend": "torch-backend",
}
#: Subcommand → (its grammar, whether what it names is put in place, whether its words are requirements).
_SUBCOMMANDS: dict[str, tuple[Grammar, bool, bool]] = {
    "pip install": (_PIP, True, True),
    "pip sync": (_PIP, True, False),
    "pip uninstall": (_PIP, False, True),
    "sync": (_PROJECT, True, False),
    "add": (_PROJECT.with_values("-m|--marker"), True, True),
    "export": (_PROJECT.with_values("-o|--output-file --format --prune"), False, False),
    "remove": (_PROJECT, False, True),
    "tool install": (_PROJECT, True, True),
    "tool upgrade": (_PROJECT, True, True),
    "tool run": (_PROJECT, True, True),
    "run": (_PROJECT, True, False),
    "python install": (_PROJECT, True, False),
    "cache clean": (_PROJECT, False, False),
    "cache prune": (_PROJECT, False, False),
}
_GROUPS = ("pip", "tool", "python", "cache")
#: Options with which `uv run` leaves the environment as it is, or takes one that is thrown away.
UNSYNCED = frozenset({"--no-sync", "--no-project", "--isolated", "--script", "--gui-script"})
_WORDS = regex(r"[^\s\\]\S*")
_NOT_PLAIN = regex(r"[$`'\"*?{}]")
_WITH = ("--with", "--from", "--with-executables-from")


def read(run: Program) -> Install | None:
    """The uv commands that install or clean; None for the others (`uv venv`, `uv lock`, `uv pip compile` …)."""
    name, before, rest = subcommand(run.arguments, _HEAD)
    if name in _GROUPS:
        second, more, rest = subcommand(rest, _HEAD)
        name, before = f"{name} {second}", before + more
    return _read(run, name, before, rest) if name in _SUBCOMMANDS else None


def read_uvx(run: Program) -> Install | None:
    """`uvx TOOL …` is `uv tool run TOOL …`."""
    return _read(run, "tool run", (), run.arguments)


def read_synced(command: Command) -> Install | None:
    """What `uv run PROGRAM …` installs before it runs the program: the project, and `--with`; None where nothing.

    The command is the program's: what stood in front was taken off as a wrapper, and is read from the text.
    """
    if "uv run" not in command.wrappers or not command.words:
        return None
    head = command.span.source.span(command.span.start, command.words[0].span.start)
    words = tuple(_word(head, match) for match in _WORDS.finditer(head.text))
    at = next((at for at, word in enumerate(words) if word.raw.rpartition("/")[2] == "uv"), None)
    if at is None:
        return None
    _, before, rest = subcommand(words[at + 1 :], _HEAD)
    found = _read(Program(command, "uv", words, "", None), "run", before, rest)
    return found if not found.options & UNSYNCED or found.requirements or found.files else None


def _word(head: Span, match: re.Match[str]) -> Word:
    span = head.source.span(head.start + match.start(), head.start + match.end())
    return Word(span, match[0], None if _NOT_PLAIN.search(match[0]) else match[0])


def _read(run: Program, name: str, before: tuple[Option, ...], rest: tuple[Word, ...]) -> Install:
    known, adds, names_requirements = _SUBCOMMANDS[name]
    runs = name in ("run", "tool run")
    given = parse(rest, known, stop=runs)
    words = given.words
    if name == "tool run":
        words = () if given.values("--from") else words[:1]
    extra = _split_commas(given.values(*_WITH))
    editable = read_arguments(Arguments(given.options, ()))
    found = read_requirements((*extra, *(words if names_requirements else ())), requirement)
    both = tuple(sorted((*found[0], *editable[0]), key=lambda one: one.span.start))
    result = install(
        run,
        "uv",
        name,
        (*before, *given.options),
        requirements=(both, found[1] or editable[1]),
        adds=adds,
        python=_python(given, run),
        files=_files(name, given),
    )
    return result._replace(indexes=_indexes(given))


def _python(given: Arguments, run: Program) -> str | None:
    chosen = given.values("--python")
    return chosen[-1].value if chosen else run.python


def _files(name: str, given: Arguments) -> tuple[Word, ...]:
    """`uv pip sync` takes its files as words."""
    named = given.values("--requirement", "--with-requirements")
    return (*named, *given.words) if name == "pip sync" else named


def _indexes(given: Arguments) -> tuple[Index, ...]:
    found = []
    for option in given.options:
        if option.name in _KINDS and option.value is not None:
            word = option.value
            label, equals, _ = (word.value or word.raw).partition("=")
            if equals and option.name in ("--index", "--default-index") and "/" not in label:
                word = tail(word, f"{label}=")
            found.append(index(_KINDS[option.name], word))
    return tuple(found)


def _split_commas(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """`--with a,b` names two requirements; a comma inside a specifier (`a>=1,<2`) does not part them."""
    result = []
    for word in words:
        parts = (word.value or "").split(",")
        if word.value is None or len(parts) == 1 or not all(part[:1].isalnum() for part in parts):
            result.append(word)
            continue
        behind = word
        for part in parts:
            behind = behind if part is parts[0] else tail(behind, ",")
            source, start, _ = behind.span
            whole = behind.span.text.startswith(part)
            span = source.span(start, start + len(part)) if whole else word.span
            result.append(Word(span, part, part))
            behind = tail(behind, part)
    return tuple(result)
