"""A map over several processes, for runs over many files. Loaded only for those."""

from __future__ import annotations

import multiprocessing  # noqa: TID253 - this module is loaded for nothing else
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor  # noqa: TID253
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_function: Callable[[Any], Any] | None = None


def ordered_map(function: Callable[[T], R], items: Sequence[T], processes: int) -> Iterator[R]:
    """`map(function, items)` by several processes, the results in order; plain `map` where the system cannot fork.

    The function reaches the workers by being there when they fork, so that only items and results are copied. What it
    raises is raised here; a worker that the system kills ends the map with BrokenProcessPool.
    """
    global _function
    if "fork" not in multiprocessing.get_all_start_methods():
        yield from map(function, items)
        return
    _function = function
    size = max(1, min(16, len(items) // (processes * 4)))
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _leave_interrupts) as pool:
        yield from pool.map(_call, items, chunksize=size)


def _leave_interrupts() -> None:
    """Ctrl-C reaches all processes of a terminal; the first one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _call(item: Any) -> Any:
    assert _function is not None
    return _function(item)
