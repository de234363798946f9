"""setup.cfg: setuptools' install_requires and extras_require."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mllint.packages.manifest import Manifest
from mllint.packages.python import requirement
from mllint.packages.requirement import Requirement
from mllint.packages.version import normalize_name
from mllint.regex import regex
from mllint.shell.command import Word
from mllint.source import Source

_SECTION = regex(r"\[([^\]]*)\]\s*(?:[#;].*)?")
_KEY = regex(r"([^\s=#;\[][^=]*?)\s*=\s*")
_LINE = regex(r"[^\n]*")


class _Value(NamedTuple):
    """A line of a key's value, blanks and comments taken off."""

    section: str
    key: str
    word: Word


def parse_setup_cfg(source: Source) -> Manifest | None:
    """Reads the file; None when it is none of this kind."""
    try:
        values = tuple(_values(source))
    except ValueError:
        return None
    required = _of(values, "options", "install_requires")
    extras: dict[str, list[Word]] = {}
    for each in values:
        if each.section == "options.extras_require":
            # `gpu:python_version < "3.9"` is the extra with a marker.
            extras.setdefault(normalize_name(each.key.partition(":")[0].strip()), []).append(each.word)
    name = next((word.value for word in _of(values, "metadata", "name") if word.value), None)
    python = next((word.value for word in _of(values, "options", "python_requires")), None)
    return Manifest(
        source=source,
        kind="setup.cfg",
        requirements=_requirements(required),
        extras=tuple((extra, _requirements(words)) for extra, words in extras.items()),
        files=tuple(_files(required)),
        requires_python=python,
        name=normalize_name(name) if name is not None else None,
        complete=bool(required),
    )


def _of(values: Iterable[_Value], section: str, key: str) -> tuple[Word, ...]:
    return tuple(each.word for each in values if each.section == section and each.key == key)


def _requirements(words: Iterable[Word]) -> tuple[Requirement, ...]:
    found = (requirement(word) for word in words if not (word.value or "").startswith("file:"))
    return tuple(each for each in found if each is not None)


def _files(words: Iterable[Word]) -> Iterator[Word]:
    """The files of `install_requires = file: requirements.txt, more.txt`."""
    for word in words:
        if word.raw.startswith("file:"):
            for match in re.finditer(r"[^\s,]+", word.raw[5:]):
                start = word.span.start + 5 + match.start()
                yield Word(word.span.source.span(start, start + len(match[0])), match[0], match[0])


def _values(source: Source) -> Iterator[_Value]:
    section: str | None = None
    key = ""
    for match in _LINE.finditer(source.text):
        line = match[0].rstrip()
        text = re.split(r"(?:^|\s)[#;]", line, maxsplit=1)[0].strip()
        if not text:
            continue
        start = match.start() + line.index(text)
        if (header := _SECTION.fullmatch(line)) is not None:
            section, key = header[1].strip(), ""
            continue
        if section is None:
            raise ValueError("text in front of the first section")
        if not line[0].isspace():
            named = _KEY.match(text)
            if named is None:
                raise ValueError("a line that is no key")
            key, text, start = named[1].lower(), text[named.end() :], start + named.end()
        if text:
            yield _Value(section, key, Word(source.span(start, start + len(text)), text, text))
