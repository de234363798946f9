"""ML212 framework-reinstalled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mllint.api import (
    Build,
    Finding,
    Origin,
    Package,
    Related,
    Rule,
    Severity,
    Stage,
    compare_versions,
    image_place,
    knowledge,
    wheel_size,
)

if TYPE_CHECKING:
    from mllint.api import doubled

_NGC = "nvcr.io/"
_CONSTRAINTS = "/etc/pip/constraint.txt"
#: Characters of a requirement that fit into a sentence.
_LONGEST = 40
#: In MB.
_GIGABYTE = 1000


class FrameworkReinstalled(Rule):
    """A framework is installed over one that is there already, or beside it.

    ## Why is this bad?
    A layer cannot shrink the ones below it. Where an image ships torch and `pip install` brings another release, both
    are pulled: the files of the first one, 2 to 4 GB with its CUDA libraries, stay in the layers below, and the second
    comes on top. The same happens when a later requirement asks for another version than an earlier instruction, when
    torchvision or vllm bring the torch that they are built for, when `--force-reinstall` fetches again what was there,
    and when a virtual environment is made beside the Python that has the framework.

    In NVIDIA's images it costs more than bytes: their torch is built with the libraries around it, and apex,
    Transformer Engine and flash-attention in the image are compiled against it. They fail to load with another one.

    ## Bad
    ```dockerfile
    FROM pytorch/pytorch:2.4.1-cuda12.4-cudnn9-runtime
    RUN pip install --no-cache-dir torch==2.3.1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM pytorch/pytorch:2.4.1-cuda12.4-cudnn9-runtime
    RUN pip install --no-cache-dir transformers==4.46.2
    USER 1000
    ```

    ## When it stays silent
    For the same version, for `pip install torch` without one (pip finds the image's and does nothing), for versions
    that are not known, for installs that may not run, and for environments that see the packages of the image
    (`--system-site-packages`). In a stage that the final one only copies from, and where one RUN installs both, no
    bytes are left behind, so that it is only advice.

    ## References
    - [Layers of an image](https://docs.docker.com/get-started/docker-concepts/building-images/understanding-image-layers/)
    - [PyTorch images of NVIDIA, what they hold](https://docs.nvidia.com/deeplearning/frameworks/pytorch-release-notes/index.html)
    """

    id = "ML212"
    name = "framework-reinstalled"

    def check_build(self, build: Build) -> Iterator[Finding]:
        from mllint.api import doubled

        apart = build.builders
        for stage in build.stages:
            seen: set[object] = set()
            for each in doubled.doubled_frameworks(stage):
                key = (each.package.span, each.package.environment)
                if key not in seen:
                    seen.add(key)
                    yield self._report(each, stage, apart=stage in apart)._replace(stage=stage.label)

    def _report(self, twice: doubled.Twice, stage: Stage, *, apart: bool) -> Finding:
        package, previous = twice.package, twice.previous
        assert package.span is not None
        related = []
        if previous.span is not None:
            shipped = previous.origin is Origin.INHERITED
            place = image_place(stage.root) if shipped else None
            span = place.span if place is not None else previous.span
            related.append(Related(span, f"{_label(previous)} {'is shipped' if shipped else 'is installed'} here"))
        reader = package.installation.reader(package.span) if package.installation is not None else None
        if reader is not None:
            related.append(Related(reader, "this installs the file"))
        return self.finding(
            package.span,
            _message(twice, stage, apart=apart),
            severity=Severity.INFO if apart or twice.in_one_layer else None,
            related=tuple(related),
        )


def _message(twice: doubled.Twice, stage: Stage, *, apart: bool) -> str:
    package, previous = twice.package, twice.previous
    base = stage.base
    family = base.family if base is not None else ""
    shipped = previous.origin is Origin.INHERITED
    brought = f"`{_written(package)}`"
    if package.via and package.origin is Origin.KNOWLEDGE:
        brought = f"`{_asked(package)}` brings {_label(package)}, which"
    if twice.apart:
        return _apart(twice, brought)
    if not shipped and twice.in_one_layer:
        return (
            f"{brought} replaces the {_label(previous)} that the same RUN has just installed"
            f"{_bytes(previous, ': {} are downloaded for nothing')}. Ask for one version, in one command."
        )
    if package.version is not None and compare_versions(package.version, previous.version or "") == 0:
        head = f"{brought} is there already, and is fetched again"
        grows = ": {} are downloaded for nothing" if apart else ": the image grows by {}"
        return f"{head}{_bytes(package, grows)}. Leave out the option that forces it."
    if family.startswith(_NGC) and shipped:
        return (
            f"{brought} replaces NVIDIA's build, {_label(previous)}{_bytes(package, ', with {} of wheels on top')}: "
            "what the image has compiled for it (apex, Transformer Engine) no longer loads. Keep the image's; recent "
            f"ones pin it in {_CONSTRAINTS}, so that pip may refuse as well."
        )
    whose = (
        f"that {family if len(family) <= _LONGEST else 'the image'} ships" if shipped else "of an earlier instruction"
    )
    if not shipped and previous.instruction is not None:
        whose = f"of line {previous.instruction.span.first.line}"
    head = f"{brought} replaces the {_label(previous)} {whose}"
    stays = _bytes(previous, ": {} of the old one stay in the layers below") or ", which stays in the layers below"
    remedy = _base_remedy(package, stage) if shipped else "Install the version that is needed at once."
    return f"{head}{stays}. {remedy}"


def _apart(twice: doubled.Twice, brought: str) -> str:
    """What is said of an environment beside the image's own Python."""
    package, previous = twice.package, twice.previous
    kind, _, name = package.environment.partition(":")
    place = f"the conda environment `{name}`" if kind == "conda" else f"`{package.environment}`"
    share = (
        "use the image's own environment" if kind == "conda" else "make that environment with `--system-site-packages`"
    )
    return (
        f"{brought} goes to {place}, where the {_label(previous)} of the image is not seen: both are in the image"
        f"{_bytes(previous, ', {} for nothing')}. Start from an image without {package.identity}, or {share}."
    )


def _label(package: Package) -> str:
    return f"{package.name} {package.version}" if package.version else package.name


def _written(package: Package) -> str:
    """As it is asked for, with the version that a constraint or a lock gives it."""
    return f"{package.name}=={package.version}" if package.version else f"{package.name}{package.specifier}"


def _asked(package: Package) -> str:
    """The package that brings another one, as its own place has it."""
    text = package.span.text.strip("\"'") if package.span is not None else ""
    return text if len(text) <= _LONGEST and "\n" not in text else package.via


def _bytes(package: Package, template: str) -> str:
    """A part of a sentence with about how much is pulled for a package; "" when that is not known.

    What a base ships is known for images that hold the published wheels; NVIDIA's and others are built otherwise.
    """
    if package.origin is Origin.INHERITED and package.variant is None and package.identity != "tensorflow":
        return ""
    size = wheel_size(package)
    if size is None:
        return ""
    return template.format(f"about {size / 1000:.1f} GB" if size >= _GIGABYTE else f"about {size:.0f} MB")


def _base_remedy(package: Package, stage: Stage) -> str:
    base = stage.base
    if package.origin is Origin.KNOWLEDGE:
        return f"Take the {package.via} that is built for the image's own, or another base."
    if base is not None and base.family == "pytorch/pytorch" and package.identity == "torch" and package.version:
        public = package.version.partition("+")[0]
        shipped = dict(base.frameworks).get("torch") or ""
        if compare_versions(public, shipped) != 0 and knowledge.torch.release(public) is not None:
            return f"Start from an image of `pytorch/pytorch:{public}`, or leave torch out."
        return "Start from the image with that CUDA, or leave torch out."
    wanted = f"{package.identity} {package.version}" if package.version else f"a newer {package.identity}"
    return f"Start from an image with {wanted}, or keep to the one that is there."
