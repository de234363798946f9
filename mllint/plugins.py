"""Plugins: who brings which rules and formats. A light module, since the package of every plugin imports it.

A plugin is a value, `PLUGIN = Plugin("acme", {"ACME001": "mllint_acme.rules:NoLatest"})`, named by an entry point of
the group `mllint.plugins`. The built-in rules are the same kind of value. With `formats={"acme-html":
"mllint_acme.html:write"}` it brings a format of reports too, a function like `mllint.report.concise.write`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from mllint.regex import regex

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from mllint.rule import Rule

GROUP = "mllint.plugins"
BUILTIN = "mllint_rules:PLUGIN"
#: The distribution that brings the built-in rules.
DISTRIBUTION = "mllint-docker"

_ID = regex(r"[A-Z]+[0-9]+")
_FORMAT = regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_REFERENCE = regex(r"[\w.]+:\w+")


class Plugin(NamedTuple):
    """A name, for each rule's id where its class is (`module:Class`), for each format where it is written from.

    A format is a function `write(run, out, style)` (`mllint.report.registry.Writer`), named as `module:function`.
    """

    name: str
    rules: Mapping[str, str] = {}
    formats: Mapping[str, str] = {}


class PluginError(Exception):
    """A plugin that cannot be used. The message names its distribution."""


class Entry(NamedTuple):
    """Where a rule's class is (`module:Class`), and the distribution that says so."""

    reference: str
    distribution: str


class Registry:
    """All rules by id. A rule's module is imported when the rule, or any rule's name, is asked for."""

    def __init__(self, entries: Mapping[str, Entry], formats: Mapping[str, Entry] | None = None) -> None:
        #: The formats that plugins bring, by name.
        self.formats = formats or {}
        self._entries = dict(sorted(entries.items()))
        self._loaded: dict[str, type[Rule]] = {}

    @classmethod
    def of(cls, *rules: type[Rule]) -> Registry:
        """A registry of classes at hand, for tests."""
        registry = cls({rule.id: Entry(f"{rule.__module__}:{rule.__qualname__}", rule.__module__) for rule in rules})
        registry._loaded.update({rule.id: rule for rule in rules})
        return registry

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all rules, sorted."""
        return tuple(self._entries)

    def distribution(self, rule_id: str) -> str:
        """The distribution that brings a rule. Raises KeyError for an unknown id."""
        return self._entries[rule_id].distribution

    def load(self, rule_id: str) -> type[Rule]:
        """The class of a rule. Raises KeyError for an unknown id, PluginError when there is no such class."""
        rule = self._loaded.get(rule_id)
        if rule is None:
            rule = self._loaded[rule_id] = _load_rule(rule_id, self._entries[rule_id])
        return rule

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The ids by the rules' names; imports all rules. Raises PluginError when two rules share a name."""
        names: dict[str, str] = {}
        for rule_id in self._entries:
            name = self.load(rule_id).name
            other = names.setdefault(name, rule_id)
            if other != rule_id:
                who = " and ".join(f"{each} ({self.distribution(each)})" for each in (other, rule_id))
                raise PluginError(f'the rules {who} have the same name, "{name}"')
        return names

    @cached_property
    def aliases(self) -> Mapping[str, tuple[str, ...]]:
        """The ids by other tools' codes, in lower case; imports all rules."""
        aliases: dict[str, tuple[str, ...]] = {}
        for rule_id in self._entries:
            for alias in self.load(rule_id).aliases:
                aliases[alias.lower()] = (*aliases.get(alias.lower(), ()), rule_id)
        return aliases

    def match(self, selector: str) -> tuple[str, ...]:
        """The ids that a selector means: a code, a prefix of codes (letters and some digits), `ALL`, or a name.

        Codes may be written in lower case. Empty when it means nothing.
        """
        word = selector.upper()
        if word == "ALL":
            return self.ids
        if word in self._entries:
            return (word,)
        if re.fullmatch(r"[A-Z]+[0-9]*", word):
            found = tuple(each for each in self._entries if each.startswith(word) and _letters(each) == _letters(word))
            if found:
                return found
        named = self.names.get(selector.lower())
        return (named,) if named is not None else ()

    def is_exact(self, selector: str) -> bool:
        """Whether a selector that matches is one rule's code or name, not a prefix or `ALL`."""
        word = selector.upper()
        return word in self._entries or not (word == "ALL" or re.fullmatch(r"[A-Z]+[0-9]*", word))

    @property
    def words(self) -> list[str]:
        """All codes and names, for messages about an unknown one."""
        return [*self._entries, *self.names]


