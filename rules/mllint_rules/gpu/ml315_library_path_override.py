"""ML315 library-path-override."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Edit,
    Env,
    Finding,
    Fix,
    Pair,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    image_place,
    regex,
    toolkits,
)

_LIBRARIES = "LD_LIBRARY_PATH"
_HOMES = ("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "CUDA_TOOLKIT_ROOT_DIR")
_TOOLKIT = regex(r"/usr/local/cuda-(?P<version>\d+\.\d+)(?=[/:]|$)")
_STUBS = regex(r"[^:\s\"'=]*/stubs(?=/?(?:[:\s\"']|$))")
_DRIVER = "/usr/local/nvidia/lib64"
_OWN = "/usr/local/cuda/lib64"
#: From this CUDA on nvidia/cuda's own value is the toolkit's folder, and no longer that of the driver.
_OWN_SINCE = (12, 8)


class LibraryPathOverride(Rule):
    """LD_LIBRARY_PATH, PATH or CUDA_HOME lead past the CUDA of the image.

    ## Why is this bad?
    Three ways to lose a GPU by a path:

    - **Another CUDA.** `/usr/local/cuda-11.3` on an image with CUDA 11.8 is a folder that is not there. The loader
      passes over it without a word, and what asks CUDA_HOME for nvcc stops with "No such file or directory".
      `/usr/local/cuda` always leads to the toolkit of the image.
    - **The base's value dropped.** nvidia/cuda and pytorch/pytorch set LD_LIBRARY_PATH to `/usr/local/nvidia/lib64`,
      the folder into which GKE and others mount the driver. `ENV LD_LIBRARY_PATH=/opt/lib` without
      `:$LD_LIBRARY_PATH` takes it away, and `libcuda.so.1` is not found there, while everything works on the machine
      where Docker itself brings the driver.
    - **Stubs.** The folder `stubs` of the toolkit has an empty `libcuda.so` to link against on machines without a
      driver. In LD_LIBRARY_PATH it wins over the real one at run time: "CUDA driver is a stub library". Linkers read
      LIBRARY_PATH, where nvidia/cuda's devel images have it already.

    ## Bad
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV LD_LIBRARY_PATH=/usr/local/cuda-11.8/lib64:$LD_LIBRARY_PATH
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV LD_LIBRARY_PATH=/opt/libraries:$LD_LIBRARY_PATH
    USER 1000
    ```

    ## When it stays silent
    For a toolkit that the stage installs or copies, where scripts or copied folders may bring one, for images whose
    contents are not known, for values that only the build knows, for stubs in LIBRARY_PATH or for a single RUN, and
    where a later ENV replaces the value. `$LD_LIBRARY_PATH` is defined on nvidia/cuda, so appending it is right.

    ## Fix safety
    The fixes write `/usr/local/cuda`, or append the variable's old value. They are unsafe: another library can be found
    first afterwards.

    ## References
    - [GKE, about the CUDA libraries](https://cloud.google.com/kubernetes-engine/docs/how-to/gpus#cuda)
    - [CUDA installation guide, environment setup](https://docs.nvidia.com/cuda/cuda-installation-guide-linux/#environment-setup)
    """

    id = "ML315"
    name = "library-path-override"

    def check_build(self, build: Build) -> Iterator[Finding]:
        for stage in build.stages:
            for finding in self._in_stage(stage):
                yield finding._replace(stage=stage.label)

    def _in_stage(self, stage: Stage) -> Iterator[Finding]:
        ships = stage not in stage.build.builders
        for instruction in stage.body:
            if not isinstance(instruction, Env):
                continue
            for pair in instruction.pairs:
                name = pair.key.value
                if name in (_LIBRARIES, "PATH", *_HOMES):
                    yield from self._elsewhere(pair, _own_text(pair, instruction, stage), stage)
                if name == _LIBRARIES and ships:
                    yield from self._stubs(pair, stage)
                    yield from self._dropped(pair, instruction, stage)

    def _elsewhere(self, pair: Pair, text: str, stage: Stage) -> Iterator[Finding]:
        """A folder of a toolkit that is not there."""
        versions = [match["version"] for match in _TOOLKIT.finditer(text)]
        known = toolkits(stage) if versions else None
        if known is None or known.base is None or not known.complete:
            return
        for version in dict.fromkeys(versions):
            folder = f"/usr/local/cuda-{version}"
            if version in known.versions or _is_replaced(pair.key.value, folder, stage):
                continue
            span = _part(pair, folder)
            message = (
                f"`{folder}` is not in this image, whose CUDA is {known.base}: {_effect(pair.key.value, folder)}. "
                "Write `/usr/local/cuda`, which leads to the toolkit that is there."
            )
            place = image_place(stage.root)
            related = (Related(place.span, f"CUDA {known.base} comes from here"),) if place is not None else ()
            fix = Fix("Use `/usr/local/cuda`", (Edit(span, "/usr/local/cuda"),)) if span.text == folder else None
            yield self.finding(span, message, related=related, fix=fix)

    def _stubs(self, pair: Pair, stage: Stage) -> Iterator[Finding]:
        match = _STUBS.search(pair.value.value if pair.value is not None else "")
        if match is not None and not _is_replaced(_LIBRARIES, match[0], stage):
            message = (
                "The stubs are empty libraries to link against. Here the loader finds them when the container runs: "
                "where the driver's `libcuda.so` is asked for by that name, CUDA stops with `CUDA driver is a stub "
                "library`. Put the folder into LIBRARY_PATH, which only the linker reads."
            )
            yield self.finding(_part(pair, match[0]), message)

    def _dropped(self, pair: Pair, instruction: Env, stage: Stage) -> Iterator[Finding]:
        """A value without the one of the base image."""
        before = stage.variable_at(_LIBRARIES, instruction)
        lost = _lost(stage)
        value = stage.expand(pair.value, instruction) if pair.value is not None else None
        if lost is None or before is None or before.span is not None or value is None or lost in value:
            return
        end = stage.variable_at(_LIBRARIES)
        if end is None or (end.value is not None and lost in end.value):
            return
        place = image_place(stage.root)
        related = (Related(place.span, "its value is lost"),) if place is not None else ()
        if lost == _DRIVER:
            effect = (
                f"`{_DRIVER}` goes with it. Where the host mounts the driver there, as GKE does, `libcuda.so.1` is not "
                "found, and programs see no GPU"
            )
        else:
            effect = f"`{_OWN}` is no longer searched first"
        message = f"This replaces the base image's value instead of adding to it: {effect}. Append `:$LD_LIBRARY_PATH`."
        severity = Severity.WARNING if lost == _DRIVER else Severity.INFO
        yield self.finding(pair.span, message, severity=severity, related=related, fix=_append(pair))


