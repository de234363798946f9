"""The whole way from a text to its nodes."""

from __future__ import annotations

from mllint.source import Source
from mllint.syntax.instructions import Context, read
from mllint.syntax.nodes import Arg, Dockerfile, From, Instruction
from mllint.syntax.problems import Report
from mllint.syntax.splitter import Statement, split


def parse(source: Source) -> Dockerfile:
    """The instructions of a Dockerfile and what Docker refuses in it. Any text can be parsed; nothing is raised."""
    layout = split(source)
    report = Report(layout.problems)
    context = Context(layout.escape, report)
    instructions = []
    for statement in layout.statements:
        _check_heredocs(statement, report)
        instructions.append(read(statement.line, statement.heredocs, context))
    _check_stages(source, instructions, report)
    return Dockerfile(
        source,
        layout.escape,
        layout.directives,
        tuple(instructions),
        layout.comments,
        tuple(sorted(report.problems, key=lambda problem: problem.span.start)),
    )


def _check_heredocs(statement: Statement, report: Report) -> None:
    for heredoc in statement.heredocs:
        if heredoc.closing is None:
            message = f"the here-document has no end: Docker finds no line {heredoc.name} in the rest of the file"
            report.add(heredoc.opening, message)
            return


def _check_stages(source: Source, instructions: list[Instruction], report: Report) -> None:
    """Report what stands before the first FROM, or that there is none."""
    if not instructions:
        report.add(source.span(0, 0), "the file has no instructions")
        return
    first = next((number for number, node in enumerate(instructions) if isinstance(node, From)), None)
    if first is None:
        if not report.problems:
            report.add(instructions[0].keyword_span, "the file has no FROM, and Docker has nothing to build")
        return
    for node in instructions[:first]:
        if type(node) is not Instruction and not isinstance(node, Arg):
            message = f"{node.keyword} stands before the first FROM, where Docker takes ARG only"
            report.add(node.keyword_span, message)
