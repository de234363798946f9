"""Regular expressions that are compiled when they are first used.

Compiling costs about 0.1 ms each, and of some three hundred a file needs a few dozen.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Regex:
    """Stands for a compiled pattern. The first call of a method compiles it and puts its methods over these."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def _first(self, name: str, *arguments: Any, **named: Any) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)(*arguments, **named)

    def search(self, *arguments: Any) -> Any:
        return self._first("search", *arguments)

    def match(self, *arguments: Any) -> Any:
        return self._first("match", *arguments)

    def fullmatch(self, *arguments: Any) -> Any:
        return self._first("fullmatch", *arguments)

    def finditer(self, *arguments: Any) -> Any:
        return self._first("finditer", *arguments)

    def findall(self, *arguments: Any) -> Any:
        return self._first("findall", *arguments)

    def sub(self, *arguments: Any, **named: Any) -> Any:
        return self._first("sub", *arguments, **named)

    def subn(self, *arguments: Any, **named: Any) -> Any:
        return self._first("subn", *arguments, **named)

    def split(self, *arguments: Any, **named: Any) -> Any:
        return self._first("split", *arguments, **named)


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression for a module's constant. A wrong one raises re.error when it is first used.

    It has the methods and the `pattern` of a compiled one; it cannot be handed to the functions of `re`.
    """
    return cast("re.Pattern[str]", _Regex(pattern, flags))
