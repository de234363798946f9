"""ML218 monolithic-install."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mllint.api import (
    DOWNLOAD_CACHES,
    Build,
    Finding,
    Installation,
    Package,
    Related,
    Rule,
    Run,
    Severity,
    Span,
    Stage,
    in_force,
    mounted,
    wheel_size,
)

#: In MB, from which downloading something again is worth a sentence.
_HEAVY = 500
_GIGABYTE = 1000
#: Packages of its own that make a file the application's, whose lines change with it.
_LEAST_OTHERS = 3


class MonolithicInstall(Rule):
    """A framework of gigabytes is installed by the same instruction as the application's own packages.

    ## Why is this bad?
    A RUN is cached as a whole. When one line of the requirements file changes, and in an application one does every few
    days, the layer is built again from nothing: torch and its CUDA libraries are downloaded and unpacked once more,
    though they are the same as before, and the layer of gigabytes that comes of it is pushed and pulled by every node
    as a new one.

    Installed first, by an instruction of its own, the framework keeps its layer until its own version changes. Where
    one file has to say it all, a cache mount at least spares the download.

    ## Bad
    ```context
    requirements.txt = torch==2.4.1\\nfastapi==0.115.5\\nuvicorn==0.32.0\\npydantic==2.9.2\\n
    ```
    ```dockerfile
    FROM python:3.11.10-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    COPY requirements.txt .
    RUN pip install --no-cache-dir -r requirements.txt
    USER 1000
    ```

    ## Good
    ```context
    requirements.txt = fastapi==0.115.5\\nuvicorn==0.32.0\\npydantic==2.9.2\\n
    ```
    ```dockerfile
    FROM python:3.11.10-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir torch==2.4.1
    COPY requirements.txt .
    RUN pip install --no-cache-dir -r requirements.txt
    USER 1000
    ```

    ## When it stays silent
    With a cache mount that the installer uses, for files that are not in the build context, for commands that name
    their packages themselves (they change with the Dockerfile), where the image or an earlier instruction has the
    framework already (of another release of it `framework-reinstalled` (ML212) speaks), for builds of it that are small
    (the CPU's), where less than three other packages stand beside it, and where nobody can say into which environment
    of an image with frameworks the install goes.

    ## References
    - [Optimize cache usage in builds](https://docs.docker.com/build/cache/optimize/)
    """

    id = "ML218"
    name = "monolithic-install"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        for stage in build.stages:
            brought = _brought(stage)
            for installation in stage.installations:
                mixed = _mixed(installation, brought.get(id(installation), ()), stage)
                if mixed is not None:
                    yield self._report(mixed)._replace(stage=stage.label)

    def _report(self, mixed: _Mixed) -> Finding:
        return self.finding(mixed.file, _message(mixed), related=(Related(mixed.where, f"{mixed.name} is here"),))


class _Mixed(NamedTuple):
    """An install of a file that holds a framework and other packages."""

    installation: Installation
    #: Where the command names the file, or the command.
    file: Span
    #: What is heaviest in it, how much it brings, in MB, and its place.
    name: str
    megabytes: float
    where: Span
    #: How many packages stand beside it.
    others: int


def _mixed(installation: Installation, brought: Sequence[Package], stage: Stage) -> _Mixed | None:
    install, run = installation.step.install, installation.step.instruction
    if install.ecosystem != "python" or install.command.conditional or _is_cached(installation, run, stage):
        return None
    shipped = stage.base is None or bool(stage.base.frameworks)
    if installation.environment.kind == "unknown" and shipped:
        # It may be the environment of the image, which has the framework.
        return None
    heavy = [each for each in brought if (wheel_size(each) or 0) >= _HEAVY]
    if not heavy:
        return None
    largest = max(heavy, key=lambda each: wheel_size(each) or 0)
    where = largest.span
    file = installation.reader(where) if where is not None else None
    if where is None or file is None:
        return None
    names = {
        wanted.requirement.name for wanted in installation.wanted if wanted.requirement.span.source is where.source
    }
    others = len(names - {each.name for each in heavy} - {largest.via})
    if others < _LEAST_OTHERS:
        return None
    return _Mixed(installation, file, largest.via or largest.name, wheel_size(largest) or 0, where, others)


def _brought(stage: Stage) -> dict[int, list[Package]]:
    """The packages of the stage's end by the identity of the install that has put them in place.

    Not those of which ML212 speaks: they are there already, and a layer of their own would make it no better.
    """
    from mllint.api import doubled

    found: dict[int, list[Package]] = {}
    twice = {each.package.span for each in doubled.doubled_frameworks(stage)} if stage.installations else set()
    for package in stage.inventory.packages if stage.installations else ():
        if package.sure and package.ecosystem == "python" and package.span not in twice:
            found.setdefault(id(package.installation), []).append(package)
    return found


def _is_cached(installation: Installation, run: Run, stage: Stage) -> bool:
    """Whether the downloads are on a mount, whatever its folder: where another one is meant, the author knows it."""
    install = installation.step.install
    cache = DOWNLOAD_CACHES.get(install.manager)
    if cache is None:
        return True
    moved = in_force(cache.moved, install.command, run, stage)
    folders = [cache.folder, *([moved.value] if moved is not None and moved.value else [])]
    return any(mounted(run, folder) for folder in folders) or any(mount.type == "cache" for mount in run.mounts)


def _message(mixed: _Mixed) -> str:
    install = mixed.installation.step.install
    size = f"{mixed.megabytes / 1000:.1f} GB" if mixed.megabytes >= _GIGABYTE else f"{mixed.megabytes:.0f} MB"
    cache = DOWNLOAD_CACHES[install.manager].folder.replace("~", "/root")
    mount = f"dd `--mount=type=cache,target={cache}` to the RUN"
    if "--no-cache-dir" in install.options:
        mount += " and take `--no-cache-dir` out"
    # A project's lock is installed as one.
    remedy = f"Install it first, in a RUN of its own, or a{mount}" if install.files else f"A{mount}"
    return (
        f"A change to any of the {mixed.others} other packages downloads `{mixed.name}` and what it needs again, about "
        f"{size}, and makes a new layer of them. {remedy}."
    )
