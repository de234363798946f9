"""Requirements and the install commands that name them."""

from __future__ import annotations

from typing import NamedTuple

from mllint.packages.version import archive_name_version, exact_version, is_pinned, vcs_ref
from mllint.shell.command import Command, Word
from mllint.source import Span


class Requirement(NamedTuple):
    """One package that an install command (or a requirements file) asks for."""

    #: Normalised as the installer compares names (PEP 503 for Python; lower case for conda and system packages).
    #: None for a direct reference that doesn't say it (`.`, `git+https://…` without `#egg=`).
    name: str | None
    extras: tuple[str, ...]
    #: As written: `==2.0.1+cu118`, `>=2,<3`, conda's `=1.2`, npm's and uv's `@1.2`; "" when there is none. A part that
    #: only the shell knows stays as it is (`==${VERSION}`).
    specifier: str
    #: "index" for a name; "url", "vcs" or "path" for a direct reference.
    kind: str
    #: The direct reference (`git+https://…`, `./pkg`, a wheel), else None.
    url: str | None
    span: Span
    #: Whose rules the name and the specifier follow: "python", "conda", "system" or "npm".
    ecosystem: str = "python"
    #: What stands behind `;` (`python_version < "3.9"`), else None.
    marker: str | None = None
    #: `-e`.
    editable: bool = False
    #: conda's `channel::name`, else None.
    channel: str | None = None
    #: `--hash=sha256:…` of a requirements file, without `--hash=`.
    hashes: tuple[str, ...] = ()

    @property
    def version(self) -> str | None:
        """The exact version that is asked for, else None.

        `==` and `===` without a wildcard, conda's `==1.2`, `=1.2=build` and `=1.2.3` (three numbers or more), a system
        package's `=1.2-3`, `@1.2.3` of uv and npm, or the version in the name of a wheel or source archive.
        """
        found = exact_version(self.specifier, self.ecosystem)
        if found is None and self.kind in ("url", "path") and self.url is not None:
            return archive_name_version(self.url)[1]
        return found

    @property
    def pinned(self) -> bool:
        """True when two builds get the same release: wider than `version`.

        Also a version that only the build knows (`==${TORCH}`), conda's `=1.26` and `=1.26.*` (only the patch level is
        open), local paths, archives behind a URL, and a repository at a commit or a version tag.
        """
        return is_pinned(self.specifier, self.ecosystem, self.kind, self.url)

    @property
    def ref(self) -> str | None:
        """The branch, tag or commit of a "vcs" reference (`git+https://…@v1.2`), else None."""
        return vcs_ref(self.url) if self.kind == "vcs" and self.url is not None else None

    @property
    def label(self) -> str:
        """What to call it in a message: its name, or else the direct reference."""
        return self.name or self.url or self.span.text


class Index(NamedTuple):
    """A place where an installer looks for packages: an option, a variable such as PIP_INDEX_URL, a file's line."""

    #: "index-url", "extra-index-url", "find-links", "torch-backend" (uv), "channel" (conda).
    kind: str
    #: None when only the running shell knows it. uv's `--index name=URL` is the URL alone.
    value: str | None
    #: The value's place, without quotes.
    span: Span
    #: What uv, poetry, pdm and pipenv call it, else None.
    name: str | None = None
    #: The packages (normalised) that are taken from it alone; () when it serves all.
    packages: tuple[str, ...] = ()
    #: The extra or the group that has to be chosen for it (uv's sources), else None.
    choice: str | None = None


class Option(NamedTuple):
    """An option as it is given: `--target /opt`, `--target=/opt`, `-t/opt`, `-U`."""

    #: The long name with its dashes where the installer has one (`-U` is "--upgrade").
    name: str
    #: None for a flag; a value that only the shell knows is a word whose own value is None.
    value: Word | None
    #: The word that holds the name.
    span: Span


class Install(NamedTuple):
    """A command of a package manager: an install, or one of its companions (`apt-get update`, `conda clean`)."""

    #: "pip", "uv", "pipx", "poetry", "pdm", "pipenv", "conda", "mamba", "micromamba", "pixi", "conda-lock", "apt"
    #: (apt-get, apt, aptitude), "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "npm", "yarn", "pnpm".
    manager: str
    command: Command
    requirements: tuple[Requirement, ...]
    #: `-r FILE` (pip, uv), `-f FILE`/`--file` (conda), in order; the word's value may be None.
    files: tuple[Word, ...]
    #: `-c FILE` constraints.
    constraints: tuple[Word, ...]
    indexes: tuple[Index, ...]
    #: The names of all options that are given, long where there is a long one (`-U` is "--upgrade").
    options: frozenset[str]
    #: True when some word has no static value (or xargs adds words), so that the list may be longer.
    incomplete: bool
    #: As written behind the program: "install", "pip install" and "sync" (uv), "env create" (conda), "update", "clean".
    subcommand: str = "install"
    #: False when no package is put in place: `apt-get update`, `pip download`, `conda clean`, removals, `--dry-run`.
    adds: bool = True
    #: The interpreter that it names: `python3.11` for `python3.11 -m pip` and `pip3.11`, `/opt/v/bin/python` for
    #: `/opt/v/bin/pip`, the value of `--python`; None where PATH decides.
    python: str | None = None
    #: All options in order, with their values.
    settings: tuple[Option, ...] = ()
    #: "python", "conda", "system" or "npm".
    ecosystem: str = "python"

    def setting(self, name: str) -> Word | None:
        """The value of the last option of that (long) name: `setting("--target")`; None when it isn't given."""
        return next((option.value for option in reversed(self.settings) if option.name == name), None)

    @property
    def editables(self) -> tuple[Requirement, ...]:
        """The requirements that are installed with `-e`."""
        return tuple(requirement for requirement in self.requirements if requirement.editable)

    @property
    def sources(self) -> tuple[Requirement, ...]:
        """The requirements that need files of the build: `.`, `-e ./pkg`, `dist/x.whl`, `/tmp/x.deb`."""
        return tuple(requirement for requirement in self.requirements if requirement.kind == "path")

    @property
    def target(self) -> Word | None:
        """Where the packages go when it isn't the default place: `--target`, `--prefix`, `--root`, conda's `-n`."""
        found = (self.setting(name) for name in ("--target", "--prefix", "--root", "--name"))
        return next((word for word in found if word is not None), None)
