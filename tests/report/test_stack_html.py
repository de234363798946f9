"""The page that `mllint stack --format html` writes: what is on it, and what a hostile file cannot do to it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from mllint.cli import main

TEXT = """\
FROM python:3.12.7-slim AS build
WORKDIR /src
COPY app.py .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir torch==2.4.0

FROM python:3.12.7-slim AS serve
RUN echo "</script><img src=x onerror=alert(1)>" && echo '" onmouseover="alert(2)'
ENV HF_TOKEN=hf_QmVkZjRtYnLpXwSaGcHdUeIoTyKrNb7281
COPY --from=build /opt/venv /opt/venv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["/opt/venv/bin/uvicorn", "app:app"]
"""
#: Elements that a page of this kind has no use for.
FORBIDDEN = {"script", "img", "iframe", "object", "embed", "link", "base", "form", "audio", "video"}
#: Elements without an end tag.
VOID = {"meta", "path"}


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data

    @property
    def ids(self) -> list[str]:
        return [each["id"] for _, each in self.elements if each.get("id")]

    @property
    def addresses(self) -> list[str]:
        names = ("href", "src", "srcset", "action", "data", "xlink:href")
        return [value for _, each in self.elements for name in names if (value := each.get(name)) is not None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("fastapi==0.115.0\n\n\n\n\n\n\n\nnumpy\n", encoding="utf-8")
    (tmp_path / "app.py").write_text("import torch\n", encoding="utf-8")

    def make(text: str = TEXT, *options: str) -> str:
        (tmp_path / "Dockerfile").write_text(text, encoding="utf-8")
        result = CliRunner().invoke(main, ["stack", "--isolated", "--format", "html", "Dockerfile", *options])
        assert result.exit_code in (0, 1), result.output
        return result.stdout

    return make


def test_every_element_is_closed_and_every_id_is_there_once(write):
    page = Page(write())

    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_every_link_reaches_a_place_of_the_page(write):
    page = Page(write())

    assert page.addresses
    assert {address[1:] for address in page.addresses} <= set(page.ids)
    assert all(address.startswith("#") for address in page.addresses)


def test_a_finding_leads_to_its_line_in_the_dockerfile_and_in_the_requirements_file(write):
    text = write()

    assert '<a href="#f0L12">line 12</a> <strong>ML510</strong>' in text
    assert '<a href="#f0s1L9">requirements.txt line 9</a> <strong>ML203</strong>' in text
    assert '<div class="line found" id="f0s1L9"><a href="#f0s1L9">9</a><code>numpy</code></div>' in text
    # The lines of another file that no finding is about are left out.
    assert "fastapi==0.115.0</code>" not in text


def test_what_a_file_says_stays_text(write):
    page = Page(write())

    assert not {tag for tag, _ in page.elements} & FORBIDDEN
    assert not [name for _, each in page.elements for name in each if name.startswith("on")]
    assert "</script><img src=x onerror=alert(1)>" in page.said


@pytest.mark.parametrize(
    "text",
    [
        'FROM python:3.12 AS "><svg/onload=alert(1)>\n',
        "FROM <script>alert(1)</script>\nRUN pip install torch\n",
        'FROM python:3.12\nCOPY ["<img src=x onerror=alert(1)>", "/a"]\n',
        'FROM python:3.12\nRUN pip install "numpy<style>@import url(//x)</style>"\n',
        "FROM python:3.12\nCOPY --from=<iframe> /a /b\n",
        "FROM python:3.12\nRUN --mount=type=bind,from=<object>,source=\"'><a> pip install x\n",
    ],
)
def test_hostile_names_stay_text_too(write, text):
    page = Page(write(text))

    assert not {tag for tag, _ in page.elements} & FORBIDDEN
    assert page.open == []
    assert all(address.startswith("#") for address in page.addresses)


def test_control_characters_are_shown_as_escapes(write):
    text = write("FROM python:3.12.7-slim\nRUN echo \u202egnp.exe \x1b[31m\n")

    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "\\u202egnp.exe" in text


def test_nothing_may_be_loaded_and_no_script_may_run(write):
    head = next(each for tag, each in Page(write()).elements if "http-equiv" in each)

    assert head == {
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; style-src 'unsafe-inline'",
    }
    assert "@import" not in write()
    assert "url(" not in write().replace("url(#tip)", "")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (TEXT, "hf_QmVkZjRtYnLpXwSaGcHdUeIoTyKrNb7281"),
        ("FROM a\nENV DB_PASSWORD='vT9-kk2!pq'\nRUN echo vT9-kk2!pq\n", "vT9-kk2!pq"),
        ("FROM a\nRUN wandb login 5f0c3e0d9b8a7766554433221100ffeeddccbbaa\n", "5f0c3e0d9b8a77"),
        ("FROM a\nRUN pip install git+https://bot:g7Hq2zLw91@git.test/a/b.git\n", "g7Hq2zLw91"),
    ],
)
def test_secrets_are_hidden_also_where_their_rule_is_off(write, tmp_path, text, secret):
    assert secret not in write(text)

    (tmp_path / "pyproject.toml").write_text('[tool.mllint]\nignore = ["ML404"]\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["stack", "--format", "html", "Dockerfile"])
    assert result.stdout.startswith("<!DOCTYPE html>")
    assert "ML404" not in result.stdout
    assert secret not in result.stdout


def test_a_secret_of_a_requirements_file_is_hidden(write, tmp_path):
    line = "--extra-index-url https://bot:g7Hq2zLw91@packages.test/simple\nnumpy\n"
    (tmp_path / "requirements.txt").write_text(line, encoding="utf-8")
    text = write()

    assert "https://bot:**********@packages.test/simple" in text
    assert "g7Hq2zLw91" not in text


def test_layers_that_an_edit_of_the_code_makes_anew(write):
    text = write()

    # app.py goes above the install of torch, whose environment the last stage copies.
    assert '<tr class="again"><td class="at">COPY <a href="#f0L9">line 9</a>' in text
    assert '<tr class="kept"><td class="at">FROM <a href="#f0L6">line 6</a>' in text
    assert "an edit of the code makes" in text


def test_a_file_without_stages_and_several_files(write, tmp_path):
    write("# nothing\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "Dockerfile").write_text("FROM python:3.12.7-slim\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["stack", "--isolated", "--format", "html", ".", "-o", "out.html"])

    page = Page((tmp_path / "out.html").read_text(encoding="utf-8"))
    assert result.exit_code == 0
    assert "There is no stage in it." in page.said
    assert {"f0", "f1"} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
