"""Pins and versions as text."""

from __future__ import annotations

import pytest
from packaging.utils import canonicalize_name

from mllint.packages.requirement import Requirement
from mllint.packages.version import (
    Version,
    archive_name_version,
    clauses,
    compare_releases,
    exact_version,
    is_archive,
    is_pinned,
    normalize_name,
    parse_version,
    vcs_ref,
)
from mllint.source import Source


@pytest.mark.parametrize(
    ("specifier", "ecosystem", "version", "pinned"),
    [
        ("", "python", None, False),
        ("==2.1.0", "python", "2.1.0", True),
        ("== 2.1.0", "python", "2.1.0", True),
        ("==2.1.0+cu118", "python", "2.1.0+cu118", True),
        ("===2.1", "python", "2.1", True),
        ("(==2.1)", "python", "2.1", True),
        (">=2,==2.1", "python", "2.1", True),
        ("==2.*", "python", None, False),
        (">=2", "python", None, False),
        ("~=2.1", "python", None, False),
        ("!=2.1", "python", None, False),
        ("=2.1", "python", None, False),
        ("@1.2.3", "python", "1.2.3", True),
        ("@latest", "python", None, False),
        ("@^1.2", "python", None, False),
        ("==${TORCH}", "python", None, True),
        ("==2.1.0+${CUDA}", "python", None, True),
        ("==$(cat version)", "python", None, True),
        (">=${TORCH}", "python", None, False),
        ("=1", "conda", None, False),
        ("=1.26", "conda", None, True),
        ("=1.26.*", "conda", None, True),
        ("=1.26.4", "conda", "1.26.4", True),
        ("=1.26.4=py311_0", "conda", "1.26.4", True),
        ("=1.26=py311_0", "conda", "1.26", True),
        ("==1.26", "conda", "1.26", True),
        ("==1.26.*", "conda", None, True),
        ("1.26.4", "conda", "1.26.4", True),
        ("1.26.4 py_0", "conda", "1.26.4", True),
        ("1.26.*", "conda", None, True),
        ("=1.26|=1.27", "conda", None, False),
        (">=1.26,<2", "conda", None, False),
        ("=${NUMPY}", "conda", None, True),
        ("=1.2-3ubuntu1", "system", "1.2-3ubuntu1", True),
        ("=1:2.40-1", "system", "1:2.40-1", True),
        ("=12.4.*", "system", None, True),
        ("=12*", "system", None, False),
        ("=${V}", "system", None, True),
        ("~=3.11", "system", None, False),
        ("=~3.11", "system", None, True),
        (">1", "system", None, False),
        ("-12.4.127-1", "system", "12.4.127-1", True),
        ("@1.2.3", "npm", "1.2.3", True),
        ("@1.2", "npm", None, False),
        ("@latest", "npm", None, False),
        ("@^1.2.3", "npm", None, False),
    ],
)
def test_exact_and_pinned(specifier: str, ecosystem: str, version: str | None, pinned: bool) -> None:
    assert exact_version(specifier, ecosystem) == version
    assert is_pinned(specifier, ecosystem, "index", None) is pinned


@pytest.mark.parametrize(
    ("kind", "url", "pinned"),
    [
        ("path", ".", True),
        ("url", "https://example.com/torch-2.1.0-cp311-cp311-linux_x86_64.whl", True),
        ("url", "https://github.com/a/b/archive/v1.0.zip", True),
        ("url", "https://github.com/a/b/archive/main.zip", False),
        ("url", "https://github.com/a/b/archive/refs/heads/dev-2.tar.gz", False),
        ("url", "https://github.com/a/b/archive/refs/tags/v2.tar.gz", True),
        ("vcs", "git+https://github.com/a/b", False),
        ("vcs", "git+https://github.com/a/b@main", False),
        ("vcs", "git+https://github.com/a/b@v1.2.3", True),
        ("vcs", "git+https://github.com/a/b@release-1.2", True),
        ("vcs", "git+https://github.com/a/b.git@0123abcd#egg=b", True),
        ("vcs", "git+https://user@github.com/a/b", False),
        ("vcs", "git+ssh://git@github.com/a/b.git@${REF}", True),
    ],
)
def test_direct_references_are_pinned_when_they_cannot_move(kind: str, url: str, pinned: bool) -> None:
    assert is_pinned("", "python", kind, url) is pinned


