"""A map over several processes, for runs over many files. Loaded only for those."""

from __future__ import annotations

import multiprocessing  # noqa: TID253 - this module is loaded for nothing else
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_function: Callable[[Any], Any] | None = None


def ordered_map(function: Callable[[T], R], items: Sequence[T], processes: int) -> Iterator[R]:
    """`map(function, items)` by several processes, the results in order; plain `map` where the system cannot fork.

    The function reaches the workers by being there when they fork, so that only items and results are copied.
    """
    global _function
    if "fork" not in multiprocessing.get_all_start_methods():
        yield from map(function, items)
        return
    _function = function
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_call, items, chunksize=max(1, min(16, len(items) // (processes * 4))))


def _call(item: Any) -> Any:
    assert _function is not None
    return _function(item)
