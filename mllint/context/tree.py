"""A folder that is looked at lazily, each part of it once, whatever is asked of it afterwards."""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from typing import NamedTuple

from mllint.context.ignore import Ignore

#: How many entries are looked at before a listing gives up: a second and a half of work, and 50 MB.
ENTRY_LIMIT = 250_000


class File(NamedTuple):
    """A regular file of the context."""

    #: Relative to the context, with `/`.
    path: str
    #: In bytes.
    size: int


class Listing(NamedTuple):
    """The files below a path; `truncated` when some are missing: more entries than the limit, an unreadable folder."""

    files: tuple[File, ...]
    truncated: bool

    @property
    def size(self) -> int:
        """The sum in bytes; when the listing is truncated, there are at least so many."""
        return sum(file.size for file in self.files)


class _Folder(NamedTuple):
    """What a folder holds itself, without what the ignore file leaves out."""

    files: tuple[File, ...]
    #: Paths in the context and on this machine.
    folders: tuple[tuple[str, str], ...]
    #: How many entries were looked at, those that are left out among them.
    entries: int
    #: False when it cannot be read, or has more entries than the limit.
    complete: bool


class Tree:
    """The folders of a context, each read when a listing first comes to it, and kept.

    Listings of a folder and of another one inside it share what they read, so that a build with ten `COPY` of the same
    files reads them once.
    """

    def __init__(self, rules: Ignore) -> None:
        self._rules = rules
        self._folders: dict[str, _Folder] = {}
        self._listings: dict[tuple[str, int], Listing] = {}

    def listing(self, inside: str, real: str, limit: int) -> Listing:
        """The files of a folder and those below it, shallow ones first and sorted.

        `inside` is its path in the context, `real` the one on this machine. At most `limit` entries are looked at.
        Links inside the folder are not followed: the builder copies them as links.
        """
        known = self._listings.get((inside, limit))
        if known is None:
            known = self._listings[inside, limit] = self._list(inside, real, limit)
        return known

    def _list(self, inside: str, real: str, limit: int) -> Listing:
        pending = deque([(inside, real)])
        files: list[File] = []
        while pending:
            folder = self._read(*pending.popleft())
            limit -= folder.entries
            files += folder.files
            if limit < 0 or not folder.complete:
                return Listing(tuple(files), truncated=True)
            pending += folder.folders
        return Listing(tuple(files), truncated=False)

    def _read(self, inside: str, real: str) -> _Folder:
        known = self._folders.get(inside)
        if known is None:
            known = self._folders[inside] = _read(inside, real, self._rules)
        return known


def _read(inside: str, real: str, rules: Ignore) -> _Folder:
    entries = scan(real, ENTRY_LIMIT + 1)
    if entries is None:
        return _Folder((), (), 0, complete=False)
    prefix = "" if inside == "." else f"{inside}/"
    files: list[File] = []
    folders: list[tuple[str, str]] = []
    for entry in entries[:ENTRY_LIMIT]:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if not rules.prunes(path):
                folders.append((path, entry.path))
        elif entry.is_file(follow_symlinks=False) and not rules.excludes(path):
            size = _size(entry)
            if size is not None:
                files.append(File(path, size))
    return _Folder(tuple(files), tuple(folders), len(entries), complete=len(entries) <= ENTRY_LIMIT)


def scan(folder: str, limit: int) -> list[os.DirEntry[str]] | None:
    """The first `limit` entries of a folder, sorted; None when it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(islice(entries, limit), key=_name)
    except OSError:
        return None


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _size(entry: os.DirEntry[str]) -> int | None:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return None
