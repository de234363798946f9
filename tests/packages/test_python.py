"""Python requirements: the words of pip and its relatives."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement as Official
from packaging.utils import canonicalize_name

from mllint.packages.python import requirement
from mllint.packages.requirement import Requirement
from mllint.shell.command import Word
from mllint.source import Source


def word(raw: str, value: str | None = "") -> Word:
    source = Source("Dockerfile", f"RUN {raw}")
    return Word(source.span(4, 4 + len(raw)), raw, raw if value == "" else value)


def read(raw: str) -> Requirement:
    found = requirement(word(raw))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "name", "extras", "specifier", "marker"),
    [
        ("torch", "torch", (), "", None),
        ("Torch_Vision", "torch-vision", (), "", None),
        ("torch==2.0.1+cu118", "torch", (), "==2.0.1+cu118", None),
        ("torch >= 2, < 3", "torch", (), ">= 2, < 3", None),
        ("uvicorn[standard]", "uvicorn", ("standard",), "", None),
        ("ray[Serve,default_x]>=2", "ray", ("serve", "default-x"), ">=2", None),
        ("numpy<2; python_version < '3.9'", "numpy", (), "<2", "python_version < '3.9'"),
        ("numpy;python_version<'3.9'", "numpy", (), "", "python_version<'3.9'"),
        ("foo (>=1)", "foo", (), "(>=1)", None),
        ("requirements.txt", "requirements-txt", (), "", None),
        ("foo!=1", "foo", (), "!=1", None),
        ("foo~=1.2", "foo", (), "~=1.2", None),
        ("foo===1.2", "foo", (), "===1.2", None),
        ("ruff@0.5.0", "ruff", (), "@0.5.0", None),
        ("x2", "x2", (), "", None),
        ('a; platform_machine == "a/b"', "a", (), "", 'platform_machine == "a/b"'),
    ],
)
def test_names(text: str, name: str, extras: tuple[str, ...], specifier: str, marker: str | None) -> None:
    found = read(text)
    assert (found.name, found.extras, found.specifier, found.marker) == (name, extras, specifier, marker)
    assert (found.kind, found.url, found.ecosystem) == ("index", None, "python")


@pytest.mark.parametrize(
    "text",
    [
        "torch==2.0.1",
        "ray[serve,default]>=2,<3",
        "numpy<2; python_version<'3.9'",
        "a.b==1.*",
        "p @ https://x.example/p.zip",
    ],
)
def test_agreement_with_packaging(text: str) -> None:
    official, ours = Official(text), read(text)
    assert ours.name == canonicalize_name(official.name)
    assert set(ours.extras) == official.extras
    assert ours.url == official.url
    assert set(ours.specifier.split(",")) - {""} == {str(clause) for clause in official.specifier}
    assert (ours.marker is None) == (official.marker is None)


@pytest.mark.parametrize(
    ("text", "kind", "name", "extras", "url"),
    [
        (".", "path", None, (), "."),
        (".[dev,test]", "path", None, ("dev", "test"), "."),
        ("./pkg", "path", None, (), "./pkg"),
        ("../pkg[a]", "path", None, ("a",), "../pkg"),
        ("/opt/pkg/", "path", None, (), "/opt/pkg/"),
        ("src/pkg", "path", None, (), "src/pkg"),
        ("dist/*.whl", "path", None, (), "dist/*.whl"),
        ("torch-2.1.0-cp310-cp310-linux_x86_64.whl", "path", "torch", (), "torch-2.1.0-cp310-cp310-linux_x86_64.whl"),
        ("/tmp/My_Pkg-1.0-py3-none-any.whl[x]", "path", "my-pkg", ("x",), "/tmp/My_Pkg-1.0-py3-none-any.whl"),
        ("pkg-1.0.tar.gz", "path", "pkg", (), "pkg-1.0.tar.gz"),
        ("file:///wheels/a-1-py3-none-any.whl", "path", "a", (), "file:///wheels/a-1-py3-none-any.whl"),
        ("https://x.example/a-1.0.zip", "url", "a", (), "https://x.example/a-1.0.zip"),
        ("git+https://x.example/a/b", "vcs", None, (), "git+https://x.example/a/b"),
        ("git+https://x.example/a/b@v1#egg=B_c", "vcs", "b-c", (), "git+https://x.example/a/b@v1#egg=B_c"),
        ("git+ssh://git@x.example/a.git#egg=b[c]", "vcs", "b", ("c",), "git+ssh://git@x.example/a.git#egg=b[c]"),
        (
            "git+https://x.example/a#subdirectory=p&egg=q",
            "vcs",
            "q",
            (),
            "git+https://x.example/a#subdirectory=p&egg=q",
        ),
        ("pkg @ https://x.example/a.zip", "url", "pkg", (), "https://x.example/a.zip"),
        ("pkg[e]@git+https://x.example/a@main", "vcs", "pkg", ("e",), "git+https://x.example/a@main"),
        ("pkg @ file:///src/pkg", "path", "pkg", (), "file:///src/pkg"),
        ("pkg @ ./vendored", "path", "pkg", (), "./vendored"),
    ],
)
def test_direct_references(text: str, kind: str, name: str | None, extras: tuple[str, ...], url: str) -> None:
    found = read(text)
    assert (found.kind, found.name, found.extras, found.url, found.specifier) == (kind, name, extras, url, "")


def test_markers_of_direct_references() -> None:
    assert read("./pkg; python_version < '3.9'").marker == "python_version < '3.9'"
    found = read("p @ https://x.example/p.zip ; sys_platform == 'linux'")
    assert (found.url, found.marker) == ("https://x.example/p.zip", "sys_platform == 'linux'")
    assert read("https://x.example/p;v=1.zip").url == "https://x.example/p;v=1.zip"


@pytest.mark.parametrize("text", ["", "=1", "-", "a b", "[x]", "a[x", "é", "*"])
def test_what_pip_refuses_is_no_requirement(text: str) -> None:
    assert requirement(word(text, text or None)) is None


@pytest.mark.parametrize(
    ("raw", "name", "specifier", "kind"),
    [
        ("torch==${TORCH}", "torch", "==${TORCH}", "index"),
        ('"torch[x]==$TORCH"', "torch", "==$TORCH", "index"),
        ("torch$SPEC", None, None, None),
        ("torch-$X==1", None, None, None),
        ("$X", None, None, None),
        ("${A}/b", None, None, None),
        ("${A}/b-1.0-py3-none-any.whl", "b", "", "path"),
        ("$(ls *.whl)", None, None, None),
        ("./$X", None, "", "path"),
        ("git+https://x.example/a@${REF}", None, "", "vcs"),
        ("torch==$(cat a/b)", "torch", "==$(cat a/b)", "index"),
    ],
)
def test_partly_unknown_words(raw: str, name: str | None, specifier: str | None, kind: str | None) -> None:
    found = requirement(word(raw, None))
    if kind is None:
        assert found is None
        return
    assert found is not None
    assert (found.name, found.specifier, found.kind, found.version) == (
        name,
        specifier,
        kind,
        "1.0" if name == "b" else None,
    )


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [
        ("torch", "torch", "torch"),
        ('"torch>=2"', "torch>=2", "torch>=2"),
        ("'torch>=2'", "torch>=2", "torch>=2"),
        ('torch"==2"', "torch==2", 'torch"==2"'),
        ("torch\\>2", "torch>2", "torch\\>2"),
    ],
)
def test_spans_leave_out_the_quotes(raw: str, value: str, text: str) -> None:
    found = requirement(word(raw, value))
    assert found is not None
    assert found.span.text == text


def test_editables_are_direct_references() -> None:
    found = requirement(word("pkg"), editable=True)
    assert found is not None
    assert (found.kind, found.url, found.editable) == ("path", "pkg", True)
    assert requirement(word("$X", None), editable=True) is None
