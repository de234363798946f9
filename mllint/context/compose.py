"""What Compose files say of an image that they build."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mllint.context.context import TEXT_LIMIT

if TYPE_CHECKING:
    from mllint.context.context import Context

NAMES = tuple(f"{name}.{ending}" for name in ("compose", "docker-compose") for ending in ("yaml", "yml"))


def services(context: Context, dockerfile: str) -> Iterator[Mapping[str, Any]]:
    """The Compose services that build `dockerfile` (a path as the user wrote it), from the top of its context."""
    wanted = os.path.realpath(dockerfile)
    for name in NAMES:
        # Not through the context: `.dockerignore` often leaves Compose files out of it.
        text = _read(os.path.join(context.root, name))
        for service in _services(text) if text is not None else ():
            if _builds(service.get("build"), context.root) == wanted:
                yield service


def has_healthcheck(context: Context, dockerfile: str) -> bool:
    """Whether one of those services has a health check."""
    checks = (service.get("healthcheck") for service in services(context, dockerfile))
    return any(isinstance(check, Mapping) and not check.get("disable") for check in checks)


def _read(path: str) -> str | None:
    if not os.path.isfile(path):
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(TEXT_LIMIT)
    except (OSError, UnicodeDecodeError):
        return None


def _services(text: str) -> list[Mapping[str, Any]]:
    import yaml

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return []
    table = found.get("services") if isinstance(found, Mapping) else None
    return [each for each in table.values() if isinstance(each, Mapping)] if isinstance(table, Mapping) else []


def _builds(build: object, folder: str) -> str | None:
    """The real path of the Dockerfile that a service's `build` names; None when it builds nothing."""
    if isinstance(build, str):
        build = {"context": build}
    if not isinstance(build, Mapping):
        return None
    context, name = build.get("context", "."), build.get("dockerfile", "Dockerfile")
    if not isinstance(context, str) or not isinstance(name, str):
        return None
    return os.path.realpath(os.path.join(folder, posixpath.join(context, name)))
