"""Which folder a Dockerfile is built with, where the user does not say it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from mllint.context.compose import build_folder
from mllint.context.context import Certainty, Context, inner_path
from mllint.context.ignore import Ignore

#: Folders that hold Dockerfiles which are built from the folder above.
_DOCKER_FOLDERS = ("docker", "dockerfiles", "containers")


def infer(dockerfile: str, sources: Iterable[str], hints: Iterable[str] = ()) -> Context | None:
    """The folder that a Dockerfile is probably built with, by the COPY and ADD sources that exist in it.

    Looked at are the Dockerfile's folder and those above it up to the repository's root (the one with `.git`). What a
    Compose file in one of them says comes first; else the nearest of those that hold the most sources wins. `sources`
    are expanded; URLs and `--from` copies don't belong there. None when no folder holds any of them. Sources that every
    folder has (`.`, `*`) tell nothing: with no others it is the Dockerfile's folder, where no other is near: it is the
    repository's root, or in no repository and no folder for Docker's files only (`docker/`, `.devops/`). `hints` are
    paths that the build reads from what such sources bring: they count where no source tells anything.
    """
    folder = os.path.dirname(os.path.abspath(dockerfile))
    candidates = list(_candidates(folder))
    telling = list(dict.fromkeys(source for source in sources if _tells(source)))
    if not telling:
        telling = [hint for hint in hints if _tells(hint) and any(_count(each, [hint]) for each in candidates)]
    counts = {candidate: _count(candidate, telling) for candidate in candidates}
    named = next((found for each in candidates if (found := build_folder(each, dockerfile)) is not None), None)
    if named is not None and not _lies_in(named, candidates[-1]):
        named = None
    if named is not None and (not telling or _count(named, telling)):
        return Context(named, dockerfile, Certainty.SAID)
    alone = len(candidates) == 1 and is_repository(folder)
    if not telling:
        certainty = Certainty.ONLY if alone else Certainty.GUESSED
        name = os.path.basename(folder).lower()
        known = alone or (len(candidates) == 1 and not name.startswith(".") and name not in _DOCKER_FOLDERS)
        return Context(folder, dockerfile, certainty) if known else None
    best = max(candidates, key=lambda each: counts[each])
    if not counts[best]:
        return None
    return Context(best, dockerfile, Certainty.ONLY if alone else Certainty.GUESSED)


def _lies_in(folder: str, top: str) -> bool:
    """Whether a folder is `top` or below it: what a file of the repository names elsewhere is not looked at."""
    real = os.path.realpath(top)
    return os.path.commonpath([os.path.realpath(folder), real]) == real


def _count(folder: str, telling: list[str]) -> int:
    """How many of the sources a folder holds, whatever its ignore file says."""
    bare = Context(folder, rules=Ignore())
    return sum(1 for source in telling if bare.glob(source))


def _tells(source: str) -> bool:
    """Whether a source says something about the folder: not `.` or `*`, not a URL, not unexpanded."""
    if "$" in source or "://" in source or source.startswith("git@"):
        return False
    return bool(inner_path(source).strip("*./"))


def _candidates(folder: str) -> Iterator[str]:
    """The folder and those above it up to the repository's root; the folder alone when it is in none."""
    above = [folder]
    while not is_repository(above[-1]):
        parent = os.path.dirname(above[-1])
        if parent == above[-1]:
            return iter((folder,))
        above.append(parent)
    return iter(above)


def repository_around(folder: str) -> str | None:
    """The git working copy that a folder lies in; None when there is none."""
    top = list(_candidates(os.path.abspath(folder)))[-1]
    return top if is_repository(top) else None


def is_repository(folder: str) -> bool:
    """Whether a folder is the top of a git working copy."""
    return os.path.exists(os.path.join(folder, ".git"))
