"""Operating systems that images are built on: when free security updates end, and what they bring."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "endoflife.date, 2026-08-22",
    "debian distro-info-data (ubuntu.csv, debian.csv), 2023",
    "docker-debian-artifacts issue 245 (buster leaves the mirrors); reports on mirrorlist.centos.org, July 2024",
)
CHECKED = "2026-11-20"
HORIZON = "2026-08-22"
"""Releases after this day are unknown."""


class OsRelease(NamedTuple):
    """A release of an operating system.

    `ends` is the day of the last free security update: for Debian the end of LTS, for Ubuntu of standard support.
    Where sources differ by a few weeks the later day is given. `mirrors_gone` is when the package repositories left
    the usual mirrors, None when they have not (or it is not known).
    """

    os: str
    version: str
    codename: str | None
    released: str | None
    ends: str
    regular_ends: str | None = None
    """The end of full support where free long-term support follows it (Debian)."""
    mirrors_gone: str | None = None
    sure: bool = True


class DefaultPython(NamedTuple):
    """The python3 of the distribution's own packages; `managed`: pip refuses to touch it (PEP 668)."""

    os: str
    version: str
    python: str
    managed: bool = False
    sure: bool = True


class Glibc(NamedTuple):
    """The C library of a release; recalled."""

    os: str
    version: str
    glibc: str


