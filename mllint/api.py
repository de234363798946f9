"""What rules and plugins may use: everything here is stable, nothing else is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint import knowledge
from mllint.finding import Applicability, Confidence, Edit, Finding, Fix, Related, Severity, Unused
from mllint.images import tags
from mllint.images.known import ImageFacts
from mllint.images.reference import ImageReference, parse_reference
from mllint.packages.requirement import Index, Install, Requirement
from mllint.rule import Option, Rule
from mllint.semantic import weights
from mllint.semantic.apt_lists import AptLists, apt_lists
from mllint.semantic.apt_lists import Update as AptUpdate
from mllint.semantic.apt_lists import Use as AptUse
from mllint.semantic.baked import Baked
from mllint.semantic.build import Build
from mllint.semantic.downloads import DownloadKind
from mllint.semantic.fact import Fact, Origin, Variable
from mllint.semantic.fetches import Fetch
from mllint.semantic.files import made_files
from mllint.semantic.layers import (
    DOWNLOAD_CACHES,
    INSTALLERS,
    Cleared,
    DownloadCache,
    builders,
    canonical,
    clears,
    head_span,
    in_force,
    is_opaque,
    mounted,
    torch_versions,
    working_folders,
)
from mllint.semantic.places import Place, image_place, name_place, tag_place
from mllint.semantic.process import Process, Server
from mllint.semantic.role import Role, platform_of
from mllint.semantic.secret_commands import USER_PASSWORD, command_secrets
from mllint.semantic.secrets import Secret, Strength, assignments_in, is_secret_name, secrets_in, value_strength
from mllint.semantic.stage import Stage
from mllint.semantic.steps import CopyStep, InstallStep, Step
from mllint.semantic.wheels import WheelIndex, cuda_of_variant, local_variant, wheel_indexes
from mllint.shell.command import Assignment, Command, Redirect, Script, Word
from mllint.source import Position, Source, Span, Text
from mllint.syntax.nodes import (
    Arg,
    Cmd,
    Comment,
    Copy,
    Directive,
    Dockerfile,
    Entrypoint,
    Env,
    Exec,
    Flag,
    From,
    Healthcheck,
    Heredoc,
    Instruction,
    Label,
    Mount,
    Onbuild,
    Pair,
    Problem,
    Run,
    Shell,
    Words,
)

if TYPE_CHECKING:
    from mllint.images import drivers, siblings

#: Modules that few files need, loaded when a rule asks for them.
_ON_DEMAND = ("drivers", "siblings")


def __getattr__(name: str) -> object:
    if name in _ON_DEMAND:
        from importlib import import_module

        return import_module(f"mllint.images.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DOWNLOAD_CACHES",
    "INSTALLERS",
    "USER_PASSWORD",
    "Applicability",
    "AptLists",
    "AptUpdate",
    "AptUse",
    "Arg",
    "Assignment",
    "Baked",
    "Build",
    "Cleared",
    "Cmd",
    "Command",
    "Comment",
    "Confidence",
    "Copy",
    "CopyStep",
    "Directive",
    "Dockerfile",
    "DownloadCache",
    "DownloadKind",
    "Edit",
    "Entrypoint",
    "Env",
    "Exec",
    "Fact",
    "Fetch",
    "Finding",
    "Fix",
    "Flag",
    "From",
    "Healthcheck",
    "Heredoc",
    "ImageFacts",
    "ImageReference",
    "Index",
    "Install",
    "InstallStep",
    "Instruction",
    "Label",
    "Mount",
    "Onbuild",
    "Option",
    "Origin",
    "Pair",
    "Place",
    "Position",
    "Problem",
    "Process",
    "Redirect",
    "Related",
    "Requirement",
    "Role",
    "Rule",
    "Run",
    "Script",
    "Secret",
    "Server",
    "Severity",
    "Shell",
    "Source",
    "Span",
    "Stage",
    "Step",
    "Strength",
    "Text",
    "Unused",
    "Variable",
    "WheelIndex",
    "Word",
    "Words",
    "apt_lists",
    "assignments_in",
    "builders",
    "canonical",
    "clears",
    "command_secrets",
    "cuda_of_variant",
    "drivers",
    "head_span",
    "image_place",
    "in_force",
    "is_opaque",
    "is_secret_name",
    "knowledge",
    "local_variant",
    "made_files",
    "mounted",
    "name_place",
    "parse_reference",
    "platform_of",
    "secrets_in",
    "siblings",
    "tag_place",
    "tags",
    "torch_versions",
    "value_strength",
    "weights",
    "wheel_indexes",
    "working_folders",
]
