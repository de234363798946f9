# ruff: noqa: E501
"""Python releases, and the tags of the official `python` image."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "endoflife.date, products/python, 2026-08-22",
    "python/peps, release_management/python-releases.toml, 2026-08-22",
    "docker-library/python, git history to 2026-06-23",
)
CHECKED = "2026-11-20"
HORIZON = "3.14"
"""The newest minor version known to be released.

3.15 was planned for 2026-10-01, and torch 2.15.0 has wheels for it; no source of the table has its release.
"""


class PythonRelease(NamedTuple):
    """A minor version: released, and the day of its last security fix (the later of two sources)."""

    version: str
    released: str
    ends: str
    last: str | None
    """The last point release seen on 2026-08-22."""


class ImageVariants(NamedTuple):
    """The suffixes that `python:<version>-<suffix>` ever had, pre-releases apart; bare "slim" and "alpine" are left out."""

    version: str
    suffixes: str


class FirstBuilt(NamedTuple):
    """The first point releases that were built on a system; of minor versions that it had from their start there are none.

    An older one has no tag with that suffix: official images are built for the newest point release only.
    """

    suite: str
    versions: str


# fmt: off
RELEASES = (
    PythonRelease("2.7", "2010-07-03", "2020-01-01", "2.7.18"),
    PythonRelease("3.4", "2014-03-16", "2019-03-18", "3.4.10"),
    PythonRelease("3.5", "2015-09-13", "2020-09-30", "3.5.10"),
    PythonRelease("3.6", "2016-12-23", "2021-12-23", "3.6.15"),
    PythonRelease("3.7", "2018-06-27", "2023-06-27", "3.7.17"),
    PythonRelease("3.8", "2019-10-14", "2024-10-07", "3.8.20"),
    PythonRelease("3.9", "2020-10-05", "2025-10-31", "3.9.25"),
    PythonRelease("3.10", "2021-10-04", "2026-10-31", "3.10.21"),
    PythonRelease("3.11", "2022-10-24", "2027-10-31", "3.11.16"),
    PythonRelease("3.12", "2023-10-02", "2028-10-31", "3.12.14"),
    PythonRelease("3.13", "2024-10-07", "2029-10-31", "3.13.15"),
    PythonRelease("3.14", "2025-10-07", "2030-10-31", "3.14.7"),
)
# fmt: on

# fmt: off
IMAGE_VARIANTS = (
    ImageVariants("2.7", "alpine3.10 alpine3.11 alpine3.4 alpine3.6 alpine3.7 alpine3.8 alpine3.9 buster jessie slim-buster slim-jessie slim-stretch stretch"),
    ImageVariants("3.6", "alpine3.10 alpine3.11 alpine3.12 alpine3.13 alpine3.14 alpine3.15 alpine3.4 alpine3.6 alpine3.7 alpine3.8 alpine3.9 bullseye buster jessie slim-bullseye slim-buster slim-jessie slim-stretch stretch"),
    ImageVariants("3.7", "alpine3.10 alpine3.11 alpine3.12 alpine3.13 alpine3.14 alpine3.15 alpine3.16 alpine3.17 alpine3.18 alpine3.7 alpine3.8 alpine3.9 bookworm bullseye buster slim-bookworm slim-bullseye slim-buster slim-stretch stretch"),
    ImageVariants("3.8", "alpine3.10 alpine3.11 alpine3.12 alpine3.13 alpine3.14 alpine3.15 alpine3.16 alpine3.17 alpine3.18 alpine3.19 alpine3.20 bookworm bullseye buster slim-bookworm slim-bullseye slim-buster"),
    ImageVariants("3.9", "alpine3.12 alpine3.13 alpine3.14 alpine3.15 alpine3.16 alpine3.17 alpine3.18 alpine3.19 alpine3.20 alpine3.21 alpine3.22 bookworm bullseye buster slim-bookworm slim-bullseye slim-buster slim-trixie trixie"),
    ImageVariants("3.10", "alpine3.13 alpine3.14 alpine3.15 alpine3.16 alpine3.17 alpine3.18 alpine3.19 alpine3.20 alpine3.21 alpine3.22 alpine3.23 alpine3.24 bookworm bullseye buster slim-bookworm slim-bullseye slim-buster slim-trixie trixie"),
    ImageVariants("3.11", "alpine3.15 alpine3.16 alpine3.17 alpine3.18 alpine3.19 alpine3.20 alpine3.21 alpine3.22 alpine3.23 alpine3.24 bookworm bullseye buster slim-bookworm slim-bullseye slim-buster slim-trixie trixie"),
    ImageVariants("3.12", "alpine3.17 alpine3.18 alpine3.19 alpine3.20 alpine3.21 alpine3.22 alpine3.23 alpine3.24 bookworm bullseye slim-bookworm slim-bullseye slim-trixie trixie"),
    ImageVariants("3.13", "alpine3.19 alpine3.20 alpine3.21 alpine3.22 alpine3.23 alpine3.24 bookworm bullseye slim-bookworm slim-bullseye slim-trixie trixie"),
    ImageVariants("3.14", "alpine3.21 alpine3.22 alpine3.23 alpine3.24 bookworm slim-bookworm slim-trixie trixie"),
)
# fmt: on
"""Of versions up to 3.8 the oldest suffixes may be missing."""

# fmt: off
FIRST_BUILT = (
    FirstBuilt("trixie", "3.9.23 3.10.18 3.11.13 3.12.11 3.13.6"),
    FirstBuilt("bookworm", "3.7.17 3.8.17 3.9.17 3.10.12 3.11.4"),
    FirstBuilt("bullseye", "3.6.14 3.7.11 3.8.11 3.9.6"),
    FirstBuilt("buster", "3.6.9 3.7.4"),
    FirstBuilt("alpine3.24", "3.10.20 3.11.15 3.12.13 3.13.13 3.14.6"),
    FirstBuilt("alpine3.23", "3.10.19 3.11.14 3.12.12 3.13.10 3.14.1"),
    FirstBuilt("alpine3.22", "3.9.22 3.10.17 3.11.12 3.12.10 3.13.3"),
    FirstBuilt("alpine3.21", "3.9.21 3.10.16 3.11.11 3.12.8 3.13.1"),
    FirstBuilt("alpine3.20", "3.8.19 3.9.19 3.10.14 3.11.9 3.12.3"),
    FirstBuilt("alpine3.19", "3.8.18 3.9.18 3.10.13 3.11.7 3.12.1"),
    FirstBuilt("alpine3.18", "3.7.16 3.8.16 3.9.16 3.10.11 3.11.3"),
    FirstBuilt("alpine3.17", "3.7.15 3.8.15 3.9.15 3.10.8"),
    FirstBuilt("alpine3.16", "3.7.13 3.8.13 3.9.13 3.10.4"),
    FirstBuilt("alpine3.15", "3.6.15 3.7.12 3.8.12 3.9.9"),
    FirstBuilt("alpine3.14", "3.6.13 3.7.10 3.8.10 3.9.5"),
    FirstBuilt("alpine3.13", "3.6.12 3.7.9 3.8.7 3.9.1"),
    FirstBuilt("alpine3.12", "3.6.10 3.7.7 3.8.3"),
    FirstBuilt("alpine3.11", "3.6.10 3.7.6 3.8.1"),
    FirstBuilt("alpine3.10", "3.6.8 3.7.3"),
)
# fmt: on

IMAGES_CHECKED = "2026-06-23"
"""Suffixes that were added later are unknown."""

DEFAULT_DEBIAN = (
    ("2.7", "10"),
    ("3.4", "9"),
    ("3.5", "10"),
    ("3.6", "11"),
    ("3.7", "12"),
    ("3.8", "12"),
    ("", "13"),
)
"""The Debian of tags without a suffix, by the last minor version it holds for ("" is every newer); it moves while a
minor version is supported (to trixie in August 2025), and stands still afterwards."""

WIDEST = "3.13"
"""The newest minor version for which torch, tensorflow and jax all publish wheels."""
