"""`mllint check`: finds the files, lints them, takes back what is known, reports, and says how it ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from mllint import __version__
from mllint.commands import CLEAN, FAILED, FOUND, MISUSED
from mllint.commands.console import complain, say, style, write
from mllint.commands.inputs import check_options, check_target, find_files, lint_all, read_configuration
from mllint.lint import FileResult, Linter, merge
from mllint.plugins import DISTRIBUTION, PluginError, Registry, load_plugins
from mllint.report.registry import BUILT_IN, Format, UnknownFormatError, default_format, load
from mllint.report.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mllint.baseline import Baseline
    from mllint.config.load import Configuration
    from mllint.report.registry import Writer
    from mllint.report.run import ErrorReport, RuleInfo

#: Names the distribution while the project has no address: SARIF's readers want to know what the tool is.
_HOMEPAGE = f"pkg:pypi/{DISTRIBUTION}@{__version__}"


def check(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Runs the command; the exit code is the result. Raises what `mllint.cli.usage_errors` shows."""
    _check_options(paths, options)
    configuration = read_configuration(options)
    files, failures = find_files(paths, configuration)
    output = options["output"]
    if options["show_files"]:
        write(output, lambda out: out.write("".join(f"{path}\n" for path in files)))
        complain(failures)
        return MISUSED if failures else CLEAN
    if output is not None and os.path.realpath(output) in map(os.path.realpath, files):
        raise click.BadParameter(f'"{output}" is one of the files to lint', param_hint="--output")
    registry = load_plugins(options["isolated"])
    if options["add_ignore"] is not None:
        return _add_ignores(files, failures, Linter(configuration, registry), options)
    if options["diff"]:
        return _show_differences(files, failures, Linter(configuration, registry), options)
    name, form = _format(registry, options)
    writer = _writer(name, form, registry, options)
    if options["fix"]:
        failures = (*failures, *_fix(files, Linter(configuration, registry), options))
    results = lint_all(Linter(configuration, registry), files, options["stdin_filename"])
    results = list(take_back(results, configuration, options))
    if form.needs_keys:
        results = list(map(_keyed, results))
    reports, findings, errors = merge(results)
    check_target(options["target"], reports)
    run = Run(
        version=__version__,
        files=reports,
        findings=findings,
        errors=(*failures, *errors),
        rules=_pages(registry) if form.needs_pages else {},
        root=_root(files),
        homepage=_HOMEPAGE,
    )
    if output is not None or options["statistics"] or not form.shows_errors:
        # The other formats show errors themselves, where somebody sees them.
        complain(run.errors)
    write(output, lambda out: writer(run, out, style(out, options)))
    if form.most is not None and not options["statistics"]:
        _tell_what_is_cut(name, form.most, run)
    if not files and not failures:
        say("no Dockerfiles found")
    return _exit_code(results, bool(failures), configuration, options)


def _check_options(paths: tuple[str, ...], options: dict[str, Any]) -> None:
    """Raises click.UsageError, as `check_options` does."""
    check_options(options)
    if options["statistics"] and options["format_name"] not in (None, "full", "concise"):
        raise click.UsageError(f"--statistics is a text; it cannot be written as {options['format_name']}")
    if options["add_ignore"] is not None:
        from mllint.commands.ignoring import check_reason

        check_reason(options["add_ignore"], options)
    if options["fix"] or options["diff"] or options["unsafe_fixes"]:
        from mllint.commands.fixing import check_fixing

        check_fixing(paths, options)
    if options["diff_base"] == "":
        raise click.BadParameter("the revision is empty", param_hint="--diff-base")


def _add_ignores(files: list[str], failures: Iterable[ErrorReport], linter: Linter, options: dict[str, Any]) -> int:
    from mllint.commands.ignoring import add_ignores

    complain(failures)
    code = add_ignores(files, options["add_ignore"], linter, _known(linter, options))
    return max(code, MISUSED) if failures else code


def _known(linter: Linter, options: dict[str, Any]) -> Callable[[FileResult], FileResult]:
    """Marks what is known of one file; a part of the files says nothing of what the baseline holds besides."""
    return lambda result: next(iter(take_back([result], linter.configuration, {**options, "quiet": True})))


def _fix(files: list[str], linter: Linter, options: dict[str, Any]) -> list[ErrorReport]:
    from mllint.commands.fixing import fix_files

    return fix_files(files, linter, _known(linter, options), unsafe=options["unsafe_fixes"])


