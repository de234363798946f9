"""The findings that a project lives with for now, in a file: what is in it is not reported, what is new is.

    {
      "version": 1,
      "findings": [
        {"file": "Dockerfile", "rule": "ML201", "key": "3c59dc048e885024", "count": 2},
        {"file": "Dockerfile", "in": "requirements.txt", "rule": "ML201", "key": "9f2feb0f1ef425b2", "count": 1}
      ]
    }

Paths are relative to the folder of the baseline. `key` is that of `mllint.identity`: a finding comes back when its own
instruction changes, and stays away whatever happens around it. `count` is how many findings of the rule are on
instructions of that text; one more is new. Nothing in the file depends on the day or the machine, so that two runs
write the same bytes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from mllint.config.errors import ConfigError
from mllint.finding import Suppression
from mllint.identity import with_keys

if TYPE_CHECKING:
    from mllint.finding import Finding
    from mllint.lint import FileResult

#: The name that the commands use unless told another.
NAME = ".mllint-baseline.json"
_VERSION = 1


class Entry(NamedTuple):
    """A known finding: the Dockerfile, the other file that it stands in ("" for none), the rule, and the key."""

    file: str
    within: str
    rule: str
    key: str


class Baseline:
    """The entries of a baseline with their counts. `apply` takes the known findings of a file back."""

    def __init__(self, path: str, entries: Counter[Entry]) -> None:
        self.path = path
        self.entries = entries
        self._folder = os.path.dirname(os.path.realpath(path))
        self._left = Counter(entries)
        self._seen: set[str] = set()

    def apply(self, result: FileResult) -> FileResult:
        """The result of a file with what the baseline knows marked as suppressed."""
        entries = self._entries(result)
        if result.report is not None and not result.errors:
            self._seen.add(self._named(result.path))
        pairs = zip(result.findings, entries, strict=True)
        return result._replace(findings=tuple(self._marked(finding, entry) for finding, entry in pairs))

    def _marked(self, finding: Finding, entry: Entry | None) -> Finding:
        if entry is None or self._left[entry] <= 0:
            return finding
        self._left[entry] -= 1
        return finding._replace(suppressed=Suppression("baseline", None))

    @property
    def stale(self) -> int:
        """How many of the findings in it are gone, as far as the files that were applied can tell."""
        return sum(count for entry, count in self._left.items() if entry.file in self._seen)

    def updated(self, results: Iterable[FileResult]) -> Baseline:
        """What the results hold now; what is known of files that were not linted, or only in part, stays."""
        found, complete = self._found(results)
        for entry, count in self.entries.items():
            if entry.file not in complete and self._exists(entry.file):
                found[entry] = max(count, found[entry])
        return Baseline(self.path, found)

    def pruned(self, results: Iterable[FileResult]) -> Baseline:
        """The entries without what is not found any more; nothing is added."""
        found, complete = self._found(results)
        kept = {
            entry: min(count, found[entry]) if entry.file in complete else count * self._exists(entry.file)
            for entry, count in self.entries.items()
        }
        return Baseline(self.path, +Counter(kept))

    def _found(self, results: Iterable[FileResult]) -> tuple[Counter[Entry], set[str]]:
        """The findings that are reported, and the files that were linted without a problem."""
        found: Counter[Entry] = Counter()
        complete = set()
        for result in results:
            found.update(entry for entry in self._entries(result) if entry is not None)
            if result.report is not None and not result.errors:
                complete.add(self._named(result.path))
        return found, complete

    def _entries(self, result: FileResult) -> list[Entry | None]:
        """The entry of each finding; none for what is suppressed already."""
        if all(finding.suppressed is not None for finding in result.findings):
            return [None] * len(result.findings)
        file = self._named(result.path)
        entries: list[Entry | None] = []
        for finding in with_keys(result.path, result.findings):
            path = finding.span.source.path
            within = "" if path == result.path else self._named(path)
            known = finding.suppressed is not None
            entries.append(None if known else Entry(file, within, finding.rule, finding.key))
        return entries

    def _named(self, path: str) -> str:
        return os.path.relpath(os.path.realpath(path), self._folder).replace(os.sep, "/")

    def _exists(self, name: str) -> bool:
        return os.path.exists(os.path.join(self._folder, name))

    def text(self) -> str:
        """The file: sorted, an entry a line, so that two branches merge."""
        from mllint.report.encode import encode

        listed = [_written(entry, count) for entry, count in sorted(self.entries.items())]
        return encode({"version": _VERSION, "findings": listed}, depth=2) + "\n"


def read(path: str) -> Baseline:
    """The baseline in a file. Raises ConfigError."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except FileNotFoundError:
        raise ConfigError(f'there is no baseline "{path}"; `mllint baseline create` writes one') from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigError(f'the baseline "{path}" cannot be read: {reason[:1].lower()}{reason[1:]}') from None
    return Baseline(path, _parsed(text, path))


def _parsed(text: str, path: str) -> Counter[Entry]:
    import json

    try:
        document = json.loads(text)
    except ValueError as error:
        hint = "; a merge left its marks in it" if "\n<<<<<<<" in f"\n{text}" else ""
        raise ConfigError(f'the baseline "{path}" is no JSON ({error}){hint}') from None
    version = document.get("version") if isinstance(document, dict) else None
    if isinstance(version, int) and version > _VERSION:
        raise ConfigError(f'the baseline "{path}" has version {version}; this mllint reads version {_VERSION}')
    listed = document.get("findings") if version == _VERSION else None
    if not isinstance(listed, list):
        raise ConfigError(f'"{path}" is not a baseline of mllint; `mllint baseline create` writes one')
    entries: Counter[Entry] = Counter()
    for number, item in enumerate(listed, start=1):
        entry, count = _read_entry(item)
        if entry is None:
            raise ConfigError(f'the baseline "{path}" has no file, rule, key and count in its entry {number}')
        entries[entry] += count
    return entries


def _read_entry(item: object) -> tuple[Entry | None, int]:
    if not isinstance(item, dict):
        return None, 0
    words = (item.get("file"), item.get("in", ""), item.get("rule"), item.get("key"))
    count = item.get("count")
    if not all(isinstance(word, str) for word in words) or type(count) is not int or count < 1:
        return None, 0
    return Entry(*map(str, words)), count


def _written(entry: Entry, count: int) -> dict[str, str | int]:
    inside = {"in": entry.within} if entry.within else {}
    return {"file": entry.file, **inside, "rule": entry.rule, "key": entry.key, "count": count}


def changes(old: Baseline, new: Baseline) -> tuple[int, int]:
    """How many findings `new` has that `old` has not, and the other way round."""
    return (new.entries - old.entries).total(), (old.entries - new.entries).total()


def empty(path: str) -> Baseline:
    """A baseline that knows nothing yet."""
    return Baseline(path, Counter())


def files(entries: Collection[Entry]) -> int:
    """How many Dockerfiles the entries are of."""
    return len({entry.file for entry in entries})
