# ruff: noqa: E501
"""hadolint's rules that a rule of mllint corresponds to, by hadolint's code."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "hadolint 2.15.1: README.md, src/Hadolint/Rule/DL*.hs and src/Hadolint/Config/Configfile.hs at 8f936c5e975d (2026-08-07)",
    "https://github.com/hadolint/hadolint/wiki: one page for each code",
)
CHECKED = "2026-11-21"


class Correspondence(NamedTuple):
    """A code of hadolint, what it reports in our words, and the rule of mllint that its ignore comments hold for.

    `same` says that whoever leaves the code out for all files means our rule by it. Where it is false the two only meet:
    a comment on one instruction holds for both, and a configuration says nothing about ours.
    """

    code: str
    reports: str
    rule: str
    same: bool = True


RULES = (
    Correspondence("DL3002", "the last USER of a stage is root", "ML501"),
    # Every `cd` in a RUN, also one that works as it is meant.
    Correspondence("DL3003", "a RUN changes the folder by cd", "ML610", same=False),
    Correspondence("DL3006", "a base image without a tag", "ML101"),
    Correspondence("DL3007", "a base image with the tag latest", "ML101"),
    Correspondence("DL3009", "apt's package lists stay in the layer", "ML602"),
    # Style: ADD in place of COPY and tar. That the archive stays is another matter.
    Correspondence("DL3010", "an archive that is copied and then unpacked", "ML608", same=False),
    Correspondence("DL3013", "pip installs a package without a version", "ML201"),
    Correspondence("DL3015", "apt-get installs what packages recommend", "ML604"),
    Correspondence("DL3019", "apk's cache stays in the layer", "ML602"),
    Correspondence("DL3025", "CMD or ENTRYPOINT in shell form", "ML505"),
    Correspondence("DL3032", "yum's cache stays in the layer", "ML602"),
    Correspondence("DL3036", "zypper's cache stays in the layer", "ML602"),
    Correspondence("DL3040", "dnf's cache stays in the layer", "ML602"),
    Correspondence("DL3042", "pip keeps its download cache", "ML205"),
    Correspondence("DL3057", "an image without a HEALTHCHECK", "ML503"),
    # By the names of variables alone; ours is about values, and says where they can be read.
    Correspondence("DL3064", "an ARG or ENV whose name says that it is secret", "ML404", same=False),
)
