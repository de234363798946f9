from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint.semantic.build import Build
from mllint.semantic.fact import BuildOptions
from mllint.source import Source
from mllint.syntax.parser import parse

MakeBuild = Callable[..., Build]


@pytest.fixture
def build() -> MakeBuild:
    """Makes a build from text; keywords are those of BuildOptions, `path` names the file."""

    def make(text: str, path: str = "<stdin>", **options: object) -> Build:
        return Build(parse(Source(path, text)), BuildOptions(**options))  # type: ignore[arg-type]

    return make