def _show_differences(
    files: list[str], failures: Iterable[ErrorReport], linter: Linter, options: dict[str, Any]
) -> int:
    from mllint.commands.fixing import differences

    found = differences(files, linter, _known(linter, options), unsafe=options["unsafe_fixes"])
    write(options["output"], lambda out: out.write("".join(found)))
    complain(failures)
    if failures:
        return MISUSED
    return FOUND if found and not options["exit_zero"] else CLEAN


# What is reported


def take_back(
    results: Iterable[FileResult], configuration: Configuration, options: dict[str, Any]
) -> Iterator[FileResult]:
    """The results with what the baselines know, and what did not change, marked as suppressed. Raises ConfigError."""
    baselines: dict[str, Baseline] = {}
    changes = None
    if options["diff_base"] is not None:
        from mllint.changes import Changes

        changes = Changes(options["diff_base"])
    for result in results:
        path = configuration.for_file(result.path).baseline
        if path is not None:
            if path not in baselines:
                from mllint import baseline

                baselines[path] = baseline.read(path)
            result = baselines[path].apply(result)
        yield result if changes is None else changes.apply(result)
    # What a selection leaves out is not gone.
    if not any(options[name] for name in ("select", "extend_select", "ignore", "quiet")):
        for known in baselines.values():
            _report_stale(known)


def _report_stale(baseline: Baseline) -> None:
    from mllint.report.text import counted

    if baseline.stale:
        gone = counted(baseline.stale, "finding")
        say(f'"{baseline.path}" holds {gone} that mllint no longer makes; `mllint baseline prune` drops them')


def _keyed(result: FileResult) -> FileResult:
    from mllint.identity import with_keys

    return result._replace(findings=with_keys(result.path, result.findings)) if result.findings else result


# How it is reported


def _format(registry: Registry, options: dict[str, Any]) -> tuple[str, Format]:
    """The format that is asked for. Raises click.BadParameter, PluginError when it is declared twice."""
    for name, entry in registry.formats.items():
        if name in BUILT_IN:
            raise PluginError(f"the format {name} is declared by both {DISTRIBUTION} and {entry.distribution}")
    name = options["format_name"] or ("concise" if options["output"] else default_format(sys.stdout))
    if name in BUILT_IN:
        return name, BUILT_IN[name]
    if name in registry.formats:
        return name, Format(registry.formats[name].reference, needs_pages=True, needs_keys=True)
    raise click.BadParameter(str(UnknownFormatError(name, [*BUILT_IN, *registry.formats])), param_hint="--format")


def _writer(name: str, form: Format, registry: Registry, options: dict[str, Any]) -> Writer:
    if options["statistics"]:
        from mllint.report import statistics

        return statistics.write
    try:
        return load(form)
    except Exception as error:
        if name in BUILT_IN:
            raise
        raise PluginError(
            f'the format {name} of {registry.formats[name].distribution} cannot be loaded from "{form.writer}": '
            f"{type(error).__name__}: {error}"
        ) from error


def _tell_what_is_cut(name: str, most: int, run: Run) -> None:
    left_out = sum(finding.suppressed is None for finding in run.findings) - most
    if left_out > 0:
        from mllint.report.text import counted

        say(f"{counted(left_out, 'finding')} left out, the least severe: readers of {name} take {most:,}")


def _pages(registry: Registry) -> Mapping[str, RuleInfo]:
    """The pages of all rules."""
    from mllint.pages import describe

    return {each: describe(registry.load(each), registry.distribution(each)) for each in registry.ids}


def _root(files: list[str]) -> str:
    from mllint.report.paths import is_file, report_root

    return report_root([path for path in files if is_file(path)])


def _exit_code(results: list[FileResult], failed: bool, configuration: Configuration, options: dict[str, Any]) -> int:
    from mllint.finding import Severity

    if any(result.crashed for result in results):
        return FAILED
    if failed or any(result.errors for result in results):
        return MISUSED
    if options["exit_zero"]:
        return CLEAN
    for result in results:
        fail_on = configuration.for_file(result.path).fail_on
        if fail_on == "never":
            continue
        least = Severity(fail_on).rank
        if any(finding.severity.rank <= least for finding in result.findings if finding.suppressed is None):
            return FOUND
    return CLEAN
