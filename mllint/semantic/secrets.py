"""Secrets in text: tokens, passwords in URLs, private keys, and values of variables that are named like secrets.

Nothing here ever returns the characters of a secret, only where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from math import log2
from typing import NamedTuple

from mllint.knowledge import secrets as known
from mllint.regex import regex
from mllint.source import Source, Span, Text


class Strength(Enum):
    """What a value is, by the look of it."""

    #: It looks made for the purpose: random, or a password of one's own.
    REAL = "real"
    #: Words; a key of this kind may be one all the same.
    WEAK = "weak"
    #: A password that everyone tries first (`postgres`, `admin`).
    DEFAULT = "default"


class Secret(NamedTuple):
    """A secret in a text. `span` covers all of its characters and no others."""

    span: Span
    #: What it is, as a message may say it: "a Hugging Face token (`hf_…`)".
    what: str
    strength: Strength
    sure: bool = True
    #: The variable that the tool reads it from; "" where none is known.
    variable: str = ""


# Expressions that few files need are texts, so that starting does not compile them.
_URL = regex(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<user>[^\s/:@\"'<>]*):(?P<password>[^\s/@\"'<>]+)@(?=[\w\[$])")
_HEADER = regex(r"(?i)authorization:\s*(?:bearer|basic|token)\s+(?P<token>[A-Za-z0-9._~+/=-]{16,})")
_KEY = regex(
    r"-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----[\\nr\s\"]+[A-Za-z0-9+/=][A-Za-z0-9+/=\\nr\s\"]{60,}"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY-----)?"
)
_STANDS_FOR = regex(
    r"(?i)your|example|change.{0,4}(me|in|this|it|before)|replace|placeholder|insert|dummy|fake|mock|sample|xxx|\*\*\*"
    r"|\.\.\.|…|todo|redacted|<.*>|not.?needed|no.?key|unused|insecure|none$|not.?set"
)
#: What fingers type for a value; a token of the right form and length may still be one.
_TYPED = regex(r"(?i)123456789|abcdef|0123456")
_PATH = regex(
    r"(?:[/~.]|[A-Za-z]:\\).*[/\\].*|/[\w.-]+|[\w./-]+\.(?:json|pem|key|txt|ya?ml|env|crt|toml|ini|cfg|conf|py|sh)"
)
_ASSIGNMENT = regex(
    r"(?m)^[ \t]*(?:export[ \t]+)?[\"']?(?P<name>[A-Za-z_][\w.-]*)[\"']?[ \t]*[=:][ \t]*[\"']?(?P<value>[^\s\"',]+)"
)
_PASSWORDS = ("PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "PW")
_USERS = frozenset({"user", "username", "login", "myuser", "name"})
_SHORTEST = 8


def secrets_in(text: Text) -> Iterator[Secret]:
    """Tokens, passwords in URLs, authorization headers and private keys, by place."""
    value = text.value
    found: list[Secret] = []
    if _may_hold_tokens(text.source):
        found += _tokens(text)
    if "://" in value and "@" in value:
        found += _url_passwords(text)
    if "uthorization" in value or "UTHORIZATION" in value:
        for match in _HEADER.finditer(value):
            if not _is_placeholder(match["token"]):
                found.append(Secret(text.at(*match.span("token")), "an authorization header", Strength.REAL))
    if "PRIVATE KEY-----" in value:
        found += (Secret(text.at(*match.span()), "a private key", Strength.REAL) for match in _KEY.finditer(value))
    return _apart(sorted(found, key=lambda secret: secret.span.start)) if found else iter(())


def _apart(found: list[Secret]) -> Iterator[Secret]:
    """Those that do not overlap with one before them."""
    end = -1
    for secret in found:
        if secret.span.start >= end:
            yield secret
            end = secret.span.end


_PREFIXES = tuple(row.prefix for row in known.TOKENS)


@lru_cache(maxsize=1)
def _may_hold_tokens(source: Source) -> bool:
    """Whether any token's prefix is in a file: asked once for all of its texts, as few files have one."""
    return any(prefix in source.text for prefix in _PREFIXES)


@lru_cache(maxsize=1)
def _token_pattern() -> re.Pattern[str]:
    kinds = (f"(?P<t{index}>{row.pattern})" for index, row in enumerate(known.TOKENS))
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(kinds)})(?![A-Za-z0-9])")


