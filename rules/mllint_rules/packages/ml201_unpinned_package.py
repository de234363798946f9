"""ML201 unpinned-package."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import (
    INSTALLERS,
    Build,
    Finding,
    Installation,
    OpenInstall,
    Requirement,
    Role,
    Rule,
    Severity,
    Stage,
    knowledge,
    open_installs,
)

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
_COMPANIONS = frozenset({"torchvision", "torchaudio", "torchtext", "xformers"})
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
    RUN pip install --no-cache-dir numpy scipy
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir numpy==2.1.3 scipy==1.14.1
    USER 1000
    ```

    ## When it stays silent
    For local paths, wheels and URLs, `-e .`, requirements files (ML203), packages that constraints (`-c`,
    PIP_CONSTRAINT) or a lock pin, installs under constraints that are not in the context, offline installs, ranges such
    as `torch>=2` (ML202, and ML225 where they are not quoted), repositories (`git+https://…`), versions and names that
    only the build knows (`torch==${VERSION}`), frameworks (and their NumPy) that the base image already has, packages
    that an earlier command pinned, torchvision beside a pinned torch (only one release takes it), and `pip` in a conda
    environment. Upgrades of pip, setuptools, wheel, uv and poetry are only advice. Names that are gone
    (`retired-package`, ML207) and a NumPy that breaks a package beside it (`numpy-abi-break`, ML214) are left to those.

    ## References
    - [pip, repeatable installs](https://pip.pypa.io/en/stable/topics/repeatable-installs/)
    - [PyTorch, previous versions](https://pytorch.org/get-started/previous-versions/)
    """

    id = "ML201"
    name = "unpinned-package"
    aliases = ("DL3013",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        told: set[str] = set()
        said: set[tuple[int, str]] = set()
        for each in open_installs(build):
            finding = self._check(each, told)
            # `python3.10 -m pip install -U pip && python3.11 -m pip install -U pip`: once for the RUN.
            key = (id(each.installation.step.instruction), finding.message if finding is not None else "")
            if finding is not None and key not in said:
                said.add(key)
                yield finding._replace(stage=each.stage.label)

    def _check(self, each: OpenInstall, told: set[str]) -> Finding | None:
        found = [one for one in each.requirements if not one.specifier and not _follows(one, each.installation)]
        if not found:
            return None
        found.sort(key=lambda one: (one.name in INSTALLERS, _RANK.get(one.name or "", len(_RANK))))
        advice = all(one.name in INSTALLERS for one in found)
        message = _message(found, each.installation, each.stage, told)
        return self.finding(found[0].span, message, severity=Severity.INFO if advice else Severity.WARNING)


def _follows(requirement: Requirement, installation: Installation) -> bool:
    """Whether a pin beside it decides: each torchvision takes one torch, so that torch's pin leaves only one."""
    return requirement.name == "torchvision" and _pins_torch(installation)


def _pins_torch(installation: Installation) -> bool:
    found = (each for each in installation.wanted if each.requirement.name in ("torch", "pytorch"))
    alone = installation.step.install.options & {"--no-deps", "--no-dependencies"}
    return not alone and any(each.version is not None or each.requirement.pinned for each in found)


def _message(found: list[Requirement], installation: Installation, stage: Stage, told: set[str]) -> str:
    """What will happen. `told` holds the consequences that a finding above has spelled out already."""
    install = installation.step.install
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
    consequence = _consequence(first, installation, stage)
    tail = f"Pin {'it' if single else 'each'}: `{pin}`."
    head = f"{listed} {'has' if single else 'have'} no version"
    if consequence in told:
        return f"{head}, either. {tail}"
    told.add(consequence)
    return f"{head}: the next build without cache takes what is newest that day{consequence}. {tail}"


def _written(requirement: Requirement) -> str:
    """The name as the file has it, `huggingface_hub` rather than `huggingface-hub`."""
    text = requirement.span.text.partition("[")[0].strip()
    same = re.sub(r"[-_.]+", "-", text).lower() == re.sub(r"[-_.]+", "-", requirement.label).lower()
    return text if same else requirement.label


def _consequence(name: str, installation: Installation, stage: Stage) -> str:
    """What another release of a package changes besides itself."""
    install = installation.step.install
    fixed_index = any(index.kind == "index-url" for index in install.indexes)
    if name == "torch" and not install.indexes:
        moved = _torch_consequence(stage)
        if moved:
            return moved
    if name in ("torch", "pytorch", "pytorch-gpu", "vllm", "sglang") and not fixed_index:
        return ", which can be a release for another CUDA than your driver runs"
    if name in _COMPANIONS and not _pins_torch(installation):
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
