"""What the commands do. `mllint.cli` declares them and imports a module of these only when its command runs."""

from __future__ import annotations

#: Exit codes: nothing at or above `--fail-on`, findings, a usage or configuration or reading error, mllint's own fault.
CLEAN, FOUND, MISUSED, FAILED = 0, 1, 2, 3
#: What shells give for a program that Ctrl-C ended.
INTERRUPTED = 130
