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


#: What `Sarif.Multitool rewrite --insert RollingHashPartialFingerprints` (5.7.0) makes of these texts.
COMPUTED_ELSEWHERE = {
    "FROM python:3.11\nRUN pip install torch\nUSER app\n": {
        1: "2f0b8a93cca160f5:1",
        2: "329a73287e727a2c:1",
        3: "f555996bbc204ae1:1",
    },
    "FROM python:3.11\r\nRUN pip install torch\r\n\r\nUSER app\r\n": {
        1: "90ffdae00c1b631b:1",
        2: "b535a0a5e57baed2:1",
        3: "605d20d98f7074af:1",
        4: "f555996bbc204ae1:1",
    },
    'FROM a\nLABEL x="🚀👩\u200d💻 é"\nRUN é\n': {
        1: "ee56eb9bfb78451e:1",
        2: "f74f914a88703707:1",
        3: "9c20b8e0b1115adf:1",
    },
    "FROM a\n" + "RUN a\n" * 40: {
        1: "fd5096ac5b7f274d:1",
        2: "463231d774055900:1",
        4: "463231d774055900:3",
        41: "3fdc856de5d8c657:1",
    },
    "\tFROM  a\n    \n\n  RUN  b  \n": {
        1: "9efca9c53f6486e3:1",
        2: "3c5e23e571dd3ab4:1",
        3: "c17b0a2375d8e99a:1",
        4: "fea8511a093930d8:1",
    },
    "FROM a\nRUN " + "x" * 300 + "\nUSER app\n": {1: "1bfbf7f21cf728cc:1", 2: "c851f7e3f222d295:1"},
    "FROM a\nUSER app": {1: "59b7ea2858aea8da:1"},
}


@pytest.mark.parametrize(("text", "expected"), COMPUTED_ELSEWHERE.items())
def test_agrees_with_another_program(text: str, expected: dict[int, str]) -> None:
    hashes = line_hashes(text)
    assert {line: hashes[line] for line in expected} == expected
