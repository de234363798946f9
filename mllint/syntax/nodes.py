"""The instructions of a Dockerfile as typed, frozen nodes.

A node says what is written, never what it means: words keep their quotes, escapes and variables (see
`mllint.syntax.expand`). Every piece is a `Text` or has a `Span`, so that it is found again in the file. Two nodes are
equal only when they are the same node.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from mllint.source import Source, Span, Text

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_):
        """Speaks to type checkers only."""
        return lambda kind: kind


class Comment(NamedTuple):
    """A comment line; `text` is what follows the `#`, stripped.

    Lines inside a continued instruction count, those in here-documents and parser directives do not.
    """

    span: Span
    text: str


class Directive(NamedTuple):
    """A parser directive at the head of the file: `# syntax=`, `# escape=`, `# check=`. Names are lower case."""

    name: str
    value: str
    span: Span


class Problem(NamedTuple):
    """Something that Docker's parser refuses; `span` is the narrowest range that causes it."""

    span: Span
    message: str


class Flag(NamedTuple):
    """`--name=value`, or `--name` with value None. The name has no dashes; the span covers all of it.

    Quotes and escapes are taken off, unlike in words: Docker's parser does so before anything looks at a flag.
    """

    name: str
    value: Text | None
    span: Span


class Heredoc(NamedTuple):
    """A here-document of RUN, COPY or ADD."""

    name: str
    #: The body's lines without the line of the end word; with `<<-` the leading tabs are taken off in `body.value`.
    body: Text
    #: False when the name is quoted: variables in the body then stay as they are.
    expands: bool
    #: `<<EOF`, `<<-EOF`, `<<"EOF"` on the instruction's line.
    opening: Span
    #: The end word's line; None where the file ends before it (the parser then reports a problem).
    closing: Span | None


class Mount(NamedTuple):
    """`RUN --mount=type=cache,target=/root/.cache`: options as written, `type` is `bind` where it is not given."""

    type: str
    options: dict[str, str]
    flag: Flag


class Pair(NamedTuple):
    """A key and a value of ENV, LABEL or ARG; an ARG without a default has None."""

    key: Text
    value: Text | None

    @property
    def span(self) -> Span:
        return self.key.span.to(self.value.span) if self.value is not None else self.key.span


@dataclass_transform(frozen_default=True, eq_default=False)
class Node:
    """A frozen record: its fields are the annotations of its class, behind those of its parent.

    `dataclass` would generate the same, and take 10 ms for it at every start.
    """

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = (*cls._fields, *cls.__annotations__)

    def __init__(self, *values: Any, **named: Any) -> None:
        """The values of all fields, in order; the last ones may be named. Raises TypeError for anything else."""
        fields = dict(zip(self._fields, values, strict=False), **named)
        if tuple(fields) != self._fields:
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields)}")
        self.__dict__.update(fields)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self._fields)
        return f"{type(self).__name__}({values})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")


class Instruction(Node):
    """What all instructions share; an instruction that Docker does not know is a plain `Instruction`."""

    #: Upper case, whatever the file has.
    keyword: str
    keyword_span: Span
    #: From the keyword to the end of the arguments, or of the last here-document.
    span: Span
    #: All after the keyword and the flags, joined over continued lines, stripped; here-document bodies left out.
    arguments: Text
    flags: tuple[Flag, ...]
    heredocs: tuple[Heredoc, ...]
    #: ` # …` behind the arguments where Docker has no inline comments; the typed fields below stop before it.
    inline_comment: Span | None

    def flag(self, name: str) -> Flag | None:
        """The last flag of that name."""
        return next((flag for flag in reversed(self.flags) if flag.name == name), None)

    def flag_value(self, name: str) -> Text | None:
        flag = self.flag(name)
        return flag.value if flag is not None else None

    @property
    def line(self) -> int:
        """The line (from 1) of the keyword."""
        return self.keyword_span.first.line


class From(Instruction):
    """FROM. The image is None only when the instruction has no arguments at all."""

    image: Text | None
    #: The name behind AS.
    name: Text | None


class Exec(Instruction):
    """An instruction that carries a command: RUN, CMD, ENTRYPOINT, SHELL and HEALTHCHECK CMD."""

    #: The decoded strings of the JSON form (each span lies inside the quotes); None in shell form.
    argv: tuple[Text, ...] | None

    @property
    def script(self) -> Text | None:
        """The shell form's text, here-documents left out; None in JSON form."""
        return self.arguments if self.argv is None else None


class Run(Exec):
    """RUN."""

    @cached_property
    def mounts(self) -> tuple[Mount, ...]:
        """The `--mount` flags; options without a value have an empty one."""
        mounts = []
        for flag in self.flags:
            if flag.name == "mount" and flag.value is not None:
                pairs = (option.partition("=") for option in flag.value.value.split(","))
                options = {key.strip().lower(): value for key, _, value in pairs}
                mounts.append(Mount(options.get("type", "bind"), options, flag))
        return tuple(mounts)


class Cmd(Exec):
    """CMD."""


class Entrypoint(Exec):
    """ENTRYPOINT."""


class Shell(Exec):
    """SHELL; its argv is None only where the parser reports that JSON is required."""


class Healthcheck(Exec):
    """HEALTHCHECK; `arguments` starts behind the word CMD or NONE, or at any other word that stands in its place."""

    #: `HEALTHCHECK NONE`.
    none: bool


class Copy(Instruction):
    """COPY and ADD (see `keyword`)."""

    #: The sources that are paths or URLs; here-documents are in `heredocs`.
    sources: tuple[Text, ...]
    #: None only where the parser reports that arguments are missing.
    target: Text | None


class Pairs(Instruction):
    """ENV, ARG and LABEL."""

    pairs: tuple[Pair, ...]


class Env(Pairs):
    """ENV."""


class Arg(Pairs):
    """ARG."""


class Label(Pairs):
    """LABEL."""


class Words(Instruction):
    """EXPOSE, VOLUME, USER, WORKDIR, STOPSIGNAL and MAINTAINER: a list of words, or a single one to the line's end."""

    words: tuple[Text, ...]


class Onbuild(Instruction):
    """ONBUILD; the inner instruction is None only when there is none.

    Here-documents and an inline comment are those of the inner instruction, and stand in both nodes.
    """

    inner: Instruction | None


class Dockerfile(Node):
    """A whole file, in order. Instructions that Docker would refuse are there too, as far as they can be read."""

    source: Source
    #: The escape character, `\\` or a backtick.
    escape: str
    directives: tuple[Directive, ...]
    instructions: tuple[Instruction, ...]
    comments: tuple[Comment, ...]
    problems: tuple[Problem, ...]
