"""What the images of operating systems and of Python itself hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from mllint.images.known import ImageFacts
from mllint.images.versions import numbers
from mllint.regex import regex

LOCAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PYTHON_PATH = f"/usr/local/bin:{LOCAL_PATH}"

# fmt: off
_TOOLS = frozenset({
    "python", "python3", "pip", "pip3", "curl", "wget", "git", "gcc", "g++", "make", "cmake", "nvcc", "conda", "mamba",
    "uv", "node", "npm", "java", "jupyter", "sudo", "unzip",
})
# fmt: on
"""What a bare Ubuntu or Debian image does not hold."""

_ALPINE_LACKS = (_TOOLS - {"wget", "unzip"}) | {"bash"}
_FULL = frozenset({"curl", "wget", "git", "gcc", "g++", "make", "unzip"})
_RPM = frozenset({"conda", "mamba", "uv", "node", "npm", "java", "jupyter", "nvcc"})

_SHELLS = {"ubuntu": "dash", "debian": "dash", "alpine": "busybox", "busybox": "busybox"}
_OFFICIAL = {
    name: name for name in ("ubuntu", "debian", "alpine", "centos", "rockylinux", "almalinux", "fedora", "amazonlinux")
}
_OTHER_HOMES = {
    "docker.io/rockylinux/rockylinux": "rockylinux",
    "quay.io/rockylinux/rockylinux": "rockylinux",
    "quay.io/almalinuxorg/almalinux": "almalinux",
    "docker.io/amd64/ubuntu": "ubuntu",
    "docker.io/arm64v8/ubuntu": "ubuntu",
    "docker.io/amd64/debian": "debian",
    "docker.io/arm64v8/debian": "debian",
    "public.ecr.aws/ubuntu/ubuntu": "ubuntu",
    "public.ecr.aws/debian/debian": "debian",
    "public.ecr.aws/amazonlinux/amazonlinux": "amazonlinux",
    "docker.io/opensuse/leap": "opensuse",
    "quay.io/centos/centos": "centos-stream",
}
#: What the images of pypa stand on, by the policy in their names (PEP 513, 571, 599; build.sh of pypa/manylinux).
_MANYLINUX = {
    "1": ("centos", "5"),
    "2010": ("centos", "6"),
    "2014": ("centos", "7"),
    "_2_28": ("almalinux", "8"),
    "_2_34": ("almalinux", "9"),
}
_MANYLINUX_NAME = regex(r"quay\.io/pypa/manylinux(_?[\d_]*\d)_(x86_64|i686|aarch64|ppc64le|s390x)")
_UBI = regex(
    r"registry\.(?:access\.redhat\.com|redhat\.io)/(?:ubi(\d+)(?:/(ubi[\w-]*|python-\d+(?:-minimal)?))?|rhel(\d+)(?:/.*)?)"
)


def shell_of(os: str | None) -> str | None:
    """What /bin/sh is on an operating system of the tables."""
    return None if os is None else _SHELLS.get(os, "bash")


def codename_of(os: str, version: str | None) -> str | None:
    """The code name of a release ("22.04" of "ubuntu" is "jammy"); None when there is none or it is not known."""
    from mllint.knowledge.os_releases import RELEASES

    return next((row.codename for row in RELEASES if row.os == os and row.version == version), None)


def release_of(os: str, word: str) -> str | None:
    """The version that a word of a tag names: a code name, or a version of that system; None when it names none."""
    from mllint.knowledge.os_releases import RELEASES

    for row in RELEASES:
        if row.os == os and word in (row.version, row.codename):
            return row.version
    match = re.fullmatch(r"\d+(?:\.\d+)*", word)
    if match is None:
        return None
    found = numbers(word)
    if os == "alpine":
        return f"{found[0]}.{found[1]}" if len(found) > 1 else None
    if os == "ubuntu":
        return word if re.fullmatch(r"\d\d\.\d\d", word) else None
    return word if os in ("opensuse", "amazonlinux") else str(found[0])


def system(name: str, tag: str | None) -> ImageFacts | None:
    """The facts of an operating system's or Python's own image, by its publisher's name; None for others."""
    if name == "docker.io/library/python":
        return _python(tag)
    if name == "public.ecr.aws/lambda/python":
        return _lambda(tag)
    if name == "docker.io/library/buildpack-deps":
        return _operating_system("debian", tag)._replace(lacks=frozenset(), ships=_FULL, python_commands=None)
    os = _OTHER_HOMES.get(name) or _OFFICIAL.get(name.removeprefix("docker.io/library/"))
    if os is not None:
        return _operating_system(os, tag)
    match = _UBI.fullmatch(name)
    if match is not None:
        return _ubi(match[1] or match[3], match[2] or "")
    match = _MANYLINUX_NAME.fullmatch(name)
    return _manylinux(match[1], match[2]) if match is not None else None


