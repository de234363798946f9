"""`python -m mllint`."""

from mllint.cli import main

main(prog_name="mllint")