@pytest.mark.parametrize(
    ("url", "ref"),
    [
        ("git+https://github.com/a/b", None),
        ("git+https://github.com/a/b@v1", "v1"),
        ("git+https://user@host/a/b", None),
        ("git+ssh://git@host/a/b.git@feature/x#egg=b", "feature/x"),
        ("git+https://host/a/b@", None),
    ],
)
def test_vcs_ref(url: str, ref: str | None) -> None:
    assert vcs_ref(url) == ref


@pytest.mark.parametrize(
    ("path", "name", "version"),
    [
        ("torch-2.1.0+cu118-cp310-cp310-linux_x86_64.whl", "torch", "2.1.0+cu118"),
        ("https://x.example/whl/torch-2.1.0%2Bcu118-cp310-cp310-linux_x86_64.whl#sha256=0", "torch", "2.1.0+cu118"),
        ("/tmp/a_b-1.0-1-py3-none-any.whl", "a_b", "1.0"),
        ("dist/*.whl", None, None),
        ("dist/torch-*.whl", "torch", None),
        ("apex-0.1.tar.gz", "apex", "0.1"),
        ("scikit-learn-1.2.3.zip", "scikit-learn", "1.2.3"),
        ("https://github.com/a/b/archive/main.zip", None, None),
        ("https://github.com/a/b/archive/v1.0.tar.gz", None, None),
        ("foo-${V}-py3-none-any.whl", "foo", None),
        ("notes.txt", None, None),
    ],
)
def test_archive_name_version(path: str, name: str | None, version: str | None) -> None:
    assert archive_name_version(path) == (name, version)


@pytest.mark.parametrize(
    ("path", "archive"),
    [("a.whl", True), ("a.tar.gz", True), ("A.ZIP", True), ("a.whl?x=1", True), ("a.txt", False), ("whl", False)],
)
def test_is_archive(path: str, archive: bool) -> None:
    assert is_archive(path) is archive


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2.1.0", Version((2, 1, 0), "", "")),
        ("2.1.0+CU118", Version((2, 1, 0), "", "cu118")),
        ("v1.2", Version((1, 2), "", "")),
        ("1!2.0", Version((2, 0), "", "")),
        ("2.0rc1", Version((2, 0), "rc1", "")),
        ("2.0.post1+x", Version((2, 0), ".post1", "x")),
        ("latest", None),
        ("", None),
    ],
)
def test_parse_version(text: str, version: Version | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [((2, 1), (2, 1, 0), 0), ((2, 1), (2, 10), -1), ((3,), (2, 9, 9), 1), ((), (0,), 0)],
)
def test_compare_releases(left: tuple[int, ...], right: tuple[int, ...], order: int) -> None:
    assert compare_releases(left, right) == order


def test_clauses() -> None:
    assert clauses(" >= 2 , <3,!=2.5 ") == ((">=", "2"), ("<", "3"), ("!=", "2.5"))
    assert clauses("") == ()
    assert clauses("1.2") == (("", "1.2"),)


@pytest.mark.parametrize("name", ["Torch", "a.b_c--D", "huggingface_hub", "x"])
def test_names_are_normalised_as_packaging_does(name: str) -> None:
    assert normalize_name(name) == canonicalize_name(name)


def test_a_wheels_name_gives_the_version() -> None:
    url = "/tmp/torch-2.1.0-cp310-cp310-linux_x86_64.whl"
    found = Requirement("torch", (), "", "path", url, Source("f", url).span(0, len(url)))
    assert found.version == "2.1.0"
    assert found.label == "torch"
    assert found.ref is None
