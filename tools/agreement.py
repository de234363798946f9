"""How far mllint's parser and Docker's own agree on a folder of Dockerfiles.

Run it from the project's root: `python -m tools.agreement FOLDER`. Docker's parser is the one in the package
`dockerfile`, a binding to BuildKit 0.12; it knows the syntax (`parser.Parse`) and not what the instructions make of it,
so that it accepts unknown instructions, unknown flags and a FROM with two arguments.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import dockerfile

from mllint.source import Source, Text
from mllint.syntax import nodes
from mllint.syntax.parser import parse
from mllint.syntax.spaces import strip
from mllint.syntax.splitter import Statement, split
from mllint.syntax.words import command, json_array, quoted_words, words

Strings = tuple[str, ...]
Heredocs = tuple[tuple[str, str], ...]


class Row(NamedTuple):
    """An instruction as Docker's parser gives it."""

    keyword: str
    trigger: str | None
    json: bool
    lines: tuple[int, int]
    flags: Strings
    value: Strings
    heredocs: Heredocs


class Comparison(NamedTuple):
    """What came out for one text."""

    #: Docker's complaint, None where it accepts the text.
    refusal: str | None
    #: Where the two parsers part, in words; empty when they agree.
    differences: list[str]
    #: What mllint reports.
    problems: tuple[nodes.Problem, ...]


def compare(text: str) -> Comparison:
    """Parse a text twice."""
    source = Source("Dockerfile", text)
    ours = parse(source)
    theirs = docker_rows(text)
    if isinstance(theirs, str):
        return Comparison(theirs, _refused_differences(text, ours), ours.problems)
    return Comparison(None, _differences(our_rows(ours), theirs), ours.problems)


def docker_rows(text: str) -> list[Row] | str:
    """What Docker's parser reads, or its complaint."""
    try:
        commands = dockerfile.parse_string(text)
    except (dockerfile.GoParseError, UnicodeError) as error:
        return str(error)
    return [
        Row(
            command.cmd or "",
            command.sub_cmd,
            command.json,
            (command.start_line, command.end_line),
            command.flags,
            command.value,
            tuple((heredoc.name, _chomped(heredoc.content)) for heredoc in command.heredocs),
        )
        for command in commands
    ]


def our_rows(file: nodes.Dockerfile) -> list[Row]:
    """The nodes as Docker's parser would give them."""
    statements = split(file.source).statements
    return [_row(node, statement, file.escape) for node, statement in zip(file.instructions, statements, strict=True)]


def _row(node: nodes.Instruction, statement: Statement, escape: str) -> Row:
    parts = command(statement.line, escape)
    keyword = parts.keyword.value
    trigger = None
    read = node
    if isinstance(node, nodes.Onbuild) and node.inner is not None:
        parts = command(parts.arguments, escape)
        trigger = parts.keyword.value
        read = node.inner
    heredocs = () if trigger is not None else node.heredocs  # the binding does not pass on those of ONBUILD
    argv, value = _reading(read, parts.arguments, escape)
    return Row(
        keyword,
        trigger,
        argv is not None,
        (statement.first_line, statement.last_line),
        tuple(_flag(flag) for flag in node.flags),
        value if argv is None else (*value, *argv),
        tuple((heredoc.name, _chomped(heredoc.body.value)) for heredoc in heredocs),
    )


def _flag(flag: nodes.Flag) -> str:
    """A flag as Docker's parser gives it: byte for byte, each byte as a character."""
    text = f"--{flag.name}" if flag.value is None else f"--{flag.name}={flag.value.value}"
    return text.encode().decode("latin-1")


