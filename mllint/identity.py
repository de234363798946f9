"""What a finding is known by while the rest of its file changes: its rule, and the text of the instruction it is on.

The text is normalised: continued lines are joined, comments in them left out, white space runs become one blank. Line
numbers have no part in it, so that edits elsewhere change nothing. In a file that is no Dockerfile (a list of
requirements, a script) the line stands for the instruction.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from functools import cached_property

from mllint.finding import Finding
from mllint.source import Source, Span
from mllint.syntax.nodes import Dockerfile, Instruction
from mllint.syntax.parser import parse

#: Hexadecimal digits of a key: enough that two instructions of one file never share one.
_DIGITS = 16


class Units:
    """The instructions of a file as normalised texts, and its lines where there are none."""

    def __init__(self, source: Source, *, dockerfile: bool) -> None:
        self._source = source
        self._dockerfile = dockerfile

    @cached_property
    def _parsed(self) -> Dockerfile | None:
        return parse(self._source) if self._dockerfile else None

    @cached_property
    def _instructions(self) -> tuple[Instruction, ...]:
        return self._parsed.instructions if self._parsed is not None else ()

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of the instructions in order, or of the lines of a file that is no Dockerfile."""
        if self._parsed is not None:
            return tuple(map(_normalised, self._instructions))
        return tuple(map(_collapsed, self._source.text.split("\n")))

    def number(self, offset: int) -> int | None:
        """Which of the texts an offset lies in; None between the instructions of a Dockerfile."""
        if self._parsed is None:
            return self._source.position(offset).line - 1
        number = bisect_right([each.span.start for each in self._instructions], offset) - 1
        return number if number >= 0 and offset <= self._instructions[number].span.end else None

    def at(self, offset: int) -> str:
        """The text of the instruction at an offset; of its line where there is none, such as in a comment."""
        number = self.number(offset)
        if number is not None:
            return self.texts[number]
        return _collapsed(self._source.line(self._source.position(offset).line))


class Keys:
    """Gives the findings of one linted file their keys; every source is read once."""

    def __init__(self, path: str, findings: Iterable[Finding]) -> None:
        """`path` is that of the Dockerfile. What a finding calls a secret is not hashed: a key could be guessed."""
        self._path = path
        self._units: dict[int, Units] = {}
        self._secrets = sorted({_collapsed(each.span.text) for each in findings if each.secret}, key=len, reverse=True)

    def key(self, finding: Finding) -> str:
        """The key of a finding; findings of one rule on equal instructions share it."""
        from hashlib import sha256

        text = self._text(finding.span)
        for secret in filter(None, self._secrets):
            text = text.replace(secret, "*")
        data = f"{finding.rule}\0{text}".encode("utf-8", "surrogatepass")
        return sha256(data).hexdigest()[:_DIGITS]

    def _text(self, span: Span) -> str:
        units = self._units.get(id(span.source))
        if units is None:
            dockerfile = span.source.path == self._path
            units = self._units[id(span.source)] = Units(span.source, dockerfile=dockerfile)
        return units.at(span.start)


def with_keys(path: str, findings: Collection[Finding]) -> tuple[Finding, ...]:
    """The findings of the Dockerfile of that path, each with its key."""
    keys = Keys(path, findings)
    return tuple(finding._replace(key=keys.key(finding)) for finding in findings)


def _normalised(instruction: Instruction) -> str:
    flags = (f"{flag.name}={'' if flag.value is None else flag.value.value}" for flag in instruction.flags)
    bodies = (heredoc.body.value for heredoc in instruction.heredocs)
    return _collapsed(" ".join((instruction.keyword, *flags, instruction.arguments.value, *bodies)))


def _collapsed(text: str) -> str:
    return " ".join(text.split())
