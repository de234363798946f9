from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FROM python:3.12.7\n", True),
        ("FROM python:3.12.7-slim\n", False),
        ("FROM example/base\n", None),
        ("FROM python:3.12.7-slim\nRUN apt-get install -y curl\n", True),
        ("FROM python:3.12.7-slim\nRUN apt-get install -y curl && apt-get purge -y curl\n", False),
        ("FROM python:3.12.7-slim\nRUN apt-get install -y git\n", False),
        ("FROM python:3.12.7-slim\nARG MORE\nRUN apt-get install -y $MORE\n", None),
        ("FROM python:3.12.7-slim\nCOPY --from=example/tools /usr/bin/curl /usr/bin/curl\n", None),
        ("FROM python:3.12.7-slim\nCOPY curl /opt/\n", None),
        ("FROM python:3.12.7-slim\nCOPY . /app\n", False),
        ("FROM continuumio/miniconda3:24.1.2-0\nRUN conda install git\n", None),
        ("FROM python:3.12.7-slim AS a\nRUN apt-get install -y curl\nFROM a\n", True),
        ("FROM python:3.12.7-slim\nRUN curl -O https://example.org/a\n", None),
    ],
)
def test_whether_a_program_is_there(build, text, found):
    assert build(text).final.has_command("curl") is found
