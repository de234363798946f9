"""What dnf, yum, zypper and apk leave of their downloads and indexes; apt's lists are in `apt_lists`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint.semantic.layers import Cleared, clears, mounted, working_folders

if TYPE_CHECKING:
    from mllint.packages.requirement import Install
    from mllint.semantic.stage import Stage
    from mllint.syntax.nodes import Run

_DNF = ("/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf")
#: By manager: the folders of which one must be emptied, or mounted.
CACHE_FOLDERS = {
    "apk": ("/var/cache/apk", "/etc/apk/cache"),
    "zypper": ("/var/cache/zypp",),
    "yum": _DNF,
    "dnf": _DNF,
    # By its source (dnf/dnf-main.c, CACHEDIR; read on 2026-11-21) it shares yum's.
    "microdnf": ("/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf"),
    "tdnf": _DNF,
}


def kept_cache(run: Run, stage: Stage) -> Install | None:
    """The first command of dnf, yum, zypper or apk whose cache the RUN does not take away again."""
    script = stage.script(run)
    if not script.known or script.has_error or stage.managers.isdisjoint(CACHE_FOLDERS):
        return None
    found: dict[str, Install] = {}
    for command, cwd in working_folders(script.commands):
        install = stage.install_of(command)
        if install is not None and install.manager in CACHE_FOLDERS:
            if install.subcommand == "clean":
                _forget(found, install.manager)
            elif fills_cache(install) and not _mounted(run, install.manager):
                found.setdefault(install.manager, install)
        for name in tuple(found):
            if any(clears(command, folder, cwd=cwd) is not Cleared.NO for folder in CACHE_FOLDERS[name]):
                del found[name]
    return min(found.values(), key=lambda each: each.command.span.start, default=None)


def fills_cache(install: Install) -> bool:
    """Whether a command of such a manager writes to its cache."""
    if install.manager == "apk":
        return (install.adds or install.subcommand == "update") and not install.options & {"--no-cache", "--cache-dir"}
    return install.adds and not install.options & {"--cacheonly", "--installroot", "--root"}


def _forget(found: dict[str, Install], manager: str) -> None:
    """`yum clean all` empties what dnf left as well: they share the folders, or one is the other."""
    for name in tuple(found):
        if set(CACHE_FOLDERS[name]) == set(CACHE_FOLDERS[manager]):
            del found[name]


def _mounted(run: Run, manager: str) -> bool:
    return any(mounted(run, folder) for folder in CACHE_FOLDERS[manager])
