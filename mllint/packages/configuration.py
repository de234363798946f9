"""Settings of package managers: pip.conf, `pip config set`, `conda config`, `poetry source add`, .condarc."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from mllint.packages.arguments import grammar, parse, subcommand
from mllint.packages.program import Program, index, program
from mllint.packages.requirement import Index
from mllint.regex import regex
from mllint.shell.command import Command, Word
from mllint.source import Source

_PIP_CONFIG = grammar(values="--editor", flags="--user|--user --global --site")
_CONDA_CONFIG = grammar(
    values="-n|--name -p|--prefix --file --describe --get --remove-key", flags="--system --env --stdin --show"
)
_POETRY = grammar(values="--priority -C|--directory -P|--project", flags="")
#: pip's keys → `Index.kind`.
_KINDS = {"index-url": "index-url", "extra-index-url": "extra-index-url", "find-links": "find-links"}
_FALSE = frozenset(("", "0", "false", "no", "off", "n", "f"))
_SECTION = regex(r"\s*\[([^\]]*)\]\s*")
_KEY = regex(r"([A-Za-z_-]+)\s*[=:]\s*")


class Configuration(NamedTuple):
    """What a file or a command sets for the installs that follow."""

    #: "pip", "conda" (mamba and micromamba read it too) or "poetry".
    manager: str
    indexes: tuple[Index, ...] = ()
    #: Flags that are switched on, as options: "--no-cache-dir", "--break-system-packages", "--pre".
    options: frozenset[str] = frozenset()
    #: Channels that `conda config --remove channels defaults` takes away.
    removed: tuple[Word, ...] = ()


def configuration(command: Command) -> Configuration | None:
    """What a command configures; None when it configures no package manager."""
    run = program(command)
    if run is None:
        return None
    name = "pip" if re.fullmatch(r"pip[\d.]*", run.name) else run.name
    reader = _READERS.get(name)
    return reader(run) if reader is not None else None


def pip_config(command: Command) -> tuple[Index, ...]:
    """The indexes that `pip config set global.index-url URL` sets."""
    found = configuration(command)
    return found.indexes if found is not None and found.manager == "pip" else ()


def read_pip_conf(source: Source) -> Configuration:
    """Reads a pip.conf; sections that concern neither all commands nor installs say nothing."""
    indexes: list[Index] = []
    options: set[str] = set()
    section = key = ""
    for number in range(1, len(source.line_starts) + 1):
        line = source.line(number)
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        if (header := _SECTION.fullmatch(line)) is not None:
            section = header[1]
            continue
        start = source.line_starts[number - 1]
        named = _KEY.match(line) if not line[0].isspace() else None
        if named is not None:
            key = named[1].lower().replace("_", "-")
        if section not in ("global", "install"):
            continue
        words = _words(source, start + (named.end() if named is not None else 0), start + len(line))
        indexes += [index(_KINDS[key], word) for word in words if key in _KINDS]
        options |= _switched(key, " ".join(word.raw for word in words))
    return Configuration("pip", tuple(indexes), frozenset(options))


def _words(source: Source, start: int, end: int) -> list[Word]:
    found = []
    for match in re.finditer(r"\S+", source.text[start:end]):
        value = None if re.search(r"\$\{\w+\}", match[0]) else match[0]
        found.append(Word(source.span(start + match.start(), start + match.end()), match[0], value))
    return found


def _switched(key: str, value: str) -> set[str]:
    """The option that a flag's key stands for; `no-cache-dir` is on when its value is true."""
    return {f"--{key}"} if key not in _KINDS and value.lower() not in _FALSE else set()


def _pip(run: Program) -> Configuration | None:
    """`pip config [--global] set SECTION.KEY VALUE`."""
    name, _, rest = subcommand(run.arguments, _PIP_CONFIG)
    words = parse(rest, _PIP_CONFIG).words
    if name != "config" or len(words) < 3 or words[0].value != "set" or words[1].value is None:
        return None
    section, _, key = words[1].value.rpartition(".")
    key = key.replace("_", "-")
    if section not in ("global", "install"):
        return Configuration("pip")
    found = _parted(words[2], _KINDS[key]) if key in _KINDS else ()
    return Configuration("pip", found, frozenset(_switched(key, words[2].value or "")))


def _parted(word: Word, kind: str) -> tuple[Index, ...]:
    """The URLs of a value that holds several."""
    whole = index(kind, word)
    values = (word.value or "").split()
    return tuple(whole._replace(value=value) for value in values) if len(values) > 1 else (whole,)


def _conda(run: Program) -> Configuration | None:
    """`conda config --add channels NAME`, `--append`, `--prepend`, `--set`, `--remove`: each takes two words."""
    name, _, rest = subcommand(run.arguments, _CONDA_CONFIG)
    if name != "config":
        return None
    # micromamba writes `config append channels NAME`.
    words = [word for word in rest if word.value not in ("--system", "--env")]
    added, removed = [], []
    for action, key, value in zip(words, words[1:], words[2:], strict=False):
        if key.value == "channels" and action.value is not None:
            verb = action.value.lstrip("-")
            added += [index("channel", value)] if verb in ("add", "append", "prepend", "set") else []
            removed += [value] if verb == "remove" else []
    return Configuration("conda", tuple(added), removed=tuple(removed))


def _poetry(run: Program) -> Configuration | None:
    """`poetry source add --priority=explicit NAME URL`."""
    name, _, rest = subcommand(run.arguments, _POETRY)
    if name != "source":
        return None
    given = parse(rest, _POETRY)
    if len(given.words) < 3 or given.words[0].value != "add":
        return None
    priority = next((word.value for word in given.values("--priority")), "primary")
    kind = "index-url" if priority in ("primary", "default") else "extra-index-url"
    return Configuration("poetry", (index(kind, given.words[2])._replace(name=given.words[1].value),))


_READERS: dict[str, Callable[[Program], Configuration | None]] = {
    "pip": _pip,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "poetry": _poetry,
}
