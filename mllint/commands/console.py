"""Where reports and complaints go: a file, standard output, standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from mllint.report.run import ErrorReport
    from mllint.report.style import Style


def say(message: str) -> None:
    """A line for the user, beside the report."""
    click.echo(f"mllint: {message}", err=True)


def complain(errors: Iterable[ErrorReport]) -> None:
    """What kept mllint from its work, for formats that do not show it."""
    from mllint.report.text import visible

    for error in errors:
        where = f"{visible(error.path)}: " if error.path is not None else ""
        say(f"{where}{visible(error.message)}")


def style(out: TextIO, options: dict[str, Any]) -> Style:
    """How to write to a stream, by the options `--color`, `--quiet` and `--show-suppressed`."""
    from mllint.report.style import style_for

    return style_for(
        out,
        mode=options["color"],
        quiet=options.get("quiet", False),
        show_suppressed=options.get("show_suppressed", False),
    )


def write(path: str | None, writer: Callable[[TextIO], object], option: str = "--output") -> None:
    """Writes to a file or to standard output. Raises click.BadParameter, or OSError for a full disk."""
    from mllint.report.style import make_forgiving

    if path is not None:
        try:
            with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                writer(file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise click.BadParameter(f'"{path}" cannot be written: {reason}', param_hint=option) from None
        return
    if sys.stdout is None:
        return
    make_forgiving(sys.stdout)
    try:
        writer(sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        # Python flushes once more at exit; what is left goes nowhere then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise
        # A reader that went away (`| head`) is no error.
