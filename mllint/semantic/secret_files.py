"""Files that hold secrets: by their names, and by their text where the build context has it.

No text of a file leaves this module, only that there is a secret in it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mllint.context import Context, File
from mllint.knowledge import context_files as known
from mllint.semantic.secrets import Strength, assignments_in, secrets_in
from mllint.source import Source, Text

#: Key files are small; what is larger is something else of that name.
_LARGEST = 100_000


class FoundSecret(NamedTuple):
    """A file with a secret."""

    path: str
    #: What it holds: "an SSH private key".
    what: str
    #: Whether its text was read and shows it; else the name says so.
    read: bool
    sure: bool


def secrets_among(context: Context, files: Sequence[File]) -> Iterator[FoundSecret]:
    """The files of the context whose text shows a secret; tests' and examples' are left out."""
    for file in files:
        if file.size <= _LARGEST and _may_be_secret(file.path):
            row = secret_name(file.path)
            if row is not None and holds_secret(context, file.path, row):
                yield FoundSecret(file.path, row.what, read=True, sure=True)


def secret_name(path: str) -> known.SecretFile | None:
    """The row that a path fits; None for what is harmless by its name or its folder."""
    lower = path.lower().rstrip("/")
    folder, _, name = lower.rpartition("/")
    if not known.HARMLESS_FOLDERS.isdisjoint(folder.split("/")):
        return None
    if not known.HARMLESS_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", name)):
        return None
    return next((row for row, pattern in _patterns() if pattern.search(f"/{lower}")), None)


def secret_folder(path: str) -> str | None:
    """What a folder of credentials holds, by its name."""
    bare = f"/{path.rstrip('/*')}"
    return next((what for name, what in known.SECRET_FOLDERS.items() if bare.endswith(f"/{name}")), None)


def holds_secret(context: Context, path: str, row: known.SecretFile) -> bool | None:
    """Whether a file's text shows a secret; None when it cannot be read."""
    text = context.read_text(path, _LARGEST)
    if text is None:
        return None
    if row.content:
        return re.search(row.content, text) is not None
    whole = Text.plain(Source(path, text).span(0, len(text)))
    real = (each for found in (secrets_in(whole), assignments_in(whole)) for each in found)
    return any(each.strength is Strength.REAL for each in real)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[known.SecretFile, re.Pattern[str]], ...]:
    def expression(name: str) -> re.Pattern[str]:
        return re.compile("/" + "[^/]*".join(map(re.escape, name.split("*"))) + r"\Z")

    return tuple((row, expression(row.name)) for row in known.SECRET_FILES)


#: Quick to look for: what any of the names ends in, or begins with.
_ENDS = tuple(
    {posixpath.basename(row.name).rpartition("*")[2] for row in known.SECRET_FILES if not row.name.endswith("*")}
)
_HEADS = ("hf_token", ".env.")


def _may_be_secret(path: str) -> bool:
    lower = path.lower()
    return lower.endswith(_ENDS) or lower.rpartition("/")[2].startswith(_HEADS)
