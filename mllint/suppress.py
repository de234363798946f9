"""Comments that take findings back: mllint's own, hadolint's, and the `check=skip` of Docker's build checks.

    # mllint ignore=ML101,ML201 the reason          the next instruction, or the one that the comment stands in
    # mllint global ignore=root-user  # the reason   the whole file
    # mllint role=serving                            what the image is for
    # hadolint ignore=DL3006                         rules that list the code among their aliases
    # check=skip=JSONArgsRecommended                 at the head: the whole file; elsewhere: the next instruction

Findings are marked, never dropped. A comment that belongs to several tools may hold their pragmas one after the other,
each behind a `#`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from mllint.config.errors import hint
from mllint.config.settings import ROLES
from mllint.finding import Applicability, Edit, Finding, Fix, Suppression, Unused
from mllint.plugins import Registry
from mllint.source import Span
from mllint.syntax.nodes import Comment, Directive, Dockerfile, From

#: Where a pragma begins: at the comment's own `#`, and at a later one that a tool's name follows.
_BEGIN = re.compile(r"^#+|#(?=\s*(?:mllint|hadolint)\b)", re.IGNORECASE)
_PRAGMA = re.compile(r"#+\s*(mllint|hadolint)(?:\s*:)?\s+(?:(global|stage)\s+)?(ignore|role)\s*=\s*", re.IGNORECASE)
_CHECK = re.compile(r"#+\s*check\s*=\s*(?:.*;)?\s*skip\s*=\s*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_COMMA = re.compile(r"\s*,\s*")
#: `# mllint ignroe=ML101`, `# mllint ignore ML101`: meant as a pragma, and not read as one.
_MISSPELT = re.compile(
    r"#+\s*mllint(?:\s*:)?\s+(?:(?:global|stage)\s+)?([A-Za-z-]+)(\s*=|\s+(?:ML\d|ALL\b))", re.IGNORECASE
)
_REASON = re.compile(r"^[\s#;:,—–-]*(?:reason\s*=\s*)?", re.IGNORECASE)
#: Codes of other linters, which may stand in a comment of ours without a word from us.
_FOREIGN = re.compile(r"(DL|SC|DF|DS|DD)-?\d{3,4}|CKV\w+|S\d{4}", re.IGNORECASE)
_TOOLS = {"mllint": "comment", "hadolint": "hadolint", "check": "buildkit"}


class Region(NamedTuple):
    """Where a comment holds: one instruction (its index), one stage (its number from 1), or the file."""

    scope: str
    at: int = 0


_FILE = Region("file")


class Ignore(NamedTuple):
    """A code in a comment: which rules it means, and where it holds."""

    word: str
    span: Span
    tool: str
    rules: frozenset[str]
    region: Region
    reason: str | None


class _Pragma(NamedTuple):
    """A pragma as written."""

    tool: str
    scope: str
    key: str
    words: tuple[Span, ...]
    reason: str | None


class Suppressions:
    """What the comments of a file take back; made by `parse`."""

    def __init__(self, dockerfile: Dockerfile, registry: Registry) -> None:
        self._dockerfile = dockerfile
        self._registry = registry
        #: What the image is for, as a comment says it; None where none does.
        self.role: str | None = None
        self._broken: list[Unused] = []
        #: The codes of each of mllint's own pragmas, and the fix that removes the comment (None: it is shared).
        self._lists: list[tuple[list[Ignore], Fix | None]] = []
        #: By region and word: a word that is repeated for the same region adds nothing.
        self._ignores: dict[Region, dict[tuple[str, str], Ignore]] = {}
        self._meanings: dict[tuple[str, str], frozenset[str]] = {}

    @classmethod
    def parse(cls, dockerfile: Dockerfile, registry: Registry) -> Suppressions:
        """Reads the comments and the `check` directive of a file."""
        found = cls(dockerfile, registry)
        for directive in dockerfile.directives:
            if directive.name == "check":
                found._read_directive(directive)
        for comment in dockerfile.comments:
            if not any(comment.span.start <= each.span.start < comment.span.end for each in dockerfile.directives):
                found._read(comment)
        return found

    def apply(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings, those that a comment takes back marked as suppressed."""
        return tuple(map(self._marked, findings)) if self._ignores else tuple(findings)

    def unused(self, findings: Iterable[Finding], enabled: Collection[str]) -> tuple[Unused, ...]:
        """What ML003 has to say, given all findings of the file and the ids of the rules that were on for it.

        The codes of rules that were off, of other tools, and of ML003 itself are never reported.
        """
        if not self._lists:
            return tuple(self._broken)
        hits = {(finding.rule, region) for finding in findings for region in self._regions(finding)}
        on = frozenset(enabled) - {"ML003"}
        unused = list(self._broken)
        for ignores, removal in self._lists:
            idle = [each for each in ignores if not any((rule, each.region) in hits for rule in each.rules)]
            problems = {each.span: problem for each in idle if (problem := self._problem(each, on)) is not None}
            whole = len(problems) == len(ignores)
            for index, ignore in enumerate(ignores):
                if ignore.span in problems:
                    fix = removal if whole else _word_removal(ignores, index)
                    unused.append(Unused(ignore.span, problems[ignore.span], fix))
        return tuple(sorted(unused, key=lambda each: each.span.start))

    def _marked(self, finding: Finding) -> Finding:
        if finding.suppressed is not None:
            return finding
        for region in self._regions(finding):
            for ignore in self._ignores.get(region, {}).values():
                if finding.rule in ignore.rules:
                    return finding._replace(suppressed=Suppression(_TOOLS[ignore.tool], ignore.reason))
        return finding

    def _problem(self, ignore: Ignore, enabled: frozenset[str]) -> str | None:
        """What to say of a code that did nothing; None for nothing."""
        if ignore.rules & enabled:
            return f'"{ignore.word}" suppresses nothing here'
        if ignore.rules or _FOREIGN.fullmatch(ignore.word):
            return None
        return f'there is no rule "{ignore.word}"{hint(ignore.word, self._registry.words)}'

    @cached_property
    def _ends(self) -> list[int]:
        return [instruction.span.end for instruction in self._dockerfile.instructions]

    @cached_property
    def _froms(self) -> list[int]:
        """The indexes of the FROM instructions."""
        return [at for at, each in enumerate(self._dockerfile.instructions) if isinstance(each, From)]

    def _at(self, offset: int) -> Region:
        """The instruction that holds an offset, or that follows it (past the last: the count)."""
        return Region("instruction", bisect_left(self._ends, offset))

    def _stage(self, offset: int) -> Region:
        return Region("stage", bisect_right(self._froms, self._at(offset).at))

    def _regions(self, finding: Finding) -> tuple[Region, ...]:
        """The regions that a finding is in, by its place, else by a related place in the file; the narrowest first."""
        for span in (finding.span, *(related.span for related in finding.related)):
            if span.source is self._dockerfile.source:
                return self._at(span.start), self._stage(span.start), _FILE
        return (_FILE,)

    def _read(self, comment: Comment) -> None:
        pragmas = list(_pragmas(comment))
        for pragma in pragmas:
            if pragma.key == "ignore" and pragma.words:
                self._read_ignore(pragma, comment, alone=len(pragmas) == 1)
            elif pragma.tool != "mllint":
                continue
            elif pragma.key == "role":
                self._read_role(pragma, comment)
            else:
                known = hint(pragma.key, ("ignore", "role"), what="there are")
                ignore = pragma.key == "ignore"
                message = "write the rules as ignore=ML101,ML201" if ignore else f'unknown word "{pragma.key}"{known}'
                self._broken.append(Unused(comment.span, message, None))

    def _read_ignore(self, pragma: _Pragma, comment: Comment, *, alone: bool) -> None:
        offset = comment.span.start
        scopes = {"global": _FILE, "stage": self._stage(offset)}
        region = scopes.get(pragma.scope) or self._at(offset)
        ignores = [
            Ignore(word.text, word, pragma.tool, self._rules(word.text, pragma.tool), region, pragma.reason)
            for word in pragma.words
        ]
        for ignore in ignores:
            self._add(ignore)
        if pragma.tool == "mllint":
            self._lists.append((ignores, _comment_removal(comment) if alone else None))

    def _read_directive(self, directive: Directive) -> None:
        """`# check=skip=A,B;error=true` at the head holds for the file."""
        for option in directive.value.split(";"):
            key, _, listed = option.partition("=")
            if key.strip().lower() == "skip":
                for word in filter(None, (each.strip() for each in listed.split(","))):
                    self._add(Ignore(word, directive.span, "check", self._rules(word, "check"), _FILE, None))

    def _read_role(self, pragma: _Pragma, comment: Comment) -> None:
        word = pragma.words[0] if pragma.words else comment.span
        if word.text.lower() in ROLES:
            self.role = word.text.lower()
        else:
            known = hint(word.text, ROLES, what="the roles are")
            self._broken.append(Unused(word, f'unknown role "{word.text}"{known}', None))

    def _add(self, ignore: Ignore) -> None:
        if ignore.rules:
            self._ignores.setdefault(ignore.region, {}).setdefault((ignore.tool, ignore.word.lower()), ignore)

    def _rules(self, word: str, tool: str) -> frozenset[str]:
        """The ids that a code means in a comment of a tool."""
        key = (tool, word.lower())
        if key not in self._meanings:
            self._meanings[key] = frozenset(_meaning(self._registry, *key))
        return self._meanings[key]


