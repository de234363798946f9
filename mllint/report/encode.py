"""JSON text that people can read and programs can read fast: the outer levels take a line per item."""

from __future__ import annotations

from typing import Any


def encode(value: Any, depth: int) -> str:
    """The value as JSON in ASCII; down to `depth` levels each item stands on a line of its own, below that on one.

    Raises ValueError for a number that JSON does not have (NaN, infinity).
    """
    return _encode(value, depth, "\n")


def _encode(value: Any, depth: int, newline: str) -> str:
    import json

    deeper = f"{newline}  "
    if depth and value and isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_encode(item, depth - 1, deeper)}" for key, item in value.items()]
        return f"{{{deeper}{f',{deeper}'.join(items)}{newline}}}"
    if depth and value and isinstance(value, list):
        items = [_encode(item, depth - 1, deeper) for item in value]
        return f"[{deeper}{f',{deeper}'.join(items)}{newline}]"
    return json.dumps(value, allow_nan=False)
