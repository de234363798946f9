"""ML210 local-version-without-index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Finding,
    Fix,
    Installation,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    Step,
    Wanted,
    build_of_version,
    knowledge,
    speaks_of_indexes,
    stops_build,
)

#: Packages that PyTorch's own indexes hold.
_HOSTED = frozenset({"torch", "torchvision", "torchaudio", "torchtext", "xformers", "torchao", "torch-tensorrt"})
#: Packages whose publishers keep their wheels for CUDA at a place of their own → that place, for `--find-links`.
_ELSEWHERE = {
    **dict.fromkeys(
        ("torch-scatter", "torch-sparse", "torch-cluster", "torch-spline-conv", "pyg-lib"),
        "https://data.pyg.org/whl/torch-<version>+<cuda>.html",
    ),
    "jaxlib": "https://storage.googleapis.com/jax-releases/jax_cuda_releases.html",
    "dgl": "https://data.dgl.ai/wheels/<cuda>/repo.html",
    "mmcv-full": "https://download.openmmlab.com/mmcv/dist/<cuda>/torch<version>/index.html",
}
#: Releases before this one are found through the old list of all wheels only.
_INDEXES_SINCE = (1, 11)
_LIST = "https://download.pytorch.org/whl/torch_stable.html"


class LocalVersionWithoutIndex(Rule):
    """A version such as `2.5.1+cu121`, and no index that could have it.

    ## Why is this bad?
    What stands behind `+` is a local version: builds for one CUDA that PyTorch and others keep on servers of their own.
    The default package index does not take them, so `torch==2.5.1+cu121` is never found there, and the build stops:
    "Could not find a version that satisfies the requirement". It often worked where the file was written, on a machine
    whose pip is configured with another index.

    ## Bad
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir torch==2.5.1+cpu
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.11.9-slim
    RUN pip install --no-cache-dir torch==2.5.1+cpu --extra-index-url https://download.pytorch.org/whl/cpu
    USER 1000
    ```

    ## When it stays silent
    Where any index is named besides the default one: by an option, PIP_EXTRA_INDEX_URL, UV_INDEX and the like,
    `pip.conf`, a line of the requirements file, `--find-links`, a source of uv or poetry; where one may be named out of
    sight (a file that is not in the context, a configuration mounted as a secret); for what a lock installs from the
    index that it names, for conda, and for variants that were never published (`unknown-cuda-wheel-index`, ML303). It
    is a warning on a base image that is not known, which may bring a configured pip, and where the command may fail.

    ## Fix safety
    The fix names PyTorch's index for that build. It is safe where the tables know the build: without it nothing is
    installed at all.

    ## References
    - [PyTorch, previous versions](https://pytorch.org/get-started/previous-versions/)
    - [Version specifiers, local versions](https://packaging.python.org/en/latest/specifications/version-specifiers/)
    """

    id = "ML210"
    name = "local-version-without-index"
    severity = Severity.ERROR

    def check_build(self, build: Build) -> Iterator[Finding]:
        told: set[Span] = set()
        for stage in build.stages:
            for installation in stage.installations:
                found = [each for each in _local(installation) if not _is_there(each, installation, stage)]
                if found and not _has_index(found, installation, stage):
                    for group in _by_file(found):
                        if group[0].span not in told:
                            told.add(group[0].span)
                            yield self._report(group, installation, stage)

    def _report(self, group: list[_Local], installation: Installation, stage: Stage) -> Finding:
        step = installation.step
        sure = stage.base is not None and stops_build(Step(step.instruction, step.install.command), stage)
        first = group[0]
        reader = installation.reader(first.span)
        others = tuple(Related(each.span, "the same here") for each in group[1:])
        used = (Related(reader, "this installs the file"),) if reader is not None else ()
        return self.finding(
            first.span,
            _message(first, installation),
            severity=Severity.ERROR if sure else Severity.WARNING,
            related=used + others,
            fix=_fix(first, installation),
        )._replace(stage=stage.label)


class _Local(NamedTuple):
    """A requirement with a local version."""

    name: str
    version: str
    #: `+cu121`, where it is written.
    span: Span


def _local(installation: Installation) -> Iterator[_Local]:
    """The local versions that an install asks an index for; those of a lock come from where the lock says."""
    if installation.step.install.ecosystem != "python" or not installation.complete:
        return
    locks = {use.manifest.source for use in installation.manifests if use.manifest.kind == "lock"}
    for wanted in installation.wanted:
        place = wanted.fixed_by or wanted.requirement.span
        name = wanted.requirement.name
        if name is not None and wanted.version is not None and place.source not in locks and _is_asked(wanted):
            at = place.text.rfind("+")
            local = place.source.span(place.start + at, place.start + at + len(wanted.version.partition("+")[2]) + 1)
            if at >= 0 and local.text.lower() == f"+{wanted.version.partition('+')[2]}".lower():
                yield _Local(name, wanted.version, local)


def _is_asked(wanted: Wanted) -> bool:
    return wanted.requirement.kind == "index" and "+" in (wanted.version or "")


def _is_there(local: _Local, installation: Installation, stage: Stage) -> bool:
    """Whether it is in place already, so that nothing is looked for; or was never published, which is ML303's."""
    there = stage.inventory.before(installation.step).get(local.name, installation.environment.key)
    if there is not None and there.version == local.version:
        return True
    build = build_of_version(local.version)
    if build is None or local.name not in _HOSTED:
        return False
    torch = knowledge.torch
    return not torch.published(build) or (local.name == "torch" and torch.exists(local.version, build) is False)


def _has_index(found: list[_Local], installation: Installation, stage: Stage) -> bool:
    if "--no-index" in installation.step.install.options or "--torch-backend" in installation.step.install.options:
        return True
    if any(not index.official for index in installation.indexes):
        return True
    if installation.indexes:
        # PyTorch's indexes have PyTorch's packages; which build of them is another question (ML303).
        return any(each.name not in _ELSEWHERE for each in found)
    return speaks_of_indexes(stage)


def _by_file(found: list[_Local]) -> list[list[_Local]]:
    groups: dict[str, list[_Local]] = {}
    for each in found:
        groups.setdefault(each.span.source.path, []).append(each)
    return list(groups.values())


def _message(local: _Local, installation: Installation) -> str:
    manager = installation.step.install.manager
    where = _where(local)
    index = "PyTorch's index does not hold it" if installation.indexes else "no other one is named"
    remedy = f"Name the one that has it: `{where}`." if where else "Name the one that has it."
    return (
        f"`{local.name}=={local.version}` is not on the default package index, which takes no local versions "
        f"(`{local.span.text}`), and {index}: {manager} finds nothing, and the build stops. {remedy}"
    )


def _where(local: _Local) -> str | None:
    """The option that names the publisher's server."""
    build = build_of_version(local.version)
    if local.name in _ELSEWHERE:
        return f"--find-links {_ELSEWHERE[local.name].replace('<cuda>', build or '<cuda>')}"
    if build is None or local.name not in _HOSTED:
        return None
    if _is_old(local):
        return f"--find-links {_LIST}"
    return f"--extra-index-url https://download.pytorch.org/whl/{build}"


def _is_old(local: _Local) -> bool:
    """Whether it is older than PyTorch's indexes, which came with 1.11."""
    torch: str | None = local.version
    if local.name != "torch":
        row = knowledge.torch_companions.find(local.name, local.version)
        torch = (row.torch or "").lstrip("=<>~") if row is not None else None
    numbers = [int(part) for part in (torch or "").partition("+")[0].split(".")[:2] if part.isdigit()]
    return bool(numbers) and tuple(numbers) < _INDEXES_SINCE


def _fix(local: _Local, installation: Installation) -> Fix | None:
    """Names PyTorch's index behind `install`, or in front of the file's lines."""
    install, where = installation.step.install, _where(local)
    if where is None or local.name in _ELSEWHERE or install.manager not in ("pip", "uv"):
        return None
    if install.manager == "uv" and install.subcommand != "pip install":
        return None
    build = build_of_version(local.version)
    sure = local.name == "torch" and build is not None and knowledge.torch.exists(local.version, build) is True
    applicability = Applicability.SAFE if sure else Applicability.UNSAFE
    title = f"Name the index: `{where}`"
    source = local.span.source
    if source is not install.command.span.source:
        if not any(
            use.manifest.source is source and use.manifest.kind == "requirements" for use in installation.manifests
        ):
            return None
        return Fix(title, (Edit(source.span(0, 0), f"{where}\n"),), applicability)
    verb = next((word for word in install.command.words if word.value == "install"), None)
    if verb is None:
        return None
    return Fix(title, (Edit(source.span(verb.span.end, verb.span.end), f" {where}"),), applicability)