def _meaning(registry: Registry, tool: str, word: str) -> Iterable[str]:
    aliases = registry.aliases
    if tool == "mllint":
        return registry.match(word) or aliases.get(word, ())
    if tool == "check" and word == "all":
        # The names of Docker's build checks are words; the codes of other tools have digits.
        return (rule for alias, rules in aliases.items() if alias.isalpha() for rule in rules)
    return aliases.get(word, ())


def _pragmas(comment: Comment) -> Iterator[_Pragma]:
    """The pragmas of a comment, each behind a `#`; what follows one, up to the next, is its reason."""
    lowered = comment.text.lower()
    if "mllint" not in lowered and "hadolint" not in lowered and not lowered.startswith("check"):
        return
    source, offset = comment.span.source, comment.span.start
    written = comment.span.text
    begins = [each.start() for each in _BEGIN.finditer(written)]
    for start, end in zip(begins, [*begins[1:], len(written)], strict=True):
        pragma = _pragma(Span(source, offset + start, offset + end))
        if pragma is not None:
            yield pragma


def _pragma(part: Span) -> _Pragma | None:
    """The pragma at the start of a piece of a comment, which begins with its `#`."""
    text = part.text
    found = _PRAGMA.match(text)
    if found is not None:
        tool, scope, key = (group.lower() if group else "" for group in found.groups())
        words, rest = _words(part, found.end())
        return _Pragma(tool, scope, key, words, _reason(rest))
    found = _CHECK.match(text)
    if found is not None:
        return _Pragma("check", "", "ignore", _words(part, found.end())[0], None)
    found = _MISSPELT.match(text)
    return _Pragma("mllint", "", found.group(1).lower(), (), None) if found is not None else None


