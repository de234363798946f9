"""ML219 two-frameworks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Build,
    Finding,
    Origin,
    Package,
    Related,
    Role,
    Rule,
    Severity,
    Stage,
    image_place,
    knowledge,
    wheel_size,
)

_GIGABYTE = 1000


class TwoFrameworks(Rule):
    """The image holds two full deep-learning frameworks.

    ## Why is this bad?
    One of them is often what is left of an experiment, or a line in a requirements file that nobody imports any more.
    It is paid for in each pull and at each start of a new node: torch with its CUDA libraries is about 3 GB, TensorFlow
    about 0.6 GB and 3.5 GB with `[and-cuda]`. Together they also fight: both take the GPU's memory when they start,
    and their wheels pin NVIDIA's libraries, protobuf and NumPy to releases that need not agree.

    ## Bad
    ```dockerfile
    FROM python:3.11.10-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir torch==2.4.1 tensorflow==2.17.0
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.11.10-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir torch==2.4.1
    USER 1000
    ```

    ## When it stays silent
    In notebook images, where people choose as they work, for packages that need both (converters such as tf2onnx,
    deepchem, coremltools), for images that ship both already, for stages that the final one only copies from, for
    runtimes that are no framework (onnxruntime, OpenVINO), and for a JAX on the CPU that another package may want.

    ## References
    - [TensorFlow, limiting GPU memory growth](https://www.tensorflow.org/guide/gpu#limiting_gpu_memory_growth)
    """

    id = "ML219"
    name = "two-frameworks"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None or stage.role.value is Role.NOTEBOOK:
            return
        found = _frameworks(stage)
        packages = {package.name for package in stage.inventory.packages}
        if len(found) < 2 or packages & knowledge.frameworks.BOTH:
            return
        added = [each for each in found if each.package.origin is not Origin.INHERITED]
        if added:
            yield self._report(added[-1], found, stage)._replace(stage=stage.label)

    def _report(self, last: _Used, found: list[_Used], stage: Stage) -> Finding:
        span = last.package.span
        assert span is not None
        related = []
        for each in found:
            if each is not last and each.package.span is not None:
                place = image_place(stage.root) if each.package.origin is Origin.INHERITED else None
                related.append(Related(place.span if place is not None else each.package.span, f"{each.title} is here"))
        reader = last.package.installation.reader(span) if last.package.installation is not None else None
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        return self.finding(span, _message(found), related=tuple(related))


class _Used(NamedTuple):
    """A framework of the image, and the package that is it."""

    title: str
    package: Package


def _frameworks(stage: Stage) -> list[_Used]:
    """The full frameworks, in the order in which they are put in place; of several packages the first."""
    found: dict[str, _Used] = {}
    for package in stage.inventory.packages:
        row = knowledge.frameworks.framework(package.identity)
        if row is not None and row.full and row.name not in found and _is_chosen(package):
            found[row.name] = _Used(row.title, package)
    return list(found.values())


def _is_chosen(package: Package) -> bool:
    """Whether it is there by somebody's choice: flax, optax and others bring a JAX for the CPU."""
    named = package.origin in (Origin.LITERAL, Origin.INHERITED)
    return package.sure and package.span is not None and (named or package.name not in ("jax", "jaxlib"))


def _message(found: list[_Used]) -> str:
    parts = [_with_size(each) for each in found]
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return (
        f"The image holds {listed}. If only one of them is imported when it runs, leave the other out; if both are, "
        "an image for each is smaller and keeps their CUDA libraries apart."
    )


def _with_size(used: _Used) -> str:
    package = used.package
    size = wheel_size(package)
    via = f" through `{package.via}`" if package.origin is Origin.KNOWLEDGE else ""
    if size is None:
        return f"{used.title}{via}"
    amount = f"{size / 1000:.1f} GB" if size >= _GIGABYTE else f"{size:.0f} MB"
    return f"{used.title}{via} (about {amount})"
