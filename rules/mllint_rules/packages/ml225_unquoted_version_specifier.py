"""ML225 unquoted-version-specifier."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Applicability, Edit, Finding, Fix, Install, LostSpecifier, Rule, Severity, Stage, lost_specifiers

_SHOWN = 3


class UnquotedVersionSpecifier(Rule):
    """An install command has `<` or `>` in a version that is not quoted: the shell takes it for a redirection.

    ## Why is this bad?
    In `pip install torch>=2.0` the shell cuts the word at `>`. pip gets `torch` alone and installs the newest release,
    whatever it is, while what pip prints goes to a file named `=2.0` in the working directory and is missing from the
    build's log. Nothing fails, so nobody notices until a release comes that the code cannot use.

    `numpy<2` is the other way round: the shell wants to read a file named `2`, there is none, and the command does not
    even start.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir scipy==1.14.1 numpy<2
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir scipy==1.14.1 "numpy<2"
    USER 1000
    ```

    ## When it stays silent
    For quoted versions, for `==`, `~=` and `!=`, which the shell leaves alone, for the exec form
    (`RUN ["pip", "install", "torch>=2.0"]`), and for redirections to what is no version (`> install.log`).

    ## Fix safety
    The fix puts the requirement in quotes. It is safe where the command could not start before. Where it could, it is
    unsafe: the version that was asked for is then really installed.

    ## References
    - [pip, requirement specifiers](https://pip.pypa.io/en/stable/reference/requirement-specifiers/)
    - [POSIX shell, redirection](https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07)
    """

    id = "ML225"
    name = "unquoted-version-specifier"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for step in stage.package_steps:
            lost = lost_specifiers(step.install)
            if lost:
                # What keeps the command from starting comes first.
                first = next((each for each in lost if each.fails), lost[0])
                yield self.finding(first.span, _message(first, lost, step.install), fix=_fix(lost, step.install))


def _message(first: LostSpecifier, lost: tuple[LostSpecifier, ...], install: Install) -> str:
    installer = install.manager
    files = [each.target.raw for each in first.redirects if each.target is not None and each.operator == "<"]
    if first.fails:
        stop = "" if install.command.guarded else ", and the build stops"
        what = f"wants to read a file named `{files[0]}`. There is none: {installer} never starts{stop}."
    else:
        written = first.span.text[-(first.span.end - first.redirects[0].span.start) :]
        what = (
            f"takes `{written}` for a redirection: {installer} gets no version for `{first.requirement.label}`, "
            "installs any, and what it prints goes to a file of that name."
        )
    others = [f"`{each.span.text}`" for each in lost if each is not first]
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        what += f" The same goes for {', '.join(others[:_SHOWN])}{more}."
    return f"`{first.span.text}` is not quoted, so the shell {what} Write `{_quoted(first)}`."


def _quoted(lost: LostSpecifier) -> str:
    text = lost.span.text.replace('"', "").replace("'", "")
    return f'"{text}"'


def _fix(lost: tuple[LostSpecifier, ...], install: Install) -> Fix | None:
    """None inside the quotes of `sh -c "…"`, where more of them would end the word."""
    if any(wrapper.endswith("-c") for wrapper in install.command.wrappers):
        return None
    broken = any(each.fails for each in lost) and not install.command.guarded
    edits = tuple(Edit(each.span, _quoted(each)) for each in lost)
    return Fix("Quote the version", edits, Applicability.SAFE if broken else Applicability.UNSAFE)
