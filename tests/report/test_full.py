from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

import pytest

from mllint.finding import Applicability, Edit, Fix, Related, Severity
from mllint.report.full import write
from mllint.report.run import FileReport, Run
from mllint.report.style import Style
from mllint.source import Source


def shown(run: Run, **style: object) -> str:
    out = io.StringIO()
    write(run, out, Style()._replace(**style))
    return out.getvalue()


EXPECTED = """\
── app/Dockerfile ─ serving ────────────────────────────────────────────────────

info ML102 base-image-without-digest  app/Dockerfile:1:6
       The tag may move.

error ML303 unknown-cuda-wheel-index  app/Dockerfile:3:69
   3 │ RUN pip install torch==2.1.0 --index-url https://wheels.example/whl/cu122
     │                                                                     ━━━━━
       `cu122` was never published by PyTorch, so that pip finds no torch 2.1.0
       and the build stops here.
   1 │ FROM nvidia/cuda:12.2.0-base-ubuntu22.04 AS serve
     │      ─────────────────────────────────── The base image brings CUDA 12.2.
       app/requirements.txt:2:1
   2 │ torch>=2
     │ ──────── Wanted here.
   fix Use the index for CUDA 12.1
   3 - RUN pip install torch==2.1.0 --index-url https://wheels.example/whl/cu122
     + RUN pip install torch==2.1.0 --index-url https://wheels.example/whl/cu121

warning ML201 unpinned-package  app/Dockerfile:4:5
   4 ┃ RUN pip install \\
   5 ┃     numpy \\
   6 ┃     pandas \\
     ┃ … 2 more lines
       Four packages have no version.

warning ML501 root-user  app/Dockerfile:9:1
   9 │ USER root
     │ ━━━━━━━━━
       The container runs as root.
   fix Switch to a user (check it first)
   9 - USER root
     + RUN useradd app
     + USER app

── app/requirements.txt ────────────────────────────────────────────────────────

warning ML203 unpinned-requirements  app/requirements.txt:2:1
   2 │ torch>=2
     │ ━━━━━━━━
       Any later torch.

error bad/Dockerfile: is not UTF-8
error mllint: rule ML999 failed

1 error, 3 warnings, 1 note in 2 files (2 fixable; 1 suppressed); 2 problems
"""


def test_the_whole_page_at_80_columns(run: Run) -> None:
    assert shown(run) == EXPECTED


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_is_wider_than_the_terminal(run: Run, width: int, unicode: bool) -> None:
    unfolded = run._replace(errors=())
    lines = shown(unfolded, width=width, unicode=unicode, quiet=True).splitlines()
    assert max(len(line) for line in lines) <= width


def test_ascii_only(run: Run) -> None:
    text = shown(run, unicode=False)
    assert text.isascii()
    assert "   3 | RUN pip install" in text
    assert "^^^^^" in text
    assert "     > ... 2 more lines" in text


