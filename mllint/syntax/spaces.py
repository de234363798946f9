"""White space as Docker sees it: which characters it trims, which it splits at, and those that only look like it."""

from __future__ import annotations

import re

from mllint.source import Span, Text

#: What Docker trims from the ends of lines and arguments: white space by Unicode, as Go's `unicode.IsSpace` has it
#: (Python's `str.strip` would take U+001C to U+001F, too).
SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680"  # up to the ogham space mark
    + "".join(map(chr, range(0x2000, 0x200B)))  # en quad to hair space
    + "\u2028\u2029\u202f\u205f\u3000"
)
#: What it splits arguments at.
ASCII_SPACES = re.compile(r"[\t\v\f\r ]+")

_LOOKALIKES = re.compile("[\x85\xa0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]")


def strip(text: Text) -> Text:
    """Without the white space at both ends, as Docker trims."""
    value = text.value
    end = len(value.rstrip(SPACES))
    start = len(value) - len(value.lstrip(SPACES)) if end else 0
    return text if start == 0 and end == len(value) else text.slice(start, end)


def lookalike(text: Text) -> tuple[Span, str] | None:
    """The first character that looks like a space, or like nothing, and is no white space to Docker; and its name."""
    found = None if text.value.isascii() else _LOOKALIKES.search(text.value)
    if found is None:
        return None
    import unicodedata

    name = unicodedata.name(found[0], "control character").lower()
    return text.at(*found.span()), f"U+{ord(found[0]):04X} ({name})"
