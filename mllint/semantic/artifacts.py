"""The models and data of a stage, derived on first use and once."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from mllint.semantic.baked import Baked, Made, baked_weights, made_weights
from mllint.semantic.fetches import Fetch, fetches_of
from mllint.source import Span

if TYPE_CHECKING:
    from mllint.semantic.intake import Intake, Taken
    from mllint.semantic.stage import Stage

#: Each `COPY --from` looks through what the other stage makes, so that a list without end would cost its square.
_MOST = 100


class Artifacts:
    """What a stage downloads, copies and makes."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @cached_property
    def fetches(self) -> tuple[Fetch, ...]:
        """What its RUN and ADD instructions download, and where that lands."""
        return tuple(fetches_of(self._stage))

    @cached_property
    def taken(self) -> tuple[Taken, ...]:
        """What its COPY and ADD instructions and its bind mounts take in from the build context, where it is known."""
        from mllint.semantic.intake import taken_by

        return tuple(taken_by(self._stage))

    @cached_property
    def _intakes(self) -> dict[Span, Intake]:
        return {each.span: each.intake for each in self.taken}

    def intake_at(self, span: Span) -> Intake | None:
        """What the source at `span` takes in from the build context; None when it is not known."""
        return self._intakes.get(span)

    @cached_property
    def baked(self) -> tuple[Baked, ...]:
        """The weights that its COPY and ADD instructions bring, from the context or from other stages."""
        return tuple(baked_weights(self._stage))

    @cached_property
    def weights(self) -> tuple[Made, ...]:
        """The weights that its layers hold, as far as they are known; at most the first hundred."""
        return tuple(islice(made_weights(self._stage), _MOST))
