"""What the variables of a script hold at the point that has been read so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mllint.syntax.expand import UNSET, Lookup, Unset

#: Set by the shell or by the container runtime, whatever the Dockerfile says: never known to be unset.
_ALWAYS_SET = frozenset(
    {
        "PWD",
        "OLDPWD",
        "HOME",
        "PATH",
        "HOSTNAME",
        "IFS",
        "PPID",
        "RANDOM",
        "SECONDS",
        "LINENO",
        "UID",
        "EUID",
        "GROUPS",
        "SHLVL",
        "SHELL",
        "SHELLOPTS",
        "USER",
        "LOGNAME",
        "TERM",
        "OPTARG",
        "OPTIND",
        "REPLY",
        "PIPESTATUS",
        "FUNCNAME",
        "DIRSTACK",
        "OSTYPE",
        "MACHTYPE",
        "HOSTTYPE",
        "EPOCHSECONDS",
        "COLUMNS",
        "LINES",
        "PS4",
        "http_proxy",
        "https_proxy",
        "ftp_proxy",
        "no_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "FTP_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
    }
)

#: How many characters the expansions of one body may yield in all; `A=$A$A` again and again must not fill the memory.
_BUDGET = 1_000_000

Value = str | Unset | None


class _Layer:
    """What a shell, or a subshell in it, has assigned."""

    __slots__ = ("known", "opaque")

    def __init__(self, opaque: bool = False) -> None:
        self.known: dict[str, Value] = {}
        #: Nothing that was assigned before is known any more, not even in the Dockerfile.
        self.opaque = opaque


class Variables:
    """Assignments made by the script, then the lookup of the Dockerfile."""

    __slots__ = ("_budget", "_layers", "_lookup")

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._layers = [_Layer()]
        self._budget = _BUDGET

    def get(self, name: str) -> Value:
        """The value, UNSET when there is certainly none, None when it is not known."""
        value = self._find(name)
        if isinstance(value, str):
            self._budget -= len(value)
            if self._budget < 0:
                return None
        return value

    def _find(self, name: str) -> Value:
        for layer in reversed(self._layers):
            if name in layer.known:
                return layer.known[name]
            if layer.opaque:
                return None
        value = self._lookup(name)
        if value is UNSET and (name in _ALWAYS_SET or name.startswith("BASH")):
            return None
        return value

    def assign(self, name: str, value: Value) -> None:
        self._layers[-1].known[name] = value

    def forget(self) -> None:
        """After a file is sourced, or a text evaluated that is not known, any variable may hold anything."""
        self._layers[-1] = _Layer(opaque=True)

    @contextmanager
    def subshell(self) -> Iterator[None]:
        """What is assigned within is gone behind it; what was assigned before holds within."""
        self._layers.append(_Layer())
        yield
        self._layers.pop()
