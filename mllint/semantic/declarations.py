"""The variables that the ENV and ARG instructions of a stage declare, over those of its base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mllint.semantic.fact import Origin, Variable
from mllint.semantic.scope import MOST_INHERITED, History, Scope
from mllint.syntax.expand import expand
from mllint.syntax.nodes import Arg, Env

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage


def scope_of(stage: Stage) -> Scope:
    """The variables through a stage."""
    scope = _inherited(stage)
    for position, instruction in enumerate(stage.body):
        if isinstance(instruction, Env):
            _declare_environment(stage, scope, position, instruction)
        elif isinstance(instruction, Arg):
            _declare_arguments(stage, scope, position, instruction)
    return scope


def _inherited(stage: Stage) -> Scope:
    if stage.parent is None:
        complete = stage.is_scratch or (stage.base is not None and stage.base.env_complete)
        return Scope(History(_base_environment(stage)), History({}), complete=complete)
    above = stage.parent.scope
    environment, arguments = above.environment.at_end(), above.arguments.at_end()
    if (len(environment) + len(arguments)) * len(stage.build.stages) > MOST_INHERITED:
        return Scope(History({}), History({}), complete=False)
    return Scope(History(environment), History(arguments), complete=above.complete)


def _base_environment(stage: Stage) -> Mapping[str, Variable]:
    base = stage.base
    if base is None:
        return {}
    known = {name: Variable(None, None, Origin.INHERITED) for name in base.env_names}
    known.update((name, Variable(value, None, Origin.INHERITED)) for name, value in base.env.items())
    return known


def _declare_environment(stage: Stage, scope: Scope, position: int, instruction: Env) -> None:
    lookup, escape = scope.lookup(position), stage.build.dockerfile.escape
    for pair in instruction.pairs:
        key = expand(pair.key.value, lookup, escape)
        value = expand(pair.value.value, lookup, escape) if pair.value is not None else None
        if key:
            scope.environment.set(key, position, Variable(value, pair.span, Origin.LITERAL))


def _declare_arguments(stage: Stage, scope: Scope, position: int, instruction: Arg) -> None:
    lookup, escape = scope.lookup(position), stage.build.dockerfile.escape
    for pair in instruction.pairs:
        name = pair.key.value
        variable = stage.build.given_argument(name, pair.span)
        if variable is None and pair.value is not None:
            variable = Variable(expand(pair.value.value, lookup, escape), pair.span, Origin.ARGUMENT)
        if variable is None:
            variable = stage.build.global_argument(name) or Variable(None, pair.span, Origin.ARGUMENT)
        scope.arguments.set(name, position, variable)
