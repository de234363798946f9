"""Image references: `registry/repository:tag@digest`, by the rules of the OCI distribution reference."""

from __future__ import annotations

import re
from typing import NamedTuple

from mllint.regex import regex

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::\d+)?"
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = regex(
    rf"(?P<name>(?:{_DOMAIN}/)?{_PATH}(?:/{_PATH})*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)


class ImageReference(NamedTuple):
    """An image by name. Docker Hub's short names are made whole: `python` is `docker.io` and `library/python`."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def familiar(self) -> str:
        """The name as people write it: no `docker.io/`, no `library/`."""
        if self.registry != "docker.io":
            return f"{self.registry}/{self.repository}"
        return self.repository.removeprefix("library/")

    @property
    def short(self) -> str:
        """The name and the tag, for people to read: 71 characters of digest tell them nothing."""
        return str(self._replace(digest=None))

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag is not None else ""
        digest = f"@{self.digest}" if self.digest is not None else ""
        return f"{self.familiar}{tag}{digest}"


def parse_reference(text: str) -> ImageReference | None:
    """The reference that `text` writes; None when Docker would call it an invalid reference format."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    name, tag, digest = match["name"], match["tag"], match["digest"]
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        registry, repository = first, rest
    else:
        registry, repository = "docker.io", name
    if registry in ("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"):
        registry = "docker.io"
    if registry == "docker.io" and "/" not in repository:
        repository = f"library/{repository}"
    return ImageReference(registry, repository, tag, digest)
