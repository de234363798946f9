from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.source import Source, Span, Text
from mllint.syntax import nodes
from mllint.syntax.nodes import Dockerfile, Instruction
from mllint.syntax.parser import parse


def read(text: str) -> Dockerfile:
    return parse(Source("Dockerfile", text))


def one(text: str, prefix: str = "FROM a\n") -> Instruction:
    """The last instruction of a text that has no problems."""
    file = read(prefix + text)
    assert [problem.message for problem in file.problems] == []
    return file.instructions[-1]


def values(texts: tuple[Text, ...] | None) -> list[str] | None:
    return None if texts is None else [text.value for text in texts]


def test_a_file() -> None:
    file = read("# syntax=a\n# about\nFROM a AS b\nRUN c")
    assert file.escape == "\\"
    assert [directive.name for directive in file.directives] == ["syntax"]
    assert [comment.text for comment in file.comments] == ["about"]
    assert [(node.keyword, node.line) for node in file.instructions] == [("FROM", 3), ("RUN", 4)]
    assert file.problems == ()


def test_common_fields() -> None:
    node = one("  run --mount=type=cache,target=/c \\\n  --network=none \\\n # x\n  make \\\n  all  \n")
    assert isinstance(node, nodes.Run)
    assert (node.keyword, node.keyword_span.text) == ("RUN", "run")
    assert node.span.text.startswith("run --mount")
    assert node.span.text.endswith("all")
    assert node.arguments.value == "make   all"
    assert [(flag.name, flag.value.value if flag.value else None, flag.span.text) for flag in node.flags] == [
        ("mount", "type=cache,target=/c", "--mount=type=cache,target=/c"),
        ("network", "none", "--network=none"),
    ]
    assert node.flags[1].span.first == (3, 3)
    assert node.arguments.at(7, 10).first == (6, 3)
    assert node.mounts[0].type == "cache"
    assert node.mounts[0].options["target"] == "/c"
    assert node.argv is None
    assert node.script is node.arguments


@pytest.mark.parametrize(
    ("text", "image", "name"),
    [
        ("FROM a", "a", None),
        ("from a as B", "a", "B"),
        ("FROM --platform=$P a:1@sha256:0 AS b", "a:1@sha256:0", "b"),
        ("FROM a # c", "a", None),
        ("FROM a AS b # c", "a", "b"),
    ],
)
def test_from(text: str, image: str, name: str | None) -> None:
    node = one(text, "")
    assert isinstance(node, nodes.From)
    assert node.image is not None
    assert (node.image.value, node.name.value if node.name else None) == (image, name)


@pytest.mark.parametrize(
    ("text", "sources", "target"),
    [
        ("COPY a b", ["a"], "b"),
        ("ADD a  b\tc", ["a", "b"], "c"),
        ('COPY ["a b", "c"]', ["a b"], "c"),
        ('COPY ["a b", "c"] # d', ["a b"], "c"),
        ("COPY a b # c d", ["a"], "b"),
        ("COPY <<E b /x\nE", ["b"], "/x"),
        ("COPY --from=x a\u00a0b c", ["a\u00a0b"], "c"),
        ('COPY "a #b" c', ['"a', '#b"'], "c"),
        ("COPY a#b c", ["a#b"], "c"),
        ("COPY ['a', b]", ["['a',"], "b]"),
    ],
)
def test_copy(text: str, sources: list[str], target: str) -> None:
    node = one(text)
    assert isinstance(node, nodes.Copy)
    assert values(node.sources) == sources
    assert node.target is not None
    assert node.target.value == target


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("ENV A=1", [("A", "1")]),
        (
            "ENV A=1 B='x y' C=\"z w\" D=u\\ v E=",
            [("A", "1"), ("B", "'x y'"), ("C", '"z w"'), ("D", "u\\ v"), ("E", "")],
        ),
        ("ENV A  b  c", [("A", "b  c")]),
        ("ENV A = b", [("A", "= b")]),
        ("ENV A #fff", [("A", "#fff")]),
        ("ENV A b # c", [("A", "b")]),
        ("ENV A=1 # c", [("A", "1")]),
        ('ENV A="# b" # c', [("A", '"# b"')]),
        ("ENV A=b\u00a0C=d", [("A", "b"), ("C", "d")]),
        ("ENV A=1\\\nB=2 \\\n C=3", [("A", "1B=2"), ("C", "3")]),
        ("ENV A=b\\", [("A", "b")]),
        ("ENV A='open b", [("A", "'open b")]),
        ("LABEL a.b=c d=e", [("a.b", "c"), ("d", "e")]),
        ("ARG A", [("A", None)]),
        ("ARG A=1 B C= # d", [("A", "1"), ("B", None), ("C", "")]),
    ],
)
def test_pairs(text: str, pairs: list[tuple[str, str | None]]) -> None:
    node = one(text)
    assert isinstance(node, nodes.Pairs)
    assert [(pair.key.value, pair.value.value if pair.value else None) for pair in node.pairs] == pairs


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ('RUN ["a", "b c"]', ["a", "b c"]),
        ("RUN [ ]", []),
        ('CMD ["a"]', ["a"]),
        ('ENTRYPOINT ["\\u00e9\\n\\"\\\\\\/", ""]', ['é\n"\\/', ""]),
        ('CMD ["\\ud83d\\ude00\\ud83d"]', ["\U0001f600\ufffd"]),
        ('SHELL ["/bin/bash", "-c"]', ["/bin/bash", "-c"]),
        ('HEALTHCHECK --retries=2 CMD ["a"]', ["a"]),
        ('CMD ["a"] # b', ["a"]),
        ('CMD ["a"]# b', None),
        ('CMD ["a"] b', None),
        ('CMD ["a",]', None),
        ('CMD ["a"', None),
        ("CMD ['a']", None),
        ('CMD ["\\x"]', None),
        ('CMD ["a\tb"]', None),
        ("CMD [NaN]", None),
        ("CMD [1e999]", None),
        ("CMD [1, NaN]", None),
        ("RUN [ -f x ]", None),
        ("RUN a # b", None),
        ("HEALTHCHECK CMD a # b", None),
        ("RUN", None),
    ],
)
def test_exec(text: str, argv: list[str] | None) -> None:
    node = one(text)
    assert isinstance(node, nodes.Exec)
    assert values(node.argv) == argv
    assert (node.inline_comment is not None) == (argv is not None and "#" in text)