# fmt: off
RELEASES = (
    OsRelease("ubuntu", "26.04", "resolute", "2026-04-23", "2031-04-30"),
    OsRelease("ubuntu", "25.10", "questing", "2025-10-09", "2026-07-01"),
    OsRelease("ubuntu", "25.04", "plucky", "2025-04-17", "2026-01-17"),
    OsRelease("ubuntu", "24.10", "oracular", "2024-10-10", "2025-07-10"),
    OsRelease("ubuntu", "24.04", "noble", "2024-04-25", "2029-05-31"),
    OsRelease("ubuntu", "22.04", "jammy", "2022-04-21", "2027-04-21"),
    OsRelease("ubuntu", "20.04", "focal", "2020-04-23", "2025-05-31"),
    OsRelease("ubuntu", "18.04", "bionic", "2018-04-26", "2023-05-31"),
    OsRelease("ubuntu", "16.04", "xenial", "2016-04-21", "2021-04-21"),
    OsRelease("ubuntu", "14.04", "trusty", "2014-04-17", "2019-04-25"),
    OsRelease("ubuntu", "23.10", "mantic", None, "2024-07-11", mirrors_gone="2024-07-11", sure=False),
    OsRelease("ubuntu", "23.04", "lunar", None, "2024-01-25", mirrors_gone="2024-01-25", sure=False),
    OsRelease("ubuntu", "22.10", "kinetic", None, "2023-07-20", mirrors_gone="2023-07-20", sure=False),
    OsRelease("ubuntu", "21.10", "impish", None, "2022-07-14", mirrors_gone="2022-07-14", sure=False),
    OsRelease("ubuntu", "21.04", "hirsute", None, "2022-01-20", mirrors_gone="2022-01-20", sure=False),
    OsRelease("ubuntu", "20.10", "groovy", None, "2021-07-22", mirrors_gone="2021-07-22", sure=False),
    OsRelease("ubuntu", "19.10", "eoan", None, "2020-07-17", mirrors_gone="2020-07-17", sure=False),
    OsRelease("ubuntu", "19.04", "disco", None, "2020-01-23", mirrors_gone="2020-01-23", sure=False),
    OsRelease("ubuntu", "18.10", "cosmic", None, "2019-07-18", mirrors_gone="2019-07-18", sure=False),
    OsRelease("ubuntu", "17.10", "artful", None, "2018-07-19", mirrors_gone="2018-07-19", sure=False),
    OsRelease("ubuntu", "17.04", "zesty", None, "2018-01-13", mirrors_gone="2018-01-13", sure=False),
    OsRelease("debian", "13", "trixie", "2025-08-09", "2030-06-30", regular_ends="2028-08-09"),
    OsRelease("debian", "12", "bookworm", "2023-06-10", "2028-06-30", regular_ends="2026-07-11"),
    OsRelease("debian", "11", "bullseye", "2021-08-14", "2026-08-31", regular_ends="2024-08-14"),
    OsRelease("debian", "10", "buster", "2019-07-06", "2024-06-30", regular_ends="2022-09-10", mirrors_gone="2025-07"),
    OsRelease("debian", "9", "stretch", "2017-06-17", "2022-07-01", regular_ends="2020-07-18", mirrors_gone="2023"),
    OsRelease("debian", "8", "jessie", "2015-04-25", "2020-06-30", regular_ends="2018-06-17", mirrors_gone="2023"),
    OsRelease("centos", "8", None, "2019-09-24", "2021-12-31", mirrors_gone="2021-12-31"),
    OsRelease("centos", "7", None, "2014-07-07", "2024-06-30", mirrors_gone="2024-07-01"),
    OsRelease("centos", "6", None, "2011-07-10", "2020-11-30", mirrors_gone="2020-11-30"),
    OsRelease("centos", "5", None, "2007-04-12", "2017-03-31", mirrors_gone="2017-03-31"),
    OsRelease("centos-stream", "10", None, "2024-12-12", "2030-05-31"),
    OsRelease("centos-stream", "9", None, "2021-09-15", "2027-05-31"),
    OsRelease("centos-stream", "8", None, "2019-09-24", "2024-05-31", mirrors_gone="2024-05-31"),
    OsRelease("rockylinux", "10", None, "2025-06-11", "2035-05-31"),
    OsRelease("rockylinux", "9", None, "2022-07-14", "2032-05-31"),
    OsRelease("rockylinux", "8", None, "2021-05-01", "2029-05-31"),
    OsRelease("almalinux", "10", None, "2025-05-27", "2035-05-31"),
    OsRelease("almalinux", "9", None, "2022-05-26", "2032-05-31"),
    OsRelease("almalinux", "8", None, "2021-03-30", "2029-05-31"),
    OsRelease("rhel", "10", None, "2025-05-20", "2035-05-31"),
    OsRelease("rhel", "9", None, "2022-05-18", "2032-05-31"),
    OsRelease("rhel", "8", None, "2019-05-07", "2029-05-31"),
    OsRelease("rhel", "7", None, "2014-06-10", "2024-06-30"),
    OsRelease("rhel", "6", None, "2010-11-10", "2020-11-30"),
    OsRelease("rhel", "5", None, "2007-03-15", "2017-03-31"),
    OsRelease("rhel", "4", None, "2005-02-15", "2012-02-29"),
    OsRelease("amazonlinux", "2023", None, "2023-03-01", "2029-06-30"),
    OsRelease("amazonlinux", "2", None, "2018-06-26", "2026-06-30"),
    OsRelease("alpine", "3.24", None, "2026-06-09", "2028-06-01"),
    OsRelease("alpine", "3.23", None, "2025-12-04", "2027-11-01"),
    OsRelease("alpine", "3.22", None, "2025-05-30", "2027-05-01"),
    OsRelease("alpine", "3.21", None, "2024-12-05", "2026-11-01"),
    OsRelease("alpine", "3.20", None, "2024-05-22", "2026-04-01"),
    OsRelease("alpine", "3.19", None, "2023-12-07", "2025-11-01"),
    OsRelease("alpine", "3.18", None, "2023-05-09", "2025-05-09"),
    OsRelease("alpine", "3.17", None, "2022-11-22", "2024-11-22"),
    OsRelease("alpine", "3.16", None, "2022-05-23", "2024-05-23"),
    OsRelease("alpine", "3.15", None, "2021-11-24", "2023-11-01"),
    OsRelease("alpine", "3.14", None, "2021-06-15", "2023-05-01"),
    OsRelease("alpine", "3.13", None, "2021-01-14", "2022-11-01"),
    OsRelease("alpine", "3.12", None, None, "2022-05-01", sure=False),
    OsRelease("alpine", "3.11", None, None, "2021-11-01", sure=False),
    OsRelease("alpine", "3.10", None, None, "2021-05-01", sure=False),
    OsRelease("alpine", "3.9", None, None, "2020-11-01", sure=False),
    OsRelease("alpine", "3.8", None, None, "2020-05-01", sure=False),
    OsRelease("alpine", "3.7", None, None, "2019-11-01", sure=False),
    OsRelease("alpine", "3.6", None, None, "2019-05-01", sure=False),
    OsRelease("opensuse", "16.0", None, "2025-10-01", "2027-10-31"),
    OsRelease("opensuse", "15.6", None, "2024-06-12", "2026-04-30"),
    OsRelease("opensuse", "15.5", None, "2023-06-07", "2024-12-31"),
    OsRelease("opensuse", "15.4", None, "2022-06-09", "2023-12-07"),
    OsRelease("opensuse", "15.3", None, "2021-06-02", "2022-12-31"),
    OsRelease("opensuse", "15.2", None, "2020-07-02", "2022-01-04"),
)
# fmt: on

