"""ML201 unpinned-package."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import (
    INSTALLERS,
    Build,
    Finding,
    Install,
    InstallStep,
    Requirement,
    Role,
    Rule,
    Severity,
    Stage,
    in_force,
    knowledge,
)

#: What each manager calls an install that puts packages in place for good.
_SUBCOMMANDS = {
    "pip": frozenset({"install"}),
    "uv": frozenset({"pip install", "add", "tool install"}),
    "poetry": frozenset({"add"}),
    "pipx": frozenset({"install", "inject"}),
    **{name: frozenset({"install", "create", "update", "upgrade"}) for name in ("conda", "mamba", "micromamba")},
}
#: Packages whose version decides about others, about the CUDA that is used, or about what a model computes; the first
#: of them that is named leads the message. Conda's names are among them.
_FRAMEWORKS = (
    *(
        "torch",
        "pytorch",
        "pytorch-gpu",
        "pytorch-cpu",
        "tensorflow",
        "tensorflow-gpu",
        "tensorflow-cpu",
        "jax",
        "vllm",
    ),
    *("sglang", "transformers", "torchvision", "torchaudio", "torchtext", "xformers", "flash-attn", "deepspeed"),
    *("onnxruntime-gpu", "paddlepaddle-gpu", "paddlepaddle", "mxnet", "lightning", "pytorch-lightning", "diffusers"),
    *("accelerate", "keras", "numpy"),
)
_RANK = {name: rank for rank, name in enumerate(_FRAMEWORKS)}
#: Frameworks whose images hold NumPy as well: they require it, or their publishers install it beside them.
_BRING_NUMPY = frozenset({"torch", "tensorflow", "jax", "mxnet"})
_COMPANIONS = frozenset({"torchvision", "torchaudio", "torchtext", "xformers"})
#: Options and variables that keep an install from taking what is newest on the day.
_HELD_BY_OPTION = frozenset({"--no-index", "--offline", "--exclude-newer", "--uploaded-prior-to", "--override"})
_HELD_BY_VARIABLE = {
    "pip": ("PIP_CONSTRAINT", "PIP_UPLOADED_PRIOR_TO", "PIP_NO_INDEX"),
    "pipx": ("PIP_CONSTRAINT",),
    "uv": ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE_NEWER", "UV_OFFLINE"),
}
_SHOWN = 4
_PRODUCTS = {Role.SERVING: "the service", Role.TRAINING: "the training", Role.NOTEBOOK: "the notebooks"}


class UnpinnedPackage(Rule):
    """An install command names packages without a version.

    ## Why is this bad?
    The same Dockerfile builds another image each time its cache is cold: on another machine, in CI, after an edit
    above. A new release then breaks the build or the service on a day when nobody changed anything, and the image that
    worked cannot be built again.

    For frameworks it is more than an API: a plain `pip install torch` brings its own CUDA. Up to 2.10 the default wheel
    used CUDA 12 (12.8 at last), from 2.11 on, March 2026, it uses CUDA 13, which needs a driver of the 580 branch; on
    a host with driver 535 the rebuilt image no longer sees its GPU. TensorFlow 2.16 came with Keras 3, and NumPy 2
    broke every extension that was built for NumPy 1.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir numpy torch
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir numpy==2.1.3 torch==2.5.1
    USER 1000
    ```

    ## When it stays silent
    For local paths, wheels and URLs, `-e .`, requirements files, installs under constraints (`-c`, PIP_CONSTRAINT) or
    from a lock file, offline installs, ranges such as `torch>=2`, repositories (`git+https://…`), versions and names
    that only the build knows (`torch==${VERSION}`), frameworks (and their NumPy) that the base image already has,
    packages that an earlier command pinned, and `pip` in a conda environment. Upgrades of pip, setuptools, wheel, uv
    and poetry are only advice.

    ## References
    - [pip, repeatable installs](https://pip.pypa.io/en/stable/topics/repeatable-installs/)
    - [PyTorch, previous versions](https://pytorch.org/get-started/previous-versions/)
    """

    id = "ML201"
    name = "unpinned-package"
    aliases = ("DL3013",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        pinned: dict[Stage, set[str]] = {}
        told: set[str] = set()
        for stage in build.stages:
            known = set(pinned[stage.parent] if stage.parent is not None else _shipped(stage))
            for step in stage.installs:
                finding = self._check(step, stage, known, told)
                if finding is not None:
                    yield finding._replace(stage=stage.label)
                known.update(each.name for each in step.install.requirements if each.name is not None and each.pinned)
            pinned[stage] = known

    def _check(self, step: InstallStep, stage: Stage, pinned: set[str], told: set[str]) -> Finding | None:
        install = step.install
        if install.subcommand not in _SUBCOMMANDS.get(install.manager, ()) or _is_held(step, stage):
            return None
        keeps = not install.options & {"--upgrade", "--force-reinstall", "--ignore-installed", "--reinstall"}
        found = [
            each
            for each in install.requirements
            if each.kind == "index" and each.name and not each.specifier and not (keeps and each.name in pinned)
        ]
        if install.ecosystem == "conda":
            # `pip` beside `python` is how an environment gets its pip; conda chooses one that fits.
            found = [each for each in found if each.name not in INSTALLERS]
        if not found:
            return None
        found.sort(key=lambda each: (each.name in INSTALLERS, _RANK.get(each.name or "", len(_RANK))))
        advice = all(each.name in INSTALLERS for each in found)
        message = _message(found, install, stage, told)
        return self.finding(found[0].span, message, severity=Severity.INFO if advice else Severity.WARNING)


def _shipped(stage: Stage) -> frozenset[str]:
    """The frameworks of the base image: an install that names them again leaves them as they are."""
    names = frozenset(name for name, _ in stage.base.frameworks) if stage.base is not None else frozenset()
    return names | {"numpy"} if names & _BRING_NUMPY else names


def _is_held(step: InstallStep, stage: Stage) -> bool:
    """Whether something besides the command line decides about versions."""
    install = step.install
    if install.constraints or install.options & _HELD_BY_OPTION:
        return True
    for name in _HELD_BY_VARIABLE.get(install.manager, ()):
        setting = in_force(name, install.command, step.instruction, stage)
        # A constraint file of the base image (NGC has one) holds what the base ships, not what is added to it.
        if setting is not None and setting.value != "" and (setting.span is not None or setting.value is None):
            return True
    return False


def _message(found: list[Requirement], install: Install, stage: Stage, told: set[str]) -> str:
    """What will happen. `told` holds the consequences that a finding above has spelled out already."""
    names = list(dict.fromkeys(_written(each) for each in found))
    listed = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    if len(names) > _SHOWN:
        listed += f" and {len(names) - _SHOWN} more"
    single = len(names) == 1
    first = found[0].name or ""
    if first in INSTALLERS:
        return (
            f"{listed} {'has' if single else 'have'} no version: on another day a newer installer runs the rest of the "
            "build, and it can refuse what the old one accepted. Pin it if builds must repeat."
        )
    pin = f"{names[0]}={'=' if install.ecosystem == 'python' else ''}<version>"
    consequence = _consequence(first, install, stage)
    tail = f"Pin {'it' if single else 'each'}: `{pin}`."
    lost = _lost_specifiers(found, install)
    why = f" (the shell takes the unquoted `{lost[0]}` for a redirection: quote it)" if lost else ""
    head = f"{listed} {'has' if single else 'have'} no version"
    if consequence in told:
        return f"{head}, either{why}. {tail}"
    told.add(consequence)
    return f"{head}{why}: the next build without cache takes what is newest that day{consequence}. {tail}"


def _lost_specifiers(found: list[Requirement], install: Install) -> list[str]:
    """The requirements whose specifier never reaches the installer: `torch>=2.0` without quotes."""
    ends = {each.span.end: each.span.text for each in found}
    return [
        ends[each.span.start] + each.span.text
        for each in install.command.redirects
        if each.span.start in ends and each.operator in ("<", ">")
    ]


def _written(requirement: Requirement) -> str:
    """The name as the file has it, `huggingface_hub` rather than `huggingface-hub`."""
    text = requirement.span.text.partition("[")[0].strip()
    same = re.sub(r"[-_.]+", "-", text).lower() == re.sub(r"[-_.]+", "-", requirement.label).lower()
    return text if same else requirement.label


def _consequence(name: str, install: Install, stage: Stage) -> str:
    """What another release of a package changes besides itself."""
    fixed_index = any(index.kind == "index-url" for index in install.indexes)
    if name == "torch" and not install.indexes:
        moved = _torch_consequence(stage)
        if moved:
            return moved
    if name in ("torch", "pytorch", "pytorch-gpu", "vllm", "sglang") and not fixed_index:
        return ", which can be a release for another CUDA than your driver runs"
    if name in _COMPANIONS:
        return ", and that release wants one torch release only: it replaces the torch that is there, or fails"
    if name.startswith("tensorflow"):
        return ", which can be a release for another CUDA, cuDNN and Keras (2.16 moved to Keras 3)"
    if name == "numpy":
        return ", and a new major version breaks every extension built for the old one, as NumPy 2 did"
    if name in _RANK:
        return ", and models can then load, compute or fail differently with no change of yours"
    final = stage.build.final
    what = _PRODUCTS.get(final.role.value, "what runs here") if final is not None else "what runs here"
    return f", which can break the build or {what} with no change of yours"


def _python(stage: Stage) -> str | None:
    """The Python of the stage: the image's own, else that of its operating system's packages."""
    base = stage.base
    if base is None or base.python is not None:
        return base.python if base is not None else None
    if base.python_commands:
        return None
    rows = knowledge.os_releases.DEFAULT_PYTHON
    return next((row.python for row in rows if (row.os, row.version) == (base.os, base.os_version)), None)


def _torch_consequence(stage: Stage) -> str:
    """The last step of the default wheel to another CUDA major version; "" where the stage's Python is too old."""
    python = _python(stage)
    minor = ".".join(python.split(".")[:2]) if python is not None else None
    rows = knowledge.torch.RELEASES
    for before, after in zip(reversed(rows[:-1]), reversed(rows[1:]), strict=True):
        if before.cuda.partition(".")[0] != after.cuda.partition(".")[0]:
            if minor is not None and minor not in after.pythons.split():
                return ""
            from mllint.api import drivers

            need = drivers.least_driver(after.cuda)
            driver = f", which needs driver {need.minimum} or newer" if need is not None else ""
            step = f"from {before.cuda} to {after.cuda} with {after.version}"
            return f". For torch that can be another CUDA: its default wheel moved {step}{driver}"
    return ""
