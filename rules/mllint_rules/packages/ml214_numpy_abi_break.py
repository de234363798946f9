"""ML214 numpy-abi-break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
)

if TYPE_CHECKING:
    from mllint.api import numpy_abi

_LAST_NUMPY_1 = "1.26.4"


class NumpyAbiBreak(Rule):
    """A package that was built for NumPy 1, together with NumPy 2.

    ## Why is this bad?
    NumPy 2 (June 2024) changed the interface that compiled code uses. What was built for NumPy 1 does not load under
    it: `import cv2`, `import pandas` or `import tensorflow` fails, torch before 2.3 warns at import and raises "Numpy
    is not available" as soon as a tensor becomes an array. Most older releases do not say so in their metadata, so pip
    puts the newest NumPy beside them: images that were built a thousand times stop working without an edit.

    ## Bad
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir pandas==2.0.3 numpy==2.1.3
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir pandas==2.0.3 numpy==1.26.4
    USER 1000
    ```

    ## When it stays silent
    For releases that work with NumPy 2, where a pin, a constraint, a lock or another package's own metadata holds NumPy
    below 2 (TensorFlow 2.12 to 2.17 does mostly, pandas 2.1.2 and 2.2.0 do), on Pythons before 3.9, where an unpinned
    NumPy is a 1.x, on bases that bring a NumPy of their own or are not known, for conda, and for what has no wheel for
    the stage's Python. Where NumPy is named without a version beside packages whose requirements are not known, it is a
    warning; where it is not even named, such packages keep the rule silent.

    ## Fix safety
    The fix pins the last NumPy 1, 1.26.4. It is unsafe: the program itself can be written for NumPy 2.

    ## References
    - [NumPy 2.0 migration guide](https://numpy.org/doc/stable/numpy_2_0_migration_guide.html)
    - [NumPy 2 and the ecosystem](https://github.com/numpy/numpy/issues/26191)
    """

    id = "ML214"
    name = "numpy-abi-break"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        from mllint.api import numpy_abi

        told: set[Span] = set()
        for stage in build.stages:
            for found in numpy_abi.numpy_breaks(stage):
                if found.span not in told:
                    told.add(found.span)
                    yield self._report(found, stage)

    def _report(self, found: numpy_abi.Break, stage: Stage) -> Finding:
        first, *others = found.old
        related = [
            Related(each.package.span, f"`{each.package.name}` {each.package.version} is for NumPy 1 as well")
            for each in others
            if each.package.span is not None
        ]
        if first.package.span is not None and first.package.span != found.span:
            related.insert(
                0, Related(first.package.span, f"`{first.package.name}` {first.package.version} comes from here")
            )
        asked = next(
            (each for each in (found.numpy, first.package) if each is not None and each.span == found.span), None
        )
        reader = asked.installation.reader(found.span) if asked is not None and asked.installation is not None else None
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        return self.finding(
            found.span,
            _message(found),
            severity=Severity.ERROR if found.sure else Severity.WARNING,
            related=tuple(related),
            fix=_fix(found),
        )._replace(stage=stage.label)


def _message(found: numpy_abi.Break) -> str:
    first, numpy = found.old[0], found.numpy
    name = f"`{first.package.name}` {first.package.version}"
    newer = f", or {first.package.name} {first.since} or newer" if first.since else ""
    if found.refused and numpy is not None:
        return (
            f"{name} requires a NumPy below 2, and {numpy.version} is asked for: the installer refuses the pair, and "
            f"the build stops. Pin `numpy=={_LAST_NUMPY_1}`{newer}."
        )
    if numpy is not None and numpy.version is not None:
        return (
            f"{name} was built for NumPy 1 and meets NumPy {numpy.version} here: {first.effect}. "
            f"Pin `numpy=={_LAST_NUMPY_1}`{newer}."
        )
    unless = "" if found.sure else ", unless another package asks for less"
    return (
        f"{name} was built for NumPy 1, and nothing holds NumPy below 2: the build takes a 2.x{unless}, and then "
        f"{first.effect}. Pin `numpy=={_LAST_NUMPY_1}`{newer}."
    )


def _fix(found: numpy_abi.Break) -> Fix | None:
    numpy = found.numpy
    if (
        numpy is None
        or numpy.span != found.span
        or not re.fullmatch(r"numpy(?:[=<>!~][\w.,=<>!~*]*)?", found.span.text)
    ):
        return None
    pin = f"numpy=={_LAST_NUMPY_1}"
    return Fix(f"Pin `{pin}`", (Edit(found.span, pin),), Applicability.UNSAFE)
