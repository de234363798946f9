"""How a report may look on a stream: colour, width, characters."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

ColorMode = Literal["auto", "always", "never"]

_NARROWEST = 40
_USUAL_WIDTH = 80


class Style(NamedTuple):
    """How to write. `width` counts terminal columns; `unicode` allows characters outside ASCII; `links` allows OSC 8.

    `quiet` leaves out everything but the findings; `show_suppressed` lists the suppressed findings too.
    """

    color: bool = False
    width: int = _USUAL_WIDTH
    unicode: bool = True
    links: bool = False
    quiet: bool = False
    show_suppressed: bool = False


def style_for(
    stream: TextIO,
    *,
    mode: ColorMode = "auto",
    env: Mapping[str, str] | None = None,
    quiet: bool = False,
    show_suppressed: bool = False,
) -> Style:
    """The style that fits a stream; `env` is the process's environment unless given."""
    environment = os.environ if env is None else env
    color = decide_color(mode, stream, environment)
    return Style(
        color=color,
        width=decide_width(stream, environment),
        unicode=supports_unicode(stream),
        links=decide_links(color, stream, environment),
        quiet=quiet,
        show_suppressed=show_suppressed,
    )


def decide_color(mode: ColorMode, stream: TextIO, env: Mapping[str, str]) -> bool:
    """Whether to colour: the option, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then TERM and the stream.

    As their conventions say, an empty variable is one that is not set, and NO_COLOR beats the two that force.
    """
    if mode != "auto":
        return mode == "always"
    if env.get("NO_COLOR"):
        return False
    if any(env.get(name, "") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return env.get("TERM") != "dumb" and is_terminal(stream)


def decide_links(color: bool, stream: TextIO, env: Mapping[str, str]) -> bool:
    """Whether to write OSC 8 hyperlinks: on a coloured terminal that somebody sits at."""
    return color and is_terminal(stream) and not env.get("CI") and env.get("TERM") != "dumb"


def decide_width(stream: TextIO, env: Mapping[str, str]) -> int:
    """Columns to fill: COLUMNS, the terminal's own width, or 80; never less than 40."""
    columns = env.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns):
        return max(_NARROWEST, int(columns))
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        return _USUAL_WIDTH
    return max(_NARROWEST, width or _USUAL_WIDTH)


def supports_unicode(stream: TextIO) -> bool:
    """Whether the stream can carry every character; a stream of text without an encoding can."""
    encoding = getattr(stream, "encoding", None)
    return encoding is None or encoding.lower().replace("_", "-").startswith("utf")


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody reads the stream on a terminal; a closed stream has no reader."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def make_forgiving(stream: TextIO) -> None:
    """Lets the stream write characters that its encoding lacks as escapes instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


_CODES = {"error": "1;31", "warning": "1;33", "info": "1;36", "code": "1", "dim": "2"}


def paint(text: str, look: str, style: Style) -> str:
    """The text in one of the looks `error`, `warning`, `info`, `code`, `dim`: the terminal's own 16 colours."""
    return f"\x1b[{_CODES[look]}m{text}\x1b[0m" if style.color else text
