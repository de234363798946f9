"""The stages of a file and what flows between them, as a drawing (SVG): boxes below each other, arrows beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mllint.report.stack_report import Flow, StageStack

_WIDTH, _LANE = 560, 22
#: Of a box: above its name, of a line of it, between boxes.
_HEAD, _LINE, _BETWEEN = 34, 19, 22
_LETTERS = 84
#: The tip of the arrows, once for all drawings of a page.
TIP = (
    '<svg class="flow" width="0" height="0"><defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" '
    'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs></svg>\n'
)
_SAID = {"copies": "takes", "mounts": "mounts"}


class Box(NamedTuple):
    """A stage; `top` and `height` in pixels."""

    stage: StageStack
    lines: tuple[str, ...]
    top: int

    @property
    def height(self) -> int:
        return _HEAD + _LINE * len(self.lines) + 8


def draw(stages: Iterable[StageStack], text: Callable[[str], str], link: Callable[[int], str]) -> str:
    """The drawing. `text` makes a text safe, `link` is the address of a line of the file."""
    ordered = sorted(stages, key=lambda stage: stage.index)
    names = {stage.index: stage.name or f"stage {stage.index}" for stage in ordered}
    boxes: dict[int, Box] = {}
    top = 1
    for stage in ordered:
        box = boxes[stage.index] = Box(stage, tuple(_lines(stage, names)), top)
        top += box.height + _BETWEEN
    arrows = _arrows(ordered, boxes)
    width = _WIDTH + _LANE * (len(arrows) + 1) + 2
    shown = [_arrow(flow, target, boxes, lane, text, link) for lane, (flow, target) in enumerate(arrows, 1)]
    return (
        f'<svg class="flow" viewBox="0 0 {width} {top}" width="{width}" height="{top}" role="img" '
        'aria-label="The stages and what flows between them">'
        f"{''.join(shown)}"
        f"{''.join(_box(box, names, text, link) for box in boxes.values())}</svg>"
    )


def _lines(stage: StageStack, names: dict[int, str]) -> Iterable[str]:
    """What goes into a stage, a line for each place that it comes from."""
    taken: dict[tuple[str, str], list[str]] = {}
    for flow in stage.flows:
        origin = names.get(flow.origin, "") if isinstance(flow.origin, int) else flow.origin
        if flow.kind == "continues":
            yield f"FROM {origin}"
        else:
            taken.setdefault((flow.kind, origin), []).append(flow.what or "all of it")
    for (kind, origin), paths in taken.items():
        yield f"{_SAID[kind]} {', '.join(dict.fromkeys(paths))} from {origin}"


def _arrows(stages: list[StageStack], boxes: dict[int, Box]) -> list[tuple[Flow, int]]:
    """One arrow for all that a stage takes from another in the same way, short ones first: they are drawn inside."""
    found: dict[tuple[int, str | int, str], Flow] = {}
    for stage in stages:
        for flow in stage.flows:
            if flow.origin in boxes:
                found.setdefault((stage.index, flow.origin, flow.kind), flow)
    arrows = [(flow, index) for (index, _, _), flow in found.items()]
    return sorted(arrows, key=lambda each: each[1] - int(each[0].origin))


def _arrow(
    flow: Flow,
    target: int,
    boxes: dict[int, Box],
    lane: int,
    text: Callable[[str], str],
    link: Callable[[int], str],
) -> str:
    start, end = boxes[int(flow.origin)], boxes[target]
    x = _WIDTH + _LANE * lane
    # Lanes that are further out leave lower and arrive higher, so that arrows do not run over each other.
    y1 = start.top + start.height - 8 - 3 * (lane % 6)
    y2 = end.top + 12 + 3 * (lane % 6)
    path = f"M{_WIDTH} {y1}H{x - 8}q8 0 8 8V{y2 - 8}q0 8 -8 8H{_WIDTH + 4}"
    title = text(f"line {flow.span.first.line}")
    return (
        f'<a href="{link(flow.span.first.line)}"><title>{title}</title>'
        f'<path class="{flow.kind}" marker-end="url(#tip)" d="{path}"/></a>'
    )


def _box(box: Box, names: dict[int, str], text: Callable[[str], str], link: Callable[[int], str]) -> str:
    stage = box.stage
    lines = [
        f'<text class="small" x="14" y="{_HEAD + _LINE * at + 8}">{text(_short(line))}</text>'
        for at, line in enumerate(box.lines)
    ]
    end = "what is built" if stage.final else ""
    return (
        f'<a href="{link(stage.line)}"><g class="{"final" if stage.final else "stage"}" '
        f'transform="translate(1 {box.top})"><title>{text(chr(10).join(box.lines))}</title>'
        f'<rect width="{_WIDTH - 2}" height="{box.height}" rx="7"/>'
        f'<text x="14" y="22" class="name">{text(_short(names[stage.index]))}</text>'
        f'<text class="built" text-anchor="end" x="{_WIDTH - 16}" y="22">{end}</text>{"".join(lines)}</g></a>'
    )


def _short(value: str) -> str:
    return value if len(value) <= _LETTERS else f"{value[: _LETTERS - 1]}…"
