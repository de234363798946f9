"""What the edits of a fix would change, as the lines to take out and the lines to put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mllint.finding import Edit
    from mllint.source import Source


class Change(NamedTuple):
    """Neighbouring lines that change together: `line` is the first one's number before the change, from 1."""

    path: str
    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


def changes(edits: Iterable[Edit]) -> list[Change]:
    """The changes by place; lines that stay as they are are left out of them."""
    return [_change(group) for group in _groups(edits)]


def _groups(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """The edits by place, those that touch the same lines together."""
    group: list[Edit] = []
    last = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.source.path, edit.span.start, edit.span.end)):
        if group and (edit.span.source is not group[0].span.source or edit.span.first.line > last):
            yield group
            group = []
        group.append(edit)
        last = edit.span.last.line if len(group) == 1 else max(last, edit.span.last.line)
    if group:
        yield group


def _change(group: list[Edit]) -> Change:
    source = group[0].span.source
    first = group[0].span.first.line
    begin = source.line_starts[first - 1]
    behind = _line_end(source, max(edit.span.last.line for edit in group))
    old = _lines(source.text[begin:behind])
    new = _lines(_edited(source, begin, behind, group))
    same_before = _common(old, new)
    old, new = old[same_before:], new[same_before:]
    same_after = _common(old[::-1], new[::-1])
    stop_old, stop_new = len(old) - same_after, len(new) - same_after
    return Change(source.path, first + same_before, tuple(old[:stop_old]), tuple(new[:stop_new]))


def _lines(text: str) -> list[str]:
    """The lines without their ends; as in a Dockerfile, only LF and CRLF end one."""
    return [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def _line_end(source: Source, line: int) -> int:
    return source.line_starts[line] if line < len(source.line_starts) else len(source.text)


def _edited(source: Source, begin: int, behind: int, group: list[Edit]) -> str:
    pieces = []
    at = begin
    for edit in group:
        pieces += [source.text[at : edit.span.start], edit.content]
        at = max(at, edit.span.end)
    return "".join([*pieces, source.text[at:behind]])


def _common(one: list[str], other: list[str]) -> int:
    """How many items at the start are equal."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
