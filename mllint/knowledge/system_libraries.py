# ruff: noqa: E501
"""Shared libraries and programs that Python packages need from the image, and the system packages that bring them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = (
    "ELF files in the newest wheels of the packages (NEEDED entries), 2026-11-20",
    "package lists of Debian 12, 2026-11 (which packages bring a library along)",
    "documentation of the packages that call a program",
    "packages of buildpack-deps, which the full python images stand on, resolved with apt on Debian 12",
    "reports of a missing libGL.so.1 on python and pytorch/pytorch images (opencv-python issue 370, mmocr issue 90)",
)
CHECKED = "2026-11-21"
HORIZON = "2026-11-21"


class Need(NamedTuple):
    """What some releases of a package need: shared libraries by soname, programs, and Debian's packages for them.

    `since` and `until` bound the releases ("" is open, `until` is exclusive). `optional`: only a part of the package
    needs it, so that its absence may never show. `through` is the dependency that needs it in truth.
    """

    package: str
    libraries: str
    programs: str
    debian: str
    what: str
    """What fails without it."""
    since: str = ""
    until: str = ""
    optional: bool = False
    through: str = ""
    sure: bool = True
    #: The extra of the package that brings the libraries as wheels.
    extra: str = ""


class Library(NamedTuple):
    """A shared library, and the packages that are it; `brought_by` are packages of Debian that depend on it.

    Any of `debian` and `brought_by` will do; the last holds the common ones. `recommended_by`: those that bring it
    unless apt is told `--no-install-recommends`.
    """

    soname: str
    debian: str
    rpm: str
    alpine: str
    brought_by: str
    recommended_by: str


class Program(NamedTuple):
    """A program that packages call, and the packages of Debian that bring it, as for `Library`."""

    name: str
    debian: str
    brought_by: str
    recommended_by: str


class BaseLibraries(NamedTuple):
    """Which of the libraries above a base image has; `known` are those it is known for ("" all), the others are absent.

    `flavours` as in the facts of images, "" for all of a family.
    """

    family: str
    flavours: str
    there: str
    known: str = ""


_CV2 = "`import cv2` fails: libGL.so.1: cannot open shared object file"

# fmt: off
NEEDS = (
    Need("opencv-python", "libGL.so.1 libgthread-2.0.so.0", "", "libgl1 libglib2.0-0", _CV2, since="4.3.0.38"),
    Need("opencv-contrib-python", "libGL.so.1 libgthread-2.0.so.0", "", "libgl1 libglib2.0-0", _CV2, since="4.3.0.38"),
    Need("ultralytics", "libGL.so.1 libgthread-2.0.so.0", "", "libgl1 libglib2.0-0", _CV2, through="opencv-python"),
    Need("mmengine", "libGL.so.1 libgthread-2.0.so.0", "", "libgl1 libglib2.0-0", _CV2, through="opencv-python"),
    Need("mmcv", "libGL.so.1 libgthread-2.0.so.0", "", "libgl1 libglib2.0-0", _CV2, through="opencv-python", sure=False),
    Need("imgaug", "libGL.so.1 libgthread-2.0.so.0", "", "libgl1 libglib2.0-0", _CV2, through="opencv-python"),
    Need("paddleocr", "libGL.so.1 libgthread-2.0.so.0 libgomp.so.1", "", "libgl1 libglib2.0-0 libgomp1", _CV2, through="opencv-contrib-python", sure=False),
    Need("lightgbm", "libgomp.so.1", "", "libgomp1", "`import lightgbm` fails: libgomp.so.1: cannot open shared object file"),
    Need("paddlepaddle", "libgomp.so.1", "", "libgomp1", "`import paddle` fails: libgomp.so.1: cannot open shared object file", sure=False),
    Need("soundfile", "libsndfile.so.1", "", "libsndfile1", "`import soundfile` fails: sndfile library not found", until="0.11.0", sure=False),
    Need("rasterio", "libexpat.so.1", "", "libexpat1", "`import rasterio` fails: libexpat.so.1: cannot open shared object file"),
    Need("rdkit", "libXrender.so.1 libXext.so.6 libX11.so.6 libexpat.so.1", "", "libxrender1 libxext6 libexpat1", "`from rdkit.Chem import Draw` fails: libXrender.so.1: cannot open shared object file", optional=True),
    Need("pyodbc", "libodbc.so.2", "", "unixodbc", "`import pyodbc` fails: libodbc.so.2: cannot open shared object file"),
    Need("mpi4py", "libmpi.so.40", "", "libopenmpi3 openmpi-bin", "`from mpi4py import MPI` fails: it finds no MPI library", since="4.1.0"),
    Need("torchcodec", "", "ffmpeg", "ffmpeg", "`import torchcodec` fails: it could not load libtorchcodec, which needs FFmpeg's libraries"),
    Need("open3d", "libGL.so.1 libgomp.so.1 libX11.so.6", "", "libgl1 libgomp1 libx11-6", "`import open3d` fails: libGL.so.1: cannot open shared object file", sure=False),
    Need("vtk", "libGL.so.1 libXrender.so.1", "", "libgl1 libxrender1", "`import vtk` fails: libGL.so.1: cannot open shared object file", sure=False),
    Need("pyvista", "libGL.so.1 libXrender.so.1", "", "libgl1 libxrender1", "`import pyvista` fails: libGL.so.1: cannot open shared object file", through="vtk", sure=False),
    Need("cairosvg", "libcairo.so.2", "", "libcairo2", "`import cairosvg` fails: no library called \"cairo\" was found", sure=False),
    Need("weasyprint", "libpango-1.0.so.0", "", "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0", "`import weasyprint` fails: cannot load library libpango", sure=False),
    Need("python-magic", "libmagic.so.1", "", "libmagic1", "`import magic` fails: failed to find libmagic", sure=False),
    Need("sounddevice", "libportaudio.so.2", "", "libportaudio2", "`import sounddevice` fails: PortAudio library not found", sure=False),
    Need("psycopg", "libpq.so.5", "", "libpq5", "`import psycopg` fails: no pq wrapper available (`psycopg[binary]` brings its own)", sure=False, extra="binary"),
    Need("pytesseract", "", "tesseract", "tesseract-ocr", "its calls raise TesseractNotFoundError: it runs the program tesseract", sure=False),
    Need("pdf2image", "", "pdftoppm", "poppler-utils", "its calls raise PDFInfoNotInstalledError: it runs Poppler's programs", sure=False),
    Need("graphviz", "", "dot", "graphviz", "rendering raises ExecutableNotFound: it runs the program dot", optional=True, sure=False),
    Need("pydub", "", "ffmpeg", "ffmpeg", "everything but WAV fails: it runs the program ffmpeg", sure=False),
    Need("openai-whisper", "", "ffmpeg", "ffmpeg", "`transcribe` fails with FileNotFoundError: it runs the program ffmpeg", sure=False),
    Need("whisperx", "", "ffmpeg", "ffmpeg", "`load_audio` fails with FileNotFoundError: it runs the program ffmpeg", sure=False),
    Need("audiocraft", "", "ffmpeg", "ffmpeg", "reading compressed audio fails: it runs the program ffmpeg", optional=True, sure=False),
    Need("librosa", "", "ffmpeg", "ffmpeg", "compressed audio that soundfile cannot read fails", optional=True, sure=False),
    Need("tts", "libsndfile.so.1", "espeak-ng", "espeak-ng", "models with phonemes fail: no espeak backend found", optional=True, sure=False),
    Need("unstructured", "libmagic.so.1", "tesseract pdftoppm", "libmagic1 poppler-utils tesseract-ocr", "partitioning PDFs and images fails", optional=True, sure=False),
    Need("camelot-py", "", "gs", "ghostscript", "the lattice flavour fails: it uses Ghostscript", optional=True, sure=False),
    Need("mujoco", "libGL.so.1", "", "libgl1 libglfw3 libosmesa6", "rendering fails", optional=True, sure=False),
    Need("pyrender", "libGL.so.1", "", "libgl1 libosmesa6", "off-screen rendering fails", optional=True, sure=False),
    Need("pyglet", "libGL.so.1", "", "libgl1", "opening a window fails", optional=True, sure=False),
)
# fmt: on
"""soundfile 0.11 and newer, the -headless OpenCV packages, scikit-learn, xgboost, faiss-cpu and h5py bring what they need."""

# fmt: off
LIBRARIES = (
    Library("libGL.so.1", "libgl1 libgl1-mesa-glx", "mesa-libGL", "mesa-gl", "chromium chromium-driver default-jdk default-jre ffmpeg freeglut3-dev libavdevice-dev libgl1-mesa-dev libglew-dev libglfw3 libglu1-mesa-dev libgtk-3-dev libopencv-dev libosmesa6-dev libqt5serialport5-dev libqt5svg5-dev libsdl2-dev mesa-utils octave openjdk-17-jdk openjdk-17-jre python3-opencv qtbase5-dev qtmultimedia5-dev texlive-full wkhtmltopdf xvfb", "dvipng ffmpegthumbnailer lcdf-typetools libavcodec-dev libavcodec-extra libavfilter-dev libavformat-dev libavutil-dev libreoffice libswscale-dev libviennacl-dev npm ocl-icd-opencl-dev qtcreator r-base terminator texlive texlive-lang-chinese texlive-latex-extra texlive-xetex xdg-utils"),
    Library("libgthread-2.0.so.0", "libglib2.0-0 libglib2.0-0t64", "glib2", "glib", "chromium chromium-driver default-jdk default-jre default-jre-headless dvipng emacs ffmpeg ffmpegthumbnailer gdb graphviz gstreamer1.0-plugins-base imagemagick libatk-bridge2.0-0 libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libcairo2-dev libcanberra-gtk-module libgdiplus libglib2.0-dev libgraphviz-dev libgstreamer1.0-0 libgstreamer1.0-dev libgtk-3-0 libgtk-3-dev libgtk-4-1 libgtk2.0-dev libmagickwand-dev libopencv-dev libpango-1.0-0 libqt5serialport5-dev libqt5svg5-dev libreoffice libsdl2-dev libvips libvips-dev linux-perf maven octave openjdk-17-jdk openjdk-17-jdk-headless openjdk-17-jre openjdk-17-jre-headless python3-opencv python3-pydot python3-pygraphviz qtbase5-dev qtcreator qtmultimedia5-dev r-base software-properties-common terminator tesseract-ocr texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex wkhtmltopdf", "awscli lcdf-typetools libsdl2-2.0-0 npm python3-launchpadlib slurm-wlm tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng valgrind xdg-utils"),
    Library("libgomp.so.1", "libgomp1", "libgomp", "libgomp", "build-essential cargo clang clang-tidy dkms emacs ffmpeg ffmpegthumbnailer g++ gcc gettext gfortran imagemagick kalign lcov libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libboost-all-dev libboost-dev libboost-filesystem-dev libboost-iostreams-dev libboost-serialization-dev libboost-thread-dev libcpprest-dev libgdal-dev libmagickwand-dev libopencv-dev libopenmpi-dev libsox-dev libsox-fmt-all libtesseract-dev libtool libviennacl-dev libvips libvips-dev octave python3-opencv qtcreator r-base rustc sox tesseract-ocr texlive-full", "awscli bundler cmake cmake-curses-gui cython3 flex golang libgrpc++-dev libgrpc-dev libgtk2.0-dev libreoffice npm pip python3-pip python3-virtualenv tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng tk-dev virtualenv"),
    Library("libsndfile.so.1", "libsndfile1", "libsndfile", "libsndfile", "chromium chromium-driver espeak espeak-ng ffmpeg ffmpegthumbnailer libavdevice-dev libavfilter-dev libespeak1 libsdl2-2.0-0 libsdl2-dev libsndfile-dev libsndfile1-dev libsox-dev libsox-fmt-all octave qtmultimedia5-dev sox", "libreoffice"),
    Library("libX11.so.6", "libx11-6", "libX11", "libx11", "chromium chromium-driver default-jdk default-jre dvipng emacs espeak espeak-ng ffmpeg ffmpegthumbnailer freeglut3-dev ghostscript graphviz gstreamer1.0-plugins-base imagemagick libatk-bridge2.0-0 libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libavutil-dev libboost-all-dev libcairo2 libcairo2-dev libcanberra-gtk-module libegl1 libespeak1 libgdiplus libgl1 libgl1-mesa-dev libgl1-mesa-glx libglew-dev libglfw3 libglu1-mesa-dev libglx-mesa0 libglx0 libgraphviz-dev libgtk-3-0 libgtk-3-dev libgtk-4-1 libgtk2.0-dev libmagickwand-dev libopencv-dev libopenmpi-dev libosmesa6-dev libqt5serialport5-dev libqt5svg5-dev libreoffice libsdl2-2.0-0 libsdl2-dev libsox-dev libsox-fmt-all libswscale-dev libtk8.6 libvips libvips-dev libxcomposite1 libxcursor1 libxdamage1 libxext-dev libxext6 libxfixes3 libxi6 libxinerama1 libxrandr2 libxrender-dev libxrender1 libxss1 libxt6 libxtst6 mesa-utils octave openjdk-17-jdk openjdk-17-jre openmpi-bin poppler-utils python3-opencv python3-pydot python3-pygraphviz python3-tk qtbase5-dev qtcreator qtmultimedia5-dev r-base terminator tesseract-ocr texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex tk tk-dev wkhtmltopdf xvfb", "build-essential bundler cargo clang clang-tidy cmake cmake-curses-gui cython3 default-libmysqlclient-dev dkms fish flex g++ gcc gfortran git git-core git-lfs golang lcdf-typetools lcov libboost-dev libboost-filesystem-dev libboost-iostreams-dev libboost-serialization-dev libboost-thread-dev libbz2-dev libc6-dev libcpprest-dev libfreetype6-dev libgdal-dev libgdbm-dev libglib2.0-dev libgrpc++-dev libgrpc-dev libgstreamer1.0-dev libhdf5-dev libhdf5-serial-dev libicu-dev libjpeg-dev libjpeg62-turbo-dev libkrb5-dev libmariadb-dev libncursesw5-dev libnuma-dev libopenexr-dev libpcre2-dev libpng-dev libproj-dev libprotobuf-dev libpython3-all-dev libpython3-dev libreadline-dev libsasl2-dev libsqlite3-dev libtbb-dev libtiff-dev libtiff5-dev libtool libviennacl-dev libvulkan-dev libxml2-dev libxmlsec1-dev libxslt1-dev libzmq3-dev llvm llvm-dev mercurial npm ocl-icd-opencl-dev openssh-client openssh-server pdsh pip pipx protobuf-compiler protobuf-compiler-grpc python-dev-is-python3 python3-dev python3-launchpadlib python3-pip python3-virtualenv python3.11-dev rustc slurm-wlm ssh tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng uuid-dev virtualenv xdg-utils zlib1g-dev"),
    Library("libXext.so.6", "libxext6", "libXext", "libxext", "chromium chromium-driver default-jdk default-jre dvipng emacs ffmpeg ffmpegthumbnailer freeglut3-dev graphviz gstreamer1.0-plugins-base imagemagick libatk-bridge2.0-0 libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libavutil-dev libboost-all-dev libcairo2 libcairo2-dev libcanberra-gtk-module libgdiplus libgl1 libgl1-mesa-dev libgl1-mesa-glx libglew-dev libglfw3 libglu1-mesa-dev libglx-mesa0 libglx0 libgraphviz-dev libgtk-3-0 libgtk-3-dev libgtk-4-1 libgtk2.0-dev libmagickwand-dev libopencv-dev libopenmpi-dev libosmesa6-dev libqt5serialport5-dev libqt5svg5-dev libreoffice libsdl2-2.0-0 libsdl2-dev libswscale-dev libtk8.6 libvips libvips-dev libxext-dev libxi6 libxinerama1 libxrandr2 libxss1 libxtst6 mesa-utils octave openjdk-17-jdk openjdk-17-jre openmpi-bin poppler-utils python3-opencv python3-pydot python3-pygraphviz python3-tk qtbase5-dev qtcreator qtmultimedia5-dev r-base terminator tesseract-ocr texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex tk tk-dev wkhtmltopdf xvfb", "git git-core git-lfs lcdf-typetools libtbb-dev libviennacl-dev mercurial npm ocl-icd-opencl-dev openssh-client openssh-server pdsh pipx python3-launchpadlib slurm-wlm ssh tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng xdg-utils"),
    Library("libXrender.so.1", "libxrender1", "libXrender", "libxrender", "chromium chromium-driver default-jdk default-jre dvipng emacs ffmpeg ffmpegthumbnailer graphviz gstreamer1.0-plugins-base libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libcairo2 libcairo2-dev libcanberra-gtk-module libgdiplus libgraphviz-dev libgtk-3-0 libgtk-3-dev libgtk-4-1 libgtk2.0-dev libmagickwand-dev libopencv-dev libqt5serialport5-dev libqt5svg5-dev libreoffice libsdl2-2.0-0 libsdl2-dev libtk8.6 libvips libvips-dev libxcursor1 libxrandr2 libxrender-dev octave openjdk-17-jdk openjdk-17-jre poppler-utils python3-opencv python3-pydot python3-pygraphviz python3-tk qtbase5-dev qtmultimedia5-dev r-base terminator tesseract-ocr texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex tk tk-dev wkhtmltopdf xvfb", "imagemagick lcdf-typetools npm pipx python3-launchpadlib qtcreator slurm-wlm tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng xdg-utils"),
    Library("libSM.so.6", "libsm6", "libSM", "libsm", "chromium chromium-driver dvipng emacs freeglut3-dev ghostscript graphviz libcairo2-dev libgtk-3-dev libgtk2.0-dev libmagickwand-dev libopencv-dev libqt5serialport5-dev libqt5svg5-dev libreoffice libsdl2-dev libvips-dev libxt6 octave python3-opencv python3-pydot python3-pygraphviz qtbase5-dev qtcreator qtmultimedia5-dev r-base texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex wkhtmltopdf xvfb", "default-jdk default-jre imagemagick lcdf-typetools libvips npm openjdk-17-jdk openjdk-17-jre terminator xdg-utils"),
    Library("libexpat.so.1", "libexpat1", "expat", "expat", "awscli chromium chromium-driver clang-tidy cmake cmake-curses-gui cython3 default-jdk default-jre default-jre-headless dvipng emacs ffmpeg ffmpegthumbnailer fish fontconfig freeglut3-dev gdal-bin gdb ghostscript git git-core git-lfs graphviz gstreamer1.0-plugins-base imagemagick iotop libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libboost-all-dev libcairo2 libcairo2-dev libcanberra-gtk-module libegl1 libfontconfig1 libgbm-dev libgdal-dev libgdiplus libgl1 libgl1-mesa-dev libgl1-mesa-dri libgl1-mesa-glx libglew-dev libglfw3 libglib2.0-dev libglu1-mesa-dev libglx-mesa0 libglx0 libgraphviz-dev libgstreamer1.0-dev libgtk-3-0 libgtk-3-dev libgtk-4-1 libgtk2.0-dev libmagickwand-dev libopencv-dev libosmesa6-dev libpango-1.0-0 libpython3-all-dev libpython3-dev libqt5serialport5-dev libqt5svg5-dev libreoffice libsdl2-2.0-0 libsdl2-dev libtk8.6 libvips libvips-dev libvulkan-dev linux-perf llvm-dev maven mercurial mesa-utils nfs-common nodejs npm octave openjdk-17-jdk openjdk-17-jdk-headless openjdk-17-jre openjdk-17-jre-headless pip pipx poppler-utils python-dev-is-python3 python-is-python3 python3 python3-apt python3-dev python3-distutils python3-launchpadlib python3-numpy python3-opencv python3-osrf-pycommon python3-pip python3-pydot python3-pygraphviz python3-setuptools python3-tk python3-venv python3-virtualenv python3-wheel python3.11 python3.11-dev python3.11-distutils python3.11-venv qtbase5-dev qtcreator qtmultimedia5-dev r-base s3cmd software-properties-common subversion supervisor terminator tesseract-ocr texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex tk tk-dev virtualenv wkhtmltopdf xvfb", "build-essential bundler cargo clang default-libmysqlclient-dev dkms espeak espeak-ng flex g++ gcc gfortran golang iftop lcdf-typetools lcov libatk-bridge2.0-0 libavutil-dev libboost-dev libboost-filesystem-dev libboost-iostreams-dev libboost-serialization-dev libboost-thread-dev libbz2-dev libc6-dev libcpprest-dev libespeak1 libfreetype6-dev libgdbm-dev libgrpc++-dev libgrpc-dev libhdf5-dev libhdf5-serial-dev libicu-dev libjpeg-dev libjpeg62-turbo-dev libkrb5-dev libmariadb-dev libncursesw5-dev libnuma-dev libopenexr-dev libopenmpi-dev libpcre2-dev libpng-dev libproj-dev libprotobuf-dev libreadline-dev libsasl2-dev libsox-dev libsox-fmt-all libsqlite3-dev libswscale-dev libtiff-dev libtiff5-dev libtool libviennacl-dev libxml2-dev libxmlsec1-dev libxslt1-dev libzmq3-dev llvm ocl-icd-opencl-dev openssh-server parallel protobuf-compiler protobuf-compiler-grpc rustc slurm-wlm ssh sysstat tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng uuid-dev valgrind xdg-utils zlib1g-dev"),
    Library("libodbc.so.2", "libodbc2 unixodbc unixodbc-dev", "unixODBC", "unixodbc", "gdal-bin libgdal-dev libopencv-dev python3-opencv", ""),
    Library("libmpi.so.40", "libopenmpi3 libopenmpi3t64 openmpi-bin libopenmpi-dev", "openmpi", "openmpi", "libboost-all-dev libopencv-dev octave python3-opencv", ""),
    Library("libpq.so.5", "libpq5", "libpq", "libpq", "gdal-bin libgdal-dev libopencv-dev libpq-dev postgresql-client python3-opencv", "emacs libreoffice texlive-full"),
    Library("libcairo.so.2", "libcairo2", "cairo", "cairo", "chromium chromium-driver default-jdk default-jre dvipng emacs ffmpeg ffmpegthumbnailer graphviz gstreamer1.0-plugins-base libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libcairo2-dev libcanberra-gtk-module libgdiplus libgraphviz-dev libgtk-3-0 libgtk-3-dev libgtk-4-1 libgtk2.0-dev libmagickwand-dev libopencv-dev libreoffice libvips libvips-dev openjdk-17-jdk openjdk-17-jre poppler-utils python3-opencv python3-pydot python3-pygraphviz r-base terminator tesseract-ocr texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex", "imagemagick lcdf-typetools libqt5serialport5-dev libqt5svg5-dev libsdl2-2.0-0 libsdl2-dev npm octave python3-launchpadlib qtbase5-dev qtcreator qtmultimedia5-dev slurm-wlm tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng wkhtmltopdf xdg-utils"),
    Library("libpango-1.0.so.0", "libpango-1.0-0", "pango", "pango", "chromium chromium-driver default-jdk default-jre emacs ffmpeg ffmpegthumbnailer graphviz libavcodec-dev libavcodec-extra libavdevice-dev libavfilter-dev libavformat-dev libcanberra-gtk-module libgdiplus libgraphviz-dev libgtk-3-0 libgtk-3-dev libgtk-4-1 libgtk2.0-dev libmagickwand-dev libopencv-dev libvips libvips-dev openjdk-17-jdk openjdk-17-jre python3-opencv python3-pydot python3-pygraphviz r-base terminator tesseract-ocr", "dvipng imagemagick lcdf-typetools libqt5serialport5-dev libqt5svg5-dev libreoffice libsdl2-2.0-0 libsdl2-dev npm octave python3-launchpadlib qtbase5-dev qtcreator qtmultimedia5-dev slurm-wlm tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng texlive texlive-full texlive-lang-chinese texlive-latex-extra texlive-xetex wkhtmltopdf xdg-utils"),
    Library("libmagic.so.1", "libmagic1 libmagic1t64", "file-libs", "libmagic", "file libsox-dev libsox-fmt-all libtool s3cmd sox", "awscli fish libboost-all-dev libgdal-dev libgtk2.0-dev libmagickwand-dev libopenmpi-dev libvips-dev s3fs"),
    Library("libportaudio.so.2", "libportaudio2", "portaudio", "portaudio", "espeak libespeak1 octave portaudio19-dev", ""),
    Library("libEGL.so.1", "libegl1", "mesa-libEGL", "mesa-egl", "freeglut3-dev libgl1-mesa-dev libglew-dev libgtk-3-dev libopencv-dev libqt5serialport5-dev libqt5svg5-dev libsdl2-dev mesa-utils octave python3-opencv qtbase5-dev qtcreator qtmultimedia5-dev texlive-full wkhtmltopdf", "chromium chromium-driver dvipng lcdf-typetools libreoffice npm r-base terminator texlive texlive-lang-chinese texlive-latex-extra texlive-xetex xdg-utils"),
)
# fmt: on

# fmt: off
PROGRAMS = (
    Program("ffmpeg", "ffmpeg", "", ""),
    Program("tesseract", "tesseract-ocr", "", "tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-eng"),
    Program("pdftoppm", "poppler-utils", "", "texlive-full"),
    Program("dot", "graphviz", "python3-pydot python3-pygraphviz", ""),
    Program("gs", "ghostscript", "dvipng texlive-full", "imagemagick lcdf-typetools libmagickwand-dev libreoffice libvips libvips-dev octave texlive-lang-chinese"),
    Program("espeak-ng", "espeak-ng", "", ""),
)

PLAIN = (
    "apt-file apt-transport-https apt-utils aria2 autoconf automake autotools-dev bash bash-completion bison bmon "
    "bzip2 ca-certificates ccache cron curl default-mysql-client dirmngr dnsutils doxygen dumb-init ethtool exiftool "
    "fonts-crosextra-caladea fonts-crosextra-carlito fonts-dejavu fonts-freefont-ttf fonts-liberation fonts-noto-cjk "
    "freetds-dev fuse gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf gettext-base gnupg gnupg2 gosu gsfonts hdf5-tools "
    "hmmer htop ibverbs-providers ibverbs-utils infiniband-diags iproute2 iputils-ping jq krb5-user less libaio-dev "
    "libasound2 libatlas-base-dev libatlas3-base libblas-dev libc6-dev-arm64-cross libc6-dev-armhf-cross libcurl3-dev "
    "libcurl4-openssl-dev libeigen3-dev libevent-dev libfabric-dev libffi-dev libgeos-dev libgflags-dev libgflags2.2 "
    "libgles2 libglu1-mesa libglvnd0 libgmock-dev libgoogle-glog-dev libgoogle-perftools-dev libgtest-dev libheif-dev "
    "libheif1 libibverbs-dev libibverbs1 libice6 libimage-exiftool-perl libjemalloc-dev libjpeg62 liblapack-dev "
    "libldap2-dev libleveldb-dev liblmdb-dev liblmdb0 liblzma-dev libmlx5-1 libnlopt-dev libnss3 libomp-dev libomp5 "
    "libopenblas-dev libopenblas0 libopenjp2-7 libosmesa6 libquadmath0 librdkafka-dev librdmacm-dev librdmacm1 "
    "libsasl2-modules libsnappy-dev libsnappy1v5 libspatialindex-dev libspdlog-dev libssl-dev libtcl8.6 "
    "libturbojpeg0-dev libusb-1.0-0 libuv1-dev libv4l-dev libwebp-dev libx264-dev libxau6 libxcb1 libxcb1-dev "
    "libxdmcp6 libxml2 lld locales locales-all lsb-release lsof make man-db mandoc manpages manpages-dev mediainfo "
    "nano nasm net-tools netcat-openbsd netcat-traditional nginx ninja-build numactl opencl-headers openssl "
    "p7zip-full pandoc patch patchelf pciutils perftest perl pigz pkg-config procps psmisc rapidjson-dev rdma-core "
    "rdmacm-utils redis-server redis-tools rsync ruby screen sqlite3 strace sudo swig telnet tini tmux tree tzdata "
    "unzip util-linux uuid-runtime vim wget xz-utils yasm zip zstd "
)
"""Packages of which it is known that they bring none of the libraries and programs above."""

BASES = (
    BaseLibraries("ubuntu", "", ""),
    BaseLibraries("debian", "", ""),
    BaseLibraries("python", "slim", "libexpat.so.1"),
    BaseLibraries("python", "full", "libgthread-2.0.so.0 libgomp.so.1 libexpat.so.1 libX11.so.6 libXext.so.6 libXrender.so.1 libSM.so.6 libpq.so.5 libcairo.so.2 libpango-1.0.so.0 libmagic.so.1"),
    BaseLibraries("nvidia/cuda", "base runtime cudnn-runtime", ""),
    BaseLibraries("pytorch/pytorch", "", "", "libGL.so.1 libgthread-2.0.so.0"),
)
# fmt: on
"""Of nvidia/cuda the devel images are left out: what their profiler brings along is not known."""


def needs(package: str) -> tuple[Need, ...]:
    """What the releases of a package need from the image; empty when nothing is known."""
    return tuple(row for row in NEEDS if row.package == package)


@lru_cache(maxsize=4096)
def library(soname: str) -> Library | None:
    """The system packages that bring a shared library; None when it is not in the table."""
    return next((row for row in LIBRARIES if row.soname == soname), None)


def is_plain(name: str) -> bool:
    """Whether a system package is known to bring none of the libraries and programs of the tables."""
    return name in PLAIN.split()


@lru_cache(maxsize=4096)
def program(name: str) -> Program | None:
    """The system packages that bring a program; None when it is not in the table."""
    return next((row for row in PROGRAMS if row.name == name), None)


def base(family: str, flavour: str | None) -> BaseLibraries | None:
    """What is known of the libraries of a base image; None when nothing is."""
    rows = (row for row in BASES if row.family == family)
    return next((row for row in rows if not row.flavours or flavour in row.flavours.split()), None)
