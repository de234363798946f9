"""`mllint baseline create|update|prune`: writes the findings of now into a file, see `mllint.baseline`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from mllint import baseline
from mllint.commands import CLEAN, FAILED, MISUSED
from mllint.commands.console import complain, say, write
from mllint.commands.inputs import check_options, find_files, lint_all, read_configuration
from mllint.lint import Linter, merge
from mllint.plugins import load_plugins
from mllint.report.text import counted

if TYPE_CHECKING:
    from mllint.config.load import Configuration


def rewrite(action: str, paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Lints, and writes the baseline; `action` is create, update or prune. The exit code is the result.

    A file that cannot be linted loses nothing that the baseline knows of it.
    """
    check_options(options)
    configuration = read_configuration(options)
    path = _path(configuration)
    old = _old(action, path)
    files, failures = find_files(paths, configuration)
    results = lint_all(Linter(configuration, load_plugins(options["isolated"])), files, None)
    new = old.pruned(results) if action == "prune" else old.updated(results)
    _, _, errors = merge(results)
    complain((*failures, *errors))
    write(path, lambda out: out.write(new.text()), "--baseline")
    say(_summary(action, old, new))
    if any(result.crashed for result in results):
        return FAILED
    return MISUSED if failures or errors else CLEAN


def _path(configuration: Configuration) -> str:
    """The file that is named, by the option or the configuration of the current folder, or the usual one."""
    return configuration.for_folder(os.curdir).baseline or baseline.NAME


def _old(action: str, path: str) -> baseline.Baseline:
    if action != "create":
        return baseline.read(path)
    if os.path.lexists(path):
        raise click.UsageError(f'"{path}" is there already; `mllint baseline update` brings it up to date')
    return baseline.empty(path)


def _summary(action: str, old: baseline.Baseline, new: baseline.Baseline) -> str:
    """`.mllint-baseline.json: 41 findings in 7 files (3 added, 2 taken out)`."""
    added, gone = baseline.changes(old, new)
    total = f"{counted(new.entries.total(), 'finding')} in {counted(baseline.files(new.entries), 'file')}"
    changed = "" if action == "create" else f" ({added:,} added, {gone:,} taken out)"
    return f"{new.path}: {total}{changed}"
