"""ML003 unused-suppression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mllint.api import Finding, Rule, Severity, Unused


class UnusedSuppression(Rule):
    """An ignore comment that takes nothing back, has ended, or lacks the reason that is required.

    ## Why is this bad?
    The defect that it was written for is gone, or its code is misspelt. In the first case the comment hides the next
    defect of that kind; in the second it hides nothing at all, and whoever reads it believes otherwise.

    A comment may say how long it holds, `# mllint ignore=ML101 until=2027-01-31 why`: up to and including that day, in
    UTC. From the next day on, what it took back is reported again, and this rule says why. Under
    `require-ignore-reason: true` a comment without a reason is a warning.

    ## Bad
    ```dockerfile
    # mllint ignore=ML002 there was a comment behind the image once
    FROM python:3.12.7-slim
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    ```

    ## When it stays silent
    For codes of rules that are not on in this run, and for other tools' codes in a comment that is shared with them.

    ## Fix safety
    The fix takes the code, or the whole comment, away; it is safe because nothing was suppressed.
    """

    id = "ML003"
    name = "unused-suppression"
    severity = Severity.INFO

    def check_comments(self, unused: Sequence[Unused]) -> Iterator[Finding]:
        for each in unused:
            message = f"{each.message[:1].upper()}{each.message[1:]}."
            yield self.finding(each.span, message, severity=each.severity, fix=each.fix)
