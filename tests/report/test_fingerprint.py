from __future__ import annotations

import random

import pytest

from mllint.report.fingerprint import line_hashes


def slow_hashes(text: str) -> dict[int, str]:
    """The same hash written the long way: every character is looked at, every line is summed anew."""
    units: list[int] = []
    for char in text:
        data = char.encode("utf-16-be", "surrogatepass")
        units += [data[at] * 256 + data[at + 1] for at in range(0, len(data), 2)]
    kept: list[int] = []
    after_cr = False
    for unit in units:
        if unit in (32, 9) or (after_cr and unit == 10):
            after_cr = False
            continue
        after_cr = unit == 13
        kept.append(10 if unit == 13 else unit)
    kept.append(65535)
    starts = [at for at in range(len(kept)) if at == 0 or kept[at - 1] == 10]
    hashes: dict[int, str] = {}
    seen: list[str] = []
    for line, start in enumerate(starts, start=1):
        window = (kept[start : start + 100] + [0] * 100)[:100]
        value = format(sum(unit * 37 ** (99 - at) for at, unit in enumerate(window)) % 2**64, "x")
        seen.append(value)
        hashes[line] = f"{value}:{seen.count(value)}"
    return hashes


CASES = {
    "empty": "",
    "one line": "FROM python:3.11\n",
    "no final line end": "FROM python:3.11\nUSER app",
    "crlf": "FROM a\r\nRUN b\r\n\r\nCMD c\r\n",
    "cr": "FROM a\rRUN b\r\rCMD c",
    "cr blank lf": "FROM a\r \nRUN b",
    "mixed": "a\r\r\nb\n\rc",
    "byte order mark": "\ufeffFROM a\nRUN b\n",
    "emoji": 'LABEL x="🚀👩‍💻"\nRUN é\n',
    "blanks": "\tRUN  a\n    \n\n  b  \n",
    "repeated": "RUN a\n" * 60,
    "many blank lines": "\n" * 250,
    "long line": "RUN " + "x" * 1000 + "\nUSER app\n",
    "lone surrogate": "RUN \udc80\n",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_agrees_with_the_definition(text: str) -> None:
    assert line_hashes(text) == slow_hashes(text)


@pytest.mark.parametrize("seed", range(30))
def test_agrees_on_random_text(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choices("ab \t\n\r\ufeff🚀é", k=chance.randrange(600)))
    assert line_hashes(text) == slow_hashes(text)


def test_known_values() -> None:
    # 65535 followed by 99 zeros, and the letter "a" before it: worked out by hand from the definition.
    assert line_hashes("") == {1: f"{65535 * 37**99 % 2**64:x}:1"}
    assert line_hashes("a") == {1: f"{(97 * 37**99 + 65535 * 37**98) % 2**64:x}:1"}


def test_equal_lines_are_numbered() -> None:
    hashes = list(line_hashes("RUN a\n" * 60).values())
    assert [value.split(":")[1] for value in hashes[:3]] == ["1", "2", "3"]
    assert len(set(hashes)) == len(hashes)


def test_lines_above_do_not_matter() -> None:
    text = "FROM a\n" + "RUN something that is longer than the window, " * 4
    assert line_hashes("ARG v\n\n" + text)[3] == line_hashes(text)[1]
