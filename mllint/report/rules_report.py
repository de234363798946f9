"""The rules as `mllint rules` lists them, and the page that `mllint explain` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mllint.report.encode import encode
from mllint.report.style import is_terminal, paint
from mllint.report.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TextIO

    from mllint.report.run import RuleInfo
    from mllint.report.style import Style

_LEVEL_WIDTH = len("warning")


def write_rules(rules: Iterable[RuleInfo], name: str, out: TextIO, style: Style) -> None:
    """Writes the rules by code as `text`, `json` or `markdown`. Raises ValueError for another format."""
    if name not in LISTINGS:
        raise ValueError(f"unknown format {name!r}; known formats: {', '.join(LISTINGS)}")
    LISTINGS[name](sorted(rules, key=lambda rule: rule.id), out, style)


def write_page(rule: RuleInfo, out: TextIO, style: Style) -> None:
    """Writes the page of a rule: laid out for a terminal with colour, as Markdown elsewhere."""
    page = page_text(rule)
    if style.color and style.unicode:
        _write_laid_out(page, out, style)
    else:
        out.write(page)


def page_text(rule: RuleInfo) -> str:
    """The page in Markdown, with a title that names code, name and level."""
    title = f"# {rule.id} {rule.name}"
    origin = f", from {rule.plugin}" if rule.plugin is not None else ""
    parts = [title, f"Level: **{rule.severity.value}**{origin}", rule.help.strip() or rule.summary]
    if rule.url:
        parts.append(rule.url)
    return "\n\n".join(parts) + "\n"


def _write_text(rules: list[RuleInfo], out: TextIO, style: Style) -> None:
    code_width = max((len(rule.id) for rule in rules), default=0)
    name_width = max((len(rule.name) for rule in rules), default=0)
    left = code_width + _LEVEL_WIDTH + name_width + 6
    for rule in rules:
        level = rule.severity.value
        head = (
            f"{paint(rule.id, 'code', style)}{' ' * (code_width - len(rule.id))}  "
            f"{paint(level, level, style)}{' ' * (_LEVEL_WIDTH - len(level))}  {rule.name:<{name_width}}  "
        )
        lines = _wrapped(visible(_summary(rule), unicode=style.unicode), left, out, style)
        out.write(head.rstrip() + "\n" if not lines else head + f"\n{' ' * left}".join(lines) + "\n")


def _summary(rule: RuleInfo) -> str:
    """What the rule finds, and which plugin brings it."""
    return f"{rule.summary} [{rule.plugin}]".lstrip() if rule.plugin is not None else rule.summary


def _wrapped(text: str, left: int, out: TextIO, style: Style) -> list[str]:
    """The summary in the column that is left for it; uncut where nobody looks, so that a pipe keeps one rule a line."""
    if not (style.color or is_terminal(out)):
        return [text] if text else []
    from textwrap import wrap

    return wrap(text, max(24, style.width - left))


def _write_json(rules: list[RuleInfo], out: TextIO, style: Style) -> None:  # noqa: ARG001 (one signature for all)
    out.write(encode([_described(rule) for rule in rules], depth=1) + "\n")


def _described(rule: RuleInfo) -> dict[str, Any]:
    return {
        **rule._asdict(),
        "severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "url": rule.url or None,
    }


def _write_markdown(rules: list[RuleInfo], out: TextIO, style: Style) -> None:  # noqa: ARG001 (one signature for all)
    out.write("| code | level | name | what it finds |\n|---|---|---|---|\n")
    for rule in rules:
        code = f"[{rule.id}]({rule.url})" if rule.url else rule.id
        out.write(f"| {code} | {rule.severity.value} | {rule.name} | {_cell(_summary(rule))} |\n")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _write_laid_out(page: str, out: TextIO, style: Style) -> None:
    from rich.console import Console
    from rich.markdown import Heading, Markdown
    from rich.theme import Theme

    class LeftHeading(Heading):
        """A heading at the left edge, where the text begins; rich's own stands in the middle."""

        def __rich_console__(self, console: Any, options: Any) -> Any:
            self.text.justify = "left"
            yield self.text

    class Page(Markdown):
        elements = {**Markdown.elements, "heading_open": LeftHeading}  # noqa: RUF012 (rich declares it so)

    console = Console(
        file=out,
        width=min(style.width, 100),
        height=25,
        color_system="standard",
        force_terminal=True,
        no_color=False,
        legacy_windows=False,
        emoji=False,
        # rich puts code on black, which is a blot on a light background, and headings in magenta.
        theme=Theme({"markdown.code": "cyan", "markdown.h1": "bold underline", "markdown.h2": "bold"}),
    )
    console.print(Page(page, code_theme="ansi_dark", hyperlinks=style.links))


LISTINGS: dict[str, Callable[[list[RuleInfo], TextIO, Style], None]] = {
    "text": _write_text,
    "json": _write_json,
    "markdown": _write_markdown,
}
