"""Python text, read but never run: the calls it makes and their literal arguments."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from mllint.source import Source, Span, Text


class Call(NamedTuple):
    """A call. `name` is dotted (`uvicorn.run`, `AutoModel.from_pretrained`), with imported aliases put back."""

    name: str
    #: Literal positional arguments, names of constants put in; None for an argument that is computed.
    arguments: tuple[object, ...]
    #: Keyword arguments, computed ones as None (see `has`).
    keywords: dict[str, object]
    span: Span

    def has(self, keyword: str) -> bool:
        """Whether the keyword is given, or may be (`**kwargs`)."""
        return keyword in self.keywords or "**" in self.keywords


def calls(text: Text) -> tuple[Call, ...]:
    """The calls of a piece of Python in the order of the text; none when it is not valid Python."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.value)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(_walk(tree, text))


def calls_of_source(source: Source) -> tuple[Call, ...]:
    """The calls of a whole Python file."""
    return calls(Text.plain(source.span(0, len(source.text))))


def _walk(tree: ast.Module, text: Text) -> Iterator[Call]:
    starts = _line_starts(text.value)
    aliases = _aliases(tree)
    constants = _constants(tree)

    def literal(node: ast.expr) -> object:
        if isinstance(node, ast.Name):
            return constants.get(node.id)
        return node.value if isinstance(node, ast.Constant) else None

    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _dotted(node.func, aliases)
            if name is not None:
                keywords = {each.arg or "**": literal(each.value) for each in node.keywords}
                found.append(Call(name, tuple(map(literal, node.args)), keywords, _span(node, text, starts)))
    yield from sorted(found, key=lambda call: (call.span.start, -call.span.end))


def _aliases(tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update((each.asname, each.name) for each in node.names if each.asname)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)
    return names


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str | None:
    """`a.b.c` as text; a call in front (`Flask(__name__).run`) is written as its own name."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            parts.append(aliases.get(node.id, node.id))
            return ".".join(reversed(parts))
        else:
            return None


def _constants(tree: ast.Module) -> dict[str, object]:
    """Names that are assigned once in the whole text, and to a literal."""
    stored = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not _is_read(node))
    stored.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    found: dict[str, object] = {}
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            for target in statement.targets:
                if isinstance(target, ast.Name) and stored[target.id] == 1:
                    found[target.id] = statement.value.value
    return found


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _line_starts(value: str) -> list[int]:
    starts = [0]
    for line in value.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _span(node: ast.Call, text: Text, starts: list[int]) -> Span:
    """ast counts columns in UTF-8 bytes; a text without other characters needs no second look."""

    def offset(line: int, column: int) -> int:
        start = starts[line - 1]
        if text.value.isascii():
            return start + column
        end = starts[line] if line < len(starts) else len(text.value)
        return start + len(text.value[start:end].encode()[:column].decode(errors="ignore"))

    first = offset(node.lineno, node.col_offset)
    return text.at(first, max(first, offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)))
