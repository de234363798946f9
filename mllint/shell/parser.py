"""The door to the shell layer: RUN, CMD, ENTRYPOINT and HEALTHCHECK bodies to commands.

tree-sitter-bash reads the structure; it is imported when the first body is parsed, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

from mllint.shell.command import NO_COMMANDS, UNKNOWN_SHELL, Script, Word
from mllint.shell.emit import emit, shebang
from mllint.shell.session import Context, Grammar, Session
from mllint.shell.simple import Simple
from mllint.shell.tree import read_script
from mllint.shell.variables import Variables
from mllint.shell.wrappers import shell_kind
from mllint.source import Text
from mllint.syntax.expand import Lookup

if TYPE_CHECKING:
    from mllint.shell.simple import Node

__all__ = ["dialect_of", "parse_exec", "parse_script"]

#: tree-sitter takes time that grows with the square of some broken texts. 0.3 µs per character are usual; longer
#: texts are given up after a time that no shell script needs.
_SHORT = 4_000
_SECONDS = 1.0
_SECONDS_PER_CHARACTER = 5e-6
_CHUNK = 65_536

#: One parser serves the whole process; loaded with the first body.
_grammar: Grammar | None = None


def parse_script(text: Text, lookup: Lookup, *, dialect: str | None = "sh") -> Script:
    """The commands of a shell-form body or of a here-document.

    `text` is what the shell gets, with continuations taken out; a body with here-documents holds them, each with its
    end line. `lookup` answers for variables that the script has not assigned. `dialect` is what `dialect_of` gave for
    the SHELL in force. Never raises: what cannot be read sets `has_error`.
    """
    if dialect == "python":
        return Script((), known=True, has_error=False, python=text)
    if dialect != "sh":
        return UNKNOWN_SHELL
    interpreter = shebang(text.value)
    if interpreter is not None and interpreter.kind != "sh":
        return parse_script(text, lookup, dialect=interpreter.kind)
    session = Session(Variables(lookup), _root)
    read_script(session, text, Context())
    commands = tuple(session.commands)
    # `RUN <<EOF` alone: the body is the program, and may be Python by its first line.
    python = commands[0].python if len(commands) == 1 and not commands[0].words else None
    return Script(commands, known=True, has_error=session.has_error, python=python)


def parse_exec(argv: Sequence[Text], lookup: Lookup) -> Script:
    """The command of an exec form: its words are static, wrappers and `sh -c` are unwrapped as in a script."""
    if not argv:
        return NO_COMMANDS
    session = Session(Variables(lookup), _root)
    simple = Simple(lambda _, index: argv[index])
    simple.words = [Word(text.span, text.value, text.value) for text in argv]
    simple.marks = [None] * len(argv)
    emit(session, simple, Context(), read_script)
    return Script(tuple(session.commands), known=True, has_error=session.has_error)


def dialect_of(shell_argv: Sequence[str]) -> str | None:
    """What the words of a SHELL instruction run: "sh" for POSIX shells, "python", None for others or unknown ones."""
    return shell_kind(shell_argv)


def _root(code: bytes) -> Node | None:
    global _grammar
    if _grammar is None:
        _grammar = _load()
    return _grammar(code)


def _load() -> Grammar:
    from tree_sitter import Language, Parser

    parser = Parser(Language(_language()))

    def parse(code: bytes) -> Node | None:
        if len(code) <= _SHORT:
            return parser.parse(code).root_node
        give_up = monotonic() + _SECONDS + _SECONDS_PER_CHARACTER * len(code)
        try:
            return parser.parse(
                lambda at, _: code[at : at + _CHUNK], progress_callback=lambda *_: monotonic() > give_up
            ).root_node
        except ValueError:
            parser.reset()
            return None

    return parse


def _language() -> object:
    """The grammar that tree_sitter_bash brings.

    Its extension module is loaded without the package around it, which imports `importlib.resources` (6 ms of a start
    of 90) for queries that nothing here reads.
    """
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec

    package = find_spec("tree_sitter_bash")
    spec = PathFinder.find_spec("tree_sitter_bash._binding", package.submodule_search_locations) if package else None
    if spec is None or spec.loader is None:
        import tree_sitter_bash

        return tree_sitter_bash.language()
    binding = module_from_spec(spec)
    spec.loader.exec_module(binding)
    return binding.language()
