"""ML314 driver-capabilities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import Build, Edit, Finding, Fix, Package, Related, Rule, Severity, Span, Stage, Variable, regex

_CAPABILITIES = "NVIDIA_DRIVER_CAPABILITIES"
_DEVICES = "NVIDIA_VISIBLE_DEVICES"
_KNOWN = frozenset({"compute", "compat32", "graphics", "utility", "video", "display", "ngx"})
#: Packages that compute on a GPU where they find one.
_FRAMEWORKS = (
    *("torch", "tensorflow", "tensorflow-gpu", "jax", "onnxruntime-gpu", "paddlepaddle-gpu", "vllm", "mxnet"),
    *("tensorrt", "cupy", "numba", "faiss-gpu", "xgboost"),
)
#: Packages that are for GPUs and nothing else.
_ONLY_GPU = regex(
    r"onnxruntime-gpu|paddlepaddle-gpu|cupy-cuda\d+x?|faiss-gpu(?:-cu\d+)?|tensorrt(?:-cu\d+)?|tensorrt-llm|"
    r"jax-cuda\d+-plugin|(?:cudf|cuml|cugraph)-cu\d+|tensorflow-gpu|nvidia-dali-cuda\d+"
)


class DriverCapabilities(Rule):
    """The NVIDIA runtime is asked for too little of the driver, or not asked at all.

    ## Why is this bad?
    Where a container is started by the NVIDIA runtime without `--gpus` (`--runtime=nvidia`, Compose's `runtime:
    nvidia`, or as Docker's default), two variables of the image decide: NVIDIA_VISIBLE_DEVICES which GPUs it gets, and
    NVIDIA_DRIVER_CAPABILITIES which libraries of the driver come with them.

    `compute` is what brings `libcuda.so.1`. With `utility` alone `nvidia-smi` shows the GPU, and
    `torch.cuda.is_available()` is false all the same; with `video` alone NVENC does not start, since it goes through
    CUDA. That holds for `--gpus` too, which leaves the image's capabilities as they are. (In CDI mode, which the
    toolkit takes by itself since 1.18, the whole driver comes; many hosts are older.)

    nvidia/cuda and what stands on it set both. Other images set neither, and such a container starts without a GPU, in
    silence. `--gpus all`, Compose's reservations and Kubernetes set the devices themselves and work.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV NVIDIA_DRIVER_CAPABILITIES=utility
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
    USER 1000
    ```

    ## When it stays silent
    For `all`, empty values and those that only the build knows; for images that only draw, with neither CUDA nor a
    framework; for builder stages. The missing variables are advice, and only where a package is for GPUs alone
    (onnxruntime-gpu, CuPy, `torch==…+cu121`) on an image that is known to set neither; a default torch wheel, which
    runs on both, is not enough. It is a warning where the file sets the capabilities and forgets the devices.

    ## Fix safety
    The fix adds `compute`. It is unsafe: the container gets more of the driver than before.

    ## References
    - [NVIDIA Container Toolkit, driver capabilities](https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html)
    """

    id = "ML314"
    name = "driver-capabilities"

    def check_build(self, build: Build) -> Iterator[Finding]:
        final = build.final
        if final is None:
            return
        capabilities = final.variable_at(_CAPABILITIES)
        found = self._lacks_compute(capabilities, final) or self._lacks_devices(capabilities, final)
        if found is not None:
            yield found._replace(stage=_owner(found.span, final).label)

    def _lacks_compute(self, variable: Variable | None, stage: Stage) -> Finding | None:
        if variable is None or variable.span is None or not variable.value:
            return None
        asked = {each.strip() for each in variable.value.split(",")}
        if "compute" in asked or not asked <= _KNOWN:
            return None
        what = _computes(stage)
        if what is None:
            return None
        loss = (
            "NVENC and NVDEC cannot start" if asked == {"video"} else f"{what} finds no GPU and uses the CPU, or stops"
        )
        if "utility" in asked:
            loss += ", while `nvidia-smi` shows one"
        message = (
            f"Without `compute` the container gets no `libcuda.so.1`: {loss}. Set `{_CAPABILITIES}=compute,utility`."
        )
        return self.finding(variable.span, message, fix=_fix(variable))

    def _lacks_devices(self, capabilities: Variable | None, stage: Stage) -> Finding | None:
        if not _sets_no_devices(stage):
            return None
        own = capabilities if capabilities is not None and capabilities.span is not None else None
        package = _only_gpu(stage)
        if own is not None and own.span is not None and (package is not None or _computes(stage) is not None):
            return self._without_devices(own.span, stage, Severity.WARNING)
        if package is not None and package.span is not None:
            return self._without_devices(package.span, stage, Severity.INFO, package)
        return None

    def _without_devices(self, span: Span, stage: Stage, severity: Severity, package: Package | None = None) -> Finding:
        image = stage.root.image
        shown = f"`{image.short}`" if image is not None else "the base"
        message = (
            f"Nothing sets {_DEVICES}, and {shown} is no NVIDIA image: `--gpus` and Kubernetes bring the GPUs all the "
            "same, but `--runtime=nvidia` and Compose's `runtime: nvidia` start the container without one. Set "
            f"`ENV {_DEVICES}=all {_CAPABILITIES}=compute,utility`."
        )
        opening = stage.root.opening
        related = [Related(opening.image.span, "it does not set the variable")] if opening.image is not None else []
        reader = package.installation.step.install.command.span if package and package.installation else None
        if reader is not None and reader.source is not span.source:
            related.append(Related(reader, "this installs the file"))
        return self.finding(span, message, severity=severity, related=tuple(related))


def _owner(span: Span, final: Stage) -> Stage:
    """The stage that a place is in; a manifest's is that of the image."""
    own = [each for each in final.ancestry if each.opening.span.start <= span.start]
    same = span.source is final.opening.span.source
    return own[0] if own and same else final


def _computes(stage: Stage) -> str | None:
    """What wants CUDA in an image: its base or a framework; None when nothing is known to."""
    if stage.base is not None and stage.base.gpu == "cuda":
        return "CUDA"
    package = next((found for name in _FRAMEWORKS if (found := stage.inventory.get(name)) is not None), None)
    if package is not None and package.variant != "cpu":
        return f"`{package.name}`"
    package = _only_gpu(stage)
    return f"`{package.name}`" if package is not None else None


def _only_gpu(stage: Stage) -> Package | None:
    """A package of the image that is of no use without a GPU."""
    for package in stage.inventory.packages:
        if package.span is None or package.via or package.ecosystem == "system":
            continue
        if _ONLY_GPU.fullmatch(package.name) or re.match(r"cu\d", package.variant or ""):
            return package
    return None


def _sets_no_devices(stage: Stage) -> bool:
    """Whether it is known that NVIDIA_VISIBLE_DEVICES is not set in the image."""
    base = stage.base
    if base is None or base.gpu not in (None, "cpu") or base.family.startswith(("nvidia/", "nvcr.io/")):
        return False
    plain = base.env_complete or base.family in ("python", "ubuntu", "debian", "condaforge/miniforge3")
    return plain and stage.variable_at(_DEVICES) is None


def _fix(variable: Variable) -> Fix | None:
    """`compute` in front of the others, where they are written as they are."""
    span, value = variable.span, variable.value
    if span is None or value is None:
        return None
    at = span.text.rfind(value)
    if at < 0:
        return None
    place = span.source.span(span.start + at, span.start + at)
    return Fix("Add `compute`", (Edit(place, "compute,"),))
