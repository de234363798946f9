"""What the options of a command say: the settings, the files, and whether they fit."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from mllint.config.load import Configuration

if TYPE_CHECKING:
    from mllint.lint import FileResult, Linter
    from mllint.report.run import ErrorReport, FileReport
    from mllint.report.stack_report import StackReport


def check_options(options: dict[str, Any]) -> None:
    """Options that contradict each other, or name what is not there. Raises click.UsageError."""
    if options["isolated"] and options["config"] is not None:
        raise click.UsageError("--isolated reads no configuration, so that --config says nothing")
    context = options["context"]
    if context is not None and not os.path.isdir(context):
        raise click.BadParameter(f'there is no folder "{context}"', param_hint="--context")


def read_configuration(options: dict[str, Any]) -> Configuration:
    """The settings: files, and the options over them; an option that the command lacks says nothing.

    Raises ConfigError and click.BadParameter.
    """
    names = ("profile", "fail-on", "target", "role", "driver", "gpu", "context", "force-exclude", "baseline")
    overrides: dict[str, object] = {name: options.get(name.replace("-", "_")) for name in names}
    for name in ("select", "extend-select", "ignore"):
        given = [word.strip() for text in options.get(name.replace("-", "_"), ()) for word in text.split(",")]
        overrides[name] = [word for word in given if word] or None
    overrides["extend-exclude"] = list(options.get("exclude", ())) or None
    overrides["build-args"] = _build_args(options.get("build_arg", ())) or None
    if options.get("no_respect_gitignore"):
        overrides["respect-gitignore"] = False
    return Configuration(config=options["config"], isolated=options["isolated"], overrides=overrides)


def _build_args(given: tuple[str, ...]) -> dict[str, str]:
    """As Docker reads them: `NAME` alone takes the value of the environment."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name:
            raise click.BadParameter(f"{text!r} has no name", param_hint="--build-arg")
        if equals or name in os.environ:
            found[name] = value if equals else os.environ[name]
    return found


def find_files(paths: tuple[str, ...], configuration: Configuration) -> tuple[list[str], tuple[ErrorReport, ...]]:
    """The files that the paths stand for, and what cannot be read. Raises ConfigError."""
    from mllint.discovery import discover
    from mllint.report.run import ErrorReport

    found = discover(paths, configuration.for_file)
    return list(found.files), tuple(ErrorReport(each.path, each.message) for each in found.failures)


def lint_all(linter: Linter, files: list[str], stdin_name: str | None) -> list[FileResult]:
    """Lints the files, standard input (`-`) first. Raises ConfigError."""
    stdin = [_lint_stdin(linter, stdin_name)] if "-" in files else []
    return [*stdin, *linter.lint_files([path for path in files if path != "-"])]


def _lint_stdin(linter: Linter, name: str | None) -> FileResult:
    from mllint.lint import FileResult, ReadError, decode, read_bytes
    from mllint.report.run import ErrorReport

    path = name or "<stdin>"
    try:
        source = decode(path, read_bytes(sys.stdin.buffer if sys.stdin is not None else None))
    except ReadError as error:
        return FileResult(path, None, (), (ErrorReport(path, str(error)),))
    return linter.lint(source, path=name or "Dockerfile")


def check_target(target: str | None, files: tuple[FileReport, ...] | tuple[StackReport, ...]) -> None:
    """A `--target` that no file has is a slip. Raises click.BadParameter."""
    if target is None or not files:
        return
    from mllint.config.errors import hint

    names = [name for file in files for stage in file.stages for name in (stage.name, str(stage.index)) if name]
    if target.lower() not in map(str.lower, names):
        known = hint(target, dict.fromkeys(name for name in names if not name.isdigit()), what="the stages are")
        raise click.BadParameter(f'no file has a stage "{target}"{known}', param_hint="--target")
