"""What notebook, conda, framework and serving images hold, and the deep-learning containers of AWS."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from mllint.images.known import ImageFacts
from mllint.images.names import is_deep_learning_container
from mllint.images.systems import codename_of, release_of, shell_of
from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.knowledge.framework_images import FrameworkImage

_INTERPRETER = regex(r"python[\d.]*")
_AWS_FRAMEWORKS = (("pytorch", "torch"), ("tensorflow", "tensorflow"), ("vllm", "vllm"), ("sglang", "sglang"))


def framework(name: str, tag: str | None) -> ImageFacts | None:
    """The facts of an image of the tables of frameworks, by its publisher's name; None when it is in none."""
    if is_deep_learning_container(name):
        return _aws(name.rpartition("/")[2], tag or "")
    row = _row(name)
    return _facts(row, tag or "") if row else None


def _row(name: str) -> FrameworkImage | None:
    """The row of the name itself, else the one with the longest prefix of it."""
    from mllint.knowledge.framework_images import IMAGES

    rows = [row for row in IMAGES if row.name == name or (row.name[-1] in "/-" and name.startswith(row.name))]
    return max(rows, key=lambda row: len(row.name), default=None)


def _facts(row: FrameworkImage, tag: str) -> ImageFacts:
    os, _, os_version = row.os.partition(" ")
    commands = frozenset(row.commands.split())
    lacks = frozenset(row.lacks.split())
    recalled = frozenset(row.recalled.split())
    env = dict(item.split("=", 1) for item in row.env.split())
    return ImageFacts(
        row.name,
        os=os or None,
        os_version=os_version or None,
        os_codename=codename_of(os, os_version),
        python=row.python or _python_in(tag),
        python_commands=_interpreters(commands, lacks),
        cuda=_cuda_in(tag),
        gpu=row.gpu,
        frameworks=((row.framework, _version_in(tag)),) if row.framework else (),
        ships=commands,
        lacks=lacks,
        user=row.user,
        env=MappingProxyType(env),
        env_names=frozenset(env),
        workdir=row.workdir,
        entrypoint=_entrypoint(row, tag),
        cmd=_words(row.cmd),
        healthcheck=row.healthcheck,
        ports=tuple(int(port) for port in row.ports.split()),
        shell=shell_of(os or None) if row.name != "docker.io/mambaorg/micromamba" else "bash",
        purpose=row.purpose,
        sure="*" not in recalled,
        doubtful=_doubts(recalled - {"*"}),
        note=row.note,
    )


def _doubts(recalled: frozenset[str]) -> frozenset[str]:
    """The fields of `ImageFacts` that recalled columns of the table fill."""
    columns = {
        "os": {"os", "os_version", "os_codename", "shell"},
        "commands": {"ships", "python_commands"},
        "env": {"env", "env_names"},
    }
    return frozenset(field for column in recalled for field in columns.get(column, {column}))


def _interpreters(commands: frozenset[str], lacks: frozenset[str]) -> frozenset[str] | None:
    """The Python commands among those that are there; the empty set when they are known to be missing."""
    found = frozenset(command for command in commands if _INTERPRETER.fullmatch(command))
    if found:
        return found
    return frozenset() if {"python", "python3"} <= lacks else None


def _entrypoint(row: FrameworkImage, tag: str) -> tuple[str, ...] | None:
    from mllint.knowledge.framework_images import LLAMA_SERVER

    name, start, program = LLAMA_SERVER
    return (program,) if row.name == name and tag.startswith(start) else _words(row.entrypoint)


def _words(text: str) -> tuple[str, ...] | None:
    """A command of the table: "" is unknown, "-" is none."""
    return None if not text else () if text == "-" else tuple(text.split())


def _python_in(tag: str) -> str | None:
    """The Python that a tag names: "py310", "py3.10", "python-3.11", "python3.11"."""
    match = re.search(r"(?:^|[-_.])py(?:thon)?-?(3)\.?(\d+(?:\.\d+)?)", tag)
    return f"{match[1]}.{match[2]}" if match else None


def _cuda_in(tag: str) -> str | None:
    """The CUDA that a tag names: "cu124", "cuda12.4.1", "cuda-12.4"; a major alone is not enough."""
    match = re.search(r"(?:^|[-_.])cu(?:da)?-?(?:(\d+\.\d+(?:\.\d+)?)|(\d\d)(\d))(?![\d.])", tag)
    if match is None:
        return None
    return match[1] or f"{match[2]}.{match[3]}"


def _version_in(tag: str) -> str | None:
    """The version that a tag starts with ("v0.8.4", "2.9.0-py310")."""
    match = re.match(r"v?(\d+\.\d+(?:\.\d+)*)", tag)
    return match[1] if match else None


def _aws(repository: str, tag: str) -> ImageFacts:
    from mllint.knowledge.aws_dlc import IMAGES

    row = next((row for row in IMAGES if row.repository == repository and row.tag == tag), None)
    suffix = re.search(r"(ubuntu|amzn)([\d.]+)", (row.os or "") if row else tag)
    os = {"ubuntu": "ubuntu", "amzn": "amazonlinux"}[suffix[1]] if suffix else None
    version = release_of(os, suffix[2]) if suffix and os else None
    package = next((name for word, name in _AWS_FRAMEWORKS if word in repository), None)
    release = row.version if row else _version_in(tag)
    cpu = row.accelerator == "cpu" if row else "-cpu" in tag
    cuda = row.cuda if row else _cuda_in(tag)
    return ImageFacts(
        repository,
        os=os,
        os_version=version,
        os_codename=codename_of(os, version) if os else None,
        python=row.python if row else _python_in(tag),
        python_commands=frozenset({"python", "python3"}),
        cuda=cuda,
        gpu="cuda" if cuda else "cpu" if cpu else None,
        frameworks=((package, release),) if package else (),
        ships=frozenset({"python", "python3", "pip"}),
        user="root",
        env=MappingProxyType({"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}),
        healthcheck=False,
        shell=shell_of(os),
        purpose="serving" if "inference" in repository or "server" in repository else "training",
        doubtful=frozenset({"env", "ships", "python_commands", "user", "healthcheck"}),
        note="A private registry: log in to ECR before the build." if row else "",
    )