def test_strings_of_the_json_form_have_places_inside_the_quotes() -> None:
    node = one('CMD ["a\\nb", "", "c"]')
    assert isinstance(node, nodes.Cmd)
    assert node.argv is not None
    first, empty, last = node.argv
    assert first.span.text == "a\\nb"
    assert first.at(2, 3).text == "b"
    assert (empty.span.text, empty.span.first.column) == ("", 15)
    assert last.span.first == (2, 19)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EXPOSE 80 443/tcp", ["80", "443/tcp"]),
        ("EXPOSE 80 # web", ["80"]),
        ("VOLUME /a /b", ["/a", "/b"]),
        ('VOLUME ["/a b"]', ["/a b"]),
        ("USER a", ["a"]),
        ("USER a b", ["a b"]),
        ("WORKDIR /a b # c", ["/a b"]),
        ('WORKDIR "/a # b"', ['"/a # b"']),
        ("STOPSIGNAL 9", ["9"]),
        ("MAINTAINER a #1 <a@b>", ["a #1 <a@b>"]),
        ("MAINTAINER a # b", ["a"]),
        ("USER # a", ["# a"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    node = one(text)
    assert isinstance(node, nodes.Words)
    assert values(node.words) == words


def test_healthcheck() -> None:
    node = one("HEALTHCHECK --interval=3s cmd curl \\\n x")
    assert isinstance(node, nodes.Healthcheck)
    assert (node.arguments.value, node.none) == ("curl  x", False)
    none = one("HEALTHCHECK none # c")
    assert isinstance(none, nodes.Healthcheck)
    assert none.none
    assert none.inline_comment is not None


def test_onbuild() -> None:
    node = one("ONBUILD COPY --from=b <<E /x # c\nbody\nE")
    assert isinstance(node, nodes.Onbuild)
    assert isinstance(node.inner, nodes.Copy)
    assert node.inner.flag_value("from") is not None
    assert node.flags == ()
    assert node.heredocs == node.inner.heredocs
    assert node.inline_comment == node.inner.inline_comment
    assert node.inner.span.text == "COPY --from=b <<E /x # c\nbody\nE"


@pytest.mark.parametrize(
    ("flag", "name", "value"),
    [
        ("--from=a", "from", "a"),
        ('--from="a"', "from", "a"),
        ("--from='a b'", "from", "a b"),
        ("--from=a\\ b", "from", "a b"),
        ('--"from"=a', "from", "a"),
        ("--from=", "from", ""),
        ("--link", "link", None),
        ("--chown=a:\\\nb", "chown", "a:b"),
    ],
)
def test_flag(flag: str, name: str, value: str | None) -> None:
    node = one(f"COPY {flag} c d")
    (found,) = node.flags
    assert (found.name, found.value.value if found.value else None, found.span.text) == (name, value, flag)
    assert node.arguments.value == "c d"
    assert node.flag(name) is found
    assert node.flag("other") is None


def test_last_escape_of_a_flag_is_dropped() -> None:
    (flag,) = one("RUN --mount=a\\\\\\").flags
    assert flag.value is not None
    assert flag.value.value == "a\\"


def test_flags_end_at_two_dashes() -> None:
    node = one("COPY --link -- --from=a b")
    assert [flag.name for flag in node.flags] == ["link"]
    assert node.arguments.value == "--from=a b"


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("FROM a # b c  ", "# b c"),
        ("FROM a #b", "#b"),
        ("FROM a#b", None),
        ("WORKDIR /a \\\n # dropped\n # b", None),
        ("ENV A=1 \\\n B=2 # b", "# b"),
        ("LABEL a b # c", "# c"),
        ("LABEL a #b", None),
    ],
)
def test_inline_comment(text: str, comment: str | None) -> None:
    node = one(text)
    assert (node.inline_comment.text if node.inline_comment else None) == comment


