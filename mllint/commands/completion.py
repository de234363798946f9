"""Completion in shells: the scripts that click makes, and the words that mllint knows."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")


def script(command: click.Command, name: str, shell: str) -> str:
    """The script that a shell evaluates; `name` is the program as users type it."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f'there is no completion for "{shell}"', param_hint="SHELL")
    variable = f"_{name}_COMPLETE".replace("-", "_").upper()
    # The class for bash would start a bash to look at its version.
    return ShellComplete.source(kind(command, {}, name, variable))


def rule_words(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes and names that a word may become, and prefixes of codes; behind the last comma of a list."""
    from mllint.plugins import PluginError, load_plugins

    before, comma, word = incomplete.rpartition(",")
    try:
        registry = load_plugins(bool(context.params.get("isolated")))
        found: dict[str, Any] = {each: registry.load(each).name for each in registry.ids}
        found |= {name: each for name, each in registry.names.items() if word[:1].islower()}
    except PluginError:
        return []
    return [
        CompletionItem(f"{before}{comma}{each}", help=other)
        for each, other in found.items()
        if each.lower().startswith(word.lower())
    ]
