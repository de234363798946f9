# ruff: noqa: E501
"""Names that no longer install, or are something else: projects of the package index, apt packages, commands."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SOURCE = (
    "the projects themselves, installed with pip 26.3 on 2026-11-21",
    "package lists of Debian 12, 2026-11 (which apt packages it has)",
    "reports on Ubuntu 20.04 and 24.04 and Debian 13: python-pip (mhn issue 810), libgl1-mesa-glx (text-extract-api issue 126)",
    "reports on them: python3-distutils (rauc/meta-rauc issue 384), openjdk-17 (debmatic issue 417), apt-key (appimage-builder issue 372)",
    "wheels of huggingface_hub, transformers, notebook, poetry and bentoml before and after (commands, options)",
)
CHECKED = "2026-11-21"
HORIZON = "2026-11-21"


class Project(NamedTuple):
    """A name on the package index; `since` is the first release that is so, "" for all of them.

    `kind`: "fails" (pip stops), "empty" (a shell that installs nothing of use), "other-project" (not what one thinks),
    "import-name" (no such project: it is the name to import), "deprecated" (an alias that still works), "unresolved"
    (it requires what the index does not have).
    """

    name: str
    kind: str
    replacement: str
    since: str = ""
    why: str = ""
    sure: bool = True


class SystemPackage(NamedTuple):
    """An apt package that a release no longer has: the first Ubuntu and Debian without it, "" where it is still there.

    `sure_ubuntu` and `sure_debian` are false where the release is recalled.
    """

    name: str
    replacement: str
    """"" when nothing takes its place."""
    ubuntu: str = ""
    debian: str = ""
    why: str = ""
    sure_ubuntu: bool = False
    sure_debian: bool = False


class Command(NamedTuple):
    """A command, or a command with an option, that a package's later releases no longer have."""

    words: str
    package: str
    gone_in: str
    """The first release without it; "" when it still works."""
    replacement: str
    why: str = ""
    ecosystem: str = "python"
    sure: bool = True


# fmt: off
PROJECTS = (
    Project("tensorflow-gpu", "fails", "tensorflow[and-cuda]", "2.12.0", "its last release is a stub whose setup.py raises"),
    Project("tf-nightly-gpu", "fails", "tf-nightly[and-cuda]", "", "its last release is a stub whose setup.py raises", False),
    Project("sklearn", "fails", "scikit-learn", "0.0.post1", "a deprecated alias whose setup.py raises"),
    Project("skimage", "fails", "scikit-image", "", "a placeholder whose setup.py raises"),
    Project("pytorch", "fails", "torch", "", "a placeholder whose setup.py raises: The package named for PyTorch is \"torch\""),
    Project("nvidia-pyindex", "fails", "--extra-index-url https://pypi.nvidia.com", "", "its setup.py needs pip inside the isolated build and raises; NVIDIA's wheels are on the package index or on pypi.nvidia.com"),
    Project("nvidia-tensorrt", "empty", "tensorrt", "99.0.0", "a placeholder for the old name of tensorrt"),
    Project("nvidia-cublas-cu13", "fails", "nvidia-cublas", "", "a placeholder whose setup.py raises: CUDA 13's wheels have no suffix"),
    Project("nvidia-cuda-runtime-cu13", "fails", "nvidia-cuda-runtime", "", "a placeholder whose setup.py raises: CUDA 13's wheels have no suffix"),
    Project("nvidia-cuda-nvrtc-cu13", "fails", "nvidia-cuda-nvrtc", "", "a placeholder whose setup.py raises: CUDA 13's wheels have no suffix", False),
    Project("fbprophet", "fails", "prophet", "", "the old name of prophet; its setup.py imports pkg_resources, which current setuptools no longer has"),
    Project("opencv", "import-name", "opencv-python-headless", "", "no project of that name"),
    Project("cv2", "import-name", "opencv-python-headless", "", "the name to import, not a project"),
    Project("pil", "import-name", "pillow", "", "the name to import; nothing of that name can be installed"),
    Project("yaml", "import-name", "pyyaml", "", "the name to import, not a project"),
    Project("faiss", "import-name", "faiss-cpu", "", "no release that installs on a current Python"),
    Project("apex", "other-project", "git+https://github.com/NVIDIA/apex", "", "another project: NVIDIA Apex is installed from its repository"),
    Project("detectron2", "import-name", "git+https://github.com/facebookresearch/detectron2", "", "not on the package index: it is installed from its repository"),
    Project("mlc-llm", "import-name", "the wheels on mlc.ai", "", "not on the package index"),
    Project("pynvml", "deprecated", "nvidia-ml-py", "", "a wrapper around nvidia-ml-py", False),
    Project("bs4", "deprecated", "beautifulsoup4", "", "an alias of beautifulsoup4", False),
    Project("dotenv", "deprecated", "python-dotenv", "", "an alias of python-dotenv", False),
    Project("gym", "deprecated", "gymnasium", "", "unmaintained since 2022", False),
    Project("pytorch-transformers", "deprecated", "transformers", "", "the name of transformers before 2.0", False),
    Project("pytorch-pretrained-bert", "deprecated", "transformers", "", "the name of transformers before 1.0", False),
    Project("tensorflow-addons", "deprecated", "", "", "ended in May 2024; its last release is for TensorFlow 2.15", False),
)
# fmt: on

