"""Comments that take findings back: mllint's own, hadolint's, and the `check=skip` of Docker's build checks.

    # mllint ignore=ML101,ML201 the reason          the next instruction, or the one that the comment stands in
    # mllint ignore=ML101 until=2027-01-31 why       the same, up to and including that day (UTC)
    # mllint global ignore=root-user  # the reason   the whole file
    # mllint role=serving                            what the image is for
    # hadolint ignore=DL3006                         rules that list the code among their aliases
    # check=skip=JSONArgsRecommended                 at the head: the whole file; elsewhere: the next instruction

Findings are marked, never dropped. A comment that belongs to several tools may hold their pragmas one after the other,
each behind a `#`.
"""

from __future__ import annotations

import os
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from mllint.config.errors import ConfigError, hint
from mllint.config.settings import ROLES
from mllint.finding import Applicability, Edit, Finding, Fix, Severity, Suppression, Unused
from mllint.plugins import Registry
from mllint.regex import regex
from mllint.source import Span
from mllint.syntax.nodes import Comment, Directive, Dockerfile, From

#: Where a pragma begins: at the comment's own `#`, and at a later one that a tool's name follows.
_BEGIN = regex(r"^#+|#(?=\s*(?:mllint|hadolint)\b)", re.IGNORECASE)
_PRAGMA = regex(r"#+\s*(mllint|hadolint)(?:\s*:)?\s+(?:(global|stage)\s+)?(ignore|role)\s*=\s*", re.IGNORECASE)
_CHECK = regex(r"#+\s*check\s*=\s*(?:.*;)?\s*skip\s*=\s*", re.IGNORECASE)
_WORD = regex(r"[A-Za-z][A-Za-z0-9_-]*")
_COMMA = regex(r"\s*,\s*")
#: `# mllint ignroe=ML101`, `# mllint ignore ML101`: meant as a pragma, and not read as one.
_MISSPELT = regex(r"#+\s*mllint(?:\s*:)?\s+(?:(?:global|stage)\s+)?([A-Za-z-]+)(\s*=|\s+(?:ML\d|ALL\b))", re.IGNORECASE)
#: `until=2027-01-31`, before the reason or behind it.
_UNTIL = regex(r"\buntil ?= ?([^\s;,#]*)", re.IGNORECASE)
_DATE = regex(r"\d{4}-\d{2}-\d{2}")
_REASON = regex(r"^[\s#;:,—–-]*(?:reason\s*=\s*)?", re.IGNORECASE)
#: Codes of other linters, which may stand in a comment of ours without a word from us.
_FOREIGN = regex(r"(DL|SC|DF|DS|DD)-?\d{3,4}|CKV\w+|S\d{4}", re.IGNORECASE)
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
    #: The date behind `until=`, as written.
    until: Span | None = None


class _List(NamedTuple):
    """The codes of one of mllint's own pragmas."""

    ignores: tuple[Ignore, ...]
    #: The fix that removes the comment; None where it is shared.
    removal: Fix | None
    #: The date behind `until=` where it has passed.
    expired: Span | None


