"""ML217 conda-defaults-channel."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Finding, Index, Related, Rule, Severity, Span, Stage, anaconda, knowledge

_CONDA = frozenset({"conda", "mamba", "micromamba"})
_PYTORCH = "pytorch"


class CondaDefaultsChannel(Rule):
    """Packages come from Anaconda's own channel, which needs a licence, or from the channel `pytorch`, which ended.

    ## Why is this bad?
    What Miniconda and Anaconda install comes from the channel `defaults` unless something takes it out. Anaconda's
    terms allow its use without a paid licence only to organisations of fewer than 200 people (and some others); the
    licence is about the channel, not about the packages. conda-forge holds the same packages and more, free for
    everybody, and Miniforge is a conda that knows no other channel.

    PyTorch stopped its channel `pytorch` with 2.5.1, October 2024: a newer release is not found there, and an install
    without a version stays at the old one for good.

    ## Bad
    ```dockerfile
    FROM continuumio/miniconda3:24.1.2-0
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM condaforge/miniforge3:25.3.1-0
    USER 1000
    ```

    ## When it stays silent
    For conda-forge, Miniforge and micromamba, and on Miniconda where every install says `--override-channels` or
    `defaults` is removed from the configuration. A channel is named once for a file.

    ## References
    - [Anaconda, terms of service](https://www.anaconda.com/legal/terms/terms-of-service)
    - [PyTorch deprecates its conda channel](https://github.com/pytorch/pytorch/issues/138506)
    - [Miniforge](https://github.com/conda-forge/miniforge)
    """

    id = "ML217"
    name = "conda-defaults-channel"
    severity = Severity.INFO

    def check_build(self, build: Build) -> Iterator[Finding]:
        yield from self._defaults(build)
        yield from self._pytorch(build)

    def _defaults(self, build: Build) -> Iterator[Finding]:
        said: set[Span] = set()
        for stage in build.stages:
            found = stage.anaconda
            if found is None or found.span in said or _avoids_defaults(stage):
                continue
            said.add(found.span)
            what = "image" if found.image else "installer"
            message = (
                f"{found.name}'s {what} takes its packages from Anaconda's channel `defaults`, which organisations of "
                f"{knowledge.conda.LICENCE_SEATS} people or more may use only with a paid licence. Miniforge is the "
                "same conda with conda-forge, free for everybody."
            )
            yield self.finding(found.span, message)._replace(stage=stage.label)
        if said:
            return
        named = [each for each in _channels(build) if anaconda.DEFAULTS.fullmatch(each[1].value or "")]
        if named:
            message = (
                f"`{named[0][1].value}` is Anaconda's own channel, which organisations of "
                f"{knowledge.conda.LICENCE_SEATS} people or more may use only with a paid licence. conda-forge has the "
                "same packages, free for everybody."
            )
            yield self._at(named, message, "from here too")

    def _pytorch(self, build: Build) -> Iterator[Finding]:
        named = [each for each in _channels(build) if each[1].value == _PYTORCH]
        if named:
            message = (
                f"The channel `pytorch` ended with torch {knowledge.conda.PYTORCH_CHANNEL_LAST} (October 2024): newer "
                "releases are not there, and without a version the install stays at that one. Take `pytorch` from "
                "conda-forge, or the wheels with pip."
            )
            yield self._at(named, message, "this install too")

    def _at(self, places: list[tuple[Stage, Index, Span | None]], message: str, also: str) -> Finding:
        """A finding at the first place, with the RUN that reads the file where that is one, and the others."""
        stage, index, run = places[0]
        related = [Related(run, "this installs the file")] if run is not None else []
        related += [Related(each.span, also) for _, each, _ in places[1:4]]
        return self.finding(index.span, message, related=tuple(related))._replace(stage=stage.label)


def _avoids_defaults(stage: Stage) -> bool:
    """Whether conda is told of other channels, or each of its installs names its own."""
    if anaconda.configures_channels(stage):
        return True
    steps = [step for each in stage.ancestry for step in each.installs if step.install.manager in _CONDA]
    return bool(steps) and not any(anaconda.asks_defaults(step) for step in steps)


def _channels(build: Build) -> list[tuple[Stage, Index, Span | None]]:
    """The channels that commands and their files name, each place once; of a file with the word that names it."""
    found: dict[Span, tuple[Stage, Index, Span | None]] = {}
    for stage in build.stages:
        for installation in stage.installations:
            install = installation.step.install
            if install.manager not in _CONDA:
                continue
            for index in install.indexes:
                found.setdefault(index.span, (stage, index, None))
            for use in installation.manifests:
                span = use.word.span if use.word is not None else install.command.span
                for index in use.manifest.indexes:
                    if index.kind == "channel":
                        found.setdefault(index.span, (stage, index, span))
    return list(found.values())
