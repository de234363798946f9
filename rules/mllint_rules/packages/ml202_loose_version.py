"""ML202 loose-version."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import INSTALLERS, Build, Finding, OpenInstall, Requirement, Rule, Severity, clauses, open_installs

_SHOWN = 4
#: Clauses that let any newer release in, up to a bound that another clause may give.
_OPEN = frozenset({">=", ">", "^", "!="})
#: Clauses that bound a range from above: the next major or minor version is out.
_CAPS = frozenset({"<", "<=", "~=", "~", "^"})


class LooseVersion(Rule):
    """An install command asks for a range of versions: `>=`, `~=`, a wildcard.

    ## Why is this bad?
    The installer takes the newest release of the range on the day of the build. With `>=` alone that is any release to
    come, the next major version included: `numpy>=1.24` brought NumPy 2 in June 2024, which every extension built for
    NumPy 1 refuses to load, and `tensorflow>=2.10` brought Keras 3 with 2.16. A range with an upper end (`~=4.46`,
    `==2.5.*`, `>=1.26,<2`) keeps such steps out, but two builds still differ, and what worked cannot be built again.

    Ranges belong in a library's metadata. What goes into an image is decided once: by exact versions, or by a lock or
    constraints file.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir "numpy>=1.24" "pandas~=2.2"
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir numpy==2.1.3 pandas==2.2.3
    USER 1000
    ```

    ## When it stays silent
    For exact versions, conda's `=1.26` (a patch level at most is open there), installs under constraints or from a lock
    file, offline ones, packages that an earlier command pinned or the base image has, versions that only the build
    knows, and for a mere upper bound (`numpy<2`), which keeps an old major version that no longer moves. Ranges of pip,
    setuptools, wheel, uv and poetry are only advice, and so are ranges with both ends. Requirements files are
    `unpinned-requirements` (ML203), and of a NumPy that breaks a package beside it `numpy-abi-break` (ML214) speaks.

    ## References
    - [pip, repeatable installs](https://pip.pypa.io/en/stable/topics/repeatable-installs/)
    - [Version specifiers](https://packaging.python.org/en/latest/specifications/version-specifiers/)
    """

    id = "ML202"
    name = "loose-version"

    def check_build(self, build: Build) -> Iterator[Finding]:
        told: set[str] = set()
        for each in open_installs(build):
            loose = [one for one in each.requirements if _is_loose(one)]
            if loose:
                yield self._finding(loose, each, told)._replace(stage=each.stage.label)

    def _finding(self, loose: list[Requirement], each: OpenInstall, told: set[str]) -> Finding:
        # What can jump a major version leads; installers come last.
        loose.sort(key=lambda one: (one.name in INSTALLERS, not _is_unbounded(one)))
        first = loose[0]
        advice = first.name in INSTALLERS or all(_has_both_ends(one) for one in loose)
        return self.finding(
            first.span, _message(loose, each, told), severity=Severity.INFO if advice else Severity.WARNING
        )


def _is_loose(requirement: Requirement) -> bool:
    if not requirement.specifier or requirement.pinned or any(mark in requirement.specifier for mark in "$`"):
        return False
    parts = clauses(requirement.specifier)
    return bool(parts) and not all(operator in ("<", "<=") for operator, _ in parts)


def _is_unbounded(requirement: Requirement) -> bool:
    """Whether the next major version is in the range."""
    parts = clauses(requirement.specifier)
    if any(operator in _CAPS or (operator in ("==", "=", "") and version != "*") for operator, version in parts):
        return False
    return any(operator in _OPEN or version == "*" for operator, version in parts)


def _has_both_ends(requirement: Requirement) -> bool:
    """`>=1.26,<2`: written with care, though still not one version."""
    operators = {operator for operator, _ in clauses(requirement.specifier)}
    return bool(operators & {">=", ">"}) and bool(operators & {"<", "<="})


def _message(loose: list[Requirement], each: OpenInstall, told: set[str]) -> str:
    """What will happen. `told` holds what findings above have said."""
    first, *others = loose
    if _is_unbounded(first):
        what, then = "has no upper end", "takes the newest release of that day, the next major version included"
    else:
        what, then = "is a range", "takes the newest release in it that day"
    subject = f"`{_written(first)}` {what}"
    if then not in told:
        told.add(then)
        subject += f": a build without cache {then}"
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        subject += f". The same goes for {', '.join(f'`{_written(one)}`' for one in others[:_SHOWN])}{more}"
    equals = "=" if each.step.install.ecosystem == "conda" else "=="
    return f"{subject}. Pin {'each' if others else 'it'}: `{first.label}{equals}<version>`."


def _written(requirement: Requirement) -> str:
    """As the installer gets it: without the shell's quotes, its variables put in."""
    text = requirement.span.text
    return f"{requirement.label}{requirement.specifier}" if any(mark in text for mark in "\"'$\\") else text
