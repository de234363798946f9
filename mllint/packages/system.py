"""The distributions' package managers: apt-get/apt/aptitude, apk, yum/dnf/microdnf/tdnf, zypper."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.packages.arguments import Arguments, Grammar, grammar, inner_span, parse, subcommand, written
from mllint.packages.program import Program, install, read_requirements
from mllint.packages.requirement import Install, Option, Requirement
from mllint.regex import regex
from mllint.shell.command import Word
from mllint.source import Span


class _Family(NamedTuple):
    manager: str
    grammar: Grammar
    #: Subcommands that put packages in place; their words are packages.
    adding: frozenset[str]
    #: Subcommands whose words are packages, but that put none in place.
    naming: frozenset[str]


_APT = grammar(
    values="-o|--option -c|--config-file -t|--default-release|--target-release -a|--host-architecture "
    "-P|--build-profiles --solver",
    flags="-y|--yes -q|--quiet -f|--fix-broken -d|--download-only -m|--fix-missing --assume-yes|--yes "
    "-V|--verbose-versions -s|--simulate --just-print|--simulate --recon|--simulate --no-act|--simulate "
    "-u|--show-upgraded "
    "--force-yes --without-recommends|--no-install-recommends -R|--no-install-recommends",
)
_APK = grammar(
    values="-t|--virtual -X|--repository -p|--root --arch --keys-dir --repositories-file --wait --cache-dir "
    "--cache-max-age --progress-fd --timeout",
    flags="-q|--quiet -v|--verbose -f|--force -U|--update-cache --update|--update-cache -u|--upgrade -l|--latest",
)
_DNF = grammar(
    values="-c|--config --setopt --enablerepo --disablerepo --repo|--repoid --repofrompath --installroot "
    "--releasever --forcearch --exclude|--excludepkgs -x|--excludepkgs -d|--debuglevel -e|--errorlevel "
    "-R|--randomwait --rpmverbosity --comment "
    "--destdir|--downloaddir --disableplugin --enableplugin",
    flags="-y|--assumeyes -q|--quiet -v|--verbose -b|--best -C|--cacheonly --nobest",
)
_ZYPPER = grammar(
    values="-R|--root --installroot -r|--repo --from -t|--type -p|--plus-repo --cache-dir --reposd-dir --releasever",
    flags="-n|--non-interactive -q|--quiet -y|--no-confirm -l|--auto-agree-with-licenses -f|--force -D|--dry-run",
)
_DNF_ADDING = frozenset(
    (
        "install",
        "localinstall",
        "reinstall",
        "update",
        "upgrade",
        "downgrade",
        "groupinstall",
        "group install",
        "module install",
        "distro-sync",
        "swap",
    )
)
_REMOVING = frozenset(("remove", "erase", "autoremove", "purge", "del"))
_FAMILIES: dict[str, _Family] = {
    "apt": _Family(
        "apt",
        _APT,
        frozenset(("install", "reinstall", "upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade", "build-dep")),
        _REMOVING,
    ),
    "apk": _Family("apk", _APK, frozenset(("add", "upgrade")), _REMOVING),
    "zypper": _Family("zypper", _ZYPPER, frozenset(("install", "update", "dist-upgrade", "patch")), _REMOVING),
    **{name: _Family(name, _DNF, _DNF_ADDING, _REMOVING) for name in ("yum", "dnf", "microdnf", "tdnf")},
}
#: Program → family.
_PROGRAMS = {
    "apt-get": "apt",
    "apt": "apt",
    "aptitude": "apt",
    "apt-fast": "apt",
    "nala": "apt",
    "dnf5": "dnf",
    "yum-4": "yum",
}
#: zypper's short subcommands.
_SHORT = {"in": "install", "rm": "remove", "up": "update", "dup": "dist-upgrade", "ref": "refresh", "cc": "clean"}

_APT_NAME = r"(?s)(?P<name>[A-Za-z0-9][\w.+*?-]*)(?::[a-z0-9-]+)?(?P<spec>=[^/]*)?(?:/.*)?"
_APK_NAME = r"(?s)(?P<name>[A-Za-z0-9_.][\w.+:-]*?)(?P<spec>(?:=~|~=|>=|<=|[=~<>]).*?)?(?:@[\w-]+)?"
_RPM_NAME = (
    r"(?s)(?P<name>[A-Za-z0-9_][\w.+*?-]*?)"
    r"(?P<spec>-(?:\d+:)?\d[\w~^]*\.[\w.+~^*]*(?:-\d[\w.+~^*]*?)?|(?:>=|<=|[=<>]).*?)?"
    r"(?:\.(?:x86_64|noarch|aarch64|i686))?"
)
_NAMES = {"apt": _APT_NAME, "apk": _APK_NAME}
_OFF = regex(r"(?i)APT::Install-Recommends=(?:0|false|no|off)")


def read(run: Program) -> Install | None:
    """A command of a system package manager; None without a subcommand, or when it is unknown."""
    family = _FAMILIES[_PROGRAMS.get(run.name, run.name)]
    name, before, rest = subcommand(run.arguments, family.grammar)
    if name is None:
        return None
    name = _SHORT.get(name, name) if family.manager == "zypper" else name
    if name in ("group", "module") and rest:
        second, more, rest = subcommand(rest, family.grammar)
        name, before = f"{name} {second}", before + more
    given = parse(rest, family.grammar)
    options = before + given.options
    groups = name.startswith(("group", "module"))
    named = given.words if not groups and (name in family.adding or name in family.naming) else ()
    pattern = _NAMES.get(family.manager, _RPM_NAME)
    result = install(
        run,
        family.manager,
        name,
        options,
        requirements=read_requirements(named, lambda word: _requirement(word, pattern)),
        adds=name in family.adding,
        ecosystem="system",
        files=(),
    )
    return result._replace(options=result.options | _implied(options))


def _implied(options: tuple[Option, ...]) -> frozenset[str]:
    """`-o APT::Install-Recommends=false` is another spelling of `--no-install-recommends`."""
    given = Arguments(options, ()).values("--option")
    off = any(_OFF.fullmatch((word.value or "").replace(" ", "")) for word in given)
    return frozenset(("--no-install-recommends",)) if off else frozenset()


def _requirement(word: Word, pattern: str) -> Requirement | None:
    text, span = written(word), inner_span(word)
    if re.match(r"https?:|ftp:", text):
        return _direct(text, span, "url")
    if text.startswith(("/", "./", "../")):
        return _direct(text, span, "path")
    if text.endswith((".deb", ".rpm", ".apk")) and "=" not in text:
        return _direct(text, span, "path") if word.value is not None or "/" in text else None
    match = re.fullmatch(pattern, text)
    # apt removes what ends with a hyphen; apk's `!name` and dnf's `@group` match no pattern.
    if match is None or match["name"].endswith("-"):
        return None
    return Requirement(match["name"].lower(), (), match["spec"] or "", "index", None, span, "system")


def _direct(text: str, span: Span, kind: str) -> Requirement:
    """A package's file: `name_1.2_amd64.deb` says its name."""
    file = text.rpartition("/")[2]
    name, underscore, _ = file.partition("_")
    known = name.lower() if underscore and re.fullmatch(r"[A-Za-z0-9][\w.+-]*", name) else None
    return Requirement(known, (), "", kind, text, span, "system")
