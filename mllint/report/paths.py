"""Paths as other programs want them: relative to the repository, with forward slashes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_STANDARD_INPUT = ("-", "<stdin>")


def is_file(path: str) -> bool:
    """Whether the path names a file: text that was read from the standard input has none."""
    return path not in _STANDARD_INPUT


def repository_root(start: str, env: Mapping[str, str] | None = None) -> str:
    """The folder that paths are named from: GitHub's workspace if it holds `start`, the nearest with `.git`, or it."""
    start = os.path.realpath(start)
    return _repository(start, env) or start


def report_root(files: Collection[str], start: str = os.curdir, env: Mapping[str, str] | None = None) -> str:
    """The folder that the paths of a report are named from, wherever mllint was started.

    That is the root of the repository around `start` if it holds all the files, else of the one that holds them; where
    there is none, `start`, or the folder that they share.
    """
    start = os.path.realpath(start)
    full = [os.path.realpath(file) for file in files]
    around = _repository(start, env)
    if around is not None and all(_inside(file, around) for file in full):
        return around
    folders = [os.path.dirname(file) for file in full]
    try:
        shared = os.path.commonpath(folders) if folders else start
    except ValueError:
        # They are on several drives of Windows.
        return start
    return _repository(shared, env) or (start if _inside(shared, start) else shared)


def _repository(folder: str, env: Mapping[str, str] | None) -> str | None:
    workspace = (os.environ if env is None else env).get("GITHUB_WORKSPACE")
    if workspace and _inside(folder, os.path.realpath(workspace)):
        return os.path.realpath(workspace)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
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
