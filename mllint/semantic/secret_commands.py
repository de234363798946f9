"""Secrets in the words of commands: logins, options, passwords of the image's own users."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mllint.knowledge.secrets import VARIABLES
from mllint.packages.arguments import inner_span, tail
from mllint.regex import regex
from mllint.semantic.secrets import Secret, Strength, is_secret_name, value_strength
from mllint.shell.command import Command, Word
from mllint.source import Span

#: Options that take a secret, whatever the program.
_OPTIONS = frozenset(
    {
        "--password", "--passwd", "--token", "--api-key", "--apikey", "--api_key", "--access-token", "--auth-token",
        "--secret-key", "--client-secret", "--http-password", "--http-passwd", "--registration-token",
    }
)  # fmt: skip
#: How a word that is an option starts, as written.
_DASHES = ("-", '"-', "'-")
#: Programs with a short option for it, or whose `--user` is `name:password`.
_SHORT = {"sshpass": "-p", "docker": "-p", "podman": "-p", "helm": "-p", "skopeo": "-p"}
_USER_PASSWORD = {"curl": ("-u", "--user", "--proxy-user", "-U")}
_USERADD = frozenset({"useradd", "usermod", "adduser"})
_PRINTERS = frozenset({"echo", "printf", "yes"})
#: A password that is hashed on the spot: `$(openssl passwd -1 word)`, `$(perl -e 'print crypt("word", "salt")')`.
_HASHED = regex(
    r"(?:openssl passwd(?:\s+-\w+)*|mkpasswd(?:\s+-\w+)*)\s+['\"]?[^\s'\"$)\-][^\s'\"$)]*"
    r"|crypt\(\s*\\?['\"][^'\"$]+['\"]"
)
_LOGIN_WORDS = regex(r"[0-9a-f]{40}|wandb_v1_\w{20,}")


def command_secrets(commands: Sequence[Command]) -> Iterator[Secret]:
    """The secrets in the words of a script's commands, but for tokens that give themselves away by their form."""
    for index, command in enumerate(commands):
        yield from _assigned(command)
        name = command.name
        yield from _user_password(command) if name in _USERADD else _optional(command)
        if name == "chpasswd":
            yield from _chpasswd(command, commands[index - 1] if index and command.operator == "|" else None)
        elif name == "passwd" and index and command.operator == "|" and commands[index - 1].name in _PRINTERS:
            yield from _printed(commands[index - 1])
        elif name == "wandb":
            yield from _wandb(command)


def _assigned(command: Command) -> Iterator[Secret]:
    """`export NAME=value`, `NAME=value command`."""
    for assignment in command.assignments:
        value = assignment.value
        if value is None or value.value is None or "$" in value.raw or not is_secret_name(assignment.name):
            continue
        # A word for a single command mostly stands in for the secret that the container will get.
        if value_strength(assignment.name, value.value) is Strength.REAL:
            yield Secret(inner_span(value), f"the value of `{assignment.name}`", Strength.REAL, True, assignment.name)


def _optional(command: Command) -> Iterator[Secret]:
    """`--token value`, `--password=value`, `sshpass -p value`, `curl -u name:value`."""
    words = command.arguments
    short = _SHORT.get(command.name or "")
    users = _USER_PASSWORD.get(command.name or "", ())
    for index, word in enumerate(words):
        if not word.raw.startswith(_DASHES):
            continue
        option, equals, _ = word.raw.strip("\"'").partition("=")
        if option in _OPTIONS or (option == short and (command.name == "sshpass" or _is_login(command))):
            value = tail(word, f"{option}=") if equals else (words[index + 1] if index + 1 < len(words) else None)
        elif option in users and not equals and index + 1 < len(words) and ":" in words[index + 1].raw:
            value = _behind_colon(words[index + 1])
        else:
            continue
        if value is None or value.value is None or "$" in value.raw or value.value.startswith("-"):
            continue
        kind = "PASSWORD" if "pass" in option or option in users or option == short else "TOKEN"
        strength = value_strength(kind, value.value)
        if strength in (Strength.REAL, Strength.DEFAULT):
            variable = VARIABLES.get(command.name or "", "")
            yield Secret(inner_span(value), f"the value of `{option}`", strength, strength is Strength.REAL, variable)


def _is_login(command: Command) -> bool:
    return "login" in command.values()


def _behind_colon(word: Word) -> Word:
    return tail(word, word.raw.strip("\"'").partition(":")[0] + ":")


def _user_password(command: Command) -> Iterator[Secret]:
    words = command.arguments
    for index, word in enumerate(words):
        option, equals, _ = (word.value or word.raw).partition("=")
        if option not in ("-p", "--password"):
            continue
        value = tail(word, f"{option}=") if equals else (words[index + 1] if index + 1 < len(words) else None)
        if value is None:
            continue
        literal = value.raw.startswith("'") or (value.value is not None and "$" not in value.raw.replace("\\$", ""))
        if literal and value.value and value.value[0] not in "!*-":
            yield Secret(inner_span(value), USER_PASSWORD, Strength.REAL)
        elif value.value is None and _HASHED.search(value.raw):
            yield Secret(value.span, USER_PASSWORD, Strength.REAL)


#: `Secret.what` of passwords of the image's own users.
USER_PASSWORD = "the password of a user"


def _chpasswd(command: Command, printer: Command | None) -> Iterator[Secret]:
    """`echo "name:password" | chpasswd`, and the same as a here-document or here-string."""
    if printer is not None and printer.name in _PRINTERS:
        yield from (secret for word in printer.arguments for secret in _user_line(word.raw, word.span))
    for redirect in command.redirects:
        if redirect.heredoc is not None:
            text = redirect.heredoc
            for match in re.finditer(r"^\s*[\w.-]+:([^\s$`]+)\s*$", text.value, re.MULTILINE):
                yield Secret(text.at(*match.span(1)), USER_PASSWORD, Strength.REAL)
        elif redirect.operator == "<<<" and redirect.target is not None:
            yield from _user_line(redirect.target.raw, redirect.target.span)


_USER_LINE = regex(r"(?:^|[\"'\s]|\\n)(?P<user>[\w.-]+|\$\{?\w+\}?):(?P<password>[^\s\"'$`\\:]+)")


def _user_line(raw: str, span: Span) -> Iterator[Secret]:
    written = span.text
    if written != raw:
        # Continuations stand in the word: point at all of it.
        if _USER_LINE.search(raw):
            yield Secret(span, USER_PASSWORD, Strength.REAL)
        return
    for match in _USER_LINE.finditer(raw):
        if set(match["password"]) <= set("*x.<>-_"):
            continue
        start, end = match.span("password")
        yield Secret(Span(span.source, span.start + start, span.start + end), USER_PASSWORD, Strength.REAL)


def _printed(printer: Command) -> Iterator[Secret]:
    for word in printer.arguments:
        if word.value is not None and "$" not in word.raw and not word.value.startswith("-") and word.value.strip():
            yield Secret(inner_span(word), USER_PASSWORD, Strength.REAL)
            return


def _wandb(command: Command) -> Iterator[Secret]:
    values = command.values()
    if values[:1] == ("login",):
        for word in command.arguments[1:]:
            if word.value is not None and "$" not in word.raw and _LOGIN_WORDS.fullmatch(word.value):
                yield Secret(inner_span(word), "a Weights & Biases key", Strength.REAL, True, VARIABLES["wandb"])
