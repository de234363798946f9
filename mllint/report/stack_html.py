"""The stack as one page: stages and flows, layers, findings and the file. It needs no network and runs no script.

Whatever comes from a file goes through `_Page.text`, which hides secrets and escapes what HTML would read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

from mllint.finding import Applicability, Severity
from mllint.report.mask import Mask
from mllint.report.stack_html_flow import TIP, draw
from mllint.report.stack_html_style import STYLE
from mllint.report.stack_text import contents, megabytes, size_title, stack_rows
from mllint.report.text import counted, ended, visible

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.finding import Finding
    from mllint.report.stack_report import Layer, StackReport, Stacks, StageStack
    from mllint.report.style import Style
    from mllint.source import Source, Span

_HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
"""
#: Lines that are shown around a finding in a file that is not the Dockerfile.
_AROUND = 2
_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(stacks: Stacks, out: TextIO, style: Style) -> None:  # noqa: ARG001 (one signature for all formats)
    """Writes all files as one page."""
    title = stacks.files[0].path if len(stacks.files) == 1 else counted(len(stacks.files), "Dockerfile")
    out.write(f"{_HEAD}<title>{_escaped(f'mllint stack: {title}')}</title>\n")
    out.write(f"<style>\n{STYLE}</style>\n</head>\n<body>\n{TIP}")
    if len(stacks.files) > 1:
        names = [f'<li><a href="#f{number}">{_escaped(each.path)}</a></li>' for number, each in enumerate(stacks.files)]
        out.write(f'<nav><ul class="chips">{"".join(names)}</ul></nav>\n')
    for number, report in enumerate(stacks.files):
        out.writelines(f"{part}\n" for part in _Page(report, number).parts())
    said = (f"{error.path}: {error.message}" if error.path else error.message for error in stacks.errors)
    out.writelines(f'<p class="error">{_escaped(each)}</p>\n' for each in said)
    out.write(f'<footer class="dim">mllint {_escaped(stacks.version)}; sizes are estimates, as pulled</footer>\n')
    out.write("</body>\n</html>\n")


def _escaped(text: str) -> str:
    return escape(visible(text))


