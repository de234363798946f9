"""ML203 unpinned-requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    INSTALLERS,
    Build,
    Finding,
    Manifest,
    OpenInstall,
    Related,
    Requirement,
    Rule,
    Severity,
    allows,
    clauses,
    knowledge,
    open_installs,
)

#: Packages whose next release changes more than itself → what that is; the first of them in a file leads the message.
_CONSEQUENCES = {
    **dict.fromkeys(
        ("torch", "pytorch", "vllm", "sglang"), "for {name} that can be another CUDA than your driver runs"
    ),
    **dict.fromkeys(
        ("torchvision", "torchaudio", "torchtext", "xformers"), "and {name} works with one torch release only"
    ),
    "tensorflow": "for tensorflow that can be another CUDA, cuDNN and Keras",
    **dict.fromkeys(
        ("transformers", "diffusers", "accelerate", "keras"), "with which models can load or compute differently"
    ),
    "numpy": "and a new major version of numpy breaks what was built for the old one",
}
_RANK = {name: rank for rank, name in enumerate(_CONSEQUENCES)}
_SHOWN = 3
_LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock", "pipenv": "Pipfile.lock"}


class UnpinnedRequirements(Rule):
    """A file that the build installs from names packages without exact versions.

    ## Why is this bad?
    The file looks like the list of what is in the image, and is not: each build without cache takes the newest releases
    that the file allows on that day. The image that worked last month cannot be built again, and a release of somebody
    else's package breaks the build or the service with no change of yours: `torch` moved its default wheel to CUDA 13
    with 2.11, NumPy 2 broke what was built for NumPy 1, TensorFlow 2.16 came with Keras 3.

    Ranges are right in the metadata of a library. What goes into an image is decided once, by a list of exact versions
    that a tool writes from the ranges: `uv pip compile`, `pip-compile`, `uv.lock`, `poetry.lock`, `conda-lock`.

    ## Bad
    ```context
    requirements.txt = fastapi\\nuvicorn>=0.30\\nscipy==1.14.1
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.txt /tmp/
    RUN pip install --no-cache-dir -r /tmp/requirements.txt
    USER 1000
    ```

    ## Good
    ```context
    requirements.txt = fastapi==0.115.4\\nuvicorn==0.32.0\\nscipy==1.14.1
    ```
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.txt /tmp/
    RUN pip install --no-cache-dir -r /tmp/requirements.txt
    USER 1000
    ```

    ## When it stays silent
    For an install that a lock or hashes drive (a lock that is only copied drives nothing), for packages that a
    constraints file pins, for all of them where that file is not in the context, and for files that are not in the
    context or that nothing installs. Local paths, URLs and repositories are not counted, conda's `=1.26` is exact
    enough, and so is what the base image has or an earlier command pinned. Names that are gone (ML207) and a NumPy that
    breaks a package beside it (ML214) are left to those rules. One finding speaks of a whole file. It is
    only advice where nothing but ranges with both ends is left (`>=1.26,<2`, poetry's `^1.26`).

    ## References
    - [pip, repeatable installs](https://pip.pypa.io/en/stable/topics/repeatable-installs/)
    - [uv, locking requirements](https://docs.astral.sh/uv/pip/compile/)
    """

    id = "ML203"
    name = "unpinned-requirements"

    def check_build(self, build: Build) -> Iterator[Finding]:
        told: set[str] = set()
        for each in open_installs(build):
            for file in _files(each):
                if file.manifest.source.path not in told:
                    yield self._finding(file, each, again=bool(told))
                    told.add(file.manifest.source.path)

    def _finding(self, file: _File, each: OpenInstall, *, again: bool) -> Finding:
        first = min(
            file.open,
            key=lambda one: (one.name in INSTALLERS, not _consequence(one), _RANK.get(one.name or "", len(_RANK))),
        )
        advice = all(one.name in INSTALLERS or _has_both_ends(one) for one in file.open)
        reader = each.installation.reader(first.span)
        related = (Related(reader, "this installs the file"),) if reader is not None else ()
        return self.finding(
            first.span,
            _message(file, first, each, again=again),
            severity=Severity.INFO if advice else Severity.WARNING,
            related=related,
        )._replace(stage=each.stage.label)


class _File(NamedTuple):
    """A file with what is open in it."""

    manifest: Manifest
    open: tuple[Requirement, ...]
    #: How many packages of it are installed by name.
    total: int


def _files(each: OpenInstall) -> Iterator[_File]:
    listed = [one.requirement for one in each.installation.wanted if one.requirement.kind == "index"]
    for use in each.installation.manifests:
        source = use.manifest.source
        found = tuple(one for one in each.listed if one.span.source is source)
        if use.drives and found:
            names = {one.name for one in listed if one.span.source is source}
            yield _File(use.manifest, found, len(names))


def _message(file: _File, first: Requirement, each: OpenInstall, *, again: bool) -> str:
    """What is open and what will happen; `again` where another file's finding has said what to do."""
    bare = [one for one in file.open if not one.specifier]
    ranges = [one for one in file.open if one.specifier]
    count = len({one.name for one in file.open})
    of = (
        f"{count} of {file.total} packages"
        if count < file.total
        else f"All {count} packages"
        if count > 2
        else "Both packages"
    )
    of, verb = (of, "have") if count > 1 else ("One package", "has")
    subject = f"{of} in `{_base_name(file.manifest)}` {verb} no exact version ({_listed(bare, ranges, first)})"
    which = "of each" if count > 1 else "of it"
    then = f"takes the newest release {which} that day" if bare else "takes the newest release in range that day"
    consequence = _consequence(first)
    if again:
        return f"{subject}: the build {then}{f', {consequence}' if consequence else ''}."
    tail = f", {consequence}" if consequence else ", breaking changes included" if bare else ""
    return f"{subject}: the next build without cache {then}{tail}. {_remedy(file.manifest, each)}"


def _consequence(requirement: Requirement) -> str:
    """What another release of a package changes besides itself, where its range lets such a release in."""
    name, specifier = requirement.name or "", requirement.specifier
    if name == "torch" and specifier:
        rows = [row for row in knowledge.torch.RELEASES if allows(specifier, row.version)]
        # What is newer than the tables can be for any CUDA.
        if rows and rows[-1].version != knowledge.torch.HORIZON and len({_major(row.cuda) for row in rows}) == 1:
            return ""
    if name in ("numpy", "tensorflow") and _has_both_ends(requirement):
        return ""
    return _CONSEQUENCES.get(name, "").format(name=name)


def _major(version: str) -> str:
    return version.partition(".")[0]


def _listed(bare: list[Requirement], ranges: list[Requirement], first: Requirement) -> str:
    """A few names, those without any version told apart from ranges."""
    parts = []
    for members, note in ((bare, "no version: " if ranges else ""), (ranges, "ranges: " if bare else "")):
        members.sort(key=lambda one: (one is not first, one.name in INSTALLERS))
        shown = list(dict.fromkeys(f"`{_written(one)}`" for one in members))
        more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
        if shown:
            parts.append(f"{note}{', '.join(shown[:_SHOWN])}{more}")
    return "; ".join(parts)


def _written(requirement: Requirement) -> str:
    """The name and its range, the first part of a long one."""
    first, *more = re.sub(r"\s+", "", requirement.specifier).split(",")
    return f"{requirement.label}{first}{',…' if len(more) > 1 else ',' + more[0] if more else ''}"


def _remedy(manifest: Manifest, each: OpenInstall) -> str:
    install = each.step.install
    lock = _LOCKS.get(install.manager)
    if lock is not None and install.subcommand != "pip install" and manifest.kind in ("pyproject", "pipfile"):
        return f"Copy `{lock}` beside it: then it decides the versions."
    if manifest.kind == "environment":
        return "Write exact versions (`name=1.2.3`), or install a lock that `conda-lock` makes from it."
    if manifest.kind in ("pyproject", "setup.cfg"):
        return "Install under constraints (`-c`) that `uv pip compile` or `pip-compile` writes from it."
    return "Install what `uv pip compile` or `pip-compile` writes from it, or give that as constraints (`-c`)."


def _has_both_ends(requirement: Requirement) -> bool:
    """`>=1.26,<2`, `~=1.26`, `==1.26.*`: the next major version is out."""
    parts = clauses(requirement.specifier)
    operators = {operator for operator, _ in parts}
    if operators & {"~=", "~", "=", "=="}:
        return all(version != "*" for _, version in parts)
    return bool(operators & {">=", ">"}) and bool(operators & {"<", "<="})


def _base_name(manifest: Manifest) -> str:
    return manifest.source.path.replace("\\", "/").rpartition("/")[2]