F = "FROM a\n"


@pytest.mark.parametrize(
    ("text", "place", "marked", "message"),
    [
        ("", (1, 1), "", "no instructions"),
        ("# a\n", (1, 1), "", "no instructions"),
        ("ARG a\nRUN b", (1, 1), "ARG", "no FROM"),
        ("ARG a\nRUN b\nFROM c", (2, 1), "RUN", "before the first FROM"),
        ("FROM", (1, 1), "FROM", "no image"),
        ("FROM a b", (1, 8), "b", "two arguments"),
        ("FROM a as", (1, 8), "as", "two arguments"),
        ("FROM a for b", (1, 8), "for", "expects AS"),
        ("FROM a AS b c", (1, 13), "c", "behind the name"),
        ("FROM a AS 1b", (1, 11), "1b", "cannot name a stage"),
        ("FROM a AS b/c", (1, 11), "b/c", "cannot name a stage"),
        ("FROM a\u00a0AS b", (1, 7), "\u00a0", "U+00A0 (no-break space)"),
        ("FROM\u00a0a", (1, 5), "\u00a0", "U+00A0 (no-break space)"),
        ("FROM --platfrom=x a", (1, 6), "--platfrom=x", "did you mean --platform?"),
        (f"{F}RUNN a", (2, 1), "RUNN", "did you mean RUN?"),
        (f"{F}echo a", (2, 1), "echo", "unknown instruction ECHO"),
        (f"{F}\\\n", (2, 1), "", "no instruction"),
        (f"{F}COPY a", (2, 6), "a", "needs a source and a destination"),
        (f"{F}ADD", (2, 1), "ADD", "needs a source and a destination"),
        (f"{F}COPY a # b", (2, 6), "a", "needs a source and a destination"),
        (f"{F}COPY a\u200bb", (2, 7), "\u200b", "U+200B (zero width space)"),
        (f"{F}COPY a <<E\nE", (2, 8), "<<E", "cannot be a here-document"),
        (f"{F}RUN <<E\nx", (2, 5), "<<E", "finds no line E"),
        (f"{F}RUN <<A <<B\nx", (2, 5), "<<A", "finds no line A"),
        (f"{F}ENV", (2, 1), "ENV", "at least one argument"),
        (f"{F}ENV a", (2, 5), "a", "has no value"),
        (f"{F}ENV a\u00a0b", (2, 6), "\u00a0", "U+00A0"),
        (f"{F}ENV a=b c d=e", (2, 9), "c", "no equals sign"),
        (f"{F}ENV =b", (2, 5), "=b", "name before the equals sign"),
        (f"{F}LABEL a", (2, 7), "a", "has no value"),
        (f"{F}ARG", (2, 1), "ARG", "at least one argument"),
        (f"{F}ARG =b", (2, 5), "=b", "name before the equals sign"),
        (f"{F}CMD [1]", (2, 5), "[1]", "only strings"),
        (f'{F}RUN ["a", null]', (2, 5), '["a", null]', "only strings"),
        (f"{F}SHELL bash -c", (2, 7), "bash -c", "JSON array"),
        (f"{F}SHELL", (2, 1), "SHELL", "JSON array"),
        (f"{F}SHELL []", (2, 7), "[]", "at least one string"),
        (f"{F}EXPOSE", (2, 1), "EXPOSE", "at least one argument"),
        (f"{F}VOLUME", (2, 1), "VOLUME", "at least one argument"),
        (f"{F}VOLUME []", (2, 1), "VOLUME", "at least one argument"),
        (f'{F}VOLUME [" "]', (2, 10), " ", "is empty"),
        (f"{F}USER", (2, 1), "USER", "needs an argument"),
        (f"{F}WORKDIR", (2, 1), "WORKDIR", "needs an argument"),
        (f"{F}STOPSIGNAL", (2, 1), "STOPSIGNAL", "needs an argument"),
        (f"{F}MAINTAINER", (2, 1), "MAINTAINER", "needs an argument"),
        (f"{F}ONBUILD", (2, 1), "ONBUILD", "needs an instruction"),
        (f"{F}ONBUILD ONBUILD RUN a", (2, 9), "ONBUILD", "not allow ONBUILD"),
        (f"{F}ONBUILD FROM a", (2, 9), "FROM", "not allow FROM"),
        (f"{F}ONBUILD MAINTAINER a", (2, 9), "MAINTAINER", "not allow MAINTAINER"),
        (f"{F}ONBUILD COPY a", (2, 14), "a", "needs a source"),
        (f"{F}HEALTHCHECK", (2, 1), "HEALTHCHECK", "needs CMD"),
        (f"{F}HEALTHCHECK curl a", (2, 13), "curl", "needs CMD"),
        (f"{F}HEALTHCHECK CMD\u00a0a", (2, 16), "\u00a0", "U+00A0"),
        (f"{F}HEALTHCHECK CMD", (2, 13), "CMD", "no command"),
        (f"{F}HEALTHCHECK CMD []", (2, 13), "CMD", "no command"),
        (f"{F}HEALTHCHECK NONE a", (2, 18), "a", "no arguments"),
        (f"{F}HEALTHCHECK --interval=5 CMD a", (2, 13), "--interval=5", "duration"),
        (f"{F}HEALTHCHECK --timeout=-1s CMD a", (2, 13), "--timeout=-1s", "shorter than 1ms"),
        (f"{F}HEALTHCHECK --start-period=10us CMD a", (2, 13), "--start-period=10us", "shorter than 1ms"),
        (f"{F}HEALTHCHECK --retries=x CMD a", (2, 13), "--retries=x", "number"),
        (f"{F}HEALTHCHECK --retries=2147483648 CMD a", (2, 13), "--retries=2147483648", "number"),
        (f"{F}RUN --mount=type=bind,from=$A,target=/a b", (2, 5), "--mount=type=bind,from=$A,target=/a", "variables"),
        (f'{F}RUN --mount=a\\"b c', (2, 5), '--mount=a\\"b', "quote"),
        (f"{F}RUN --network=bridge a", (2, 5), "--network=bridge", "default, none or host"),
        (f"{F}RUN --security=none a", (2, 5), "--security=none", "sandbox or insecure"),
        (f"{F}RUN --device=a,b c", (2, 5), "--device=a,b", "one device"),
        (f"{F}RUN --device=a,required=x c", (2, 5), "--device=a,required=x", "true or false"),
        (f'{F}RUN --device=a\\"b c', (2, 5), '--device=a\\"b', "quote"),
        (f"{F}COPY --form=a b c", (2, 6), "--form=a", "did you mean --from?"),
        (f"{F}COPY --xyz b c", (2, 6), "--xyz", "it takes --from"),
        (f"{F}COPY --from b c", (2, 6), "--from", "has no value"),
        (f"{F}COPY --from=a --from=b c d", (2, 15), "--from=b", "twice"),
        (f"{F}COPY --link=1 b c", (2, 6), "--link=1", "true or false"),
        (f"{F}ENV --a=b c=d", (2, 5), "--a=b", "takes no flags"),
        ("# escape=x\nFROM a", (1, 1), "# escape=x", "backslash or a backtick"),
        ("# syntax=a\n# syntax=b\nFROM a", (2, 1), "# syntax=b", "a second syntax directive"),
    ],
)
def test_problem(text: str, place: tuple[int, int], marked: str, message: str) -> None:
    (problem,) = read(text).problems
    assert (problem.span.first, problem.span.text) == (place, marked)
    assert message in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "ARG --a=b c",  # Docker does not look at the flags of ARG and STOPSIGNAL
        "STOPSIGNAL --a 9",
        "HEALTHCHECK --a=b NONE",
        "HEALTHCHECK --interval=1h2m3.5s --timeout=0 --start-period= --retries=+3 CMD a",
        "RUN --mount=type=cache --mount=type=tmpfs --network=host --security=insecure --device=a,required a",
        "RUN --device=name=a,required=true --device=vendor=a a",
        "COPY --link=TRUE --parents=false --exclude=a --exclude=b c d",
        "ADD --keep-git-dir --unpack=true --checksum=a b c",
        "LABEL a=b # c",
        'SHELL ["a"] # c',
        "RUN --mount=from=a$ b",
        "ENTRYPOINT",
        "CMD",
    ],
)
def test_no_problem(text: str) -> None:
    one(text)


