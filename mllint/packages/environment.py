"""conda's environment.yml (`channels`, `dependencies` with a `pip` list), and lists for `conda install --file`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mllint.packages import conda
from mllint.packages.manifest import Manifest
from mllint.packages.requirement import Index, Requirement
from mllint.packages.requirements_file import read_lines
from mllint.shell.command import Word
from mllint.source import Source, Span, Text


def parse_environment(source: Source) -> Manifest | None:
    """Reads an environment file; None when it is no YAML, or no environment."""
    root = _compose(source.text)
    members = dict(_members(root))
    listed = members.get("dependencies")
    if listed is None or not isinstance(listed.value, list):
        return None
    found: list[Requirement] = []
    pip_lines: list[Text] = []
    for node in _items(listed):
        if isinstance(node.value, str):
            named = conda.requirement(_word(source, node))
            found += [named] if named is not None else []
        else:
            pip_lines += [_text(source, item) for item in _items(dict(_members(node)).get("pip"))]
    pip = read_lines(source, (line for line in pip_lines if line.value), "environment")
    channels = (_word(source, node) for node in _items(members.get("channels")))
    name = members.get("name")
    return pip._replace(
        requirements=(*found, *pip.requirements),
        indexes=(*(Index("channel", word.value, word.span) for word in channels), *pip.indexes),
        name=name.value if name is not None and isinstance(name.value, str) and name.value else None,
    )


def parse_specifications(source: Source) -> Manifest:
    """Reads a list of match specifications, one a line, as `conda install --file` takes it."""
    found = []
    for number in range(1, len(source.line_starts) + 1):
        text = source.line(number).partition("#")[0]
        start = source.line_starts[number - 1] + len(text) - len(text.lstrip())
        word = text.strip()
        named = conda.requirement(Word(source.span(start, start + len(word)), word, word)) if word else None
        found += [named] if named is not None else []
    return Manifest(source, "environment", tuple(found))


def _compose(text: str) -> Any:
    """The node of the document; None when there is none that can be read."""
    import yaml

    try:
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _members(node: Any) -> Iterator[tuple[str, Any]]:
    """The keys and values of a mapping."""
    if node is not None and node.id == "mapping":
        yield from ((key.value, value) for key, value in node.value if isinstance(key.value, str))


def _items(node: Any) -> list[Any]:
    """The items of a sequence; a list inside of it (from an anchor) is left out with what is null."""
    if node is None or node.id != "sequence":
        return []
    return [item for item in node.value if item.value and (item.id != "sequence")]


def _text(source: Source, node: Any) -> Text:
    """A scalar as text with its place; where escapes or folding part the two, each character has the whole place."""
    value = node.value if isinstance(node.value, str) else ""
    span = _span(source, node)
    if span.text == value or not value:
        return Text.plain(span).strip()
    count = len(value)
    return Text(source, value, tuple(range(count)), (span.start,) * count, (span.end - span.start,) * count)


def _word(source: Source, node: Any) -> Word:
    value = node.value if isinstance(node.value, str) else None
    span = _span(source, node)
    return Word(span, span.text, value)


def _span(source: Source, node: Any) -> Span:
    """A scalar's place, without quotes and without the blanks that follow a plain one."""
    start, end = node.start_mark.index, node.end_mark.index
    text = source.text[start:end].rstrip()
    if len(text) >= 2 and text[0] in "\"'" and text[-1] == text[0]:
        return source.span(start + 1, start + len(text) - 1)
    # An anchor or a tag stands in front of the value.
    marked = re.match(r"(?:[&!]\S*\s+)+", text)
    return source.span(start + (marked.end() if marked is not None else 0), start + len(text))
