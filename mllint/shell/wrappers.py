"""Programs that run another program: what they are called, and where the other one begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from mllint.shell.command import Assignment, Word
from mllint.source import Span


class Prefix(NamedTuple):
    """A wrapper that takes options and perhaps operands, then the command."""

    #: Letters of the short options that take a value.
    short: str = ""
    #: The long options that take their value as the next word.
    long: frozenset[str] = frozenset()
    #: Words between the options and the command (the user of gosu, the duration of timeout).
    operands: int = 0
    #: The word that must follow the name (`conda run`).
    subcommand: str = ""
    #: `NAME=value` words in front of the command go into its environment.
    assignments: bool = False
    #: With one of these options no command follows.
    refuse: frozenset[str] = frozenset()


def _options(names: str) -> frozenset[str]:
    return frozenset(names.split())


_CONDA = Prefix(
    "npre", _options("--name --prefix --root-prefix --rc-file --cwd --env --attach --log-level -a"), subcommand="run"
)
_SUDO_LONG = "--user --group --host --prompt --close-from --role --type --other-user --chroot --chdir --command-timeout"
_UV_LONG = (
    "--with --with-editable --with-requirements --extra --group --no-group --only-group --no-extra --package --python "
    "--project --directory --index --default-index --index-url --extra-index-url --find-links --env-file --config-file "
    "--cache-dir --color --refresh-package --reinstall-package --upgrade-package --no-binary-package "
    "--no-build-package --index-strategy --keyring-provider --resolution --prerelease --exclude-newer --link-mode "
    "--python-platform --allow-insecure-host --config-setting --no-install-package"
)
_SETPRIV_LONG = (
    "--reuid --regid --ruid --euid --rgid --egid --groups --inh-caps --ambient-caps --bounding-set --securebits "
    "--pdeathsig --selinux-label --apparmor-profile"
)

#: By the name of the program.
PREFIXES: dict[str, Prefix] = {
    "sudo": Prefix(
        "ughpCrtTURD",
        _options(_SUDO_LONG),
        assignments=True,
        refuse=_options("-l -v -k -K -V -e --list --validate --edit"),
    ),
    "doas": Prefix("uC"),
    "env": Prefix("uC", _options("--unset --chdir"), assignments=True, refuse=_options("-S --split-string -vS")),
    "exec": Prefix("a"),
    "command": Prefix(refuse=_options("-v -V")),
    "builtin": Prefix(),
    "nohup": Prefix(),
    "setsid": Prefix(),
    "time": Prefix("fo", _options("--format --output")),
    "nice": Prefix("n", _options("--adjustment")),
    "ionice": Prefix("cn", _options("--class --classdata"), refuse=_options("-p --pid -P -u")),
    "chrt": Prefix("TPD", operands=1, refuse=_options("-p --pid -m --max")),
    "taskset": Prefix(operands=1, refuse=_options("-p --pid")),
    "numactl": Prefix(
        "iNmpCl", _options("--interleave --membind --preferred --cpunodebind --physcpubind"), refuse=_options("-H -s")
    ),
    "stdbuf": Prefix("ioe", _options("--input --output --error")),
    "unbuffer": Prefix(),
    "eatmydata": Prefix(),
    "fakeroot": Prefix("lsib"),
    "timeout": Prefix("ks", _options("--kill-after --signal"), operands=1),
    "xargs": Prefix(
        "IaEdLnPs",
        _options("--arg-file --delimiter --max-lines --max-args --max-procs --max-chars --process-slot-var"),
    ),
    "gosu": Prefix(operands=1),
    "su-exec": Prefix(operands=1),
    "s6-setuidgid": Prefix(operands=1),
    "chroot": Prefix(operands=1),
    "setpriv": Prefix(long=_options(_SETPRIV_LONG), refuse=_options("--dump -d")),
    "conda": _CONDA,
    "mamba": _CONDA,
    "micromamba": _CONDA,
    "pixi": Prefix("e", _options("--environment --manifest-path"), subcommand="run"),
    "uv": Prefix("pPCf", _options(_UV_LONG), subcommand="run", refuse=_options("-m --module -s --script --gui-script")),
    "poetry": Prefix("CP", _options("--directory --project"), subcommand="run"),
    "pipenv": Prefix(long=_options("--python"), subcommand="run"),
    "pdm": Prefix("p", _options("--project --venv"), subcommand="run", refuse=_options("-l --list")),
    "tini": Prefix("pe"),
    "tini-static": Prefix("pe"),
    "dumb-init": Prefix("r", _options("--rewrite")),
    "catatonit": Prefix(),
    "xvfb-run": Prefix("nsefp", _options("--server-num --server-args --error-file --auth-file --xauth-protocol")),
}

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "rbash"})
#: Programs that may run another one that stands among their arguments or in their input.
WRAPPERS = frozenset({*PREFIXES, *SHELLS, "su", "runuser", "eval"})
_SHELL_LONG = _options("--rcfile --init-file")
_SU_SHORT = "sgGwu"
_SU_LONG = _options("--shell --group --supp-group --whitelist-environment --user")
_PYTHON = re.compile(r"(?:python|pypy)(?:\d+(?:\.\d+)?)?|ipython3?")
_PYTHON_SHORT = "WXQ"
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_CLUSTER = re.compile(r"[-+][A-Za-z]+")


class Unwrapped(NamedTuple):
    """What is left of a command when its wrappers are taken off."""

    #: How many words belong to wrappers.
    skip: int
    wrappers: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    #: The word that holds a shell script (`sh -c`, `su -c`).
    script: int | None = None
    #: All words from `skip` on are the script (`eval`).
    evaluated: bool = False
    #: A shell that reads its commands from its standard input.
    reads_stdin: bool = False


def base_name(word: Word) -> str | None:
    """The program that a word calls, without its folder."""
    return None if word.value is None else word.value.rpartition("/")[2]


def unwrap(words: Sequence[Word]) -> Unwrapped:
    """Takes the wrappers off, as many as there are; stops where the command cannot be known."""
    at = 0
    wrappers: list[str] = []
    assignments: list[Assignment] = []
    while at < len(words):
        name = base_name(words[at])
        if name in SHELLS or name in ("su", "eval"):
            return _script(words, at, name, wrappers, assignments)
        if name == "runuser" and not _has_user_option(words, at):
            return _script(words, at, name, wrappers, assignments)
        prefix = _RUNUSER if name == "runuser" else PREFIXES.get(name or "")
        found = _past(words, at, prefix) if prefix else None
        if found is None or prefix is None or name is None:
            break
        at, extra = found
        wrappers.append(f"{name} {prefix.subcommand}" if prefix.subcommand else name)
        assignments += extra
    return Unwrapped(at, tuple(wrappers), tuple(assignments))


def _script(
    words: Sequence[Word], at: int, name: str | None, wrappers: list[str], assignments: list[Assignment]
) -> Unwrapped:
    """The end of the way: the command of a shell, of su or of eval."""
    plain = Unwrapped(at, tuple(wrappers), tuple(assignments))
    if name == "eval":
        known = at + 1 < len(words) and all(word.value is not None for word in words[at + 1 :])
        return plain._replace(skip=at + 1, wrappers=(*wrappers, "eval"), evaluated=True) if known else plain
    if name in SHELLS:
        script, reads_stdin = _shell_script(words, at + 1)
        if reads_stdin:
            return plain._replace(reads_stdin=True)
    else:
        script = _su_script(words, at + 1)
    return plain if script is None else plain._replace(script=script, wrappers=(*wrappers, f"{name} -c"))


def _past(words: Sequence[Word], at: int, prefix: Prefix) -> tuple[int, list[Assignment]] | None:
    """Where the command of a wrapper begins, and what it puts into its environment; None when it has none."""
    after = _past_options(words, at + 1, prefix)
    if after is not None and prefix.subcommand:
        if after >= len(words) or words[after].value != prefix.subcommand:
            return None
        after = _past_options(words, after + 1, prefix)
    if after is None:
        return None
    assignments: list[Assignment] = []
    while prefix.assignments and after < len(words) and (assignment := as_assignment(words[after])):
        assignments.append(assignment)
        after += 1
    after += prefix.operands
    return (after, assignments) if after < len(words) else None


def _past_options(words: Sequence[Word], at: int, prefix: Prefix) -> int | None:
    while at < len(words):
        value = words[at].value
        if value is None:
            return at if _is_no_option(words[at], prefix) else None
        if not value.startswith("-"):
            return at
        if value in prefix.refuse:
            return None
        if value == "--":
            return at + 1
        at += 2 if _takes_next(value, prefix.short, prefix.long) else 1
    return at


def _is_no_option(word: Word, prefix: Prefix) -> bool:
    """Whether a word that is not known is taken as an operand, an assignment or the command, not as options."""
    if prefix.assignments and _ASSIGNMENT.fullmatch(word.raw):
        return True
    return prefix.operands > 0 or word.raw.startswith(("'", '"'))


def _takes_next(option: str, short: str, long: frozenset[str]) -> bool:
    """Whether the value of an option is the word behind it."""
    if option.startswith("--") or option in long:
        return option in long
    first = next((index for index, letter in enumerate(option[1:], 1) if letter in short), 0)
    return first > 0 and first == len(option) - 1


def as_assignment(word: Word) -> Assignment | None:
    """A `NAME=value` word read as an assignment."""
    match = _ASSIGNMENT.fullmatch(word.value if word.value is not None else word.raw)
    if match is None:
        return None
    name, value = match.groups()
    raw = word.raw[len(name) + 1 :] if word.raw.startswith(name + "=") else word.raw
    start = word.span.start + (len(name) + 1 if word.raw.startswith(name + "=") else 0)
    span = Span(word.span.source, start, word.span.end)
    return Assignment(name, Word(span, raw, value if word.value is not None else None), word.span)


def _shell_script(words: Sequence[Word], at: int) -> tuple[int | None, bool]:
    """The word that holds the script of `sh -c`, or True when the shell reads its standard input."""
    wanted = False
    while at < len(words):
        value = words[at].value
        if value is None or value[:1] not in ("-", "+"):
            return (at, False) if wanted else (None, False)
        at += 1
        if value in ("--", "-"):
            continue
        if _CLUSTER.fullmatch(value):
            if value[0] == "-" and "s" in value and not wanted:
                return None, True
            wanted = wanted or (value[0] == "-" and "c" in value)
            at += value.count("o") + value.count("O")
        elif value in _SHELL_LONG:
            at += 1
    return None, not wanted


def _su_script(words: Sequence[Word], at: int) -> int | None:
    """The word behind `-c` of su or runuser."""
    while at < len(words):
        value = words[at].value
        at += 1
        if value is None or not value.startswith("-") or value in ("-", "--"):
            continue
        if value in ("--command", "--session-command") or (value[1] != "-" and value.endswith("c")):
            return at if at < len(words) else None
        if _takes_next(value, _SU_SHORT, _SU_LONG):
            at += 1
    return None


_RUNUSER = Prefix("ugG", _options("--user --group --supp-group"))


def _has_user_option(words: Sequence[Word], at: int) -> bool:
    values = [word.value or "" for word in words[at + 1 : at + 6]]
    return any(value == "-u" or value.startswith("--user") for value in values)


@lru_cache(maxsize=4096)
def is_python(name: str) -> bool:
    """Whether a program is a Python interpreter."""
    return _PYTHON.fullmatch(name) is not None


class PythonCode(NamedTuple):
    """Where a Python interpreter finds its program: the word behind `-c`, or (None) its standard input."""

    word: int | None


def python_code(words: Sequence[Word]) -> PythonCode | None:
    """What an interpreter runs as text; None for modules and script files. The first word is its name."""
    at = 1
    while at < len(words):
        value = words[at].value
        if value is None:
            return None
        if value == "-":
            break
        if not value.startswith("-"):
            return None
        if value[1] != "-":
            if "c" in value and not set(value[1 : value.index("c")]) & set(_PYTHON_SHORT + "m"):
                return PythonCode(at + 1) if value.endswith("c") and at + 1 < len(words) else None
            if "m" in value and value[1] not in _PYTHON_SHORT:
                return None
        at += 2 if _takes_next(value, _PYTHON_SHORT, frozenset({"--check-hash-based-pycs"})) else 1
    return PythonCode(None)


def shell_kind(argv: Sequence[str]) -> str | None:
    """The language of the programs that a SHELL instruction runs: "sh", "python", or None when it is another."""
    for at in range(len(argv) - 1, -1, -1):
        name = argv[at].replace("\\", "/").rpartition("/")[2]
        options = argv[at + 1 :]
        runs_text = any(_CLUSTER.fullmatch(option) and "c" in option for option in options)
        if name in SHELLS:
            return "sh" if runs_text else None
        if _PYTHON.fullmatch(name):
            return "python" if runs_text else None
    # The images of micromamba and others name a script that starts bash with their environment on.
    return "sh" if argv and argv[-1].endswith(".sh") else None
