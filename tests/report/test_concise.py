from __future__ import annotations

import io
import re
from typing import Any

from mllint.finding import Edit, Fix, Severity
from mllint.report import concise, statistics
from mllint.report.run import Run
from mllint.report.style import Style
from mllint.report.text import visible
from mllint.source import Source


def shown(run: Run, module: Any = concise, **style: Any) -> str:
    out = io.StringIO()
    module.write(run, out, Style()._replace(**style))
    return out.getvalue()


EXPECTED = """\
app/Dockerfile:1:6: info ML102 The tag may move.
app/Dockerfile:3:69: error ML303 `cu122` was never published by PyTorch, so that pip finds no torch 2.1.0 and the \
build stops here.
app/Dockerfile:4:5: warning ML201 Four packages have no version.
app/Dockerfile:9:1: warning ML501 The container runs as root.
app/requirements.txt:2:1: warning ML203 Any later torch.
bad/Dockerfile: error: is not UTF-8
mllint: error: rule ML999 failed
1 error, 3 warnings, 1 note in 2 files (2 fixable; 1 suppressed); 2 problems
"""


def test_a_line_per_finding(run: Run) -> None:
    assert shown(run) == EXPECTED


def test_colour(run: Run) -> None:
    coloured = shown(run, color=True)
    assert "\x1b[1;31merror\x1b[0m \x1b[1mML303\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == EXPECTED


def test_quiet_leaves_out_the_summary(run: Run) -> None:
    assert shown(run, quiet=True) == "".join(EXPECTED.splitlines(keepends=True)[:-1])


def test_suppressed_findings_on_request(run: Run) -> None:
    line = "app/Dockerfile:2:1: warning ML601 Something is wrong. [suppressed by comment: it is tiny]\n"
    assert line in shown(run, show_suppressed=True)


def test_a_message_stays_on_its_line_and_steers_nothing(make: Any) -> None:
    source = Source("a\nb", "FROM a\n")
    text = shown(make.run(make.finding(source.span(0, 4), message="one\n  two\r\n\x1b[2Jthree\u2028four\u00a0five")))
    assert text.splitlines()[0] == "a\\nb:1:1: warning ML101 one two \\x1b[2Jthree four\\xa0five"


def test_visible() -> None:
    assert visible("é名🚀") == "é名🚀"
    assert visible("\x00\x7f\x9b\u200b\udc80") == "\\x00\\x7f\\x9b\\u200b\\udc80"
    assert visible("é🚀", unicode=False) == "\\xe9\\U0001f680"


def test_statistics(run: Run, make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    more = [make.finding(source.span(0, 4), "ML501", name="root-user")] * 11
    text = shown(run._replace(findings=(*run.findings, *more)), statistics)
    assert text.splitlines() == [
        "12  ML501  warning  root-user (1 fixable)",
        " 1  ML102  info     base-image-without-digest",
        " 1  ML201  warning  unpinned-package",
        " 1  ML203  warning  unpinned-requirements",
        " 1  ML303  error    unknown-cuda-wheel-index (1 fixable)",
        "1 error, 14 warnings, 1 note in 2 files (2 fixable; 1 suppressed); 2 problems",
    ]


def test_statistics_count_what_is_fixable_by_level(make: Any) -> None:
    source = Source("Dockerfile", "FROM a\n")
    fix = Fix("Do it", (Edit(source.span(0, 4), "X"),))
    found = [make.finding(source.span(0, 4), fix=fix)] * 2 + [make.finding(source.span(0, 4), severity=Severity.INFO)]
    assert shown(make.run(*found), statistics).splitlines()[:2] == [
        "2  ML101  warning  some-name (2 fixable)",
        "1  ML101  info     some-name",
    ]


def test_statistics_of_a_clean_run() -> None:
    assert shown(Run("1"), statistics) == "No findings in 0 files\n"
