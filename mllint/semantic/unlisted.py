"""What copies of the whole build context take along because no .dockerignore keeps it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mllint.knowledge import context_files as known
from mllint.regex import regex
from mllint.semantic.role import Role
from mllint.semantic.weights import folder_verdict, readable_size

if TYPE_CHECKING:
    from mllint.context import Context
    from mllint.semantic.build import Build
    from mllint.semantic.clutter import Clutter
    from mllint.semantic.intake import Taken
    from mllint.semantic.stage import Stage

#: A context of so many files and bytes needs no list of what to leave out.
_FEW_FILES = 10
_SMALL_CONTEXT = 100_000
#: Notebooks of other images than services are worth a word from this size on.
_HEAVY_NOTEBOOKS = 1_000_000
#: Fewer loose notebooks than this, and lighter ones, are no matter.
_FEW_NOTEBOOKS = 3
_LIGHT_NOTEBOOKS = 100_000
#: How many parts of the clutter a message names.
_NAMED = 4
#: Tools that ask git for the version of a project while they build it.
_GIT_VERSIONS = regex(r"setuptools[_-]scm|setuptools-git|versioneer|hatch-vcs|\bpbr\b|poetry-dynamic-versioning")
_TELLING_FILES = regex(r"\*?\.(pem|key|env|csv|parquet|pt|pth|ckpt|safetensors|onnx|h5|pkl)")


class Unlisted(NamedTuple):
    """The first copy of the whole context in a build that has no .dockerignore, or one without a pattern."""

    stage: Stage
    taken: Taken


def unlisted(build: Build) -> Unlisted | None:
    """Where the lack of a .dockerignore matters; None where it does not, and where the context is not known."""
    context = build.context
    if context is None or context.rules.patterns:
        return None
    above = build.repository is not None and build.repository.has_ignore_file_above()
    if above and not context.sure:
        return None
    copies = (Unlisted(stage, taken) for stage in build.stages for taken in stage.artifacts.taken if is_whole(taken))
    first = next(copies, None)
    if first is None or (_is_small(first.taken) and not _expects_more(context)):
        return None
    return first


def is_whole(taken: Taken) -> bool:
    """Whether a COPY or ADD takes the whole context."""
    return taken.intake.whole and not taken.is_mount


def _is_small(taken: Taken) -> bool:
    listing = taken.intake.listing
    return not listing.truncated and len(listing.files) <= _FEW_FILES and listing.size <= _SMALL_CONTEXT


def _expects_more(context: Context) -> bool:
    """Whether the `.gitignore` names data, weights, keys or environments, which a working copy then holds."""
    text = context.read_text(".gitignore") or ""
    names = (line.strip().rstrip("/").rpartition("/")[2].lower() for line in text.split("\n"))
    return any(name and not name.startswith(("#", "!")) and _is_telling(name) for name in names)


def _is_telling(name: str) -> bool:
    return (
        name in known.ENVIRONMENT_NAMES
        or name in known.DATA_FOLDERS
        or name in {row.name for row in known.FOLDERS if row.kind == "records"}
        or folder_verdict(name) is True
        or _TELLING_FILES.fullmatch(name) is not None
    )


# What is really there


def unneeded(taken: Taken, stage: Stage) -> list[Clutter]:
    """What a copy takes along that this image has no use for, the largest first."""
    return [each for each in taken.intake.clutter if _counts(each, stage)]


def _counts(clutter: Clutter, stage: Stage) -> bool:
    final = stage.build.final
    if clutter.kind in ("data", "notebooks") and final is not None and final.role.value is Role.NOTEBOOK:
        return False
    if clutter.path == "*.ipynb" and clutter.files < _FEW_NOTEBOOKS and clutter.size < _LIGHT_NOTEBOOKS:
        return False
    if clutter.kind == "notebooks" and final is not None and final.role.value is not Role.SERVING:
        return clutter.size >= _HEAVY_NOTEBOOKS
    return clutter.kind != "history" or not _asks_git(stage)


def _asks_git(stage: Stage) -> bool:
    """Whether the stage needs the history: it runs git, or a build that asks git for the version."""
    if stage.steps_of(("git", "git-lfs")):
        return True
    context = stage.build.context
    if context is None:
        return False
    if any(pattern.negated and pattern.text.startswith(".git") for pattern in context.rules.patterns):
        return True
    texts = (context.read_text(name) or "" for name in ("pyproject.toml", "setup.py", "setup.cfg"))
    makes = (context.read_text(name) or "" for name in ("CMakeLists.txt", "Makefile"))
    return any(_GIT_VERSIONS.search(text) for text in texts) or any("git" in text.lower() for text in makes)


def named(found: Sequence[Clutter]) -> tuple[str, str]:
    """The largest parts in words (`data/` (data, 3 files, 30 MB) and …), and the patterns that keep them out."""
    shown = [_described(each) for each in found[:_NAMED]]
    rest = found[_NAMED:]
    if rest:
        shown.append(f"{len(rest)} more ({readable_size(sum(each.size for each in rest))})")
    listed = ", ".join(shown[:-1]) + f" and {shown[-1]}" if len(shown) > 1 else shown[0]
    return listed, ", ".join(f"`{each.pattern}`" for each in found[:_NAMED])


def _described(clutter: Clutter) -> str:
    size = readable_size(clutter.size)
    count = f"{clutter.files:,} files, " if clutter.files > 1 and clutter.kind != "notebooks" else ""
    return f"`{clutter.path}` ({clutter.what}, {count}{size})"
