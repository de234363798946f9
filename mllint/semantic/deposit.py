"""Something that an instruction puts into its layer: where it lies, and how much it is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from mllint.regex import regex
from mllint.semantic.layers import canonical
from mllint.semantic.steps import is_whole
from mllint.semantic.writes import join_home
from mllint.shell.command import Command
from mllint.source import Span
from mllint.syntax.nodes import Instruction

if TYPE_CHECKING:
    from mllint.packages.requirement import Install
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep
    from mllint.source import Text

#: Text files, keys and lists, which are small wherever they are.
_SMALL = regex(
    r"(?i)(\.(txt|toml|lock|ya?ml|json|sh|bash|py|md|rst|cfg|ini|conf|list|sources|repo|env|key|gpg|asc|pub|pem|crt|cer|"
    r"patch|diff|xml|properties|rules|service|html|css|sql|r|sig|sha256|sha256sum|md5)|(^|/)\.?\w+)$"
)
#: Of sources that the context does not show, these are files without an ending of their own.
_BARE_FILES = frozenset({"Makefile", "Pipfile", "LICENSE", "Dockerfile", "Procfile", "condarc"})
_HIDDEN_FOLDERS = frozenset({".", ".git", ".cache", ".venv", ".dvc", ".github", ".streamlit"})


class DepositKind(Enum):
    """How something came into a layer."""

    COPY = "copied"
    DOWNLOAD = "downloaded"
    CLONE = "cloned"
    #: The lists of apt, the caches of dnf, yum, zypper and apk.
    INDEX = "package lists"
    #: A system package, by its name.
    PACKAGE = "installed"
    #: The packages that an install puts into a virtual environment, or into conda's folder.
    ENVIRONMENT = "filled"


class Deposit(NamedTuple):
    """Something that an instruction puts into its layer and leaves there."""

    kind: DepositKind
    stage: Stage
    instruction: Instruction
    span: Span
    #: The absolute file or folder (see `settled`), a variable that only the shell knows as written; "" for packages.
    path: str
    #: What to call it.
    label: str
    #: In bytes, as it lies in the image; None when not known.
    size: int | None
    #: Whether the path is a folder.
    folder: bool
    #: `--chown` of COPY; "" for root.
    owner: str = ""
    #: The source of COPY with its variables expanded, from the build context; None for all else.
    source: str | None = None
    #: The commands that unpack, install or run it.
    uses: tuple[Command, ...] = ()

    @property
    def is_file(self) -> bool:
        """Whether it is one file that was copied or downloaded."""
        return not self.folder and self.kind in (DepositKind.COPY, DepositKind.DOWNLOAD)

    @property
    def is_archive(self) -> bool:
        """Whether it is an archive, a package or an installer, by its name."""
        from mllint.knowledge.archives import ARCHIVE_ENDINGS, INSTALLERS

        name = posixpath.basename(self.source or self.path).lower()
        return not self.folder and (name.endswith(ARCHIVE_ENDINGS) or re.fullmatch(INSTALLERS, name) is not None)

    @property
    def is_small(self) -> bool:
        """Whether it has less than 1 MB, by its size or by its kind: text files, keys, scripts."""
        if self.size is not None:
            return self.size < 1_000_000
        return not self.folder and self.kind is not DepositKind.PACKAGE and _SMALL.search(self.path) is not None


def settled(path: str) -> str:
    """A path as `canonical` writes it, but for the homes below /home: files of one are not those of another."""
    return path.rstrip("/") if path.startswith("/home/") else canonical(path)


def placed(folder: str | None, path: str) -> str | None:
    """A path of a command made absolute; None when its folder matters and is not known."""
    if path.startswith(("/", "~", "$")):
        return settled(posixpath.normpath(path))
    found = join_home(folder, path)
    return settled(found) if found is not None else None


def names(path: str | None, wanted: str) -> bool:
    """Whether a path, which may hold wildcards, names a file."""
    if path is None or not wanted:
        return False
    return path == wanted or (any(mark in path for mark in "*?[") and fnmatchcase(wanted, path))


def copied(step: CopyStep, stage: Stage) -> Iterator[Deposit]:
    """What a COPY or ADD puts in place."""
    target = step.target
    if target is None:
        return
    flag = step.instruction.flag_value("chown")
    owner = (stage.expand(flag, step.instruction) or flag.value) if flag is not None else ""
    for source, value in step.sources:
        name = posixpath.basename((value or source.value).split("?")[0].rstrip("/"))
        remote = step.instruction.keyword == "ADD" and "://" in source.value
        kind = DepositKind.DOWNLOAD if remote else DepositKind.COPY
        folder = not remote and _is_folder(value, name, step, stage)
        if folder or (name and posixpath.splitext(name)[1] == posixpath.splitext(target)[1] and len(step.sources) == 1):
            path = target
        else:
            path = posixpath.join(target, name)
        inner = value if step.from_context and not remote else None
        size = archive_bytes(name) if remote else _copied_bytes(source, inner, stage)
        label = source.value if not remote else name
        yield Deposit(kind, stage, step.instruction, source.span, settled(path), label, size, folder, owner, inner)


def _is_folder(value: str | None, name: str, step: CopyStep, stage: Stage) -> bool:
    """Whether a source is a folder, or several files; what the context does not show is told by its name."""
    if value is None:
        # Of a name such as `requirements.${VARIANT}.txt` the ending is known.
        ending = posixpath.splitext(name)[1]
        return not ending or "$" in ending or "}" in ending
    if is_whole(value) or any(mark in name for mark in "*?["):
        return True
    context = stage.build.context
    if step.from_context and context is not None and context.exists(value):
        return context.is_dir(value)
    target = posixpath.basename(step.target or "")
    if name in _BARE_FILES or target.startswith(".") or (target and posixpath.splitext(target)[1]):
        return False
    return name in _HIDDEN_FOLDERS or "." not in name


def _copied_bytes(source: Text, value: str | None, stage: Stage) -> int | None:
    """What the source takes in, in bytes; None when it is not in the context, or too much to count."""
    intake = stage.artifacts.intake_at(source.span) if value is not None else None
    if intake is None or not intake.paths or intake.listing.truncated:
        return None
    return intake.listing.size


def part_bytes(deposit: Deposit, inner: str) -> int | None:
    """The bytes of the files below a path of a copied folder; None when the context does not tell."""
    context = deposit.stage.build.context
    if context is None or deposit.source is None:
        return None
    found = [context.size(path) for path in context.glob(posixpath.join(deposit.source, inner))]
    sizes = [size for size in found if size is not None]
    return sum(sizes) if sizes and len(sizes) == len(found) else None


def archive_bytes(name: str) -> int | None:
    """About how many bytes a well-known installer or archive has."""
    from mllint.knowledge.archives import ARCHIVES

    lower = name.lower()
    row = next((row for row in ARCHIVES if re.fullmatch(row.pattern, lower)), None)
    return row.megabytes * 1_000_000 if row is not None else None


def package_bytes(install: Install, name: str) -> int | None:
    """About how many bytes an apt package brings with what it depends on."""
    from mllint.knowledge import system_sizes

    row = system_sizes.size(name) if install.manager == "apt" else None
    if row is None:
        return None
    bare = "--no-install-recommends" in install.options
    return (row.megabytes if bare else row.with_recommends) * 1_000_000
