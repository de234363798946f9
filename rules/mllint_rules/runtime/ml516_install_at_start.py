"""ML516 install-at-start."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Build,
    Command,
    Confidence,
    Finding,
    Install,
    Process,
    Related,
    Rule,
    Source,
    Span,
    is_for_development,
    python_calls,
)

#: What a test image runs; it is not deployed.
_TESTERS = frozenset({"pytest", "tox", "nox", "ruff", "mypy", "coverage", "pre-commit"})
_OFFLINE = frozenset({"--no-index", "--offline"})
#: Calls of Python that hand a text to a shell.
_SHELL_CALLS = frozenset(
    {"os.system", "os.popen", "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.Popen"}
)
_IN_TEXT = ("pip install ", "pip3 install ", "apt-get install ", "apt install ", "conda install ", "npm install ")


class InstallAtStart(Rule):
    """The container installs packages each time it starts.

    ## Why is this bad?
    The image no longer says what runs: each start takes the versions of that moment, so two replicas of one service can
    differ, and a rollback of the image does not roll them back. A start takes as long as the install (torch with its
    CUDA packages is 2 to 3 GB), an autoscaler's new replica too, and it fails where the network or the package index
    does. It also needs root or a writable environment.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["sh", "-c", "pip install -r requirements.txt && exec uvicorn app:app --host 0.0.0.0"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    COPY requirements.txt .
    RUN pip install --no-cache-dir -r requirements.txt
    USER 1000
    HEALTHCHECK CMD python healthy.py
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
    ```

    ## When it stays silent
    For files and stages named for development, images that run tests, installs without an index (`--no-index`,
    `--no-deps` of the project itself), installs of what a variable names (the user asks for them), and scripts that are
    not in the build context.

    ## References
    - [Dockerfile best practices, ephemeral containers](https://docs.docker.com/build/building/best-practices/#create-ephemeral-containers)
    """

    id = "ML516"
    name = "install-at-start"

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        process = stage.process if stage is not None else None
        if stage is None or process is None or process.instruction is None or is_for_development(stage):
            return
        if any(_tests(command) for command in process.commands):
            return
        for command in process.commands:
            install = stage.install_of(command)
            if install is not None and _downloads(install):
                yield self._installs(command, install, process)._replace(stage=stage.label)
                return
        for source in process.python:
            span = _installing_call(source)
            if span is not None:
                message = "Each start of the container installs packages here: " + _consequence(None)
                yield self.finding(span, message, related=_started(process, span))._replace(stage=stage.label)
                return

    def _installs(self, command: Command, install: Install, process: Process) -> Finding:
        message = f"Each start of the container runs `{_called(command)}`: {_consequence(install)}"
        return self.finding(
            command.span,
            message,
            confidence=Confidence.MEDIUM if command.conditional else None,
            related=_started(process, command.span),
        )


def _consequence(install: Install | None) -> str:
    """What follows, in words."""
    pinned = install is not None and install.requirements and all(each.pinned for each in install.requirements)
    versions = "" if pinned else "replicas of one image get the versions of their moment, "
    return f"{versions}starting takes as long as the download, and fails without network. Install it in a RUN."


def _called(command: Command) -> str:
    """The command as it is written, cut where it is long."""
    text = " ".join(word.value or word.raw for word in command.words)
    return text if len(text) <= 60 else f"{text[:57].rstrip()} …"


def _started(process: Process, span: Span) -> tuple[Related, ...]:
    """Where the container's command is, for what stands in a script."""
    return (Related(process.span, "the container starts here"),) if span.source is not process.span.source else ()


def _downloads(install: Install) -> bool:
    if not install.adds or install.options & _OFFLINE:
        return False
    if install.incomplete and not any(each.name for each in install.requirements) and not install.files:
        return False
    local = bool(install.requirements) and all(each.kind == "path" for each in install.requirements)
    return not (local and (install.ecosystem == "system" or "--no-deps" in install.options))


def _tests(command: Command) -> bool:
    values = command.values()
    return command.name in _TESTERS or ("-m" in values and bool(_TESTERS.intersection(filter(None, values))))


def _installing_call(source: Source) -> Span | None:
    """The call of a Python script that runs an installer in a shell."""
    for call in python_calls(source):
        text = call.arguments[0] if call.name in _SHELL_CALLS and call.arguments else None
        if isinstance(text, str) and any(each in text for each in _IN_TEXT):
            return call.span
    return None
