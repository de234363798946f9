"""What is known of an image by its name alone: a view over the tables, for the images that ML work is built on.

Nothing is pulled and nothing is guessed: what the tables do not say is None (or empty), never "no". The tables are
imported when an image of theirs is met, so that a file without them does not pay for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from mllint.images.names import identify
from mllint.images.reference import ImageReference

EMPTY: Mapping[str, str] = MappingProxyType({})


class ImageFacts(NamedTuple):
    """What an image is known to be and to hold. None and empty mean "unknown", unless a field says otherwise."""

    family: str
    """The publisher's own name without tag, as people write it: "python", "nvidia/cuda", "nvcr.io/nvidia/pytorch"."""
    os: str | None = None
    """"ubuntu", "debian", "alpine", "centos", "rockylinux", "almalinux", "fedora", "rhel", "ubi", "amazonlinux", …"""
    os_version: str | None = None
    """"22.04", "12", "3.20", "8": always the number, for Debian too."""
    os_codename: str | None = None
    """"bookworm", "jammy"; None where the distribution has none."""
    python: str | None = None
    """As exact as the name tells: "3.11" or "3.11.9"; of the interpreter that runs the image's programs."""
    python_commands: frozenset[str] | None = None
    """The interpreters on PATH ("python", "python3", "python3.11"); the empty set means that there is none."""
    cuda: str | None = None
    """"12.2.0", or "12.2" where only that much is known. None for images without CUDA as well: see `gpu`."""
    cudnn: str | None = None
    """Major or full version: "8", "8.9.7"."""
    gpu: str | None = None
    """"cuda", "rocm", "xpu", "cpu" (known to have no GPU libraries); None when unknown or when it cannot matter."""
    flavour: str | None = None
    """"base", "runtime", "devel", "cudnn-runtime", "cudnn-devel"; for python: "slim", "alpine", "full"."""
    frameworks: tuple[tuple[str, str | None], ...] = ()
    """Packages that are there and their versions: (("torch", "2.1.0"),)."""
    ships: frozenset[str] = frozenset()
    """Commands known to be there."""
    lacks: frozenset[str] = frozenset()
    """Commands known not to be there."""
    user: str | None = None
    """As USER writes it: "root", "jovyan", "1001"."""
    spare_user: str | None = None
    """A user that the publisher made for programs to run as, where the image itself starts as root."""
    env: Mapping[str, str] = EMPTY
    """Variables whose value is known."""
    env_names: frozenset[str] = frozenset()
    """Variables known to be set, with or without a known value."""
    env_complete: bool = False
    """True when `env_names` is all there is, but for the publisher's book-keeping (NV_…): others are not set."""
    workdir: str | None = None
    """None when unknown; "/" is written out."""
    entrypoint: tuple[str, ...] | None = None
    """None when unknown, () when there is none."""
    cmd: tuple[str, ...] | None = None
    """None when unknown, () when there is none."""
    healthcheck: bool | None = None
    """Whether the image has a HEALTHCHECK."""
    ports: tuple[int, ...] = ()
    """Ports that its server listens on."""
    shell: str | None = None
    """What /bin/sh is: "dash", "bash", "busybox"; or "micromamba" where SHELL is set to another program."""
    size_gb: float | None = None
    """Compressed size as it is pulled, in GB (1000^3 bytes): always recalled, so say "about"."""
    purpose: str | None = None
    """"notebook", "serving", "training", "conda"; None for plain bases, and for those of a platform such as AWS Lambda,
    which a stage is asked about as a whole."""
    archived: bool = False
    """The publisher has moved its package sources to the archive, so that installs still work past the system's end."""
    successor: str | None = None
    """The publisher's own image for the next system, as people write it, where another tag of this one has none."""
    mirrored: bool = False
    """The name is a private registry's copy: which tags exist there is not known."""
    sure: bool = True
    """False: all that is said rests on memory or inference; never enough for an error."""
    doubtful: frozenset[str] = frozenset()
    """The names of the fields that rest on memory or inference, where the others do not: ask `sure_of`."""
    note: str = ""
    """One sentence worth telling a user, "" when there is none."""

    @property
    def shell_is_bash(self) -> bool | None:
        """Whether /bin/sh is bash (so that `set -o pipefail` works without SHELL)."""
        return None if self.shell is None else self.shell == "bash"

    @property
    def has_python(self) -> bool | None:
        """Whether any interpreter is on PATH."""
        return None if self.python_commands is None else bool(self.python_commands)

    def has(self, command: str) -> bool | None:
        """Whether a command is there: True, False, or None when unknown."""
        if command in self.ships:
            return True
        return False if command in self.lacks else None

    def sure_of(self, *fields: str) -> bool:
        """Whether every one of the fields rests on a source; what it is not sure of is never enough for an error."""
        return self.sure and self.doubtful.isdisjoint(fields)


@lru_cache(maxsize=512)
def facts(reference: ImageReference) -> ImageFacts | None:
    """What the tables know of an image; None when they do not know its name.

    A reference with a digest and no tag gets what the repository alone tells. Names that go through a mirror or a
    private registry's cache get the publisher's facts, with `mirrored` set.
    """
    identity = identify(reference)
    found = _resolve(identity.name, reference.tag, reference.digest is not None)
    if found is None:
        return None
    return found._replace(family=identity.family, mirrored=identity.mirrored)


def _resolve(name: str, tag: str | None, digest: bool) -> ImageFacts | None:
    """The facts by the publisher's name. The modules that hold them are loaded when one of their images is met."""
    effective = tag if tag is not None or digest else "latest"
    if name in _ACCELERATED or name.startswith(("nvcr.io/nvidia/", "nvcr.io/nim/")):
        from mllint.images.accelerated import accelerated

        found = accelerated(name, effective)
        if found is not None:
            return found
    from mllint.images.systems import system

    found = system(name, effective)
    if found is not None:
        return found
    from mllint.images.languages import language

    found = language(name, effective)
    if found is not None:
        return found
    from mllint.images.frameworks import framework

    return framework(name, effective)


_ACCELERATED = frozenset({"docker.io/nvidia/cuda", "docker.io/pytorch/pytorch", "docker.io/tensorflow/tensorflow"})
