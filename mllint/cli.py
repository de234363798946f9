"""The command `mllint`. What a command needs beyond click is imported inside it, so that starting costs little."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from mllint import __version__
from mllint.commands import FAILED, INTERRUPTED, MISUSED

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FORMATS = (
    "full", "concise", "json", "sarif", "github", "gitlab", "checkstyle", "junit", "rdjson", "markdown",
)  # fmt: skip
COLORS = ("auto", "always", "never")
DISTRIBUTION = "mllint-docker"


def _rule_words(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from mllint.commands.completion import rule_words

    return rule_words(ctx, parameter, incomplete)


def _formats(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in FORMATS if name.startswith(incomplete)]


class DefaultGroup(click.Group):
    """`mllint Dockerfile` is `mllint check Dockerfile`; `mllint` alone shows the help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            if ctx.resilient_parsing:  # a shell asks what may come first
                return super().parse_args(ctx, args)
            # Not 0: a pipeline whose list of files came out empty must not pass.
            click.echo(ctx.get_help(), err=True)
            ctx.exit(MISUSED)
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        if args[0] not in self.commands and args[0] not in own:
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and what may follow `check`: its options, and files."""
        default = self.commands["check"]
        inner = click.Context(default, parent=ctx, info_name="check")
        found = super().shell_complete(ctx, incomplete)
        known = {item.value for item in found}
        more = default.shell_complete(inner, incomplete) if incomplete.startswith("-") else []
        files = [] if incomplete.startswith("-") else default.params[0].shell_complete(inner, incomplete)
        return [*found, *(item for item in (*more, *files) if item.value not in known)]


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


_Command = TypeVar("_Command", bound=Callable[..., Any])

#: What the commands share that lint: how an image is built, where it runs, and which files are looked at.
_SETTINGS = (
    click.option("--profile", type=click.Choice(("default", "strict")), help="strict: all rules, advice as warnings."),
    click.option("--target", metavar="STAGE", help="The stage that is built; the last one by default."),
    click.option("--build-arg", multiple=True, metavar="NAME=VALUE", help="The value of a build argument."),
    click.option("--role", metavar="ROLE", help="serving, training, notebook, job, base: what the image is for."),
    click.option("--driver", metavar="VERSION", help="The host's NVIDIA driver, e.g. 535.104.05."),
    click.option("--gpu", metavar="NAME", help="The host's GPU, e.g. H100."),
    click.option("--context", metavar="DIR", help="The build context; found from the COPY sources by default."),
    click.option("--config", metavar="FILE", help="The configuration file to use."),
    click.option("--isolated", is_flag=True, help="No configuration files, no plugins."),
    click.option(
        "--exclude", multiple=True, metavar="PATTERN", help="Files and folders not to search, besides the usual."
    ),
    click.option("--force-exclude", is_flag=True, default=None, help="Exclude files that are named, too."),
    click.option("--no-respect-gitignore", is_flag=True, help="Search what git ignores, too."),
)
_RULES: dict[str, Any] = {"multiple": True, "metavar": "RULES", "shell_complete": _rule_words}
#: Which findings are reported, and which of them fail a run.
_SELECTION = (
    click.option("--select", **_RULES, help="The rules to use: codes, prefixes, names, ALL."),
    click.option("--extend-select", **_RULES, help="Rules to use besides."),
    click.option("--ignore", **_RULES, help="Rules to leave out."),
    click.option("--fail-on", type=click.Choice(("error", "warning", "info", "never")), help="Default: warning."),
    click.option("--baseline", metavar="FILE", help="Findings that are known: see `mllint baseline --help`."),
)
_FORMAT_HELP = f"{', '.join(FORMATS)}, or a plugin's. Default: full on a terminal, else concise."


def settings_options(command: _Command) -> _Command:
    """Gives a command the options of `_SETTINGS`, in their order."""
    return _with(_SETTINGS, command)


def selection_options(command: _Command) -> _Command:
    """Gives a command the options of `_SELECTION`, in their order."""
    return _with(_SELECTION, command)


def _with(options: tuple[Callable[[_Command], _Command], ...], command: _Command) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@click.argument("paths", nargs=-1, metavar="PATH…", type=click.Path())
@click.option("--format", "format_name", metavar="FORMAT", help=_FORMAT_HELP, shell_complete=_formats)
@click.option("-o", "--output", metavar="FILE", help="Write the report to a file.")
@selection_options
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--diff-base", metavar="REV", help="Only what is on instructions that changed since a git revision.")
@click.option("--fix", is_flag=True, help="Make the fixes that are safe, and report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also those that somebody should look at.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--add-ignore", metavar="REASON", help="Write ignore comments for what is found, and report nothing.")
@settings_options
@click.option("--stdin-filename", metavar="PATH", help="The name of the text that `-` reads from standard input.")
@click.option("--show-suppressed", is_flag=True, help="Show what ignore comments and the baseline take back, too.")
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
        from mllint.commands.check import check

        sys.exit(check(paths or (".",), options))


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


@main.group()
def baseline() -> None:
    """Keep the findings of now in a file, and report only new ones.

    `create` writes the file, `mllint --baseline FILE` leaves out what is in it, `update` brings it up to date, `prune`
    takes out what is mended. The file belongs into the repository.
    """


_BASELINE = click.option("--baseline", metavar="FILE", help="The file.  [default: .mllint-baseline.json]")


@baseline.command()
@click.argument("paths", nargs=-1, metavar="PATH…")
@_BASELINE
@settings_options
def create(paths: tuple[str, ...], **options: Any) -> NoReturn:
    """Write what is found now to a new file."""
    _rewrite("create", paths, options)


@baseline.command()
@click.argument("paths", nargs=-1, metavar="PATH…")
@_BASELINE
@settings_options
def update(paths: tuple[str, ...], **options: Any) -> NoReturn:
    """Write what is found now in place of what the file has."""
    _rewrite("update", paths, options)


@baseline.command()
@click.argument("paths", nargs=-1, metavar="PATH…")
@_BASELINE
@settings_options
def prune(paths: tuple[str, ...], **options: Any) -> NoReturn:
    """Take out what is not found any more, and add nothing."""
    _rewrite("prune", paths, options)


def _rewrite(action: str, paths: tuple[str, ...], options: dict[str, Any]) -> NoReturn:
    with usage_errors():
        from mllint.commands.baseline import rewrite

        sys.exit(rewrite(action, paths or (".",), options))


@main.command()
@click.argument("folder", default=".", metavar="[FOLDER]", type=click.Path())
@click.option("--force", is_flag=True, help="Overwrite the file, or write it in front of another configuration.")
@click.option("--stdout", is_flag=True, help="Print it and write nothing.")
def init(folder: str, **options: Any) -> NoReturn:
    """Write a first .mllint.yaml for a repository.

    It has what the repository says already: the Dockerfiles that are found with the roles of their images, the driver
    that they ask for, and what a .hadolint.yaml leaves out, where the rules correspond. FOLDER is the current one by
    default; `-` prints the file for it, as --stdout does.
    """
    with usage_errors():
        from mllint.commands.init import init

        sys.exit(init(folder, options))


@main.group()
def config() -> None:
    """Show the settings that hold for a file, and their schema."""


@config.command()
@click.argument("path", default=".", metavar="[PATH]", type=click.Path())
@click.option("--format", "format_name", type=click.Choice(("yaml", "json")), default="yaml")
@click.option("-o", "--output", metavar="FILE", help="Write it to a file.")
@selection_options
@settings_options
def show(path: str, **options: Any) -> NoReturn:
    """Show the settings that hold for a file.

    PATH is a file or a folder, the current one by default. It says where each value comes from (a file, the command
    line, the default) and which rules are on. The output is a configuration itself: as .mllint.yaml in the folder of
    the one that was read, it means the same.
    """
    with usage_errors():
        from mllint.commands.configuration import show_settings

        sys.exit(show_settings(path, options))


@config.command()
@click.option("-o", "--output", metavar="FILE", help="Write it to a file.")
@click.option("--isolated", is_flag=True, help="No plugins: the built-in rules alone.")
def schema(output: str | None, isolated: bool) -> NoReturn:
    """Print the JSON Schema of the configuration.

    Editors and validators read it. It knows the rules of the plugins that are installed here, too.
    """
    with usage_errors():
        from mllint.commands.configuration import show_schema

        sys.exit(show_schema(output, isolated))


@main.command()
@click.argument("rule", shell_complete=_rule_words)
@click.option("--color", type=click.Choice(COLORS), default="auto", help="When to colour.  [default: auto]")
@click.option("--isolated", is_flag=True, help="No plugins.")
def explain(rule: str, color: str, isolated: bool) -> None:
    """Show the page of a rule, by its code or its name."""
    from mllint.commands.console import style, write
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
        write(None, lambda out: write_page(info, out, style(out, {"color": color})))


@main.command()
@click.option("--format", "format_name", type=click.Choice(("text", "json", "markdown")), default="text")
@click.option("--color", type=click.Choice(COLORS), default="auto", help="When to colour.  [default: auto]")
@click.option("--isolated", is_flag=True, help="No plugins.")
def rules(format_name: str, color: str, isolated: bool) -> None:
    """List all rules."""
    from mllint.commands.console import style, write
    from mllint.pages import describe
    from mllint.plugins import load_plugins
    from mllint.report.rules_report import write_rules

    with usage_errors():
        registry = load_plugins(isolated)
        infos = [describe(registry.load(each), registry.distribution(each)) for each in registry.ids]
        write(None, lambda out: write_rules(infos, format_name, out, style(out, {"color": color})))


@main.command()
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option("--format", "format_name", type=click.Choice(("text", "json", "html")), default="text")
@click.option("-o", "--output", metavar="FILE", help="Write it to a file.")
@click.option("--driver", metavar="VERSION", help="The host's NVIDIA driver, e.g. 535.104.05.")
@click.option("--gpu", metavar="NAME", help="The host's GPU, e.g. H100, RTX 4090 or sm_90.")
@click.option("--target", metavar="STAGE", help="The stage that is built; the last one by default.")
@click.option("--build-arg", multiple=True, metavar="NAME=VALUE", help="The value of a build argument.")
@click.option("--context", metavar="DIR", help="The build context; found from the COPY sources by default.")
@click.option("--config", metavar="FILE", help="The configuration file to use.")
@click.option("--isolated", is_flag=True, help="No configuration files.")
@click.option("--color", type=click.Choice(COLORS), default="auto", help="When to colour.  [default: auto]")
def stack(paths: tuple[str, ...], **options: Any) -> NoReturn:
    """Show what an image will be: CUDA, frameworks, drivers, GPUs, and the size of its layers.

    PATH is a file, a folder to search, or `-` for standard input; the current folder when there is none. Exits with 1
    when the image is known not to run on the --driver or the --gpu that is given.
    """
    with usage_errors():
        from mllint.commands.stack import stack

        sys.exit(stack(paths or (".",), options))


@main.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.option("--name", default="mllint", metavar="PROGRAM", help="The program to complete.  [default: mllint]")
def completion(shell: str, name: str) -> None:
    """Print the completion of commands, options and rules for a shell.

    bash, zsh: `eval "$(mllint completion bash)"` in ~/.bashrc or ~/.zshrc (with that shell's name). fish:
    `mllint completion fish > ~/.config/fish/completions/mllint.fish`.
    """
    from mllint.commands.completion import script

    click.echo(script(main, name, shell))
