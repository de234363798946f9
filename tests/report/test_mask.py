from __future__ import annotations

import io

import pytest

from mllint.finding import Edit, Fix, Related, Suppression
from mllint.report.mask import Mask
from mllint.report.registry import find, load
from mllint.report.style import Style
from mllint.source import Source

SECRET = "hf_" + "QwErTy" * 6
TEXT = f"FROM python:3.12.7-slim\nENV A={SECRET} B=s3cretword\nRUN tool --a {SECRET} \\\n    --b\n"


@pytest.fixture
def source():
    return Source("Dockerfile", TEXT)


def output(name, run, **style):
    out = io.StringIO()
    load(find(name))(run, out, Style()._replace(**style))
    return out.getvalue()


def secrets(make, source):
    return [
        make.finding(make.span(source, SECRET), "ML404", secret=True),
        make.finding(make.span(source, "s3cretword"), "ML404", secret=True),
        make.finding(make.span(source, SECRET, 1), "ML404", secret=True, suppressed=Suppression("comment", None)),
    ]


@pytest.mark.parametrize("name", ["full", "concise", "json", "sarif", "github"])
def test_no_format_shows_a_secret(make, source, name):
    other = make.finding(
        make.span(source, "tool"),
        "ML999",
        related=(Related(make.span(source, "B="), "set here"),),
        fix=Fix("Use another", (Edit(make.span(source, "--b"), "--c"), Edit(make.span(source, "tool"), "cat"))),
    )

    text = output(name, make.run(*secrets(make, source), other))

    assert SECRET not in text
    assert "s3cretword" not in text


def test_the_full_text_shows_where_it_stands(make, source):
    text = output("full", make.run(*secrets(make, source)))

    stars = "*" * len(SECRET)
    assert f"2 │ ENV A={stars} B=**********" in text


def test_other_lines_stay_as_they_are(make, source):
    plain = Source("other", TEXT)
    mask = Mask(secrets(make, source))

    assert mask.span(plain.span(0, 4)).source is plain
    shown = mask.span(source.span(0, len(TEXT)))
    assert len(shown.text) == len(TEXT)
    assert shown.text.count("\n") == TEXT.count("\n")
    assert shown.text.startswith("FROM python:3.12.7-slim\nENV A=***")
    assert source.text == TEXT