def _reading(node: nodes.Instruction, everything: Text, escape: str) -> tuple[Strings | None, Strings]:
    """The strings of the JSON form, None in other forms, and the values before or instead of them."""
    whole = (node.arguments.value,) if node.arguments.value else ()
    match node:
        case nodes.Onbuild():
            return None, ()
        case nodes.Healthcheck():
            return _healthcheck(node, everything)
        case nodes.Exec():
            return (None, whole) if node.argv is None or node.inline_comment else (_values(node.argv), ())
        case nodes.Copy() | nodes.Words() if node.keyword in ("ADD", "COPY", "VOLUME"):
            found = (*node.sources, node.target) if isinstance(node, nodes.Copy) else node.words
            return _list(node, tuple(text for text in found if text is not None))
        case nodes.Pairs():
            return None, _assignments(node, escape)
        case nodes.From():
            return None, _from(node)
        case nodes.Words() if node.keyword == "EXPOSE" and not node.inline_comment:
            return None, _values(node.words)
        case nodes.Words() if node.keyword == "EXPOSE":
            return None, _values(words(node.arguments))
        case nodes.Words():
            return None, whole if node.inline_comment else _values(node.words)
    return None, () if node.keyword == "ONBUILD" and not node.arguments.value else ("",)


def _healthcheck(node: nodes.Healthcheck, everything: Text) -> tuple[Strings | None, Strings]:
    if not everything.value:
        return None, ()
    kind, *more = re.split(r"[\t\v\f\r ]+", everything.value, maxsplit=1)
    rest = "".join(more)
    if kind.upper() != "CMD":
        array = json_array(strip(everything.slice(len(everything.value) - len(rest), len(everything.value))))
        return (None, (kind, rest) if rest else (kind,)) if array is None else (_values(array.strings), (kind,))
    if node.argv is None or node.inline_comment:
        return None, (kind, node.arguments.value) if node.arguments.value else (kind,)
    return _values(node.argv), (kind,)


def _list(node: nodes.Instruction, found: tuple[Text, ...]) -> tuple[Strings | None, Strings]:
    """COPY, ADD and VOLUME: with an array, the typed fields; else the words, here-documents among them."""
    array = json_array(node.arguments)
    if array is not None and array.end == len(node.arguments.value):
        return _values(found), ()
    if "<<" in node.arguments.value or node.inline_comment:
        return None, _values(words(node.arguments))
    return None, _values(found)


def _from(node: nodes.From) -> Strings:
    if node.inline_comment is None and node.name is not None and len(words(node.arguments)) == 3:
        return (node.image.value if node.image else "", words(node.arguments)[1].value, node.name.value)
    return _values(words(node.arguments))


def _assignments(node: nodes.Pairs, escape: str) -> Strings:
    """The pairs; with a comment or without a name, which is refused later, as Docker's parser reads them."""
    is_arg = isinstance(node, nodes.Arg)
    found = [word.value for word in quoted_words(node.arguments, escape)]
    if node.inline_comment is None and not any(word.startswith("=") for word in found):
        sides = [(pair.key.value, None if pair.value is None else pair.value.value) for pair in node.pairs]
    else:
        if not is_arg and "=" not in found[0]:
            return tuple(re.split(r"[\t\v\f\r ]+", node.arguments.value, maxsplit=1))
        sides = [(key, value if equals else None) for key, equals, value in (word.partition("=") for word in found)]
    if is_arg:
        return tuple(key if value is None else f"{key}={value}" for key, value in sides)
    return tuple(side for pair in sides for side in pair if side is not None)


def _values(texts: Iterable[Text]) -> Strings:
    return tuple(text.value for text in texts)


def _chomped(body: str) -> str:
    return re.sub(r"^\t+", "", body, flags=re.MULTILINE)


def _differences(ours: list[Row], theirs: list[Row]) -> list[str]:
    found = []
    if len(ours) != len(theirs):
        found.append(f"{len(ours)} instructions instead of {len(theirs)}")
    for our, their in zip(ours, theirs, strict=False):
        for name, mine, docker in zip(Row._fields, our, their, strict=True):
            if mine != docker:
                found.append(f"line {their.lines[0]}: {name} is {mine!r} instead of {docker!r}")
    return found


