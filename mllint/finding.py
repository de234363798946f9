"""What a rule reports, and the repair that it proposes."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from mllint.source import Span


class Severity(Enum):
    """How bad it is: `error` breaks the build or the container, or leaks a secret; `info` is advice."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Confidence(Enum):
    """How sure it is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Applicability(Enum):
    """Whether a fix may be applied: `safe` keeps the behaviour (or the build was broken), `display` is only shown."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Edit(NamedTuple):
    """Puts `content` in the place of a span: an empty span inserts, an empty content deletes."""

    span: Span
    content: str


class Fix(NamedTuple):
    """A repair: a title in the imperative, and the edits that make it."""

    title: str
    edits: tuple[Edit, ...] = ()
    applicability: Applicability = Applicability.UNSAFE


class Related(NamedTuple):
    """Another place that explains the finding, with its own sentence."""

    span: Span
    message: str


class Suppression(NamedTuple):
    """Why a finding is not reported.

    `kind` is "comment" (mllint's own), the other tool's name, "baseline", or "unchanged" (since `--diff-base`).
    """

    kind: str
    reason: str | None


class Finding(NamedTuple):
    """One thing found. `span` is the narrowest range that causes it; `stage` is its stage's name or index."""

    rule: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    stage: str | None = None
    suppressed: Suppression | None = None
    #: The span holds a secret: reports that show source lines must not show its characters.
    secret: bool = False
    #: What it is known by after edits elsewhere (`mllint.identity`); filled in for what asks for it, else empty.
    key: str = ""


class Unused(NamedTuple):
    """A code in an ignore comment that took nothing back, or a comment that ended, lacks its reason, or is unclear."""

    span: Span
    #: Without a capital and a full stop, to be put into a sentence.
    message: str
    fix: Fix | None
    #: None leaves it to the rule that reports it.
    severity: Severity | None = None
