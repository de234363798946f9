"""Sources of COPY, ADD and bind mounts that the build context does not have, and what may explain it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.context import Certainty, Context
from mllint.context.context import inner_path
from mllint.context.ignore import Pattern
from mllint.context.patterns import is_wildcard
from mllint.knowledge import context_files
from mllint.regex import regex
from mllint.semantic.clutter import names_data, names_data_folder
from mllint.semantic.intake import Taken
from mllint.semantic.secret_files import secret_name
from mllint.semantic.weights import file_verdict, folder_verdict

if TYPE_CHECKING:
    from mllint.context.repository import Mention
    from mllint.semantic.build import Build
    from mllint.semantic.stage import Stage

#: Folders and endings of what a build in front of `docker build` makes.
_PRODUCT = regex(
    r"(?i)(^|/)(dist|build|target|out|output|bin|release|artifacts?|wheels?|wheelhouse|_build|generated|node_modules|public|static)(/|$)"
    r"|\.(whl|jar|war|so|deb|rpm|exe|dll|tgz|zip|tar(\.\w+)?)$"
)
#: `requirements.txt*`, `poetry.loc[k]`: the usual spelling for a file that need not be there.
_OPTIONAL = regex(r".*[\w)]\*|.*\[\w\][^*?\[]*")

_VARIABLE = regex(r"\$\{[^}]*\}|\$\w+")

#: What stands beside Dockerfiles: manifests, settings, documents.
_DOCKER_FILE = regex(
    r"(?i).*dockerfile.*|\.?dockerignore|license.*|setup\.py|\.git.*|.*\.(txt|toml|ya?ml|lock|cfg|ini|json|md|rst|patch|in|env)"
)


class Missing(NamedTuple):
    """A source that is not in the context."""

    taken: Taken
    stage: Stage
    #: Relative to the context, cleaned.
    path: str
    #: The line of the ignore file that leaves it out; None when it is not in the folder at all.
    pattern: Pattern | None
    #: A path of the context that is probably meant: the same in other capitals, or in another folder.
    similar: str | None
    #: A script, a workflow or a README that names it.
    maker: Mention | None
    #: A `.gitignore` names it.
    git_ignored: bool
    #: By its name it is not kept in a repository: a build's product, weights, data, a secret.
    supplied: bool
    #: It has wildcards, which match nothing.
    wildcard: bool

    @property
    def explained(self) -> bool:
        """Whether something other than `docker build` may well put it there."""
        return self.maker is not None or self.git_ignored or self.supplied


def missing_sources(build: Build) -> Iterator[Missing]:
    """The sources that the context lacks, in order; nothing when too few of them fit to say that it is the context."""
    context = build.context
    if context is None:
        return
    taken = [(stage, each) for stage in build.stages for each in stage.artifacts.taken]
    absent = [(stage, each) for stage, each in taken if not each.intake.paths and not each.intake.listing.files]
    if not absent or not _fits(build, context, taken, absent):
        return
    bare = context.unignored()
    for stage, each in absent:
        found = _missing(build, context, bare, stage, each)
        if found is not None:
            yield found


def _fits(build: Build, context: Context, taken: list[tuple[Stage, Taken]], absent: list[tuple[Stage, Taken]]) -> bool:
    if context.certainty is Certainty.GIVEN:
        return True
    if build.repository is None and _is_fragment(context):
        return False
    telling = {inner_path(each.value) for _, each in taken if not each.intake.whole}
    lacking = {inner_path(each.value) for _, each in absent}
    return len(lacking) * 2 <= len(telling)


def _is_fragment(context: Context) -> bool:
    """Whether a folder outside a repository holds no code at all, and is a part of a project at best."""
    return all(_DOCKER_FILE.fullmatch(posixpath.basename(file.path)) for file in context.files_under(".").files)


def _missing(build: Build, context: Context, bare: Context, stage: Stage, taken: Taken) -> Missing | None:
    path = inner_path(taken.value)
    wildcard = is_wildcard(path)
    there = bare.glob(path)
    if not there:
        if wildcard and (_OPTIONAL.fullmatch(path) or path.startswith("*") or _has_company(stage, taken)):
            return None
        if context.is_link(path) or (build.repository is not None and build.repository.in_submodule(path)):
            return None
        if _chooses(bare, taken):
            return None
    pattern = context.rules.decisive(there[0]) if there else None
    repository = build.repository if pattern is None else None
    return Missing(
        taken,
        stage,
        path,
        pattern,
        _similar(context, path) if not there and not wildcard else None,
        repository.maker(path) if repository is not None else None,
        repository.git_ignores(path) if repository is not None else False,
        _is_supplied(path),
        wildcard,
    )


def _chooses(context: Context, taken: Taken) -> bool:
    """Whether a variable chooses one of several that are there (`backend/${NAME}/`): builds give it a value."""
    written = taken.span.text.strip("\"'")
    fitting = _VARIABLE.sub("*", written)
    return fitting != written and fitting.strip("*./") != "" and len(context.glob(inner_path(fitting))) > 1


def _has_company(stage: Stage, taken: Taken) -> bool:
    """Whether the instruction has another source, which is there: the wildcard is then an optional one."""
    others = (each for each in stage.artifacts.taken if each.instruction is taken.instruction and each is not taken)
    return any(each.intake.paths for each in others)


def _similar(context: Context, path: str) -> str | None:
    folder, name = posixpath.split(path)
    for entry in context.glob(f"{folder}/*" if folder else "*"):
        if posixpath.basename(entry).lower() == name.lower():
            return entry
    return name if folder and context.exists(name) else None


def _is_supplied(path: str) -> bool:
    return (
        _PRODUCT.search(path) is not None
        or file_verdict(path) is not None
        or folder_verdict(path) is not None
        or names_data(path) is not None
        or names_data_folder(path)
        or secret_name(path) is not None
        or posixpath.basename(path).lower() in context_files.ENVIRONMENT_NAMES
    )
