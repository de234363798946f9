"""From an instruction that carries a command to the script that really runs."""

from __future__ import annotations

from collections.abc import Sequence

from mllint.shell.command import NO_COMMANDS, UNKNOWN_SHELL, Script
from mllint.shell.parser import dialect_of, parse_exec, parse_script
from mllint.source import Text
from mllint.syntax.expand import Lookup
from mllint.syntax.nodes import Exec, Heredoc, Instruction


def read_script(instruction: Instruction, shell: tuple[str, ...], lookup: Lookup) -> Script:
    """The script of an instruction; without commands for one that carries none."""
    if not isinstance(instruction, Exec) or instruction.keyword == "SHELL":
        return NO_COMMANDS
    if instruction.argv is not None:
        return parse_exec(instruction.argv, lookup)
    dialect = dialect_of(shell)
    if dialect is None:
        return UNKNOWN_SHELL
    return parse_script(_text(instruction), lookup, dialect=dialect)


def _text(instruction: Exec) -> Text:
    """The shell's input: the line, and the here-documents behind it; a lone here-document is itself the script."""
    line, heredocs = instruction.arguments, instruction.heredocs
    if not heredocs:
        return line
    if len(heredocs) == 1 and line.value == heredocs[0].opening.text:
        return heredocs[0].body
    return Text.join([line, *_tail(heredocs)], source=line.source)


def _tail(heredocs: Sequence[Heredoc]) -> list[Text]:
    pieces = []
    for heredoc in heredocs:
        at = heredoc.opening
        newline = Text(at.source, "\n", (0,), (at.end,))
        pieces += [newline, heredoc.body]
        if heredoc.body.value and not heredoc.body.value.endswith("\n"):
            pieces.append(newline)
        end = heredoc.name if heredoc.closing is None else heredoc.closing.text.strip()
        pieces.append(Text(at.source, end, (0,), ((heredoc.closing or at).start,)))
    return pieces
