"""`mllint init`: a first configuration, with what the repository says already."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import click

from mllint.commands import CLEAN
from mllint.commands.console import complain, say, write
from mllint.config import files, hadolint
from mllint.config.errors import ConfigError
from mllint.config.load import Configuration
from mllint.images.versions import numbers
from mllint.knowledge import hadolint as correspondences
from mllint.report.stack_report import StackReport, StageStack
from mllint.report.text import visible
from mllint.stacks import read_stacks

NAME = ".mllint.yaml"
#: So many Dockerfiles are listed; of a repository with more, nobody reads the list.
_MOST_LISTED = 40


class Image(NamedTuple):
    """A Dockerfile that was found: its path from the configuration's folder, and what its image is for."""

    path: str
    role: str
    #: "CUDA 12.4.1", "a GPU"; "" where nothing says that it needs one.
    accelerator: str
    #: The oldest NVIDIA driver that runs it; None when that is not known.
    driver: str | None


def init(folder: str, options: dict[str, Any]) -> int:
    """Runs the command; the exit code is the result. Raises what `mllint.cli.usage_errors` shows."""
    printed = options["stdout"] or folder == "-"
    folder = "." if folder == "-" else folder
    if not os.path.isdir(folder):
        raise click.BadParameter(f'there is no folder "{folder}"', param_hint="FOLDER")
    path = os.path.join(folder, NAME)
    if not (printed or options["force"]):
        _check_free(path)
    found = read_stacks([folder], Configuration(isolated=True))
    complain(found.errors)
    images = [_image(report, folder) for report in found.files]
    theirs = hadolint.find(folder)
    text = configuration(images, hadolint.read(theirs) if theirs is not None else None)
    write(None if printed else path, lambda out: out.write(text), "FOLDER")
    if not printed:
        where = visible(folder)
        say(f"wrote {visible(files.shown(path))}; `mllint config show {where}` shows all, `mllint {where}` uses it")
    return CLEAN


def _check_free(path: str) -> None:
    """Raises click.UsageError where a configuration would be overwritten, or hidden by the new one."""
    if os.path.lexists(path):
        raise click.UsageError(f"{files.shown(path)} is there already; --force overwrites it")
    try:
        other = Configuration().for_file(path).path
    except ConfigError:
        return  # what cannot be used, or belongs to another tool of our name, is not hidden
    if other is not None:
        raise click.UsageError(f"{files.shown(other)} holds here already; --force writes a {NAME} in front of it")


def _image(report: StackReport, folder: str) -> Image:
    path = os.path.relpath(report.path, folder).replace(os.sep, "/")
    final = next((stage for stage in report.stages if stage.final), None)
    if final is None:
        return Image(path, "unknown", "", None)
    driver = final.driver.version if final.driver is not None else None
    return Image(path, final.role.value or "unknown", _accelerator(final), driver)


def _accelerator(stage: StageStack) -> str:
    if stage.cuda.value is not None:
        return f"CUDA {stage.cuda.value}"
    used = next((each.cuda for each in stage.frameworks if each.cuda is not None), None)
    if used is not None:
        return f"CUDA {used} of {stage.frameworks[0].name}" if len(stage.frameworks) == 1 else f"CUDA {used}"
    return "a GPU" if stage.gpu else ""


# The text


def configuration(images: list[Image], theirs: hadolint.HadolintConfig | None) -> str:
    """The text of a configuration for a repository with these Dockerfiles, and with this configuration of hadolint."""
    parts = (_HEAD, *map("\n".join, (_found(images), _hosts(images), _ignored(theirs))), _REST)
    return "\n\n".join(filter(None, parts)) + "\n"


_HEAD = """\
# The configuration of mllint, a linter of Dockerfiles. `mllint explain CODE` tells what a rule is about, `mllint config
# show` what holds for a file, and `mllint config schema` prints the schema for editors."""

_REST = """\
# The least severity that fails a run: error, warning, info or never.
fail-on: warning

# Findings that were there before can be kept in a file, so that only new ones fail: `mllint baseline create .`
# baseline: .mllint-baseline.json

# Rules to leave out in some files, and folders that are not searched.
# per-file-ignores:
#   "notebooks/*": [ML5]
# extend-exclude: [third_party]"""


def _found(images: list[Image]) -> Iterator[str]:
    if not images:
        yield "# No Dockerfile was found below this folder."
        return
    yield "# The Dockerfiles below this folder, and what their images are for:"
    width = max(len(visible(each.path)) for each in images[:_MOST_LISTED])
    for each in images[:_MOST_LISTED]:
        yield f"#   {visible(each.path):<{width}}  {', '.join(filter(None, (each.role, each.accelerator)))}"
    if len(images) > _MOST_LISTED:
        yield f"#   and {len(images) - _MOST_LISTED} more"
    yield "# Where that is wrong, say it in the file, as `# mllint role=serving`, or for all of them here:"
    yield "# role: serving"


def _hosts(images: list[Image]) -> Iterator[str]:
    users = [each for each in images if each.accelerator]
    if not users:
        return
    yield "# The NVIDIA driver and the GPU of your hosts: with them, mllint tells which image will not run there."
    newest = max((each for each in users if each.driver), key=lambda each: numbers(each.driver or ""), default=None)
    if newest is not None:
        yield f"# {visible(newest.path)} asks for the newest one here: {newest.driver} or later."
    yield '# driver: "535.104.05"'
    yield "# gpu: H100"


def _ignored(theirs: hadolint.HadolintConfig | None) -> Iterator[str]:
    if theirs is None:
        yield "# Rules to leave out: codes, prefixes of codes, or names."
        yield "# ignore: [ML503]"
        return
    name = os.path.basename(theirs.path)
    rules = hadolint.corresponding(theirs.ignored)
    if rules:
        yield f"# {name} leaves these out. `hadolint: true` in place of the list follows that file from now on."
        yield "ignore:"
        for rule, codes in rules.items():
            yield f"  - {rule}  # {'; '.join(f'{code}: {_REPORTS[code]}' for code in codes)}"
    yield from _not_taken_over(name, theirs, {code for codes in rules.values() for code in codes})


_REPORTS = {each.code: each.reports for each in correspondences.RULES}


def _not_taken_over(name: str, theirs: hadolint.HadolintConfig, taken: Iterable[str]) -> Iterator[str]:
    left = sorted({code for code in theirs.ignored if code not in taken})
    if left:
        yield f"# Of what {name} leaves out, no rule here says the same as {_words(left)}."
    if theirs.trusted_registries:
        registries = _words(theirs.trusted_registries)
        yield f"# mllint has no rule about registries: hadolint's DL3026 sees to {registries}."


def _words(words: Iterable[str]) -> str:
    return ", ".join(map(visible, words))
