"""A rule's page: its docstring, read into parts."""

from __future__ import annotations

import inspect
import re
from typing import NamedTuple

from mllint.plugins import DISTRIBUTION
from mllint.regex import regex
from mllint.report.run import RuleInfo
from mllint.rule import Rule

#: The sections that a page may have, in this order; those in the first tuple must be there.
REQUIRED = ("Why is this bad?", "Bad", "Good", "When it stays silent")
OPTIONAL = ("Fix safety", "References")

_HEADING = regex(r"^## (.+)$", re.MULTILINE)
#: A fence whose language is followed by options for the harness; not every reader of Markdown takes it for a fence.
_FENCE_WITH_OPTIONS = regex(r"^```(?P<language>\w+) (?P<options>.+)$", re.MULTILINE)
_BLOCK = regex(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A code block; the words behind `dockerfile` are options for the harness, e.g. `name=Dockerfile.dev`."""

    text: str
    options: dict[str, str]
    #: The lines of the `context` block in front of it: the files of its build context, as `mllint.testing` reads them.
    files: tuple[str, ...] = ()


class Page(NamedTuple):
    """The parts of a rule's docstring. Empty where Python runs without docstrings (`-OO`)."""

    summary: str
    sections: dict[str, str]
    markdown: str

    def examples(self, section: str) -> tuple[Example, ...]:
        """The Dockerfiles of a section."""
        found = []
        files: tuple[str, ...] = ()
        for block in _BLOCK.finditer(self.sections.get(section, "")):
            kind, _, rest = block["info"].partition(" ")
            if kind == "context":
                files = tuple(line for line in block["text"].split("\n") if line.strip())
            elif kind == "dockerfile":
                pairs = (word.partition("=") for word in rest.split())
                found.append(Example(block["text"], {name: value for name, _, value in pairs}, files))
        return tuple(found)


def page(rule: type[Rule]) -> Page:
    """The page of a rule."""
    text = inspect.cleandoc(rule.__doc__ or "")
    head, *rest = _HEADING.split(text)
    sections = {title: body.strip() for title, body in zip(rest[::2], rest[1::2], strict=True)}
    summary = " ".join(head.split("\n\n", 1)[0].split())
    return Page(summary, sections, _markdown(rule, text))


def _markdown(rule: type[Rule], text: str) -> str:
    """The docstring, with the options of its examples in words, then what the class declares beside it."""
    parts = [_FENCE_WITH_OPTIONS.sub(_options_in_words, text)]
    options = rule.options()
    if options:
        lines = (f"- `{name}` (default `{option.default!r}`): {option.doc}" for name, option in options.items())
        parts.append("## Options\n\n" + "\n".join(lines))
    if not rule.default:
        parts.append("This rule is off unless it is selected by code or name, or by the strict profile.")
    if rule.aliases:
        codes = ", ".join(f"`{alias}`" for alias in rule.aliases)
        parts.append(f"Ignore comments of other tools hold for this rule too: {codes}.")
    return "\n\n".join(parts) + "\n"


def _options_in_words(fence: re.Match[str]) -> str:
    options = ", ".join(f"`{option}`" for option in fence["options"].split())
    return f"With {options}:\n\n```{fence['language']}"


def describe(rule: type[Rule], distribution: str = DISTRIBUTION) -> RuleInfo:
    """A rule as the reports show it; `distribution` is the one that brings it."""
    found = page(rule)
    return RuleInfo(
        id=rule.id,
        name=rule.name,
        severity=rule.severity,
        summary=found.summary,
        help=found.markdown,
        tags=rule.tags,
        security_severity=rule.security_severity,
        confidence=rule.confidence,
        plugin=distribution if distribution != DISTRIBUTION else None,
    )
