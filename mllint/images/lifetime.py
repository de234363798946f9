"""Images past their end: systems and Pythons without fixes, repositories that nobody fills any more."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mllint.images.known import ImageFacts, facts
from mllint.images.names import identify, is_deep_learning_container
from mllint.images.reference import ImageReference
from mllint.images.versions import numbers

TODAY = "2026-11-20"
"""The day of the tables: a lint of the same file gives the same findings, whenever it runs."""

_OS_NAMES = {
    "ubuntu": "Ubuntu",
    "debian": "Debian",
    "centos": "CentOS",
    "centos-stream": "CentOS Stream",
    "rockylinux": "Rocky Linux",
    "almalinux": "AlmaLinux",
    "rhel": "Red Hat Enterprise Linux",
    "amazonlinux": "Amazon Linux",
    "alpine": "Alpine",
    "opensuse": "openSUSE Leap",
}


class EndOfLife(NamedTuple):
    """Something in an image that gets no fixes any more."""

    what: str
    """"Ubuntu 18.04", "Debian 10 (buster)", "Python 3.9"."""
    ended: str
    """The day of the last free security update, as YYYY-MM-DD."""
    successor: str | None
    """What to go to: "Ubuntu 24.04", "Python 3.13"."""
    kind: str
    """"os", "python" or "image"."""
    mirrors_gone: str | None
    """When its package repositories left the usual mirrors: installing packages fails since. None: they are there."""
    sure: bool


@lru_cache(maxsize=512)
def end_of_life(reference: ImageReference, on: str = TODAY) -> tuple[EndOfLife, ...]:
    """What of an image is past its end of life on a day (YYYY-MM-DD); empty when nothing is, or nothing is known."""
    found = facts(reference)
    if found is None:
        return ()
    ends = (_system(found), _python(found), _container(reference))
    return tuple(end for end in ends if end is not None and end.ended < on)


def _system(found: ImageFacts) -> EndOfLife | None:
    from mllint.knowledge.os_releases import RELEASES, SUCCESSORS

    if found.os is None or found.os_version is None:
        return None
    row = next((row for row in RELEASES if (row.os, row.version) == (found.os, found.os_version)), None)
    if row is None:
        return None
    name = _OS_NAMES.get(row.os, row.os)
    what = f"{name} {row.version}" + (f" ({row.codename})" if row.codename and row.os == "debian" else "")
    to = dict(SUCCESSORS).get(row.os)
    successor = {"rockylinux 9": "Rocky Linux 9"}.get(to, f"{name} {to}") if to else None
    sure = row.sure and found.sure_of("os", "os_version")
    return EndOfLife(what, row.ends, successor, "os", None if found.archived else row.mirrors_gone, sure)


def _python(found: ImageFacts) -> EndOfLife | None:
    """The end of the image's Python, unless the distribution that ships it still maintains it."""
    from mllint.knowledge.python_releases import RELEASES, WIDEST

    version = ".".join(map(str, numbers(found.python or "")[:2]))
    row = next((row for row in RELEASES if row.version == version), None)
    if row is None or _maintained(found, version):
        return None
    return EndOfLife(f"Python {version}", row.ends, f"Python {WIDEST}", "python", None, found.sure_of("python"))


def _maintained(found: ImageFacts, version: str) -> bool:
    """Whether the Python is the distribution's own: it lives as long as that does."""
    from mllint.knowledge.os_releases import DEFAULT_PYTHON

    if found.family == "python" or "conda" in found.ships:
        return False
    own = (found.os, found.os_version, version)
    return any((row.os, row.version, row.python) == own for row in DEFAULT_PYTHON)


def _container(reference: ImageReference) -> EndOfLife | None:
    """The end of patches of a deep-learning container of AWS."""
    name = identify(reference).name
    if not is_deep_learning_container(name):
        return None
    from mllint.knowledge.aws_dlc import IMAGES

    repository = name.rpartition("/")[2]
    row = next((row for row in IMAGES if (row.repository, row.tag) == (repository, reference.tag)), None)
    if row is None or row.patched_until is None:
        return None
    return EndOfLife(f"the AWS image {repository} {row.version}", row.patched_until, None, "image", None, True)


class Discontinued(NamedTuple):
    """An image repository, or a line of its tags, that its publisher has left."""

    name: str
    """The repository as people write it."""
    state: str
    """"frozen", "deprecated", "gone" or "maintenance"."""
    since: str | None
    successor: str | None
    """The image to take instead, as people write it; None when there is none."""
    pull_fails: bool | None
    """None: not known."""
    sure: bool


@lru_cache(maxsize=512)
def discontinued(reference: ImageReference) -> Discontinued | None:
    """Whether an image's publisher has given it up; None when not, or when it is not known."""
    from mllint.knowledge.discontinued import RETIRED

    identity = identify(reference)
    for row in RETIRED:
        if _names(row.name, identity.name, row.tags == "prefix") and _applies(row.tags, reference):
            rest = identity.name.removeprefix(row.name) if row.name.endswith("/") else ""
            successor = f"{row.successor}{rest}" if row.successor and row.successor.endswith("/") else row.successor
            familiar = successor.removeprefix("docker.io/") if successor else None
            fails = None if row.pull is None or identity.mirrored else row.pull == "fails"
            return Discontinued(identity.family, row.state, row.since, familiar, fails, row.sure)
    return None


def _names(pattern: str, name: str, open_ended: bool) -> bool:
    return name.startswith(pattern) if open_ended or pattern.endswith("/") else name == pattern


def _applies(tags: str, reference: ImageReference) -> bool:
    """Whether a row that is narrowed to some tags is about this one."""
    tag = reference.tag
    if tags == "pinned":
        return tag not in (None, "latest") and reference.digest is None
    if tags.startswith("since "):
        return tag is not None and reference.digest is None and numbers(tag) >= numbers(tags.removeprefix("since "))
    return True
