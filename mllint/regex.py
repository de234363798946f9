"""Regular expressions that are compiled when they are first used.

Compiling costs about 0.1 ms each, and of some three hundred a file needs a few dozen.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Regex:
    """Stands for a compiled pattern: the first use of a method compiles it, later ones find the method at once."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        method = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, method)
        return method


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression for a module's constant. A wrong one raises re.error when it is first used.

    Its methods are those of a compiled pattern; it cannot be handed to the functions of `re`.
    """
    return cast("re.Pattern[str]", _Regex(source, flags))