UNRESOLVED = (
    Project(
        "tensorflow[and-cuda]==2.15.0",
        "unresolved",
        "tensorflow[and-cuda]==2.15.1",
        "",
        "its extra requires tensorrt-libs 8.6.1, which the package index does not have",
    ),
)
"""Requirements with an extra, by their version, that no resolution on the package index alone can meet.

What they lack is on their owner's index (metadata of the wheels, 2026-11-20).
"""

# fmt: off
SYSTEM_PACKAGES = (
    SystemPackage("libgl1-mesa-glx", "libgl1", "24.04", "13", "a transitional package that was dropped", True, True),
    SystemPackage("python-pip", "python3-pip", "20.04", "12", "Python 2's", True, True),
    SystemPackage("python3-distutils", "python3-setuptools", "24.04", "13", "Python 3.12 has no distutils", True, True),
    SystemPackage("python", "python3", "20.04", "12", "Python 2's; python-is-python3 brings the command `python`", sure_debian=True),
    SystemPackage("python-dev", "python3-dev", "22.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("python-setuptools", "python3-setuptools", "22.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("python-wheel", "python3-wheel", "20.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("python-virtualenv", "python3-virtualenv", "20.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("python-numpy", "python3-numpy", "22.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("python-tk", "python3-tk", "22.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("python-six", "python3-six", "22.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("python-opencv", "python3-opencv", "20.04", "12", "Python 2's", sure_debian=True),
    SystemPackage("libasound2", "libasound2t64", "24.04", "", "a virtual name with two providers, between which apt doesn't choose"),
    SystemPackage("libssl1.1", "libssl3", "22.04", "12", sure_debian=True),
    SystemPackage("libssl1.0.0", "libssl3", "20.04", "9"),
    SystemPackage("libffi7", "libffi8", "22.04", "12", sure_debian=True),
    SystemPackage("libffi6", "libffi8", "20.04", "12", sure_debian=True),
    SystemPackage("libtiff5", "libtiff6", "24.04", "12", sure_debian=True),
    SystemPackage("libwebp6", "libwebp7", "22.04", "12", sure_debian=True),
    SystemPackage("libjasper-dev", "", "18.04", "12", "JasPer was dropped; OpenCV builds without it", sure_debian=True),
    SystemPackage("libjasper1", "", "18.04", "12", "JasPer was dropped"),
    SystemPackage("libpng12-0", "libpng16-16", "18.04", "12", sure_debian=True),
    SystemPackage("libpng12-dev", "libpng-dev", "18.04", "12"),
    SystemPackage("libdc1394-22-dev", "libdc1394-dev", "22.04", "12", sure_debian=True),
    SystemPackage("libreadline7", "libreadline8", "20.04", "12", sure_debian=True),
    SystemPackage("libcurl3", "libcurl4", "20.04", "12", sure_debian=True),
    SystemPackage("libav-tools", "ffmpeg", "18.04", "12", sure_debian=True),
    SystemPackage("libopenblas-base", "libopenblas0", "22.04", "12", sure_debian=True),
    SystemPackage("libenchant1c2a", "libenchant-2-2", "22.04", "12", sure_debian=True),
    SystemPackage("ttf-dejavu", "fonts-dejavu", "20.04", "12", sure_debian=True),
    SystemPackage("qt5-default", "qtbase5-dev", "22.04", "12", sure_debian=True),
    SystemPackage("netcat", "netcat-openbsd", "24.04", "12", "a virtual name with two providers, between which apt doesn't choose", sure_debian=True),
    SystemPackage("libmysqlclient-dev", "default-libmysqlclient-dev", "", "12", "MySQL's own library is not in Debian", sure_debian=True),
    SystemPackage("mysql-client", "default-mysql-client", "", "12", "MySQL's own client is not in Debian", sure_debian=True),
    SystemPackage("openjdk-8-jdk", "default-jdk", "", "12", sure_debian=True),
    SystemPackage("openjdk-8-jdk-headless", "default-jdk-headless", "", "12", sure_debian=True),
    SystemPackage("openjdk-8-jre", "default-jre", "", "12", sure_debian=True),
    SystemPackage("openjdk-8-jre-headless", "default-jre-headless", "", "12", sure_debian=True),
    SystemPackage("openjdk-11-jdk", "openjdk-17-jdk", "", "12", "Debian 12 has Java 17, Debian 13 has Java 21", sure_debian=True),
    SystemPackage("openjdk-11-jdk-headless", "openjdk-17-jdk-headless", "", "12", "Debian 12 has Java 17, Debian 13 has Java 21", sure_debian=True),
    SystemPackage("openjdk-11-jre", "openjdk-17-jre", "", "12", "Debian 12 has Java 17, Debian 13 has Java 21", sure_debian=True),
    SystemPackage("openjdk-11-jre-headless", "openjdk-17-jre-headless", "", "12", "Debian 12 has Java 17, Debian 13 has Java 21", sure_debian=True),
    SystemPackage("openjdk-17-jdk", "openjdk-21-jdk", "", "13", "Debian 13 has Java 21", sure_debian=True),
    SystemPackage("openjdk-17-jdk-headless", "openjdk-21-jdk-headless", "", "13", "Debian 13 has Java 21", sure_debian=True),
    SystemPackage("openjdk-17-jre", "openjdk-21-jre", "", "13", "Debian 13 has Java 21", sure_debian=True),
    SystemPackage("openjdk-17-jre-headless", "openjdk-21-jre-headless", "", "13", "Debian 13 has Java 21", sure_debian=True),
    SystemPackage("software-properties-common", "", "", "13", "Debian has no PPAs: add-apt-repository is gone"),
    SystemPackage("libatlas-base-dev", "libopenblas-dev", "", "13", "ATLAS was dropped"),
    SystemPackage("libgconf-2-4", "", "24.04", "13", "GConf was dropped"),
    SystemPackage("libtinfo5", "libtinfo6", "24.04", "13"),
    SystemPackage("libncurses5", "libncurses6", "24.04", "13"),
)
# fmt: on
"""Where Debian 12 is the release, an earlier one may have been without it too: "" and older releases are not claims."""

# fmt: off
COMMANDS = (
    Command("huggingface-cli", "huggingface-hub", "1.0.0", "hf", "huggingface_hub 1.0 took `huggingface-cli` away"),
    Command("transformers-cli", "transformers", "5.0.0", "transformers", "transformers 5 took `transformers-cli` away"),
    Command("jupyter nbextension", "notebook", "7.0.0", "", "Notebook 7 has no nbextensions: JupyterLab extensions come ready with their package"),
    Command("jupyter serverextension", "notebook", "7.0.0", "jupyter server extension", "Notebook 7 has no `jupyter serverextension`: the server's is `jupyter server extension`"),
    Command("jupyter bundlerextension", "notebook", "7.0.0", "", "Notebook 7 has no bundler extensions"),
    Command("poetry install --no-dev", "poetry", "2.0.0", "poetry install --without dev", "Poetry 2 has no `--no-dev` and stops: The option \"--no-dev\" does not exist"),
    Command("poetry lock --no-update", "poetry", "2.0.0", "poetry lock", "Poetry 2 has no `--no-update`: `poetry lock` keeps versions by itself"),
    Command("spacy link", "spacy", "3.0.0", "", "spaCy 3 has no shortcut links: load a model by its full name", sure=False),
    Command("dvc run", "dvc", "3.0.0", "dvc stage add --run", "DVC 3 has no `dvc run`", sure=False),
    Command("prefect orion", "prefect", "2.8.0", "prefect server", "Orion became `prefect server`", sure=False),
    Command("prefect agent", "prefect", "3.0.0", "prefect worker", "Prefect 3 has workers, no agents", sure=False),
    Command("airflow initdb", "apache-airflow", "2.0.0", "airflow db migrate", sure=False),
    Command("airflow db init", "apache-airflow", "3.0.0", "airflow db migrate", sure=False),
    Command("airflow webserver", "apache-airflow", "3.0.0", "airflow api-server", sure=False),
    Command("apt-key", "apt", "2.9.19", "a keyring in /etc/apt/keyrings with `signed-by`", "Debian 13 has no `apt-key`", "system"),
    Command("bentoml serve --production", "bentoml", "", "bentoml serve", "production is the default since 1.0: the option is still accepted, and does nothing"),
)
# fmt: on
"""Sure rows were looked up in the wheels before and after: entry points, and the options of Poetry 1.8.5 and 2.5.1."""


@lru_cache(maxsize=4096)
def project(name: str) -> Project | None:
    """What is known of a name on the package index; None when nothing is wrong with it that the table knows."""
    return next((row for row in PROJECTS if row.name == name), None)


@lru_cache(maxsize=4096)
def system_package(name: str) -> SystemPackage | None:
    """What is known of an apt package that some release no longer has; None for other packages."""
    return next((row for row in SYSTEM_PACKAGES if row.name == name), None)


@lru_cache(maxsize=4096)
def command(words: str) -> Command | None:
    """What is known of a command ("huggingface-cli"); None when the table doesn't have it."""
    return next((row for row in COMMANDS if row.words == words), None)
