"""ML226 conda-terms-stop."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Finding,
    InstallStep,
    Related,
    Rule,
    Severity,
    Stage,
    Step,
    anaconda,
    head_span,
    in_force,
    knowledge,
    stops_build,
)

#: With one of these the plug-in takes the build for CI, and accepts.
_CI = (
    *("CI", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "BUILDKITE", "TF_BUILD", "JENKINS_URL", "APPVEYOR"),
    *("GITHUB_REPOSITORY", "GITHUB_WORKFLOW", "GITHUB_JOB", "BUILD_ID", "BUILD_NUMBER", "BUILD_URL", "JOB_NAME"),
    *("RUNNER_OS", "WORKSPACE", "CODEBUILD_BUILD_ID", "TEAMCITY_VERSION"),
)


class CondaTermsStop(Rule):
    """A current Miniconda asks for its terms of service, and a build has nobody who could accept them.

    ## Why is this bad?
    Since 15 July 2025 conda as Anaconda ships it looks, in front of each install, create, update and `env create`,
    whether the terms of its channels `pkgs/main` and `pkgs/r` were accepted. A build is not interactive, so it stops:

    ```text
    CondaToSNonInteractiveError: Terms of Service have not been accepted for the following channels.
    ```

    `-y` does not help. Neither does `-c conda-forge`, nor `nodefaults` in an environment.yml: the plug-in looks at all
    channels that are active, and `defaults` stays among them. Builds that have worked for years stop on the day when
    `latest` is pulled again.

    ## Bad
    ```dockerfile
    # mllint ignore=ML217 we are a team of twenty
    FROM continuumio/miniconda3:25.9.1-1
    RUN conda create -y -n app python=3.12.8 numpy=2.1.3 && conda clean -afy
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM condaforge/miniforge3:25.3.1-0
    RUN conda create -y -n app python=3.12.8 numpy=2.1.3 && conda clean -afy
    USER 1000
    ```

    ## When it stays silent
    Where `conda tos accept` stands in front, CONDA_PLUGINS_AUTO_ACCEPT_TOS is in force, `--override-channels` names
    other channels, or `defaults` is taken out of the configuration; for Miniforge, mamba and micromamba, for releases
    of before July 2025 and those that the file does not tell, and where a variable of a CI system is set in the build,
    which the plug-in takes for consent.

    ## References
    - [Anaconda, managing terms of service on the command line](https://www.anaconda.com/docs/getting-started/tos-plugin)
    - [conda-anaconda-tos](https://github.com/anaconda/conda-anaconda-tos)
    - [pytorch issue 158756](https://github.com/pytorch/pytorch/issues/158756)
    """

    id = "ML226"
    name = "conda-terms-stop"
    severity = Severity.ERROR

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        found = stage.anaconda
        if found is None or found.current is not True or anaconda.configures_channels(stage):
            return
        if stage.parent is not None and any(map(_installs, stage.ancestry[1:])):
            return  # The build stops there.
        for step in stage.package_steps:
            if _is_stopped(step, stage):
                yield self._report(step, found, stage)
                return
            if _accepts_before(step, stage):
                return

    def _report(self, step: InstallStep, found: anaconda.Distribution, stage: Stage) -> Finding:
        conda = knowledge.conda
        also = " (`-y` is no consent)" if "--yes" in step.install.options else ""
        if any((index.value or "") == "conda-forge" for index in step.install.indexes):
            also = " (`-c conda-forge` leaves `defaults` active)"
        message = (
            f"{found.name}'s conda stops here with `{conda.TERMS_ERROR}`: nobody accepts the terms of the channel "
            f"`defaults` in a build{also}. Take Miniforge, which has only conda-forge, add `--override-channels -c "
            f"conda-forge`, or, where the licence fits, set `ENV {conda.TERMS_VARIABLE}=yes`."
        )
        sure = not _adds_channels(stage)
        related = (Related(found.span, "this conda asks for consent"),)
        severity = Severity.ERROR if sure else Severity.WARNING
        return self.finding(head_span(step.install), message, severity=severity, related=related)


def _installs(stage: Stage) -> bool:
    return any(_is_stopped(step, stage) for step in stage.package_steps)


def _is_stopped(step: InstallStep, stage: Stage) -> bool:
    install = step.install
    if not install.adds or not anaconda.asks_defaults(step) or _accepts_before(step, stage):
        return False
    requirements = install.requirements
    if requirements and all(each.kind in ("url", "path") for each in requirements):
        return False
    variables = (knowledge.conda.TERMS_VARIABLE, *_CI)
    if any(in_force(name, install.command, step.instruction, stage) is not None for name in variables):
        return False
    return stops_build(Step(step.instruction, install.command), stage)


def _accepts_before(step: InstallStep, stage: Stage) -> bool:
    """Whether the terms are accepted in front of a command, or something may accept them."""
    for each in stage.ancestry:
        for other in each.steps:
            if other.command is step.install.command:
                break
            values = [value or "" for value in other.command.values()]
            if other.command.name == "conda" and ("tos" in values[:1] or any("auto_accept_tos" in v for v in values)):
                return True
    return False


def _adds_channels(stage: Stage) -> bool:
    """Whether conda's configuration gets channels, in front of `defaults`."""
    return any(
        step.command.name == "conda" and "config" in step.command.values()[:1] and "channels" in step.command.values()
        for each in stage.ancestry
        for step in each.steps
    )
