"""apt, apk, dnf and their relatives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.packages.dispatch import installs
from mllint.shell.command import Command

Reader = Callable[..., Command]


@pytest.mark.parametrize(
    ("text", "manager", "subcommand", "adds", "requirements"),
    [
        ("apt-get install -y curl git", "apt", "install", True, ["curl", "git"]),
        ("apt-get -y -qq install curl", "apt", "install", True, ["curl"]),
        ("apt-get -yqq --no-install-recommends install curl", "apt", "install", True, ["curl"]),
        ("apt install curl", "apt", "install", True, ["curl"]),
        ("aptitude install curl", "apt", "install", True, ["curl"]),
        ("apt-get -o Acquire::Retries=3 install -t bookworm-backports curl", "apt", "install", True, ["curl"]),
        ("apt-get install -t=bookworm-backports curl", "apt", "install", True, ["curl"]),
        ("apt-get install -f -y ./a.deb", "apt", "install", True, ["./a.deb"]),
        ("apt-get install -y -f", "apt", "install", True, []),
        ("apt-get install -y vim- curl", "apt", "install", True, ["curl"]),
        ("apt-get install g++ libstdc++6", "apt", "install", True, ["g++", "libstdc++6"]),
        ("apt-get update", "apt", "update", False, []),
        ("apt-get -qq update -y", "apt", "update", False, []),
        ("apt-get upgrade -y", "apt", "upgrade", True, []),
        ("apt-get dist-upgrade", "apt", "dist-upgrade", True, []),
        ("apt-get clean", "apt", "clean", False, []),
        ("apt-get purge -y --auto-remove gcc", "apt", "purge", False, ["gcc"]),
        ("apt-get install --download-only curl", "apt", "install", False, ["curl"]),
        ("apt-get install -s curl", "apt", "install", False, ["curl"]),
        ("apk add --no-cache curl", "apk", "add", True, ["curl"]),
        ("apk --no-cache --virtual .deps add gcc", "apk", "add", True, ["gcc"]),
        ("apk add -t .deps -X https://x.example gcc !vim", "apk", "add", True, ["gcc"]),
        ("apk update", "apk", "update", False, []),
        ("apk upgrade", "apk", "upgrade", True, []),
        ("apk del gcc", "apk", "del", False, ["gcc"]),
        ("yum -y install curl", "yum", "install", True, ["curl"]),
        ("yum install -y --enablerepo epel curl", "yum", "install", True, ["curl"]),
        ("dnf install -y --setopt=install_weak_deps=False curl @core", "dnf", "install", True, ["curl"]),
        ("dnf update -y", "dnf", "update", True, []),
        ("dnf clean all", "dnf", "clean", False, []),
        ("dnf group install -y 'Development Tools' core", "dnf", "group install", True, []),
        ("yum groupinstall -y core", "yum", "groupinstall", True, []),
        ("dnf -y module enable nodejs:18", "dnf", "module enable", False, []),
        ("apt-get -q=2 install curl", "apt", "install", True, ["curl"]),
        ("microdnf install curl", "microdnf", "install", True, ["curl"]),
        ("tdnf install -y curl", "tdnf", "install", True, ["curl"]),
        ("zypper -n install -y curl", "zypper", "install", True, ["curl"]),
        ("zypper --non-interactive in curl", "zypper", "install", True, ["curl"]),
        ("zypper ref", "zypper", "refresh", False, []),
        ("zypper clean -a", "zypper", "clean", False, []),
    ],
)
def test_subcommands(
    command: Reader, text: str, manager: str, subcommand: str, adds: bool, requirements: list[str]
) -> None:
    install = installs(command(text))
    assert install is not None
    assert (install.manager, install.subcommand, install.adds) == (manager, subcommand, adds)
    assert [one.span.text for one in install.requirements] == requirements
    assert install.ecosystem == "system"
    assert not install.incomplete


@pytest.mark.parametrize(
    "text", ["apt-get", "apt-get --version", "apt-mark hold x", "apt-get $X curl", "apt-key add -"]
)
def test_what_is_no_install(command: Reader, text: str) -> None:
    assert installs(command(text)) is None


@pytest.mark.parametrize(
    ("text", "name", "specifier", "version", "pinned"),
    [
        ("apt-get install curl", "curl", "", None, False),
        (
            "apt-get install libcudnn8=8.9.2.26-1+cuda12.1",
            "libcudnn8",
            "=8.9.2.26-1+cuda12.1",
            "8.9.2.26-1+cuda12.1",
            True,
        ),
        ("apt-get install libcudnn8=${CUDNN}", "libcudnn8", "=${CUDNN}", None, True),
        ("apt-get install 'libcudnn8=8.9.*'", "libcudnn8", "=8.9.*", None, True),
        ("apt-get install git:amd64=1:2.40.1-1", "git", "=1:2.40.1-1", "1:2.40.1-1", True),
        ("apt-get install curl/bookworm-backports", "curl", "", None, False),
        ("apt-get install nvidia-driver-535", "nvidia-driver-535", "", None, False),
        ("apt-get install 'libcudnn*'", "libcudnn*", "", None, False),
        ("apk add python3=3.11.6-r0", "python3", "=3.11.6-r0", "3.11.6-r0", True),
        ("apk add 'python3~=3.11'", "python3", "~=3.11", None, False),
        ("apk add 'python3=~3.11'", "python3", "=~3.11", None, True),
        ("apk add 'python3>3'", "python3", ">3", None, False),
        ("apk add curl@edge", "curl", "", None, False),
        ("yum install cuda-toolkit-12-4", "cuda-toolkit-12-4", "", None, False),
        ("dnf install cuda-cudart-12-4-12.4.127-1", "cuda-cudart-12-4", "-12.4.127-1", "12.4.127-1", True),
        ("dnf install git-2.43.0-1.el9.x86_64", "git", "-2.43.0-1.el9", "2.43.0-1.el9", True),
        ("dnf install java-1.8.0-openjdk", "java-1.8.0-openjdk", "", None, False),
        ("dnf install python3.11", "python3.11", "", None, False),
        ("dnf install gcc-toolset-11", "gcc-toolset-11", "", None, False),
        ("zypper in 'git>=2'", "git", ">=2", None, False),
        ("zypper in git=2.43", "git", "=2.43", "2.43", True),
    ],
)
def test_versions(command: Reader, text: str, name: str, specifier: str, version: str | None, pinned: bool) -> None:
    install = installs(command(text))
    assert install is not None
    (found,) = install.requirements
    assert (found.name, found.specifier, found.version, found.pinned) == (name, specifier, version, pinned)


@pytest.mark.parametrize(
    ("word", "name", "kind"),
    [
        ("./Cuda-Repo_12.4_amd64.deb", "cuda-repo", "path"),
        ("/tmp/a.deb", None, "path"),
        ("a_1.deb", "a", "path"),
        ("https://x.example/a.rpm", None, "url"),
        ("/tmp/$FILE", None, "path"),
    ],
)
def test_package_files(command: Reader, word: str, name: str | None, kind: str) -> None:
    install = installs(command(f"apt-get install -y {word}"))
    assert install is not None
    (found,) = install.requirements
    assert (found.name, found.kind, found.url) == (name, kind, word)


@pytest.mark.parametrize("word", ["$PACKAGES", "cuda-toolkit-$CUDA", "$(cat packages)"])
def test_unknown_packages(command: Reader, word: str) -> None:
    install = installs(command(f"apt-get install -y curl {word}"))
    assert install is not None
    assert install.incomplete
    assert [one.name for one in install.requirements] == ["curl"]


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        ("--no-install-recommends", True),
        ("-o APT::Install-Recommends=false", True),
        ("-oAPT::Install-Recommends=0", True),
        ("--option='APT::Install-Recommends=no'", True),
        ("-o APT::Install-Recommends=true", False),
        ("-y", False),
    ],
)
def test_recommends(command: Reader, arguments: str, without: bool) -> None:
    install = installs(command(f"apt-get install {arguments} curl"))
    assert install is not None
    assert ("--no-install-recommends" in install.options) is without


def test_option_names_are_long(command: Reader) -> None:
    install = installs(command("apt-get --assume-yes install -qq curl"))
    assert install is not None
    assert install.options == {"--yes", "--quiet"}