SUCCESSORS = (
    ("ubuntu", "24.04"),
    ("debian", "13"),
    ("centos", "rockylinux 9"),
    ("centos-stream", "9"),
    ("rhel", "9"),
    ("amazonlinux", "2023"),
    ("alpine", "3.23"),
    ("opensuse", "16.0"),
)
"""The release to go to, by os: settled and supported for years."""

# fmt: off
DEFAULT_PYTHON = (
    DefaultPython("ubuntu", "14.04", "3.4", sure=False),
    DefaultPython("ubuntu", "16.04", "3.5"),
    DefaultPython("ubuntu", "18.04", "3.6"),
    DefaultPython("ubuntu", "20.04", "3.8"),
    DefaultPython("ubuntu", "22.04", "3.10"),
    DefaultPython("ubuntu", "24.04", "3.12", managed=True),
    DefaultPython("ubuntu", "26.04", "3.14", managed=True, sure=False),
    DefaultPython("debian", "9", "3.5", sure=False),
    DefaultPython("debian", "10", "3.7", sure=False),
    DefaultPython("debian", "11", "3.9", sure=False),
    DefaultPython("debian", "12", "3.11", managed=True, sure=False),
    DefaultPython("debian", "13", "3.13", managed=True, sure=False),
    DefaultPython("centos", "7", "3.6", sure=False),
    DefaultPython("rhel", "7", "3.6", sure=False),
    DefaultPython("rhel", "8", "3.6", sure=False),
    DefaultPython("rockylinux", "8", "3.6", sure=False),
    DefaultPython("oraclelinux", "8", "3.6", sure=False),
    DefaultPython("rhel", "9", "3.9", sure=False),
    DefaultPython("rockylinux", "9", "3.9", sure=False),
    DefaultPython("oraclelinux", "9", "3.9", sure=False),
    DefaultPython("rhel", "10", "3.12", sure=False),
    DefaultPython("rockylinux", "10", "3.12", sure=False),
    DefaultPython("amazonlinux", "2", "3.7", sure=False),
    DefaultPython("amazonlinux", "2023", "3.9", sure=False),
    DefaultPython("azurelinux", "3", "3.12", sure=False),
    DefaultPython("opensuse", "15", "3.6", sure=False),
)
# fmt: on

# fmt: off
GLIBC = (
    Glibc("centos", "7", "2.17"),
    Glibc("rhel", "7", "2.17"),
    Glibc("ubuntu", "16.04", "2.23"),
    Glibc("debian", "9", "2.24"),
    Glibc("amazonlinux", "2", "2.26"),
    Glibc("ubuntu", "18.04", "2.27"),
    Glibc("debian", "10", "2.28"),
    Glibc("rhel", "8", "2.28"),
    Glibc("rockylinux", "8", "2.28"),
    Glibc("ubuntu", "20.04", "2.31"),
    Glibc("debian", "11", "2.31"),
    Glibc("amazonlinux", "2023", "2.34"),
    Glibc("rhel", "9", "2.34"),
    Glibc("rockylinux", "9", "2.34"),
    Glibc("ubuntu", "22.04", "2.35"),
    Glibc("debian", "12", "2.36"),
    Glibc("ubuntu", "24.04", "2.39"),
    Glibc("rhel", "10", "2.39"),
    Glibc("rockylinux", "10", "2.39"),
    Glibc("debian", "13", "2.41"),
)
# fmt: on
