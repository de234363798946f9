"""ML001 parse-error."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Finding, Rule, Severity


class ParseError(Rule):
    """The file has something that Docker's own parser refuses, so that no image can be built from it.

    ## Why is this bad?
    `docker build` stops before the first step. Each message says what Docker stumbles over; the rest of the file is
    still read as well as it can be, and checked.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    RUNN pip install numpy==2.1.3
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    RUN pip install --no-cache-dir numpy==2.1.3
    ```

    ## When it stays silent
    Where only a comment behind the arguments breaks the line: `inline-comment` (ML002) says that better. Instructions
    that newer builders may know are reported, because the parser that this rule follows refuses them. A text that is
    no Dockerfile at all gets one finding, not one for each line.

    ## References
    - [Dockerfile reference](https://docs.docker.com/reference/dockerfile/)
    """

    id = "ML001"
    name = "parse-error"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        problems = build.dockerfile.problems
        if len(problems) > _MANY and not any(stage.opening.image for stage in build.stages):
            first = problems[0]
            doubt = f"With no FROM and {len(problems)} such lines, is this a Dockerfile?"
            yield self.finding(first.span, f"{_sentence(first.message)} {doubt}")
            return
        for problem in problems:
            yield self.finding(problem.span, _sentence(problem.message))


#: A text without a FROM and with more problems than this is something else that was given by mistake.
_MANY = 3


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:].rstrip('.')}."
