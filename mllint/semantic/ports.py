"""The ports that a Dockerfile names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.source import Span
from mllint.syntax.nodes import Words

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage

_HIGHEST = 65_535


def port_number(text: str) -> int | None:
    """The port that a text is; None when it is none (`$PORT`, `http`, `99999`)."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_HIGHEST))):
        return None
    port = int(text)
    return port if port <= _HIGHEST else None


def exposed_ports(stage: Stage) -> tuple[tuple[int, Span], ...]:
    """The ports that EXPOSE of a stage and its parents names, where they are known; of a range the first."""
    ports: list[tuple[int, Span]] = []
    for each in reversed(stage.ancestry):
        for instruction in each.body:
            if instruction.keyword == "EXPOSE" and isinstance(instruction, Words):
                for word in instruction.words:
                    for part in (each.expand(word, instruction) or "").split():
                        port = port_number(part.partition("/")[0].partition("-")[0])
                        if port is not None:
                            ports.append((port, word.span))
    return tuple(ports)
