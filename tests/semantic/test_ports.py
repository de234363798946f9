from __future__ import annotations

import pytest

from mllint.semantic.ports import port_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8080", 8080),
        ("0", 0),
        ("65535", 65535),
        ("65536", None),
        ("99999999", None),
        ("9" * 5000, None),
        ("²", None),
        ("٣", None),
        ("$PORT", None),
        ("-1", None),
        ("", None),
    ],
)
def test_port_number(text: str, expected: int | None) -> None:
    assert port_number(text) == expected


def test_exposed_ports(build) -> None:
    found = build("FROM scratch AS a\nARG P=9000\nEXPOSE 80/tcp 90-99 ² http\nFROM a\nEXPOSE $P $UNKNOWN " + "9" * 5000)
    assert [(port, span.text) for port, span in found.final.exposed] == [(80, "80/tcp"), (90, "90-99"), (9000, "$P")]
