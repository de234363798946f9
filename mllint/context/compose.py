"""What Compose files say of an image that they build."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mllint.context.context import TEXT_LIMIT, read_regular

if TYPE_CHECKING:
    from mllint.context.context import Context

NAMES = tuple(f"{name}.{ending}" for name in ("compose", "docker-compose") for ending in ("yaml", "yml"))


def services(context: Context, dockerfile: str) -> Iterator[Mapping[str, Any]]:
    """The Compose services that build `dockerfile` (a path as the user wrote it), from the top of its context."""
    wanted = os.path.realpath(dockerfile)
    for name in NAMES:
        # Not through the context: `.dockerignore` often leaves Compose files out of it.
        text = read_regular(os.path.join(context.root, name), TEXT_LIMIT)
        for service in _services(text) if text is not None else ():
            _, built = _builds(service.get("build"), context.root) or (None, None)
            if built == wanted:
                yield service


def build_folder(folder: str, dockerfile: str) -> str | None:
    """The context that a Compose file in `folder` gives the image of `dockerfile`; None when it has no such service."""
    wanted = os.path.realpath(dockerfile)
    for name in NAMES:
        text = read_regular(os.path.join(folder, name), TEXT_LIMIT)
        for service in _services(text) if text is not None and "build" in text else ():
            context, built = _builds(service.get("build"), folder) or (None, None)
            if built == wanted and context is not None and os.path.isdir(context):
                return context
    return None


def has_healthcheck(context: Context, dockerfile: str) -> bool:
    """Whether one of those services has a health check."""
    checks = (service.get("healthcheck") for service in services(context, dockerfile))
    return any(isinstance(check, Mapping) and not check.get("disable") for check in checks)


def has_command(context: Context, dockerfile: str) -> bool:
    """Whether one of those services says what it runs."""
    return any(service.get("command") or service.get("entrypoint") for service in services(context, dockerfile))


def gpu_request(context: Context, dockerfile: str) -> str | None:
    """How one of those services asks for a GPU ("gpus", "device reservation", "runtime: nvidia"); None: none does."""
    return next((found for found in map(_gpu_request, services(context, dockerfile)) if found is not None), None)


def _gpu_request(service: Mapping[str, Any]) -> str | None:
    if service.get("gpus"):
        return "gpus"
    if service.get("runtime") == "nvidia":
        return "runtime: nvidia"
    devices: Any = service
    for key in ("deploy", "resources", "reservations", "devices"):
        devices = devices.get(key) if isinstance(devices, Mapping) else None
    reserved = [each for each in devices if isinstance(each, Mapping)] if isinstance(devices, list) else []
    asks = any("gpu" in str(each.get("capabilities")) or each.get("driver") == "nvidia" for each in reserved)
    return "device reservation" if asks else None


@lru_cache(maxsize=4)
def _services(text: str) -> list[Mapping[str, Any]]:
    import yaml

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return []
    table = found.get("services") if isinstance(found, Mapping) else None
    return [each for each in table.values() if isinstance(each, Mapping)] if isinstance(table, Mapping) else []


def _builds(build: object, folder: str) -> tuple[str, str] | None:
    """The context and the Dockerfile (real paths) that a service's `build` names; None when it builds nothing."""
    if isinstance(build, str):
        build = {"context": build}
    if not isinstance(build, Mapping):
        return None
    context, name = build.get("context", "."), build.get("dockerfile", "Dockerfile")
    if not isinstance(context, str) or not isinstance(name, str):
        return None
    if "://" in context or "$" in context + name:
        return None
    inside = os.path.realpath(os.path.join(folder, context))
    return inside, os.path.realpath(os.path.join(inside, name))
