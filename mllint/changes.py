"""`--diff-base REV`: what is on instructions that are as they were in a git revision is not reported.

An instruction is known by its text (`mllint.identity`), so that moving it or wrapping its lines does not change it. A
finding stays when the instruction that it is on is new, or one that it names as a related place: a new base image is
what makes an old `pip install` wrong. In a file that git did not have, everything is new.

A branch is compared with the point where it left REV, as a pull request is: what happened on REV since is no change.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from mllint.config.errors import ConfigError
from mllint.finding import Suppression
from mllint.git import Ran, run
from mllint.identity import Units
from mllint.source import Source

if TYPE_CHECKING:
    from mllint.finding import Finding
    from mllint.lint import FileResult
    from mllint.source import Span


class Changes:
    """Compares files with what they were in a revision. Each repository and each file is looked at once."""

    def __init__(self, revision: str) -> None:
        self._revision = revision
        self._repositories: dict[str, _Repository] = {}

    def apply(self, result: FileResult) -> FileResult:
        """The result of a file with what did not change marked as suppressed. Raises ConfigError."""
        if all(finding.suppressed is not None for finding in result.findings):
            return result
        files: dict[int, _File] = {}

        def is_new(span: Span) -> bool:
            file = files.get(id(span.source))
            if file is None:
                file = files[id(span.source)] = self._file(span.source, dockerfile=span.source.path == result.path)
            return file.is_new(span.start)

        def marked(finding: Finding) -> Finding:
            spans = (finding.span, *(related.span for related in finding.related))
            if finding.suppressed is not None or any(map(is_new, spans)):
                return finding
            return finding._replace(suppressed=Suppression("unchanged", f"not changed since {self._revision}"))

        return result._replace(findings=tuple(map(marked, result.findings)))

    def _file(self, source: Source, *, dockerfile: bool) -> _File:
        if source.path in ("-", "<stdin>"):
            raise ConfigError("--diff-base needs --stdin-filename for a text from standard input")
        path = os.path.realpath(source.path)
        old = self._repository(os.path.dirname(path)).text(path)
        return _File(source, None if old is None else Source(source.path, old), dockerfile=dockerfile)

    def _repository(self, folder: str) -> _Repository:
        if folder not in self._repositories:
            root = os.fsdecode(_asked(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n"))
            known = self._repositories.get(root)
            self._repositories[root] = self._repositories[folder] = known or _Repository(root, self._revision)
        return self._repositories[folder]


class _File:
    """A file now, and what it was; None where it was not there."""

    def __init__(self, now: Source, old: Source | None, *, dockerfile: bool) -> None:
        self._same = old is not None and old.text == now.text
        self._now = Units(now, dockerfile=dockerfile)
        self._old = Units(old, dockerfile=dockerfile) if old is not None else None
        self._old_text = old.text if old is not None else ""

    @cached_property
    def _changed(self) -> frozenset[int]:
        """The numbers of the instructions that are new; of several equal ones, the last."""
        left = Counter(self._old.texts) if self._old is not None else Counter()
        changed = []
        for number, text in enumerate(self._now.texts):
            left[text] -= 1
            if left[text] < 0:
                changed.append(number)
        return frozenset(changed)

    @cached_property
    def _old_lines(self) -> frozenset[str]:
        return frozenset(" ".join(line.split()) for line in self._old_text.split("\n"))

    def is_new(self, offset: int) -> bool:
        """Whether the instruction at an offset is new."""
        if self._same:
            return False
        number = self._now.number(offset)
        return number in self._changed if number is not None else self._now.at(offset) not in self._old_lines


class _Repository:
    """A repository at a revision."""

    def __init__(self, root: str, revision: str) -> None:
        """Raises ConfigError for a revision that it does not have."""
        self._root = root
        commit = run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if commit.code != 0 or not revision:
            raise ConfigError(f'--diff-base: git knows no revision "{revision}" here{self._shallow_hint()}')
        base = commit.out.decode("ascii").strip()
        # Without a common commit (a shallow clone ends before it) the revision itself is the next best.
        common = run(root, "merge-base", base, "HEAD")
        self._base = common.out.decode("ascii").split("\n")[0] if common.code == 0 else base

    def _shallow_hint(self) -> str:
        shallow = run(self._root, "rev-parse", "--is-shallow-repository").out.strip() == b"true"
        return "; the clone is shallow, fetch more of its history (`fetch-depth: 0` in actions/checkout)" * shallow

    def text(self, path: str) -> str | None:
        """What a file was; None where it was not there."""
        name = os.path.relpath(path, self._root).replace(os.sep, "/")
        found = run(self._root, "cat-file", "blob", f"{self._base}:{self._renamed.get(name, name)}")
        return found.out.decode("utf-8", "replace") if found.code == 0 else None

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """The names that files had, by those that they have."""
        arguments = ("-r", "-z", "--name-status", "--find-renames", "--diff-filter=R", self._base, "HEAD")
        words = os.fsdecode(run(self._root, "diff-tree", *arguments).out).split("\0")
        return dict(zip(words[2::3], words[1::3], strict=False))


def _asked(folder: str, *arguments: str) -> bytes:
    """What git prints in a folder. Raises ConfigError with its complaint."""
    try:
        ran: Ran = run(folder, *arguments)
    except FileNotFoundError:
        raise ConfigError("--diff-base needs git, which is not installed") from None
    if ran.code != 0:
        raise ConfigError(f"--diff-base: {ran.error or f'git fails in {folder}'}")
    return ran.out
