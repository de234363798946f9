"""The stack as a table for people: aligned text in a pipe, laid out by rich on a terminal with colour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.report.text import counted, one_line, visible

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.report.stack_report import (
        Evidence,
        FrameworkReport,
        Layer,
        StackReport,
        Stacks,
        StageStack,
        Value,
    )
    from mllint.report.style import Style
    from mllint.source import Span

_BAR = 24
_LONGEST_LABEL = 30
_LONGEST_VALUE = 44
_LOOKS = {"dim": "dim", "bar": "cyan", "ok": "green", "warning": "yellow", "error": "bold red", "unknown": "dim"}
#: Characters of an instruction that are shown as evidence.
_SHOWN = 64
_SYSTEMS = {
    "almalinux": "AlmaLinux",
    "amazonlinux": "Amazon Linux",
    "centos": "CentOS",
    "centos-stream": "CentOS Stream",
    "oraclelinux": "Oracle Linux",
    "rhel": "Red Hat Enterprise Linux",
    "rockylinux": "Rocky Linux",
}
_MARKS = {"ok": ("✓", "ok"), "warning": ("!", "!"), "error": ("✗", "x"), "unknown": ("?", "?")}


class Row(NamedTuple):
    """A line of the table."""

    label: str
    value: str
    #: Why it is so.
    why: str = ""
    span: Span | None = None
    #: "", "dim", "bar", or a level of HostLine.
    look: str = ""


class Page:
    """The text of one file: each line of it is quoted once, and named by its number after that."""

    def __init__(self, report: StackReport, out: TextIO, style: Style) -> None:
        self._report = report
        self._out = out
        self._style = style
        self._quoted: set[tuple[str, int]] = set()

    def write(self) -> None:
        """Writes the final stage in full, and the others in a line each."""
        final, *others = self._report.stages
        self._draw(_title(self._report, final), stack_rows(final))
        if final.layers:
            self._draw(size_title(final), layer_rows(final, self._style))
        if final.hosts:
            asked = (f"driver {self._report.driver}" if self._report.driver else "", self._report.gpu or "")
            self._draw(f"on {' and '.join(each for each in asked if each)}", _host_rows(final, self._style))
        if others:
            self._draw("the other stages", [_short(each) for each in others])

    def _draw(self, title: str, rows: list[Row]) -> None:
        draw = _draw_with_rich if self._style.color and self._style.unicode else _draw_plain
        cells = [(row, visible(self._evidence(row), unicode=self._style.unicode)) for row in rows]
        draw(visible(title, unicode=self._style.unicode), cells, self._out, self._style)

    def _evidence(self, row: Row) -> str:
        """`nvidia/cuda image [line 1: FROM …]`, with the file where it is another one."""
        where = f"[{self._place(row.span)}]" if row.span is not None else ""
        return " ".join(part for part in (row.why, where) if part)

    def _place(self, span: Span) -> str:
        path, line = span.source.path, span.first.line
        place = f"line {line}" if path == self._report.path else f"{visible(path)} line {line}"
        if (path, line) in self._quoted:
            return place
        self._quoted.add((path, line))
        text = one_line(span.source.line(line).strip())
        return f"{place}: {text if len(text) <= _SHOWN else f'{text[: _SHOWN - 1]}…'}"


def write(stacks: Stacks, out: TextIO, style: Style) -> None:
    """Writes the stacks of the files, one after the other."""
    for number, report in enumerate(stacks.files):
        out.write("\n" if number else "")
        if report.stages:
            Page(report, out, style).write()
        else:
            out.write(f"{visible(report.path)}: there is no stage in it\n")


def _title(report: StackReport, stage: StageStack) -> str:
    name = f"stage {stage.name}" if stage.name else "the image" if len(report.stages) == 1 else f"stage {stage.index}"
    base = f", from {stage.base}" if stage.base else ""
    return one_line(f"{report.path}: {name}{base}")


# The rows of a stage


def stack_rows(stage: StageStack) -> list[Row]:
    """What the stage is, with the evidence of each value."""
    rows = [
        _row("role", stage.role),
        _row("system", stage.system, _system(stage.system.value)),
        _row("Python", stage.python),
    ]
    if stage.gpu or stage.driver is not None or stage.cuda.there:
        flavour = f"{stage.cuda.value}, {stage.flavour}" if stage.flavour else stage.cuda.value
        rows += [_row("CUDA toolkit", stage.cuda, flavour), _row("cuDNN", stage.cudnn), _row("nvcc", stage.nvcc)]
    if stage.arch_list.value is not None:
        rows.append(_row("arch list", stage.arch_list))
    for framework in stage.frameworks:
        rows += _framework(framework)
    rows += _driver(stage)
    if stage.architectures:
        rows.append(Row("GPU code", _architectures(stage.architectures), "what the frameworks have in common"))
    if stage.gpu:
        value, evidence = stage.gpu[0]
        more = f", and {counted(len(stage.gpu) - 1, 'more reason')}" if len(stage.gpu) > 1 else ""
        rows.append(Row("meant for", "a GPU", f"{value}{more}", evidence.span))
    if not stage.complete:
        rows.append(Row("", "and more", "installs from files that are not in the build context", None, "dim"))
    return rows


def _row(label: str, value: Value, shown: str | None = None) -> Row:
    if value.value is None:
        return Row(label, "none" if value.there is False else "not known", "", None, "dim")
    remark = f", {value.remark}" if value.remark else ""
    return Row(label, f"{shown or value.value}{remark}", _why(value.evidence), value.evidence and value.evidence.span)


def _why(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    said = evidence.reason or ("" if evidence.origin in ("the file", "the tables") else evidence.origin)
    return said if evidence.sure else f"probably: {said}" if said else "probably"


def _system(value: str | None) -> str | None:
    name, _, version = (value or "").partition(" ")
    return f"{_SYSTEMS.get(name, name.capitalize())} {version}".strip() or None


def _framework(found: FrameworkReport) -> Iterator[Row]:
    span = found.evidence.span if found.evidence else None
    look = "" if found.build else "dim"
    yield Row(framework_label(found), _libraries(found), found.note or _why(found.evidence), span, look)
    if found.lacks:
        yield Row("", found.lacks, "so it is likely to run on the CPU, or to fail at its import", None, "warning")


def framework_label(found: FrameworkReport) -> str:
    """The package and its version: "torch 2.1.0", or as it is asked for: "torch >=2"."""
    return one_line(f"{found.package} {found.version or found.specifier}".strip())


def _libraries(found: FrameworkReport) -> str:
    if found.build in ("cpu", "rocm"):
        return {"cpu": "CPU build", "rocm": "ROCm build"}[found.build]
    if found.build is None and found.cuda is None:
        return "build not known"
    if found.cuda is None:
        return "its own CUDA, which one is not known" if found.bundles_cuda else "CUDA not known"
    version = found.cuda if "." in found.cuda else f"{found.cuda}.x"
    cudnn = f", cuDNN {found.cudnn}" if found.cudnn else ""
    if found.bundles_cuda:
        return f"its own CUDA {version}{cudnn}"
    return f"CUDA {version}{cudnn}{' of the image' if found.bundles_cuda is False else ''}"


def _driver(stage: StageStack) -> Iterator[Row]:
    driver = stage.driver
    if driver is None:
        if stage.cuda.there is False and stage.complete and all(each.build == "cpu" for each in stage.frameworks):
            yield Row("driver", "none needed", "there is no CUDA in the image")
        elif stage.frameworks or stage.gpu:
            yield Row("driver", "not known", "", None, "dim")
        return
    more = "" if driver.complete else ", or newer: not every CUDA is known"
    yield Row("driver", f">= {driver.version}{more}", driver.because, driver.evidence.span)
    if driver.native is not None:
        yield Row("", f">= {driver.native} for all of it", "PTX, and what is new in that CUDA")
    if driver.compat:
        yield Row("", "older ones on data-centre GPUs", "cuda-compat is in the image")
    if driver.gate is not None:
        passing = f", or of branch {', '.join(map(str, driver.gate_branches))}" if driver.gate_branches else ""
        value = f"asked at start: CUDA {driver.gate} or newer{passing}"
        yield Row("", value, "NVIDIA_REQUIRE_CUDA, which container toolkits before 1.18 check")


def _architectures(found: tuple[str, ...]) -> str:
    names = [f"sm_{each.partition('+')[0].replace('.', '')}{'+PTX' if '+' in each else ''}" for each in found]
    return " ".join(names)


# Sizes


def size_title(stage: StageStack) -> str:
    if stage.megabytes is None:
        return "layers, of unknown size"
    return f"layers: {'about' if stage.sizes_complete else 'at least'} {megabytes(stage.megabytes)} to pull"


def megabytes(value: float) -> str:
    """A size in the unit that fits: "2.7 GB", "45 MB", "3 kB"."""
    if value >= 995:
        return f"{value / 1000:.1f} GB"
    return f"{value:.0f} MB" if value >= 0.95 else f"{max(1, round(value * 1000))} kB"


def layer_rows(stage: StageStack, style: Style) -> list[Row]:
    """A bar for each layer, as long as its share of the largest."""
    most = max((layer.megabytes or 0 for layer in stage.layers), default=0)
    known = [layer for layer in stage.layers if layer.megabytes is not None or layer.keyword == "FROM"]
    unknown = [layer for layer in stage.layers if layer not in known]
    rows = [_layer(layer, most, style) for layer in known]
    if len(unknown) == 1:
        rows.append(_layer(unknown[0], most, style))
    elif unknown:
        lines = ", ".join(str(layer.span.first.line) for layer in unknown)
        rows.append(Row("", "not known", f"{len(unknown)} layers [lines {lines}]", None, "dim"))
    return rows


def _layer(layer: Layer, most: float, style: Style) -> Row:
    size = layer.megabytes
    if size is None:
        return Row("", "not known", contents(layer), layer.span, "dim")
    length = max(1, round(_BAR * size / most)) if most else 0
    bar = ("█" if style.unicode else "#") * length
    return Row(bar, f"{'' if layer.complete else '>= '}{megabytes(size)}", contents(layer), layer.span, "bar")


def contents(layer: Layer) -> str:
    """The largest parts by name; a single one that is the layer itself needs none."""
    if len(layer.parts) == 1:
        return ""
    shown = [
        f"{one_line(label)} {megabytes(size) if size is not None else ''}".strip() for label, size in layer.parts[:3]
    ]
    more = len(layer.parts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


# The host, and the other stages


def _host_rows(stage: StageStack, style: Style) -> list[Row]:
    marks = 0 if style.unicode else 1
    return [
        Row(_MARKS[each.level][marks], each.text, "", each.evidence.span if each.evidence else None, each.level)
        for each in stage.hosts
    ]


def _short(stage: StageStack) -> Row:
    named = [f"CUDA {stage.cuda.value}" if stage.cuda.value else "", "nvcc" if stage.nvcc.value else ""]
    named += [f"{framework_label(each)} ({_libraries(each)})" for each in stage.frameworks[:4]]
    named += [f"at least {megabytes(stage.megabytes)}" if stage.megabytes else ""]
    return Row(stage.name or str(stage.index), one_line(stage.base or ""), ", ".join(filter(None, named)), None, "dim")


# Drawing

Cells = list[tuple[Row, str]]


def _draw_plain(title: str, cells: Cells, out: TextIO, style: Style) -> None:
    out.write(f"{title}\n")
    labels = [visible(row.label, unicode=style.unicode) for row, _ in cells]
    values = [visible(row.value, unicode=style.unicode) for row, _ in cells]
    first = min(_LONGEST_LABEL, max(map(len, labels), default=0))
    second = min(_LONGEST_VALUE, max(map(len, values), default=0))
    lines = zip(labels, values, (evidence for _, evidence in cells), strict=True)
    out.writelines(f"  {label:<{first}}  {value:<{second}}  {rest}".rstrip() + "\n" for label, value, rest in lines)


def _draw_with_rich(title: str, cells: Cells, out: TextIO, style: Style) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(
        file=out,
        width=style.width,
        color_system="standard",
        force_terminal=True,
        no_color=False,
        legacy_windows=False,
        emoji=False,
        highlight=False,
    )
    console.print(Text(title, style="bold underline"))
    table = Table.grid(padding=(0, 2, 0, 0))
    first, second, third = _widths([row for row, _ in cells], style.width)
    table.add_column(no_wrap=True, width=first)
    table.add_column(overflow="fold", width=second)
    table.add_column(no_wrap=True, overflow="ellipsis", width=third)
    for row, evidence in cells:
        look = _LOOKS.get(row.look, "")
        label = Text(f"  {visible(row.label)}", style=look or "bold")
        value = Text(visible(row.value), style="" if row.look == "bar" else look)
        table.add_row(label, value, Text(evidence, style="dim"))
    console.print(table)


def _widths(rows: list[Row], width: int) -> tuple[int, int, int]:
    """The columns of a table: labels whole, values as long as they are where that leaves room for the evidence."""
    first = 2 + min(_LONGEST_LABEL, max((len(row.label) for row in rows), default=0))
    left = max(20, width - first - 6)
    longest = max((len(row.value) for row in rows), default=0)
    sentences = longest > 2 * _LONGEST_VALUE
    second = min(longest, left - 16 if sentences else max(left * 2 // 5, min(longest, left - 40)))
    return first, max(second, 4), max(left - second, 4)
