"""Here-documents are cut out before the grammar reads a script: it knows only the simple ones."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.source import Text

_TOKEN = re.compile(r"""\\.|'|"|\$\(\(|\(\(|\$\(|\(|\)|#|<<<|<<|\n""", re.DOTALL)
_START = re.compile(r"""<<(-?)[ \t]*((?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s'"\\|&;<>()])+)""")
_QUOTES = re.compile(r"\\(.)|['\"]")
_BEFORE_COMMENT = frozenset(" \t\n;&|(")


class Heredoc(NamedTuple):
    """A here-document: its body is `text[start:end]`, without the line that ends it."""

    operator: str
    #: With a quoted end word the body is taken as it is; else the shell expands it.
    quoted: bool
    start: int
    end: int


class Masked(NamedTuple):
    """The script with each `<<WORD` written as `<xxxxx` and each body blanked; offsets stay."""

    value: str
    #: By the offset of the `<<`.
    heredocs: dict[int, Heredoc]
    #: False when a body has no end line.
    complete: bool


class _Pending(NamedTuple):
    at: int
    operator: str
    word: str
    quoted: bool


def mask(value: str) -> Masked:
    """The text without its here-documents."""
    if "<<" not in value:
        return Masked(value, {}, True)
    masker = _Masker(value)
    masker.run()
    return Masked(masker.result(), masker.heredocs, masker.complete)


def without_tabs(text: Text) -> Text:
    """The body of a `<<-` here-document: the tabs that begin its lines are taken off."""
    parts: list[Text] = []
    at = 0
    for line in text.value.splitlines(keepends=True):
        tabs = len(line) - len(line.lstrip("\t"))
        parts.append(text.slice(at + tabs, at + len(line)))
        at += len(line)
    return Text.join(parts, source=text.source) if parts else text


class _Masker:
    """Reads the script once, with a stack of the brackets and double quotes that are open."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.at = 0
        self.stack: list[str] = []
        self.pending: list[_Pending] = []
        self.heredocs: dict[int, Heredoc] = {}
        self.complete = True
        self.parts: list[str] = []
        self.copied = 0

    def run(self) -> None:
        while match := _TOKEN.search(self.value, self.at):
            self.at = match.end()
            token = match.group()
            if token == '"':
                self.toggle_quote()
            elif token == "$(" or token == "$((":
                self.open(token)
            elif not self.in_quotes:
                self.code(token, match.start())
        if self.pending:
            self.bodies()

    def result(self) -> str:
        return "".join([*self.parts, self.value[self.copied :]])

    @property
    def in_quotes(self) -> bool:
        return bool(self.stack) and self.stack[-1] == '"'

    def toggle_quote(self) -> None:
        if self.in_quotes:
            self.stack.pop()
        else:
            self.stack.append('"')

    def open(self, token: str) -> None:
        if token.endswith("(("):  # arithmetic, where `<<` shifts
            close = self.value.find("))", self.at)
            if close != -1:
                self.at = close + 2
        else:
            self.stack.append(")")

    def code(self, token: str, start: int) -> None:
        if token in ("(", "(("):
            self.open(token)
        elif token == ")" and self.stack:
            self.stack.pop()
        elif token == "'":
            self.skip_to("'", 1)
        elif token == "#" and (start == 0 or self.value[start - 1] in _BEFORE_COMMENT):
            self.skip_to("\n", 0)
        elif token == "<<":
            self.announce(start)
        elif token == "\n" and self.pending:
            self.bodies()

    def skip_to(self, what: str, behind: int) -> None:
        found = self.value.find(what, self.at)
        self.at = found + behind if found != -1 else len(self.value)

    def announce(self, start: int) -> None:
        match = _START.match(self.value, start)
        if match is None:
            return
        dash, word = match.groups()
        self.pending.append(_Pending(start, "<<" + dash, _QUOTES.sub(r"\1", word), _QUOTES.search(word) is not None))
        self.replace(start, match.end(), "<".ljust(match.end() - start, "x"))
        self.at = match.end()

    def replace(self, start: int, end: int, by: str) -> None:
        self.parts += (self.value[self.copied : start], by)
        self.copied = end

    def bodies(self) -> None:
        """The bodies of the here-documents of the line that has just ended, one after the other."""
        first = self.at
        for pending in self.pending:
            start = self.at
            end = self.end_of(pending)
            self.heredocs[pending.at] = Heredoc(pending.operator, pending.quoted, start, end)
        self.pending.clear()
        blank = " " * (self.at - first)
        self.replace(first, self.at, blank[1:] + "\n" if blank and self.value[self.at - 1] == "\n" else blank)

    def end_of(self, pending: _Pending) -> int:
        """Where the body ends; moves on to the line behind its end line."""
        value = self.value
        while self.at < len(value):
            line = self.at
            newline = value.find("\n", line)
            newline = len(value) if newline == -1 else newline
            found = value[line:newline].rstrip("\r")
            self.at = min(newline + 1, len(value))
            if (found.lstrip("\t") if pending.operator == "<<-" else found) == pending.word:
                return line
        self.complete = False
        return len(value)
