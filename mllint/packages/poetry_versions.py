"""Poetry's version constraints as PEP 440 writes them."""

from __future__ import annotations

import re

from mllint.packages.version import parse_version
from mllint.regex import regex

_CLAUSE = regex(r"\s*(\^|~=|~|===|==|!=|>=|<=|>|<|=)?\s*([^\s,^~=!<>|]+)\s*")


def to_pep440(constraint: str) -> str:
    """`^1.2` is `>=1.2,<2`, `~1.2` is `>=1.2,<1.3`, `1.2` is `==1.2`, `*` is nothing.

    What PEP 440 cannot say (`||`) and what is no constraint stays as it is written.
    """
    text = constraint.strip()
    if text in ("", "*"):
        return ""
    found = _CLAUSE.findall(text)
    if "|" in text or re.sub(r"[\s,]", "", _CLAUSE.sub("", text)):
        return text
    clauses = [_clause(operator, version) for operator, version in found]
    return ",".join(clauses) if all(clauses) else text


def _clause(operator: str, version: str) -> str:
    if operator in ("^", "~"):
        return _range(operator, version)
    if operator in ("", "="):
        return f"=={version}"
    return f"{operator}{version}"


def _range(operator: str, version: str) -> str:
    """The half-open range of a caret or a tilde; "" when the version is none."""
    parsed = parse_version(version)
    if parsed is None or "*" in version:
        return ""
    release = parsed.release
    if operator == "~":
        kept = min(len(release), 2) - 1
    else:
        # The first number that is not 0 stays; of zeros alone, the last that is written.
        kept = next((at for at, number in enumerate(release) if number), len(release) - 1)
    upper = (*release[:kept], release[kept] + 1)
    return f">={version},<{'.'.join(map(str, upper))}"
