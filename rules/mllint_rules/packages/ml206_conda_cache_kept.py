"""ML206 conda-cache-kept."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Cleared,
    Finding,
    Fix,
    Install,
    Related,
    Rule,
    Run,
    Stage,
    Step,
    appended,
    clears,
    head_span,
    in_force,
    working_folders,
)

_MANAGERS = frozenset({"conda", "mamba", "micromamba"})
#: Where the archives are in the images of the publishers, and with the installers' usual `-p /opt/conda`.
_FOLDER = "/opt/conda/pkgs"


class CondaCacheKept(Rule):
    """conda's package cache stays in the layer of an install.

    ## Why is this bad?
    conda, mamba and micromamba keep every archive that they download (`.conda`, `.tar.bz2`) in the folder `pkgs` of
    their installation, with the channels' indexes beside it. In an image nothing is installed from them again, but
    each pull carries them: as much as the installed packages weigh, compressed. A CUDA environment has archives of
    gigabytes; `cudatoolkit` 11.8 alone is 680 MB. The extracted packages beside them cost little, as an environment on
    the same disk has hard links to them. A clean in a later RUN only hides the files.

    ## Bad
    ```dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN conda install -y scipy=1.14.1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN conda install -y scipy=1.14.1 && conda clean -afy
    RUN --mount=type=cache,target=/opt/conda/pkgs conda install -y pandas=2.2.3
    USER 1000
    ```

    ## When it stays silent
    With a `conda clean` (or mamba's, micromamba's) in the same RUN, a removal of `pkgs`, or the cache on a mount; in
    stages that the final image only copies from; where a script with a telling name may clean up, and where
    CONDA_PKGS_DIRS leads to a folder of its own that is removed, mounted or unknown.

    ## Fix safety
    The fix appends `conda clean -afy` to the RUN. The same packages are installed.

    ## References
    - [conda clean](https://docs.conda.io/projects/conda/en/stable/commands/clean.html)
    """

    id = "ML206"
    name = "conda-cache-kept"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        skipped = build.builders
        for stage in build.stages:
            if stage not in skipped and not stage.managers.isdisjoint(_MANAGERS):
                yield from self._findings(stage)

    def _findings(self, stage: Stage) -> Iterator[Finding]:
        kept = [(run, install) for run in stage.runs if (install := _kept(run, stage)) is not None]
        if not kept:
            return
        removal = _last_clean(stage)
        line = kept[0][1].command.span.first.line
        for run, install in kept:
            late = removal if removal is not None and _is_behind(removal.instruction, run, stage) else None
            yield self.finding(
                head_span(install),
                _message(install, stage, late, None if install is kept[0][1] else line),
                related=(Related(late.command.span, "too late: this is another layer"),) if late is not None else (),
                fix=_fix(install, run, stage),
            )._replace(stage=stage.label)


def _kept(run: Run, stage: Stage) -> Install | None:
    """The first install of a RUN whose archives are in the layer when the RUN ends."""
    script = stage.script(run)
    if not script.known or script.has_error:
        return None
    kept: Install | None = None
    for command, cwd in working_folders(script.commands):
        install = stage.install_of(command)
        if install is not None and install.manager in _MANAGERS:
            if install.subcommand == "clean":
                kept = None
            elif kept is None and install.adds and "--offline" not in install.options:
                kept = install if _stays(install, run, stage) else None
        elif clears(command, _FOLDER, cwd=cwd) is not Cleared.NO or _removes_pkgs(command.values()):
            kept = None
    return kept


def _removes_pkgs(words: tuple[str | None, ...]) -> bool:
    """Whether a removal names the cache of another installation: `rm -rf $CONDA_DIR/pkgs`, `~/miniconda3/pkgs/*`."""
    return any(word is not None and "pkgs" in word.split("/") for word in words)


def _stays(install: Install, run: Run, stage: Stage) -> bool:
    """Whether the archives are written to the layer; a folder that nothing is known of is taken to be kept out."""
    for mount in run.mounts:
        target = next((mount.options[key] for key in ("target", "dst", "destination") if key in mount.options), "")
        if mount.type in ("cache", "tmpfs") and ("pkgs" in target or "conda" in target or "mamba" in target):
            return False
    moved = in_force("CONDA_PKGS_DIRS", install.command, run, stage)
    if moved is None:
        return True
    return bool(moved.value) and not (moved.value or "").startswith("/tmp")


def _last_clean(stage: Stage) -> Step | None:
    """The last `conda clean` of the stage."""
    cleans = [
        step for step in stage.package_steps if step.install.manager in _MANAGERS and step.install.subcommand == "clean"
    ]
    return Step(cleans[-1].instruction, cleans[-1].install.command) if cleans else None


def _is_behind(later: Run, run: Run, stage: Stage) -> bool:
    return stage.position(later) > stage.position(run)


def _message(install: Install, stage: Stage, late: Step | None, said_on: int | None) -> str:
    clean = f"{install.manager} clean -afy"
    remedy = f"End this RUN with `&& {clean}`"
    if said_on is not None:
        return f"{install.manager} keeps its archives in this layer, too (see line {said_on}). {remedy}."
    if late is not None:
        what = f"the clean on line {late.command.span.first.line} is another layer and only hides them"
    else:
        what = "each pull carries the packages once more, compressed"
    # Where an installer of the file's own has put conda, the folder is another one.
    ships = stage.base is not None and stage.base.has(install.manager)
    mount = f", or mount the cache: `RUN --mount=type=cache,target={_FOLDER}`" if ships else ""
    return f"{install.manager} keeps every archive that it downloads in its folder `pkgs`: {what}. {remedy}{mount}."


def _fix(install: Install, run: Run, stage: Stage) -> Fix | None:
    sudo = "sudo " if "sudo" in install.command.wrappers else ""
    clean = f"{sudo}{install.command.words[0].raw} clean -afy"
    edit = appended(run, stage, clean) if install.command.words[0].value is not None else None
    return Fix(f"Append `{clean}`", (edit,), Applicability.SAFE) if edit is not None else None
