"""What a copy of the whole context takes along that an image has no use for, with the sizes that are there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from mllint.context import File
from mllint.knowledge import context_files as known

#: Below so many bytes a folder called `data` holds no dataset, and a data file in the tree is no matter.
_SMALL = 1_000_000
_LARGE = 10_000_000
_FOLDERS = {row.name: row for row in known.FOLDERS}
_TEST_FOLDERS = known.HARMLESS_FOLDERS


class Clutter(NamedTuple):
    """A folder, or the files of one kind."""

    #: The folder with a slash behind it, or the first file; relative to the context.
    path: str
    #: What it is: "the repository's history".
    what: str
    #: "history", "records", "caches", "environments", "notebooks" or "data".
    kind: str
    files: int
    #: In bytes, as they are on this disk.
    size: int
    #: The lines of an ignore file that keep it out.
    pattern: str


def clutter_of(files: Sequence[File]) -> Iterator[Clutter]:
    """The clutter among files, the largest first; caches of the same name are one."""
    finder = _Finder(files)
    groups: dict[str, list[File]] = {}
    singles: list[File] = []
    for file in files:
        folder, _, name = file.path.rpartition("/")
        root = finder.root(folder)
        if root:
            groups.setdefault(root, []).append(file)
        elif file.size >= _LARGE and is_data(name):
            singles.append(file)
        elif name.endswith(".ipynb"):
            groups.setdefault("*.ipynb", []).append(file)
    merged: dict[str, list[File]] = {}
    for root, inside in groups.items():
        name = posixpath.basename(root)
        repeated = name in _FOLDERS and _FOLDERS[name].kind in ("caches", "records") and "/" in root
        merged.setdefault(f"**/{name}" if repeated else root, []).extend(inside)
    found = [each for key, inside in merged.items() if (each := finder.described(key, inside)) is not None]
    found += (Clutter(file.path, "a data file", "data", 1, file.size, file.path) for file in singles)
    yield from sorted(found, key=lambda each: -each.size)


class _Finder:
    """Which folder, if any, makes the files below it clutter."""

    def __init__(self, files: Sequence[File]) -> None:
        self._roots: dict[str, str] = {"": ""}
        self._packages = {path[: -len("/__init__.py")] for path, _ in files if path.endswith("/__init__.py")}
        self._environments = {
            path[: -len(mark) - 1] for mark in known.ENVIRONMENT_MARKS for path, _ in files if path.endswith(f"/{mark}")
        }

    def root(self, folder: str) -> str:
        """The outermost folder around that is clutter; "" when there is none."""
        found = self._roots.get(folder)
        if found is None:
            above, _, name = folder.rpartition("/")
            found = self.root(above) or (folder if self._is_clutter(folder, name.lower(), deep=bool(above)) else "")
            self._roots[folder] = found
        return found

    def _is_clutter(self, folder: str, name: str, *, deep: bool) -> bool:
        if folder in self._environments:
            return True
        if name in _FOLDERS:
            return folder not in self._packages
        if deep or folder in self._packages:
            return False
        return name.replace("-", "_") in known.DATA_FOLDERS or name in known.NOTEBOOK_FOLDERS or name == "runs"

    def described(self, key: str, files: list[File]) -> Clutter | None:
        """A group as clutter; None when what the folder holds is something else."""
        size = sum(file.size for file in files)
        name = posixpath.basename(key).lower()
        make: Callable[[str, str], Clutter] = lambda what, kind: Clutter(  # noqa: E731
            _shown(key), what, kind, len(files), size, _pattern(key)
        )
        if key in self._environments:
            return make("a virtual environment", "environments")
        if name in _FOLDERS:
            return make(_FOLDERS[name].what, _FOLDERS[name].kind)
        if name == "*.ipynb" or name in known.NOTEBOOK_FOLDERS:
            count = sum(file.path.endswith(".ipynb") for file in files)
            return make("a notebook" if count == 1 else f"{count} notebooks", "notebooks") if count else None
        if name == "runs":
            logged = any(posixpath.basename(file.path).startswith(known.EVENT_FILE) for file in files)
            return make("TensorBoard logs", "records") if logged else None
        return self._data(key, files)

    def _data(self, key: str, files: list[File]) -> Clutter | None:
        data = data_among(files, named=True)
        size = sum(file.size for file in data)
        if size < _SMALL and not any(is_data(file.path) for file in data):
            return None
        return Clutter(_shown(key), "data", "data", len(data), size, _pattern(key))


def _shown(key: str) -> str:
    return key if "*." in key else f"{key}/"


def _pattern(key: str) -> str:
    return f"**/{key}" if key.startswith("*.") else key


def is_data(path: str) -> bool:
    """Whether a file's name says that it holds data."""
    return path.lower().endswith((*known.DATA_ENDINGS, *known.TEXT_DATA_ENDINGS))


def data_among(files: Sequence[File], *, named: bool) -> list[File]:
    """The data among files: by their endings, and in a folder `named` for data all but code, settings and weights."""
    from mllint.semantic.weights import file_verdict

    if not named:
        return [file for file in files if is_data(file.path)]
    return [
        file
        for file in files
        if not file.path.lower().endswith(known.CODE_ENDINGS)
        and "." in posixpath.basename(file.path)
        and file_verdict(file.path) is not True
    ] + [file for file in files if file.path.endswith((".json", ".geojson")) and file.size >= _SMALL]


def names_data_folder(path: str) -> bool:
    """Whether a path's last part is what folders of datasets are called."""
    return posixpath.basename(path.rstrip("/*") or "/").lower().replace("-", "_") in known.DATA_FOLDERS


def names_data(path: str) -> bool | None:
    """Whether a file holds training data, by its name alone: True by its format, False (likely) by its words."""
    name = posixpath.basename(path).lower()
    if name.endswith(known.DATA_ENDINGS):
        return True
    ending = next((each for each in known.TEXT_DATA_ENDINGS if name.endswith(each)), None)
    if ending is None or ending in (".db", ".sqlite", ".sqlite3"):
        return None
    return False if re.fullmatch(known.DATA_NAMES, name[: -len(ending)]) else None


def records_folder(path: str) -> str | None:
    """What a folder of experiment records holds, by its name: "MLflow runs"; None for any other folder."""
    row = _FOLDERS.get(posixpath.basename(path.rstrip("/*") or "/").lower())
    return row.what if row is not None and row.kind == "records" else None


def is_notebook(path: str) -> bool:
    """Whether a source is a notebook, or a folder of notebooks, by its name."""
    bare = path.rstrip("/*")
    return path.lower().endswith(".ipynb") or posixpath.basename(bare).lower() in known.NOTEBOOK_FOLDERS
