from __future__ import annotations

import pytest

from mllint.shell.parser import parse_script


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('python -c "import x"', "import x"),
        ("python3.11 -u -W ignore -c 'import x\nimport y'", "import x\nimport y"),
        ("/opt/venv/bin/python3 -Ic 'import x' a b", "import x"),
        (r'python -c "print(\"$V\", \"$UNKNOWN\")"', 'print("1.2.3", "$UNKNOWN")'),
        ("conda run -n ml python -c 'x'", "x"),
        ("python3 <<EOF\nimport x  # $V \\$V\nEOF\n", "import x  # 1.2.3 $V\n"),
        ("python3 - a <<'EOF'\nimport x  # $V\nEOF\n", "import x  # $V\n"),
        ("uv run python - <<-EOF\n\timport x\n\tEOF\n", "import x\n"),
        ("<<EOF\n#!/usr/bin/env python3\nimport x\nEOF\n", "#!/usr/bin/env python3\nimport x\n"),
    ],
)
def test_code(parse, text, code):
    (command,) = parse(text).commands
    assert command.python is not None
    assert command.python.value == code


@pytest.mark.parametrize(
    "text",
    [
        "python script.py -c x",
        "python -m pip install x",
        "python -m x -c y",
        "python",
        "python -c",
        "cat > f <<EOF\nimport x\nEOF\n",
        "python script.py <<EOF\ndata\nEOF\n",
        "pythonic -c x",
        "perl -c x",
        "python $UNKNOWN <<EOF\nx\nEOF\n",
    ],
)
def test_no_code(parse, text):
    (command,) = parse(text).commands
    assert command.python is None


def test_code_leads_back_to_the_file(joined, known):
    text = 'python -c "import a; \\\n print(\\"b\\")"'
    code = parse_script(joined(text), known).commands[0].python
    assert code.value == 'import a;  print("b")'
    at = code.value.index('"b"')
    assert code.at(at, at + 3).text == '"b\\"'


@pytest.mark.parametrize(
    ("text", "dialect"),
    [("#!/usr/bin/env python3\nimport x", "sh"), ("#!/usr/bin/python\nx", "sh"), ("import x", "python")],
)
def test_body_that_is_python(plain, known, text, dialect):
    script = parse_script(plain(text), known, dialect=dialect)
    assert script.known
    assert script.commands == ()
    assert script.python is not None
    assert script.python.value == text


def test_lone_heredoc_that_is_python(parse):
    script = parse("<<EOF\n#!/usr/bin/env python3\nimport x\nEOF\n")
    assert script.python is not None
    assert script.python.value.endswith("import x\n")


@pytest.mark.parametrize("line", ["#!/bin/bash -e", "#!/usr/bin/env bash", "#! /bin/sh", "#!/usr/bin/env -S bash -e"])
def test_body_with_a_shell_line(parse, line):
    script = parse(f"{line}\npip install x")
    assert [command.name for command in script.commands] == ["pip"]


def test_body_for_another_program_is_unknown(parse):
    script = parse("#!/usr/bin/env perl\nprint 1")
    assert not script.known
    assert script.commands == ()
