from __future__ import annotations

import pytest

from mllint.semantic.probes import probe_of, request_words, setting


def probe(build, check, base="python:3.12.7"):
    return probe_of(build(f"FROM {base}\nHEALTHCHECK {check}\n").final)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("exit 0", "exit 0"),
        ("curl -f localhost || true", "true"),
        ("curl -f localhost; exit 0", "exit 0"),
        ("curl -f localhost || exit 1", None),
        ("curl -f localhost && exit 0", None),
        ("curl -f localhost || exit", None),
        ("set -e; curl -f localhost; true", None),
        ("if curl -f localhost; then exit 0; else exit 1; fi", None),
    ],
)
def test_what_makes_a_check_succeed_whatever_happens(build, check, said):
    span = probe(build, f"CMD {check}").always_well

    assert (span.text if span is not None else None) == said


@pytest.mark.parametrize(
    ("check", "ports"),
    [
        ("curl -f http://localhost:8000/health", [8000]),
        ("curl -f localhost:8000", [8000]),
        ("wget -q http://127.0.0.1/x", [80]),
        ("curl -kf https://[::1]/", [443]),
        ("curl -f http://example.org:8000/", []),
        ("curl -f http://localhost:$PORT/", []),
        ("python -c \"import requests; requests.get('http://0.0.0.0:9/')\"", [9]),
        ("test -f localhost", []),
    ],
)
def test_the_ports_that_a_check_asks(build, check, ports):
    assert [request.port for request in probe(build, f"CMD {check}").requests] == ports


@pytest.mark.parametrize(
    ("options", "name", "seconds"),
    [
        ("", "interval", 30),
        ("--interval=1m30s", "interval", 90),
        ("--interval=500ms", "interval", 0.5),
        ("--start-period=0s", "start-period", 0),
        ("--retries=5", "retries", 5),
        ("--retries=0", "retries", 3),
        ("--interval=$EVERY", "interval", None),
    ],
)
def test_the_options_of_a_check(build, options, name, seconds):
    assert setting(probe(build, f"{options} CMD true").instruction, name) == seconds


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("FROM python:3.12.7\n", '["curl"'),
        ("FROM python:3.12.7-slim\n", '["python"'),
        ("FROM ubuntu:22.04\nRUN apt-get install -y python3\n", '["python3"'),
        ("FROM example/base\nRUN apt-get install -y wget\n", '["wget"'),
        ('FROM example/base\nCMD ["uvicorn", "a:b"]\n', '["python3"'),
        ('FROM example/base\nCMD ["llama-server"]\n', None),
        ("FROM example/base\n", None),
    ],
)
def test_a_request_is_made_with_what_the_image_has(build, text, client):
    stage = build(text).final
    words = request_words(stage, stage.servers[0] if stage.servers else None, "http://127.0.0.1:1/")

    assert (words.partition(",")[0] if words is not None else None) == client
