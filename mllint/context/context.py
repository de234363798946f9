"""The folder that `docker build` sends: looked at lazily, never left, never changed."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterator
from enum import Enum
from functools import cached_property

from mllint.context.ignore import Ignore, parse_ignore
from mllint.context.patterns import is_wildcard, name_expression
from mllint.context.tree import ENTRY_LIMIT, File, Listing, Tree, scan

#: Scripts and requirements files are far smaller; what is larger is data.
TEXT_LIMIT = 256 * 1024


class Certainty(Enum):
    """How it is known that a folder is the context."""

    #: By the user: an option, the configuration.
    GIVEN = "given"
    #: By a Compose file that builds the Dockerfile.
    SAID = "said"
    #: The Dockerfile is at the top of the repository, so that hardly another folder can be meant.
    ONLY = "only"
    #: The COPY sources fit.
    GUESSED = "guessed"


class Context:
    """A build context. Paths are those of COPY: relative to its root, `/a`, `./a` and `../a` are all `a`.

    What `.dockerignore` leaves out is not there. Symbolic links are followed only where they stay inside.
    """

    def __init__(
        self,
        root: str,
        dockerfile: str | None = None,
        certainty: Certainty = Certainty.GIVEN,
        rules: Ignore | None = None,
    ) -> None:
        """`dockerfile` is the Dockerfile's path on this machine: its own `<Dockerfile>.dockerignore` comes first.

        `rules` stand in the place of what an ignore file says.
        """
        self.root = root
        self.dockerfile = dockerfile
        self.certainty = certainty
        self._real_root = os.path.realpath(root)
        if rules is not None:
            self.rules = rules

    def __repr__(self) -> str:
        return f"Context({self.root!r})"

    @property
    def sure(self) -> bool:
        """Whether the folder is known to be the context, and not only guessed."""
        return self.certainty is not Certainty.GUESSED

    @cached_property
    def ignore_file(self) -> str | None:
        """The ignore file in force, on this machine; None when there is none that can be read."""
        own = f"{self.dockerfile}.dockerignore"
        if self.dockerfile is not None and read_regular(own, TEXT_LIMIT) is not None:
            return own
        shared = self._real(".dockerignore")
        return shared if shared is not None and read_regular(shared, TEXT_LIMIT) is not None else None

    @cached_property
    def rules(self) -> Ignore:
        """What the ignore file says."""
        path = self.ignore_file
        return parse_ignore((read_regular(path, TEXT_LIMIT) if path is not None else None) or "")

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self.rules)

    def exists(self, path: str) -> bool:
        return self._locate(path) is not None

    def is_dir(self, path: str) -> bool:
        found = self._locate(path)
        return found is not None and os.path.isdir(found)

    def is_link(self, path: str) -> bool:
        """Whether a part of a path is a link, which may lead to nothing, or out of the context."""
        parts = inner_path(path).split("/")
        return any(os.path.islink(os.path.join(self._real_root, *parts[:count])) for count in range(1, len(parts) + 1))

    def ignored(self, path: str) -> bool:
        """Whether `.dockerignore` leaves the path out."""
        inside = inner_path(path)
        return inside != "." and self.rules.excludes(inside)

    def unignored(self) -> Context:
        """The same folder as if it had no ignore file."""
        return Context(self.root, self.dockerfile, self.certainty, Ignore())

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
        return read_regular(found, limit) if found is not None else None

    def files_under(self, path: str, limit: int = ENTRY_LIMIT) -> Listing:
        """The files of a folder and those below it, shallow ones first and sorted; a file is a listing of itself.

        At most `limit` entries are looked at. Links inside the folder are not followed: the builder copies them as
        links.
        """
        inside = inner_path(path)
        real = self._locate(inside)
        status = _status(real) if real is not None else None
        if real is None or status is None:
            return Listing((), truncated=False)
        if not stat.S_ISDIR(status.st_mode):
            files = (File(inside, status.st_size),) if stat.S_ISREG(status.st_mode) else ()
            return Listing(files, truncated=False)
        return self._tree.listing(inside, real, limit)

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
        for entry in scan(real, ENTRY_LIMIT) or ():
            if re.fullmatch(expression, entry.name):
                yield posixpath.normpath(posixpath.join(folder, entry.name))

    def _locate(self, path: str) -> str | None:
        """Where a path of the context is on this machine; None when it isn't there, is ignored, or leads outside.

        An ignored folder of which files may be taken back is there.
        """
        inside = inner_path(path)
        real = self._real(inside)
        if real is None or not self.ignored(inside):
            return real
        return real if os.path.isdir(real) and not self.rules.prunes(inside) else None

    def _real(self, inside: str) -> str | None:
        """The file behind a path, links resolved; None when there is none, or when it is outside the context."""
        if "\0" in inside:
            return None
        real = os.path.realpath(os.path.join(self._real_root, inside))
        within = real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep)
        return real if within and os.path.exists(real) else None


def inner_path(path: str) -> str:
    """A path as the builder takes it: from the context's root, `..` never leads above it; the root itself is `.`."""
    return posixpath.normpath(f"/{path}").lstrip("/") or "."


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def read_regular(path: str, limit: int) -> str | None:
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
