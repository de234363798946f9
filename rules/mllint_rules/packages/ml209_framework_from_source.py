"""ML209 framework-from-source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Build,
    Command,
    Finding,
    InstallStep,
    Related,
    Requirement,
    Rule,
    Severity,
    Span,
    Stage,
    knowledge,
    repository_name,
)

#: Repositories of frameworks → what pip calls them.
_FRAMEWORKS = {
    "pytorch/pytorch": "torch",
    "pytorch/vision": "torchvision",
    "pytorch/audio": "torchaudio",
    "tensorflow/tensorflow": "tensorflow",
    "apache/mxnet": "mxnet",
    "apache/incubator-mxnet": "mxnet",
    "paddlepaddle/paddle": "paddlepaddle",
    "microsoft/onnxruntime": "onnxruntime",
    "dmlc/xgboost": "xgboost",
    "microsoft/lightgbm": "lightgbm",
    "facebookresearch/faiss": "faiss",
}
#: Where wheels of packages are that have none on the package index, or others than that one's.
_WHEELS = {
    "torch": "from the index of its CUDA at download.pytorch.org/whl",
    "torchvision": "from the index of its CUDA at download.pytorch.org/whl",
    "torchaudio": "from the index of its CUDA at download.pytorch.org/whl",
    "cupy": "as `cupy-cuda12x`, or the package for your CUDA",
    "torch-scatter": "from the index of PyG, for your torch and CUDA",
    "torch-sparse": "from the index of PyG, for your torch and CUDA",
    "torch-cluster": "from the index of PyG, for your torch and CUDA",
    "torch-spline-conv": "from the index of PyG, for your torch and CUDA",
    "mmcv": "from the index of OpenMMLab, for your torch and CUDA",
    "mmcv-full": "from the index of OpenMMLab, for your torch and CUDA",
}
#: Packages with a wheel on the index that compile when they come from their repository.
_ON_INDEX = frozenset(
    {"xformers", "vllm", "vllm-flash-attn", "auto-gptq", "tensorflow", "mxnet", "paddlepaddle", "onnxruntime"}
    | {"xgboost", "lightgbm"}
)
#: Those among them whose sources are on the index too, so that `--no-binary` compiles them.
_WITH_SOURCES = frozenset({"xformers", "vllm", "auto-gptq", "xgboost", "lightgbm"})
#: The kinds of accelerators that compile when they are installed.
_COMPILED = frozenset({"source", "download", "optional"})
#: What the command must ask for; without it, only Python files are installed.
_ONLY_WITH = {"apex": "ext", "fairscale": "BUILD_CUDA_EXTENSIONS"}
#: The figures of flash-attention are its README's.
_TIME = {
    "flash-attn": "3 to 5 minutes on 64 cores, 2 hours on one; with less than 96 GB of memory it wants a low MAX_JOBS",
}
_ANY_TIME = "minutes on a large machine, up to hours on a CI runner"


class FrameworkFromSource(Rule):
    """A framework, or a package of CUDA kernels, is compiled in the image.

    ## Why is this bad?
    It is the slowest thing that a Docker build can do, and it is repeated whenever the cache is cold: on each new CI
    runner, and after each edit above it. flash-attention's README says 2 hours on one core, 3 to 5 minutes on 64 of
    them, and that a machine with less than 96 GB of memory may run out of it. The compilers, headers and build trees
    that it takes stay in the image as well: the `-devel` flavour of a CUDA image alone is about 3 GB more to pull.

    ## Bad
    ```dockerfile
    FROM nvcr.io/nvidia/pytorch:24.10-py3
    RUN pip install --no-cache-dir --no-build-isolation git+https://github.com/Dao-AILab/flash-attention@v2.7.3
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvcr.io/nvidia/pytorch:24.10-py3
    COPY wheels/flash_attn-2.7.3-cp310-cp310-linux_x86_64.whl /tmp/
    RUN pip install --no-cache-dir /tmp/flash_attn-2.7.3-cp310-cp310-linux_x86_64.whl
    USER 1000
    ```

    ## When it stays silent
    For packages from the index (whether they compile there is another matter), for repositories of pure Python and
    those that compile only when asked to (apex without its extensions), for clones that nothing builds, or that become
    a C++ library, and for projects that the tables do not know. In a stage that the final one only copies from it is
    advice: the image stays small, and only the time is spent.

    ## References
    - [flash-attention, installation](https://github.com/Dao-AILab/flash-attention#installation-and-features)
    - [PyTorch, previous versions](https://pytorch.org/get-started/previous-versions/)
    """

    id = "ML209"
    name = "framework-from-source"

    def check_build(self, build: Build) -> Iterator[Finding]:
        apart = build.builders
        for stage in build.stages:
            severity = Severity.INFO if stage in apart else Severity.WARNING
            for each in (*_from_repositories(stage), *_from_clones(stage), *_without_wheels(stage)):
                message = _message(each, apart=stage in apart)
                finding = self.finding(each.span, message, severity=severity, related=each.related)
                yield finding._replace(stage=stage.label)


class _Compiled(NamedTuple):
    """A package that is compiled."""

    #: As pip calls it.
    name: str
    span: Span
    related: tuple[Related, ...] = ()
    #: What makes it compile.
    cause: str = "comes from its repository"


def _from_repositories(stage: Stage) -> Iterator[_Compiled]:
    """`pip install git+https://…`."""
    for step in stage.installs:
        for requirement in step.install.requirements:
            # A repository can hold other packages as well: `#subdirectory=python` is not the one that is meant.
            url = requirement.url or ""
            if requirement.kind == "vcs" and "subdirectory=" not in url:
                name = _compiled(repository_name(url), step.install.command)
                if name is not None:
                    yield _Compiled(name, requirement.span)


def _from_clones(stage: Stage) -> Iterator[_Compiled]:
    for clone in stage.clones:
        command = next((each for each in clone.uses if _makes_package(each, stage)), None)
        name = _compiled(clone.name, command) if command is not None else None
        if name is not None and command is not None:
            yield _Compiled(name, clone.url.span, (Related(command.span, "this builds it"),))


def _makes_package(command: Command, stage: Stage) -> bool:
    """Whether a build makes a Python package: one that makes a C++ library is not served by a wheel."""
    install = stage.install_of(command)
    if install is not None:
        return bool(install.sources)
    name = command.name or ""
    return name.startswith(("python", "bazel")) or "--build_wheel" in command.values()


def _compiled(repository: str, command: Command) -> str | None:
    """The package that a repository makes, where that is compiled; None for what is not known to be."""
    if repository in _FRAMEWORKS:
        return _FRAMEWORKS[repository]
    found = knowledge.accelerators.from_repository(repository)
    if found is None or not (found.kind in _COMPILED or found.name in _ON_INDEX):
        return None
    asked = _ONLY_WITH.get(found.name, "")
    return found.name if asked.lower() in command.span.text.lower() else None


def _without_wheels(stage: Stage) -> Iterator[_Compiled]:
    """`--no-binary`: the package's own wheel is refused."""
    for step in stage.installs:
        yield from _refused(step)


def _refused(step: InstallStep) -> Iterator[_Compiled]:
    refused = {
        name.strip().lower().replace("_", "-")
        for option in step.install.settings
        if option.name in ("--no-binary", "--no-binary-package") and option.value is not None
        for name in (option.value.value or "").split(",")
    }
    if not refused or ":none:" in refused:
        return
    for requirement in step.install.requirements:
        if _is_refused(requirement, refused) and requirement.name in _WITH_SOURCES:
            yield _Compiled(requirement.name or "", requirement.span, (), "has its wheels refused by `--no-binary`")


def _is_refused(requirement: Requirement, refused: set[str]) -> bool:
    return requirement.kind == "index" and (":all:" in refused or requirement.name in refused)


def _message(found: _Compiled, *, apart: bool) -> str:
    row = knowledge.accelerators.find(found.name)
    tries = row is not None and row.kind == "download"
    unless = ", unless its setup finds a ready wheel for this very torch, CUDA and Python" if tries else ""
    when = "whenever this stage's cache is cold" if apart else "in this image, whenever the cache is cold"
    compiled = f"`{found.name}` {found.cause} and is compiled {when}{unless}: {_TIME.get(found.name, _ANY_TIME)}."
    if tries:
        return f"{compiled} Install that wheel by its address in the project's releases, or build one once and keep it."
    if found.name in _WHEELS:
        return f"{compiled} Take a wheel {_WHEELS[found.name]}, or build one once and keep it."
    if found.name in _ON_INDEX:
        return f"{compiled} The index has wheels: `{found.name}==<version>`."
    rest = "build its wheel once and keep it" if apart else "build its wheel in another stage, or once for all"
    return f"{compiled} If there is no release to take, {rest}."
