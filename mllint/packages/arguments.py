"""Reading the arguments of a command: options with and without values, and the words between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mllint.packages.requirement import Option
from mllint.shell.command import Word
from mllint.source import Span

#: Longer words are no names of packages; reading them could only take long.
WORD_LIMIT = 4096
#: More letters than this behind one hyphen are no options.
_CLUSTER_LIMIT = 32


class Grammar(NamedTuple):
    """Which options a command knows. Options that are not listed are flags."""

    #: Long (or only) names of the options that take a value.
    values: frozenset[str]
    #: Every other spelling → the long name.
    aliases: dict[str, str]

    def with_values(self, spellings: str) -> Grammar:
        """The same with more options that take a value."""
        more = grammar(values=spellings)
        return Grammar(self.values | more.values, {**self.aliases, **more.aliases})

    def with_flags(self, spellings: str) -> Grammar:
        """The same with other flags; an option that took a value before is then a flag."""
        more = grammar(values="", flags=spellings)
        names = {name for group in spellings.split() for name in group.split("|")}
        return Grammar(self.values - names, {**self.aliases, **more.aliases})


class Arguments(NamedTuple):
    """What the arguments say."""

    options: tuple[Option, ...]
    #: The words that are no options and no values of options.
    words: tuple[Word, ...]

    def values(self, *names: str) -> tuple[Word, ...]:
        """The values of the options of these (long) names, in order."""
        return tuple(option.value for option in self.options if option.name in names and option.value is not None)


def grammar(*, values: str, flags: str = "") -> Grammar:
    """A grammar from its spellings: `-i|--index-url --timeout`; the last of a group is the long name."""
    aliases = {}
    names = set()
    for group in values.split():
        *others, name = group.split("|")
        names.add(name)
        aliases.update(dict.fromkeys(others, name))
    for group in flags.split():
        *others, name = group.split("|")
        aliases.update(dict.fromkeys(others, name))
    return Grammar(frozenset(names), aliases)


def parse(words: Iterable[Word], known: Grammar, *, stop: bool = False) -> Arguments:
    """The options and the other words; with `stop`, all from the first word that is no option on is left as it is."""
    pending = list(words)[::-1]
    options: list[Option] = []
    rest: list[Word] = []
    while pending:
        word = pending.pop()
        text = _option_text(word)
        if text == "--":
            rest.extend(reversed(pending))
            break
        found = _read_option(word, text, known, pending) if text else None
        if found is not None:
            options.extend(found)
            continue
        rest.append(word)
        if stop:
            rest.extend(reversed(pending))
            break
    return Arguments(tuple(options), tuple(rest))


def _option_text(word: Word) -> str:
    """The word as far as it is an option: "" when it is none, or when its name is not static."""
    text = word.value if word.value is not None else word.raw.lstrip("\"'")
    if len(text) < 2 or text[0] != "-":
        return ""
    return text


def _read_option(word: Word, text: str, known: Grammar, pending: list[Word]) -> list[Option] | None:
    if text.startswith("--"):
        name, equals, _ = text.partition("=")
        if word.value is None and (not equals or "$" in name or "`" in name):
            return None
        long = known.aliases.get(name, name)
        if equals:
            return [Option(long, tail(word, f"{name}="), word.span)]
        return [Option(long, _next(pending) if long in known.values else None, word.span)]
    return _read_cluster(word, text, known, pending)


def _read_cluster(word: Word, text: str, known: Grammar, pending: list[Word]) -> list[Option] | None:
    """`-qU`, `-Ur FILE`, `-rFILE`."""
    options = []
    for at in range(1, min(len(text), _CLUSTER_LIMIT)):
        short = f"-{text[at]}"
        if text[at] in "$`\"'":
            return None
        if text[at] == "=":
            # apt's `-q=2`: a level, not more letters.
            break
        name = known.aliases.get(short, short)
        if name not in known.values:
            options.append(Option(name, None, word.span))
            continue
        attached = len(text) > at + 1
        prefix = text[: at + 2] if text[at + 1 : at + 2] == "=" else text[: at + 1]
        options.append(Option(name, tail(word, prefix) if attached else _next(pending), word.span))
        break
    return options


def _next(pending: list[Word]) -> Word | None:
    return pending.pop() if pending else None


def tail(word: Word, prefix: str) -> Word:
    """What stands behind `prefix` in a word, with its own place."""
    value = word.value.removeprefix(prefix) if word.value is not None else None
    opening = word.raw[:1] if word.raw[:1] in ("'", '"') else ""
    if not word.raw.startswith(opening + prefix):
        return Word(word.span, word.raw, value)
    raw = word.raw[len(opening + prefix) :]
    if not word.span.text.startswith(opening + prefix):
        return Word(word.span, raw, value)
    source, start, end = word.span
    start += len(opening + prefix)
    if opening and raw.endswith(opening):
        raw, end = raw[:-1], end - 1
    return Word(Span(source, start, end), raw, value)


def inner_span(word: Word) -> Span:
    """The word's place without the quotes around it."""
    source, start, end = word.span
    text = word.span.text
    if len(text) >= 2 and text[0] in "\"'" and text[-1] == text[0]:
        return Span(source, start + 1, end - 1)
    return word.span


def written(word: Word) -> str:
    """The value, or else the text as written without quotes, its variables included."""
    if word.value is not None:
        return word.value
    return word.raw.replace('"', "").replace("'", "")


def fields(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words after the shell's splitting: an unquoted variable that holds "a b" is two words, "" is none."""
    result: list[Word] = []
    for word in words:
        if word.value is None or "$" not in word.raw or any(mark in word.raw for mark in "\"'\\"):
            result.append(word)
        else:
            result.extend(Word(word.span, part, part) for part in word.value.split())
    return tuple(result)


def subcommand(words: tuple[Word, ...], known: Grammar) -> tuple[str | None, tuple[Option, ...], tuple[Word, ...]]:
    """The first word that is no option (None: there is none, or it is unknown), the options before it, the rest."""
    head = parse(words, known, stop=True)
    if not head.words:
        return None, head.options, ()
    return head.words[0].value, head.options, head.words[1:]