def test_problems_are_in_order_and_do_not_stop_the_reading() -> None:
    file = read("FROM a b\nENV c\nfoo\nCMD [1]\nRUN last")
    assert [problem.span.first.line for problem in file.problems] == [1, 2, 3, 4]
    assert file.instructions[-1].arguments.value == "last"


def test_unknown_instruction_is_a_plain_node() -> None:
    node = read(f"{F}foo --a b").instructions[1]
    assert type(node) is Instruction
    assert (node.keyword, node.arguments.value, [flag.name for flag in node.flags]) == ("FOO", "b", ["a"])


def _texts(node: Instruction) -> Iterator[Text]:
    yield node.arguments
    yield from (flag.value for flag in node.flags if flag.value is not None)
    yield from (heredoc.body for heredoc in node.heredocs)
    match node:
        case nodes.From(image=image, name=name):
            yield from (text for text in (image, name) if text is not None)
        case nodes.Copy(sources=sources, target=target):
            yield from (text for text in (*sources, target) if text is not None)
        case nodes.Pairs(pairs=pairs):
            yield from (side for pair in pairs for side in pair if side is not None)
        case nodes.Words(words=words):
            yield from words
        case nodes.Exec(argv=argv) if argv is not None:
            yield from argv
        case nodes.Onbuild(inner=inner) if inner is not None:
            yield from _texts(inner)


