"""The built-in rules, and the cases that belong to them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mllint.plugins import Registry, load_plugins

HERE = Path(__file__).parent
# The tests are no package: what they share is imported by its plain name.
sys.path.insert(0, str(HERE))


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_plugins(isolated=True)
