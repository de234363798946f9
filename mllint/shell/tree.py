"""From the syntax tree of a script to its commands: what stands between them, and whether they must run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from mllint.shell.emit import emit
from mllint.shell.heredocs import Masked, mask
from mllint.shell.session import DEEPEST, Context, Session
from mllint.shell.simple import Node, SimpleReader, substitutions
from mllint.source import Text

_NOT_GRAMMAR = re.compile(r"[^\x01-\x7f]")
_TEST = re.compile(r"(?:test\s|\[\[?\s|\(\(|!\s)")
#: A right side of `||` that ends the script with a failure after all.
_FAILS = re.compile(r"(?:^|[\s;{(&|])(?:(?:exit|return)(?:[ \t]+(?!0\b)[^\s;})]+)?|false)[\s;})]*$")
_FAILS_WITHIN = 80

_CHAINS = frozenset({"&&", "||"})


def read_script(session: Session, text: Text, context: Context) -> None:
    """Adds the commands of a script to the session."""
    masked = mask(text.value)
    # One byte for each character: offsets in the tree are offsets in the text. `%` is a plain part of a word.
    value = masked.value if masked.value.isascii() else _NOT_GRAMMAR.sub("%", masked.value)
    root = session.grammar(value.replace("\0", "%").encode("ascii"))
    if root is None or root.has_error or not masked.complete:
        session.has_error = True
    if root is not None:
        _Walker(session, text, masked).sequence(root.children, context)


class _Item(NamedTuple):
    """A part of `a && b || c`."""

    operator: str
    node: Node
    redirects: tuple[Node, ...]


class _Walker:
    """Walks the tree of one script."""

    __slots__ = ("masked", "reader", "session")

    def __init__(self, session: Session, text: Text, masked: Masked) -> None:
        self.session = session
        self.masked = masked.value
        self.reader = SimpleReader(text, masked, session.variables)

    def sequence(self, nodes: Iterable[Node], context: Context) -> None:
        for node in nodes:
            self.statement(node, context)

    def statement(self, node: Node, context: Context, redirects: tuple[Node, ...] = ()) -> None:
        """A statement, with the redirections that the grammar puts beside it."""
        kind = node.type
        if kind == "&":
            self.session.operator = "&"
        handler = _HANDLERS.get(kind)
        if handler is None:
            return
        session = self.session
        if session.depth >= DEEPEST:
            session.has_error = True
            return
        session.depth += 1
        handler(self, node, context, redirects)
        session.depth -= 1

    def simple(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        nodes = node.children if not redirects else (*node.children, *redirects)
        self.emit(nodes, context)

    def assignment(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        self.emit((node, *redirects), context)

    def test(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        splits = not self.masked.startswith(("[[", "(("), node.start_byte)
        self.emit((*_leaves(node), *redirects), context, splits=splits)

    def emit(self, nodes: Iterable[Node], context: Context, *, splits: bool = True) -> None:
        simple = self.reader.read(nodes, splits=splits)
        if not (simple.words or simple.assignments or simple.redirects):
            return
        read = emit(self.session, simple, context, read_script)
        for node in simple.substitutions:
            if read is None or not read[0] <= node.start_byte < read[1]:
                self.substitutions(node, context)

    def substitutions(self, node: Node, context: Context) -> None:
        """The commands inside a word; they begin a sequence of their own."""
        operator = self.session.operator
        for inner in substitutions(node):
            self.session.operator = ""
            self.subshell(inner, context._replace(wrappers=(), assignments=(), redirects=()), ())
        self.session.operator = operator

    def redirected(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        body: Node | None = None
        own: list[Node] = []
        for child in node.children:
            if child.type in _HANDLERS and body is None:
                body = child
            else:
                own.append(child)
        if body is None:
            self.emit((*own, *redirects), context)
        else:
            self.statement(body, context, (*own, *redirects))

    def compound(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        """`{ … }`; also `(( … ))`, which the grammar calls the same."""
        children = node.children
        if children and children[0].type == "((":
            self.test(node, context, redirects)
        else:
            self.sequence(children, self.with_redirects(context, redirects))

    def subshell(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        with self.session.variables.subshell():
            context = self.with_redirects(context, redirects)
            self.sequence(node.children, context._replace(subshell=context.subshell + 1))

    def negated(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        for child in node.children:
            self.statement(child, context._replace(guarded=True), redirects)

    def pipeline(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        children = node.children
        for child in children:
            if child.type in ("|", "|&"):
                self.session.operator = "|"
            elif child.type in _HANDLERS:
                self.statement(child, context, redirects if child is children[-1] else ())

    def chain(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        """`a && b || c`: the grammar nests the left sides, here they are a row."""
        items = _row(node, redirects)
        guarded = self.guards(items)
        maybe = False
        for item, guard in zip(items, guarded, strict=True):
            if item.operator:
                self.session.operator = item.operator
            conditional = item.operator == "||" or (item.operator == "&&" and maybe)
            if conditional or guard:
                inner = context._replace(
                    conditional=context.conditional or conditional, guarded=context.guarded or guard
                )
            else:
                inner = context
            self.statement(item.node, inner, item.redirects)
            is_test = _TEST.match(self.masked, item.node.start_byte) is not None
            maybe = is_test or (maybe and item.operator == "&&")

    def guards(self, items: list[_Item]) -> list[bool]:
        """For each item, whether a `||` behind it catches its failure (`|| exit 1` does not)."""
        guards: list[bool] = []
        guarded = False
        for item in reversed(items):
            guards.append(guarded)
            if item.operator == "||":
                end = item.node.end_byte
                guarded = not _FAILS.search(self.masked[max(item.node.start_byte, end - _FAILS_WITHIN) : end])
        return guards[::-1]

    def branches(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        """if, elif, while and until: the condition may fail, what follows it may not run."""
        context = self.with_redirects(context, redirects)
        body = context._replace(conditional=True)
        inner = context._replace(guarded=True)
        for child in node.children:
            if child.type == "then":
                inner = body
            self.statement(child, body if child.type in _BODIES else inner)

    def elif_branch(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        self.branches(node, context._replace(conditional=True), redirects)

    def loop(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        """for and select, also in the style of C: the body may not run, the variable is none that we follow."""
        context = self.with_redirects(context, redirects)
        for child in node.children:
            kind = child.type
            if kind == "variable_name":
                self.session.variables.assign(self.masked[child.start_byte : child.end_byte], None)
            elif kind in _BODIES:
                self.statement(child, context._replace(conditional=True))
            elif kind.isidentifier():
                self.substitutions(child, context)

    def may_not_run(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        """A function, a case or one of its items."""
        context = self.with_redirects(context, redirects)._replace(conditional=True)
        self.sequence(node.children, context)

    def block(self, node: Node, context: Context, redirects: tuple[Node, ...]) -> None:
        self.sequence(node.children, self.with_redirects(context, redirects))

    def with_redirects(self, context: Context, nodes: Sequence[Node]) -> Context:
        """The redirections of a compound command hold for all commands in it."""
        if not nodes:
            return context
        simple = self.reader.read(nodes)
        return context._replace(redirects=(*simple.redirects, *context.redirects))


Handler = Callable[[_Walker, Node, Context, "tuple[Node, ...]"], None]

_BODIES = frozenset({"do_group", "elif_clause", "else_clause", "compound_statement"})

_HANDLERS: dict[str, Handler] = {
    "command": _Walker.simple,
    "declaration_command": _Walker.simple,
    "unset_command": _Walker.simple,
    "variable_assignments": _Walker.simple,
    "variable_assignment": _Walker.assignment,
    "test_command": _Walker.test,
    "redirected_statement": _Walker.redirected,
    "list": _Walker.chain,
    "pipeline": _Walker.pipeline,
    "negated_command": _Walker.negated,
    "compound_statement": _Walker.compound,
    "subshell": _Walker.subshell,
    "if_statement": _Walker.branches,
    "elif_clause": _Walker.elif_branch,
    "else_clause": _Walker.block,
    "while_statement": _Walker.branches,
    "for_statement": _Walker.loop,
    "c_style_for_statement": _Walker.loop,
    "do_group": _Walker.block,
    "case_statement": _Walker.may_not_run,
    "case_item": _Walker.may_not_run,
    "function_definition": _Walker.may_not_run,
    "ERROR": _Walker.block,
}


def _row(node: Node, redirects: tuple[Node, ...]) -> list[_Item]:
    """The items of a chain from left to right; redirections beside a nested chain belong to its last item."""
    items: list[_Item] = []
    while True:
        children = node.children
        if node.type == "list":
            operator = next((child.type for child in children if child.type in _CHAINS), ";")
            items.append(_Item(operator, children[-1], redirects))
            node, redirects = children[0], ()
        elif node.type == "redirected_statement" and children[0].type == "list":
            node, redirects = children[0], (*children[1:], *redirects)
        else:
            items.append(_Item("", node, redirects))
            return items[::-1]


def _leaves(node: Node) -> list[Node]:
    """The words of a test: the grammar reads an expression, the program gets a list of arguments."""
    found: list[Node] = []
    left = [*reversed(node.children)]
    while left:
        node = left.pop()
        if node.type.endswith("_expression") and node.type != "brace_expression":
            left.extend(reversed(node.children))
        else:
            found.append(node)
    return found