class Suppressions:
    """What the comments of a file take back; made by `parse`."""

    def __init__(self, dockerfile: Dockerfile, registry: Registry, *, require_reasons: bool = False) -> None:
        self._dockerfile = dockerfile
        self._registry = registry
        self._require_reasons = require_reasons
        #: What the image is for, as a comment says it; None where none does.
        self.role: str | None = None
        self._broken: list[Unused] = []
        self._lists: list[_List] = []
        #: By region and word: a word that is repeated for the same region adds nothing.
        self._ignores: dict[Region, dict[tuple[str, str], Ignore]] = {}
        self._meanings: dict[tuple[str, str], frozenset[str]] = {}

    @classmethod
    def parse(cls, dockerfile: Dockerfile, registry: Registry, *, require_reasons: bool = False) -> Suppressions:
        """Reads the comments and the `check` directive of a file; `require_reasons` is what ML003 asks of ours.

        Raises ConfigError for a MLLINT_TODAY that is no date.
        """
        found = cls(dockerfile, registry, require_reasons=require_reasons)
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
        hits = {(finding.rule, region) for finding in findings for region in self.regions(finding)}
        on = frozenset(enabled) - {"ML003"}
        unused = list(self._broken)
        for each in self._lists:
            used = {
                ignore.span for ignore in each.ignores if any((rule, ignore.region) in hits for rule in ignore.rules)
            }
            unused.extend(self._idle(each, used, on))
            if each.expired is not None and used:
                message = f"the comment held until {each.expired.text}, and takes nothing back any more: mend what it "
                unused.append(Unused(each.expired, message + "was written for, or set a later date", None))
        return tuple(sorted(unused, key=lambda each: each.span.start))

    def _idle(self, codes: _List, used: Collection[Span], on: frozenset[str]) -> Iterator[Unused]:
        """The codes of a comment that match nothing, each with the fix that takes it out."""
        ignores = codes.ignores
        idle = [each for each in ignores if each.span not in used]
        problems = {each.span: problem for each in idle if (problem := self._problem(each, on)) is not None}
        whole = len(problems) == len(ignores)
        for index, ignore in enumerate(ignores):
            if ignore.span in problems:
                fix = codes.removal if whole else _word_removal(ignores, index)
                yield Unused(ignore.span, problems[ignore.span], fix)

    def _marked(self, finding: Finding) -> Finding:
        if finding.suppressed is not None:
            return finding
        for region in self.regions(finding):
            for ignore in self._ignores.get(region, {}).values():
                if finding.rule in ignore.rules and not self._hides_itself(finding, ignore):
                    return finding._replace(suppressed=Suppression(_TOOLS[ignore.tool], ignore.reason))
        return finding

    def _hides_itself(self, finding: Finding, ignore: Ignore) -> bool:
        """Whether a comment without the reason that is required would take back what is said about it."""
        return finding.rule == "ML003" and self._require_reasons and ignore.reason is None

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

    def regions(self, finding: Finding) -> tuple[Region, ...]:
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
        expired = self._expired(pragma.until) if pragma.until is not None else None
        for ignore in ignores if expired is None else ():
            self._add(ignore)
        if pragma.tool == "mllint":
            self._lists.append(_List(tuple(ignores), _comment_removal(comment) if alone else None, expired))
            if self._require_reasons and pragma.reason is None:
                codes = pragma.words[0].to(pragma.words[-1])
                message = (
                    "the comment gives no reason, and require-ignore-reason asks for one: write it behind the rules"
                )
                self._broken.append(Unused(codes, message, None, Severity.WARNING))

    def _expired(self, until: Span) -> Span | None:
        """The date, where it has passed. One that cannot be read ends nothing, and is reported."""
        if _is_date(until.text):
            return until if until.text < today() else None
        message = f'"{until.text}" is no date, so the comment holds without end: write it as until=2027-01-31'
        self._broken.append(Unused(until, message, None))
        return None

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
        until = _UNTIL.search(rest) if tool == "mllint" and key == "ignore" else None
        if until is None:
            return _Pragma(tool, scope, key, words, _reason(rest))
        start = part.end - len(rest)
        date = Span(part.source, start + until.start(1), start + until.end(1))
        return _Pragma(
            tool,
            scope,
            key,
            words,
            _reason(f"{rest[: until.start()].rstrip(' ;,')} {rest[until.end() :].lstrip(' ;,')}"),
            date,
        )
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


def today() -> str:
    """The date in UTC, as `2027-01-31`: the one clock that findings depend on.

    MLLINT_TODAY stands in its place, to see what will have ended by then. Raises ConfigError where it is no date.
    """
    given = os.environ.get("MLLINT_TODAY")
    if given and not _is_date(given):
        raise ConfigError(f'MLLINT_TODAY is "{given}", which is no date such as 2027-01-31')
    return given or time.strftime("%Y-%m-%d", time.gmtime())


def _is_date(text: str) -> bool:
    """Whether a text is a day of the calendar; dates that are compare as texts do."""
    from datetime import date

    if _DATE.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _comment_removal(comment: Comment) -> Fix:
    """The edit that deletes the line of a comment."""
    source = comment.span.source
    start = source.text.rfind("\n", 0, comment.span.start) + 1
    end = source.text.find("\n", comment.span.end)
    line = Span(source, start, end + 1 if end != -1 else len(source.text))
    return Fix("Remove the comment", (Edit(line, ""),), Applicability.SAFE)


def _word_removal(ignores: tuple[Ignore, ...], index: int) -> Fix:
    """The edit that takes one of several codes out of its comment."""
    ignore = ignores[index]
    if index + 1 < len(ignores):
        span = Span(ignore.span.source, ignore.span.start, ignores[index + 1].span.start)
    else:
        span = Span(ignore.span.source, ignores[index - 1].span.end, ignore.span.end)
    return Fix(f"Remove {ignore.word} from the comment", (Edit(span, ""),), Applicability.SAFE)
