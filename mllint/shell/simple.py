"""The parts of a simple command: its words, assignments and redirections, each with its value and place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from mllint.shell.command import Assignment, Redirect, Word
from mllint.shell.heredocs import Masked, without_tabs
from mllint.shell.variables import Variables
from mllint.shell.words import SPECIAL, constant, fields, joined, script_text
from mllint.source import Text


class Node(Protocol):
    """What is used of a node of the syntax tree; the offsets count code points (see `parser.py`)."""

    @property
    def type(self) -> str: ...
    @property
    def start_byte(self) -> int: ...
    @property
    def end_byte(self) -> int: ...
    @property
    def has_error(self) -> bool: ...
    @property
    def children(self) -> Sequence[Node]: ...


class Input(NamedTuple):
    """The here-document on the standard input of a command."""

    body: Text
    quoted: bool

    def value(self, variables: Variables) -> Text:
        """What the command reads: with an unquoted end word, variables are put in as far as they are known."""
        if self.quoted:
            return self.body
        return script_text(self.body, self.body.value, 0, len(self.body.value), variables, heredoc=True)


class Simple:
    """A simple command as it is written, before wrappers are taken off."""

    __slots__ = ("assignments", "input", "marks", "redirects", "substitutions", "word_text", "words")

    def __init__(self, word_text: Callable[[int], Text]) -> None:
        self.words: list[Word] = []
        #: For each word, where it stands in the script; None for one of several that an expansion gave.
        self.marks: list[tuple[int, int] | None] = []
        self.assignments: list[Assignment] = []
        self.redirects: list[Redirect] = []
        #: Nodes that contain `$(…)`, backticks or `<(…)`.
        self.substitutions: list[Node] = []
        self.input: Input | None = None
        #: The text of a word as a program of its own, by its index.
        self.word_text = word_text


_REDIRECTS = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
_SKIPPED = frozenset({"comment", "ERROR", "heredoc_body", "heredoc_end", "heredoc_start"})
_SUBSTITUTION = re.compile(r"\$\(|`|[<>]\(")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=", re.ASCII)


class SimpleReader:
    """Reads the simple commands of one script."""

    __slots__ = ("heredocs", "masked", "text", "variables")

    def __init__(self, text: Text, masked: Masked, variables: Variables) -> None:
        self.text = text
        self.masked = masked.value
        self.heredocs = masked.heredocs
        self.variables = variables

    def read(self, nodes: Iterable[Node]) -> Simple:
        """The command whose words and redirections are `nodes`, in the order in which they are written."""
        simple = Simple(lambda index: self.word_text(simple, index))
        for node in nodes:
            kind = node.type
            if kind == "variable_assignment":
                self.assignment(simple, node)
            elif kind in _REDIRECTS:
                self.redirect(simple, node)
            elif kind not in _SKIPPED:
                self.word(simple, node)
        return simple

    def word(self, simple: Simple, node: Node) -> None:
        start, end = node.start_byte, node.end_byte
        if start == end:  # made up by the grammar to recover from an error
            return
        raw = self.masked[start:end]
        span = self.text.at(start, end)
        if SPECIAL.search(raw) is None:
            simple.words.append(Word(span, raw, raw))
            simple.marks.append((start, end))
            return
        self.note_substitutions(simple, node, raw)
        raw = self.text.value[start:end]
        values = None if raw[:2] in ("<(", ">(") else fields(self.masked, start, end, self.variables)
        if values is None or len(values) == 1:
            simple.words.append(Word(span, raw, values[0] if values else None))
            simple.marks.append((start, end))
        else:
            simple.words += [Word(span, raw, value) for value in values]
            simple.marks += [None] * len(values)

    def word_text(self, simple: Simple, index: int) -> Text:
        mark = simple.marks[index]
        if mark is not None:
            return script_text(self.text, self.masked, *mark, self.variables)
        word = simple.words[index]
        at = Text(word.span.source, "", (0,), (word.span.start,))
        return constant(at, word.value or "", 0, 0)

    def assignment(self, simple: Simple, node: Node) -> None:
        start, end = node.start_byte, node.end_byte
        match = _ASSIGNMENT.match(self.masked, start, end)
        if match is None:
            return
        name, subscript, plus = match.groups()
        at = match.end()
        raw = self.text.value[at:end]
        self.note_substitutions(simple, node, raw)
        value: str | None = None
        if subscript is None and not raw.startswith("("):
            value = joined(self.masked, at, end, self.variables) if SPECIAL.search(raw) else raw
            if plus and value is not None:
                before = self.variables.get(name)
                value = before + value if isinstance(before, str) else value if before is not None else None
        whole = self.text.at(start, end)
        span = self.text.at(at, end) if end > at else whole._replace(start=whole.end)
        simple.assignments.append(Assignment(name, Word(span, raw, value), whole))
        if simple.words:  # an argument of export and the like
            known = None if value is None else f"{name}{plus}={value}"
            simple.words.append(Word(whole, self.text.value[start:end], known))
            simple.marks.append((start, end))

    def redirect(self, simple: Simple, node: Node) -> None:
        """The grammar takes all words behind `>` for its targets; only the first one is."""
        children = [child for child in node.children if child.type not in _SKIPPED]
        descriptor = ""
        if children and children[0].type == "file_descriptor":
            first = children.pop(0)
            descriptor = self.masked[first.start_byte : first.end_byte]
        if not children or children[0].type[0] not in "<>&" or node.type == "heredoc_redirect":
            return
        sign, *targets = children
        span = self.text.at(node.start_byte, (targets or children)[0].end_byte)
        heredoc = self.heredocs.get(sign.start_byte)
        if heredoc:
            body = self.text.slice(heredoc.start, heredoc.end)
            body = without_tabs(body) if heredoc.operator == "<<-" else body
            simple.redirects.append(Redirect(descriptor + heredoc.operator, None, body, span))
            if descriptor in ("", "0"):
                simple.input = Input(body, heredoc.quoted)
        else:
            target = self.target(simple, targets[0]) if targets else None
            simple.redirects.append(Redirect(descriptor + sign.type, target, None, span))
        for extra in targets[1:]:
            self.word(simple, extra)

    def target(self, simple: Simple, node: Node) -> Word:
        start, end = node.start_byte, node.end_byte
        raw = self.text.value[start:end]
        self.note_substitutions(simple, node, raw)
        value = raw if SPECIAL.search(raw) is None else joined(self.masked, start, end, self.variables)
        return Word(self.text.at(start, end), raw, None if raw[:2] in ("<(", ">(") else value)

    def note_substitutions(self, simple: Simple, node: Node, raw: str) -> None:
        if node.type != "raw_string" and _SUBSTITUTION.search(raw):
            simple.substitutions.append(node)


def substitutions(node: Node) -> list[Node]:
    """The `$(…)`, backticks and `<(…)` in a word, outermost only."""
    found: list[Node] = []
    left = [node]
    while left:
        node = left.pop()
        if node.type in ("command_substitution", "process_substitution"):
            found.append(node)
        else:
            left.extend(reversed(node.children))
    return found
