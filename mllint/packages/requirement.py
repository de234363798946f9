"""Requirements and the install commands that name them."""

from __future__ import annotations

from typing import NamedTuple

from mllint.shell.command import Command, Word
from mllint.source import Span


class Requirement(NamedTuple):
    """One package that an install command asks for."""

    #: Normalised as the installer compares names (PEP 503 for pip; lower case for conda and system packages).
    name: str
    extras: tuple[str, ...]
    #: As written: `==2.0.1+cu118`, `>=2,<3`, conda's `=1.2`; "" when there is none.
    specifier: str
    #: "index" for a name; "url", "vcs" or "path" for a direct reference.
    kind: str
    #: The direct reference (`git+https://…`, `./pkg`, a wheel), else None.
    url: str | None
    span: Span

    @property
    def version(self) -> str | None:
        """The exact version that is asked for (`==`, `===`, conda's `=1.2.3` and `==`, apt's `=`), else None."""
        raise NotImplementedError


class Index(NamedTuple):
    """A place where an installer looks for packages: an option, or a variable such as PIP_INDEX_URL."""

    #: "index-url", "extra-index-url", "find-links", "torch-backend" (uv), "channel" (conda).
    kind: str
    value: str
    span: Span


class Install(NamedTuple):
    """An install command."""

    #: "pip", "uv", "conda", "mamba", "micromamba", "pixi", "pipx", "poetry", "apt", "yum", "dnf", "apk", …
    manager: str
    command: Command
    requirements: tuple[Requirement, ...]
    #: `-r FILE` (pip, uv), `-f FILE`/`--file` (conda), in order; the word's value may be None.
    files: tuple[Word, ...]
    #: `-c FILE` constraints.
    constraints: tuple[Word, ...]
    indexes: tuple[Index, ...]
    #: The command's other options, long names without values where they have an alias (`-U` is "--upgrade").
    options: frozenset[str]
    #: True when some word has no static value, so that the list may be longer.
    incomplete: bool