class _Page:
    """The part of the page that is about one file."""

    def __init__(self, report: StackReport, number: int) -> None:
        self._report = report
        self._name = f"f{number}"
        self._findings = [each for each in report.findings if each.suppressed is None]
        self._mask = Mask(report.findings)
        spans = (*report.secrets, *(each.span for each in report.findings if each.secret))
        # A word such as "postgres" is hidden where it is the password, and nowhere else.
        values = {span.text.strip("\"'") for span in spans}
        self._secrets = sorted((each for each in values if each and not each.isalpha()), key=len, reverse=True)
        self._spans = report.secrets
        others = (each.span.source for each in self._findings)
        sources = {each.path: each for each in others if each.path != report.path}
        self._sources = {report.path: report.source} | sources if report.source is not None else sources
        self._marks = {path: f"{self._name}{f's{at}' if at else ''}" for at, path in enumerate(self._sources)}

    # Texts and links

    def text(self, value: str) -> str:
        """A text of the file, to be put into the page: no markup, no control characters, no secrets."""
        return _escaped(self._hidden(value))

    def _prose(self, message: str) -> str:
        """A rule's sentence, with what stands between backticks as code."""
        return re.sub("`([^`]+)`", r"<code>\1</code>", self.text(message))

    def _hidden(self, value: str) -> str:
        for secret in self._secrets:
            value = value.replace(secret, "*" * len(secret))
        return value

    def _link(self, path: str, line: int) -> str:
        return f"#{self._marks[path]}L{line}"

    def _place(self, span: Span) -> str:
        """`line 3`, as a link where that line is on the page."""
        path, line = span.source.path, span.first.line
        own = path == self._report.path
        said = self.text(f"line {line}" if own else f"{path} line {line}")
        shown = own or (path in self._sources and line in self._lines(path))
        return f'<a href="{self._link(path, line)}">{said}</a>' if shown else said

    # The page

    def parts(self) -> Iterator[str]:
        report = self._report
        yield f'<main id="{self._name}">'
        yield from self._title()
        if not report.stages:
            yield "<section><p>There is no stage in it.</p></section>"
        else:
            yield "<section><h2>Stages</h2>"
            yield draw(report.stages, self.text, lambda line: self._link(report.path, line))
            yield "</section>"
        if self._findings:
            yield from self._index()
        for stage in report.stages:
            yield from self._stage(stage)
        for path, source in self._sources.items():
            yield from self._file(path, source)
        yield "</main>"

    def _title(self) -> Iterator[str]:
        final = next(iter(self._report.stages), None)
        yield f"<header><h1>{self.text(self._report.path)}</h1>"
        counts = {severity: sum(each.severity is severity for each in self._findings) for severity in Severity}
        chips = [f'<li class="{each.value}">{counted(n, _WORDS[each])}</li>' for each, n in counts.items() if n]
        chips = chips or ['<li class="ok">no findings</li>']
        if final is not None:
            chips += [
                f"<li>{self.text(final.role.value or '')}</li>",
                f"<li>{self.text(size_title(final).removeprefix('layers: '))}</li>",
            ]
            chips += [f"<li>{self.text(again)}</li>"] if (again := _again(final)) else []
        yield f'<ul class="chips">{"".join(chips)}</ul></header>'

    def _index(self) -> Iterator[str]:
        yield '<section><h2>Findings</h2><ul class="findings">'
        order = sorted(range(len(self._findings)), key=lambda at: self._findings[at].severity.rank)
        for at in order:
            finding = self._findings[at]
            yield (
                f'<li><span class="badge {finding.severity.value}">{_WORDS[finding.severity]}</span> '
                f"{self._place(finding.span)} <strong>{_escaped(finding.rule)}</strong> "
                f"{self._prose(finding.message)}</li>"
            )
        yield "</ul></section>"

    def _stage(self, stage: StageStack) -> Iterator[str]:
        name = f"Stage {stage.name}" if stage.name else "The image" if stage.final else f"Stage {stage.index}"
        base = f' <span class="dim">from {self.text(stage.base)}</span>' if stage.base else ""
        heading = f"{self.text(name)}{base}"
        # What is built is open; the other stages are there for who asks.
        yield f"<section><h2>{heading}</h2>" if stage.final else f"<section><details><summary>{heading}</summary>"
        yield "<table>"
        for row in stack_rows(stage):
            why = " ".join(filter(None, (self.text(row.why), self._place(row.span) if row.span else "")))
            look = f' class="{row.look}"' if row.look else ""
            yield (
                f"<tr><th>{self.text(row.label)}</th><td{look}>{self.text(row.value)}</td>"
                f'<td class="why">{why}</td></tr>'
            )
        yield "</table>"
        if stage.hosts:
            yield "<h3>On the host</h3><ul>"
            yield from (f'<li class="{each.level}">{self.text(each.text)}</li>' for each in stage.hosts)
            yield "</ul>"
        if stage.layers:
            yield from self._layers(stage)
        yield "</section>" if stage.final else "</details></section>"

    def _layers(self, stage: StageStack) -> Iterator[str]:
        yield f"<h3>{self.text(size_title(stage).replace('layers', 'Layers', 1))}</h3>"
        yield '<table class="layers">'
        most = max((layer.megabytes or 0 for layer in stage.layers), default=0)
        for layer in stage.layers:
            yield self._layer(layer, most)
        yield "</table>"
        if again := _again(stage):
            yield f'<p class="legend"><span class="key"></span> {self.text(again)}</p>'

    def _layer(self, layer: Layer, most: float) -> str:
        size = layer.megabytes
        known = "not known" if size is None else f"{'' if layer.complete else '≥ '}{megabytes(size)}"
        share = round(100 * size / most, 1) if size and most else 0
        bar = f'<span style="width: {share}%"></span>' if share else ""
        what = contents(layer) or (layer.parts[0][0] if layer.parts else "")
        return (
            f'<tr class="{"again" if layer.runs_again else "kept"}">'
            f'<td class="at">{_escaped(layer.keyword)} {self._place(layer.span)}</td>'
            f'<td class="size">{known}</td><td class="bar">{bar}</td><td class="dim">{self.text(what)}</td></tr>'
        )

    # The files

    def _file(self, path: str, source: Source) -> Iterator[str]:
        notes: dict[int, list[Finding]] = {}
        for finding in self._findings:
            if finding.span.source.path == path:
                notes.setdefault(_last_line(finding.span), []).append(finding)
        found = {
            line
            for each in self._findings
            if each.span.source.path == path
            for line in range(each.span.first.line, _last_line(each.span) + 1)
        }
        yield f'<section><h2>{self.text(path)}</h2><div class="source">'
        lines = self._shown(source)
        before = 0
        for number in self._lines(path):
            if number > before + 1:
                yield '<div class="line dim"><a>…</a></div>'
            before = number
            name = f"{self._marks[path]}L{number}"
            look = "line found" if number in found else "line"
            code = escape("".join(each if each == "\t" else visible(each) for each in lines[number - 1]))
            yield f'<div class="{look}" id="{name}"><a href="#{name}">{number}</a><code>{code}</code></div>'
            yield from map(self._note, notes.get(number, ()))
        yield "</div></section>"

    def _lines(self, path: str) -> Iterable[int]:
        """The lines of a file that are on the page: all of the Dockerfile, of others what is around the findings."""
        source = self._sources[path]
        if path == self._report.path:
            count = len(source.line_starts)
            return range(1, count + (source.text[-1:] != "\n"))
        chosen: set[int] = set()
        for each in self._findings:
            if each.span.source.path == path:
                chosen.update(range(each.span.first.line - _AROUND, _last_line(each.span) + _AROUND + 1))
        return sorted(chosen & set(range(1, len(source.line_starts) + 1)))

    def _shown(self, source: Source) -> list[str]:
        """The lines of a file with asterisks for its secrets."""
        masked = list(self._mask.span(source.span(0, len(source.text))).text)
        for span in self._spans:
            if span.source is source:
                for at in range(span.start, span.end):
                    masked[at] = masked[at] if masked[at] in "\r\n" else "*"
        text = self._hidden("".join(masked))
        return [line.rstrip("\r") for line in text.split("\n")]

    def _note(self, finding: Finding) -> str:
        severity = finding.severity
        also = " ".join(f"{self._prose(each.message)}: {self._place(each.span)}." for each in finding.related[:4])
        also = f'<p class="fix">{also}</p>' if also else ""
        fix = ""
        if finding.fix is not None and finding.fix.applicability is not Applicability.DISPLAY:
            fix = f'<p class="fix">Fix: {self._prose(finding.fix.title)}.</p>'
        return (
            f'<div class="note {severity.value}"><strong>{_WORDS[severity]} {_escaped(finding.rule)}</strong> '
            f'<span class="dim">{_escaped(finding.name)}</span><p>{self._prose(finding.message)}</p>'
            f"{also}{fix}</div>"
        )


def _last_line(span: Span) -> int:
    return ended(span).last.line


def _again(stage: StageStack) -> str:
    """What an edit of the project's code costs."""
    layers = [layer for layer in stage.layers if layer.runs_again]
    known = [layer.megabytes for layer in layers if layer.megabytes is not None]
    if not layers:
        return ""
    sure = "about" if all(layer.complete for layer in layers) else "at least"
    size = f", {sure} {megabytes(sum(known))}" if known else ""
    return f"an edit of the code makes {counted(len(layers), 'layer')} anew{size}"
