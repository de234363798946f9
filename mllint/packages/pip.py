"""pip: `pip`, `pip3`, `pip3.11`, `/opt/v/bin/pip`, `python3 -m pip`."""

from __future__ import annotations

from mllint.packages.arguments import Arguments, grammar, parse, subcommand
from mllint.packages.program import Program, install, read_requirements
from mllint.packages.python import requirement
from mllint.packages.requirement import Install, Requirement
from mllint.shell.command import Word

_GLOBAL = (
    "--python --log-file|--local-log|--log --proxy --retries --resume-retries --timeout --exists-action "
    "--trusted-host --cert --client-cert --cache-dir --keyring-provider --use-feature --use-deprecated "
)
_VALUES = (
    "-i|--pypi-url|--index|--index-url --extra-index-url -f|--find-links -r|--requirement -c|--constraint "
    "-e|--editable -b|--build-constraint -t|--target --prefix --root --source|--source-dir|--source-directory|--src "
    "-d|--download-dir|--download-directory|--dest -w|--wheel-dir --platform --python-version --implementation "
    "--abi --report --upgrade-strategy "
    "-C|--config-setting|--config-settings --global-option --build-option --install-option --no-binary "
    "--only-binary --progress-bar --root-user-action "
    "--build-dir --group --uploaded-prior-to --requirements-from-script --all-releases --only-final"
)
#: `--no-cache` and `--index` are no options of pip, but its parser takes unambiguous beginnings.
_FLAGS = (
    "--no-cache|--no-cache-dir --no-dependencies|--no-deps -U|--upgrade -q|--quiet -v|--verbose -y|--yes "
    "-I|--ignore-installed -V|--version -h|--help"
)
GRAMMAR = grammar(values=_GLOBAL + _VALUES, flags=_FLAGS)
_HEAD = grammar(values=_GLOBAL, flags=_FLAGS)

#: Option → `Index.kind`; requirements files use the same options.
INDEX_KINDS = {"--index-url": "index-url", "--extra-index-url": "extra-index-url", "--find-links": "find-links"}
_SUBCOMMANDS = ("install", "download", "wheel", "uninstall")


def read(run: Program) -> Install | None:
    """`pip install`, `download`, `wheel`, `uninstall` and `cache …`; None for the other subcommands."""
    name, before, rest = subcommand(run.arguments, _HEAD)
    if name == "cache":
        action, _, rest = subcommand(rest, GRAMMAR)
        return install(run, "pip", f"cache {action}", before, adds=False) if action is not None else None
    if name not in _SUBCOMMANDS:
        return None
    given = parse(rest, GRAMMAR)
    options = before + given.options
    return install(
        run,
        "pip",
        name,
        options,
        requirements=read_arguments(given),
        adds=name == "install",
        python=_interpreter(run, Arguments(options, ())),
        index_kinds=INDEX_KINDS,
    )


def read_arguments(given: Arguments) -> tuple[tuple[Requirement, ...], bool]:
    """The requirements of pip's argument grammar (`-e` included), and whether a word was unknown."""
    editable: list[Requirement] = []
    unknown = False
    for word in given.values("--editable"):
        found = requirement(word, editable=True)
        if found is not None:
            editable.append(found)
        unknown = unknown or found is None
    named, incomplete = read_requirements(given.words, requirement)
    both = sorted((*named, *editable), key=_place)
    return tuple(both), incomplete or unknown


def _place(found: Requirement) -> int:
    return found.span.start


def _interpreter(run: Program, given: Arguments) -> str | None:
    chosen: tuple[Word, ...] = given.values("--python")
    if chosen:
        return chosen[-1].value
    if run.python is not None:
        return run.python
    if not run.name.startswith("pip"):
        return None
    suffix = run.name.removeprefix("pip")
    return f"{run.folder}python{suffix}" if run.folder or suffix else None
