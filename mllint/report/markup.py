"""XML that every parser takes: control characters, which it has no way to write, are shown as escapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.report.text import visible

if TYPE_CHECKING:
    from typing import TextIO
    from xml.etree.ElementTree import Element


def element(parent: Element | None, tag: str, text: str | None = None, /, **attributes: object) -> Element:
    """A new element below `parent` (None: a root); attributes that are None are left out."""
    from xml.etree.ElementTree import Element, SubElement

    values = {key: _shown(str(value)) for key, value in attributes.items() if value is not None}
    made = Element(tag, values) if parent is None else SubElement(parent, tag, values)
    if text is not None:
        made.text = _shown(text)
    return made


def write_document(root: Element, out: TextIO) -> None:
    """Writes the document, indented: declared as UTF-8, and in ASCII alone, for streams that are something else."""
    from xml.etree.ElementTree import indent, tostring

    indent(root)
    body = tostring(root, encoding="us-ascii").decode("ascii")
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n')


def _shown(text: str) -> str:
    return "\n".join(visible(line) for line in text.splitlines())
