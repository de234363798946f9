"""ML003 unused-suppression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mllint.api import Finding, Rule, Severity, Unused


class UnusedSuppression(Rule):
    """An ignore comment that takes nothing back.

    ## Why is this bad?
    The defect that it was written for is gone, or its code is misspelt. In the first case the comment hides the next
    defect of that kind; in the second it hides nothing at all, and whoever reads it believes otherwise.

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
            yield self.finding(each.span, message, fix=each.fix)
