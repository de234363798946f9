"""conda, mamba, micromamba and pixi."""

from __future__ import annotations

import re

from mllint.packages.arguments import Grammar, grammar, inner_span, parse, subcommand, written
from mllint.packages.program import Program, install, read_requirements
from mllint.packages.python import requirement as python_requirement
from mllint.packages.requirement import Install, Requirement
from mllint.packages.version import archive_name_version
from mllint.regex import regex
from mllint.shell.command import Word

_FLAGS = "-y|--yes -q|--quiet -v|--verbose -d|--dry-run -k|--insecure -C|--use-index-cache -h|--help"
_HEAD = grammar(values="-n|--name -p|--prefix -r|--root-prefix --rc-file --log-level --color", flags=_FLAGS)
_INSTALL = grammar(
    values="-n|--name -p|--prefix -c|--channel -f|--file --clone --repodata-fn --subdir|--platform --solver "
    "--experimental --revision --download-threads --verify-threads --fetch-threads -r|--root-prefix --rc-file "
    "--category --channel-alias --channel-priority --trusted-channels",
    flags=_FLAGS,
)
#: `conda clean -afy`: here -f takes no value.
_CLEAN = grammar(
    values="--log-level", flags=f"{_FLAGS} -a|--all -p|--packages -t|--tarballs -i|--index-cache -f|--force-pkgs-dirs"
)
_PIXI = grammar(
    values="--manifest-path -e|--environment -f|--feature -p|--platform -c|--channel --color --with --expose -g|--git "
    "--branch --tag --rev --subdir --concurrent-downloads --config --auth-file",
    flags="-q|--quiet -v|--verbose -a|--all -h|--help",
)
#: Subcommand → (its grammar, whether it puts packages in place, whether its words are package specifications).
_SUBCOMMANDS: dict[str, tuple[Grammar, bool, bool]] = {
    "install": (_INSTALL, True, True),
    "create": (_INSTALL, True, True),
    "update": (_INSTALL, True, True),
    "upgrade": (_INSTALL, True, True),
    "remove": (_INSTALL, False, True),
    "uninstall": (_INSTALL, False, True),
    "clean": (_CLEAN, False, False),
    "env create": (_INSTALL, True, False),
    "env update": (_INSTALL, True, False),
}
_PIXI_SUBCOMMANDS: dict[str, tuple[Grammar, bool, bool]] = {
    "install": (_PIXI, True, False),
    "add": (_PIXI, True, True),
    "update": (_PIXI, True, False),
    "global install": (_PIXI, True, True),
    "clean": (_PIXI, False, False),
}
#: `conda-lock install -n NAME FILE`.
_LOCK = grammar(
    values="-n|--name -p|--prefix --conda -E|--extras --log-level --auth --auth-file",
    flags="--no-dev-dependencies|--no-dev",
)
_SPEC = regex(
    r"(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?:\[(?P<keys>[^\]]*)\])?\s*(?P<rest>[=<>!~].*|(?<=\s)[\d*].*)?", re.DOTALL
)
_KEY = regex(r"version\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,\s]+))")
_CHANNEL_KEY = regex(r"channel\s*=\s*['\"]?([\w./:-]+)")


def read(run: Program) -> Install | None:
    """The conda commands that install, remove or clean; None for the others (`conda config`, `conda init` …)."""
    table = _PIXI_SUBCOMMANDS if run.name == "pixi" else _SUBCOMMANDS
    name, before, rest = subcommand(run.arguments, _HEAD)
    if name in ("env", "global"):
        second, more, rest = subcommand(rest, _HEAD)
        name, before = f"{name} {second}", before + more
    if name not in table:
        return None
    known, adds, names_requirements = table[name]
    given = parse(rest, known)
    pypi = any(option.name == "--pypi" for option in given.options)
    reader = python_requirement if pypi else requirement
    return install(
        run,
        run.name,
        name,
        before + given.options,
        requirements=read_requirements(given.words if names_requirements else (), reader),
        adds=adds,
        ecosystem="conda",
        index_kinds={"--channel": "channel"},
        files=given.values("--file"),
    )


def read_lock(run: Program) -> Install | None:
    """`conda-lock install`; None for its other commands, which only write locks."""
    name, before, rest = subcommand(run.arguments, _LOCK)
    if name != "install":
        return None
    given = parse(rest, _LOCK)
    return install(run, run.name, name, before + given.options, ecosystem="conda", files=given.words)


def requirement(word: Word) -> Requirement | None:
    """A match specification: `numpy=1.26`, `conda-forge::numpy>=1.2,<2`, `numpy[version='>=1.2']`, a package's file."""
    text = written(word).strip()
    span = inner_span(word)
    if text.endswith((".conda", ".tar.bz2")):
        kind = "url" if "://" in text else "path"
        return Requirement(_file_package(text), (), "", kind, text, span, "conda")
    channel, _, spec = text.rpartition("::")
    match = _SPEC.fullmatch(spec)
    if match is None:
        return None
    keys = match["keys"] or ""
    version = _KEY.search(keys)
    specifier = (match["rest"] or "").strip()
    if version is not None:
        specifier = next(group for group in version.groups() if group is not None)
    if not channel and (named := _CHANNEL_KEY.search(keys)) is not None:
        channel = named[1]
    name = match["name"].lower()
    return Requirement(name, (), specifier, "index", None, span, "conda", channel=channel or None)


def _file_package(path: str) -> str | None:
    """`…/numpy-1.26.4-py311_0.conda` is numpy: the last two parts are the version and the build."""
    stem = path.rpartition("/")[2].removesuffix(".conda").removesuffix(".tar.bz2")
    name = stem.rsplit("-", 2)[0] if stem.count("-") >= 2 else archive_name_version(path)[0]
    return name.lower() if name else None
