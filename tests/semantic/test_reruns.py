"""What runs again after an edit of the code."""

from __future__ import annotations

import pytest

from mllint.semantic.build import Build
from mllint.semantic.fact import BuildOptions
from mllint.semantic.reruns import reruns
from mllint.source import Source
from mllint.syntax.parser import parse


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("FROM a\nRUN x\nCOPY . .\nRUN y\nENV A=b\nCOPY m /m", [3, 4, 6]),
        ("FROM a\nCOPY requirements.txt .\nRUN x", []),
        ("FROM a\nCOPY train.py /app/\nRUN x", [2, 3]),
        ("FROM a\nCOPY src/ /app/\nCOPY --link model.bin /m/\nRUN x", [2, 4]),
        ("FROM a AS b\nCOPY . .\nFROM b\nRUN x", [2, 4]),
        ("FROM a AS b\nCOPY . .\nFROM a\nRUN x", [2]),
        # The environment is made before the code comes, and nothing runs after it.
        ("FROM a AS b\nRUN x\nCOPY . /src\nFROM a\nCOPY --from=b /opt/venv /opt/venv", [3]),
        ("FROM a AS b\nRUN x\nCOPY . /src\nFROM a\nCOPY --from=b /src /src\nRUN y", [3, 5, 6]),
        ("FROM a AS b\nCOPY . /src\nRUN x\nFROM a\nCOPY --from=b /opt/venv /opt/venv", [2, 3, 5]),
        ("FROM a\nCOPY --from=other /src /src\nRUN x", []),
        ("FROM a\nRUN --mount=type=bind,target=/src x\nRUN y", [2, 3]),
        ("FROM a\nRUN --mount=type=bind,source=uv.lock,target=uv.lock x\nRUN y", []),
    ],
)
def test_reruns(text, lines):
    build = Build(parse(Source("Dockerfile", text)), BuildOptions())
    build.derive_inherited()
    again = {each.line for reach in reruns(build).values() for each in reach.instructions}

    assert sorted(again) == lines
