"""mllint's parser against Docker's own, over fixtures and over generated texts.

Deliberate differences. The binding is older than the syntax that mllint follows (see `known_difference`), and mllint is
kinder in one thing: an inline comment (`FROM image # comment`) stays in `arguments`, which is what Docker sees and what
is compared here, while the typed fields stop before it and no problem is reported for it.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]


def _load_tool():
    spec = importlib.util.spec_from_file_location("agreement_tool", ROOT / "tools" / "agreement.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


agreement = _load_tool()


def disagreement(text: str) -> list[str]:
    """What the parsers do not agree on for no known reason."""
    result = agreement.compare(text)
    return [] if agreement.known_difference(text) else result.differences


def _fixtures() -> list[Path]:
    names = sorted(
        Path(base) / name for base, _, names in os.walk(ROOT / "fixtures") for name in names if "ockerfile" in name
    )
    return [path for path in names if path.suffix not in (".json", ".toml", ".yaml", ".md", ".dockerignore")]


@pytest.mark.parametrize("path", _fixtures(), ids=lambda path: str(path.relative_to(ROOT / "fixtures")))
def test_fixture(path: Path) -> None:
    assert disagreement(path.read_bytes().decode()) == []


# A grammar of Dockerfiles. Everything may be wrong, most of it is right.

KEYWORDS = [
    *("FROM", "RUN", "COPY", "ADD", "ENV", "ARG", "LABEL", "CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK", "ONBUILD"),
    *("EXPOSE", "VOLUME", "USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER", "from", "run", "Copy", "env", "onbuild run"),
    *("ONBUILD COPY", "ONBUILD ENV", "HEALTHCHECK CMD", "HEALTHCHECK --interval=3s cmd", "HEALTHCHECK NONE", "RUNN"),
]
WORDS = [
    *("a", "image:1.0", "/srv/app", "as", "AS", "x=1", 'k="v w"', "k='v w'", "k=v\\ w", "=", "k=", "#", "#x", "# no"),
    *("-", "--", "--flag", "--from=b", '--mount=type=cache,target="/a b"', "--link", "--chown=a\\ b", "$X", "${X:-y}"),
    *("${X:-a b}", "${X#*/}", "${", "é", "日本", "a\u00a0b", "\u00a0", "it's", '"open', "`", "\\", "\\\\", "\\#", "&&"),
    *("[", "]", '["a", "b"]', '["a","b\\n\\u00e9"]', "[1]", '["a"', "[]", '["/src", "/dst"]', "{}", "<", "<<", "<<<x"),
]
HEREDOC_WORDS = ["<<EOF", "<<-EOF", '<<"EOF"', "<<-'EOF'", "<<E\\OF", "3<<EOF", "<<EOF2", "x<<EOF", "<<$X", "<<''"]
BODIES = ["text\n", "\ttext\n", "# text\n", "\n", "text \\\n", "FROM x\n", "EOFX\n", " EOF\n", "RUN <<X\n", "EOF \n"]
ENDS = ["EOF\n", "\tEOF\n", "EOF2\n", "EOF\r\n", "$X\n", ""]
BREAKS = ["\n", " \n", "\n\n", "\n# comment\n", "\n  # comment\n \n\t\n", "\n#\n", "\t \n   ", "\n\u00a0\n"]
SPACE = [" ", " ", " ", "  ", "\t", "\v", " \t "]
HEADS = [
    *("", "", "", "# syntax=docker/dockerfile:1\n", "# escape=`\n", "#escape = \\\n", "# Syntax=a\n# ESCAPE=`\n"),
    *(
        "\ufeff",
        "\ufeff# escape=`\n",
        "# comment\n# escape=`\n",
        "# escape=x\n",
        "# escape=`\n# escape=`\n",
        " # escape=`\n",
    ),
]


@st.composite
def instructions(draw: st.DrawFn) -> str:
    escape = draw(st.sampled_from(["\\", "\\", "`"]))
    gap = st.one_of(
        st.sampled_from(SPACE),
        st.sampled_from(SPACE),
        st.sampled_from(BREAKS).map(lambda end: f" {escape}{end}"),
        st.sampled_from(BREAKS).map(lambda end: f"{escape}{end}"),
    )
    text = draw(st.sampled_from(["", "", " ", "\t", "\u00a0"])) + draw(st.sampled_from(KEYWORDS))
    for word in draw(st.lists(st.sampled_from(WORDS), max_size=5)):
        text += draw(gap) + word
    return text + draw(
        st.sampled_from(["\n", "\n", "\n", " \n", f" {escape}\n", f"{escape}{escape}\n", "\u00a0\n", ""])
    )


@st.composite
def heredocs(draw: st.DrawFn) -> str:
    keyword = draw(st.sampled_from(["RUN", "COPY", "ADD", "run", "ONBUILD RUN", "ONBUILD COPY", "ENV", "CMD"]))
    words = draw(st.lists(st.sampled_from([*HEREDOC_WORDS, "python3", "/dst", "it's", "\\\n", '"<<EOF"']), max_size=4))
    text = f"{keyword} {' '.join(words)}\n"
    for _ in range(draw(st.integers(0, 2))):
        text += "".join(draw(st.lists(st.sampled_from(BODIES), max_size=4))) + draw(st.sampled_from(ENDS))
    return text


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    plain = st.sampled_from(
        ["FROM a\n", "# comment\n", "\n", "   \n", "RUN make\n", "COPY a b\n", "ENV a=b\n", "EOF\n"]
    )
    parts = draw(st.lists(st.one_of(plain, instructions(), instructions(), heredocs()), max_size=7))
    text = draw(st.sampled_from(HEADS)) + "".join(parts)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.integers(0, 3)) == 0 else text


EXAMPLES = 300 if os.environ.get("CI") else 150
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(dockerfiles())
@example("RUN <<EOF\na \\\nEOF\nRUN b")
@example("FROM a \\\n# c\n\n")
@example("\\\n")
@example("ENV a\u00a0b")
@example("FROM a\nCOPY [1] b")
def test_generated(text: str) -> None:
    assert disagreement(text) == []


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(st.text(st.sampled_from("FROMRUNENV \n\n\t\r\\\\`#<<EF'\"$[],=-\u00a0é"), max_size=60))
def test_soup(text: str) -> None:
    assert disagreement(f"RUN a\n{text}") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# check=skip=all\n# escape=`\nFROM a`\nb", "the check directive is younger than the binding"),
        ("RUN << EOF\na\nEOF", "a blank between << and its word is younger than the binding"),
        (
            "RUN ${a:-b}<<X ${a#b} <<EOF\nEOF",
            "the binding knows fewer forms of ${…}, and looks for here-documents behind those that it knows",
        ),
        (
            "# escape=`\nCOPY --from=a\\\\b c d",
            "the binding takes a backslash for the escape character of flags, whatever the directive says",
        ),
        ("COPY --from=à b c", "Docker splits flags byte by byte, and so within letters"),
        ('CMD ["a"] b', "before 1.10 Docker's parser ignored what stands behind a JSON array"),
    ],
)
def test_known_difference(text: str, reason: str) -> None:
    assert agreement.known_difference(text) == reason
    assert agreement.compare(text).differences


def test_difference_is_seen() -> None:
    """The comparison itself can fail."""
    rows = agreement.docker_rows("FROM a\nRUN b")
    assert agreement._differences(rows[:1], rows) == ["1 instructions instead of 2"]
    assert agreement._differences([rows[0]._replace(value=("x",))], rows[:1]) == [
        "line 1: value is ('x',) instead of ('a',)"
    ]
    assert agreement._refused_differences("FROM a\nENV b", agreement.parse(agreement.Source("", "FROM a")))
