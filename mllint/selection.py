"""Which rules are on for a file, as ruff decides it, and the rules made with their settings.

Selectors are codes, prefixes of codes, names and `ALL`. The more specific one wins, and at the same length the one that
ignores. A `select` replaces what an earlier place (the defaults, the configuration file) turned on; the other lists
change it. Rules that are off by default come with the strict profile or with their own code or name, never with a
prefix.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from mllint.config.errors import ConfigError, hint
from mllint.config.globs import Globs
from mllint.config.options import RuleTable, check_rule_table
from mllint.config.settings import Selectors, Settings
from mllint.finding import Severity
from mllint.plugins import Registry
from mllint.rule import Rule

#: How specific a code or a name is, and what hadolint's configuration ignores: more than any prefix.
_EXACT, _ALMOST_EXACT = 1000, 999


class Selection:
    """The rules of one configuration for each file; those of files that ignore the same ones are made once."""

    def __init__(self, registry: Registry, settings: Settings) -> None:
        """Raises ConfigError for an unknown rule or option, PluginError for a rule that cannot be loaded."""
        self._registry = registry
        self._settings = settings
        self._ids = enabled(registry, settings)
        self._tables = _rule_tables(registry, settings)
        self._severities = _severities(registry, settings)
        self._ignored = tuple(_per_file(registry, settings))
        self._made: dict[frozenset[str], tuple[Rule, ...]] = {}

    def rules(self, path: str) -> tuple[Rule, ...]:
        """The rules for a file, by id."""
        off: frozenset[str] = frozenset()
        if self._ignored:
            absolute = os.path.abspath(path)
            off = off.union(*(ids for globs, negated, ids in self._ignored if globs.match(absolute) is not negated))
        if off not in self._made:
            self._made[off] = tuple(self._make(each) for each in sorted(self._ids - off))
        return self._made[off]

    def _make(self, rule_id: str) -> Rule:
        table = self._tables.get(rule_id, RuleTable())
        least = Severity.WARNING if self._settings.profile == "strict" else Severity.INFO
        severity = table.severity or self._severities.get(rule_id)
        return self._registry.load(rule_id)(table.settings, severity=severity, least=least)


class Selector:
    """The selections of a run, one for each configuration file."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        # Settings hold mappings and have no hash; the value is kept beside its identity so that it stays alive.
        self._selections: dict[int, tuple[Settings, Selection]] = {}

    def select(self, settings: Settings, path: str) -> tuple[Rule, ...]:
        """The rules for a file. Raises ConfigError and PluginError."""
        known = self._selections.get(id(settings))
        if known is None:
            known = self._selections[id(settings)] = (settings, Selection(self.registry, settings))
        return known[1].rules(path)


def select(registry: Registry, settings: Settings, path: str) -> tuple[Rule, ...]:
    """The rules for a single file; a run over several files uses one `Selector`."""
    return Selection(registry, settings).rules(path)


def enabled(registry: Registry, settings: Settings) -> frozenset[str]:
    """The ids of the rules that are on, but for per-file ignores. Raises ConfigError for an unknown rule."""
    strict = settings.profile == "strict"
    on: set[str] | None = None
    carried: tuple[str, ...] = ()
    for lists in settings.selectors:
        updates = _updates(registry, lists, carried, strict=strict)
        if lists.select is not None:
            on = {rule_id for rule_id, state in updates.items() if state}
            # As in ruff: a file with an empty `select` and an `ignore` means the latter for whatever is selected later.
            carried = (*lists.ignore, *lists.extend_ignore) if not (lists.select or lists.extend_select) else ()
            continue
        carried = ()
        on = _defaults(registry, strict=strict) if on is None else on
        on = {each for each in on if updates.get(each, True)} | {each for each, state in updates.items() if state}
    return frozenset(_defaults(registry, strict=strict) if on is None else on)


def _defaults(registry: Registry, *, strict: bool) -> set[str]:
    return {each for each in registry.ids if strict or registry.load(each).default}


def _updates(registry: Registry, lists: Selectors, carried: tuple[str, ...], *, strict: bool) -> dict[str, bool]:
    """What the lists of one place turn on or off: from the least specific selector to the most, `ignore` last."""
    states: dict[str, tuple[int, bool, bool]] = {}
    chosen = [("select", each, True) for each in lists.select or ()]
    chosen += [("extend-select", each, True) for each in lists.extend_select]
    chosen += [("ignore", each, False) for each in (*lists.ignore, *carried)]
    chosen += [("extend-ignore", each, False) for each in lists.extend_ignore]
    for key, word, state in chosen:
        exact = registry.is_exact(word)
        for rule_id in _matching(registry, word, lists.origin + key):
            if state and not (exact or strict or registry.load(rule_id).default):
                continue
            update = (_specificity(registry, word), not state, state)
            states[rule_id] = max(states.get(rule_id, update), update)
    for rule_id in lists.from_hadolint:
        update = (_ALMOST_EXACT, True, False)
        states[rule_id] = max(states.get(rule_id, update), update)
    return {rule_id: state for rule_id, (_, _, state) in states.items()}


def _specificity(registry: Registry, word: str) -> int:
    """Orders the selectors that match one rule: `ALL`, then prefixes by length, then the code and the name."""
    if word.upper() == "ALL":
        return 0
    return _EXACT if registry.is_exact(word) else len(word)


def _matching(registry: Registry, word: str, key: str) -> tuple[str, ...]:
    found = registry.match(word)
    if not found:
        raise ConfigError(f'{key}: unknown rule "{word}"{hint(word, registry.words)}')
    return found


def _per_file(registry: Registry, settings: Settings) -> Iterator[tuple[Globs, bool, frozenset[str]]]:
    """For each pattern of `per-file-ignores`: the pattern, whether a `!` negates it, and the ids that are off."""
    for pattern, words in settings.per_file_ignores.items():
        key = f"{settings.origin}{settings.prefix}per-file-ignores.{pattern}"
        ids = frozenset(each for word in words for each in _matching(registry, word, key))
        negated = pattern.startswith("!")
        yield Globs([pattern[negated:]], settings.root), negated, ids


def _severities(registry: Registry, settings: Settings) -> Mapping[str, Severity]:
    """The severities of the table `severity` by id; the more specific selector wins."""
    key = f"{settings.origin}{settings.prefix}severity"
    by_specificity: Iterable[str] = sorted(settings.severity, key=lambda word: _specificity(registry, word))
    return {rule_id: settings.severity[word] for word in by_specificity for rule_id in _matching(registry, word, key)}


def _rule_tables(registry: Registry, settings: Settings) -> Mapping[str, RuleTable]:
    """The tables `rules.<code or name>` by id."""
    tables: dict[str, RuleTable] = {}
    prefix = f"{settings.origin}{settings.prefix}rules"
    for word, table in settings.rules.items():
        found = _matching(registry, word, prefix)
        if not registry.is_exact(word):
            raise ConfigError(f'{prefix}: "{word}" is not a single rule')
        if found[0] in tables:
            raise ConfigError(f"{prefix}: {found[0]} is configured twice, by code and by name")
        try:
            tables[found[0]] = check_rule_table(registry.load(found[0]), table, f"{settings.prefix}rules.{word}")
        except ConfigError as error:
            raise ConfigError(f"{settings.origin}{error}") from None
    return tables
