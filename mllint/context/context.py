"""The folder that `docker build` sends: looked at lazily, never left, never changed."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from mllint.context.ignore import Ignore, parse_ignore
from mllint.context.patterns import is_wildcard, name_expression

#: How many entries of a folder are looked at before a listing gives up.
ENTRY_LIMIT = 20_000
#: Scripts and requirements files are far smaller; what is larger is data.
TEXT_LIMIT = 256 * 1024


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


class Context:
    """A build context. Paths are those of COPY: relative to its root, `/a`, `./a` and `../a` are all `a`.

    What `.dockerignore` leaves out is not there. Symbolic links are followed only where they stay inside.
    """

    def __init__(self, root: str, dockerfile: str | None = None) -> None:
        """`dockerfile` is the Dockerfile's path on this machine: its own `<Dockerfile>.dockerignore` comes first."""
        self.root = root
        self.dockerfile = dockerfile
        self._real_root = os.path.realpath(root)
        self._ignore: Ignore | None = None
        self._listings: dict[tuple[str, int], Listing] = {}

    def __repr__(self) -> str:
        return f"Context({self.root!r})"

    @classmethod
    def infer(cls, dockerfile: str, sources: Iterable[str]) -> Context | None:
        """The folder that a Dockerfile is probably built with, by the COPY and ADD sources that exist in it.

        Looked at are the Dockerfile's folder and those above it up to the repository's root (the one with `.git`);
        the nearest of those that hold the most sources wins. `sources` are expanded; URLs and `--from` copies don't
        belong there. None when no folder holds any of them. Sources that every folder has (`.`, `*`) tell nothing:
        with no others it is the Dockerfile's folder, unless that is one for Docker's files only (`docker/`).
        """
        folder = os.path.dirname(os.path.abspath(dockerfile))
        telling = [source for source in sources if _tells(source)]
        if not telling:
            return None if os.path.basename(folder).lower() in _DOCKER_FOLDERS else cls(folder, dockerfile)
        best, most = None, 0
        for candidate in _candidates(folder):
            bare = cls(candidate)
            bare._ignore = Ignore()
            count = sum(1 for source in telling if bare.glob(source))
            if count > most:
                best, most = candidate, count
        return cls(best, dockerfile) if best is not None else None

    def exists(self, path: str) -> bool:
        return self._locate(path) is not None

    def is_dir(self, path: str) -> bool:
        found = self._locate(path)
        return found is not None and os.path.isdir(found)

    def ignored(self, path: str) -> bool:
        """Whether `.dockerignore` leaves the path out."""
        inside = inner_path(path)
        return inside != "." and self._rules().excludes(inside)

    def size(self, path: str) -> int | None:
        """The bytes of a file, or of all files below a folder; None when it isn't there or is too large to count."""
        found = self._locate(path)
        status = _status(found) if found is not None else None
        if status is None or not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            return None
        if stat.S_ISREG(status.st_mode):
            return status.st_size
        listing = self.files_under(path)
        return None if listing.truncated else listing.size

    def read_text(self, path: str, limit: int = TEXT_LIMIT) -> str | None:
        """A file's text; None when it is missing, not a regular file, longer than `limit` bytes, or not UTF-8."""
        found = self._locate(path)
        return _read(found, limit) if found is not None else None

    def files_under(self, path: str, limit: int = ENTRY_LIMIT) -> Listing:
        """The files of a folder and those below it, shallow ones first and sorted; a file is a listing of itself.

        At most `limit` entries are looked at. Links inside the folder are not followed: the builder copies them as
        links.
        """
        inside = inner_path(path)
        known = self._listings.get((inside, limit))
        if known is None:
            known = self._listings[inside, limit] = self._list(inside, limit)
        return known

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The paths (files and folders) that a COPY source names, sorted; a path without wildcards is itself."""
        found = ["."]
        inside = inner_path(pattern)
        for part in [] if inside == "." else inside.split("/"):
            found = [path for folder in found for path in self._children(folder, part)]
        return tuple(path for path in found if self._locate(path) is not None)

    def _children(self, folder: str, part: str) -> Iterator[str]:
        if not is_wildcard(part):
            path = posixpath.normpath(posixpath.join(folder, part))
            if self._real(path) is not None:
                yield path
            return
        expression = name_expression(part)
        real = self._real(folder)
        if expression is None or real is None:
            return
        for entry in sorted(_scan(real, ENTRY_LIMIT) or (), key=_name):
            if re.fullmatch(expression, entry.name):
                yield posixpath.normpath(posixpath.join(folder, entry.name))

    def _list(self, inside: str, limit: int) -> Listing:
        real = self._locate(inside)
        status = _status(real) if real is not None else None
        if real is None or status is None:
            return Listing((), truncated=False)
        if not stat.S_ISDIR(status.st_mode):
            files = (File(inside, status.st_size),) if stat.S_ISREG(status.st_mode) else ()
            return Listing(files, truncated=False)
        return self._walk(inside, real, limit)

    def _walk(self, inside: str, real: str, limit: int) -> Listing:
        rules = self._rules()
        pending = deque([("" if inside == "." else f"{inside}/", real)])
        files: list[File] = []
        while pending:
            prefix, folder = pending.popleft()
            entries = _scan(folder, limit + 1)
            if entries is None or len(entries) > limit:
                return Listing(tuple(files), truncated=True)
            limit -= len(entries)
            for entry in sorted(entries, key=_name):
                path = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not rules.prunes(path):
                        pending.append((f"{path}/", entry.path))
                elif entry.is_file(follow_symlinks=False) and not rules.excludes(path):
                    size = _entry_size(entry)
                    if size is not None:
                        files.append(File(path, size))
        return Listing(tuple(files), truncated=False)

    def _locate(self, path: str) -> str | None:
        """Where a path of the context is on this machine; None when it isn't there, is ignored, or leads outside.

        An ignored folder of which files may be taken back is there.
        """
        inside = inner_path(path)
        real = self._real(inside)
        if real is None or not self.ignored(inside):
            return real
        return real if os.path.isdir(real) and not self._rules().prunes(inside) else None

    def _real(self, inside: str) -> str | None:
        """The file behind a path, links resolved; None when there is none, or when it is outside the context."""
        if "\0" in inside:
            return None
        real = os.path.realpath(os.path.join(self._real_root, inside))
        within = real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep)
        return real if within and os.path.exists(real) else None

    def _rules(self) -> Ignore:
        if self._ignore is None:
            self._ignore = parse_ignore(self._ignore_text() or "")
        return self._ignore

    def _ignore_text(self) -> str | None:
        if self.dockerfile is not None:
            own = _read(f"{self.dockerfile}.dockerignore", TEXT_LIMIT)
            if own is not None:
                return own
        shared = self._real(".dockerignore")
        return _read(shared, TEXT_LIMIT) if shared is not None else None


#: Folders that hold Dockerfiles which are built from the folder above.
_DOCKER_FOLDERS = ("docker", ".docker", "dockerfiles", ".devcontainer", "containers")


def inner_path(path: str) -> str:
    """A path as the builder takes it: from the context's root, `..` never leads above it; the root itself is `.`."""
    return posixpath.normpath(f"/{path}").lstrip("/") or "."


def _tells(source: str) -> bool:
    """Whether a source says something about the folder: not `.` or `*`, not a URL, not unexpanded."""
    if "$" in source or "://" in source or source.startswith("git@"):
        return False
    return bool(inner_path(source).strip("*./"))


def _candidates(folder: str) -> Iterator[str]:
    """The folder and those above it up to the one with `.git`; the folder alone when there is none."""
    above = [folder]
    while not os.path.exists(os.path.join(above[-1], ".git")):
        parent = os.path.dirname(above[-1])
        if parent == above[-1]:
            return iter((folder,))
        above.append(parent)
    return iter(above)


def _scan(folder: str, limit: int) -> list[os.DirEntry[str]] | None:
    """The first `limit` entries of a folder; None when it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return list(islice(entries, limit))
    except OSError:
        return None


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _entry_size(entry: os.DirEntry[str]) -> int | None:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return None


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def _read(path: str, limit: int) -> str | None:
    """The text of a regular file; the type is looked at first, as opening a FIFO would wait for ever."""
    status = _status(path)
    if status is None or not stat.S_ISREG(status.st_mode) or status.st_size > limit:
        return None
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
        return data.decode("utf-8-sig") if len(data) <= limit else None
    except (OSError, ValueError):
        return None
