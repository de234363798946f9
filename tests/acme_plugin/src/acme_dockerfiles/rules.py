"""The rules."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Finding, Option, Rule, Stage


class WgetWithoutChecksum(Rule):
    """wget downloads a file that nothing checks.

    ## Why is this bad?
    The server may send something else tomorrow, and the build would not notice.

    ## Bad
    ```dockerfile
    FROM debian:12.5
    RUN wget https://downloads.example/model.bin
    ```

    ## Good
    ```dockerfile
    FROM debian:12.5
    ADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef \\
        https://downloads.example/model.bin /model.bin
    ```

    ## When it stays silent
    Where the same RUN calls one of the programs in `checkers`.
    """

    id = "ACME001"
    name = "wget-without-checksum"

    checkers = Option(("sha256sum", "gpg"), "Programs that check what was downloaded.")

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for run in stage.runs:
            commands = stage.script(run).commands
            if any(command.name in self.checkers for command in commands):
                continue
            for command in commands:
                if command.name == "wget":
                    yield self.finding(command.span, "What wget downloads here is not checked.")
