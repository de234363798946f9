"""What the rules about missing Pythons, programs and libraries say to do."""

from __future__ import annotations

import pytest

from mllint.engine import check
from mllint.plugins import Registry
from mllint.semantic.fact import BuildOptions
from mllint.source import Source

_CUDA = "FROM nvidia/cuda:12.4.1-base-ubuntu22.04\n"
_PYTHON3 = f"{_CUDA}RUN apt-get install -y python3\n"
_VENV = "FROM python:3.11-slim AS b\nRUN python -m venv /v\n"


@pytest.mark.parametrize(
    ("rule_id", "text", "said"),
    [
        ("ML221", f"{_CUDA}RUN pip install a\n", "`nvidia/cuda:12.4.1-base-ubuntu22.04` has no `pip`"),
        ("ML221", f"{_PYTHON3}CMD python a.py\n", "stops at its start with `python: not found`. Write `python3`"),
        ("ML221", f'{_PYTHON3}CMD ["python", "a.py"]\n', 'exec: "python": executable file not found in $PATH'),
        ("ML221", f"{_CUDA}HEALTHCHECK CMD python3 a.py\nCMD true\n", "the container turns unhealthy"),
        ("ML221", f"{_CUDA}RUN python3.11 a.py\n", "`apt-get install -y python3.11`, where the release has it"),
        ("ML221", f"{_PYTHON3}RUN python3 -m pip install a\n", "`No module named pip`"),
        ("ML224", "FROM debian:12\nRUN apt install python3-pip\nRUN pip install a\n", "The Python of Debian 12 is"),
        ("ML215", "FROM python:3.12\nRUN pip install opencv-python\n", "no libGL.so.1, and nothing installs it"),
        ("ML215", "FROM python:3.12-slim\nRUN pip install lightgbm\n", "Install `libgomp1`."),
        (
            "ML215",
            "FROM python:3.12-slim\nRUN pip install ultralytics\n",
            "`ultralytics` brings `opencv-python`. `python",
        ),
        ("ML215", "FROM python:3.12-slim\nRUN pip install pdf2image\n", "probably its calls raise"),
        (
            "ML216",
            f"{_VENV}FROM debian:12\nCOPY --from=b /v /v\n",
            "`/v/bin/python` is a link to `/usr/local/bin",
        ),
        ("ML216", f"{_VENV}FROM python:3.12-slim\nCOPY --from=b /v /v\n", "the Python here is 3.12"),
    ],
)
def test_what_is_said(registry: Registry, rule_id: str, text: str, said: str) -> None:
    checked = check(Source("<stdin>", text), [registry.load(rule_id)()], BuildOptions())

    assert not checked.crashes
    (finding,) = checked.findings
    assert said in finding.message


def test_python3_is_written_inside_the_quotes(registry: Registry) -> None:
    text = f'{_PYTHON3}CMD ["python", "a.py"]\n'
    (finding,) = check(Source("<stdin>", text), [registry.load("ML221")()], BuildOptions()).findings

    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert f"{text[: edit.span.start]}{edit.content}{text[edit.span.end :]}" == text.replace('python"', 'python3"')
