"""conda, mamba, micromamba and pixi."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.packages.dispatch import installs
from mllint.shell.command import Command

Reader = Callable[..., Command]


@pytest.mark.parametrize(
    ("text", "manager", "subcommand", "requirements", "files"),
    [
        ("conda install -y numpy", "conda", "install", ["numpy"], []),
        ("conda install -yq numpy=1.26", "conda", "install", ["numpy=1.26"], []),
        ("/opt/conda/bin/conda install --yes numpy", "conda", "install", ["numpy"], []),
        ("conda create -yn env python=3.11 numpy", "conda", "create", ["python=3.11", "numpy"], []),
        ("conda install -n base -c conda-forge 'python>=3.9'", "conda", "install", ["python>=3.9"], []),
        ("conda install --file a.txt --file=b.txt", "conda", "install", [], ["a.txt", "b.txt"]),
        ("conda env create -f environment.yml", "conda", "env create", [], ["environment.yml"]),
        ("conda env update -n base --file environment.yml", "conda", "env update", [], ["environment.yml"]),
        ("conda update -n base conda", "conda", "update", ["conda"], []),
        ("mamba install -y numpy", "mamba", "install", ["numpy"], []),
        ("mamba env create -p /env -f e.yml", "mamba", "env create", [], ["e.yml"]),
        ("micromamba install -y -n base -f /tmp/env.yaml", "micromamba", "install", [], ["/tmp/env.yaml"]),
        ("micromamba -r /opt create -n x numpy", "micromamba", "create", ["numpy"], []),
        ("micromamba -n base install numpy", "micromamba", "install", ["numpy"], []),
        ("pixi install --frozen -e prod", "pixi", "install", [], []),
        ("pixi add 'numpy>=1.2'", "pixi", "add", ["numpy>=1.2"], []),
        ("pixi global install -c conda-forge bat", "pixi", "global install", ["bat"], []),
    ],
)
def test_subcommands(
    command: Reader, text: str, manager: str, subcommand: str, requirements: list[str], files: list[str]
) -> None:
    install = installs(command(text))
    assert install is not None
    assert (install.manager, install.subcommand, install.adds, install.ecosystem) == (
        manager,
        subcommand,
        True,
        "conda",
    )
    assert [one.span.text for one in install.requirements] == requirements
    assert [word.value for word in install.files] == files
    assert not install.incomplete


@pytest.mark.parametrize(
    "text", ["conda clean -afy", "conda remove -y numpy", "mamba clean --all -f -y", "pixi clean cache"]
)
def test_cleaning_and_removing_adds_nothing(command: Reader, text: str) -> None:
    install = installs(command(text))
    assert install is not None
    assert not install.adds
    assert install.files == ()


def test_clean_knows_its_own_letters(command: Reader) -> None:
    install = installs(command("conda clean -afy"))
    assert install is not None
    assert install.options == {"--all", "--force-pkgs-dirs", "--yes"}


@pytest.mark.parametrize(
    "text",
    [
        "conda",
        "conda init bash",
        "conda config --add channels x",
        "conda activate x",
        "conda env list",
        "conda $X numpy",
    ],
)
def test_what_is_no_install(command: Reader, text: str) -> None:
    assert installs(command(text)) is None


@pytest.mark.parametrize(
    ("spec", "name", "specifier", "version", "pinned", "channel"),
    [
        ("numpy", "numpy", "", None, False, None),
        ("NumPy=1.26", "numpy", "=1.26", None, True, None),
        ("numpy=1", "numpy", "=1", None, False, None),
        ("numpy==1.26.4", "numpy", "==1.26.4", "1.26.4", True, None),
        ("numpy=1.26.4", "numpy", "=1.26.4", "1.26.4", True, None),
        ("numpy=1.26.4=py311_0", "numpy", "=1.26.4=py311_0", "1.26.4", True, None),
        ("pytorch=2.1.*=*cuda*", "pytorch", "=2.1.*=*cuda*", None, True, None),
        ("'numpy>=1.2,<2'", "numpy", ">=1.2,<2", None, False, None),
        ("'numpy 1.26.*'", "numpy", "1.26.*", None, True, None),
        ("'numpy 1.26.4 py311_0'", "numpy", "1.26.4 py311_0", "1.26.4", True, None),
        ("'numpy 2'", "numpy", "2", "2", True, None),
        ("pytorch::pytorch=2.1", "pytorch", "=2.1", None, True, "pytorch"),
        ("conda-forge/linux-64::numpy", "numpy", "", None, False, "conda-forge/linux-64"),
        ("\"numpy[version='>=1.2,<2',channel=conda-forge]\"", "numpy", ">=1.2,<2", None, False, "conda-forge"),
        ("_libgcc_mutex=0.1", "_libgcc_mutex", "=0.1", None, True, None),
        ("pytorch-cuda=${CUDA}", "pytorch-cuda", "=${CUDA}", None, True, None),
    ],
)
def test_specifications(
    command: Reader, spec: str, name: str, specifier: str, version: str | None, pinned: bool, channel: str | None
) -> None:
    install = installs(command(f"conda install {spec}"))
    assert install is not None
    (found,) = install.requirements
    assert (found.name, found.specifier, found.version, found.pinned, found.channel) == (
        name,
        specifier,
        version,
        pinned,
        channel,
    )
    assert found.ecosystem == "conda"


def test_package_files(command: Reader) -> None:
    install = installs(command("conda install /tmp/numpy-1.26.4-py311_0.conda https://x.example/a-b-1.0-0.tar.bz2"))
    assert install is not None
    assert [(one.name, one.kind) for one in install.requirements] == [("numpy", "path"), ("a-b", "url")]


def test_channels_prefixes_and_unknown_words(command: Reader) -> None:
    install = installs(command("mamba install -c nvidia -c=conda-forge --channel 'a' -n env numpy $MORE"))
    assert install is not None
    assert [(index.kind, index.value, index.span.text) for index in install.indexes] == [
        ("channel", "nvidia", "nvidia"),
        ("channel", "conda-forge", "conda-forge"),
        ("channel", "a", "a"),
    ]
    assert install.target is not None
    assert install.target.value == "env"
    assert install.incomplete


def test_pixi_takes_python_packages(command: Reader) -> None:
    install = installs(command("pixi add --pypi 'Torch[x]==2.1'"))
    assert install is not None
    assert [(one.name, one.ecosystem, one.version) for one in install.requirements] == [("torch", "python", "2.1")]


def test_conda_lock(command: Reader) -> None:
    install = installs(command("conda-lock install --no-dev -p /opt/env conda-lock.yml"))
    assert install is not None
    assert (install.manager, install.ecosystem, install.adds) == ("conda-lock", "conda", True)
    assert [word.value for word in install.files] == ["conda-lock.yml"]
    assert install.target is not None
    assert install.target.value == "/opt/env"
    assert "--no-dev" in install.options
    assert installs(command("conda-lock lock -f environment.yml")) is None
