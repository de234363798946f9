"""ML204 unpinned-git-dependency."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Build,
    Clone,
    Finding,
    Related,
    Requirement,
    Revision,
    Rule,
    Stage,
    is_branch,
)

_SHOWN = 3
#: What follows, said once in a file.
_CONSEQUENCE = (
    "the next build without cache takes whatever was pushed last, while one with a warm cache keeps the old code, and "
    "neither says which commit it is"
)


class UnpinnedGitDependency(Rule):
    """A package is installed from a Git repository, or a clone is built, at the tip of a branch.

    ## Why is this bad?
    A branch moves with every push. Two builds of the same Dockerfile hold different code, an error of a stranger's
    Tuesday afternoon is in your image on Wednesday, and nothing in the image says which commit it was, so that the
    state that worked cannot be built again. The layer cache makes it worse: where it is warm, the clone is not repeated
    and stays at some old state, so that two machines differ as well. ML repositories break often this way: a research
    project's main branch follows the newest torch or transformers release.

    ## Bad
    ```dockerfile
    FROM python:3.12.7
    RUN pip install --no-cache-dir git+https://github.com/huggingface/transformers
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7
    RUN pip install --no-cache-dir git+https://github.com/huggingface/transformers@v4.46.2
    RUN git clone --branch v0.10.1 https://github.com/state-spaces/model /src && pip install --no-cache-dir /src
    USER 1000
    ```

    ## When it stays silent
    For a commit, a tag, and every name that may be a tag; for a clone with `--branch <tag>`, or followed by a checkout
    of a commit or tag in the stage; for refs that only the build knows (`@${COMMIT}`), local repositories, and clones
    that no command of the stage builds or installs. A branch is known by its name: `main`, `dev`, `feature/x`, `2.x`.

    ## References
    - [pip, VCS support](https://pip.pypa.io/en/stable/topics/vcs-support/)
    - [git clone](https://git-scm.com/docs/git-clone)
    """

    id = "ML204"
    name = "unpinned-git-dependency"

    def check_build(self, build: Build) -> Iterator[Finding]:
        told: set[str] = set()
        for stage in build.stages:
            for finding in (*self._installs(stage, told), *self._clones(stage, told)):
                yield finding._replace(stage=stage.label)

    def _installs(self, stage: Stage, told: set[str]) -> Iterator[Finding]:
        for step in stage.installs:
            moving = [each for each in step.install.requirements if _moves(each)]
            if moving:
                yield self.finding(moving[0].span, _install_message(moving, told))

    def _clones(self, stage: Stage, told: set[str]) -> Iterator[Finding]:
        for clone in stage.clones:
            if clone.uses and clone.revision in (Revision.DEFAULT, Revision.BRANCH):
                used = Related(clone.uses[0].span, "this builds or installs it")
                yield self.finding(clone.url.span, _clone_message(clone, stage, told), related=(used,))


def _moves(requirement: Requirement) -> bool:
    """Whether it is the tip of a branch: a repository without a ref, or with a branch's, or a branch's archive."""
    if requirement.pinned or requirement.url is None or "://" not in requirement.url:
        return False
    if requirement.kind == "vcs":
        local = requirement.url.partition("+")[2].startswith("file:")
        return not local and (requirement.ref is None or is_branch(requirement.ref))
    return requirement.kind == "url"


def _install_message(moving: list[Requirement], told: set[str]) -> str:
    first = moving[0]
    others = len(moving) - 1
    if first.kind == "url":
        what, pin = "is the archive of a branch", "Take the archive of a commit or tag"
    elif first.ref is None:
        what, pin = "names no commit", f"Pin it: `{_bare(first)}@<commit>`"
    else:
        what, pin = f"follows the branch `{first.ref}`", f"Pin it: `{_bare(first)}@<commit>`"
    subject = f"`{_bare(first)}`"
    if others:
        subject += f" {what}, like {', '.join(f'`{_bare(each)}`' for each in moving[1 : _SHOWN + 1])}"
        subject += f" and {others - _SHOWN} more" if others > _SHOWN else ""
        pin = pin.replace("Pin it", "Pin each")
    else:
        subject += f" {what}"
    return f"{subject}{_consequence(told)}. {pin}."


def _bare(requirement: Requirement) -> str:
    """The address without ref and fragment."""
    url = (requirement.url or "").partition("#")[0]
    return url.removesuffix(f"@{requirement.ref}") if requirement.ref is not None else url


def _clone_message(clone: Clone, stage: Stage, told: set[str]) -> str:
    line = clone.uses[0].span.first.line
    branch = f"the branch `{clone.branch}`" if clone.branch is not None else "the default branch"
    where = "" if line == clone.url.span.first.line else f" on line {line}"
    done = "built" if stage.install_of(clone.uses[0]) is None else "installed"
    return (
        f"The clone takes the tip of {branch}, and it is {done}{where}{_consequence(told)}. Check out a "
        "commit (`git checkout <commit>`), or clone a tag with `--branch <tag>`."
    )


def _consequence(told: set[str]) -> str:
    """What follows; "" when a finding above has said it."""
    if _CONSEQUENCE in told:
        return ""
    told.add(_CONSEQUENCE)
    return f": {_CONSEQUENCE}"
