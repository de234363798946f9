"""Tags that move: what they name today is not what they name tomorrow."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mllint.images.names import OFFICIAL, identify
from mllint.images.reference import ImageReference
from mllint.images.systems import release_of
from mllint.regex import regex


class Floating(NamedTuple):
    """A reference that is not pinned, and why."""

    kind: str
    """"untagged", "latest", "channel" (`nightly`, `latest-gpu`), "major" (`3`), "variant" (`slim`, `cuda`)."""
    tag: str | None
    proposal: str | None
    """A pinned tag to write instead; None when the tables know none for this image."""


# fmt: off
_CHANNELS = frozenset({
    "latest", "nightly", "main", "master", "edge", "dev", "devel", "develop", "development", "stable", "head", "trunk",
    "canary", "rolling", "current", "tip", "lts", "snapshot", "preview", "testing", "unstable", "sid", "oldstable",
    "rc",
})
_BRANCHES = frozenset({
    "latest", "nightly", "main", "master", "edge", "dev", "develop", "development", "head", "trunk", "canary", "tip",
    "snapshot", "unstable",
})
"""Those among them under which each push replaces the one before; the others also call a release what it is."""

_VARIANTS = frozenset({
    "slim", "alpine", "cuda", "gpu", "cpu", "jupyter", "rocm", "full", "light", "server", "minimal", "bare", "py3",
    "notebook", "cudnn", "tensorrt", "trtllm", "arm64", "amd64", "x86", "64", "aarch64", "onbuild", "perl", "bullseye",
    "bookworm", "trixie", "buster", "stretch", "jessie", "jammy", "focal", "noble", "bionic", "fpm", "apache", "jdk",
    "jre",
})
_PLAIN_VARIANTS = frozenset({"slim", "alpine", "cuda", "gpu", "cpu", "jupyter", "rocm"})
"""Variants that mean nothing else in any repository."""

_MAJOR_IS_RELEASE = frozenset({
    "debian", "centos", "rockylinux", "almalinux", "fedora", "amazonlinux", "oraclelinux", "buildpack-deps", "ubuntu",
    "archlinux", "photon",
})
# fmt: on
"""Systems whose releases are one number or a code name."""

_COMPONENT = regex(
    r"(?:cuda|cu|cudnn|py|python|pt|torch|rocm|ubuntu|ubi|alpine|debian|amzn|ltsc|java|jdk|jre|gcc|npm)-?v?[\d.]+"
)
_VERSION = regex(r"(?<![0-9a-z])v?\d+\.\d+", re.IGNORECASE)
#: The number of a build, or a date: nobody pushes it twice.
_BUILD = regex(r"(?<![0-9])\d{4,}")
_HASH = regex(r"(?:sha|git|commit)?[-_]?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}")


@lru_cache(maxsize=512)
def floating(reference: ImageReference) -> Floating | None:
    """Why a reference is not pinned by its tag; None when it is, or when its tag may well be a fixed one.

    A digest pins. Version-like tags, dates and commits are taken as pinned, so are words that only their publisher
    understands; what counts as floating are no tag, the words for channels, a major version or a variant alone.
    """
    name = identify(reference).name
    if reference.digest is not None or name == "docker.io/library/scratch":
        return None
    tag = reference.tag
    kind = "untagged" if tag is None else _kind(name, tag)
    return Floating(kind, tag, _proposal(name, tag or "")) if kind else None


def _kind(name: str, tag: str) -> str | None:
    if tag == "latest":
        return "latest"
    words = [word for word in re.split(r"[-_]", tag.lower()) if word]
    official = name.removeprefix("docker.io/library/") if name.startswith("docker.io/library/") else None
    if official in _MAJOR_IS_RELEASE:
        return _release_kind(words, official)
    if official in OFFICIAL:
        return _official_kind(words)
    if _is_channel(words):
        return "channel"
    variants = _VARIANTS if _has_row(name) else _PLAIN_VARIANTS
    return "variant" if words and all(word in variants for word in words) else None


def _is_channel(words: list[str]) -> bool:
    """Whether a tag is a channel: `nightly`, `nightly-cu121`, `main-py3.11-cu124-2.6.0`, `2.6.0-nightly`.

    With the number of a build, a date or a commit it is one push of it, and so it is with a version that stands where
    its own would (`main-v1.56.5`, `stable-2.1`): versions further behind are those of components.
    """
    if not words or ("latest" not in words and words[0] not in _CHANNELS and words[-1] not in _BRANCHES - {"dev"}):
        # Behind a version `dev` is a variant with a shell and compilers.
        return False
    rest = [word for word in words if not _COMPONENT.fullmatch(word)]
    if any(_BUILD.search(word) or _HASH.fullmatch(word) for word in rest):
        return False
    if words[0] not in _CHANNELS or "latest" in words:
        return True
    named = words[1:2] if words[0] in _BRANCHES else rest
    return not any(_VERSION.match(word) and (words[0] != "nightly" or word.startswith("v")) for word in named)


def _has_row(name: str) -> bool:
    """Whether a table knows the image, so that a word for a variant cannot be somebody's name for a fixed build."""
    from mllint.knowledge.framework_images import IMAGES

    return any(row.name == name for row in IMAGES)


