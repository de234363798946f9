"""ML213 companion-mismatch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.api import Applicability, Build, Edit, Finding, Fix, Related, Rule, Severity, Span, knowledge

if TYPE_CHECKING:
    from mllint.api import companions

#: What becomes of a package whose framework is another release than it was compiled for.
_EFFECTS = {
    "torchvision": '`import torchvision` fails ("operator torchvision::nms does not exist", or an undefined symbol)',
    "xformers": "xFormers cannot load its CUDA extensions, and its attention fails",
}
_LEVELS = {"refused": Severity.ERROR, "left": Severity.ERROR, "build": Severity.ERROR}


class CompanionMismatch(Rule):
    """A framework and a package that is built for another release, or another build, of it.

    ## Why is this bad?
    torchvision, torchaudio, torchtext, xformers and vLLM are compiled against one release of torch, tensorflow-text
    against one of TensorFlow, and they say so: `torchvision 0.16.0` requires `torch==2.1.0` and nothing else. Asked for
    both in one command, pip and uv find no solution and stop. In two commands the second one wins: either the framework
    is replaced, gigabytes and all, or the package stays and fails at its import ("operator torchvision::nms does not
    exist"). The build counts as well: torchvision for the CPU beside a torch for CUDA has no GPU operators.

    ## Bad
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu torch==2.5.1 torchvision==0.19.1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu torch==2.5.1 torchvision==0.20.1
    USER 1000
    ```

    ## When it stays silent
    For ranges that take a release that fits, and for a package without a version beside a pinned framework in one
    command: the resolver goes back to the release that fits. Alone in a later command, or on an image with the
    framework, its newest release replaces the framework: a warning, as is torchaudio without a version beside torch
    before 2.11, because its last release names no torch, and a torch of another patch release, with which extensions
    usually load. An exact version that makes pip replace the framework is
    `framework-reinstalled` (ML212). Nothing is said of releases that the tables do not have, of locks, of conda apart
    from the channel `pytorch`, and of builds that differ in CUDA's minor version only.

    ## Fix safety
    The fix writes the release of the package that fits the framework. It is unsafe: the framework can be the one to
    change.

    ## References
    - [torchvision, versions and their torch](https://github.com/pytorch/vision#installation)
    - [PyTorch, previous versions](https://pytorch.org/get-started/previous-versions/)
    - [TensorFlow Text, versions](https://github.com/tensorflow/text#a-note-about-different-operating-system-packages)
    """

    id = "ML213"
    name = "companion-mismatch"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        from mllint.api import companions

        told: set[tuple[Span, Span | None]] = set()
        for stage in build.stages:
            for each in companions.mismatches(stage):
                if (each.span, each.framework_span) not in told:
                    told.add((each.span, each.framework_span))
                    yield self._report(each)._replace(stage=stage.label)

    def _report(self, each: companions.Mismatch) -> Finding:
        level = _LEVELS.get(each.kind, Severity.WARNING)
        other_build = each.kind == "build" and each.builds[0] == "cpu" and each.name != "torchvision"
        if not each.sure or other_build or _is_patch(each):
            level = Severity.WARNING
        related = []
        if each.framework_span is not None and each.framework_span != each.span:
            other = f"`{each.name}` {each.version} is shipped" if each.shipped else f"`{each.framework}` is asked for"
            related.append(Related(each.framework_span, f"{other} here"))
        reader = each.installation.reader(each.span) if each.installation is not None else None
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        return self.finding(each.span, _message(each), severity=level, related=tuple(related), fix=_fix(each))


def _message(each: companions.Mismatch) -> str:
    package = f"`{each.name}` {each.version}".rstrip()
    framework = f"`{each.framework}` {each.framework_version}"
    fitting = _fitting(each)
    take = f"Take `{each.name}=={fitting}`" if fitting is not None else f"Take a `{each.name}` for {framework}"
    if each.reverse and each.version:
        take = f"Leave `{each.name}` out: `{each.framework}` brings the one that it needs"
    elif each.shipped:
        take = f"Leave `{each.framework}` out: the image has the one that fits"
    if each.kind == "refused":
        return f"{_refusal(each, package, framework)} {take}."
    wants = f"{each.framework}{each.needs}"
    if _is_patch(each):
        return (
            f"{package} is built for `{wants}` and stays beside {framework}: patch releases usually load each other's "
            f"extensions, but nobody tests this pair. {take}."
        )
    if each.kind == "left" and each.shipped:
        return (
            f"{framework} replaces the one of the image, whose {package} is built for `{wants}` and stays: "
            f"{_effect(each)}. {take}."
        )
    if each.kind == "left":
        return f"{package} is built for `{wants}` and stays beside {framework}: {_effect(each)}. {take}."
    if each.kind == "build":
        one, other = map(_called, each.builds)
        subject = f"{package} is the build for {one}, {framework} the one for {other}"
        return f"{subject}: {_build_effect(each)}. Install both from one index."
    if each.kind == "loose":
        return (
            f"`{each.name}` has no version, and its last release, {each.version}, is for `{wants}` but does not "
            f"require it: the installer puts it beside {framework}, for which it is not made. {take}."
        )
    day = knowledge.torch_companions.CHECKED
    return (
        f"`{each.name}` has no version, and the newest, {each.version} on {day}, requires `{wants}`: the installer "
        f"replaces the {framework} that is there. {take}, or name both in one command."
    )


def _is_patch(each: companions.Mismatch) -> bool:
    """Whether both end up in the image and only the framework's patch release differs, which keeps its ABI."""
    wanted = each.needs.removeprefix("==").split(".")
    there = each.framework_version.partition("+")[0].split(".")
    return each.kind == "left" and each.needs.startswith("==") and wanted[:2] == there[:2]


def _refusal(each: companions.Mismatch, package: str, framework: str) -> str:
    manager = each.installation.step.install.manager if each.installation is not None else "pip"
    stops = f"{manager} finds no solution, and the build stops"
    if manager == "pip":
        stops += " (pip before 20.3 installs both, and the import fails)"
    if not each.version:
        return f"No release of `{each.name}` in the range takes {framework}: {stops}."
    if each.reverse:
        return f"{framework} requires `{each.name}{each.needs}`, and {each.version} is asked for: {stops}."
    return f"{package} requires `{each.framework}{each.needs}`, and {each.framework_version} is asked for: {stops}."


def _effect(each: companions.Mismatch) -> str:
    default = f"`import {each.name.replace('-', '_')}` fails with an undefined symbol"
    return _EFFECTS.get(each.name, default)


def _build_effect(each: companions.Mismatch) -> str:
    package, framework = each.builds
    if package == "cpu":
        fails = ", and calls with tensors on a GPU fail" if each.name == "torchvision" else ""
        return f"the operators of `{each.name}` run on the CPU alone{fails}"
    if framework == "cpu":
        return f"`import {each.name}` fails, because the CUDA libraries that it was linked with are missing"
    return f"`import {each.name}` raises RuntimeError, because it looks for its own CUDA in torch"


def _called(build: str) -> str:
    return "the CPU" if build == "cpu" else f"`{build}`"


def _fitting(each: companions.Mismatch) -> str | None:
    """The newest release of the package that takes the framework, where the tables have it."""
    if each.kind == "build":
        return None
    if each.framework == "torch" and each.name in knowledge.torch_companions.NAMES:
        found = knowledge.torch_companions.for_torch(each.name, each.framework_version)
        return found[-1] if found else None
    if each.reverse and each.needs.startswith("=="):
        return each.needs[2:]
    rows = [row for row in knowledge.tensorflow.COMPANIONS if row.name == each.name]
    minor = ".".join(each.framework_version.split(".")[:2])
    return next((row.version for row in reversed(rows) if f">={minor}" in row.tensorflow), None)


def _fix(each: companions.Mismatch) -> Fix | None:
    """Puts the release that fits into the place of the version, a local part and all left as it is."""
    fitting = _fitting(each)
    public = each.version.partition("+")[0]
    text = each.span.text
    if (
        each.shipped
        or each.kind not in ("refused", "left")
        or fitting is None
        or not public
        or text.count(f"=={public}") != 1
    ):
        return None
    start = each.span.start + text.index(f"=={public}") + 2
    place = each.span.source.span(start, start + len(public))
    return Fix(f"Take `{each.name}=={fitting}`", (Edit(place, fitting),), Applicability.UNSAFE)
