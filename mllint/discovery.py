"""Which files are Dockerfiles: those that are named, and those that a search of the named folders finds."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mllint.config.globs import Globs
from mllint.config.settings import Settings
from mllint.git import output as _git
from mllint.regex import regex

STDIN = "-"

_NAME = regex(r"(dockerfile|containerfile)([._-].*)?|.*[._-](dockerfile|containerfile)", re.IGNORECASE | re.DOTALL)
#: Names that look right and are something else: documents, data, templates, what editors and patches leave behind.
_OTHER = regex(
    r".*(~|[._-](dockerignore|containerignore)"
    r"|\.(md|rst|txt|adoc|html|ipynb|json|ya?ml|toml|lock|log|csv|pdf|py|sh|ps1|bat"
    r"|j2|jinja|jinja2|tmpl|tpl|template|in|erb|ejs|mustache|gotmpl|m4"
    r"|bak|backup|old|orig|rej|save|swp|swo|tmp|patch|diff|sig|asc|sha256))",
    re.IGNORECASE | re.DOTALL,
)


class Failure(NamedTuple):
    """A path that cannot be linted, and why."""

    path: str
    message: str


class Discovered(NamedTuple):
    """The files to lint, sorted and each once, as the user would write them (`-` is the standard input)."""

    files: tuple[str, ...]
    failures: tuple[Failure, ...]


def is_dockerfile_name(name: str) -> bool:
    """Whether a search takes a file of this name (without folders) for a Dockerfile."""
    return _NAME.fullmatch(name) is not None and _OTHER.fullmatch(name) is None


def discover(paths: Iterable[str], settings_for: Callable[[str], Settings]) -> Discovered:
    """The files that `paths` stand for. A file that is named is taken whatever its name; a folder is searched.

    `settings_for` gives the settings of a file by its path; those of a folder are asked for with a name in it. Raises
    what it raises (ConfigError).
    """
    search = _Search(settings_for)
    for path in dict.fromkeys(paths):
        search.add(path)
    return Discovered(tuple(sorted(search.files.values())), tuple(search.failures))


class _Search:
    def __init__(self, settings_for: Callable[[str], Settings]) -> None:
        self._settings_for = settings_for
        self._globs: dict[int, tuple[Settings, Globs]] = {}
        #: The paths to show by real path.
        self.files: dict[str, str] = {}
        self.failures: list[Failure] = []

    def add(self, path: str) -> None:
        if path == STDIN:
            self.files[STDIN] = STDIN
            return
        mode, problem = _look(path)
        if problem is not None:
            self.failures.append(Failure(path, problem))
        elif stat.S_ISDIR(mode):
            self._add_folder(path)
        elif not (self._settings_for(path).force_exclude and self._is_excluded(path)):
            self._keep(path)

    def _keep(self, path: str) -> None:
        self.files.setdefault(os.path.realpath(path), path)

    def _add_folder(self, folder: str) -> None:
        settings = self._settings_for(os.path.join(folder, "Dockerfile"))
        if settings.force_exclude and self._is_excluded(folder):
            return
        # A folder that is named is searched even where a pattern excludes it; then only what lies below counts.
        top = "" if settings.force_exclude else os.path.abspath(folder)
        listed = git_files(folder) if settings.respect_gitignore else None
        for path in self._walk(folder, top) if listed is None else listed:
            if not is_dockerfile_name(os.path.basename(path)) or not os.path.isfile(path):
                continue
            if not self._is_excluded(path, top) and not self._excludes(settings, path, top):
                self._keep(path)

    def _is_excluded(self, path: str, top: str = "") -> bool:
        return self._excludes(self._settings_for(path), path, top)

    def _excludes(self, settings: Settings, path: str, top: str) -> bool:
        known = self._globs.get(id(settings))
        if known is None:
            globs = Globs((*settings.exclude, *settings.extend_exclude), settings.root)
            known = self._globs[id(settings)] = (settings, globs)
        return known[1].covers(os.path.abspath(path), top)

    def _walk(self, folder: str, top: str) -> Iterator[str]:
        """The files below a folder; links to folders and excluded folders are not entered."""
        folders = [folder]
        while folders:
            at = folders.pop()
            try:
                with os.scandir(at) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self.failures.append(Failure(at, _sentence(error)))
                continue
            for entry in found:
                path = join(at, entry.name)
                if not entry.is_dir(follow_symlinks=False):
                    yield path
                elif not self._is_excluded(path, top):
                    folders.append(path)


def git_files(folder: str) -> list[str] | None:
    """The files below a folder that git does not ignore, nested repositories included; None where git has no say.

    Git lists files that are deleted too. It has no say outside of a work tree, in a folder that is ignored itself, and
    where it is not installed.
    """
    if not _in_work_tree(folder):
        return None
    output = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if output is None or (not output and _git(folder, "check-ignore", "-q", ".") is not None):
        return None
    files: list[str] = []
    for name in dict.fromkeys(filter(None, os.fsdecode(output).split("\0"))):
        path = join(folder, name.rstrip("/"))
        if os.path.isdir(path) and not os.path.islink(path):
            # A submodule, or a repository that somebody cloned here: it has rules of its own.
            files.extend(git_files(path) or ())
        else:
            files.append(path)
    return files


def join(folder: str, name: str) -> str:
    """A path below a folder as the user would write it: nothing is put before what lies in `.`."""
    return name if folder == os.curdir else os.path.join(folder, name)


def _in_work_tree(folder: str) -> bool:
    at = os.path.abspath(folder)
    while not os.path.lexists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            return False
        at = above
    return True


def _look(path: str) -> tuple[int, str | None]:
    """The mode of a path that is named, or why it cannot be linted."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        link = os.path.islink(path)
        return 0, "the symbolic link leads nowhere" if link else "no such file or folder"
    except OSError as error:
        return 0, _sentence(error)
    except ValueError:
        return 0, "no path has such characters"
    if stat.S_ISDIR(mode):
        return mode, None
    if not stat.S_ISREG(mode):
        return mode, f"{_special(mode)}, not a file or folder"
    return mode, None if os.access(path, os.R_OK) else "permission denied"


def _special(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _sentence(error: OSError) -> str:
    """The reason of an error, without the path and the number."""
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]