def _release_kind(words: list[str], os: str) -> str | None:
    """The kind for a system's own image: releases and code names are pinned."""
    if not words or words[0] in _CHANNELS:
        return "channel"
    if release_of("debian" if os == "buildpack-deps" else os, words[0]) or words[0][0].isdigit():
        return None
    return "variant" if all(word in _VARIANTS for word in words) else None


def _official_kind(words: list[str]) -> str | None:
    """The kind for one of Docker's official images: its own version comes first, then come the variants."""
    first = words[0] if words else ""
    if _VERSION.match(first) or re.match(r"\d+[a-z]", first):
        return None
    if first in _CHANNELS:
        return "channel"
    if first.isdigit():
        return "major"
    moves = all(word in _VARIANTS or _COMPONENT.fullmatch(word) for word in words)
    return "variant" if words and moves else None


def _proposal(name: str, tag: str) -> str | None:
    """A pinned tag of the same kind, from the tables."""
    if name == "docker.io/library/python":
        return _python_proposal(tag)
    if name in ("docker.io/library/ubuntu", "docker.io/library/debian", "docker.io/library/alpine"):
        from mllint.knowledge.os_releases import SUCCESSORS

        version = dict(SUCCESSORS)[name.rpartition("/")[2]]
        return f"{version}-slim" if "slim" in tag else version
    if name == "docker.io/pytorch/pytorch":
        return _torch_proposal(tag)
    if name == "docker.io/tensorflow/tensorflow":
        from mllint.knowledge.tensorflow_images import HORIZON

        words = [word for word in ("gpu", "jupyter") if word in tag.split("-")]
        return "-".join([HORIZON, *words])
    return None


def _python_proposal(tag: str) -> str | None:
    """`slim` → `3.13-slim`: the version that the frameworks have wheels for, with the same variant."""
    from mllint.knowledge.python_releases import WIDEST

    words = tag.split("-") if tag else []
    if words and words[0].isdigit() and words[0] != "3":
        return None
    variants = [word for word in words if word != "latest" and not word.isdigit() and word not in _CHANNELS]
    return "-".join([WIDEST, *variants])


def _torch_proposal(tag: str) -> str:
    """The newest release whose tags are known for sure, for its middle CUDA."""
    from mllint.knowledge.pytorch_images import LINES
    from mllint.knowledge.torch import RELEASES

    line = next(row for row in reversed(LINES) if row.sure_tags)
    version = next(row.version for row in reversed(RELEASES) if row.version.startswith(f"{line.torch}."))
    cudas = line.cudas.split()
    flavour = "devel" if "devel" in tag else "runtime"
    return f"{version}-cuda{cudas[len(cudas) // 2]}-cudnn{line.cudnns.split()[-1]}-{flavour}"
