"""The plugin: its name, and where its rules are. Nothing else is imported until a rule is on."""

from mllint.plugins import Plugin

PLUGIN = Plugin("acme", {"ACME001": "acme_dockerfiles.rules:WgetWithoutChecksum"})
