"""`mllint stack`: what an image will be."""

from __future__ import annotations

from typing import Any

from mllint.commands import CLEAN, FOUND, MISUSED
from mllint.commands.console import complain, style, write
from mllint.commands.inputs import check_options, check_target, read_configuration
from mllint.plugins import load_plugins
from mllint.report import stack_html, stack_json, stack_text
from mllint.stacks import read_stacks


def stack(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Runs the command; the exit code is the result. Raises what `mllint.cli.usage_errors` shows."""
    check_options(options)
    form = options["format_name"]
    # A page shows what the rules say of the image, too.
    registry = load_plugins(options["isolated"]) if form == "html" else None
    stacks = read_stacks(paths, read_configuration(options), registry)
    check_target(options["target"], stacks.files)
    writer = {"text": stack_text.write, "json": stack_json.write, "html": stack_html.write}[form]
    write(options["output"], lambda out: writer(stacks, out, style(out, options)))
    complain(stacks.errors)
    if stacks.errors:
        return MISUSED
    return CLEAN if all(report.fits for report in stacks.files) else FOUND
