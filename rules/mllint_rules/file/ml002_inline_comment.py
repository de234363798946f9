"""ML002 inline-comment."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Applicability, Edit, Finding, Fix, Instruction, Rule, Severity, Span, Stage

#: What Docker does with the words of the comment, by instruction.
_EFFECTS = {
    "FROM": "Docker takes its words for arguments of FROM and stops: FROM requires either one or three arguments",
    "COPY": "Docker takes its words for paths: the last one is the target, the others are files to copy",
    "ADD": "Docker takes its words for paths: the last one is the target, the others are files to add",
    "ENV": "Docker takes its words for variables, or for a part of the value",
    "ARG": "Docker declares a build argument for each of its words",
    "LABEL": "Docker takes its words for labels and stops",
    "EXPOSE": "Docker takes its words for ports and stops",
    "VOLUME": "Docker makes a volume of each of its words",
    "USER": "Docker takes it for a part of the user's name",
    "WORKDIR": "Docker takes it for a part of the folder's name",
    "STOPSIGNAL": "Docker takes it for a part of the signal's name",
    "SHELL": "the rest is no longer JSON, and Docker stops",
    "HEALTHCHECK": "the rest is no longer JSON, so Docker gives the whole line to a shell, brackets included",
    "CMD": "the rest is no longer JSON, so Docker gives the whole line to a shell, brackets included",
    "ENTRYPOINT": "the rest is no longer JSON, so Docker gives the whole line to a shell, brackets included",
    "RUN": "the rest is no longer JSON, so Docker gives the whole line to a shell, brackets included",
}
#: Where the build goes on with a value that holds the comment, so that taking it out changes what is built.
_CHANGES = frozenset({"ENV", "ARG", "VOLUME", "USER", "WORKDIR"})


class InlineComment(Rule):
    """A comment stands behind an instruction's arguments, where Dockerfiles have none.

    ## Why is this bad?
    A `#` starts a comment only as the first character of a line. Anywhere else Docker reads it, and every word
    behind it, as arguments: FROM and LABEL stop the build, COPY looks for a file called `#` and takes the last word of
    the comment for its target, WORKDIR makes a folder with the comment in its name.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-base-ubuntu22.04 # GPU support
    USER 1000
    ```

    ## Good
    ```dockerfile
    # GPU support
    FROM nvidia/cuda:12.4.1-base-ubuntu22.04
    USER 1000
    ```

    ## When it stays silent
    Inside the shell text of RUN, CMD, ENTRYPOINT and HEALTHCHECK and in here-documents, where `#` does start a comment,
    and where `#` belongs to a word (`ENV COLOR=#fff`).

    ## Fix safety
    The fix puts the comment on a line of its own above the instruction. It is safe where the build was broken, and
    unsafe for ENV, ARG, USER, VOLUME and WORKDIR, whose value changes.

    ## References
    - [Dockerfile reference, format](https://docs.docker.com/reference/dockerfile/#format)
    """

    id = "ML002"
    name = "inline-comment"
    severity = Severity.ERROR

    def check_instruction(self, instruction: Instruction, stage: Stage) -> Iterator[Finding]:
        comment = instruction.inline_comment
        if comment is None:
            return
        effect = _EFFECTS.get(instruction.keyword, "Docker takes its words for arguments")
        message = f"Dockerfiles have no comments behind an instruction: {effect}. Put it on a line of its own."
        yield self.finding(comment, message, fix=_fix(instruction, comment))


def _fix(instruction: Instruction, comment: Span) -> Fix:
    source = comment.source
    start = comment.start
    while source.text[start - 1] in " \t":
        start -= 1
    line = source.line_starts[instruction.keyword_span.first.line - 1]
    indent = source.text[line : instruction.keyword_span.start]
    above = Edit(source.span(line, line), f"{indent}{comment.text}\n")
    applicability = Applicability.UNSAFE if instruction.keyword in _CHANGES else Applicability.SAFE
    return Fix("Put the comment on its own line", (above, Edit(source.span(start, comment.end), "")), applicability)
