"""What a command downloads: weights, the data of text libraries, datasets. Nothing is run, nothing is fetched."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from mllint.semantic.weights import known_size
from mllint.shell.command import Command
from mllint.source import Span

#: Programs that fetch no weights, whatever their words are. Most commands are of these, and need no further look.
OTHERS = frozenset(
    {
        "apt-get", "apt", "apt-key", "apk", "dpkg", "yum", "dnf", "microdnf", "zypper", "rpm", "add-apt-repository",
        "pip", "pip3", "rm", "rmdir", "mkdir", "cd", "pushd", "popd", "cp", "mv", "ln", "ls", "chmod", "chown",
        "chgrp", "touch", "cat", "tee", "head", "tail", "echo", "printf", "export", "set", "unset", "source", ".",
        "test", "[", "[[", "true", "false", ":", "exit", "sleep", "which", "grep", "sed", "awk", "find", "sort",
        "cut", "tr", "tar", "unzip", "gzip", "gunzip", "useradd", "usermod", "groupadd", "adduser", "addgroup", "su",
        "cmake", "ldconfig", "locale-gen", "update-alternatives", "gpg", "read", "shift", "local", "return", "wait",
        "kill",
    }
)  # fmt: skip

#: Programs that fetch what a URL names; `downloaders` reads their options.
FETCHERS = frozenset({"wget", "curl", "aria2c", "axel"})


class DownloadKind(Enum):
    """What is downloaded."""

    WEIGHTS = "weights"
    #: The data of spaCy, NLTK and the like: some megabytes.
    TEXT_DATA = "text data"
    DATASET = "dataset"


class Download(NamedTuple):
    """One download."""

    kind: DownloadKind
    #: The repository, URL or file as written; None when it is computed.
    subject: str | None
    #: Who does it: "wget", "hf download", "from_pretrained".
    tool: str
    #: The file or folder where it lands, as written; None where the tool's cache, or nothing, says it.
    target: str | None
    #: A key of `knowledge.downloads.CACHES` when the tool has a cache of its own, else "".
    cache: str
    span: Span
    #: False when it may be something else: a bucket's folder called `models`, an archive, a script by its name.
    sure: bool = True
    #: Whether it says which revision it wants (`--revision`, `revision=`, `owner/repo:ref` of torch.hub).
    pinned: bool = False

    @property
    def size(self) -> int | None:
        """About how many bytes, for well-known weights."""
        return known_size(self.subject, self.tool) if self.subject is not None else None


def command_downloads(command: Command, folder: str | None = None) -> tuple[Download, ...]:
    """What a command fetches; the Python that it may carry is read by `python_downloads`.

    `folder` is the one that it works in, which may say what a file is (`cd /models && wget …`).
    """
    if command.name in OTHERS:
        return ()
    from mllint.semantic.downloaders import downloads_of

    return downloads_of(command, folder)