def _operating_system(os: str, tag: str | None) -> ImageFacts:
    word = (tag or "").split("-")[0].removeprefix("stream")
    if os == "centos" and (tag or "").startswith("stream"):
        os = "centos-stream"
    version = release_of(os, word.removeprefix("centos")) if tag else None
    bare = os in ("ubuntu", "debian", "alpine")
    lacks = _RPM if not bare else _ALPINE_LACKS if os == "alpine" else _TOOLS
    return ImageFacts(
        os,
        os=os,
        os_version=version,
        os_codename=codename_of(os, version),
        python_commands=frozenset() if bare else None,
        flavour="slim" if tag and "slim" in tag.split("-") else None,
        gpu="cpu",
        ships=frozenset({"wget"}) if os == "alpine" else frozenset(),
        lacks=lacks,
        user="root",
        env=MappingProxyType({"PATH": LOCAL_PATH}) if bare else MappingProxyType({}),
        env_names=frozenset({"PATH"}),
        env_complete=True,
        workdir="/",
        entrypoint=(),
        cmd=("/bin/sh",) if os == "alpine" else ("bash",) if os == "debian" else ("/bin/bash",),
        healthcheck=False,
        shell=shell_of(os),
        size_gb={"ubuntu": 0.03, "debian": 0.05, "alpine": 0.004}.get(os),
        doubtful=frozenset({"size_gb"} if bare else {"size_gb", "lacks", "cmd", "env_names", "env_complete"}),
    )


def _ubi(version: str, image: str) -> ImageFacts:
    python = re.fullmatch(r"python-(\d)(\d+)(?:-minimal)?", image)
    return ImageFacts(
        "ubi",
        os="rhel",
        os_version=version,
        python=f"{python[1]}.{python[2]}" if python else None,
        ships=frozenset({"python3", "pip"}) if python else frozenset(),
        user="1001" if python else "root",
        gpu="cpu",
        healthcheck=False,
        shell="bash",
        sure=False,
    )


def _manylinux(policy: str, architecture: str) -> ImageFacts | None:
    """The images that wheels are built in. Their sources of CentOS packages point to its archive since July 2024."""
    os, version = _MANYLINUX.get(policy, ("", ""))
    old = os == "centos"
    if not os or (old and architecture == "s390x"):
        return None
    return ImageFacts(
        f"quay.io/pypa/manylinux{policy}_{architecture}",
        os=os,
        os_version=version,
        gpu="cpu",
        healthcheck=False,
        shell="bash",
        archived=old,
        successor=f"quay.io/pypa/manylinux_2_28_{architecture}" if old else None,
    )


def _python(tag: str | None) -> ImageFacts:
    words = (tag or "").split("-")
    version = words[0] if re.fullmatch(r"\d+\.\d+(?:\.\d+)?(?:(?:rc|a|b)\d+)?", words[0]) else None
    os, os_version, guessed = _python_base(words, version)
    flavour = "alpine" if os == "alpine" else "slim" if "slim" in words else "full"
    commands = frozenset({"python", "python3"} | ({f"python{'.'.join(version.split('.')[:2])}"} if version else set()))
    tools = {"full": _FULL, "alpine": frozenset({"wget"}), "slim": frozenset[str]()}[flavour]
    base = _ALPINE_LACKS if flavour == "alpine" else _TOOLS
    env = _python_env(version)
    names = frozenset(env) | {"PYTHON_VERSION", "PYTHON_SHA256", "GPG_KEY"}
    return ImageFacts(
        "python",
        os=os,
        os_version=os_version,
        os_codename=codename_of(os, os_version),
        python=version,
        python_commands=commands if tag is not None else None,
        gpu="cpu",
        flavour=flavour if tag is not None else None,
        ships=commands | {"pip", "pip3"} | tools,
        lacks=base - commands - {"pip", "pip3"} - tools if tag is not None else frozenset(),
        user="root",
        env=env,
        env_names=names if version else names | {"LANG"},
        env_complete=True,
        workdir="/",
        entrypoint=(),
        cmd=("python3",),
        healthcheck=False,
        shell=shell_of(os),
        size_gb={"full": 0.36, "slim": 0.045, "alpine": 0.02}[flavour] if tag is not None else None,
        doubtful=frozenset({"size_gb", "os_version", "os_codename"} if guessed else {"size_gb"}),
    )


def _python_env(version: str | None) -> Mapping[str, str]:
    """What the Dockerfiles of docker-library/python set: LANG went away with Python 3.13."""
    env = {"PATH": _PYTHON_PATH}
    found = numbers(version or "")
    if found and found < (3, 13):
        env["LANG"] = "C.UTF-8"
    if len(found) == 3 and version is not None:
        env["PYTHON_VERSION"] = version
    return MappingProxyType(env)


def _python_base(words: list[str], version: str | None) -> tuple[str, str | None, bool]:
    """The system under a `python` tag, its version, and whether that version is inferred from the tag's silence."""
    from mllint.knowledge.python_releases import DEFAULT_DEBIAN

    for word in words[1:] if version else words:
        if word.startswith("alpine"):
            return "alpine", release_of("alpine", word.removeprefix("alpine")), False
        found = release_of("debian", word) if word.isalpha() else None
        if found:
            return "debian", found, False
    if version is None:
        return "debian", None, True
    default = next(debian for last, debian in DEFAULT_DEBIAN if not last or numbers(version)[:2] <= numbers(last))
    # A point release stands still on what was the default of its day, which the name does not tell.
    return "debian", default if len(numbers(version)) == 2 else None, True


def _lambda(tag: str | None) -> ImageFacts:
    version = tag if tag and re.fullmatch(r"\d+\.\d+", tag) else None
    new = version is not None and numbers(version) >= (3, 12)
    return ImageFacts(
        "public.ecr.aws/lambda/python",
        os="amazonlinux",
        os_version=None if version is None else "2023" if new else "2",
        python=version,
        python_commands=frozenset({"python", "python3"}),
        gpu="cpu",
        ships=frozenset({"python", "python3", "pip"}),
        workdir="/var/task",
        entrypoint=("/lambda-entrypoint.sh",),
        healthcheck=False,
        shell="bash",
        sure=False,
        note="AWS Lambda runs the function as a user of its own.",
    )
