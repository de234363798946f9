"""ML207 retired-package."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    Installation,
    Related,
    Requirement,
    RetiredName,
    Rule,
    Severity,
    Span,
    Step,
    Wanted,
    compare_versions,
    retired_in,
    stops_build,
)

#: What stops these hangs on the Python: an old one takes older releases of them, or of what builds them.
_BY_PYTHON = frozenset({"tensorflow-gpu", "tf-nightly-gpu", "fbprophet", "nvidia-pyindex", "faiss"})
_CURRENT_PYTHON = "3.8"


class RetiredPackage(Rule):
    """A package is asked for by a name that no longer installs, or that brings something else.

    ## Why is this bad?
    Names stay on the package index after their packages are gone. `tensorflow-gpu` ended with 2.12, a stub that raises
    while pip prepares it; `sklearn` was an alias of scikit-learn that has failed on purpose since 2023; `pytorch` is a
    placeholder that raises to say that the package is `torch`. The build stops there, with a message about metadata
    that hides the reason. Others install an empty shell, or somebody else's project, and it is the import in the
    running container that fails.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir sklearn==0.0.post12
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir scikit-learn==1.5.2
    USER 1000
    ```

    ## When it stays silent
    For releases from before the end (`tensorflow-gpu==2.10.1`), also where a constraint or a lock holds them, for names
    that are only aliases and still work, for conda's packages of the same names, and where the command may fail
    (`|| true`). It is a warning where another index is asked as well, or where it hangs on a Python that is old or not
    known; nothing is said then of names that their owners have on an index of their own (detectron2, NVIDIA).

    ## Fix safety
    The fix writes the name that took over. It is unsafe: what is imported, or what it needs, can be another.

    ## References
    - [sklearn on the package index, the plan of its end](https://github.com/scikit-learn/sklearn-pypi-package)
    - [TensorFlow, install with pip](https://www.tensorflow.org/install/pip)
    """

    id = "ML207"
    name = "retired-package"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        said: set[Span] = set()
        for stage in build.stages:
            for installation in stage.installations:
                step = Step(installation.step.instruction, installation.step.install.command)
                for wanted in installation.wanted:
                    found = retired_in(installation, wanted)
                    if found is None or wanted.requirement.span in said:
                        continue
                    said.add(wanted.requirement.span)
                    finding = self._report(found, wanted, installation, stops=stops_build(step, stage))
                    yield finding._replace(stage=stage.label)

    def _report(self, found: RetiredName, wanted: Wanted, installation: Installation, *, stops: bool) -> Finding:
        requirement, row = found.requirement, found.row
        sure = row.sure and row.kind != "other-project" and stops and not found.elsewhere
        sure = sure and (row.name not in _BY_PYTHON or _has_current_python(installation))
        remedy = f"Use `{row.replacement}`." if row.replacement else "Leave it out."
        related = []
        reader = installation.reader(requirement.span)
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        if wanted.fixed_by is not None:
            related.append(Related(wanted.fixed_by, "the version comes from here"))
        return self.finding(
            _name_span(requirement),
            f"{_what(found, current=row.name not in _BY_PYTHON or _has_current_python(installation))}. {remedy}",
            severity=Severity.ERROR if sure else Severity.WARNING,
            related=tuple(related),
            fix=_fix(found, quoted=reader is None),
        )


def _what(found: RetiredName, *, current: bool) -> str:
    """What becomes of it, and why; an old Python may take an older release that still works."""
    requirement, row = found.requirement, found.row
    since = f" {row.since} and newer" if row.since and requirement.specifier else ""
    effect = {
        "empty": "installs nothing that can be imported",
        "other-project": "installs something else than its name says",
    }.get(row.kind, "stops the build" if current else f"stops the build on Python {_CURRENT_PYTHON} and newer")
    what = row.name if row.kind == "unresolved" else requirement.label
    return f"`{what}`{since} {effect}: {row.why}"


def _has_current_python(installation: Installation) -> bool:
    python = installation.environment.python
    order = compare_versions(python.value, _CURRENT_PYTHON) if python is not None else None
    return order is not None and order >= 0


def _name_span(requirement: Requirement) -> Span:
    """The name alone, as it is written."""
    span = requirement.span
    length = len(requirement.name or "")
    text = span.text[:length]
    same = text.lower().replace("_", "-").replace(".", "-") == requirement.name
    return span.source.span(span.start, span.start + length) if same else span


def _fix(found: RetiredName, *, quoted: bool) -> Fix | None:
    """Another name in its place; not where a version stands behind it, which is the old project's."""
    requirement, name = found.requirement, found.row.replacement
    if requirement.specifier or requirement.extras or not name[:1].isalpha() or " " in name or "+" in name:
        return None
    span = _name_span(requirement)
    bare = span.source.text[span.start - 1 : span.start] not in ("'", '"')
    content = f'"{name}"' if "[" in name and bare and quoted else name
    return Fix(f"Use `{name}`", (Edit(span, content),), Applicability.UNSAFE)
