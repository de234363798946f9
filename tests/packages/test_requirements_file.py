"""Requirements files: what they ask for, and where it stands."""

from __future__ import annotations

import pytest

from mllint.packages.manifest import Manifest
from mllint.packages.requirements_file import parse_requirements
from mllint.source import Source


def read(text: str) -> Manifest:
    return parse_requirements(Source("requirements.txt", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("torch", [("torch", "", "torch")]),
        ("\ufefftorch\n", [("torch", "", "torch")]),
        ("torch==2.1\r\nnumpy\r\n", [("torch", "==2.1", "torch==2.1"), ("numpy", "", "numpy")]),
        ("  torch >= 2 , < 3  # why\n", [("torch", ">= 2 , < 3", "torch >= 2 , < 3")]),
        ("# torch\n\n   \nnumpy", [("numpy", "", "numpy")]),
        ("torch#1", []),
        ("torch \\\n  ==2.1\n", [("torch", "==2.1", "torch \\\n  ==2.1")]),
        (
            "torch==2.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nnumpy",
            [("torch", "==2.1", "torch==2.1"), ("numpy", "", "numpy")],
        ),
        ("torch \\\n# comment\nnumpy", [("torch", "", "torch"), ("numpy", "", "numpy")]),
        ("torch \\", [("torch", "", "torch")]),
        ("./pkg", [(None, "", "./pkg")]),
        ("-e ./pkg", [(None, "", "./pkg")]),
        ("--editable=./pkg # x", [(None, "", "./pkg")]),
        ("-e 'a b'", [(None, "", "a b")]),
        ("git+https://x.example/a@v1#egg=b", [("b", "", "git+https://x.example/a@v1#egg=b")]),
        ("b @ https://x.example/b.zip --hash=sha256:aa", [("b", "", "b @ https://x.example/b.zip")]),
        ("torch==${TORCH}", [("torch", "==${TORCH}", "torch==${TORCH}")]),
        ("${NAME}", []),
        ("a\nb c\nd", [("a", "", "a"), ("d", "", "d")]),
    ],
)
def test_requirements(text: str, expected: list[tuple[str | None, str, str]]) -> None:
    assert [(one.name, one.specifier.replace("\\\n", ""), one.span.text) for one in read(text).requirements] == expected


def test_places_are_in_the_file() -> None:
    text = "# head\ntorch==2.1\n  numpy  # tail\n"
    found = read(text)
    assert [one.span.first for one in found.requirements] == [(2, 1), (3, 3)]
    assert found.requirements[0].span.source is found.source


def test_hashes_and_markers() -> None:
    (found,) = read(
        "numpy==1.26 ; python_version < '3.13' and platform_system == \"Linux\" --hash=sha256:aa --hash sha256:bb"
    ).requirements
    assert found.hashes == ("sha256:aa", "sha256:bb")
    assert found.marker == "python_version < '3.13' and platform_system == \"Linux\""
    assert found.version == "1.26"


def test_options_of_the_file() -> None:
    found = read(
        "-r base.txt\n--requirement=more.txt\n-c pins.txt\n-r ${WHERE}.txt\n"
        "-i https://x.example/cu121 # pytorch\n--extra-index-url https://y.example\n-f 'wheels'\n"
        "--pre --no-index\n--require-hashes\ntorch --no-binary=torch\n"
    )
    assert [(word.value, word.span.text) for word in found.files] == [
        ("base.txt", "base.txt"),
        ("more.txt", "more.txt"),
        (None, "${WHERE}.txt"),
    ]
    assert [word.value for word in found.constraints] == ["pins.txt"]
    assert [(index.kind, index.value, index.span.text) for index in found.indexes] == [
        ("index-url", "https://x.example/cu121", "https://x.example/cu121"),
        ("extra-index-url", "https://y.example", "https://y.example"),
        ("find-links", "wheels", "wheels"),
    ]
    assert {"--pre", "--no-index", "--require-hashes"} <= found.options
    assert "--no-binary" not in found.options


def test_variables_that_pip_does_not_know_stay() -> None:
    (found,) = read("-r $base.txt").files
    assert found.value == "$base.txt"


def test_editables_are_marked() -> None:
    found = read("-e ./pkg[x]\n./other\n")
    assert [(one.url, one.extras, one.editable) for one in found.requirements] == [
        ("./pkg", ("x",), True),
        ("./other", (), False),
    ]


def test_options_on_a_requirements_line_that_pip_passes_over() -> None:
    found = read(
        "torch==2.1 --index-url https://x.example --hash=sha256:aa\n"
        "numpy --config-settings a=b -f /wheels --pre\n"
        "scipy \\\n  --extra-index-url=https://y.example\n"
        "--index-url https://z.example\n"
        "two words -f /wheels\n"
    )
    assert [(one.name, one.span.text, one.value.value if one.value else None) for one in found.misplaced] == [
        ("--index-url", "--index-url", "https://x.example"),
        ("--find-links", "-f", "/wheels"),
        ("--pre", "--pre", None),
        ("--extra-index-url", "--extra-index-url=https://y.example", "https://y.example"),
    ]
    assert [one.value for one in found.indexes] == ["https://z.example"]
    assert found.requirements[0].hashes == ("sha256:aa",)


def test_overlong_lines_are_passed_over() -> None:
    blanks = " " * 200_000
    found = read(f"{'a' * 200_000}\ntorch{blanks}# {blanks}x\nnumpy\n")
    assert [one.name for one in found.requirements] == ["torch", "numpy"]


def test_many_lines_are_read_in_order() -> None:
    found = read("".join(f"package{number}==1.{number}\n" for number in range(2000)))
    assert [one.version for one in found.requirements] == [f"1.{number}" for number in range(2000)]
