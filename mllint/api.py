"""What rules and plugins may use: everything here is stable, nothing else is promised."""

from mllint.finding import Applicability, Confidence, Edit, Finding, Fix, Related, Severity
from mllint.images.reference import ImageReference, parse_reference
from mllint.packages.requirement import Index, Install, Requirement
from mllint.rule import Option, Rule
from mllint.semantic.build import Build
from mllint.semantic.fact import Fact, Origin, Variable
from mllint.semantic.process import Process, Server
from mllint.semantic.role import Role
from mllint.semantic.stage import Stage
from mllint.semantic.steps import CopyStep, InstallStep, Step
from mllint.shell.command import Assignment, Command, Redirect, Script, Word
from mllint.source import Position, Source, Span, Text
from mllint.suppress import Unused
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

__all__ = [
    "Applicability",
    "Arg",
    "Assignment",
    "Build",
    "Cmd",
    "Command",
    "Comment",
    "Confidence",
    "Copy",
    "CopyStep",
    "Directive",
    "Dockerfile",
    "Edit",
    "Entrypoint",
    "Env",
    "Exec",
    "Fact",
    "Finding",
    "Fix",
    "Flag",
    "From",
    "Healthcheck",
    "Heredoc",
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
    "Server",
    "Severity",
    "Shell",
    "Source",
    "Span",
    "Stage",
    "Step",
    "Text",
    "Unused",
    "Variable",
    "Word",
    "Words",
    "parse_reference",
]
