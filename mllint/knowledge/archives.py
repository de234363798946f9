"""About how large the installers and archives are that Dockerfiles download, by their file names."""

from __future__ import annotations

from typing import NamedTuple

#: Recalled, so say "about", and let no error rest on it.
SOURCE = ("the publishers' download pages",)
CHECKED = "2026-11-21"


class Archive(NamedTuple):
    """A download whose file name matches `pattern` in full (lower case)."""

    pattern: str
    megabytes: int


# fmt: off
ARCHIVES = (
    Archive(r"miniconda[23]?-.*\.sh", 130),
    Archive(r"anaconda[23]-.*\.sh", 800),
    Archive(r"(miniforge|mambaforge)3?-.*\.sh", 90),
    Archive(r"cuda_(9|10)\..*\.run", 2000),
    Archive(r"cuda_1[1-9]\..*\.run", 3500),
    Archive(r"cuda-repo-.*-local.*\.deb", 2500),
    # Packages that hold a key and a list of sources.
    Archive(r".*keyring.*\.(deb|rpm)|.*-release.*\.(deb|rpm)|packages-microsoft-prod\.deb|cuda-repo-(?!.*local).*", 0),
    # The installer of AMD's packages, and a library of a few kB that old programs ask for.
    Archive(r"amdgpu-install[_-].*\.(deb|rpm)|libffi\d+_.*\.deb", 0),
    Archive(r"cmake-[34].*linux.*\.(sh|tar\.gz)", 45),
)
# fmt: on

#: Endings of archives that are unpacked, and of packages and installers that are run.
ARCHIVE_ENDINGS = (
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tar.lz", ".zip", ".7z", ".rar",
    ".deb", ".rpm", ".run", ".whl", ".cpio",
)  # fmt: skip
#: Shell scripts that carry what they install.
INSTALLERS = (
    r"(miniconda|anaconda|miniforge|mambaforge)[\w.-]*\.sh|cmake-[\w.${}-]+\.sh"
    r"|.*(linux|x86_64|installer)[\w.${}-]*\.sh"
)
