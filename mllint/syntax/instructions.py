"""From the parts of an instruction to its typed node, and what Docker refuses in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from mllint.source import Span, Text
from mllint.syntax.flags import check_flags
from mllint.syntax.heredocs import opening
from mllint.syntax.nodes import (
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Flag,
    From,
    Healthcheck,
    Heredoc,
    Instruction,
    Label,
    Onbuild,
    Pair,
    Run,
    Shell,
    Words,
)
from mllint.syntax.problems import Report, nearest
from mllint.syntax.spaces import SPACES, strip
from mllint.syntax.words import (
    command,
    comment_start,
    first_word,
    is_other_json_array,
    json_array,
    pair,
    quoted_words,
    words,
)

_STAGE_NAME = re.compile(r"[a-z][a-z0-9_.-]*")
_NO_TRIGGERS = frozenset({"FROM", "MAINTAINER", "ONBUILD"})


class Parts(NamedTuple):
    """The fields that all nodes begin with, in their order."""

    keyword: str
    keyword_span: Span
    span: Span
    arguments: Text
    flags: tuple[Flag, ...]
    heredocs: tuple[Heredoc, ...]


class Context(NamedTuple):
    """What the file as a whole has to say."""

    escape: str
    report: Report


class _Used(NamedTuple):
    """The arguments before an inline comment."""

    text: Text
    comment: Span | None


def read(line: Text, heredocs: tuple[Heredoc, ...], context: Context) -> Instruction:
    """The node of a stripped line and its here-documents."""
    parts = _parts(line, heredocs, context.escape)
    if parts.keyword != "HEALTHCHECK":  # whose flags matter with CMD only
        check_flags(parts.keyword, parts.flags, context.report)
    reader = _READERS.get(parts.keyword, _unknown)
    return reader(parts, context)


def _parts(line: Text, heredocs: tuple[Heredoc, ...], escape: str) -> Parts:
    keyword, flags, arguments = command(line, escape)
    keyword_span = keyword.span
    end = arguments.span.end
    if heredocs:
        last = heredocs[-1]
        end = max(end, last.closing.end if last.closing is not None else last.body.span.end)
    span = Span(line.source, keyword_span.start, end)
    return Parts(keyword.value.upper(), keyword_span, span, arguments, flags, heredocs)


def _unknown(parts: Parts, context: Context) -> Instruction:
    if not parts.keyword:
        context.report.add(parts.keyword_span, "a continued line with no instruction, which Docker refuses")
    else:
        like = nearest(parts.keyword, tuple(_READERS))
        hint = f"; did you mean {like}?" if like else ""
        name = parts.keyword if parts.keyword.isascii() else repr(parts.keyword)
        written = Text.plain(parts.keyword_span)
        context.report.add_words(written, parts.keyword_span, f"unknown instruction {name}{hint}")
    return Instruction(*parts, None)


def _from(parts: Parts, context: Context) -> From:
    used = _without_comment(parts, context)
    arguments = words(used.text)
    name = arguments[2] if len(arguments) > 2 and arguments[1].value.upper() == "AS" else None
    _check_from(parts, arguments, context)
    return From(*parts, used.comment, arguments[0] if arguments else None, name)


def _check_from(parts: Parts, arguments: list[Text], context: Context) -> None:
    add = context.report.add_words
    if not arguments:
        context.report.add(parts.keyword_span, "FROM has no image")
    elif len(arguments) == 2:
        message = "FROM takes an image, or an image, AS and a name, and Docker refuses two arguments"
        add(parts.arguments, arguments[1].span, message)
    elif len(arguments) >= 3 and arguments[1].value.upper() != "AS":
        add(parts.arguments, arguments[1].span, f"Docker expects AS behind the image, not {arguments[1].value}")
    elif len(arguments) > 3:
        span = arguments[3].span.to(arguments[-1].span)
        add(parts.arguments, span, "Docker expects nothing behind the name of a stage")
    elif len(arguments) == 3 and not _STAGE_NAME.fullmatch(arguments[2].value.lower()):
        message = (
            f"{arguments[2].value!r} cannot name a stage: Docker wants a letter first,"
            " and then letters, digits, dots, hyphens and underscores"
        )
        add(parts.arguments, arguments[2].span, message)


def _copy(parts: Parts, context: Context) -> Copy:
    strings, comment = _json(parts.arguments, context)
    if strings is None:
        used = _without_comment(parts, context)
        comment = used.comment
        strings = tuple(words(used.text))
    target = strings[-1] if len(strings) > 1 else None
    if target is None:
        span = strings[0].span if strings else parts.keyword_span
        context.report.add_words(parts.arguments, span, f"{parts.keyword} needs a source and a destination")
    elif "<<" in target.value and opening(target) is not None:
        context.report.add(target.span, f"the destination of {parts.keyword} cannot be a here-document")
    paths = strings[:-1] if target is not None else strings
    sources = tuple(path for path in paths if "<<" not in path.value or opening(path) is None)
    return Copy(*parts, comment, sources, target)


def _run(parts: Parts, context: Context) -> Run:
    argv, comment = _json(parts.arguments, context)
    return Run(*parts, comment, argv)


def _cmd(parts: Parts, context: Context) -> Cmd:
    argv, comment = _json(parts.arguments, context)
    return Cmd(*parts, comment, argv)


def _entrypoint(parts: Parts, context: Context) -> Entrypoint:
    argv, comment = _json(parts.arguments, context)
    return Entrypoint(*parts, comment, argv)


def _shell(parts: Parts, context: Context) -> Shell:
    before = len(context.report.problems)
    argv, comment = _json(parts.arguments, context)
    if argv is None and len(context.report.problems) == before:
        span = parts.arguments.span if parts.arguments.value else parts.keyword_span
        context.report.add(span, 'SHELL takes a JSON array of strings: SHELL ["/bin/bash", "-c"]')
    elif argv == ():
        context.report.add(parts.arguments.span, "SHELL needs at least one string in its array")
    return Shell(*parts, comment, argv)


def _healthcheck(parts: Parts, context: Context) -> Healthcheck:
    kind, rest = first_word(parts.arguments)
    form = kind.value.upper()
    if form == "NONE":
        return _no_healthcheck(parts._replace(arguments=rest), context)
    check_flags(parts.keyword, parts.flags, context.report)
    if form == "CMD":
        argv, comment = _json(rest, context)
        if not rest.value or argv == ():
            context.report.add(kind.span, "HEALTHCHECK CMD has no command")
        return Healthcheck(*parts._replace(arguments=rest), comment, argv, none=False)
    message = "HEALTHCHECK needs CMD and a command, or NONE"
    if kind.value:
        context.report.add_words(kind, kind.span, f"{message}; Docker refuses {kind.value}")
    else:
        context.report.add(parts.keyword_span, message)
    return Healthcheck(*parts, None, None, none=False)


def _no_healthcheck(parts: Parts, context: Context) -> Healthcheck:
    text = parts.arguments
    comment = text.span if text.value.startswith("#") else None
    if text.value and comment is None:
        context.report.add(text.span, "HEALTHCHECK NONE takes no arguments")
    return Healthcheck(*parts, comment, None, none=True)


def _env(parts: Parts, context: Context) -> Env:
    comment, pairs = _assignments(parts, context)
    return Env(*parts, comment, pairs)


def _label(parts: Parts, context: Context) -> Label:
    comment, pairs = _assignments(parts, context)
    return Label(*parts, comment, pairs)


def _assignments(parts: Parts, context: Context) -> tuple[Span | None, tuple[Pair, ...]]:
    """The pairs of ENV and LABEL: `KEY=value …`, or the old form with a blank: `KEY all of the line`."""
    first = next(iter(quoted_words(parts.arguments, context.escape)), None)
    if first is None:
        _none_given(parts, context)
        return None, ()
    if "=" not in first.value:
        return _old_assignment(parts, context)
    used = _without_comment(parts, context)
    pairs = []
    for word in quoted_words(used.text, context.escape):
        key, value = pair(word)
        if value is None:
            message = f"{word.value!r} has no equals sign; Docker expects {parts.keyword} KEY=value KEY=value …"
            context.report.add(word.span, message)
        elif not key.value:
            context.report.add(
                word.span, f"the name before the equals sign is missing, and Docker refuses {word.value!r}"
            )
        else:
            pairs.append(Pair(key, value))
    return used.comment, tuple(pairs)


def _old_assignment(parts: Parts, context: Context) -> tuple[Span | None, tuple[Pair, ...]]:
    used = _without_comment(parts, context, arguments=2, free=True)
    key, value = first_word(used.text)
    if not value.value:
        context.report.add_words(
            parts.arguments, key.span, f"{parts.keyword} expects KEY=value, and {key.value!r} has no value"
        )
        return used.comment, ()
    return used.comment, (Pair(key, value),)


def _arg(parts: Parts, context: Context) -> Arg:
    used = _without_comment(parts, context)
    assignments = quoted_words(used.text, context.escape)
    if not assignments:
        _none_given(parts, context)
    pairs = []
    for word in assignments:
        key, value = pair(word)
        if key.value:
            pairs.append(Pair(key, value))
        else:
            context.report.add(
                word.span, f"the name before the equals sign is missing, and Docker refuses {word.value!r}"
            )
    return Arg(*parts, used.comment, tuple(pairs))


def _expose(parts: Parts, context: Context) -> Words:
    used = _without_comment(parts, context)
    if not used.text.value:
        _none_given(parts, context)
    return Words(*parts, used.comment, tuple(words(used.text)))


def _volume(parts: Parts, context: Context) -> Words:
    strings, comment = _json(parts.arguments, context)
    if strings is None:
        used = _without_comment(parts, context)
        comment = used.comment
        strings = tuple(words(used.text))
    if not strings:
        _none_given(parts, context)
    for string in strings:
        if not string.value.strip(SPACES):
            context.report.add(string.span, "the path of a volume is empty")
    return Words(*parts, comment, strings)


def _line(parts: Parts, context: Context) -> Words:
    """USER, WORKDIR and STOPSIGNAL: one word, which may have blanks."""
    return _single(parts, _without_comment(parts, context), context)


def _maintainer(parts: Parts, context: Context) -> Words:
    return _single(parts, _without_comment(parts, context, free=True), context)


def _single(parts: Parts, used: _Used, context: Context) -> Words:
    if not used.text.value:
        context.report.add(parts.keyword_span, f"{parts.keyword} needs an argument")
    return Words(*parts, used.comment, (used.text,) if used.text.value else ())


def _onbuild(parts: Parts, context: Context) -> Onbuild:
    if not parts.arguments.value:
        context.report.add(parts.keyword_span, "ONBUILD needs an instruction")
        return Onbuild(*parts, None, None)
    trigger = _parts(parts.arguments, parts.heredocs, context.escape)
    if trigger.keyword in _NO_TRIGGERS:
        context.report.add(trigger.keyword_span, f"Docker does not allow {trigger.keyword} behind ONBUILD")
    if trigger.keyword == "ONBUILD":
        return Onbuild(*parts, None, Instruction(*trigger, None))
    inner = read(parts.arguments, parts.heredocs, context)
    return Onbuild(*parts, inner.inline_comment, inner)


def _none_given(parts: Parts, context: Context) -> None:
    context.report.add(parts.keyword_span, f"{parts.keyword} needs at least one argument")


def _without_comment(parts: Parts, context: Context, *, arguments: int = 1, free: bool = False) -> _Used:
    text = parts.arguments
    start = comment_start(text, context.escape, arguments=arguments, free=free)
    if start is None:
        return _Used(text, None)
    return _Used(strip(text.slice(0, start)), text.at(start, len(text.value)))


def _json(text: Text, context: Context) -> tuple[tuple[Text, ...] | None, Span | None]:
    """The strings of the JSON form and the comment behind it; None for the strings in any other form."""
    text = strip(text)
    if not text.value.startswith("["):
        return None, None
    array = json_array(text)
    if array is None:
        if is_other_json_array(text.value):
            context.report.add(text.span, "an array in JSON form may have only strings, and Docker refuses this one")
        return None, None
    rest = text.value[array.end :]
    start = array.end + len(rest) - len(rest.lstrip(SPACES))
    if not rest:
        return array.strings, None
    if start > array.end and text.value.startswith("#", start):
        return array.strings, text.at(start, len(text.value))
    return None, None


_READERS: dict[str, Callable[[Parts, Context], Instruction]] = {
    "ADD": _copy,
    "ARG": _arg,
    "CMD": _cmd,
    "COPY": _copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "MAINTAINER": _maintainer,
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _line,
    "USER": _line,
    "VOLUME": _volume,
    "WORKDIR": _line,
}
