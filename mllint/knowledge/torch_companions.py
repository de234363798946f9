"""Which torch a release of torchvision, torchaudio, xformers, vllm … asks for in its own metadata."""

from __future__ import annotations

from typing import NamedTuple

from mllint.knowledge import accelerators, torch
from mllint.knowledge.lookup import by_version, canonical

SOURCE = ("wheel metadata (Requires-Dist) of the packages, x86-64 Linux",)
CHECKED = "2026-11-20"
HORIZON = "2026-11-20"
"""Releases after this day are unknown."""


class Companion(NamedTuple):
    """A release of a package that is built for one torch; `torch` is its specifier, "" for any, None unknown.

    `others` are further requirements that come with it ("torchvision==0.18.0 xformers==…"), separated by blanks.
    torchaudio 2.11.0, the last one, requires nothing at all: pip puts it beside any torch, and it is for 2.11 and up.
    """

    name: str
    version: str
    torch: str | None
    others: str = ""
    requires_python: str = ""


# fmt: off
COMPANIONS = (
    Companion("torchvision", "0.5.0", "==1.4.0"),
    Companion("torchvision", "0.6.0", "==1.5.0"),
    Companion("torchvision", "0.6.1", "==1.5.1"),
    Companion("torchvision", "0.7.0", "==1.6.0"),
    Companion("torchvision", "0.8.0", "==1.7.0"),
    Companion("torchvision", "0.8.1", "==1.7.0"),
    Companion("torchvision", "0.8.2", "==1.7.1"),
    Companion("torchvision", "0.9.0", "==1.8.0"),
    Companion("torchvision", "0.9.1", "==1.8.1"),
    Companion("torchvision", "0.10.0", "==1.9.0"),
    Companion("torchvision", "0.10.1", "==1.9.1"),
    Companion("torchvision", "0.11.0", "==1.10.0"),
    Companion("torchvision", "0.11.1", "==1.10.0"),
    Companion("torchvision", "0.11.2", "==1.10.1"),
    Companion("torchvision", "0.11.3", "==1.10.2"),
    Companion("torchvision", "0.12.0", "==1.11.0"),
    Companion("torchvision", "0.13.0", "==1.12.0"),
    Companion("torchvision", "0.13.1", "==1.12.1"),
    Companion("torchvision", "0.14.0", "==1.13.0"),
    Companion("torchvision", "0.14.1", "==1.13.1"),
    Companion("torchvision", "0.15.0", "==2.0.0"),
    Companion("torchvision", "0.15.1", "==2.0.0"),
    Companion("torchvision", "0.15.2", "==2.0.1"),
    Companion("torchvision", "0.16.0", "==2.1.0"),
    Companion("torchvision", "0.16.1", "==2.1.1"),
    Companion("torchvision", "0.16.2", "==2.1.2"),
    Companion("torchvision", "0.17.0", "==2.2.0"),
    Companion("torchvision", "0.17.1", "==2.2.1"),
    Companion("torchvision", "0.17.2", "==2.2.2"),
    Companion("torchvision", "0.18.0", "==2.3.0"),
    Companion("torchvision", "0.18.1", "==2.3.1"),
    Companion("torchvision", "0.19.0", "==2.4.0"),
    Companion("torchvision", "0.19.1", "==2.4.1"),
    Companion("torchvision", "0.20.0", "==2.5.0"),
    Companion("torchvision", "0.20.1", "==2.5.1"),
    Companion("torchvision", "0.21.0", "==2.6.0"),
    Companion("torchvision", "0.22.0", "==2.7.0"),
    Companion("torchvision", "0.22.1", "==2.7.1"),
    Companion("torchvision", "0.23.0", "==2.8.0"),
    Companion("torchvision", "0.24.0", "==2.9.0"),
    Companion("torchvision", "0.24.1", "==2.9.1"),
    Companion("torchvision", "0.25.0", "==2.10.0"),
    Companion("torchvision", "0.26.0", "==2.11.0"),
    Companion("torchvision", "0.27.0", "==2.12.0"),
    Companion("torchvision", "0.27.1", "==2.12.1"),
    Companion("torchvision", "0.28.0", "==2.13.0"),
    Companion("torchvision", "0.29.0", "==2.14.0"),
    Companion("torchvision", "0.29.1", ">=2.14.0"),
    Companion("torchvision", "0.29.2", ">=2.14.0"),
    Companion("torchaudio", "0.4.0", "==1.4.0"),
    Companion("torchaudio", "0.5.0", "==1.5.0"),
    Companion("torchaudio", "0.5.1", "==1.5.1"),
    Companion("torchaudio", "0.6.0", "==1.6.0"),
    Companion("torchaudio", "0.7.0", "==1.7.0"),
    Companion("torchaudio", "0.7.2", "==1.7.1"),
    Companion("torchaudio", "0.8.0", "==1.8.0"),
    Companion("torchaudio", "0.8.1", "==1.8.1"),
    Companion("torchaudio", "0.9.0", "==1.9.0"),
    Companion("torchaudio", "0.9.1", "==1.9.1"),
    Companion("torchaudio", "0.10.0", "==1.10.0"),
    Companion("torchaudio", "0.10.1", "==1.10.1"),
    Companion("torchaudio", "0.10.2", "==1.10.2"),
    Companion("torchaudio", "0.11.0", "==1.11.0"),
    Companion("torchaudio", "0.12.0", "==1.12.0"),
    Companion("torchaudio", "0.12.1", "==1.12.1"),
    Companion("torchaudio", "0.13.0", "==1.13.0"),
    Companion("torchaudio", "0.13.1", "==1.13.1"),
    Companion("torchaudio", "2.0.0", "==2.0.0"),
    Companion("torchaudio", "2.0.1", "==2.0.0"),
    Companion("torchaudio", "2.0.2", "==2.0.1"),
    Companion("torchaudio", "2.1.0", "==2.1.0"),
    Companion("torchaudio", "2.1.1", "==2.1.1"),
    Companion("torchaudio", "2.1.2", "==2.1.2"),
    Companion("torchaudio", "2.2.0", "==2.2.0"),
    Companion("torchaudio", "2.2.1", "==2.2.1"),
    Companion("torchaudio", "2.2.2", "==2.2.2"),
    Companion("torchaudio", "2.3.0", "==2.3.0"),
    Companion("torchaudio", "2.3.1", "==2.3.1"),
    Companion("torchaudio", "2.4.0", "==2.4.0"),
    Companion("torchaudio", "2.4.1", "==2.4.1"),
    Companion("torchaudio", "2.5.0", "==2.5.0"),
    Companion("torchaudio", "2.5.1", "==2.5.1"),
    Companion("torchaudio", "2.6.0", "==2.6.0"),
    Companion("torchaudio", "2.7.0", "==2.7.0"),
    Companion("torchaudio", "2.7.1", "==2.7.1"),
    Companion("torchaudio", "2.8.0", "==2.8.0"),
    Companion("torchaudio", "2.9.0", "==2.9.0"),
    Companion("torchaudio", "2.9.1", "==2.9.1"),
    Companion("torchaudio", "2.10.0", "==2.10.0"),
    Companion("torchaudio", "2.11.0", ""),
    Companion("torchtext", "0.3.1", ""),
    Companion("torchtext", "0.4.0", ""),
    Companion("torchtext", "0.5.0", ""),
    Companion("torchtext", "0.6.0", ""),
    Companion("torchtext", "0.7.0", ""),
    Companion("torchtext", "0.8.0", ""),
    Companion("torchtext", "0.8.1", "==1.7.1"),
    Companion("torchtext", "0.9.0", "==1.8.0"),
    Companion("torchtext", "0.9.1", "==1.8.1"),
    Companion("torchtext", "0.10.0", "==1.9.0"),
    Companion("torchtext", "0.10.1", "==1.9.1"),
    Companion("torchtext", "0.11.0", "==1.10.0"),
    Companion("torchtext", "0.11.1", "==1.10.1"),
    Companion("torchtext", "0.11.2", "==1.10.2"),
    Companion("torchtext", "0.12.0", "==1.11.0"),
    Companion("torchtext", "0.13.0", "==1.12.0"),
    Companion("torchtext", "0.13.1", "==1.12.1"),
    Companion("torchtext", "0.14.0", "==1.13.0"),
    Companion("torchtext", "0.14.1", "==1.13.1"),
    Companion("torchtext", "0.15.0", "==2.0.0"),
    Companion("torchtext", "0.15.1", "==2.0.0"),
    Companion("torchtext", "0.15.2", "==2.0.1"),
    Companion("torchtext", "0.16.0", "==2.1.0"),
    Companion("torchtext", "0.16.1", "==2.1.1"),
    Companion("torchtext", "0.16.2", "==2.2.0"),
    Companion("torchtext", "0.17.0", "==2.2.0"),
    Companion("torchtext", "0.17.1", "==2.2.1"),
    Companion("torchtext", "0.17.2", "==2.2.2"),
    Companion("torchtext", "0.18.0", ">=2.3.0"),
    Companion("torchdata", "0.3.0", "==1.11.0"),
    Companion("torchdata", "0.4.0", "==1.12.0"),
    Companion("torchdata", "0.4.1", "==1.12.1"),
    Companion("torchdata", "0.5.0", "==1.13.0"),
    Companion("torchdata", "0.5.1", "==1.13.1"),
    Companion("torchdata", "0.6.0", "==2.0.0"),
    Companion("torchdata", "0.6.1", "==2.0.1"),
    Companion("torchdata", "0.7.0", "==2.1.0"),
    Companion("torchdata", "0.7.1", ">=2"),
    Companion("torchdata", "0.8.0", ">=2"),
    Companion("torchdata", "0.9.0", ">=2"),
    Companion("torchdata", "0.10.0", ">=2"),
    Companion("torchdata", "0.10.1", ">=2"),
    Companion("torchdata", "0.11.0", ">=2"),
)
# fmt: on

