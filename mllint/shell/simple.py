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

    __slots__ = (
        "assignments",
        "end",
        "input",
        "marks",
        "parts",
        "read_text",
        "redirects",
        "splits",
        "start",
        "substitutions",
        "words",
    )

    def __init__(self, read_text: Callable[[Simple, int], Text], splits: bool = True) -> None:
        self.words: list[Word] = []
        #: For each word, where it stands in the script; None for one of several that an expansion gave.
        self.marks: list[tuple[int, int] | None] = []
        self.assignments: list[Assignment] = []
        self.redirects: list[Redirect] = []
        #: Nodes that contain `$(…)`, backticks or `<(…)`.
        self.substitutions: list[Node] = []
        self.input: Input | None = None
        #: The word that is being read: its nodes, where it starts and ends.
        self.parts: list[Node] = []
        self.start = 0
        self.end = -1
        self.splits = splits
        self.read_text = read_text

    def word_text(self, index: int) -> Text:
        """The text of a word as a program of its own, by its index."""
        return self.read_text(self, index)


_REDIRECTS = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
_SKIPPED = frozenset({"comment", "ERROR", "heredoc_body", "heredoc_end", "heredoc_start"})
_SUBSTITUTION = re.compile(r"\$\(|`|[<>]\(")
_ESCAPED_BLANK = re.compile(r"\\[ \t\n]\Z")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=", re.ASCII)


class SimpleReader:
    """Reads the simple commands of one script."""

    __slots__ = ("heredocs", "masked", "text", "variables")

    def __init__(self, text: Text, masked: Masked, variables: Variables) -> None:
        self.text = text
        self.masked = masked.value
        self.heredocs = masked.heredocs
        self.variables = variables

    def read(self, nodes: Iterable[Node], *, splits: bool = True) -> Simple:
        """The command whose words and redirections are `nodes`, in the order in which they are written.

        Inside `[[ … ]]` the shell does not split words (`splits` False).
        """
        simple = Simple(self.word_text, splits)
        for node in nodes:
            kind = node.type
            if kind == "variable_assignment":
                self.assignment(simple, node)
            elif kind in _REDIRECTS:
                self.redirect(simple, node)
            elif kind not in _SKIPPED:
                self.word(simple, node)
        self.finish_word(simple)
        return simple

    def word(self, simple: Simple, node: Node) -> None:
        """Takes a word, or the next part of one: the grammar cuts some in two (`"a"\\$b`)."""
        start, end = node.start_byte, node.end_byte
        if start == end:  # made up by the grammar to recover from an error
            return
        if start > 1 and self.masked[start - 2] == "\\":
            start = self.before_blanks(simple, start)
        if start == simple.end:
            simple.parts.append(node)
        else:
            self.finish_word(simple)
            simple.parts = [node]
            simple.start = start
        simple.end = end

    def finish_word(self, simple: Simple) -> None:
        """Adds the value of the word that was read last."""
        if not simple.parts:
            return
        start, end = simple.start, simple.end
        raw = self.masked[start:end]
        span = self.text.at(start, end)
        if SPECIAL.search(raw) is None:
            simple.words.append(Word(span, raw, raw))
            simple.marks.append((start, end))
            return
        for part in simple.parts:
            self.note_substitutions(simple, part)
        raw = self.text.value[start:end]
        values = None if raw[:2] in ("<(", ">(") else self.values(simple, start, end)
        if values is None or len(values) == 1:
            simple.words.append(Word(span, raw, values[0] if values else None))
            simple.marks.append((start, end))
        else:
            simple.words += [Word(span, raw, value) for value in values]
            simple.marks += [None] * len(values)

    def values(self, simple: Simple, start: int, end: int) -> list[str] | None:
        if simple.splits:
            return fields(self.masked, start, end, self.variables)
        value = joined(self.masked, start, end, self.variables)
        return None if value is None else [value]

    def before_blanks(self, simple: Simple, start: int) -> int:
        """Where a word starts whose escaped blanks the grammar has skipped; a line's end counts inside a word only."""
        at = start
        while match := _ESCAPED_BLANK.search(self.masked, max(at - 2, 0), at):
            at = match.start()
        behind = at
        while behind and self.masked[behind - 1] == "\\":
            behind -= 1
        inside = at == simple.end or "\n" not in self.masked[at:start]
        return at if inside and (at - behind) % 2 == 0 else start

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
        self.note_substitutions(simple, node)
        value: str | None = None
        if subscript is None and not raw.startswith("("):
            value = joined(self.masked, at, end, self.variables) if SPECIAL.search(raw) else raw
            if plus and value is not None:
                before = self.variables.get(name)
                value = before + value if isinstance(before, str) else value if before is not None else None
        whole = self.text.at(start, end)
        span = self.text.at(at, end) if end > at else whole._replace(start=whole.end)
        simple.assignments.append(Assignment(name, Word(span, raw, value), whole))
        self.finish_word(simple)
        simple.parts = []
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
        sign, *words = children
        targets = [] if sign.type.endswith("&-") else words[:1]
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
        for extra in words[len(targets) :]:
            self.word(simple, extra)

    def target(self, simple: Simple, node: Node) -> Word:
        start, end = node.start_byte, node.end_byte
        raw = self.text.value[start:end]
        self.note_substitutions(simple, node)
        value = raw if SPECIAL.search(raw) is None else joined(self.masked, start, end, self.variables)
        return Word(self.text.at(start, end), raw, None if raw[:2] in ("<(", ">(") else value)

    def note_substitutions(self, simple: Simple, node: Node) -> None:
        if node.type != "raw_string" and _SUBSTITUTION.search(self.masked, node.start_byte, node.end_byte):
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
