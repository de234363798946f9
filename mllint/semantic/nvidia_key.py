"""Base images whose apt knows only the signing key that NVIDIA gave up in April 2022."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.accelerated import parse_cuda_tag, parse_torch_tag
from mllint.images.names import identify
from mllint.images.reference import ImageReference
from mllint.images.versions import minor, numbers
from mllint.regex import regex
from mllint.semantic.failures import stops_build
from mllint.semantic.layers import is_opaque
from mllint.semantic.steps import InstallStep, Step

if TYPE_CHECKING:
    from mllint.semantic.stage import Stage
    from mllint.shell.command import Command

#: What has to do with the list or the key: the new key, the old one's id, the lists' names, NVIDIA's keyring package.
_HANDLED = regex(
    r"3bf863cc|A4B469963BF863CC|7fa2af80|F60F4B3D7FA2AF80|cuda-keyring|cuda\.list|nvidia-ml\.list|sources\.list\.d",
    re.IGNORECASE,
)
_INSECURE = regex(r"(?i)--allow-(?:unauthenticated|insecure-repositories)|AllowInsecureRepositories|trusted=yes")


class StaleKey(NamedTuple):
    """An `apt-get update` that NVIDIA's own list stops."""

    update: InstallStep
    #: A tag of the same CUDA that was built after the change; None when the tables know none.
    rebuilt: str | None


def stale_key(stage: Stage) -> StaleKey | None:
    """The first `apt-get update` of a stage that meets the old key; None when a parent has one already."""
    if not _has_old_key(stage.root.image):
        return None
    for each in reversed(stage.ancestry):
        found = _first_update(each)
        if found is not None:
            return StaleKey(found, _rebuilt(stage.root.image)) if each is stage else None
        if any(_is_handled(step.command) for step in each.steps) or _copies_key(each):
            return None
    return None


def _first_update(stage: Stage) -> InstallStep | None:
    """The first update that ends the build, where nothing in front of it deals with the key."""
    installs = {id(step.install.command): step for step in stage.package_steps}
    if _copies_key(stage):
        return None
    for step in stage.steps:
        if _is_handled(step.command):
            return None
        install = installs.get(id(step.command))
        if install is not None and install.install.manager == "apt" and install.install.subcommand == "update":
            return install if stops_build(Step(step.instruction, step.command), stage) else None
    return None


def _is_handled(command: Command) -> bool:
    """Whether a command deals with the key or NVIDIA's list, or may do so."""
    words = " ".join(word.value if word.value is not None else word.raw for word in command.words)
    targets = " ".join(each.target.raw for each in command.redirects if each.target is not None)
    return bool(_HANDLED.search(f"{words} {targets}") or _INSECURE.search(words)) or is_opaque(command)


def _copies_key(stage: Stage) -> bool:
    """Whether a COPY brings a list or a key."""
    return any(
        (copy.target or "/etc/apt").startswith("/etc/apt")
        or any(_HANDLED.search(text.value) for text, _ in copy.sources)
        for copy in stage.copies
    )


def _has_old_key(image: ImageReference | None) -> bool:
    if image is None or image.digest is not None or image.tag is None:
        return False
    name = identify(image).name
    if name == "docker.io/nvidia/cuda":
        return _old_cuda(image.tag)
    if name == "docker.io/pytorch/pytorch":
        return _old_pytorch(image.tag)
    return name == "docker.io/tensorflow/tensorflow" and _old_tensorflow(image.tag)


def _old_cuda(tag: str) -> bool:
    """Tags out of support in April 2022: all before CUDA 10.2, and point releases that a newer one had replaced."""
    from mllint.knowledge.cuda_images import LAST_BEFORE_KEY, REBUILT_WITH_KEY, TAGS

    parts = parse_cuda_tag(tag)
    if parts is None or not parts.flavour or (parts.os and not parts.os.startswith("ubuntu")):
        return False
    if numbers(parts.cuda) > numbers(LAST_BEFORE_KEY):
        return False
    if parts.cuda == REBUILT_WITH_KEY and parts.library != "cudnn7":
        return False
    kind = f"{parts.library}-{parts.flavour}" if parts.library else parts.flavour
    rows = [row for row in TAGS if row.cuda == parts.cuda and kind in row.flavours.split()]
    there = [row for row in rows if (parts.os or "-") in row.oses.split()]
    return bool(there) and all(row.status == "deleted" for row in there)


def _old_pytorch(tag: str) -> bool:
    """Only the devel images stand on nvidia/cuda and have its list."""
    from mllint.knowledge.torch import release

    parts = parse_torch_tag(tag)
    row = release(parts.torch) if parts is not None and parts.flavour == "devel" else None
    return row is not None and _is_before(row.released)


def _old_tensorflow(tag: str) -> bool:
    from mllint.knowledge.tensorflow import release

    match = re.match(r"\d+\.\d+\.\d+", tag)
    row = release(match[0]) if match is not None and "-gpu" in tag else None
    return row is not None and _is_before(row.released)


def _is_before(day: str) -> bool:
    from mllint.knowledge.cuda_images import KEY_ROTATED

    return bool(day) and day < KEY_ROTATED


def _rebuilt(image: ImageReference | None) -> str | None:
    """The nearest tag of the same CUDA minor version that exists, and so was rebuilt."""
    from mllint.images.existence import missing

    found = missing(image) if image is not None else None
    wanted = minor(image.tag or "") if image is not None else None
    return next((tag for tag in found.nearest if minor(tag) == wanted), None) if found is not None else None