def _refused_differences(text: str, ours: nodes.Dockerfile) -> list[str]:
    """Whether a problem or an inline comment is found in the first part of the file that Docker's parser refuses."""
    begin, end = _refused_lines(text)
    lines = [problem.span.first.line for problem in ours.problems]
    comments = [node.inline_comment.first.line for node in _with_inner(ours.instructions) if node.inline_comment]
    if any(begin <= line <= end for line in (*lines, *comments)):
        return []
    return [f"no problem on lines {begin} to {end}, where Docker refuses the text; there are some on {lines}"]


def _refused_lines(text: str) -> tuple[int, int]:
    """The lines of the first instruction with which Docker's parser refuses the text up to its end."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    before = 0
    for statement in split(Source("Dockerfile", text)).statements:
        if isinstance(docker_rows("".join(lines[: statement.last_line])), str):
            return before + 1, statement.last_line
        before = statement.last_line
    return before + 1, max(len(lines), 1)


def known_difference(text: str) -> str | None:
    """Why the parsers may part on a text: the binding is older than what mllint follows, or Docker splits letters."""
    file = parse(Source("Dockerfile", text))
    if any(directive.name == "check" for directive in file.directives):
        return "the check directive is younger than the binding"
    statements = split(file.source).statements
    reasons = (_old_parser(line.line.value, file.escape) for line in statements)
    arguments = (node.arguments.value for node in _with_inner(file.instructions))
    if any(_has_more_than_json(value) for value in arguments):
        return "before 1.10 Docker's parser ignored what stands behind a JSON array"
    return next((reason for reason in reasons if reason is not None), None)


def _with_inner(instructions: Iterable[nodes.Instruction]) -> Iterator[nodes.Instruction]:
    for node in instructions:
        yield node
        if isinstance(node, nodes.Onbuild) and node.inner is not None:
            yield node.inner


def _old_parser(line: str, escape: str) -> str | None:
    if re.search(r"<<-?[ \t\r]", line):
        return "a blank between << and its word is younger than the binding"
    if "<<" in line and "${" in line:
        return "the binding knows fewer forms of ${…}, and looks for here-documents behind those that it knows"
    if re.search(r"--.*[^\x00-\x7f]", line):
        return "Docker splits flags byte by byte, and so within letters"
    if escape == "`" and re.search(r"--.*[`\\]", line):
        return "the binding takes a backslash for the escape character of flags, whatever the directive says"
    return None


def _has_more_than_json(arguments: str) -> bool:
    if not arguments.startswith("["):
        return False
    try:
        return json.JSONDecoder().raw_decode(arguments)[1] < len(arguments)
    except ValueError:
        return False


def main(folder: str) -> int:
    """Compare all Dockerfiles below a folder and print what comes out; 1 when a difference has no known reason."""
    agreed = refused = 0
    explained: list[str] = []
    unexplained: list[str] = []
    for path in _files(folder):
        try:
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read()
        except UnicodeError:
            print(f"{path}: not UTF-8")
            continue
        result = compare(text)
        refused += result.refusal is not None
        if not result.differences:
            agreed += 1
            if result.refusal is None:
                for problem in result.problems:
                    print(f"{path}:{problem.span.first.line}: read by both, refused later: {problem.message}")
            else:
                print(f"{path}: refused by both: {result.refusal} / {[problem.message for problem in result.problems]}")
        else:
            reason = known_difference(text)
            (explained if reason else unexplained).append(f"{path}: {reason or ''} {result.differences[:3]}")
    total = agreed + len(explained) + len(unexplained)
    print(*explained, *unexplained, sep="\n")
    print(
        f"{agreed} of {total} agree ({refused} refused by Docker); {len(explained)} explained, {len(unexplained)} not"
    )
    return int(bool(unexplained))


def _files(folder: str) -> Iterator[str]:
    for base, _, names in sorted(os.walk(folder)):
        yield from (os.path.join(base, name) for name in sorted(names) if "ockerfile" in name.lower())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
