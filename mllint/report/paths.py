"""Paths as other programs want them: relative to the repository, with forward slashes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_STANDARD_INPUT = ("-", "<stdin>")


def is_file(path: str) -> bool:
    """Whether the path names a file: text that was read from the standard input has none."""
    return path not in _STANDARD_INPUT


def repository_root(start: str, env: Mapping[str, str] | None = None) -> str:
    """The folder that paths are named from: GitHub's workspace if it holds `start`, the nearest with `.git`, or it."""
    start = os.path.realpath(start)
    workspace = (os.environ if env is None else env).get("GITHUB_WORKSPACE")
    if workspace and _inside(start, os.path.realpath(workspace)):
        return os.path.realpath(workspace)
    folder = start
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return start
        folder = parent
    return folder


def relative(path: str, root: str | None) -> str:
    """The path from `root` (the working folder unless given), symbolic links resolved, without a leading `./`.

    A file outside of the root keeps its name alone: its folders mean nothing to who reads the report, and an absolute
    path or one that climbs is refused by some.
    """
    if not is_file(path):
        return "stdin"
    base = os.path.realpath(root or os.curdir)
    full = os.path.realpath(path)
    if not _inside(full, base):
        return os.path.basename(full)
    return os.path.relpath(full, base).replace(os.sep, "/")


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
