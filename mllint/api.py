"""What rules and plugins may use: everything here is stable, nothing else is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mllint import knowledge
from mllint.context import Context
from mllint.context import File as ContextFile
from mllint.finding import Applicability, Confidence, Edit, Finding, Fix, Related, Severity, Unused
from mllint.images import tags
from mllint.images.known import ImageFacts
from mllint.images.names import is_placeholder
from mllint.images.reference import ImageReference, parse_reference
from mllint.packages.manifest import Manifest
from mllint.packages.requirement import Index, Install, Requirement
from mllint.packages.requirement import Option as InstallOption
from mllint.packages.specifiers import allows, newest_allowed
from mllint.packages.specifiers import compare as compare_versions
from mllint.packages.version import clauses
from mllint.regex import regex
from mllint.rule import Option, Rule
from mllint.semantic import anaconda, weights
from mllint.semantic.absent_programs import AbsentUse, absent_at_start
from mllint.semantic.apt_lists import AptLists, apt_lists
from mllint.semantic.apt_lists import Update as AptUpdate
from mllint.semantic.apt_lists import Use as AptUse
from mllint.semantic.baked import Baked
from mllint.semantic.build import Build
from mllint.semantic.copied_pythons import Misplaced, misplaced_packages, moved_script
from mllint.semantic.deposit import Deposit, DepositKind
from mllint.semantic.deposits import Deposits, Removal, Rewrite, deposits
from mllint.semantic.downloads import DownloadKind
from mllint.semantic.environments import Environment
from mllint.semantic.fact import Fact, Origin, Variable
from mllint.semantic.failures import stops_build
from mllint.semantic.fetches import Fetch
from mllint.semantic.files import script_of
from mllint.semantic.gpu_calls import GpuCall, gpu_calls
from mllint.semantic.installations import Installation, ManifestUse, Wanted, torch_versions
from mllint.semantic.intake import Intake, Taken
from mllint.semantic.inventory import Change, Inventory, Package
from mllint.semantic.jupyter import Settings as JupyterSettings
from mllint.semantic.jupyter import settings_of as jupyter_settings
from mllint.semantic.layers import (
    DOWNLOAD_CACHES,
    INSTALLERS,
    Cleared,
    DownloadCache,
    appended,
    canonical,
    clears,
    head_span,
    in_force,
    is_opaque,
    mounted,
    working_folders,
)
from mllint.semantic.lost_effects import LostEffect, lost_effects
from mllint.semantic.managed_python import Refused as RefusedInstall
from mllint.semantic.managed_python import refused_installs
from mllint.semantic.missing_libraries import MissingLibrary, missing_libraries
from mllint.semantic.nvidia_key import StaleKey, stale_key
from mllint.semantic.pins import OpenInstall, is_held, open_installs
from mllint.semantic.pip_configuration import speaks_of_indexes
from mllint.semantic.places import Place, image_place, name_place, tag_place
from mllint.semantic.probes import Probe, ignores_errors, probe_of, request_words
from mllint.semantic.probes import setting as check_setting
from mllint.semantic.process import Process, Server, option_value
from mllint.semantic.python_code import Call as PythonCall
from mllint.semantic.python_code import calls as python_text_calls
from mllint.semantic.python_code import calls_of_source as python_calls
from mllint.semantic.redirected import LostSpecifier, lost_specifiers
from mllint.semantic.repositories import Clone, Revision, is_branch, repository_name
from mllint.semantic.retired import Gone as GonePackage
from mllint.semantic.retired import RetiredName, RetiredUse, adds_sources, gone_package, retired_in, retired_use
from mllint.semantic.role import Role, is_for_development, platform_of, trains
from mllint.semantic.secret_commands import USER_PASSWORD, command_secrets
from mllint.semantic.secrets import Secret, Strength, assignments_in, is_secret_name, secrets_in, value_strength
from mllint.semantic.sizes import added_bytes
from mllint.semantic.stage import Stage
from mllint.semantic.steps import CopyStep, InstallStep, Step, is_whole
from mllint.semantic.swallowed import Swallowed, swallowed_commands
from mllint.semantic.system_caches import fills_cache, kept_cache
from mllint.semantic.toolkits import toolkits
from mllint.semantic.wheels import (
    WheelIndex,
    best_variant,
    build_of_version,
    cuda_of_variant,
    image_cuda,
    wheel_indexes,
)
from mllint.semantic.writable import is_closed, is_unprivileged
from mllint.semantic.writes import made_files
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
    from mllint.images import drivers, gpus, siblings
    from mllint.semantic import (
        clutter,
        companions,
        compiling,
        doubled,
        extensions,
        hosts,
        loaded_libraries,
        numpy_abi,
        python_support,
        secret_files,
        unlisted,
    )  # fmt: skip
    from mllint.semantic.clutter import Clutter
    from mllint.semantic.downloaders import fetched_files
    from mllint.semantic.frameworks import Framework
    from mllint.semantic.gpu_evidence import GpuEvidence
    from mllint.semantic.hosts import CudaUse, LeastDriver
    from mllint.semantic.idle_cuda import self_sufficient
    from mllint.semantic.missing import Missing, missing_sources
    from mllint.semantic.python_support import Unsupported
    from mllint.semantic.sizes import LayerSize, wheel_size
    from mllint.semantic.stack import Stack
    from mllint.semantic.toolchain import Toolkit

#: What few files need, loaded when a rule asks for it: modules of `mllint.semantic`, and what other modules have.
_MODULES = (
    "clutter", "companions", "compiling", "doubled", "extensions", "hosts", "loaded_libraries", "numpy_abi",
    "python_support", "secret_files", "unlisted",
)  # fmt: skip
_ON_DEMAND = {
    **{name: f"mllint.semantic.{name}" for name in _MODULES},
    "Clutter": "mllint.semantic.clutter:Clutter",
    "CudaUse": "mllint.semantic.hosts:CudaUse",
    "Framework": "mllint.semantic.frameworks:Framework",
    "GpuEvidence": "mllint.semantic.gpu_evidence:GpuEvidence",
    "LayerSize": "mllint.semantic.sizes:LayerSize",
    "LeastDriver": "mllint.semantic.hosts:LeastDriver",
    "Missing": "mllint.semantic.missing:Missing",
    "Stack": "mllint.semantic.stack:Stack",
    "Toolkit": "mllint.semantic.toolchain:Toolkit",
    "Unsupported": "mllint.semantic.python_support:Unsupported",
    "drivers": "mllint.images.drivers",
    "fetched_files": "mllint.semantic.downloaders:fetched_files",
    "gpus": "mllint.images.gpus",
    "missing_sources": "mllint.semantic.missing:missing_sources",
    "self_sufficient": "mllint.semantic.idle_cuda:self_sufficient",
    "siblings": "mllint.images.siblings",
    "wheel_size": "mllint.semantic.sizes:wheel_size",
}


def __getattr__(name: str) -> object:
    if name in _ON_DEMAND:
        from importlib import import_module

        module, _, attribute = _ON_DEMAND[name].partition(":")
        found = import_module(module)
        return getattr(found, attribute) if attribute else found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DOWNLOAD_CACHES",
    "INSTALLERS",
    "USER_PASSWORD",
    "AbsentUse",
    "Applicability",
    "AptLists",
    "AptUpdate",
    "AptUse",
    "Arg",
    "Assignment",
    "Baked",
    "Build",
    "Change",
    "Cleared",
    "Clone",
    "Clutter",
    "Cmd",
    "Command",
    "Comment",
    "Confidence",
    "Context",
    "ContextFile",
    "Copy",
    "CopyStep",
    "CudaUse",
    "Deposit",
    "DepositKind",
    "Deposits",
    "Directive",
    "Dockerfile",
    "DownloadCache",
    "DownloadKind",
    "Edit",
    "Entrypoint",
    "Env",
    "Environment",
    "Exec",
    "Fact",
    "Fetch",
    "Finding",
    "Fix",
    "Flag",
    "Framework",
    "From",
    "GonePackage",
    "GpuCall",
    "GpuEvidence",
    "Healthcheck",
    "Heredoc",
    "ImageFacts",
    "ImageReference",
    "Index",
    "Install",
    "InstallOption",
    "InstallStep",
    "Installation",
    "Instruction",
    "Intake",
    "Inventory",
    "JupyterSettings",
    "Label",
    "LayerSize",
    "LeastDriver",
    "LostEffect",
    "LostSpecifier",
    "Manifest",
    "ManifestUse",
    "Misplaced",
    "Missing",
    "MissingLibrary",
    "Mount",
    "Onbuild",
    "OpenInstall",
    "Option",
    "Origin",
    "Package",
    "Pair",
    "Place",
    "Position",
    "Probe",
    "Problem",
    "Process",
    "PythonCall",
    "Redirect",
    "RefusedInstall",
    "Related",
    "Removal",
    "Requirement",
    "RetiredName",
    "RetiredUse",
    "Revision",
    "Rewrite",
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
    "Stack",
    "Stage",
    "StaleKey",
    "Step",
    "Strength",
    "Swallowed",
    "Taken",
    "Text",
    "Toolkit",
    "Unsupported",
    "Unused",
    "Variable",
    "Wanted",
    "WheelIndex",
    "Word",
    "Words",
    "absent_at_start",
    "added_bytes",
    "adds_sources",
    "allows",
    "anaconda",
    "appended",
    "apt_lists",
    "assignments_in",
    "best_variant",
    "build_of_version",
    "canonical",
    "check_setting",
    "clauses",
    "clears",
    "clutter",
    "command_secrets",
    "companions",
    "compare_versions",
    "compiling",
    "cuda_of_variant",
    "deposits",
    "doubled",
    "drivers",
    "extensions",
    "fetched_files",
    "fills_cache",
    "gone_package",
    "gpu_calls",
    "gpus",
    "head_span",
    "hosts",
    "ignores_errors",
    "image_cuda",
    "image_place",
    "in_force",
    "is_branch",
    "is_closed",
    "is_for_development",
    "is_held",
    "is_opaque",
    "is_placeholder",
    "is_secret_name",
    "is_unprivileged",
    "is_whole",
    "jupyter_settings",
    "kept_cache",
    "knowledge",
    "loaded_libraries",
    "lost_effects",
    "lost_specifiers",
    "made_files",
    "misplaced_packages",
    "missing_libraries",
    "missing_sources",
    "mounted",
    "moved_script",
    "name_place",
    "newest_allowed",
    "numpy_abi",
    "open_installs",
    "option_value",
    "parse_reference",
    "platform_of",
    "probe_of",
    "python_calls",
    "python_support",
    "python_text_calls",
    "refused_installs",
    "regex",
    "repository_name",
    "request_words",
    "retired_in",
    "retired_use",
    "script_of",
    "secret_files",
    "secrets_in",
    "self_sufficient",
    "siblings",
    "speaks_of_indexes",
    "stale_key",
    "stops_build",
    "swallowed_commands",
    "tag_place",
    "tags",
    "toolkits",
    "torch_versions",
    "trains",
    "unlisted",
    "value_strength",
    "weights",
    "wheel_indexes",
    "wheel_size",
    "working_folders",
]
