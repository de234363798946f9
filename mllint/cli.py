"""The command `mllint`. What a command needs beyond click is imported inside it, so that starting costs little."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from mllint import __version__

if TYPE_CHECKING:
    from mllint.config.load import Configuration
    from mllint.lint import FileResult
    from mllint.report.run import ErrorReport, FileReport, Run
    from mllint.report.style import Style

FORMATS = ("full", "concise", "json", "sarif", "github")
COLORS = ("auto", "always", "never")
DISTRIBUTION = "mllint-docker"

#: Exit codes: nothing at or above `--fail-on`, findings, a usage or configuration or reading error, mllint's own fault.
CLEAN, FOUND, MISUSED, FAILED = 0, 1, 2, 3
#: What shells give for a program that Ctrl-C ended.
INTERRUPTED = 130


class DefaultGroup(click.Group):
    """`mllint Dockerfile` is `mllint check Dockerfile`; `mllint` alone shows the help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            # Not 0: a pipeline whose list of files came out empty must not pass.
            click.echo(ctx.get_help(), err=True)
            ctx.exit(MISUSED)
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        if args[0] not in self.commands and args[0] not in own:
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=f"mllint ({DISTRIBUTION})", message="%(prog)s %(version)s")
def main() -> None:
    """Lint Dockerfiles for machine-learning anti-patterns."""


def run(name: str | None = None) -> None:
    """The console script; `name` is what it calls itself, the word that started it unless given.

    A run is short and releases each file itself (`Build.release`): looking for cycles costs a tenth of its time, and
    once more 10 ms at exit.
    """
    gc.disable()
    try:
        main(prog_name=name)
    finally:
        gc.freeze()


@main.command()
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option("--format", "format_name", type=click.Choice(FORMATS), help="Default: full on a terminal, else concise.")
@click.option("-o", "--output", metavar="FILE", help="Write the report to a file.")
@click.option("--select", multiple=True, metavar="RULES", help="The rules to use: codes, prefixes, names, ALL.")
@click.option("--extend-select", multiple=True, metavar="RULES", help="Rules to use besides.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Rules to leave out.")
@click.option("--profile", type=click.Choice(("default", "strict")), help="strict: all rules, advice as warnings.")
@click.option("--fail-on", type=click.Choice(("error", "warning", "info", "never")), help="Default: warning.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--target", metavar="STAGE", help="The stage that is built; the last one by default.")
@click.option("--build-arg", multiple=True, metavar="NAME=VALUE", help="The value of a build argument.")
@click.option("--role", metavar="ROLE", help="serving, training, notebook, job, base: what the image is for.")
@click.option("--driver", metavar="VERSION", help="The host's NVIDIA driver, e.g. 535.104.05.")
@click.option("--gpu", metavar="NAME", help="The host's GPU, e.g. H100.")
@click.option("--context", metavar="DIR", help="The build context; found from the COPY sources by default.")
@click.option("--config", metavar="FILE", help="The configuration file to use.")
@click.option("--isolated", is_flag=True, help="No configuration files, no plugins.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Files and folders not to search, besides the usual.")
@click.option("--force-exclude", is_flag=True, default=None, help="Exclude files that are named, too.")
@click.option("--no-respect-gitignore", is_flag=True, help="Search what git ignores, too.")
@click.option("--stdin-filename", metavar="PATH", help="The name of the text that `-` reads from standard input.")
@click.option("--show-suppressed", is_flag=True, help="Show what ignore comments take back, too.")
@click.option("--statistics", is_flag=True, help="How often each rule found something, instead of the findings.")
@click.option("--show-files", is_flag=True, help="The files that would be linted, and nothing else.")
@click.option("--color", type=click.Choice(COLORS), default="auto", help="When to colour.  [default: auto]")
@click.option("-q", "--quiet", is_flag=True, help="Findings only: no summary.")
def check(paths: tuple[str, ...], **options: Any) -> NoReturn:
    """Lint files and the Dockerfiles in folders (`mllint PATH…` does the same).

    PATH is a file, a folder to search, or `-` for standard input; the current folder when there is none. Exits with 1
    when something at or above --fail-on was found, 2 when the call, the configuration or a file cannot be used, 3 when
    mllint itself failed.
    """
    with usage_errors():
        _check_options(options)
        sys.exit(_check(paths or (".",), options))


