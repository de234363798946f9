"""`python -m mllint`."""

from mllint.cli import run

run("mllint")
