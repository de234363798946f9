"""ML223 retired-command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Command,
    Edit,
    Finding,
    Fix,
    Origin,
    Related,
    RetiredUse,
    Rule,
    Run,
    Severity,
    Span,
    Stage,
    compare_versions,
    in_force,
    retired_use,
    stops_build,
)

#: Packages whose pinned releases may hold huggingface_hub below 1.0.
_HOLD_HUB = frozenset(
    {
        *(
            "transformers",
            "diffusers",
            "datasets",
            "accelerate",
            "tokenizers",
            "sentence-transformers",
            "peft",
            "gradio",
        ),
        *("vllm", "sglang", "lmdeploy", "evaluate", "timm", "setfit", "optimum", "trl", "langchain-huggingface"),
    }
)
#: The first Debian whose apt has no `apt-key`.
_NO_APT_KEY = 13
#: What `hf` calls the subcommands of `huggingface-cli`.
_HF = {
    **{name: f"hf {name}" for name in ("download", "upload", "upload-large-folder", "env")},
    **{name: f"hf auth {name}" for name in ("login", "logout", "whoami")},
}


class RetiredCommand(Rule):
    """A command, or an option, that the installed release of its package no longer has.

    ## Why is this bad?
    Command lines change with major versions, and an unpinned install takes the newest: huggingface_hub 1.0 (October
    2025) has no `huggingface-cli`, Poetry 2 refuses `--no-dev`, Notebook 7 has no `jupyter nbextension`. The build
    stops with "command not found" or "option does not exist" though nobody touched the file, or the container does
    when it starts.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir huggingface_hub==1.0.1
    USER 1000
    CMD ["huggingface-cli", "scan-cache"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir huggingface_hub==1.0.1
    USER 1000
    CMD ["hf", "cache", "scan"]
    ```

    ## When it stays silent
    For a pin that still has the command, where the file does not install the package, where a failure is caught, and
    for huggingface_hub without a version beside pinned packages that hold it below 1.0 (transformers 4). Without a
    version it is a warning, an option that is still accepted and does nothing is advice.

    ## Fix safety
    The fix writes what took over. It is safe where the installed release is known to have no such command, else unsafe.

    ## References
    - [huggingface_hub, migrating to 1.0](https://huggingface.co/docs/huggingface_hub/concepts/migration)
    - [Poetry 2.0](https://python-poetry.org/blog/announcing-poetry-2.0.0/)
    - [Notebook 7, migration](https://jupyter-notebook.readthedocs.io/en/latest/migrating/server-imports.html)
    """

    id = "ML223"
    name = "retired-command"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for step in stage.steps:
            use = retired_use(step.command)
            if use is not None and (not use.row.gone_in or stops_build(step, stage)):
                yield from self._check(use, step.command, step.instruction, stage)
        process = stage.process
        if process is None or process.instruction is None or process.instruction not in stage.body:
            return
        for command in process.commands:
            use = retired_use(command)
            if use is not None and not command.guarded and not command.conditional:
                yield from self._check(use, command, None, stage)

    def _check(self, use: RetiredUse, command: Command, run: Run | None, stage: Stage) -> Iterator[Finding]:
        row = use.row
        named = row.replacement if "`" in row.replacement else f"`{row.replacement}`"
        instead = f" Use {named}." if row.replacement else ""
        if not row.gone_in:
            yield self.finding(use.span, f"{row.why}.{instead}", severity=Severity.INFO)
            return
        installed = _installed(use, stage)
        if installed is None:
            return
        why = row.why or f"{row.package} {row.gone_in} has no `{row.words}`"
        end = "the build stops" if run is not None else "the container stops"
        if row.ecosystem == "system":
            message = f"{why}: {end}."
        elif installed.version is not None:
            message = f"{why}. {row.package} {installed.version} is installed: {end}."
        else:
            message = f"{why}. {row.package} is installed without a version, and the newest has it no longer: {end}."
        sure = installed.version is not None and row.sure
        yield self.finding(
            use.span,
            f"{message}{instead}",
            severity=Severity.ERROR if sure else Severity.WARNING,
            related=(Related(installed.span, "it is installed here"),) if installed.span is not None else (),
            fix=_fix(use, command, sure=sure),
        )


class _Installed(NamedTuple):
    """The release that the command is of: gone there, or (None) most likely."""

    version: str | None
    span: Span | None


def _installed(use: RetiredUse, stage: Stage) -> _Installed | None:
    """How the package is there; None where its release has the command, or is not known."""
    row = use.row
    if row.ecosystem == "system":
        base = stage.base
        if base is None or base.os != "debian" or not (base.os_version or "").isdigit():
            return None
        return _Installed(None, None) if int(base.os_version or 0) >= _NO_APT_KEY else None
    package = stage.inventory.get(row.package)
    if package is None:
        return _by_poetry_script(stage, row.gone_in) if row.package == "poetry" else None
    if package.version is not None:
        order = compare_versions(package.version, row.gone_in)
        return _Installed(package.version, package.span) if order is not None and order >= 0 and package.sure else None
    if package.specifier or package.origin is not Origin.LITERAL:
        return None
    if row.package == "huggingface-hub" and _is_held(stage):
        return None
    return _Installed(None, package.span)


def _is_held(stage: Stage) -> bool:
    """Whether a pinned package may want huggingface_hub below 1.0, or the packages are not all known."""
    found = (stage.inventory.get(name) for name in _HOLD_HUB)
    return not stage.inventory.complete or any(each is not None and each.version is not None for each in found)


def _by_poetry_script(stage: Stage, gone_in: str) -> _Installed | None:
    """Poetry by its own installer, which takes the newest unless POETRY_VERSION or `--version` says otherwise."""
    for each in stage.ancestry:
        for step in each.steps:
            words = [word.value or word.raw for word in step.command.words]
            if not any("install.python-poetry.org" in word for word in words):
                continue
            variable = in_force("POETRY_VERSION", step.command, step.instruction, each)
            same = (other.command for other in each.steps if other.instruction is step.instruction)
            chosen = any("--version" in word.raw for other in same for word in other.words)
            if variable is not None and variable.value:
                order = compare_versions(variable.value, gone_in)
                return _Installed(variable.value, variable.span) if order is not None and order >= 0 else None
            return None if variable is not None or chosen else _Installed(None, step.command.span)
    return None


def _fix(use: RetiredUse, command: Command, *, sure: bool) -> Fix | None:
    """`hf` for `huggingface-cli`, with the subcommand that it has there."""
    if use.row.words != "huggingface-cli" or not command.arguments:
        return None
    first, second = command.words[0], command.arguments[0]
    new = _HF.get(second.value or "")
    if new is None or command.wrappers or first.span.text != "huggingface-cli":
        return None
    if new.count(" ") == 1:
        edit = Edit(first.span, "hf")
    elif first.span.source.text[first.span.end : second.span.start].isspace():
        edit = Edit(first.span.to(second.span), new)
    else:
        return None
    return Fix(f"Use `{new}`", (edit,), Applicability.SAFE if sure else Applicability.UNSAFE)