def load_plugins(isolated: bool = False) -> Registry:
    """The built-in rules and, unless `isolated`, those of the installed plugins.

    Raises PluginError for a plugin that cannot be imported or is no `Plugin`, and for an id or a format that is
    declared twice.
    """
    module, _, attribute = BUILTIN.partition(":")
    builtin = getattr(import_module(module), attribute)
    found = [(DISTRIBUTION, _checked(builtin, DISTRIBUTION))]
    if not isolated:
        found.extend((name, _load_plugin(name, entry)) for name, entry in _entry_points())
    rules: dict[str, Entry] = {}
    formats: dict[str, Entry] = {}
    for distribution, plugin in found:
        _declare(rules, plugin.rules, "rule", distribution)
        _declare(formats, plugin.formats, "format", distribution)
    return Registry(rules, formats)


def _declare(known: dict[str, Entry], more: Mapping[str, str], what: str, distribution: str) -> None:
    for name, reference in more.items():
        other = known.setdefault(name, Entry(reference, distribution))
        if other != Entry(reference, distribution):
            raise PluginError(f"the {what} {name} is declared by both {other.distribution} and {distribution}")


def _entry_points() -> Iterator[tuple[str, EntryPoint]]:
    """Our group's entry points with their distributions. importlib.metadata costs 26 ms, so a look comes first."""
    folders = list(_metadata_folders(sys.path))
    if not folders:
        return
    from importlib.metadata import Distribution

    seen = set()
    for folder in folders:
        distribution = Distribution.at(folder)
        name = distribution.metadata["Name"] or os.path.basename(folder)
        normalised = re.sub(r"[-_.]+", "-", name).lower()
        if normalised in seen:
            # A later folder of sys.path holds another copy, which Python would not import either.
            continue
        seen.add(normalised)
        for entry in distribution.entry_points:
            if entry.group == GROUP:
                yield name, entry


def _metadata_folders(paths: Iterable[str]) -> Iterator[str]:
    """The `*.dist-info` and `*.egg-info` folders whose entry points mention our group, in the order of `paths`."""
    wanted = GROUP.encode()
    for path in dict.fromkeys(paths):
        try:
            with os.scandir(path or os.curdir) as entries:
                names = sorted(each.name for each in entries if each.name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
        for name in names:
            folder = os.path.join(path, name)
            try:
                with open(os.path.join(folder, "entry_points.txt"), "rb") as file:
                    mentioned = wanted in file.read()
            except OSError:
                continue
            if mentioned:
                yield folder


def _load_plugin(distribution: str, entry: EntryPoint) -> Plugin:
    try:
        value = entry.load()
    except Exception as error:
        raise PluginError(
            f'the plugin "{entry.name}" of {distribution} cannot be loaded from "{entry.value}": '
            f"{type(error).__name__}: {error}"
        ) from error
    return _checked(value, distribution)


def _checked(value: object, distribution: str) -> Plugin:
    maps = isinstance(value, Plugin) and isinstance(value.rules, Mapping) and isinstance(value.formats, Mapping)
    if not isinstance(value, Plugin) or not maps:
        raise PluginError(f"the plugin of {distribution} is not a mllint.plugins.Plugin(name, rules)")
    for rule_id, reference in value.rules.items():
        if not isinstance(rule_id, str) or not _ID.fullmatch(rule_id):
            raise PluginError(f"the plugin of {distribution} has the rule id {rule_id!r}; ids look like ACME001")
        if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
            raise PluginError(f"the rule {rule_id} of {distribution} is at {reference!r}, not at a module:Class")
    for name, reference in value.formats.items():
        if not isinstance(name, str) or not _FORMAT.fullmatch(name):
            raise PluginError(f"the plugin of {distribution} has the format {name!r}; formats look like acme-html")
        if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
            raise PluginError(f"the format {name} of {distribution} is at {reference!r}, not at a module:function")
    return value


def _load_rule(rule_id: str, entry: Entry) -> type[Rule]:
    from mllint.rule import Rule

    module, _, name = entry.reference.partition(":")
    where = f"the rule {rule_id} of {entry.distribution}"
    try:
        rule = getattr(import_module(module), name)
    except Exception as error:
        raise PluginError(
            f'{where} cannot be loaded from "{entry.reference}": {type(error).__name__}: {error}'
        ) from error
    if not isinstance(rule, type) or not issubclass(rule, Rule):
        raise PluginError(f'{where}: "{entry.reference}" is not a subclass of Rule')
    if getattr(rule, "id", None) != rule_id or not isinstance(getattr(rule, "name", None), str):
        raise PluginError(f'{where}: "{entry.reference}" has the id {getattr(rule, "id", None)!r}, or no name')
    return rule


def _letters(code: str) -> str:
    return code.rstrip("0123456789")
