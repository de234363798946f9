"""The git working copy around a build context: what it says of files that are not there.

Only files that name themselves scripts, workflows or instructions are read, never through links, and only when a rule
has a missing file to explain.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from mllint.context.context import TEXT_LIMIT, read_regular
from mllint.context.ignore import Ignore, parse_ignore
from mllint.context.tree import scan
from mllint.regex import regex

#: Files, at the top or in one of the folders, that build, fetch or explain.
_NAMES = regex(
    r"(?i)(gnu)?makefile|.*\.(mk|sh|bash|ya?ml|ps1)|jenkinsfile.*|justfile|taskfile.*|noxfile\.py|tasks\.py|tox\.ini"
    r"|readme.*|install.*\.md|contributing.*|build.*|.*\.md|dvc\.yaml|package\.json|setup\.py|pyproject\.toml|bazel.*"
)
_FOLDERS = (
    "", ".github/workflows", ".circleci", ".buildkite", ".gitlab", "ci", ".ci", "scripts", "script", "hack", "tools",
    "bin", "build", "docker", "deploy", "deployment", "dev", "docs", "make",
)  # fmt: skip
_COMMENT = regex(r"(?:^|\s)(?:#|//)")
#: What makes, moves or fetches files; a name such as `data` or `plugin` alone is a word like any other.
_MAKES = regex(
    r"(?<![\w-])(?:mkdir|cp|mv|ln|tar|unzip|rsync|install|clone|curl|wget|dvc|gsutil|aws|cd|touch)(?![\w-])|>|-o\b|output"
)
#: How many files are read at most.
_MOST = 300


class Mention(NamedTuple):
    """A line of a script, a workflow or a README that names a path."""

    #: Relative to the repository's root.
    path: str
    #: From 1.
    line: int


class Repository:
    """A git working copy. Paths are relative to the build context, which lies in it."""

    def __init__(self, root: str, context_root: str, dockerfile: str) -> None:
        self.root = os.path.realpath(root)
        self._dockerfile = os.path.realpath(dockerfile)
        below = os.path.relpath(os.path.realpath(context_root), self.root).replace(os.sep, "/")
        self._prefix = "" if below == "." else f"{below}/"

    def _inside(self, path: str) -> str:
        return posixpath.normpath(self._prefix + path)

    def in_submodule(self, path: str) -> bool:
        """Whether a path lies in a submodule, which a copy of the repository may not have checked out."""
        inside = f"{self._inside(path)}/"
        return any(inside.startswith(f"{folder.rstrip('/')}/") for folder in self._submodules)

    @cached_property
    def _submodules(self) -> tuple[str, ...]:
        text = self._read(".gitmodules") or ""
        return tuple(match[1] for match in re.finditer(r"(?m)^\s*path\s*=\s*(\S+)\s*$", text))

    def git_ignores(self, path: str) -> bool:
        """Whether a `.gitignore` names a path, so that a fresh copy of the repository lacks it."""
        inside = self._inside(path)
        folders = ["", *_above(inside)]
        return any(self._ignores(folder).excludes(inside[len(folder) + 1 if folder else 0 :]) for folder in folders)

    def _ignores(self, folder: str) -> Ignore:
        known = self._ignore_files.get(folder)
        if known is None:
            known = self._ignore_files[folder] = git_rules(self._read(posixpath.join(folder, ".gitignore")) or "")
        return known

    @cached_property
    def _ignore_files(self) -> dict[str, Ignore]:
        return {}

    def has_ignore_file_above(self) -> bool:
        """Whether a folder around the context, up to the repository's root, has a `.dockerignore`."""
        folders = ["", *_above(self._prefix)] if self._prefix else []
        return any(os.path.isfile(os.path.join(self.root, folder, ".dockerignore")) for folder in folders)

    def maker(self, path: str) -> Mention | None:
        """A line of the repository's scripts, workflows or instructions that names a path which is not there."""
        name = posixpath.basename(path.rstrip("/*"))
        if len(name) < 3:
            return None
        expression = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
        for file, text in self._texts:
            for match in expression.finditer(text):
                if _names_path(text, match, is_prose=file.lower().endswith(".md")):
                    return Mention(file, text.count("\n", 0, match.start()) + 1)
        return None

    @cached_property
    def _texts(self) -> tuple[tuple[str, str], ...]:
        files = list(dict.fromkeys(self._files()))[:_MOST]
        return tuple((file, text) for file in files if (text := self._read(file)) is not None)

    def _files(self) -> Iterator[str]:
        own = os.path.relpath(os.path.dirname(self._dockerfile), self.root).replace(os.sep, "/")
        for top in dict.fromkeys((own, self._prefix.rstrip("/") or ".", ".")):
            for folder in _FOLDERS:
                at = posixpath.normpath(posixpath.join(top, folder))
                for entry in scan(os.path.join(self.root, at), _MOST) or ():
                    if entry.is_file(follow_symlinks=False) and _NAMES.fullmatch(entry.name):
                        yield posixpath.normpath(posixpath.join(at, entry.name))

    def _read(self, path: str) -> str | None:
        whole = os.path.join(self.root, path)
        return read_regular(whole, TEXT_LIMIT) if os.path.realpath(whole) == whole else None


def _names_path(text: str, match: re.Match[str], *, is_prose: bool) -> bool:
    """Whether a word is a path that the line makes or fetches: not one in a comment, nor an everyday word."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    before, line = text[start : match.start()], text[start : end if end >= 0 else len(text)]
    if not is_prose and _COMMENT.search(before):
        return False
    if not match[0].isalpha():
        return True
    touches = text[match.start() - 1 : match.start()] == "/" or text[match.end() : match.end() + 1] == "/"
    return touches or _MAKES.search(line) is not None


def _above(path: str) -> list[str]:
    """The folders around a path, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def git_rules(text: str) -> Ignore:
    """A `.gitignore` in the terms of a `.dockerignore`: a name without a slash is found in every folder."""
    lines = []
    for written in text.split("\n"):
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        mark, bare = ("!", line[1:]) if line.startswith("!") else ("", line)
        lines.append(f"{mark}{bare}" if "/" in bare.rstrip("/") else f"{mark}**/{bare.rstrip('/')}")
    return parse_ignore("\n".join(lines))
