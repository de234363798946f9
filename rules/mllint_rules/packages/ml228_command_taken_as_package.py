"""ML228 command-taken-as-package."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Applicability, Edit, Finding, Fix, Install, Rule, Severity, Stage, Swallowed, swallowed_commands


class CommandTakenAsPackage(Rule):
    """An install command goes on with the words of another command: `&&` is missing between them.

    ## Why is this bad?
    The shell sees one command, and the installer takes every word for a package. apt-get and conda stop at the first
    name that they do not know. pip may well find one: `install` is a project on the package index, so `pip install a
    pip install b` works and brings a stranger's code into the image. The command that was meant never runs: a cleanup
    that is missing, an index update that never happens.

    A backslash at the end of the line above an instruction does the same: `RUN` and all that follows it become names
    of packages.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir numpy==2.1.3 pip install --no-cache-dir scipy==1.14.1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir numpy==2.1.3 && pip install --no-cache-dir scipy==1.14.1
    USER 1000
    ```

    ## When it stays silent
    For programs that are themselves installed (`apt-get install git make curl`, `pip install pip`): it takes a
    program's name with the subcommand, the option or the argument that follows it. Words that only the build knows say
    nothing.

    ## Fix safety
    The fix puts `&&` between the commands, in the place of the `RUN` where a backslash has joined two instructions. It
    is safe where the installer stops at the words, and unsafe for pip, which may have found packages for them.

    ## References
    - [Dockerfile reference, RUN](https://docs.docker.com/reference/dockerfile/#run)
    """

    id = "ML228"
    name = "command-taken-as-package"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for step in stage.installs:
            found = swallowed_commands(step.install)
            if found:
                yield self.finding(found[0].span, _message(found[0], step.install), fix=_fix(found, step.install))


def _message(found: Swallowed, install: Install) -> str:
    written = " ".join(found.span.text.split())
    if found.instruction:
        why = f"the line above ends in a backslash, so {install.manager} takes it and what follows for packages"
        remedy = f"Remove that backslash{', or write `&&` for `RUN`' if written == 'RUN' else ''}."
        return f"`{written}` is no instruction here: {why}{_consequence(found, install)}. {remedy}"
    why = f"nothing ends the {install.manager} command before it, which takes the words for packages"
    return f"`{written}` is no command here: {why}{_consequence(found, install)}. Write `&& {written}`."


def _consequence(found: Swallowed, install: Install) -> str:
    if _stops(install):
        return ", does not find them, and stops the build"
    last = found.span.text.split()[-1]
    if last == "install" and not found.instruction:
        return ": the index has a project named `install`, a stranger's code, which comes into the image"
    return ": the build stops, or whatever the index has under these names comes into the image"


def _stops(install: Install) -> bool:
    """Whether the manager's packages are known to have no such names."""
    return install.ecosystem in ("system", "conda") and not install.command.guarded


def _fix(found: tuple[Swallowed, ...], install: Install) -> Fix | None:
    if any(each.instruction and each.span.text != "RUN" for each in found):
        return None
    edits = tuple(
        Edit(each.span, "&&")
        if each.instruction
        else Edit(each.span.source.span(each.span.start, each.span.start), "&& ")
        for each in found
    )
    return Fix("Put `&&` between the commands", edits, Applicability.SAFE if _stops(install) else Applicability.UNSAFE)
