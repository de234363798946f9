"""Which program a command runs in the end: `python3 -m pip`, `poetry run pip` and `/opt/v/bin/pip` are all `pip`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from mllint.packages.arguments import WORD_LIMIT, Arguments, fields, grammar, inner_span, parse, subcommand
from mllint.packages.requirement import Index, Install, Option, Requirement
from mllint.regex import regex
from mllint.shell.command import Command, Word

_PYTHON = regex(r"(?:python|pypy)[\d.]*w?|py")
_NOT_STATIC = regex(r"[$`'()*{}]")
_INTERPRETER = grammar(values="-m -c -W -X --check-hash-based-pycs")
_RUNNER = grammar(values="-n|--name -p|--prefix -e|--environment --manifest-path --cwd --directory -C --project")
#: Programs whose `run` starts another program in their environment; `uv run` also installs, so only pip counts there.
RUNNERS = ("poetry", "pipenv", "pdm", "hatch", "rye", "uv", "conda", "mamba", "micromamba", "pixi")
#: Options that make an install a rehearsal or a mere download.
_REHEARSALS = frozenset(("--dry-run", "--download-only", "--simulate", "--downloadonly", "--no-install"))


class Program(NamedTuple):
    """A program and its arguments."""

    command: Command
    #: Without its folder.
    name: str
    arguments: tuple[Word, ...]
    #: The folder that is written, with the slash; "" when there is none.
    folder: str
    #: The interpreter of `python -m`, as written, else None.
    python: str | None


def program(command: Command) -> Program | None:
    """What the command runs; None when it has no words or when its name is not known."""
    if not command.words:
        return None
    path = _program_path(command.words[0])
    if path is None:
        return None
    folder, slash, name = path.rpartition("/")
    found = Program(command, name, fields(command.words[1:]), folder + slash, None)
    if is_interpreter(name):
        return _module(found, path)
    if name in RUNNERS:
        return _inner(found) or found
    return found


def is_interpreter(name: str) -> bool:
    """Whether a program runs the module behind `-m`."""
    return _PYTHON.fullmatch(name) is not None


def _program_path(word: Word) -> str | None:
    """The program as written; of `${VENV}/bin/pip` the name is known even when the folder is not."""
    if word.value is not None:
        return word.value
    name = word.raw.replace('"', "").rpartition("/")[2]
    return None if not name or _NOT_STATIC.search(name) else name


def _module(interpreter: Program, path: str) -> Program | None:
    """The module behind `-m`; what stands behind the module belongs to the module."""
    head = parse(interpreter.arguments, _INTERPRETER, stop=True)
    chosen = next((option for option in head.options if option.name in ("-m", "-c")), None)
    if chosen is None or chosen.name == "-c" or chosen.value is None or chosen.value.value is None:
        return None
    end = chosen.value.span.end
    at = next(at for at, word in enumerate(interpreter.arguments) if word.span.end == end)
    return Program(interpreter.command, chosen.value.value, interpreter.arguments[at + 1 :], "", path)


def _inner(runner: Program) -> Program | None:
    name, _, rest = subcommand(runner.arguments, _RUNNER)
    if name != "run":
        return None
    words = parse(rest, _RUNNER, stop=True).words
    inner = program(runner.command._replace(words=words)) if words else None
    if inner is None or (runner.name == "uv" and not inner.name.startswith("pip")):
        return None
    return inner._replace(command=runner.command)


def read_requirements(
    words: Iterable[Word], reader: Callable[[Word], Requirement | None]
) -> tuple[tuple[Requirement, ...], bool]:
    """The requirements that `reader` sees in the words, and whether a word was unknown. Invalid words say nothing."""
    found = []
    incomplete = False
    for word in words:
        requirement = reader(word) if len(word.raw) <= WORD_LIMIT else None
        if requirement is not None:
            found.append(requirement)
        elif word.value is None:
            incomplete = True
    return tuple(found), incomplete


def indexes(options: Iterable[Option], kinds: dict[str, str]) -> tuple[Index, ...]:
    """The indexes that the options name; `kinds` maps long option names to `Index.kind`."""
    return tuple(
        index(kinds[option.name], option.value)
        for option in options
        if option.name in kinds and option.value is not None
    )


def index(kind: str, word: Word) -> Index:
    return Index(kind, word.value, inner_span(word))


def install(
    run: Program,
    manager: str,
    subcommand_name: str,
    options: tuple[Option, ...],
    *,
    requirements: tuple[tuple[Requirement, ...], bool] = ((), False),
    adds: bool = True,
    ecosystem: str = "python",
    python: str | None = None,
    index_kinds: dict[str, str] | None = None,
    files: tuple[Word, ...] | None = None,
) -> Install:
    """An `Install` from what a manager's module found out; `files` replaces the values of `--requirement`."""
    names = frozenset(option.name for option in options)
    given = Arguments(options, ())
    return Install(
        manager=manager,
        command=run.command,
        requirements=requirements[0],
        files=given.values("--requirement") if files is None else files,
        constraints=given.values("--constraint"),
        indexes=indexes(options, index_kinds or {}),
        options=names,
        incomplete=requirements[1] or (adds and "xargs" in run.command.wrappers),
        subcommand=subcommand_name,
        adds=adds and not names & _REHEARSALS,
        python=python,
        settings=options,
        ecosystem=ecosystem,
    )