PIECES = [
    *(
        "FROM ",
        "RUN ",
        "COPY ",
        "ENV ",
        "ARG ",
        "CMD ",
        "LABEL ",
        "ONBUILD ",
        "HEALTHCHECK ",
        "CMD",
        "EXPOSE ",
        "FROM a\n",
    ),
    *(
        "\n",
        "\r\n",
        " ",
        "\t",
        "\\\n",
        "\\",
        "`\n",
        "# escape=`\n",
        "# c\n",
        "#",
        "<<E",
        "<<-E",
        "E\n",
        "\tE\n",
        "x",
        "a=b",
    ),
    *(
        '"',
        "'",
        "[",
        "]",
        ",",
        '["a"]',
        "--from=",
        "--",
        "$",
        "${",
        "}",
        ":-",
        "\u00a0",
        "é",
        "\ufeff",
        "\x00",
        "\ud800",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_read_and_every_piece_is_where_it_says(text: str) -> None:
    file = read(text)
    spans: list[Span] = [problem.span for problem in file.problems]
    for node in file.instructions:
        spans += [node.span, node.keyword_span, *(flag.span for flag in node.flags)]
        assert node.span.covers(node.keyword_span)
        for piece in _texts(node):
            spans.append(piece.span)
            assert all(text[piece.origin(at)] in (char, "\\") for at, char in enumerate(piece.value))
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    lines = [node.line for node in file.instructions]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000_000,
        "FROM a\nRUN " + "a \\\n" * 100_000,
        "FROM a\n" * 20_000,
        "ONBUILD " * 100_000,
        "FROM a\nCMD " + "[" * 100_000 + "1" + "]" * 100_000,
        "FROM a\nRUN <<E" + "${a:-" * 100_000,
        'FROM a\nENV A="' + 'b\\"' * 100_000,
        'FROM a\nCMD ["' + "\\n" * 100_000,
        "FROM a\nCOPY --from=" + "\\a" * 100_000,
        "\\\n" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_large_texts(text: str) -> None:
    """Each would take hours, or overflow the stack, if the time grew faster than the text."""
    read(text)


def test_nodes_are_frozen_and_show_their_fields() -> None:
    source = Source("Dockerfile", "FROM a\n")
    node = parse(source).instructions[0]
    with pytest.raises(AttributeError, match="From is frozen"):
        node.keyword = "RUN"  # type: ignore[misc]
    assert repr(node).startswith("From(keyword='FROM', keyword_span=Span(")
    assert node != parse(source).instructions[0]


def test_a_node_has_all_its_fields() -> None:
    with pytest.raises(TypeError, match="From takes keyword, keyword_span, span, arguments, flags"):
        nodes.From("FROM")  # type: ignore[call-arg]
