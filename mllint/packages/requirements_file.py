"""pip's requirements and constraints files, each requirement with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mllint.packages.arguments import parse
from mllint.packages.manifest import Manifest
from mllint.packages.pip import GRAMMAR, INDEX_KINDS
from mllint.packages.program import indexes
from mllint.packages.python import requirement
from mllint.packages.requirement import Option, Requirement
from mllint.regex import regex
from mllint.shell.command import Word
from mllint.source import Source, Span, Text

_GRAMMAR = GRAMMAR.with_values("--hash")
_COMMENT = regex(r"(?:^|[ \t])#.*$")
#: pip puts environment variables in only when they are written so.
_VARIABLE = regex(r"\$\{[A-Z0-9_]+\}")
#: The first option of a requirement's line; in front of it all is the requirement.
_OPTIONS = regex(r"(?:^|(?<=\s))-{1,2}[A-Za-z]")
_TOKEN = regex(r"(?:[^\s\"']|\"[^\"]*\"|'[^']*')+")
#: What pip takes on a requirement's own line; it passes over its other options there without a word.
_OWN_OPTIONS = frozenset(("--hash", "--config-settings", "--global-option", "--install-option"))


def parse_requirements(source: Source, kind: str = "requirements") -> Manifest:
    """Reads the file; lines that pip would refuse say nothing."""
    return read_lines(source, _logical_lines(source), kind)


def read_lines(source: Source, lines: Iterable[Text], kind: str) -> Manifest:
    """Reads lines without comments and continuations."""
    found: list[Requirement] = []
    options: list[Option] = []
    misplaced: list[Option] = []
    for line in lines:
        start = _OPTIONS.search(line.value)
        head = line.slice(0, start.start() if start is not None else len(line.value)).strip()
        given = parse(_words(line.slice(start.start(), len(line.value))), _GRAMMAR).options if start is not None else ()
        if head.value:
            hashes = tuple(one.value.raw for one in given if one.name == "--hash" and one.value is not None)
            named = requirement(_word(head))
            if named is not None:
                found.append(named._replace(hashes=hashes))
                misplaced.extend(one for one in given if one.name not in _OWN_OPTIONS)
            continue
        options.extend(given)
        editable = (one.value for one in given if one.name == "--editable" and one.value is not None)
        found.extend(one for one in (requirement(word, editable=True) for word in editable) if one is not None)
    return Manifest(
        source=source,
        kind=kind,
        requirements=tuple(found),
        files=_values(options, "--requirement"),
        constraints=_values(options, "--constraint"),
        indexes=indexes(options, INDEX_KINDS),
        options=frozenset(option.name for option in options),
        misplaced=tuple(misplaced),
    )


def _values(options: list[Option], name: str) -> tuple[Word, ...]:
    return tuple(option.value for option in options if option.name == name and option.value is not None)


def _logical_lines(source: Source) -> Iterator[Text]:
    """Continued lines joined, comments and blanks taken off; empty lines are left out.

    As in pip, lines are joined before comments are taken off, and a comment line ends a continuation.
    """
    pieces: list[Text] = []
    for number in range(1, len(source.line_starts) + 1):
        start = source.line_starts[number - 1] + (1 if number == 1 and source.text.startswith("\ufeff") else 0)
        line = Text.plain(Span(source, start, source.line_starts[number - 1] + len(source.line(number))))
        comment = line.value.lstrip().startswith("#")
        if line.value.endswith("\\") and not comment:
            pieces.append(line.slice(0, len(line.value) - 1))
            continue
        if not comment:
            pieces.append(line)
        if pieces and (whole := _stripped(Text.join(pieces, source=source))).value:
            yield whole
        pieces = []
    if pieces and (whole := _stripped(Text.join(pieces, source=source))).value:
        yield whole


def _stripped(line: Text) -> Text:
    comment = _COMMENT.search(line.value)
    return (line if comment is None else line.slice(0, comment.start())).strip()


def _words(text: Text) -> list[Word]:
    return [_word(text.slice(*match.span())) for match in _TOKEN.finditer(text.value)]


def _word(text: Text) -> Word:
    raw = text.value
    value = None if _VARIABLE.search(raw) else _unquoted(raw)
    return Word(text.span, raw, value)


def _unquoted(raw: str) -> str:
    """Quotes group words in option lines; in a requirement they belong to its marker."""
    quoted = raw.startswith("-") or (raw[:1] in "\"'" and raw[-1:] == raw[:1])
    return raw.replace('"', "").replace("'", "") if quoted else raw
