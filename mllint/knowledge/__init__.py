"""Tables of facts about the world: tuples with their source and date, no logic.

A table is imported when it is first asked for (`knowledge.torch`), so that one that nobody needs costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"there is no table {name!r}") from None
