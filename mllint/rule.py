"""What a rule is: a stateless class that looks at a build and yields findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, overload

from mllint.finding import Confidence, Finding, Fix, Related, Severity, Unused

if TYPE_CHECKING:
    from mllint.semantic.build import Build
    from mllint.semantic.stage import Stage
    from mllint.source import Span
    from mllint.syntax.nodes import Instruction

T = TypeVar("T")


class Option(Generic[T]):
    """A rule's option, declared once as a class attribute: `max_size = Option(10, "Size in MB from which …")`.

    Users write it in kebab-case under `rules.<rule name>`; on an instance the attribute holds the value.
    """

    def __init__(self, default: T, doc: str, *, choices: tuple[T, ...] = ()) -> None:
        self.default = default
        self.doc = doc
        self.choices = choices
        self.attribute = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name

    @property
    def name(self) -> str:
        """The key in a configuration file."""
        return self.attribute.replace("_", "-")

    @overload
    def __get__(self, instance: None, owner: type) -> Option[T]: ...
    @overload
    def __get__(self, instance: Rule, owner: type) -> T: ...
    def __get__(self, instance: Rule | None, owner: type) -> Option[T] | T:
        if instance is None:
            return self
        return cast("T", instance.settings.get(self.attribute, self.default))


class Rule:
    """The base of all rules. A rule overrides the most specific hook that has what it needs.

    The docstring of a rule is its page, in fixed sections: a summary sentence, `## Why is this bad?`, `## Bad`,
    `## Good`, `## When it stays silent`, `## Fix safety` (where there is a fix), `## References`. The examples under
    Bad and Good are executed by the tests.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity] = Severity.WARNING
    confidence: ClassVar[Confidence] = Confidence.HIGH
    #: Codes of other tools whose ignore comments hold for this rule too: `DL3006`, `SecretsUsedInArgOrEnv`.
    aliases: ClassVar[tuple[str, ...]] = ()
    #: False for a rule that is off until it is selected by name, by code or by the strict profile.
    default: ClassVar[bool] = True
    #: A CVSS-like score from "0.1" to "10.0" for rules about security, else None.
    security_severity: ClassVar[str | None] = None
    tags: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        settings: Mapping[str, object] | None = None,
        *,
        severity: Severity | None = None,
        least: Severity = Severity.INFO,
    ) -> None:
        """Settings map option attributes to checked values.

        `severity` replaces every level of the rule's findings, `least` raises those below it.
        """
        self.settings: Mapping[str, object] = settings or {}
        self._severity = severity
        self._least = least

    @classmethod
    def options(cls) -> dict[str, Option[Any]]:
        """The declared options by their name in a configuration file."""
        members = (vars(base).values() for base in reversed(cls.__mro__))
        return {member.name: member for found in members for member in found if isinstance(member, Option)}

    def check_build(self, build: Build) -> Iterator[Finding]:
        """Called once for each file."""
        return iter(())

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        """Called once for each stage, in order."""
        return iter(())

    def check_instruction(self, instruction: Instruction, stage: Stage) -> Iterator[Finding]:
        """Called for each instruction of each stage, its FROM first, and for the inner instruction of each ONBUILD."""
        return iter(())

    def check_comments(self, unused: Sequence[Unused]) -> Iterator[Finding]:
        """Called last, once for each file, with the ignore comments that took nothing back."""
        return iter(())

    def finding(
        self,
        span: Span,
        message: str,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        secret: bool = False,
    ) -> Finding:
        """A finding of this rule; the severity and the confidence are the rule's own unless given.

        `secret` says that the span covers a secret, which no report may show.
        """
        level = self._severity or min(severity or self.severity, self._least, key=lambda each: each.rank)
        certainty = confidence or self.confidence
        return Finding(self.id, self.name, level, certainty, message, span, related, fix, secret=secret)
