"""How Jupyter is told to let people in: options, variables, and configuration files in Python or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.regex import regex
from mllint.semantic.files import file_at
from mllint.semantic.steps import join_path
from mllint.source import Source, Span, Text

if TYPE_CHECKING:
    from mllint.semantic.process import Server
    from mllint.semantic.stage import Stage
    from mllint.shell.command import Word

#: The traits by what they decide; a trait's class is NotebookApp, ServerApp, IdentityProvider …
_TRAITS = {
    "token": "token",
    "password": "password",
    "hashed_password": "password",
    "disable_check_xsrf": "xsrf",
    "allow_root": "root",
}
_CLASSES = r"(?:NotebookApp|ServerApp|LabApp|SingleUserNotebookApp|IdentityProvider|PasswordIdentityProvider)"
_TRAIT = rf"(?P<trait>{'|'.join(_TRAITS)})"
_OPTION = regex(rf"--(?:{_CLASSES}\.)?{_TRAIT}(?:=(?P<value>.*))?", re.DOTALL)
#: `c.ServerApp.token = ''` in a configuration file, or in the words that write one.
_ASSIGNED = regex(
    rf"c\.{_CLASSES}\.{_TRAIT}\s*=\s*(?P<value>[ub]?\\?(?P<quote>[\"'])[^\"'\n]*\\?(?P=quote)|[^\s#\"']+)"
)
#: An option inside a longer text, such as NOTEBOOK_ARGS.
_INNER = regex(rf"--{_CLASSES}\.{_TRAIT}=(?P<value>\"[^\"]*\"|'[^']*'|\S*)")
_JSON = regex(rf"\"{_TRAIT}\"\s*:\s*(?P<value>\"[^\"\n]*\"|true|false)")
#: Variables that hold options for the start scripts of the Jupyter images.
_VARIABLES = ("NOTEBOOK_ARGS", "JUPYTERLAB_ARGS")
_NAMED = regex(r"[\"']?--[\w.-]+=")
_FILE = regex(r"jupyter_[a-z_]*config\.(?:py|json)")


class Setting(NamedTuple):
    """A trait that decides who gets in."""

    #: "token", "password", "xsrf" (its check disabled), "root".
    kind: str
    #: None when it is not known; without the quotes that Jupyter's own reader takes off.
    value: str | None
    span: Span

    @property
    def is_empty(self) -> bool:
        return self.value == ""

    @property
    def is_on(self) -> bool:
        return self.value is not None and self.value.lower() in ("true", "1")


class Settings(NamedTuple):
    """All that is set, options last since they win."""

    found: tuple[Setting, ...]
    #: False when a configuration file is there that could not be read.
    complete: bool

    def last(self, kind: str) -> Setting | None:
        return next((each for each in reversed(self.found) if each.kind == kind), None)


def settings_of(stage: Stage, server: Server | None) -> Settings:
    """What a Jupyter server is told: configuration files first, then variables, then the options of its command."""
    found, complete = _from_files(stage)
    for name in _VARIABLES:
        variable = stage.variable_at(name)
        if variable is not None and variable.value is not None and variable.span is not None:
            found += [Setting(kind, value, variable.span) for kind, value, _ in _read(_INNER, variable.value)]
    password = stage.variable_at("JUPYTER_PASSWORD")
    if password is not None and password.value != "" and password.span is not None:
        found.append(Setting("password", password.value, password.span))
    if server is not None and server.command is not None:
        found += _from_options(server.command.arguments)
        # `--ServerApp.base_url=$PREFIX` cannot hold another option.
        complete = complete and all(
            each.value is not None or _NAMED.match(each.raw) for each in server.command.arguments
        )
    return Settings(tuple(found), complete)


def _from_options(words: tuple[Word, ...]) -> Iterator[Setting]:
    for at, word in enumerate(words):
        if word.value == "--allow-root":
            yield Setting("root", "true", word.span)
            continue
        match = _OPTION.fullmatch(word.value if word.value is not None else word.raw.strip("\"'"))
        if match is None:
            continue
        kind, value, span = _TRAITS[match["trait"]], match["value"], word.span
        if word.value is None:
            value = None
        elif value is None and kind in ("token", "password") and at + 1 < len(words):
            value, span = words[at + 1].value, span.to(words[at + 1].span)
        yield Setting(kind, _unquoted(value) if value is not None else None, span)


def _from_files(stage: Stage) -> tuple[list[Setting], bool]:
    found: list[Setting] = []
    complete = True
    for each in reversed(stage.ancestry):
        for step in each.copies:
            for _, value in step.sources:
                name = (value or "").rpartition("/")[2]
                target = (step.target or "").rpartition("/")[2]
                if _FILE.fullmatch(name) or _FILE.fullmatch(target):
                    source = _copied(each, step.target, name) if step.from_context else None
                    complete = complete and source is not None
                    found += _from_source(source) if source is not None else []
        for run, command in each.steps:
            texts = [Text.plain(word.span) for word in command.words if word.span.source is run.span.source]
            texts += [redirect.heredoc for redirect in command.redirects if redirect.heredoc is not None]
            for text in texts:
                found += [Setting(kind, value, text.at(*place)) for kind, value, place in _read(_ASSIGNED, text.value)]
    return found, complete


def _copied(stage: Stage, target: str | None, name: str) -> Source | None:
    if target is None:
        return None
    return file_at(stage, target) or file_at(stage, join_path(target, name) or target)


def _from_source(source: Source) -> Iterator[Setting]:
    pattern = _JSON if source.path.endswith(".json") else _ASSIGNED
    for kind, value, (start, end) in _read(pattern, source.text):
        place = source.position(start)
        if "#" not in source.line(place.line)[: place.column - 1]:
            yield Setting(kind, value, source.span(start, end))


def _read(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, str | None, tuple[int, int]]]:
    """The kind, value and place of each trait in a text; a value that is computed is None."""
    for match in pattern.finditer(text):
        raw = match["value"]
        plain = _unquoted(raw)
        literal = plain != raw or plain.lower() in ("true", "false", "")
        yield _TRAITS[match["trait"]], plain if literal or pattern is _INNER else None, match.span()


def _unquoted(value: str) -> str:
    """traitlets reads `--ServerApp.token=''` as Python, so that quotes inside the word mean nothing."""
    return re.sub(r"^[ub]?\\?([\"'])(.*?)\\?\1$", r"\2", value, flags=re.DOTALL)
