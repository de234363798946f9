"""ML304 nvidia-driver-in-image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from mllint.api import Build, Finding, InstallStep, Related, Requirement, Rule, Severity, Span, Stage, Step, regex

_DRIVER = regex(
    r"nvidia-driver(-\d+.*)?|nvidia-(headless|dkms|kernel-(common|source|dkms)|utils|compute-utils)-\d+.*|"
    r"cuda-drivers(-.*)?|xserver-xorg-video-nvidia(-.*)?|nvidia-dkms|kmod-nvidia.*|nvidia-open(-\d+.*)?|nvidia-smi"
)
#: Libraries of the driver alone, without its kernel module.
_LIBRARIES = regex(r"libnvidia-(compute|gl|decode|encode|fbc1|extra|cfg1|common|ml)\d?(-\d+.*)?|libcuda1(-\d+)?")
#: Those among them that CUDA has nothing to do with: OpenGL, video, and what they share.
_DISPLAY = regex(r"libnvidia-(gl|decode|encode|fbc1|extra|cfg1|common)\d?(-\d+.*)?")
#: NVIDIA's packages of everything: `cuda-12-4` depends on `cuda-drivers`, `cuda-toolkit-12-4` does not.
_EVERYTHING = regex(r"cuda(-runtime)?(-\d+-\d+)?")
_TOOLKIT = regex(r"nvidia-container-(toolkit|runtime)(-.*)?|nvidia-docker2?|libnvidia-container(1|-tools)")
_REMOVING = frozenset({"remove", "purge", "erase", "autoremove"})
_RUNFILE = regex(r"NVIDIA-Linux-\w+-[\d.]+(-\w+)?\.run")
_MANAGERS = frozenset({"apt", "yum", "dnf", "microdnf", "tdnf", "zypper"})
#: With these a container starts containers itself.
_ENGINES = frozenset({"docker.io", "docker-ce", "docker", "containerd", "containerd.io", "podman", "moby-engine"})
#: Images that machines boot, and the programs that make them.
_BOOTED = regex(r"bootc|ublue|universal-blue|coreos|flatcar|kairos|silverblue|elemental")
_BOOT_TOOLS = frozenset(
    {"rpm-ostree", "ostree", "bootc", "akmods", "dracut", "update-initramfs", "mkinitcpio", "depmod"}
)


class NvidiaDriverInImage(Rule):
    """The NVIDIA driver, or the container toolkit, is installed in an image.

    ## Why is this bad?
    A container uses the kernel driver of its host, and at every start the NVIDIA Container Toolkit puts the matching
    `libcuda.so.1` and `nvidia-smi` of the host into it. A second copy in the image is of another version: where it
    wins, CUDA fails with "Driver/library version mismatch" or "system has unsupported display driver / cuda driver
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
    For `cuda-compat-*`, which is made for containers, the CUDA toolkit and its libraries (`cuda-toolkit-12-4`), for
    stages that never reach the final image, for packages that a later command removes again, for the container toolkit
    beside a container engine, and for images that machines boot (bootc, ostree). The driver's libraries alone, and
    NVIDIA's packages of everything (`cuda`, `cuda-12-4`), which bring the driver along, are a warning.

    ## References
    - [NVIDIA Container Toolkit, architecture](https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/arch-overview.html)
    - [CUDA installation guide, meta packages](https://docs.nvidia.com/cuda/cuda-installation-guide-linux/#meta-packages)
    - [CUDA compatibility](https://docs.nvidia.com/deploy/cuda-compatibility/)
    """

    id = "ML304"
    name = "nvidia-driver-in-image"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        final = build.final
        if final is None or _is_for_a_host(final):
            return
        removals = _removals(final)
        for stage in final.ancestry:
            for finding in self._in_stage(stage, final, removals):
                yield finding._replace(stage=stage.label)

    def _in_stage(self, stage: Stage, final: Stage, removals: list[Requirement]) -> Iterator[Finding]:
        for install in stage.installs:
            if install.install.manager in _MANAGERS:
                yield from self._packages(install, final, removals)
        for step in stage.steps:
            runfile = _runfile(step)
            if runfile is not None:
                yield self.finding(runfile, _DRIVER_MESSAGE.format(name="this installer"))

    def _packages(self, step: InstallStep, final: Stage, removals: list[Requirement]) -> Iterator[Finding]:
        asked = [each for each in step.install.requirements if each.kind == "index" and each.name is not None]
        named = [each for each in asked if not any(_removes(removal, each) for removal in removals)]
        drivers = _matching(_DRIVER, named)
        libraries = _matching(_LIBRARIES, named)
        if drivers or libraries:
            severity = Severity.ERROR if drivers else Severity.WARNING
            display = not drivers and len(_matching(_DISPLAY, libraries)) == len(libraries)
            message = _DISPLAY_MESSAGE if display else _DRIVER_MESSAGE
            yield self._together(drivers or libraries, message, severity)
        toolkit = _matching(_TOOLKIT, named)
        if toolkit and not _has_engine(final):
            yield self._together(toolkit, _TOOLKIT_MESSAGE, Severity.ERROR)
        for requirement in _matching(_EVERYTHING, named):
            message = _EVERYTHING_MESSAGE.format(name=requirement.name, less=_without_driver(requirement.name or ""))
            yield self.finding(requirement.span, message, severity=Severity.WARNING)

    def _together(self, packages: list[Requirement], message: str, severity: Severity) -> Finding:
        """One finding for the packages of a command that come to the same."""
        names = [f"`{package.name}`" for package in packages]
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        related = tuple(Related(package.span, "this one too") for package in packages[1:])
        return self.finding(packages[0].span, message.format(name=listed), severity=severity, related=related)


def _removals(final: Stage) -> list[Requirement]:
    """What commands of the image remove, by name or pattern."""
    steps = (step.install for each in final.ancestry for step in each.package_steps)
    return [each for install in steps if install.subcommand in _REMOVING for each in install.requirements]


def _removes(removal: Requirement, package: Requirement) -> bool:
    """Whether a removal undoes an install: it stands below it, as parents stand above their children."""
    pattern, name = removal.name, package.name
    if pattern is None or name is None or removal.span.start < package.span.start:
        return False
    return pattern == name or fnmatchcase(name, pattern)


def _matching(pattern: re.Pattern[str], packages: list[Requirement]) -> list[Requirement]:
    return [package for package in packages if pattern.fullmatch(package.name or "")]


def _without_driver(name: str) -> str:
    """NVIDIA's package of the same things without the driver: `cuda-12-4` → `cuda-toolkit-12-4`."""
    runtime = name.startswith("cuda-runtime")
    version = name.removeprefix("cuda-runtime").removeprefix("cuda")
    return f"{'cuda-libraries' if runtime else 'cuda-toolkit'}{version}"


_DRIVER_MESSAGE = (
    "The host brings its own driver into every GPU container, and the libraries of {name} are of another version: CUDA "
    "then stops with a driver/library version mismatch. Leave the driver to the host."
)
_DISPLAY_MESSAGE = (
    "The host brings its own driver into every GPU container, and the libraries of {name} are of another version: "
    "OpenGL and video coding fail, or leave the GPU, where these are found first. Leave the driver to the host, and "
    "ask it for them with `NVIDIA_DRIVER_CAPABILITIES=graphics,video,…`."
)
_TOOLKIT_MESSAGE = (
    "Only the host needs {name}, to bring GPUs into containers; inside an image it does nothing. Leave it out."
)
_EVERYTHING_MESSAGE = (
    "`{name}` brings the NVIDIA driver along: its libraries clash with those that the host brings into every GPU "
    "container. Install `{less}`, the same without the driver."
)


def _is_for_a_host(stage: Stage) -> bool:
    """Whether the image is an operating system that a machine boots (bootc, ostree): it is itself the host."""
    image = stage.root.image
    if image is not None and _BOOTED.search(image.repository):
        return True
    return any(each.steps_of(_BOOT_TOOLS) for each in stage.ancestry)


def _has_engine(stage: Stage) -> bool:
    """Whether the image runs containers of its own: Docker in Docker, a CI runner."""
    if stage.base is not None and stage.base.has("docker"):
        return True
    image = stage.root.image
    if image is not None and image.repository.rpartition("/")[2] in ("docker", "dind"):
        return True
    steps = (step for each in stage.ancestry for step in each.installs)
    return any(requirement.name in _ENGINES for step in steps for requirement in step.install.requirements)


def _runfile(step: Step) -> Span | None:
    """`./NVIDIA-Linux-x86_64-550.54.15.run`, started directly or by a shell."""
    for word in step.command.words[:2]:
        if (
            word.value is not None
            and _RUNFILE.search(word.value)
            and step.command.name in _STARTS | {_name(word.value)}
        ):
            return word.span
    return None


_STARTS = frozenset({"sh", "bash"})


def _name(path: str) -> str:
    return path.rpartition("/")[2]
