"""What Docker's official images of other languages and of nginx hold: read in their publishers' Dockerfiles in 2026."""

from __future__ import annotations

from typing import NamedTuple

from mllint.images.known import ImageFacts
from mllint.images.systems import codename_of, release_of, shell_of


class _Publisher(NamedTuple):
    """An official image. None of them sets USER or HEALTHCHECK in its Linux variants."""

    #: The system whose code names its tags carry.
    os: str
    spare_user: str | None = None


# Sources: docker-library/golang, /openjdk, /ruby, /php; nodejs/docker-node; rust-lang/docker-rust; adoptium/containers;
# nginx/docker-nginx.
_PUBLISHERS = {
    "golang": _Publisher("debian"),
    "node": _Publisher("debian", "node"),
    "rust": _Publisher("debian"),
    "openjdk": _Publisher("debian"),
    "eclipse-temurin": _Publisher("ubuntu"),
    "ruby": _Publisher("debian"),
    "php": _Publisher("debian"),
    "nginx": _Publisher("debian"),
}


def language(name: str, tag: str | None) -> ImageFacts | None:
    """The facts of a language's or nginx's official image, by its publisher's name; None for others, and on Windows.

    The operating system is known where the tag names it: the default moves, and some tags are older than it.
    """
    image = name.removeprefix("docker.io/library/")
    publisher = _PUBLISHERS.get(image) if image != name else None
    words = (tag or "").split("-")
    if publisher is None or any(word.startswith(("windowsservercore", "nanoserver")) for word in words):
        return None
    os, version = _system(words, publisher.os)
    return ImageFacts(
        image,
        os=os,
        os_version=version,
        os_codename=codename_of(os, version) if os is not None else None,
        user="root",
        spare_user=publisher.spare_user,
        healthcheck=False,
        shell=shell_of(os),
    )


def _system(words: list[str], os: str) -> tuple[str | None, str | None]:
    """The operating system that the words of a tag name, and its release."""
    for word in words:
        if word.startswith("alpine"):
            return "alpine", release_of("alpine", word.removeprefix("alpine"))
        release = release_of(os, word) if word.isalpha() else None
        if release is not None:
            return os, release
    return None, None
