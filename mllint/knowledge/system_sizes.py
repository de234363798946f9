"""How much an apt package adds to an image with everything that it depends on, in MB (10^6 bytes)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = ("package lists of Debian 12 (Installed-Size, Depends, Recommends), 2026-11, over a minimal Debian 12",)
CHECKED = "2026-11-21"
HORIZON = "2026-11-21"


class SystemSize(NamedTuple):
    """What one package brings to an image without it: with `--no-install-recommends`, and as apt does by default.

    Two packages together bring less than the sum: they share dependencies. Other releases differ by some tens of MB.
    """

    name: str
    megabytes: int
    with_recommends: int


# fmt: off
SIZES = (
    SystemSize("aria2", 47, 50),
    SystemSize("autoconf", 3, 5),
    SystemSize("build-essential", 267, 348),
    SystemSize("cargo", 668, 1219),
    SystemSize("chromium", 716, 980),
    SystemSize("chromium-driver", 740, 1004),
    SystemSize("clang", 405, 954),
    SystemSize("cmake", 89, 353),
    SystemSize("curl", 6, 10),
    SystemSize("default-jdk", 584, 659),
    SystemSize("default-jre", 503, 570),
    SystemSize("default-jre-headless", 220, 280),
    SystemSize("default-libmysqlclient-dev", 39, 100),
    SystemSize("espeak-ng", 24, 30),
    SystemSize("ffmpeg", 475, 632),
    SystemSize("freeglut3-dev", 231, 234),
    SystemSize("g++", 260, 321),
    SystemSize("gcc", 179, 264),
    SystemSize("gdal-bin", 246, 264),
    SystemSize("gdb", 90, 123),
    SystemSize("gfortran", 247, 308),
    SystemSize("ghostscript", 77, 90),
    SystemSize("git", 54, 69),
    SystemSize("git-lfs", 65, 80),
    SystemSize("gnupg", 19, 22),
    SystemSize("golang", 465, 786),
    SystemSize("graphviz", 76, 135),
    SystemSize("imagemagick", 96, 212),
    SystemSize("libatlas-base-dev", 39, 39),
    SystemSize("libavcodec-dev", 222, 449),
    SystemSize("libavformat-dev", 240, 468),
    SystemSize("libboost-all-dev", 814, 890),
    SystemSize("libcairo2", 13, 16),
    SystemSize("libcairo2-dev", 116, 211),
    SystemSize("libegl1", 7, 7),
    SystemSize("libgdal-dev", 746, 943),
    SystemSize("libgl1", 216, 216),
    SystemSize("libgl1-mesa-dev", 225, 225),
    SystemSize("libgl1-mesa-glx", 216, 216),
    SystemSize("libglew-dev", 231, 231),
    SystemSize("libglfw3", 216, 216),
    SystemSize("libglib2.0-0", 4, 58),
    SystemSize("libglib2.0-dev", 85, 190),
    SystemSize("libgoogle-perftools-dev", 9, 9),
    SystemSize("libgtk-3-0", 172, 204),
    SystemSize("libgtk-3-dev", 539, 606),
    SystemSize("libgtk2.0-dev", 311, 670),
    SystemSize("libhdf5-dev", 67, 127),
    SystemSize("liblapack-dev", 38, 38),
    SystemSize("libmagic1", 9, 9),
    SystemSize("libopenblas-dev", 106, 106),
    SystemSize("libopenblas0", 48, 48),
    SystemSize("libopencv-dev", 1068, 1296),
    SystemSize("libopenmpi-dev", 352, 429),
    SystemSize("libosmesa6-dev", 239, 239),
    SystemSize("libpango-1.0-0", 16, 73),
    SystemSize("libportaudio2", 5, 6),
    SystemSize("libpq-dev", 17, 17),
    SystemSize("libproj-dev", 74, 132),
    SystemSize("libprotobuf-dev", 41, 102),
    SystemSize("libreoffice", 653, 2273),
    SystemSize("libsdl2-dev", 348, 421),
    SystemSize("libsm6", 1, 4),
    SystemSize("libsndfile1-dev", 10, 10),
    SystemSize("libsox-dev", 25, 30),
    SystemSize("libssl-dev", 12, 12),
    SystemSize("libxext6", 4, 4),
    SystemSize("libxml2-dev", 116, 177),
    SystemSize("libxrender-dev", 10, 10),
    SystemSize("libxrender1", 4, 4),
    SystemSize("libxslt1-dev", 119, 180),
    SystemSize("lld", 178, 178),
    SystemSize("llvm", 243, 750),
    SystemSize("locales", 21, 25),
    SystemSize("mesa-utils", 219, 219),
    SystemSize("nginx", 10, 13),
    SystemSize("nodejs", 223, 226),
    SystemSize("npm", 419, 1256),
    SystemSize("octave", 557, 1133),
    SystemSize("openjdk-17-jdk", 584, 659),
    SystemSize("openjdk-17-jdk-headless", 299, 358),
    SystemSize("openjdk-17-jre", 503, 570),
    SystemSize("openjdk-17-jre-headless", 220, 280),
    SystemSize("openmpi-bin", 74, 77),
    SystemSize("openssh-client", 9, 16),
    SystemSize("openssh-server", 15, 48),
    SystemSize("pandoc", 174, 174),
    SystemSize("poppler-utils", 29, 45),
    SystemSize("portaudio19-dev", 7, 8),
    SystemSize("postgresql-client", 12, 13),
    SystemSize("protobuf-compiler", 7, 106),
    SystemSize("python3", 27, 30),
    SystemSize("python3-dev", 88, 148),
    SystemSize("python3-opencv", 840, 1045),
    SystemSize("python3-pip", 38, 420),
    SystemSize("python3-tk", 47, 50),
    SystemSize("python3-venv", 31, 34),
    SystemSize("qtbase5-dev", 365, 564),
    SystemSize("r-base", 160, 1050),
    SystemSize("redis-server", 7, 10),
    SystemSize("rustc", 650, 1219),
    SystemSize("software-properties-common", 150, 176),
    SystemSize("sox", 17, 18),
    SystemSize("sudo", 6, 9),
    SystemSize("supervisor", 30, 33),
    SystemSize("swig", 6, 6),
    SystemSize("tesseract-ocr", 95, 114),
    SystemSize("texlive", 227, 935),
    SystemSize("texlive-full", 7229, 8203),
    SystemSize("texlive-latex-extra", 403, 1466),
    SystemSize("valgrind", 91, 272),
    SystemSize("vim", 42, 42),
    SystemSize("wget", 4, 7),
    SystemSize("xvfb", 237, 248),
    SystemSize("zlib1g-dev", 25, 86),
)
# fmt: on


@lru_cache(maxsize=4096)
def size(name: str) -> SystemSize | None:
    """What an apt package brings; None when it is not in the table."""
    return next((row for row in SIZES if row.name == name), None)