def test_code_in_the_prose_is_coloured_and_not_broken(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    message = "Thirty characters are in front, `RUN useradd --create-home app`, and `" + "long " * 20 + "` is broken."
    finding = make.finding(source.span(0, 4), message=message)
    lines = [line.strip() for line in shown(make.run(finding), width=60).splitlines()]
    assert "`RUN useradd --create-home app`, and `long long long" in lines
    coloured = shown(make.run(finding), width=60, color=True)
    assert "\x1b[36m`RUN useradd --create-home app`\x1b[0m" in coloured
    assert "\ue000" not in coloured
    odd = make.finding(source.span(0, 4), message="One ` alone stays as it is.")
    assert "One ` alone stays as it is." in shown(make.run(odd), color=True)


def test_colour_changes_nothing_but_the_colour(run: Run) -> None:
    import re

    coloured = shown(run, color=True)
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == EXPECTED


def test_links_lead_to_the_rule_only_where_they_are_wanted(run: Run) -> None:
    rules = {code: rule._replace(url=f"https://docs.example/{code}") for code, rule in run.rules.items()}
    linked = shown(run._replace(rules=rules), color=True, links=True)
    assert "\x1b]8;" in linked
    assert "https://docs.example/ML303" in linked
    assert "\x1b]8;" not in shown(run._replace(rules=rules), color=True)


def test_suppressed_findings_are_shown_on_request_only(run: Run) -> None:
    assert "ML601" not in shown(run)
    text = shown(run, show_suppressed=True)
    assert "warning ML601 poor-layer-order  app/Dockerfile:2:1\n" in text
    assert "suppressed by comment: it is tiny" in text


def test_a_clean_run_says_so() -> None:
    clean = Run("1", files=(FileReport("a"), FileReport("b"), FileReport("c")))
    assert shown(clean) == "No findings in 3 files\n"
    assert shown(clean, quiet=True) == ""


def test_a_clean_run_does_not_load_rich() -> None:
    code = (
        "import io, sys; before = set(sys.modules)\n"
        "from mllint.report import registry; from mllint.report.run import Run\n"
        "registry.write('full', Run('1'), io.StringIO()); registry.write('concise', Run('1'), io.StringIO())\n"
        "print(sorted({'rich', 'sarif_om', 'json', 'attr'} & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\r\x00"


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("show_suppressed", [True, False])
def test_a_file_cannot_steer_the_terminal(severity: Severity, show_suppressed: bool, make: Any) -> None:
    source = Source(f"dir{HOSTILE}/Dockerfile", f"FROM a{HOSTILE}b\nUSER x\n")
    span = source.span(5, 7)
    hostile = make.finding(
        span,
        severity=severity,
        message=f"It says {HOSTILE}.",
        related=(Related(span, f"Here {HOSTILE}"), Related(Source(f"o{HOSTILE}", HOSTILE).span(0, 3), HOSTILE)),
        fix=Fix(f"Do {HOSTILE}", (Edit(span, HOSTILE),)),
    )
    text = shown(make.run(hostile), show_suppressed=show_suppressed)
    assert not [char for char in text if not char.isprintable() and char != "\n"]
    assert "\\x1b" in text


def test_markup_in_a_message_is_shown_as_it_is(make: Any) -> None:
    source = Source("Dockerfile", "FROM [red]x[/red] :smile:\n")
    text = shown(make.run(make.finding(source.span(5, 17), message="Is [bold]this[/bold] :smile:?")))
    assert "FROM [red]x[/red] :smile:" in text
    assert "Is [bold]this[/bold] :smile:?" in text


def test_a_long_proposal_is_left_to_its_title(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    fix = Fix("Write it anew", (Edit(source.span(0, 0), "ARG X\n" * 9),))
    text = shown(make.run(make.finding(source.span(0, 4), fix=fix)))
    assert "fix Write it anew" in text
    assert "ARG X" not in text


def test_a_fix_without_edits_is_a_hint(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    fix = Fix("Ask the publisher", (), Applicability.DISPLAY)
    assert "\n  hint Ask the publisher\n" in shown(make.run(make.finding(source.span(0, 4), fix=fix)))


def test_many_related_places_are_counted(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n" * 8)
    related = tuple(Related(source.span(7 * line, 7 * line + 4), f"place {line}") for line in range(1, 8))
    text = shown(make.run(make.finding(source.span(0, 4), related=related)))
    assert "place 4" in text
    assert "place 5" not in text
    assert "… and 3 more places" in text


def test_line_numbers_of_a_file_share_one_gutter(make: Any) -> None:
    source = Source("Dockerfile", "\n" * 12344 + "FROM a\n")
    start = source.text.index("FROM")
    near = make.finding(source.span(0, 0))
    text = shown(make.run(near, make.finding(source.span(start, start + 4))))
    assert "\n  12345 │ FROM a\n" in text
    assert "\n      1 │\n        │ ━\n" in text


def test_a_long_path_puts_the_place_on_its_own_line(make: Any) -> None:
    source = Source("a/" * 40 + "Dockerfile", "FROM a\n")
    assert f"\nwarning ML101 some-name\n       {source.path}:1:1\n" in shown(make.run(make.finding(source.span(0, 4))))


def test_files_come_in_the_order_in_which_they_were_linted(make: Any) -> None:
    late, early = Source("b/Dockerfile", "FROM a\n"), Source("a/Dockerfile", "FROM a\n")
    text = shown(make.run(make.finding(late.span(0, 4)), make.finding(early.span(0, 4))))
    assert text.index("b/Dockerfile") < text.index("a/Dockerfile")


def test_a_finding_at_the_end_of_an_empty_file(make: Any) -> None:
    source = Source("Dockerfile", "")
    assert "   1 │\n     │ ━\n" in shown(make.run(make.finding(make.span(source, ""))))