def _own_text(pair: Pair, instruction: Env, stage: Stage) -> str:
    """What a pair itself adds to its variable, build arguments put in."""
    if pair.value is None:
        return ""
    written = pair.value.value
    expanded = stage.expand(pair.value, instruction) if pair.key.value not in written else None
    return expanded if expanded is not None else written


def _is_replaced(name: str, part: str, stage: Stage) -> bool:
    """Whether the value at the end of the stage no longer has a part."""
    end = stage.variable_at(name)
    return end is not None and end.value is not None and part not in end.value


def _effect(name: str, folder: str) -> str:
    """What a folder that is not there does to a variable."""
    if name == _LIBRARIES:
        return "the loader passes over it, and libraries come from elsewhere or are not found"
    if name == "PATH":
        return "its nvcc is not found, or another one is"
    return f"what builds with it stops with `{folder}/bin/nvcc: No such file or directory`"


def _lost(stage: Stage) -> str | None:
    """The folder that the base image's own value names; None when that is not known."""
    base = stage.base
    if base is None or base.gpu != "cuda":
        return None
    if base.family == "nvidia/cuda":
        match = re.match(r"(\d+)\.(\d+)", base.cuda or "")
        if match is None:
            return None
        return _OWN if (int(match[1]), int(match[2])) >= _OWN_SINCE else _DRIVER
    known = base.env.get(_LIBRARIES, "")
    return _DRIVER if _DRIVER in known else None


def _part(pair: Pair, text: str) -> Span:
    """A part of the value where it is written; the pair where a variable brings it."""
    written = pair.value.span if pair.value is not None else pair.span
    at = written.text.find(text)
    return written.source.span(written.start + at, written.start + at + len(text)) if at >= 0 else pair.span


def _append(pair: Pair) -> Fix | None:
    """The old value behind the new one, inside its quotes."""
    span = pair.value.span if pair.value is not None else None
    if span is None or "\n" in span.text or not span.text or span.text.endswith("'"):
        return None
    end = span.end - span.text.endswith('"')
    edit = Edit(span.source.span(end, end), ":$LD_LIBRARY_PATH")
    return Fix("Append the base's value", (edit,), Applicability.UNSAFE)