NAMES = frozenset(row.name for row in COMPANIONS) | {"xformers", "bitsandbytes", "vllm", "sglang"}
"""The packages whose releases the table knows."""


def releases(name: str) -> tuple[Companion, ...]:
    """The releases of a companion, oldest first; empty for other packages."""
    own = tuple(row for row in COMPANIONS if row.name == name)
    if own or name not in NAMES:
        return own
    rows = accelerators.releases(name)
    return tuple(Companion(name, row.version, row.torch, row.others, row.requires_python) for row in rows)


def find(name: str, version: str) -> Companion | None:
    """The row of a release of a companion; None when it is not in the table."""
    return by_version(releases(name), version)


def newest(name: str) -> Companion | None:
    """The newest release of a companion: what an unpinned name gets; None for other packages."""
    return next(reversed(releases(name)), None)


def for_torch(name: str, version: str) -> tuple[str, ...] | None:
    """The releases of a companion that ask for exactly this torch, oldest first.

    Empty when none does; None when the companion or the torch is not in the tables.
    """
    if name not in NAMES or torch.release(version) is None:
        return None
    wanted = canonical(version)
    rows = [row for row in releases(name) if row.torch is not None and row.torch.startswith("==")]
    return tuple(row.version for row in rows if row.torch is not None and canonical(row.torch[2:]) == wanted)
