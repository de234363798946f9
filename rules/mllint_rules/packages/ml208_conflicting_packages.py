"""ML208 conflicting-packages."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Finding, Origin, Package, Related, Rule, Span, Stage, knowledge

#: Packages whose build for the CPU hides the one for the GPU without an error.
_CPU_BUILDS = frozenset({"onnxruntime", "paddlepaddle", "faiss-cpu", "tensorflow-cpu", "xgboost-cpu"})


class ConflictingPackages(Rule):
    """Two packages that install the same module into one environment.

    ## Why is this bad?
    `opencv-python` and `opencv-python-headless` both write the folder `cv2`, `onnxruntime` and `onnxruntime-gpu` both
    write `onnxruntime`. pip knows them as different projects and says nothing: the files of the one that is installed
    last win, and which one that is can change with the next build. With `onnxruntime` on top, sessions run on the CPU
    without an error; with the plain OpenCV on top, `import cv2` asks for libGL in a slim image. Removing one of the two
    deletes files of the other.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir opencv-python-headless==4.10.0.84 opencv-contrib-python-headless==4.10.0.84
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir opencv-contrib-python-headless==4.10.0.84
    USER 1000
    ```

    ## When it stays silent
    For packages in different environments, or in stages that do not inherit from each other, where one is uninstalled
    before the other comes, for conda's packages (conda refuses such a pair itself), and where an install may not run
    (`if … else`). What other packages bring along is seen in locks only.

    ## References
    - [opencv-python, packages](https://github.com/opencv/opencv-python#installation-and-usage)
    - [ONNX Runtime, install](https://onnxruntime.ai/docs/install/)
    """

    id = "ML208"
    name = "conflicting-packages"

    def check_build(self, build: Build) -> Iterator[Finding]:
        told: set[Span] = set()
        for stage in build.stages:
            for pair in _pairs(stage):
                finding = self._report(pair, stage)
                if finding is not None and finding.span not in told:
                    told.add(finding.span)
                    yield finding._replace(stage=stage.label)

    def _report(self, group: list[Package], stage: Stage) -> Finding | None:
        *others, last = group
        if last.span is None or last.instruction not in stage.body:
            return None
        conflict = knowledge.conflicts.conflicts(last.name)[0]
        names = ", ".join(f"`{each.name}`" for each in others)
        both = "both" if len(others) == 1 else "all"
        message = f"{names} and `{last.name}` {both} install the module `{conflict.module}` here: {_effect(group)}."
        related = [Related(each.span, _place(each)) for each in others if each.span is not None]
        reader = last.installation.reader(last.span) if last.installation is not None else None
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        return self.finding(last.span, f"{message} {_remedy(group)}", related=tuple(related))


def _pairs(stage: Stage) -> Iterator[list[Package]]:
    """The packages of one environment that overwrite each other, in the order of their installs."""
    table = knowledge.conflicts
    named = {each.requirement.name or "" for one in stage.installations for each in (*one.wanted, *one.resolved)}
    # The inventory is asked only where this stage installs one of them.
    for group in dict.fromkeys(row for name in named for row in table.conflicts(name)):
        found = [
            each for name in group.names for each in stage.inventory.all(name) if each.name == name and _counts(each)
        ]
        for environment in dict.fromkeys(each.environment for each in found):
            together = [each for each in found if each.environment == environment]
            if len(together) > 1:
                yield sorted(together, key=lambda each: _order(each, stage))


def _counts(package: Package) -> bool:
    installation = package.installation
    maybe = installation is not None and installation.step.install.command.conditional
    return package.ecosystem == "python" and not maybe


def _order(package: Package, stage: Stage) -> tuple[int, bool, int]:
    """By the command, what the base and other stages bring first; in a command what is asked for is last."""
    asked = package.origin is Origin.LITERAL
    if package.instruction is None or package.instruction not in stage.body:
        return -1, asked, 0
    command = package.installation.step.install.command.span.start if package.installation is not None else 0
    return command, asked, package.span.start if package.span is not None else 0


def _effect(group: list[Package]) -> str:
    conflict = knowledge.conflicts.conflicts(group[-1].name)[0]
    before, last = group[-2], group[-1]
    if last.installation is not before.installation and last.name in _CPU_BUILDS:
        return f"`{last.name}` comes last and wins, so the GPU is not used, and nothing fails"
    if last.installation is not before.installation:
        return f"the files of `{last.name}`, which comes last, win, and removing either breaks the other"
    effect: str = conflict.effect
    return effect


def _remedy(group: list[Package]) -> str:
    names = [each.name for each in group]
    headless = next((name for name in names if name.endswith("-headless")), None)
    if headless is not None:
        wide = any("contrib" in name for name in names)
        keep = "opencv-contrib-python-headless" if wide else headless
        return f"Keep one; without a screen that is `{keep}`."
    if "opencv-contrib-python" in names:
        return "Keep `opencv-contrib-python`, which has all of the other; or its `-headless` build, without a screen."
    gpu = next((name for name in names if "gpu" in name.split("-")), None)
    return f"Keep one: `{gpu}` where there is a GPU." if gpu is not None else "Keep one."


def _place(package: Package) -> str:
    if package.instruction is None:
        return f"the base image has `{package.name}`"
    if package.via:
        return f"`{package.name}` comes with other packages"
    return f"`{package.name}` is installed here"