def _tokens(text: Text) -> Iterator[Secret]:
    value = text.value
    if not any(prefix in value for prefix in _PREFIXES):
        return
    for match in _token_pattern().finditer(value):
        row = known.TOKENS[int((match.lastgroup or "t0")[1:])]
        body = match[0].removeprefix(row.prefix)
        if not _stands_for(body):
            sure = row.sure and _TYPED.search(body) is None
            what = f"{row.what} (`{row.prefix[:4]}…`)"
            yield Secret(text.at(*match.span()), what, Strength.REAL, sure, row.variable)


def _url_passwords(text: Text) -> Iterator[Secret]:
    for match in _URL.finditer(text.value):
        password = match["password"]
        if re.search(r"[$`{}()%|\\^*\[\]]", password) or password.isdigit() or _is_placeholder(password):
            continue
        if match["user"].lower() in _USERS and password.lower() in ("pass", "password", "passwd", "mypassword", "pw"):
            continue
        strength = Strength.DEFAULT if password.lower() in known.DEFAULTS else Strength.REAL
        yield Secret(text.at(*match.span("password")), "a password in a URL", strength)


#: What a name must end in, in capitals, to be one of a secret at all; most names do not.
_ENDS = tuple(
    {name.rpartition("_")[2] for name in known.SECRET_NAMES} | {end.rpartition(" ")[2] for end in known.SECRET_ENDINGS}
)
_SPOKEN_ENDS = tuple(f" {ending}" for ending in known.SECRET_ENDINGS)


def is_secret_name(name: str) -> bool:
    """Whether a variable or option is named like a secret, and not like something that only sounds so."""
    if not name.rstrip("-").upper().endswith(_ENDS):
        return False
    words = re.split(r"[^A-Z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip("-")).upper())
    if "_".join(words) in known.SECRET_NAMES:
        return True
    if words[0] in known.SWITCHES or not known.PUBLIC_WORDS.isdisjoint(words):
        return False
    if words[-1] == "TOKEN" and words[-2:-1] and words[-2] in known.TEXT_TOKENS:
        return False
    return f" {' '.join(words)}".endswith(_SPOKEN_ENDS)


def is_password_name(name: str) -> bool:
    """Whether it is a password, which people also know by heart, and not a token."""
    return name.upper().endswith(_PASSWORDS)


def value_strength(name: str, value: str) -> Strength | None:
    """What the literal value of a variable named like a secret is; None for what is no secret, or not known."""
    value = value.strip().strip("\"'").strip()
    if not value or re.search(r"[$`\s]|\{\{|://", value) or value.lower() in known.PLACEHOLDERS:
        return None
    password = is_password_name(name)
    if value.lower() in known.DEFAULTS:
        return Strength.DEFAULT if password else None
    if _is_placeholder(value) or (_PATH.fullmatch(value) and not _is_random(value)):
        return None
    if _is_random(value):
        return Strength.REAL
    if password:
        return Strength.REAL if len(value) >= _SHORTEST else Strength.WEAK
    if re.fullmatch(r"[\d.,:-]+", value) or len(value) < _SHORTEST:
        return None
    return Strength.WEAK


def assignments_in(text: Text) -> Iterator[Secret]:
    """Values of variables named like secrets in the lines of a file: `NAME=value`, `name: value`, `"name": "value"`."""
    for match in _ASSIGNMENT.finditer(text.value):
        name = match["name"]
        if is_secret_name(name) and value_strength(name, match["value"]) is Strength.REAL:
            yield Secret(text.at(*match.span("value")), f"the value of `{name}`", Strength.REAL)


def _is_placeholder(value: str) -> bool:
    return _stands_for(value) or _TYPED.search(value) is not None


def _stands_for(value: str) -> bool:
    """Whether a word in the value says that it is none, or it is one character over and over."""
    return _STANDS_FOR.search(value) is not None or len(set(value.strip("-_ ").lower())) <= 2


def _is_random(value: str) -> bool:
    """Long, with digits among letters, and no words: 3 bits for each character or more."""
    if len(value) < 16 or not re.search(r"\d", value) or not re.search(r"[A-Za-z]", value):
        return False
    counts = [value.count(char) for char in set(value)]
    entropy = -sum(count / len(value) * log2(count / len(value)) for count in counts)
    return entropy >= 3.0 and not re.fullmatch(r"[A-Za-z]+([-_.][A-Za-z]+)*[-_.]?\d{1,4}", value)
