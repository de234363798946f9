"""What the variables of a script hold at the point that has been read so far."""

from __future__ import annotations

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


class Variables:
    """Assignments made by the script, then the lookup of the Dockerfile."""

    __slots__ = ("_budget", "_known", "_lookup", "_tainted")

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._known: dict[str, Value] = {}
        self._tainted = False
        self._budget = _BUDGET

    def get(self, name: str) -> Value:
        """The value, UNSET when there is certainly none, None when it is not known."""
        value = self._known[name] if name in self._known else self._outer(name)
        if isinstance(value, str):
            self._budget -= len(value)
            if self._budget < 0:
                return None
        return value

    def _outer(self, name: str) -> Value:
        if self._tainted:
            return None
        value = self._lookup(name)
        if value is UNSET and (name in _ALWAYS_SET or name.startswith("BASH")):
            return None
        return value

    def assign(self, name: str, value: Value) -> None:
        self._known[name] = value

    def forget(self) -> None:
        """After a file is sourced, or a text evaluated that is not known, any variable may hold anything."""
        self._known.clear()
        self._tainted = True

    def snapshot(self) -> tuple[dict[str, Value], bool]:
        """What `restore` needs; taken where a subshell begins."""
        return dict(self._known), self._tainted

    def restore(self, snapshot: tuple[dict[str, Value], bool]) -> None:
        self._known, self._tainted = dict(snapshot[0]), snapshot[1]