def _check_options(options: dict[str, Any]) -> None:
    """Options that contradict each other, or name what is not there. Raises click.UsageError."""
    if options["isolated"] and options["config"] is not None:
        raise click.UsageError("--isolated reads no configuration, so that --config says nothing")
    if options["statistics"] and options["format_name"] in ("json", "sarif", "github"):
        raise click.UsageError(f"--statistics is a text; it cannot be written as {options['format_name']}")
    context = options["context"]
    if context is not None and not os.path.isdir(context):
        raise click.BadParameter(f'there is no folder "{context}"', param_hint="--context")


def _check(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    from mllint.lint import Linter, merge
    from mllint.plugins import load_plugins
    from mllint.report.paths import repository_root
    from mllint.report.run import Run

    configuration = _configuration(options)
    files, failures = _discover(paths, configuration)
    output = options["output"]
    if options["show_files"]:
        _write(output, lambda out: out.write("".join(f"{path}\n" for path in files)))
        _complain(failures)
        return MISUSED if failures else CLEAN
    if output is not None and os.path.realpath(output) in map(os.path.realpath, files):
        raise click.BadParameter(f'"{output}" is one of the files to lint', param_hint="--output")
    registry = load_plugins(options["isolated"])
    linter = Linter(configuration, registry)
    stdin = [_lint_stdin(linter, options["stdin_filename"])] if "-" in files else []
    results = [*stdin, *linter.lint_files([path for path in files if path != "-"])]
    reports, findings, errors = merge(results)
    _check_target(options["target"], reports)
    run = Run(
        version=__version__,
        files=reports,
        findings=findings,
        errors=(*failures, *errors),
        rules=_rules(registry, options["format_name"]),
        root=repository_root(os.curdir),
    )
    _report(run, options)
    if not files and not failures:
        click.echo("mllint: no Dockerfiles found", err=True)
    return _exit_code(results, bool(failures), configuration, options)


def _configuration(options: dict[str, Any]) -> Configuration:
    from mllint.config.load import Configuration

    overrides: dict[str, object] = {
        name: options[name.replace("-", "_")]
        for name in ("profile", "fail-on", "target", "role", "driver", "gpu", "context", "force-exclude")
    }
    for name in ("select", "extend-select", "ignore"):
        given = [word.strip() for text in options[name.replace("-", "_")] for word in text.split(",")]
        overrides[name] = [word for word in given if word] or None
    overrides["extend-exclude"] = list(options["exclude"]) or None
    overrides["build-args"] = _build_args(options["build_arg"]) or None
    if options["no_respect_gitignore"]:
        overrides["respect-gitignore"] = False
    return Configuration(config=options["config"], isolated=options["isolated"], overrides=overrides)


def _check_target(target: str | None, files: tuple[FileReport, ...]) -> None:
    """A `--target` that no file has is a slip. Raises click.BadParameter."""
    if target is None or not files:
        return
    from mllint.config.errors import hint

    names = [name for file in files for stage in file.stages for name in (stage.name, str(stage.index)) if name]
    if target.lower() not in map(str.lower, names):
        known = hint(target, dict.fromkeys(name for name in names if not name.isdigit()), what="the stages are")
        raise click.BadParameter(f'no file has a stage "{target}"{known}', param_hint="--target")


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


def _discover(paths: tuple[str, ...], configuration: Configuration) -> tuple[list[str], tuple[Any, ...]]:
    from mllint.discovery import discover
    from mllint.report.run import ErrorReport

    found = discover(paths, configuration.for_file)
    return list(found.files), tuple(ErrorReport(each.path, each.message) for each in found.failures)


def _lint_stdin(linter: Any, name: str | None) -> FileResult:
    from mllint.lint import FileResult, ReadError, decode, read_bytes
    from mllint.report.run import ErrorReport

    path = name or "<stdin>"
    try:
        source = decode(path, read_bytes(sys.stdin.buffer if sys.stdin is not None else None))
    except ReadError as error:
        return FileResult(path, None, (), (ErrorReport(path, str(error)),))
    result: FileResult = linter.lint(source, path=name or "Dockerfile")
    return result


def _rules(registry: Any, format_name: str | None) -> dict[str, Any]:
    """The pages of all rules, which only SARIF shows."""
    if format_name != "sarif":
        return {}
    from mllint.pages import describe

    return {each: describe(registry.load(each), registry.distribution(each)) for each in registry.ids}


def _report(run: Run, options: dict[str, Any]) -> None:
    from mllint.report import statistics
    from mllint.report.registry import default_format, load

    output = options["output"]
    name = options["format_name"] or ("concise" if output else default_format(sys.stdout))
    writer = statistics.write if options["statistics"] else load(name)
    if output is not None or options["statistics"] or name in ("json", "sarif"):
        # The other formats show errors themselves, where somebody sees them.
        _complain(run.errors)
    _write(output, lambda out: writer(run, out, _style(out, options)))


def _complain(errors: Iterable[ErrorReport]) -> None:
    from mllint.report.text import visible

    for error in errors:
        where = f"{visible(error.path)}: " if error.path is not None else ""
        click.echo(f"mllint: {where}{visible(error.message)}", err=True)


def _style(out: TextIO, options: dict[str, Any]) -> Style:
    from mllint.report.style import style_for

    return style_for(
        out,
        mode=options["color"],
        quiet=options.get("quiet", False),
        show_suppressed=options.get("show_suppressed", False),
    )


def _write(output: str | None, write: Callable[[TextIO], object]) -> None:
    """Writes to a file or to standard output. Raises click.BadParameter, or OSError for a full disk."""
    from mllint.report.style import make_forgiving

    if output is not None:
        try:
            with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                write(file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise click.BadParameter(f'"{output}" cannot be written: {reason}', param_hint="--output") from None
        return
    if sys.stdout is None:
        return
    make_forgiving(sys.stdout)
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        # Python flushes once more at exit; what is left goes nowhere then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise
        # A reader that went away (`| head`) is no error.


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


@contextmanager
def usage_errors() -> Iterator[None]:
    """Shows errors of the call, the configuration and plugins as one line, and anything else as a bug report."""
    from mllint.config.errors import ConfigError
    from mllint.plugins import PluginError

    try:
        yield
    except (ConfigError, PluginError, OSError) as error:
        click.echo(f"mllint: {error}", err=True)
        sys.exit(MISUSED)
    except (click.ClickException, click.exceptions.Exit):
        raise
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        from mllint.engine import describe

        click.echo(f"mllint {__version__} failed: {describe(error)}. This is a bug in mllint.", err=True)
        if os.environ.get("MLLINT_TRACEBACK"):
            raise
        sys.exit(FAILED)


@main.command()
@click.argument("rule")
@click.option("--color", type=click.Choice(COLORS), default="auto", help="When to colour.  [default: auto]")
@click.option("--isolated", is_flag=True, help="No plugins.")
def explain(rule: str, color: str, isolated: bool) -> None:
    """Show the page of a rule, by its code or its name."""
    from mllint.config.errors import hint
    from mllint.pages import describe
    from mllint.plugins import load_plugins
    from mllint.report.rules_report import write_page

    with usage_errors():
        registry = load_plugins(isolated)
        found = registry.match(rule)
        if not found:
            raise click.BadParameter(f'there is no rule "{rule}"{hint(rule, registry.words)}', param_hint="RULE")
        if len(found) > 1:
            raise click.BadParameter(f'"{rule}" means several rules: {", ".join(found)}', param_hint="RULE")
        info = describe(registry.load(found[0]), registry.distribution(found[0]))
        if sys.flags.optimize > 1:
            raise click.ClickException("the pages are docstrings, and this Python runs without them (-OO)")
        _write(None, lambda out: write_page(info, out, _style(out, {"color": color})))


@main.command()
@click.option("--format", "format_name", type=click.Choice(("text", "json", "markdown")), default="text")
@click.option("--color", type=click.Choice(COLORS), default="auto", help="When to colour.  [default: auto]")
@click.option("--isolated", is_flag=True, help="No plugins.")
def rules(format_name: str, color: str, isolated: bool) -> None:
    """List all rules."""
    from mllint.pages import describe
    from mllint.plugins import load_plugins
    from mllint.report.rules_report import write_rules

    with usage_errors():
        registry = load_plugins(isolated)
        infos = [describe(registry.load(each), registry.distribution(each)) for each in registry.ids]
        _write(None, lambda out: write_rules(infos, format_name, out, _style(out, {"color": color})))
