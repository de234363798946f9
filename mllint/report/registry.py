"""Which formats exist. The module of a format is imported when the format is written."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from mllint.report.style import Style, is_terminal, supports_unicode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from mllint.report.run import Run


class Format(NamedTuple):
    """Where a format is written from (`module:function`), and what it needs.

    `shows_errors` says that it shows what went wrong where people see it, `needs_pages` that it describes the rules
    (`Run.rules`), `needs_keys` that it tells findings apart by `Finding.key`.
    """

    writer: str
    shows_errors: bool = False
    needs_pages: bool = False
    needs_keys: bool = False
    #: How many findings its readers take; those beyond are left out, the least severe first. None: any number.
    most: int | None = None


BUILT_IN = {
    "full": Format("mllint.report.full:write", shows_errors=True),
    "concise": Format("mllint.report.concise:write", shows_errors=True),
    "json": Format("mllint.report.json_report:write"),
    "sarif": Format("mllint.report.sarif:write", needs_pages=True, most=25_000),
    "github": Format("mllint.report.github:write", shows_errors=True),
    "gitlab": Format("mllint.report.gitlab:write", needs_keys=True),
    "checkstyle": Format("mllint.report.checkstyle:write"),
    "junit": Format("mllint.report.junit:write"),
    "rdjson": Format("mllint.report.rdjson:write"),
    "markdown": Format("mllint.report.markdown:write"),
}


class Writer(Protocol):
    """Writes a whole run to a stream in one format."""

    def __call__(self, run: Run, out: TextIO, style: Style) -> None: ...


class UnknownFormatError(ValueError):
    """A format that does not exist; the text names the nearest one that does."""

    def __init__(self, name: str, known: Iterable[str] = BUILT_IN) -> None:
        from difflib import get_close_matches

        names = list(known)
        near = get_close_matches(name.lower(), names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known formats: {', '.join(names)}"
        super().__init__(f"unknown format {name!r}; {hint}")


def default_format(out: TextIO) -> str:
    """What a stream gets when the user names no format: the full text on a terminal, one line per finding elsewhere."""
    return "full" if is_terminal(out) else "concise"


def find(name: str) -> Format:
    """A built-in format. Raises UnknownFormatError."""
    try:
        return BUILT_IN[name]
    except KeyError:
        raise UnknownFormatError(name) from None


def load(form: Format) -> Writer:
    """The writer of a format; its module is imported."""
    module, _, function = form.writer.partition(":")
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
    load(find(name))(run, out, style)
