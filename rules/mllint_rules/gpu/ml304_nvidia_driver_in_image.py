"""ML304 nvidia-driver-in-image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import Finding, InstallStep, Rule, Severity, Span, Stage, Step

_DRIVER = re.compile(
    r"(nvidia-driver(-\d+.*)?|nvidia-(headless|dkms|kernel-(common|source|dkms)|utils|compute-utils)-\d+.*|cuda-drivers(-.*)?|"
    r"xserver-xorg-video-nvidia(-.*)?|nvidia-dkms|kmod-nvidia.*)"
)
_RUNTIME = re.compile(r"(nvidia-container-(toolkit|runtime)(-.*)?|nvidia-docker2?|libnvidia-container(1|-tools))")
_RUNFILE = re.compile(r"NVIDIA-Linux-\w+-[\d.]+(-\w+)?\.run")


class NvidiaDriverInImage(Rule):
    """The NVIDIA driver, or the container toolkit, is installed in an image.

    ## Why is this bad?
    A container uses the kernel driver of its host, and at every start the NVIDIA Container Toolkit puts the matching
    `libcuda.so.1` and `nvidia-smi` of the host into it. A second copy in the image is of another version: where it wins,
    CUDA fails with "Driver/library version mismatch" or "system has unsupported display driver / cuda driver
    combination"; where it does not, it is some hundred MB for nothing. The toolkit itself does its work on the host
    and does nothing inside a container.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    RUN apt-get update && apt-get install -y --no-install-recommends nvidia-driver-550 && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    USER 1000
    ```

    ## When it stays silent
    For `cuda-compat-*`, which is made for containers, the CUDA toolkit and its libraries, and for stages that never reach
    the final image.

    ## References
    - [NVIDIA Container Toolkit, architecture](https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/arch-overview.html)
    - [CUDA compatibility](https://docs.nvidia.com/deploy/cuda-compatibility/)
    """

    id = "ML304"
    name = "nvidia-driver-in-image"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        if not stage.ships:
            return
        for install in stage.installs:
            yield from self._packages(install)
        for step in stage.steps:
            runfile = _runfile(step)
            if runfile is not None:
                yield self.finding(runfile, _DRIVER_MESSAGE.format(name="this installer"))

    def _packages(self, step: InstallStep) -> Iterator[Finding]:
        if step.install.ecosystem != "system":
            return
        for requirement in step.install.requirements:
            name = requirement.name or ""
            if _DRIVER.fullmatch(name):
                yield self.finding(requirement.span, _DRIVER_MESSAGE.format(name=f"`{name}`"))
            elif _RUNTIME.fullmatch(name):
                yield self.finding(requirement.span, _RUNTIME_MESSAGE.format(name=f"`{name}`"))


_DRIVER_MESSAGE = (
    "The host brings its own driver into every GPU container: {name} adds libraries of another version, and CUDA then "
    "fails with a driver/library version mismatch. Leave the driver to the host."
)
_RUNTIME_MESSAGE = (
    "{name} belongs on the host, where it puts GPUs into containers; inside an image it does nothing. Leave it out."
)


def _runfile(step: Step) -> Span | None:
    """`./NVIDIA-Linux-x86_64-550.54.15.run`, started directly or by a shell."""
    for word in step.command.words[:2]:
        if word.value is not None and _RUNFILE.search(word.value) and step.command.name not in ("wget", "curl", "rm"):
            return word.span
    return None