def _words(part: Span, at: int) -> tuple[tuple[Span, ...], str]:
    """The words of a list that starts at an offset of `part`, and the text behind it."""
    text = part.text
    words = []
    while (word := _WORD.match(text, at)) is not None:
        words.append(Span(part.source, part.start + at, part.start + word.end()))
        at = word.end()
        comma = _COMMA.match(text, at)
        if comma is None:
            break
        at = comma.end()
    return tuple(words), text[at:]


def _reason(text: str) -> str | None:
    return _REASON.sub("", text, count=1).strip() or None


def _comment_removal(comment: Comment) -> Fix:
    """The edit that deletes the line of a comment."""
    source = comment.span.source
    start = source.text.rfind("\n", 0, comment.span.start) + 1
    end = source.text.find("\n", comment.span.end)
    line = Span(source, start, end + 1 if end != -1 else len(source.text))
    return Fix("Remove the comment", (Edit(line, ""),), Applicability.SAFE)


def _word_removal(ignores: list[Ignore], index: int) -> Fix:
    """The edit that takes one of several codes out of its comment."""
    ignore = ignores[index]
    if index + 1 < len(ignores):
        span = Span(ignore.span.source, ignore.span.start, ignores[index + 1].span.start)
    else:
        span = Span(ignore.span.source, ignores[index - 1].span.end, ignore.span.end)
    return Fix(f"Remove {ignore.word} from the comment", (Edit(span, ""),), Applicability.SAFE)
