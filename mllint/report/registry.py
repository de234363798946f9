"""Which formats exist. The module of a format is imported when the format is written."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from mllint.report.style import Style, is_terminal, supports_unicode

if TYPE_CHECKING:
    from typing import TextIO

    from mllint.report.run import Run

FORMATS = {
    "full": "mllint.report.full:write",
    "concise": "mllint.report.concise:write",
    "json": "mllint.report.json_report:write",
    "sarif": "mllint.report.sarif:write",
    "github": "mllint.report.github:write",
}


class Writer(Protocol):
    """Writes a whole run to a stream in one format."""

    def __call__(self, run: Run, out: TextIO, style: Style) -> None: ...


class UnknownFormatError(ValueError):
    """A format that does not exist; the text names the nearest one that does."""

    def __init__(self, name: str) -> None:
        from difflib import get_close_matches

        near = get_close_matches(name.lower(), FORMATS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known formats: {', '.join(FORMATS)}"
        super().__init__(f"unknown format {name!r}; {hint}")


def default_format(out: TextIO) -> str:
    """What a stream gets when the user names no format: the full text on a terminal, one line per finding elsewhere."""
    return "full" if is_terminal(out) else "concise"


def load(name: str) -> Writer:
    """The writer of a format. Raises UnknownFormatError."""
    try:
        module, function = FORMATS[name].split(":")
    except KeyError:
        raise UnknownFormatError(name) from None
    return cast("Writer", getattr(import_module(module), function))


def write(
    name: str,
    run: Run,
    out: TextIO,
    *,
    color: bool = False,
    width: int | None = None,
    unicode: bool | None = None,
    links: bool = False,
    quiet: bool = False,
    show_suppressed: bool = False,
) -> None:
    """Writes a run in the format of that name; `width` None is 80 columns, `unicode` None is what the stream can carry.

    Raises UnknownFormatError before anything is written.
    """
    style = Style(
        color=color,
        width=Style().width if width is None else width,
        unicode=supports_unicode(out) if unicode is None else unicode,
        links=links,
        quiet=quiet,
        show_suppressed=show_suppressed,
    )
    load(name)(run, out, style)
