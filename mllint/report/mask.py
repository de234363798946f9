"""Hides the characters of secrets in the source lines that a report shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mllint.source import Source

if TYPE_CHECKING:
    from mllint.finding import Edit, Finding
    from mllint.source import Span


class Mask:
    """What the findings of a run call secret, wherever a line of theirs is shown."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Suppressed findings count as well: who ignores one does not want it printed."""
        spans: dict[int, list[Span]] = {}
        for finding in findings:
            if finding.secret:
                spans.setdefault(id(finding.span.source), []).append(finding.span)
        self._sources = {source: _hidden(found) for source, found in spans.items()}

    def span(self, span: Span) -> Span:
        """The same range of a text in which an asterisk stands for every character of a secret."""
        source = self._sources.get(id(span.source))
        return span if source is None else span._replace(source=source)

    def edit(self, edit: Edit) -> Edit:
        """An edit as it may be shown; never one to apply."""
        return edit._replace(span=self.span(edit.span))


def _hidden(spans: list[Span]) -> Source:
    source = spans[0].source
    characters = list(source.text)
    for span in spans:
        for at in range(span.start, span.end):
            if characters[at] not in "\r\n":
                characters[at] = "*"
    return Source(source.path, "".join(characters))
